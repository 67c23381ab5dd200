"""The `Tree` type."""

from __future__ import annotations

import pytest

from structlint.tree import resolve_links
from structlint.tree.drawing import drawn


def test_directories_are_derived_from_paths() -> None:
    tree = drawn("a/\n  b/\n    c\n  link -> b\nlib/  (submodule)\nz\n")
    assert [(each.path, each.files, each.opaque) for each in tree.root.walk()] == [
        ("", ["z"], False),
        ("a/", [], False),
        ("lib/", [], True),
        ("a/b/", ["c"], False),
        ("a/link/", [], True),
    ]
    assert [*tree.root.directories["a"].directories] == ["b", "link"]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("b", "file"),
        ("d", "directory"),
        ("d/", "directory"),
        ("./d/../d/e", "file"),
        ("sub", "directory"),
        ("other", "file"),
        ("up", "directory"),
        ("link", "broken"),
        ("..", "directory"),
        ("../..", "broken"),
        ("/etc", "broken"),
        ("nowhere", "broken"),
        ("b/c", "broken"),
        ("", "directory"),
    ],
)
def test_links(target: str, kind: str) -> None:
    files = ["x/link", "x/b", "x/d/e", "x/other", "x/up"]
    links = resolve_links(files, ["x/sub/"], {"x/link": target, "x/other": "b", "x/up": "../x/d"})
    assert links["x/link"].kind == kind


def test_below_returns_a_tree() -> None:
    tree = drawn("a/\n  b/\n    c  # untracked\n  lib/  (submodule)\n  l -> b\nz\n", {"a/b/c": "text"})
    part = tree.below("a/")
    assert part.files == ("b/c", "l")
    assert part.opaque == {"lib/"}
    assert part.untracked == {"b/c"}
    assert part.links["l"].kind == "directory"
    assert part.source.read("b/c") == b"text"
    assert part.source.is_directory("b/")


def test_without_keeps_links_to_removed_paths() -> None:
    tree = drawn("a/\n  b\nl -> a\n").without(["a/b"])
    assert tree.files == ("l",)
    assert tree.links["l"].kind == "directory"


def test_closing_makes_a_directory_opaque() -> None:
    tree = drawn("a/\n  b\n  lib/  (submodule)\nz\n").closing(["a/"])
    assert tree.files == ("z",)
    assert tree.opaque == {"a/"}
