"""A hint never names what the layout itself does not allow, and a fix never makes it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

import pytest
from engine_under_test import load_layouts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_any_layout import Json, _layouts

from structlint.edits.steps import Create, Move
from structlint.finding import Finding
from structlint.fix.plan import FixContext, plan
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

TODAY = date(2026, 1, 1)
ALL = frozenset(name_of(rule) for rule in RULES)
_EXAMPLES = int(os.environ.get("STRUCTLINT_FUZZ", "150"))  # of layouts and trees
_NAMES = ["a", "b", "B", "b-c", "B_C", "a.py", "A.py", "test_a.py", "a-b", "c.tmp", "c.h"]
_paths = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3).map("/".join)
_TARGETS = re.compile(r"(rename|move) (?:it|`[^`]+`) to (`[^`]+`(?: or `[^`]+`)*)")
_CREATED = re.compile(r"create (`[^`]+`(?:(?:,| or) `[^`]+`)*)")
_NOT_ALLOWED = {
    *("bad-name", "conflicting-entries", "duplicate-name", "forbidden-path", "long-path", "misplaced-file"),
    *("orphan", "stray-directory", "stray-file", "too-deep", "tracked-local", "unignored-local"),
}
_slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@settings(suppress_health_check=_slow, max_examples=_EXAMPLES, deadline=None)
@given(_layouts, st.sets(_paths, max_size=8))
def test_a_hint_names_what_is_allowed(text: Json, paths: set[str]) -> None:
    layout, files = load_layouts([text]), as_tree(paths)
    if layout is None:
        return
    for finding in found(layout, files):
        for source, target in named(finding):
            if "<" in target or "*" in target:
                continue  # a form, which any of many names fits
            after = renamed(files, source, target) if source else as_tree({*files, kept(target)})
            if not source and (kept(target) not in after or not files <= after):
                continue  # something is in its place
            if source and len(after) < len(files):
                continue
            assert not wrong_at(layout, files, after, target), (finding, found(layout, after))


@settings(suppress_health_check=_slow, max_examples=_EXAMPLES, deadline=None)
@given(_layouts, st.sets(_paths, max_size=8))
def test_a_fix_makes_what_is_allowed(text: Json, paths: set[str]) -> None:
    layout, files = load_layouts([text]), as_tree(paths)
    if layout is None:
        return
    tree = as_drawn(files)
    planned = plan(FixContext(layout, tree, frozenset(), "", ALL, TODAY), unsafe=True)
    for one in planned.steps:
        step = one.step
        if isinstance(step, Create | Move):
            made = step.path if isinstance(step, Create) else step.target
            there = any(
                path == made or path.startswith(f"{made.rstrip('/')}/") for path in planned.tree.files
            )
            if there:
                assert not wrong_at(layout, files, planned.tree.files, made), (step, one.finding)


CONTRADICTIONS = [
    ({"<x>/<x>.py": None, ".": {}}, {"belongs": {"*.py": "a/"}}, {"b/a"}, "b/b.py"),
    ({"<x>/<x>.tmp": None}, {"forbid": {"b.tmp": "no"}}, {"b/a"}, "b/b.tmp"),
    ({"<x>/<x>.h": None}, {"local": ["b.h"]}, {"b/a"}, "b/b.h"),
    ({"<x>/<x>.h": None}, {"exclude": ["b.h"]}, {"b/a"}, "b/b.h"),
    ({"<x>/": {"<x>.py": None, "**/": None}, "**/": {"b.py": False}}, {}, {"b/a"}, "b/b.py"),
    ({"a?": {"needs": "b"}}, {}, {"a"}, "b"),
    ({"<x>/<x>": None}, {"limits": {"path-length": 2}}, {"b/a"}, "b/b"),
]


@pytest.mark.parametrize(("tree", "rest", "files", "path"), CONTRADICTIONS)
def test_a_hint_names_both_lines_of_a_contradiction(
    tree: Json, rest: Json, files: set[str], path: str
) -> None:
    layout = load_layouts([{"tree": tree, **rest}])
    assert layout is not None
    missing = [one for one in found(layout, files) if one.rule == "missing-file"]
    assert [one.path for one in missing if "contradicts itself" in one.hint and not one.fix] == [path]


def wrong_at(layout: Layout, before: Collection[str], after: Collection[str], path: str) -> list[Finding]:
    """The findings at a path that was made, or at a directory above it that was made with it."""
    way = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
    made = {path, *(one for one in way if not any(file.startswith(one) for file in before))}
    missing = {f"missing-{kind}" for kind in ("file", "directory")}
    wrong = _NOT_ALLOWED | missing
    return [one for one in found(layout, after) if one.path in made and one.rule in wrong]


def found(layout: Layout, files: Iterable[str]) -> list[Finding]:
    return check(match(layout, as_drawn(files)), ALL, TODAY)


def as_drawn(files: Iterable[str]) -> Tree:
    paths = sorted(path for path in files)
    return Tree(tuple(paths), Drawn({}, frozenset()))


def named(finding: Finding) -> Iterator[tuple[str, str]]:
    """The paths that a hint names, and what would be renamed to them, "" for what is to be created."""
    if targets := _TARGETS.search(finding.hint):
        is_other = finding.rule.startswith("missing-") and finding.related
        source = finding.related[0] if is_other else finding.path
        yield from ((source, target) for target in re.findall("`([^`]+)`", targets[2]))
    elif created := _CREATED.search(finding.hint):
        if finding.rule == "orphan":
            yield from (("", target) for target in re.findall("`([^`]+)`", created[1]))
    elif finding.rule.startswith("missing-") and finding.hint.startswith("create it"):
        yield "", finding.path


def kept(target: str) -> str:
    return f"{target}x" if target.endswith("/") else target


def as_tree(paths: Iterable[str]) -> set[str]:
    """The paths without those that would have to be a file and a directory."""
    paths = {*paths}
    return {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}


def renamed(files: set[str], source: str, target: str) -> set[str]:
    moved = {path for path in files if path == source or (source.endswith("/") and path.startswith(source))}
    return as_tree({*files - moved, *(target + path[len(source) :] for path in moved)})
