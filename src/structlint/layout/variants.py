"""Compares the possible names of an entry with the forbidden ones, to find impossible entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from structlint.layout.entry import entries, share
from structlint.layout.keys import STAR, Part, Slot
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.layout.entry import Entry, Layers
    from structlint.layout.inclusion import Prohibition
    from structlint.layout.keys import Name
    from structlint.layout.model import Layout, PatternEntry, PatternList


Names = tuple[tuple[Part, ...], ...]  # the names that one step of a path may have


class Way(Record):
    """The way to a directory: the steps of its path, its path for messages, and the entries above it.

    A step without names matches any directories. `values` has the known values of placeholders, and `above`
    has the entries from the root to the directory's own.
    """

    steps: tuple[Names, ...] = ()
    shown: str = ""
    values: Mapping[str, str] = MappingProxyType({})
    above: tuple[Entry, ...] = ()


class Variant(Record):
    """An entry with values for some of its placeholders."""

    names: Names
    shown: str
    values: Mapping[str, str]


class Clash(Record):
    """The way in which a path is forbidden, and the cause: patterns or an entry of the tree."""

    why: str
    cause: str
    by_entry: bool = False

    def __str__(self) -> str:
        return f"{self.why} ({self.cause})"


class EntryKind(Record):
    """Patterns that forbid in one of several ways; with `elsewhere`, only outside the right directories."""

    why: str
    reasons: PatternList
    elsewhere: bool = False

    def forbids(self, path: str) -> PatternEntry | None:
        """The pattern that forbids a path."""
        reason = self.reasons.match(path)
        return None if reason and self.elsewhere and reason.is_home_to(path) else reason

    def prohibition(self) -> Prohibition:
        """The same for all paths, as far as it is certain for `belongs`."""
        from structlint.layout.gitignore import Patterns, escape_pattern
        from structlint.layout.inclusion import Prohibition

        items = self.reasons.patterns.items
        if not self.elsewhere:
            return Prohibition.of_patterns(items)
        homes = {home for reason in self.reasons.items for home in reason.targets}
        at_home = Patterns(
            [f"!/{escape_pattern(home.lstrip('/'))}{'**' if home != '/' else '*'}" for home in homes]
        )
        return Prohibition.of_patterns([*items, *at_home.items], inside=False)


class Listed:
    """The files, or the directories, that an entry lists; the first match governs a name."""

    def __init__(self, children: Iterable[Entry], is_free: Callable[[Name], bool]) -> None:
        members = [
            (name, child) for child in children if not child.key.any_depth for name in child.key.members
        ]
        self.exact = {name.exact: child for name, child in members if name.exact is not None}
        patterns = [(name, child) for name, child in members if name.exact is None]
        self.patterns = sorted(patterns, key=lambda pattern: -pattern[0].literal_characters)
        self.forbids = any(child.forbidden for _, child in members)
        self._is_free = is_free

    def first(self, name: str) -> Entry | None:
        """The entry that governs a name, if all its placeholders may have any value."""
        fitting = (child for member, child in self.patterns if member.match(name, _any) is not None)
        return self.exact.get(name) or next(fitting, None)

    @cached_property
    def prohibition(self) -> Prohibition:
        """The names that are certainly forbidden."""
        from structlint.layout.inclusion import Prohibition

        known: list[tuple[tuple[Part, ...], bool]] = []
        for name, child in self.patterns:
            if not child.forbidden:
                known.append((tuple(STAR if isinstance(part, Slot) else part for part in name.parts), False))
            elif self._is_free(name):
                known.append((name.parts, True))
        exact = (((name,), child.forbidden) for name, child in self.exact.items())
        return Prohibition.of_names([*reversed(known), *exact])


def _any(slot: Slot, value: str) -> bool:
    return True


class Listings:
    """The names that entries list in directories."""

    def __init__(self, layout: Layout) -> None:
        self._is_free = _FreeNames(layout).has
        self._tables: dict[tuple[int, bool], list[Listed]] = {}
        self._exact: dict[tuple[int, bool, Layers], set[tuple[Part, ...]]] = {}

    def of(self, table: Entry, directory: bool) -> list[Listed]:
        """The children of an entry, in each of its layers: each layer may forbid a name."""
        if (id(table), directory) not in self._tables:
            children = [listed for listed in table.children.values() if listed.key.directory == directory]
            layers = {layer for child in children for layer in child.layers or ()}
            groups = [
                tuple(child for child in children if share(child.layers, frozenset([layer])))
                for layer in sorted(layers)
            ]
            by_ids = {tuple(map(id, group)): group for group in groups or [tuple(children)]}
            self._tables[id(table), directory] = [Listed(group, self._is_free) for group in by_ids.values()]
        return self._tables[id(table), directory]

    def lists(self, table: Entry, names: Names, directory: bool, layers: Layers) -> bool:
        """Whether entries in the same layers that are not `**/` list all these names exactly."""
        exact = self._exact.get((id(table), directory, layers))
        if exact is None:
            children = [child for child in table.children.values() if not table.key.any_depth]
            exact = self._exact[id(table), directory, layers] = {
                (member.exact,)
                for child in children
                if child.key.directory == directory and share(child.layers, layers)
                for member in child.key.members
                if member.exact is not None
            }
        return all(name in exact for name in names)


class _FreeNames:
    """The names whose placeholders are unrestricted: each occurs only once and is not in `names`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def has(self, member: Name) -> bool:
        """Whether a forbidden name is forbidden with all values of its placeholders."""
        slots = [slot.placeholder for slot in member.slots]
        return all(self._places[name] == 1 and name not in self._layout.names for name in slots)

    @cached_property
    def _places(self) -> Counter[str]:
        """The number of occurrences of each placeholder in the tree."""
        names = (name for _, entry in entries(self._layout.root) for name in entry.key.members)
        return Counter(slot.placeholder for name in names for slot in name.slots)
