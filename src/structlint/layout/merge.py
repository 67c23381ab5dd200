"""Merges a layout with what it extends: mappings merge, pattern lists add up, the nearer file wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from structlint.layout.keys import Key
from structlint.layout.model import Entry, most_wanted
from structlint.layout.sheet import Sheet

T = TypeVar("T")


def merge(far: Sheet, near: Sheet) -> Sheet:
    """`near` laid over `far`, which it extends. Whatever stands in the result keeps its own line."""
    return replace(
        near,
        root=merge_entries(far.root, near.root),
        about=near.about or far.about,
        names=_joined(far.names, near.names),
        belongs=_joined(far.belongs, near.belongs),
        forbid=_joined(far.forbid, near.forbid),
        local=tuple(dict.fromkeys((*far.local, *near.local))),
        exclude=tuple(dict.fromkeys((*far.exclude, *near.exclude))),
        limits=_joined(far.limits, near.limits),
        severity=_joined(far.severity, near.severity),
        ignore=tuple(dict.fromkeys((*(replace(each, inherited=True) for each in far.ignore), *near.ignore))),
        ports=_joined(far.ports, near.ports),
    )


def _joined(far: Mapping[str, T], near: Mapping[str, T]) -> dict[str, T]:
    return {**far, **near}


def merge_entries(far: Entry, near: Entry) -> Entry:
    """One entry of two of the same name."""
    if near.forbidden or far.forbidden:
        return far if _only_forbids(near) else near
    level = far.level if near.implied else near.level
    if far.implied and near.implied:
        level = most_wanted(far.level, near.level)
    return Entry(
        key=near.key,
        place=far.place if near.implied else near.place,
        level=level,
        implied=far.implied and near.implied,
        about=near.about or far.about,
        needs=near.needs or far.needs,
        strays=near.strays or far.strays,
        bounds={**far.bounds, **near.bounds},
        children=merge_children(far.children, near.children),
    )


def _only_forbids(entry: Entry) -> bool:
    """Whether an entry is there only for a short key such as `docs/old.md: false` to pass through."""
    return entry.implied and all(each.forbidden or _only_forbids(each) for each in entry.children.values())


def merge_children(far: Mapping[Key, Entry], near: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """The entries of both, the nearer ones first; an alternative replaces those that carry its names.

    The order counts: of two patterns that fit a name alike the first governs, and the first place of a
    placeholder defines its names. So the nearer file's order has the first word.
    """
    merged = {}
    for key, entry in near.items():
        same = key if key in far else next((other for other in far if _same(other, key)), None)
        merged[key] = entry if same is None else merge_entries(far[same], entry)
    named = {(key.directory, member) for key in near for member in key.members}

    def left(key: Key) -> bool:
        return not any((key.directory, member) in named for member in key.members)

    return merged | {key: entry for key, entry in far.items() if left(key)}


def _same(one: Key, other: Key) -> bool:
    return (
        len(other.members) > 1 and one.directory == other.directory and set(one.members) == set(other.members)
    )
