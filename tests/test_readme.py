"""Tests that the example in the README prints the output that the README shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Make, Run

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of the README in a language."""
    found = re.search(rf"(?ms)^```{language}\n(.*?)^```$", README)
    assert found
    return found[1]


def test_check_prints_the_output_in_the_readme(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    listed, _, printed = block("console").removeprefix("$ git ls-files\n").partition("$ structlint check .\n")
    files = dict.fromkeys(listed.splitlines(), "") | {"structlint.yaml": block("yml")}
    git = repository(files)
    monkeypatch.chdir(git.path)
    assert git("ls-files") == listed
    assert run("check", ".").out == printed


def test_readme_fits_two_screens() -> None:
    assert len(README.splitlines()) <= 100
