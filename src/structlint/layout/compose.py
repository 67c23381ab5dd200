"""Composes the layouts that one file extends side by side. The requirements of each layout apply.

Each layout is a *layer*. In a directory that several layers list, a name is governed by the most specific
matching entry of each layer. Their placeholders are private, unless the file that extends them uses the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from structlint.errors import LayoutError, Problem
from structlint.finding import Place
from structlint.layout.entry import UNLISTED, Entry, Layers, Level, Limit, Unlisted
from structlint.layout.keys import Key, Name
from structlint.layout.merge import merge_settings
from structlint.layout.model import STRICTEST_FIRST, PatternEntry, PatternList, SeverityByPath
from structlint.layout.patterns_beside import combined_lists, combined_mappings, with_layers
from structlint.layout.private_names import with_private_placeholders
from structlint.text.quoting import in_backticks
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.finding import Severity
    from structlint.layout.import_rules import ImportRules, Never
    from structlint.layout.model import LayoutFile

T = TypeVar("T")
_MOST_LAYERS = 16  # of one layout that is composed with another
_LEVELS = (None, Level.REQUIRED, Level.RECOMMENDED, Level.OPTIONAL)


def compose(siblings: Sequence[LayoutFile], near: LayoutFile) -> LayoutFile:
    """The layouts that a file extends as a single one. They share the placeholders of that file, `near`.

    Raises `LayoutError` if one layout requires a path that another forbids.
    """
    private = with_private_placeholders(siblings, near)
    whole, *others = (_in_layer(sibling, f"{number}") for number, sibling in enumerate(private))
    for other in others:
        whole = _merged(whole, other, near)
    return whole


def _merged(far: LayoutFile, near: LayoutFile, nearest: LayoutFile) -> LayoutFile:
    """Two layouts, neither of which is nearer, as a single one."""
    merged = merge_settings(far, near)
    return merged._replace(
        root=_both(far.root, near.root, _ROOT),
        layers=far.layers | near.layers,
        belongs=combined_mappings(far.belongs, near.belongs),
        forbid=combined_mappings(far.forbid, near.forbid),
        local=combined_lists(far.local, near.local),
        exclude=combined_lists(far.exclude, near.exclude),
        together=combined_lists(far.together, near.together),
        limits=_joined(far.limits, near.limits, lambda one, other: min(one, other, key=_number)),
        severity={rule: _strictest(values) for rule, values in _in_both(far.severity, near.severity).items()},
        imports=_imports(far.imports, near.imports, nearest.imports),
    )


def _imports(
    far: ImportRules | None, near: ImportRules | None, nearest: ImportRules | None
) -> ImportRules | None:
    """The rules of both. Raises `LayoutError` if both order layers, unless the nearest file does too."""
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
    return {name: [values[name] for values in (far, near) if name in values] for name in names}


def _joined(
    far: Mapping[str, T | None], near: Mapping[str, T | None], both: Callable[[T, T], T]
) -> dict[str, T | None]:
    """The values of both; a value that only one of them removes remains."""
    joined: dict[str, T | None] = {}
    for name, values in _in_both(far, near).items():
        present = [value for value in values if value is not None]
        joined[name] = both(*present) if len(present) == 2 else next(iter(present), None)
    return joined


def _strictest(
    values: Sequence[Severity | SeverityByPath | None],
) -> Severity | SeverityByPath | None:
    by_path = [value for value in values if isinstance(value, SeverityByPath)]
    plain = [value for value in values if not isinstance(value, SeverityByPath)]
    if not by_path:
        return min(plain, key=STRICTEST_FIRST.index)
    everywhere = PatternList((PatternEntry("*", by_path[0].patterns.items[0].place),))
    others = [SeverityByPath(everywhere, (value,)) for value in plain]
    return by_path[0]._replace(also=(*by_path[0].also, *by_path[1:], *others))


def _number(limit: Limit) -> int:
    return limit.number


# --- The entries


def _in_layer(sheet: LayoutFile, layer: str) -> LayoutFile:
    """A layout in its own layer, or with a layer for each of those that it is composed of.

    Very many layers become a single one, because their number can double with each file that extends two.
    """

    def inside(layers: Layers) -> frozenset[str]:
        if not layers or len(sheet.layers) > _MOST_LAYERS:
            return frozenset([layer])
        return frozenset(f"{layer}.{inner}" for inner in layers)

    layers = inside(sheet.layers)

    def within(entry: Entry) -> Entry:
        own = layers if entry.layers is None else inside(entry.layers)
        children = [within(child) for child in entry.children.values()]
        key = entry.key._replace(layer=f"{layer}.{entry.key.layer}") if entry.key.layer else entry.key
        return entry._replace(key=key, layers=own, children={child.key: child for child in children})

    return with_layers(sheet, inside)._replace(root=within(sheet.root), layers=layers)


class _Policies(Record):
    """The values of `unlisted` that a directory inherits in two layouts and in the composed one."""

    far: Unlisted
    near: Unlisted
    whole: Unlisted


_ROOT = _Policies("forbid", "forbid", "forbid")


def _both(far: Entry, near: Entry, inherited: _Policies) -> Entry:
    """Two entries of one name in two layouts as a single entry with the requirements of both."""
    if far.forbidden or near.forbidden:
        return _forbidden(far, near)
    layers = _layers(far) | _layers(near)
    if not (near.children or near.unlisted) and far._replace(layers=near.layers) == near:
        return near._replace(layers=layers)  # of a layout that both extend, as most are
    policies = _policies(far, near, inherited)
    is_root = not far.key.members
    is_inherited = (
        policies.whole not in (far.unlisted, near.unlisted) if is_root else policies.whole == inherited.whole
    )
    unlisted = None if is_inherited else policies.whole
    level = min(far.level, near.level, key=_LEVELS.index)
    far_decides = near.level is not level or (
        far.level is level and far.closed and policies.whole == policies.far != policies.near
    )
    return near._replace(
        place=far.place if far_decides else near.place,
        born=far.born,
        level=level,
        implied=far.implied and near.implied,
        about=near.about or far.about,
        needs=tuple(dict.fromkeys((*far.needs, *near.needs))),
        without=tuple(dict.fromkeys((*far.without, *near.without))),
        unlisted=unlisted,
        bounds=_bounds(far, near),
        condition=near.condition or far.condition,
        holds=tuple({contents.paths: contents for contents in (*far.holds, *near.holds)}.values()),
        other=near.other or far.other,
        layers=layers,
        children=_children(
            far.children,
            near.children,
            _below(far.unlisted, near.unlisted, unlisted) if is_root else policies,
        ),
    )


def _policies(far: Entry, near: Entry, inherited: _Policies) -> _Policies:
    """The values of `unlisted` for a directory in two layouts, and in both: from the layouts that list it."""
    policies = far.unlisted or inherited.far, near.unlisted or inherited.near
    listing = [policy for entry, policy in zip((far, near), policies, strict=True) if entry.closed]
    whole = min(listing, key=UNLISTED.index) if listing else near.unlisted or far.unlisted or inherited.whole
    return _Policies(*policies, whole)


def _below(*root: Unlisted | None) -> _Policies:
    """The values that the directories in a root inherit: those set at the root, but not its default."""
    return _Policies(*(policy or "allow-files" for policy in root))


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


def _bounds(far: Entry, near: Entry) -> Mapping[str, Limit]:
    """The narrower of the limits of two entries."""
    if not (far.bounds and near.bounds):
        return far.bounds or near.bounds
    bounds = {**far.bounds, **near.bounds}
    for name in far.bounds.keys() & near.bounds.keys():
        narrower = max if name.startswith("min-") else min
        bounds[name] = narrower(far.bounds[name], near.bounds[name], key=_number)
    return bounds


def _children(far: Mapping[Key, Entry], near: Mapping[Key, Entry], inherited: _Policies) -> dict[Key, Entry]:
    """The children of an entry in two layouts.

    Entries that cannot be combined, because their conditions differ or they are groups of different names,
    remain separate in their layers: each applies as it does alone.
    """
    children: dict[Key, Entry] = {}
    if not (far or near):
        return children  # as of all files
    for ours, theirs in _groups(near.values(), far.values()):
        if len(ours) == len(theirs) == 1 and _alike(ours[0], theirs[0]):
            entry = _both(theirs[0], ours[0], inherited)
            children[entry.key] = entry
            continue
        for entry in _apart(ours, theirs, inherited):
            layer = min(_layers(entry), default="") if ours and theirs else entry.key.layer
            key = entry.key._replace(layer=layer)
            children[key] = entry._replace(key=key)
    return _with_halves(children)


def _apart(ours: Sequence[Entry], theirs: Sequence[Entry], inherited: _Policies) -> Iterator[Entry]:
    """Entries that remain separate, except for those that two layouts have from a third one."""
    left = list(theirs)
    for entry in ours:
        same = next(
            (other for other in left if _origin(entry) == _origin(other) and _alike(entry, other)), None
        )
        if same is None:
            yield _keeping(entry, inherited.near, inherited.whole)
        else:
            left.remove(same)
            yield _both(same, entry, inherited)
    for entry in left:
        yield _keeping(entry, inherited.far, inherited.whole)


def _with_halves(children: dict[Key, Entry]) -> dict[Key, Entry]:
    """The entries. Each half of a group of directories and files has the new key of the other half."""
    halves = {_half(key, entry.layers): key for key, entry in children.items()}

    def other(entry: Entry) -> Key | None:
        return halves.get(_half(entry.other, entry.layers), entry.other) if entry.other else None

    return {key: entry._replace(other=other(entry)) for key, entry in children.items()}


def _half(key: Key, layers: Layers) -> tuple[Key, Layers]:
    return key._replace(layer=""), layers


def _keeping(entry: Entry, policy: Unlisted, whole: Unlisted) -> Entry:
    """An entry with the `unlisted` that it inherits in its own layout."""
    return entry if entry.unlisted or policy == whole or not entry.closed else entry._replace(unlisted=policy)


def _alike(one: Entry, other: Entry) -> bool:
    """Whether two entries have the same names and the same condition.

    Patterns must come from the same layout, because in one of two layouts, another entry may govern a name.
    """
    is_pattern = any(member.exact is None for member in one.key.members)
    if is_pattern and _origin(one) != _origin(other):
        return False
    conditions = (entry.condition.paths if entry.condition else () for entry in (one, other))
    return len({*conditions}) == 1 and (
        _is_same_key(one, other) or _alternatives(one) == _alternatives(other)
    )


def _origin(entry: Entry) -> Place:
    """The line that listed an entry first."""
    return entry.born or entry.place


def _is_same_key(one: Entry, other: Entry) -> bool:
    """Whether two entries outside groups have the same key in their layouts, as most do."""
    same = one.key.members == other.key.members and one.key.directory == other.key.directory
    return same and one.key.exclusive == other.key.exclusive and not (one.other or other.other)


def _alternatives(entry: Entry) -> tuple[frozenset[tuple[bool, Name]], bool]:
    """The names of an entry and of the other half of its group, and whether only one may exist."""
    keys = [entry.key, *([entry.other] if entry.other else [])]
    return frozenset((key.directory, member) for key in keys for member in key.members), entry.key.exclusive


def _groups(near: Iterable[Entry], far: Iterable[Entry]) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """The entries of two layouts, grouped by shared names, those of the first layout first."""
    groups: list[tuple[list[Entry], list[Entry]]] = []
    known: dict[tuple[bool, Name], int] = {}
    for side, layout_entries in ((0, near), (1, far)):
        for entry in layout_entries:
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
