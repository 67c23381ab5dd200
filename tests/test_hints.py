"""A hint never names what the layout itself forbids or does not list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from engine_under_test import loaded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_any_layout import Json, _layouts

from structlint.finding import Finding
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

_NAMES = ["a", "b", "B", "b-c", "B_C", "a.py", "A.py", "test_a.py", "a-b", "c.tmp", "c.h"]
_paths = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3).map("/".join)
_RENAME = re.compile(r"rename (?:it|`[^`]+`) to (`[^`]+`(?: or `[^`]+`)*)")
_WRONG = {"forbidden-path", "stray-file", "stray-directory", "bad-name", "misplaced-file"}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=250)
@given(_layouts, st.sets(_paths, max_size=8))
def test_a_hint_names_what_is_allowed(text: Json, paths: set[str]) -> None:
    layout = loaded([text])
    files = _as_tree(paths)
    if layout is None:
        return
    for finding in found(layout, files):
        for source, target in _named(finding):
            created = _as_tree({*files, f"{target}x" if target.endswith("/") else target})
            after = _renamed(files, source, target) if source else created
            wrong = [each for each in found(layout, after) if each.path == target and each.rule in _WRONG]
            assert not wrong, (finding.path, finding.message, finding.hint, wrong[0])


def found(layout: Layout, files: Collection[str]) -> list[Finding]:
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()))
    return check(match(layout, tree), {name_of(rule) for rule in RULES}, date(2026, 1, 1))


def _named(finding: Finding) -> Iterator[tuple[str, str]]:
    """The paths that a hint names to be renamed, and what to; of what is to be created the source is ""."""
    if match := _RENAME.search(finding.hint):
        source = finding.path if finding.rule == "bad-name" else next(iter(finding.related), finding.path)
        yield from ((source, target) for target in re.findall("`([^`]+)`", match[1]))
    elif finding.rule.startswith("missing-") and finding.hint == "create it":
        yield "", finding.path


def _as_tree(paths: set[str]) -> set[str]:
    """The paths without those that would have to be a file and a directory."""
    return {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}


def _renamed(files: set[str], source: str, target: str) -> set[str]:
    moved = {path for path in files if path == source or (source.endswith("/") and path.startswith(source))}
    return _as_tree({*files - moved, *(target + path[len(source) :] for path in moved)})
