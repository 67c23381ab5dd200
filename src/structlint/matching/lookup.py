"""Decides which entry governs a name: the one with this exact name, else the most specific pattern."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from structlint.layout.entry import Entry, Layers
from structlint.layout.keys import Admits, Name, Slot
from structlint.matching.contents import ContentFinder
from structlint.matching.model import Assigned, NameMatch, NameMatches
from structlint.matching.values import PlaceholderValues
from structlint.tree import Directory

Governing = tuple[Entry, NameMatch]
InRightCase = Callable[[NameMatch], bool]


class NameTable:
    """The files, or the directories, among the children of an entry, arranged for looking up a name.

    `layers` are those of the whole layout, if some of the children are in few of them. `placeholders` are
    those of the patterns. As long as none of them has a value, the result of a lookup depends on the name
    alone: `known_names` caches it by name, `known_listings` by all names of a directory.
    `conditional` means that one of the children has an `if`, so that it depends on contents too.
    """

    def __init__(self, children: Sequence[Entry], directory: bool, layers: frozenset[str]) -> None:
        self.directory = directory
        self.layers = layers if any(child.layers is not None for child in children) else frozenset()
        self.conditional = any(child.condition for child in children)
        self.exact: dict[str, list[tuple[Entry, Name]]] = {}
        self.patterns: list[tuple[Name, Entry]] = []
        self.known_names: dict[str, tuple[Governing, ...]] = {}
        self.known_listings: dict[tuple[str, ...], Mapping[int, NameMatches]] = {}
        for child in children:
            for member in child.key.members:
                if member.exact is None:
                    self.patterns.append((member, child))
                else:
                    self.exact.setdefault(member.exact, []).append((child, member))
        self.patterns.sort(key=lambda pattern: (-pattern[0].literal_characters, not pattern[1].condition))
        self._tried = [(*member.ends, member, child) for member, child in self.patterns]
        self.placeholders = frozenset(slot.placeholder for name, _ in self.patterns for slot in name.slots)

    def fitting(self, name: str, admits: Admits, in_right_case: InRightCase) -> Iterator[Governing]:
        """The entries that a name fits, each with the match, the one that describes it most exactly first.

        Of several alternatives of an entry that match the name, one in whose case it is comes first. Only if
        the entry has an `if`, which may depend on the values, the other ways to match the name follow.
        """
        for child, member in self.exact.get(name, ()):
            yield child, NameMatch(name, member, {})
        for begin, end, member, child in self._tried:
            if not (name.startswith(begin) and name.endswith(end)):
                continue
            values = member.match(name, admits)
            if values is not None:
                match = NameMatch(name, member, values)
                if child.condition:
                    yield from ((child, each) for each in self._readings(match, child, admits, in_right_case))
                    continue
                if len(child.key.members) > 1:
                    match = next(filter(in_right_case, self._alternatives(match, child, admits)), match)
                yield child, match

    def governing(self, fitting: Iterator[Governing]) -> Iterator[Governing]:
        """The first of the entries that match a name; for a composed layout, the first in each layer."""
        return self._first_in_layers(fitting) if self.layers else islice(fitting, 1)

    def _first_in_layers(self, fitting: Iterator[Governing]) -> Iterator[Governing]:
        taken: set[str] = set()
        for candidate in fitting:
            layers = candidate[0].layers
            if layers is None or not layers <= taken:
                yield candidate
            taken |= self.layers if layers is None else layers
            if taken >= self.layers:
                return

    def decided(
        self, names: list[str], admits_any: Callable[[Slot], bool]
    ) -> tuple[dict[str, tuple[Governing, ...]], list[str]]:
        """Decides many names together, those for which their beginnings and ends suffice; returns the others.

        No placeholder has a value. `admits_any` is a method of `PlaceholderValues`.
        """
        if self.layers:
            return {}, names
        decided: dict[str, tuple[Governing, ...]] = {}
        others, left = [], names
        if not self.exact.keys().isdisjoint(names):
            others = [name for name in names if name in self.exact]
            left = [name for name in names if name not in self.exact]
        for begin, end, member, child in self._tried if left else ():
            fitting = [name for name in left if name.startswith(begin) and name.endswith(end)]
            if not fitting:
                continue
            matches: list[NameMatch] | None = None
            gone: Collection[str]
            if not child.condition and len(child.key.members) == 1:
                matches = _matches_of_one_wildcard(fitting, member, admits_any)
            if matches is None:
                others += fitting
                gone = {*fitting}
            else:
                decided.update([(match.name, ((child, match),)) for match in matches])
                gone = decided.keys()
            left = [name for name in left if name not in gone]
        return {**decided, **dict.fromkeys(left, ())}, others

    def _alternatives(self, first: NameMatch, child: Entry, admits: Admits) -> Iterator[NameMatch]:
        """The ways in which the alternatives of an entry match a name, `first` before the others."""
        yield first
        for member in child.key.members:
            if member is not first.member and (values := member.match(first.name, admits)) is not None:
                yield NameMatch(first.name, member, values)

    def _readings(
        self, first: NameMatch, child: Entry, admits: Admits, in_right_case: InRightCase
    ) -> list[NameMatch]:
        """The ways in which an entry matches a name; of alternatives, those in the right case first."""
        alternatives = list(self._alternatives(first, child, admits))
        readings = [
            NameMatch(first.name, one.member, values)
            for one in alternatives
            for values in one.member.readings(first.name, admits)
        ]
        return (
            readings
            if len(alternatives) == 1
            else sorted(readings, key=lambda match: not in_right_case(match))
        )


def _matches_of_one_wildcard(
    names: Sequence[str], member: Name, admits_any: Callable[[Slot], bool]
) -> list[NameMatch] | None:
    """The names that a member with one wildcard matches; None if it has more, or restricts the values."""
    before, wildcard, after = member.around or ("", None, "")
    if wildcard is None or member.ends != (before, after):
        return None
    start, cut = len(before), len(after)
    if not isinstance(wildcard, Slot):
        return [NameMatch(name, member, {}) for name in names if len(name) >= start + cut]
    if not admits_any(wildcard):
        return None
    placeholder = wildcard.placeholder
    return [
        NameMatch(name, member, {placeholder: name[start : len(name) - cut]})
        for name in names
        if len(name) > start + cut and not name.startswith(".", start)
    ]


_NO_CHILDREN = {directory: NameTable((), directory, frozenset()) for directory in (False, True)}


def _table(children: Sequence[Entry], directory: bool, layers: frozenset[str]) -> NameTable:
    """The table of some children; the many directories without any share one."""
    return NameTable(children, directory, layers) if children else _NO_CHILDREN[directory]


class ChildTable:
    """The children of an entry in the order in which they are matched, and arranged for lookups.

    `**/` children are only in `everywhere`, children such as `<dir**>/` only in `paths`. `closed`
    means that the entry lists the content of its directory; a `**/` does so if it has an `unlisted`.
    `exact` are the names without a wildcard, a directory's with its "/", with the layers that list them.
    """

    def __init__(self, entry: Entry, layers: frozenset[str]) -> None:
        children = entry.in_turn()
        deep = [child for child in children if child.key.any_depth]
        self.in_turn = [child for child in children if not child.key.any_depth] if deep else children
        self.paths = [child for child in deep if child.key.path_placeholder]
        self.everywhere = [child for child in deep if child.key.everywhere]
        self.closed = entry.closed and (
            not entry.key.everywhere or entry.unlisted in ("allow-files", "forbid")
        )
        # Of equally specific patterns, the first one, in the nearer file, governs a name.
        written = entry.children.values()
        self.files = _table([child for child in written if not child.key.directory], False, layers)
        directories = [child for child in written if child.key.directory and not child.key.any_depth]
        self.directories = _table(directories, True, layers)
        self.layered = bool(self.files.layers or self.directories.layers)
        self.exact = {**_layers_of(self.files, ""), **_layers_of(self.directories, "/")}
        self._entry = entry

    @cached_property
    def only_names(self) -> frozenset[str] | None:
        """The names of the children if they are optional files without a wildcard, and nothing else is set.

        Such an entry does not matter in a directory that contains none of them.
        """
        return _only_names(self._entry)

    def of(self, directory: bool) -> NameTable:
        """The directories, or the files."""
        return self.directories if directory else self.files


def _only_names(entry: Entry) -> frozenset[str] | None:
    children = entry.children.values()
    optional = (child for child in children if not (child.wanted or child.forbidden or child.key.directory))
    keys = [child.key for child in optional]
    if not keys or len(keys) < len(children) or entry.unlisted or entry.bounds or entry.holds or entry.needs:
        return None
    names = [member.exact for key in keys for member in key.members]
    return None if None in names else frozenset(filter(None, names))


def _layers_of(table: NameTable, slash: str) -> dict[str, Layers]:
    """The names without a wildcard in a table, with the layers that list them."""
    layers_of: dict[str, Layers] = {}
    for name, known in table.exact.items():
        listed = [child.layers for child, _ in known]
        layers_of[f"{name}{slash}"] = None if None in listed else frozenset().union(*filter(None, listed))
    return layers_of


class Lookup:
    """Finds the entries that govern names. The table of each entry is made once.

    `layers` are those of a composed layout.
    """

    def __init__(self, values: PlaceholderValues, contents: ContentFinder, layers: frozenset[str]) -> None:
        self._values = values
        self._contents = contents
        self._layers = layers
        self._tables: dict[int, ChildTable] = {}

    def table(self, entry: Entry) -> ChildTable:
        """The children of an entry, arranged for lookups."""
        table = self._tables.get(entry.id)
        if table is None:
            table = self._tables[entry.id] = ChildTable(entry, self._layers)
        return table

    def assign(self, directory: Directory, table: ChildTable, known: Mapping[str, str]) -> Assigned:
        """The names in a directory by the child that governs them.

        `known` are the values that placeholders have in the directory.
        """
        files = self._assigned(tuple(directory.files), table.files, known)
        if table.directories.conditional:
            members = self._members(directory, table.directories, known)
            return members._replace(names={**files, **members.names})
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
        beside it. With `any_value` only an `if` needs them.
        """
        governing = self._governing(parent, name, inside, known, {} if any_value else known)
        return governing[0] if governing else None

    def next_step(
        self, parent: Entry, name: str, inside: Directory, known: Mapping[str, str]
    ) -> tuple[Entry | None, Mapping[str, str]]:
        """The child of an entry that governs a directory, and the values that placeholders have in it."""
        child, match = self._governing(parent, name, inside, known, known) or (None, None)
        return child, {**known, **match.values} if match else known

    def _governing(
        self,
        parent: Entry,
        name: str,
        inside: Directory | None,
        known: Mapping[str, str],
        admitted: Mapping[str, str],
    ) -> Governing | None:
        for child, match in self._fitting(parent, name, inside is not None, admitted):
            member = self.is_member(child, match, inside, known)
            if member is not False:
                return (child, match) if member else None
        return None

    def rejecting(
        self, parent: Entry, name: str, inside: Directory, known: Mapping[str, str]
    ) -> Entry | None:
        """The child that matches a directory's name, but has an `if` that the directory does not meet."""
        for child, match in self._fitting(parent, name, True, known):
            if self._contents.is_member(child, inside, {**known, **match.values}) is False:
                return child
        return None

    def applies(self, everywhere: Entry, directory: Directory, known: Mapping[str, str]) -> bool:
        """Whether a `**/` applies to a directory below its own, and can matter there."""
        names = self.table(everywhere).only_names
        if names is not None and names.isdisjoint(directory.files):
            return False
        return self._contents.is_member(everywhere, directory, known) is True

    def alternatives(
        self, parent: Entry, name: str, inside: Directory | None, known: Mapping[str, str]
    ) -> Iterable[Governing]:
        """All children whose pattern a name fits, the one that describes it most exactly first.

        A directory that is not read may be a member of one with an `if`. A pattern with several placeholders
        may match a name in several ways.
        """
        admits = self._values.admits(known)
        for member, child in self.table(parent).of(inside is not None).patterns:
            for values in member.readings(name, admits):
                match = NameMatch(name, member, values)
                if self.is_member(child, match, inside, known) is not False:
                    yield child, match

    def is_member(
        self, entry: Entry, match: NameMatch, inside: Directory | None, known: Mapping[str, str]
    ) -> bool | None:
        """Whether an entry may govern a name because of its `if`; None if the directory is not read."""
        return inside is None or self._contents.is_member(entry, inside, {**known, **match.values})

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

        def possible(fitting: Iterator[Governing], inside: Directory) -> Iterator[Governing]:
            for child, match in fitting:
                values = {**known, **match.values} if child.condition else known
                if self._contents.is_member(child, inside, values) is not False:
                    yield child, match

        for name, inside in directory.directories.items():
            fitting = table.fitting(name, admits, in_right_case)
            for child, match in table.governing(possible(fitting, inside)):
                is_certain = not inside.opaque or self.is_member(child, match, inside, known)
                (names if is_certain else undecided).setdefault(child.id, []).append(match)
        return Assigned({number: NameMatches(matches) for number, matches in names.items()}, undecided)

    def _assigned(
        self, names: tuple[str, ...], table: NameTable, known: Mapping[str, str]
    ) -> Mapping[int, NameMatches]:
        if not (names and (table.exact or table.patterns)):
            return {}
        if not known.keys().isdisjoint(table.placeholders):
            return self._assigned_anew(names, table, {}, known)
        if names not in table.known_listings:
            table.known_listings[names] = self._assigned_anew(names, table, table.known_names, known)
        return table.known_listings[names]

    def _assigned_anew(
        self,
        names: Iterable[str],
        table: NameTable,
        known_names: dict[str, tuple[Governing, ...]],
        known: Mapping[str, str],
    ) -> Mapping[int, NameMatches]:
        """Assigns the names like `assign`, and adds each new name to `known_names`."""
        assigned: dict[int, list[NameMatch]] = {}
        admits = self._values.admits(known)
        in_right_case = self._values.in_right_case(table.directory)
        new = [name for name in names if name not in known_names]
        if new and known_names is table.known_names:
            decided, new = table.decided(new, self._values.admits_any)
            known_names.update(decided)
        for name in new:
            known_names[name] = tuple(table.governing(table.fitting(name, admits, in_right_case)))
        for name in names:
            for child, match in known_names[name]:
                assigned.setdefault(child.id, []).append(match)
        return {entry_id: NameMatches(matches) for entry_id, matches in assigned.items()}
