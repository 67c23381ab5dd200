"""`structlint hook`: decides whether a coding agent may create a file."""

from __future__ import annotations

from typing import Any

import click

from structlint.cli.console import console_of
from structlint.cli.hook_run import failed, run_hook
from structlint.cli.options import SETTINGS, Command, common_options


class _HookCommand(Command):
    """A command that allows the tool call if its own arguments are wrong."""

    def make_context(self, *arguments: Any, **given: Any) -> click.Context:
        try:
            return super().make_context(*arguments, **given)
        except click.UsageError as error:
            raise click.exceptions.Exit(failed(error.format_message())) from None


@click.command(
    "hook",
    cls=_HookCommand,
    context_settings={**SETTINGS, "ignore_unknown_options": True},
    short_help="Check for a coding agent whether a file may be created.",
)
@click.argument("ignored", nargs=-1, type=click.UNPROCESSED, metavar="")
@common_options
@click.pass_context
def command(context: click.Context, ignored: tuple[str, ...]) -> int:
    """Check for a coding agent whether a file may be created at a path.

    The agent sends an event as JSON on standard input before it uses a tool. If the layout does not allow
    the file, the exit status is 2, and the reason is printed on standard error. Otherwise, the exit status
    is 0, even if no layout applies, the event is unknown or structlint fails. To print failures, use -v.

    \b
    Example, with this event in event.json:
      {"tool_input": {"file_path": "notes.txt"}}
      structlint hook < event.json
    """
    return run_hook(console_of(context))
