"""Defines a layout, which describes the structure of a repository. `structlint.layout.load` creates it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from structlint.finding import Place, Severity
from structlint.layout.entry import Entry, Layers
from structlint.layout.keys import Key, Slot
from structlint.text.cases import caseless, fits, fitting, spell
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.layout.entry import Limit, Listing, Naming
    from structlint.layout.gitignore import Patterns
    from structlint.layout.import_rules import ImportRules
    from structlint.layout.keys import KeyPath
    from structlint.layout.path_search import Settled
    from structlint.layout.placeholders import PlaceholderScopes
    from structlint.markdown.document import Reading
    from structlint.ports.model import PortRange
    from structlint.text.path_groups import PathGroups


STRICTEST_FIRST = (Severity.ERROR, Severity.WARNING, None)
_NOWHERE = "/.git"  # never part of a tree
_ROOT = ("/", "*", "**")  # the patterns that match the root itself


class PatternEntry(Record):
    """A pattern of `belongs`, `forbid`, `local` or `exclude`, with its reason or its directories.

    `layers` has the layouts that it is from, if several are extended side by side; None is all of them.
    """

    pattern: str
    place: Place
    why: str = ""
    targets: tuple[str, ...] = ()
    layers: Layers = None

    @property
    def is_exception(self) -> bool:
        return self.pattern.startswith("!")

    def is_home_to(self, path: str) -> bool:
        """Whether a file or directory is in one of the directories of this pattern of `belongs`."""
        return path.startswith(self.targets) or ("/" in self.targets and "/" not in path)


class _PatternList(Record):
    items: tuple[PatternEntry, ...] = ()


class PatternList(_PatternList):
    """gitignore patterns; the last one that matches applies. An exception applies only in its layers."""

    @cached_property
    def patterns(self) -> Patterns:
        from structlint.layout.gitignore import Patterns, PatternsBeside

        lines = [reason.pattern for reason in self.items]
        return PatternsBeside(lines, groups) if (groups := self._groups()) else Patterns(lines)

    def _groups(self) -> list[tuple[int, ...]]:
        """The patterns of each layer, by index; none if no exception is limited to some of the layers."""
        before: set[str] = set()
        for item in self.items:
            if item.is_exception and item.layers is not None and before - item.layers:
                break
            before |= item.layers or frozenset()
        else:
            return []
        layers = sorted({layer for item in self.items for layer in item.layers or ()})
        numbered = list(enumerate(self.items))
        groups = (
            tuple(number for number, item in numbered if item.layers is None or layer in item.layers)
            for layer in layers
        )
        return list(dict.fromkeys(groups))

    def match(self, path: str) -> PatternEntry | None:
        """The pattern that applies to a path; None if none or a negated one does. A directory ends in "/"."""
        if not self.items or (index := self.patterns.match(path)) is None:
            return None
        return self.items[index]

    def match_itself(self, path: str) -> PatternEntry | None:
        """The same, but a pattern that matches a directory does not match what is in it."""
        index = self.patterns.match_itself(path) if self.items else None
        return None if index is None else self.items[index]

    def matching(
        self, paths: PathGroups, settled: Settled | None = None
    ) -> Iterator[tuple[str, PatternEntry]]:
        """The paths to which a pattern applies, each with the pattern; `match` for many paths.

        Files may be left out in a directory where `settled` returns the index of their pattern.
        """
        if not self.items:
            return iter(())
        return ((path, self.items[index]) for path, index in self.patterns.decided(paths, settled))


class _AcceptedFinding(Record):
    rule: str
    path: str
    why: str
    until: date | None
    place: Place
    inherited: bool = False
    mentioned_in: PatternList = PatternList()


class AcceptedFinding(_AcceptedFinding):
    """An accepted finding: the rule, the path, the reason, and the date until which it is accepted.

    With `mentioned_in`, a finding is accepted only if one of these files mentions its path by name.
    """

    @cached_property
    def _patterns(self) -> PatternList:
        return PatternList((PatternEntry(self.path, self.place),))

    def covers(self, rule: str, path: str) -> bool:
        """Whether the rule and the path are the accepted ones; a directory ends in "/", the root is "./"."""
        if rule != self.rule:
            return False
        return path == "./" if self.path == "/" else self._patterns.match(path) is not None


class _SeverityByPath(Record):
    patterns: PatternList
    severities: tuple[Severity | None, ...]
    also: tuple[SeverityByPath, ...] = ()


class SeverityByPath(_SeverityByPath):
    """The severity of a rule's findings by gitignore patterns of their paths; None is off.

    The last matching pattern decides; without one, the rule has its own severity. `also` has the severities
    of layouts that are extended side by side, the strictest of which applies.
    """

    def at(self, path: str, default: Severity) -> Severity | None:
        """The severity of a finding at a path; "./" is the root, which `/` matches."""
        return min(self._set_at(path), key=STRICTEST_FIRST.index, default=default)

    def _set_at(self, path: str) -> Iterator[Severity | None]:
        """The severity that each layout sets for a path; none if a layout does not."""
        if path == "./":
            root = (number for number, entry in enumerate(self.patterns.items) if entry.pattern in _ROOT)
            index = max(root, default=None)
        else:
            index = self._below_the_root.match(path)
        if index is not None:
            yield self.severities[index]
        for other in self.also:
            yield from other._set_at(path)

    @cached_property
    def _below_the_root(self) -> Patterns:
        from structlint.layout.gitignore import Patterns

        return Patterns(
            [_NOWHERE if entry.pattern == "/" else entry.pattern for entry in self.patterns.items]
        )


class AssignedPorts(Record):
    """The ports of a service, or the range with a port for each value of a placeholder."""

    numbers: tuple[PortRange, ...]
    place: Place

    def __str__(self) -> str:
        return ", ".join(map(str, self.numbers))


ENOUGH = 2  # of weight, for a layout to apply


class Evidence(Record):
    """Alternative paths, at least `least` of which must exist. The `weight` can be negative.

    With `mentions`, only files that contain one of these texts count.
    """

    paths: tuple[KeyPath, ...]
    about: str = ""
    mentions: tuple[str, ...] = ()
    least: int = 1
    weight: int = ENOUGH


class LayoutFile(Record):
    """One file of a layout. None in a mapping removes an inherited value.

    `layers` has the layers of the layouts that this file, or one that it extends, composes.
    """

    file: str
    root: Entry
    about: str
    extends: tuple[tuple[str, Place], ...]
    names: dict[str, Naming | None]
    belongs: dict[str, PatternEntry | None]
    forbid: dict[str, PatternEntry | None]
    local: tuple[PatternEntry, ...]
    exclude: tuple[PatternEntry, ...]
    limits: dict[str, Limit | None]
    severity: dict[str, Severity | SeverityByPath | None]
    ignore: tuple[AcceptedFinding, ...]
    ports: dict[str, AssignedPorts | None]
    together: tuple[PatternEntry, ...]
    imports: ImportRules | None
    references: tuple[Listing, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    layers: frozenset[str] = frozenset()


class _Layout(Record):
    name: str
    about: str = ""
    root: Entry = Entry(Key((), True), Place("", 1))
    names: Mapping[str, Naming] = MappingProxyType({})
    belongs: PatternList = PatternList()
    forbid: PatternList = PatternList()
    local: PatternList = PatternList()
    exclude: PatternList = PatternList()
    limits: Mapping[str, Limit] = MappingProxyType({})
    severity: Mapping[str, Severity | SeverityByPath | None] = MappingProxyType({})
    ignore: tuple[AcceptedFinding, ...] = ()
    ports: Mapping[str, AssignedPorts] = MappingProxyType({})
    together: PatternList = PatternList()
    imports: ImportRules | None = None
    references: tuple[Listing, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    files: tuple[str, ...] = ()
    documents: Mapping[str, Reading] = MappingProxyType({})
    layers: frozenset[str] = frozenset()


class Layout(_Layout):
    """The structure of a repository. Every part has its line.

    `files` has all files of the layout, the farthest first. `documents` has the documents that draw it, each
    with its parsed content. `layers` has the layouts that it is composed of; it is empty for a single layout.
    """

    @cached_property
    def ties(self) -> PlaceholderScopes:
        """The entries that placeholders tie together."""
        from structlint.layout.placeholders import placeholder_scopes

        return placeholder_scopes(self.root, self.names)

    @cached_property
    def port_ranges(self) -> Mapping[str, AssignedPorts]:
        """The ports that `ports` assigns to placeholders, by their names."""
        return {name[1:-1]: assigned for name, assigned in self.ports.items() if is_placeholder(name)}

    @property
    def import_rules(self) -> ImportRules | None:
        """The `imports`; None if they restrict nothing."""
        return self.imports if self.imports and not self.imports.is_empty else None

    def accepts(self, rule: str, path: str) -> bool:
        """Whether an `ignore` or a severity that is off names a path for a rule, without a condition."""
        is_off = self.severity_at(rule, path, Severity.ERROR) is None
        return is_off or any(one.covers(rule, path) for one in self.ignore if not one.mentioned_in.items)

    def severity_at(self, rule: str, path: str, default: Severity) -> Severity | None:
        """The severity of a rule's findings at a path, by `default` if the layout sets none; None is off."""
        severity = self.severity.get(rule, default)
        return severity.at(path, default) if isinstance(severity, SeverityByPath) else severity

    @property
    def is_silent(self) -> bool:
        """Whether the layout has no requirements: no tree, pattern, limit, port or rule for imports."""
        lists = (self.belongs, self.forbid, self.local, self.together)
        required = (*(patterns.items for patterns in lists), self.limits, self.ports, self.references)
        return not (self.root.children or self.root.bounds or any(required) or self.import_rules)


