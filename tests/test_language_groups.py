"""Alternatives of which some are files and some are directories (`l31`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture
from test_merge import layout

from structlint.cli.show_config import config
from structlint.errors import LayoutError
from structlint.layout.entry import Entry, shown

CHECKED = {
    "the directory is there": ("tree: {docs/ | docs.md: }", "docs/a.md", []),
    "the file is there": ("tree: {docs/ | docs.md: }", "docs.md", []),
    "both are": ("tree: {docs/ | docs.md: }", "docs.md docs/a.md", []),
    "none is": ("tree: {docs.md | docs/: }", "a/b", ["stray-directory a/", "missing-directory docs/"]),
    "none has to be": ("tree: {docs/ | docs.md?: , a/: }", "a/b", []),
    "only one may be": (
        "tree: {docs/ ^ docs.md ^ docs.txt: }",
        "docs.md docs/a.md",
        ["conflicting-entries docs/"],
    ),
    "of two files too": (
        "tree: {docs/ ^ docs.md ^ docs.txt: }",
        "docs.md docs.txt",
        ["conflicting-entries docs.md"],
    ),
    "either may be, not both": (
        "tree: {docs/ ^ docs.md?: }",
        "docs.md docs/a.md",
        ["conflicting-entries docs/"],
    ),
    "the directory is required to hold": (
        "tree: {docs/ | docs.md: {index.md: }}",
        "docs/a.md",
        ["missing-file docs/index.md"],
    ),
    "the file is not": ("tree: {docs/ | docs.md: {index.md: }}", "docs.md", []),
    "neither may be": ("tree: {docs/ | docs.md: false}", "docs.md", ["forbidden-path docs.md"]),
    "only the file is excluded": (
        "tree: {docs/ | docs.md: }\nexclude: [docs.md]",
        "docs.md",
        ["missing-directory docs/"],
    ),
    "both define a placeholder": (
        "tree: {src/: {<m>/ | <m>.py: }, tests/: {test_<m>.py: }}",
        "src/a/x src/b.py tests/test_a.py tests/test_c.py",
        ["missing-file tests/test_b.py", "orphan tests/test_c.py"],
    ),
    "both are tied": (
        "tree: {src/: {<m>.py: }, tests/: {<m>/ | test_<m>.py: }}",
        "src/a.py src/b.py src/c.py tests/a/x tests/test_b.py tests/d/x",
        ["missing-directory tests/c/", "orphan tests/d/"],
    ),
    "one for each value": (
        "tree: {pkg/: {<m>.py ^ <m>/: }}",
        "pkg/a.py pkg/b/x pkg/c.py pkg/c/x",
        ["conflicting-entries pkg/c/"],
    ),
    "one for each value of two files": (
        "tree: {pkg/: {<m>.yaml ^ <m>.json: }}",
        "pkg/a.yaml pkg/b.json pkg/c.yaml pkg/c.json",
        ["conflicting-entries pkg/c.json"],
    ),
    "one for each name of a list": (
        "names: {m: [a, b, c]}\ntree: {pkg/: {<m>.py ^ <m>/: }}",
        "pkg/a.py pkg/b/x",
        ["missing-directory pkg/c/"],
    ),
    "in every directory below": (
        "tree: {.: {unlisted: allow}, '**/': {'.gitkeep ^ */?': }}",
        "a/.gitkeep b/.gitkeep b/c/d",
        ["conflicting-entries b/.gitkeep"],
    ),
    "one name of both kinds": ("tree: {LICENSE | LICENSE/: }", "LICENSE", []),
    "in the wrong case": (
        "tree: {pkg/: {'<a:kebab-case>/ | <b:snake_case>.py': }}",
        "pkg/a_b.py pkg/A_b/x",
        ["bad-name pkg/A_b/"],
    ),
    "an exact name lifts the requirement of `**/`": (
        "tree: {a/: {x.md?: }, b/: , '**/': {x.md | y.md: }}",
        "a/z b/c",
        ["missing-file b/x.md"],
    ),
}


@pytest.mark.parametrize(("text", "files", "expected"), CHECKED.values(), ids=CHECKED)
def test_l31_checked(found: Findings, text: str, files: str, expected: list[str]) -> None:  # noqa: F811
    assert found(text, files) == [f"error {each}" for each in expected]


# What the farther file says, the nearer one, and what comes of it.
HOLDING = "a/ | a.md:\n    x:"
MERGED = {
    "the same": (HOLDING, "a/ | a.md:", ["a/ | a.md", "  x"]),
    "narrowed to the directory": (HOLDING, "a/:", ["a/", "  x"]),
    "narrowed to the file": (HOLDING, "a.md:", ["a.md"]),
    "the directory is taken away": (HOLDING, "a/: false", ["a/ forbidden", "a.md"]),
    "the file is taken away": (HOLDING, "a.md: false", ["a.md forbidden", "a/", "  x"]),
    "one directory of several": ("a/ ^ b/ ^ a.md:", "a/: false", ["a/ forbidden", "b/ ^ a.md"]),
    "widened": (HOLDING, "a/ | a.md | a.txt:", ["a/ | a.md | a.txt", "  x"]),
    "a directory is widened": ("a/:\n    x:", "a/ | a.md:", ["a/ | a.md", "  x"]),
    "a file is widened": ("a.md?: one", "a/ | a.md:", ["a/ | a.md"]),
    "optional": ("a/ | a.md:", "a/ | a.md?:", ["a/ | a.md optional"]),
}


def shown_lines(entry: Entry, indent: str = "") -> Iterator[str]:
    """The children of an entry, a line each; the files of a group with its directories."""
    for child in entry.children.values():
        if child.key.directory or not child.other:
            level = f" {child.level.value}" if child.level else ""
            yield f"{indent}{shown(child)}{level}"
            yield from shown_lines(child, f"{indent}  ")


@pytest.mark.parametrize(("far", "near", "expected"), MERGED.values(), ids=MERGED)
def test_l31_merged(far: str, near: str, expected: list[str]) -> None:
    root = layout(f"tree:\n  {near}\n", f"tree:\n  {far}\n").root
    assert [*shown_lines(root)] == expected


@pytest.mark.parametrize("near", ["a/ | b.md:", "a.md | b/:", "a.md | b.md:"])
def test_l31_other_overlaps_are_an_error(near: str) -> None:
    with pytest.raises(LayoutError) as error:
        layout(f"tree:\n  {near}\n", "tree:\n  a/ | a.md:\n")
    assert "overlaps `a/ | a.md` (far.yaml:2)" in str(error.value)


def test_l31_shown_as_it_is_written() -> None:
    shown = config(layout("tree: {a.md ^ a/?: {x: }}", "tree: {b: }"))
    assert "  a/ ^ a.md?:" in shown


def test_l31_commands(found: Findings) -> None:  # noqa: F811
    git = found.make("tree: {docs/ | docs.md: What it does, units/: {<unit>/ ^ <unit>.yaml: }}", "units/a/b")
    git("add", "-A")
    git("commit", "-qm", "x")
    assert "What it does; expected `docs/` or `docs.md`" in found.run("check", ".").out
    where = found.run("where", "docs/", "docs.md", "units/c.yaml", "docs.txt").out.splitlines()
    assert [each.partition(" (")[0] for each in where] == [
        "docs/: allowed by `docs/`",
        "docs.md: allowed by `docs.md`",
        "units/c.yaml: allowed by `units/<unit>.yaml`",
        "docs.txt: not allowed; unlisted file",
    ]
    assert "docs/ | docs.md" in found.run("tree", ".").out
    assert "create  docs/.gitkeep" in found.run("fix", "--diff").out
    assert "create  units/b/" in found.run("new", "unit", "b", "--diff").out
