"""Opens and reads below a directory, without following a link and without entering git's data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import ELOOP, ENOTDIR
from pathlib import Path
from typing import NoReturn

from structlint.errors import CannotCheck
from structlint.filesystem.status import contains, is_git_data, is_git_name, is_link, is_own, status_of
from structlint.text.quoting import quote
from structlint.text.records import Record
from structlint.text.system_paths import leaves_directory

# To open without following a link, and unchanged by Windows.
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_BY_DESCRIPTOR = {os.open, os.mkdir, os.rmdir, os.unlink, os.rename, os.link, os.stat} <= os.supports_dir_fd
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for its other end


class WriteRefused(CannotCheck):
    """The path is not written to. The message names the link, or what else is in the way."""


class _Root(Record):
    root: Path
    guarded: bool = True


class ReadableDirectory(_Root):
    """A directory, to read what is below it; paths are relative, with `/`.

    `root` is an absolute path that the user chose: links that lead to it are followed, none below it is. If
    the directory is `guarded`, as a repository that is checked is, paths in git's data and in a repository
    within it are refused.

    All methods raise `OSError` as the system does, and `WriteRefused`.
    """

    __slots__ = ()

    def status(self, path: str) -> os.stat_result | None:
        """The status of a file, directory or link; None if it does not exist, or a link is on the way."""
        try:
            with self._parent_of(path) as (name, handle):
                return os.stat(name, dir_fd=handle, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError, WriteRefused):
            return None

    def is_directory(self, path: str) -> bool:
        """Whether there is a directory at a path."""
        status = self.status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def is_file(self, path: str) -> bool:
        """Whether there is a regular file at a path."""
        status = self.status(path)
        return status is not None and stat.S_ISREG(status.st_mode)

    def is_same(self, one: str, other: str) -> bool:
        """Whether two paths name one file or directory."""
        first, second = self.status(one), self.status(other)
        return first is not None and second is not None and os.path.samestat(first, second)

    def read(self, path: str, *, own: bool = False) -> bytes | None:
        """The content of a regular file; None if it does not exist, is something else, or is behind a link.

        With `own`, a file that belongs to another user, or that everyone may write to, is refused.
        """
        try:
            with self._parent_of(path) as (name, handle):
                opened = os.open(name, os.O_RDONLY | NO_LINK | _NO_WAITING, dir_fd=handle)
        except (FileNotFoundError, NotADirectoryError, WriteRefused):
            return None
        except OSError as error:
            if error.errno == ELOOP:  # a link
                return None
            raise
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):  # `fdopen` fails for a directory
            os.close(opened)
            return None
        with os.fdopen(opened, "rb") as file:
            if own and not is_own(status):
                raise WriteRefused(f"{self._label(path)} is owned by another user, or writable by everyone")
            return file.read()

    def names(self, path: str = "") -> list[str]:
        """The names in a directory, sorted; `path` "" is the root."""
        with self._directory(path) as (place, handle):
            return sorted(os.listdir(place if handle is None else handle))  # noqa: PTH208 - of a descriptor

    def refuse_foreign(self, path: str = "") -> None:
        """Raises `WriteRefused` if a directory belongs to another user, or everyone may write to it."""
        with self._directory(path) as (place, handle):
            status = Path(place).stat() if handle is None else os.fstat(handle)
        if not is_own(status):
            self._refuse_owner(path)

    # --- Opening

    @contextmanager
    def _parent_of(self, path: str) -> Iterator[tuple[str, int | None]]:
        """The last name of a path and the descriptor of its directory; without descriptors the whole path."""
        *above, name = path.split("/")
        self._refuse_step(name, path)
        with self._directory("/".join(above)) as (place, handle):
            yield (os.path.join(place, name) if handle is None else name), handle  # noqa: PTH118

    @contextmanager
    def _directory(self, path: str) -> Iterator[tuple[str, int | None]]:
        """The path of a directory and its descriptor, None without descriptors. No link is followed."""
        steps = path.split("/") if path else []
        for step in steps:
            self._refuse_step(step, path)
        if not _BY_DESCRIPTOR:
            yield self._checked_path(steps), None
            return
        handle = os.open(self.root, _DIRECTORY)
        try:
            self._refuse_git(handle, "")
            for at, step in enumerate(steps):
                here = "/".join(steps[: at + 1])
                # Assigned before the old one is closed: a signal in between must not close it twice.
                outer, handle = handle, self._enter(step, handle, here)
                os.close(outer)
                self._refuse_git(handle, here)
            yield str(self.root / path), handle
        finally:
            os.close(handle)

    def _enter(self, step: str, handle: int, path: str) -> int:
        try:
            return os.open(step, _DIRECTORY | NO_LINK, dir_fd=handle)
        except OSError:
            self._refuse_link(path, step, handle)
            raise

    def _checked_path(self, steps: Sequence[str]) -> str:
        """The path of a directory, without descriptors: each step is checked before the path is used."""
        here = self.root
        self._refuse_git(str(here), "")
        for at, step in enumerate(steps):
            here, path = here / step, "/".join(steps[: at + 1])
            self._refuse_link(path, str(here), None)
            if not stat.S_ISDIR(os.lstat(here).st_mode):
                raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(here))
            self._refuse_git(str(here), path)
        return str(here)

    def _label(self, path: str) -> str:
        """A path as messages write it: relative in a repository, absolute elsewhere."""
        return quote((path or "./") if self.guarded else str(self.root / path))

    def _refuse_step(self, step: str, path: str) -> None:
        if leaves_directory(step) or "\0" in step:
            raise WriteRefused(f"{self._label(path)} is not a path within {quote(str(self.root))}")
        if self.guarded and is_git_name(step):
            raise WriteRefused(f"{self._label(path)} is inside git's own data")

    def _refuse_owner(self, path: str) -> NoReturn:
        raise WriteRefused(f"{self._label(path)} is owned by another user, or writable by everyone")

    def _refuse_link(self, path: str, name: str, handle: int | None) -> None:
        status = status_of(name, handle)
        if status and is_link(status):
            target = os.readlink(name, dir_fd=handle)
            raise WriteRefused(
                f"{self._label(path)} is a symbolic link to {quote(target)}, "
                "and structlint does not write through links"
            )

    def _refuse_git(self, directory: int | str, path: str) -> None:
        """Refuses git's data under any name, and below the root another repository."""
        if not self.guarded:
            return
        has_git = contains(directory, ".git")
        if has_git and path:
            raise WriteRefused(f"{self._label(path)} is a separate repository")
        if not has_git and is_git_data(directory):
            raise WriteRefused(f"{self._label(path)} contains git's own data")
