"""What a check has not imported when it ends: starting is what a small check spends its time on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Make

ROOT = Path(__file__).parent.parent

# What takes longer to import than a small check takes to run, or has no business in one.
# `local` of a layout asks git, in a temporary repository; jsonschema is for what a user has written.
HEAVY = {
    "asyncio",
    "difflib",
    "http",
    "importlib.metadata",
    "jsonschema",
    "markdown_it",
    "pathspec",
    "rich",
    "tempfile",
}
IGNORING = {"README.md": "", ".gitignore": ".env\n"}
SCRIPT = """
import json, sys
from structlint.cli import main
status = main(sys.argv[1:])
json.dump([status, sorted(sys.modules)], sys.stderr)
"""


def imported(directory: Path, *arguments: str) -> set[str]:
    """The modules that a command has imported, whatever it printed; it ends with 0."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, *arguments],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
    )
    status, modules = json.loads(done.stderr.splitlines()[-1])
    assert status == 0
    return set(modules)


@pytest.mark.parametrize(
    ("files", "arguments", "allowed"),
    [
        (IGNORING, ["check", "--quiet", "--layout=base", "--output-format=concise"], {"tempfile"}),
        (IGNORING, ["check", "--quiet", "--layout=base"], {"tempfile"}),
        (IGNORING, ["check", "--output-format=json", "--select=missing-file", "--layout=base"], set()),
        ({"structlint.yaml": "tree: {a: }", "a": ""}, ["check", "--quiet"], {"jsonschema", "tempfile"}),
        ({"a": ""}, ["check", "--show-files"], set()),
        ({}, ["explain", "missing-file"], set()),
        ({}, ["layouts"], set()),
        ({}, ["schema"], set()),
        ({}, ["--help"], set()),
    ],
)
def test_nothing_heavy_is_imported(
    files: dict[str, str], arguments: list[str], allowed: set[str], repository: Make
) -> None:
    assert imported(repository(files).path, *arguments) & HEAVY <= allowed
