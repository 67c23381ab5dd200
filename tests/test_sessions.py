"""The shell sessions of the documentation print what they show."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
import sessions

ROOT = Path(__file__).parent.parent
PAGES = [
    page
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
    if "```shell-session" in page.read_text("utf-8")
]


def test_the_page_for_beginners_is_one_of_them() -> None:
    assert ROOT / "docs/start.md" in PAGES


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="a session of a shell of Unix")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_session(page: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "structlint"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -P -m structlint "$@"\n'
    )
    program.chmod(0o755)
    text = page.read_text("utf-8")
    printed = sessions.run_commands(text, tmp_path, programs)
    assert "\n".join(sessions.differences(text, printed)) == ""


def test_what_differs_is_found(tmp_path: Path) -> None:
    page = "```shell-session\n$ echo a\nb\n$ cat <<E\n> x\n> E\nx\n```\n"
    assert [step.command for step in sessions.steps(page)] == ["echo a", "cat <<E\nx\nE"]
    printed = sessions.run_commands(page, tmp_path, tmp_path)
    assert sessions.differences(page, printed) == ["line 2: $ echo a\na\n"]
    assert sessions.updated(page, printed) == page.replace("\nb\n", "\na\n")


def test_a_block_that_is_no_session() -> None:
    with pytest.raises(ValueError, match="line 2: a session begins with"):
        sessions.steps("```shell-session\nstructlint\n```\n")
