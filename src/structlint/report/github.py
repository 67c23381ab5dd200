"""Writes annotations for GitHub Actions, and all findings to the summary of the job.

https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from structlint.errors import CannotCheck
from structlint.filesystem import place_of
from structlint.finding import Finding, Severity
from structlint.report.locations import Locator, one_line_finding
from structlint.report.markdown import comment
from structlint.report.wording import count
from structlint.text.quoting import quote
from structlint.tree.scan import repository_root

if TYPE_CHECKING:
    from structlint.report import Report, Style

_MOST = 10  # GitHub shows at most this many per level and step, and silently drops the others
_MOST_BYTES = 1024 * 1024  # a larger summary is not shown at all


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a workflow command for each finding, the most severe first, and extends the job summary.

    The summary is written to the file in GITHUB_STEP_SUMMARY, if this file can be written.
    """
    locator = report.locator
    for severity in Severity:
        annotated = [finding for finding in report.listed if finding.severity is severity][:_MOST]
        out.writelines(_command(finding, locator) for finding in annotated)
    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if left := _left(report):
        out.write(f"::notice title=structlint::{left}{'; see the summary of the job' if name else ''}\n")
    if name:
        with suppress(OSError, ValueError, CannotCheck):
            _add_to_summary(name, report, look)


def _command(finding: Finding, locator: Locator) -> str:
    spot = locator.spot(finding)
    # A name that must be quoted could contain terminal escapes.
    where = f"file={_property(quote(spot.path))},line={spot.line},title={_property(finding.rule)}"
    return f"::{finding.severity} {where}::{_data(one_line_finding(finding))}\n"


def _left(report: Report) -> str:
    """The number of findings without an annotation."""
    left = []
    for severity in Severity:
        annotated = sum(finding.severity is severity for finding in report.listed)
        if number := report.number(severity) - min(annotated, _MOST):
            left.append(count(number, f"more {severity}"))
    return " and ".join(left)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _add_to_summary(name: str, report: Report, look: Style) -> None:
    from pathlib import Path

    top = repository_root(Path.cwd())
    directory, path = place_of(name, [top] if top else [])
    with directory.appender(path) as out:
        room = _MOST_BYTES - os.fstat(out.fileno()).st_size
        data = comment(report, look, room).encode("utf-8", "backslashreplace")
        if len(data) <= room:
            out.write(data)
