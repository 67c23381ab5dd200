"""Every example of the documentation does what it says: a layout, a tree, and what is printed of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path

import pytest
from drawing import drawn
from pages import Example, examples

from structlint.errors import LayoutError
from structlint.layout.load import LayoutSource, bundled_layout, load
from structlint.layout.model import Layout
from structlint.markdown import is_document
from structlint.matching import match
from structlint.report import Report, Style, concise
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/cases/*.md")])
EXAMPLES = [each for page in PAGES if page.name != "errors.md" for each in examples(page)]
NAMES = [name_of(rule) for rule in RULES]


def asked(arguments: list[str]) -> argparse.Namespace:
    """The options of an example's command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", nargs="*")
    parser.add_argument("--layout")
    for option in ("--select", "--ignore"):
        parser.add_argument(option, type=lambda text: text.split(","))
    return parser.parse_args(arguments)


def layout_of(example: Example, tree: Tree, name: str | None) -> Layout:
    def read(path: str) -> bytes:
        if path == "structlint.yaml" and example.layout is not None:
            return example.layout.encode()
        return tree.source.read(path)

    if name and not is_document(name):
        return bundled_layout(name)
    return load(LayoutSource(read), name or "structlint.yaml")


def named(patterns: list[str]) -> Callable[[str], bool]:
    return lambda name: any(fnmatch(name, pattern) for pattern in patterns)


def printed(example: Example) -> list[str]:
    """The lines that `structlint check` prints of an example, in a repository with nothing else in it."""
    options = asked(example.arguments[1:])
    selected, ignored = named(options.select or ["*"]), named(options.ignore or [])
    tree = drawn(example.tree, example.contents, in_git=True)
    try:
        layout = layout_of(example, tree, options.layout)
    except LayoutError as error:
        return str(error).splitlines()
    tree = tree.without(lambda path: layout.exclude.match(path) is not None)
    rules = {name for name in NAMES if selected(name) and not ignored(name)}
    own = ["structlint.yaml", options.layout or ""]
    found = check(match(layout, tree, own), rules, date(2026, 1, 1))
    out = StringIO()
    concise.render(Report(tuple(found)), out, Style())
    return out.getvalue().splitlines()


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_could_be(example: Example) -> None:
    """What is drawn is what git shows: what `.gitignore` lists is not there, or said to be tracked."""
    tree = drawn(example.tree, example.contents, in_git=True)
    assert tree.source.would_ignore([*tree.files, *tree.opaque]) == tree.ignored


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_prints(example: Example) -> None:
    got = printed(example)
    assert got == example.output, "\n".join([f"{example.page}:{example.line}: got", *got])
