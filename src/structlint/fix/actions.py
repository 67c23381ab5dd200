"""The single actions that a plan comes to: each can be done, undone, and begun again where it was cut off.

All of it works through descriptors of directories, so that no link that somebody puts on the way leads it
elsewhere, and never takes the place of what it does not know.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from structlint.errors import CannotCheck
from structlint.quoting import quote
from structlint.tree.git import Repository

BEFORE, AFTER, _READY = "index.before", "index.after", "index.ready"
LOCKED = "git is at work here, or was cut off: its file index.lock is there; wait, or remove it"
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WITH_DESCRIPTORS = os.open in os.supports_dir_fd


class CannotFix(CannotCheck):
    """A plan could not be done or undone; the message says what is done, what is not, and what helps."""


@dataclass(frozen=True, slots=True)
class Where:
    """What actions work on: a tree, what the journal keeps for them, and the repository if there is one."""

    root: Path
    kept: Path
    repository: Repository | None

    def content(self, number: int) -> bytes:
        return (self.kept / str(number)).read_bytes()


# --- Files and directories


@dataclass(frozen=True, slots=True)
class Directory:
    """An open directory. Where the system has no descriptors of directories, `handle` is None."""

    place: str
    handle: int | None

    def at(self, name: str) -> str:
        """How the system is told of a name; a journal from elsewhere may hold what is none."""
        if name in ("", ".", "..") or "/" in name or os.sep in name:
            raise CannotFix(f"{quote(name)} is no name")
        return name if self.handle is not None else os.path.join(self.place, name)  # noqa: PTH118

    def status(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(self.at(name), dir_fd=self.handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        return os.listdir(self.place if self.handle is None else self.handle)  # noqa: PTH208

    def read(self, name: str) -> bytes | None:
        """The content of a regular file, None where nothing has the name."""
        status = self.status(name)
        if status is None:
            return None
        if not stat.S_ISREG(status.st_mode):
            raise CannotFix(f"{quote(self.place + name)} is no regular file any more")
        with os.fdopen(os.open(self.at(name), os.O_RDONLY | _BINARY, dir_fd=self.handle), "rb") as file:
            return file.read()

    def write(self, name: str, content: bytes, like: str = "", modified: int | None = None) -> None:
        """Writes a new file, with the mode, owner and attributes of the one that it is to be `like`."""
        new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
        handle = os.open(self.at(name), new, 0o666, dir_fd=self.handle)
        try:
            write_all(handle, content)
            if like:
                self._liken(handle, like)
            os.fsync(handle)
        finally:
            os.close(handle)
        if modified is not None:
            os.utime(self.at(name), ns=(modified, modified), dir_fd=self.handle)

    def _liken(self, handle: int, like: str) -> None:
        if self.handle is None:
            return
        model = os.open(self.at(like), os.O_RDONLY | _BINARY, dir_fd=self.handle)
        try:
            known, new = os.fstat(model), os.fstat(handle)
            if (known.st_uid, known.st_gid) != (new.st_uid, new.st_gid):
                os.fchown(handle, known.st_uid, known.st_gid)
            os.fchmod(handle, stat.S_IMODE(known.st_mode))
            if hasattr(os, "listxattr"):
                for each in os.listxattr(model):
                    if each.startswith(("user.", "system.posix_acl_")):
                        os.setxattr(handle, each, os.getxattr(model, each))
        finally:
            os.close(model)

    def move(self, name: str, other: Directory, new: str) -> None:
        """Gives an entry another name, which must be free; one that has it already is left as it is.

        Raises `FileExistsError` where the name is taken, `FileNotFoundError` where nothing is to be moved.
        """
        here, there = self.status(name), other.status(new)
        if here is None:
            if there is None:
                raise FileNotFoundError(2, "it is gone", name)
        elif there is None:
            self._rename(name, other, new, here)
        elif os.path.samestat(here, there) and not stat.S_ISDIR(here.st_mode):
            os.unlink(self.at(name), dir_fd=self.handle)  # the second half of a move that was cut off
        else:
            raise FileExistsError(17, "something has taken that name", new)
        self.sync()
        other.sync()

    def _rename(self, name: str, other: Directory, new: str, status: os.stat_result) -> None:
        """Renames: of a file by a second name, which takes no other's place, where there can be one."""
        if _WITH_DESCRIPTORS and not stat.S_ISDIR(status.st_mode):
            try:
                os.link(
                    self.at(name),
                    other.at(new),
                    src_dir_fd=self.handle,
                    dst_dir_fd=other.handle,
                    follow_symlinks=False,
                )
            except FileExistsError:
                raise
            except OSError as error:
                if not _no_links(error):
                    raise
            else:
                os.unlink(self.at(name), dir_fd=self.handle)
                return
        os.rename(self.at(name), other.at(new), src_dir_fd=self.handle, dst_dir_fd=other.handle)

    def replace(self, name: str, new: str) -> None:
        os.replace(self.at(name), self.at(new), src_dir_fd=self.handle, dst_dir_fd=self.handle)
        self.sync()

    def remove(self, name: str) -> None:
        if self.status(name) is not None:
            os.unlink(self.at(name), dir_fd=self.handle)
            self.sync()

    def make(self, name: str) -> None:
        """Makes a directory, if it is not there."""
        status = self.status(name)
        if status is None:
            os.mkdir(self.at(name), dir_fd=self.handle)
            self.sync()
        elif not stat.S_ISDIR(status.st_mode):
            raise FileExistsError(17, "something has taken that name", name)

    def remove_empty(self, name: str) -> None:
        """Removes a directory if it is there and empty; what somebody has put there since, stays."""
        from errno import EEXIST, ENOTEMPTY

        status = self.status(name)
        if status is None or not stat.S_ISDIR(status.st_mode):
            return
        try:
            os.rmdir(self.at(name), dir_fd=self.handle)
            self.sync()
        except OSError as error:
            if error.errno not in (EEXIST, ENOTEMPTY):
                raise

    def set_mode(self, name: str, mode: int) -> None:
        status = self.status(name)
        if status and stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) != mode:
            os.chmod(self.at(name), mode, dir_fd=self.handle)

    def sync(self) -> None:
        from errno import EINVAL

        try:
            if self.handle is not None:
                os.fsync(self.handle)
        except OSError as error:
            if error.errno != EINVAL:  # some file systems cannot do this for directories
                raise


