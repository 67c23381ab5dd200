"""Tests of `structlint.check` and of the pytest plugin."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Make, Run

import structlint
from structlint.checking.check import CheckResult
from structlint.errors import CannotCheck, LayoutError
from structlint.finding import RULE_NAMES

LAYOUT = "tree:\n  .: {unlisted: forbid}\n  README.md:\n  CHANGELOG.md: {level: recommended}\n"
FAULTY = {"structlint.yaml": LAYOUT, "notes.txt": "", "sub/a": ""}


@pytest.mark.parametrize(
    ("path", "layout"),
    [("repo", None), ("repo/sub", None), ("repo", "base"), ("repo", "other.yaml"), ("plain", None)],
)
def test_check_returns_the_same_findings_as_the_command(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, layout: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    repository(FAULTY)
    repository({"README.md": ""}, at="plain")
    (tmp_path / "other.yaml").write_text("tree: {LICENSE: }\n")
    result = structlint.check(tmp_path / path, layout=layout)
    options = [] if layout is None else ["--layout", layout]
    printed = json.loads(run("check", path, "--output-format", "json", *options).out)
    assert [(each.rule, each.path, each.message) for each in result.findings] == [
        (each["rule"], each["path"], each["message"]) for each in printed["findings"]
    ]
    assert result.files == printed["summary"]["files"]
    assert result.passed is (run("check", path, *options).status == 0)


def test_check_omits_baselined_findings(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(FAULTY)
    monkeypatch.chdir(tmp_path / "repo")
    before = structlint.check()
    assert (before.passed, before.baselined, before.layouts) == (False, 0, ("structlint.yaml",))
    run("check", "--update-baseline")
    after = structlint.check()
    assert (after.passed, after.findings, after.baselined) == (True, (), len(before.findings))


def test_check_raises_errors(repository: Make, tmp_path: Path) -> None:
    with pytest.raises(CannotCheck, match="no such directory"):
        structlint.check(tmp_path / "nowhere")
    repository({"structlint.yaml": "tre: {}\n"})
    with pytest.raises(LayoutError, match="did you mean `tree`"):
        structlint.check(tmp_path / "repo")


def run_pytest(directory: Path, *arguments: str) -> tuple[int, str]:
    """Runs pytest in a separate process; returns its exit status and output."""
    unused = [f"-pno:{plugin}" for plugin in ("cacheprovider", "hypothesispytest", "timeout", "xdist")]
    command = [sys.executable, "-m", "pytest", *unused, *arguments]
    completed = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return completed.returncode, completed.stdout + completed.stderr


def test_plugin_collects_one_item_per_rule(repository: Make, tmp_path: Path) -> None:
    repository({**FAULTY, "tests/test_a.py": "def test_a(): pass\n"})
    status, out = run_pytest(tmp_path / "repo", "--structlint", "-q")
    assert status == 1
    assert f"3 failed, {len(RULE_NAMES) - 3 + 1} passed, 1 warning" in out
    assert "FAILED structlint::stray-file" in out
    assert "notes.txt: error: unlisted file" in out
    assert "CHANGELOG.md: warning: missing file" in out
    assert "Traceback" not in out


def test_plugin_is_inactive_without_option(repository: Make, tmp_path: Path) -> None:
    repository({**FAULTY, "tests/test_a.py": "def test_a(): pass\n"})
    status, out = run_pytest(tmp_path / "repo", "-q")
    assert (status, "1 passed" in out) == (0, True)


def test_plugin_supports_selection_with_k(repository: Make, tmp_path: Path) -> None:
    repository({**FAULTY, "structlint.toml": ""})
    status, out = run_pytest(tmp_path / "repo", "--structlint", "-q", "-k", "missing-file or long-path")
    assert (status, f"1 failed, 1 passed, {len(RULE_NAMES) - 2} deselected" in out) == (1, True)


def test_plugin_layout_option_and_layout_error(repository: Make, tmp_path: Path) -> None:
    repository(
        {"ours.yaml": "tree: {ours.yaml: }\n", "pytest.ini": "[pytest]\nstructlint_layout = ours.yaml\n"}
    )
    assert run_pytest(tmp_path / "repo", "--structlint", "-q", "-k", "missing-file")[0] == 0
    (tmp_path / "repo/ours.yaml").write_text("tre: {}\n")
    status, out = run_pytest(tmp_path / "repo", "--structlint", "-q")
    assert (status, f"1 failed, {len(RULE_NAMES) - 1} skipped" in out) == (1, True)
    assert (status, "did you mean `tree`" in out) == (1, True)
    assert "Traceback" not in out


def test_example_in_python_page(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    page = (Path(__file__).parent.parent / "docs/python.md").read_text("utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    repository({"README.md": "", "notes.txt": ""})
    command = [sys.executable, "-c", program]
    completed = subprocess.run(command, cwd=tmp_path / "repo", capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stderr) == (0, "")
    assert completed.stdout.startswith("False [")
    fields = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert fields == {*CheckResult._fields, "passed"}
