"""Words findings and numbers for all reports. Every name is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.text.quoting import quote

if TYPE_CHECKING:
    from structlint.report import Report, Style


def place(finding: Finding) -> str:
    """The path of a finding, with its line if it has one."""
    return f"{quote(finding.path)}:{finding.line}" if finding.line else quote(finding.path)


def with_origin(finding: Finding) -> str:
    """The message, and the line of the layout that it refers to."""
    message = finding.message_with_purpose
    return f"{message} ({origin})" if (origin := origin_of(finding)) else message


def origin_of(finding: Finding) -> str:
    """The line of the layout that a finding refers to; "" if there is none, or if the finding is at it."""
    if finding.origin is None:
        return ""
    origin = str(finding.origin)
    return "" if origin == (place(finding) if finding.line else finding.path) else origin


def one_line(text: str) -> str:
    """A description from a layout on one line, quoted if necessary, because it is not trusted."""
    return quote(" ".join(text.split()))


def count(number: int, what: str, several: str = "") -> str:
    """A number of things: `1 file`, `1,204 files`."""
    return f"{number:,} {what if number == 1 else several or what + 's'}"


def more(number: int, rule: str, look: Style) -> str:
    """The text for findings of a rule that are not listed."""
    return f"{'...' if look.ascii else '…'} and {number:,} more [{rule}]"


def summary(report: Report) -> str:
    """The summary line."""
    details = count(report.files, "file")
    if report.baselined:
        details += f", {report.baselined:,} baselined"
    if report.findings:
        return _found(report)
    if not report.complete:
        return f"No problems found, but the check is incomplete ({details})"
    if report.documents:
        return f"No problems found ({details}; checked the trees in documents, not a layout)"
    if not report.layouts:
        return f"No problems found ({details}; no layout, so the structure was not checked)"
    if not report.whole:
        return f"No problems found ({details}; only the selected paths and rules were checked)"
    checked = report.directories - report.open_directories
    if report.directories and not checked:
        return f"No problems found ({details}; only the root is checked)"
    if report.open_directories:
        details += f", {checked:,} of {count(report.directories, 'directory', 'directories')}"
    return f"All checks passed ({details})"


def _found(report: Report) -> str:
    numbers = ((report.number(severity), str(severity)) for severity in Severity)
    found = " and ".join(count(number, what) for number, what in numbers if number)
    baselined = f"; {count(report.baselined, 'finding')} baselined" if report.baselined else ""
    return f"Found {found} (checked {count(report.files, 'file')}{baselined})"


def fixable(report: Report) -> str:
    """The number of findings that can be fixed, and the command to do so; "" if none can."""
    command, total = report.fix_command, f"{len(report.findings):,}"
    safe, unsafe = report.fixable[True], report.fixable[False]
    if not command or not (safe or unsafe):
        return ""
    if not safe:
        return f"{unsafe:,} of {total} can be fixed: {command} --unsafe --diff"
    more = f" ({unsafe:,} more with --unsafe)" if unsafe else ""
    return f"{safe:,} of {total} can be fixed: {command} --diff{more}"
