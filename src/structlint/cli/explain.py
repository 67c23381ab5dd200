"""`structlint explain`: a rule's page, or all rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, TextIO

import click

from structlint.cli.console import console_of
from structlint.cli.emitter import emitter
from structlint.cli.options import SETTINGS, Command, common_options
from structlint.cli.output import standard_output, style_of
from structlint.errors import CannotCheck
from structlint.finding import RULE_NAMES, Severity
from structlint.layout.bundled import BUNDLED, data
from structlint.report.terminal import Span
from structlint.rules import RULES, fix_of, name_of
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import nearest


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
        _list(console_of(context).color)
        return 0
    if rule not in RULE_NAMES:
        meant = nearest(rule, RULE_NAMES)
        hint = f"did you mean `{meant}`?" if meant else "list them with `structlint explain`"
        if rule in BUNDLED:
            hint = f"for the bundled layout, run `structlint layouts {rule}`"
        raise CannotCheck(f"unknown rule {in_backticks(rule)}; {hint}")
    page = data("docs", "rules", f"{rule}.md").decode()
    if style_of(out, console_of(context).color).drawn:
        _draw(page, out, console_of(context).color)
    else:
        out.write(page)
    return 0


def _list(color: str) -> None:
    write = emitter(color).line
    width = max(map(len, RULE_NAMES))
    indent = width + 20
    write((Span(f"{'rule':<{width}}  severity  fix     finds", "bold"),), indent=indent)
    for rule in RULES:
        name, fix = name_of(rule), fix_of(rule) or "-"
        severity = Span(f"  {rule.SEVERITY:<8}", "red" if rule.SEVERITY is Severity.ERROR else "yellow")
        write((Span(f"{name:<{width}}", "bold"), severity, Span(f"  {fix:<6}  {rule.ABOUT}")), indent=indent)
    write(())
    none = ", ".join(name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT)
    write((Span("Unsafe fixes require --unsafe."),))
    write((Span(f"Rules that need no layout: {none}."),), indent=2)


def _draw(page: str, out: TextIO, color: str) -> None:
    from rich.console import Console
    from rich.markdown import CodeBlock, Heading, Markdown
    from rich.padding import Padding
    from rich.text import Text
    from rich.theme import Theme

    class Block(CodeBlock):
        """A block of code without a background, so that it is legible on every terminal."""

        def __rich_console__(self, console: object, options: object) -> Iterator[Padding]:
            yield Padding(Text(str(self.text).rstrip(), "cyan"), (0, 0, 0, 4))

    class Title(Heading):
        """A heading at the left edge; rich centers the first one."""

        def __rich_console__(self, console: object, options: object) -> Iterator[Text]:
            self.text.justify = "left"
            yield self.text

    class Page(Markdown):
        elements: ClassVar = {
            **Markdown.elements,
            "heading_open": Title,
            "fence": Block,
            "code_block": Block,
        }

    look = style_of(out, color)
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard" if look.coloured else None,
        theme=Theme({"markdown.code": "cyan", "markdown.h1": "bold", "markdown.h2": "bold underline"}),
    )
    console.print(Page(page, hyperlinks=False))
