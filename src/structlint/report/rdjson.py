"""Writes the Reviewdog Diagnostic Format, https://github.com/reviewdog/reviewdog/tree/master/proto/rdf."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.concise import line
from structlint.report.locations import Location, Locator, json_path, left_out, one_line_finding, to_json
from structlint.report.wording import more

if TYPE_CHECKING:
    from structlint.report import Report, Style


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a `DiagnosticResult` in ASCII, with a diagnostic per rule for omitted findings."""
    locator = report.locator
    diagnostics = [_diagnostic(finding, locator) for finding in report.listed]
    for finding, number in left_out(report):
        text = more(number, finding.rule, look)
        diagnostics.append(_entry(finding.rule, text, "INFO", locator.spot(finding)))
    out.write(to_json({"source": {"name": "structlint"}, "diagnostics": diagnostics}, indent=2) + "\n")


def _diagnostic(finding: Finding, locator: Locator) -> dict[str, object]:
    severity = finding.severity or Severity.ERROR
    related = [{"message": name, "location": _location(spot)} for name, spot in locator.related(finding)]
    return {
        **_entry(finding.rule, one_line_finding(finding), severity.upper(), locator.spot(finding)),
        "original_output": line(finding),
        **({"related_locations": related} if related else {}),
    }


def _entry(rule: str, text: str, severity: str, spot: Location) -> dict[str, object]:
    return {"message": text, "location": _location(spot), "severity": severity, "code": {"value": rule}}


def _location(spot: Location) -> dict[str, object]:
    """The location without a column, because reviewdog counts bytes and layouts count characters."""
    return {"path": json_path(spot.path), "range": {"start": {"line": spot.line}}}
