"""The interface of the differential tests to structlint: layouts and paths in, findings out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from structlint.checking.baseline import compare, update_baseline
from structlint.checking.discovery import nested_projects
from structlint.errors import LayoutError
from structlint.finding import Finding
from structlint.layout.load import load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn
from structlint.tree.model import resolve_links

TODAY = date(2026, 1, 1)


def load_layouts(layouts: Iterable[Mapping[str, Any]]) -> Layout | None:
    """Merges layouts, the most general first. Returns `None` if structlint rejects the result."""
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
    """The paths, rules and severities of the findings of `structlint check` for a tree."""
    return _keys(full_findings(layout, files, empty, untracked, links, submodules, contents))


def findings_after(layout: Layout, before: Sequence[Any], after: Sequence[Any]) -> set[tuple[str, str, str]]:
    """The findings for the tree `after` with a baseline of the tree `before`; arguments as for `findings`."""
    accepted = update_baseline(full_findings(layout, *before), None, grows=True)
    return _keys(compare(full_findings(layout, *after), accepted).left)


def _keys(found: Iterable[Finding]) -> set[tuple[str, str, str]]:
    return {(each.path, each.rule, str(each.severity)) for each in found}


def full_findings(
    layout: Layout,
    files: Collection[str],
    empty: Collection[str] = (),
    untracked: Collection[str] | None = None,
    links: Mapping[str, str] | None = None,
    submodules: Collection[str] = (),
    contents: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """The findings of `structlint check` for a tree."""
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
