"""Writes the report for people: the folded findings by directory, a summary, and the next command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.report import fixes_safely
from structlint.report.folding import Fold, fold_hint, fold_message, folds
from structlint.report.links import path_link, rule_link
from structlint.report.terminal import Line, LineWriter, Span
from structlint.report.wording import count, fixable, more, origin_of, place, summary
from structlint.text.enumerations import every

if TYPE_CHECKING:
    from structlint.report import Report, Style

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
MOST_ROWS = 50
_INDENT = 9  # of the text after the severity


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes the report. The findings take at most 50 rows, unless `--all` is given."""
    writer = LineWriter(out, look)
    write_findings(report, writer)
    if not look.quiet:
        _write_end(report, writer)


def write_findings(report: Report, writer: LineWriter, to_list: str = "--all") -> None:
    """Writes the findings; `to_list` is the option or command that lists all of them."""
    look = writer.look
    folded = folds(report.listed, fold=not report.full)
    shown = folded if report.full else _within(folded, report, writer)
    for fold in shown:
        for line in _block(fold, report, look):
            writer.write(line, indent=_INDENT)
    for rule, number in report.left_out.items():
        writer.write((Span(more(number, rule, look)),))
    hidden = len(report.listed) - sum(len(fold.findings) for fold in shown)
    if hidden:
        text = f"{'...' if look.ascii else '…'} and {count(hidden, 'more finding')}; list all with {to_list}"
        writer.write((Span(text, "bold"),))
    if (report.statistics or hidden) and report.findings:
        writer.write(())
        for line in _statistics(report, look):
            writer.write(line)


def _within(folded: Sequence[Fold], report: Report, writer: LineWriter) -> Sequence[Fold]:
    """The folds that fit in their order; if not all fit, warnings are omitted first."""
    room = MOST_ROWS
    shown: list[int] = []
    for number in sorted(range(len(folded)), key=lambda number: folded[number].severity is Severity.WARNING):
        lines = _block(folded[number], report, writer.look)
        rows = sum(len(writer.rows(line, _INDENT)) for line in lines)
        if shown and rows > room:
            break
        room -= rows
        shown.append(number)
    return [folded[number] for number in sorted(shown)]


def _block(fold: Fold, report: Report, look: Style) -> Iterator[Line]:
    first = fold.findings[0]
    severity = Span(f"{fold.severity:<{_INDENT}}", _COLORS[fold.severity])
    if len(fold.findings) > 1:
        yield severity, Span(fold_message(fold))
        yield Span(f"{'':{_INDENT}}{fold_hint(fold)}"), *_source(first, report, look)
    else:
        link = path_link(report.top, first.path) if look.linked else ""
        yield severity, Span(place(first), "bold", link), Span(f": {first.message_with_purpose}")
        yield Span(f"{'':{_INDENT}}{first.hint}"), *_source(first, report, look)


def _source(finding: Finding, report: Report, look: Style) -> Line:
    """The line of the layout, the rule, and whether `fix` can fix the finding."""
    safe = fixes_safely(finding) if report.fix_command else None
    fix = {True: ", fixable", False: ", unsafe fix", None: ""}[safe]
    origin = f"{origin}, " if (origin := origin_of(finding)) else ""
    link = rule_link(finding.rule) if look.linked else ""
    return (
        Span("  "),
        Span(f"({origin}", "dim", "", True),
        Span(finding.rule, "dim", link),
        Span(f"{fix})", "dim", "", True),
    )


def _statistics(report: Report, look: Style) -> Iterator[Line]:
    width = len(f"{max(report.by_rule.values()):,}")
    for rule, number in report.by_rule.most_common():
        link = rule_link(rule) if look.linked else ""
        yield Span(f"{number:>{width},}  "), Span(rule, link=link)


def _write_end(report: Report, writer: LineWriter) -> None:
    """Writes the notes, the summary, and the number of fixable findings."""
    if report.findings:
        writer.write(())
    for note in (*report.notes, *_on_bundled(report)):
        writer.write((Span("note: ", "bold"), Span(note)), indent=6)
    writer.write((Span(summary(report), _mood(report)),))
    if line := fixable(report):
        writer.write((Span(line),), indent=2)


def _on_bundled(report: Report) -> Iterator[str]:
    """The note that explains the origins of findings in bundled layouts."""
    origins = dict.fromkeys(finding.origin.file for finding in report.listed if finding.origin)
    if names := [f"`{name}`" for name in origins if name in BUNDLED]:
        are = "is a bundled layout" if len(names) == 1 else "are bundled layouts"
        yield f"{every(names)} {are}; list the entries with --show-config"


def _mood(report: Report) -> str:
    if report.number(Severity.ERROR):
        return "bold red"
    return "bold yellow" if report.findings else "bold green"
