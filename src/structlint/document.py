"""YAML 1.2 with the line and column of every node.

The text is read as PyYAML's events. No constructor runs, so no tag starts code, no value becomes a date or
a number to base 60, and every bound holds before a node is built. PyYAML's C parser (libyaml) is used where
PyYAML has it, as in its wheels, because it is several times as fast; elsewhere PyYAML's own parser. They
give the same nodes and, but for a few words, the same errors. Where they differ one of them refuses what
YAML allows: libyaml `{a:}` without a space after the colon, the other a tab between words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from structlint.errors import LayoutError, Problem
from structlint.quoting import in_quotes, shortened

if TYPE_CHECKING:
    import yaml

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 64
MOST_EXPANDED = 10_000  # nodes that all aliases together may stand for
MOST_DIGITS = 100  # of a number; Python neither reads nor prints one of some thousands

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, also where it spells a number or the like; `plain`: without quotes and not in block style."""

    text: str
    plain: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys, each of them once, with their values, in the order of the text."""

    items: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value at `key`, `None` if there is no such key."""
        return next((node for each, node in self.items if each.text == key), None)


Node: TypeAlias = "Scalar | Sequence | Mapping"


def parse(data: bytes, file: str) -> Node:
    """The one YAML document in `data`, which is UTF-8; `file` is its name in messages.

    Lines and columns count from 1, columns in characters. An alias gives the very node that its anchor
    names, which has that node's place. Raises `LayoutError` with all duplicate keys and unusable values,
    up to and with the first mistake that makes the rest unreadable.
    """
    return _Composer(_Source(file, _decoded(data, file))).document()


# --- Values: the core schema of YAML 1.2, https://yaml.org/spec/1.2.2/#103-core-schema

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile(f"{_WHOLE.pattern}|{_FRACTION.pattern}")
_BEYOND = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def value(node: Node) -> object:
    """A node of `parse` as plain data: dict, list, str, int, float, bool or None. Keys are always str."""
    if isinstance(node, Mapping):
        return {key.text: value(each) for key, each in node.items}
    if isinstance(node, Sequence):
        return [value(each) for each in node.items]
    return _plain_value(node.text) if node.plain else node.text


