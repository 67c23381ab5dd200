"""Renames the placeholders of layouts that one file extends side by side, so that each has its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.finding import Place
from structlint.layout.entry import Contents, Entry, entries
from structlint.layout.keys import Key, KeyPath, Name, Slot

if TYPE_CHECKING:
    from structlint.layout.import_rules import ImportRules
    from structlint.layout.model import LayoutFile


def with_private_placeholders(siblings: Sequence[LayoutFile], near: LayoutFile) -> list[LayoutFile]:
    """The layouts with new names for placeholders that have another meaning in another layout.

    They share the placeholders of `near`, the file that extends them.
    """
    known = [_placeholders(sibling) for sibling in siblings]
    names = _private_names(_labels(siblings), known, frozenset(_placeholders(near)))
    return [_renamed(sibling, renamed) for sibling, renamed in zip(siblings, names, strict=True)]


def _labels(siblings: Sequence[LayoutFile]) -> list[str]:
    """A word for each layout: the characters of its file name that a placeholder may contain."""
    words = []
    for sibling in siblings:
        stem = sibling.file.rpartition("/")[2].partition(".")[0]
        words.append(re.sub("^[^A-Za-z]+", "", re.sub("[^A-Za-z0-9_-]+", "-", stem)) or "layout")
    counted = Counter(words)
    return [f"{word}-{number}" if counted[word] > 1 else word for number, word in enumerate(words, start=1)]


def _placeholders(sheet: LayoutFile) -> dict[str, frozenset[Place]]:
    """The placeholders of a layout, each with the lines that use it."""
    places: dict[str, set[Place]] = {}
    for _, entry in entries(sheet.root):
        for name in entry.key.placeholders:
            places.setdefault(name, set()).add(entry.born or entry.place)
    for name, naming in sheet.names.items():
        places.setdefault(name, set()).update([naming.place] if naming else ())
    for name in sheet.ports:
        if name.startswith("<"):
            places.setdefault(name[1:-1], set())
    for side in sheet.imports.sides if sheet.imports else ():
        for name in side.placeholders:
            places.setdefault(name, set())
    return {name: frozenset(lines) for name, lines in places.items()}


def _private_names(
    labels: Sequence[str], known: Sequence[Mapping[str, frozenset[Place]]], shared: Collection[str]
) -> list[dict[str, str]]:
    """New names for the placeholders of each layout that have another meaning in another one."""
    origins: dict[str, dict[frozenset[Place], str]] = {}
    for label, names in zip(labels, known, strict=True):
        for name, places in names.items():
            origins.setdefault(name, {}).setdefault(places, f"{label}-{name}")
    taken = {*shared, *origins}
    private = {name: by for name, by in origins.items() if len(by) > 1 and name not in shared}
    for by in private.values():
        for places, name in by.items():
            while name in taken:
                name += "-2"
            by[places] = name
            taken.add(name)
    return [
        {name: private[name][places] for name, places in names.items() if name in private} for names in known
    ]


def _renamed(sheet: LayoutFile, names: Mapping[str, str]) -> LayoutFile:
    """A layout with new names for some of its placeholders."""
    if not names:
        return sheet
    return sheet._replace(
        root=_renamed_entry(sheet.root, names),
        names={names.get(name, name): naming for name, naming in sheet.names.items()},
        ports={
            f"<{names[name[1:-1]]}>" if name[1:-1] in names and name.startswith("<") else name: assigned
            for name, assigned in sheet.ports.items()
        },
        imports=_renamed_imports(sheet.imports, names) if sheet.imports else None,
    )


def _renamed_entry(entry: Entry, names: Mapping[str, str]) -> Entry:
    children = [_renamed_entry(child, names) for child in entry.children.values()]
    needs, without = (
        tuple(need._replace(path=_renamed_path(need.path, names)) for need in needs)
        for needs in (entry.needs, entry.without)
    )

    def renamed(contents: Contents) -> Contents:
        return contents._replace(paths=tuple(_renamed_path(path, names) for path in contents.paths))

    return entry._replace(
        key=_renamed_key(entry.key, names),
        other=_renamed_key(entry.other, names) if entry.other else None,
        needs=needs,
        without=without,
        condition=renamed(entry.condition) if entry.condition else None,
        holds=tuple(map(renamed, entry.holds)),
        children={child.key: child for child in children},
    )


def _renamed_path(path: KeyPath, names: Mapping[str, str]) -> KeyPath:
    return path._replace(steps=tuple(_renamed_key(step, names) for step in path.steps))


def _renamed_key(key: Key, names: Mapping[str, str]) -> Key:
    if names.keys().isdisjoint(key.placeholders):
        return key
    members = (
        Name(
            tuple(
                part._replace(placeholder=names.get(part.placeholder, part.placeholder))
                if isinstance(part, Slot)
                else part
                for part in member.parts
            )
        )
        for member in key.members
    )
    return key._replace(members=tuple(members))


def _renamed_imports(rules: ImportRules, names: Mapping[str, str]) -> ImportRules:
    from structlint.layout.import_rules import with_sides

    return with_sides(
        rules, lambda side: side._replace(paths=tuple(_renamed_path(path, names) for path in side.paths))
    )
