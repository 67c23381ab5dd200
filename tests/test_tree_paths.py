"""Trees from lists of paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from structlint.errors import TreeError
from structlint.tree.path_list import listed_tree


@pytest.mark.parametrize(
    ("data", "files", "opaque"),
    [
        (b"", (), set()),
        (b"b\na/c\n", ("a/c", "b"), set()),
        (b"./a\r\nb\r\n", ("a", "b"), set()),
        (b"a\nb\0c d\0", ("a\nb", "c d"), set()),
        (b"a\na\n", ("a",), set()),
        (b"docs/\nsrc/\nsrc/x\n", ("src/x",), {"docs/"}),
        (b"a\na/b\n", ("a/b",), set()),
        (b"caf\xe9\n", ("caf\udce9",), set()),
        (b"-rf\n:(x)\n", ("-rf", ":(x)"), set()),
    ],
)
def test_listed_paths(data: bytes, files: tuple[str, ...], opaque: set[str], tmp_path: Path) -> None:
    tree = listed_tree(data, tmp_path, "list")
    assert tree.files == files
    assert tree.opaque == opaque


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../b", "a//b", ".", "./", "a/./b"])
def test_invalid_path(path: str, tmp_path: Path) -> None:
    with pytest.raises(TreeError, match=r"list:2: .* is not a path in the project"):
        listed_tree(f"a\n{path}\n".encode(), tmp_path, "list")


def test_contents_are_read_from_the_directory(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")
    (tmp_path / "d").mkdir()
    source = listed_tree(b"a\n", tmp_path, "list").source
    assert source.read("a") == b"text"
    assert not source.is_directory("d/")
