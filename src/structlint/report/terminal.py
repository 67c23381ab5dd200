"""Writes lines of styled text to a terminal or a file. Names in the lines are already quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.report import Style


_LEAST_ROOM = 20  # columns of a row, unless half of a narrow terminal is less


class Span(Record):
    """A piece of a line: its style for rich, a URL, and whether it is never wrapped at its blanks."""

    text: str
    style: str = ""
    link: str = ""
    solid: bool = False


Line = tuple[Span, ...]


class LineWriter:
    """Writes lines. They are wrapped to the width of a terminal, but never in a file or a pipe.

    Text is never interpreted as markup. Without color, rich is not imported.
    """

    def __init__(self, out: TextIO, look: Style) -> None:
        self.out = out
        self.look = look
        self.wraps = look.drawn and out.isatty()
        self._console: Any = None

    @property
    def console(self) -> Any:
        if self._console is None:
            from rich.console import Console

            color = "standard" if self.look.coloured else None
            self._console = Console(file=self.out, force_terminal=True, color_system=color)  # type: ignore[arg-type]
            self._console.width = max(self._console.width, 1)  # with COLUMNS=0 it would print nothing
        return self._console

    @property
    def width(self) -> int | None:
        """The columns of the terminal, None if lines are not wrapped."""
        return int(self.console.width) if self.wraps else None

    def rows(self, line: Line, indent: int = 0) -> list[Line]:
        """A line as the rows that it takes; those after the first are indented."""
        return list(wrapped(line, self.console.width, indent)) if self.wraps else [line]

    def write(self, line: Line, *, indent: int = 0, cut: bool = False) -> None:
        """Writes a line, wrapped at blanks or, with `cut`, cropped at the edge of a terminal."""
        if not (self.look.drawn or self.look.coloured):
            self.out.write("".join([span.text for span in line]).rstrip() + "\n")
        elif cut and self.wraps:
            # A file or a log has no edge, so nothing is cut off.
            overflow = "crop" if self.look.ascii else "ellipsis"
            self.console.print(self._text(line), no_wrap=True, overflow=overflow, highlight=False)
        else:
            for row in self.rows(line, indent):
                self.console.print(self._text(row), soft_wrap=True, highlight=False)

    def _text(self, line: Line) -> Any:
        from rich.style import Style as TextStyle
        from rich.text import Text

        text = Text()
        for span in line:
            style = TextStyle.parse(span.style)
            text.append(span.text, style + TextStyle(link=span.link) if span.link else style)
        return text


def wrapped(line: Line, width: int, indent: int) -> Iterator[Line]:
    """A line as rows of at most `width` columns, wrapped at blanks; rows after the first are indented."""
    indent = min(indent, max(width // 2, width - _LEAST_ROOM))
    row: list[Span] = []
    column = 0
    for gap, word in _words(line):
        blank, length = len(gap.text), sum(cells(span.text) for span in word)
        # A row must not begin with what a CI service would take for a command.
        stays = word[0].text.startswith("::")
        if row and not stays and column + blank + length > width and column > indent:
            yield _joined(row)
            row, column = [Span(" " * indent)], indent
        elif gap.text:
            row.append(gap)
            column += blank
        for piece in _chopped(word, width, column, indent):
            if column + cells(piece.text) > width and column > indent:
                yield _joined(row)
                row, column = [Span(" " * indent)], indent
            row.append(piece)
            column += cells(piece.text)
    yield _joined(row)


def _joined(row: Sequence[Span]) -> Line:
    """A row in which adjacent spans of the same style are one span."""
    joined: list[Span] = []
    for span in row:
        if joined and joined[-1]._replace(text="") == span._replace(text=""):
            joined[-1] = span._replace(text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def _words(line: Line) -> Iterator[tuple[Span, Sequence[Span]]]:
    """The words of a line, each with the blanks before it; a word can have several styles."""
    gap, word = Span(""), list[Span]()
    for span in line:
        for text in [span.text] if span.solid else re.findall(r" +|[^ ]+", span.text):
            if text.isspace():
                if word:
                    yield gap, word
                    gap, word = Span(""), []
                gap = span._replace(text=gap.text + text)
            else:
                word.append(span._replace(text=text))
    if word:
        yield gap, word


def _chopped(word: Sequence[Span], width: int, column: int, indent: int) -> Iterator[Span]:
    """The pieces of a word that is wider than its row: parts of a path, or single characters."""
    if sum(cells(span.text) for span in word) <= width - column:
        yield from word
        return
    for span in word:
        for name in re.findall("[^/]*/|[^/]+", span.text):
            pieces = [name] if cells(name) <= width - indent else name
            yield from (span._replace(text=piece) for piece in pieces)


def cells(text: str) -> int:
    """The columns that a text takes on a terminal: a Chinese character or an emoji takes two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """A text padded with blanks to a width."""
    return text + " " * (width - cells(text))
