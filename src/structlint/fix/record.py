"""The operations of a journal as JSON. What is read is checked like a layout, all of it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from structlint.fix.operations import MakeDirectory, Operation, RemoveDirectory, Rename, Replace, Write
from structlint.fix.prepare import wrong_with
from structlint.text.quoting import quote

_KINDS: dict[str, Callable[..., Operation]] = {
    kind.__name__: kind for kind in (MakeDirectory, RemoveDirectory, Write, Replace, Rename)
}
_MADE = (("MakeDirectory", "path"), ("Write", "path"), ("Rename", "target"))  # names that are new
_RENAMED = ("directory", "file", "link")
_LARGEST = 1 << 64


class Record(NamedTuple):
    """The operations of a fix, in order, and what it takes out of git's index, None if that stays."""

    operations: tuple[Operation, ...]
    untracked: tuple[str, ...] | None = None

    @property
    def moves(self) -> list[tuple[str, str]]:
        """What is moved, as `Repository.index_after` takes it: a directory ends in `/`."""
        renamed = (each for each in self.operations if isinstance(each, Rename))
        return [
            (f"{each.source}/", f"{each.target}/") if each.kind == "directory" else (each.source, each.target)
            for each in renamed
        ]


class Wrong(Exception):
    """What is wrong with a record: a line for each thing, with its place."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


def encoded(record: Record, contents: list[bytes]) -> bytes:
    """A record as JSON. What operations write is added to `contents`, and named by its number there."""
    index = False if record.untracked is None else {"untracked": record.untracked}
    operations = [_encoded(each, contents) for each in record.operations]
    return json.dumps({"operations": operations, "index": index}).encode()


def _encoded(operation: Operation, contents: list[bytes]) -> list[object]:
    values: list[object] = [type(operation).__name__]
    for name in operation.__dataclass_fields__:
        value = getattr(operation, name)
        if isinstance(value, bytes):
            contents.append(value)
            value = {"content": len(contents) - 1}
        values.append(value)
    return values


def read_record(data: bytes, content: Callable[[int], bytes | None]) -> Record:
    """The record that `data` holds; `content` gives what an operation writes. Raises `Wrong`."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise Wrong("it is not JSON") from None
    if not isinstance(said, dict) or said.keys() != {"operations", "index"}:
        raise Wrong("it is not a mapping with `operations` and `index`")
    if not isinstance(said["operations"], list):
        raise Wrong("`operations` is not a list")
    problems: list[str] = []
    operations: list[Operation] = []
    for number, each in enumerate(said["operations"], start=1):
        try:
            operations.append(_operation(each, content))
        except Wrong as wrong:
            problems += (f"operation {number}: {problem}" for problem in wrong.problems)
    try:
        untracked = _untracked(said["index"])
    except Wrong as wrong:
        untracked = None
        problems += (f"`index`: {problem}" for problem in wrong.problems)
    if problems:
        raise Wrong(*problems)
    record = Record(tuple(operations), untracked)
    if record.untracked is not None and not (record.untracked or record.moves):
        raise Wrong("`index`: no operation changes git's index")
    return record


def _operation(said: object, content: Callable[[int], bytes | None]) -> Operation:
    if not isinstance(said, list) or not said or not isinstance(said[0], str) or said[0] not in _KINDS:
        raise Wrong(f"it is not a list that begins with one of {', '.join(_KINDS)}")
    name, *values = said
    fields = list(_KINDS[name].__dataclass_fields__)  # type: ignore[attr-defined]
    if len(values) != len(fields):
        raise Wrong(f"{name} has {len(fields)} values ({', '.join(fields)}), not {len(values)}")
    found: list[object] = []
    problems: list[str] = []
    for field, value in zip(fields, values, strict=True):
        try:
            found.append(_value(name, field, value, content))
        except Wrong as wrong:
            problems += wrong.problems
    if problems:
        raise Wrong(*problems)
    operation = _KINDS[name](*found)
    if isinstance(operation, Rename) and f"{operation.target}/".startswith(f"{operation.source}/"):
        raise Wrong(f"{quote(operation.source)} cannot be moved into itself")  # its file would be removed
    return operation


def _value(name: str, field: str, said: Any, content: Callable[[int], bytes | None]) -> object:
    """One value of an operation, as its field takes it."""
    match field:
        case "path" | "source" | "target":
            return _path(said, new=(name, field) in _MADE)
        case "content" | "before" | "after":
            return _content(said, content)
        case "mode" if _is_number(said) and said in range(0o10000):
            return said
        case "modified" if _is_number(said):
            return said
        case "executable" if isinstance(said, bool):
            return said
        case "kind" if said in _RENAMED:
            return said
        case "state" if isinstance(said, list) and len(said) == 4 and all(map(_is_number, said)):
            return tuple(said)
    raise Wrong(f"`{field}` of {name} is not what it can be")


def _is_number(said: object) -> bool:
    return type(said) is int and abs(said) < _LARGEST


def _path(said: object, *, new: bool) -> str:
    if not isinstance(said, str):
        raise Wrong("a path is not a text")
    if wrong := wrong_with(said, new=new):
        raise Wrong(f"{quote(said)} {wrong}")
    return said


def _content(said: object, content: Callable[[int], bytes | None]) -> bytes:
    if not isinstance(said, dict) or said.keys() != {"content"} or not _is_number(said["content"]):
        raise Wrong("what it writes is not the number of a content")
    found = content(said["content"])
    if found is None:
        raise Wrong(f"there is no file content.{said['content']}")
    return found


def _untracked(said: object) -> tuple[str, ...] | None:
    if said is False:
        return None
    if not isinstance(said, dict) or said.keys() != {"untracked"} or not isinstance(said["untracked"], list):
        raise Wrong("it is neither false nor a mapping with `untracked`, a list of paths")
    return tuple(_path(each, new=False) for each in said["untracked"])