def _plain_value(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > MOST_DIGITS:
        return text
    if _WHOLE.fullmatch(text):
        return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
    if _FRACTION.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _BEYOND.fullmatch(text) else text


# --- The text, before it is read as YAML

_At: TypeAlias = tuple[int, int]  # line and column, from 1

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what both parsers take for the end of a line
_CONFLICT = re.compile("(?<![^\n\r\x85\u2028\u2029])(?:<{7}|>{7})(?![^ \n\r\x85\u2028\u2029])")
_ENCODINGS = {"UTF-32": (b"\xff\xfe\0\0", b"\0\0\xfe\xff"), "UTF-16": (b"\xff\xfe", b"\xfe\xff")}
# What one of the parsers, or both, do not take, such as a byte order mark inside the text.
_UNREADABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
# What an escape could put into a text all the same.
_UNUSABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_KEY = re.compile(r"(\S.*?):(?!\S)")
_LEAD = re.compile(r"[ \t]*(?:[-?][ \t]+)*")  # indentation, and the marks of list entries and long keys
_TO_VALUE = re.compile(_LEAD.pattern + r"""(?:(?:"[^"]*"|'[^']*'|\S.*?):[ \t]+)?""")


class _Source:
    """The text of one file, and what is found at its places."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return _BREAK.split(self.text)

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def character(self, at: _At) -> str:
        return self.line(at[0])[at[1] - 1 : at[1]]

    def rest(self, at: _At) -> str:
        return self.line(at[0])[at[1] - 1 :]

    @cached_property
    def end(self) -> _At:
        """The last character that is not blank. Parsers may point behind it."""
        last = max((number for number, line in enumerate(self.lines, 1) if line.strip()), default=1)
        return last, max(1, len(self.line(last).rstrip()))

    def head(self, line: int) -> _At:
        """Where the key or value of a line begins."""
        lead = _LEAD.match(self.line(line))
        return line, lead.end() + 1 if lead else 1

    def value(self, line: int) -> _At:
        """Where the value that follows the first key of a line begins; without a key, the line's head."""
        before = _TO_VALUE.match(self.line(line))
        return line, before.end() + 1 if before else 1

    def key(self, at: _At) -> str:
        """The text from `at` up to the colon after a key; empty if there is none, or brackets stay open."""
        found = _KEY.match(self.rest(at))
        return found[1].rstrip() if found and not _left_open(found[1]) else ""

    def meant(self, at: _At, in_brackets: bool) -> str:
        """The key or value at `at` as its author meant it."""
        return (self.key(at) if at == self.head(at[0]) else "") or self.words(at, in_brackets)

    def words(self, at: _At, in_brackets: bool) -> str:
        """What stands at `at`: up to a comment, between brackets up to the next mark."""
        end = r"\s#|[,\]}]|:\s" if in_brackets else r"\s#"
        return re.split(end, self.rest(at), maxsplit=1)[0].strip()


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        raise LayoutError([Problem(file, 1, 1, "larger than 1 MiB; no layout needs as much")])
    if encoding := _foreign_encoding(data):
        raise LayoutError([Problem(file, 1, 1, f"this is {encoding}; save it as UTF-8")])
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = _after(data[: error.start].decode())
        told = f"the byte 0x{data[error.start]:02x} here is not UTF-8; save the file as UTF-8"
        raise LayoutError([Problem(file, *at, told)]) from None
    if found := _UNREADABLE.search(text):
        told = f"the character U+{ord(found[0]):04X} cannot stand here; take it away"
        raise LayoutError([Problem(file, *_after(text[: found.start()]), told)])
    if found := _CONFLICT.search(text):
        at = _after(text[: found.start()])
        told = f"merge conflict markers at line {at[0]}; keep what is right and take them away"
        raise LayoutError([Problem(file, *at, told)])
    return text


def _foreign_encoding(data: bytes) -> str | None:
    if b"\0\0\0" in (data[:3], data[1:4]):
        return "UTF-32"
    if b"\0\0" in (data[0:3:2], data[1:4:2]):
        return "UTF-16"
    return next((name for name, marks in _ENCODINGS.items() if data.startswith(marks)), None)


def _after(text: str) -> _At:
    lines = _BREAK.split(text)
    return len(lines), len(lines[-1]) + 1


# --- The nodes, from the parser's events

_EMPTY = "the layout is empty"
_TOO_DEEP = f"nested deeper than {MOST_DEPTH} levels"
_NO_CHARACTER = "this text holds an escape that stands for no character; take it away"


class _Composer:
    """Builds the nodes of one document, and collects what is wrong with them."""

    def __init__(self, source: _Source) -> None:
        import yaml

        self.source = source
        self.mark = "?"
        self.loader: Any
        if hasattr(yaml, "CSafeLoader"):
            self.loader = yaml.CSafeLoader(source.text)
        else:
            # PyYAML's own parser ends a text between brackets at a `?`, unlike YAML 1.2.
            self.mark = _stand_in(source.text)
            self.loader = yaml.SafeLoader(re.sub(r"(?<=[^\s,[\]{}])\?", self.mark, source.text))
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}  # None: the node is not whole yet
        self.expanded = 0
        self.brackets: list[_At] = []  # that are open
        self.last = Scalar("", True, 1, 1)  # the text read last, a key too

    def document(self) -> Node:
        import yaml

        self.next()  # the start of the stream
        if isinstance(self.next(), yaml.StreamEndEvent):
            raise self.stop((1, 1), _EMPTY)
        root = self.node(self.next(), 1)
        self.next()  # the end of the document
        if not isinstance(after := self.next(), yaml.StreamEndEvent):
            raise self.stop(_start(after), "a second document begins here; a layout is one document")
        if isinstance(root, Scalar) and root.plain and not root.text:
            raise self.stop((1, 1), _EMPTY)
        if self.problems:
            raise LayoutError(self.problems)
        return root

    def wrong(self, at: _At, message: str) -> None:
        self.problems.append(Problem(self.source.file, *at, message))

    def stop(self, at: _At, message: str) -> LayoutError:
        """The error for what makes the rest unreadable, with what was wrong before it."""
        self.wrong(at, message)
        return LayoutError(self.problems)

    def next(self) -> yaml.Event:
        import yaml

        try:
            event: yaml.Event = self.loader.get_event()
        except yaml.YAMLError as error:
            raise self.stop(*_explained(self.failure(error))) from None
        except (ValueError, OverflowError):  # PyYAML's own parser, of "\UFFFFFFFF"
            raise self.stop((self.loader.line + 1, self.loader.column + 1), _NO_CHARACTER) from None
        return event

    def failure(self, error: yaml.YAMLError) -> _Failure:
        began, noticed = (getattr(error, name, None) for name in ("context_mark", "problem_mark"))
        at = min(_marked(noticed or began), self.source.end)
        return _Failure(
            source=self.source,
            problem=getattr(error, "problem", None) or "the parser gives no reason",
            context=getattr(error, "context", None) or "",
            at=at,
            began=min(_marked(began), self.source.end) if began else at,
            bracket=self.brackets[-1] if self.brackets else None,
            last=self.last,
        )

    def node(self, event: yaml.Event, depth: int) -> Node:
        import yaml

        at = _start(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, at, depth)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        if event.tag is not None:
            raise self.stop(at, _tagged(self.source, at, bool(self.brackets)))
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else self.collection(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def alias(self, name: str | None, at: _At, depth: int) -> Node:
        if name is None or name not in self.anchors:
            words = self.source.meant(at, bool(self.brackets))
            raise self.stop(at, f"there is no &{name} before this; if it is text, {_quote_it(words)}")
        node = self.anchors[name]
        if node is None:
            raise self.stop(at, f"*{name} stands inside what it stands for")
        for below in _depths(node, depth):
            self.expanded += 1
            if self.expanded > MOST_EXPANDED:
                raise self.stop(at, f"the aliases expand to more than {MOST_EXPANDED:,} values")
            if below > MOST_DEPTH:
                raise self.stop(at, _TOO_DEEP)
        return node

    def scalar(self, event: yaml.ScalarEvent, is_key: bool = False) -> Scalar:
        at, text = _start(event), event.value.replace(self.mark, "?")
        self.last = Scalar(text, not event.style, *at)
        if len(text) > MOST_DIGITS and self.last.plain and not is_key and _NUMBER.fullmatch(text):
            self.wrong(at, f"a number of {len(text):,} characters; if it is text, quote it")
        if found := _UNUSABLE.search(text):
            code = ord(found[0])
            told = f"this text holds the character U+{code:04X}; take it away"
            self.wrong(at, _NO_CHARACTER if 0xD800 <= code <= 0xDFFF else told)
        return self.last

    def collection(self, event: yaml.CollectionStartEvent, depth: int) -> Node:
        import yaml

        at, bracket = _start(event), self.bracket(event)
        if depth > MOST_DEPTH:
            raise self.stop(at, _TOO_DEEP)
        if bracket:
            self.brackets.append(bracket)
        node: Node
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping(tuple(self.pairs(depth + 1)), *at)
        else:
            node = Sequence(tuple(self.entries(depth + 1)), *at)
        if bracket:
            self.brackets.pop()
        return node

    def bracket(self, event: yaml.CollectionStartEvent) -> _At | None:
        """Where the bracket stands; it ends the event, and an anchor may come before it."""
        line, column = _marked(event.end_mark)
        at = (line, max(1, column - 1))
        # `[a: b]` holds a mapping without brackets.
        return at if event.flow_style and self.source.character(at) in ("[", "{") else None

    def entries(self, depth: int) -> Iterator[Node]:
        import yaml

        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self.node(event, depth)

    def pairs(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        import yaml

        lines: dict[str, int] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.key(event)
            at = (key.line, key.column)
            if key.text in lines:
                self.wrong(at, f"{shortened(key.text)} is here twice, first in line {lines[key.text]}")
            elif key.plain and key.text == "<<":
                self.wrong(at, "merge keys are not read; write the entries out, or use `extends`")
            lines.setdefault(key.text, key.line)
            node = self.node(self.next(), depth)
            nothing = isinstance(node, Scalar) and node.plain and not node.text
            # The parsers do not agree where nothing stands; what is said of it is said of its key.
            yield key, Scalar("", True, *at) if nothing else node

    def key(self, event: yaml.Event) -> Scalar:
        import yaml

        at = _start(event)
        # An anchor would be read off `&name?`, and leave `?`.
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
            raise self.stop(*_no_key(self.source, at))
        if not event.value and not event.style:
            raise self.stop(*_no_key(self.source, at))
        return self.scalar(event, is_key=True)


def _stand_in(text: str) -> str:
    """What stands in for `?`: a character of private use that is not in `text`, as an escape neither."""
    lower = text.lower()
    free = (
        chr(code) for code in range(0xE000, 0xE800) if chr(code) not in lower and f"{code:x}" not in lower
    )
    return next(free, "?")


def _marked(mark: yaml.Mark | yaml._yaml.Mark | None) -> _At:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _start(event: yaml.Event) -> _At:
    return _marked(event.start_mark)


def _depths(node: Node, depth: int) -> Iterator[int]:
    """How deep a node and all that is in it would be, the node itself being at `depth`."""
    yield depth if not isinstance(node, Scalar) else 0
    if isinstance(node, Scalar):
        return
    for each in node.items:
        yield from _depths(each[1] if isinstance(each, tuple) else each, depth + 1)


# --- What to say of what the parser refuses

_MISSING_KEY = "a key is missing before the colon"
_BEGINS_NO_TEXT = "*@[{!&%`|>,]}"
_TEMPLATE = re.compile(r"\{\{.*?\}\}[^,\]}]*")  # as in Jinja
_NO_BEGINNING = re.compile(
    "cannot start any token|node content|not allowed|an anchor|an alias|tag|a block scalar"
)


class _Failure(NamedTuple):
    """What a parser says: what is wrong, where it noticed, and where what it was reading began."""

    source: _Source
    problem: str
    context: str
    at: _At
    began: _At
    bracket: _At | None  # the innermost one that is open
    last: Scalar


_Told: TypeAlias = tuple[_At, str]


def _explained(failure: _Failure) -> _Told:
    """Where and what, in our words; the parser's own where no explanation fits."""
    told = (explanation(failure) for explanation in _EXPLANATIONS)
    return next(filter(None, told), (failure.at, f"this cannot be read as YAML: {failure.problem}"))


def _tab(failure: _Failure) -> _Told | None:
    line, column = failure.at
    lead = _LEAD.match(failure.source.line(line))
    tab = lead[0].find("\t") + 1 if lead and not failure.bracket else 0
    if tab and tab <= column:
        return (line, tab), "tab in indentation; use spaces"
    if failure.source.rest(failure.at).startswith("\t") or r"'\t'" in failure.problem:
        return failure.at, "a tab cannot stand here; use a space"
    return None


def _unquoted_key(failure: _Failure) -> _Told | None:
    at = failure.source.head(_suspect(failure)[0])
    key = failure.source.key(at)
    return (at, _needs_quotes(key)) if _is_forgotten(key) else None


def _unquoted_value(failure: _Failure) -> _Told | None:
    at = _suspect(failure)
    first = failure.source.character(at)
    if not first or first not in _BEGINS_NO_TEXT + "-?":
        return None
    if not _NO_BEGINNING.search(failure.problem + failure.context):
        return None
    before = failure.source.line(at[0])[: at[1] - 1]
    in_brackets = failure.bracket is not None or _left_open(before)
    words = failure.source.words(at, in_brackets)
    if in_brackets and first in ",]}":
        return at, f"there is nothing before this {first}"
    if first == "-":
        return at, f"a list begins on a line of its own; if this is text, {_quote_it(words)}"
    return at, _needs_quotes(words)


def _never_closed(failure: _Failure) -> _Told | None:
    source, bracket = failure.source, failure.bracket
    if not bracket or failure.context.startswith("while scanning") or failure.at != source.end:
        return None
    return bracket, f"this {source.character(bracket)} is never closed"


def _unclosed_quote(failure: _Failure) -> _Told | None:
    if "quoted scalar" in failure.context and re.search("end of stream|document", failure.problem):
        return failure.began, "this quote is never closed"
    return None


def _escape(failure: _Failure) -> _Told | None:
    if "quoted scalar" not in failure.context:
        return None
    if "unknown escape" not in failure.problem:
        return failure.began, _NO_CHARACTER
    # libyaml points at the backslash, PyYAML's own parser behind it.
    line, column = failure.at
    column -= failure.source.line(line)[column - 1] != "\\"
    told = f"{shortened(failure.source.rest((line, column))[:2])} is no escape"
    return (line, column), f"{told}; double the backslash, or use single quotes"


def _behind_closing(failure: _Failure) -> _Told | None:
    """Text right after a closing quote or bracket."""
    source, last, (line, column) = failure.source, failure.last, failure.at
    before = source.line(line)[: column - 1].rstrip()
    if failure.bracket or "expected" not in failure.problem or not before.endswith(('"', "'", "]", "}")):
        return None
    if before[-1] in "\"'" and not last.plain and last.line < line:
        return failure.at, f"the quote opened at line {last.line}, column {last.column} is closed only here"
    if (stray := source.character(failure.at)) in ("]", "}"):
        return failure.at, f"this {stray} closes nothing"
    head = source.head(line)
    key = source.key(head)
    if column <= head[1] + len(key):
        unquoted = key.replace(before[-1], "")
        return head, f"quotes go around the whole key; {_quote_it(unquoted)}"
    value_at = source.value(line)
    words = source.words(value_at, in_brackets=False)
    return value_at, f"text after a closing {before[-1]}; if all of it is text, {_quote_it(words)}"


def _second_colon(failure: _Failure) -> _Told | None:
    if failure.problem == "found unexpected ':'":  # libyaml, of `{a:}` and `{a:, b: c}`
        return failure.at, "put a space after this colon"
    if "mapping values are not allowed" not in failure.problem:
        return None
    source, last, (line, column) = failure.source, failure.last, failure.at
    if re.search(r":\s", source.line(line)[: column - 1]) and not failure.bracket:
        at = source.value(line)
        return at, f"a text that holds a colon and a space needs quotes; {_quote_it(source.words(at, False))}"
    if last.line == line:
        return failure.at, "a colon cannot stand here; quote the text that holds it"
    if not last.plain:
        return failure.at, f"a key stands on one line; this one begins at line {last.line}"
    at = (last.line, last.column)
    if source.head(last.line) == at:
        return at, _unfinished_key(source.words(at, False))
    return source.head(line), f"indented deeper than line {last.line}, which has its value already"


def _no_colon(failure: _Failure) -> _Told | None:
    if "could not find expected ':'" not in failure.problem:
        return None
    return failure.began, _unfinished_key(failure.source.words(failure.began, False))


def _unclosed_bracket(failure: _Failure) -> _Told | None:
    if not failure.bracket or "flow" not in failure.context:
        return None
    opened = failure.source.character(failure.bracket)
    line, column = failure.bracket
    closing = "]" if opened == "[" else "}"
    opening = f"the {opened} opened at line {line}, column {column}"
    return failure.at, f"expected , or {closing} here: {opening} is not closed"


def _out_of_place(failure: _Failure) -> _Told | None:
    line, column = failure.at
    first = failure.source.character(failure.at)
    if "document start" in failure.problem:
        directive = any(each.startswith("%") for each in failure.source.lines[: line - 1])
        return failure.at, "expected --- before this" if directive else "text after the end of the layout"
    if first == ":":
        return failure.at, _MISSING_KEY
    if "block collection" in failure.context:
        return failure.at, "this is among the entries of a list; begin it with `- `, or indent it otherwise"
    if failure.source.line(line)[: column - 1].strip() or "expected" not in failure.problem:
        return None
    told = "a list entry among keys" if first == "-" else "indented like no line above it"
    return failure.at, f"{told}; lines that belong together are indented alike"


_EXPLANATIONS: tuple[Callable[[_Failure], _Told | None], ...] = (
    _tab,
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


def _suspect(failure: _Failure) -> _At:
    """Where the text began that the parser was reading; where it noticed, if it was between two texts."""
    in_text = failure.context.startswith(("while scanning", "while parsing a tag"))
    return failure.began if in_text else failure.at


def _is_forgotten(key: str) -> bool:
    return key.startswith(tuple(_BEGINS_NO_TEXT))


def _left_open(text: str) -> bool:
    return text.count("[") != text.count("]") or text.count("{") != text.count("}")


def _needs_quotes(words: str) -> str:
    if words.startswith("!"):
        return f"tags such as {shortened(words.split()[0])} are not read; if it is text, {_quote_it(words)}"
    return f"a text that begins with {words[:1]} needs quotes; {_quote_it(words)}"


def _quote_it(words: str) -> str:
    return f"quote it: {in_quotes(words)}" if len(words) <= _LONGEST_SHOWN else "quote it"


def _unfinished_key(words: str) -> str:
    return f"{shortened(words)} is no key; a key ends in a colon, with a space or nothing after it"


def _tagged(source: _Source, at: _At, in_brackets: bool) -> str:
    """What to say of a node with a tag; an anchor may come before the tag."""
    if not source.rest(at).startswith("!"):
        return "tags are not read; take it away"
    return _needs_quotes(source.meant(at, in_brackets))


def _no_key(source: _Source, at: _At) -> _Told:
    """What to say of a key that is no text: an alias, a list, a mapping, nothing, or one with a tag."""
    key = source.key(at)
    if _is_forgotten(key):
        return at, _needs_quotes(key)
    outer = (at[0], max(1, at[1] - 1))
    if template := _TEMPLATE.match(source.rest(outer)):
        return outer, _needs_quotes(template[0].strip())
    missing = source.rest(at).strip()[:1] in ("", ":")
    return at, _MISSING_KEY if missing else "a key is a text, without anchor and tag; quote it"
