"""Metadata for publishing: repository URL, version, pinned actions, and existing files."""

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
URL: str = PROJECT["urls"]["Repository"]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


PUBLIC_URL = re.compile(
    r"https?://[\w.-]*example\.com[^\s)\"'>`]*|https://github\.com/[\w-]+/structlint[^\s)\"'>`]*"
)
OWNER = urlsplit(URL).path.split("/")[1]


def text_files() -> list[str]:
    """The tracked text files, except tests."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listed.decode().split("\0") if name and not name.startswith("tests/")]
    return [name for name in names if b"\0" not in (ROOT / name).read_bytes()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_repository_url_is_consistent() -> None:
    """All files use the URL in pyproject.toml; `.ci/address` changes it everywhere."""
    found = {
        (name, address)
        for name in text_files()
        if not name.endswith((".json", ".png", ".svg"))
        for address in PUBLIC_URL.findall(read(name))
    }
    assert {name for name, _ in found} == {"CHANGELOG.md", "CITATION.cff", "docs/ci.md", "pyproject.toml"}
    assert [each for each in found if not each[1].startswith(URL)] == []
    assert yaml.safe_load(read("CITATION.cff"))["repository-code"] == URL
    assert set(re.findall(r"uses: ([\w-]+/structlint)@", read("docs/ci.md"))) == {f"{OWNER}/structlint"}
    assert set(re.findall(r"@([\w-]+)/", read(".github/CODEOWNERS"))) == {OWNER}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_script_changes_the_url_in_all_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in text_files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    subprocess.run(["git", "init", "-q", copy], check=True)
    subprocess.run(["git", "add", "-A", "-f"], cwd=copy, check=True)
    command = [sys.executable, str(copy / ".ci/address")]
    new = "https://git.test/team/structlint"
    result = subprocess.run([*command, new], capture_output=True, text=True, check=True)
    changed = {".github/CODEOWNERS", "CHANGELOG.md", "CITATION.cff", "docs/ci.md", "pyproject.toml"}
    assert set(result.stdout.split()) == changed
    assert not [name for name in changed if PUBLIC_URL.search((copy / name).read_text("utf-8"))]
    assert "uses: team/structlint@" in (copy / "docs/ci.md").read_text("utf-8")
    failed = subprocess.run([*command, "example.org"], capture_output=True, text=True, check=False)
    assert (failed.returncode, failed.stdout) == (1, "")


def test_version_is_consistent() -> None:
    assert yaml.safe_load(read("CITATION.cff"))["version"] == __version__


def test_changelog_follows_keep_a_changelog() -> None:
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
def test_write_permissions_of_jobs(path: Path) -> None:
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


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix script")
@pytest.mark.parametrize("tag", ["v9.9.9", ""])
def test_release_script_rejects_a_wrong_version(tag: str, tmp_path: Path) -> None:
    command = [str(ROOT / ".ci/release"), tag, str(tmp_path / "dist")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    message = f"the tag is {tag}, but src/structlint/text/version.py has the version {__version__}"
    assert (result.returncode, result.stderr) == (1, f"release: {message}\n")
    assert not (tmp_path / "dist").exists()
    assert not (ROOT / "notes.md").exists()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms_are_valid(path: Path) -> None:
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


def test_image_runs_as_unprivileged_user() -> None:
    users = re.findall(r"^USER (\S+)$", read("Dockerfile"), re.MULTILINE)
    assert users == ["65532:65532"]


def test_schemastore_entry() -> None:
    """SchemaStore requires these keys, a description without a final period, and a matching `$id`."""
    entry = json.loads(read(".github/schemastore.json"))
    assert sorted(entry) == ["description", "fileMatch", "name", "url"]
    assert entry["fileMatch"] == list(NAMES)
    assert re.fullmatch(r"https://www\.schemastore\.org/[a-z-]+\.json", entry["url"])
    assert entry["description"][-1].isalpha() and "schema" not in entry["description"].lower()
    schema = json.loads(schema_text())
    assert schema["$id"] == entry["url"]
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def test_ci_matrix_matches_the_classifiers() -> None:
    matrix = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["suite"]["strategy"]["matrix"]
    supported = [
        each.rpartition(" ")[2]
        for each in PROJECT["classifiers"]
        if re.match(r"Programming Language :: Python :: 3\.", each)
    ]
    assert matrix["python"] == supported
    assert supported[0] == PROJECT["requires-python"].removeprefix(">=")
    assert [each.partition("-")[0] for each in matrix["os"]] == ["ubuntu", "macos", "windows"]
