"""The state of a walk at one directory: the values of placeholders, and the names that define them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from structlint.matching.model import EntryMatches, NameMatch
from structlint.text.records import Record

Definition = tuple[EntryMatches, NameMatch]


class DefiningNames:
    """The names that define a placeholder's values, by the identity of the value.

    Names from the previous walk count, too. `possible` has the identities of further values, in the names of
    opaque directories. `required` has those of the names that `forbid` does not match: only these require
    counterparts.
    """

    __slots__ = ("_before", "_new", "_now", "_read", "_spelled", "late", "possible", "required")

    def __init__(self) -> None:
        self._before: Mapping[str, Definition] = {}
        self._now: dict[str, Definition] = {}
        self._new: list[tuple[str, Definition]] = []  # all names, in the order in which they were added
        self._spelled: dict[str, tuple[int, dict[str, str]]] = {}
        self._read = False
        self.late = False
        self.possible: set[str] = set()
        self.required: set[str] = set()

    def begin_walk(self) -> None:
        """Forgets the names that the last walk did not add."""
        self._before, self._now = self._now, {}
        self._new, self._spelled = list(self._before.items()), {}
        self._read = self.late = False

    @property
    def stale(self) -> bool:
        """Whether this walk has used a name that it did not add."""
        return self._read and not self._before.keys() <= self._now.keys()

    def add(self, identity: str, definition: Definition) -> Definition:
        """Adds a name; returns the first name of this identity. `late` is set if it comes too late."""
        self.late |= self._read and identity not in self._now and identity not in self._before
        first = self._now.setdefault(identity, definition)
        if first is definition:
            self._new.append((identity, definition))
        return first

    def replace(self, identity: str, definition: Definition) -> None:
        """Makes another name the first one of an identity."""
        self._now[identity] = definition

    def get(self, identity: str) -> Definition | None:
        """The name of an identity, None if there is none."""
        self._read = True
        return self._now.get(identity) or self._before.get(identity)

    def holds(self, identities: set[str]) -> bool:
        """Whether there certainly is a name of each of these identities."""
        if not self.possible.isdisjoint(identities):
            return False
        self._read = True
        return identities <= self._now.keys() or identities <= self._now.keys() | self._before.keys()

    def known(self) -> dict[str, Definition]:
        """All names."""
        self._read = True
        return {**self._before, **self._now}

    def spelled(self, case: str, spell: Callable[[Definition], str]) -> Mapping[str, str]:
        """The identities by the names in another case."""
        self._read = True
        number, by_name = self._spelled.get(case, (0, {}))
        for identity, definition in self._new[number:] if number < len(self._new) else ():
            by_name[spell(definition)] = identity
        self._spelled[case] = len(self._new), by_name
        return by_name


# The names that define a placeholder's values in a whole scope, by the values of the placeholders that it is
# tied within.
ScopeNames = dict[tuple[str, ...], DefiningNames]


class Scope(Record):
    """The values of placeholders in a directory, and the names defined so far.

    `here` caches, by placeholder, the names of `defined` that the values select.
    """

    values: Mapping[str, str]
    defined: Mapping[str, ScopeNames]
    here: dict[str, DefiningNames]

    def inside(self, name: NameMatch) -> Scope:
        """The scope in a directory of this name."""
        return Scope({**self.values, **name.values}, self.defined, {}) if name.values else self
