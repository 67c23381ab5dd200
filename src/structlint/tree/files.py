"""The contents behind a tree: on disk, in the index or in a revision."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from structlint.errors import TreeError
from structlint.quoting import quote

MOST_BYTES = 64 << 20


class WorkTreeFiles(NamedTuple):
    """Contents on disk. Links are followed within the root only, and nothing but files is opened."""

    root: Path
    gitignores: Sequence[str]
    listed: bool = False  # of a list of paths, which does not say what else is on disk

    def read(self, path: str) -> bytes:
        return read_file(self.root, path)

    def is_directory(self, path: str) -> bool:
        if self.listed:
            return False
        try:
            return stat.S_ISDIR(os.lstat(os.fsencode(self.root / path.rstrip("/"))).st_mode)
        except (OSError, ValueError):
            return False

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        return ignored_by_files(self.read, self.gitignores, paths)


class Blobs(Protocol):
    """Objects of git by their names, such as `HEAD:README.md`."""

    def read(self, name: str) -> bytes | None:
        """The content of a file, None for what is none."""


class ObjectFiles(NamedTuple):
    """Contents in git: of the tree of this name, or of the index where there is none."""

    blobs: Blobs
    tree: str
    gitignores: Sequence[str]
    links: Collection[str] = ()

    def read(self, path: str) -> bytes:
        if path in self.links:
            raise TreeError(f"{quote(path)} is a symbolic link; in git itself links are not followed")
        data = self.blobs.read(f"{self.tree}:{path}" if self.tree else f":0:{path}")
        if data is None:
            raise FileNotFoundError(path)
        return data

    def is_directory(self, path: str) -> bool:
        return False  # git keeps no empty directories

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        return ignored_by_files(self.read, self.gitignores, paths)


def read_file(root: Path, path: str) -> bytes:
    """The content of a regular file below `root`.

    Raises `FileNotFoundError`, and `TreeError` for what is no file, leads out of `root`, is too large or
    cannot be read.
    """
    try:
        place = os.path.realpath(os.fsencode(root / path))
        top = os.path.realpath(os.fsencode(root))
        if os.path.commonpath([place, top]) != top:
            raise TreeError(f"{quote(path)} is a link that leads out of the repository; put a file there")
        # Without O_NONBLOCK the opening of a FIFO would wait for ever.
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise TreeError(f"{quote(path)} is no regular file")
            if status.st_size > MOST_BYTES:
                raise TreeError(f"{quote(path)} is larger than {MOST_BYTES >> 20} MiB")
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except IsADirectoryError:
        raise TreeError(f"{quote(path)} is a directory, not a file") from None
    except (OSError, ValueError) as error:
        raise TreeError(f"cannot read {quote(path)}: {getattr(error, 'strerror', None) or error}") from None


def ignored_by_files(
    read: Callable[[str], bytes], gitignores: Sequence[str], paths: Collection[str]
) -> frozenset[str]:
    """Those of `paths` that `.gitignore` files on the way to them ignore; `read` gives their content."""
    from structlint.tree.ignores import ignored_by

    contents = {}
    for file in gitignores:
        directory = file.removesuffix(".gitignore")
        if any(path.startswith(directory) for path in paths):
            try:
                contents[file] = read(file)
            except FileNotFoundError:
                continue
    return ignored_by(contents, paths)
