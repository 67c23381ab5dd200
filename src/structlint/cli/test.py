"""`structlint test`: runs the examples on pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from structlint.cli.console import console_of
from structlint.cli.options import SETTINGS, Command, common_options
from structlint.cli.output import standard_output
from structlint.errors import CannotCheck
from structlint.text.quoting import in_backticks, quote

if TYPE_CHECKING:
    from structlint.checking.pages import Example
    from structlint.layout.model import Layout

_PAGES = ("tests/layout.md", "docs/LAYOUT.md")


@click.command(
    "test",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Run the examples on a page against the layout.",
)
@click.argument("pages", nargs=-1, metavar="[FILE.md]...")
@common_options
@click.pass_context
def command(context: click.Context, pages: tuple[str, ...]) -> int:
    """Run the examples on Markdown pages.

    An example consists of a layout, a drawn tree and the expected output of `check`. An example without a
    layout uses the project's. The default pages are tests/layout.md and docs/LAYOUT.md. The exit status is 1
    if the output of an example differs.

    \b
    Examples:
      structlint test
      structlint test docs/LAYOUT.md
    """
    from structlint.checking.pages import examples

    named = pages or tuple(page for page in _PAGES if os.path.lexists(page))
    if not named:
        raise CannotCheck(f"no page found; give one, or create {' or '.join(map(in_backticks, _PAGES))}")
    examples_of = [(name, examples(_page(name))) for name in named]
    for name, there in examples_of:
        if not there:
            raise CannotCheck(f"{quote(name)}: no example found; end one with a `console` block")
    failed = sum(_run(there, standard_output()) for _, there in examples_of)
    number = sum(len(there) for _, there in examples_of)
    console_of(context).say(
        f"{failed:,} of {number:,} examples failed" if failed else f"All examples passed ({number:,})"
    )
    return int(failed > 0)


def _page(name: str) -> Path:
    page = Path(name)
    if not page.is_file():
        raise CannotCheck(f"no such file: {in_backticks(name)}")
    return page


def _run(there: Sequence[Example], out: TextIO) -> int:
    """Runs the examples on a page and shows the differences; returns the number of failed examples."""
    from datetime import date

    from structlint.checking.examples import run_example

    failed = 0
    layout = _layout_of(there[0].page) if any(example.layout is None for example in there) else None
    for example in there:
        printed = run_example(example, date.today(), layout)
        if printed != example.output:
            failed += 1
            out.write(f"{quote(str(example.page))}:{example.line}: the output differs\n")
            out.writelines(f"{line}\n" for line in _difference(example.output, printed))
    return failed


def _layout_of(page: Path) -> Layout | None:
    """The layout of the project that contains a page, None without one."""
    from structlint.checking.discovery import layout_for

    try:
        return layout_for(Path(os.path.realpath(page.parent)), None, None).layout
    except CannotCheck as error:
        if type(error) is CannotCheck:
            return None
        raise


def _difference(expected: Sequence[str], printed: Sequence[str]) -> Iterator[str]:
    from difflib import unified_diff

    _, _, *lines = unified_diff(expected, printed, n=1, lineterm="")
    for line in lines:
        yield line if line.isprintable() else line[0] + quote(line[1:])
