"""The records of a match: which entry governs what, what is missing, stray or in conflict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from structlint.finding import Place
from structlint.layout.entry import Contents, Entry, Level, Unlisted
from structlint.layout.keys import EVERYWHERE, Name
from structlint.tree import Directory, Tree


class NameMatch(NamedTuple):
    """A name with the member of an entry's key that it fits, and the values of the placeholders in it."""

    name: str
    member: Name
    values: Mapping[str, str]


class NameMatches(tuple[NameMatch, ...]):
    """The names in a directory that one entry governs.

    Directories that hold the same names share one. It is compared and hashed by identity, so that what
    follows from the names alone can be computed once for all of them.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)


NO_NAMES = NameMatches()


class Assigned(NamedTuple):
    """The names in a directory by the `id` of the child that governs them.

    `undecided` are the directories that fit a child with an `if` and are not looked into, such as submodules.
    """

    names: dict[int, NameMatches]
    undecided: Mapping[int, Sequence[NameMatch]]


class DirectoryMatch(NamedTuple):
    """A directory and an entry that governs it."""

    directory: Directory
    entry: Entry


class PathMatch(NamedTuple):
    """A path and the entry that governs it. `above` has the placeholders' values in its directory."""

    path: str
    entry: Entry
    name: NameMatch
    above: Mapping[str, str]

    @property
    def values(self) -> Mapping[str, str]:
        """The values of the placeholders on the way to the path and in its name."""
        return {**self.above, **self.name.values}


class EntryMatches(NamedTuple):
    """The names in one directory that one entry governs."""

    directory: Directory
    entry: Entry
    names: NameMatches
    above: Mapping[str, str]

    def path(self, name: NameMatch) -> str:
        """The path of one of the names; a directory's ends in "/"."""
        return f"{self.directory.path}{name.name}{'/' if self.entry.key.directory else ''}"

    def path_match(self, name: NameMatch) -> PathMatch:
        """One of the names on its own."""
        return PathMatch(self.path(name), self.entry, name, self.above)

    def present(self, tree: Tree) -> Sequence[NameMatch]:
        """The names without those of broken links."""
        if not tree.links:
            return self.names
        return [name for name in self.names if not tree.is_broken_link(self.path(name))]


class Missing(NamedTuple):
    """A path that an entry, or a `needs`, asks for and that is not there.

    `names` are the names that would satisfy it; the first is the one in `path`. `origin` is the line that
    asks for it, `needed_by` the path whose `needs` does. `near_miss` is the path of an unlisted name that
    was probably meant, `empty` marks a directory that is on disk without a file that git would keep, and
    `counterparts` are the paths that define the values required here too. `value` is the description of the
    required value where the name is a placeholder and nothing else. `within` are the directories of which one
    must contain it, where a `holds` asks for it.
    """

    path: str
    entry: Entry
    names: tuple[str, ...]
    origin: Place
    needed_by: str = ""
    near_miss: str = ""
    empty: bool = False
    counterparts: tuple[str, ...] = ()
    value: str = ""
    within: tuple[str, ...] = ()

    @property
    def directory(self) -> bool:
        return self.path.endswith("/")

    @property
    def recommended(self) -> bool:
        """Whether the entry that asks for it only recommends it."""
        return self.entry.level is Level.RECOMMENDED


class Stray(NamedTuple):
    """A file or directory that no entry lists, in a directory that lists its content."""

    path: str
    policy: Unlisted
    within: Entry


class Orphan(NamedTuple):
    """A name at a tied place whose value the defining place does not have.

    `expected` is the path that would define it. It begins with "**/" where that may be in any directory.
    """

    path: str
    entry: Entry
    placeholder: str
    expected: str


class Duplicate(NamedTuple):
    """A path whose value of a placeholder another path, `first`, has defined before."""

    path: str
    entry: Entry
    placeholder: str
    first: str


