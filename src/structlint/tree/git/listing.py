"""Lists of paths from git, compared with the files on disk."""

from __future__ import annotations

import signal
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from structlint.errors import TreeError, Unread
from structlint.filesystem import memory_file
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks
from structlint.tree.git_process import LINK, SUBMODULE, decode, limit_to, records, stop
from structlint.tree.model import Below
from structlint.tree.sources import by_kind, mode_of
from structlint.tree.unread import IGNORING

if TYPE_CHECKING:
    import subprocess

    from structlint.tree.git.repository import Repository
    from structlint.tree.model import ContentSource

_GIT = ".git"
_BLOCK = 1 << 20  # bytes of a list of paths
# The names of an empty file and of an empty tree, in each format of names.
EMPTY = (
    ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
    (
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
    ),
)


def list_tracked(repository: Repository, out: bytes, prefix: str) -> GitListing:
    """The tracked files. `out` has the paths with tags.

    Their entries in the index are listed only if a file may not exist on disk.
    """
    _refuse_damage(out)
    text = decode(out)
    paths = text[2:-1].split("\0H ")
    ordinary = text.startswith("H ") and text.count("\0") == len(paths)
    if not ordinary:  # a path may have several stages
        paths = list(dict.fromkeys(record[2:] for record in records(out)))
    listed = GitListing([path[len(prefix) :] for path in paths] if prefix else paths)
    if paths and not ordinary:
        entries = repository.git("ls-files", "-z", "-t", "-s", "-c", *limit_to(prefix))
        listed.add_details(entries, prefix, len(paths))
    if not text.isascii():
        listed.files.sort()  # git sorts bytes
    return listed


def _refuse_damage(listed: bytes) -> None:
    """Raises `TreeError` if a path ends in a slash: git reads zeros as "./", but never writes such a path."""
    if b"/\0" in listed:
        record = next(record for record in records(listed) if record.endswith("/"))
        name = record.partition("\t")[2] or record[2:]  # with its details, or only with its tag
        remedy = "delete the file `index` in the git directory, and run `git reset`"
        raise TreeError(f"git's index is damaged: it lists {in_backticks(name)} as a file; {remedy}")


def list_index(query: GitQuery, prefix: str) -> GitListing:
    """The entries of the index. `query` asks for them with their tags, modes and objects."""
    listed = GitListing()
    for block in query.blocks():
        _refuse_damage(block)
        entries = records(block)
        paths = [entry.partition("\t")[2] for entry in entries]
        paths = [path[len(prefix) :] for path in paths] if prefix else paths
        listed.files += paths
        listed.add_details(block, prefix, len(paths))
        listed.add_empty(block, entries, paths)
    if listed.unmerged:  # each has several stages
        listed.files = list(dict.fromkeys(listed.files))
    return listed


class GitQuery:
    """A list of paths that git writes in the background.

    git would block on a pipe, which holds about 64 KiB, so it writes to a file in memory if the system has
    them. `ends` ends git if its answer is not needed.
    """

    def __init__(
        self,
        repository: Repository,
        ends: ExitStack,
        *arguments: str,
        more: Mapping[str, str] = MappingProxyType({}),
        command: str = "ls-files",
    ) -> None:
        self.repository = repository
        self.ends = ends
        self.arguments = [command, "-z", *arguments]
        self.more = more
        self.file: BinaryIO | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, *within: str) -> None:
        """Starts git, once. Raises `TreeError`."""
        if self.process is None:
            self.arguments += within
            self.file = _in_memory(self.ends)
            self.process = self.repository.start(*self.arguments, more=self.more, out=self.file)
            self.ends.callback(stop, self.process)

    def answer(self, unread: dict[str, str] | None = None) -> bytes:
        """The paths; none if git was not started. For `unread` see `Repository.answer`.

        Raises `TreeError`.
        """
        return b"".join(self.blocks(unread))

    def blocks(self, unread: dict[str, str] | None = None) -> Iterator[bytes]:
        """The answer in parts that end with a path, so that a long one is never in memory as a whole."""
        if self.process is None:
            return
        try:
            out = self.repository.answer(self.process, unread=unread)
        except TreeError:
            if self.process.returncode != -getattr(signal, "SIGXFSZ", 0):
                raise
            # Files may not become so large here; a pipe has no limit.
            again = self.repository.start(*self.arguments, more=self.more)
            yield self.repository.answer(again, unread=unread)
            return
        if not self.file:
            yield out
            return
        self.file.seek(0)
        rest = b""
        while block := self.file.read(_BLOCK):
            block = rest + block
            end = block.rfind(b"\0") + 1
            yield block[:end]
            rest = block[end:]
        if rest:
            yield rest


