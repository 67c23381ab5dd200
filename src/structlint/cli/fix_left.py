"""Prints the findings that `fix` and `new` leave, in the form of `check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from structlint.checking.project import Project, with_project_paths
from structlint.checking.request import Request
from structlint.cli.check_report import fix_command, top_of
from structlint.cli.console import CommandConsole
from structlint.cli.output import standard_output, style_of
from structlint.fix.unfixed import Unfixed
from structlint.report import Report
from structlint.report.full import write_findings
from structlint.report.terminal import LineWriter, Span
from structlint.report.wording import fixable


def report_left(
    left: Sequence[Unfixed],
    request: Request,
    project: Project,
    console: CommandConsole,
    *,
    full: bool = False,
) -> None:
    """Writes the remaining findings, and how many of them `--unsafe` fixes, to standard error."""
    if not left or console.quiet or sys.stderr is None:
        return
    standard_output().flush()  # it comes first, also if both are one file
    report = Report(
        tuple(with_project_paths(unfixed.explained, project) for unfixed in left),
        top=top_of(request, [project]),
        fix_command=fix_command(request, [project]),
        full=full,
    )
    with suppress(OSError, ValueError):  # as for all that is written to standard error
        writer = LineWriter(sys.stderr, style_of(sys.stderr, console.color))
        writer.write(())
        writer.write((Span("needs your decision:", "bold"),))
        write_findings(report, writer, "`structlint check --all`")
        if line := fixable(report):
            writer.write(())
            writer.write((Span(line),), indent=2)
