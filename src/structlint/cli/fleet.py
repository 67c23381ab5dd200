"""`structlint fleet` and its commands, which check many repositories."""

from __future__ import annotations

from importlib import import_module

import click

from structlint.cli.options import SETTINGS, Command, FittedHelp, common_options
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import suggestion

_COMMANDS = ("check", "report")


class _Fleet(FittedHelp, click.Group):
    """Imports a command when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"structlint.cli.fleet_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands before the options."""
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)  # type: ignore[arg-type]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"unknown command {in_backticks(args[0])}; {suggestion(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(
    "fleet", cls=_Fleet, context_settings=SETTINGS, short_help="Check many repositories, and report on them."
)
@common_options
def command() -> None:
    """Check many repositories, and report on them.

    `fleet check` writes the results to a store. `fleet report` reads them from there.

    \b
    Examples:
      structlint fleet check /mirrors --layout org.yaml --store fleet.sqlite
      structlint fleet report --store fleet.sqlite --format html -o fleet.html
    """
