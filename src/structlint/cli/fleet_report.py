"""`structlint fleet report`: prints a report on a store."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path

import click

from structlint.cli.options import SETTINGS, Choice, Command, common_options, output_option
from structlint.cli.output import output, refuse_unwritable, tops_of
from structlint.errors import CannotCheck
from structlint.fleet.report import Reader
from structlint.fleet.store import label_of, readable_store
from structlint.text.quoting import in_backticks

_MODULES = {
    "full": "as_text",
    "markdown": "as_markdown",
    "html": "as_html",
    "json": "as_json",
    "csv": "as_csv",
}


@click.command(
    "report",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Report on the last run in a store.",
)
@click.option("--store", metavar="FILE", required=True, help="Read the results from this database.")
@click.option(
    "--by", "column", metavar="COLUMN", default="team", show_default=True, help="Group by this column."
)
@click.option("--since", metavar="RUN|DATE", help="Compare with this run.  [default: the previous run]")
@click.option(
    "--format",
    "--output-format",
    "format_",
    type=Choice(list(_MODULES)),
    default="full",
    show_default=True,
    metavar="FORMAT",
    help="Print the report as full, markdown, html, json or csv.",
)
@output_option("report")
@common_options
def command(store: str, column: str, since: str | None, format_: str, output_file: str | None) -> int:
    """Report on the last run in a store.

    The report lists repositories that could not be checked, new and fixed findings since the previous run,
    results by rule and team, exceptions that expire, and findings that repositories' own exceptions hide.

    \b
    Examples:
      structlint fleet report --store fleet.sqlite
      structlint fleet report --store fleet.sqlite --since 2026-01-31 --by tier
      structlint fleet report --store fleet.sqlite --format html -o fleet.html
    """
    tops = tops_of(())
    with suppress(OSError, ValueError):  # `output` refuses these
        if output_file and Path(output_file).samefile(store):
            raise CannotCheck(f"cannot write {in_backticks(output_file)}: it is the store; use another file")
    refuse_unwritable([output_file], tops)
    with readable_store(Path(store), label_of(store)) as opened:
        reader = Reader(opened)
        report = reader.report(column, since, date.today())
        with output(output_file, tops) as out:
            import_module(f"structlint.fleet.{_MODULES[format_]}").render(report, reader, out)
    return 0
