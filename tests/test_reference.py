"""structlint and a second reading of the language (`reference.py`) find the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import reference
import yaml
from drawing import Drawn, drawn
from pages import Example, examples

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs/language.md", *sorted(ROOT.glob("docs/rules/*.md"))]
LINE = re.compile(r"(?P<path>.*?)(:\d+)?: (?P<severity>error|warning): .* \[(?P<rule>[a-z-]+)\]( --.*)?")
NOT_READ = {"tracked-ignored", "unportable-name", "stale-document"}


class Yaml12(yaml.SafeLoader):
    """`no` and `off` are text."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, at) for tag, at in every if not tag.endswith(("bool", "timestamp"))]
    for first, every in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def parsed(text: str) -> Any:
    return yaml.load(text, Yaml12)  # noqa: S506 (a subclass of the safe loader)


def readable() -> list[Example]:
    """The examples of the pages on the language that speak of no more than the reference reads."""
    every = [example for page in PAGES if "port" not in page.name and "document" not in page.name for example in examples(page) if example.layout]
    lines = [each for each in every if all(map(LINE.fullmatch, each.output))]
    return [each for each in lines if not re.search(r"\(submodule\)| -> |^ports:", f"{each.tree}{each.layout}", re.M)]


@pytest.mark.parametrize("example", readable(), ids=str)
def test_the_reference_reads_the_examples_of_the_pages(example: Example) -> None:
    assert example.layout
    layout = parsed(example.layout)
    tree = drawn(example.tree, example.contents, in_git=True)
    assert isinstance(tree.source, Drawn)
    base = [parsed(example.contents[layout["extends"][2:]])] if "extends" in layout else []
    full = {path[: at + 1] for path in tree.files for at, letter in enumerate(path) if letter == "/"}
    gitignore = example.contents.get(".gitignore", "").split()
    found = reference.findings([*base, layout], tree.files, tree.source.directories - full, tree.untracked, gitignore)
    expected = {(m["path"], m["rule"], m["severity"]) for m in map(LINE.fullmatch, example.output) if m}
    assert {f for f in found if f[1] not in NOT_READ} == {f for f in expected if f[1] not in NOT_READ}
