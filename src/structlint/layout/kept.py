"""What layouts say that were read before, so that they need not be parsed and held against the schema again.

That takes longer than all else that a small check does. The nodes of each text that fitted are kept in the
user's cache directory, under the whole text, which is compared whole. Above it stands which structlint, which
schema and which directory on which disk, so that a file from elsewhere stands for nothing, and before the
nodes their checksum. Whatever is wrong with the cache, the layout is read anew.
"""

from __future__ import annotations

import marshal
import os
import stat
from binascii import crc32
from contextlib import suppress
from pathlib import Path
from typing import Any

from structlint import __version__
from structlint.document import Mapping, Node, Scalar, Sequence
from structlint.filesystem import Directory, Refused, user_directory
from structlint.layout.bundled import data

_MOST = 64  # texts that are kept
_FORM = 1  # to be raised with what is read of a text, and how it is kept
_CHECKSUM = 4  # bytes


def kept(text: bytes) -> Node | None:
    """What a layout says that was found to fit the schema on this machine, for this user."""
    try:
        directory = _directory()
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe would be waited for
        handle = os.open(directory / _name(text), os.O_RDONLY | flags)
        with os.fdopen(handle, "rb") as file:
            said = file.read() if _is_ours(os.fstat(handle)) else b""
        above = _header(directory, text)
        checksum, nodes = said[len(above) :][:_CHECKSUM], said[len(above) + _CHECKSUM :]
        if not said.startswith(above) or checksum != _checksum(nodes):
            return None
        return _node(marshal.loads(nodes))  # noqa: S302 - of a directory that only this user may change
    except Exception:  # whatever it is, the layout is there to be read
        return None


def keep(text: bytes, node: Node) -> None:
    """Keeps what a layout says that fits the schema; if that cannot be done, it is not."""
    try:
        nodes = marshal.dumps(_plain(node))
        directory = _directory(make=True)
        files = Directory(directory, guarded=False)
        files.write(_name(text), _header(directory, text) + _checksum(nodes) + nodes, 0o600)
        there = sorted(files.names(), key=lambda name: (directory / name).lstat().st_mtime_ns)
        for name in there[:-_MOST]:
            with suppress(OSError):
                files.remove_file(name)
    except (OSError, ValueError, Refused):
        return


def _plain(node: Node) -> tuple[Any, ...]:
    """A node as `marshal` takes it: what is first is a text in a scalar, a list in a sequence."""
    if isinstance(node, Scalar):
        return tuple(node)
    if isinstance(node, Sequence):
        return ([_plain(each) for each in node.items], *node[1:])
    return (tuple((tuple(key), _plain(inside)) for key, inside in node.items), *node[1:])


def _node(plain: tuple[Any, ...]) -> Node:
    first, *rest = plain
    if isinstance(first, str):
        return Scalar(*plain)
    if isinstance(first, list):
        return Sequence(tuple(map(_node, first)), *rest)
    return Mapping(tuple((Scalar(*key), _node(inside)) for key, inside in first), *rest)


def _directory(*, make: bool = False) -> Path:
    """Where they are kept. Raises `OSError` if that is not a directory that only this user may change."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA", ""))
    if not cache.is_absolute():
        cache = Path(os.environ.get("HOME", ""), ".cache")
    directory = cache / "structlint" / "valid"
    if not directory.is_absolute():
        raise NotADirectoryError(str(directory))
    if make and not directory.exists():
        user_directory(directory, 0o700)
        # It may lie in the repository that is checked.
        Directory(directory.parent, guarded=False).put(".gitignore", b"*\n")
    if not _is_ours(directory.lstat()):
        raise PermissionError(str(directory))
    return directory


def _is_ours(status: os.stat_result) -> bool:
    """Whether a file or directory is this user's, and nobody else may change it."""
    if os.name == "nt":  # a user's own directories are closed to others there
        return True
    ordinary = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return ordinary and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _header(directory: Path, text: bytes) -> bytes:
    here, schema = directory.stat(), data("layout", "schema.json")
    said = (
        __version__,
        _FORM,
        marshal.version,
        len(schema),
        crc32(schema),
        here.st_dev,
        here.st_ino,
        len(text),
    )
    return f"structlint {' '.join(map(str, said))}\n".encode() + text


def _name(text: bytes) -> str:
    return f"{crc32(text):08x}"


def _checksum(nodes: bytes) -> bytes:
    return crc32(nodes).to_bytes(_CHECKSUM, "big")
