"""Hints can be followed: they name paths that can be created, and do not lead to another finding."""

from __future__ import annotations

from datetime import date

import pytest

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree.drawing import drawn

RULE_NAMES = frozenset(map(name_of, RULES))


def hints(layout: str, tree: str, listed: str = '{"r": ["i"]}') -> list[tuple[str, str]]:
    """The path and the hint of each finding. A file `r.json` has the content `listed`."""
    contents = {"r.json": listed} if "r.json" in tree else {}
    survey = match(load(LayoutSource(lambda path: layout.encode()), "structlint.yaml"), drawn(tree, contents))
    return [(finding.path, finding.hint) for finding in check(survey, RULE_NAMES, date(2026, 1, 1))]


# Layouts that require an empty directory, the tree, and the path and the hint of the finding.
CONTRADICTION = "the layout, which contradicts itself: structlint.yaml:1 requires it, structlint.yaml:1 does"
EMPTY = {
    "holds": ("tree: {d/: {.: {holds: m/}}}", "d/\n  m/\n  x\n", "d/m/", "add a file, such as `.gitkeep`"),
    "second path of holds": (
        "tree: {d/: {.: {holds: m/ | n/o/}}}",
        "d/\n  x\n  n/\n    o/\n",
        "d/n/o/",
        "add a file, such as `.gitkeep`",
    ),
    "holds of the root": (
        "tree: {.: {holds: m/, unlisted: allow}}",
        "m/\nx\n",
        "m/",
        "add a file, such as `.gitkeep`",
    ),
    "needs": (
        "tree: {a: {needs: h/}}",
        "a\nh/\n",
        "h/",
        f"correct {CONTRADICTION} not allow it",
    ),
    "needs of an optional file": (
        "tree: {a?: {needs: h/}}",
        "a\nh/\n",
        "h/",
        f"remove `a`, or correct {CONTRADICTION} not allow it",
    ),
    "needs of a directory with entries": (
        "tree: {b/: {.: {needs: h/}, c: }, h/?: {k: }}",
        "b/\n  c\nh/\n",
        "h/",
        "create `h/k`",
    ),
    "closed": ("tree: {m/: {.: {unlisted: forbid}, '*.md?': }}", "m/\n", "m/", "add a file to `m/`"),
    "pattern of directories": (
        "tree: {a/: {<s>/: }}",
        "a/\n  s/\n",
        "a/",
        "add a file to a directory that matches `a/<s>/`",
    ),
    "directory": ("tree: {a/: {b/: }}", "a/\n  b/\n", "a/", "add a file to `a/b/`"),
    "item of a list": (
        "{tree: {.: {unlisted: allow}}, references: ['r.json#/r']}",
        "i/\nr.json\n",
        "r.json",
        "add a file to it, such as `.gitkeep`, or remove it from `r.json`",
    ),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_hint_for_an_empty_directory_can_be_followed(kind: str) -> None:
    layout, tree, path, hint = EMPTY[kind]
    assert hints(layout, tree) == [(path, hint)]


# Layouts that require a path of a pattern, and the hint in a repository with a `README.md`.
PATTERNS = {
    "holds": ("tree: {.: {unlisted: allow, holds: '**/Chart.yaml'}}", "create `Chart.yaml` at any depth"),
    "holds directory": ("tree: {.: {unlisted: allow, holds: '**/d/'}}", "create `d/` at any depth"),
    "holds pattern": ("tree: {.: {unlisted: allow, holds: '**/*.tf'}}", "create a file that matches"),
    "needs": ("tree: {README.md: {needs: '*.lock'}, '*.lock?': }", "create a file that matches"),
    "needs of an optional file": (
        "tree: {README.md?: {needs: '*.lock'}, '*.lock?': }",
        "create a file that matches, or remove `README.md`",
    ),
    "entry": ("tree: {README.md: , '*/': }", "create a directory that matches"),
    "if": ("tree: {README.md: , app/: {.: {if: '*.py'}}}", "create it with `*.py`"),
    "list": (
        "{tree: {README.md: , r.json: }, references: ['r.json#/r']}",
        "create a path that matches, or remove it from `r.json`",
    ),
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_hint_does_not_say_to_create_a_pattern(kind: str) -> None:
    layout, hint = PATTERNS[kind]
    tree = "README.md\n" + "r.json\n" * (kind == "list")
    assert [suggested for _, suggested in hints(layout, tree, '{"r": ["i/*"]}')] == [hint]


def test_hint_for_an_unmet_condition_does_not_say_to_add_a_pattern() -> None:
    layout = "tree: {app/: {.: {if: '*.py'}}}"
    assert hints(layout, "app/\n  x\n") == [("app/", "add a file that matches")]


# Layouts of several lines that require and do not allow `d/README.md`, and these two lines.
CONTRADICTORY = {
    "case": ("tree:\n  '**/':\n    README.md:\n  d/:\n    <page:snake_case>.md?:", 3, 5),
    "false": ("tree:\n  '**/':\n    README.md:\n  d/:\n    '*.md': false", 3, 5),
    "forbid": ("tree:\n  '**/':\n    README.md:\n  d/?:\nforbid:\n  /d/*.md: none", 3, 6),
    "needs": (
        "tree:\n  d/:\n    <page:snake_case>.md?:\n    x: {needs: README.md}",
        4,
        3,
    ),
    "holds": ("tree:\n  d/:\n    .: {holds: README.md}\n    <page:snake_case>.md?:\n    x: ", 3, 4),
}


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("kind", CONTRADICTORY)
def test_hint_for_a_contradiction_names_both_lines(kind: str, exists: bool) -> None:
    layout, requiring, forbidding = CONTRADICTORY[kind]
    both = f"structlint.yaml:{requiring} requires it, structlint.yaml:{forbidding} does not allow it"
    tree = "d/\n" + "  README.md\n" * exists + "  x\n"
    found = hints(layout, tree)
    assert [path for path, _ in found] == ["d/README.md"]
    assert found[0][1].endswith(f"correct the layout, which contradicts itself: {both}")


# Layouts with a `needs` of a required path, which can therefore not be removed, and the tree.
REQUIRED = {
    "exact": ("tree: {a: {needs: b}, b?: }", "a\n"),
    "needed": ("tree: {a: {needs: c}, c?: {needs: b}, b?: }", "a\nc\n"),
    "only one of a pattern": ("tree: {'*.a': {needs: b}, b?: }", "x.a\n"),
    "only one of alternatives": ("tree: {a | c: {needs: b}, b?: }", "a\n"),
    "directory": ("tree: {a/: {.: {needs: b}}, b?: }", "a/\n  x\n"),
}


@pytest.mark.parametrize("kind", REQUIRED)
def test_hint_does_not_say_to_remove_a_required_path(kind: str) -> None:
    assert hints(*REQUIRED[kind]) == [("b", "create it")]


def test_hint_says_to_remove_one_of_several_paths_of_a_pattern() -> None:
    found = hints("tree: {'*.a': {needs: b}, b?: }", "x.a\ny.a\n")
    assert found == [("b", "create it, or remove `x.a`")]


def test_hint_for_a_directory_in_place_of_a_file_leads_to_a_valid_layout() -> None:
    found = hints("tree: {LICENSE: }", "LICENSE/\n  a\n")
    assert found == [("LICENSE", "replace it with a file, or list `LICENSE/` instead in the layout")]


# Layouts with a `belongs`, the tree, and the path and the hint of each finding.
TAKEN = {
    "the root": ("a.md: /", "d/\n  a.md\na.md\n", "d/a.md", "move it to the root under another name"),
    "a directory": ("'*.md': e/", "d/\n  a.md\ne/\n  a.md\n", "d/a.md", "move it to `e/` under another name"),
    "a directory of the name": (
        "'*.md': e/",
        "d/\n  a.md\ne/\n  a.md/\n    x\n",
        "d/a.md",
        "move it to `e/` under another name",
    ),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_hint_does_not_say_to_move_a_file_onto_another(kind: str) -> None:
    belongs, tree, path, hint = TAKEN[kind]
    [(found, suggested)] = hints("tree: {.: {unlisted: allow}}\nbelongs: {" + belongs + "}", tree)
    assert found == path
    assert suggested.startswith(f"{hint}; `")
    assert suggested.endswith("a.md` already exists")


def test_hint_says_to_move_a_file_to_a_directory_that_does_not_contain_its_name() -> None:
    layout = "tree: {.: {unlisted: allow}}\nbelongs: {'*.md': [d/, e/]}"
    assert hints(layout, "a.md\nd/\n  a.md\n") == [("a.md", "move it to `e/a.md`")]


# Reasons for forbidden paths, the tree, and the hint
REASONS = {
    "pattern": (
        "/t/**/*_test.py: Tests are named `test_*.py`",
        "t/\n  a_test.py\n",
        "rename it to `t/test_a.py`",
    ),
    "pattern of an existing file": (
        "/t/**/*_test.py: Tests are named `test_*.py`",
        "t/\n  a_test.py\n  test_a.py\n",
        "remove it",
    ),
    "two patterns": ("'*_test.py': Use `test_*.py` or `*.py`", "a_test.py\n", "remove it"),
    "directory": (
        "/test/: All tests are in `tests/`",
        "test/\n  a\ntests/\n  b\n",
        "move its files to `tests/`",
    ),
    "directory for a file": ("/*.sql: Queries are in `db/`", "a.sql\ndb/\n  b\n", "move it to `db/`"),
    "directory that does not exist": ("/*.sql: Queries are in `db/`", "a.sql\n", "remove it"),
    "directory of the path": ("/db/*.txt: No notes in `db/`", "db/\n  a.txt\n", "remove it"),
    "misspelled directory": (
        "/workflow/: GitHub looks for `workflows/`",
        "workflow/\n  a\n",
        "rename it to `workflows/`",
    ),
    "reason without a path": ("/*.sql: generated", "a.sql\n", "remove it"),
}


@pytest.mark.parametrize("kind", REASONS)
def test_hint_follows_the_reason_of_a_forbidden_path(kind: str) -> None:
    forbidden, tree, hint = REASONS[kind]
    found = hints("tree: {.: {unlisted: allow}}\nforbid: {" + forbidden + "}", tree)
    assert [suggested for _, suggested in found] == [hint]