def _in_memory(ends: ExitStack) -> BinaryIO | None:
    """A file in memory, None if the system has none."""
    file = memory_file()
    return ends.enter_context(file) if file else None


class GitListing:
    """The paths that git lists, sorted by kind and relative to the prefix.

    `links` has the objects of links, "" for a link that is not one in the index.
    """

    def __init__(self, files: list[str] | None = None) -> None:
        self.files = files or []
        self.opaque: set[str] = set()
        self.untracked: set[str] = set()
        self.links: dict[str, str] = {}
        self.skipped: set[str] = set()
        self.modules: set[str] = set()
        self.no_modules: set[str] = set()  # not an ordinary file in at least one of its stages
        self.unmerged = False
        self.empty: set[str] = set()
        self.empty_tree = ""

    def add_details(self, out: bytes, prefix: str, number: int) -> None:
        """Adds the entries of `git ls-files -z -t -s` that are not ordinary files, of so many entries."""
        if out.startswith(b"H 100") and out.count(b"\0H 100") == number - 1:
            return  # nearly all; parsing each would take 8 % of the check
        for record in records(out):
            if not record.startswith("H 100"):
                meta, _, path = record.partition("\t")
                self.add_detail(record[0], meta[2:8], meta[9:].partition(" ")[0], path[len(prefix) :])

    def add_detail(self, tag: str, mode: str, name: str, path: str) -> None:
        if tag == "S":
            self.skipped.add(path)
        self.unmerged |= tag == "M"
        (self.modules if mode == SUBMODULE else self.no_modules).add(path)
        if mode == LINK:
            self.links[path] = name

    def add_empty(self, out: bytes, entries: Sequence[str], paths: Sequence[str]) -> None:
        """Adds those of the entries, which `out` contains with their objects, that are empty files."""
        for file, tree in EMPTY:
            ending = f" {file} 0"
            if f"{ending}\t".encode() in out:
                self.empty_tree = tree
                both = zip(entries, paths, strict=True)
                self.empty.update(p for entry, p in both if entry.partition("\t")[0].endswith(ending))

    def remove(self, paths: Collection[str]) -> None:
        """Removes paths that do not exist in the tree."""
        self.files = [path for path in self.files if path not in paths]
        self.links = {path: name for path, name in self.links.items() if path not in paths}

    def close(self, modules: Set[str]) -> None:
        """Makes submodules opaque directories; one with a merge conflict may be a file too."""
        self.opaque.update(f"{path}/" for path in modules)
        if gone := modules - self.no_modules:
            self.files = [path for path in self.files if path not in gone]

    def compare_with(self, disk: DiskListing) -> list[str]:
        """Removes tracked files that no longer exist as files, and finds those that are now links.

        git reports a missing file, but not that a directory, a pipe or a link has replaced it. Returns the
        files that are now directories; they are submodules if the modes in the index are unknown.
        """
        self.close(self.modules & self.skipped)
        gone = []
        directories = []
        for path, mode in _no_files(disk, self.skipped):
            if stat.S_ISLNK(mode):
                self.links.setdefault(path, "")
            elif not stat.S_ISREG(mode):
                gone.append(path)
                if stat.S_ISDIR(mode):
                    directories.append(path)
        if gone:
            self.links = {path: name for path, name in self.links.items() if path not in gone}
            self.files = sorted({*self.files}.difference(gone))
        return directories

    def add_untracked(self, paths: Iterable[str]) -> None:
        """Adds the untracked files."""
        for path in paths:
            if path.endswith("/"):
                self.opaque.add(path)
            else:
                self.untracked.add(path)
        if self.untracked:
            self.files = sorted({*self.files, *self.untracked})


