"""The records of a match: the paths that entries govern, and missing, stray and conflicting paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from structlint.finding import Place
from structlint.layout.entry import Contents, Entry, Level, Unlisted
from structlint.layout.keys import Name
from structlint.text.records import Record
from structlint.tree import Directory, Tree


class NameMatch(Record):
    """A name with the member of an entry's key that it matches, and the values of the placeholders in it."""

    name: str
    member: Name
    values: Mapping[str, str]


class NameMatches(tuple[NameMatch, ...]):
    """The names in a directory that one entry governs.

    Directories with the same names share one. It is compared and hashed by identity, so that results that
    depend only on the names can be computed once for all of them.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)


NO_NAMES = NameMatches()


class Assigned(Record):
    """The names in a directory by the `id` of the child that governs them.

    `undecided` has opaque directories, such as submodules, that match a child with an `if`.
    """

    names: dict[int, NameMatches]
    undecided: Mapping[int, Sequence[NameMatch]]


class DirectoryMatch(Record):
    """A directory and an entry that governs it."""

    directory: Directory
    entry: Entry


class PathMatch(Record):
    """A path and the entry that governs it. `above` has the placeholders' values in its directory."""

    path: str
    entry: Entry
    name: NameMatch
    above: Mapping[str, str]

    @property
    def values(self) -> Mapping[str, str]:
        """The values of the placeholders on the way to the path and in its name."""
        return {**self.above, **self.name.values}


class EntryMatches(Record):
    """The names in one directory that one entry governs.

    `respelled` means that the entry is below `**/`, and that an entry of the directory itself decides how the
    names are spelled.
    """

    directory: Directory
    entry: Entry
    names: NameMatches
    above: Mapping[str, str]
    respelled: bool = False

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


class Missing(Record):
    """A path that an entry or a `needs` requires and that does not exist.

    `names` are the names that would satisfy it; the first is the one in `path`. `origin` is the line that
    requires it, `needed_by` the path whose `needs` does. `near_miss` is an unlisted path that is probably
    a misspelling of the path `meant`, `empty` marks a directory that exists without a file that git would
    track, and `counterparts` are the paths that define the values required here too. `value` is the
    description of the required value where the name is a placeholder and nothing else, or of the paths of a
    `holds`. `within` are the
    directories of which one must contain it because of a `holds`. `link` is the link to another directory
    that it is below. `rejected` are directories that do not meet an `if`, and satisfy a `needs` unless
    they are unlisted.
    """

    path: str
    entry: Entry
    names: tuple[str, ...]
    origin: Place
    needed_by: str = ""
    near_miss: str = ""
    meant: str = ""
    empty: bool = False
    counterparts: tuple[str, ...] = ()
    value: str = ""
    within: tuple[str, ...] = ()
    link: str = ""
    rejected: tuple[str, ...] = ()

    @property
    def directory(self) -> bool:
        return self.path.endswith("/")

    @property
    def alternatives(self) -> list[str]:
        """The paths that would satisfy it, one for each of `names`."""
        above = self.path[: len(self.path) - len(self.names[0])]
        return [above + name for name in self.names]

    @property
    def recommended(self) -> bool:
        """Whether it is only recommended."""
        return self.entry.level is Level.RECOMMENDED


class Stray(Record):
    """A file or directory that no entry lists, in a directory that lists its content.

    `link` is the link to another directory that it is below.
    """

    path: str
    policy: Unlisted
    within: Entry
    link: str = ""


class Orphan(Record):
    """A name at a tied place whose value the defining place does not have.

    `expected` is the path that would define it, and that the entry `defining` lists. It begins with "**/"
    where that may be in any directory.
    """

    path: str
    entry: Entry
    placeholder: str
    expected: str
    defining: Entry


class Duplicate(Record):
    """A path whose value of a placeholder another path, `first`, has defined before."""

    path: str
    entry: Entry
    placeholder: str
    first: str


class Undecided(Record):
    """An opaque directory whose contents decide on an `if` or a `holds`."""

    path: str
    asked: Contents


class Conflict(Record):
    """Several alternatives that are present, of which exactly one is allowed.

    With `without`, the line of that setting, the first path must not exist beside the others.
    """

    paths: tuple[str, ...]
    entry: Entry
    without: Place | None = None


class PlaceholderCount(Record):
    """The number of values that a placeholder has in one directory.

    With `is_mixed`, they are counted in the names of both directories and files.
    """

    path: str
    entry: Entry
    placeholder: str
    number: int
    is_mixed: bool = False

    def counted(self, what: str) -> str:
        """The description of the counted values, for `what`: files or directories."""
        return f"<{self.placeholder}>" if self.is_mixed else f"<{self.placeholder}> {what}"
