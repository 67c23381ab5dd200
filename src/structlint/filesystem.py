"""The one module that writes: every file and directory that structlint makes, changes or removes.

A change that is checked is hostile until somebody has read it, and it may bring symbolic links along. So
what is written is named by a directory and a path below it, and the path is opened step by step, through
descriptors of directories, without following a link. This is checked where a file is opened and not before:
nothing can be exchanged between a check and its use. Where the system has no such descriptors (Windows),
each step is looked at before the path is used.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EEXIST, EINVAL, EISDIR, ELOOP, ENOSPC, ENOTDIR, ENOTEMPTY
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from structlint.errors import CannotCheck
from structlint.text.quoting import quote

_BY_DESCRIPTOR = {os.open, os.mkdir, os.rmdir, os.unlink, os.rename, os.link, os.stat} <= os.supports_dir_fd
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NOT_WAITING = getattr(os, "O_NONBLOCK", 0)  # the opening of a pipe would wait for its other end
_MOST_LINKS = 40  # as many as Linux follows
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


class WriteRefused(CannotCheck):
    """Nothing is written to this path. The message names the link, or what else is in the way."""


class OpenDirectory(NamedTuple):
    """A directory, for reading and writing what is below it; paths are relative, with `/`.

    No link below it is followed. Where it is `guarded`, as a repository that is checked is, nothing is
    written into git's data or into a repository within it. `root` itself is an absolute path that the user
    has chosen: links that lead to it are followed.

    All methods raise `OSError` as the system does, and `WriteRefused`.
    """

    root: Path
    guarded: bool = True

    # --- Looking

    def check(self, path: str) -> None:
        """Raises `WriteRefused` where a file of this path may not be written, `OSError` where it
        cannot be.
        """
        with self._opened(path) as (name, handle):
            self._refuse_link(path, name, handle)

    def status(self, path: str) -> os.stat_result | None:
        """What is at a path, a link itself; None if there is nothing, or a link is on the way."""
        try:
            with self._opened(path) as (name, handle):
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
        """Whether two paths are one file or directory."""
        first, second = self.status(one), self.status(other)
        return first is not None and second is not None and os.path.samestat(first, second)

    def read(self, path: str, *, own: bool = False) -> bytes | None:
        """The content of a regular file, None if there is none, or a link is on the way.

        With `own` one that belongs to another user, or that everybody may write, is refused.
        """
        try:
            with self._opened(path) as (name, handle):
                opened = os.open(name, os.O_RDONLY | _NO_LINK | _NOT_WAITING, dir_fd=handle)
        except (FileNotFoundError, NotADirectoryError, WriteRefused):
            return None
        except OSError as error:
            if error.errno == ELOOP:  # a link
                return None
            raise
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):  # of a directory no file can be made
            os.close(opened)
            return None
        with os.fdopen(opened, "rb") as file:
            if own and not _is_own(status):
                raise WriteRefused(f"{self._label(path)} belongs to another user, or everybody may write it")
            return file.read()

    def names(self, path: str = "") -> list[str]:
        """The names in a directory, sorted; of the directory itself where `path` is ""."""
        with self._directory(path) as (place, handle):
            return sorted(os.listdir(place if handle is None else handle))  # noqa: PTH208 - of a descriptor

    def refuse_foreign(self, path: str = "") -> None:
        """Raises `WriteRefused` for a directory that belongs to another user, or that everybody may write."""
        with self._directory(path) as (place, handle):
            status = Path(place).stat() if handle is None else os.fstat(handle)
        if not _is_own(status):
            raise WriteRefused(f"{self._label(path)} belongs to another user, or everybody may write in it")

    # --- Directories

    def make_directory(self, path: str, mode: int = 0o777) -> None:
        """Makes a directory, whose mode is limited by the umask."""
        with self._opened(path) as (name, handle):
            os.mkdir(name, mode, dir_fd=handle)

    def make_directories(self, path: str, mode: int = 0o777) -> None:
        """Makes a directory and those above it, as far as they are not there."""
        steps = path.split("/")
        for at in range(1, len(steps) + 1):
            here = "/".join(steps[:at])
            with suppress(FileExistsError):
                self.make_directory(here, mode)
            with self._directory(here):  # it is a directory, and not a link to one
                pass

    def remove_directory(self, path: str, *, if_empty: bool = False) -> None:
        """Removes an empty directory; with `if_empty` one that is not empty stays, without an error."""
        try:
            with self._opened(path) as (name, handle):
                os.rmdir(name, dir_fd=handle)
        except OSError as error:
            if not (if_empty and error.errno in (EEXIST, ENOTEMPTY)):
                raise

    def set_mode(self, path: str, mode: int) -> None:
        """Gives a directory exactly this mode, which `make_directory` limits by the umask."""
        if hasattr(os, "fchmod") and _BY_DESCRIPTOR:
            with self._directory(path) as (_, handle):
                assert handle is not None
                os.fchmod(handle, mode)

    # --- Files

    @contextmanager
    def writer(self, path: str, mode: int = 0o666) -> Iterator[BinaryIO]:
        """A file to write to, which takes its place when all is written, and never if that fails.

        It keeps the mode of the file that it replaces; a new one has what the umask leaves of `mode`. A pipe
        or device takes what it is given. A link is refused.
        """
        with self._opened(path) as (name, handle):
            self._refuse_link(path, name, handle)
            before = _status(name, handle)
            if before and not stat.S_ISREG(before.st_mode):
                with os.fdopen(os.open(name, os.O_WRONLY | _NO_LINK, dir_fd=handle), "wb") as device:
                    yield device
                return
            temporary = _temporary(name)
            file = _created(temporary, mode, handle)
            try:
                yield file
                file.flush()
                if before:
                    _set_mode(file, temporary, stat.S_IMODE(before.st_mode) & 0o777)
                file.close()
                # A name is given, and no link is followed: one that has come meanwhile is replaced itself.
                os.replace(temporary, name, src_dir_fd=handle, dst_dir_fd=handle)
            except BaseException:
                with suppress(OSError):  # where the disk is full, closing fails once more
                    file.close()
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=handle)
                raise

    def write(self, path: str, content: bytes, mode: int = 0o666) -> None:
        """Puts a content in the place of what a file holds, whole or not at all, as `writer` does."""
        with self.writer(path, mode) as file:
            file.write(content)

    def create(self, path: str, content: bytes) -> None:
        """Writes a new file, whole or not at all. It replaces nothing, not even what has come meanwhile."""
        with self._opened(path) as (name, handle):
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
        """Writes a file in its place, for those whose name nobody reads before they are whole.

        With a `mode` and a time (`modified`, in nanoseconds) it has exactly these, without a mode what the
        umask leaves of `new`. With `sync` it is on disk when this returns; with `exclusive` it must be new.
        """
        flags = os.O_WRONLY | os.O_CREAT | _NO_LINK | (os.O_EXCL if exclusive else os.O_TRUNC)
        with (
            self._opened(path) as (name, handle),
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
    def adder(self, path: str) -> Iterator[BinaryIO]:
        """A regular file to add to, which is made if it is not there; a link, pipe or device is refused."""
        with self._opened(path) as (name, handle):
            self._refuse_link(path, name, handle)
            status = _status(name, handle)
            if status and not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for a reader
                raise WriteRefused(f"{self._label(path)} is not a regular file")
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK
            with os.fdopen(os.open(name, flags, 0o666, dir_fd=handle), "ab") as file:
                yield file

    def append(self, path: str, line: bytes) -> None:
        """Adds to a file, all of it or an error."""
        with self._opened(path) as (name, handle):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK
            opened = os.open(name, flags, 0o666, dir_fd=handle)
            try:
                if os.write(opened, line) < len(line):
                    raise OSError(ENOSPC, os.strerror(ENOSPC))
            finally:
                os.close(opened)

    def remove_file(self, path: str) -> None:
        """Removes a file or a link, which may be gone already."""
        with suppress(FileNotFoundError), self._opened(path) as (name, handle):
            os.unlink(name, dir_fd=handle)

    def move(self, source: str, target: str) -> None:
        """Gives a file or directory another path; a file that is there gives way."""
        with self._opened(source) as (old, from_handle), self._opened(target) as (new, to_handle):
            os.replace(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)

    def give_name(self, source: str, target: str) -> None:
        """Gives a file another path, and never takes the place of one that is there."""
        with self._opened(source) as (old, from_handle), self._opened(target) as (new, to_handle):
            try:
                os.link(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle, follow_symlinks=False)
            except FileExistsError:
                if not self.is_same(source, target):
                    raise
                if is_case_only(source, target):
                    os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)
                    return
            except OSError:  # a file system without hard links
                if self.status(target) is not None:
                    raise
                os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)
                return
            os.unlink(old, dir_fd=from_handle)

    def rename_directory(self, source: str, target: str) -> None:
        """Gives a directory another path, where nothing is but itself in another case."""
        if self.status(target) is not None and not self.is_same(source, target):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), target)
        with self._opened(source) as (old, from_handle), self._opened(target) as (new, to_handle):
            os.rename(old, new, src_dir_fd=from_handle, dst_dir_fd=to_handle)

    def open_lock(self, path: str) -> int:
        """The descriptor of a file that processes lock; it is made if it is not there."""
        with self._opened(path) as (name, handle):
            return os.open(name, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o666, dir_fd=handle)

    # --- Opening

    @contextmanager
    def _opened(self, path: str) -> Iterator[tuple[str, int | None]]:
        """The name of a path and the descriptor of its directory; all of the path where there are none."""
        *above, name = path.split("/")
        self._refuse_step(name, path)
        with self._directory("/".join(above)) as (place, handle):
            yield (os.path.join(place, name) if handle is None else name), handle  # noqa: PTH118

    @contextmanager
    def _directory(self, path: str) -> Iterator[tuple[str, int | None]]:
        """A directory's path and its descriptor, None where there are none. No link below is followed."""
        steps = path.split("/") if path else []
        for step in steps:
            self._refuse_step(step, path)
        if not _BY_DESCRIPTOR:
            yield self._walked(steps), None
            return
        handle = os.open(self.root, _DIRECTORY)
        try:
            self._refuse_git(handle, "")
            for at, step in enumerate(steps):
                here = "/".join(steps[: at + 1])
                # Named anew before the old one is closed: a signal in between must not have it closed twice.
                outer, handle = handle, self._entered(step, handle, here)
                os.close(outer)
                self._refuse_git(handle, here)
            yield str(self.root / path), handle
        finally:
            os.close(handle)

    def _entered(self, step: str, handle: int, path: str) -> int:
        try:
            return os.open(step, _DIRECTORY | _NO_LINK, dir_fd=handle)
        except OSError:
            self._refuse_link(path, step, handle)
            raise

    def _walked(self, steps: Sequence[str]) -> str:
        """The same without descriptors: each step is looked at before the path is used."""
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
        """What a path is called in an error: in a repository, from its top."""
        return quote((path or "./") if self.guarded else str(self.root / path))

    def _refuse_step(self, step: str, path: str) -> None:
        outside = step in ("", ".", "..") or (os.name == "nt" and ("\\" in step or ":" in step))
        if outside or "\0" in step:
            raise WriteRefused(f"{self._label(path)} is not a path within {quote(str(self.root))}")
        if self.guarded and is_gits(step):
            raise WriteRefused(f"{self._label(path)} lies in git's own data")

    def _refuse_link(self, path: str, name: str, handle: int | None) -> None:
        status = _status(name, handle)
        if status and _is_link(status):
            target = os.readlink(name, dir_fd=handle)
            raise WriteRefused(
                f"{self._label(path)} is a symbolic link to {quote(target)}, "
                "and nothing is written through a link"
            )

    def _refuse_git(self, directory: int | str, path: str) -> None:
        """Refuses git's data, whatever it is called, and below the top another repository."""
        if not self.guarded:
            return
        has_git = _holds(directory, ".git")
        if has_git and path:
            raise WriteRefused(f"{self._label(path)} is a repository of its own")
        if not has_git and _is_git_data(directory):
            raise WriteRefused(f"{self._label(path)} holds git's own data")


