"""The reader of drawn trees, on which most other tests stand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.errors import CannotCheck
from structlint.tree import Link, Tree
from structlint.tree.drawing import Drawn, draw, drawn


def tree(*files: str, directories: tuple[str, ...] = (), opaque: tuple[str, ...] = ()) -> Tree:
    contents = dict.fromkeys(files, b"")
    return Tree(files, Drawn(contents, frozenset(directories)), opaque=frozenset(opaque))


DRAWINGS = {
    "nothing": ("", tree()),
    "nothing but a root": (".", tree()),
    "plain": ("b\n\na/\n  c/\n    d\n  e\n", tree("a/c/d", "a/e", "b", directories=("a/", "a/c/"))),
    "guides": (
        ".\n├── a/\n│   ├── c/\n│   │   └── d\n│   └── e\n└── b\n",
        tree("a/c/d", "a/e", "b", directories=("a/", "a/c/")),
    ),
    "guides as tree prints them": (
        "project/\n├── a/\n│\xa0\xa0 └── b\n└── c/\n    └── d\n",
        tree("a/b", "c/d", directories=("a/", "c/")),
    ),
    "indented as a whole": ("\n    a/\n      b\n", tree("a/b", directories=("a/",))),
    "empty directory": ("a/\nb/\n  c/\n", tree(directories=("a/", "b/", "b/c/"))),
    "submodule": ("lib/  (submodule)\n", tree(directories=("lib/",), opaque=("lib/",))),
    "remarks": ("a  # the first, of two\nb    #\n", tree("a", "b")),
    "odd plain names": (
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
def test_reads(text: str, expected: Tree) -> None:
    assert drawn(text) == expected


def test_notes_are_of_git() -> None:
    read = drawn("a  # untracked, new\nb  # ignored\nc/  # untracked\n  d\n  lib/  (submodule)\n  e/\n")
    assert read.untracked == {"a", "c/d", "c/lib/"}
    assert read.ignored == {"b"}
    assert read.in_git
    assert not drawn("a  # in git, and ignored by none\n").in_git
    assert drawn("a", in_git=True).in_git


def test_links_stand_for_what_they_point_to() -> None:
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


BAD_DRAWINGS = {
    "a child of a file": ("a\n  b", "line 2"),
    "a step too deep": ("a/\n    b", "line 2"),
    "half a step": ("a/\n b", "line 2"),
    "a tab": ("a/\n\tb", "line 2"),
    "no root": ("├── a", "the root"),
    "no guides": (".\n├── a\nb", "no guides"),
    "guides and spaces": (".\n├── a/\n  b", "no guides"),
    "a root and spaces": (".\n  a", "no guides"),
    "a path": ("a/b", "not a name"),
    "above": ("../\n  a", "not a name"),
    "twice": ("a\nb\na", "twice"),
    "a file and a directory": ("a\na/", "twice"),
    "inside a submodule": ("a/  (submodule)\n  b", "opaque"),
    "a submodule that is no directory": ("a  (submodule)", "ends in /"),
    "a link that is a directory": ("a/ -> b", "ends in /"),
    "a slip in a submodule": ("a/  (submodul)", "quotes"),
    "a slip in a note": ("a # untracked", "quotes"),
    "a name in half quotes": ('"a', "name"),
    "an unknown escape": (r'"a\z"', "escape"),
    "a bare control character": ("a\x1b[2J", "quotes"),
    "bare white space at the end": ("a ", "quotes"),
    "a zero byte": (r'"\x00"', "not a name"),
}


@pytest.mark.parametrize(("text", "message"), BAD_DRAWINGS.values(), ids=BAD_DRAWINGS)
def test_refuses(text: str, message: str) -> None:
    with pytest.raises(CannotCheck, match=re.escape(message)):
        drawn(text)


def test_refuses_the_content_of_what_is_not_drawn() -> None:
    with pytest.raises(CannotCheck, match="b"):
        drawn("a", {"b": ""})


def test_draws() -> None:
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


def paths(nested: dict[str, object], above: str = "") -> list[str]:
    """The files and directories of nested names."""
    found = []
    for name, inside in nested.items():
        found.append(f"{above}{name}" if inside is None else f"{above}{name}/")
        found += paths(inside, found[-1]) if isinstance(inside, dict) else []
    return found


@settings(deadline=None)
@given(NESTED, st.data())
def test_reads_what_it_draws(nested: dict[str, object], data: st.DataObject) -> None:
    entries = paths(nested)
    files = sorted(path for path in entries if not path.endswith("/"))
    whole = tree(*files, directories=tuple(path for path in entries if path.endswith("/")))
    noted = st.frozensets(st.sampled_from(files)) if files else st.just(frozenset[str]())
    whole = whole._replace(untracked=data.draw(noted), ignored=data.draw(noted))
    whole = whole._replace(in_git=bool(whole.untracked | whole.ignored))
    assert drawn(draw(whole)) == whole
