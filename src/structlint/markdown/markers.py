"""Trees between two marker comments in a Markdown document, which structlint updates.

    <!-- structlint:tree depth=2 path=services/ comments=no -->

    ```text
    services/
    └── billing/
    ```

    <!-- /structlint:tree -->

structlint only changes the fenced block between the markers. A marker is an HTML comment
on a line of its own; in a code block or in inline code it is an example. Lines and columns count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from structlint.errors import LayoutError, Problem
from structlint.markdown import is_marked
from structlint.text.quoting import short_name
from structlint.text.records import Record

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from structlint.markdown.tree_lines import DrawnEntry

OPENING, CLOSING = "<!-- structlint:tree -->", "<!-- /structlint:tree -->"
DEPTH = 3
DEEPEST_TREE = 64
_NESTING = 100
_LONGEST = 10_000  # a longer run of words counts as prose, because searching it for code takes too long
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BEGIN = re.compile(r"<!--\s*/?\s*structlint:(?!\s*(?:ignore|layout)\s*-->)")
_MARKER = re.compile(
    r"(?P<before>[ \t>]*)<!--\s*(?P<end>/?)\s*structlint:(?P<what>[\w-]*)(?P<options>.*?)-->\s*"
)
_OPTION = re.compile(r'\s+(?P<name>[\w-]+)=(?P<value>"[^"]*"|[^\s"]+)')
_RAW_HTML = re.compile(r"\s*<(?:pre|script|style|textarea)\b", re.IGNORECASE)
_GUIDE = re.compile(r"\s*(?:[│├└┣┗╠╚╰┃║]|[|+`\\][-_ ]|[-*•] )")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of an opening marker: depth, directory ("" is the root), and whether to draw comments."""

    depth: int = DEPTH
    path: str = ""
    comments: bool = True


@dataclass(frozen=True, slots=True)
class MarkedTree:
    """A marked tree of a document.

    `line` and `column` are those of its opening marker; `drawn` has the lines of its code with their numbers.
    `place` has the lines that a new tree replaces, the first and the one after the last, counted
    from 0: those of the fenced block, or all between the markers unless there is exactly one block.
    """

    line: int
    column: int
    options: Options
    drawn: tuple[tuple[int, str], ...]
    place: tuple[int, int]
    before: str
    fence: str
    info: str
    fenced: bool


def marked_trees(data: bytes, file: str) -> tuple[MarkedTree, ...]:
    """The marked trees of a document. Raises `LayoutError` for invalid markers."""
    if not is_marked(data):
        return ()
    return _Reader(file, _lines(data)).trees()


def rewritten(data: bytes, trees: Sequence[MarkedTree], drawings: Iterable[Sequence[str]]) -> bytes:
    """The document with a new drawing for each of its marked trees; all other bytes are unchanged."""
    lines = _lines(data)
    for marked, drawing in reversed([*zip(trees, drawings, strict=True)]):
        opening = lines[marked.line - 1]
        end = opening[len(opening.rstrip("\r\n")) :]
        first, last = marked.place
        lines[first:last] = [f"{line}{end}" for line in _block(marked, drawing)]
    mark = _MARK if data.startswith(_MARK) else b""
    return mark + "".join(lines).encode("utf-8", "surrogateescape")


class MarkedPath(Record):
    """A drawn path: its entry, None if a key only passes through it, and whether it is a directory."""

    entry: DrawnEntry | None
    directory: bool
    certain: bool


def marked_paths(entries: Iterable[DrawnEntry]) -> dict[str, MarkedPath]:
    """The drawn paths, without a trailing slash."""
    from structlint.markdown.outline import steps_of

    paths: dict[str, MarkedPath] = {}
    ahead = [("", entry) for entry in entries]
    for above, entry in ahead:  # grows as it goes
        *passed, last = steps_of(entry.key)
        path = above
        for step in passed:
            path += step
            paths.setdefault(path.rstrip("/"), MarkedPath(None, True, True))
        path += last
        paths[path.rstrip("/")] = MarkedPath(entry, path.endswith("/"), entry.certain)
        ahead += [(f"{path.rstrip('/')}/", child) for child in entry.children]
    return paths


def comments_of(paths: Mapping[str, MarkedPath], marked: MarkedTree) -> dict[str, str]:
    """The comments of drawn paths, as written in their lines."""
    lines = dict(marked.drawn)
    drawn = {path: drawn_path.entry for path, drawn_path in paths.items() if drawn_path.entry}
    comments = {path: _comment(lines.get(entry.line, ""), entry) for path, entry in drawn.items()}
    return {path: comment for path, comment in comments.items() if comment}


