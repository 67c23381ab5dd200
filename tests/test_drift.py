"""A tree created from its layout passes, and each planted deviation is the only finding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from structlint.finding import Finding
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

Picture: TypeAlias = "dict[str, Picture | None]"


def _without_empty_files(picture: Picture) -> Picture:
    return {name: inside if name.endswith("/") else None for name, inside in picture.items()}


# Words that are not similar to each other.
_WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "gingko", "hazel")
_files = st.sampled_from([f"{word}.txt" for word in _WORDS])
_directories = st.sampled_from([f"{word}/" for word in _WORDS])
_pictures: st.SearchStrategy[Picture] = st.recursive(
    st.dictionaries(_files, st.none(), min_size=1, max_size=4),
    lambda inner: st.dictionaries(_files | _directories, inner, min_size=1, max_size=4).map(
        _without_empty_files
    ),
    max_leaves=12,
)


def _paths(picture: Picture, above: str = "") -> Iterator[str]:
    """The paths of the required files."""
    for name, inside in picture.items():
        if inside is None:
            yield above + name
        else:
            yield from _paths(inside, above + name)


def _check(picture: Picture, files: set[str], **keys: object) -> list[Finding]:
    layout = json.dumps({"tree": picture, **keys}).encode()
    loaded = load(LayoutSource({"structlint.yaml": layout}.__getitem__), "structlint.yaml")
    survey = match(loaded, Tree(tuple(sorted(files)), Drawn({}, frozenset())))
    return check(survey, {name_of(rule) for rule in RULES}, date(2026, 1, 1))


def _directories_of(files: set[str]) -> set[str]:
    return {path[: at + 1] for path in files for at, letter in enumerate(path) if letter == "/"}


@given(_pictures)
def test_required_files_pass(picture: Picture) -> None:
    assert _check(picture, set(_paths(picture))) == []


@given(_pictures, st.data())
def test_missing_file_is_one_finding(picture: Picture, data: st.DataObject) -> None:
    files = set(_paths(picture))
    gone = data.draw(st.sampled_from(sorted(files)))
    left = files - {gone}
    lost = [directory for directory in _directories_of(files) if directory not in _directories_of(left)]
    (finding,) = _check(picture, left)
    assert finding.path == min(lost, key=len, default=gone)
    assert finding.rule == ("missing-directory" if lost else "missing-file")


@given(_pictures, st.data())
def test_unlisted_directory_is_one_finding(picture: Picture, data: st.DataObject) -> None:
    files = set(_paths(picture))
    place = data.draw(st.sampled_from(["", *sorted(_directories_of(files))]))
    (finding,) = _check(picture, files | {f"{place}zzz/one.txt", f"{place}zzz/deep/two.txt"})
    assert (finding.rule, finding.path) == ("stray-directory", f"{place}zzz/")


@given(_pictures, st.data())
def test_forbidden_file_is_one_finding(picture: Picture, data: st.DataObject) -> None:
    files = set(_paths(picture))
    place = data.draw(st.sampled_from(["", *sorted(_directories_of(files))]))
    (finding,) = _check(picture, files | {f"{place}x.orig"}, forbid={"*.orig": "leftovers"})
    assert (finding.rule, finding.path) == ("forbidden-path", f"{place}x.orig")


_services = st.sets(st.sampled_from(_WORDS), min_size=2, max_size=5)


@given(_services, st.data())
def test_counterparts_are_required_in_both_directions(names: set[str], data: st.DataObject) -> None:
    picture: Picture = {"services/": {"<service>/": {"main.txt": None}}, "k8s/": {"<service>.yaml": None}}
    files = {f"services/{name}/main.txt" for name in names} | {f"k8s/{name}.yaml" for name in names}
    gone = data.draw(st.sampled_from(sorted(names)))
    assert _check(picture, files) == []
    (missing,) = _check(picture, files - {f"k8s/{gone}.yaml"})
    assert (missing.rule, missing.path) == ("missing-file", f"k8s/{gone}.yaml")
    (orphan,) = _check(picture, files - {f"services/{gone}/main.txt"})
    assert (orphan.rule, orphan.path) == ("orphan", f"k8s/{gone}.yaml")


@given(_pictures, st.sampled_from(["forbid", "allow-files", "allow"]))
def test_unlisted_names_are_reported_unless_allowed(picture: Picture, unlisted: str) -> None:
    files = {*_paths(picture), "zzz.txt", "yyy/one.txt"}
    settings: Mapping[str, object] = {".": {"unlisted": unlisted}}
    rules = {finding.rule for finding in _check({**picture, **settings}, files)}  # type: ignore[dict-item]
    assert rules == {"forbid": {"stray-file", "stray-directory"}, "allow-files": {"stray-directory"}}.get(
        unlisted, set()
    )
