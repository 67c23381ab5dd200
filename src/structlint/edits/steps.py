"""The steps that change a repository: values that `structlint.fix` plans, shows and applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Create:
    """Create a file, and the directories that it is in. Paths are relative to the project, with `/`.

    `doubtful` is the reason why it may not be needed, "" if there is none.
    """

    path: str
    content: bytes = b""
    executable: bool = False
    doubtful: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Move or rename a file or directory. Both paths of a directory end in `/`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace the content `before` of a file by `after`."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Untrack:
    """Remove a file, or everything in a directory, from git's index. It stays on disk."""

    path: str


@dataclass(frozen=True, slots=True)
class AddIgnorePattern:
    """Add a pattern to the `.gitignore` of the root."""

    pattern: str


Step: TypeAlias = "Create | Move | Rewrite | Untrack | AddIgnorePattern"


def adds(step: Step) -> bool:
    """Whether a step only adds something: a file, an ignored pattern, a drawing between markers."""
    return isinstance(step, _ADDING)


def is_safe(step: Step) -> bool:
    """Whether a step only adds something that is certainly needed."""
    return adds(step) and not (isinstance(step, Create) and step.doubtful)


_ADDING = (Create, AddIgnorePattern, Rewrite)