def read_marked(marked: MarkedTree, file: str) -> tuple[tuple[DrawnEntry, ...], str]:
    """The entries of a marked tree, and its first line, if that names the directory.

    Raises `LayoutError` if they cannot be read.
    """
    from structlint.markdown.tree_lines import read_tree

    drawn = [(number, line) for number, line in marked.drawn if line.strip()]
    if [line.strip() for _, line in drawn] in ([], ["."], ["./"]):
        return (), "".join(line.strip() for _, line in drawn)
    tops = read_tree(drawn, file)
    if len(tops) != 1 or not tops[0].key.endswith("/"):
        return tops, ""
    guided = any(_GUIDE.match(line) for _, line in drawn[1:])
    first = drawn[0][1]
    if tops[0].key == "./" and _GUIDE.match(first):
        return tops[0].children, ""
    names = {"./", marked.options.path, marked.options.path.rstrip("/").rpartition("/")[2] + "/"}
    if tops[0].key in names or (guided and not _GUIDE.match(first)):
        return tops[0].children, first.strip()
    return tops, ""


_MARK = b"\xef\xbb\xbf"


def _lines(data: bytes) -> list[str]:
    """The lines with their line endings. Invalid UTF-8 becomes surrogates, so it can be written unchanged."""
    return _LINE.findall(data.removeprefix(_MARK).decode("utf-8", "surrogateescape"))


def _block(marked: MarkedTree, drawing: Sequence[str]) -> Iterator[str]:
    """The lines of a fenced block; a new one has an empty line before and after it."""
    character = marked.fence[0]
    longest = max((len(run) for line in drawing for run in re.findall(f"{character}+", line)), default=0)
    fence = character * max(len(marked.fence), longest + 1)
    block = [fence + marked.info, *drawing, fence]
    for line in block if marked.fenced else ["", *block, ""]:
        yield f"{marked.before}{line}".rstrip() if not line else f"{marked.before}{line}"


def _comment(line: str, drawn: DrawnEntry) -> str:
    """The comment of an entry as written in its line, or as parsed if it is written in another way."""
    rest = line[drawn.column - 1 :]
    if rest.startswith('"'):
        rest = re.sub(r'^"(?:\\.|[^"\\])*"', "", rest)
    match = re.search(r"\s#+\s*(.*?)\s*$", rest)
    if not match:
        return f"(optional) {drawn.about}".rstrip() if drawn.optional else drawn.about
    continued = drawn.about.startswith(match[1]) and not drawn.optional  # in the lines below
    return drawn.about if continued else match[1]


@dataclass
class _Mark:
    """A marker and its line, counted from 0."""

    line: int
    before: str
    end: bool
    options: Options


