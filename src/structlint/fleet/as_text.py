"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.fleet.wording import Table, aligned_right, cells, cut, origin, summary, tables

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader

_MOST = 20  # rows of a table
_WIDEST = 60  # columns of a cell


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes sentences and tables in columns."""
    lines = [*summary(report), *origin(report)]
    for table in tables(report, _MOST):
        lines += ["", *_lines(table)]
    out.writelines(f"{line}\n" for line in lines)


def _lines(table: Table) -> Iterator[str]:
    yield table.title.upper()
    if table.about:
        yield table.about
    # The last column is never cut.
    rows = [[*map(_cell, row[:-1]), row[-1]] for row in (cells(row, str) for row in table.rows)]
    numbers = aligned_right(table)
    widths = [max(len(row[at]) for row in (table.heads, *rows)) for at in range(len(table.heads))]
    for row in (table.heads, *rows):
        aligned = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        )
        yield "  " + "  ".join(aligned).rstrip()
    if table.omitted:
        yield f"  and {table.omitted:,} more"


def _cell(text: str) -> str:
    return cut(text, _WIDEST)
