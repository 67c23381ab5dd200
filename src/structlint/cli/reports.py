"""Reads the option `--report FORMAT=FILE`."""

from __future__ import annotations

import os

from structlint.errors import CannotCheck
from structlint.report import FORMATS
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import suggestion


def named_reports(given: tuple[str, ...], output_file: str | None) -> list[tuple[str, str | None]]:
    """The formats and files of `--report`; None is standard output.

    Raises `CannotCheck` if two reports have the same file.
    """
    reports: list[tuple[str, str | None]] = []
    taken = {_real_path(output_file)}
    for option in given:
        name, sign, file = option.partition("=")
        if not sign or not file:
            raise CannotCheck(
                f"--report {in_backticks(option)}: expected FORMAT=FILE, such as sarif=report.sarif"
            )
        if name not in FORMATS:
            raise CannotCheck(f"--report: unknown format {in_backticks(name)}; {suggestion(name, FORMATS)}")
        target = None if file == "-" else file
        if _real_path(target) in taken:
            place = in_backticks(file) if target else "standard output"
            raise CannotCheck(
                f"--report {in_backticks(option)}: {place} already has a report; use another file"
            )
        taken.add(_real_path(target))
        reports.append((name, target))
    return reports


def _real_path(file: str | None) -> str | None:
    return os.path.realpath(file) if file else None
