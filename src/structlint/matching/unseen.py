"""Directories that are not part of the tree: what links lead to, submodules and other repositories.

They may stand where an entry lists them, but they never satisfy what the entry requires in them unseen.
"""

from __future__ import annotations

from structlint.layout.entry import Entry
from structlint.layout.keys import EVERYWHERE
from structlint.tree import Directory, Tree

_MOST_COPIED = 10_000  # directories, for all links together


def requires_contents(entry: Entry) -> bool:
    """Whether something is required or recommended in a directory that an entry governs."""
    children = [child for child in entry.children.values() if child.key != EVERYWHERE]
    return any(not child.forbidden and (child.wanted or requires_contents(child)) for child in children)


class LinkedDirectories:
    """The directories that links lead to, as if they were in the place of the links."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = _MOST_COPIED

    def at(self, path: str, entry: Entry) -> Directory | None:
        """The directory that a link at `path` (with its "/") leads to, as deep as an entry lists it.

        Further links in it stay opaque. None for what is not looked into, or if there are too many.
        """
        link = self._tree.links.get(path[:-1])
        if link is None or link.kind != "directory":
            return None
        found: Directory | None = self._tree.root
        for step in link.leads.split("/") if link.leads else ():
            found = found.directories.get(step) if found else None
        return self._copied(found, path, _depth(entry)) if found and not found.opaque else None

    def _copied(self, directory: Directory, path: str, depth: int) -> Directory | None:
        self._left -= 1
        if self._left < 0:
            return None
        copy = Directory(path)
        copy.files, copy.opaque = directory.files, directory.opaque
        for name, inside in directory.directories.items() if not directory.opaque else ():
            below = Directory(f"{path}{name}/")
            below.opaque = True
            copied = self._copied(inside, below.path, depth - 1) if depth > 1 else below
            if copied is None:
                return None
            copy.directories[name] = copied
        return copy


def _depth(entry: Entry) -> int:
    """How many levels of directories an entry lists."""
    inside = (_depth(child) for child in entry.children.values() if child.key.directory)
    return 1 + max(inside, default=0)
