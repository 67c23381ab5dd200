"""Starts git: the path of the program, its environment and its output."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from structlint.errors import TreeError, Unread
from structlint.text.quoting import quote
from structlint.tree.access import mode_at, reason_of

if TYPE_CHECKING:
    import subprocess


LINK, SUBMODULE = "120000", "160000"
_MOST_OF_A_PATH = 4096  # bytes


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process. Its children may go on and keep its pipes open, so the pipes are not read."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(OSError):  # there may be unread output
                pipe.close()


def has_work_tree(directory: Path) -> bool:
    """Whether a directory is the top of a repository's work tree.

    As in git, it is if `.git` cannot be read, and it is not if `.git` does not name a repository.
    """
    try:
        return git_directory(directory / ".git") is not None
    except Unread:
        return True
    except TreeError:
        return False


def git_directory(path: Path) -> Path | None:
    """The directory with git's data, which is `.git` or named in it; None if there is none.

    Raises `Unread` for a file `.git` that cannot be read, and `TreeError` for one that names a directory
    without a repository: git itself stops there.
    """
    if is_git_directory(path):
        return path
    text = _gitfile(path)
    if not text.startswith(b"gitdir:"):
        return None
    named = path.parent / os.fsdecode(text.removeprefix(b"gitdir:").strip())
    if S_ISREG(mode_at(named / "HEAD")):
        return named
    raise TreeError(
        f"{quote(str(path))} points to {quote(str(named))}, which is not a git directory; "
        "run `git worktree repair`, or clone the repository again"
    )


def _gitfile(path: Path) -> bytes:
    """The beginning of a file `.git`, empty if there is none. Only a regular file is opened."""
    try:
        if not S_ISREG(mode_at(path)):
            return b""
        with path.open("rb") as file:
            return file.read(_MOST_OF_A_PATH)
    except OSError as error:
        raise Unread({quote(str(path)): reason_of(error)}) from None


def is_git_directory(path: Path) -> bool:
    """Whether a directory contains git's data. Raises `OSError` if that cannot be determined."""
    return (
        S_ISREG(mode_at(path / "HEAD"))
        and S_ISDIR(mode_at(path / "objects"))
        and S_ISDIR(mode_at(path / "refs"))
    )


def git_program(tree: Path) -> str:
    """The absolute path of a git outside the repository that contains `tree`, with links resolved.

    Raises `FileNotFoundError` if there is none.
    """
    return _program(os.environ.get("PATH", os.defpath), tree)


@lru_cache(maxsize=8)
def _program(path: str, tree: Path) -> str:
    top = next((place for place in (tree, *tree.parents) if has_work_tree(place)), tree)
    inside = os.path.realpath(top)
    names = ("git.exe", "git.cmd") if os.name == "nt" else ("git",)
    for directory in path.split(os.pathsep):
        if not Path(directory).is_absolute():
            continue
        for name in names:
            program = os.path.join(directory, name)  # noqa: PTH118 - the result must be a text
            if not os.path.isfile(program) or not os.access(program, os.X_OK):  # noqa: PTH113
                continue
            ways = (os.path.realpath(directory), os.path.realpath(program))
            if not any(Path(way).is_relative_to(inside) for way in ways):
                return program
    raise FileNotFoundError("git")


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment for git, without variables that change its behavior, except `more`."""
    kept = {name: value for name, value in os.environ.items() if not _steers_git(name)}
    quiet = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    # git would fetch an object that a partial clone lacks, with a program that the repository names.
    offline = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    return {**kept, **quiet, **offline, **more}


def _steers_git(name: str) -> bool:
    # The user's own configuration is kept: it defines the files that this user ignores.
    return name.startswith("GIT_") and name not in (
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
    )


def does_not_start(program: str, error: OSError) -> str:
    """The message if git exists but cannot be run."""
    return f"cannot start {quote(program)}: {error.strerror}; reinstall git, or remove it from `PATH`"


def no_answer(place: Path, seconds: int) -> str:
    """The message if git hangs, for example on a `.gitignore` that is a pipe."""
    return (
        f"git did not respond within {seconds} seconds in {quote(str(place))}; "
        "check that each `.gitignore` there is a regular file"
    )


def records(out: bytes) -> list[str]:
    """The NUL-terminated records in an output of git. Raises `TreeError` if the last NUL is missing."""
    *whole, rest = decode(out).split("\0")
    if rest:
        raise TreeError("git's output is incomplete; run the check again")
    return whole


def limit_to(prefix: str) -> tuple[str, ...]:
    return ("--", prefix) if prefix else ()


def listed_paths(out: bytes, prefix: str) -> list[str]:
    return [path[len(prefix) :] for path in records(out)]


def decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
