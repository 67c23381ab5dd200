"""Which entry governs a name: one that is exactly the name, else the pattern that says most of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from structlint.layout.entry import Entry
from structlint.layout.keys import EVERYWHERE, Admits, Name
from structlint.matching.model import NameMatch, NameMatches
from structlint.matching.values import PlaceholderValues
from structlint.tree import Directory

Governing = tuple[Entry, NameMatch]
InRightCase = Callable[[NameMatch], bool]


class NameTable:
    """The files, or the directories, among the children of an entry, arranged for looking up a name.

    `placeholders` are those of the patterns. As long as none of them has a value, the result of a lookup
    depends on the name alone: `known_names` caches it by name, `known_listings` by all names of a directory.
    """

    def __init__(self, children: Iterable[Entry], directory: bool) -> None:
        self.directory = directory
        self.exact: dict[str, tuple[Entry, Name]] = {}
        self.patterns: list[tuple[Name, Entry]] = []
        self.known_names: dict[str, Governing | None] = {}
        self.known_listings: dict[tuple[str, ...], Mapping[int, NameMatches]] = {}
        for child in children:
            for member in child.key.members:
                if member.exact is None:
                    self.patterns.append((member, child))
                else:
                    self.exact[member.exact] = (child, member)
        self.patterns.sort(key=lambda pattern: -pattern[0].literal_characters)
        self.placeholders = frozenset(slot.placeholder for name, _ in self.patterns for slot in name.slots)

    def governing(self, name: str, admits: Admits, in_right_case: InRightCase) -> Governing | None:
        """The entry that governs a name, with the match; None if no entry lists it.

        Of several alternatives of an entry that match the name, one in whose case it is comes first.
        """
        if exact := self.exact.get(name):
            return exact[0], NameMatch(name, exact[1], {})
        for member, child in self.patterns:
            values = member.match(name, admits)
            if values is not None:
                first = NameMatch(name, member, values)
                return child, next(filter(in_right_case, self._alternatives(first, child, admits)), first)
        return None

    def _alternatives(self, first: NameMatch, child: Entry, admits: Admits) -> Iterator[NameMatch]:
        """The ways in which the alternatives of an entry match a name, `first` before the others."""
        yield first
        for member in child.key.members:
            if member is not first.member and (values := member.match(first.name, admits)) is not None:
                yield NameMatch(first.name, member, values)


class ChildTable:
    """The children of an entry in the order in which they are matched, and arranged for lookups.

    The children that are `**/` are in `everywhere` only. `closed` means that the entry lists the content of
    its directory.
    """

    def __init__(self, entry: Entry) -> None:
        self.in_turn = [child for child in entry.in_turn() if child.key != EVERYWHERE]
        self.everywhere = [child for child in entry.in_turn() if child.key == EVERYWHERE]
        self.closed = entry.closed and entry.key != EVERYWHERE
        # Of patterns that fit alike the one that is written earlier, in the nearer file, governs a name.
        written = [child for child in entry.children.values() if child.key != EVERYWHERE]
        self.files = NameTable((child for child in written if not child.key.directory), directory=False)
        self.directories = NameTable((child for child in written if child.key.directory), directory=True)

    def of(self, directory: bool) -> NameTable:
        """The directories, or the files."""
        return self.directories if directory else self.files


class Lookup:
    """Finds the entries that govern names. The table of each entry is made once."""

    def __init__(self, values: PlaceholderValues) -> None:
        self._values = values
        self._tables: dict[int, ChildTable] = {}

    def table(self, entry: Entry) -> ChildTable:
        """The children of an entry, arranged for lookups."""
        table = self._tables.get(entry.id)
        if table is None:
            table = self._tables[entry.id] = ChildTable(entry)
        return table

    def assign(
        self, directory: Directory, table: ChildTable, known: Mapping[str, str]
    ) -> dict[int, NameMatches]:
        """The names in a directory by the `id` of the child that governs them.

        `known` are the values that placeholders have in the directory.
        """
        files = self._assigned(tuple(directory.files), table.files, known)
        return {**files, **self._assigned(tuple(directory.directories), table.directories, known)}

    def entry_for(self, parent: Entry, name: str, directory: bool) -> Entry | None:
        """The child of an entry that governs a name, if no placeholder has a value; None if none does."""
        governing = (
            self.table(parent)
            .of(directory)
            .governing(name, self._values.admits({}), self._values.in_right_case(directory))
        )
        return governing[0] if governing else None

    def alternatives(
        self, parent: Entry, name: str, directory: bool, known: Mapping[str, str]
    ) -> Iterable[Governing]:
        """All children whose pattern a name fits, the one that says most of it first."""
        admits = self._values.admits(known)
        for member, child in self.table(parent).of(directory).patterns:
            values = member.match(name, admits)
            if values is not None:
                yield child, NameMatch(name, member, values)

    def _assigned(
        self, names: tuple[str, ...], table: NameTable, known: Mapping[str, str]
    ) -> Mapping[int, NameMatches]:
        if not known.keys().isdisjoint(table.placeholders):
            return self._assigned_anew(names, table, {}, known)
        if names not in table.known_listings:
            table.known_listings[names] = self._assigned_anew(names, table, table.known_names, known)
        return table.known_listings[names]

    def _assigned_anew(
        self,
        names: Iterable[str],
        table: NameTable,
        known_names: dict[str, Governing | None],
        known: Mapping[str, str],
    ) -> Mapping[int, NameMatches]:
        """The same, looking up each name that is not in `known_names`, and adding it there."""
        assigned: dict[int, list[NameMatch]] = {}
        admits = self._values.admits(known)
        in_right_case = self._values.in_right_case(table.directory)
        for name in names:
            if name not in known_names:
                known_names[name] = table.governing(name, admits, in_right_case)
            if governing := known_names[name]:
                assigned.setdefault(governing[0].id, []).append(governing[1])
        return {entry_id: NameMatches(matches) for entry_id, matches in assigned.items()}
