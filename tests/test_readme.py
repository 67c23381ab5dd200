"""Tests that the example in the README prints the output and draws the picture that the README shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Git, Make, Run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of the README in a language."""
    found = re.search(rf"(?ms)^```{language}\n(.*?)^```$", README)
    assert found
    return found[1]


LISTED, _, PRINTED = block("console").removeprefix("$ git ls-files\n").partition("$ structlint check .\n")


@pytest.fixture
def example(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The repository of the README."""
    git = repository(dict.fromkeys(LISTED.splitlines(), "") | {"structlint.yaml": block("yml")})
    monkeypatch.chdir(git.path)
    return git


def test_check_prints_the_output_in_the_readme(example: Git, run: Run) -> None:
    assert example("ls-files") == LISTED
    assert run("check", ".").out == PRINTED


def test_tree_draws_the_picture_in_the_readme(example: Git, run: Run) -> None:
    """To update the picture, run `structlint tree -o readme.svg` in the repository of the README."""
    assert "](docs/readme.svg)" in README
    assert run("tree", "--format", "svg").out == (ROOT / "docs/readme.svg").read_text(encoding="utf-8")


def test_readme_fits_two_screens() -> None:
    assert len(README.splitlines()) <= 100
