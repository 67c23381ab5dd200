"""An `ignore` with `mentioned-in` accepts a finding only if one of these files mentions its path."""

from __future__ import annotations

from datetime import date

import pytest

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

ALL = frozenset(name_of(rule) for rule in RULES)
LAYOUT = """
tree: {.: {unlisted: allow}}
forbid: {"*.zip": , old/: }
ignore:
  - {rule: forbidden-path, path: "*", why: in use, mentioned-in: [Makefile, "*.py", old/run.sh]}
"""


def found(contents: dict[str, bytes], layout: str = LAYOUT) -> list[str]:
    tree = Tree(tuple(sorted(contents)), Drawn(contents, frozenset()))
    survey = match(load(LayoutSource(lambda path: layout.encode()), "structlint.yaml"), tree)
    return [finding.path for finding in check(survey, ALL, date(2026, 1, 1))]


MENTIONED = {
    "a path": b"unzip data/a.zip",
    "a path in quotes": b"open('data/a.zip')",
    "the name alone": b"cd data && unzip a.zip",
    "the end of a sentence": b"echo reads a.zip.",
    "a path with backslashes": rb"type data\a.zip",
    "an option": b"tool --input=a.zip,b.txt",
}


@pytest.mark.parametrize("text", MENTIONED.values(), ids=MENTIONED)
def test_mentioned_file_is_accepted(text: bytes) -> None:
    assert not found({"Makefile": text, "data/a.zip": b""})


NOT_MENTIONED = {
    "no mention": b"all:",
    "a longer name": b"unzip data/aa.zip",
    "a name that goes on": b"unzip data/a.zip.asc",
    "a pattern": b"unzip data/*.zip",
    "a file of this name in another directory": b"unzip other/a.zip",
    "a comment": b"# unzip data/a.zip",
    "a file that git does not ignore": b"!data/a.zip",
}


@pytest.mark.parametrize("text", NOT_MENTIONED.values(), ids=NOT_MENTIONED)
def test_other_names_are_no_mention(text: bytes) -> None:
    assert found({"Makefile": text, "data/a.zip": b""}) == ["data/a.zip"]


def test_only_the_listed_files_count() -> None:
    assert found({"README.md": b"a.zip", "data/a.zip": b""}) == ["data/a.zip"]


def test_directory_is_mentioned_with_a_slash() -> None:
    assert not found({"a.py": b"run('old/tool')", "old/tool": b""})
    assert found({"a.py": b"old = 1", "old/tool": b""}) == ["old/"]


def test_path_does_not_mention_itself() -> None:
    assert found({"old/run.sh": b"cd old/"}) == ["old/"]


def test_findings_that_no_item_covers_are_reported() -> None:
    layout = LAYOUT.replace('path: "*"', "path: /b.zip")
    assert found({"Makefile": b"a.zip b.zip", "a.zip": b"", "b.zip": b""}, layout) == ["a.zip"]


def test_item_that_covers_no_finding_is_unused() -> None:
    layout = LAYOUT.replace('path: "*"', "path: /none.zip")
    assert found({"Makefile": b"a.zip", "a.zip": b""}, layout) == ["a.zip", "structlint.yaml"]


IN_USE = {
    "a file of the build": ("base", "Makefile.common", {"Makefile": b"include Makefile.common"}),
    "a file in the README": ("base", "tutorial.ipynb", {"README.md": b"See [the tutorial](tutorial.ipynb)."}),
    "a script of the build": ("base", "check.sh", {"Dockerfile": b"COPY check.sh /", "scripts/a.sh": b""}),
    "a directory of the build": ("base", "doc/a.md", {"docs/b.md": b"", "Makefile": b"make -C doc/ html"}),
    "an archive": ("base", "bench/data.zip", {"bench/run.py": b"open('data.zip')"}),
    "requirements": ("python", "requirements/lint.txt", {"tox.ini": b"deps = -r requirements/lint.txt"}),
}


@pytest.mark.parametrize(("name", "path", "users"), IN_USE.values(), ids=IN_USE)
def test_bundled_layouts_accept_what_is_in_use(name: str, path: str, users: dict[str, bytes]) -> None:
    unused = {"README.md": b"", ".gitignore": b".env", "a.py": b"", path: b"", **dict.fromkeys(users, b"")}
    layout = f"extends: {name}\ntree: {{.: {{unlisted: forbid}}, '*/?': }}"
    [accepted] = {*found(unused, layout)} - {*found({**unused, **users}, layout)}
    assert path.startswith(accepted)


def test_lock_file_that_git_ignores_is_not_required() -> None:
    files = {"README.md": b"", "package.json": b"{}", "tests/a.js": b"", ".gitignore": b""}
    assert found(files, "extends: service") == ["package-lock.json"]
    assert not found({**files, ".gitignore": b"package-lock.json"}, "extends: service")


def test_mentioned_paths_are_not_combined_with_others() -> None:
    layout = """
extends: base
tree: {"*/": , needed.txt?: }
ignore:
  - {rule: conflicting-entries, path: "*", why: a script needs it, mentioned-in: needed.txt}
"""
    contents = {f"{name}/{file}": b"" for name in "abcd" for file in (".gitkeep", "x.txt")}
    contents |= {"README.md": b"", ".gitignore": b".env\n"}
    assert "./" in found(contents, layout)
    assert not found({**contents, "needed.txt": b"\n".join(map(str.encode, contents))}, layout)
