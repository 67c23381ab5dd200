"""A layout: what a repository should hold. Frozen; made by `structlint.layout.load`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from structlint.finding import Place, Severity
from structlint.layout.keys import EVERYWHERE, Key, Path, Slot
from structlint.text.cases import fits, key, spell

if TYPE_CHECKING:
    from structlint.layout.gitignore import Patterns
    from structlint.layout.placeholders import Ties
    from structlint.layout.regex import Expression
    from structlint.markdown.document import Reading
    from structlint.ports.numbers import Numbers


class Level(Enum):
    """How much an entry is wanted. A missing recommended entry is a warning."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


Strays = Literal["all", "directories", "none"]


def most_wanted(*levels: Level | None) -> Level | None:
    """The strictest of the levels of entries that a short key passes through."""
    order = (None, Level.REQUIRED, Level.RECOMMENDED, Level.OPTIONAL)
    return min(levels, key=order.index)


class Bound(NamedTuple):
    """A limit on how many, how deep or how long, and the line that sets it."""

    number: int
    place: Place


class Need(NamedTuple):
    """What must be there where an entry is: a sibling, or from the root with a leading `/`."""

    path: Path
    from_root: bool
    place: Place


class Entry(NamedTuple):
    """One entry of the picture. What a file did not say is None, so that entries of two files merge.

    `implied` is an entry that stands there only because a short key passes through it. `place` is the line
    that asks for it now, `born` the one that named it first, `turn` its turn among its siblings in being
    matched. `id` is different for each entry of a layout that has been loaded. `bounds` are the settings
    `min-files`, `max-files`, `min-directories`, `max-directories`.
    """

    key: Key
    place: Place
    born: Place | None = None
    level: Level | None = None
    implied: bool = False
    about: str = ""
    needs: tuple[Need, ...] = ()
    strays: Strays | None = None
    bounds: Mapping[str, Bound] = MappingProxyType({})
    turn: int = 0
    id: int = 0
    children: Mapping[Key, Entry] = MappingProxyType({})

    def in_turn(self) -> list[Entry]:
        """The children in the order in which they are matched."""
        return sorted(self.children.values(), key=lambda child: child.turn)

    @property
    def required(self) -> bool:
        return self.level in (None, Level.REQUIRED)

    @property
    def wanted(self) -> bool:
        """Whether something is missing where nothing fits this entry."""
        return self.required or self.level is Level.RECOMMENDED

    @property
    def forbidden(self) -> bool:
        return self.level is Level.FORBIDDEN

    @property
    def closed(self) -> bool:
        """Whether it lists what it holds, so that something else in it is a stray."""
        return any(not (c.forbidden or c.key == EVERYWHERE) for c in self.children.values())


class Naming(NamedTuple):
    """What a placeholder may stand for, and of how many names; `told` is what some values are for."""

    place: Place
    case: str | None = None
    pattern: Expression | None = None
    values: tuple[str, ...] = ()
    told: Mapping[str, str] = MappingProxyType({})
    least: int = 0
    most: int | None = None

    @property
    def counted(self) -> bool:
        """Whether it says of how many."""
        return bool(self.least) or self.most is not None

    def admits(self, slot: Slot, value: str) -> bool:
        """Whether `value` is in the list and fits the pattern. The case is not asked for."""
        if self.values:
            return value in {spell(each, slot.case) if slot.case else each for each in self.values}
        if value.startswith("."):
            return False
        return self.pattern is None or slot.case is not None or self.pattern.fullmatch(value)


class Reason(NamedTuple):
    """A pattern of `belongs`, `forbid`, `local` or `exclude`, with what was said of it."""

    pattern: str
    place: Place
    why: str = ""
    targets: tuple[str, ...] = ()

    def is_home_to(self, path: str) -> bool:
        """Whether a file lies where this pattern of `belongs` says that such files do."""
        return any("/" not in path if home == "/" else path.startswith(home) for home in self.targets)


