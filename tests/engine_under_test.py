"""The one place where the differential tests call structlint: layouts and paths in, findings out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from structlint.checking.baseline import compare, update_baseline
from structlint.checking.discovery import nested_projects
from structlint.errors import LayoutError
from structlint.finding import Finding
from structlint.layout.load import LayoutSource, load
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn
from structlint.tree.model import resolve_links

TODAY = date(2026, 1, 1)


def loaded(layouts: Iterable[Mapping[str, Any]]) -> Layout | None:
    """The layout of several, the farthest first, or `None` if structlint refuses it."""
    written: dict[str, bytes] = {}
    names = [f"layouts/{number}.yaml" for number in range(len(list(layouts)) - 1)] + ["structlint.yaml"]
    for number, (name, layout) in enumerate(zip(names, layouts, strict=True)):
        below = {"extends": names[number - 1].replace("layouts/", "./layouts/" * (name == "structlint.yaml"))}
        written[name] = json.dumps({**(below if number else {}), **layout}).encode()
    try:
        return load(LayoutSource(written.__getitem__), "structlint.yaml")
    except LayoutError:
        return None


def findings(
    layout: Layout,
    files: Collection[str],
    empty: Collection[str] = (),
    untracked: Collection[str] | None = None,
    links: Mapping[str, str] | None = None,
    submodules: Collection[str] = (),
    contents: Mapping[str, bytes] | None = None,
) -> set[tuple[str, str, str]]:
    """What `structlint check` reports of a tree: paths, rules and severities."""
    return _kinds(_findings(layout, files, empty, untracked, links, submodules, contents))


def findings_after(layout: Layout, before: Sequence[Any], after: Sequence[Any]) -> set[tuple[str, str, str]]:
    """What it reports of a tree where the findings of another one are accepted; `findings` has the same."""
    accepted = update_baseline(_findings(layout, *before), None, grows=True)
    return _kinds(compare(_findings(layout, *after), accepted).left)


def _kinds(found: Iterable[Finding]) -> set[tuple[str, str, str]]:
    return {(each.path, each.rule, str(each.severity)) for each in found}


def _findings(
    layout: Layout,
    files: Collection[str],
    empty: Collection[str] = (),
    untracked: Collection[str] | None = None,
    links: Mapping[str, str] | None = None,
    submodules: Collection[str] = (),
    contents: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    tree = Tree(
        files=tuple(sorted(files)),
        source=Drawn({**dict.fromkeys(files, b""), **(contents or {})}, frozenset(empty)),
        links=resolve_links(files, submodules, links or {}),
        opaque=frozenset(submodules),
        repositories=frozenset(submodules),
        untracked=frozenset(untracked or ()),
        in_git=untracked is not None,
    )
    tree = tree.without(path for path in (*tree.files, *tree.opaque) if layout.exclude.match(path))
    tree = tree.closing(nested_projects(tree))
    return check(match(layout, tree, ["structlint.yaml"]), {name_of(rule) for rule in RULES}, TODAY)
