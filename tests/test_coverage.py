"""The directories that a layout checks: `tree --open`, and the number in the summary of `check`."""

from __future__ import annotations

import json

import pytest
from conftest import Make, Run

FILES = dict.fromkeys(["README.md", "src/app/a.py", "src/app/deep/b.py", "docs/x.md", "img/a.png"], "")

OPEN_DIRECTORIES: dict[str, tuple[str, list[str]]] = {
    "directory without entries is open, including subdirectories": (
        "tree: {README.md: , src/: , docs/: , img/?: }",
        ["docs/", "img/", "src/"],
    ),
    "directory with entries is closed": (
        "tree: {README.md: , src/: {app/: {deep/: }}, docs/: , img/?: }",
        ["docs/", "img/", "src/app/deep/"],
    ),
    "directory that allows everything is open": (
        "tree: {README.md: , src/: {.: {unlisted: allow}, app/?: }, docs/: , img/?: }",
        ["docs/", "img/", "src/"],
    ),
    "directory with a naming rule is closed": (
        "names: {m: snake_case}\n"
        "tree:\n  README.md:\n  src/: {'**/': {<m>.py?: }}\n  img/?:\n"
        "  docs/: {.: {unlisted: allow}, <p:kebab-case>.md?: }\n",
        ["img/", "src/"],
    ),
    "directory with a required or forbidden name is closed": (
        "tree: {README.md: , src/: {.: {unlisted: allow}, app/: }, docs/: {x.pdf: false}, img/?: }",
        ["img/", "src/app/"],
    ),
    "directory with a limit is closed": (
        "tree: {README.md: , src/: {.: {max-files: 3}}, docs/: {.: {min-files: 1}}, img/?: }",
        ["img/", "src/app/"],
    ),
    "unlisted and forbidden directories are not open": (
        "tree: {README.md: , docs/: false}",
        [],
    ),
    "all directories are closed": (
        "tree: {README.md: , '**/': {.: {unlisted: forbid}, '*?': , '*/?': }, '*/?': }",
        [],
    ),
}


@pytest.mark.parametrize(("layout", "opened"), OPEN_DIRECTORIES.values(), ids=OPEN_DIRECTORIES)
def test_tree_open(
    layout: str, opened: list[str], repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({**FILES, "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    status, out, _ = run("tree", "--open")
    assert status == 0
    assert [line.partition("  ")[0] for line in out.splitlines()[:-1]] == opened


SUMMARIES: dict[str, tuple[str, str]] = {
    "all": (
        "tree: {README.md: , src/: {app/: {deep/: {b.py: }}}, docs/: {x.md: }, img/: {a.png: }}",
        "All checks passed (6 files)\n",
    ),
    "some": (
        "tree: {README.md: , src/: {app/: {deep/: }}, docs/: , img/: }",
        "All checks passed (6 files, 2 of 5 directories)\n",
    ),
    "root only": (
        "tree: {README.md: , src/: , docs/: , img/: }",
        "No problems found (6 files; only the root is checked)\n",
    ),
}


@pytest.mark.parametrize(("layout", "summary"), SUMMARIES.values(), ids=SUMMARIES)
def test_summary_counts_checked_directories(
    layout: str, summary: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({**FILES, "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    assert run("check", ".") == (0, summary, "")
    assert run("check", ".", "-q") == (0, "", "")


def test_json_summary_counts_open_directories(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({**FILES, "structlint.yaml": SUMMARIES["some"][0]})
    monkeypatch.chdir(git.path)
    summary = json.loads(run("check", ".", "--output-format", "json").out)["summary"]
    assert (summary["directories"], summary["openDirectories"]) == (5, 3)


def test_tree_open_for_one_directory(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({**FILES, "structlint.yaml": SUMMARIES["some"][0]})
    monkeypatch.chdir(git.path)
    assert run("tree", "src", "--open").out == "src/app/deep/  1 file\nchecked: 2 of 3 directories\n"
    assert run("tree", "--open", "--all").status == 2


def test_subdirectories_of_open_directory_are_open(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = SUMMARIES["all"][0].replace("{x.md: }", "{.: {unlisted: allow}, x.md?: }")
    git = repository({**FILES, "docs/new/y.md": "", "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    assert run("check", ".").out == "All checks passed (7 files, 4 of 6 directories)\n"
    assert run("tree", "--open").out == "docs/  2 files\nchecked: 4 of 6 directories\n"
