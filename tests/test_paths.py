"""Paths as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.text.paths import ancestors, name_of, parent, parents, split, upwards

# A path, the directory it is in, its name, and the directories that it is in.
PATHS = [
    ("", "", "", []),
    ("a", "", "a", [""]),
    ("a/", "", "a", [""]),
    ("a/b", "a/", "b", ["a/", ""]),
    ("a/b/", "a/", "b", ["a/", ""]),
    ("a/b/c.py", "a/b/", "c.py", ["a/b/", "a/", ""]),
    ("services/ab", "services/", "ab", ["services/", ""]),
    ("./", "", ".", [""]),
]


@pytest.mark.parametrize(("path", "above", "name", "directories"), PATHS, ids=[case[0] for case in PATHS])
def test_parts(path: str, above: str, name: str, directories: list[str]) -> None:
    assert parent(path) == above
    assert name_of(path) == name
    assert split(path) == (above, path[len(above) :])
    assert parents(path) == directories
    assert upwards(path) == [path, *directories]
    assert ancestors(path) == [directory.rstrip("/") for directory in directories[-2::-1]]


@given(st.lists(st.text("ab.", min_size=1, max_size=2), min_size=1, max_size=5), st.booleans())
def test_as_pathlib_has_it(steps: list[str], directory: bool) -> None:
    path = "/".join(steps) + "/" * directory
    assert split(path) == ("".join(f"{step}/" for step in steps[:-1]), steps[-1] + "/" * directory)
    assert ancestors(path) == ["/".join(steps[:at]) for at in range(1, len(steps))]
