"""Determines the entries that a placeholder ties together.

The first occurrence of a placeholder defines its values, and every other occurrence must have the same ones.
If some occurrences have an `if`, these define the values together instead. So do the files and the
directories of a group.

An occurrence inside another (`src/<pkg>/<pkg>_main.py`) is not separate, because it has the outer value. The
scope is the innermost entry that contains all occurrences; each directory that matches it has its own
values. A placeholder with a list of values does not tie entries, because the list defines the values.
"""

from __future__ import annotations

from collections.abc import Mapping

from structlint.layout.entry import Entry, Naming, entries


class PlaceholderScopes:
    """The placeholders that an entry, by its `id`, defines, is tied by, or is the scope of.

    By placeholder, `defining` has the defining entries, each with all entries from the root, and `within` has
    the placeholders that contain all of its occurrences. `once` has the placeholders whose values may be
    defined only once, because they are defined with an `if`.
    """

    def __init__(self) -> None:
        self.defines: dict[int, tuple[str, ...]] = {}
        self.tied: dict[int, tuple[str, ...]] = {}
        self.scopes: dict[int, tuple[str, ...]] = {}
        self.defining: dict[str, tuple[tuple[Entry, ...], ...]] = {}
        self.within: dict[str, tuple[str, ...]] = {}
        self.once: set[str] = set()


Occurrence = tuple[tuple[Entry, ...], Entry]


def placeholder_scopes(root: Entry, names: Mapping[str, Naming]) -> PlaceholderScopes:
    """The ties in the tree below `root`."""
    ties = PlaceholderScopes()
    for placeholder, occurrences in _occurrences(root).items():
        if not (placeholder in names and names[placeholder].values):
            _tie(ties, placeholder, occurrences)
    return ties


def _tie(ties: PlaceholderScopes, placeholder: str, occurrences: list[Occurrence]) -> None:
    """Adds the ties of one placeholder."""
    defining = _defining(occurrences)
    if not defining:
        return
    ties.defining[placeholder] = tuple((*above[1:], entry) for above, entry in defining)
    ties.within[placeholder] = _within([above for above, _ in occurrences])
    enclosing = _enclosing([above for above, _ in occurrences])
    if len(occurrences) > 1:
        _add(ties.scopes, enclosing[-1], placeholder)
    if defining[0][1].condition:
        ties.once.add(placeholder)
    for _, entry in defining:
        _add(ties.defines, entry, placeholder)
    defining_ids = {entry.id for _, entry in defining}
    for _, entry in occurrences:
        if entry.id not in defining_ids:
            _add(ties.tied, entry, placeholder)


def _defining(occurrences: list[Occurrence]) -> list[Occurrence]:
    """The occurrences that define a placeholder: those with an `if`, or the first that is not `false`."""
    possible = [(above, entry) for above, entry in occurrences if not entry.forbidden]
    if conditional := [occurrence for occurrence in possible if occurrence[1].condition]:
        return conditional
    first = min(possible, key=lambda occurrence: occurrence[1].turn, default=None)
    return [
        occurrence
        for occurrence in possible
        if first and (occurrence is first or _is_other_half(occurrence, first))
    ]


def _is_other_half(one: Occurrence, other: Occurrence) -> bool:
    """Whether two occurrences are the files and the directories of one group."""
    return one[1].other == other[1].key and one[0] == other[0]


def _occurrences(root: Entry) -> dict[str, list[Occurrence]]:
    """The occurrences of each placeholder that are not inside another occurrence."""
    occurrences: dict[str, list[Occurrence]] = {}
    for above, entry in entries(root):
        for placeholder in entry.key.placeholders:
            if not any(placeholder in outer.key.placeholders for outer in above):
                occurrences.setdefault(placeholder, []).append((above, entry))
    return occurrences


def _enclosing(paths: list[tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The entries with which all of these paths from the root begin, the innermost last."""
    shared: list[Entry] = []
    for step in zip(*paths, strict=False):
        if any(entry is not step[0] for entry in step):
            break
        shared.append(step[0])
    return tuple(shared)


def _within(paths: list[tuple[Entry, ...]]) -> tuple[str, ...]:
    """The placeholders that all of these paths contain, in each alternative of an entry."""
    named = [[name for entry in path for name in entry.key.always] for path in paths]
    return tuple(name for name in dict.fromkeys(named[0]) if all(name in names for names in named))


def _add(to: dict[int, tuple[str, ...]], entry: Entry, placeholder: str) -> None:
    to[entry.id] = (*to.get(entry.id, ()), placeholder)