@dataclass
class _Reader:
    file: str
    lines: list[str]
    problems: list[Problem] = field(default_factory=list)
    code: list[Token] = field(default_factory=list)

    def trees(self) -> tuple[MarkedTree, ...]:
        marks = list(self.marks())
        pairs = list(self.pairs(marks)) if not self.problems else []
        if self.problems:
            raise LayoutError(sorted(self.problems))
        return tuple(self.marked(*pair) for pair in pairs)

    def wrong(self, line: int, column: int, message: str) -> None:
        self.problems.append(Problem(self.file, line + 1, column, message))

    def marks(self) -> Iterator[_Mark]:
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable("table").disable("inline")
        for token in parser.parse("".join(self.lines)):
            if token.type in ("fence", "code_block"):
                self.code.append(token)
            elif token.type == "html_block" and not _RAW_HTML.match(token.content):
                yield from self.marks_in(token)
            elif token.type == "inline" and _is_within(token.content):
                self.not_alone(token)

    def marks_in(self, token: Token) -> Iterator[_Mark]:
        """The markers in a block of HTML, without those in a comment that began before."""
        open_comment = False
        for number in range(*(token.map or (0, 0))):
            line = self.lines[number].rstrip("\r\n")
            begun = open_comment
            open_comment = line.rfind("<!--") > line.rfind("-->") or (begun and "-->" not in line)
            if begun or not _BEGIN.search(line):
                continue
            marker = _MARKER.fullmatch(line)
            if not marker or "-->" in marker["options"]:
                self.not_alone(token, number)
            elif mark := self.mark(number, marker):
                yield mark

    def not_alone(self, token: Token, number: int | None = None) -> None:
        first, after = token.map or (0, 1)
        lines = [number] if number is not None else range(first, after)
        for line in lines:
            if match := _BEGIN.search(self.lines[line]):
                self.wrong(line, match.start() + 1, "a marker must be on its own line, at the beginning")
                return

    def mark(self, line: int, marker: re.Match[str]) -> _Mark | None:
        """A marker with its options, None if it is wrong."""
        column = len(marker["before"]) + 1
        if marker["what"] != "tree":
            what = short_name(f"structlint:{marker['what']}")
            self.wrong(line, column, f"unknown marker {what}; write `{OPENING}`")
            return None
        options = Options()
        if marker["end"]:
            if marker["options"].strip():
                self.wrong(line, column, "options belong in the opening marker, not in the closing one")
        else:
            options = self.options(line, marker)
        return _Mark(line, marker["before"], bool(marker["end"]), options)

    def options(self, line: int, marker: re.Match[str]) -> Options:
        text, at = marker["options"].rstrip(), 0
        options: dict[str, str] = {}
        while match := _OPTION.match(text, at):
            column = marker.start("options") + match.start("name") + 1
            name, value = match["name"], match["value"].strip('"')
            if name in options:
                self.wrong(line, column, f"`{name}` is given twice; remove one")
            elif message := _wrong_with(name, value):
                self.wrong(line, column, message)
            options[name] = value
            at = match.end()
        if at < len(text):
            rest = text[at:].lstrip()
            column = marker.start("options") + len(text) - len(rest) + 1
            self.wrong(line, column, f"{short_name(rest)} is not an option; write options as `depth=2`")
        if self.problems:
            return Options()
        path = options.get("path", ".").removeprefix("./").rstrip("/")
        path = "" if path == "." else path
        return Options(int(options.get("depth", DEPTH)), path and f"{path}/", options.get("comments") != "no")

    def pairs(self, marks: list[_Mark]) -> Iterator[tuple[_Mark, _Mark]]:
        """Each opening marker with its closing one."""
        opened: _Mark | None = None
        for mark in marks:
            column = len(mark.before) + 1
            if mark.end and opened is None:
                self.wrong(mark.line, column, f"nothing to close here; write {OPENING} before this marker")
            elif mark.end:
                assert opened
                yield opened, mark
                opened = None
            else:
                if opened:
                    self.unclosed(opened)
                opened = mark
        if opened:
            self.unclosed(opened)

    def unclosed(self, mark: _Mark) -> None:
        message = f"this tree is never closed; write {CLOSING} after it"
        self.wrong(mark.line, len(mark.before) + 1, message)

    def marked(self, opening: _Mark, closing: _Mark) -> MarkedTree:
        start, stop = opening.line + 1, closing.line
        code = [token for token in self.code if token.map and start <= token.map[0] and token.map[1] <= stop]
        drawn = tuple(line for token in code for line in _code_lines(token))
        if not code:
            drawn = tuple(enumerate((line.rstrip("\r\n") for line in self.lines[start:stop]), start + 1))
        column = len(opening.before) + 1
        fresh = (opening.line + 1, column, opening.options, drawn)
        fences = [token for token in code if token.type == "fence"]
        if len(code) == len(fences) == 1 and fences[0].map:
            first, last = fences[0].map
            before, _, _ = self.lines[first].partition(fences[0].markup)
            if not before.strip(" \t>"):
                info = fences[0].info.rstrip()
                return MarkedTree(*fresh, (first, last), before, fences[0].markup, info, fenced=True)
        return MarkedTree(*fresh, (start, stop), opening.before, "```", "text", fenced=False)


def _is_within(words: str) -> bool:
    """Whether a marker is within words and not in code; the text is parsed only if necessary."""
    if not _BEGIN.search(words) or len(words) > _LONGEST:
        return False
    (inline,) = _parser().parseInline(words)
    return any(
        token.type == "html_inline" and _BEGIN.search(token.content) for token in inline.children or ()
    )


@cache
def _parser() -> MarkdownIt:
    """The parser for inline markup."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _code_lines(token: Token) -> Iterator[tuple[int, str]]:
    """The lines of a code block with their numbers, counted from 1."""
    assert token.map
    first = token.map[0] + (2 if token.type == "fence" else 1)
    return iter(list(enumerate(token.content.removesuffix("\n").split("\n"), first)) if token.content else [])


def _wrong_with(name: str, value: str) -> str:
    """The error in an option; "" if it is valid."""
    if name == "depth":
        right = value.isascii() and value.isdecimal() and len(value) < 4 and 1 <= int(value) <= DEEPEST_TREE
        return "" if right else f"`depth` is a number from 1 to {DEEPEST_TREE}, not {short_name(value)}"
    if name == "comments":
        return "" if value in ("yes", "no") else f"`comments` is `yes` or `no`, not {short_name(value)}"
    if name == "path":
        steps = value.removeprefix("./").removesuffix("/").split("/")
        wrong = value not in (".", "./") and any(step in ("", ".", "..") for step in steps)
        return f"`path` is a directory such as `services/`, not {short_name(value)}" if wrong else ""
    return f"unknown option {short_name(name)}; expected `depth`, `path` or `comments`"
