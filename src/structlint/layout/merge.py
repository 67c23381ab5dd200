"""Merges a layout with those that it extends: mappings merge, pattern lists add up, the nearer wins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, KeysView, Mapping, Sequence
from itertools import count

from structlint.errors import LayoutError, Problem
from structlint.layout.entry import Entry, most_wanted, shown
from structlint.layout.keys import STAR, Key, Name
from structlint.layout.model import LayoutFile
from structlint.layout.settings import SETTINGS
from structlint.text.quoting import in_backticks

_ANY = (Key((Name((STAR,)),), directory=False), Key((Name((STAR,)),), directory=True))


def merge_layouts(far: LayoutFile, near: LayoutFile) -> LayoutFile:
    """Merges `near` with `far`, which it extends. Everything in the result keeps its own line.

    Raises `LayoutError` for groups that overlap.
    """
    root = merge_entries(far.root, near.root)
    return merge_settings(far, near)._replace(root=root, layers=far.layers)


def merge_settings(far: LayoutFile, near: LayoutFile) -> LayoutFile:
    """`near` with the settings of both, except for the trees."""
    return near._replace(
        **{
            field: setting.merge(getattr(far, field), getattr(near, field))
            for field, setting in SETTINGS.items()
        }
    )


def merge_entries(far: Entry, near: Entry) -> Entry:
    """Two entries of the same name as one, or two of which one has some of the other's names."""
    if near.forbidden or far.forbidden:
        return far if _only_forbids(near) else near
    level = most_wanted(far.level, near.level) if near.implied else near.level
    return Entry(
        key=near.key,
        other=near.other,
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
        children=merge_children(*_without_taken_back(far, near)),
    )


def _without_taken_back(far: Entry, near: Entry) -> tuple[Mapping[Key, Entry], Mapping[Key, Entry]]:
    """The children of both. A nearer `*/: false` removes an inherited `*/?`, so that such names are unlisted.

    In a directory that allows unlisted names, it forbids them, as it does without an inherited entry.
    """
    inherited = {_in_any_layer(key) for key, child in far.children.items() if not child.forbidden}
    taken = {
        key for key, child in near.children.items() if child.forbidden and key in _ANY and key in inherited
    }
    if not taken or (near.unlisted or far.unlisted) == "allow":
        return far.children, near.children
    return _left(far.children, taken), _left(near.children, taken)


def _left(children: Mapping[Key, Entry], taken: Collection[Key]) -> Mapping[Key, Entry]:
    return {key: child for key, child in children.items() if _in_any_layer(key) not in taken}


def _in_any_layer(key: Key) -> Key:
    return key._replace(layer="") if key.layer else key


def _only_forbids(entry: Entry) -> bool:
    """Whether an entry exists only because of a short key, such as `docs/old.md: false`."""
    return entry.implied and all(child.forbidden or _only_forbids(child) for child in entry.children.values())


_Group = tuple[Entry, ...]  # an entry, or the directories and then the files of one group


