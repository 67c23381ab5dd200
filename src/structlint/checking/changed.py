"""Finds the findings that are related to a change, for `--changed`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.checking.baseline import compare, update_baseline
from structlint.finding import Finding
from structlint.text.paths import name_of, parent, parents

if TYPE_CHECKING:
    from structlint.tree import Tree

_MISSING = ("missing-file", "missing-directory", "empty-directory")
_TOO_FEW = ("too-few-files", "too-few-directories")
_TOO_MANY = ("too-many-files", "too-many-directories")
_OF_THE_WORK_TREE = ("tracked-ignored",)  # rules that find nothing in a revision
_OF_IGNORING = ("tracked-ignored", "tracked-local", "unignored-local")


@dataclass(frozen=True)
class Change:
    """The paths that were `added` to a tree, and the `other` ones that were changed or removed.

    `paths` are the current files of the tree. All paths are relative to its root; those of opaque
    directories have no "/" at the end. `base` returns the tree before the change; it is None for a list of
    paths, which cannot be compared with a tree.
    """

    paths: Collection[str]
    added: frozenset[str]
    other: frozenset[str]
    base: Callable[[], Tree] | None = None

    @cached_property
    def all(self) -> frozenset[str]:
        return self.added | self.other

    @cached_property
    def there(self) -> frozenset[str]:
        """The directories that exist."""
        return _directories(self.paths)

    @cached_property
    def new(self) -> frozenset[str]:
        """The directories in which everything was added."""
        return _directories(self.added) - _directories(path for path in self.paths if path not in self.added)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The directories with a change anywhere in them, removed ones included."""
        return _directories(self.all)

    @cached_property
    def grown(self) -> frozenset[str]:
        """The directories to which a file or directory was added directly."""
        return frozenset(parent(path) for path in (*self.added, *self.new) if path)

    @cached_property
    def thinned(self) -> frozenset[str]:
        """The directories from which a file or directory was removed directly."""
        gone = self.other.difference(self.paths)
        return frozenset(parent(path) for path in (*gone, *(_directories(gone) - self.there)) if path)


def related(
    findings: Sequence[Finding], change: Change, before: Callable[[], Iterable[Finding]]
) -> list[Finding]:
    """The findings that are related to a change: they concern a path that was changed, or they are new.

    `before` returns the findings before the change, and is called only if it is needed.
    """
    kept = [concerns(finding, change) for finding in findings]
    if change.base is not None and not all(kept):
        known = {*compare(findings, update_baseline(before(), None, grows=True)).accepted}
        kept = [
            keeps or (finding not in known and finding.rule not in _OF_THE_WORK_TREE)
            for finding, keeps in zip(findings, kept, strict=True)
        ]
    return [finding for finding, keeps in zip(findings, kept, strict=True) if keeps]


def concerns(finding: Finding, change: Change) -> bool:
    """Whether a finding concerns a changed path; the paths of both are relative to the same root.

    A change concerns a finding if it changes or adds a path of the finding, or adds a directory that
    contains one. Any change in a directory may cause a finding about the directory itself. A removal may
    cause a finding about missing or too few names, and an addition may cause one about too many.
    """
    path = "" if finding.path == "./" else finding.path
    if finding.rule in _TOO_MANY:
        return path in change.grown
    if finding.rule in _TOO_FEW:
        return path in change.thinned or path in change.new
    if finding.rule in _MISSING and parent(path) in change.thinned:
        return True
    if finding.rule in _OF_IGNORING and any(map(_may_ignore(path), change.all)):
        return True
    if _is_changed(path, change) or any(_is_added_or_removed(other, change) for other in finding.related):
        return True
    return parent(path) in change.new


def _is_changed(path: str, change: Change) -> bool:
    if path and path.rstrip("/") in change.all:
        return True
    return path.endswith("/") and path in change.touched


def _is_added_or_removed(path: str, change: Change) -> bool:
    if path.rstrip("/") in change.all or path in change.new:
        return True
    return path in change.touched and path not in change.there


def _may_ignore(path: str) -> Callable[[str], bool]:
    """A function that returns whether a changed path is a `.gitignore` that applies to `path`."""
    return lambda changed: name_of(changed) == ".gitignore" and path.startswith(parent(changed))


def _directories(paths: Iterable[str]) -> frozenset[str]:
    """The directories that contain any of the paths, including the root."""
    directories: set[str] = set()
    for path in paths:
        for directory in parents(path):
            if directory in directories:
                break
            directories.add(directory)
    return frozenset(directories)
