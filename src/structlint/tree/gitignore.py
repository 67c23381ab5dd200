"""Finds the paths that `.gitignore` files ignore, with git, or with pathspec if git is not installed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from structlint.errors import TreeError
from structlint.filesystem import OpenDirectory, temporary_directory
from structlint.text.quoting import quote, shortened
from structlint.tree.pattern_lines import pattern_lines

_SECONDS = 120

# What pathspec surely reads as git does. In git, and not there, a class of characters may be named, an escape
# may stand in a set, and a set never matches a slash.
_SET = rb"\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9._ ])+-?\]"
_NAME = rb"(?:\\[^/]|\?|" + _SET + rb"|\*(?!\*)|[^\\*?\[/])++"
_SURE = re.compile(rb"(?s:/?(?:\*\*|%s)(?:/(?:\*\*|%s))*/?)" % (_NAME, _NAME))
# With more of them, matching its expressions may take forever.
_MOST_STARS, _MOST_DOUBLE_STARS = 4, 2
# pathspec reads these as "all that is below", git as the path itself; so they are spelled otherwise.
_ALONE = re.compile(rb"(?:/?(?:\*\*/)+)?\*\*?/?|/\*\*/?")
_AT_THE_END = re.compile(rb"/\*\*(/?)\Z")
_ANYTHING = re.compile(rb"(?s:.+)")
_ANY_DIRECTORY = re.compile(rb"(?s:.+)/")
# pathspec strips all trailing white space, git only spaces, so other characters are written as a set.
_WHITE = re.compile(rb"(?<!\\)([\t\v\f\r\x1c-\x1f\x85\xa0])\Z")


def ignored_by(contents: Mapping[str, bytes], paths: Collection[str], root: Path) -> frozenset[str]:
    """Those of `paths` that the given `.gitignore` files ignore; the user's own patterns do not count.

    The paths need not exist. No git from the repository that `root` is in is started. Raises `TreeError`
    if git fails.
    """
    from structlint.tree.git_process import git_program

    if not contents or not paths:
        return frozenset()
    try:
        program = git_program(root)
    except FileNotFoundError:
        return ignored_by_pathspec(contents, paths)
    try:
        with empty_repository() as place:
            for path, content in contents.items():
                place.make_directories(f"tree/{path}".rpartition("/")[0])
                place.put(f"tree/{path}", content)
            return _ignored_by_git(program, place.root, paths)
    except OSError as error:
        raise TreeError(f"cannot ask git for ignored files: {error.strerror or error}") from None


def _ignored_by_git(program: str, place: Path, paths: Collection[str]) -> frozenset[str]:
    from structlint.tree.git_process import environment, no_answer

    tree = place / "tree"
    nothing = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "XDG_CONFIG_HOME": str(place)}
    where = (f"--git-dir={place}", f"--work-tree={tree}")
    try:
        answer = subprocess.run(
            [program, *where, "check-ignore", "--no-index", "-z", "--stdin"],
            input=b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths),
            cwd=tree,
            env=environment(nothing),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TreeError(no_answer(tree, _SECONDS)) from None
    if answer.returncode not in (0, 1):
        raise TreeError(
            f"git cannot list ignored files: {quote(answer.stderr.decode('utf-8', 'replace').strip())}"
        )
    ignored = answer.stdout.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(path.removeprefix("./") for path in ignored if path)


@contextmanager
def empty_repository() -> Iterator[OpenDirectory]:
    """A directory with the data of a repository without commits, and with a `tree/` in it."""
    with temporary_directory() as place:
        place.put("HEAD", b"ref: refs/heads/main\n")
        for name in ("objects", "refs", "tree"):
            place.make_directory(name)
        yield place


def ignored_by_pathspec(contents: Mapping[str, bytes], paths: Collection[str]) -> frozenset[str]:
    files = {
        path.removesuffix(".gitignore"): Ignores(path.removesuffix(".gitignore"), data)
        for path, data in contents.items()
    }

    def ignored(path: str) -> bool:
        steps = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
        chain = [files[directory] for directory in ("", *steps) if directory in files]
        return any(is_ignored(step, chain) for step in (*steps, path))

    return frozenset(path for path in paths if ignored(path))


class Ignores:
    """The patterns of one `.gitignore`, in bytes as git reads them.

    `directory` is the directory of the file, "" or with a trailing "/". Patterns that pathspec may read
    differently from git have no effect and are listed in `unread`.
    """

    def __init__(self, directory: str, data: bytes) -> None:
        self.directory = directory
        self.patterns: list[tuple[re.Pattern[bytes], bool]] = []
        self.unread: list[str] = []
        for number, line in pattern_lines(data):
            body = line.removeprefix(b"!")
            if body in (b"", b"/"):
                continue  # git never matches these
            expression = _expression(body)
            if expression:
                self.patterns.append((expression, not line.startswith(b"!")))
            else:
                shown = shortened(line.decode("utf-8", "surrogateescape"))
                problem = f"{shown} is not read without git and has no effect here"
                self.unread.append(f"{quote(f'{directory}.gitignore')}:{number}: {problem}")

    def verdict(self, path: str) -> bool | None:
        """Whether the last pattern that matches a path itself ignores it; None if none matches."""
        inside = path.removeprefix(self.directory).encode("utf-8", "surrogateescape")
        for expression, ignores in reversed(self.patterns):
            if expression.fullmatch(inside):
                return ignores
        return None


@lru_cache(maxsize=4096)  # many files contain the same lines
def _expression(body: bytes) -> re.Pattern[bytes] | None:
    """The expression for a pattern without its `!`; None if git may match differently."""
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    if _ALONE.fullmatch(body):
        return _ANY_DIRECTORY if body.endswith(b"/") else _ANYTHING
    costly = len(re.findall(rb"\*+", body)) > _MOST_STARS or body.count(b"**") > _MOST_DOUBLE_STARS
    spelled = _WHITE.sub(rb"[\1]", _AT_THE_END.sub(rb"/**/*\1", body))
    if costly or not _SURE.fullmatch(body) or _ends_in_white(spelled):
        return None
    try:
        pattern = GitIgnoreSpecPattern(b"!" + spelled)
    except (GitIgnorePatternError, re.error):
        return None
    return re.compile(pattern.regex.pattern, re.DOTALL) if pattern.regex else None


def _ends_in_white(body: bytes) -> bool:
    """Whether pathspec, which reads bytes as Latin-1, would strip white space at the end."""
    text = body.decode("latin-1")
    return text != text.rstrip() and not text.endswith("\\ ")


def is_ignored(path: str, chain: list[Ignores]) -> bool:
    """The decision of the nearest `.gitignore` with a pattern for a path; a directory ends in "/"."""
    for ignores in reversed(chain):
        verdict = ignores.verdict(path)
        if verdict is not None:
            return verdict
    return False
