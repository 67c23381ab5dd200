"""Errors that end a command with exit status 2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from structlint.text.records import Record


class CannotCheck(Exception):
    """The command cannot be carried out. The message is for the user: what is wrong, where, what to do."""


class TreeError(CannotCheck):
    """The tree cannot be read: no such directory, git failed, a path outside the repository."""


class UnknownRevision(TreeError):
    """The repository has no such revision."""


class Untrusted(TreeError):
    """The repository belongs to another user, and git does not trust it."""


_MOST_UNREAD = 10


class Unread(TreeError):
    """Files that the check needs exist and cannot be read. `reasons` are by the name of the file."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        lines = [f"cannot read {name}: {why}" for name, why in self.reasons.items()]
        more = len(lines) - _MOST_UNREAD
        super().__init__("\n".join(lines[:_MOST_UNREAD] + [f"cannot read {more:,} more"] * (more > 0)))


class Problem(Record):
    """One error in a layout, at one place of one file. Line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class LayoutError(CannotCheck):
    """A layout is not valid. `problems` has all errors, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class NotRead(LayoutError):
    """A text that other programs can read and structlint cannot: too large, or in another encoding."""


class CannotFix(CannotCheck):
    """A fix failed. The message says what was changed, and what to do."""
