"""What GitHub Actions runs and installs is pinned, and in step with pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN: list[str] = PROJECT["project"]["dependencies"]
TEST: list[str] = PROJECT["project"]["optional-dependencies"]["test"]
BUILD: list[str] = PROJECT["build-system"]["requires"]
STEPS = [*(ROOT / ".github").rglob("*.yml")]
_PINNED = re.compile(
    r"^([a-z0-9-]+)==(\S+)((?: ;[^\\]*)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(name: str) -> dict[str, Version]:
    """The versions that a file pins; nothing else may be in it, such as the address of an index."""
    text = (ROOT / ".github/requirements" / name).read_text("utf-8")
    assert re.sub(r"^#.*\n", "", _PINNED.sub("", text), flags=re.MULTILINE) == ""
    return {found[1]: Version(found[2]) for found in _PINNED.finditer(text)}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("action.txt", RUN + BUILD),
        ("build.txt", BUILD),
        ("newest.txt", RUN + TEST),
        ("lowest.txt", RUN + TEST),
    ],
)
def test_locked_files_hold_what_the_project_needs(name: str, wanted: list[str]) -> None:
    pinned = locked(name)
    for requirement in map(Requirement, wanted):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_lowest_versions_are_those_of_the_project() -> None:
    printed = subprocess.run(
        [sys.executable, str(ROOT / ".ci/lowest")], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lowest = dict(line.split("==") for line in printed)
    assert set(lowest) == {Requirement(each).name for each in RUN + TEST + BUILD}
    pinned = locked("lowest.txt")
    for each in RUN + TEST:
        name = Requirement(each).name
        assert pinned[canonicalize_name(name)] == Version(lowest[name])


@pytest.mark.parametrize("path", STEPS, ids=[path.name for path in STEPS])
def test_what_is_fetched_is_pinned(path: Path) -> None:
    text = path.read_text("utf-8")
    for action in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
    installs = [line for line in text.splitlines() if re.search(r"pip install|\$\{pip\[@\]\}", line)]
    wrong = [
        line for line in installs if not re.search("--require-hashes|--no-deps --no-build-isolation", line)
    ]
    assert [line for line in wrong if "pip=(" not in line] == []