def merge_children(far: Mapping[Key, Entry], near: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """The entries of both, the nearer ones first, because the first of two equally specific patterns governs.

    A nearer entry with some of the names of a farther group narrows the group, and one with additional names
    widens it; both keep the settings of the farther one. Raises `LayoutError` for other overlapping groups.
    """
    if not near:
        return dict(far)
    merged: dict[Key, Entry] = {}
    left = dict(far)
    groups = _groups(far)
    by_name: dict[tuple[bool, Name], list[_Group]] = {}  # several only in several layers
    for group in groups:
        for name in _names(group):
            by_name.setdefault(name, []).append(group)
    position = {group[0].key: number for number, group in enumerate(groups)}
    for group in _groups(near):
        names = _names(group)
        known = {one[0].key: one for name in names for one in by_name.get(name, ())}
        overlapping = [
            known[key] for key in sorted(known, key=lambda key: position.get(key, 0)) if key in left
        ]
        if len(overlapping) > 1 and any(other.key.layer for other, *_ in overlapping):
            for other in overlapping:  # in several layers, each with names and a condition of its own
                if _merges_in_its_layer(group, other):
                    key = group[0].key._replace(layer=other[0].key.layer)
                    entry = merge_entries(other[0], group[0])
                    merged[key] = entry._replace(key=key, layers=other[0].layers)
                    del left[other[0].key]
            overlapping = [other for other in overlapping if other[0].key in left]
            if not overlapping:
                continue
        for other in overlapping:
            for one in other:
                del left[one.key]
            if names >= _names(other) or (names < _names(other) and not group[0].forbidden):
                group = tuple(_merged_with(one, other) for one in group)
            elif group[0].forbidden:
                rest = tuple(_without(other, names))
                left |= {one.key: one for one in rest}
                for name in _names(rest):
                    by_name.setdefault(name, []).append(rest)
            else:
                raise LayoutError([_overlapping(group[0], other[0])])
        merged |= {entry.key: entry for entry in group}
    return merged | left


def _merges_in_its_layer(near: _Group, far: _Group) -> bool:
    """Whether a nearer entry narrows or widens one of several layers, and remains in that layer."""
    single = len(near) == len(far) == 1 and near[0].condition is None and not near[0].forbidden
    return single and (_names(near) <= _names(far) or _names(near) >= _names(far))


def _groups(children: Mapping[Key, Entry]) -> list[_Group]:
    """The entries, those for the directories and the files of one group together."""
    groups: list[_Group] = []
    for entry in children.values():
        other = children.get(entry.other) if entry.other else None
        if other is None:
            groups.append((entry,))
        elif entry.key.directory:
            groups.append((entry, other))
    return groups


def _names(group: _Group) -> KeysView[tuple[bool, Name]]:
    names = ((entry.key.directory, member) for entry in group for member in entry.key.members)
    return dict.fromkeys(names).keys()


def _merged_with(entry: Entry, group: _Group) -> Entry:
    """An entry merged with the one of the same kind in a farther group, if there is one."""
    of_kind = (one for one in group if one.key.directory == entry.key.directory)
    far = next(of_kind, None)
    return merge_entries(far, entry) if far else entry


def _without(group: _Group, names: KeysView[tuple[bool, Name]]) -> Iterator[Entry]:
    """The entries of a group without some of its names."""
    rest = []
    for entry in group:
        members = [member for member in entry.key.members if (entry.key.directory, member) not in names]
        if members:
            rest.append(entry._replace(key=entry.key._replace(members=tuple(members))))
    if len(rest) == 1:  # only one kind is left; it keeps the level of the group
        rest = [rest[0]._replace(level=group[0].level, other=None)]
    for entry in rest:
        other = next((one.key for one in rest if one is not entry), None)
        yield entry._replace(other=other)


def _overlapping(near: Entry, far: Entry) -> Problem:
    """The problem of a nearer group with some names of a farther group and some others."""
    keys = in_backticks(shown(near)), in_backticks(shown(far))
    problem = f"{keys[0]} overlaps {keys[1]} ({far.place})"
    remedy = "list some of its names to narrow it, or all of them and more to widen it"
    return Problem(near.place.file, near.place.line, near.place.column, f"{problem}; {remedy}")


def with_turns(root: Entry, files: Sequence[str]) -> Entry:
    """The tree with the `turn` of each entry, its place in the matching order, and an `id`; 0 for the root.

    An `if` or a `holds` that is `false` is removed. Entries are in the order in which they were first
    listed. `files` has the files of the layout, the farthest first. Because the first occurrence of a
    placeholder defines its values, a nearer file cannot change the ties of a farther one, and its own ties
    keep their order even in directories that the farther file lists.
    """
    rank = {file: number for number, file in enumerate(files)}
    ids = count(1)

    def born(entry: Entry) -> tuple[int, int, int]:
        place = entry.born or entry.place
        return rank.get(place.file, len(rank)), place.line, place.column

    def turned(entry: Entry) -> Entry:
        children = {key: turned(child) for key, child in entry.children.items()}
        condition = entry.condition if entry.condition and entry.condition.paths else None
        holds = entry.holds and tuple(contents for contents in entry.holds if contents.paths)
        return entry._replace(
            children=children, condition=condition, holds=holds, turn=born(entry), id=next(ids)
        )

    return turned(root)._replace(turn=root.turn, id=root.id)
