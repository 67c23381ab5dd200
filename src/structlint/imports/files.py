"""The files of a tree that imports can lead to, and their contents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from structlint.errors import CannotCheck, Unread
from structlint.imports.model import Read, Unseen
from structlint.text.paths import parent

MOST_BYTES = 2 << 20  # larger files are not written by hand


class SourceFiles:
    """The paths of a tree and their contents. `unseen` and `unread` collect unreadable ones."""

    def __init__(self, paths: Collection[str], read: Read) -> None:
        """`read` returns the content of a path, and raises `FileNotFoundError` or `CannotCheck`."""
        self.paths = frozenset(paths)
        self._read = read
        self.unseen: list[Unseen] = []
        self._noted: set[Unseen] = set()
        self.unread: dict[str, str] = {}

    @cached_property
    def directories(self) -> frozenset[str]:
        """All directories with a file at any depth; "" is the root, the others end in "/"."""
        directories = {""}
        for path in self.paths:
            above = parent(path)
            while above not in directories:
                directories.add(above)
                above = parent(above)
        return frozenset(directories)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        by_name: dict[str, list[str]] = {}
        for path in self.paths:
            by_name.setdefault(path[path.rfind("/") + 1 :], []).append(path)
        return by_name

    def named(self, name: str) -> Iterator[str]:
        """The directories ("" or ending in "/") that contain a file of this name, sorted."""
        return (path[: len(path) - len(name)] for path in sorted(self._by_name.get(name, ())))

    def data(self, path: str, most: int = MOST_BYTES) -> bytes:
        """The content of a file; empty, with a note, if it is unreadable, too large or not text."""
        try:
            data = self._read(path)
        except Unread as error:
            self.unread[path] = next(iter(error.reasons.values()))
        except FileNotFoundError:
            pass  # it has vanished, or the tree is a list of paths: no contents, no imports
        except CannotCheck as error:
            self.note(path, str(error))
        else:
            if len(data) > most:
                self.note(path, f"it is larger than {_size(most)}")
            elif b"\0" in data:
                self.note(path, "it is not UTF-8 text")
            else:
                return data
        return b""

    def peek(self, path: str) -> bytes:
        """The content of a file that only provides a hint; empty if it cannot be read."""
        try:
            return self._read(path)
        except (FileNotFoundError, CannotCheck):
            return b""

    def note(self, path: str, why: str, what: str = "imports") -> None:
        """Records, once, that imports of a file are not checked."""
        unseen = Unseen(path, 1, f"{what} not checked: {why}")
        if unseen not in self._noted:
            self._noted.add(unseen)
            self.unseen.append(unseen)


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"
