"""A layout's patterns mean what git means by them, and cost little on any path."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from structlint.patterns import PatternError, Patterns, _without_backtracking, example

_PATTERNS = (
    "*.orig",
    ".env",
    ".env.*",
    "node_modules/",
    "/build/",
    "docs/*.pdf",
    "/a/**/z.txt",
    "**/cache/",
    "logs/**",
    "[Bb]uild/",
    "file?.txt",
    "*-*-*.yaml",
    "[!a]x",
    "a/b",
    "\\#x",
    "**",
    "*",
    "*/",
    "/*",
    "a/*",
    "x/**/y.txt",
)
_PATHS = (
    "a.orig",
    "x/y/a.orig",
    ".env",
    "a/.env",
    ".env.local",
    "node_modules/a/b.js",
    "x/node_modules/a.js",
    "build/x",
    "x/build/y",
    "docs/a.pdf",
    "docs/b/a.pdf",
    "a/z.txt",
    "a/b/c/z.txt",
    "b/a/z.txt",
    "cache/x",
    "q/cache/x",
    "logs/a/b",
    "x/logs/a",
    "Build/x",
    "file1.txt",
    "file.txt",
    "a-b-c.yaml",
    "a-b.yaml",
    "bx",
    "ax",
    "a/b",
    "x/a/b",
    "#x",
)


def _ignored_by_git(directory: Path, pattern: str) -> set[str]:
    subprocess.run(["git", "init", "-q", directory], check=True)
    (directory / ".gitignore").write_text(f"{pattern}\n")
    asked = "\0".join(f"./{path}" for path in _PATHS)
    command = ["git", "-C", str(directory), "check-ignore", "--no-index", "-z", "--stdin"]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True).stdout
    return {path.removeprefix("./") for path in answer.split("\0") if path}


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_patterns_mean_what_git_means(pattern: str, tmp_path: Path) -> None:
    patterns = Patterns([pattern])
    assert {path for path in _PATHS if patterns.match(path) is not None} == _ignored_by_git(tmp_path, pattern)


def test_the_last_that_matches_decides() -> None:
    patterns = Patterns([".env", ".env.*", "!.env.example", "vendor/"])
    decided = {
        path: patterns.match(path) for path in (".env", ".env.a", ".env.example", "vendor/", "vendor", "x")
    }
    assert decided == {".env": 0, ".env.a": 1, ".env.example": None, "vendor/": 3, "vendor": None, "x": None}


def test_no_patterns_match_nothing() -> None:
    assert Patterns([]).match("a") is None


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "matches nothing"),
        ("/", "matches nothing"),
        ("!", "matches nothing"),
        ("# x", "is a comment"),
        (" x", "begins or ends in a space"),
        ("x ", "begins or ends in a space"),
        ("x\\", "ends in a backslash"),
        ("[c-a]", "is no pattern that git would understand"),
        ("[a", "a bracket is not closed"),
        ("[[:digit:]]", "a class in brackets"),
        ("d/a[/x]b", "a class in brackets"),
        ("[a&&b]", "a class in brackets"),
        (r"[\]a]", "a class in brackets"),
        ("foo**/bar", "stands alone between slashes"),
        ("a/***/b", "stands alone between slashes"),
        ("b/**/", "at the end says no more"),
        ("./x", "is no path as git writes it"),
        ("a/../x", "is no path as git writes it"),
    ],
)
def test_what_git_reads_otherwise_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message) as caught:
        Patterns(["fine", pattern])
    assert caught.value.index == 1


@pytest.mark.parametrize(
    "pattern", ["*a*a*a*a*a*a*a*a*b", "a/" + "**/b/" * 12 + "c", "**/a/**/a/**/a/**/b", "*?*?*?*?*b"]
)
@pytest.mark.parametrize(
    "path", ["a" * 255, "a/" + "b/" * 1000 + "d", "a/" * 1000], ids=["name", "deep", "deeper"]
)
def test_no_path_takes_long(pattern: str, path: str) -> None:
    patterns = Patterns([pattern])
    begun = time.process_time()
    patterns.match(path.replace("d", "bc"))
    assert time.process_time() - begun < 0.1


_pattern_texts = st.lists(
    st.sampled_from(["*", "?", "a", "b", "/", "/**/", "**/", "[ab]"]), min_size=1, max_size=9
).map("".join)


@given(_pattern_texts, st.text("ab/", max_size=14))
def test_the_rewritten_expression_means_the_same(pattern: str, path: str) -> None:
    try:
        Patterns([pattern])
    except PatternError:
        return
    read = GitIgnoreSpecPattern(pattern).regex
    assert read is not None
    rewritten = re.compile(_without_backtracking(read.pattern))
    assert (rewritten.search(path) is None) == (read.search(path) is None)
    assert (Patterns([pattern]).match(path) is None) == (read.search(path) is None)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (".env", ".env"),
        (".venv/", ".venv/x"),
        ("*.pyc", "x.pyc"),
        ("**/cache/", "cache/x"),
        ("/a/*.log", "a/x.log"),
        ("a/**", "a/x"),
        ("a/**/b", "a/b"),
        ("[Bb]uild/", "Build/x"),
        ("file?", "filex"),
        ("!x", None),
        ("[!a]", None),
    ],
)
def test_an_example_of_a_pattern(pattern: str, path: str | None) -> None:
    assert example(pattern) == path
