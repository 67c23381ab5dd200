"""Finds the paths that files of the repository mention by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from structlint.errors import TreeError
from structlint.layout.model import PatternList
from structlint.text.paths import name_of
from structlint.tree import Tree

# A name in a path, and the "/" after it. Only a name of these characters can be mentioned.
_NAME = re.compile(rb"""[^\s"'`()<>{}\[\],;:=|&*!?#\\/]+/?""")


class Mentions:
    """The files of a tree that mention one of several paths by name.

    A directory is mentioned if its name is followed by "/". A path does not mention itself, and a file that
    cannot be read mentions nothing.
    """

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self._tree = tree
        self._names = frozenset(map(_name, paths))
        self._known: dict[tuple[str, ...], Mapping[bytes, list[str]]] = {}

    def has(self, path: str, files: PatternList) -> bool:
        """Whether a file that one of the patterns matches mentions a path, which must be one of the paths."""
        key = tuple(entry.pattern for entry in files.items)
        if key not in self._known:
            self._known[key] = self._mentioning(files)
        return any(file != path and not _is_in(file, path) for file in self._known[key].get(_name(path), ()))

    def _mentioning(self, patterns: PatternList) -> Mapping[bytes, list[str]]:
        """The files that match the patterns, by the names that they mention."""
        files = [path for path, _ in patterns.matching(self._tree.file_groups) if not path.endswith("/")]
        self._tree.source.expect(files)
        mentioning: dict[bytes, list[str]] = {}
        for file in files:
            for name in self._names.intersection(self._names_in(file)):
                mentioning.setdefault(name, []).append(file)
        return mentioning

    def _names_in(self, file: str) -> Iterable[bytes]:
        try:
            text = self._tree.read(file)
        except (FileNotFoundError, TreeError):
            return ()
        return (name.rstrip(b".") for name in _NAME.findall(text))


def _name(path: str) -> bytes:
    return (name_of(path) + "/" * path.endswith("/")).encode("utf-8", "surrogateescape")


def _is_in(file: str, directory: str) -> bool:
    return directory.endswith("/") and file.startswith(directory)
