"""Writes below a directory, without following a link and without touching git's data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOSPC, ENOTEMPTY
from pathlib import Path
from typing import BinaryIO

from structlint.filesystem.reading import NO_LINK, ReadableDirectory, WriteRefused
from structlint.filesystem.status import status_of


class OpenDirectory(ReadableDirectory):
    """A directory, to read and write what is below it. All methods raise `OSError` and `WriteRefused`."""

    __slots__ = ()

    def check(self, path: str) -> None:
        """Raises `WriteRefused` if a file at this path may not be written, `OSError` if it cannot be."""
        with self._parent_of(path) as (name, handle):
            self._refuse_link(path, name, handle)

    # --- Directories

    def make_directory(self, path: str, mode: int = 0o777) -> None:
        """Makes a directory; the umask limits its mode."""
        with self._parent_of(path) as (name, handle):
            os.mkdir(name, mode, dir_fd=handle)

    def make_directories(self, path: str, mode: int = 0o777) -> None:
        """Makes a directory and its parents, unless they exist."""
        steps = path.split("/")
        for at in range(1, len(steps) + 1):
            here = "/".join(steps[:at])
            with suppress(FileExistsError):
                self.make_directory(here, mode)
            with self._directory(here):  # it is a directory, and not a link to one
                pass

    def remove_directory(self, path: str, *, if_empty: bool = False) -> None:
        """Removes an empty directory; with `if_empty`, one that is not empty stays and is not an error."""
        try:
            with self._parent_of(path) as (name, handle):
                os.rmdir(name, dir_fd=handle)
        except OSError as error:
            if not (if_empty and error.errno in (EEXIST, ENOTEMPTY)):
                raise

    def set_mode(self, path: str, mode: int) -> None:
        """Gives a directory exactly this mode, without regard to the umask; does nothing on Windows."""
        with self._directory(path) as (_, handle):
            if hasattr(os, "fchmod") and handle is not None:
                os.fchmod(handle, mode)

    # --- Files

    @contextmanager
    def writer(self, path: str, mode: int = 0o666) -> Iterator[BinaryIO]:
        """A file to write to, which replaces the one at `path` at the end, unless there was an exception.

        It has the mode of the file that it replaces; a new file has `mode`, limited by the umask. A pipe or
        device is written to directly. A link is refused.
        """
        with self._parent_of(path) as (name, handle):
            self._refuse_link(path, name, handle)
            before = status_of(name, handle)
            if before and not stat.S_ISREG(before.st_mode):
                with os.fdopen(os.open(name, os.O_WRONLY | NO_LINK, dir_fd=handle), "wb") as device:
                    yield device
                return
            temporary = _temporary(name)
            file = _create_new(temporary, mode, handle)
            try:
                yield file
                file.flush()
                if before:
                    _set_mode(file, temporary, stat.S_IMODE(before.st_mode) & 0o777)
                file.close()
                # This follows no link: one that was made meanwhile is replaced itself.
                os.replace(temporary, name, src_dir_fd=handle, dst_dir_fd=handle)
            except BaseException:
                with suppress(OSError):  # closing fails again if the disk is full
                    file.close()
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=handle)
                raise

    def write(self, path: str, content: bytes, mode: int = 0o666) -> None:
        """Writes a file completely or not at all, as `writer` does."""
        with self.writer(path, mode) as file:
            file.write(content)

    def create(self, path: str, content: bytes) -> None:
        """Writes a new file completely or not at all. It replaces nothing, not even a file made meanwhile."""
        with self._parent_of(path) as (name, handle):
            self._refuse_link(path, name, handle)
            temporary = _temporary(name)
            _write_new(temporary, content, handle)
            try:
                os.link(temporary, name, src_dir_fd=handle, dst_dir_fd=handle, follow_symlinks=False)
            except FileExistsError:
                raise
            except OSError:  # not every file system has hard links
                _write_new(name, content, handle)
            finally:
                os.unlink(temporary, dir_fd=handle)

    def put(
        self,
        path: str,
        content: bytes,
        mode: int | None = None,
        modified: int | None = None,
        *,
        new: int = 0o666,
        sync: bool = False,
        exclusive: bool = False,
    ) -> None:
        """Writes a file directly, for files that nobody reads before they are complete.

        `mode` and `modified` (in nanoseconds) are set exactly; without `mode` it is `new`, limited by the
        umask. With `sync` the file is on disk when this returns; with `exclusive` it must not exist yet.
        """
        flags = os.O_WRONLY | os.O_CREAT | NO_LINK | (os.O_EXCL if exclusive else os.O_TRUNC)
        with (
            self._parent_of(path) as (name, handle),
            os.fdopen(os.open(name, flags, new, dir_fd=handle), "wb") as file,
        ):
            file.write(content)
            file.flush()
            if mode is not None:
                _set_mode(file, name, mode)
            if modified is not None and os.utime in os.supports_fd:
                os.utime(file.fileno(), ns=(modified, modified))
            if sync:
                os.fsync(file.fileno())

    @contextmanager
    def appender(self, path: str) -> Iterator[BinaryIO]:
        """A regular file to append to, made if it does not exist; a link, pipe or device is refused."""
        with self._parent_of(path) as (name, handle):
            self._refuse_link(path, name, handle)
            status = status_of(name, handle)
            if status and not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for a reader
                raise WriteRefused(f"{self._label(path)} is not a regular file")
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK
            with os.fdopen(os.open(name, flags, 0o666, dir_fd=handle), "ab") as file:
                yield file

    def append(self, path: str, line: bytes) -> None:
        """Appends a line to a file with one write; raises `OSError` if not all of it was written."""
        with self._parent_of(path) as (name, handle):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK
            opened = os.open(name, flags, 0o666, dir_fd=handle)
            try:
                if os.write(opened, line) < len(line):
                    raise OSError(ENOSPC, os.strerror(ENOSPC))
            finally:
                os.close(opened)

    def remove_file(self, path: str) -> None:
        """Removes a file or a link, if it exists."""
        with suppress(FileNotFoundError), self._parent_of(path) as (name, handle):
            os.unlink(name, dir_fd=handle)

    def move(self, source: str, target: str) -> None:
        """Renames a file or directory; an existing file at `target` is replaced."""
        with self._parent_of(source) as (old, from_handle), self._parent_of(target) as (new, to_handle):
            os.replace(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)

    def rename_file(self, source: str, target: str) -> None:
        """Renames a file; raises `FileExistsError` if `target` is another file."""
        with self._parent_of(source) as (old, from_handle), self._parent_of(target) as (new, to_handle):
            try:
                os.link(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle, follow_symlinks=False)
            except FileExistsError:
                if not self.is_same(source, target):
                    raise
                if not (self._lists(source) and self._lists(target)) or source == target:
                    os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)
                    return
            except OSError:  # a file system without hard links
                if self.status(target) is not None:
                    raise
                os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)
                return
            os.unlink(old, dir_fd=from_handle)

    def _lists(self, path: str) -> bool:
        """Whether a directory lists exactly this name, not one that its file system takes for the same."""
        directory, _, name = path.rpartition("/")
        return name in self.names(directory)

    def rename_directory(self, source: str, target: str) -> None:
        """Renames a directory; raises `FileExistsError` if `target` exists and is not the same directory."""
        if self.status(target) is not None and not self.is_same(source, target):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), target)
        with self._parent_of(source) as (old, from_handle), self._parent_of(target) as (new, to_handle):
            os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)

    def open_lock(self, path: str) -> int:
        """The descriptor of a file for locking, made if it does not exist."""
        with self._parent_of(path) as (name, handle):
            return os.open(name, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666, dir_fd=handle)


# --- Single files


def _temporary(name: str) -> str:
    """A new name beside a file, given by its name or whole path."""
    above, slash, _ = name.rpartition(os.sep)
    return f"{above}{slash}.structlint-{os.urandom(8).hex()}"


def _create_new(name: str, mode: int, handle: int | None) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK
    return os.fdopen(os.open(name, flags, mode, dir_fd=handle), "wb")


def _write_new(name: str, content: bytes, handle: int | None) -> None:
    file = _create_new(name, 0o666, handle)
    try:
        with file:
            file.write(content)
    except BaseException:
        with suppress(OSError):
            os.unlink(name, dir_fd=handle)
        raise


def _set_mode(file: BinaryIO, name: str, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(file.fileno(), mode)
    else:
        Path(name).chmod(mode)