def _no_links(error: OSError) -> bool:
    """Whether a file system has no hard links, or the system none for other users' files."""
    import errno

    return error.errno in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def write_all(handle: int, content: bytes) -> None:
    """Writes all of a content, which `os.write` need not do at once."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


@contextmanager
def directory(root: Path, path: str) -> Iterator[Directory]:
    """Opens a directory below `root` without following links. Raises `CannotFix` where one is on the way."""
    names = path.split("/") if path else []
    if path.startswith("/") or any(name in ("", ".", "..") or os.sep in name for name in names):
        raise CannotFix(f"{quote(path)} is no path within the project")
    shown = f"{path}/" if path else ""
    if not _WITH_DESCRIPTORS:
        _refuse_links(root, names)
        yield Directory(str(root.joinpath(*names)), None)
        return
    flags = os.O_RDONLY | os.O_DIRECTORY
    handle = os.open(root, flags)
    try:
        for name in names:
            outer, handle = handle, _inner(handle, name, path)
            os.close(outer)
        yield Directory(shown, handle)
    finally:
        os.close(handle)


def _inner(handle: int, name: str, path: str) -> int:
    from errno import ELOOP, ENOTDIR

    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
    except OSError as error:
        if error.errno in (ELOOP, ENOTDIR):
            raise CannotFix(f"{quote(name)} in {quote(path)} is no directory") from None
        raise


def _refuse_links(root: Path, names: list[str]) -> None:
    place = root
    for name in names:
        place = place / name
        status = place.lstat()
        junction: int = getattr(status, "st_reparse_tag", 0)
        if junction or not stat.S_ISDIR(status.st_mode):
            raise CannotFix(f"{quote(str(place))} is no directory")


@contextmanager
def above(root: Path, path: str) -> Iterator[tuple[Directory, str]]:
    """The directory that a path lies in, open, and the name there."""
    parent, _, name = path.rpartition("/")
    if name in ("", ".", "..") or os.sep in name:
        raise CannotFix(f"{quote(path)} is no path within the project")
    with directory(root, parent) as here:
        yield here, name


def status_of(root: Path, path: str) -> os.stat_result | None:
    """What has a path, None if nothing has. Raises `CannotFix` where something above it is no directory."""
    with suppress(FileNotFoundError), above(root, path) as (here, name):
        return here.status(name)
    return None


def seen(status: os.stat_result, most: int = 4) -> tuple[int, ...]:
    """What tells whether an entry is still the same; of a directory not what changes with its inside."""
    kind = stat.S_IFMT(status.st_mode)
    told = (kind, status.st_ino, status.st_size, status.st_mtime_ns)
    return told[: min(2, most) if stat.S_ISDIR(kind) else most]


# --- Actions


@dataclass(frozen=True, slots=True)
class MakeDirectory:
    path: str

    def do(self, where: Where) -> None:
        with above(where.root, self.path) as (here, name):
            here.make(name)

    def undo(self, where: Where) -> None:
        if status_of(where.root, self.path) is not None:
            with above(where.root, self.path) as (here, name):
                here.remove_empty(name)


@dataclass(frozen=True, slots=True)
class RemoveDirectory:
    path: str
    mode: int

    def do(self, where: Where) -> None:
        with above(where.root, self.path) as (here, name):
            here.remove_empty(name)

    def undo(self, where: Where) -> None:
        with above(where.root, self.path) as (here, name):
            here.make(name)
            here.set_mode(name, self.mode)


@dataclass(frozen=True, slots=True)
class Rename:
    """`seen` is what its source was when the plan was made."""

    source: str
    target: str
    seen: tuple[int, ...]

    def do(self, where: Where) -> None:
        self._move(where.root, self.source, self.target, len(self.seen))

    def undo(self, where: Where) -> None:
        # Whoever has changed the file since wants it back as it is now.
        self._move(where.root, self.target, self.source, 1)

    def was_done(self, where: Where) -> bool:
        """Whether what lies at the target is what was moved there, all of the way or half."""
        source, target = status_of(where.root, self.source), status_of(where.root, self.target)
        if target is None:
            return False
        return (
            os.path.samestat(source, target) if source else seen(target, len(self.seen))[:2] == self.seen[:2]
        )

    def _move(self, root: Path, source: str, target: str, most: int) -> None:
        with above(root, source) as (here, name), above(root, target) as (there, new):
            found = here.status(name) or there.status(new)
            if found and seen(found)[:most] != self.seen[:most]:
                raise CannotFix(f"{quote(source)} has changed since")
            here.move(name, there, new)


@dataclass(frozen=True, slots=True)
class Write:
    """A new file, written under the name `beside` first, so that it is never there in part."""

    path: str
    content: int
    beside: str

    def do(self, where: Where) -> None:
        content = where.content(self.content)
        with above(where.root, self.path) as (here, name):
            here.remove(self.beside)
            if here.status(name) is None:
                here.write(self.beside, content)
                here.move(self.beside, here, name)
            elif here.read(name) != content:
                raise FileExistsError(17, "something has taken that name", name)

    def undo(self, where: Where) -> None:
        content = where.content(self.content)
        with suppress(FileNotFoundError), above(where.root, self.path) as (here, name):
            here.remove(self.beside)
            if here.read(name) not in (None, content):
                raise CannotFix(f"{quote(self.path)} has been changed since")
            here.remove(name)


@dataclass(frozen=True, slots=True)
class Replace:
    """Another content for a file, `before` and `after` by their numbers; written `beside` it first."""

    path: str
    before: int
    after: int
    modified: int
    beside: str

    def do(self, where: Where) -> None:
        self._swap(where, self.before, self.after, None)

    def undo(self, where: Where) -> None:
        self._swap(where, self.after, self.before, self.modified)

    def _swap(self, where: Where, old: int, new: int, modified: int | None) -> None:
        content = where.content(new)
        with above(where.root, self.path) as (here, name):
            here.remove(self.beside)
            found = here.read(name)
            if found == content:
                return
            if found != where.content(old):
                raise CannotFix(f"{quote(self.path)} has been changed since")
            here.write(self.beside, content, name, modified)
            here.replace(self.beside, name)


@dataclass(frozen=True, slots=True)
class ChangeIndex:
    """Git's index gives way to the one that was made ready, under git's own lock."""

    def do(self, where: Where) -> None:
        _put_index(where, BEFORE, AFTER)

    def undo(self, where: Where) -> None:
        # One that is neither is the user's, who has gone on after the interruption; it stays.
        if index_is(where, AFTER):
            _put_index(where, AFTER, BEFORE)
        else:
            _drop_own_lock(where)


Action: TypeAlias = "MakeDirectory | RemoveDirectory | Rename | Write | Replace | ChangeIndex"
KINDS: Mapping[str, type[Action]] = {
    kind.__name__: kind for kind in (MakeDirectory, RemoveDirectory, Rename, Write, Replace, ChangeIndex)
}


# --- Git's index


def index_of(repository: Repository | None) -> Path:
    """Where the index lies. Raises `CannotFix` where the repository is gone."""
    if repository is None:
        raise CannotFix("the git repository that was here is gone")
    return repository.git_directory / "index"


def copy_file(source: Path, target: Path) -> None:
    """Copies a file with its mode and time: by the time of its index git knows what it must look at again."""
    status = source.stat()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, stat.S_IMODE(status.st_mode))
    try:
        write_all(handle, source.read_bytes())
        os.fsync(handle)
    finally:
        os.close(handle)
    os.chmod(target, stat.S_IMODE(status.st_mode))  # noqa: PTH101
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def is_copy(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes."""
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def index_is(where: Where, name: str) -> bool:
    """Whether the index says what a kept one says; looking at files git writes it anew, with their times."""
    index = index_of(where.repository)
    assert where.repository
    if is_copy(index, where.kept / name):
        return True
    return index.is_file() and listed(where.repository) == listed(where.repository, where.kept / name)


