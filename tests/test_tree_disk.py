"""Trees outside git, scanned with and without git, contain the files that git would list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import write

from structlint.errors import TreeError
from structlint.tree import Tree
from structlint.tree.gitignore import ignored_by
from structlint.tree.scan import scan
from structlint.tree.sources import read_file


def paths(tree: Tree) -> set[str]:
    return set(tree.files) | set(tree.opaque)


@pytest.fixture(params=["git", "no git"])
def with_and_without_git(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> bool:
    if request.param == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    return bool(request.param == "git")


def test_directory_outside_git(with_and_without_git: bool, tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.log\n/out/\n", "a/b": "", "x.log": "", "out/y": "", "a/out/z": ""})
    write(
        tmp_path, {"a/.gitignore": "!keep.log\r\nz.tmp  \n", "a/keep.log": "", "a/z.tmp": "", "a/z.tmp2": ""}
    )
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "empty").mkdir()
    tree = scan(tmp_path)
    assert paths(tree) == {".gitignore", "a/.gitignore", "a/b", "a/keep.log", "a/out/z", "a/z.tmp2", "link"}
    assert tree.links["link"].kind == "directory"
    assert tree.source.is_directory("empty/") and not tree.source.is_directory("a/b")
    assert tree.source.would_ignore(["q.log", "a/z.tmp", "q"]) == {"q.log", "a/z.tmp"}
    assert not tree.in_git
    assert bool(tree.notes) is not with_and_without_git
    assert "x.log" in scan(tmp_path, gitignore=False).files


def test_nested_repositories_are_opaque(with_and_without_git: bool, tmp_path: Path) -> None:
    for name in ("nested/.git/objects", "nested/.git/refs", "fake/.git"):
        (tmp_path / name).mkdir(parents=True)
    write(tmp_path, {"nested/.git/HEAD": "ref: refs/heads/main\n", "nested/x": "", "fake/y": ""})
    assert paths(scan(tmp_path)) == {"nested/", "fake/y"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_pipes_are_not_opened(with_and_without_git: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    write(tmp_path, {"a": ""})
    assert paths(scan(tmp_path)) == {"a"}


def test_index_and_revision_need_git(tmp_path: Path) -> None:
    for options in ({"tracked": True}, {"rev": "HEAD"}):
        with pytest.raises(TreeError, match="is not in a git repository"):
            scan(tmp_path, **options)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root can read everything")
def test_unreadable_directory_is_an_error(with_and_without_git: bool, tmp_path: Path) -> None:
    write(tmp_path, {"shut/x": ""})
    (tmp_path / "shut").chmod(0)
    try:
        with pytest.raises(TreeError, match="shut"):
            scan(tmp_path)
    finally:
        (tmp_path / "shut").chmod(0o755)


def test_ignored_by_does_not_use_global_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    write(tmp_path, {"git/ignore": "mine\n"})
    files = {".gitignore": b"a\n!b/a\n", "b/.gitignore": b"c/\n"}
    assert ignored_by(files, ["a", "b/a", "b/c/x", "c/x", "mine", ":(x)a", "-a"], tmp_path) == {"a", "b/c/x"}


def test_only_files_below_the_root_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"repo/a": "in", "repo/sub/b": "in", "out": "out", "repo-evil/x": "out"})
    for link, target in {
        "in": "sub/b",
        "out": "../out",
        "evil": "../repo-evil/x",
        "abs": str(tmp_path / "out"),
    }.items():
        (tmp_path / "repo" / link).symlink_to(target)
    assert read_file(tmp_path / "repo", "in") == b"in"
    for path in ("out", "evil", "abs", "../out"):
        with pytest.raises(TreeError, match="leads out of the repository"):
            read_file(tmp_path / "repo", path)
    with pytest.raises(TreeError, match=r"is a directory|not a regular file"):
        read_file(tmp_path / "repo", "sub")
    for path in ("gone", "a/b"):
        with pytest.raises(FileNotFoundError):
            read_file(tmp_path / "repo", path)
