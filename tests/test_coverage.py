"""Which directories a layout checks: `tree --open`, and the share in the summary of `check`."""

from __future__ import annotations

import json

import pytest
from conftest import Make, Run

FILES = dict.fromkeys(["README.md", "src/app/a.py", "src/app/deep/b.py", "docs/x.md", "img/a.png"], "")

COVERED: dict[str, tuple[str, list[str]]] = {
    "a directory that lists nothing is open, with all below it": (
        "tree: {README.md: , src/: , docs/: , img/?: }",
        ["docs/", "img/", "src/"],
    ),
    "one that lists a name reports another directory": (
        "tree: {README.md: , src/: {app/: {deep/: }}, docs/: , img/?: }",
        ["docs/", "img/", "src/app/deep/"],
    ),
    "one that only allows is open": (
        "tree: {README.md: , src/: {.: {unlisted: allow}, app/?: }, docs/: , img/?: }",
        ["docs/", "img/", "src/"],
    ),
    "a case is checked": (
        "names: {m: snake_case}\n"
        "tree:\n  README.md:\n  src/: {'**/': {<m>.py?: }}\n  img/?:\n"
        "  docs/: {.: {unlisted: allow}, <p:kebab-case>.md?: }\n",
        ["img/", "src/"],
    ),
    "a name that must, or must not, be there": (
        "tree: {README.md: , src/: {.: {unlisted: allow}, app/: }, docs/: {x.pdf: false}, img/?: }",
        ["img/", "src/app/"],
    ),
    "a limit": (
        "tree: {README.md: , src/: {.: {max-files: 3}}, docs/: {.: {min-files: 1}}, img/?: }",
        ["img/", "src/app/"],
    ),
    "what is unlisted or forbidden is reported as a whole": (
        "tree: {README.md: , docs/: false}",
        [],
    ),
    "all is closed": (
        "tree: {README.md: , '**/': {.: {unlisted: forbid}, '*?': , '*/?': }, '*/?': }",
        [],
    ),
}


@pytest.mark.parametrize(("layout", "opened"), COVERED.values(), ids=COVERED)
def test_open_directories(
    layout: str, opened: list[str], repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({**FILES, "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    status, out, _ = run("tree", "--open")
    assert status == 0
    assert [line.partition("  ")[0] for line in out.splitlines()[:-1]] == opened


SHARES: dict[str, tuple[str, str]] = {
    "all of it": (
        "tree: {README.md: , src/: {app/: {deep/: {b.py: }}}, docs/: {x.md: }, img/: {a.png: }}",
        "All checks passed (6 files)\n",
    ),
    "some": (
        "tree: {README.md: , src/: {app/: {deep/: }}, docs/: , img/: }",
        "All checks passed (6 files, 2 of 5 directories)\n",
    ),
    "nothing but the root": (
        "tree: {README.md: , src/: , docs/: , img/: }",
        "No problems found (6 files; only the root is checked)\n",
    ),
}


@pytest.mark.parametrize(("layout", "summary"), SHARES.values(), ids=SHARES)
def test_the_share_in_the_summary(
    layout: str, summary: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({**FILES, "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    assert run("check", ".") == (0, summary, "")
    assert run("check", ".", "-q") == (0, "", "")


def test_the_share_as_json(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({**FILES, "structlint.yaml": SHARES["some"][0]})
    monkeypatch.chdir(git.path)
    summary = json.loads(run("check", ".", "--output-format", "json").out)["summary"]
    assert (summary["directories"], summary["openDirectories"]) == (5, 3)


def test_open_of_one_directory(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({**FILES, "structlint.yaml": SHARES["some"][0]})
    monkeypatch.chdir(git.path)
    assert run("tree", "src", "--open").out == "src/app/deep/  1 file\nchecked: 2 of 3 directories\n"
    assert run("tree", "--open", "--all").status == 2


def test_a_directory_in_an_open_one_is_open(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = SHARES["all of it"][0].replace("{x.md: }", "{.: {unlisted: allow}, x.md?: }")
    git = repository({**FILES, "docs/new/y.md": "", "structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    assert run("check", ".").out == "All checks passed (7 files, 4 of 6 directories)\n"
    assert run("tree", "--open").out == "docs/  2 files\nchecked: 4 of 6 directories\n"
