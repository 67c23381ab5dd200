"""Nested, removed and missing layouts, and sparse checkouts."""

from __future__ import annotations

import pytest
from conftest import Git
from test_language import Findings, found  # noqa: F401 - a fixture

OPEN = "tree: {.: {unlisted: allow}, x/?: }\n"
NESTED = {
    "the layout, by a pattern": (
        "tree: {services/: {<s>/: }}\nforbid: {/services/*/structlint.yaml: no}",
        ["forbidden-path services/a/structlint.yaml"],
    ),
    "the layout, by an entry": (
        "tree: {services/: {<s>/: {Dockerfile: , structlint.yaml: false}}}",
        ["forbidden-path services/a/structlint.yaml"],
    ),
    "the layout, by `**/`": (
        "tree: {services/: {<s>/: }, '**/': {structlint.yaml: false}}",
        ["forbidden-path services/a/structlint.yaml"],
    ),
    "another name of the layout": ("tree: {services/: {<s>/: {.structlint.yaml: false}}}", []),
    "a file in it": (
        "tree: {services/: {<s>/: }}\nforbid: {'*.exe': no}",
        ["forbidden-path services/a/evil.exe"],
    ),
    "a file further in": (
        "tree: {services/: {<s>/: }}\nforbid: {'*.md': no}",
        ["forbidden-path services/a/docs/b.md"],
    ),
    "a local file in it": (
        "tree: {services/: {<s>/: }}\nlocal: ['*.exe']",
        ["tracked-local services/a/evil.exe", "warning"],
    ),
    "requirements of the outer layout do not apply": ("tree: {services/: {<s>/: {Dockerfile: }}}", []),
}


@pytest.mark.parametrize(("layout", "expected"), NESTED.values(), ids=NESTED)
def test_nested_layout_does_not_override_prohibitions(
    found: Findings,  # noqa: F811
    layout: str,
    expected: list[str],
) -> None:
    git = found.make(layout, "services/a/evil.exe services/a/docs/b.md")
    (git.path / "services/a/structlint.yaml").write_text(OPEN)
    git("add", "-A")
    reported = [each for each in found.check() if each.startswith("error")]
    assert reported == [f"error {each}" for each in expected if each != "warning"]


def test_path_forbidden_by_two_layouts_is_one_finding(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {a/: }\nforbid: {'*.exe': outer}", "a/evil.exe")
    (git.path / "a/structlint.yaml").write_text(f"{OPEN}forbid: {{'*.exe': inner}}\n")
    assert found.check() == ["error forbidden-path a/evil.exe"]
    assert "outer" in found.run("check", ".").out


def commit_all(git: Git) -> None:
    git("add", "-A")
    git("commit", "-qm", "x")


def test_changed_fails_if_the_layout_was_removed(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {README.md: }", "README.md")
    commit_all(git)
    git("rm", "-q", "structlint.yaml")
    commit_all(git)
    result = found.run("check", ".", "--changed=HEAD~1")
    assert result.status == 2
    assert "`structlint.yaml` was removed, and no other layout applies; restore it" in result.err
    assert found.run("check", ".", "--changed").status == 0
    assert found.run("check", ".").status == 0
    assert found.run("check", ".", "--require-layout").status == 2
    (git.path / ".structlint.yaml").write_text("tree: {README.md: }")
    assert found.run("check", ".", "--changed=HEAD~1", "--require-layout").status == 0


@pytest.mark.parametrize("removed", ["committed", "in the work tree"])
def test_changed_with_a_removed_nested_layout(found: Findings, removed: str) -> None:  # noqa: F811
    git = found.make("tree: {README.md: , a/: {.: {unlisted: forbid}, b: }}", "README.md a/b a/x bad")
    (git.path / "a/structlint.yaml").write_text(OPEN)
    commit_all(git)
    assert found.check("--changed") == []
    (git.path / "a/structlint.yaml").unlink()
    if removed == "committed":
        commit_all(git)
    base = "--changed=HEAD~1" if removed == "committed" else "--changed"
    assert found.check(base) == ["error stray-file a/x"]


def test_changed_with_an_added_nested_layout(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {README.md: , a/: }", "README.md a/x bad")
    commit_all(git)
    (git.path / "a/structlint.yaml").write_text("tree: {y: }")
    assert found.check("--changed") == ["error stray-file a/x", "error missing-file a/y"]


def test_nested_layout_outside_a_sparse_checkout_applies(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {a/: {need.txt: }, b/: }", "a/evil.exe b/x")
    (git.path / "a/structlint.yaml").write_text("tree: {need.txt: , evil.exe: }\nforbid: {'*.exe?': no}\n")
    commit_all(git)
    full = found.check()
    assert full == ["error missing-file a/need.txt"]
    git("sparse-checkout", "set", "b")
    assert not (git.path / "a").exists()
    assert found.check() == full
    assert found.check("--tracked") == full
