"""Does what a plan says, so that at every moment it can be taken back or gone on with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from structlint.errors import TreeError
from structlint.fix.journal import AFTER, BEFORE, CannotFix, Journal, journal_of, locked
from structlint.fix.operations import (
    MakeDirectory,
    Operation,
    RemoveDirectory,
    Rename,
    Replace,
    Write,
    beside,
    operations,
    state_of,
)
from structlint.quoting import quote
from structlint.steps import Move, Step, Untrack
from structlint.tree.git import Repository, find_repository
from structlint.tree.scan import submodules

_TOLD = 20
HELP = "`structlint fix --resume` goes on, `structlint fix --undo` takes back what was done"


def problems(root: Path, steps: Sequence[Step]) -> list[str]:
    """All that stands in the way of steps, which are relative to `root`; nothing is changed."""
    return _operations(root, steps)[1]


def _operations(root: Path, steps: Sequence[Step]) -> tuple[list[Operation], list[str]]:
    return operations(root, steps, submodules(root))


def perform(root: Path, steps: Sequence[Step]) -> None:
    """Does steps, or none of them where something stands in their way. Raises `CannotFix`.

    `root` is the top of the work tree, or any directory outside git; paths of steps are relative to it.
    """
    journal = journal_of(root)
    with locked(journal):
        _refuse_pending(journal)
        todo, wrong = _operations(root, steps)
        if wrong:
            raise CannotFix(_listed("nothing was done", wrong))
        index = _index(root, steps)
        try:
            journal.begin(todo, index)
        except OSError as error:
            raise CannotFix(f"nothing was done: the journal cannot be written: {error.strerror}") from None
        _Work(root, journal).go_on()


def pending(root: Path) -> bool:
    """Whether a fix has begun and not come to its end."""
    journal = journal_of(root)
    return journal.exists and not _Work(root, journal).is_done


def resume(root: Path) -> int:
    """Goes on with a fix that was interrupted; returns how many operations it has. Raises `CannotFix`."""
    journal = journal_of(root)
    with locked(journal):
        work = _Work(root, journal)
        if not journal.exists or work.is_done:
            raise CannotFix("there is no interrupted fix to go on with")
        if any(sign in "-~" for sign in journal.progress().values()):
            raise CannotFix("that fix is being taken back; `structlint fix --undo` goes on with it")
        return work.go_on()


def undo(root: Path) -> int:
    """Takes back the last fix, done or interrupted; returns how many operations it had.

    Raises `CannotFix`, before anything is taken back, where what it did has been changed since.
    """
    journal = journal_of(root)
    with locked(journal):
        if not journal.exists:
            raise CannotFix("there is no fix to take back")
        number = _Work(root, journal).take_back()
        journal.forget()
        return number


def _refuse_pending(journal: Journal) -> None:
    if journal.exists and not _Work(Path(), journal).is_done:
        raise CannotFix(f"a fix was interrupted here; {HELP}")


def _listed(what: str, wrong: Sequence[str]) -> str:
    told = [f"  {each}" for each in wrong[:_TOLD]]
    told += [f"  and {len(wrong) - _TOLD:,} more"] * (len(wrong) > _TOLD)
    return "\n".join([f"{what}, because", *told])


def _index(root: Path, steps: Sequence[Step]) -> tuple[bytes, bytes] | None:
    """Git's index as it is and as it will be; None where it stays."""
    repository = find_repository(root)
    moves = [(each.source, each.target) for each in steps if isinstance(each, Move)]
    untracked = [each.path for each in steps if isinstance(each, Untrack)]
    if repository is None or repository.bare or not (moves or untracked):
        return None
    if (repository.git_directory / "index.lock").exists():
        raise CannotFix("git is at work here (index.lock is there); wait for it, or remove that file")
    try:
        before, after = repository.index_after(moves, untracked)
    except (TreeError, OSError) as error:
        raise CannotFix(f"nothing was done: {error}") from None
    return (before, after) if before != after else None


