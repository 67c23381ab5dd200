"""The contents of a tree: on disk, in the index or in a revision."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from structlint.errors import TreeError, Unread
from structlint.text.quoting import quote, shortened
from structlint.text.records import Record
from structlint.tree.access import reason_of

MOST_BYTES = 64 << 20
NO_OBJECT = "git does not have its content; fetch it, or resolve its conflict"


class WorkTreeFiles(Record):
    """Contents on disk. Links are followed only within the root, and only regular files are opened."""

    root: Path
    gitignores: Sequence[str]
    listed: bool = False  # for a list of paths, which may be incomplete
    directories: dict[str, str] | None = None  # the real paths of directories that were read, by their paths

    def read(self, path: str) -> bytes:
        return read_file(self.root, path, self.directories)

    def expect(self, paths: Sequence[str]) -> None:
        """Does nothing, because reading files on disk one by one is not slower."""

    def is_directory(self, path: str) -> bool:
        if self.listed:
            return False
        try:
            return stat.S_ISDIR(mode_of(str(self.root), path.rstrip("/")))
        except TreeError:
            return False

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        return ignored_by_files(self.root, self.read_gitignore, self.gitignores, paths)

    def read_gitignore(self, path: str) -> bytes:
        """The content of a `.gitignore`; as in git, None for a symbolic link."""
        if not stat.S_ISREG(mode_of(str(self.root), path)):
            raise FileNotFoundError(path)
        return self.read(path)


class SparseFiles(Record):
    """Contents on disk, and in the index for files that a sparse checkout leaves out."""

    on_disk: WorkTreeFiles
    in_index: ObjectFiles
    left_out: Collection[str]

    @property
    def root(self) -> Path:
        return self.on_disk.root

    def read(self, path: str) -> bytes:
        try:
            return self.on_disk.read(path)
        except FileNotFoundError:
            return self._left_out(path)

    def expect(self, paths: Sequence[str]) -> None:
        self.in_index.expect([path for path in paths if path in self.left_out])

    def is_directory(self, path: str) -> bool:
        return self.on_disk.is_directory(path)

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        return ignored_by_files(self.root, self._read_gitignore, self.on_disk.gitignores, paths)

    def _read_gitignore(self, path: str) -> bytes:
        try:
            return self.on_disk.read_gitignore(path)
        except FileNotFoundError:
            return self._left_out(path)

    def _left_out(self, path: str) -> bytes:
        if path not in self.left_out:
            raise FileNotFoundError(path)
        return self.in_index.read(path)


class Blobs(Protocol):
    """Objects of git by their names, such as `HEAD:README.md`; `root` is the top of their repository."""

    @property
    def root(self) -> Path: ...

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if it is not a file."""

    def expect(self, names: Iterable[str]) -> None:
        """Prepares to read these objects in this order."""


class Copies(Protocol):
    """Contents of objects of git that are elsewhere too, where it takes less time to read them."""

    def expect(self, paths: Sequence[str]) -> None:
        """Prepares to read these files."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, if it is known without git."""


class ObjectFiles(Record):
    """Contents in git: of the tree of this name, or of the index without one."""

    blobs: Blobs
    tree: str
    gitignores: Sequence[str]
    links: Collection[str] = ()
    lists: Callable[[str], bool] = lambda path: False  # whether a path is a file of the tree
    absent: Collection[str] = ()  # paths that are not files of the tree, although git has a content for them
    copies: Copies | None = None

    @property
    def root(self) -> Path:
        return self.blobs.root

    def read(self, path: str) -> bytes:
        if path in self.links:
            raise TreeError(
                f"{quote(path)} is a symbolic link; links are not followed in the index or a revision"
            )
        data = None if path in self.absent else self._content(path)
        if data is None and self.lists(path):
            raise Unread({quote(path): NO_OBJECT})
        if data is None:
            raise FileNotFoundError(path)
        return data

    def _content(self, path: str) -> bytes | None:
        data = self.copies.read(path) if self.copies else None
        return self.blobs.read(self._name(path)) if data is None else data

    def expect(self, paths: Sequence[str]) -> None:
        if self.copies:
            self.copies.expect(paths)
        self.blobs.expect(self._name(path) for path in paths if path not in self.links)

    def _name(self, path: str) -> str:
        return f"{self.tree}:{path}" if self.tree else f":0:{path}"

    def is_directory(self, path: str) -> bool:
        return False  # git does not store empty directories

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        files = [path for path in self.gitignores if path not in self.links]
        return ignored_by_files(self.root, self.read, files, paths)


# Without O_NONBLOCK, opening a FIFO would block forever.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # 0 on Windows, where more than links lead elsewhere


