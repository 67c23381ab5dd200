"""Exceptions in a repository, and layouts that are imposed on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Git
from test_language import Findings, found  # noqa: F401 - a fixture

IMPOSED = "tree: {.: {unlisted: allow}, README.md: }\nforbid: {'*.exe': never}\n"
OWN = "tree: {.: {unlisted: allow}, LICENSE: }\nignore: [{rule: missing-file, path: /LICENSE, why: later}]\n"


@pytest.fixture
def lax_repository(found: Findings, tmp_path: Path) -> Git:  # noqa: F811
    """A repository with a baseline, a nested layout and `ignore`."""
    git = found.make(OWN, "a/evil.txt services/x/bad.txt old.exe")
    (git.path / "services/x/structlint.yaml").write_text("tree: {.: {unlisted: allow}, x?: }\n")
    (git.path / "imposed.yaml").write_text(IMPOSED)
    found.run("check", ".", "--layout", "imposed.yaml", "--update-baseline")
    (git.path / "new.exe").touch()
    return git


# The options other than the layout, the findings, and the note about hidden findings.
OPTIONS = {
    "respect": ([], ["error forbidden-path new.exe"], ""),
    "no baseline": (
        ["--no-baseline"],
        ["error missing-file README.md", "error forbidden-path new.exe", "error forbidden-path old.exe"],
        "",
    ),
    "refuse": (
        ["--own-exceptions", "refuse"],
        ["error missing-file README.md", "error forbidden-path new.exe", "error forbidden-path old.exe"],
        "",
    ),
    "count": (
        ["--own-exceptions", "count"],
        ["error forbidden-path new.exe"],
        "2 findings hidden by the repository's own exceptions: its baseline 2",
    ),
}


@pytest.mark.parametrize(("options", "expected", "note"), OPTIONS.values(), ids=OPTIONS)
def test_imposed_layout(
    lax_repository: Git,
    found: Findings,  # noqa: F811
    options: list[str],
    expected: list[str],
    note: str,
) -> None:
    arguments = ["--layout", "imposed.yaml", *options]
    assert found.check(*arguments) == expected
    err = found.run("check", ".", "--output-format", "concise", *arguments).err
    assert ("hidden by the repository's own exceptions" in err) == bool(note)
    assert note in err


NESTED = "tree: {.: {unlisted: allow}, services/: {<s>/: {Dockerfile: }}}\n"


def test_nested_layouts_are_exceptions(found: Findings) -> None:  # noqa: F811
    git = found.make(NESTED, "services/x/main.py")
    (git.path / "services/x/structlint.yaml").write_text("tree: {.: {unlisted: allow}, x?: }\n")
    assert found.check() == []
    assert found.check("--own-exceptions", "refuse") == ["error missing-file services/x/Dockerfile"]
    noted = found.run("check", ".", "--own-exceptions", "count")
    assert "1 finding hidden by the repository's own exceptions: nested layouts 1" in noted.out
    assert noted.status == 0


def test_ignore_of_own_layout_is_an_exception(found: Findings) -> None:  # noqa: F811
    git = found.make(OWN, "a")
    assert found.check() == []
    assert found.check("--own-exceptions", "refuse") == ["error missing-file LICENSE"]
    assert "`ignore` 1" in found.run("check", ".", "--own-exceptions", "count").out
    (git.path / "l.yaml").write_text(OWN)  # chosen by the caller, so not an exception of the repository
    assert found.check("--layout", "l.yaml", "--own-exceptions", "refuse") == []


def test_baseline_option_is_not_an_exception(lax_repository: Git, found: Findings) -> None:  # noqa: F811
    (lax_repository.path / "structlint-baseline.json").rename(lax_repository.path / "ours.json")
    named = found.check("--layout", "imposed.yaml", "--own-exceptions", "refuse", "--baseline", "ours.json")
    assert named == ["error forbidden-path new.exe"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-baseline", "--baseline", "x.json"], "--baseline and --no-baseline cannot be used together"),
        (["--no-baseline", "--update-baseline"], "--update-baseline cannot be used with --no-baseline"),
        (["--own-exceptions", "count", "--update-baseline"], "--update-baseline cannot be used with"),
        (["--isolated", "--update-baseline"], "--update-baseline cannot be used with"),
        (["--isolated", "--layout", "base", "--update-baseline"], "--update-baseline cannot be used with"),
    ],
)
def test_option_conflicts(found: Findings, options: list[str], message: str) -> None:  # noqa: F811
    found.make(OWN, "a")
    result = found.run("check", ".", *options)
    assert result.status == 2
    assert message in result.err
