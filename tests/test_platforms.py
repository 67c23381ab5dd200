"""Behavior on Windows and macOS, tested on any system: functions take the platform as an argument."""

from __future__ import annotations

import ntpath
import os
import posixpath
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from conftest import Make, Result, Run

from structlint.filesystem.status import is_git_name, is_link
from structlint.fix.journal import state_directory
from structlint.text.system_paths import leaves_directory, names_directory, relative_to, with_slashes
from structlint.tree.access import as_listed, ignores_case

ROOT = Path(__file__).parent.parent

# --- Paths


@pytest.mark.parametrize(
    ("system", "path", "root", "expected"),
    [
        (ntpath, r"C:\repo\a\b.yaml", r"C:\repo", "a/b.yaml"),
        (ntpath, r"c:\Repo\a.yaml", r"C:\repo", "a.yaml"),
        (ntpath, r"C:\other\a.yaml", r"C:\repo", "../other/a.yaml"),
        (ntpath, r"D:\a.yaml", r"C:\repo", "D:/a.yaml"),
        (ntpath, r"\\server\share\repo\a.yaml", r"\\server\share\repo", "a.yaml"),
        (ntpath, r"\\server\share\a.yaml", r"C:\repo", "//server/share/a.yaml"),
        (posixpath, "/repo/a/b.yaml", "/repo", "a/b.yaml"),
        (posixpath, r"/repo/a\b.yaml", "/repo", r"a\b.yaml"),
    ],
)
def test_path_relative_to_the_root(system: ModuleType, path: str, root: str, expected: str) -> None:
    assert relative_to(path, root, system) == expected


@pytest.mark.parametrize(
    ("path", "on_windows", "elsewhere"),
    [
        ("src/", ("src/", True), ("src/", True)),
        ("src\\", ("src/", True), ("src\\", False)),
        (r".\src\a.py", ("./src/a.py", False), (r".\src\a.py", False)),
        ("C:/src\\", ("C:/src/", True), ("C:/src\\", False)),
    ],
)
def test_path_arguments(path: str, on_windows: tuple[str, bool], elsewhere: tuple[str, bool]) -> None:
    for system, expected in ((ntpath, on_windows), (posixpath, elsewhere)):
        assert (with_slashes(path, system), names_directory(path, system)) == expected


@pytest.mark.parametrize(
    ("step", "on_windows", "elsewhere"),
    [
        ("..", True, True),
        ("", True, True),
        ("a..b", False, False),
        (r"..\..\x", True, False),
        ("C:", True, False),
        ("a.txt:stream", True, False),
    ],
)
def test_leaves_directory(step: str, on_windows: bool, elsewhere: bool) -> None:
    assert (leaves_directory(step, ntpath), leaves_directory(step, posixpath)) == (on_windows, elsewhere)


@pytest.mark.parametrize("name", [".GIT", ".git.", ".git ", "git~1", "GIT~2", ".git::$INDEX_ALLOCATION"])
def test_git_directory_names_on_other_platforms(name: str) -> None:
    assert is_git_name(name)


# --- Case and normalization


class Disk:
    """A file system that ignores case and normalization, as on macOS and Windows."""

    def __init__(self, *directories: str) -> None:
        self.directories = directories

    def names(self, path: Path) -> list[str]:
        above = path.as_posix().rstrip("/") + "/"
        return [
            each.removeprefix(above) for each in self.directories if each.rpartition("/")[0] + "/" == above
        ]

    def same(self, one: Path, other: Path) -> bool:
        return one.as_posix().casefold() == other.as_posix().casefold()


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("/repo/src", "/repo/src"),
        ("/repo/SRC", "/repo/src"),
        ("/Repo/Src/App", "/repo/src/app"),
        ("/repo/src/new", "/repo/src/new"),
        ("/repo/nowhere/x", "/repo/nowhere/x"),
    ],
)
def test_path_is_spelled_as_listed_on_disk(typed: str, listed: str) -> None:
    disk = Disk("/repo", "/repo/src", "/repo/src/app")
    assert as_listed(Path(typed), disk.names, disk.same) == Path(listed)


def test_name_that_exists_in_both_cases_is_unchanged(tmp_path: Path) -> None:
    disk = Disk("/repo", "/repo/src", "/repo/SRC")
    assert as_listed(Path("/repo/SRC"), disk.names, disk.same) == Path("/repo/SRC")


def test_ignores_case(tmp_path: Path) -> None:
    place = tmp_path / "src"
    place.mkdir()
    try:
        (tmp_path / "SRC").mkdir()
    except FileExistsError:
        assert ignores_case(place)  # depends on the file system of this machine
        return
    assert not ignores_case(place)
    assert not ignores_case(Path("/"))


