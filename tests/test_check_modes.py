"""`check --fix`, `check --isolated` and `check --watch`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Make, Run

LAYOUT = "tree: {.: {unlisted: forbid}, README.md: , src/: , CHANGELOG.md: }\n"


@pytest.fixture
def project(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    repository({"structlint.yaml": LAYOUT, "README.md": "", "src/a": "", "stray": ""})
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


def test_fix_applies_safe_fixes_and_reports_the_rest(project: Path, run: Run) -> None:
    result = run("check", "--fix", "--output-format", "concise")
    assert result.status == 1
    assert [line.partition(":")[0] for line in result.out.splitlines()] == ["stray"]
    assert "1 change made; undo with `structlint fix --undo`" in result.err
    assert (project / "CHANGELOG.md").exists()
    again = run("check", "--fix", "--output-format", "concise")
    assert "change" not in again.err
    assert run("fix", "--undo").status == 0
    assert not (project / "CHANGELOG.md").exists()


def test_fix_applies_only_to_selected_rules(project: Path, run: Run) -> None:
    run("check", "--fix", "--select", "stray-file")
    assert not (project / "CHANGELOG.md").exists()


@pytest.mark.parametrize(
    ("arguments", "correction"),
    [
        (["--tracked"], "remove --tracked"),
        (["--rev", "HEAD"], "remove --rev"),
        (["--changed=HEAD"], "remove --changed"),
        (["--exclude", "x"], "remove --exclude"),
        (["--documents"], "remove --documents"),
        (["src", "."], "give one PATH"),
    ],
)
def test_fix_requires_files_of_one_project(
    project: Path, run: Run, arguments: list[str], correction: str
) -> None:
    result = run("check", "--fix", *arguments)
    assert (result.status, result.err) == (
        2,
        f"structlint: --fix changes the files of one project; {correction}\n",
    )
    assert not (project / "CHANGELOG.md").exists()


def test_isolated_ignores_layouts_in_the_repository(project: Path, run: Run) -> None:
    (project / "src/structlint.yaml").write_text("tre: {}\n")
    assert run("check").status == 2
    result = run("check", "--isolated")
    assert (result.status, result.err) == (0, "")
    assert "(5 files; no layout, so the structure was not checked)" in result.out
    assert "--isolated without --layout ran only the rules that don't need one: port-" in result.out
    assert "No structlint.yaml found" not in result.out
    assert run("check", "--isolated", "--layout", "base").status == 1


def test_isolated_ignores_baseline(project: Path, run: Run) -> None:
    (project / "ours.yaml").write_text("tree: {missing.md: }\n")
    run("check", "--layout", "ours.yaml", "--update-baseline")
    assert run("check", "--layout", "ours.yaml").status == 0
    assert run("check", "--isolated", "--layout", "ours.yaml").status == 1


@pytest.mark.parametrize(
    "arguments", [["--config", "structlint.yaml"], ["--require-layout"], ["--baseline", "x.json"]]
)
def test_isolated_conflicts_with_layout_and_baseline_options(
    project: Path, run: Run, arguments: list[str]
) -> None:
    result = run("check", "--isolated", *arguments)
    assert (result.status, result.out) == (2, "")
    assert "--isolated reads no layout and no baseline" in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="requires SIGINT")
def test_watch_checks_again_after_a_change(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    report = project / "report.json"
    command = ["check", "--watch", "--output-format", "concise", "--report", f"json={report}"]
    with subprocess.Popen(
        [sys.executable, "-m", "structlint", *command],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as watcher:
        output = watcher.stdout
        assert output is not None

        def read_check() -> list[str]:
            """Reads the lines of one check, up to the line `Watching`."""
            lines: list[str] = []
            while not lines or not lines[-1].startswith("Watching"):
                line = output.readline()
                assert line, lines
                lines.append(line.rstrip())
            return lines

        def wait_for_check(part: str, *, absent: bool = False) -> None:
            """Reads until the end of the first check with this text, or without it if `absent`.

            Writing a file can cause two checks: one of the empty file, and one of the complete file.
            """
            while any(part in line for line in read_check()) is absent:
                pass

        wait_for_check("stray: error")
        (project / "stray").unlink()
        wait_for_check("stray: error", absent=True)
        (project / "structlint.yaml").write_text("tre: {}\n")
        wait_for_check("unknown key `tre`")  # the watcher continues
        (project / "structlint.yaml").write_text("tree: {}\n")
        wait_for_check("No problems found")
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait() == 0


def test_watch_ignores_its_own_output(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    out = project / "out.txt"
    (project / "structlint.yaml").write_text("tree: {out.txt: , README.md: , src/: }\n")
    (project / "stray").unlink()
    expected = "4 files"
    with (
        out.open("w") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "structlint", "check", "--watch", "--output-format", "concise"],
            cwd=project,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as watcher,
    ):
        for number in range(3):
            while not re.search(rf"{expected}.*\nWatching", out.read_text(), re.DOTALL):
                assert watcher.poll() is None
                time.sleep(0.02)
            time.sleep(0.5)  # time for an unwanted second check
            (tmp_path / "new").touch()
            (tmp_path / "new").rename(project / f"stray{number}")  # one change, unlike writing a file
            expected = f"stray{number}: error"
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait() == 1
    assert out.read_text().count("Watching") <= 3


def test_watch_without_watchfiles(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = run("check", "--watch")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(
        "structlint: --watch needs the package watchfiles; install it with: pip install"
    )
