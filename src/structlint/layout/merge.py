"""Merges a layout with what it extends: mappings merge, pattern lists add up, the nearer file wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from structlint.layout.keys import Key
from structlint.layout.model import Entry
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
        return far if near.implied and not near.children else near
    level = far.level if near.implied else near.level
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


def merge_children(far: Mapping[Key, Entry], near: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """The entries of both, the farther ones first; an alternative replaces those that carry its names."""
    merged = {key: entry for key, entry in far.items() if not _replaced(key, near)}
    for key, entry in near.items():
        same = next((other for other in merged if _same(other, key)), None)
        if same is None:
            merged[key] = entry
        elif same == key:
            merged[key] = merge_entries(merged[key], entry)
        else:
            both = merge_entries(merged[same], entry)
            merged = {key if k == same else k: both if k == same else e for k, e in merged.items()}
    return merged


def _same(one: Key, other: Key) -> bool:
    return one.directory == other.directory and set(one.members) == set(other.members)


def _replaced(key: Key, near: Mapping[Key, Entry]) -> bool:
    """Whether a nearer entry names one of the alternatives of `key`, or is an alternative to it."""
    return any(
        key.directory == other.directory
        and not set(key.members).isdisjoint(other.members)
        and not _same(key, other)
        for other in near
    )