class _Work:
    """The operations of a journal, and the index as the last of them."""

    def __init__(self, root: Path, journal: Journal) -> None:
        self.root = root
        self.journal = journal
        self.todo = journal.operations() if journal.exists else []
        self.number = len(self.todo) + bool(journal.exists and journal.has_index)

    @property
    def is_done(self) -> bool:
        progress = self.journal.progress()
        return all(progress.get(number) == "=" for number in range(self.number))

    def go_on(self) -> int:
        progress = self.journal.progress()
        for number in range(self.number):
            sign = progress.get(number, "")
            if sign == "=" or (sign == "+" and self.was_done(number)):
                self.note_done(number, sign)
                continue
            self.attempt(number)
        return self.number

    def note_done(self, number: int, sign: str) -> None:
        if sign != "=":
            self.journal.note("=", number)

    def attempt(self, number: int) -> None:
        try:
            self.journal.note("+", number)
            if number == len(self.todo):
                self.put_index(BEFORE, AFTER)
            else:
                _do(self.root, self.todo[number])
            self.journal.note("=", number)
        except (OSError, CannotFix) as error:
            why = getattr(error, "strerror", None) or str(error)
            what = "git's index" if number == len(self.todo) else quote(_subject(self.todo[number]))
            done = f"{number:,} of {self.number:,} operations are done"
            raise CannotFix(f"stopped at {what}: {why}; {done}. {HELP}") from None

    def was_done(self, number: int) -> bool:
        """Whether an operation that had begun when all was interrupted had come to its end."""
        if number == len(self.todo):
            self.remove_own_lock()
            return self.index_is(AFTER)
        return _is_done(self.root, self.todo[number])

    def take_back(self) -> int:
        progress = self.journal.progress()
        done = [n for n in range(self.number) if progress.get(n, "~") in "=+-"]
        done = [n for n in done if progress[n] == "=" or self.was_done(n) or self.half_done(n)]
        if wrong := [why for n in reversed(done) if progress[n] != "-" and (why := self.changed(n, done))]:
            raise CannotFix(_listed("nothing was taken back", wrong))
        for number in reversed(done):
            try:
                self.journal.note("-", number)
                self.revert(number)
                self.journal.note("~", number)
            except (OSError, CannotFix) as error:
                why = getattr(error, "strerror", None) or str(error)
                raise CannotFix(
                    f"stopped while taking back: {why}; run `structlint fix --undo` again"
                ) from None
        return len(done)

    def half_done(self, number: int) -> bool:
        """Whether a file has its new name and its old one too, or a new content lies beside it."""
        return number < len(self.todo) and _is_half_done(self.root, self.todo[number])

    def revert(self, number: int) -> None:
        if number == len(self.todo):
            if not self.index_is(BEFORE):
                self.put_index(AFTER, BEFORE)
        else:
            _revert(self.root, self.todo[number])

    def changed(self, number: int, done: Sequence[int]) -> str:
        """Why an operation cannot be taken back: somebody has changed what it made."""
        if number == len(self.todo):
            same = self.index_is(AFTER) or self.index_is(BEFORE)
            return "" if same else "git's index has been changed since (git add, git commit)"
        later = [self.todo[n] for n in done if number < n < len(self.todo)]
        return _changed(self.root, self.todo[number], later)

    # --- Git's index

    @cached_property
    def repository(self) -> Repository:
        repository = find_repository(self.root)
        if repository is None:
            raise CannotFix("this was a repository when the fix was done, and is none any more")
        return repository

    def index_is(self, name: str) -> bool:
        """Whether the index says what it said then; git itself writes it anew when it looks at files."""
        index = self.repository.git_directory / "index"
        now = index.read_bytes() if index.exists() else b""
        then = self.journal.index(name)
        return now == then or self.repository.entries(now) == self.repository.entries(then)

    def put_index(self, old: str, new: str) -> None:
        """Replaces the index, in the way and under the lock of git itself."""
        index = self.repository.git_directory / "index"
        lock = index.with_name("index.lock")
        content = self.journal.index(new)
        handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            if not self.index_is(old):
                raise CannotFix("git's index has been changed meanwhile")
            if content:
                lock.replace(index)
            else:
                index.unlink()
                lock.unlink()
        except OSError:
            lock.unlink(missing_ok=True)
            raise
        except CannotFix:
            lock.unlink(missing_ok=True)
            raise

    def remove_own_lock(self) -> None:
        """Takes away a lock that an interrupted fix has left, if it holds what a fix was writing."""
        lock = self.repository.git_directory / "index.lock"
        if lock.exists():
            found = lock.read_bytes()
            if any(self.journal.index(name).startswith(found) for name in (BEFORE, AFTER)):
                lock.unlink()


# --- Single operations, through descriptors of directories, so that no link on the way is followed

