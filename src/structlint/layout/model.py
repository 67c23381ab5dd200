"""A layout: what a repository should hold. Frozen; made by `structlint.layout.load`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from structlint.finding import Place, Severity
from structlint.layout.entry import Entry
from structlint.layout.keys import Key, Slot
from structlint.text.cases import caseless, fits, spell

if TYPE_CHECKING:
    from structlint.layout.entry import Limit, Listing, Naming
    from structlint.layout.gitignore import Patterns
    from structlint.layout.import_rules import ImportRules
    from structlint.layout.placeholders import PlaceholderScopes
    from structlint.markdown.document import Reading
    from structlint.ports.model import PortRange


class PatternEntry(NamedTuple):
    """A pattern of `belongs`, `forbid`, `local` or `exclude`, with what was said of it."""

    pattern: str
    place: Place
    why: str = ""
    targets: tuple[str, ...] = ()

    def is_home_to(self, path: str) -> bool:
        """Whether a file lies where this pattern of `belongs` says that such files do."""
        return any("/" not in path if home == "/" else path.startswith(home) for home in self.targets)


class _PatternList(NamedTuple):
    items: tuple[PatternEntry, ...] = ()


class PatternList(_PatternList):
    """Patterns in the gitignore form; the last that matches decides."""

    @cached_property
    def patterns(self) -> Patterns:
        from structlint.layout.gitignore import Patterns

        return Patterns([reason.pattern for reason in self.items])

    def match(self, path: str) -> PatternEntry | None:
        """The pattern that decides of a path (a directory's ends in "/"), None if none or a negation does."""
        if not self.items or (index := self.patterns.match(path)) is None:
            return None
        return self.items[index]


class AcceptedFinding(NamedTuple):
    """A finding that is accepted: of which rule, where, why, and until when."""

    rule: str
    path: str
    why: str
    until: date | None
    place: Place
    inherited: bool = False


class AssignedPorts(NamedTuple):
    """The ports that a service has, or of which each that a placeholder stands for has one."""

    numbers: tuple[PortRange, ...]
    place: Place

    def __str__(self) -> str:
        return ", ".join(map(str, self.numbers))


class _Layout(NamedTuple):
    name: str
    about: str = ""
    root: Entry = Entry(Key((), True), Place("", 1))
    names: Mapping[str, Naming] = MappingProxyType({})
    belongs: PatternList = PatternList()
    forbid: PatternList = PatternList()
    local: PatternList = PatternList()
    exclude: PatternList = PatternList()
    limits: Mapping[str, Limit] = MappingProxyType({})
    severity: Mapping[str, Severity | None] = MappingProxyType({})
    ignore: tuple[AcceptedFinding, ...] = ()
    ports: Mapping[str, AssignedPorts] = MappingProxyType({})
    together: PatternList = PatternList()
    imports: ImportRules | None = None
    references: tuple[Listing, ...] = ()
    files: tuple[str, ...] = ()
    documents: Mapping[str, Reading] = MappingProxyType({})
    layers: frozenset[str] = frozenset()


class Layout(_Layout):
    """What a repository should hold. Every part knows the line that asked for it.

    `files` are all that it was read from, the farthest first; `documents` are those of them that draw it,
    with what was read of each. `layers` are those of the layouts that it is composed of, none for one layout.
    """

    @cached_property
    def ties(self) -> PlaceholderScopes:
        """Which entries a placeholder ties together."""
        from structlint.layout.placeholders import placeholder_scopes

        return placeholder_scopes(self.root, self.names)

    @cached_property
    def port_ranges(self) -> Mapping[str, AssignedPorts]:
        """What `ports` gives to placeholders, by their names."""
        return {name[1:-1]: assigned for name, assigned in self.ports.items() if is_placeholder(name)}

    @property
    def import_rules(self) -> ImportRules | None:
        """The `imports`, None if they restrict nothing."""
        return self.imports if self.imports and not self.imports.is_empty else None

    @property
    def is_silent(self) -> bool:
        """Whether it requires nothing: no tree, no pattern, no limit, no port and no rule for imports."""
        lists = (self.belongs, self.forbid, self.local, self.together)
        required = (*(patterns.items for patterns in lists), self.limits, self.ports, self.references)
        return not (self.root.children or self.root.bounds or any(required) or self.import_rules)


def is_placeholder(name: str) -> bool:
    """Whether a name in `ports` is that of a placeholder."""
    return name.startswith("<") and name.endswith(">")


def ill_spelled(slot: Slot, value: str, naming: Naming | None, directory: bool) -> Mapping[str, str]:
    """The right spellings of a placeholder's value by case, none where it is right.

    What follows the first dot of a file's value (`user-profile.test` in `user-profile.test.ts`) is an
    extension of the file's, not a part of the name.
    """
    cases = (slot.case,) if slot.case else naming.cases if naming else ()
    stem, dot, rest = (value, "", "") if directory else _stem(value)
    if any(fits(stem, case) for case in cases):
        return {}
    return {case: spell(stem, case) + dot + rest for case in cases}


def _stem(value: str) -> tuple[str, str, str]:
    return value.partition(".") if not value.startswith(".") else (value, "", "")


def same_name(one: str, other: str) -> bool:
    """Whether two values of a placeholder are one name, whatever their case."""
    return one == other or caseless(one) == caseless(other)
