"""The relative links of a Markdown document: links, pictures, and the `src` and `href` of HTML tags.

Links in code and in comments are skipped (https://spec.commonmark.org/0.31.2/#links).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from structlint.text.records import Record

MARKDOWN = (".md", ".markdown")
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)"""
_TARGET = r"(?:<([^<>\n]*)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))"
_LINK = rf"(?<!\\)\]\(\s*{_TARGET}{_TITLE}"
_ATTRIBUTE = r"""(?i)<(?:a|img)\b[^<>]*?\s(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_DEFINITION = r"(?m)^[ \t>]*\[[^\]\n]*\]:\s*<?([^\s<>]+)"
_CANDIDATE = rf"""(?i)\][(:]\s*{_TARGET}|\b(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_URL = r"[A-Za-z][A-Za-z0-9+.-]*:|/|www\.|\w[\w-]*(?:\.[\w-]+)+/|[^/]+@"
_PLACEHOLDER = r"[{}$<>*|\\\n]|\bpath/to\b|\.\.\."


class Link(Record):
    """A relative link as it is written, the path it leads to, and its line, counted from 1."""

    text: str
    path: str
    line: int


def linked_path(target: str) -> str | None:
    """The path that a relative link leads to; None for other links, and for what looks like a placeholder."""
    plain = target.partition("#")[0].partition("?")[0]
    path = _decoded(plain) if "%" in plain else plain
    if not path.strip("./") or re.match(_URL, path):
        return None
    is_word = path.isalpha() and not path.isupper()  # `[text](link)`, but not `LICENSE`
    return None if is_word or re.search(_PLACEHOLDER, path) else path


def possible_paths(text: str) -> set[str]:
    """All paths that the document may link to, found without parsing it. Some of them may be no links."""
    targets = {target for found in re.findall(_CANDIDATE, text) for target in found if target}
    return set(filter(None, map(linked_path, targets)))


def links(text: str) -> Iterator[Link]:
    """The relative links of a document: those in the text, in order, and then those in definitions."""
    from markdown_it import MarkdownIt

    definitions: dict[str, dict[str, dict[str, str]]] = {}
    for token in MarkdownIt("commonmark").disable("inline").parse(text, definitions):
        if token.type in ("inline", "html_block") and token.map:
            yield from _links_in(_without_code(token.content), token.map[0] + 1)
    targets = {linked_path(each["href"]) for each in definitions.get("references", {}).values()}
    defined = re.finditer(_DEFINITION, text) if targets else ()
    yield from _located((match for match in defined if linked_path(match[1]) in targets), text, 1)


def _links_in(text: str, line: int) -> Iterator[Link]:
    """The links in a text that begins in a line."""
    matches = sorted(chain(re.finditer(_LINK, text), re.finditer(_ATTRIBUTE, text)), key=_start)
    return _located(matches, text, line)


def _located(matches: Iterable[re.Match[str]], text: str, line: int) -> Iterator[Link]:
    """The links of matches in a text, in order, with the lines in which they begin."""
    at = 0
    for match in matches:
        line += text.count("\n", at, match.start())
        at = match.start()
        target = next(filter(None, match.groups()), "")
        if path := linked_path(target):
            yield Link(target, path, line)


def _without_code(text: str) -> str:
    """A text without its comments and code spans, but with the same lines."""
    text = re.sub(r"(?s)<!--.*?(?:-->|\Z)", _lines, text)
    runs = list(re.finditer("`+", text))
    closing: dict[str, int] = {}  # the next run of the same length
    ends = [0] * len(runs)
    for number in range(len(runs) - 1, -1, -1):
        ends[number] = closing.get(runs[number][0], 0)
        closing[runs[number][0]] = number
    kept, at, number = [], 0, 0
    while number < len(runs):
        if end := ends[number]:
            kept += [
                text[at : runs[number].start()],
                "\n" * text.count("\n", runs[number].end(), runs[end].start()),
            ]
            at = runs[end].end()
        number = (end or number) + 1
    return "".join([*kept, text[at:]])


def _decoded(target: str) -> str:
    from urllib.parse import unquote

    return unquote(target, errors="replace")


def _start(match: re.Match[str]) -> int:
    return match.start()


def _lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
