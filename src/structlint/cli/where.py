"""`structlint where`: shows whether a path is allowed, by which entry, and otherwise where it belongs."""

from __future__ import annotations

import click

from structlint.cli.console import console_of
from structlint.cli.options import SETTINGS, Choice, Command, common_options, config_option, layout_option
from structlint.cli.where_run import run_where


@click.command(
    "where",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Show whether the layout allows a path, and why.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@config_option
@layout_option
@click.option(
    "--output-format",
    "--format",
    "output_format",
    type=Choice(["text", "json"]),
    default="text",
    help="Print text for people or json for programs.",
)
@click.option("--imports", is_flag=True, help="Also list the imports that each PATH may contain.")
@common_options
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    config: str | None,
    layout: str | None,
    output_format: str,
    imports: bool,
) -> int:
    """Show whether the layout allows each PATH, and why.

    A path does not have to exist; end a directory with /. The repository is not scanned, so editors and
    agents can call this before every write. The exit status is 1 if a path is not allowed.

    \b
    Examples:
      structlint where services/billing/src/main.py
      structlint where notes.txt --output-format json
      structlint where --imports src/domain/order.py
    """
    return run_where(paths, console_of(context), config, layout, output_format, imports)
