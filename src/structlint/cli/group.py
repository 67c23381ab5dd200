"""The command `structlint`: its commands, each imported when called, and the options all of them have."""

from __future__ import annotations

from importlib import import_module

import click

from structlint.cli.options import SETTINGS, common_options
from structlint.text.quoting import quote

COMMANDS = (
    "check",
    "explain",
    "fix",
    "hook",
    "init",
    "layouts",
    "new",
    "ports",
    "schema",
    "test",
    "tree",
    "where",
)


class LazyGroup(click.Group):
    """A group whose commands are modules beside this one, each imported when it is needed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            ctx.fail(ctx.get_help())
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"structlint.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from structlint.text.suggestions import suggestion

            ctx.fail(f"there is no command {quote(args[0])}; {suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group("structlint", cls=LazyGroup, context_settings=SETTINGS)
@common_options
def structlint() -> None:
    """Hold a repository against a picture of its structure.

    The picture is a layout, structlint.yaml. It may build on a bundled one.

    \b
    To begin with
      structlint check .                          what is wrong, and what to do
      structlint init                             write a first structlint.yaml
      structlint layouts                          the bundled layouts
      structlint check . --layout python-service  try one of them
      structlint explain missing-file             what a rule is for
      structlint tree                             expected against actual, drawn

    \b
    Completion, for bash (zsh and fish: write zsh_source, fish_source)
      eval "$(_STRUCTLINT_COMPLETE=bash_source structlint)"

    \b
    Exit status
      0 nothing that fails the check   1 findings   2 the check could not be done
      3 a bug in structlint            130 interrupted
    """
