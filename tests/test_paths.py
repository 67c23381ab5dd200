"""Functions on paths as strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.text.paths import ancestors, is_in, name_of, parent, parents, resolve, split, steps, upwards

# A path, its parent directory, its name, and all its parent directories.
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
    assert steps(path) == [*map(name_of, directories[-2::-1]), *([name] if path else [])]


@pytest.mark.parametrize(
    ("path", "directory", "expected"),
    [
        ("services/ab", "services/a", False),
        ("services/a", "services/a", True),
        ("services/a/", "services/a", True),
        ("services/a", "services/a/", True),
        ("services/a/b", "services/a/", True),
        ("services", "services/a", False),
        ("services/a", "", True),
        ("", "", True),
        ("", "services", False),
    ],
)
def test_is_in(path: str, directory: str, expected: bool) -> None:
    assert is_in(path, directory) is expected


@pytest.mark.parametrize(
    ("directory", "path", "expected"),
    [
        ("a/b/", "c.py", "a/b/c.py"),
        ("a/b/", "./c/", "a/b/c"),
        ("a/b/", "../c", "a/c"),
        ("a/b/", "../..", ""),
        ("a/b/", "../../..", None),
        ("", "../a", None),
        ("", "a/../../a", None),
        ("a/", "../../a/b", None),
        ("", "/a", "a"),
        ("a/", "/b", "a/b"),
        ("", "..a", "..a"),
        ("", "", ""),
    ],
)
def test_resolve(directory: str, path: str, expected: str | None) -> None:
    assert resolve(directory, path) == expected


@given(st.lists(st.text("ab.", min_size=1, max_size=2), min_size=1, max_size=5), st.booleans())
def test_random_paths(names: list[str], directory: bool) -> None:
    path = "/".join(names) + "/" * directory
    assert steps(path) == names
    assert split(path) == ("".join(f"{name}/" for name in names[:-1]), names[-1] + "/" * directory)
    assert ancestors(path) == ["/".join(names[:at]) for at in range(1, len(names))]
