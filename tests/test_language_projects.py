"""Nested, removed and missing layouts, and what a sparse checkout leaves out (`l15` to `l18`)."""

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
    "what the layout above lists is not its business": ("tree: {services/: {<s>/: {Dockerfile: }}}", []),
}


@pytest.mark.parametrize(("layout", "expected"), NESTED.values(), ids=NESTED)
def test_l15_a_nested_layout_frees_nothing(
    found: Findings,  # noqa: F811
    layout: str,
    expected: list[str],
) -> None:
    git = found.make(layout, "services/a/evil.exe services/a/docs/b.md")
    (git.path / "services/a/structlint.yaml").write_text(OPEN)
    git("add", "-A")
    reported = [each for each in found.check() if each.startswith("error")]
    assert reported == [f"error {each}" for each in expected if each != "warning"]


def test_l15_one_mistake_of_two_layouts_is_one_finding(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {a/: }\nforbid: {'*.exe': outer}", "a/evil.exe")
    (git.path / "a/structlint.yaml").write_text(f"{OPEN}forbid: {{'*.exe': inner}}\n")
    assert found.check() == ["error forbidden-path a/evil.exe"]
    assert "outer" in found.run("check", ".").out


def committed(git: Git) -> None:
    git("add", "-A")
    git("commit", "-qm", "x")


def test_l16_a_change_removes_the_layout(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {README.md: }", "README.md")
    committed(git)
    git("rm", "-q", "structlint.yaml")
    committed(git)
    ran = found.run("check", ".", "--changed=HEAD~1")
    assert ran.status == 2
    assert "`structlint.yaml` was removed, and no other layout applies; restore it" in ran.err
    assert found.run("check", ".", "--changed").status == 0
    assert found.run("check", ".").status == 0
    assert found.run("check", ".", "--require-layout").status == 2
    (git.path / ".structlint.yaml").write_text("tree: {README.md: }")
    assert found.run("check", ".", "--changed=HEAD~1", "--require-layout").status == 0


@pytest.mark.parametrize("removed", ["committed", "in the work tree"])
def test_l17_a_nested_layout_is_removed(found: Findings, removed: str) -> None:  # noqa: F811
    git = found.make("tree: {README.md: , a/: {.: {unlisted: forbid}, b: }}", "README.md a/b a/x bad")
    (git.path / "a/structlint.yaml").write_text(OPEN)
    committed(git)
    assert found.check("--changed") == []
    (git.path / "a/structlint.yaml").unlink()
    if removed == "committed":
        committed(git)
    base = "--changed=HEAD~1" if removed == "committed" else "--changed"
    assert found.check(base) == ["error stray-file a/x"]


def test_l17_a_nested_layout_is_added(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {README.md: , a/: }", "README.md a/x bad")
    committed(git)
    (git.path / "a/structlint.yaml").write_text("tree: {y: }")
    assert found.check("--changed") == ["error stray-file a/x", "error missing-file a/y"]


def test_l18_a_sparse_checkout_leaves_a_nested_layout_out(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {a/: {need.txt: }, b/: }", "a/evil.exe b/x")
    (git.path / "a/structlint.yaml").write_text("tree: {need.txt: , evil.exe: }\nforbid: {'*.exe?': no}\n")
    committed(git)
    full = found.check()
    assert full == ["error missing-file a/need.txt"]
    git("sparse-checkout", "set", "b")
    assert not (git.path / "a").exists()
    assert found.check() == full
    assert found.check("--tracked") == full
