"""Determines the required contents of missing directories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from structlint.layout.entry import Entry
from structlint.matching.model import Missing
from structlint.matching.survey import Survey
from structlint.text.paths import name_of, parent
from structlint.tree import Directory


def required_in(survey: Survey, missing: Missing) -> int:
    """The number of entries that a missing directory must contain at all levels."""
    return _number(survey, missing.entry, frozenset(missing.entry.key.placeholders), missing.path)


def _number(survey: Survey, entry: Entry, known: frozenset[str], path: str) -> int:
    number = 0
    for child in entry.children.values() if entry.key.directory else ():
        if child.wanted and not child.key.any_depth:
            new = [name for name in child.key.placeholders if name not in known]
            times = prod(len(_values(survey, name, path)) or 1 for name in new)
            number += times * (1 + _number(survey, child, known.union(new), path))
    return number


def first_required_in(survey: Survey, missing: Missing) -> str:
    """The first file that a missing or empty directory must contain, by its path in the directory.

    If there is no file, it is a directory with its "/"; "" if nothing is required. Tied placeholders have the
    first value that is defined for the directory.
    """
    if (entry := _governing(survey, missing)) is None:
        return ""
    name = missing.names[0].rstrip("/")
    known = entry.key.members[0].match(name, lambda slot, value: value != str(slot)) or {}
    return _first(survey, entry, known, missing.path)


def _governing(survey: Survey, missing: Missing) -> Entry | None:
    """The entry that lists a missing directory; None if only a `needs` or a `holds` requires it."""
    if not (missing.needed_by or missing.within):
        return missing.entry
    children = survey.children.get(parent(missing.path))
    directory = Directory(missing.path)
    for above, known in zip(children.entries, children.values, strict=True) if children else ():
        if entry := survey.lookup.entry_for(above, name_of(missing.path), directory, known):
            return entry
    return None


def _first(survey: Survey, entry: Entry, known: Mapping[str, str], path: str) -> str:
    first = ""
    for child in entry.children.values() if entry.key.directory else ():
        if child.wanted and not child.key.any_depth:
            values = {**known}
            for name in child.key.placeholders:
                if name not in known and (defined := _values(survey, name, path)):
                    values[name] = defined[0]
            name = child.key.members[0].spelled(values)
            if not child.key.directory:
                return name
            first = first or f"{name}/{_first(survey, child, values, path)}"
    return first


def _values(survey: Survey, placeholder: str, path: str) -> Sequence[str]:
    """The values that a placeholder has at a path: those of its list, or those defined in the same scope."""
    naming = survey.layout.names.get(placeholder)
    if naming and naming.values:
        return naming.values
    return survey.once(_DefinedValues).at(placeholder, path)


class _DefinedValues:
    """The values of tied placeholders, by the directory of their scope."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._depths: dict[str, int | None] = {}
        self._values: dict[tuple[str, ...], dict[str, None]] = {}

    def at(self, placeholder: str, path: str) -> Sequence[str]:
        if placeholder not in self._depths:
            self._depths[placeholder] = self._collect(placeholder)
        depth = self._depths[placeholder]
        return [] if depth is None else list(self._values.get((placeholder, *path.split("/")[:depth]), ()))

    def _collect(self, placeholder: str) -> int | None:
        """Stores the values of a placeholder; returns the number of directories above its scope."""
        defining = self._survey.layout.ties.defining.get(placeholder, ())
        depth = self._depth(defining[0], placeholder) if defining else None
        ids = {chain[-1].id for chain in defining} if depth is not None else set()
        for matches in self._survey.entry_matches if ids else ():
            if matches.entry.id in ids:
                key = (placeholder, *matches.directory.path.split("/")[:depth])
                values = self._values.setdefault(key, {})
                named = (name.values for name in matches.names if placeholder in name.values)
                values |= {value[placeholder]: None for value in named}
        return depth

    def _depth(self, chain: tuple[Entry, ...], placeholder: str) -> int | None:
        """The number of directories above the names of a scope; None if it varies."""
        depth = 0
        for number, entry in enumerate(chain[:-1], 1):
            if entry.key.any_depth:
                return None
            if placeholder in self._survey.layout.ties.scopes.get(entry.id, ()):
                depth = number
        return depth
