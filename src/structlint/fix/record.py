"""Converts the operations of a journal to JSON and back. All faults in the JSON are reported together."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from structlint.fix.operations import MakeDirectory, Operation, RemoveDirectory, Rename, Replace, Write
from structlint.fix.prepare import wrong_with
from structlint.text.paths import is_in
from structlint.text.quoting import quote
from structlint.text.records import Record

_KINDS: dict[str, Callable[..., Operation]] = {
    kind.__name__: kind for kind in (MakeDirectory, RemoveDirectory, Write, Replace, Rename)
}
_MADE = (("MakeDirectory", "path"), ("Write", "path"), ("Rename", "target"))  # names that are new
_RENAMED = ("directory", "file", "link")
_LARGEST = 1 << 64


class FixRecord(Record):
    """The operations of a fix in order, and the paths to remove from git's index; None to keep it."""

    operations: tuple[Operation, ...]
    untracked: tuple[str, ...] | None = None

    @property
    def moves(self) -> list[tuple[str, str]]:
        """The moves, old and new path, for `index_after`; the path of a directory ends in `/`."""
        renamed = (operation for operation in self.operations if isinstance(operation, Rename))
        return [
            (f"{rename.source}/", f"{rename.target}/")
            if rename.kind == "directory"
            else (rename.source, rename.target)
            for rename in renamed
        ]


class Wrong(Exception):
    """A record is not valid. The message has a line for each fault, with its place."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


def encoded(record: FixRecord, contents: list[bytes]) -> bytes:
    """A record as JSON. The contents to write are added to `contents`; the JSON has their indexes."""
    index = False if record.untracked is None else {"untracked": record.untracked}
    operations = [_encoded(operation, contents) for operation in record.operations]
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


def read_record(data: bytes, content: Callable[[int], bytes | None]) -> FixRecord:
    """The record in `data`; `content` returns a content to write by its index. Raises `Wrong`."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Wrong("it is not JSON") from None
    if not isinstance(value, dict) or value.keys() != {"operations", "index"}:
        raise Wrong("it is not a mapping with `operations` and `index`")
    if not isinstance(value["operations"], list):
        raise Wrong("`operations` is not a list")
    problems: list[str] = []
    operations: list[Operation] = []
    for number, operation in enumerate(value["operations"], start=1):
        try:
            operations.append(_operation(operation, content))
        except Wrong as wrong:
            problems += (f"operation {number}: {problem}" for problem in wrong.problems)
    try:
        untracked = _untracked(value["index"])
    except Wrong as wrong:
        untracked = None
        problems += (f"`index`: {problem}" for problem in wrong.problems)
    if problems:
        raise Wrong(*problems)
    record = FixRecord(tuple(operations), untracked)
    if record.untracked is not None and not (record.untracked or record.moves):
        raise Wrong("`index`: no operation changes git's index")
    return record


def _operation(item: object, content: Callable[[int], bytes | None]) -> Operation:
    if not isinstance(item, list) or not item or not isinstance(item[0], str) or item[0] not in _KINDS:
        raise Wrong(f"it is not a list that begins with one of {', '.join(_KINDS)}")
    name, *values = item
    fields = list(_KINDS[name].__dataclass_fields__)  # type: ignore[attr-defined]
    if len(values) != len(fields):
        raise Wrong(f"{name} has {len(fields)} values ({', '.join(fields)}), not {len(values)}")
    arguments: list[object] = []
    problems: list[str] = []
    for field, value in zip(fields, values, strict=True):
        try:
            arguments.append(_value(name, field, value, content))
        except Wrong as wrong:
            problems += wrong.problems
    if problems:
        raise Wrong(*problems)
    operation = _KINDS[name](*arguments)
    if isinstance(operation, Rename) and is_in(operation.target, operation.source):
        raise Wrong(f"{quote(operation.source)} cannot be moved into itself")  # its file would be removed
    return operation


def _value(name: str, field: str, value: Any, content: Callable[[int], bytes | None]) -> object:
    """A value of an operation, in the type of its field."""
    match field:
        case "path" | "source" | "target":
            return _path(value, new=(name, field) in _MADE)
        case "content" | "before" | "after":
            return _content(value, content)
        case "mode" if _is_number(value) and value in range(0o10000):
            return value
        case "modified" if _is_number(value):
            return value
        case "executable" if isinstance(value, bool):
            return value
        case "kind" if value in _RENAMED:
            return value
        case "state" if isinstance(value, list) and len(value) == 4 and all(map(_is_number, value)):
            return tuple(value)
    raise Wrong(f"`{field}` of {name} has an invalid value")


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) < _LARGEST


def _path(value: object, *, new: bool) -> str:
    if not isinstance(value, str):
        raise Wrong("a path is not a string")
    if wrong := wrong_with(value, new=new):
        raise Wrong(f"{quote(value)} {wrong}")
    return value


def _content(value: object, content: Callable[[int], bytes | None]) -> bytes:
    if not isinstance(value, dict) or value.keys() != {"content"} or not _is_number(value["content"]):
        raise Wrong("its content is not the number of a file")
    data = content(value["content"])
    if data is None:
        raise Wrong(f"no such file: content.{value['content']}")
    return data


def _untracked(value: object) -> tuple[str, ...] | None:
    if value is False:
        return None
    if (
        not isinstance(value, dict)
        or value.keys() != {"untracked"}
        or not isinstance(value["untracked"], list)
    ):
        raise Wrong("it is neither false nor a mapping with `untracked`, a list of paths")
    return tuple(_path(path, new=False) for path in value["untracked"])
