"""Writes the prepared forms of the bundled layouts, which `structlint.layout.prepared` loads.

    python tests/prepared_layouts.py

`test_prepared.py` checks that they are up to date.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from structlint.finding import Place
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import Entry
from structlint.layout.keys import STAR, Key, Name, Slot
from structlint.layout.load import bundled_sheet
from structlint.layout.model import LayoutFile, PatternEntry
from structlint.layout.patterns_beside import pattern_of
from structlint.layout.prepared import GENERAL, checksum
from structlint.layout.regex import SafeRegex

T = TypeVar("T")

DIRECTORY = Path(__file__).parent.parent / "src" / "structlint" / "layout" / "prepared"
_KINDS: dict[type, str] = {frozenset: "Layers", tuple: ""}


def prepared_texts() -> dict[Path, str]:
    """The expected contents of the prepared forms."""
    general = bundled_sheet(f"{GENERAL}.yaml", prepared=False)[1]
    return {
        DIRECTORY / f"{name}.json": _Encoder(name, None if name == GENERAL else general).text()
        for name in BUNDLED
    }


class _Encoder:
    """Converts a layout to its prepared form; `like` is the one that most entries are from."""

    def __init__(self, name: str, like: LayoutFile | None) -> None:
        self.files, self.sheet = bundled_sheet(f"{name}.yaml", prepared=False)
        self.like = like
        self.layers: list[frozenset[str]] = []

    def text(self) -> str:
        """The JSON: one line for each field, entry of the root, and pattern of `belongs` and `forbid`."""
        lines = [f'"{field}":{self._field(field)}' for field in LayoutFile._fields]
        stored = {
            "checksum": checksum(self.files),
            "files": self.files,
            "layers": list(map(sorted, self.layers)),
        }
        head = "".join(f'"{name}":{_line(value)},\n' for name, value in stored.items())
        return f"{{{head}" + '"sheet":{\n' + ",\n".join(lines) + "}}\n"

    def _field(self, field: str) -> str:
        value = getattr(self.sheet, field)
        if field == "root":
            *row, fields = self._entry(value, self.like.root if self.like else None)
            children = fields.pop("children", [])
            return f'{_line([*row, fields])[:-2]},"children":{_lines(children)}}}]'
        if field in ("belongs", "forbid"):
            return _lines(self._items(value, getattr(self.like, field, {}), str, self._pattern))
        return _line(self._value(value))

    def _pattern(self, key: str, entry: PatternEntry | None) -> list[Any]:
        if entry is None:
            return [key]
        assert entry.pattern == pattern_of(key)
        _, place, *fields = _without_defaults(entry)
        return [key, self._place(place), *map(self._value, fields)]

    def _items(
        self,
        values: Mapping[T, Any],
        known: Mapping[T, Any],
        stored: Callable[[T], Any],
        own: Callable[[T, Any], list[Any]],
    ) -> list[Any]:
        """Rows for own entries or patterns, and ranges of those that `known` has too."""
        items: list[Any] = []
        following = dict(pairwise(known))
        before: T | None = None  # the key of the last item, if it ends a range
        for key, value in values.items():
            layers = self._layers_alike(value, known.get(key))
            if layers is None:
                items.append(own(key, value))
                before = None
                continue
            in_range = before is not None and following.get(before) == key
            if in_range and items[-1].get("layers") == layers.get("layers"):
                items[-1]["last"] = stored(key)
            else:
                items.append({**layers, "first": stored(key), "last": stored(key)})
            before = key
        return items

    def _layers_alike(self, value: Any, other: Any) -> dict[str, int] | None:
        """The layers that an entry or a pattern has, unlike another one; None if more is different."""
        if value is None or other is None:
            return None
        if value == other:
            return {}
        if value.layers is not None and value == other._replace(layers=value.layers):
            return {"layers": self._layer(value.layers)}
        return None

    def _entry(self, entry: Entry, like: Entry | None) -> list[Any]:
        level = entry.level.value if entry.level else None
        others = {
            field: self._value(getattr(entry, field))
            for field, default in entry._field_defaults.items()
            if field not in ("level", "about", "children")
            and getattr(entry, field) != (entry.place if field == "born" else default)
        }
        if entry.children:
            known = like.children if like else {}
            others["children"] = self._items(
                entry.children, known, _key, lambda key, child: self._entry(child, known.get(key))
            )
        return [_key(entry.key), self._place(entry.place), level, entry.about, *([others] if others else [])]

    def _value(self, value: Any) -> Any:
        if value is None or type(value) in (str, int, bool):
            return value
        if isinstance(value, Mapping):
            return {key: self._value(inside) for key, inside in value.items()}
        return [_KINDS.get(type(value), type(value).__name__), *self._parts(value)]

    def _parts(self, value: Any) -> Iterable[Any]:
        if isinstance(value, Key):
            return [_key(value)]
        if isinstance(value, Place):
            return self._place(value)
        if isinstance(value, frozenset):
            return [self._layer(value)]
        if isinstance(value, Enum):
            return [value.value]
        if isinstance(value, SafeRegex):
            return [value.source]
        assert isinstance(value, tuple), value
        return map(self._value, _without_defaults(value))

    def _layer(self, layers: frozenset[str]) -> int:
        if layers not in self.layers:
            self.layers.append(layers)
        return self.layers.index(layers)

    def _place(self, place: Place) -> list[int]:
        return [self.files.index(place.file), place.line, place.column]


def _without_defaults(record: tuple[Any, ...]) -> list[Any]:
    """The fields without those at the end that have their defaults."""
    fields = list(record)
    defaults = getattr(record, "_field_defaults", {})
    for name in reversed(getattr(record, "_fields", ())):
        if name not in defaults or fields[-1] != defaults[name]:
            break
        fields.pop()
    return fields


def _key(key: Key) -> Any:
    if len(key.members) == 1 and key.exact and key == Key(key.members, key.directory):
        return f"{key.exact}{'/' * key.directory}"
    return [list(map(_name, key.members)), *_without_defaults(key)[1:]]


def _name(name: Name) -> Any:
    if name.exact:
        return name.exact
    return [
        None if part is STAR else _without_defaults(part) if isinstance(part, Slot) else part
        for part in name.parts
    ]


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(values: list[Any]) -> str:
    return "[\n" + ",\n".join(map(_line, values)) + "]"


if __name__ == "__main__":
    DIRECTORY.mkdir(exist_ok=True)
    for file, text in prepared_texts().items():
        file.write_text(text, encoding="utf-8")
