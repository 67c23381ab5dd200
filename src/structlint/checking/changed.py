"""Which findings concern what was changed, so that a check of a change does not speak of what was before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from structlint.finding import Finding
from structlint.text.paths import parent, parents

_MISSING = ("missing-file", "missing-directory", "empty-directory")
_TOO_FEW = ("too-few-files", "too-few-directories")
_TOO_MANY = ("too-many-files", "too-many-directories")
_OF_IGNORING = ("tracked-ignored", "tracked-local", "unignored-local")


@dataclass(frozen=True)
class Change:
    """What was added to a tree, and what was changed in it or taken from it; `paths` are its files now.

    All paths are relative to the root of the tree; what is opaque has no "/" at its end.
    """

    paths: Collection[str]
    added: frozenset[str]
    other: frozenset[str]

    @cached_property
    def all(self) -> frozenset[str]:
        return self.added | self.other

    @cached_property
    def there(self) -> frozenset[str]:
        """The directories there are."""
        return _directories(self.paths)

    @cached_property
    def new(self) -> frozenset[str]:
        """The directories in which everything was added."""
        return _directories(self.added) - _directories(path for path in self.paths if path not in self.added)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The directories with a change anywhere in them, those that are gone too."""
        return _directories(self.all)

    @cached_property
    def grown(self) -> frozenset[str]:
        """The directories to which a file or directory was added directly."""
        return frozenset(parent(path) for path in (*self.added, *self.new) if path)

    @cached_property
    def thinned(self) -> frozenset[str]:
        """The directories from which a file or directory was taken directly."""
        gone = self.other.difference(self.paths)
        return frozenset(parent(path) for path in (*gone, *(_directories(gone) - self.there)) if path)


def concerns(finding: Finding, change: Change) -> bool:
    """Whether a finding, its paths relative to the same root, concerns a change.

    It does if a path that it is about was changed or is new, or lies in a directory that is new as a
    whole; of a directory, if anything in it was changed; of what is missing or too few, if something was
    taken from there, and of what is too many, if something was added there.
    """
    path = "" if finding.path == "./" else finding.path
    if finding.rule in _TOO_MANY:
        return path in change.grown
    if finding.rule in _TOO_FEW:
        return path in change.thinned or path in change.new
    if finding.rule in _MISSING and parent(path) in change.thinned:
        return True
    if finding.rule in _OF_IGNORING and any(map(_speaks_of(path), change.all)):
        return True
    if _itself(path, change) or any(_came_or_went(other, change) for other in finding.related):
        return True
    return parent(path) in change.new


def _itself(path: str, change: Change) -> bool:
    if path and path.rstrip("/") in change.all:
        return True
    return path.endswith("/") and path in change.touched


def _came_or_went(path: str, change: Change) -> bool:
    if path.rstrip("/") in change.all or path in change.new:
        return True
    return path in change.touched and path not in change.there


def _speaks_of(path: str) -> Callable[[str], bool]:
    """Whether a changed path is a `.gitignore` that may speak of `path`."""
    return lambda changed: (
        changed.rpartition("/")[2] == ".gitignore" and path.startswith(changed.removesuffix(".gitignore"))
    )


def _directories(paths: Iterable[str]) -> frozenset[str]:
    """The directories that any of the paths lies in, the root too."""
    found: set[str] = set()
    for path in paths:
        for directory in parents(path):
            if directory in found:
                break
            found.add(directory)
    return frozenset(found)
