"""Property tests: random layouts and trees never cause a traceback."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structlint.errors import LayoutError
from structlint.finding import RULE_NAMES
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import rule_named
from structlint.rules.engine import check
from structlint.rules.needed import may_find
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

Json: TypeAlias = "dict[str, Any]"

_NAMES = ["a", "b", "b-c", "a.py", "<x>", "<y>", "<x>.py", "<y>.py", "test_<x>.py", "<x>-<y>"]
_NAMES += ["<x:snake_case>", "<list>", "<list>-<x>", "*.py", "*"]
_ALTERNATIVES = ["a | <x>.py", "a ^ b", "<x> | <y>-<x>"]
_LEVELS = ["required", "recommended", "optional"]

_above = st.sampled_from(["", "", "", *(f"{name}/" for name in _NAMES), "**/"])
_names = st.builds(str.__add__, _above, st.sampled_from(_NAMES)) | st.sampled_from(_ALTERNATIVES)
_files = st.builds(str.__add__, _names, st.sampled_from(["", "?"]))
_directory_names = _names.map(lambda name: name.replace(" ", "/ ", 1) + "/" if " " in name else f"{name}/")
_directories = st.builds(str.__add__, _directory_names, st.sampled_from(["", "?"])) | st.just("**/")
_needs = (_files | _directories).map(lambda key: key.rstrip("?"))
_settings = {"level": st.sampled_from(_LEVELS), "needs": _needs, "without": _needs}
_directory_settings = {
    "unlisted": st.sampled_from(["forbid", "allow-files", "allow"]),
    "min-files": st.integers(0, 2),
    "max-directories": st.integers(0, 2),
    "needs": _needs,
}
_leaf_values = st.one_of(
    st.none(), st.just(False), st.just("about"), st.fixed_dictionaries({}, optional=_settings)
)


def _with_children(inside: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    itself = st.fixed_dictionaries(
        {}, optional={".": st.fixed_dictionaries({}, optional=_directory_settings)}
    )
    files = st.dictionaries(_files, _leaf_values, max_size=3)
    directories = st.dictionaries(_directories, inside | st.none() | st.just(False), max_size=3)
    return st.builds(_merge, itself, files, directories)


def _merge(*parts: Json) -> Json:
    """Merges mappings and drops each `?` that contradicts a level."""
    items = [(key, value) for part in parts for key, value in part.items()]
    return {key.rstrip("?") if value is False or _has_level(value) else key: value for key, value in items}


def _has_level(value: object) -> bool:
    return isinstance(value, dict) and "level" in value


def _without_needs(tree: Json) -> Json:
    """The tree without `needs` in its root, which is not allowed."""
    return tree | {".": {key: value for key, value in tree.get(".", {}).items() if key != "needs"}}


_trees = st.recursive(_with_children(st.just({})), _with_children, max_leaves=8)
_naming = st.sampled_from(["kebab-case", "snake_case", "/a+/", {"case": "lowercase", "count": "1-2"}])
_layouts = st.fixed_dictionaries(
    {"tree": _trees.map(_without_needs)},
    optional={
        "names": st.fixed_dictionaries(
            {}, optional={"x": _naming, "y": _naming, "list": st.just(["a", "b-c"])}
        ),
        "belongs": st.sampled_from([{"*.py": "a/"}, {"*.py": "b-c/", "a.py": "/"}, {"b*": ["a/", "b/"]}]),
        "forbid": st.sampled_from([{"*.tmp": "why"}, {"b-c": "why"}, {"/a/b": "why"}, {"a/": "no"}]),
        "local": st.sampled_from([["*.h"], ["b.py", "a/*"]]),
        "exclude": st.sampled_from([["b.py"], ["/b/*"], ["a-b"]]),
        "limits": st.sampled_from([{"depth": 2, "files": 2}, {"depth": 1}, {"path-length": 6}]),
    },
)
_file_names = st.sampled_from(
    ["a", "b", "a.py", "test_a.py", "test_b.py", "A_b", "a-b", "b-c", "x.tmp", ".h", "B"]
)
_paths = st.lists(st.lists(_file_names, min_size=1, max_size=4).map("/".join), max_size=10)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(_layouts, _paths)
def test_check_is_deterministic_and_never_raises(written: Json, paths: list[str]) -> None:
    files = {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}
    try:
        layout = load(
            LayoutSource({"structlint.yaml": json.dumps(written).encode()}.__getitem__), "structlint.yaml"
        )
    except LayoutError:
        return
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()), in_git=True)
    survey = match(layout, tree)
    found = check(survey, RULE_NAMES, date(2026, 1, 1))
    assert found == check(match(layout, tree), RULE_NAMES, date(2026, 1, 1))
    skipped = [name for name in RULE_NAMES if not may_find(name, survey)]
    assert [finding for name in skipped for finding in rule_named(name).find(survey)] == []


def test_alternative_without_the_placeholder_of_its_scope() -> None:
    written: Json = {"tree": {"a/ | <x>.py/": {"<x> | <y>-<x>": None, "<x>/ | <y>-<x>/": {}}}}
    layout = load(
        LayoutSource({"structlint.yaml": json.dumps(written).encode()}.__getitem__), "structlint.yaml"
    )
    tree = Tree(("a/b", "a/b-c/d"), Drawn({}, frozenset()))
    assert check(match(layout, tree), {"bad-name"}, date(2026, 1, 1)) == []