def read_file(root: Path, path: str, directories: dict[str, str] | None = None) -> bytes:
    """The content of a regular file below `root`. `directories` keeps the real paths of directories.

    Raises `FileNotFoundError`, `Unread` if it cannot be opened or read, and `TreeError` if it is not a
    file, leads out of `root` or is too large.
    """
    try:
        handle = _opened(root, path, {} if directories is None else directories)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                what = "a directory, not a file" if stat.S_ISDIR(status.st_mode) else "not a regular file"
                raise TreeError(f"{quote(path)} is {what}")
            if status.st_size > MOST_BYTES:
                raise TreeError(f"{quote(path)} is larger than {MOST_BYTES >> 20} MiB")
            return _content(handle, status.st_size)
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except IsADirectoryError:
        raise TreeError(f"{quote(path)} is a directory, not a file") from None
    except ValueError as error:
        raise TreeError(f"cannot read {quote(path)}: {error}") from None
    except OSError as error:
        if error.errno == errno.ELOOP:  # a broken link
            raise TreeError(f"cannot read {quote(path)}: {error.strerror}") from None
        raise Unread({quote(path): reason_of(error)}) from None


def _content(handle: int, size: int) -> bytes:
    """All bytes that can be read from the descriptor of a file that had `size` bytes."""
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while parts[-1] and sum(map(len, parts)) != size:
        parts.append(os.read(handle, size + 1))
    return b"".join(parts)


def _opened(root: Path, path: str, directories: dict[str, str]) -> int:
    """A descriptor of a file below `root`. Raises `TreeError` for a path that leads out of it."""
    above, _, name = path.rpartition("/")
    directory = directories.get(above)
    if directory is None:
        directory = directories[above] = _real_directory(root, above, directories)
    place = directory + name
    top = directories[""]
    if _NO_LINK and place.startswith(top):
        try:
            return os.open(place, _READING | _NO_LINK)
        except OSError:  # a link, or an error that the next attempt raises again
            pass
    real = os.path.realpath(place) if stat.S_ISLNK(os.lstat(place).st_mode) else place
    if not real.startswith(top) and os.path.commonpath([real, top]) != os.path.commonpath([top]):
        raise TreeError(f"{quote(path)} is a link that leads out of the repository; put a file there")
    return os.open(real, _READING)


def _real_directory(root: Path, path: str, directories: dict[str, str]) -> str:
    """The path of a directory below `root` with all links resolved, and a separator at its end.

    Each directory above it is examined once.
    """
    if "" not in directories:
        directories[""] = _ended(os.path.realpath(root))
    below = []
    while path not in directories:
        above, _, name = path.rpartition("/")
        if not _NO_LINK or name in ("", ".", ".."):
            directories[path] = _ended(os.path.realpath(f"{root}/{path}"))
            break
        below.append((path, name))
        path = above
    real = directories[path]
    for path, name in reversed(below):
        place = real + name
        directories[path] = real = _ended(os.path.realpath(place) if _is_link(place) else place)
    return real


def _ended(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep


def _is_link(place: str) -> bool:
    try:
        return stat.S_ISLNK(os.lstat(place).st_mode)
    except OSError:
        return False


def by_kind(top: str, directory: str) -> tuple[set[str], frozenset[str], frozenset[str]]:
    """The names in a directory ("" or ending in "/"): regular files, directories, and all others.

    All are empty if it has vanished. Links are not followed. Raises `Unread`.
    """
    try:
        with os.scandir(f"{top}/{directory}") as listing:
            entries = list(listing)
    except (FileNotFoundError, NotADirectoryError):
        return set(), frozenset(), frozenset()
    except OSError as error:
        raise Unread({f"the directory {shortened(directory or top)}": reason_of(error)}) from None
    files = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    if len(files) == len(entries):
        return files, frozenset(), frozenset()
    directories = frozenset([entry.name for entry in entries if entry.is_dir(follow_symlinks=False)])
    return files, directories, frozenset([entry.name for entry in entries]) - files - directories


def mode_of(top: str, path: str) -> int:
    """The mode of a path, without following links; 0 if it does not exist. Raises `TreeError`."""
    try:
        return os.lstat(f"{top}/{path}").st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TreeError(f"cannot access {shortened(path)}: {reason}") from None


def target_of(top: str, path: str) -> str | None:
    """The target of a symbolic link as it is written; None if it is not a link."""
    try:
        return os.readlink(f"{top}/{path}")  # noqa: PTH115 - as it is written
    except (OSError, ValueError):
        return None


def gitignores(files: Iterable[str]) -> list[str]:
    """The `.gitignore` files among paths."""
    return sorted(path for path in files if path == ".gitignore" or path.endswith("/.gitignore"))


def ignored_by_files(
    root: Path, read: Callable[[str], bytes], gitignores: Sequence[str], paths: Collection[str]
) -> frozenset[str]:
    """Those of `paths` that `.gitignore` files on the way to them ignore.

    `read` returns the content of those files; no git from the repository that contains `root` is started.
    """
    from structlint.tree.gitignore import ignored_by

    contents = {}
    unread: dict[str, str] = {}
    for file in gitignores:
        directory = file.removesuffix(".gitignore")
        if any(path.startswith(directory) for path in paths):
            try:
                contents[file] = read(file)
            except FileNotFoundError:
                continue
            except Unread as error:
                unread |= error.reasons
    if unread:
        raise Unread(unread)
    return ignored_by(contents, paths, root)
