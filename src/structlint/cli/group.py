"""The command `structlint`: its commands, each imported when called, and the options all of them have."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from structlint import __version__
from structlint.quoting import in_quotes, is_harmless, quote

COMMANDS = ("check", "explain", "fix", "hook", "init", "layouts", "new", "ports", "schema", "tree", "where")

_STANDARD_OUTPUT = 1  # its descriptor

Decorated = Callable[..., Any]


class Voice:
    """How much is said besides the output itself, and in what colour."""

    def __init__(self) -> None:
        self.verbose = False
        self.quiet = False
        self.color = "auto"

    def say(self, text: str) -> None:
        """Writes a line to standard error, unless all is to be quiet."""
        if not self.quiet:
            complain(text)

    def detail(self, text: str) -> None:
        """Writes a line that only those want to read who ask for it."""
        if self.verbose:
            self.say(text)


def complain(text: str) -> None:
    """Writes to standard error, if there is one. Each line is made harmless, its indentation kept."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # what cannot be complained to anyone has been done all the same
            sys.stderr.write("".join(f"{_harmless(line)}\n" for line in text.split("\n")))


def _harmless(line: str) -> str:
    words = line.strip(" ")
    return line[: len(line) - len(line.lstrip(" "))] + (words if is_harmless(words) else in_quotes(words))


def forget_output() -> None:
    """Lets what is still in the buffer go nowhere, lest Python try to write it once more at its end.

    Only as a program: a stream that a caller of `main` has put in the place of standard output is theirs.
    """
    with suppress(AttributeError, OSError, ValueError):
        if sys.stdout.fileno() != _STANDARD_OUTPUT:
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STANDARD_OUTPUT)
        os.close(nowhere)


def voice_of(context: click.Context) -> Voice:
    """The voice that the options of a command have set."""
    voice = context.find_root().ensure_object(Voice)
    assert isinstance(voice, Voice)
    return voice


def _set(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        setattr(voice_of(context), parameter.name, value)


def _tell_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"structlint {__version__}")
        context.exit()


def everywhere(function: Decorated) -> Decorated:
    """Adds the options that all commands have."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _set}
    for option in (
        click.option(
            "-V",
            "--version",
            is_flag=True,
            help="Show the version.",
            expose_value=False,
            is_eager=True,
            callback=_tell_version,
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            help="When to use colour; auto: on a terminal, if NO_COLOR is not set.",
            **kept,
        ),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but the output itself.", **kept),
        click.option("-v", "--verbose", is_flag=True, help="Say more on standard error.", **kept),
    ):
        function = option(function)
    return function


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
            from structlint.meant import suggestion

            ctx.fail(f"there is no command {quote(args[0])}; {suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


SETTINGS = {"help_option_names": ["-h", "--help"]}


@click.group("structlint", cls=LazyGroup, context_settings=SETTINGS)
@everywhere
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
