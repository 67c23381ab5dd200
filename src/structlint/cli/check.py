"""`structlint check`: reads the options, prints the report and returns the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from structlint.checking.check import all_findings, is_whole
from structlint.checking.checkout import repositories_of
from structlint.checking.project import Project, find_problems, open_projects
from structlint.checking.request import BASELINE, Request
from structlint.cli.check_notes import details_of
from structlint.cli.check_report import WITH_TREES, joined, report_of
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.failures import Failures
from structlint.cli.options import (
    SETTINGS,
    Choice,
    Command,
    WholeNumber,
    common_options,
    config_option,
    layout_option,
    output_option,
    rule_options,
    source_options,
)
from structlint.cli.output import output, refuse_unwritable, style_of, tops_of
from structlint.cli.reports import named_reports
from structlint.cli.selection import selected
from structlint.errors import CannotCheck
from structlint.finding import Finding, Severity
from structlint.report import FORMATS, Report, render
from structlint.report.wording import summary
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record

# The rules are imported while git runs.

_REPORTING = {
    "-o": "output_file",
    "--output-format": "output_format",
    "--report": "report",
    "--statistics": "statistics",
    "--max-findings": "max_findings",
}
_OF_REQUEST = (
    *("config", "layout", "documents", "tracked", "rev", "changed", "exclude", "require_layout"),
    *("no_baseline", "own_exceptions", "isolated"),
)


class _Options(Record):
    """The options for the findings. A `Request` contains the options for the check itself."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_level: str
    exit_zero: bool
    show_files: bool
    null: bool
    show_config: bool
    output_format: str
    output_file: str | None
    statistics: bool
    max_findings: int | None
    full: bool
    baseline: str | None
    update_baseline: bool
    allow_growth: bool
    report: tuple[str, ...]
    fix: bool
    watch: bool

    def status(self, findings: list[Finding]) -> int:
        """The exit status for the findings."""
        if self.exit_zero or self.fail_level == "never":
            return 0
        return int(any(self.fail_level == "warning" or one.severity is Severity.ERROR for one in findings))


class _Check(Command):
    """Accepts `--changed=BASE`, and `--changed` alone, so that a PATH after it is not read as the base."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        given = ["--changed=HEAD" if argument == "--changed" else argument for argument in args[:end]]
        return super().parse_args(ctx, given + args[end:])


@click.command(
    "check",
    cls=_Check,
    context_settings=SETTINGS,
    short_help="Check that a repository matches its layout.",
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@config_option
@layout_option
@click.option(
    "--documents", is_flag=True, help="Check the trees drawn in README.md and other documents, not a layout."
)
@rule_options
@click.option(
    "--fail-level",
    type=Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 on findings of this severity or higher.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes first; undo them with `structlint fix --undo`.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--isolated", is_flag=True, help="Ignore the repository's structlint.yaml and baseline.")
@source_options
@click.option(
    "--changed",
    metavar="[=BASE]",
    help="Report only findings related to changes since BASE.  [default: HEAD]",
)
@click.option(
    "--paths-from",
    metavar="FILE|-",
    help="Check a list of paths, one per line or NUL-separated, instead of PATH.",
)
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="Exclude paths that match this gitignore pattern."
)
@click.option("--require-layout", is_flag=True, help="Exit with 2 if no layout applies.")
@click.option("--no-gitignore", is_flag=True, help="Also check files that git ignores.")
@click.option("--show-files", is_flag=True, help="List the files that would be checked.")
@click.option("-0", "--null", is_flag=True, help="With --show-files: separate unquoted names with NUL.")
@click.option("--show-config", is_flag=True, help="Print the layout with everything it extends.")
@click.option(
    "--output-format",
    "--format",
    "output_format",
    type=Choice(FORMATS),
    default="full",
    metavar="FORMAT",
    envvar="STRUCTLINT_OUTPUT_FORMAT",
    show_envvar=True,
    help=f"Print the report as {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.  "
    "[default: full, in GitHub Actions github]",
)
@output_option("report")
@click.option(
    "--report",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write a report in another format, such as sarif=report.sarif. Repeatable.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help=f"Accept the findings in FILE.  [default: {BASELINE}]",
)
@click.option("--no-baseline", is_flag=True, help="Also report the findings in the baseline.")
@click.option(
    "--own-exceptions",
    type=click.Choice(["respect", "count", "refuse"]),
    default="respect",
    show_default=True,
    help="Respect, count or refuse the repository's own baselines, `ignore` and nested layouts.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Remove fixed findings from the baseline, or create it."
)
@click.option("--allow-growth", is_flag=True, help="With --update-baseline: also add new findings.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option(
    "--max-findings", type=WholeNumber(0), metavar="N", help="List at most N findings of each rule."
)
@click.option("--all", "full", is_flag=True, help="List every finding, without folding or limits.")
@common_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> int:
    """Check each project against its layout.

    The layout is the nearest structlint.yaml (or .structlint.yaml), from PATH up to the root of the
    repository. PATH defaults to the current directory. Directories below it that have their own layout are
    checked too. Without a layout, only the rules that don't need one run.

    \b
    Examples:
      structlint check .
      structlint check . --layout python-service
      structlint check services --output-format concise
      structlint check --changed=origin/main --select 'stray-*'
      structlint check --tracked --fail-level warning
      structlint check --documents
    """
    request = Request(
        paths=given.pop("paths") or (".",),
        paths_from=_listed(given.pop("paths_from")),
        gitignore=not given.pop("no_gitignore"),
        baseline=given["baseline"],
        **{name: given.pop(name) for name in _OF_REQUEST},
    )
    if given["update_baseline"]:
        _refuse_reports(context)
    if _is_for_github(context, given["output_file"]):
        given["output_format"] = "github"
    options, console = _Options(**given), console_of(context)
    if options.watch:
        from structlint.cli.watch import watch

        outputs = [
            options.output_file,
            *(file for _, file in named_reports(options.report, options.output_file)),
        ]
        return watch(request.paths, lambda: _run(request, options, console), outputs, console)
    return _run(request, options, console)


def _is_for_github(context: click.Context, file: str | None) -> bool:
    """Whether the default format is for GitHub's runner, which reads standard output but no files."""
    by_default = context.get_parameter_source("output_format") is click.core.ParameterSource.DEFAULT
    return os.environ.get("GITHUB_ACTIONS") == "true" and by_default and file is None


def _refuse_reports(context: click.Context) -> None:
    """Rejects options for the report if another option prevents a report."""
    for option, name in _REPORTING.items():
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise CannotCheck(f"--update-baseline writes no report; remove {option}")


def _listed(name: str | None) -> tuple[str, bytes] | None:
    """The name and the content of a list of paths."""
    if name is None:
        return None
    if name == "-":
        if sys.stdin is None:
            raise CannotCheck("--paths-from -: standard input is closed")
        return "standard input", sys.stdin.buffer.read()
    try:
        return quote(name), Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CannotCheck(f"--paths-from {in_backticks(name)}: {reason}") from None


def _run(request: Request, options: _Options, console: CommandConsole) -> int:
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


def _update(request: Request, options: _Options, console: CommandConsole) -> int:
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


def _show(projects: list[Project], options: _Options, console: CommandConsole) -> int:
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


def _write(report: Report, options: _Options, tops: Sequence[Path], console: CommandConsole) -> None:
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