class Undecided(NamedTuple):
    """A directory that is not looked into, though an `if` or a `holds` asks what it contains."""

    path: str
    asked: Contents


class Conflict(NamedTuple):
    """Several alternatives that are present, of which exactly one is allowed.

    With `without`, the line that says so, the first path must not be there beside the others.
    """

    paths: tuple[str, ...]
    entry: Entry
    without: Place | None = None


class PlaceholderCount(NamedTuple):
    """The number of values that a placeholder has in one directory."""

    path: str
    entry: Entry
    placeholder: str
    number: int


Definition = tuple[EntryMatches, NameMatch]


class DefiningNames:
    """The names that define a placeholder's values, by the identity of the value.

    Names that the walk before this one has found count too. `possible` are the identities of further values,
    in names of directories that are not looked into.
    """

    __slots__ = ("_before", "_now", "_read", "_spelled", "late", "possible")

    def __init__(self) -> None:
        self._before: Mapping[str, Definition] = {}
        self._now: dict[str, Definition] = {}
        self._spelled: dict[str, tuple[int, dict[str, str]]] = {}
        self._read = False
        self.late = False
        self.possible: set[str] = set()

    def begin_walk(self) -> None:
        """Forgets the names that the last walk has not found."""
        self._before, self._now = self._now, {}
        self._spelled = {}
        self._read = self.late = False

    @property
    def stale(self) -> bool:
        """Whether this walk has read a name that it does not find."""
        return self._read and not self._before.keys() <= self._now.keys()

    def add(self, identity: str, definition: Definition) -> Definition:
        """Adds a name; returns the first name of this identity. `late` is set if it comes too late."""
        self.late |= self._read and identity not in self._now and identity not in self._before
        return self._now.setdefault(identity, definition)

    def get(self, identity: str) -> Definition | None:
        """The name of an identity, None if there is none."""
        self._read = True
        return self._now.get(identity) or self._before.get(identity)

    def known(self) -> dict[str, Definition]:
        """All names."""
        self._read = True
        return {**self._before, **self._now}

    def spelled(self, case: str, spell: Callable[[Definition], str]) -> Mapping[str, str]:
        """The identities by the names in another case."""
        size, by_name = self._spelled.get(case, (-1, {}))
        names = self.known()
        if size != len(names):
            by_name = {spell(definition): identity for identity, definition in names.items()}
            self._spelled[case] = len(names), by_name
        return by_name


# The names that define a placeholder's values in a whole scope, by the values of the placeholders that it is
# tied within.
ScopeNames = dict[tuple[str, ...], DefiningNames]


class Scope(NamedTuple):
    """What is known on the way down: the placeholders' values, and the names defined so far.

    `here` caches, by placeholder, the names of `defined` that the values select.
    """

    values: Mapping[str, str]
    defined: Mapping[str, ScopeNames]
    here: dict[str, DefiningNames]

    def inside(self, name: NameMatch) -> Scope:
        """The scope in a directory of this name."""
        return Scope({**self.values, **name.values}, self.defined, {}) if name.values else self


