"""The steps that change a repository: values that `structlint.fix` plans, shows and applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Create:
    """A new file, and the directories that it lies in. Paths are relative to the project, with `/`."""

    path: str
    content: bytes = b""
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A file or directory gets another place or name; both paths of a directory end in `/`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file that holds `before` is to hold `after`."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Untrack:
    """A file, or all that is in a directory, is taken out of git's index and stays on disk."""

    path: str


@dataclass(frozen=True, slots=True)
class AddIgnorePattern:
    """A pattern is added to the `.gitignore` of the root."""

    pattern: str


Step: TypeAlias = "Create | Move | Rewrite | Untrack | AddIgnorePattern"


def is_safe(step: Step) -> bool:
    """Whether a step only adds: a new file, a pattern to ignore, a drawing between markers."""
    return isinstance(step, Create | AddIgnorePattern | Rewrite)
