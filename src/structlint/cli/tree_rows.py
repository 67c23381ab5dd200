"""The drawing of `structlint tree` on a terminal, with findings wrapped to several rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.cli.emitter import Emitter
from structlint.matching.treeview.model import Guides
from structlint.report.terminal import Line, Span, cells

_FINE = "dim"  # the style of the guides, and of notes on entries without findings


def write_picture(lines: Sequence[Line], emit: Emitter, guides: Guides) -> None:
    """Writes lines. Notes on entries without findings are cut off at the edge of the terminal."""
    for line, following in zip(lines, [*lines[1:], ()], strict=True):
        if emit.width is None or len(line) < 2 or line[-1].style == _FINE:
            emit.line(line, cut=True)
        else:
            for row in _rows(line, emit, _beside(following, guides)):
                emit.line(row, cut=True)


def _rows(line: Line, emit: Emitter, beside: str) -> Iterator[Line]:
    """The rows of a line that ends with a finding, with a hanging indent."""
    *before, note = line
    blanks = len(note.text) - len(note.text.lstrip(" "))
    first, *further = emit.rows(line, sum(cells(span.text) for span in before) + blanks)
    yield first
    for blank, *words in further:
        indent = len(blank.text)
        yield Span(f"{beside[:indent]:<{indent}}", _FINE), *words


def _beside(following: Line, guides: Guides) -> str:
    """The guides beside a row that continue to the next line."""
    lead = following[0].text if following and following[0].style == _FINE else ""
    return lead[: -len(guides.beside)] + guides.beside if lead else ""
