"""`structlint` without a command says what it sees, and names the next command."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from conftest import Make, Run

SERVICE = {"pyproject.toml": "[project]\nname = 'a'\n", "Dockerfile": "FROM a\n", "src/a/__init__.py": ""}


@pytest.mark.parametrize(
    ("files", "first", "following"),
    [
        ({}, "Git lists no files here.", "structlint layouts"),
        ({"notes.txt": ""}, "This project has 1 file and no layout yet.", "structlint init -o -"),
        (SERVICE, "This project has 3 files and no layout yet.", "structlint init -o -"),
        (
            {"structlint.yaml": "tree: {README.md: }\n", "README.md": ""},
            "structlint.yaml declares the structure of this project (2 files).",
            "structlint check .",
        ),
    ],
)
def test_the_next_command(
    repository: Make,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    first: str,
    following: str,
) -> None:
    repository(files)
    monkeypatch.chdir(tmp_path / "repo")
    ran = run()
    lines = ran.out.splitlines()
    assert (ran.status, lines[0], ran.err) == (0, first, "All commands: structlint --help\n")
    suggested = lines[-1].rpartition(": ")[2]
    assert following.startswith(suggested)
    assert run(*shlex.split(following)[1:]).status == 0  # which does what it says
    assert run("-q").out == ran.out


def test_the_evidence_is_named(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(SERVICE)
    monkeypatch.chdir(tmp_path / "repo")
    assert "This bundled layout fits: python" in run().out


def test_a_layout_that_is_wrong(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository({"structlint.yaml": "tre: {}\n"})
    monkeypatch.chdir(tmp_path / "repo")
    ran = run()
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("structlint.yaml:1:1: unknown key `tre`")


def test_a_hook_says_that_the_layout_is_not_added(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository(SERVICE)
    monkeypatch.chdir(tmp_path / "repo")
    run("init", "-q")
    ran = run("check", "--tracked", "--require-layout")
    added = "`structlint.yaml` is not in git's index; add it with `git add structlint.yaml`"
    assert (ran.status, ran.err) == (2, f"structlint: {added}\n")
    git("add", "structlint.yaml")
    assert run("check", "--tracked", "--require-layout").status == 0
