"""The options that every command has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from structlint import __version__
from structlint.cli.console import console_of

Decorated = Callable[..., Any]


def _set(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        setattr(console_of(context), parameter.name, value)


def _tell_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"structlint {__version__}")
        context.exit()


def common_options(function: Decorated) -> Decorated:
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


SETTINGS = {"help_option_names": ["-h", "--help"]}
