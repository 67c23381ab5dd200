"""Messages for YAML syntax errors that say what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from structlint.text.quoting import in_backticks, in_quotes, short_name
from structlint.text.records import Record
from structlint.yaml_nodes.nodes import TextNode
from structlint.yaml_nodes.source import LEAD, NO_CHARACTER, At, SourceText, left_open

_LONGEST_SHOWN = 80
_LONGEST_KEY = 1024  # https://yaml.org/spec/1.2.2/#rule-c-s-implicit-json-key
_UNEXPLAINED = "not valid YAML; if this is text, quote it"
_MISSING_KEY = "missing key before the colon"
_BEGINS_NO_TEXT = "*@[{!&%`|>,]}"
_TEMPLATE = re.compile(r"\{\{.*?\}\}[^,\]}]*")  # as in Jinja
_NO_BEGINNING = re.compile(
    "cannot start any token|node content|not allowed|an anchor|an alias|tag|a block scalar"
)


class Failure(Record):
    """The error of a parser: the problem, where it was detected, and where the node began."""

    source: SourceText
    problem: str
    context: str
    at: At
    began: At
    bracket: At | None  # the innermost one that is open
    last: TextNode


_Explanation: TypeAlias = tuple[At, str]


def explained(failure: Failure) -> _Explanation:
    """The place and the message."""
    explanations = (explanation(failure) for explanation in _EXPLANATIONS)
    return next(filter(None, explanations), (failure.at, _UNEXPLAINED))


def _tab(failure: Failure) -> _Explanation | None:
    line, column = failure.at
    lead = re.match(LEAD, failure.source.line(line))
    tab = lead[0].find("\t") + 1 if lead and not failure.bracket else 0
    if tab and tab <= column:
        return (line, tab), "tab in indentation; use spaces"
    if failure.source.rest(failure.at).startswith("\t") or r"'\t'" in failure.problem:
        return failure.at, "a tab is not allowed here; use a space"
    return None


def _long_key(failure: Failure) -> _Explanation | None:
    source = failure.source
    last = min((failure.last.line, failure.last.column), source.end)
    for at in (failure.began, last):
        if at == source.head(at[0]) and len(source.key(at)) > _LONGEST_KEY:
            return at, f"a key can have at most {_LONGEST_KEY:,} characters"
    return None


def _unquoted_key(failure: Failure) -> _Explanation | None:
    at = failure.source.head(_suspect(failure)[0])
    key = failure.source.key(at)
    return (at, _needs_quotes(key)) if _is_forgotten(key) else None


def _unquoted_value(failure: Failure) -> _Explanation | None:
    at = _suspect(failure)
    first = failure.source.character(at)
    if not first or first not in _BEGINS_NO_TEXT + "-?":
        return None
    if not _NO_BEGINNING.search(failure.problem + failure.context):
        return None
    before = failure.source.line(at[0])[: at[1] - 1]
    in_brackets = failure.bracket is not None or left_open(before)
    words = failure.source.words(at, in_brackets)
    if in_brackets and first in ",]}":
        return at, f"nothing before this `{first}`; remove it, or add a value"
    if first == "-":
        return at, f"a list begins on a line of its own; if this is text, {quote_it(words)}"
    return at, _needs_quotes(words)


def _never_closed(failure: Failure) -> _Explanation | None:
    source, bracket = failure.source, failure.bracket
    if not bracket or failure.context.startswith("while scanning") or failure.at != source.end:
        return None
    return bracket, f"this `{source.character(bracket)}` is never closed"


def _unclosed_quote(failure: Failure) -> _Explanation | None:
    if "quoted scalar" in failure.context and re.search("end of stream|document", failure.problem):
        return failure.began, "this quote is never closed"
    return None


def _escape(failure: Failure) -> _Explanation | None:
    if "quoted scalar" not in failure.context:
        return None
    if "unknown escape" not in failure.problem:
        return failure.began, NO_CHARACTER
    line, column = failure.at[0], max(1, failure.at[1] - 1)
    problem = f"{short_name(failure.source.rest((line, column))[:2])} is not an escape"
    return (line, column), f"{problem}; double the backslash, or use single quotes"


def _behind_closing(failure: Failure) -> _Explanation | None:
    """The error for text directly after a closing quote or bracket."""
    source, last, (line, column) = failure.source, failure.last, failure.at
    before = source.line(line)[: column - 1].rstrip()
    if failure.bracket or "expected" not in failure.problem or not before.endswith(('"', "'", "]", "}")):
        return None
    if before[-1] in "\"'" and not last.plain and last.line < line:
        return failure.at, f"the quote opened at line {last.line}, column {last.column} is closed only here"
    if (stray := source.character(failure.at)) in ("]", "}"):
        return failure.at, f"this `{stray}` closes nothing"
    head = source.head(line)
    key = source.key(head)
    if column <= head[1] + len(key):
        unquoted = key.replace(before[-1], "")
        return head, f"quotes go around the whole key; {quote_it(unquoted)}"
    value_at = source.value(line)
    words = source.words(value_at, in_brackets=False)
    return value_at, f"text after a closing `{before[-1]}`; if all of it is text, {quote_it(words)}"


def _second_colon(failure: Failure) -> _Explanation | None:
    if "mapping values are not allowed" not in failure.problem:
        return None
    source, last, (line, column) = failure.source, failure.last, failure.at
    if re.search(r":\s", source.line(line)[: column - 1]) and not failure.bracket:
        at = source.value(line)
        return (
            at,
            f"a text that contains a colon and a space needs quotes; {quote_it(source.words(at, False))}",
        )
    if last.line == line:
        return failure.at, "a colon is not allowed here; quote the text that contains it"
    if not last.plain:
        return failure.at, f"a key must be on one line; this one begins at line {last.line}"
    at = (last.line, last.column)
    if source.head(last.line) == at:
        return at, _unfinished_key(source.words(at, False))
    return source.head(line), f"indented deeper than line {last.line}, which already has a value"


def _no_colon(failure: Failure) -> _Explanation | None:
    if "could not find expected ':'" not in failure.problem:
        return None
    return failure.began, _unfinished_key(failure.source.words(failure.began, False))


def _unclosed_bracket(failure: Failure) -> _Explanation | None:
    if not failure.bracket or "flow" not in failure.context:
        return None
    opened = failure.source.character(failure.bracket)
    line, column = failure.bracket
    closing = "]" if opened == "[" else "}"
    opening = f"the `{opened}` opened at line {line}, column {column}"
    return failure.at, f"expected `,` or `{closing}` here: {opening} is not closed"


def _out_of_place(failure: Failure) -> _Explanation | None:
    line, column = failure.at
    first = failure.source.character(failure.at)
    if "document start" in failure.problem:
        directive = any(earlier.startswith("%") for earlier in failure.source.lines[: line - 1])
        return failure.at, "expected `---` before this" if directive else "text after the end of the layout"
    if first == ":":
        return failure.at, _MISSING_KEY
    if "block collection" in failure.context:
        return failure.at, "expected an entry of the list; begin it with `- `, or change the indentation"
    if failure.source.line(line)[: column - 1].strip() or "expected" not in failure.problem:
        return None
    problem = "a list entry among keys" if first == "-" else "the indentation matches no line above"
    return failure.at, f"{problem}; indent lines that belong together alike"


_EXPLANATIONS: tuple[Callable[[Failure], _Explanation | None], ...] = (
    _tab,
    _long_key,
    _unquoted_key,
    _never_closed,
    _unquoted_value,
    _unclosed_quote,
    _escape,
    _behind_closing,
    _second_colon,
    _no_colon,
    _unclosed_bracket,
    _out_of_place,
)


def _suspect(failure: Failure) -> At:
    """The beginning of the text that the parser was reading, or the place where it detected the error."""
    in_text = failure.context.startswith(("while scanning", "while parsing a tag"))
    return failure.began if in_text else failure.at


def _is_forgotten(key: str) -> bool:
    return key.startswith(tuple(_BEGINS_NO_TEXT))


def _needs_quotes(words: str) -> str:
    if words.startswith("!"):
        tag = short_name(words.split()[0])
        return f"tags such as {tag} are not supported; if this is text, {quote_it(words)}"
    return f"a text that begins with {in_backticks(words[:1])} needs quotes; {quote_it(words)}"


def quote_it(words: str) -> str:
    return f"quote it: {in_quotes(words)}" if len(words) <= _LONGEST_SHOWN else "quote it"


def _unfinished_key(words: str) -> str:
    return f"expected {short_name(f'{words}:')} (keys end with a colon and a space)"


def tagged(source: SourceText, at: At, in_brackets: bool) -> str:
    """The message for a node with a tag; an anchor may come before the tag."""
    if not source.rest(at).startswith("!"):
        return "tags are not supported; remove it"
    return _needs_quotes(source.meant(at, in_brackets))


def no_key(source: SourceText, at: At) -> _Explanation:
    """The message for a key that is not a string: an alias, a list, a mapping, an empty or a tagged one."""
    key = source.key(at)
    if _is_forgotten(key):
        return at, _needs_quotes(key)
    outer = (at[0], max(1, at[1] - 1))
    if template := _TEMPLATE.match(source.rest(outer)):
        return outer, _needs_quotes(template[0].strip())
    missing = source.rest(at).strip()[:1] in ("", ":")
    return at, _MISSING_KEY if missing else "a key must be text without an anchor or a tag; quote it"
