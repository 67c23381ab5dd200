"""For people: the parts of the tree that have findings, drawn; the findings with what to do; a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.terminal import Line, Span, writer
from structlint.report.wording import message_with_purpose, more, place, summary

if TYPE_CHECKING:
    from structlint.report import Report, Style

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes the report; draws, and colours, only where the look asks for it."""
    write = writer(out, look)
    if look.drawn and report.findings and not look.quiet:
        from structlint.report.tree import draw_findings

        for line in draw_findings(report, look):
            write(line, cut=True)
        write(())
    for line in _text(report, look):
        write(line)


def _text(report: Report, look: Style) -> Iterator[Line]:
    """What stands below the drawing."""
    for finding in report.listed:
        yield from _finding(finding)
    for rule, number in report.left_out.items():
        yield (Span(more(number, rule, look)),)
    if report.statistics and report.findings:
        yield ()
        yield from _statistics(report)
    if look.quiet:
        return
    if report.findings:
        yield ()
    for note in report.notes:
        yield (Span("note: ", "bold"), Span(note))
    yield (Span(summary(report), _mood(report)),)


def _finding(finding: Finding) -> Iterator[Line]:
    severity = finding.severity or Severity.ERROR
    asked = f"{finding.origin}, " if finding.origin else ""
    yield (
        Span(f"{severity:<9}", _COLOURS[severity]),
        Span(place(finding), "bold"),
        Span(f": {message_with_purpose(finding)}"),
    )
    yield Span(f"{'':9}{finding.hint}"), Span(f"  ({asked}{finding.rule})", "dim")


def _statistics(report: Report) -> Iterator[Line]:
    width = len(f"{max(report.by_rule.values()):,}")
    for rule, number in report.by_rule.most_common():
        yield (Span(f"{number:>{width},}  {rule}"),)


def _mood(report: Report) -> str:
    if report.number(Severity.ERROR):
        return "bold red"
    return "bold yellow" if report.findings else "bold green"
