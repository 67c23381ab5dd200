"""Runs a check with its options, prints the report and returns the exit status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from structlint.checking.check import all_findings, is_whole
from structlint.checking.checkout import repositories_of
from structlint.checking.project import Project, find_problems, open_projects
from structlint.checking.request import Request
from structlint.cli.check_notes import details_of
from structlint.cli.check_report import WITH_TREES, joined, report_of
from structlint.cli.console import CommandConsole
from structlint.cli.failures import Failures
from structlint.cli.output import output, refuse_unwritable, style_of, tops_of
from structlint.cli.reports import named_reports
from structlint.cli.selection import selected
from structlint.errors import CannotCheck
from structlint.finding import Finding, Severity
from structlint.report import Report, render
from structlint.report.wording import summary
from structlint.text.records import Record

# The rules are imported while git runs.


class CheckOptions(Record):
    """The options for the findings. A `Request` contains the options for the check itself."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_level: str = "error"
    exit_zero: bool = False
    show_files: bool = False
    null: bool = False
    show_config: bool = False
    output_format: str = "full"
    output_file: str | None = None
    statistics: bool = False
    max_findings: int | None = None
    full: bool = False
    baseline: str | None = None
    update_baseline: bool = False
    allow_growth: bool = False
    report: tuple[str, ...] = ()
    fix: bool = False
    watch: bool = False

    def status(self, findings: list[Finding]) -> int:
        """The exit status for the findings."""
        if self.exit_zero or self.fail_level == "never":
            return 0
        return int(any(self.fail_level == "warning" or one.severity is Severity.ERROR for one in findings))


def run_check(request: Request, options: CheckOptions, console: CommandConsole) -> int:
    """Runs the check, and returns the exit status."""
    if options.null and not options.show_files:
        raise CannotCheck("-0 requires --show-files")
    if options.select or options.ignore:
        selected(options.select, options.ignore)  # raises an error for invalid options first
    reports = named_reports(options.report, options.output_file)
    files = [options.output_file, *(file for _, file in reports)]
    if options.fix:
        from structlint.cli.fix_before_check import fix_before_check

        fix_before_check(request, selected(options.select, options.ignore), console)
    if options.show_files or options.show_config:
        return _show(open_projects(request), options, console)
    if options.update_baseline or options.allow_growth:
        return _update(request, options, console)
    failures, today, tops, checked = Failures(), date.today(), tops_of(()), []
    parts = [request] if options.baseline else repositories_of(request)
    trees = len(parts) == 1 or any(name in WITH_TREES for name in (options.output_format, *dict(reports)))
    for part in parts:  # one by one, so that only one tree is in memory
        with failures.of_one(several=len(parts) > 1):
            projects = open_projects(part, failures.unread)
            tops = tuple(dict.fromkeys((*tops_of(project.root for project in projects), *tops)))
            refuse_unwritable(files, tops)
            rules = selected(options.select, options.ignore)
            _detail(projects, console)
            ruled = () if request.documents else projects
            by_project = [find_problems(project, rules, today, failures.note) for project in ruled]
            before = all_findings(projects, part, rules, today, by_project)
            report = report_of(before, failures, console)
            checked.append(report if trees else report._replace(trees={}))
            del projects, ruled, by_project, before, report
    report = joined(checked, failures)._replace(
        statistics=options.statistics, full=options.full, max_findings=options.max_findings
    )
    _write_reports(report, reports, tops)  # first, so that nothing is printed if a file cannot be written
    _write(report, options, tops, console)
    failures.tell()
    return options.status(list(report.findings))


def _update(request: Request, options: CheckOptions, console: CommandConsole) -> int:
    """Updates all baselines or none."""
    from structlint.cli.baselines import refuse_update, update_baselines

    failures, rules = Failures(), selected(options.select, options.ignore)
    projects = open_projects(request, failures.unread)
    tops = tops_of(project.root for project in projects)
    refuse_unwritable([options.output_file], tops)
    _detail(projects, console)
    today, ruled = date.today(), () if request.documents else projects
    by_project = [find_problems(project, rules, today, failures.note) for project in ruled]
    results = all_findings(projects, request, rules, today, by_project).by_project
    failures.tell()
    whole = rules == selected((), ()) and is_whole(request, projects)
    refuse_update(request, update=options.update_baseline, whole=whole)
    return update_baselines(projects, results, options.baseline, tops, console, grow=options.allow_growth)


def _detail(projects: list[Project], console: CommandConsole) -> None:
    for line in details_of(projects):
        console.detail(line)


def _show(projects: list[Project], options: CheckOptions, console: CommandConsole) -> int:
    """Prints the files or the layout of the projects, without a check."""
    from structlint.cli.check_show import notes_of_trees, show_config, show_files

    tops = tops_of(project.root for project in projects)
    refuse_unwritable([options.output_file], tops)
    _detail(projects, console)
    notes_of_trees(projects, console)
    with output(options.output_file, tops) as out:
        if options.show_files:
            show_files(projects, out, null=options.null)
        else:
            show_config(projects, out)
    return 0


def _write_reports(report: Report, reports: Iterable[tuple[str, str | None]], tops: Sequence[Path]) -> None:
    report = report._replace(full=True)  # once, because formats share what it computes
    for format_, file in reports:
        with output(file, tops) as out:
            render(format_, report, out, style_of(out, "never"))


def _write(report: Report, options: CheckOptions, tops: Sequence[Path], console: CommandConsole) -> None:
    """Writes the report and, unless it is the report for people on stdout, a summary on stderr."""
    with output(options.output_file, tops) as out:
        color = "never" if options.output_file and console.color == "auto" else console.color
        report = report._replace(full=report.full or options.output_file is not None)
        look = style_of(out, color, quiet=console.quiet)
        render(options.output_format, report, out, look)
        out.flush()  # standard error may go to the same file
    if options.output_format != "full" or options.output_file:
        for note in report.notes:
            console.say(f"note: {note}")
        console.say(summary(report))
