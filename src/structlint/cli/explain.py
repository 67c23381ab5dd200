"""`structlint explain`: a rule's page, or all rules."""

from __future__ import annotations

from typing import TextIO

import click

from structlint.cli.console import console_of
from structlint.cli.options import SETTINGS, Command, common_options
from structlint.cli.output import standard_output, style_of
from structlint.errors import CannotCheck
from structlint.layout.bundled import data
from structlint.rules import RULES, name_of
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import suggestion


@click.command(
    "explain",
    cls=Command,
    context_settings=SETTINGS,
    short_help="List the rules, or show the page of one.",
)
@click.argument("rule", required=False)
@common_options
@click.pass_context
def command(context: click.Context, rule: str | None) -> int:
    """List the rules, or show the page of RULE.

    A page explains why the rule exists, how to fix its findings, and which settings change it.

    \b
    Examples:
      structlint explain
      structlint explain stray-directory
    """
    out = standard_output()
    if rule is None:
        _list(out)
        return 0
    names = [name_of(each) for each in RULES]
    if rule not in names:
        raise CannotCheck(f"unknown rule {in_backticks(rule)}; {suggestion(rule, names)}")
    page = data("docs", "rules", f"{rule}.md").decode()
    if style_of(out, console_of(context).color).drawn:
        _draw(page, out, console_of(context).color)
    else:
        out.write(page)
    return 0


def _list(out: TextIO) -> None:
    width = max(len(name_of(rule)) for rule in RULES)
    out.writelines(f"{name_of(rule):<{width}}  {rule.ABOUT}\n" for rule in RULES)


def _draw(page: str, out: TextIO, color: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    look = style_of(out, color)
    console = Console(file=out, force_terminal=True, color_system="standard" if look.coloured else None)
    console.print(Markdown(page, hyperlinks=False))
