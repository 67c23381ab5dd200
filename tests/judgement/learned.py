"""The layout that `structlint init` writes for a revision, and its findings in another revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from structlint.checking.project import open_projects
from structlint.checking.request import Request
from structlint.finding import Finding
from structlint.layout.load import load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.choice import choose
from structlint.suggest.infer import InferredLayout, infer
from structlint.tree import Tree
from structlint.yaml_nodes.writer import write

FILE = "structlint.yaml"
_ALL_RULES = {name_of(rule) for rule in RULES}


class Learned(NamedTuple):
    """The layout that `init` writes, as text and parsed, and the inference result."""

    text: str
    layout: Layout
    said: InferredLayout


def options(description: str | None, arguments: list[str]) -> argparse.Namespace:
    """The command line options of a program for the repositories of a list."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--aside", action="store_true", help="those that were looked at once, at the end")
    parser.add_argument("--all", action="store_true")
    return parser.parse_args(arguments)


def selected(listed: Path, chosen: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Path]]:
    """The selected items of a list, with their git directories; lists missing repositories."""
    for item in yaml.safe_load(listed.read_text(encoding="utf-8")):
        if chosen.names and item["repository"] not in chosen.names:
            continue
        if not chosen.all and bool(item.get("aside")) != chosen.aside:
            continue
        place = place_of(item["repository"], chosen.directory)
        if place is None:
            print(f"not there: {item['repository']}")
            continue
        yield item, place


def place_of(repository: str, directory: Path) -> Path | None:
    """The git directory of a repository: `OWNER+NAME/repo` or `OWNER+NAME.git` in `directory`."""
    name = repository.replace("/", "+")
    places = (directory / name / "repo", directory / f"{name}.git", directory / name)
    return next((place for place in places if place.is_dir()), None)


def tree_of(place: Path, commit: str) -> Tree:
    """The files of a revision, without layouts."""
    tree = open_projects(Request(paths=(str(place),), rev=commit))[0].tree
    return tree.without([FILE, f".{FILE}"])


def learned(tree: Tree) -> Learned:
    """The layout that `init` writes for a tree."""
    said = infer(tree, [choice.name for choice in choose(tree)] or ["base"])
    text = write(said.layout, (), said.remarks)
    return Learned(text, load(LayoutSource(lambda path: text.encode()), FILE), said)


def findings(layout: Layout, tree: Tree) -> list[Finding]:
    """The findings of a layout for a tree that contains it."""
    with_layout = with_files(tree, [FILE])
    return engine.check(match(layout, with_layout, own=[FILE]), _ALL_RULES, date.max.replace(year=2000))


def with_files(tree: Tree, paths: Iterable[str]) -> Tree:
    """The tree with additional, empty files, which may be tracked although git ignores them."""
    added = set(paths)
    ignored = tree.ignored | tree.source.would_ignore(added)
    return tree._replace(files=tuple(sorted({*tree.files, *added})), ignored=ignored)