# --- What a name stands for


def is_gits(name: str) -> bool:
    """Whether some file system takes a name for `.git`; see `verify_path` in git's read-cache.c."""
    bare = "".join(each for each in name if unicodedata.category(each) != "Cf")
    bare = bare.partition(":")[0].rstrip(". ").casefold()
    return bare == ".git" or (bare.startswith("git~") and bare[4:].isdigit())


def is_case_only(source: str, target: str) -> bool:
    """Whether two paths differ, and in the case of letters only."""
    return source != target and source.casefold() == target.casefold()


def place_of(name: str, tops: Sequence[Path], *, reading: bool = False) -> tuple[OpenDirectory, str]:
    """The directory and the path below it that a user means by the name of a file.

    `tops` are the repositories, or directories, that are checked. A name in one of them is a path below its
    top, and no link is followed there. Any other is the user's own: links on the way are followed, as long as
    they do not lead into a top. Nothing is opened yet. Raises `OSError`, and unless it is for `reading`
    `WriteRefused` for git's data.
    """
    if "\0" in name:
        raise OSError(EINVAL, os.strerror(EINVAL), name)
    known = [top.stat() for top in tops]
    path = Path(name) if Path(name).is_absolute() else Path.cwd() / name
    here, linked, followed = Path(path.anchor), None, 0
    entered = [here] if any(os.path.samestat(here.stat(), top) for top in known) else []
    ahead = [*reversed(path.parts[1:])]
    while ahead:
        step = ahead.pop()
        if step == "..":
            here = here.parent
            entered = [top for top in entered if here.is_relative_to(top)]
            linked = linked if linked and here.is_relative_to(linked) else None
            continue
        here /= step
        status = None if linked else _status(str(here), None)
        if status is None:
            continue
        if _is_link(status) and entered:
            linked = here  # what is beyond is nobody's; opening it is refused
        elif _is_link(status):
            followed += 1
            if followed > _MOST_LINKS:
                raise OSError(ELOOP, os.strerror(ELOOP), name)
            target = here.readlink()
            here = Path(target.anchor) if target.is_absolute() else here.parent
            ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)
        elif any(os.path.samestat(status, top) for top in known):
            entered.append(here)
    if not here.name or here in entered:
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), name)
    if entered:
        return OpenDirectory(entered[-1]), here.relative_to(entered[-1]).as_posix()
    if not reading:
        _refuse_git_outside(here)
    return OpenDirectory(here.parent, guarded=False), here.name


