"""Finds entries that a layout both requires and forbids: all of their possible names are forbidden.

An exact entry has one path, which is matched. For a pattern, alternatives, a list or a `needs`,
`structlint.layout.inclusion` decides whether every possible path is forbidden. If this is uncertain, the
layout is accepted, and the check of a tree reports requirements that cannot be satisfied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

from structlint.errors import Problem
from structlint.finding import Place
from structlint.layout.entry import Entry, entries
from structlint.layout.keys import STAR, Key, KeyPath, Name, Part, Slot, joined
from structlint.layout.model import Layout
from structlint.layout.variants import Clash, EntryKind, Listings, Variant, Way
from structlint.text.cases import spell
from structlint.text.quoting import short_name

if TYPE_CHECKING:
    from structlint.layout.inclusion import Budget, Prohibition
    from structlint.layout.variants import Names

_MOST_NAMES = 100  # of a list that are checked one by one
_MOST_DIRECTORIES = 16  # of a list that are entered one by one
_MOST_ONE_BY_ONE = 20_000  # in a whole layout
_MOST_TRIES = 1_000_000  # of a pattern on a path, in a whole layout
_ANY_NAME = "zqx"  # a name that most likely no pattern matches
_MOST_SHOWN = 3
_ANY: Names = ((STAR,),)
_MINIMUM = {
    "min-files": Key((Name((STAR,)),), directory=False),
    "min-directories": Key((Name((STAR,)),), directory=True),
}


def impossible(layout: Layout) -> Iterator[Problem]:
    """The impossible entries that are required, needed or, with an exact name, recommended."""
    finder = _Finder(layout)
    if finder.kinds or finder.forbids_entries:
        yield from finder.walk(layout.root, Way(above=(layout.root,)))


class _Finder:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        kinds = (
            EntryKind("forbidden", layout.forbid),
            EntryKind("excluded", layout.exclude),
            EntryKind("local, so never in git", layout.local),
            EntryKind("belongs elsewhere", layout.belongs, elsewhere=True),
        )
        self.kinds = [kind for kind in kinds if kind.reasons.items]
        if any(_at_home_anywhere(layout.root)):
            self.kinds = [kind for kind in self.kinds if not kind.elsewhere]
        self.forbids_entries = any(_forbidden_below(layout.root))
        self.left = _MOST_ONE_BY_ONE
        self.tries = _MOST_TRIES
        self.wild = {kind.why: _wildcards(kind) for kind in self.kinds}
        self.known: dict[str, Prohibition] = {}
        self.searched = set(_searched(layout.root))
        self.listings = Listings(layout)

    @cached_property
    def budget(self) -> Budget:
        from structlint.layout.inclusion import Budget

        return Budget()

    def walk(self, entry: Entry, way: Way) -> Iterator[Problem]:
        """The impossible entries below an entry that is reached on a given way."""
        yield from self._minimum(entry, way)
        for child in entry.children.values():
            if id(child) in self.searched and not self._is_plainly_possible(child, way):
                yield from self._child(child, way)

    def _is_plainly_possible(self, child: Entry, way: Way) -> bool:
        """Whether an entry has one path, no children, and is not forbidden, as for nearly all entries."""
        if (
            self.forbids_entries
            or child.needs
            or child.children
            or child.condition
            or child.holds
            or child.bounds
        ):
            return False
        if child.key.exact is None or _exact(way.steps) is None:
            return False
        path = f"{way.shown}{child.key}"
        return not any(self._may_try(kind) and kind.reasons.match(path) for kind in self.kinds)

    def _may_try(self, kind: EntryKind) -> bool:
        """Whether the budget allows matching another path against each pattern with a wildcard."""
        self.tries -= self.wild[kind.why]
        return self.tries >= 0

    def _child(self, child: Entry, way: Way) -> Iterator[Problem]:
        variants = self._variants(child, way)
        reported: set[str] = set()
        possible = []
        for variant in variants:
            clashes = list(self._clashes(way, variant.names, child.key))
            for clash in clashes:
                if clash.why not in reported and self._counts(child, way, clash):
                    reported.add(clash.why)
                    wanted = "required" if child.required else "recommended"
                    yield _at(child.place, f"{short_name(variant.shown)} is {wanted} here, but {clash}")
            if not clashes:
                possible.append(variant)
        for variant in possible:
            yield from self._needs(child, way, variant)
            yield from self._contents(child, way, variant)
        if child.key.directory and (child.children or child.bounds):
            if len(possible) > _MOST_DIRECTORIES:
                possible = [self._variant(child, way, {})]
            for variant in possible:
                above = (*way.above, child)
                inside = Way((*way.steps, variant.names), variant.shown, variant.values, above)
                yield from self.walk(child, inside)

    def _counts(self, child: Entry, way: Way, clash: Clash) -> bool:
        """Whether an impossible entry is an error, because it is required, or recommended by exact names."""
        if child.key.any_depth or self._has_other_names(child, way):
            return False
        exact = all(ancestor.key.exact is not None for ancestor in (*way.above[1:], child))
        softly = child.wanted and exact and not clash.by_entry
        return softly or (child.required and self._is_required_for_some_value(child, way))

    def _has_other_names(self, child: Entry, way: Way) -> bool:
        """Whether a group allows files instead of directories, and these are not forbidden."""
        files = way.above[-1].children.get(child.other) if child.other and way.above else None
        if files is None:
            return False
        return any(
            not any(True for _ in self._clashes(way, variant.names, files.key))
            for variant in self._variants(files, way)
        )

    def _is_required_for_some_value(self, child: Entry, way: Way) -> bool:
        """Whether a tied entry is required for some value, because its defining entry is required."""
        ties = self.layout.ties
        for placeholder in ties.tied.get(child.id, ()):
            first = ties.defining[placeholder][0]
            defining = [candidate for candidate in first if all(candidate is not a for a in way.above)]
            if not all(candidate.required and not candidate.key.any_depth for candidate in defining):
                return False
        return True

    def _variants(self, child: Entry, way: Way) -> list[Variant]:
        """The entry, repeated for each name of a list if each is required."""
        lists = {
            name: self.layout.names[name].values
            for name in child.key.placeholders
            if name not in way.values and name in self.layout.names and self.layout.names[name].values
        }
        number = prod(map(len, lists.values()))
        if not (lists and child.required and number <= min(_MOST_NAMES, self.left)):
            return [self._variant(child, way, {})]
        self.left -= number
        combinations = product(*lists.values())
        return [
            self._variant(child, way, dict(zip(lists, combination, strict=True)))
            for combination in combinations
        ]

    def _variant(self, child: Entry, way: Way, chosen: Mapping[str, str]) -> Variant:
        values = {**way.values, **chosen}
        filled = tuple(member.given(values) for member in child.key.members)
        if child.key.any_depth:
            return Variant((), f"{way.shown}{child.key}", values)
        shown = str(child.key._replace(members=filled))
        names = tuple(spelled for name in filled for spelled in self._spelled(name))
        return Variant(names, f"{way.shown}{shown}", values)

    def _spelled(self, name: Name) -> Iterator[tuple[Part, ...]]:
        """The possible names, or more if they are not known exactly."""
        lists = [self._texts(slot) for slot in name.slots]
        if prod(map(len, lists)) > _MOST_NAMES:
            lists = [[STAR] for _ in lists]
        for texts in product(*lists):
            waiting = iter(texts)
            yield joined(next(waiting) if isinstance(part, Slot) else part for part in name.parts)

    def _texts(self, slot: Slot) -> Sequence[Part]:
        """The texts that a placeholder with an unknown value may match."""
        naming = self.layout.names.get(slot.placeholder)
        if naming and naming.values:
            return [spell(value, slot.case) if slot.case else value for value in naming.values]
        # A slot with a case may respell the value in any way.
        return [STAR] if slot.case or (naming and naming.case) else [slot]

    def _clashes(self, way: Way, names: Names, key: Key) -> Iterator[Clash]:
        """The ways in which all possible names of an entry are forbidden, and their causes."""
        steps, directory = (*way.steps, names), key.directory
        at_home = directory or any(member.exact is not None for member in key.members)
        for kind in self.kinds:
            if not (kind.elsewhere and at_home) and (cause := self._matched(kind, steps, directory)):
                yield Clash(kind.why, cause)
        if self.forbids_entries and names:
            for table in _tables(way.above):
                if table.key.everywhere and self.listings.lists(
                    way.above[-1], names, directory, table.layers
                ):
                    continue  # no `**/` forbids what a directory lists by its exact name
                if cause := self._governed(table, names, directory):
                    yield Clash("forbidden", cause, by_entry=True)
                    return

    def _matched(self, kind: EntryKind, steps: tuple[Names, ...], directory: bool) -> str:
        """The patterns that match every path with these steps; "" if they do not match all."""
        exact = _exact(steps)
        if exact is None and directory and kind.reasons is self.layout.exclude:
            return ""  # a directory exists even if all of its contents are excluded
        cause: dict[str, None] = {}
        for sample in _samples(steps):
            tried = self._may_try(kind)
            reason = kind.forbids(f"{sample}/" if directory else sample) if tried else None
            if reason is None:
                return ""
            cause[f"{reason.place}: {short_name(reason.pattern)}"] = None
        if exact is None and not self._covers(kind, steps, directory):
            return ""
        more = f" and {len(cause) - _MOST_SHOWN} more" * (len(cause) > _MOST_SHOWN)
        return ", ".join(islice(cause, _MOST_SHOWN)) + more

    def _covers(self, kind: EntryKind, steps: tuple[Names, ...], directory: bool) -> bool:
        if kind.why not in self.known:
            self.known[kind.why] = kind.prohibition()
        return self._none_escapes(self.known[kind.why], steps, directory)

    def _none_escapes(self, forbidding: Prohibition, steps: Iterable[Names], directory: bool) -> bool:
        from structlint.layout import inclusion

        taken = [inclusion.PathStep(names) if names else inclusion.ANY_DEPTH for names in steps]
        try:
            return forbidding.escape(taken, self.budget, directory=directory) is None
        except inclusion.Undecided:
            return False

    def _governed(self, table: Entry, names: Names, directory: bool) -> str:
        """The entry that forbids all these names in a directory that `table` governs; "" without one."""
        for listed in self.listings.of(table, directory):
            entry = listed.first(_sample(names[0])) if listed.forbids else None
            if entry and entry.forbidden and self._none_escapes(listed.prohibition, [names], directory):
                above = "**/" if table.key.everywhere else ""
                return f"{entry.place}: {short_name(f'{above}{entry.key}')}"
        return ""

    def _needs(self, child: Entry, way: Way, variant: Variant) -> Iterator[Problem]:
        if not (child.required and self._is_required_for_some_value(child, way)):
            return
        for need in child.needs:
            start = Way(above=way.above[:1]) if need.from_root else way
            if cause := self._unmet(need.path, start, variant.values):
                shown = short_name(start.shown + _filled(need.path, variant.values))
                yield _at(need.place, f"{shown} is required here, but {cause}")

    def _contents(self, child: Entry, way: Way, variant: Variant) -> Iterator[Problem]:
        """The `if` and the `holds` of a required directory without a possible path."""
        if not (child.required and self._is_required_for_some_value(child, way)):
            return
        inside = Way((*way.steps, variant.names), variant.shown, variant.values, (*way.above, child))
        for contents in (child.condition, *child.holds) if child.condition else child.holds:
            reasons = [self._unmet(path, inside, variant.values) for path in contents.paths]
            if reasons and all(reasons):
                shown = short_name(_filled(contents.paths[0], variant.values))
                where = short_name(variant.shown.rstrip("/") + "/")
                yield _at(contents.place, f"{shown} is required in {where}, but {reasons[0]}")

    def _minimum(self, entry: Entry, way: Way) -> Iterator[Problem]:
        """The minimum numbers of a directory in which all files or directories are forbidden."""
        for setting, key in _MINIMUM.items():
            bound = entry.bounds.get(setting)
            if bound and bound.number and (clash := next(self._clashes(way, _ANY, key), None)):
                yield _at(bound.place, f"{short_name(f'{way.shown}{key}')} is required here, but {clash}")

    def _unmet(self, path: KeyPath, way: Way, values: Mapping[str, str]) -> str:
        """The reason why a path that an entry needs cannot exist; "" if it can."""
        for step in path.steps:
            if step.everywhere:
                way = way._replace(steps=(*way.steps, ()), above=())
                continue
            filled = [member.given(values) for member in step.members]
            names = tuple(spelled for name in filled for spelled in self._spelled(name))
            for clash in self._clashes(way, names, step):
                return str(clash)
            inside = way.above[-1].children.get(step) if way.above else None
            above = (*way.above, inside) if inside and way.above else ()
            way = way._replace(steps=(*way.steps, names), above=above)
        return ""


def _filled(path: KeyPath, values: Mapping[str, str]) -> str:
    """A path with the known values of its placeholders filled in."""
    steps = (step._replace(members=tuple(name.given(values) for name in step.members)) for step in path.steps)
    return "".join(map(str, steps))


def _at(place: Place, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, message)


def _wildcards(kind: EntryKind) -> int:
    """The number of patterns with wildcards."""
    return sum(not pattern.exact for pattern in kind.reasons.patterns.items)


def _searched(entry: Entry) -> Iterator[int]:
    """The ids of the entries below one that are required, recommended or limited, or lead to such entries."""
    for child in entry.children.values():
        below = () if child.forbidden else tuple(_searched(child))
        if child.wanted or child.bounds or below:
            yield from (id(child), *below)


def _forbidden_below(entry: Entry) -> Iterator[bool]:
    for child in entry.children.values():
        yield child.forbidden
        yield from _forbidden_below(child)


def _at_home_anywhere(root: Entry) -> Iterator[bool]:
    """Whether exact names are listed in many directories, where other entries may list them too."""
    for above, entry in entries(root):
        if any(ancestor.key.any_depth for ancestor in above):
            yield any(member.exact is not None for member in entry.key.members)


def _tables(above: Sequence[Entry]) -> Iterator[Entry]:
    """The entries that certainly govern a directory: its own, and each `**/` of its parents.

    A `**/` with an `if` may not apply.
    """
    if above:
        yield above[-1]
    for entry in above[:-1]:
        every = (child for child in entry.children.values() if child.key.everywhere)
        yield from (child for child in every if not child.condition)


def _exact(steps: Iterable[Names]) -> str | None:
    """The only path with these steps; None if there may be several."""
    names = [names[0][0] if len(names) == 1 and len(names[0]) == 1 else STAR for names in steps]
    texts = [name for name in names if isinstance(name, str)]
    return "/".join(texts) if len(texts) == len(names) else None


def _samples(steps: Sequence[Names]) -> Iterator[str]:
    """A path for each name of the last step."""
    above = "".join(f"{_sample(names[0]) if names else _ANY_NAME}/" for names in steps[:-1])
    return (above + (_sample(step) if step else _ANY_NAME) for step in steps[-1] or ((),))


def _sample(parts: Iterable[Part]) -> str:
    return "".join(part if isinstance(part, str) else _ANY_NAME for part in parts)