_BY_DESCRIPTOR = {os.open, os.mkdir, os.rmdir, os.unlink, os.rename, os.link, os.stat} <= os.supports_dir_fd


@contextmanager
def _in(root: Path, path: str) -> Iterator[tuple[str, int | None]]:
    """The name of a path and the descriptor of its directory; all of the path where there are none."""
    if not _BY_DESCRIPTOR:
        yield str(root / path), None
        return
    *above, name = path.split("/")
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in above:
            # Named anew before the old one is closed: a signal in between must not have it closed twice.
            outer, handle = handle, os.open(step, flags, dir_fd=handle)
            os.close(outer)
        yield name, handle
    finally:
        os.close(handle)


def _subject(operation: Operation) -> str:
    return operation.source if isinstance(operation, Rename) else operation.path


def _status(root: Path, path: str) -> os.stat_result | None:
    try:
        with _in(root, path) as (name, directory):
            return os.stat(name, dir_fd=directory, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_directory(root: Path, path: str) -> bool:
    status = _status(root, path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def _content(root: Path, path: str) -> bytes | None:
    """The content of a regular file, None if there is none."""
    status = _status(root, path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return None
    with _in(root, path) as (name, directory):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(name, flags, dir_fd=directory), "rb") as file:
            return file.read()


def _do(root: Path, operation: Operation) -> None:
    match operation:
        case MakeDirectory(path):
            with _in(root, path) as (name, directory):
                os.mkdir(name, dir_fd=directory)
        case RemoveDirectory(path, _):
            with _in(root, path) as (name, directory):
                os.rmdir(name, dir_fd=directory)
        case Write(path, content, executable):
            _put(root, path, content, None, new=0o777 if executable else 0o666)
            _give_name(root, beside(path), path)
        case Replace(path, before, content, mode, _):
            if _content(root, path) != before:
                raise CannotFix("it has changed since the plan was made")
            _exchange(root, path, content, mode)
        case Rename(source, target, kind, state):
            _rename(root, source, target, kind, state)


def _put(
    root: Path, path: str, content: bytes, mode: int | None, modified: int | None = None, *, new: int = 0o666
) -> None:
    """Writes a content beside the file that it is for, with the mode and time that it is to have.

    Without a `mode` it has what the umask leaves of `new`.
    """
    with _in(root, beside(path)) as (name, directory):
        flags = (
            os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(os.open(name, flags, new, dir_fd=directory), "wb") as out:
            out.write(content)
            out.flush()
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(out.fileno(), mode)
            if modified is not None and os.utime in os.supports_fd:
                os.utime(out.fileno(), ns=(modified, modified))


def _exchange(root: Path, path: str, content: bytes, mode: int, modified: int | None = None) -> None:
    """Puts a content in the place of a file's, whole."""
    _put(root, path, content, mode, modified)
    with _in(root, beside(path)) as (new, directory), _in(root, path) as (name, _):
        os.replace(new, name, src_dir_fd=directory, dst_dir_fd=directory)


def _give_name(root: Path, source: str, target: str) -> None:
    """Gives a file another name, and never takes the place of one that is there."""
    with _in(root, source) as (old, from_directory), _in(root, target) as (new, to_directory):
        try:
            os.link(old, new, src_dir_fd=from_directory, dst_dir_fd=to_directory, follow_symlinks=False)
        except FileExistsError:
            if not _is_same(root, source, target):
                raise
            if _is_case_only(source, target):
                os.rename(old, new, src_dir_fd=from_directory, dst_dir_fd=to_directory)
                return
        except OSError:  # a file system without hard links
            if _status(root, target) is not None:
                raise
            os.rename(old, new, src_dir_fd=from_directory, dst_dir_fd=to_directory)
            return
        os.unlink(old, dir_fd=from_directory)


def _is_same(root: Path, one: str, other: str) -> bool:
    first, second = _status(root, one), _status(root, other)
    return first is not None and second is not None and os.path.samestat(first, second)


def _is_case_only(source: str, target: str) -> bool:
    return source != target and source.casefold() == target.casefold()


def _rename(root: Path, source: str, target: str, kind: str, state: tuple[int, int, int, int]) -> None:
    found = _status(root, source)
    if found is None:
        raise CannotFix("it is gone")
    if state[1] and state_of(found) != state:
        raise CannotFix("it has changed since the plan was made")
    if kind != "directory":
        _give_name(root, source, target)
        return
    if _status(root, target) is not None and not _is_same(root, source, target):
        raise CannotFix(f"{quote(target)} is there meanwhile")
    with _in(root, source) as (old, from_directory), _in(root, target) as (new, to_directory):
        os.rename(old, new, src_dir_fd=from_directory, dst_dir_fd=to_directory)


def _is_done(root: Path, operation: Operation) -> bool:
    """Whether the one operation that had begun last is done."""
    match operation:
        case MakeDirectory(path):
            return _is_directory(root, path)
        case RemoveDirectory(path, _):
            return _status(root, path) is None
        case Write(path, content, _):
            return _content(root, path) == content and _status(root, beside(path)) is None
        case Replace(path, _, content, _, _):
            return _content(root, path) == content and _status(root, beside(path)) is None
        case Rename(source, target, _, _):
            return _status(root, source) is None and _status(root, target) is not None


def _is_half_done(root: Path, operation: Operation) -> bool:
    match operation:
        case Write(path, _, _) | Replace(path, _, _, _, _):
            return _status(root, beside(path)) is not None
        case Rename(source, target, _, _):
            return _is_same(root, source, target) and not _is_case_only(source, target)
    return False


def _revert(root: Path, operation: Operation) -> None:
    match operation:
        case MakeDirectory(path):
            with _in(root, path) as (name, directory):
                if _is_directory(root, path):
                    _remove_if_empty(name, directory)
        case RemoveDirectory(path, mode):
            if _status(root, path) is None:
                with _in(root, path) as (name, directory):
                    os.mkdir(name, mode, dir_fd=directory)
                _set_mode(root, path, mode)
        case Write(path, content, _):
            _remove(root, beside(path))
            if _content(root, path) == content:
                _remove(root, path)
        case Replace(path, before, _, mode, modified):
            _remove(root, beside(path))
            if _content(root, path) != before:
                _exchange(root, path, before, mode, modified)
        case Rename(source, target, kind, _):
            if _status(root, target) is None:
                return
            if kind == "directory":
                _rename(root, target, source, kind, (0, 0, 0, 0))
            else:
                _give_name(root, target, source)


def _set_mode(root: Path, path: str, mode: int) -> None:
    """Gives a directory the mode that it had, which `mkdir` limits by the umask."""
    if hasattr(os, "fchmod"):
        with _in(root, path) as (name, directory):
            handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
            try:
                os.fchmod(handle, mode)
            finally:
                os.close(handle)


def _remove(root: Path, path: str) -> None:
    if _status(root, path) is not None:
        with _in(root, path) as (name, directory):
            os.unlink(name, dir_fd=directory)


def _remove_if_empty(name: str, directory: int | None) -> None:
    try:
        os.rmdir(name, dir_fd=directory)
    except OSError as error:
        from errno import EEXIST, ENOTEMPTY

        if error.errno not in (EEXIST, ENOTEMPTY):  # what somebody has put there since stays
            raise


def _changed(root: Path, operation: Operation, later: Sequence[Operation]) -> str:
    """Why an operation that is done cannot be taken back, "" if it can; `later` ones are done as well."""
    path = _now(operation.target if isinstance(operation, Rename) else operation.path, later)
    if path is None:
        return ""
    match operation:
        case Write(_, content, _) | Replace(_, _, content, _, _):
            if any(isinstance(each, Replace) and each.path == path for each in later):
                return ""
            found = _content(root, path)
            unfinished = _status(root, beside(path)) is not None
            if found != content and not unfinished:
                return f"{quote(path)} has been changed since"
        case Rename(source, _, _, _):
            there = _status(root, source)
            if there is not None and not _taken(source, later) and not _is_same(root, source, path):
                return f"{quote(source)} is there again"
            if _status(root, path) is None:
                return f"{quote(path)} is gone"
    return ""


def _now(path: str, later: Sequence[Operation]) -> str | None:
    """Where something is after later operations, None if one of them has removed it."""
    for each in later:
        if isinstance(each, RemoveDirectory) and each.path == path:
            return None
        if isinstance(each, Rename) and (path == each.source or path.startswith(f"{each.source}/")):
            path = each.target + path[len(each.source) :]
    return path


def _taken(path: str, later: Sequence[Operation]) -> bool:
    """Whether a later operation has put something at a path, or a directory with something there."""
    made = [f"{each.target if isinstance(each, Rename) else each.path}/" for each in later]
    return any(each.startswith(f"{path}/") or f"{path}/".startswith(each) for each in made)
