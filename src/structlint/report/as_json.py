"""JSON, for programs: documented in docs/json.md, held by findings.schema.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint import __version__
from structlint.finding import Finding, Severity
from structlint.report.located import dumped, shown

if TYPE_CHECKING:
    from structlint.report import Look, Report

VERSION = 1


def render(report: Report, out: TextIO, look: Look) -> None:
    """Writes one JSON object in ASCII, a finding a line."""
    parts = [f"  {dumped(key)}: {_part(value)}" for key, value in _document(report).items()]
    out.write("{\n" + ",\n".join(parts) + "\n}\n")


def _part(value: object) -> str:
    if not isinstance(value, list) or not value:
        return dumped(value)
    return "[\n    " + ",\n    ".join(map(dumped, value)) + "\n  ]"


def _document(report: Report) -> dict[str, object]:
    return {
        "version": VERSION,
        "structlint": __version__,
        "findings": [_finding(finding) for finding in report.listed],
        **({"leftOut": report.left_out} if report.left_out else {}),
        "notes": list(report.notes),
        **({"statistics": dict(report.by_rule.most_common())} if report.statistics else {}),
        "summary": {
            "errors": report.number(Severity.ERROR),
            "warnings": report.number(Severity.WARNING),
            "files": report.files,
            "directories": report.directories,
        },
    }


def _finding(finding: Finding) -> dict[str, object]:
    asked = finding.asked
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": shown(finding.path),
        "line": finding.line,
        "message": finding.message,
        "hint": finding.hint,
        "about": finding.about,
        "layout": {"file": asked.file, "line": asked.line, "column": asked.column} if asked else None,
        "related": [shown(path) for path in finding.related],
    }
