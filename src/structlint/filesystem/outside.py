"""Files and directories outside of what is checked: the user's own, temporary ones, open streams."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from structlint.filesystem.writing import OpenDirectory


def make_user_directory(path: Path, mode: int = 0o777) -> None:
    """Makes a directory of the user, such as the one for a cache, unless it exists. Follows links."""
    path.mkdir(mode, parents=True, exist_ok=True)


def overwrite(handle: int, text: str) -> None:
    """Replaces the content of an open file."""
    os.ftruncate(handle, 0)
    os.write(handle, text.encode())


def takes_lock(handle: int) -> bool:
    """Takes the lock of an open file, which the system releases when it is closed; whether it was free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def temporary_directory() -> Iterator[OpenDirectory]:
    """A new directory that is removed at the end."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="structlint-") as place:
        yield OpenDirectory(Path(place), guarded=False)


def memory_file() -> BinaryIO | None:
    """A file in memory; None where the system has none."""
    try:
        return os.fdopen(os.memfd_create("structlint"), "r+b")
    except (AttributeError, OSError):
        return None


def open_stream(name: str) -> TextIO:
    """A stream that is already open, such as `/dev/stdout`, to add to it."""
    return Path(name).open("a", encoding="utf-8", errors="backslashreplace", newline="\n")


def null_device() -> int:
    """A descriptor that discards what is written to it."""
    return os.open(os.devnull, os.O_WRONLY)
