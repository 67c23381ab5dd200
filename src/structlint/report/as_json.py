"""Writes the JSON report, which docs/json.md and findings.schema.json describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report import fixes_safely
from structlint.report.locations import json_path, to_json
from structlint.text.version import __version__

if TYPE_CHECKING:
    from structlint.report import Report, Style

VERSION = 1


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes one JSON object in ASCII, with one finding per line."""
    out.write("{")
    for number, (key, value) in enumerate(_document(report).items()):
        out.write(f"{',' * bool(number)}\n  {to_json(key)}: ")
        _write(value, out)
    out.write("\n}\n")


def _write(value: object, out: TextIO) -> None:
    if not isinstance(value, list) or not value:
        out.write(to_json(value))
        return
    out.write(f"[\n    {to_json(value[0])}")
    out.writelines(f",\n    {to_json(item)}" for item in value[1:])
    out.write("\n  ]")


def _document(report: Report) -> dict[str, object]:
    return {
        "version": VERSION,
        "structlint": __version__,
        "findings": [finding_object(finding) for finding in report.listed],
        **({"leftOut": report.left_out} if report.left_out else {}),
        "notes": list(report.notes),
        **({"statistics": dict(report.by_rule.most_common())} if report.statistics else {}),
        "summary": {
            "errors": report.number(Severity.ERROR),
            "warnings": report.number(Severity.WARNING),
            "files": report.files,
            "directories": report.directories,
            "openDirectories": report.open_directories,
            "baselined": report.baselined,
            "fixable": report.fixable[True],
            "unsafeFixable": report.fixable[False],
        },
    }


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding as an object of the JSON report."""
    asked = finding.origin
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": json_path(finding.path),
        "line": finding.line,
        "message": finding.message,
        "hint": finding.hint,
        "about": finding.about,
        "layout": {"file": asked.file, "line": asked.line, "column": asked.column} if asked else None,
        "related": [json_path(path) for path in finding.related],
        "fix": {True: "safe", False: "unsafe", None: None}[fixes_safely(finding)],
    }
