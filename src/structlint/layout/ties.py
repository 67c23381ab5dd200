"""Which entries a placeholder ties together.

The first occurrence of a placeholder defines which names exist; every other one must have the same.
An occurrence inside another (`src/<pkg>/<pkg>_main.py`) is no other place: there it has the value it
has above. The scope is the innermost entry that encloses all occurrences: below each directory that
fits it the names are counted anew. A placeholder with a list of values ties nothing, its list does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from structlint.layout.model import Entry, Naming, entries


@dataclass
class Ties:
    """By the `id` of an entry: the placeholders it defines, is tied by, and is the scope of.

    `defining` has, for each placeholder, the entries on the way to the one that defines it.
    """

    defines: dict[int, tuple[str, ...]] = field(default_factory=dict)
    tied: dict[int, tuple[str, ...]] = field(default_factory=dict)
    scopes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    defining: dict[str, tuple[Entry, ...]] = field(default_factory=dict)


Occurrence = tuple[tuple[Entry, ...], Entry]


def ties_of(root: Entry, names: Mapping[str, Naming]) -> Ties:
    """The ties in the tree below `root`."""
    ties = Ties()
    for placeholder, occurrences in _occurrences(root).items():
        path = next(((*above, entry) for above, entry in occurrences if not entry.forbidden), None)
        if path is None or (placeholder in names and names[placeholder].values):
            continue
        defining = path[-1]
        ties.defining[placeholder] = path[1:]
        _add(ties.defines, defining, placeholder)
        if len(occurrences) > 1:
            _add(ties.scopes, _enclosing([above for above, _ in occurrences]), placeholder)
        for _, entry in occurrences:
            if entry is not defining:
                _add(ties.tied, entry, placeholder)
    return ties


def _occurrences(root: Entry) -> dict[str, list[Occurrence]]:
    """The places of each placeholder that are not within another place of its own."""
    found: dict[str, list[Occurrence]] = {}
    for above, entry in entries(root):
        for placeholder in entry.key.placeholders:
            if not any(placeholder in outer.key.placeholders for outer in above):
                found.setdefault(placeholder, []).append((above, entry))
    return found


def _enclosing(paths: list[tuple[Entry, ...]]) -> Entry:
    """The innermost entry that stands in all of these paths from the root."""
    innermost = paths[0][0]
    for step in zip(*paths, strict=False):
        if any(each is not step[0] for each in step):
            break
        innermost = step[0]
    return innermost


def _add(to: dict[int, tuple[str, ...]], entry: Entry, placeholder: str) -> None:
    to[id(entry)] = (*to.get(id(entry), ()), placeholder)
