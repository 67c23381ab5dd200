"""Does, undoes and recognizes the individual operations of a fix."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from structlint.errors import CannotFix
from structlint.filesystem import is_case_only
from structlint.text.paths import is_in, split
from structlint.text.quoting import quote

if TYPE_CHECKING:
    from structlint.filesystem import OpenDirectory

_KEPT = 50  # characters of a name that go into the temporary one, so that it is not too long
Kind = Literal["directory", "file", "link", "other"]


@dataclass(frozen=True, slots=True)
class MakeDirectory:
    """Makes a directory."""

    path: str


@dataclass(frozen=True, slots=True)
class RemoveDirectory:
    """Removes an empty directory."""

    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class Write:
    """Writes a new file."""

    path: str
    content: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    """Replaces the content of a file."""

    path: str
    before: bytes
    after: bytes
    mode: int
    modified: int


@dataclass(frozen=True, slots=True)
class Rename:
    """Renames a file, link or directory. `state` identifies it, so that another one is not renamed."""

    source: str
    target: str
    kind: Kind
    state: tuple[int, int, int, int]


Operation: TypeAlias = "MakeDirectory | RemoveDirectory | Write | Replace | Rename"


def beside(path: str) -> str:
    """The temporary path to write a file to first, so that the file itself is never incomplete."""
    above, name = split(path)
    return f"{above}.{name[:_KEPT]}.structlint"


def state_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """The device, inode, size and modification time of a file; only the first two for a directory."""
    if stat.S_ISDIR(status.st_mode):
        return status.st_dev, status.st_ino, 0, 0
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def subject_of(operation: Operation) -> str:
    return operation.source if isinstance(operation, Rename) else operation.path


def carry_out(tree: OpenDirectory, operation: Operation) -> None:
    match operation:
        case MakeDirectory(path):
            tree.make_directory(path)
        case RemoveDirectory(path, _):
            tree.remove_directory(path)
        case Write(path, content, executable):
            tree.put(beside(path), content, new=0o777 if executable else 0o666)
            tree.rename_file(beside(path), path)
        case Replace(path, before, content, mode, _):
            if tree.read(path) != before:
                raise CannotFix("it has changed since the plan was made")
            _exchange(tree, path, content, mode)
        case Rename(source, target, kind, state):
            _rename(tree, source, target, kind, state)


def _exchange(tree: OpenDirectory, path: str, content: bytes, mode: int, modified: int | None = None) -> None:
    """Replaces the content of a file completely or not at all."""
    tree.put(beside(path), content, mode, modified)
    tree.move(beside(path), path)


def _rename(
    tree: OpenDirectory, source: str, target: str, kind: str, state: tuple[int, int, int, int]
) -> None:
    status = tree.status(source)
    if status is None:
        raise CannotFix("it no longer exists")
    if state[1] and state_of(status) != state:
        raise CannotFix("it has changed since the plan was made")
    if kind != "directory":
        tree.rename_file(source, target)
        return
    try:
        tree.rename_directory(source, target)
    except FileExistsError:
        raise CannotFix(f"{quote(target)} exists now") from None


def is_done(tree: OpenDirectory, operation: Operation) -> bool:
    """Whether an operation that was interrupted is complete."""
    match operation:
        case MakeDirectory(path):
            return tree.is_directory(path)
        case RemoveDirectory(path, _):
            return tree.status(path) is None
        case Write(path, content, _):
            return tree.read(path) == content and tree.status(beside(path)) is None
        case Replace(path, _, content, _, _):
            return tree.read(path) == content and tree.status(beside(path)) is None
        case Rename(source, target, _, _):
            return tree.status(source) is None and tree.status(target) is not None


def is_half_done(tree: OpenDirectory, operation: Operation) -> bool:
    match operation:
        case Write(path, _, _) | Replace(path, _, _, _, _):
            return tree.status(beside(path)) is not None
        case Rename(source, target, _, _):
            return tree.is_same(source, target) and not is_case_only(source, target)
    return False


def take_back(tree: OpenDirectory, operation: Operation) -> None:
    match operation:
        case MakeDirectory(path):
            if tree.is_directory(path):
                tree.remove_directory(path, if_empty=True)  # files that were added since stay
        case RemoveDirectory(path, mode):
            if tree.status(path) is None:
                tree.make_directory(path, mode)
                tree.set_mode(path, mode)
        case Write(path, content, _):
            tree.remove_file(beside(path))
            if tree.read(path) == content:
                tree.remove_file(path)
        case Replace(path, before, _, mode, modified):
            tree.remove_file(beside(path))
            if tree.read(path) != before:
                _exchange(tree, path, before, mode, modified)
        case Rename(source, target, kind, _):
            if tree.status(target) is None:
                return
            if kind == "directory":
                _rename(tree, target, source, kind, (0, 0, 0, 0))
            else:
                tree.rename_file(target, source)


def changed_since(tree: OpenDirectory, operation: Operation, later: Sequence[Operation]) -> str:
    """The reason why an operation cannot be undone; "" if it can. The `later` ones are done too."""
    path = _now(operation.target if isinstance(operation, Rename) else operation.path, later)
    if path is None:
        return ""
    match operation:
        case Write(_, content, _) | Replace(_, _, content, _, _):
            if any(isinstance(operation, Replace) and operation.path == path for operation in later):
                return ""
            current = tree.read(path)
            unfinished = tree.status(beside(path)) is not None
            if current != content and not unfinished:
                return f"{quote(path)} has been changed since"
        case Rename(source, _, _, _):
            there = tree.status(source)
            if there is not None and not _taken(source, later) and not tree.is_same(source, path):
                return f"{quote(source)} exists again"
            if tree.status(path) is None:
                return f"{quote(path)} no longer exists"
    return ""


def _now(path: str, later: Sequence[Operation]) -> str | None:
    """The path of a file or directory after later operations; None if one of them has removed it."""
    for operation in later:
        if isinstance(operation, RemoveDirectory) and operation.path == path:
            return None
        if isinstance(operation, Rename) and is_in(path, operation.source):
            path = operation.target + path[len(operation.source) :]
    return path


def _taken(path: str, later: Sequence[Operation]) -> bool:
    """Whether a later operation has created something at, above or below a path."""
    made = [operation.target if isinstance(operation, Rename) else operation.path for operation in later]
    return any(is_in(other, path) or is_in(path, other) for other in made)
