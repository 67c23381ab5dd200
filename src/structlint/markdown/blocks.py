"""A Markdown document as blocks that may describe a structure, each with the headings above it.

CommonMark with tables, parsed by markdown-it-py (https://spec.commonmark.org/0.31.2/). Lines count from
1. Words keep the backticks of code and lose other markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from structlint.errors import LayoutError, Problem
from structlint.markdown.entry_names import with_underscores

if TYPE_CHECKING:
    from markdown_it.token import Token

_DEEPEST = 100  # nested blocks; CommonMark itself has no limit
_MARK = re.compile(r"<!--\s*structlint:\s*(ignore|layout)\s*-->")
_PRE = re.compile(r"<pre\b[^>]*>", re.IGNORECASE)
_BOX = re.compile(r"^\[[ xX]\]\s+")
_CODE = re.compile(r"(`[^`]+`)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_EMPHASIS = re.compile(r"\*\*|\*(\S(?:[^*\n]*\S)?)\*")
_BOLD_LINE = re.compile(r"(\*\*|__)(?!\s)(?:(?!\1).)+\1\s*[:：]?")  # noqa: RUF001
_LANGUAGE = re.compile(r"plain ?text|text|txt|bash|shell|tree", re.IGNORECASE)  # copied along with a tree
_STARS_IN_WORD = re.compile(r"(?<=\w)\*(\w+)\*(?=\w)")
_SAMPLE = re.compile(  # a first heading that names the project: "Sample application"
    r"\b(?:sample|example|demo) (?:app(?:lication)?|project|repo(?:sitory)?|service|website)\b", re.IGNORECASE
)
_CROSSED = re.compile(r"^(?:#{1,6}\s.*|\*\*.*|\W*)[❌🚫⛔✗✘👎]", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG = re.compile(r"</?(?:pre|code|span|b|i|em|strong|a|kbd|samp|tt)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text, and the line in which it begins."""

    text: str
    line: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Context:
    """The context of a block: the headings above it, outermost first, and the paragraph right before it.

    `label` is a line in bold above the block, with nothing but paragraphs between them.
    `titled` is whether the outermost heading is the title of the document. `mark` is "ignore" or "layout"
    if the comment `<!-- structlint: ignore -->` or `<!-- structlint: layout -->` is before the block.
    `judged` is whether the document marks wrong examples with a cross in headings or paragraphs.
    """

    headings: tuple[Words, ...] = ()
    intro: Words | None = None
    titled: bool = False
    mark: str = ""
    judged: bool = False
    label: Words | None = None

    @cached_property
    def lead(self) -> str:
        """The words right above the block: the paragraph before it, or else the innermost heading."""
        return str(self.intro or (self.headings[-1] if self.headings else ""))


@dataclass(frozen=True)
class Code:
    """Verbatim lines: a code block, or a paragraph, which may draw a tree without a code block.

    `cut` has the number of characters in the document's line before each of `lines`.
    """

    language: str
    lines: tuple[tuple[int, str], ...]
    cut: tuple[int, ...]
    context: Context


@dataclass(frozen=True)
class ListItem:
    """An item of a list: its first words, the lists in it, and its lines in the document.

    An item with a code block has no lines, because they are not all words.
    """

    words: Words
    inside: tuple[ListItem, ...]
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class List:
    """A list, numbered or not."""

    items: tuple[ListItem, ...]
    context: Context
    line: int
    numbered: bool = False

    def walk(self) -> Iterator[tuple[int, ListItem]]:
        """All items, each with its nesting depth."""
        ahead = [(0, item) for item in reversed(self.items)]
        while ahead:
            depth, item = ahead.pop()
            yield depth, item
            ahead += [(depth + 1, inner) for inner in reversed(item.inside)]


@dataclass(frozen=True)
class Table:
    """A table: the words of its head and of its rows."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    context: Context
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading, with those above it in its context, itself the last."""

    words: Words
    context: Context


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose, with its lines as they stand."""

    words: Words
    code: Code
    context: Context


Block: TypeAlias = "Code | List | Table | Heading | Paragraph"


def blocks(text: str, file: str, written: str) -> list[Block]:
    """The blocks of a Markdown document in order, including those inside lists and quotes.

    `written` is the text before its conversion to Markdown, with the same lines. Raises `LayoutError` for a
    code block that is not closed, because everything after it would count as code.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("inline")
    return _Reader(text, file, written).blocks(parser.parse(text))


