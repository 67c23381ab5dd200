"""How findings and numbers are put into words, the same in every report. Every name in them is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.text.quoting import quote

if TYPE_CHECKING:
    from structlint.report import Report, Style


def place(finding: Finding) -> str:
    """The path of a finding, with the line it points at."""
    return f"{quote(finding.path)}:{finding.line}" if finding.line else quote(finding.path)


def message_with_purpose(finding: Finding) -> str:
    """What is wrong, and what the entry concerned is for."""
    return f"{finding.message}: {one_line(finding.about)}" if finding.about else finding.message


def with_origin(finding: Finding) -> str:
    """What is wrong, and the line of the layout that asks for something else."""
    return (
        f"{message_with_purpose(finding)} ({finding.origin})"
        if finding.origin
        else message_with_purpose(finding)
    )


def one_line(text: str) -> str:
    """A sentence of a layout on one line; a layout may come from anyone, and hold anything."""
    return quote(" ".join(text.split()))


def count(number: int, what: str, several: str = "") -> str:
    """A number of things: `1 file`, `1,204 files`."""
    return f"{number:,} {what if number == 1 else several or what + 's'}"


def more(number: int, rule: str, look: Style) -> str:
    """What stands for the findings of a rule that are not listed."""
    return f"{'...' if look.ascii else '…'} and {number:,} more [{rule}]"


def summary(report: Report) -> str:
    """The one line at the end."""
    files, directories = (
        count(report.files, "file"),
        count(report.directories, "directory", "directories"),
    )
    if not report.findings:
        return f"{files}, {directories}: {_all_well(report)}"
    numbers = ((report.number(severity), str(severity)) for severity in Severity)
    found = f"{', '.join(count(number, what) for number, what in numbers if number)} in {files}"
    return f"{found}; {report.baselined:,} baselined" if report.baselined else found


def _all_well(report: Report) -> str:
    if not report.complete:
        return "nothing wrong in what could be checked, which is not all"
    if not report.layouts:
        return "nothing wrong, though there is no layout to say more"
    if not report.whole:
        return "nothing to report of what was asked for"
    if report.baselined:
        return f"no new findings, {report.baselined:,} baselined"
    named = " and ".join(report.layouts) if len(report.layouts) < 4 else f"{len(report.layouts)} layouts"
    return f"all as {named} {'says' if len(report.layouts) == 1 else 'say'}"
