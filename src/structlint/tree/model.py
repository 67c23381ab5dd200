"""The tree that rules read: directories and files, as git sees them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

from structlint.errors import TreeError
from structlint.text.path_groups import PathGroups, grouped
from structlint.text.paths import name_of, parent, split, steps, upwards
from structlint.text.quoting import quote
from structlint.text.records import Record

if TYPE_CHECKING:
    from pathlib import Path


class ContentSource(Protocol):
    """The source of a tree, for all data that the list of its paths does not contain.

    All paths are relative to the root of the tree, with `/`. `root` is a directory on disk in the repository
    that the tree came from, which no program is started from.
    """

    @property
    def root(self) -> Path: ...

    def read(self, path: str) -> bytes:
        """The content of a file. Raises `FileNotFoundError` or `TreeError`."""

    def expect(self, paths: Sequence[str]) -> None:
        """Prepares to read these files in this order, where that saves time. Any other may be read too."""

    def is_directory(self, path: str) -> bool:
        """Whether a directory exists here, even an empty one, which git does not track."""

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        """Those of `paths`, which need not exist, that the `.gitignore` files of the tree ignore.

        Only patterns in the repository count, not those of a user or a clone.
        """


class Directory:
    """A directory of a tree. `path` is "" for the root, else ends in "/"; names are sorted.

    structlint does not look into an `opaque` directory: a submodule, a nested repository,
    a symbolic link to a directory, a nested project.
    """

    __slots__ = ("directories", "files", "opaque", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.files: list[str] = []
        self.directories: dict[str, Directory] = {}
        self.opaque = False

    def walk(self) -> list[Directory]:
        """This directory and all directories in it, each before those in it."""
        directories = [self]
        for directory in directories:  # grows as it goes
            directories += directory.directories.values()
        return directories


class Link(Record):
    """A symbolic link: its target as written, and where it leads in the repository.

    A link that dangles, loops or leaves the repository is "broken". `leads` is the path of the directory that
    it leads to, without a trailing "/".
    """

    target: str
    kind: Literal["file", "directory", "broken"]
    leads: str = ""


class _Tree(Record):
    files: tuple[str, ...]
    source: ContentSource
    links: Mapping[str, Link] = MappingProxyType({})
    opaque: frozenset[str] = frozenset()
    untracked: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    in_git: bool = False
    left_out: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    unread: Mapping[str, str] = MappingProxyType({})
    repositories: frozenset[str] = frozenset()
    undeclared: frozenset[str] = frozenset()
    whole: Tree | None = None
    excluded: frozenset[str] = frozenset()


class Tree(_Tree):
    """The files of a repository, all paths relative to its root, sorted, with `/`.

    `files` has every path that is not a directory, symbolic links too. `links` maps each symbolic link to its
    target. `opaque` has the directories (with a trailing "/") that structlint does not look into. `untracked`
    are files that git does not track, `ignored` are tracked ones that its patterns match; without git both
    are empty and `in_git` is false. `left_out` has the directories with excluded contents: they exist,
    whatever else they contain. `absent` are files that a sparse checkout leaves out. `notes` are remarks for
    the user on how the tree was read. `unread` are files with ignore patterns that cannot be read, with the
    reasons; `ignored` may then be incomplete. `repositories` are the opaque directories that are submodules
    or nested repositories, `undeclared` the submodules that `.gitmodules` does not declare. `whole` is this
    tree without the effect of `closing`. Names that are not UTF-8 have surrogates, as in `os.fsdecode`.
    """

    @cached_property
    def root(self) -> Directory:
        """The root directory, with everything below it."""
        return build_directories(group_by_directory(self.files), self.opaque, self.linked_directories)

    @cached_property
    def linked_directories(self) -> frozenset[str]:
        """The symbolic links to a directory of the repository, each with a trailing "/"."""
        return frozenset(f"{path}/" for path, link in self.links.items() if link.kind == "directory")

    @cached_property
    def file_groups(self) -> PathGroups:
        """The files by their directories."""
        held: dict[str, Collection[str]] = {directory.path: directory.files for directory in self.root.walk()}
        for path in self.linked_directories:
            above, name = split(path[:-1])
            held[above] = [*held[above], name]
        return PathGroups(held)

    @cached_property
    def groups(self) -> PathGroups:
        """The files and the opaque directories by the directories that they are in."""
        opaque = dict.fromkeys(sorted(self.opaque), ())
        return PathGroups({**self.file_groups.held, **opaque}, opaque.keys())

    @cached_property
    def left_out_groups(self) -> PathGroups:
        """The directories with excluded contents, by the directories that they are in."""
        return grouped(sorted(self.left_out))

    def has_directory(self, path: str) -> bool:
        """Whether there is a directory, with a trailing "/"; "/" is the root."""
        steps = path.strip("/").split("/") if path.strip("/") else []
        directory: Directory | None = self.root
        for step in steps:
            directory = directory.directories.get(step) if directory else None
        return directory is not None

    def link_above(self, path: str) -> str:
        """The link to a directory that a path is below, or is itself (with its "/"); "" if there is none."""
        return next((above for above in upwards(path) if above in self.linked_directories), "")

    def target(self, path: str) -> Directory | None:
        """The directory that a link at `path` (with its "/") leads to.

        None if there is no such link, or if the target is opaque.
        """
        link = self.links.get(path[:-1]) if self.links else None
        if link is None or link.kind != "directory":
            return None
        directory = self.root
        for step in steps(link.leads):
            if directory.opaque:
                return None
            excluded = Directory(f"{directory.path}{step}/")  # or everything in it
            directory = directory.directories.get(step, excluded)
        return None if directory.opaque else directory

    def is_broken_link(self, path: str) -> bool:
        """Whether there is a broken symbolic link at `path`, which may end in "/"."""
        link = self.links.get(path.rstrip("/")) if self.links else None
        return link is not None and link.kind == "broken"

    def read(self, path: str) -> bytes:
        """The content of a file. Raises `FileNotFoundError` or `TreeError`.

        A link is followed to files of the tree, but not to ignored files or git's own data: these are not
        checked, and a message may quote what is read here.
        """
        content = self.source.read(path)
        if self.links and self.is_broken_link(path):
            target = quote(self.links[path].target)
            problem = f"{quote(path)} is a link to {target}, which is not a file of the repository"
            raise TreeError(f"{problem}; put a file in its place")
        return content

    def below(self, directory: str) -> Tree:
        """The tree of one directory of this one (with its trailing "/"), as a tree of its own."""
        cut = len(directory)

        def inside(paths: Iterable[str]) -> Iterable[str]:
            return (path[cut:] for path in paths if path.startswith(directory) and path != directory)

        return self._replace(
            files=tuple(inside(self.files)),
            source=Below(self.source, directory),
            links={path[cut:]: link for path, link in self.links.items() if path.startswith(directory)},
            opaque=frozenset(inside(self.opaque)),
            repositories=frozenset(inside(self.repositories)),
            undeclared=frozenset(inside(self.undeclared)),
            untracked=frozenset(inside(self.untracked)),
            ignored=frozenset(inside(self.ignored)),
            left_out=frozenset(inside(self.left_out)),
            absent=frozenset(inside(self.absent)),
        )

    def without(self, paths: Iterable[str]) -> Tree:
        """This tree without some of its files and opaque directories."""
        gone = {*paths}
        return self._replace(
            left_out=self.left_out | {above for path in gone for above in _directories_above(path)},
            files=tuple(path for path in self.files if path not in gone),
            links={path: link for path, link in self.links.items() if path not in gone},
            opaque=self.opaque - gone,
            untracked=self.untracked - gone,
            ignored=self.ignored - gone,
            excluded=self.excluded | gone,
        )

    def closing(self, directories: Collection[str]) -> Tree:
        """This tree with these directories (each with a trailing "/") made opaque."""
        if not directories:
            return self
        inside = tuple(directories)
        left = self.without(path for path in (*self.files, *self.opaque) if path.startswith(inside))
        opaque = left.opaque | frozenset(directories)
        return left._replace(opaque=opaque, whole=self, excluded=self.excluded, left_out=self.left_out)


def holds(names: Sequence[str], name: str) -> bool:
    """Whether a name is in a sorted sequence."""
    at = bisect_left(names, name)
    return at < len(names) and names[at] == name


def holds_below(paths: Sequence[str], directory: str) -> bool:
    """Whether a sorted sequence has a path below a directory (with its "/")."""
    at = bisect_left(paths, directory)
    return at < len(paths) and paths[at].startswith(directory)


def group_by_directory(paths: Iterable[str]) -> dict[str, list[str]]:
    """The names of files by the directory they are in ("" or with a trailing "/"), in the order of `paths`.

    Equal names are one string.
    """
    held: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    at, names = None, []
    for path in paths:
        above, slash, name = path.rpartition("/")
        if above != at:
            at, names = above, held.setdefault(above + slash, [])
        names.append(known.setdefault(name, name))
    return held


def build_directories(
    held: Mapping[str, list[str]], opaque: Iterable[str], linked: Collection[str] = ()
) -> Directory:
    """The root directory of a tree of these names, sorted in each directory; it keeps the lists.

    `opaque` and `linked` are its opaque directories; links are among the names.
    """
    root = Directory("")
    known = {"": root}
    for path in sorted({*opaque, *linked}):
        _directory(known, path).opaque = True
    for path, names in held.items():
        _directory(known, path).files = names
    for path in linked:
        known[parent(path)].files.remove(name_of(path))
    for directory in known.values():
        if len(directory.directories) > 1:
            directory.directories = dict(sorted(directory.directories.items()))
    return root


def resolve_links(files: Iterable[str], opaque: Iterable[str], targets: Mapping[str, str]) -> dict[str, Link]:
    """The resolved symbolic links of a tree; `targets` are the links as written."""
    if not targets:
        return {}
    entries = {path.rstrip("/") for path in files} | {path.rstrip("/") for path in opaque}
    directories = {""} | {path.rstrip("/") for path in opaque}
    for path in entries:
        while (path := path.rpartition("/")[0]) not in directories:
            directories.add(path)

    def link(path: str) -> Link:
        stands_for = _followed(path, targets)
        if stands_for in directories:
            return Link(targets[path], "directory", stands_for or "")
        return Link(targets[path], "file" if stands_for in entries else "broken")

    return {path: link(path) for path in targets}


def _followed(path: str, targets: Mapping[str, str]) -> str | None:
    """The path that a link leads to; None if it leaves the tree or is a loop."""
    ahead = path.split("/")[::-1]
    at: list[str] = []
    hops = 0
    while ahead:
        step = ahead.pop()
        if step == ".." and not at:
            return None
        if step == "..":
            at.pop()
        elif step not in ("", "."):
            at.append(step)
        target = targets.get("/".join(at)) if step not in ("", ".", "..") else None
        if target is not None:
            hops += 1
            if hops > 40 or target.startswith("/"):  # 40 is where Linux gives up
                return None
            at.pop()
            ahead += target.split("/")[::-1]
    return "/".join(at)


class Below(Record):
    """The source of a tree that is part of another."""

    source: ContentSource
    directory: str

    @property
    def root(self) -> Path:
        return self.source.root

    def read(self, path: str) -> bytes:
        return self.source.read(self.directory + path)

    def expect(self, paths: Sequence[str]) -> None:
        self.source.expect([self.directory + path for path in paths])

    def is_directory(self, path: str) -> bool:
        return self.source.is_directory(self.directory + path)

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        ignored = self.source.would_ignore([self.directory + path for path in paths])
        return frozenset(path[len(self.directory) :] for path in ignored)


def _directories_above(path: str) -> Iterator[str]:
    """The directories that contain a path, and itself if it is one, each with its "/", without the root."""
    return (path[: at + 1] for at, letter in enumerate(path) if letter == "/")


def _directory(known: dict[str, Directory], path: str) -> Directory:
    """The directory at `path`, made with its parents if `known` does not have it yet."""
    missing = []
    while path not in known:
        missing.append(path)
        path = parent(path)
    directory = known[path]
    for path in reversed(missing):
        name = path[len(directory.path) : -1]
        directory.directories[name] = known[path] = Directory(path)
        directory = known[path]
    return directory
