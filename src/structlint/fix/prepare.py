"""Converts steps to operations, and checks all of them against the disk."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.edits.steps import Create, Move, Rewrite, Untrack
from structlint.filesystem import is_git_name
from structlint.fix.operations import MakeDirectory, RemoveDirectory, Rename, Replace, Write, beside, state_of
from structlint.text.paths import ancestors, is_in, name_of
from structlint.text.quoting import in_backticks, quote

if TYPE_CHECKING:
    from structlint.edits.steps import Step
    from structlint.fix.operations import Kind, Operation

_LONGEST = 255  # bytes of a name: what every common file system allows


@dataclass
class _Node:
    """A future file or directory, and its current path ("" if it does not exist yet)."""

    kind: Kind
    now: str = ""
    children: dict[str, _Node] | None = None


def operations(
    root: Path, steps: Iterable[Step], submodules: frozenset[str] = frozenset()
) -> tuple[list[Operation], list[str]]:
    """The operations for some steps, and the first obstacle to each step. Nothing is changed.

    Paths are relative to `root`. `submodules` has those in git's index, because a submodule that is not
    fetched is an empty directory on disk, or does not exist.
    """
    foreseen = _Foreseen(root, submodules)
    for step in steps:
        foreseen.add(step)
    return foreseen.operations, foreseen.problems


def retraced(
    root: Path, numbered: Iterable[tuple[int, Operation]], submodules: frozenset[str], *, back: bool = False
) -> list[tuple[int, str]]:
    """The reasons why operations of a journal are refused, each with the number of the operation.

    The operations are done in the given order or, with `back`, undone. An operation is refused if its path
    contains a link or is in another repository. It is not refused if a file has since changed or been
    removed, because the operation itself detects that, and nothing is lost.
    """
    foreseen = _Foreseen(root, submodules)
    problems = []
    for number, operation in numbered:
        try:
            foreseen.retrace(operation, back=back)
        except _Gone:
            continue
        except _Wrong as wrong:
            problems.append((number, str(wrong)))
    return problems


@dataclass
class _Foreseen:
    """The future directories, read from disk when needed."""

    root: Path
    submodules: frozenset[str]
    top: _Node = field(default_factory=lambda: _Node("directory", "."))
    operations: list[Operation] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, step: Step) -> None:
        try:
            match step:
                case Create(path, content, executable):
                    self.create(path, content, executable)
                case Rewrite(path, before, content):
                    self.rewrite(path, before, content)
                case Move(source, target):
                    self.move(source.rstrip("/"), target.rstrip("/"), directory=source.endswith("/"))
                case Untrack():
                    pass  # concerns git's index only
        except _Wrong as wrong:
            self.problems.append(str(wrong))

    def create(self, path: str, content: bytes, executable: bool) -> None:
        _refuse_bad(path)
        parent, name = self.parent(path, make=True)
        self.refuse_taken(parent, name, path)
        self.refuse_unfinished(parent, path)
        self.children(parent)[name] = _Node("file")
        self.operations.append(Write(path, content, executable))

    def rewrite(self, path: str, before: bytes, content: bytes) -> None:
        parent, name = self.parent(path)
        node = self.children(parent).get(name)
        if node is None or node.kind != "file":
            raise _Wrong(f"{quote(path)} is not a regular file and cannot be rewritten")
        self.refuse_unfinished(parent, path)
        place = self.root / node.now
        status = place.stat()
        if place.read_bytes() != before:
            raise _Wrong(f"{quote(path)} has changed since it was read")
        self.operations.append(
            Replace(path, before, content, stat.S_IMODE(status.st_mode), status.st_mtime_ns)
        )

    def move(self, source: str, target: str, *, directory: bool) -> None:
        _refuse_bad(target)
        if any(map(is_git_name, source.split("/"))):
            raise _Wrong(f"{quote(source)} belongs to git")
        if is_in(target, source):
            raise _Wrong(f"{quote(source)} cannot be moved into itself")
        parent, name = self.parent(source)
        node = self.children(parent).get(name)
        if node is None:
            raise _Wrong(f"{quote(source)} does not exist")
        if node.kind == "other":
            raise _Wrong(f"{quote(source)} is not a file, link or directory")
        if directory != (node.kind == "directory"):
            raise _Wrong(f"{quote(source)} is {'not ' * directory}a directory")
        if repository := self.repository_in(node):
            raise _Wrong(
                f"{quote(source)} contains a separate repository ({quote(repository)}); move it by hand"
            )
        state = self.state(node)
        home, called = self.parent(target, make=True)
        self.refuse_taken(home, called, target, but=name if home is parent else "")
        self.refuse_other_device(home, state, target)
        del self.children(parent)[name]
        self.children(home)[called] = node
        self.operations.append(Rename(source, target, node.kind, state))
        self.remove_empty(source)

    def retrace(self, operation: Operation, *, back: bool) -> None:
        """Applies an operation of a journal, or its inverse, to the future directories."""
        match operation:
            case MakeDirectory(path) | RemoveDirectory(path, _):
                names = self.siblings(path)
                if isinstance(operation, MakeDirectory) is back:
                    names.pop(name_of(path), None)
                else:
                    names.setdefault(name_of(path), _Node("directory", children={}))
            case Write(path, content, _):
                names = self.siblings(path)
                self.refuse_foreign(names, path, content)
                if back:
                    names.pop(name_of(path), None)
                else:
                    names.setdefault(name_of(path), _Node("file"))
            case Replace(path, before, after, _, _):
                names = self.siblings(path)
                self.refuse_foreign(names, path, before, after)
                names.setdefault(name_of(path), _Node("file"))
            case Rename(source, target, kind, _):
                if back:
                    source, target = target, source
                names = self.siblings(source, link=kind == "link")
                home = self.siblings(target, link=kind == "link")
                if node := names.pop(name_of(source), None):
                    if inside := self.repository_in(node):
                        raise _Wrong(f"{quote(source)} contains a separate repository ({quote(inside)})")
                    home[name_of(target)] = node

    def siblings(self, path: str, *, link: bool = False) -> dict[str, _Node]:
        """The names in the directory of a path, which must not be a symbolic link unless `link` allows it."""
        parent, name = self.parent(path)
        names = self.children(parent)
        node = names.get(name)
        if node and node.kind == "link" and not link:
            raise _Wrong(f"{quote(path)} is a symbolic link, and links are not followed")
        return names

    def repository_in(self, node: _Node) -> str:
        """The path of a repository inside a path to be moved; "" if there is none."""
        ahead = [node]
        while ahead:
            inner = ahead.pop()
            if inner.kind == "directory":
                inside = self.children(inner)
                if inner.now in self.submodules or _is_repository(inside):
                    return inner.now
                ahead += inside.values()
        return ""

    def state(self, node: _Node) -> tuple[int, int, int, int]:
        """The state that identifies it later; zeros if it does not exist yet."""
        if not node.now:
            return (0, 0, 0, 0)
        return state_of(os.lstat(self.root / node.now))

    # --- Names

    def children(self, node: _Node) -> dict[str, _Node]:
        if node.children is None:
            node.children = {}
            if node.now:
                with os.scandir(self.root / node.now) as entries:
                    for entry in entries:
                        node.children[entry.name] = _Node(
                            _kind(entry), f"{node.now}/{entry.name}".removeprefix("./")
                        )
        return node.children

    def parent(self, path: str, *, make: bool = False) -> tuple[_Node, str]:
        """The directory that contains a path, created with `make`, and the name in it."""
        *above, name = path.split("/")
        node = self.top
        for index, step in enumerate(above):
            here = "/".join(above[: index + 1])
            inside = self.children(node).get(step)
            if inside is None:
                if not make:
                    raise _Gone(f"{quote(path)} does not exist")
                self.refuse_taken(node, step, here)
                inside = self.children(node)[step] = _Node("directory", children={})
                self.operations.append(MakeDirectory(here))
            if inside.kind != "directory":
                is_link = inside.kind == "link"
                what = "a symbolic link, and links are not followed" if is_link else "not a directory"
                raise _Wrong(f"{quote(path)}: {quote(here)} is {what}")
            if here in self.submodules or _is_repository(self.children(inside)):
                raise _Wrong(f"{quote(path)} is inside {quote(here)}, which is a separate repository")
            node = inside
        return node, name

    def refuse_taken(self, parent: _Node, name: str, path: str, but: str = "") -> None:
        """Refuses a name that already exists, possibly in another case or Unicode form."""
        if path in self.submodules:
            raise _Wrong(f"{quote(path)} is a submodule, and its files are not in this repository")
        folded = _folded(name)
        for known in self.children(parent):
            if known == name:
                raise _Wrong(f"{in_backticks(path)} already exists")
            if known != but and _folded(known) == folded:
                raise _Wrong(f"{quote(path)} would collide with {quote(known)} where case is ignored")

    def refuse_unfinished(self, parent: _Node, path: str) -> None:
        """Refuses to write a file if its temporary name is taken."""
        first = beside(path)
        if name_of(first) in self.children(parent):
            raise _Wrong(f"{quote(first)} exists, but is the temporary name for {quote(path)}")

    def refuse_foreign(self, names: Mapping[str, _Node], path: str, *contents: bytes) -> None:
        """Refuses a file that has the temporary name, unless its content is the beginning of the new one.

        An interrupted fix leaves such a file; it is overwritten or removed.
        """
        first = beside(path)
        node = names.get(name_of(first))
        if node is None or not node.now:
            return
        place = self.root / node.now
        if node.kind == "file" and place.stat().st_size <= max(map(len, contents)):
            current = place.read_bytes()
            if any(content.startswith(current) for content in contents):
                return
        raise _Wrong(f"{quote(first)} exists, but was not written by this fix; move it")

    def refuse_other_device(self, home: _Node, state: tuple[int, int, int, int], target: str) -> None:
        if home.now and state[0] and os.lstat(self.root / home.now).st_dev != state[0]:
            raise _Wrong(f"{quote(target)} is on another file system; move it by hand")

    def remove_empty(self, path: str) -> None:
        """Removes directories that a move has left empty, as git does."""
        for directory in reversed(ancestors(path)):
            node, name = self.parent(directory)
            left = self.children(node)[name]
            if self.children(left):
                return
            mode = stat.S_IMODE(os.lstat(self.root / left.now).st_mode) if left.now else 0o777
            del self.children(node)[name]
            self.operations.append(RemoveDirectory(directory, mode))


class _Wrong(Exception):
    """A step is not possible."""


class _Gone(_Wrong):
    """A directory on the way does not exist."""


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "directory"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def _is_repository(names: Iterable[str]) -> bool:
    """Whether a directory with these names is the top of a repository, or a bare one."""
    known = set(names)
    return ".git" in known or {"HEAD", "objects", "refs"} <= known


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def wrong_with(path: str, *, new: bool = True) -> str:
    """The reason why a path may not be written; "" if it may. It must not lead outside or into git's data.

    A `new` path must also be portable. Another path may have any name that this system allows.
    """
    return next(_wrong_with(path, path.rstrip("/").split("/"), new), "")


def _refuse_bad(path: str) -> None:
    if wrong := wrong_with(path):
        raise _Wrong(f"{quote(path)} {wrong}")


def _wrong_with(path: str, steps: Sequence[str], new: bool) -> Iterator[str]:
    if path.startswith("/") or any(step in ("", ".", "..") for step in steps):
        yield "is not a path within the project"
    if (new or os.name == "nt") and (path.startswith("~") or path[1:2] == ":" or "\\" in path):
        yield "is not a path within the project"
    if new and any(unicodedata.category(character) in ("Cc", "Cf") for character in path):
        yield "contains a control character"
    if not _is_name(path):
        yield "is not the name of a file"
    if new and any(len(os.fsencode(step)) > _LONGEST for step in steps):
        yield f"has a name of more than {_LONGEST} bytes"
    if any(is_git_name(step) for step in steps):
        yield "belongs to git"


def _is_name(path: str) -> bool:
    """Whether this system accepts a text as a path."""
    try:
        return bool(os.fsencode(path)) and "\0" not in path
    except UnicodeEncodeError:
        return False
