"""Composes the layouts that one file extends side by side: what each of them requires holds.

Each is a *layer*. In a directory that several of them list, the entry of each layer that describes a name
most exactly governs it. Their placeholders are private, unless the file that extends them uses the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from structlint.errors import LayoutError, Problem
from structlint.finding import Place, Severity
from structlint.layout.entry import UNLISTED, Contents, Entry, Layers, Level, Limit, Unlisted, entries
from structlint.layout.keys import Key, KeyPath, Name, Slot
from structlint.layout.merge import merge_settings
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.layout.import_rules import ImportRules, Never
    from structlint.layout.model import PatternEntry
    from structlint.layout.parse import LayoutFile

T = TypeVar("T")
_MOST_LAYERS = 16  # of one layout that is composed with another
_SEVERITIES = (Severity.ERROR, Severity.WARNING, None)
_LEVELS = (None, Level.REQUIRED, Level.RECOMMENDED, Level.OPTIONAL)


def compose(siblings: Sequence[LayoutFile], near: LayoutFile) -> LayoutFile:
    """The layouts that a file extends, as one. `near` is that file, whose placeholders they share.

    Raises `LayoutError` where one requires what another forbids.
    """
    labels = _labels(siblings)
    known = [_placeholders(each) for each in siblings]
    names = _private_names(labels, known, frozenset(_placeholders(near)))
    whole, *others = (
        _in_layer(_renamed(each, renamed), f"{number}")
        for number, (each, renamed) in enumerate(zip(siblings, names, strict=True))
    )
    for other in others:
        whole = _merged(whole, other, near)
    return whole


def _merged(far: LayoutFile, near: LayoutFile, nearest: LayoutFile) -> LayoutFile:
    """Two layouts as one, neither of which is nearer."""
    return merge_settings(far, near)._replace(
        root=_both(far.root, near.root, _ROOT),
        layers=far.layers | near.layers,
        belongs=_joined(far.belongs, near.belongs, _at_home_in_either),
        forbid=_joined(far.forbid, near.forbid, lambda one, other: other),
        limits=_joined(far.limits, near.limits, lambda one, other: min(one, other, key=_number)),
        severity={
            rule: min(each, key=_SEVERITIES.index)
            for rule, each in _in_both(far.severity, near.severity).items()
        },
        imports=_imports(far.imports, near.imports, nearest.imports),
    )


def _imports(
    far: ImportRules | None, near: ImportRules | None, nearest: ImportRules | None
) -> ImportRules | None:
    """The rules of both. Raises `LayoutError` for two orders of layers, unless the nearest file has one."""
    if far is None or near is None:
        return far or near
    from structlint.layout.import_rules import merge_imports

    if far.layers and near.layers and far.layers != near.layers and not (nearest and nearest.layers != ()):
        place, other = near.layers[0][0].place, far.layers[0][0].place
        problem = f"`layers` differ from those of another layout ({other})"
        remedy = "write `layers` in the file that extends both"
        raise LayoutError([Problem(place.file, place.line, place.column, f"{problem}; {remedy}")])
    merged = merge_imports(far, near)

    def both(one: Never | None, other: Never | None) -> Never | None:
        if one is None or other is None:
            return one or other
        return other._replace(targets=_joined(one.targets, other.targets, lambda first, second: second))

    return merged._replace(
        layers=near.layers or far.layers,
        apart=_joined(far.apart, near.apart, lambda one, other: other),
        never=_joined(far.never, near.never, both),
    )


def _in_both(far: Mapping[str, T], near: Mapping[str, T]) -> dict[str, list[T]]:
    names = dict.fromkeys((*far, *near))
    return {name: [each[name] for each in (far, near) if name in each] for name in names}


def _joined(
    far: Mapping[str, T | None], near: Mapping[str, T | None], both: Callable[[T, T], T]
) -> dict[str, T | None]:
    """The values of both; what only one of them takes back remains."""
    joined: dict[str, T | None] = {}
    for name, values in _in_both(far, near).items():
        present = [each for each in values if each is not None]
        joined[name] = both(*present) if len(present) == 2 else next(iter(present), None)
    return joined


def _at_home_in_either(one: PatternEntry, other: PatternEntry) -> PatternEntry:
    return other._replace(targets=tuple(dict.fromkeys((*one.targets, *other.targets))))


def _number(limit: Limit) -> int:
    return limit.number


# --- The names of placeholders


def _labels(siblings: Sequence[LayoutFile]) -> list[str]:
    """A word for each layout: the name of its file as far as it may stand in a placeholder."""
    words = []
    for each in siblings:
        stem = each.file.rpartition("/")[2].partition(".")[0]
        words.append(re.sub("^[^A-Za-z]+", "", re.sub("[^A-Za-z0-9_-]+", "-", stem)) or "layout")
    counted = Counter(words)
    return [f"{word}-{number}" if counted[word] > 1 else word for number, word in enumerate(words, start=1)]


def _placeholders(sheet: LayoutFile) -> dict[str, frozenset[Place]]:
    """The placeholders of a layout, each with the lines that use it."""
    found: dict[str, set[Place]] = {}
    for _, entry in entries(sheet.root):
        for name in entry.key.placeholders:
            found.setdefault(name, set()).add(entry.born or entry.place)
    for name, naming in sheet.names.items():
        found.setdefault(name, set()).update([naming.place] if naming else ())
    for name in sheet.ports:
        if name.startswith("<"):
            found.setdefault(name[1:-1], set())
    for side in sheet.imports.sides if sheet.imports else ():
        for name in side.placeholders:
            found.setdefault(name, set())
    return {name: frozenset(places) for name, places in found.items()}


def _private_names(
    labels: Sequence[str], known: Sequence[Mapping[str, frozenset[Place]]], shared: Collection[str]
) -> list[dict[str, str]]:
    """New names for the placeholders of each layout that mean something else in another one."""
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
    """A layout with other names for some of its placeholders."""
    if not names:
        return sheet
    return sheet._replace(
        root=_renamed_entry(sheet.root, names),
        names={names.get(name, name): naming for name, naming in sheet.names.items()},
        ports={
            f"<{names[name[1:-1]]}>" if name[1:-1] in names and name.startswith("<") else name: each
            for name, each in sheet.ports.items()
        },
        imports=_renamed_imports(sheet.imports, names) if sheet.imports else None,
    )


def _renamed_entry(entry: Entry, names: Mapping[str, str]) -> Entry:
    children = [_renamed_entry(child, names) for child in entry.children.values()]
    needs, without = (
        tuple(need._replace(path=_renamed_path(need.path, names)) for need in each)
        for each in (entry.needs, entry.without)
    )
    condition, holds = (
        each and each._replace(paths=tuple(_renamed_path(path, names) for path in each.paths))
        for each in (entry.condition, entry.holds)
    )
    return entry._replace(
        key=_renamed_key(entry.key, names),
        needs=needs,
        without=without,
        condition=condition,
        holds=holds,
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


# --- The entries


def _in_layer(sheet: LayoutFile, layer: str) -> LayoutFile:
    """A layout in a layer of its own, or with one for each of the layers that it is composed of.

    Of very many layers it makes one: their number can double with each file that extends two.
    """

    def inside(layers: Layers) -> frozenset[str]:
        if not layers or len(sheet.layers) > _MOST_LAYERS:
            return frozenset([layer])
        return frozenset(f"{layer}.{each}" for each in layers)

    layers = inside(sheet.layers)

    def within(entry: Entry) -> Entry:
        own = layers if entry.layers is None else inside(entry.layers)
        children = [within(child) for child in entry.children.values()]
        key = entry.key._replace(layer=f"{layer}.{entry.key.layer}") if entry.key.layer else entry.key
        return entry._replace(key=key, layers=own, children={child.key: child for child in children})

    return sheet._replace(root=within(sheet.root), layers=layers)


class _Policies(NamedTuple):
    """The values of `unlisted` that a directory inherits in two layouts, and in what they are composed to."""

    far: Unlisted
    near: Unlisted
    whole: Unlisted


_ROOT = _Policies("forbid", "forbid", "forbid")


def _both(far: Entry, near: Entry, inherited: _Policies) -> Entry:
    """Two entries of one name in two layouts as one, which requires what either does."""
    if far.forbidden or near.forbidden:
        return _forbidden(far, near)
    policies = _policies(far, near, inherited)
    level = min(far.level, near.level, key=_LEVELS.index)
    return near._replace(
        key=_united(far.key, near.key),
        place=near.place if near.level is level else far.place,
        born=far.born,
        level=level,
        implied=far.implied and near.implied,
        about=near.about or far.about,
        needs=tuple(dict.fromkeys((*far.needs, *near.needs))),
        without=tuple(dict.fromkeys((*far.without, *near.without))),
        unlisted=None if policies.whole == inherited.whole else policies.whole,
        bounds=_bounds(far, near),
        condition=near.condition or far.condition,
        holds=near.holds or far.holds,
        layers=_layers(far) | _layers(near),
        children=_children(
            far.children, near.children, _below(policies) if not far.key.members else policies
        ),
    )


def _policies(far: Entry, near: Entry, inherited: _Policies) -> _Policies:
    """The values of `unlisted` of a directory in two layouts; of both it is that of those which list it."""
    policies = far.unlisted or inherited.far, near.unlisted or inherited.near
    listing = [policy for entry, policy in zip((far, near), policies, strict=True) if entry.closed]
    whole = min(listing, key=UNLISTED.index) if listing else near.unlisted or far.unlisted or inherited.whole
    return _Policies(*policies, whole)


def _below(root: _Policies) -> _Policies:
    """What the directories in a root inherit: not its own default."""
    return _Policies(*("allow-files" if policy == "forbid" else policy for policy in root))


def _forbidden(far: Entry, near: Entry) -> Entry:
    """An entry that one of two layouts forbids. Raises `LayoutError` if the other requires it."""
    forbidding, other = (far, near) if far.forbidden else (near, far)
    if other.required and not other.implied:
        place = forbidding.place
        problem = f"{in_backticks(str(other.key))} is required by another layout ({other.place})"
        raise LayoutError(
            [Problem(place.file, place.line, place.column, f"{problem}; extend only one of the two")]
        )
    return forbidding._replace(born=far.born, layers=_layers(far) | _layers(near))


def _layers(entry: Entry) -> frozenset[str]:
    return entry.layers or frozenset()


def _bounds(far: Entry, near: Entry) -> dict[str, Limit]:
    """The narrower of the bounds of two entries."""
    bounds = {**far.bounds, **near.bounds}
    for name in far.bounds.keys() & near.bounds.keys():
        narrower = max if name.startswith("min-") else min
        bounds[name] = narrower(far.bounds[name], near.bounds[name], key=_number)
    return bounds


def _children(far: Mapping[Key, Entry], near: Mapping[Key, Entry], inherited: _Policies) -> dict[Key, Entry]:
    """The children of an entry in two layouts. Two groups that overlap are one with all names.

    Entries that cannot be one, because their conditions differ or one group has names of several entries of
    the other layout, stay apart in their layers.
    """
    children: dict[Key, Entry] = {}
    for ours, theirs in _groups(near.values(), far.values()):
        if len(ours) == len(theirs) == 1 and _alike(ours[0], theirs[0]):
            entry = _both(theirs[0], ours[0], inherited)
            children[entry.key] = entry
            continue
        apart = [_keeping(each, inherited.near, inherited.whole) for each in ours]
        apart += [_keeping(each, inherited.far, inherited.whole) for each in theirs]
        for entry in apart:
            layer = min(_layers(entry), default="") if ours and theirs else entry.key.layer
            key = entry.key._replace(layer=layer)
            children[key] = entry._replace(key=key)
    return children


def _keeping(entry: Entry, policy: Unlisted, whole: Unlisted) -> Entry:
    """An entry that keeps the `unlisted` which it inherits in its layout."""
    return entry if entry.unlisted or policy == whole or not entry.closed else entry._replace(unlisted=policy)


def _alike(one: Entry, other: Entry) -> bool:
    """Whether two entries have the same conditions."""
    return _same(one.condition, other.condition) and _same(one.holds, other.holds)


def _same(one: Contents | None, other: Contents | None) -> bool:
    return (one.paths if one else ()) == (other.paths if other else ())


def _groups(near: Iterable[Entry], far: Iterable[Entry]) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """The entries of two layouts by the names that they share, those of the nearer one first."""
    groups: list[tuple[list[Entry], list[Entry]]] = []
    known: dict[tuple[bool, Name], int] = {}
    for side, each in ((0, near), (1, far)):
        for entry in each:
            names = [(entry.key.directory, member) for member in entry.key.members]
            shared = sorted({known[name] for name in names if name in known})
            number = shared[0] if shared else len(groups)
            if not shared:
                groups.append(([], []))
            for other in shared[1:]:
                for kept, moved in zip(groups[number], groups[other], strict=True):
                    kept += moved
                    moved.clear()
                known.update({name: number for name, at in known.items() if at == other})
            groups[number][side].append(entry)
            known.update(dict.fromkeys(names, number))
    return (group for group in groups if any(group))


def _united(far: Key, near: Key) -> Key:
    """A group of the names of both, of which one alone may be there only if both say so."""
    members = tuple(dict.fromkeys((*near.members, *far.members)))
    exclusive = all(key.exclusive or len(key.members) == 1 for key in (far, near))
    return Key(members, near.directory, exclusive and (far.exclusive or near.exclusive), near.layer)
