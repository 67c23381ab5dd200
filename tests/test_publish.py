"""What publishing rests on: one address, one version, pinned actions, files that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft7Validator

from structlint import __version__
from structlint.checking.request import NAMES
from structlint.layout.schema import schema_text

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ADDRESS: str = PROJECT["urls"]["Repository"]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


PUBLISHED = re.compile(
    r"https?://[\w.-]*example\.com[^\s)\"'>`]*|https://github\.com/[\w-]+/structlint[^\s)\"'>`]*"
)
OWNER = urlsplit(ADDRESS).path.split("/")[1]


def tracked() -> list[str]:
    """The files of the repository, without its tests."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if name and not name.startswith("tests/")]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_one_address() -> None:
    """Each file names the repository as pyproject.toml does; `.ci/address` changes all of them."""
    found = {
        (name, address)
        for name in tracked()
        if not name.endswith((".json", ".png", ".svg"))
        for address in PUBLISHED.findall(read(name))
    }
    assert {name for name, _ in found} == {"CHANGELOG.md", "CITATION.cff", "docs/ci.md", "pyproject.toml"}
    assert [each for each in found if not each[1].startswith(ADDRESS)] == []
    assert yaml.safe_load(read("CITATION.cff"))["repository-code"] == ADDRESS
    assert set(re.findall(r"uses: ([\w-]+/structlint)@", read("docs/ci.md"))) == {f"{OWNER}/structlint"}
    assert set(re.findall(r"@([\w-]+)/", read(".github/CODEOWNERS"))) == {OWNER}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_the_address_is_changed_in_one_place(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    subprocess.run(["git", "init", "-q", copy], check=True)
    subprocess.run(["git", "add", "-A", "-f"], cwd=copy, check=True)
    command = [sys.executable, str(copy / ".ci/address")]
    new = "https://git.test/team/structlint"
    done = subprocess.run([*command, new], capture_output=True, text=True, check=True)
    changed = {".github/CODEOWNERS", "CHANGELOG.md", "CITATION.cff", "docs/ci.md", "pyproject.toml"}
    assert set(done.stdout.split()) == changed
    assert not [name for name in changed if PUBLISHED.search((copy / name).read_text("utf-8"))]
    assert "uses: team/structlint@" in (copy / "docs/ci.md").read_text("utf-8")
    refused = subprocess.run([*command, "example.org"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")


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
        "search.yml": set(),
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


def test_the_entry_for_schemastore() -> None:
    """What their checks require: these keys, no final full stop, and the schema under its own address."""
    entry = json.loads(read(".github/schemastore.json"))
    assert sorted(entry) == ["description", "fileMatch", "name", "url"]
    assert entry["fileMatch"] == list(NAMES)
    assert re.fullmatch(r"https://www\.schemastore\.org/[a-z-]+\.json", entry["url"])
    assert entry["description"][-1].isalpha() and "schema" not in entry["description"].lower()
    schema = json.loads(schema_text())
    assert schema["$id"] == entry["url"]
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def test_the_matrix_has_what_the_package_promises() -> None:
    matrix = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["suite"]["strategy"]["matrix"]
    promised = [
        each.rpartition(" ")[2]
        for each in PROJECT["classifiers"]
        if re.match(r"Programming Language :: Python :: 3\.", each)
    ]
    assert matrix["python"] == promised
    assert promised[0] == PROJECT["requires-python"].removeprefix(">=")
    assert [each.partition("-")[0] for each in matrix["os"]] == ["ubuntu", "macos", "windows"]
