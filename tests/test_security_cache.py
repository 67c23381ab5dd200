"""There is no cache: a check reads nothing that an earlier check, a commit or a link could have planted."""

from __future__ import annotations

import marshal
from binascii import crc32
from pathlib import Path

import pytest
from conftest import Git, Make, Run, write

LAYOUT = 'tree: {README.md: }\nforbid: {"*.exe": never}\n'
COMMANDS = [
    *(["check"], ["check", "--tracked"], ["check", "--changed"], ["check", "--layout=python-service"]),
    *(["where", "a"], ["tree"], ["ports"], ["layouts"], ["schema"], ["init", "-o", "-"], ["fix", "--diff"]),
]


@pytest.fixture
def git(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository with a finding that is also the user's cache and home directory."""
    repo = repository({"structlint.yaml": LAYOUT, "evil.exe": ""})
    repo("commit", "-qm", "x")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(repo.path / ".cache"))
    monkeypatch.setenv("HOME", str(repo.path))
    return repo


def everything(place: Path) -> dict[str, tuple[int, int, bytes]]:
    """The mode, time and content of everything in a directory, except git's data."""
    return {
        str(path): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(place.rglob("*"))
        if ".git" not in path.relative_to(place).parts
    }


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_s05_commands_leave_no_files(arguments: list[str], git: Git, run: Run) -> None:
    before = everything(git.path.parent)
    for _ in range(2):
        run(*arguments)
    assert everything(git.path.parent) == before


def test_s05_symlinked_gitignore_of_a_cache_is_not_written(git: Git, run: Run) -> None:
    precious = git.path.parent / "precious.txt"
    precious.write_text("precious\n")
    write(git.path, {".cache/structlint/valid/x": ""})
    (git.path / ".cache/structlint/.gitignore").symlink_to("../../../precious.txt")
    git("add", "-A", "-f")
    run("check")
    assert precious.read_text() == "precious\n"


def test_s06_symlinked_cache_is_not_cleaned(git: Git, run: Run) -> None:
    photos = git.path.parent / "photos"
    write(photos, {f"valid/img{number}.png": "" for number in range(200)})
    (git.path / ".cache").mkdir()
    (git.path / ".cache/structlint").symlink_to("../../photos")
    git("add", "-A", "-f")
    run("check")
    assert len(list((photos / "valid").iterdir())) == 200


@pytest.mark.parametrize("form", ["marshal", "a layout", "nothing"])
def test_s07_planted_cache_entry_is_ignored(form: str, git: Git, run: Run) -> None:
    """The entry has the name and format of the former cache, and contains a layout without requirements."""
    first = run("check", "--output-format=concise")
    text = (git.path / "structlint.yaml").read_bytes()
    nodes = marshal.dumps((((("tree", True, 1, 1, ""), ((), 1, 7, "")),), 1, 1, ""))
    entry = {"marshal": text + crc32(nodes).to_bytes(4, "big") + nodes, "a layout": b"tree: {}"}.get(
        form, b""
    )
    for place in (".cache/structlint/valid", ".cache/structlint", ".structlint_cache"):
        write(git.path, {f"{place}/{crc32(text):08x}": ""})
        (git.path / place / f"{crc32(text):08x}").write_bytes(entry)
    (git.path / ".gitignore").write_text(".cache/\n.structlint_cache/\n.gitignore\n")
    second = run("check", "--output-format=concise")
    assert second == first
    assert second.status == 1
    assert "README.md: error: missing file" in second.out
    assert "evil.exe: error: forbidden" in second.out


def test_s07_changed_layout_is_read_again(git: Git, run: Run) -> None:
    assert run("check").status == 1
    (git.path / "structlint.yaml").write_text("tree: {evil.exe: }\n")
    assert run("check", "-q").status == 0
    (git.path / "structlint.yaml").write_text(LAYOUT)
    assert run("check").status == 1