def _refuse_git_outside(path: Path) -> None:
    """Refuses a user's own path that lies in git's data; one in a work tree is the user's."""
    if is_gits(path.name):
        raise WriteRefused(f"{quote(str(path))} is git's own")
    for above in path.parents:
        if _holds(str(above), ".git"):
            return
        if is_gits(above.name) or _is_git_data(str(above)):
            raise WriteRefused(f"{quote(str(path))} lies in git's own data, {quote(str(above))}")


def _is_git_data(directory: int | str) -> bool:
    """Whether a directory holds the data of a repository or of a work tree of one."""
    if not _holds(directory, "HEAD"):
        return False
    whole = _holds(directory, "objects") and _holds(directory, "refs")
    return whole or _holds(directory, "commondir")


def _holds(directory: int | str, name: str) -> bool:
    if isinstance(directory, int):
        return _status(name, directory) is not None
    return _status(os.path.join(directory, name), None) is not None  # noqa: PTH118


def _status(name: str, handle: int | None) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=handle, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def _is_own(status: os.stat_result) -> bool:
    """Whether a file or directory is this user's, and not everybody may write it."""
    if os.name == "nt":  # a user's own directories are closed to others there
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & stat.S_IWOTH


# --- Single files


def _temporary(name: str) -> str:
    """A new name beside a file, which may be a whole path."""
    above, slash, _ = name.rpartition(os.sep)
    return f"{above}{slash}.structlint-{os.urandom(8).hex()}"


