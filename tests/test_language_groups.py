"""Alternatives that mix files and directories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture
from test_merge import layout

from structlint.cli.show_config import config
from structlint.errors import LayoutError
from structlint.layout.entry import Entry, shown

CHECKED = {
    "directory exists": ("tree: {docs/ | docs.md: }", "docs/a.md", []),
    "file exists": ("tree: {docs/ | docs.md: }", "docs.md", []),
    "both exist": ("tree: {docs/ | docs.md: }", "docs.md docs/a.md", []),
    "neither exists": ("tree: {docs.md | docs/: }", "a/b", ["stray-directory a/", "missing-directory docs/"]),
    "optional": ("tree: {docs/ | docs.md?: , a/: }", "a/b", []),
    "exclusive": (
        "tree: {docs/ ^ docs.md ^ docs.txt: }",
        "docs.md docs/a.md",
        ["conflicting-entries docs/"],
    ),
    "exclusive files": (
        "tree: {docs/ ^ docs.md ^ docs.txt: }",
        "docs.md docs.txt",
        ["conflicting-entries docs.md"],
    ),
    "exclusive and optional": (
        "tree: {docs/ ^ docs.md?: }",
        "docs.md docs/a.md",
        ["conflicting-entries docs/"],
    ),
    "required file in the directory": (
        "tree: {docs/ | docs.md: {index.md: }}",
        "docs/a.md",
        ["missing-file docs/index.md"],
    ),
    "required file does not apply to the file": ("tree: {docs/ | docs.md: {index.md: }}", "docs.md", []),
    "forbidden": ("tree: {docs/ | docs.md: false}", "docs.md", ["forbidden-path docs.md"]),
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
def test_check_of_mixed_alternatives(found: Findings, text: str, files: str, expected: list[str]) -> None:  # noqa: F811
    assert found(text, files) == [f"error {each}" for each in expected]


# The entry of the extended file, of the extending file, and the merged entries.
WITH_CHILD = "a/ | a.md:\n    x:"
MERGED = {
    "the same": (WITH_CHILD, "a/ | a.md:", ["a/ | a.md", "  x"]),
    "narrowed to the directory": (WITH_CHILD, "a/:", ["a/", "  x"]),
    "narrowed to the file": (WITH_CHILD, "a.md:", ["a.md"]),
    "the directory is removed": (WITH_CHILD, "a/: false", ["a/ forbidden", "a.md"]),
    "the file is removed": (WITH_CHILD, "a.md: false", ["a.md forbidden", "a/", "  x"]),
    "one directory of several": ("a/ ^ b/ ^ a.md:", "a/: false", ["a/ forbidden", "b/ ^ a.md"]),
    "widened": (WITH_CHILD, "a/ | a.md | a.txt:", ["a/ | a.md | a.txt", "  x"]),
    "a directory is widened": ("a/:\n    x:", "a/ | a.md:", ["a/ | a.md", "  x"]),
    "a file is widened": ("a.md?: one", "a/ | a.md:", ["a/ | a.md"]),
    "optional": ("a/ | a.md:", "a/ | a.md?:", ["a/ | a.md optional"]),
}


def entry_lines(entry: Entry, indent: str = "") -> Iterator[str]:
    """The children of an entry, one line each; the file of a mixed group is part of its directory's line."""
    for child in entry.children.values():
        if child.key.directory or not child.other:
            level = f" {child.level.value}" if child.level else ""
            yield f"{indent}{shown(child)}{level}"
            yield from entry_lines(child, f"{indent}  ")


@pytest.mark.parametrize(("far", "near", "expected"), MERGED.values(), ids=MERGED)
def test_merge_of_mixed_alternatives(far: str, near: str, expected: list[str]) -> None:
    root = layout(f"tree:\n  {near}\n", f"tree:\n  {far}\n").root
    assert [*entry_lines(root)] == expected


@pytest.mark.parametrize("near", ["a/ | b.md:", "a.md | b/:", "a.md | b.md:"])
def test_overlapping_alternatives_are_an_error(near: str) -> None:
    with pytest.raises(LayoutError) as error:
        layout(f"tree:\n  {near}\n", "tree:\n  a/ | a.md:\n")
    assert "overlaps `a/ | a.md` (far.yaml:2)" in str(error.value)


def test_show_config_of_mixed_alternatives() -> None:
    shown = config(layout("tree: {a.md ^ a/?: {x: }}", "tree: {b: }"))
    assert "  a/ ^ a.md?:" in shown


def test_commands_with_mixed_alternatives(found: Findings) -> None:  # noqa: F811
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
