"""Merges a layout with what it extends: mappings merge, pattern lists add up, the nearer file wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from structlint.errors import LayoutError, Problem
from structlint.layout.entry import NAMING_FIELDS, Entry, Naming, most_wanted
from structlint.layout.keys import Key
from structlint.layout.parse import LayoutFile
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.layout.import_rules import ImportRules

T = TypeVar("T")


def merge_layouts(far: LayoutFile, near: LayoutFile) -> LayoutFile:
    """`near` laid over `far`, which it extends. Whatever stands in the result keeps its own line.

    Raises `LayoutError` for groups that overlap.
    """
    root = merge_entries(far.root, near.root)
    return merge_settings(far, near)._replace(root=root, layers=far.layers)


def merge_settings(far: LayoutFile, near: LayoutFile) -> LayoutFile:
    """All that two layouts say besides their trees; the tree is that of the nearer one."""
    return near._replace(
        about=near.about or far.about,
        names={
            **far.names,
            **{name: _naming(far.names.get(name), naming) for name, naming in near.names.items()},
        },
        belongs=_joined(far.belongs, near.belongs),
        forbid=_joined(far.forbid, near.forbid),
        local=tuple(dict.fromkeys((*far.local, *near.local))),
        exclude=tuple(dict.fromkeys((*far.exclude, *near.exclude))),
        limits=_joined(far.limits, near.limits),
        severity=_joined(far.severity, near.severity),
        ignore=tuple(
            dict.fromkeys((*(accepted._replace(inherited=True) for accepted in far.ignore), *near.ignore))
        ),
        ports=_joined(far.ports, near.ports),
        together=tuple(dict.fromkeys((*far.together, *near.together))),
        imports=_imports(far.imports, near.imports),
        references=tuple(
            {str(reference): reference for reference in (*far.references, *near.references)}.values()
        ),
    )


def _joined(far: Mapping[str, T], near: Mapping[str, T]) -> dict[str, T]:
    return {**far, **near}


def _naming(far: Naming | None, near: Naming | None) -> Naming | None:
    """What a placeholder may stand for: the fields that the nearer file sets, else those of the farther."""
    if far is None or near is None:
        return near
    left = [field for key, fields in NAMING_FIELDS.items() if key not in near.given for field in fields]
    kept = {field: getattr(far, field) for field in left}
    return near._replace(**kept, given=near.given | far.given)


def _imports(far: ImportRules | None, near: ImportRules | None) -> ImportRules | None:
    if far is None or near is None:
        return far or near
    from structlint.layout.import_rules import merge_imports

    return merge_imports(far, near)


def merge_entries(far: Entry, near: Entry) -> Entry:
    """One entry of two of the same name, or of which one has some of the names of the other."""
    if near.forbidden or far.forbidden:
        return far if _only_forbids(near) else near
    level = most_wanted(far.level, near.level) if near.implied else near.level
    return Entry(
        key=near.key,
        place=far.place if near.implied and level is far.level else near.place,
        born=far.born,
        level=level,
        implied=far.implied and near.implied,
        about=near.about or far.about,
        needs=near.needs or far.needs,
        without=near.without or far.without,
        unlisted=near.unlisted or far.unlisted,
        bounds={**far.bounds, **near.bounds},
        condition=near.condition or far.condition,
        holds=near.holds or far.holds,
        children=merge_children(far.children, near.children),
    )


def _only_forbids(entry: Entry) -> bool:
    """Whether an entry is there only for a short key such as `docs/old.md: false` to pass through."""
    return entry.implied and all(child.forbidden or _only_forbids(child) for child in entry.children.values())


def merge_children(far: Mapping[Key, Entry], near: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """The entries of both, the nearer ones first: of two patterns that fit a name alike the first governs.

    A nearer entry with some of the names of a farther group narrows it, one with all of them and more widens
    it: both keep what the farther one says. Raises `LayoutError` for groups that overlap otherwise.
    """
    merged: dict[Key, Entry] = {}
    left = dict(far)
    for entry in near.values():
        overlapping = [unmerged for unmerged in left.values() if _overlap(entry.key, unmerged.key)]
        if len(overlapping) > 1 and entry.condition is None and any(each.key.layer for each in overlapping):
            for other in overlapping:  # in several layers, each with a condition of its own
                del left[other.key]
                merged[other.key] = _with_key(merge_entries(other, entry), other.key)._replace(
                    layers=other.layers
                )
            continue
        for other in overlapping:
            del left[other.key]
            if entry.key == other.key or {*entry.key.members} >= {*other.key.members}:
                entry = merge_entries(other, entry)
            elif entry.forbidden:
                rest = tuple(name for name in other.key.members if name not in entry.key.members)
                kept = _with_key(other, other.key._replace(members=rest))
                left[kept.key] = kept
            elif {*entry.key.members} < {*other.key.members}:
                entry = merge_entries(other, entry)
            else:
                raise LayoutError([_overlapping(entry, other)])
        merged[entry.key] = entry
    return merged | left


def _overlap(one: Key, other: Key) -> bool:
    return one.directory == other.directory and not {*one.members}.isdisjoint(other.members)


def _with_key(entry: Entry, key: Key) -> Entry:
    return entry._replace(key=key)


def _overlapping(near: Entry, far: Entry) -> Problem:
    """What to say of a nearer group that has some names of a farther one, and others."""
    keys = in_backticks(str(near.key)), in_backticks(str(far.key))
    problem = f"{keys[0]} overlaps {keys[1]} ({far.place})"
    remedy = "list some of its names to narrow it, or all of them and more to widen it"
    return Problem(near.place.file, near.place.line, near.place.column, f"{problem}; {remedy}")


def with_turns(root: Entry, files: Sequence[str]) -> Entry:
    """The tree with the order in which the entries of each directory are matched, their `turn`, and an `id`
    for each entry; that of the root is 0. An `if` or a `holds` that is `false` is left out.

    It is the order in which they were first named, `files` being the files of the layout, the farthest
    first. For the first place of a placeholder defines its names: what a farther file ties stays as it is,
    whatever a nearer one adds, and what a nearer one ties keeps its own order, though some of it lies in
    directories that the farther one has named.
    """
    rank = {file: number for number, file in enumerate(files)}
    ids = count(1)

    def born(entry: Entry) -> tuple[int, int, int]:
        place = entry.born or entry.place
        return rank.get(place.file, len(rank)), place.line, place.column

    def turned(entry: Entry) -> Entry:
        children = {
            key: turned(child)._replace(turn=born(child), id=next(ids))
            for key, child in entry.children.items()
        }
        condition, holds = (
            contents if contents and contents.paths else None for contents in (entry.condition, entry.holds)
        )
        return entry._replace(children=children, condition=condition, holds=holds)

    return turned(root)