def _no_files(disk: DiskListing, skipped: Collection[str]) -> Iterator[tuple[str, int]]:
    """The tracked paths that their directory does not list as regular files, and their modes.

    `skipped` paths are left out.
    """
    for directory, names in disk.held.items():
        left: Iterable[str] = names
        if disk.has(directory):
            files = disk.take_files(directory)
            if files.issuperset(names):
                continue
            left = [name for name in names if name not in files]
        paths = [directory + name for name in left if directory + name not in skipped]
        # On a file system that ignores case or Unicode forms, the name may exist in another spelling.
        yield from ((path, disk.mode(path) if disk.has(directory) else 0) for path in paths)


class DiskListing:
    """The contents of directories with tracked files, each listed once.

    `held` has the tracked names by directory; paths of directories are "" or end in "/".
    """

    def __init__(self, top: str, held: Mapping[str, list[str]]) -> None:
        self.top = top
        self.held = held
        self._there = {"": True}
        self._files: dict[str, set[str]] = {}  # until they are taken
        self._directories: dict[str, frozenset[str]] = {}
        self._strange: list[str] = []
        self.ignoring: list[str] = []  # the directories with an entry named `.gitignore`
        self.unread: dict[str, str] = {}  # the directories that cannot be read, and why
        self.shut: set[str] = set()

    def has(self, directory: str) -> bool:
        """Whether a directory exists, without a link on the way."""
        waiting = []
        while directory not in self._there:
            waiting.append(directory)
            directory = parent(directory)
        for below in reversed(waiting):
            self._there[below] = self._there[directory] and self._has(directory, below[len(directory) : -1])
            directory = below
        return self._there[directory]

    def _has(self, above: str, name: str) -> bool:
        self._list(above)
        return name in self._directories[above] or stat.S_ISDIR(self.mode(above + name))

    def take_files(self, directory: str) -> set[str]:
        """The names of the regular files in a directory; they are not kept. Raises `TreeError`."""
        self._list(directory)
        return self._files.pop(directory)

    def mode(self, path: str) -> int:
        """The mode of a path; 0 if it does not exist or its directory cannot be read."""
        return 0 if path[: path.rfind("/") + 1] in self.shut else mode_of(self.top, path)

    def strangers(self) -> list[str]:
        """The untracked paths, after all files were taken; of directories, the topmost."""
        self._list("")  # not taken, because nothing in it is tracked
        return self._strange + [
            above + name
            for above, names in self._directories.items()
            for name in names
            if f"{above}{name}/" not in self._there and name != _GIT
        ]

    def _list(self, directory: str) -> None:
        if directory in self._directories:
            return
        try:
            files, directories, others = by_kind(self.top, directory)
        except Unread as error:
            self.unread.update(error.reasons)
            self.shut.add(directory)
            files, directories, others = set(), frozenset(), frozenset()
        if IGNORING in files or IGNORING in others or IGNORING in directories:
            self.ignoring.append(directory)
        self._files[directory], self._directories[directory] = files, directories
        names = self.held.get(directory, ())
        if others or len(files) != len(names) or not files.issuperset(names):
            known = {*names, _GIT}
            self._strange += [directory + name for name in (*files, *others) if name not in known]


def source_below(source: ContentSource, prefix: str) -> ContentSource:
    return Below(source, prefix) if prefix else source


def gitignore_files(held: Mapping[str, list[str]], prefix: str) -> tuple[str, ...]:
    """The `.gitignore` files that apply to the directory at the prefix: those in it and above it."""
    steps = prefix.split("/")[:-1]
    above = ("/".join([*steps[:number], IGNORING]) for number in range(len(steps)))
    inside = sorted(directory + IGNORING for directory, names in held.items() if IGNORING in names)
    return (*above, *(prefix + path for path in inside))
