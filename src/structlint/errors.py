"""What structlint says when a check cannot be done. All of it ends with exit status 2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class CannotCheck(Exception):
    """The check could not be done; the message is for the user and says what would be right."""


class TreeError(CannotCheck):
    """The tree could not be read: no such directory, git refused, a path outside the repository."""


_MOST_UNREAD = 10


class Unread(TreeError):
    """What the check needs is there and cannot be read. `reasons` has why, by what it is called."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        lines = [f"cannot read {name}: {why}" for name, why in self.reasons.items()]
        more = len(lines) - _MOST_UNREAD
        super().__init__("\n".join(lines[:_MOST_UNREAD] + [f"cannot read {more:,} more"] * (more > 0)))


class Problem(NamedTuple):
    """One thing wrong with a layout, at one place of one file. Line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class LayoutError(CannotCheck):
    """A layout is wrong. Carries every problem found, in the order of the files' lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class CannotFix(CannotCheck):
    """A fix could not be done; the message says what was done, and what would help."""
