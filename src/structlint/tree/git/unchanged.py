"""Files of the work tree whose content is that of their objects in git."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING

from structlint.errors import CannotCheck, TreeError
from structlint.tree.git_process import decode
from structlint.tree.sources import read_file

if TYPE_CHECKING:
    from hashlib import _Hash

    from structlint.tree.git.repository import Repository

_MANY = 200  # expected files: to read fewer from git takes less time than to list all objects
_MOST_CHANGED = 50  # differing files after which reading the work tree stops
_SHA1 = 40  # digits of the name of an object; of others it is the SHA-256


class UnchangedFiles:
    """Reads files of the index or of a revision from the work tree.

    The name of an object is a hash of its content. A file on disk with this hash has the content of the
    object, regardless of filters and links. All other files are read from git.
    """

    def __init__(self, repository: Repository, tree: str, more: Mapping[str, str]) -> None:
        """`tree` is the name of the tree of a revision, "" for the index; `more` is for git's environment."""
        self._repository = repository
        self._tree = tree
        self._more = more
        self._objects: dict[str, str] = {}
        self._directories: dict[str, str] = {}
        self._changed = 0

    def expect(self, paths: Sequence[str]) -> None:
        """Prepares to read these files. If git does not list their objects, they are read from git."""
        if len(paths) >= _MANY and not self._objects and not self._repository.bare:
            with suppress(TreeError):
                self._objects = self._listed()

    def _listed(self) -> dict[str, str]:
        """The objects of the ordinary files by their paths."""
        listing = (
            ("ls-tree", "-r", "--full-tree", "-z", self._tree) if self._tree else ("ls-files", "-s", "-z")
        )
        out = self._repository.answer(self._repository.start(*listing, more=self._more))
        # The index has "100644 object stage", a tree "100644 blob object".
        name = "blob ([0-9a-f]+)" if self._tree else "([0-9a-f]+) 0"
        entries = re.findall(rf"(?:\A|\0)100\d+ {name}\t([^\0]+)", decode(out))
        return {path: name for name, path in entries}

    def read(self, path: str) -> bytes | None:
        """The content of a file, if it is on disk as it is in git."""
        name = self._objects.get(path)
        if name is None or self._changed > _MOST_CHANGED:
            return None
        try:
            data = read_file(self._repository.top, path, self._directories)
        except (FileNotFoundError, CannotCheck):
            data = None
        if data is not None and _object_name(data, len(name) == _SHA1) == name:
            return data
        self._changed += 1
        return None


def _object_name(data: bytes, is_sha1: bool) -> str:
    """The name that git gives to the object with this content."""
    return _hash(is_sha1)(b"blob %d\0%b" % (len(data), data)).hexdigest()


@cache
def _hash(is_sha1: bool) -> Callable[[bytes], _Hash]:
    from hashlib import sha1, sha256  # most checks do not need them, and they take long to import

    return partial(sha1 if is_sha1 else sha256, usedforsecurity=False)
