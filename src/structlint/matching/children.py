"""The state of a walk over a tree: the content of each directory, and the entries that govern it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from structlint.layout.entry import UNLISTED, Entry, Layers, Level, Unlisted, covers
from structlint.layout.keys import Name
from structlint.matching.model import (
    NO_NAMES,
    Assigned,
    Conflict,
    DirectoryMatch,
    Duplicate,
    EntryMatches,
    Missing,
    NameMatch,
    NameMatches,
    Orphan,
    PlaceholderCount,
    Stray,
    Undecided,
)
from structlint.matching.scope import Scope
from structlint.tree import Directory


class Children:
    """The content of one directory that is listed by the entries that govern it.

    `emptied` are the subdirectories in which every file is excluded: they exist, empty, and are never
    unlisted. Neither are the `undecided` ones, which are opaque. `values` are those of the
    placeholders for each of `entries`. `policy_is_own` means that an entry which is not below `**/` sets the
    `policy`; without one the `inherited` policy applies. `closed_by` is the entry that lists the content. The
    directory is `shut` if a `**/` does too, so that one farther up no longer allows names in it. `exact` are
    the names that entries list without a wildcard, a directory's with its "/", by their layers.
    `layered` means that an entry is composed of several layouts, which may list a name twice. `own` are the
    names whose spelling an entry of the directory decides, and not a `**/`.
    """

    __slots__ = (
        "closed_by",
        "directories",
        "directory",
        "emptied",
        "entries",
        "exact",
        "files",
        "inherited",
        "layered",
        "missing",
        "own",
        "paths",
        "policy",
        "policy_is_own",
        "shut",
        "undecided",
        "values",
    )

    def __init__(self, directory: Directory, emptied: Collection[str] = ()) -> None:
        self.directory = directory
        self.emptied = emptied
        self.entries: list[Entry] = []
        self.values: list[Mapping[str, str]] = []
        self.closed_by: Entry | None = None
        self.exact: Mapping[str, Layers] = {}
        self.layered = False
        self.inherited: Unlisted | None = None
        self.own: set[str] | None = None
        self.policy: Unlisted | None = None
        self.policy_is_own = False
        self.shut = False
        self.files: list[NameMatches] = []
        self.directories: list[NameMatches] = []
        self.paths: list[NameMatches] = []
        self.missing: list[Missing] = []
        self.undecided: set[str] = set()

    def apply_policy(self, entry: Entry, inherited: Unlisted | None) -> None:
        """Applies the `unlisted` of an entry that is not `**/`; of several entries that list names, the
        strictest.
        """
        if self.closed_by is None or not entry.closed:
            self.policy = entry.unlisted or self.policy
        elif (policy := entry.unlisted or inherited or self._default) != self.effective_policy:
            self.policy = min(policy, self.effective_policy, key=UNLISTED.index)

    def list_exact(self, names: Mapping[str, Layers]) -> None:
        """Records names that an entry lists without a wildcard, with their layers."""
        if not self.exact:
            self.exact = names  # as most directories have one entry, which shares its names
            return
        exact = {**names, **self.exact}
        for name in names.keys() & self.exact.keys():
            both = self.exact[name], names[name]
            exact[name] = None if None in both else frozenset().union(*filter(None, both))
        self.exact = exact

    def lifts(self, name: str, child: Entry) -> bool:
        """Whether an exact name that is listed here is not governed by a child of `**/` too."""
        return name in self.exact and covers(self.exact[name], child.layers)

    @property
    def _default(self) -> Unlisted:
        return "allow-files" if self.directory.path else "forbid"

    @property
    def effective_policy(self) -> Unlisted:
        return self.policy_below or self._default

    @property
    def policy_below(self) -> Unlisted | None:
        """The policy that directories in this one inherit."""
        return self.policy or self.inherited

    def note_own(self, decides: Callable[[Name], bool]) -> None:
        """Records the names whose spelling an entry `decides`, before a `**/` lists them too."""
        if self.own is None:
            listed = [(self.files, ""), (self.directories, "/")]
            self.own = {
                f"{match.name}{slash}"
                for lists, slash in listed
                for matches in lists
                for match in matches
                if decides(match.member)
            }

    def lists(self, name: str, directory: bool) -> bool:
        """Whether an entry that has been applied so far lists a name."""
        listed = [*self.directories, *self.paths] if directory else self.files
        return any(match.name == name for matches in listed for match in matches)

    def add(self, entry: Entry, names: NameMatches) -> None:
        """Lists names that an entry governs."""
        if entry.key.path_placeholder:
            self.paths.append(names)
        else:
            (self.directories if entry.key.directory else self.files).append(names)

    def unlisted_files(self) -> list[str]:
        return self._not_of_an_if(self._unlisted(self.directory.files, self.files), directory=False)

    def unlisted_directories(self) -> list[str]:
        """The subdirectories that no entry lists, nor a path of an `if`."""
        unlisted = self._unlisted(self.directory.directories, [*self.directories, *self.paths])
        skipped = {*self.undecided, *self.emptied}
        return self._not_of_an_if([name for name in unlisted if name not in skipped], directory=True)

    def directories_for_paths(self, governed: list[NameMatches]) -> list[str]:
        """The subdirectories that a `<dir**>/` stands for: none of those that other entries govern."""
        unlisted = self._unlisted(self.directory.directories, governed)
        return [name for name in unlisted if name not in self.undecided]

    def _unlisted(self, names: Collection[str], listed: list[NameMatches]) -> list[str]:
        if len(self.entries) == 1 and not self.layered and sum(map(len, listed)) == len(names):
            return []  # one entry lists a name once, unless it is composed of several layouts
        listed_names = {match.name for matches in listed for match in matches}
        return [name for name in names if name not in listed_names]

    def _not_of_an_if(self, names: list[str], directory: bool) -> list[str]:
        """The names without those that a path in an `if` of this directory begins with."""
        if not names:
            return names
        steps = [
            (path.steps[0], values)
            for entry, values in zip(self.entries, self.values, strict=True)
            if entry.condition
            for path in entry.condition.paths
        ]
        steps = [(key, values) for key, values in steps if key.directory == directory and not key.everywhere]
        if not steps:
            return names
        keys = [key.given(values) for key, values in steps]
        exact = {member.exact for key in keys for member in key.members}
        others = [key for key in keys if any(member.exact is None for member in key.members)]
        return [name for name in names if name not in exact and not any(key.match(name) for key in others)]


class Assignment:
    """One directory and one entry that governs it, with the names of the directory by child.

    `settled` has the `id` of each child that has been processed; from then on, its names are
    only those that are certainly its own. `is_shut` is whether a nearer `**/`
    closes the directory.
    """

    __slots__ = (
        "_added",
        "_names",
        "children",
        "entry",
        "is_shut",
        "policy",
        "scope",
        "settled",
        "undecided",
    )

    def __init__(
        self,
        children: Children,
        entry: Entry,
        scope: Scope,
        policy: Unlisted | None,
        assigned: Assigned,
        is_shut: bool = False,
    ) -> None:
        self.children = children
        self.is_shut = is_shut
        self.entry = entry
        self.scope = scope
        self.policy = policy
        self.settled: set[int] = set()
        self.undecided = dict(assigned.undecided)
        self._names = assigned.names
        self._added: dict[int, list[NameMatch]] = {}

    def names_of(self, child: Entry) -> NameMatches:
        """The names of a child."""
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

    def matches(self, child: Entry, names: NameMatches, respelled: bool = False) -> EntryMatches:
        """Names of this directory as those of a child."""
        return EntryMatches(self.children.directory, child, names, self.scope.values, respelled)

    def merely_allows(self, child: Entry, name: NameMatch) -> bool:
        """Whether a child of `**/` would only allow a name, in a directory that a nearer `**/` closes."""
        is_optional = self.is_shut and child.level is Level.OPTIONAL
        return is_optional and not self.children.lists(name.name, child.key.directory)

    def is_lifted(self, child: Entry) -> bool:
        """Whether a child of `**/` requires nothing here, as the directory lists its name itself."""
        if not self.entry.key.everywhere or not self.children.exact:
            return False
        return any(
            self.children.lifts(
                f"{member.given(self.scope.values).exact}{'/' if key.directory else ''}", child
            )
            for key in filter(None, (child.key, child.other))
            for member in key.members
        )


class Outcome:
    """The results of one walk over the tree. `children` is keyed by the path of the directory.

    `fulfilled` counts the required paths that exist. `linked_strays` are found for each entry of a link, and
    `linked_listed` is what one of its entries lists. `unseen` are nested repositories, and links to what is
    not read, in which something is required; structlint does not look into them.
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
        self.unseen: list[str] = []
        self.linked_strays: list[Stray] = []
        self.linked_listed: set[str] = set()
        self.children: dict[str, Children] = {}
