"""Loads the prepared form of a bundled layout: parsed, validated, and merged with all that it extends.

Reading `python-service` and the six layouts that it extends from YAML takes several times as long as a small
check. `tests/prepared_layouts.py` writes the prepared form, and a test compares it with the YAML.

A prepared layout is JSON. A list is a value with its kind, such as `["Limit", 3, ["Place", 0, 1, 1]]`; the
kind of a tuple is "". A row for each entry of the tree has its key, place, level and description, and a
mapping of its other fields. A row for each pattern has its fields. Entries and patterns that are also in
`base`, in the same order, are stored as a range: the first key, the last key, and the layers that the
layout adds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

from structlint.finding import Place, Severity
from structlint.layout.bundled import data
from structlint.layout.entry import Contents, Entry, Level, Limit, Listing, Naming, Need
from structlint.layout.keys import STAR, Key, KeyPath, Name, Slot
from structlint.layout.model import (
    AcceptedFinding,
    Evidence,
    LayoutFile,
    PatternEntry,
    PatternList,
    SeverityByPath,
)
from structlint.layout.patterns_beside import pattern_of
from structlint.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlint.layout.regex import SafeRegex

T = TypeVar("T")

GENERAL = "base"  # most entries of the other layouts are from this one
_RECORDS = (
    *(AcceptedFinding, Contents, Evidence, KeyPath, Limit, Listing, Naming, Need, PatternEntry),
    *(PatternList, SeverityByPath, Slot),
)
_IMPORT_RULES = ("Apart", "ImportRules", "Never", "Side", "Target")  # few layouts have them
_NESTED = (list, dict)
_LEVELS: dict[str | None, Level | None] = {None: None, **{level.value: level for level in Level}}
_regexes: dict[str, SafeRegex] = {}


def checksum(names: Iterable[str]) -> int:
    """A checksum of the YAML of bundled layouts. If it differs, the prepared form is out of date."""
    total = 0
    for name in names:
        total = crc32(data("layouts", f"{name}.yaml"), total)
    return total


def prepared_layout(name: str) -> tuple[tuple[str, ...], LayoutFile] | None:
    """A bundled layout, preceded by the names of the layouts that it consists of, in reading order.

    None if it is not prepared, or if its YAML or that of `base` has changed since.
    """
    general = _read(GENERAL)
    read = general if name == GENERAL else _read(name)
    if general is None or read is None:
        return None
    general = None if name == GENERAL else general
    like = _Decoder(general).shared() if general else _Shared()
    return tuple(read["files"]), _Decoder(read).sheet(like)


def _read(name: str) -> dict[str, Any] | None:
    try:
        read: dict[str, Any] = json.loads(data("layout", "prepared", f"{name}.json"))
    except OSError:
        return None
    return read if read["checksum"] == checksum(read["files"]) else None


class _Shared(Record):
    """The parts of `base` that other layouts refer to, or those of another layout."""

    root: Entry | None = None
    belongs: Mapping[str, PatternEntry | None] = MappingProxyType({})
    forbid: Mapping[str, PatternEntry | None] = MappingProxyType({})


class _Decoder:
    """Creates a layout from its prepared form."""

    def __init__(self, read: dict[str, Any]) -> None:
        self._sheet: dict[str, Any] = read["sheet"]
        self._files: list[str] = read["files"]
        self._layers: list[frozenset[str]] = list(map(frozenset, read["layers"]))
        self._kinds: dict[str, Callable[..., Any]] = {
            **{record.__name__: record for record in _RECORDS},
            "Layers": self._layers.__getitem__,
            "Place": self._place,
            "SafeRegex": _regex,
            "Severity": Severity,
        }

    def sheet(self, like: _Shared) -> LayoutFile:
        """The layout; `like` has the entries and patterns of the one that most of them are from."""
        others = {field: self._value(it) for field, it in self._sheet.items() if field not in _Shared._fields}
        return LayoutFile(**others, **self.shared(like)._asdict())

    def shared(self, like: _Shared | None = None) -> _Shared:
        """The entries and patterns, to which other layouts refer."""
        root, belongs, forbid = like or _Shared()
        return _Shared(
            self._entry(self._sheet["root"], root),
            self._patterns(self._sheet["belongs"], belongs),
            self._patterns(self._sheet["forbid"], forbid),
        )

    def _entry(self, stored: list[Any], like: Entry | None) -> Entry:
        key, at, level, about, *others = stored
        place = self._place(*at)
        entry = Entry(_key(key), place, place, _LEVELS[level], False, about)
        if not others:
            return entry
        fields = {field: self._value(value) for field, value in others[0].items() if field != "children"}
        if children := others[0].get("children"):
            fields["children"] = self._children(children, like.children if like else {})
        return entry._replace(**fields)

    def _children(self, stored: list[Any], like: Mapping[Key, Entry]) -> dict[Key, Entry]:
        children = [
            item if isinstance(item, Entry) else self._entry(item, like.get(_key(item[0])) if like else None)
            for item in self._items(stored, like, _key)
        ]
        return {child.key: child for child in children}

    def _patterns(self, stored: list[Any], known: Mapping[str, Any]) -> dict[str, PatternEntry | None]:
        patterns: dict[str, PatternEntry | None] = {}
        for item in self._items(stored, known, str):
            if isinstance(item, PatternEntry):
                patterns[item.pattern] = item
                continue
            name, *others = item
            if others:
                at, *fields = others
                place = self._place(*at)
                others = [PatternEntry(pattern_of(name), place, *map(self._value, fields))]
            patterns[name] = others[0] if others else None
        return patterns

    def _items(self, stored: list[Any], known: Mapping[T, Any], key: Callable[[Any], T]) -> list[Any]:
        """The rows of items, and the items of `known` between the first and the last key of each range."""
        items = list(known.values())
        places = {name: place for place, name in enumerate(known)}
        found: list[Any] = []
        for item in stored:
            if not isinstance(item, dict):
                found.append(item)
                continue
            layers = item.get("layers")
            shared = items[places[key(item["first"])] : places[key(item["last"])] + 1]
            found += (
                shared if layers is None else [one._replace(layers=self._layers[layers]) for one in shared]
            )
        return found

    def _value(self, stored: Any) -> Any:
        if isinstance(stored, dict):
            return {name: self._value(value) for name, value in stored.items()}
        if not isinstance(stored, list):
            return stored
        kind, *fields = stored
        if kind == "Key":
            return _key(fields[0])
        values = [self._value(field) if type(field) in _NESTED else field for field in fields]
        return tuple(values) if kind == "" else (self._kinds.get(kind) or _import_rule(kind))(*values)

    def _place(self, file: int, line: int, column: int) -> Place:
        return Place(self._files[file], line, column)


def _key(stored: Any) -> Key:
    """A key from its only name, or from all its names and its other fields."""
    if not isinstance(stored, str):
        names, *more = stored
        return Key(tuple(map(_name, names)), *more)
    return Key((Name((stored.removesuffix("/"),)),), stored.endswith("/"))


def _name(stored: Any) -> Name:
    """A name from its only text, or from texts, null for `*`, and placeholders."""
    if isinstance(stored, str):
        return Name((stored,))
    parts = [STAR if part is None else part if isinstance(part, str) else Slot(*part) for part in stored]
    return Name(tuple(parts))


def _import_rule(kind: str) -> Callable[..., Any]:
    if kind not in _IMPORT_RULES:
        raise KeyError(kind)
    rule: Callable[..., Any] = getattr(import_module("structlint.layout.import_rules"), kind)
    return rule


def _regex(source: str) -> SafeRegex:
    """The expression, which is the same one in all layouts, because expressions are compared by identity."""
    if source not in _regexes:
        from structlint.layout.regex import SafeRegex

        _regexes[source] = SafeRegex(source)
    return _regexes[source]
