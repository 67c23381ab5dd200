"""For people: the parts of the tree that have findings, drawn; the findings with what to do; a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.terminal import Line, Span, writer
from structlint.report.wording import more, place, said, summary

if TYPE_CHECKING:
    from structlint.report import Look, Report

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def render(report: Report, out: TextIO, look: Look) -> None:
    """Writes the report; draws, and colours, only where the look asks for it."""
    write = writer(out, look)
    if look.drawn and report.findings and not look.quiet:
        from structlint.report.tree import picture

        for line in picture(report, look):
            write(line, cut=True)
        write(())
    for line in _text(report, look):
        write(line)


def _text(report: Report, look: Look) -> Iterator[Line]:
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
    asked = f"{finding.asked}, " if finding.asked else ""
    yield Span(f"{severity:<9}", _COLOURS[severity]), Span(place(finding), "bold"), Span(f": {said(finding)}")
    yield Span(f"{'':9}{finding.hint}"), Span(f"  ({asked}{finding.rule})", "dim")


def _statistics(report: Report) -> Iterator[Line]:
    width = len(f"{max(report.by_rule.values()):,}")
    for rule, number in report.by_rule.most_common():
        yield (Span(f"{number:>{width},}  {rule}"),)


def _mood(report: Report) -> str:
    if report.number(Severity.ERROR):
        return "bold red"
    return "bold yellow" if report.findings else "bold green"
