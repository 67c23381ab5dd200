"""Tests of the GitHub action: its inputs and the exit status of its step."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = [step for step in ACTION["runs"]["steps"] if "run" in step]


def run_action(place: Path, inputs: dict[str, str], status: int = 0) -> tuple[int, list[str]]:
    """Runs the last step; returns its exit status and the arguments of `structlint`."""
    program = place / "structlint" / "bin" / "structlint"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" >'{place}/called'\nexit {status}\n")
    program.chmod(0o755)
    given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
    step = STEPS[-1]
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    completed = subprocess.run(  # the command line of GitHub's runner
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=place,
        env={"PATH": os.environ["PATH"], "RUNNER_TEMP": str(place), **environment},
        capture_output=True,
        check=False,
    )
    assert completed.stderr == b""
    return completed.returncode, (place / "called").read_text().split("\0")[:-1]


pytestmark = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="the fake structlint is a shell script"
)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, ["check", "--", "."]),
        ({"path": "services/a b"}, ["check", "--", "services/a b"]),
        ({"path": "--help"}, ["check", "--", "--help"]),
        ({"sarif": "a b.sarif"}, ["check", "--report", "sarif=a b.sarif", "--", "."]),
        (
            {"arguments": "--select stray-*  --statistics", "sarif": "a.sarif"},
            ["check", "--select", "stray-*", "--statistics", "--report", "sarif=a.sarif", "--", "."],
        ),
        (
            {"arguments": "--fail-level warning\n--ignore stray-*\n\n  --statistics\n"},
            ["check", "--fail-level", "warning", "--ignore", "stray-*", "--statistics", "--", "."],
        ),
        (
            {"arguments": "$(touch x) `touch x` ; touch x\n\\n \"a'", "path": "$(touch x)"},
            ["check", "$(touch", "x)", "`touch", "x`", ";", "touch", "x", "\\n", "\"a'", "--", "$(touch x)"],
        ),
    ],
)
def test_inputs_become_arguments_without_expansion(
    inputs: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "stray-file").touch()  # `stray-*` must not expand to this name
    assert run_action(tmp_path, inputs) == (0, expected)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("status", [1, 2])
def test_step_exit_status_is_that_of_check(status: int, tmp_path: Path) -> None:
    assert run_action(tmp_path, {}, status)[0] == status


def test_scripts_do_not_interpolate_inputs() -> None:
    assert len(STEPS) == 2
    assert not any("${{" in step["run"] for step in STEPS)
