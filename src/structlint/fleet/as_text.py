"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.fleet.wording import Table, aligned_right, cells, cut, origin, summary, tables
from structlint.report import Style
from structlint.report.terminal import LineWriter, Span

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader

_MOST = 20  # rows of a table
_WIDEST = 60  # columns of a cell


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes sentences and tables in columns, wrapped to the width of a terminal."""
    writer = LineWriter(out, Style(drawn=out.isatty()))
    for sentence in (*summary(report), *origin(report)):
        writer.write((Span(sentence),), indent=2)
    for table in tables(report, _MOST):
        writer.write(())
        for line, indent in _lines(table):
            writer.write((Span(line),), indent=indent)


def _lines(table: Table) -> Iterator[tuple[str, int]]:
    """The lines of a table, each with its hanging indent."""
    yield table.title.upper(), 0
    if table.about:
        yield table.about, 0
    # The last column is never cut.
    rows = [[*map(_cell, row[:-1]), row[-1]] for row in (cells(row, str) for row in table.rows)]
    numbers = aligned_right(table)
    widths = [max(len(row[at]) for row in (table.heads, *rows)) for at in range(len(table.heads))]
    for row in (table.heads, *rows):
        aligned = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        )
        yield "  " + "  ".join(aligned).rstrip(), sum(widths[:-1]) + 2 * len(widths)
    if table.omitted:
        yield f"  and {table.omitted:,} more", 0


def _cell(text: str) -> str:
    return cut(text, _WIDEST)
