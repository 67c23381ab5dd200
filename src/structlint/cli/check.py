"""`structlint check`: reads the options."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from structlint.checking.request import BASELINE, Request
from structlint.cli.check_run import CheckOptions, run_check
from structlint.cli.console import console_of
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
from structlint.cli.reports import named_reports
from structlint.errors import CannotCheck
from structlint.report import FORMATS
from structlint.text.quoting import in_backticks, quote

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
    options, console = CheckOptions(**given), console_of(context)
    if options.watch:
        from structlint.cli.watch import watch

        outputs = [
            options.output_file,
            *(file for _, file in named_reports(options.report, options.output_file)),
        ]
        return watch(request.paths, lambda: run_check(request, options, console), outputs, console)
    return run_check(request, options, console)


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
