"""The command `structlint`, with its subcommands, which are imported when called, and the common options."""

from __future__ import annotations

from importlib import import_module

import click

from structlint.cli.console import console_of
from structlint.cli.options import SETTINGS, Command, FittedHelp, common_options
from structlint.text.quoting import in_backticks

_GROUPS = {
    "Check": ("check", "tree", "where", "ports", "explain"),
    "Many repositories": ("fleet",),
    "Change": ("fix", "new"),
    "Set up": ("init", "layouts", "test", "schema", "hook"),
}
COMMANDS = tuple(sorted(name for names in _GROUPS.values() for name in names))


class LazyGroup(FittedHelp, click.Group):
    """A group of commands, each in its own module, which is imported when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"structlint.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        if ctx.resilient_parsing:  # for the shell
            from structlint.cli.completion import complete

            complete(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands in groups, each with its whole summary."""
        for heading, names in _GROUPS.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, command.short_help or "") for name, command in commands if command]
                )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands before the options."""
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)  # type: ignore[arg-type]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from structlint.text.suggestions import suggestion

            ctx.fail(f"unknown command {in_backticks(args[0])}; {suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group("structlint", cls=LazyGroup, context_settings=SETTINGS, invoke_without_command=True)
@common_options
@click.pass_context
def structlint(context: click.Context) -> int | None:
    """Check that a repository matches its declared structure.

    The structure is declared in a layout, structlint.yaml, which can extend a bundled one.

    \b
    First steps:
      structlint check . --layout python-service  try a bundled layout
      structlint init                             write a first structlint.yaml
      structlint check .                          check the repository
      structlint fix --diff                       show what can be fixed

    \b
    Shell completion for bash (for zsh and fish: zsh_source, fish_source):
      eval "$(_STRUCTLINT_COMPLETE=bash_source structlint)"

    \b
    Exit status:
      0  no finding at or above the fail level
      1  findings
      2  the check could not be completed
      3  a bug in structlint
    """
    if context.invoked_subcommand is not None:
        return None
    from structlint.cli.start import start

    return start(console_of(context))
