"""Reads and writes the journal of a fix: its operations, written before the first is done, and its progress.

The journal is in git's directory of the work tree or, outside git, in the user's state directory. One file
has the operations, the files beside it have the contents to write, and another file has a line for each
operation that has begun (`+3`), is done (`=3`), is being undone (`-3`) or is undone (`~3`).

The journal is not trusted, because somebody else may have written it. It must belong to this user and be
reachable without a link, and it is validated before any operation is done.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from structlint.errors import CannotFix
from structlint.filesystem import (
    OpenDirectory,
    WriteRefused,
    is_within,
    make_user_directory,
    overwrite,
    takes_lock,
)
from structlint.fix.record import FixRecord, Wrong, encoded, read_record
from structlint.text.quoting import quote
from structlint.tree.git.repository import find_repository

_TRIES = 100  # attempts to take a lock that others release
_MOST_SHOWN = 20
_OPERATIONS, _PROGRESS, _LOCK = "operations.json", "progress", "lock"
BEFORE, AFTER = "index.before", "index.after"


def with_reasons(what: str, problems: Iterable[str]) -> str:
    """A message with a line for each reason."""
    lines = [f"  {problem}" for problem in problems]
    more = [f"  and {len(lines) - _MOST_SHOWN:,} more"] * (len(lines) > _MOST_SHOWN)
    return "\n".join([f"{what}, because", *lines[:_MOST_SHOWN], *more])


@dataclass(frozen=True)
class Journal:
    """A journal. Its directory is `path`, below `base`, which belongs to git or to this user."""

    base: OpenDirectory
    path: str

    @property
    def directory(self) -> Path:
        """The path of its directory."""
        return self.base.root / self.path

    @property
    def exists(self) -> bool:
        """Whether there is a journal."""
        return self.base.status(self._at(_OPERATIONS)) is not None

    def begin(self, record: FixRecord, index: tuple[bytes, bytes] | None) -> None:
        """Writes the record of a fix. The fix has not begun until this returns."""
        self.forget()
        contents: list[bytes] = []
        data = encoded(record, contents)
        for number, content in enumerate(contents):
            self._put(f"content.{number}", content)
        if index:
            self._put(BEFORE, index[0])
            self._put(AFTER, index[1])
        self._put(f"{_OPERATIONS}.new", data)
        self.base.move(self._at(f"{_OPERATIONS}.new"), self._at(_OPERATIONS))

    def read(self) -> FixRecord:
        """The record of the fix. Raises `CannotFix` if it is not valid."""
        data = self._read(_OPERATIONS)
        try:
            if data is None:
                raise Wrong("it is not a regular file")
            return read_record(data, lambda number: self._read(f"content.{number}"))
        except Wrong as wrong:
            raise self.refused(f"{_OPERATIONS}: {problem}" for problem in wrong.problems) from None

    def refused(self, problems: Iterable[str]) -> CannotFix:
        """The error for a journal that no fix has written."""
        what = f"the journal in {quote(str(self.directory))} cannot be used, and nothing was done"
        hint = "check what that fix did, then remove that directory"
        return CannotFix(f"{with_reasons(what, problems)}\n{hint}")

    def index(self, name: str) -> bytes:
        """The index before or after the fix. Raises `CannotFix`."""
        if (data := self._read(name)) is None:
            raise self.refused([f"no such file: {name}"])
        return data

    def keep_index(self, name: str, content: bytes) -> None:
        """Replaces one of the indexes."""
        self._put(name, content)

    def note(self, sign: str, number: int) -> None:
        """Records that an operation begins (`+`), is done (`=`), is being undone (`-`) or is undone (`~`)."""
        self.base.append(self._at(_PROGRESS), f"{sign}{number}\n".encode())

    def progress(self) -> dict[int, str]:
        """The last recorded progress of each operation."""
        noted = self._read(_PROGRESS) or b""
        # An incomplete note does not count: its operation has not begun. The next note follows it directly.
        return {int(number): sign.decode() for sign, number in re.findall(rb"([+=~-])([0-9]{1,9})\n", noted)}

    def forget(self) -> None:
        """Removes the journal; the operations first, because the rest depends on them."""
        if not self.base.is_directory(self.path):
            return
        self.base.remove_file(self._at(_OPERATIONS))
        for name in self.base.names(self.path):
            if name != _LOCK:
                self.base.remove_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self.path}/{name}"

    def _put(self, name: str, content: bytes) -> None:
        self.base.put(self._at(name), content, sync=True)

    def _read(self, name: str) -> bytes | None:
        return self.base.read(self._at(name), own=True)

    # --- The lock

    def take(self) -> int:
        """Takes the lock. The system releases it when the process ends for any reason."""
        for _ in range(_TRIES):
            with suppress(FileNotFoundError):  # the holder of the lock has removed the directory meanwhile
                self.base.make_directories(self.path)
                self.base.refuse_foreign(self.path)
                handle = self.base.open_lock(self._at(_LOCK))
                if not takes_lock(handle):
                    raise _held(handle)
                if self._is_signed(handle):
                    return handle
                os.close(handle)
        raise CannotFix("other structlint processes are running here; wait for them to finish")

    def let_go(self, handle: int) -> None:
        """Releases the lock of a handle."""
        try:
            with suppress(OSError, WriteRefused):  # on Windows an open file cannot be removed
                self.base.remove_file(self._at(_LOCK))  # before, because another process may take a new lock
        finally:
            os.close(handle)
        with suppress(OSError, WriteRefused):  # not empty
            self.base.remove_directory(self.path)

    def _is_signed(self, handle: int) -> bool:
        """Writes the process ID to the lock file, unless another process has just removed the file."""
        try:
            status = self.base.status(self._at(_LOCK))
        except BaseException:
            os.close(handle)
            raise
        if status is None or not os.path.samestat(status, os.fstat(handle)):
            return False
        try:
            overwrite(handle, str(os.getpid()))
        except BaseException:
            self.let_go(handle)
            raise
        return True


def journal_of(root: Path) -> Journal:
    """The journal for a directory. A repository has one for all its projects.

    Raises `CannotFix` if it would be in the directory itself, because a pull request could add one.
    """
    repository = find_repository(root)
    if repository and not repository.bare:
        return Journal(
            OpenDirectory(Path(os.path.realpath(repository.git_directory)), guarded=False), "structlint"
        )
    from hashlib import sha256

    variable, state = state_directory(sys.platform, os.environ, Path.home)
    if is_within(state, root):
        where = f"{quote(str(state))}, in the directory to fix"
        raise CannotFix(f"the journal would be in {where}; set {variable} to a directory outside it")
    path = f"structlint/{sha256(os.fsencode(root)).hexdigest()}"
    return Journal(OpenDirectory(state, guarded=False), path)


def state_directory(
    platform: str, environment: Mapping[str, str], home: Callable[[], Path]
) -> tuple[str, Path]:
    """The directory for the state of a user's programs, and the variable that sets it."""
    if platform == "win32":
        named = environment.get("LOCALAPPDATA", "")
        return "LOCALAPPDATA", Path(named) if named else home() / "AppData" / "Local"
    if platform == "darwin":
        return "HOME", home() / "Library" / "Application Support"
    named = environment.get("XDG_STATE_HOME", "")
    return "XDG_STATE_HOME", Path(named) if named.startswith("/") else home() / ".local" / "state"


@contextmanager
def locked(journal: Journal) -> Iterator[None]:
    """Excludes other fixes. Raises `CannotFix` if one is running."""
    try:
        make_user_directory(journal.base.root)
        handle = journal.take()
    except OSError as error:
        raise CannotFix(f"cannot write {quote(str(journal.directory))}: {error.strerror}") from None
    try:
        yield
    finally:
        journal.let_go(handle)


def _held(handle: int) -> CannotFix:
    """The message when another process has the lock."""
    holder = os.read(handle, 20).decode("ascii", "replace").strip()
    os.close(handle)
    who = f" (process {holder})" if holder.isdigit() else ""
    return CannotFix(f"another structlint{who} is running here; wait for it to finish")
