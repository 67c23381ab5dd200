"""The reader of drawn trees, which most other tests use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import table

from structlint.errors import CannotCheck
from structlint.tree import Link, Tree
from structlint.tree.drawing import Drawn, draw, drawn


def tree(*files: str, directories: tuple[str, ...] = (), opaque: tuple[str, ...] = ()) -> Tree:
    contents = dict.fromkeys(files, b"")
    return Tree(files, Drawn(contents, frozenset(directories)), opaque=frozenset(opaque))


DRAWINGS = {
    "empty": ("", tree()),
    "only a root": (".", tree()),
    "plain": ("b\n\na/\n  c/\n    d\n  e\n", tree("a/c/d", "a/e", "b", directories=("a/", "a/c/"))),
    "guides": (
        ".\n├── a/\n│   ├── c/\n│   │   └── d\n│   └── e\n└── b\n",
        tree("a/c/d", "a/e", "b", directories=("a/", "a/c/")),
    ),
    "guides in the output of `tree`": (
        "project/\n├── a/\n│\xa0\xa0 └── b\n└── c/\n    └── d\n",
        tree("a/b", "c/d", directories=("a/", "c/")),
    ),
    "indented block": ("\n    a/\n      b\n", tree("a/b", directories=("a/",))),
    "empty directory": ("a/\nb/\n  c/\n", tree(directories=("a/", "b/", "b/c/"))),
    "submodule": ("lib/  (submodule)\n", tree(directories=("lib/",), opaque=("lib/",))),
    "remarks": ("a  # the first, of two\nb    #\n", tree("a", "b")),
    "unusual names without quotes": (
        "[id]/\n  @x (1)?.ts\n#a\né'\n",
        tree("#a", "[id]/@x (1)?.ts", "é'", directories=("[id]/",)),
    ),
    "quoted names": (
        '"a\\nb/"\n  "\\"\\\\"  # remark\n"c  #d"\n',
        tree('a\nb/"\\', "c  #d", directories=("a\nb/",)),
    ),
    "bytes": ('"\\xc3\\xa9\\xff\\u20ac"', tree("é\udcff€")),
}


@pytest.mark.parametrize(("text", "expected"), DRAWINGS.values(), ids=DRAWINGS)
def test_read(text: str, expected: Tree) -> None:
    assert drawn(text) == expected


def test_git_notes() -> None:
    read = drawn("a  # untracked, new\nb  # ignored\nc/  # untracked\n  d\n  lib/  (submodule)\n  e/\n")
    assert read.untracked == {"a", "c/d", "c/lib/"}
    assert read.ignored == {"b"}
    assert read.in_git
    assert not drawn("a  # in git, and ignored by none\n").in_git
    assert drawn("a", in_git=True).in_git


def test_links() -> None:
    read = drawn('a/\n  b -> ../c\nc\nd -> a\ne -> "/etc #1"\n')
    assert read.files == ("a/b", "c", "d", "e")
    assert read.links == {
        "a/b": Link("../c", "file"),
        "d": Link("a", "directory", "a"),
        "e": Link("/etc #1", "broken"),
    }


def test_contents() -> None:
    read = drawn("a\nb/\n  c\n  d -> c\n", {"b/c": "é\n"})
    assert read.source.read("b/c") == "é\n".encode()
    assert read.source.read("a") == b""
    for path in ("b", "x", "b/d"):
        with pytest.raises(FileNotFoundError):
            read.source.read(path)


def test_directories() -> None:
    read = drawn("a\nb/\n  c/\n")
    assert all(map(read.source.is_directory, ["b", "b/", "b/c/"]))
    assert not any(map(read.source.is_directory, ["a", "c/", "b/c/d/"]))


def test_would_ignore() -> None:
    contents = {
        ".gitignore": "*.log\n/build/\n.env\nold/\n",
        "sub/.gitignore": "!keep.log\n/b\n",
        "old/.gitignore": "!a\n",
    }
    read = drawn(".gitignore\nsub/\n  .gitignore\nold/\n  .gitignore\n", contents)
    ignored = ["a.log", "x/a.log", "build/", "build/x", ".env", "sub/.env", "sub/b", "old/a"]
    kept = ["a", "build", "x/build/", "sub/keep.log", "b", "sub/x/b"]
    assert read.source.would_ignore(ignored + kept) == set(ignored)


INVALID_DRAWINGS = {
    "child of a file": ("a\n  b", "line 2"),
    "indented too deep": ("a/\n    b", "line 2"),
    "half an indentation": ("a/\n b", "line 2"),
    "tab": ("a/\n\tb", "line 2"),
    "no root": ("├── a", "the root"),
    "no guides": (".\n├── a\nb", "no guides"),
    "guides mixed with spaces": (".\n├── a/\n  b", "no guides"),
    "root without guides": (".\n  a", "no guides"),
    "path": ("a/b", "not a name"),
    "parent directory": ("../\n  a", "not a name"),
    "duplicate": ("a\nb\na", "twice"),
    "file and directory": ("a\na/", "twice"),
    "inside a submodule": ("a/  (submodule)\n  b", "opaque"),
    "submodule without slash": ("a  (submodule)", "ends in /"),
    "link with slash": ("a/ -> b", "ends in /"),
    "misspelled submodule note": ("a/  (submodul)", "quotes"),
    "note with one space": ("a # untracked", "quotes"),
    "unclosed quote": ('"a', "name"),
    "unknown escape": (r'"a\z"', "escape"),
    "control character without quotes": ("a\x1b[2J", "quotes"),
    "trailing space without quotes": ("a ", "quotes"),
    "NUL": (r'"\x00"', "not a name"),
}


@table(("text", "message"), INVALID_DRAWINGS.values(), ids=INVALID_DRAWINGS)
def test_invalid_drawings(text: str, message: str) -> None:
    with pytest.raises(CannotCheck, match=re.escape(message)):
        drawn(text)


def test_contents_of_unknown_file() -> None:
    with pytest.raises(CannotCheck, match="b"):
        drawn("a", {"b": ""})


def test_draw() -> None:
    text = """\