def _created(name: str, mode: int, handle: int | None) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
    return os.fdopen(os.open(name, flags, mode, dir_fd=handle), "wb")


def _write_new(name: str, content: bytes, handle: int | None) -> None:
    file = _created(name, 0o666, handle)
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


# --- What is not a file of a repository


def user_directory(path: Path, mode: int = 0o777) -> None:
    """Makes a directory of the user's own, such as the one for a cache; links on the way are followed."""
    path.mkdir(mode, parents=True, exist_ok=True)


def is_within(path: Path, directory: Path) -> bool:
    """Whether a path, which need not exist, is a directory or lies in it, however they are spelled."""
    place, top = Path(os.path.realpath(path)), directory.stat()
    for each in (place, *place.parents):
        with suppress(OSError):
            if os.path.samestat(each.stat(), top):
                return True
    return False


def sign(handle: int, text: str) -> None:
    """Writes a text into an open file, in the place of what it holds."""
    os.ftruncate(handle, 0)
    os.write(handle, text.encode())


@contextmanager
def temporary_directory() -> Iterator[OpenDirectory]:
    """A directory of one's own, which is gone afterwards."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="structlint-") as place:
        yield OpenDirectory(Path(place), guarded=False)


def memory_file() -> BinaryIO | None:
    """A file in memory, None where the system has no such."""
    try:
        return os.fdopen(os.memfd_create("structlint"), "r+b")
    except (AttributeError, OSError):
        return None


def opened_already(name: str) -> TextIO:
    """A stream that is open already, such as `/dev/stdout`: it is added to and not replaced."""
    return Path(name).open("a", encoding="utf-8", errors="backslashreplace", newline="\n")


def null_device() -> int:
    """The descriptor of what takes all that is written to it and keeps nothing."""
    return os.open(os.devnull, os.O_WRONLY)