def test_directory_argument_in_another_case_is_checked(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git lists no files in `SRC`, so the check would pass without reading it as `src`."""
    git = repository({"structlint.yaml": "tree: {src/: {a.py: }}\n", "src/b.txt": ""})
    monkeypatch.chdir(git.path)
    real = git.path / "src"

    def real_place(name: str) -> Path:
        return as_listed(
            Path(os.path.realpath(name)),
            lambda path: [each.name for each in path.iterdir()] if path.exists() else [],
            lambda one, other: str(one).casefold() == str(other).casefold(),
        )

    monkeypatch.setattr("structlint.checking.checkout.real_place", real_place)
    assert real_place("SRC") == real
    given, listed = run("check", "SRC"), run("check", "src")
    assert (given.status, given.out.replace("SRC", "src")) == (1, listed.out)


# --- Links


@pytest.mark.parametrize(
    ("mode", "tag", "expected"),
    [
        (stat.S_IFLNK, 0, True),
        (stat.S_IFDIR, getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1), True),
        (stat.S_IFDIR, 0x9000001A, False),  # a OneDrive directory
        (stat.S_IFDIR, 0, False),
    ],
)
def test_is_link(mode: int, tag: int, expected: bool) -> None:
    status = SimpleNamespace(st_mode=mode, st_reparse_tag=tag)
    assert is_link(cast("Any", status)) == expected


# --- State directory


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "C:/Users/a/AppData/Local"}, "C:/Users/a/AppData/Local"),
        ("win32", {"LOCALAPPDATA": ""}, "/home/a/AppData/Local"),
        ("win32", {"XDG_STATE_HOME": "/x"}, "/home/a/AppData/Local"),
        ("darwin", {"XDG_STATE_HOME": "/x"}, "/home/a/Library/Application Support"),
        ("linux", {"XDG_STATE_HOME": "/x"}, "/x"),
        ("linux", {"XDG_STATE_HOME": "x"}, "/home/a/.local/state"),
        ("linux", {"LOCALAPPDATA": "/x"}, "/home/a/.local/state"),
        ("freebsd14", {}, "/home/a/.local/state"),
    ],
)
def test_state_directory(platform: str, environment: dict[str, str], expected: str) -> None:
    variable, place = state_directory(platform, environment, lambda: Path("/home/a"))
    assert place.as_posix() == expected
    assert variable == {"win32": "LOCALAPPDATA", "darwin": "HOME"}.get(platform, "XDG_STATE_HOME")


# --- Line endings

FILES = {
    "structlint.yaml": """\
extends: ./team.yaml
tree:
  README.md:
  src/:
    <module>.py:
  docs/TREE.md:
exclude: [build/]
local: [.env]
""",
    "team.yaml": 'names:\n  module: snake_case\nforbid:\n  "*.orig": left over\n',
    ".gitignore": ".env\n*.log\n",
    "README.md": "# Shop\n",
    "docs/TREE.md": "# Tree\n\n```\nsrc/\n├── good.py   # The good one\n└── gone.py\n```\n",
    "src/badName.py": "",
    "src/good.py": "",
    "src/a.orig": "",
    "build/x": "",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "structlint-baseline.json": "",
}


@pytest.mark.parametrize("command", [["check", "."], ["check", "--documents"], ["tree"], ["init", "-o", "-"]])
def test_crlf_does_not_change_the_output(
    command: list[str], repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[Result] = []
    for end in ("\n", "\r\n"):
        git = repository({}, at=f"{len(results)}/repo")
        for name, text in FILES.items():
            if text or not name.endswith(".json"):
                path = git.path / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text.replace("\n", end).encode())
        git("add", "-A")
        monkeypatch.chdir(git.path)
        run("check", "--update-baseline", "--select", "forbidden-path")
        baseline = git.path / "structlint-baseline.json"
        if baseline.exists():
            baseline.write_bytes(baseline.read_bytes().replace(b"\n", end.encode()))
        results.append(run(*command))
    assert results[0] == results[1]
    assert "\r" not in results[1].out


def test_fix_preserves_crlf_in_gitignore(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": "local: [.env]\ntree: {.gitignore: }\n"})
    (git.path / ".gitignore").write_bytes(b"*.log\r\n")
    git("add", "-A")
    monkeypatch.chdir(git.path)
    assert run("fix").status == 0
    assert (git.path / ".gitignore").read_bytes() == b"*.log\r\n.env\r\n"


# --- Consoles


@pytest.mark.parametrize(
    ("encoding", "command"),
    [
        ("cp1252", ["check", "."]),
        ("cp437", ["check", "."]),
        ("cp850", ["tree"]),
        ("cp437", ["where", "ł.txt"]),
        ("cp437", ["check", "--documents"]),
        ("utf-8", ["check", "."]),
    ],
)
def test_console_with_another_encoding(encoding: str, command: list[str], repository: Make) -> None:
    git = repository({"structlint.yaml": "tree: {README.md: Größe — ł}\n", "ł.txt": "", "größe.txt": ""})
    result = subprocess.run(
        [sys.executable, "-P", "-m", "structlint", *command],
        cwd=git.path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert result.returncode in (0, 1)
    assert b"Traceback" not in result.stderr
    (result.stdout + result.stderr).decode(encoding)
