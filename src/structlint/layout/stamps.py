"""Layouts that were found to fit the schema before, so that they need not be held against it again.

Validation takes longer than all else that a small check does. Each text that passed is kept in the user's
cache directory, whole, and compared whole; what it stands under says which structlint, which schema and which
directory on which disk, so that a file from elsewhere stands for nothing. Whatever is wrong with the cache,
the layout is validated.
"""

from __future__ import annotations

import os
import stat
from binascii import crc32
from contextlib import suppress
from pathlib import Path

from structlint import __version__
from structlint.layout.bundled import data

_MOST = 64  # texts that are kept


def is_stamped(text: bytes) -> bool:
    """Whether this layout was found to fit the schema on this machine, for this user."""
    try:
        directory = _directory()
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe would be waited for
        handle = os.open(directory / _name(text), os.O_RDONLY | flags)
        with os.fdopen(handle, "rb") as file:
            return _is_ours(os.fstat(handle)) and file.read() == _header(directory) + text
    except (OSError, ValueError):
        return False


def stamp(text: bytes) -> None:
    """Remembers that a layout fits the schema; if that cannot be done, it is not."""
    try:
        directory = _directory(make=True)
        _write(directory / _name(text), _header(directory) + text)
        kept = sorted(directory.iterdir(), key=lambda path: path.lstat().st_mtime_ns)
        for path in kept[:-_MOST]:
            with suppress(OSError):
                path.unlink()
    except (OSError, ValueError):
        return


def _directory(*, make: bool = False) -> Path:
    """Where the stamps are. Raises `OSError` if that is not a directory that only this user may change."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA", ""))
    if not cache.is_absolute():
        cache = Path(os.environ.get("HOME", ""), ".cache")
    directory = cache / "structlint" / "valid"
    if not directory.is_absolute():
        raise NotADirectoryError(str(directory))
    if make and not directory.exists():
        directory.mkdir(mode=0o700, parents=True)
        (directory.parent / ".gitignore").write_text("*\n")  # it may lie in the repository that is checked
    if not _is_ours(directory.lstat()):
        raise PermissionError(str(directory))
    return directory


def _is_ours(status: os.stat_result) -> bool:
    """Whether a file or directory is this user's, and nobody else may change it."""
    if os.name == "nt":  # a user's own directories are closed to others there
        return True
    ordinary = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return ordinary and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _header(directory: Path) -> bytes:
    here, schema = directory.stat(), data("layout", "schema.json")
    said = (__version__, len(schema), crc32(schema), here.st_dev, here.st_ino)
    return f"structlint {' '.join(map(str, said))}\n".encode()


def _name(text: bytes) -> str:
    return f"{crc32(text):08x}"


def _write(path: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all, though another structlint writes it too."""
    from tempfile import mkstemp

    handle, name = mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
