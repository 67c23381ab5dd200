"""Which entry governs a name: one that is exactly the name, else the pattern that says most of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from structlint.layout.entry import Entry
from structlint.layout.keys import EVERYWHERE, Admits, Name
from structlint.matching.contents import ContentFinder
from structlint.matching.model import Assigned, NameMatch, NameMatches
from structlint.matching.values import PlaceholderValues
from structlint.tree import Directory

Governing = tuple[Entry, NameMatch]
InRightCase = Callable[[NameMatch], bool]


class NameTable:
    """The files, or the directories, among the children of an entry, arranged for looking up a name.

    `placeholders` are those of the patterns. As long as none of them has a value, the result of a lookup
    depends on the name alone: `known_names` caches it by name, `known_listings` by all names of a directory.
    `conditional` means that one of the children has an `if`, so that it depends on contents too.
    """

    def __init__(self, children: Sequence[Entry], directory: bool) -> None:
        self.directory = directory
        self.conditional = any(child.condition for child in children)
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

    def fitting(self, name: str, admits: Admits, in_right_case: InRightCase) -> Iterator[Governing]:
        """The entries that a name fits, each with the match, the one that describes it most exactly first.

        Of several alternatives of an entry that match the name, one in whose case it is comes first.
        """
        if exact := self.exact.get(name):
            yield exact[0], NameMatch(name, exact[1], {})
        for member, child in self.patterns:
            values = member.match(name, admits)
            if values is not None:
                first = NameMatch(name, member, values)
                yield child, next(filter(in_right_case, self._alternatives(first, child, admits)), first)

    def _alternatives(self, first: NameMatch, child: Entry, admits: Admits) -> Iterator[NameMatch]:
        """The ways in which the alternatives of an entry match a name, `first` before the others."""
        yield first
        for member in child.key.members:
            if member is not first.member and (values := member.match(first.name, admits)) is not None:
                yield NameMatch(first.name, member, values)


class ChildTable:
    """The children of an entry in the order in which they are matched, and arranged for lookups.

    The children that are `**/` are in `everywhere` only, those such as `<dir**>/` in `paths` only. `closed`
    means that the entry lists the content of its directory; a `**/` does so where it has an `unlisted`.
    `exact` are the names without a wildcard, a directory's with its "/".
    """

    def __init__(self, entry: Entry) -> None:
        self.in_turn = [child for child in entry.in_turn() if not child.key.any_depth]
        self.paths = [child for child in entry.in_turn() if child.key.path_placeholder]
        self.everywhere = [child for child in entry.in_turn() if child.key == EVERYWHERE]
        self.closed = entry.closed and (
            entry.key != EVERYWHERE or entry.unlisted in ("allow-files", "forbid")
        )
        # Of patterns that fit alike the one that is written earlier, in the nearer file, governs a name.
        written = [child for child in entry.children.values() if not child.key.any_depth]
        self.files = NameTable([child for child in written if not child.key.directory], directory=False)
        self.directories = NameTable([child for child in written if child.key.directory], directory=True)
        self.exact = frozenset((*self.files.exact, *(f"{name}/" for name in self.directories.exact)))

    def of(self, directory: bool) -> NameTable:
        """The directories, or the files."""
        return self.directories if directory else self.files


class Lookup:
    """Finds the entries that govern names. The table of each entry is made once."""

    def __init__(self, values: PlaceholderValues, contents: ContentFinder) -> None:
        self._values = values
        self._contents = contents
        self._tables: dict[int, ChildTable] = {}

    def table(self, entry: Entry) -> ChildTable:
        """The children of an entry, arranged for lookups."""
        table = self._tables.get(entry.id)
        if table is None:
            table = self._tables[entry.id] = ChildTable(entry)
        return table

    def assign(self, directory: Directory, table: ChildTable, known: Mapping[str, str]) -> Assigned:
        """The names in a directory by the child that governs them.

        `known` are the values that placeholders have in the directory.
        """
        files = self._assigned(tuple(directory.files), table.files, known)
        if table.directories.conditional:
            found = self._members(directory, table.directories, known)
            return found._replace(names={**files, **found.names})
        directories = self._assigned(tuple(directory.directories), table.directories, known)
        return Assigned({**files, **directories}, {})

    def entry_for(
        self,
        parent: Entry,
        name: str,
        inside: Directory | None,
        known: Mapping[str, str],
        *,
        any_value: bool = True,
    ) -> Entry | None:
        """The child of an entry that governs a name, None if none does.

        `inside` is the directory of this name, None for a file. `known` are the values that placeholders have
        beside it. With `any_value` only an `if` makes use of them.
        """
        for child, match in self._fitting(parent, name, inside is not None, {} if any_value else known):
            if inside is None:
                return child
            member = self._contents.is_member(child, inside, {**known, **match.values})
            if member is not False:
                return child if member else None
        return None

    def rejecting(
        self, parent: Entry, name: str, inside: Directory, known: Mapping[str, str]
    ) -> Entry | None:
        """The child whose name a directory fits, but which has an `if` that the directory does not meet."""
        for child, match in self._fitting(parent, name, True, known):
            if self._contents.is_member(child, inside, {**known, **match.values}) is False:
                return child
        return None

    def applies(self, everywhere: Entry, directory: Directory, known: Mapping[str, str]) -> bool:
        """Whether a `**/` applies to a directory below its own."""
        return self._contents.is_member(everywhere, directory, known) is True

    def alternatives(
        self, parent: Entry, name: str, inside: Directory | None, known: Mapping[str, str]
    ) -> Iterable[Governing]:
        """All children whose pattern a name fits, the one that describes it most exactly first.

        With several placeholders a name may fit a pattern in several ways.
        """
        admits = self._values.admits(known)
        for member, child in self.table(parent).of(inside is not None).patterns:
            for values in member.readings(name, admits):
                if inside is None or self._contents.is_member(child, inside, {**known, **values}):
                    yield child, NameMatch(name, member, values)

    def _fitting(
        self, parent: Entry, name: str, directory: bool, known: Mapping[str, str]
    ) -> Iterator[Governing]:
        table = self.table(parent).of(directory)
        return table.fitting(name, self._values.admits(known), self._values.in_right_case(directory))

    def _members(self, directory: Directory, table: NameTable, known: Mapping[str, str]) -> Assigned:
        """The subdirectories by the child that governs them, where an `if` decides on some."""
        names: dict[int, list[NameMatch]] = {}
        undecided: dict[int, list[NameMatch]] = {}
        admits, in_right_case = self._values.admits(known), self._values.in_right_case(table.directory)
        for name, inside in directory.directories.items():
            for child, match in table.fitting(name, admits, in_right_case):
                member = self._contents.is_member(child, inside, {**known, **match.values})
                if member is None:
                    undecided.setdefault(child.id, []).append(match)
                elif member:
                    names.setdefault(child.id, []).append(match)
                if member is not False:
                    break
        return Assigned({number: NameMatches(each) for number, each in names.items()}, undecided)

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
                known_names[name] = next(table.fitting(name, admits, in_right_case), None)
            if governing := known_names[name]:
                assigned.setdefault(governing[0].id, []).append(governing[1])
        return {entry_id: NameMatches(matches) for entry_id, matches in assigned.items()}
