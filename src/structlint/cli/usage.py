"""Words the messages for invalid command lines, each in one sentence."""

from __future__ import annotations

import re

import click

from structlint.text.quoting import in_backticks
from structlint.text.suggestions import nearest

_ALIKE = 0.75  # of two options, so that `--check` is not read as `--help`


def usage_message(error: click.UsageError) -> str:
    """The message for an invalid command line: the problem and, if possible, a suggestion."""
    if isinstance(error, click.NoSuchOption):
        return f"unknown option {in_backticks(error.option_name)}{_meant(error)}"
    if isinstance(error, click.BadOptionUsage):
        needs = "needs a value" if "requires" in error.message else "takes no value"
        return f"option {in_backticks(error.option_name)} {needs}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        context = error.ctx or click.Context(click.Command(None))
        return f"missing {error.param.get_error_hint(context).strip(chr(39)).removesuffix('...')}"
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Option):
        return f"{_longest(error.param.opts)}: {error.message}"
    if extra := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message, re.DOTALL):
        return f"unexpected argument {in_backticks(extra[1])}"
    message = error.format_message().rstrip(".")
    return message[:1].lower() + message[1:]


def _meant(error: click.NoSuchOption) -> str:
    """The suggested option, as the end of a sentence."""
    if error.ctx is None:
        return ""
    options = [_longest(parameter.opts) for parameter in error.ctx.command.get_params(error.ctx)]
    known = {option.lstrip("-"): option for option in options if option.startswith("--")}
    name = nearest(error.option_name.lstrip("-"), list(known), alike=_ALIKE)
    return f"; did you mean `{known[name]}`?" if name else ""


def _longest(options: list[str]) -> str:
    """The most descriptive name of an option."""
    return max(options, key=lambda option: option.startswith("--"))
