"""The report as JSON, for a data catalog. docs/fleet.md describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from structlint.report.locations import to_json

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader, Repository, Run

VERSION = 1


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes one JSON object in ASCII, with one repository per line."""
    document = _document(report)
    marks = ("{", *[","] * len(document))
    out.writelines(
        f"{mark}\n  {to_json(key)}: {to_json(value)}"
        for mark, (key, value) in zip(marks, document.items(), strict=False)
    )
    out.write(',\n  "repositories": [')
    for number, one in enumerate(report.repositories):
        text = to_json(_repository(one, reader))
        out.write(f"{',' * bool(number)}\n    {text}")
    out.write("\n  ]\n}\n" if report.repositories else "]\n}\n")


def _document(report: FleetReport) -> dict[str, object]:
    return {
        "version": VERSION,
        "run": _run(report.run),
        "base": _run(report.base) if report.base else None,
        "summary": {
            "repositories": len(report.repositories),
            "passed": report.passed,
            "failed": len(report.failed),
            "unjudged": len(report.unjudged),
            "statuses": dict(report.statuses),
            "new": len(report.new),
            "fixed": len(report.fixed),
            "added": list(report.added),
            "gone": list(report.gone),
        },
        "rules": [rule._asdict() for rule in report.rules],
        "by": report.column,
        "groups": [group._asdict() for group in report.groups],
        "new": [change._asdict() for change in report.new],
        "fixed": [change._asdict() for change in report.fixed],
        "exceptions": [ending._asdict() for ending in report.endings],
        "trend": [point._asdict() for point in report.trend],
    }


def _run(run: Run) -> dict[str, object]:
    return {
        "number": run.number,
        "started": run.started,
        "finished": run.finished or None,
        "seconds": run.seconds,
        "structlint": run.structlint,
        "options": run.options,
    }


def _repository(one: Repository, reader: Reader) -> dict[str, object]:
    baseline, ignore, nested = one.hidden
    kept = ("name", "path", "team", "status", "message", "tree", "seconds", "files", "errors", "warnings")
    return {
        **{name: getattr(one, name) for name in kept},
        "columns": dict(one.more),
        "layouts": list(one.layouts),
        "new": one.new,
        "fixed": one.fixed,
        "baselined": one.baselined,
        "hidden": {"baseline": baseline, "ignore": ignore, "nested": nested},
        "unchanged": one.reused,
        "rules": dict(one.rules),
        "exceptions": list(one.exceptions),
        "findings": list(reader.findings(one.result)),
    }
