"""Paths as text: relative, with `/` between names. A directory ends in `/`; the root is ""."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import takewhile
from posixpath import normpath
from typing import TypeVar

_Value = TypeVar("_Value")


def parent(path: str) -> str:
    """The directory that a file or directory is in; of the root itself the root."""
    return path[: path.rfind("/", 0, -1) + 1]


def split(path: str) -> tuple[str, str]:
    """The directory that a file or directory is in, and its name there; that of a directory with its `/`."""
    end = path.rfind("/", 0, -1) + 1
    return path[:end], path[end:]


def name_of(path: str) -> str:
    """The name of a file or directory, without a `/`."""
    return path[path.rfind("/", 0, -1) + 1 :].rstrip("/")


def common_directory(paths: Iterable[str]) -> str:
    """The innermost directory that contains some paths or is one of them, "" or with a trailing "/"."""
    directories = [path.split("/")[:-1] for path in paths]
    common = takewhile(lambda steps: len({*steps}) == 1, zip(*directories, strict=False))
    return "".join(f"{steps[0]}/" for steps in common)


def parents(path: str) -> list[str]:
    """The directories that a file or directory is in, the nearest first and the root last."""
    directories = []
    while path:
        path = parent(path)
        directories.append(path)
    return directories


def upwards(directory: str) -> list[str]:
    """A directory and those that it is in, the root last."""
    return [directory, *parents(directory)]


def inherited(path: str, known: dict[str, _Value], decide: Callable[[str, _Value], _Value]) -> _Value:
    """The value of a path that depends on the value of the directory that it is in.

    `known` has the values that are already known, at least that of the root; those of the path and of its
    parents are added. `decide` returns the value of a path for that of its directory.
    """
    waiting = []
    while path not in known:
        waiting.append(path)
        path = parent(path)
    value = known[path]
    for below in reversed(waiting):
        known[below] = value = decide(below, value)
    return value


def way_to(path: str) -> list[str]:
    """The directories that lead to a path, the root ("") first, and the path itself if it is one."""
    return upwards(path if path.endswith("/") else parent(path))[::-1]


def ancestors(path: str) -> list[str]:
    """The directories that a file or directory is in except the root, each without its `/`."""
    return [path[:at] for at, letter in enumerate(path[:-1]) if letter == "/"]


def steps(path: str) -> list[str]:
    """The names on the way to a path, its own last; none for the root."""
    return path.rstrip("/").split("/") if path else []


def is_in(path: str, directory: str) -> bool:
    """Whether a path is a directory or something in it, each with or without its `/`."""
    return not directory or f"{path}/".startswith(f"{directory.rstrip('/')}/")


def resolve(directory: str, path: str) -> str | None:
    """The path, without a `/` at its end, that `path` in a directory leads to; None if it is outside."""
    resolved = normpath(directory + path).lstrip("/")
    return None if resolved == ".." or resolved.startswith("../") else "" if resolved == "." else resolved
