"""The action of GitHub: what the text of its step makes of the inputs."""

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


def called_with(place: Path, inputs: dict[str, str], status: int = 0) -> tuple[int, list[str]]:
    """How the last step ends, and the arguments that `structlint` is called with in it."""
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
    completed = subprocess.run(  # as the runner calls bash
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=place,
        env={"PATH": os.environ["PATH"], "RUNNER_TEMP": str(place), **environment},
        capture_output=True,
        check=False,
    )
    assert completed.stderr == b""
    return completed.returncode, (place / "called").read_text().split("\0")[:-1]


pytestmark = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="the stand-in is a program of Unix"
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
def test_inputs_are_arguments_and_nothing_else(
    inputs: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "stray-file").touch()  # which `stray-*` must not become
    assert called_with(tmp_path, inputs) == (0, expected)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("status", [1, 2])
def test_the_step_ends_as_the_check_does(status: int, tmp_path: Path) -> None:
    assert called_with(tmp_path, {}, status)[0] == status


def test_no_input_is_part_of_a_script() -> None:
    assert len(STEPS) == 2
    assert not any("${{" in step["run"] for step in STEPS)
