"""Writes one line for each finding: `path[:line]: severity: message [rule] -- hint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.wording import more, place, with_origin

if TYPE_CHECKING:
    from structlint.report import Report, Style


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes only the findings, each on one line that is never wrapped."""
    out.writelines(f"{line(finding)}\n" for finding in report.listed)
    out.writelines(f"{more(number, rule, look)}\n" for rule, number in report.left_out.items())
    out.writelines(
        f"{number} {rule}\n" for rule, number in (report.by_rule.most_common() if report.statistics else ())
    )


def line(finding: Finding) -> str:
    """A finding in one line."""
    where = f"{place(finding)}: {finding.severity or Severity.ERROR}"
    return f"{where}: {with_origin(finding)} [{finding.rule}] -- {finding.hint}"
