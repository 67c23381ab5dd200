"""What publishing rests on: one address, one version, pinned actions, files that exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from structlint import __version__

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ADDRESS: str = PROJECT["urls"]["Repository"]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def test_one_address() -> None:
    assert all(address.startswith(ADDRESS) for address in PROJECT["urls"].values())
    assert yaml.safe_load(read("CITATION.cff"))["repository-code"] == ADDRESS
    for link in re.findall(r"^\[\S+\]: (\S+)$", read("CHANGELOG.md"), re.MULTILINE):
        assert link.startswith(ADDRESS)


def test_one_version() -> None:
    assert yaml.safe_load(read("CITATION.cff"))["version"] == __version__


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    first, *others = re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)
    assert first == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", other) for other in others)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert kinds.issuperset(re.findall(r"^### (.*)$", read("CHANGELOG.md"), re.MULTILINE))


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    uses = re.findall(r"uses: (\S+)(.*)", path.read_text("utf-8"))
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_has_the_permissions_it_names(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] in ({}, {"contents": "read"})
    written = {
        (name, scope)
        for name, job in workflow["jobs"].items()
        for scope, level in job.get("permissions", {}).items()
        if level == "write"
    }
    expected = {
        "ci.yml": set(),
        "site.yml": {("deploy", "pages"), ("deploy", "id-token")},
        "release.yml": {
            ("build", "id-token"),
            ("build", "attestations"),
            ("publish", "id-token"),
            ("announce", "contents"),
        },
    }
    assert written == expected[path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="a script for Unix")
@pytest.mark.parametrize("tag", ["v9.9.9", ""])
def test_a_release_of_another_version_is_refused(tag: str, tmp_path: Path) -> None:
    command = [str(ROOT / ".ci/release"), tag, str(tmp_path / "dist")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wrong = f"the tag is {tag}, but src/structlint/text/version.py has the version {__version__}"
    assert (done.returncode, done.stderr) == (1, f"release: {wrong}\n")
    assert not (tmp_path / "dist").exists()
    assert not (ROOT / "notes.md").exists()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_forms_have_what_github_needs(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    if path.name == "config.yml":
        assert form == {"blank_issues_enabled": True}
        return
    assert form["name"] and form["description"]
    for field in form["body"]:
        assert field["type"] in ("markdown", "textarea", "input")
        assert field["attributes"]["value" if field["type"] == "markdown" else "label"]
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(ids) == len(set(ids))


def test_owned_and_copied_files_exist() -> None:
    owned = re.findall(r"^/(\S+)\s+@", read(".github/CODEOWNERS"), re.MULTILINE)
    copied = [
        name
        for line in re.findall(r"^COPY (?!--)(.*) \S+$", read("Dockerfile"), re.MULTILINE)
        for name in line.split()
    ]
    kept = re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE)
    assert owned and copied
    assert all((ROOT / name).exists() for name in [*owned, *copied, *kept])
    assert {name.rstrip("/") for name in copied} == set(kept)


def test_the_image_runs_as_nobody() -> None:
    users = re.findall(r"^USER (\S+)$", read("Dockerfile"), re.MULTILINE)
    assert users == ["65532:65532"]