class _Reasons(NamedTuple):
    items: tuple[Reason, ...] = ()


class Reasons(_Reasons):
    """Patterns in the gitignore form; the last that matches decides."""

    @cached_property
    def patterns(self) -> Patterns:
        from structlint.layout.gitignore import Patterns

        return Patterns([reason.pattern for reason in self.items])

    def match(self, path: str) -> Reason | None:
        """The pattern that decides of a path (a directory's ends in "/"), None if none or a negation does."""
        if not self.items or (index := self.patterns.match(path)) is None:
            return None
        return self.items[index]


class Ignore(NamedTuple):
    """A finding that is accepted: of which rule, where, why, and until when."""

    rule: str
    path: str
    why: str
    until: date | None
    place: Place
    inherited: bool = False


class Assigned(NamedTuple):
    """The ports that a service has, or of which each that a placeholder stands for has one."""

    numbers: tuple[Numbers, ...]
    place: Place

    def __str__(self) -> str:
        return ", ".join(map(str, self.numbers))


class _Layout(NamedTuple):
    name: str
    about: str = ""
    root: Entry = Entry(Key((), True), Place("", 1))
    names: Mapping[str, Naming] = MappingProxyType({})
    belongs: Reasons = Reasons()
    forbid: Reasons = Reasons()
    local: Reasons = Reasons()
    exclude: Reasons = Reasons()
    limits: Mapping[str, Bound] = MappingProxyType({})
    severity: Mapping[str, Severity | None] = MappingProxyType({})
    ignore: tuple[Ignore, ...] = ()
    ports: Mapping[str, Assigned] = MappingProxyType({})
    files: tuple[str, ...] = ()
    documents: Mapping[str, Reading] = MappingProxyType({})


class Layout(_Layout):
    """What a repository should hold. Every part knows the line that asked for it.

    `files` are all that it was read from, the farthest first; `documents` are those of them that draw it,
    with what was read of each.
    """

    @cached_property
    def ties(self) -> Ties:
        """Which entries a placeholder ties together."""
        from structlint.layout.placeholders import ties_of

        return ties_of(self.root, self.names)

    @cached_property
    def port_ranges(self) -> Mapping[str, Assigned]:
        """What `ports` gives to placeholders, by their names."""
        return {name[1:-1]: each for name, each in self.ports.items() if is_placeholder(name)}

    @property
    def is_silent(self) -> bool:
        """Whether nothing is asked for: no tree, no pattern, no limit and no port."""
        asked = (self.belongs.items, self.forbid.items, self.local.items, self.limits, self.ports)
        return not (self.root.children or self.root.bounds or any(asked))


def is_placeholder(name: str) -> bool:
    """Whether a name in `ports` is that of a placeholder."""
    return name.startswith("<") and name.endswith(">")


def ill_spelled(slot: Slot, value: str, naming: Naming | None, directory: bool) -> str | None:
    """The right spelling of a placeholder's value, None where its case is right or none is asked for.

    What follows the first dot of a file's value (`user-profile.test` in `user-profile.test.ts`) is an
    extension of the file's, not a part of the name.
    """
    case = slot.case or (naming.case if naming else None)
    if case is None:
        return None
    stem, dot, rest = (value, "", "") if directory else _stem(value)
    if fits(stem, case):
        return None
    return spell(stem, case) + dot + rest


def _stem(value: str) -> tuple[str, str, str]:
    return value.partition(".") if not value.startswith(".") else (value, "", "")


def entries(entry: Entry, above: tuple[Entry, ...] = ()) -> Iterator[tuple[tuple[Entry, ...], Entry]]:
    """Every entry below `entry` in the order in which they are matched, with those that enclose it."""
    for child in entry.in_turn():
        yield (*above, entry), child
        yield from entries(child, (*above, entry))


def same_name(one: str, other: str) -> bool:
    """Whether two values of a placeholder are one name, whatever their case."""
    return one == other or key(one) == key(other)
