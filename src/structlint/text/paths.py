"""Paths as text, with a slash between names: the directories above one."""

from __future__ import annotations


def directory_above(directory: str) -> str:
    """The directory that a directory is in."""
    return directory[: directory.rfind("/", 0, -1) + 1]


def upwards(directory: str) -> list[str]:
    """A directory and those that it is in, the topmost, "", last."""
    found = [directory]
    while directory:
        directory = directory_above(directory)
        found.append(directory)
    return found
