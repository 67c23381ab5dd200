"""Finds the names, among many, that gitignore patterns match.

Most patterns match nothing in most trees. Exact names are looked up. Other patterns are tried only on names
that end in their text, and only if their text occurs in all names together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.layout.pattern import Pattern
    from structlint.text.path_groups import Names


class NameSearch:
    """Patterns of one name each, with their indices in ascending order."""

    def __init__(self, patterns: Iterable[tuple[int, Pattern]]) -> None:
        self._patterns = [(index, _Searched.of(pattern)) for index, pattern in patterns]

    def last(self, names: Names, directories: bool) -> dict[str, int]:
        """The names that a pattern matches, with the index of the last such pattern."""
        found: dict[str, int] = {}
        for index, matched in self._matched(names, directories):
            found.update(dict.fromkeys(matched, index))
        return found

    def all(self, names: Names, directories: bool) -> dict[str, tuple[int, ...]]:
        """The names that a pattern matches, with the indices of all such patterns."""
        found: dict[str, tuple[int, ...]] = {}
        for index, matched in self._matched(names, directories):
            found.update([(name, (*found.get(name, ()), index)) for name in matched])
        return found

    def _matched(self, names: Names, directories: bool) -> Iterator[tuple[int, Iterable[str]]]:
        for index, pattern in self._patterns:
            if directories or not pattern.directory:
                yield index, pattern.among(names)


class _OfName(Record):
    directory: bool
    exact: str | None
    needles: tuple[str, ...]
    end: str
    around: tuple[str, str] | None
    pattern: Pattern


class _Searched(_OfName):
    """A pattern of one name.

    `exact` is the only name that matches, if there is only one. If a name matches, the text of all names
    contains all `needles`, and the name ends in `end`. `around` is the text before and after the only
    wildcard, if it is a `*`.
    """

    @classmethod
    def of(cls, pattern: Pattern) -> _Searched:
        runs = [""]  # the text between the wildcards
        stars = 0
        for piece in pattern.names[0]:
            if piece.is_exact:
                runs[-1] += piece.sample
            else:
                runs.append("")
                stars += piece.is_any_text
        exact = runs[0] if len(runs) == 1 else None
        needles = sorted({f"/{runs[0]}", *runs[1:-1], f"{runs[-1]}/"} - {"", "/"}, key=len, reverse=True)
        around = (runs[0], runs[1]) if len(runs) == 2 and stars == 1 else None
        return cls(pattern.directory, exact, tuple(needles), runs[-1], around, pattern)

    def among(self, names: Names) -> Iterable[str]:
        """The names that match."""
        if self.exact is not None:
            return (self.exact,) if self.exact in names.known else ()
        possible = names.ending(self.end) if self.end else names.known
        if not possible or not all(needle in names.text for needle in self.needles):
            return ()
        if self.around is None:
            return filter(self._fits, possible)
        before, after = self.around
        if not before:
            return possible
        least = len(before) + len(after)
        return [
            name
            for name in possible
            if name.startswith(before) and name.endswith(after) and len(name) >= least
        ]

    @cached_property
    def _fits(self) -> Callable[[str], object]:
        return re.compile(self.pattern._replace(directory=False).expression, re.DOTALL).fullmatch
