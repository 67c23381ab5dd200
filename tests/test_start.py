"""`structlint` without a command prints the state of the project and the next command."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from conftest import Make, Run

SERVICE = {"pyproject.toml": "[project]\nname = 'a'\n", "Dockerfile": "FROM a\n", "src/a/__init__.py": ""}


@pytest.mark.parametrize(
    ("files", "first", "next_command"),
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
def test_next_command(
    repository: Make,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    first: str,
    next_command: str,
) -> None:
    repository(files)
    monkeypatch.chdir(tmp_path / "repo")
    result = run()
    lines = result.out.splitlines()
    assert (result.status, lines[0], result.err) == (0, first, "All commands: structlint --help\n")
    suggested = lines[-1].rpartition(": ")[2]
    assert next_command.startswith(suggested)
    assert run(*shlex.split(next_command)[1:]).status == 0  # the command works
    assert run("-q").out == result.out


def test_evidence_is_printed(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(SERVICE)
    monkeypatch.chdir(tmp_path / "repo")
    assert "as its files show: python" in run().out


def test_invalid_layout(repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository({"structlint.yaml": "tre: {}\n"})
    monkeypatch.chdir(tmp_path / "repo")
    result = run()
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("structlint.yaml:1:1: unknown key `tre`")


def test_hint_for_a_layout_that_is_not_in_the_index(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository(SERVICE)
    monkeypatch.chdir(tmp_path / "repo")
    run("init", "-q")
    result = run("check", "--tracked", "--require-layout")
    message = "`structlint.yaml` is not in git's index; add it with `git add structlint.yaml`"
    assert (result.status, result.err) == (2, f"structlint: {message}\n")
    git("add", "structlint.yaml")
    assert run("check", "--tracked", "--require-layout").status == 0
