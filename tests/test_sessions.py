"""The shell sessions in the documentation print the shown output."""

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


def test_start_page_has_sessions() -> None:
    assert ROOT / "docs/start.md" in PAGES


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_output_of_sessions(page: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "structlint"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -P -m structlint "$@"\n'
    )
    program.chmod(0o755)
    text = page.read_text("utf-8")
    outputs = sessions.run_commands(text, tmp_path, programs)
    assert "\n".join(sessions.differences(text, outputs)) == ""


def test_differences_are_found_and_rewritten(tmp_path: Path) -> None:
    page = "```shell-session\n$ echo a\nb\n$ cat <<E\n> x\n> E\nx\n```\n"
    assert [step.command for step in sessions.steps(page)] == ["echo a", "cat <<E\nx\nE"]
    outputs = sessions.run_commands(page, tmp_path, tmp_path)
    assert sessions.differences(page, outputs) == ["line 2: $ echo a\na\n"]
    assert sessions.updated(page, outputs) == page.replace("\nb\n", "\na\n")


def test_invalid_session() -> None:
    with pytest.raises(ValueError, match="line 2: a session begins with"):
        sessions.steps("```shell-session\nstructlint\n```\n")