def is_placeholder(name: str) -> bool:
    """Whether a name in `ports` is the name of a placeholder."""
    return name.startswith("<") and name.endswith(">")


def ill_spelled(slot: Slot, value: str, naming: Naming | None, directory: bool) -> Mapping[str, str]:
    """The right spellings of a placeholder's value, by case; none if it is right.

    The part after the first dot of a file's value (`user-profile.test` in `user-profile.test.ts`) belongs to
    the extension, not to the name.
    """
    cases = _cases(slot, naming)
    return _right_spellings(value, cases, directory) if cases else {}


def certainly_right(slot: Slot, naming: Naming | None, directory: bool) -> Callable[[str], object]:
    """A function that accepts values of a placeholder for which `ill_spelled` returns nothing; nearly all."""
    return fitting(_cases(slot, naming), with_extension=not directory)


def _cases(slot: Slot, naming: Naming | None) -> tuple[str, ...]:
    return (slot.case,) if slot.case else naming.cases if naming else ()


# A large repository has the same values many times.
@lru_cache(1 << 15)
def _right_spellings(value: str, cases: tuple[str, ...], directory: bool) -> Mapping[str, str]:
    stem, dot, rest = (value, "", "") if directory or value.startswith(".") else value.partition(".")
    for case in cases:
        if fits(stem, case):
            return {}
    return {case: spell(stem, case) + dot + rest for case in cases}


def same_name(one: str, other: str) -> bool:
    """Whether two values of a placeholder are the same name in any case."""
    return one == other or caseless(one) == caseless(other)
