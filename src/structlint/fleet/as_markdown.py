"""The report in Markdown, short enough for an issue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.fleet.wording import (
    EXPLANATION,
    Table,
    aligned_right,
    cells,
    cut,
    how_to_repeat,
    origin,
    summary,
    tables,
)
from structlint.report.markdown import cell as prose_cell
from structlint.report.markdown import code

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader

_MOST = 65_000  # bytes; GitHub refuses an issue of more than 65,536 characters
_ROWS = (50, 20, 10, 5, 2, 1)  # rows of a table that fit
_WIDEST = 120  # characters of a cell


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes the report with as many rows of each table as fit in an issue."""
    for rows in _ROWS:
        page = "\n".join(_page(report, rows))
        if len(page.encode("utf-8", "backslashreplace")) <= _MOST:
            break
    out.write(page)


def _page(report: FleetReport, most: int) -> Iterator[str]:
    yield f"## structlint: {len(report.repositories):,} repositories, {report.run.day}\n"
    yield "".join(f"- {sentence}\n" for sentence in summary(report))
    for table in tables(report, most):
        yield from _table(table)
    yield "### About this report\n"
    yield f"{EXPLANATION}\n"
    yield "".join(f"{sentence}\n" for sentence in origin(report))
    yield f"To see the findings of one repository, run {code(how_to_repeat(report))}.\n"


def _table(table: Table) -> Iterator[str]:
    yield f"### {_text(table.title)}\n"
    if table.about:
        yield f"{table.about}\n"
    numbers = aligned_right(table)
    lines = [
        [_text(head) for head in table.heads],
        ["--:" if number else "---" for number in numbers],
        *(cells(row, _text) for row in table.rows),
    ]
    yield "".join(f"| {' | '.join(line)} |\n" for line in lines)
    if table.omitted:
        yield f"and {table.omitted:,} more\n"


def _text(text: str) -> str:
    return prose_cell(cut(text, _WIDEST)) if text else ""
