"""Defines the entries of a layout's tree, and the values of placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from structlint.text.cases import spell
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.finding import Place
    from structlint.layout.keys import Key, KeyPath, Slot
    from structlint.layout.regex import SafeRegex


class Level(Enum):
    """The requirement level of an entry. A missing recommended entry is a warning."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


Unlisted = Literal["allow", "allow-files", "forbid"]
UNLISTED: tuple[Unlisted, ...] = ("forbid", "allow-files", "allow")  # the strictest first


Layers = frozenset[str] | None  # None for all


def covers(some: Layers, others: Layers) -> bool:
    """Whether some layers include all of the others."""
    return some is None or (others is not None and others <= some)


def share(some: Layers, others: Layers) -> bool:
    """Whether two sets of layers have one in common."""
    return some is None or others is None or not some.isdisjoint(others)


def most_wanted(*levels: Level | None) -> Level | None:
    """The strictest level of the entries that a short key passes through."""
    order = (None, Level.REQUIRED, Level.RECOMMENDED, Level.OPTIONAL)
    return min(levels, key=order.index)


class Limit(Record):
    """A limit on a number, a depth or a length, and the line that sets it."""

    number: int
    place: Place


class Need(Record):
    """A path that must exist beside an entry or, for `without`, must not; from the root with a `/`."""

    path: KeyPath
    from_root: bool
    place: Place


class Contents(Record):
    """Alternative paths, one of which a directory must contain, and the line that lists them.

    Without paths, the value is `false`, which removes an inherited value. `about` describes what the paths
    have in common. `str` returns the paths as written.
    """

    paths: tuple[KeyPath, ...]
    place: Place
    about: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(name for path in self.paths for key in path.steps for name in key.placeholders)

    def __str__(self) -> str:
        return " | ".join(map(str, self.paths))


class Entry(Record):
    """An entry of the tree. A setting that is not in the file is None, so that entries can be merged.

    An entry is `implied` if it exists only because a short key passes through it. `place` is the line that
    requires it now, `born` is the one that listed it first, and `turn` is its position among its siblings in
    matching. `id` is unique among the entries of a loaded layout. `bounds` has the settings `min-files`,
    `max-files`, `min-directories` and `max-directories`. `condition` is the setting `if`, and `holds` has the
    setting of this name in each of the composed layouts. In a group of directories and files, `other` in the
    entry of the directories is the key of the files, and vice versa; the entry of the directories requires
    and limits both. `layers` has the layouts, extended side by side, that list the entry, or is None for all.
    """

    key: Key
    place: Place
    born: Place | None = None
    level: Level | None = None
    implied: bool = False
    about: str = ""
    needs: tuple[Need, ...] = ()
    without: tuple[Need, ...] = ()
    unlisted: Unlisted | None = None
    bounds: Mapping[str, Limit] = MappingProxyType({})
    condition: Contents | None = None
    holds: tuple[Contents, ...] = ()
    other: Key | None = None
    layers: Layers = None
    turn: tuple[int, int, int] = (0, 0, 0)
    id: int = 0
    children: Mapping[Key, Entry] = MappingProxyType({})

    def in_turn(self) -> list[Entry]:
        """The children in matching order."""
        return sorted(self.children.values(), key=lambda child: child.turn)

    @property
    def required(self) -> bool:
        return self.level in (None, Level.REQUIRED)

    @property
    def wanted(self) -> bool:
        """Whether a path is missing if no name matches this entry."""
        return self.required or self.level is Level.RECOMMENDED

    @property
    def forbidden(self) -> bool:
        return self.level is Level.FORBIDDEN

    @property
    def closed(self) -> bool:
        """Whether it lists its contents, so that all other names in it are unlisted."""
        return any(not (c.forbidden or c.key.everywhere) for c in self.children.values())


class Listing(Record):
    """A list in a file of the tree: the path of the file, and a JSON pointer into it.

    In `references`, the path may contain wildcards, or end in a `?` if the file is optional. A CODEOWNERS
    file, a Dockerfile and a Markdown document have no pointer.
    """

    file: str
    pointer: str
    place: Place

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}" if self.pointer else self.file


class Naming(Record):
    """The allowed values of a placeholder, their number, and the `descriptions` of some of them.

    A name in any of the `cases` is correct. A `unique` value determines the other placeholders of a name, and
    `consecutive` values are numbers without a gap. A `listing` is a list of the values in a file. `given` has
    the fields that this file sets; the others are inherited from the layout that it extends.
    """

    place: Place
    cases: tuple[str, ...] = ()
    pattern: SafeRegex | None = None
    values: tuple[str, ...] = ()
    descriptions: Mapping[str, str] = MappingProxyType({})
    min: int = 0
    max: int | None = None
    unique: bool = False
    consecutive: bool = False
    listing: Listing | None = None
    given: frozenset[str] = frozenset()

    @property
    def case(self) -> str | None:
        """The case for new names: the first one."""
        return self.cases[0] if self.cases else None

    @property
    def counted(self) -> bool:
        """Whether it limits the number of names."""
        return bool(self.min) or self.max is not None

    def admits(self, slot: Slot, value: str) -> bool:
        """Whether `value` is in the list and matches the pattern, regardless of case."""
        if self.values:
            return value in {spell(listed, slot.case) if slot.case else listed for listed in self.values}
        if value.startswith(".") or (self.consecutive and not is_whole_number(value)):
            return False
        return self.pattern is None or slot.case is not None or self.pattern.fullmatch(value)


def is_whole_number(value: str) -> bool:
    """Whether a value can be `consecutive`."""
    return value.isascii() and value.isdigit()


# The fields of a `Naming` that each key of its mapping sets.
NAMING_FIELDS = {
    "case": ("cases",),
    "pattern": ("pattern",),
    "values": ("values", "descriptions"),
    "count": ("min", "max"),
    "unique": ("unique",),
    "consecutive": ("consecutive",),
    "from": ("listing",),
}


def shown(entry: Entry) -> str:
    """The key of an entry as written, with all names of a group."""
    sign = " ^ " if entry.key.exclusive else " | "
    return f"{entry.key}{sign}{entry.other}".replace(" | ", sign) if entry.other else str(entry.key)


def entries(entry: Entry, above: tuple[Entry, ...] = ()) -> Iterator[tuple[tuple[Entry, ...], Entry]]:
    """Every entry below `entry` in matching order, each with the entries that enclose it."""
    for child in entry.in_turn():
        yield (*above, entry), child
        yield from entries(child, (*above, entry))


def placeholders(root: Entry) -> list[str]:
    """The placeholders of a tree, each once, in the matching order of their entries."""
    return list(dict.fromkeys(name for _, entry in entries(root) for name in entry.key.placeholders))