@dataclass
class _Reader:
    text: str
    file: str
    written: str
    headings: list[tuple[int, Words]] = field(default_factory=list)
    intro: Words | None = None
    title: Words | None = None
    mark: str = ""
    label: Words | None = None

    @cached_property
    def source(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def judged(self) -> bool:
        return _CROSSED.search(self.text) is not None

    @property
    def context(self) -> Context:
        headings = tuple(words for _, words in self.headings)
        titled = bool(headings) and headings[0] is self.title
        return Context(headings, self.intro, titled, self.mark, self.judged, self.label)

    def blocks(self, tokens: Sequence[Token]) -> list[Block]:
        blocks: list[Block] = []
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            if tokens[at].type == "blockquote_open":
                at += 1  # blocks inside and outside quotes are treated alike
                continue
            if tokens[at].type == "html_block" and (mark := _MARK.search(tokens[at].content)):
                self.mark = mark[1]
            elif block := self.block(tokens, at, end):
                blocks.append(block)
                self.mark = "" if not isinstance(block, Paragraph) else self.mark
                self.intro = block.words if isinstance(block, Paragraph) else None
                self.label = self.label_after(block)
            if isinstance(block, List):
                blocks += self.code_in(tokens[at:end])
            at = end + 1
        return blocks

    def label_after(self, block: Block) -> Words | None:
        """The line in bold that what follows a block is below."""
        if not isinstance(block, Paragraph):
            return None
        lines = block.code.lines
        return block.words if len(lines) == 1 and _BOLD_LINE.fullmatch(lines[0][1].strip()) else self.label

    def code_in(self, tokens: Iterable[Token]) -> Iterator[Code]:
        """The code blocks in a list, each with the words of its item."""
        for token in tokens:
            if token.type == "inline":
                self.intro = Words(_words(token), _line(token))
            elif token.type in ("fence", "code_block"):
                yield self.code(token)
        self.intro = None

    def block(self, tokens: Sequence[Token], at: int, end: int) -> Block | None:
        token = tokens[at]
        match token.type:
            case "heading_open":
                return self.heading(token, tokens[at + 1])
            case "fence" | "code_block":
                return self.code(token)
            case "html_block" if _PRE.search(token.content):
                return self.code(token)
            case "paragraph_open":
                return self.paragraph(token, tokens[at + 1])
            case "bullet_list_open" | "ordered_list_open":
                numbered = token.type == "ordered_list_open"
                return List(tuple(self.items(tokens, at, end)), self.context, _line(token), numbered)
            case "table_open":
                return self.table(tokens[at : end + 1])
        return None

    def heading(self, token: Token, inline: Token) -> Heading:
        level = int(token.tag[1:])
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        words = Words(_words(inline), _line(token))
        if not self.headings and self.title is None and (level == 1 or _SAMPLE.search(words.text)):
            self.title = words
        self.title = self.title or Words("", 0)  # only the first heading is one
        self.headings.append((level, words))
        self.intro = None
        return Heading(words, self.context)

    def paragraph(self, token: Token, inline: Token) -> Paragraph:
        first = _line(token)
        lines = inline.content.split("\n")
        labelled = len(lines) > 1 and _LANGUAGE.fullmatch(lines[0].strip()) is not None
        code = Code("", *self.cut(lines[labelled:], first + labelled), self.context)
        return Paragraph(Words(_words(inline), first), code, self.context)

    def code(self, token: Token) -> Code:
        first, content, language = _line(token), token.content, ""
        if token.type == "html_block":
            content = unescape(_TAG.sub("", content))
        elif token.type == "fence":
            self.refuse_unclosed(token)
            first += 1
            language = token.info.strip().partition(" ")[0].lower()
        texts = content.rstrip("\n").split("\n")
        if language == "diff":  # without the lines that it removes
            texts = [text[1:] if text[:1] != "-" else "" for text in texts]
        lines = _own_lines(texts, token.markup)
        return Code(language, *self.cut(lines, first), self.context)

    def cut(self, texts: Iterable[str], first: int) -> tuple[tuple[tuple[int, str], ...], tuple[int, ...]]:
        """Lines with their numbers, and the number of characters cut from the beginning of each."""
        lines = tuple(enumerate(texts, first))
        cut = (
            self.source[number - 1].find(text) if number <= len(self.source) else 0 for number, text in lines
        )
        return lines, tuple(max(0, column) for column in cut)

    def refuse_unclosed(self, token: Token) -> None:
        assert token.map
        last = self.source[token.map[1] - 1].lstrip(" >\t").rstrip()
        closed = (
            token.map[1] - 1 > token.map[0]
            and set(last) == {token.markup[0]}
            and len(last) >= len(token.markup)
        )
        if not closed and token.content.strip():
            first = self.written.split("\n")[token.map[0]]
            end = token.markup if token.markup in first else first.strip()
            message = f"the code block that begins here is never closed; end it with a line {end}"
            raise LayoutError([Problem(self.file, _line(token), 1, message)])

    def items(self, tokens: Sequence[Token], at: int, end: int) -> Iterator[ListItem]:
        """The items of the list from `at` to `end`."""
        start = at + 1
        while start < end:
            stop = _closing(tokens, start)
            yield self.item(tokens, start, stop)
            start = stop + 1

    def item(self, tokens: Sequence[Token], start: int, stop: int) -> ListItem:
        words, inside, at = Words("", _line(tokens[start])), list[ListItem](), start + 1
        while at < stop:
            end = _closing(tokens, at)
            if tokens[at].type == "paragraph_open" and not words.text:
                words = Words(_BOX.sub("", _words(tokens[at + 1])), _line(tokens[at]))
            elif tokens[at].type in ("bullet_list_open", "ordered_list_open"):
                inside += self.items(tokens, at, end)
            at = end + 1
        return ListItem(words, tuple(inside), tuple(self.lines_of(tokens[start : stop + 1])))

    def lines_of(self, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
        if tokens[0].map and not any(token.type in ("fence", "code_block") for token in tokens):
            for number in range(*tokens[0].map):
                if self.source[number].strip():
                    yield number + 1, self.source[number]

    def table(self, tokens: Sequence[Token]) -> Table:
        rows: list[list[Words]] = []
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
                line = _line(token)
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(Words(_words(tokens[at + 1]), line))
        return Table(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]), self.context, _line(tokens[0]))


