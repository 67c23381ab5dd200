"""Checks unique and consecutive values of placeholders in each directory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from structlint.layout.keys import Name
from structlint.matching.model import Duplicate, EntryMatches, NameMatch
from structlint.matching.survey import Survey
from structlint.text.cases import caseless
from structlint.text.records import Record


class Numbered(Record):
    """A name with a value of a placeholder."""

    matches: EntryMatches
    name: NameMatch
    value: str

    @property
    def path(self) -> str:
        return self.matches.path(self.name)


class Gap(Record):
    """The `length` numbers that are missing before the number in the name of `path`, from `missing` on."""

    path: str
    matches: EntryMatches
    placeholder: str
    missing: str
    length: int


def numbered(survey: Survey, placeholder: str) -> dict[str, list[Numbered]]:
    """The names with a value of a placeholder, by the path of their directory, in the order of the names."""
    by_directory: dict[str, list[Numbered]] = {}
    for matches in survey.entry_matches:
        if placeholder in matches.entry.key.placeholders and not matches.entry.forbidden:
            there = by_directory.setdefault(matches.directory.path, [])
            there += (
                Numbered(matches, name, name.values[placeholder])
                for name in matches.names
                if placeholder in name.values
            )
    return {path: sorted(names, key=lambda one: one.name.name) for path, names in by_directory.items()}


def repetitions(survey: Survey) -> Iterator[Duplicate]:
    """The names with a unique value that another name already has."""
    for placeholder, naming in survey.layout.names.items():
        for names in numbered(survey, placeholder).values() if naming.unique else ():
            yield from _repeated(placeholder, names)


def gaps(survey: Survey) -> Iterator[Gap]:
    """The gaps in consecutive numbers; of several missing numbers in a row, the first."""
    for placeholder, naming in survey.layout.names.items():
        for names in numbered(survey, placeholder).values() if naming.consecutive else ():
            ordered = sorted(names, key=lambda one: int(one.value))
            for before, after in pairwise(ordered):
                length = int(after.value) - int(before.value) - 1
                if length > 0:
                    yield Gap(after.path, after.matches, placeholder, following(before.value), length)


def following(number: str) -> str:
    """The next number, with as many digits as this one has if it is padded with zeros."""
    return str(int(number) + 1).zfill(len(number))


def _repeated(placeholder: str, names: list[Numbered]) -> Iterator[Duplicate]:
    firsts: dict[str, Numbered] = {}
    known: dict[str, dict[str, str]] = {}  # by value: the values of the other placeholders
    members: dict[tuple[str, int, Name], str] = {}  # several `**/` can match one path
    for one in names:
        identity = one.value.lstrip("0") if one.value.isdigit() else caseless(one.value) or one.value
        first = firsts.setdefault(identity, one)
        others = known.setdefault(identity, {})
        mine = {name: value for name, value in one.name.values.items() if name != placeholder}
        member = identity, one.matches.entry.id, one.name.member
        differs = any(others.setdefault(name, value) != value for name, value in mine.items())
        if first.path != one.path and (differs or members.get(member, one.path) != one.path):
            yield Duplicate(one.path, one.matches.entry, placeholder, first.path)
        members.setdefault(member, one.path)
