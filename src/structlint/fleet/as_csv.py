"""The report as comma-separated values, one repository per line, for spreadsheets and data catalogs."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader, Repository

_COLUMNS = ("name", "path", "team", "status", "errors", "warnings", "new", "fixed", "files", "seconds")
_HIDDEN = ("hidden_baseline", "hidden_ignore", "hidden_nested")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # the first character of a cell that a spreadsheet evaluates


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes a line of headings and a line for each repository."""
    more = sorted({name for one in report.repositories for name in one.more})
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_cell, (*_COLUMNS, *_HIDDEN, "layouts", "message", *more)))
    for one in report.repositories:
        writer.writerow(map(_cell, _row(one, more)))


def _row(one: Repository, more: list[str]) -> tuple[object, ...]:
    columns = (getattr(one, name) for name in _COLUMNS)
    others = (one.more.get(name, "") for name in more)
    return (*columns, *one.hidden, ", ".join(one.layouts), one.message, *others)


def _cell(value: object) -> object:
    """A cell that no spreadsheet evaluates as a formula. They hide a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