def _own_lines(lines: list[str], fence: str) -> list[str]:
    """The lines of a code block up to the beginning of the next one, and the heading before that.

    If the end of a block is missing, the next block ends it.
    """
    opening = re.compile(rf"\s{{0,3}}{re.escape(fence)}\w") if fence else None
    at = next((number for number, line in enumerate(lines) if opening and opening.match(line)), None)
    if at is None:
        return lines
    heading = next((number for number, line in enumerate(lines[:at]) if re.match(r"#{1,6} ", line)), at)
    return lines[:heading]


def _closing(tokens: Sequence[Token], at: int) -> int:
    """The index of the token that closes the one at `at`."""
    level = 0
    for index in range(at, len(tokens)):
        level += tokens[index].nesting
        if level <= 0:
            return index
    return len(tokens) - 1


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _words(inline: Token) -> str:
    """The text of an inline token, with code in backticks and without other markup.

    The parser is not used, because its time for links grows with the square of the number of brackets.
    """
    parts = _CODE.split(_LINK.sub(_linked, inline.content))
    parts[::2] = [_without_markup(part) for part in parts[::2]]
    return " ".join("".join(parts).split())


def _linked(link: re.Match[str]) -> str:
    """The text of a link, or its target if that ends in the text or is a directory."""
    text, target = link[1], link[2].removeprefix("./")
    if "://" in target or target.startswith(("#", "/", "../")) or not target:
        return text
    if target.endswith(f"/{text.strip('`* ')}"):
        return f"`{target}`"
    return f"{text} (`{target}`)" if target.endswith("/") and "/" not in text else text


def _without_markup(text: str) -> str:
    """A text without emphasis. Stars within a word are underscores that a formatter has replaced."""
    named = _STARS_IN_WORD.sub(r"_\1_", with_underscores(text))
    return unescape(_ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\1", named)))