def listed(repository: Repository, index: Path | None = None) -> tuple[tuple[str, ...], ...]:
    """The entries of the index or of a copy of it: mode, object, stage, path, and flags in hexadecimal."""
    import re

    more = {"GIT_INDEX_FILE": str(index)} if index else {}
    out = repository.answer(repository.start("ls-files", "-z", "-s", "--debug", more=more))
    entry = re.compile(rb"(\d+) (\w+) (\d)\t([^\0]+)\0(?:  .*\n){4}  size: \d+\tflags: (\w+)\n")
    if entry.sub(b"", out):
        raise CannotFix("git lists its index in a form that structlint does not know")
    return tuple(
        (*(part.decode("utf-8", "surrogateescape") for part in parts), f"{int(flags, 16) & _FLAGS:x}")
        for *parts, flags in entry.findall(out)
    )


# Intent to add, left out of a sparse checkout, assumed unchanged; see the flags in git's read-cache.h.
_FLAGS = 0x2000_0000 | 0x4000_0000 | 0x8000


def _put_index(where: Where, old: str, new: str) -> None:
    index = index_of(where.repository)
    lock, ready = index.with_name("index.lock"), where.kept / _READY
    _drop_own_lock(where)
    if index_is(where, new):
        return
    copy_file(where.kept / new, ready)
    with directory(where.kept, "") as here, directory(index.parent, "") as there:
        try:
            here.move(_READY, there, lock.name)
        except FileExistsError:
            raise CannotFix(LOCKED) from None
        if not index_is(where, old):
            there.remove(lock.name)
            raise CannotFix("git's index has been changed meanwhile; `structlint fix --undo` leaves it alone")
        there.replace(lock.name, index.name)


def _drop_own_lock(where: Where) -> None:
    """Removes what an interruption has left: the lock is ours if it is one of our copies, by its time too."""
    ready = where.kept / _READY
    if is_own_lock(where):
        index_of(where.repository).with_name("index.lock").unlink()
    if ready.exists():
        ready.unlink()


def is_own_lock(where: Where) -> bool:
    lock = index_of(where.repository).with_name("index.lock")
    copies = (where.kept / BEFORE, where.kept / AFTER)
    return any(is_copy(lock, copy) and _time(lock) == _time(copy) for copy in copies)


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns
