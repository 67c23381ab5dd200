"""`structlint check` for several repositories continues if one of them cannot be checked."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from conftest import Run
from fleet_repositories import LAYOUT, make_mirror

from structlint.checking.project import open_projects
from structlint.tree import Tree


@pytest.fixture
def mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two valid repositories, an empty one, and one with an invalid layout."""
    monkeypatch.chdir(tmp_path)
    Path("org.yaml").write_text(LAYOUT)
    make_mirror(tmp_path / "a.git", {"README.md": "", "a.exe": ""})
    make_mirror(tmp_path / "b.git", {})
    make_mirror(tmp_path / "invalid.git", {"structlint.yaml": "tree: [\n"})
    (tmp_path / "empty.git").mkdir()
    for name in ("HEAD", "objects/x", "refs/x"):
        (tmp_path / "empty.git" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "empty.git" / name).write_text("ref: refs/heads/main\n")
    return tmp_path


def test_unreadable_repository_does_not_stop_the_check(mirrors: Path, run: Run) -> None:
    result = run(
        "check", "empty.git", "b.git", "a.git", "--rev=HEAD", "--layout=org.yaml", "--output-format=concise"
    )
    assert result.status == 2
    assert [line.partition(": ")[0] for line in result.out.splitlines()] == ["a.git/a.exe", "b.git/README.md"]
    assert "note: The check is incomplete: 1 repository not checked\n" in result.err
    assert f"structlint: unknown revision `HEAD` in `{mirrors}/empty.git`\n" in result.err


def test_findings_are_the_same_as_in_single_checks(mirrors: Path, run: Run) -> None:
    options = ("--rev=HEAD", "--layout=org.yaml", "--output-format=json")
    both = json.loads(run("check", "b.git", "a.git", *options).out)
    alone = [json.loads(run("check", name, *options).out) for name in ("a.git", "b.git")]
    for name, document in zip(("a.git", "b.git"), alone, strict=True):
        for finding in document["findings"]:
            finding["path"] = f"{name}/{finding['path']}"
    assert both["findings"] == [finding for document in alone for finding in document["findings"]]
    assert both["summary"]["files"] == sum(document["summary"]["files"] for document in alone)


def test_invalid_layout_does_not_stop_the_check(mirrors: Path, run: Run) -> None:
    result = run("check", "invalid.git", "a.git", "gone.git", "--rev=HEAD")
    assert result.status == 2 and "structlint: invalid.git/structlint.yaml:" in result.err
    assert "incomplete: 2 repositories not checked" in result.out


def test_no_repository_can_be_checked(mirrors: Path, run: Run) -> None:
    result = run("check", "invalid.git", "empty.git", "--rev=HEAD", "--output-format=json")
    assert (result.status, result.out) == (2, "")
    assert "invalid.git/structlint.yaml:" in result.err and "unknown revision" in result.err


@pytest.mark.parametrize(("format_", "most"), [("full", 1), ("sarif", 3)])
def test_trees_are_released(
    mirrors: Path, run: Run, monkeypatch: pytest.MonkeyPatch, format_: str, most: int
) -> None:
    """One tree at a time is in memory, except for formats that need the existing files."""
    make_mirror(mirrors / "c.git", {})
    numbers: list[int] = []

    def count_trees(*arguments: object) -> object:
        projects = open_projects(*arguments)  # type: ignore[arg-type]
        gc.collect()
        numbers.append(sum(type(one) is Tree for one in gc.get_objects()))
        return projects

    monkeypatch.setattr("structlint.cli.check_run.open_projects", count_trees)
    run("check", "a.git", "b.git", "c.git", "--rev=HEAD", "--layout=org.yaml", f"--output-format={format_}")
    assert [number - numbers[0] + 1 for number in numbers] == ([1, 1, 1] if most == 1 else [1, 2, 3])
