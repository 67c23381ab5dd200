"""The journal of a fix: all that is to be done, on disk before it is, and how far it has come.

It lies in git's own directory of the work tree, or outside git in the user's directory for state. One file
holds the operations, the files beside it what they write and replace, a third one a line for each that has
begun (`+3`), is done (`=3`), is being taken back (`-3`) or has been (`~3`).
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from typing import Any

from structlint.errors import CannotCheck
from structlint.fix.operations import MakeDirectory, Operation, RemoveDirectory, Rename, Replace, Write
from structlint.quoting import quote
from structlint.tree.git import find_repository

_KINDS: dict[str, Callable[..., Operation]] = {
    kind.__name__: kind for kind in (MakeDirectory, RemoveDirectory, Write, Replace, Rename)
}
_TRIES = 100  # to take a lock that comes and goes
_OPERATIONS, _PROGRESS, _LOCK = "operations.json", "progress", "lock"
BEFORE, AFTER = "index.before", "index.after"


class CannotFix(CannotCheck):
    """A fix could not be done; the message says what was done, and what would help."""


@dataclass(frozen=True)
class Journal:
    """A journal in a directory."""

    directory: Path

    @property
    def exists(self) -> bool:
        return (self.directory / _OPERATIONS).exists()

    def begin(self, operations: Iterable[Operation], index: tuple[bytes, bytes] | None) -> None:
        """Writes down what is to be done. Until this is over, nothing has begun."""
        self.forget()
        contents: list[bytes] = []
        written = [_written(each, contents) for each in operations]
        for number, content in enumerate(contents):
            _write(self.directory / f"content.{number}", content)
        if index:
            _write(self.directory / BEFORE, index[0])
            _write(self.directory / AFTER, index[1])
        temporary = self.directory / f"{_OPERATIONS}.new"
        _write(temporary, json.dumps({"operations": written, "index": index is not None}).encode())
        temporary.rename(self.directory / _OPERATIONS)

    def operations(self) -> list[Operation]:
        """What is to be done, in order."""
        with self._told():
            return [self._read(each) for each in self._said["operations"]]

    @property
    def has_index(self) -> bool:
        return bool(self._said["index"])

    def index(self, name: str) -> bytes:
        """The index before, or after."""
        with self._told():
            return (self.directory / name).read_bytes()

    @property
    def _said(self) -> dict[str, Any]:
        with self._told():
            said: dict[str, Any] = json.loads((self.directory / _OPERATIONS).read_bytes())
            return {"operations": list(said["operations"]), "index": bool(said["index"])}

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tells of a journal that is not whole, or that another version has written."""
        try:
            yield
        except (OSError, ValueError, TypeError, LookupError):
            where = quote(str(self.directory))
            raise CannotFix(
                f"the journal in {where} cannot be read, so that fix cannot be taken back or gone on with; "
                "see for yourself what it did, then remove that directory"
            ) from None

    def _read(self, said: list[Any]) -> Operation:
        name, *values = said
        return _KINDS[name](*(self._value(each) for each in values))

    def _value(self, said: object) -> object:
        if isinstance(said, dict):
            return (self.directory / f"content.{said['content']}").read_bytes()
        return tuple(said) if isinstance(said, list) else said

    def note(self, sign: str, number: int) -> None:
        """Notes that an operation begins (`+`), is done (`=`), is taken back (`-`) or has been (`~`)."""
        handle = os.open(self.directory / _PROGRESS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            line = f"{sign}{number}\n".encode()
            if os.write(handle, line) < len(line):
                raise OSError(ENOSPC, os.strerror(ENOSPC))
        finally:
            os.close(handle)

    def progress(self) -> dict[int, str]:
        """The last that was noted of each operation."""
        try:
            noted = (self.directory / _PROGRESS).read_bytes()
        except FileNotFoundError:
            return {}
        # A note that was cut off says nothing: what it speaks of has not begun. The next follows it at once.
        return {int(number): sign.decode() for sign, number in re.findall(rb"([+=~-])([0-9]+)\n", noted)}

    def forget(self) -> None:
        """Takes the journal away; the operations first, without which the rest means nothing."""
        if not self.directory.is_dir():
            return
        (self.directory / _OPERATIONS).unlink(missing_ok=True)
        for path in sorted(self.directory.iterdir()):
            if path.name != _LOCK:
                path.unlink()


def _written(operation: Operation, contents: list[bytes]) -> list[object]:
    """An operation as JSON; what it writes is put into files of their own."""
    values: list[object] = [type(operation).__name__]
    for name in operation.__dataclass_fields__:
        value = getattr(operation, name)
        if isinstance(value, bytes):
            contents.append(value)
            value = {"content": len(contents) - 1}
        values.append(value)
    return values


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def journal_of(root: Path) -> Journal:
    """The journal of a project's directory; of a repository there is one."""
    repository = find_repository(root)
    if repository and not repository.bare:
        return Journal(repository.git_directory / "structlint")
    from hashlib import sha256

    return Journal(_state_directory() / "structlint" / sha256(os.fsencode(root)).hexdigest())


def _state_directory() -> Path:
    """Where a user's programs keep what is theirs."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    named = os.environ.get("XDG_STATE_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "state"


@contextmanager
def locked(journal: Journal) -> Iterator[None]:
    """Keeps other fixes out. Raises `CannotFix` where one is at work."""
    try:
        lock = journal.directory / _LOCK
        handle = _take(lock)
    except OSError as error:
        raise CannotFix(f"cannot write {quote(str(journal.directory))}: {error.strerror}") from None
    try:
        yield
    finally:
        _let_go(lock, handle)


def _let_go(lock: Path, handle: int) -> None:
    with suppress(OSError):  # as on Windows, where what is open stays
        lock.unlink()  # before it is let go: what another one takes meanwhile is not it
    os.close(handle)
    with suppress(OSError):  # it is not empty
        lock.parent.rmdir()


def _take(lock: Path) -> int:
    """Takes the lock, which the system lets go when the process ends, however it does."""
    for _ in range(_TRIES):
        lock.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # who had the lock has taken the directory away meanwhile
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
            if not _locks(handle):
                raise _held(handle)
            if _is_at(lock, handle):
                _sign(lock, handle)
                return handle
            os.close(handle)
    raise CannotFix("other structlints come and go here; wait for them")


def _sign(lock: Path, handle: int) -> None:
    """Writes into the lock who has it."""
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
    except OSError:
        _let_go(lock, handle)
        raise


def _held(handle: int) -> CannotFix:
    """What to say where another process holds the lock."""
    holder = os.read(handle, 20).decode("ascii", "replace").strip()
    os.close(handle)
    who = f" (process {holder})" if holder.isdigit() else ""
    return CannotFix(f"another structlint{who} is at work here; wait for it")


def _is_at(path: Path, handle: int) -> bool:
    """Whether an open file still has its name: who lets a lock go takes it away first."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _locks(handle: int) -> bool:
    """Whether nobody else has the lock of a file."""
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
