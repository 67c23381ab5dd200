"""The options that commands share, and the groups in which `--help` lists them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

from structlint.cli.console import console_of
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import suggestion
from structlint.text.version import __version__

Decorated = Callable[..., Any]

_NARROW = 70  # columns; then the names of options leave room for the name of an environment variable
_WIDEST_NAME = 20  # of an option with its text beside it on a narrow terminal

_GROUPS = {
    "Layout": ("--config", "--layout", "--documents", "--isolated", "--require-layout"),
    "Files": ("--tracked", "--rev", "--changed", "--paths-from", "--exclude", "--no-gitignore"),
    "Rules": ("--select", "--ignore", "--fix", "--fail-level", "--exit-zero"),
    "Output": (
        "--output-format",
        "--output-file",
        "--report",
        "--all",
        "--statistics",
        "--max-findings",
        "--depth",
        "--expected",
        "--write",
        "--watch",
    ),
    "Baseline": (
        "--baseline",
        "--no-baseline",
        "--own-exceptions",
        "--update-baseline",
        "--allow-growth",
    ),
    "Inspection": ("--show-files", "--null", "--show-config"),
    "Global options": ("--color", "--quiet", "--verbose", "--version", "--help"),
}


class FittedHelp(click.Command):
    """A command or a group whose help fits the terminal."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help, and wraps the rows that click does not wrap."""
        text = click.HelpFormatter(width=formatter.width)
        super().format_help_text(ctx, text)
        formatter.write_paragraph()
        for line in text.getvalue().splitlines():
            formatter.write("".join(f"{row}\n" for row in _rows(line, formatter.width)))


class Command(FittedHelp):
    """A command whose options are listed in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options outside all groups, then each group."""
        groups: dict[str, list[tuple[str, str]]] = {heading: [] for heading in ("Options", *_GROUPS)}
        for parameter in self.get_params(ctx):
            if not isinstance(parameter, click.Argument) and (record := parameter.get_help_record(ctx)):
                groups[_group_of(parameter)].append(record)
        widest = _WIDEST_NAME if formatter.width < _NARROW else _WIDEST_NAME + 10
        for heading, records in groups.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records, col_max=widest)


def _rows(line: str, width: int) -> list[str]:
    """A line or, if it is too wide, its columns one below the other, each wrapped."""
    if len(line) <= width:
        return [line]
    from textwrap import wrap

    first, *others = re.split(r"(?<=\S) {2,}", line)
    below = " " * (len(line) - len(line.lstrip(" ")) + 2)
    texts = [first, *(below + other for other in others)]
    return [
        row
        for text in texts
        for row in wrap(text, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
    ]


def _group_of(parameter: click.Parameter) -> str:
    return next((name for name, options in _GROUPS.items() if set(options) & set(parameter.opts)), "Options")


class WholeNumber(click.ParamType):  # type: ignore[type-arg]
    """A whole number from `least` to `most`, without a range in the help."""

    name = "integer"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; the error contains the allowed range."""
        try:
            number = int(value)
        except ValueError:
            number = self.least - 1
        if number < self.least or (self.most is not None and number > self.most):
            limits = f"of at least {self.least}" if self.most is None else f"from {self.least} to {self.most}"
            self.fail(f"{in_backticks(str(value))} is not a whole number {limits}", param, ctx)
        return number


class Choice(click.Choice):  # type: ignore[type-arg]
    """One of several values."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value; the error suggests a similar value, or lists all."""
        if value not in self.choices:
            known = [str(choice) for choice in self.choices]
            self.fail(
                f"unknown value {in_backticks(str(value))}; {suggestion(str(value), known)}", param, ctx
            )
        return super().convert(value, param, ctx)


def config_option(function: Decorated) -> Decorated:
    """Adds `--config`."""
    text = "Use this layout instead of the nearest structlint.yaml."
    return click.option("-c", "--config", metavar="FILE", help=text)(function)


def layout_option(function: Decorated) -> Decorated:
    """Adds `--layout`."""
    text = "Use a bundled layout, a YAML file or a document with a drawn tree; PATH is then the root."
    return click.option("-l", "--layout", metavar="NAME|FILE", help=text)(function)


def rule_options(function: Decorated) -> Decorated:
    """Adds `--select` and `--ignore`."""
    select = "Run only these rules, such as missing-file or 'stray-*'."
    rules: dict[str, Any] = {"multiple": True, "metavar": "RULE"}
    function = click.option("--ignore", help="Skip these rules.", **rules)(function)
    return click.option("--select", help=select, **rules)(function)


def source_options(function: Decorated) -> Decorated:
    """Adds `--tracked` and `--rev`."""
    tracked = "Check git's index, which is what the next commit will contain."
    rev = "Check a revision, without a checkout."
    function = click.option("--rev", metavar="REV", help=rev)(function)
    return click.option("--tracked", is_flag=True, help=tracked)(function)


def output_option(what: str) -> Callable[[Decorated], Decorated]:
    """Adds `--output-file`, the file for `what` (a noun). `-` is standard output, the default."""
    return click.option(
        "-o",
        "--output-file",
        metavar="FILE|-",
        callback=lambda context, parameter, name: None if name == "-" else name,
        help=f"Write the {what} to FILE; - prints it.",
    )


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
            help="Print the version.",
            expose_value=False,
            is_eager=True,
            callback=_tell_version,
        ),
        click.option(
            "--color",
            type=Choice(["auto", "always", "never"]),
            help="Use color: on a terminal unless NO_COLOR is set (auto), always or never.",
            **kept,
        ),
        click.option(
            "-q", "--quiet", is_flag=True, help="Print only the output, no notes or summary.", **kept
        ),
        click.option("-v", "--verbose", is_flag=True, help="Print details on standard error.", **kept),
    ):
        function = option(function)
    return function


SETTINGS = {"help_option_names": ["-h", "--help"]}
