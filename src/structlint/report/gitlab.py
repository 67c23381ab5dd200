"""Writes GitLab's Code Quality report,
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.locations import (
    Location,
    Locator,
    fingerprints,
    json_path,
    left_out,
    one_line_finding,
    to_json,
)
from structlint.report.wording import more

if TYPE_CHECKING:
    from structlint.report import Report, Style

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a JSON array in ASCII: an object per finding, and one per rule for omitted findings."""
    locator = report.locator
    marks = fingerprints(report.listed)
    issues = [_issue(finding, mark, locator) for finding, mark in zip(report.listed, marks, strict=True)]
    for finding, number in left_out(report):
        text = more(number, finding.rule, look)
        issues.append(_entry(finding.rule, text, f"{finding.rule}:more", "info", locator.spot(finding)))
    out.write(to_json(issues, indent=2) + "\n")


def _issue(finding: Finding, mark: str, locator: Locator) -> dict[str, object]:
    severity = _SEVERITIES[finding.severity or Severity.ERROR]
    return _entry(finding.rule, one_line_finding(finding), mark, severity, locator.spot(finding))


def _entry(rule: str, text: str, mark: str, severity: str, spot: Location) -> dict[str, object]:
    return {
        "description": text,
        "check_name": rule,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": json_path(spot.path), "lines": {"begin": spot.line}},
    }
