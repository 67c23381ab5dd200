"""Writes Markdown for comments on pull requests and job summaries, on GitHub and GitLab.

See https://github.github.com/gfm/. In a comment, `@name`, `#1`, a commit, `www.` and more become links or
notifications. None of this happens in code, so all text except plain words is written as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.locations import ordered
from structlint.report.wording import count, place, summary
from structlint.text.quoting import in_quotes

if TYPE_CHECKING:
    from structlint.report import Report, Style

_MOST = 65_000  # bytes; GitHub refuses a comment of more than 65,536 characters
_MOST_OPEN = 50  # findings; more are folded
_MOST_NOTES = 20
_HEAD = "| path | problem | fix | rule |\n|---|---|---|---|\n"
# A word, a number or a simple path, with the marks around it: nothing that is a link, a commit or an issue.
# A path in parentheses may have a line; before a colon that could be an emoji, as in `:100:`.
_WORD = re.compile(
    r"\(?(?!(?i:www)\.|[0-9a-fA-F]{7})"
    r"(?:[A-Za-z][A-Za-z0-9]*(?:[-._/'][A-Za-z][A-Za-z0-9]*)*/?|[0-9]{1,5}(?:[-,][0-9]{1,5})*)"
    r"(?::[0-9]{1,5}(?=\)))?\)?[,;:]?"
)
_NAME = re.compile("(`[^`]+`)")  # as messages write it
_MARKS = re.compile("[(),;:]*")
_TICKS = re.compile("`+")
_BAR = r"\|"


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a summary and a table of findings for each severity."""
    out.write(comment(report, look, _MOST))


def comment(report: Report, look: Style, most: int) -> str:
    """The report in at most `most` bytes if a table fits; omitted findings are counted."""
    findings = ordered(report.listed)
    room = most - len(_page(report, look, []).encode("utf-8", "backslashreplace")) - 1000
    return _page(report, look, list(_fitting(findings, room)))


def _fitting(findings: Sequence[Finding], room: int) -> Iterator[tuple[Finding, str]]:
    """The findings whose rows fit, with room for the frames of two tables of findings."""
    for finding in findings:
        row = _row(finding)
        room -= len(row.encode("utf-8", "backslashreplace"))
        if room < 0:
            return
        yield finding, row


def _page(report: Report, look: Style, rows: Sequence[tuple[Finding, str]]) -> str:
    parts = [f"### structlint\n\n{prose(summary(report))}\n"]
    left = _MOST_OPEN
    for severity in Severity:
        of_severity = [row for finding, row in rows if finding.severity is severity]
        if report.number(severity):
            parts.append(f"#### {count(report.number(severity), str(severity))}\n")
            parts += _tables(of_severity, left)
            left = max(0, left - len(of_severity))
    parts += _lists(report, look, len(report.listed) - len(rows))
    return "\n".join(parts)


def _tables(rows: Sequence[str], most: int) -> Iterator[str]:
    """A table of the first `most` rows, and a collapsed table of the others."""
    if rows[:most]:
        yield _HEAD + "".join(rows[:most])
    if rows[most:]:
        folded = f"{count(len(rows[most:]), 'more finding')}"
        yield f"<details>\n<summary>{folded}</summary>\n\n{_HEAD}{''.join(rows[most:])}\n</details>\n"


def _lists(report: Report, look: Style, cut: int) -> Iterator[str]:
    """The text below the tables: the omitted findings, the numbers and the notes."""
    lines = [f"{number:,} more of {rule}, not listed" for rule, number in report.left_out.items()]
    if cut:
        lines.append(f"{count(cut, 'more finding')}, not listed because the report would be too long")
    if report.statistics:
        lines += [f"{number:,} {rule}" for rule, number in report.by_rule.most_common()]
    if not look.quiet:
        lines += [f"note: {prose(note[:1000])}" for note in islice(report.notes, _MOST_NOTES)]
    if lines:
        yield "".join(f"- {line}\n" for line in lines)


def _row(finding: Finding) -> str:
    asked = f", {_code_cell(str(finding.origin))}" if finding.origin else ""
    cells = (
        _code_cell(place(finding)),
        cell(finding.message_with_purpose),
        cell(finding.hint),
        finding.rule + asked,
    )
    return f"| {' | '.join(cells)} |\n"


def cell(text: str) -> str:
    """A text in a cell of a table."""
    return prose(_unpiped(text)).replace("|", _BAR)


def _code_cell(text: str) -> str:
    return code(_unpiped(text)).replace("|", _BAR)


def _unpiped(text: str) -> str:
    """A text for a cell. Readers do not agree on a bar after a backslash, so that one is spelled out."""
    return in_quotes(text).replace("|", r"\x7c") if r"\|" in text else text


def prose(text: str) -> str:
    """A text unchanged if it consists of plain words and names in backticks, otherwise as code."""
    between = _NAME.split(text)[::2]
    words = (word for part in between for word in part.split(" "))
    plain = all(between[1:-1]) and all(_WORD.fullmatch(word) or _MARKS.fullmatch(word) for word in words)
    return text if plain else code(text)


def code(text: str) -> str:
    """A text on one line as a code span, between more backticks than it contains in a row."""
    mark = "`" * (1 + ticks(text))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{space}{text}{space}{mark}"


def ticks(text: str) -> int:
    """The longest run of backticks in a text."""
    return max(map(len, _TICKS.findall(text)), default=0)