class Children:
    """The content of one directory, as far as the entries that govern the directory list it.

    `closed` means that one of the entries lists the directory's content, so that the rest is unlisted.
    `emptied` are the subdirectories of which every file is excluded: they are there, empty, and never
    unlisted; neither are the `undecided` ones, which are not looked into. `values` are those of the
    placeholders for each of `entries`. `policy_is_own` means that an entry which is not below `**/` sets the
    `policy`.
    """

    __slots__ = (
        "closed",
        "directories",
        "directory",
        "emptied",
        "entries",
        "files",
        "missing",
        "policy",
        "policy_is_own",
        "undecided",
        "values",
    )

    def __init__(self, directory: Directory, emptied: Collection[str] = ()) -> None:
        self.directory = directory
        self.emptied = emptied
        self.entries: list[Entry] = []
        self.values: list[Mapping[str, str]] = []
        self.closed = False
        self.policy: Unlisted | None = None
        self.policy_is_own = False
        self.files: list[NameMatches] = []
        self.directories: list[NameMatches] = []
        self.missing: list[Missing] = []
        self.undecided: set[str] = set()

    @property
    def effective_policy(self) -> Unlisted:
        return self.policy or ("allow-files" if self.directory.path else "forbid")

    def add(self, entry: Entry, names: NameMatches) -> None:
        """Lists names that an entry governs."""
        (self.directories if entry.key.directory else self.files).append(names)

    def unlisted_files(self) -> list[str]:
        unlisted = self._unlisted(self.directory.files, self.files)
        if not any(entry.condition for entry in self.entries):
            return unlisted
        return [name for name in unlisted if not self._is_of_an_if(name, directory=False)]

    def unlisted_directories(self) -> list[str]:
        unlisted = self._unlisted(self.directory.directories, self.directories)
        return [
            name
            for name in unlisted
            if not (name in self.emptied or name in self.undecided or self._is_of_an_if(name, directory=True))
        ]

    def _unlisted(self, names: Collection[str], listed: list[NameMatches]) -> list[str]:
        if len(self.entries) == 1 and sum(map(len, listed)) == len(names):
            return []  # one entry lists a name once
        listed_names = {match.name for matches in listed for match in matches}
        return [name for name in names if name not in listed_names]

    def _is_of_an_if(self, name: str, directory: bool) -> bool:
        """Whether a path that an `if` of this directory lists begins with a name."""
        for entry, values in zip(self.entries, self.values, strict=True):
            for path in entry.condition.paths if entry.condition else ():
                step = path.steps[0]
                if step.directory == directory and step != EVERYWHERE and step.given(values).match(name):
                    return True
        return False


class Assignment:
    """One directory and one entry that governs it, with the names of the directory by the child they go to.

    `settled` has the `id` of each child whose turn has come: from then on its names are those that have
    proved to be its own.
    """

    __slots__ = ("_added", "_names", "children", "entry", "policy", "scope", "settled", "undecided")

    def __init__(
        self,
        children: Children,
        entry: Entry,
        scope: Scope,
        policy: Unlisted | None,
        assigned: Assigned,
    ) -> None:
        self.children = children
        self.entry = entry
        self.scope = scope
        self.policy = policy
        self.settled: set[int] = set()
        self.undecided = assigned.undecided
        self._names = assigned.names
        self._added: dict[int, list[NameMatch]] = {}

    def names_of(self, child: Entry) -> NameMatches:
        """The names that go to a child."""
        names = self._names.get(child.id, NO_NAMES)
        if self._added and (added := self._added.get(child.id)):
            return NameMatches((*names, *added))
        return names

    def add(self, child: Entry, names: Iterable[NameMatch]) -> None:
        """Adds names to those of a child."""
        self._added.setdefault(child.id, []).extend(names)

    def take(self, child: Entry) -> NameMatches:
        """The names of a child, which are no longer its own: they must be settled."""
        names = self.names_of(child)
        self._names[child.id] = NO_NAMES
        self._added.pop(child.id, None)
        return names

    def matches(self, child: Entry, names: NameMatches) -> EntryMatches:
        """Names of this directory as those of a child."""
        return EntryMatches(self.children.directory, child, names, self.scope.values)


class Outcome:
    """The results of one walk over the tree. `children` is keyed by the path of the directory.

    `fulfilled` counts what the entries ask for and is there.
    """

    def __init__(self) -> None:
        self.fulfilled = 0
        self.directory_matches: list[DirectoryMatch] = []
        self.entry_matches: list[EntryMatches] = []
        self.orphans: list[Orphan] = []
        self.duplicates: list[Duplicate] = []
        self.undecided: list[Undecided] = []
        self.conflicts: list[Conflict] = []
        self.counts: list[PlaceholderCount] = []
        self.children: dict[str, Children] = {}
