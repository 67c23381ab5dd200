"""The journal of an apply: all that is to be done is on disk before the first of it is, and how much is done.

It lies in git's own directory of the work tree, or outside git in the user's directory for state:

    lock              the process that is at work
    current           the name of the journal that counts, put in place last
    1f0c62ab/plan     the actions, as JSON
    1f0c62ab/done     as many bytes as actions are done
    1f0c62ab/0, 1 …   contents of files; index.before and index.after are git's

An action is done before it is counted and uncounted before it is undone. So whatever cuts this off, exactly
one action may be in doubt, the one whose number is the count, and each action can be begun again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from structlint.errors import CannotCheck
from structlint.fix.actions import KINDS, Action, CannotFix, Where, directory, write_all
from structlint.quoting import quote
from structlint.tree.git import Repository, find_repository

if sys.platform != "win32":
    import fcntl

_VERSION = 1
_NAMES = "0123456789abcdef"
_TYPES: dict[str, type] = {
    **dict.fromkeys(("path", "source", "target", "beside"), str),
    **dict.fromkeys(("content", "before", "after", "mode", "modified"), int),
    "seen": tuple,
}


@dataclass(frozen=True, slots=True)
class Journal:
    """The actions of a plan, each with the words of the step that it belongs to."""

    where: Where
    actions: tuple[tuple[str, Action], ...]

    @property
    def done(self) -> int:
        return (self.where.kept / "done").stat().st_size

    @property
    def is_finished(self) -> bool:
        return self.done == len(self.actions)

    def count(self, done: int) -> None:
        """Notes how many actions are done."""
        handle = os.open(self.where.kept / "done", os.O_WRONLY)
        try:
            os.ftruncate(handle, done)
            os.fsync(handle)
        finally:
            os.close(handle)

    def words(self) -> tuple[list[str], list[str]]:
        """The steps that are done, and those that are not, or in part."""
        left = list(dict.fromkeys(words for words, _ in self.actions[self.done :]))
        done = dict.fromkeys(words for words, _ in self.actions[: self.done])
        return [words for words in done if words not in left], left


def repository_of(root: Path) -> Repository | None:
    """The repository whose work tree `root` is; None outside git. Raises `CannotFix` within one."""
    repository = find_repository(root)
    if repository and (repository.bare or repository.top != root):
        raise CannotFix(f"{quote(str(root))} lies in {quote(str(repository.top))}; its top is what is fixed")
    return repository


def home_of(root: Path, repository: Repository | None) -> Path:
    """Where the journal of a tree lies."""
    if repository:
        return repository.git_directory / "structlint"
    from hashlib import sha256

    return _state() / "structlint" / sha256(os.fsencode(root)).hexdigest()


def _state() -> Path:
    """Where a user's programs keep what is to outlast them."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support"
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".local/state"


def write_file(path: Path, content: bytes) -> None:
    """Writes a new file, so that it is on disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(journal: Journal) -> None:
    """Puts a journal in the place of the one before; its contents are in its directory already."""
    kept = journal.where.kept
    actions = [
        {"words": words, "kind": type(action).__name__, **asdict(action)} for words, action in journal.actions
    ]
    plan = {"version": _VERSION, "actions": actions}
    write_file(kept / "plan", json.dumps(plan, indent=1).encode())
    write_file(kept / "done", b"")
    write_file(kept / "current", kept.name.encode())
    with directory(kept, "") as here:
        here.sync()
    os.replace(kept / "current", kept.parent / "current")  # noqa: PTH105
    with directory(kept.parent, "") as here:
        here.sync()


def journal_in(home: Path, root: Path, repository: Repository | None) -> Journal | None:
    """The journal that counts, None if there is none. Raises `CannotFix` for one that cannot be read."""
    try:
        name = (home / "current").read_text()
        if not name or set(name) - set(_NAMES):
            raise ValueError("it has no name")
        plan = json.loads((home / name / "plan").read_bytes())
        if plan["version"] != _VERSION:
            raise ValueError("another version of structlint has written it")
        actions = tuple(_action(**each) for each in plan["actions"])
        return Journal(Where(root, home / name, repository), actions)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotFix(f"the journal in {quote(str(home))} cannot be read: {error}") from None


def _action(words: str, kind: str, **values: object) -> tuple[str, Action]:
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for name, value in known.items():
        if not isinstance(value, _TYPES[name]):
            raise TypeError(f"{name} of {kind} is wrong")
    return words, KINDS[kind](**known)  # type: ignore[arg-type]


def forget(home: Path) -> None:
    """Removes the journal: first what makes it count, then the rest."""
    if (home / "current").exists():
        (home / "current").unlink()
    sweep(home)


def sweep(home: Path) -> None:
    """Removes what no journal that counts needs; not to succeed does no harm."""
    from shutil import rmtree

    with suppress(OSError):
        current = (home / "current").read_text() if (home / "current").exists() else ""
        for each in home.iterdir():
            if len(each.name) == 8 and not set(each.name) - set(_NAMES) and each.name != current:
                rmtree(each, ignore_errors=True)


# --- One at a time


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Keeps others out while it is entered. Raises `CannotFix` where one is at work."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        if home.is_symlink():
            raise CannotFix(f"{quote(str(home))} is a link; the journal is kept in a directory")
        handle = _take(home / "lock")
    except OSError as error:
        raise CannotFix(f"cannot write in {quote(str(home))}: {error.strerror}") from None
    try:
        yield
    finally:
        _release(home / "lock", handle)


def _take(lock: Path) -> int:
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(lock, flags | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        _refuse_living(lock)
        handle = os.open(lock, flags | os.O_CREAT, 0o666)
    try:
        _hold(lock, handle)
        os.ftruncate(handle, 0)
        write_all(handle, b"%d\n" % os.getpid())
    except BaseException:
        os.close(handle)
        raise
    return handle


def _hold(lock: Path, handle: int) -> None:
    """Of several that take over the lock of a dead process, the system lets one have it."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy(lock) from None
    except OSError:
        return  # a file system without such locks
    if not lock.exists() or not os.path.samestat(lock.stat(), os.fstat(handle)):
        raise _busy(lock)  # whoever had it is gone with it, and another may have come


def _refuse_living(lock: Path) -> None:
    if sys.platform == "win32":
        try:
            lock.unlink()  # which Windows refuses while the file is open
        except OSError:
            raise _busy(lock) from None
        return
    pid = _holder(lock)
    if not pid or pid == os.getpid():
        return
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    except PermissionError:
        pass
    raise _busy(lock)


def _holder(lock: Path) -> int:
    try:
        text = lock.read_text().strip()
    except (OSError, ValueError):
        return 0
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _busy(lock: Path) -> CannotCheck:
    pid = _holder(lock)
    who = f"process {pid}" if pid else "a process that has just begun"
    return CannotFix(
        f"another structlint is at work here, {who}; wait for it, "
        f"or remove {quote(str(lock))} if that is no structlint"
    )


def _release(lock: Path, handle: int) -> None:
    """Open files cannot be removed on Windows; elsewhere the lock is held until it is gone."""
    try:
        if sys.platform == "win32":
            os.close(handle)
        with suppress(OSError):  # one that stays is a dead process's soon
            lock.unlink()
    finally:
        if sys.platform != "win32":
            os.close(handle)