.
├── "a\\x0a/"
│   └── b
├── c -> d  # untracked
├── empty/
└── lib/  (submodule)
"""
    assert draw(drawn(text)) == text


NAMES = st.one_of(
    st.sampled_from(
        ["a", "b", ' "', "a #", "a -> b", "├── a", " ", "\\x41", "a  (submodule)", "\u2028", 'a"b']
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=6),
    st.binary(min_size=1, max_size=4).map(lambda name: name.decode(errors="surrogateescape")),
).filter(lambda name: name not in (".", "..") and "/" not in name and "\0" not in name)

NESTED = st.recursive(
    st.none(), lambda inside: st.dictionaries(NAMES, inside, max_size=4), max_leaves=12
).map(lambda nested: nested or {})


def nested_paths(nested: dict[str, object], above: str = "") -> list[str]:
    """The files and directories of a nested mapping of names."""
    found = []
    for name, inside in nested.items():
        found.append(f"{above}{name}" if inside is None else f"{above}{name}/")
        found += nested_paths(inside, found[-1]) if isinstance(inside, dict) else []
    return found


@settings(deadline=None)
@given(NESTED, st.data())
def test_drawn_trees_are_read_back(nested: dict[str, object], data: st.DataObject) -> None:
    entries = nested_paths(nested)
    files = sorted(path for path in entries if not path.endswith("/"))
    whole = tree(*files, directories=tuple(path for path in entries if path.endswith("/")))
    noted = st.frozensets(st.sampled_from(files)) if files else st.just(frozenset[str]())
    whole = whole._replace(untracked=data.draw(noted), ignored=data.draw(noted))
    whole = whole._replace(in_git=bool(whole.untracked | whole.ignored))
    assert drawn(draw(whole)) == whole
