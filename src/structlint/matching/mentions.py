"""Finds the paths that files of the repository mention."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from structlint.errors import TreeError
from structlint.layout.model import PatternList
from structlint.text.paths import name_of, parent
from structlint.tree import Tree

# A path of names without blanks and signs that separate paths; only such a path can be mentioned.
_PATH = re.compile(rb"""[^\s"'`()<>{}\[\],;:=|&*!?#\\]+""")
# A comment, which `#include` is not, and a line of `.gitignore` that keeps a file
_PASSED_OVER = re.compile(rb"(?m)^[ \t]*(?:#[\s#]|!).*$")


class Mentions:
    """The files of a tree that mention one of several paths.

    A mentioned path is the whole path or its end, or relative to the file that mentions it. A path in a
    directory mentions the directory. A path does not mention itself, and a file that cannot be read mentions
    nothing.
    """

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self._tree = tree
        self._names = frozenset(map(_name, paths))
        self._known: dict[tuple[str, ...], Mapping[bytes, list[tuple[str, str]]]] = {}

    def has(self, path: str, files: PatternList) -> bool:
        """Whether a file that one of the patterns matches mentions a path, which must be one of the paths."""
        key = tuple(entry.pattern for entry in files.items)
        if key not in self._known:
            self._known[key] = self._mentioning(files)
        mentioned = self._known[key].get(_name(path), ())
        return any(
            file != path and not _is_in(file, path) and _is_meant(path, text, parent(file))
            for file, text in mentioned
        )

    def _mentioning(self, patterns: PatternList) -> Mapping[bytes, list[tuple[str, str]]]:
        """The files that match the patterns, with the paths in them, by the names in the paths."""
        files = [path for path, _ in patterns.matching(self._tree.file_groups) if not path.endswith("/")]
        self._tree.source.expect(files)
        mentioning: dict[bytes, list[tuple[str, str]]] = {}
        for file in files:
            for text in self._paths_in(file):
                for name in self._names.intersection(_steps(text)):
                    mentioning.setdefault(name, []).append((file, text.decode("utf-8", "surrogateescape")))
        return mentioning

    def _paths_in(self, file: str) -> Iterator[bytes]:
        try:
            text = self._tree.read(file)
        except (FileNotFoundError, TreeError):
            return iter(())
        found = _PATH.findall(_PASSED_OVER.sub(b"", text))
        return iter({path.rstrip(b".") for path in found})


def _steps(text: bytes) -> list[bytes]:
    """The names in a path, those of directories with a "/"."""
    *above, last = text.split(b"/")
    return [*(step + b"/" for step in above), last]


def _is_meant(path: str, text: str, place: str) -> bool:
    """Whether a text in a file of the directory `place` means a path, or one in it."""
    absolute = f"/{text.removeprefix('./').lstrip('/')}"
    relative = posixpath.normpath(posixpath.join("/", place, text.lstrip("/")))
    if path.endswith("/"):
        return any(f"/{path}" in f"{way}/" for way in (absolute, relative))
    return relative == f"/{path}" or f"/{path}".endswith(absolute)


def _name(path: str) -> bytes:
    return (name_of(path) + "/" * path.endswith("/")).encode("utf-8", "surrogateescape")


def _is_in(file: str, directory: str) -> bool:
    return directory.endswith("/") and file.startswith(directory)
