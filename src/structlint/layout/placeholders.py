"""Which entries a placeholder ties together.

The first occurrence of a placeholder defines which names exist; every other one must have the same.
An occurrence inside another (`src/<pkg>/<pkg>_main.py`) is no other place: there it has the value it
has above. The scope is the innermost entry that encloses all occurrences: below each directory that
fits it the names are counted anew. A placeholder with a list of values ties nothing, its list does.
"""

from __future__ import annotations

from collections.abc import Mapping

from structlint.layout.entry import Entry, Naming, entries


class PlaceholderScopes:
    """By the `id` of an entry: the placeholders it defines, is tied by, and is the scope of.

    By placeholder: `defining` has the entries on the way to the one that defines it, `within` the other
    placeholders that all its occurrences are below. `late` is true where a tied entry may be matched
    before all that define its names: both are below one entry that several directories can fit, or a
    `false` entry is written before the one that defines them.
    """

    def __init__(self) -> None:
        self.defines: dict[int, tuple[str, ...]] = {}
        self.tied: dict[int, tuple[str, ...]] = {}
        self.scopes: dict[int, tuple[str, ...]] = {}
        self.defining: dict[str, tuple[Entry, ...]] = {}
        self.within: dict[str, tuple[str, ...]] = {}
        self.late = False


Occurrence = tuple[tuple[Entry, ...], Entry]


def placeholder_scopes(root: Entry, names: Mapping[str, Naming]) -> PlaceholderScopes:
    """The ties in the tree below `root`."""
    ties = PlaceholderScopes()
    for placeholder, occurrences in _occurrences(root).items():
        path = next(((*above, entry) for above, entry in occurrences if not entry.forbidden), None)
        if path is None or (placeholder in names and names[placeholder].values):
            continue
        defining = path[-1]
        ties.defining[placeholder] = path[1:]
        _add(ties.defines, defining, placeholder)
        ties.within[placeholder] = _within([above for above, _ in occurrences])
        enclosing = _enclosing([above for above, _ in occurrences])
        if len(occurrences) > 1:
            _add(ties.scopes, enclosing[-1], placeholder)
        # What is forbidden defines no names, so it may be matched before the entry that does.
        ties.late |= occurrences[0][1] is not defining
        for above, entry in occurrences:
            if entry is not defining:
                _add(ties.tied, entry, placeholder)
                shared = _enclosing([path[:-1], above])[len(enclosing) :]
                ties.late |= any(each.key.exact is None for each in shared)
    return ties


def _occurrences(root: Entry) -> dict[str, list[Occurrence]]:
    """The places of each placeholder that are not within another place of its own."""
    found: dict[str, list[Occurrence]] = {}
    for above, entry in entries(root):
        for placeholder in entry.key.placeholders:
            if not any(placeholder in outer.key.placeholders for outer in above):
                found.setdefault(placeholder, []).append((above, entry))
    return found


def _enclosing(paths: list[tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The entries that stand in all of these paths from the root, the innermost last."""
    shared: list[Entry] = []
    for step in zip(*paths, strict=False):
        if any(each is not step[0] for each in step):
            break
        shared.append(step[0])
    return tuple(shared)


def _within(paths: list[tuple[Entry, ...]]) -> tuple[str, ...]:
    """The placeholders that stand in all of these paths."""
    named = [[name for entry in path for name in entry.key.placeholders] for path in paths]
    return tuple(name for name in dict.fromkeys(named[0]) if all(name in each for each in named))


def _add(to: dict[int, tuple[str, ...]], entry: Entry, placeholder: str) -> None:
    to[entry.id] = (*to.get(entry.id, ()), placeholder)
