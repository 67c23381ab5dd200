"""The values of placeholders: the allowed ones, their equality and their spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from structlint.finding import Place
from structlint.layout.entry import Entry, Naming
from structlint.layout.keys import Admits, Name, Slot
from structlint.layout.model import Layout, ill_spelled
from structlint.matching.model import NameMatch
from structlint.text.cases import by_words, caseless, spell

_ANY_NAME = Naming(Place("", 1))


class PlaceholderValues:
    """The values of a layout's placeholders, as its `names` restrict them."""

    def __init__(self, layout: Layout) -> None:
        self._root = layout.root
        self._names = layout.names

    def naming(self, placeholder: str) -> Naming:
        """The `names` entry of a placeholder; if it has none, one that allows every value."""
        return self._names.get(placeholder, _ANY_NAME)

    def identity(self, placeholder: str, value: str) -> str:
        """A text that is equal for two values if and only if they are the same name."""
        if placeholder not in self._compared_by_words:
            return value
        return by_words(value) or value

    def identities(self, placeholder: str, values: Sequence[str]) -> Sequence[str]:
        """The same for many values."""
        if placeholder not in self._compared_by_words:
            return values
        both = zip(map(by_words, values), values, strict=True)
        return [identity or value for identity, value in both]

    def is_same(self, slot: Slot, value: str, other: str) -> bool:
        """Whether `other`, the value of a slot, is the same name as `value` from elsewhere.

        It is if both have the same words, or if `value` in the case of the slot is `other`.
        """
        if self.identity(slot.placeholder, value) == self.identity(slot.placeholder, other):
            return True
        return slot.case is not None and in_case(value, slot.case) == in_case(other, slot.case, other)

    def in_own_case(self, placeholder: str, value: str) -> str:
        """A value in the case that `names` gives the placeholder, if any."""
        naming = self.naming(placeholder)
        if not ill_spelled(Slot(placeholder), value, naming, directory=False):
            return value
        return Slot(placeholder, naming.case).spelled(value)

    def spelled(self, name: Name, values: Mapping[str, str]) -> str:
        """A name of the layout with values from elsewhere, each in the required case, else in its own."""
        cased = {slot.placeholder for slot in name.slots if slot.case}
        own = {
            placeholder: self.in_own_case(placeholder, value)
            for placeholder, value in values.items()
            if placeholder not in cased and not self.naming(placeholder).values
        }
        return name.spelled({**values, **own})

    def in_right_case(self, directory: bool) -> Callable[[NameMatch], bool]:
        """A function that returns whether a value in the name of a file or directory has the right case."""

        def in_right_case(match: NameMatch) -> bool:
            slots = ((slot, match.values[slot.placeholder]) for slot in match.member.slots)
            return all(
                not ill_spelled(slot, value, self._names.get(slot.placeholder), directory)
                for slot, value in slots
            )

        return in_right_case

    def decides_spelling(self, name: Name) -> bool:
        """Whether a name of a layout decides how names are spelled: by a case, a list or a pattern."""
        namings = ((slot, self.naming(slot.placeholder)) for slot in name.slots)
        return any(slot.case or naming.case or naming.pattern or naming.values for slot, naming in namings)

    def admits_any(self, slot: Slot) -> bool:
        """Whether a placeholder without a known value may have any value that does not begin with a dot."""
        naming = self.naming(slot.placeholder)
        return not (naming.values or naming.consecutive or (naming.pattern and slot.case is None))

    def admits(self, known: Mapping[str, str]) -> Admits:
        """A function that returns whether a placeholder may have a value: a known or an allowed one."""

        names = self._names

        def admits(slot: Slot, value: str) -> bool:
            placeholder = slot.placeholder
            if known and (bound := known.get(placeholder)) is not None:
                return self.is_same(slot, bound, value)
            return names.get(placeholder, _ANY_NAME).admits(slot, value)

        return admits

    @cached_property
    def _compared_by_words(self) -> frozenset[str]:
        """The placeholders with a case somewhere, whose values are compared without case and separators."""
        named = {name for name, naming in self._names.items() if naming.cases}
        return frozenset(named.union(_with_a_case(self._root)))


def in_case(value: str, case: str, spelled: str = "") -> str:
    """A value in a case, or as it is `spelled`.

    In lower case, words cannot be told apart, so only letters and digits count.
    """
    return caseless(value) if case == "lowercase" else spelled or spell(value, case)


def _with_a_case(entry: Entry) -> Iterator[str]:
    """The placeholders to which an entry below `entry` gives a case."""
    for child in entry.children.values():
        yield from (slot.placeholder for member in child.key.members for slot in member.slots if slot.case)
        yield from _with_a_case(child)
