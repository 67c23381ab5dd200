"""The patterns of a layout match like git's, in a bounded number of steps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.layout.gitignore import PatternError, Patterns, example
from structlint.layout.path_search import PathSearch
from structlint.layout.pattern import MOST_CHARACTERS, Pattern
from structlint.text.path_groups import grouped

Git = Callable[[Sequence[str]], set[str]]

_FILES = (
    "-",
    ".env",
    ".env.local",
    ".env.example",
    "#x",
    "!x",
    "[id]/page.tsx",
    "app/[id]/page.tsx",
    "a.orig",
    "a-b.yaml",
    "a-b-c.yaml",
    "a b/c d",
    "file1.txt",
    "file.txt",
    "b/a",
    "b/docs",
    "b/docs2/x/y",
    "a/b/c/z.txt",
    "a/z.txt",
    "b/e/z.txt",
    "build/x",
    "q/Build/x",
    "cache/x",
    "q/cache/x",
    "d/a.c",
    "d/a.txt",
    "d/e/a.c",
    "docs/a.pdf",
    "docs/b/a.pdf",
    "foo/x/bar",
    "logs/.keep",
    "logs/a/b",
    "x/logs/a",
    "node_modules/a/b.js",
    "x/node_modules/a.js",
    "vendor/ours/x",
    "vendor/x",
    "x/build/y",
    "line\nbreak/.env",
    "b\\s",
    "caf\xe9/x",
)
_DIRECTORIES = {f"{above}/" for file in _FILES for above in Path(file).parents if str(above) != "."}
_PATHS = sorted({*_FILES, *(each.replace(os.sep, "/") for each in _DIRECTORIES)})

_LISTS = (
    "*.orig",
    ".env",
    ".env.*",
    ".env*  !.env.example",
    "node_modules/",
    "/build/",
    "build",
    "docs/*.pdf",
    "docs/**/*.pdf",
    "/a/**/z.txt",
    "**/z.txt",
    "/**/a/z.txt",
    "**/cache/",
    "**/a/**",
    "logs/**",
    "logs/**  !logs/.keep",
    "/logs/",
    "b/**/",
    "[Bb]uild/",
    "[!B]uild/",
    "[^b]uild",
    "[]-]",
    "[a-]",
    r"[\!-\#]x",
    r"app/\[id\]/",
    r"\[id]",
    "file?.txt",
    "*-*-*.yaml",
    "*-*.yaml",
    "-[!b]",
    "*o*/x",
    "a/*/c",
    "a/***/z.txt",
    "a/**/**/z.txt",
    "foo*/bar",
    r"\#x",
    r"\!x",
    "a b",
    r"a\ b/",
    r"b\\s",
    "caf\xe9",
    "*",
    "**",
    "*/",
    "**/",
    "/*",
    "/*/",
    "***",
    "*  !*.c",
    "*  !*.c  !*/",
    "/*  !/d/",
    "/*  !/d",
    "*.c  !d/",
    "*.c  !/d/**",
    "vendor/  !vendor/ours/",
    "vendor/*  !vendor/ours/",
    "!*.c  *.c",
    "*.c  !*.c  a.c",
)


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    """Return the paths in `_PATHS` that git ignores with the given `.gitignore` lines; all of them exist."""
    if sys.platform == "win32":
        pytest.skip("Windows does not allow these names")
    top = tmp_path_factory.mktemp("repository")
    for file in _FILES:
        (top / file).parent.mkdir(parents=True, exist_ok=True)
        (top / file).touch()
    program = shutil.which("git")
    assert program
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    git_environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = [program, "-C", str(top), "-c", "core.ignoreCase=false"]
    subprocess.run([*command, "init", "-q"], env=environment | git_environment, check=True)
    stdin = "\0".join(f"./{path.rstrip('/')}" for path in _PATHS)

    def ignored_paths(lines: Sequence[str]) -> set[str]:
        (top / ".gitignore").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        answer = subprocess.run(
            [*command, "check-ignore", "--no-index", "-z", "--stdin"],
            input=stdin.encode(),
            env=environment | git_environment,
            stdout=subprocess.PIPE,
        )
        found = set(answer.stdout.decode().split("\0"))
        return {path for path in _PATHS if f"./{path.rstrip('/')}" in found}

    return ignored_paths


def _matched(lines: Sequence[str]) -> set[str]:
    patterns = Patterns(lines)
    decided = {path: index for path in _PATHS if (index := patterns.match(path)) is not None}
    assert dict(PathSearch(patterns.items).decided(grouped(_PATHS))) == decided  # the batch search agrees
    return {*decided}


@pytest.mark.parametrize("lines", [written.split("  ") for written in _LISTS])
def test_patterns_match_like_git(lines: list[str], git: Git) -> None:
    assert _matched(lines) == git(lines)


_names = st.lists(
    st.sampled_from(["*", "?", "a", "b", "c", "[ab]", "[!a]", "[^b]", "[a-c]", "[]-]", ".", "-", r"\*"]),
    min_size=1,
    max_size=3,
).map("".join)
_lines = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/", "**/", "a/", "*/"]),
    st.lists(st.one_of(_names, st.just("**")), min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "/", "/**"]),
).filter(lambda line: "**" not in line.replace("/**", "/").replace("**/", "/"))


@given(st.lists(_lines, min_size=1, max_size=4))
def test_random_patterns_match_like_git(git: Git, lines: list[str]) -> None:
    try:
        Patterns(lines)
    except PatternError:
        return
    # For git, `é` is two characters; for a pattern of a layout, it is one.
    ascii_paths = {path for path in _PATHS if path.isascii()}
    assert _matched(lines) & ascii_paths == git(lines) & ascii_paths


@table(
    ("lines", "path", "index"),
    [
        ([".env", ".env.*", "!.env.example"], ".env", 0),
        ([".env", ".env.*", "!.env.example"], "a/.env.b", 1),
        ([".env", ".env.*", "!.env.example"], ".env.example", None),
        (["*.sql", "!/vendor/**", "*.sql"], "vendor/a.sql", 2),
        (["*.sql", "!/vendor/**", "fixtures/"], "vendor/fixtures/a.sql", 2),
        (["fixtures/", "*.sql"], "fixtures/a.sql", 1),
        (["*.sql", "fixtures/"], "fixtures/a.sql", 1),
        (["*.sql", "!a.sql", "fixtures/"], "fixtures/a.sql", 2),
        (["fixtures/", "*.sql", "!a.sql"], "fixtures/a.sql", 0),
        (["*.[ab]", "*.a", "*.?"], "x.a", 2),
        (["*.[ab]", "*.a", "!*.?"], "x.a", None),
        (["a/*", "b", "/a/b"], "a/b", 2),
        (["vendor/"], "vendor/", 0),
        (["vendor/"], "vendor", None),
        (["a/**"], "a/", None),
        (["?", "[!a]"], "\xe9", 1),
        (["?", "*.py"], "\udce9.py", 1),
        (["*"], "", None),
        (["**"], "", None),
        ([], "a", None),
    ],
)
def test_last_matching_pattern_applies(lines: list[str], path: str, index: int | None) -> None:
    patterns = Patterns(lines)
    assert patterns.match(path) == index
    assert patterns.match(path) == index  # the second call uses the cache


def test_number_of_patterns() -> None:
    assert len(Patterns(["a", "!b"])) == 2
    assert not Patterns([])


@table(
    ("pattern", "message"),
    [
        ("", "matches nothing; write a name"),
        ("   ", "begins or ends in a space"),
        (" x", "begins or ends in a space"),
        ("x\t", "begins or ends in a space"),
        (r"\ x ", "begins or ends in a space"),
        (" x\\ ", "begins or ends in a space"),
        ("x\\\\ ", "begins or ends in a space"),
        ("x\\  ", "begins or ends in a space"),
        ("/", "matches nothing; write a name"),
        ("!", "matches nothing; write a name"),
        ("!/", "matches nothing; write a name"),
        ("# x", "starts a comment"),
        ("x\\", "ends in a backslash"),
        ("!x\\", "ends in a backslash"),
        ("x\\\\\\", "ends in a backslash"),
        (r"x\/y", "without the backslash"),
        ("[c-a]", "the empty range `c-a`; write `a-c`"),
        ("[a", "is not closed"),
        ("[]", "is not closed"),
        ("[!]", "is not closed"),
        ("x[", "is not closed"),
        ("[[:digit:]]", r"contains `\[:`, a class"),
        ("d/a[/x]b", "in brackets, where git"),
        ("foo**/bar", "within a name"),
        ("**foo", "within a name"),
        ("./x", "from the root, without"),
        ("a/../x", "from the root, without"),
        ("a//b", "no name is empty"),
        ("//", "no name is empty"),
        ("a\nb", "contains the character"),
        ("a\0b", "contains the character"),
        ("a" * (MOST_CHARACTERS + 1), "longer than 1000"),
    ],
)
def test_pattern_that_matches_nothing_is_an_error(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message) as caught:
        Patterns(["fine", pattern])
    assert caught.value.index == 1
    assert example(pattern) is None


_DEEP = "a/" + "b/" * 126 + "d"
_HOSTILE_PATHS = ("a" * 255, "a" * 254 + "c", ")" * 255, "a/" * 127 + "c", _DEEP, "aaa/" * 63)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*a" * 8 + "*b", []),
        ("*?" * 100 + "b", []),
        ("*[]()]" * 8 + "b", []),
        ("*[!b]" * 8 + "c", ["a" * 254 + "c"]),
        ("*aaaaaaaab" * 20, []),
        ("a/" + "**/b/" * 12 + "c", []),
        ("**/a/" * 60 + "**/b", []),
        ("**/*a*a*/" * 30 + "b", []),
        ("*/" * 100 + "b", [_DEEP]),
        ("**/" + "a*a/" * 200 + "b", []),
    ],
)
def test_hostile_paths_are_matched_quickly(pattern: str, expected: list[str]) -> None:
    patterns = Patterns([pattern])  # with backtracking, the test would time out
    assert [path for path in _HOSTILE_PATHS if patterns.match(path) is not None] == expected


_ALL_LINES = sorted({line for written in _LISTS for line in written.split("  ")})


@given(st.lists(st.sampled_from(_ALL_LINES), max_size=6), st.sets(st.sampled_from(_PATHS)))
def test_batch_search_agrees_with_single_matches(lines: list[str], paths: set[str]) -> None:
    patterns = Patterns(lines)
    decided = {path: index for path in paths if (index := patterns.match(path)) is not None}
    assert dict(PathSearch(patterns.items).decided(grouped(paths))) == decided


def test_patterns_whose_literal_text_does_not_occur_are_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    def record(pattern: Pattern) -> str:
        tried.append(pattern.sample)
        return ".*"

    monkeypatch.setattr(Pattern, "expression", property(record))
    many = grouped(f"directory-{number % 7}/name-{number}.py" for number in range(100))
    lines = ["*.orig", "*_old.*", "* copy.*", "*.rs[cod]", "/old[_-]*/", "tmp/", "!**/fixtures/**", "*~"]
    assert dict(PathSearch(Patterns(lines).items).decided(many)) == {}
    assert tried == []


def test_only_patterns_that_fit_the_name_and_directories_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: set[str] = set()
    expression = Pattern.expression

    def record(pattern: Pattern) -> str:
        tried.add(pattern.sample)
        return str(expression.__get__(pattern))

    monkeypatch.setattr(Pattern, "expression", property(record))
    many = grouped([f"src/m{number % 7}/{number}.py" for number in range(100)] + ["test/m1/a.pem"])
    lines = ["uploads/*", "src/**/*.rb", "**/out/*.py", "src/*/vendor/", "*/vendor/**", "test/**/*.[pk]em"]
    assert dict(PathSearch(Patterns(lines).items).decided(many)) == {"test/m1/a.pem": 5}
    assert tried == {"test/x.pem", "x.pem"}  # the whole pattern, and its last name
