"""The actions and packages in GitHub workflows are pinned, and the pins match pyproject.toml."""

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
RUN_REQUIREMENTS: list[str] = PROJECT["project"]["dependencies"]
TEST_REQUIREMENTS: list[str] = PROJECT["project"]["optional-dependencies"]["test"]
BUILD_REQUIREMENTS: list[str] = PROJECT["build-system"]["requires"]
WORKFLOWS = [*(ROOT / ".github").rglob("*.yml")]
_PINNED = re.compile(
    r"^([a-z0-9-]+)==(\S+)((?: ;[^\\]*)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pinned_versions(name: str) -> dict[str, Version]:
    """The pinned versions in a file, which may not contain anything else, such as an index URL."""
    text = (ROOT / ".github/requirements" / name).read_text("utf-8")
    assert re.sub(r"^#.*\n", "", _PINNED.sub("", text), flags=re.MULTILINE) == ""
    return {found[1]: Version(found[2]) for found in _PINNED.finditer(text)}


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("action.txt", RUN_REQUIREMENTS + BUILD_REQUIREMENTS),
        ("build.txt", BUILD_REQUIREMENTS),
        ("newest.txt", RUN_REQUIREMENTS + TEST_REQUIREMENTS),
        ("lowest.txt", RUN_REQUIREMENTS + TEST_REQUIREMENTS),
    ],
)
def test_pinned_versions_satisfy_the_requirements(name: str, requirements: list[str]) -> None:
    pinned = pinned_versions(name)
    for requirement in map(Requirement, requirements):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


def test_lowest_pinned_versions_match_the_project() -> None:
    output = subprocess.run(
        [sys.executable, str(ROOT / ".ci/lowest")], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lowest = dict(line.split("==") for line in output)
    assert set(lowest) == {
        Requirement(each).name for each in RUN_REQUIREMENTS + TEST_REQUIREMENTS + BUILD_REQUIREMENTS
    }
    pinned = pinned_versions("lowest.txt")
    for each in RUN_REQUIREMENTS + TEST_REQUIREMENTS:
        name = Requirement(each).name
        assert pinned[canonicalize_name(name)] == Version(lowest[name])


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.name for path in WORKFLOWS])
def test_actions_and_installed_packages_are_pinned(path: Path) -> None:
    text = path.read_text("utf-8")
    for action in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
    installs = [line for line in text.splitlines() if re.search(r"pip install|\$\{pip\[@\]\}", line)]
    wrong = [
        line for line in installs if not re.search("--require-hashes|--no-deps --no-build-isolation", line)
    ]
    assert [line for line in wrong if "pip=(" not in line] == []
