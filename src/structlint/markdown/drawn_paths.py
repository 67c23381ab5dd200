"""The paths drawn so far in a document, which determine the places of later drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from structlint.markdown.outline import steps_of
from structlint.markdown.tree_lines import DrawnEntry

Keys = tuple[str, ...]
_MOST_DOTS = 5  # in a name of which the endings are known


class DrawnPaths:
    """The paths of all entries drawn so far, each as keys."""

    def __init__(self) -> None:
        self._by_name: dict[str, set[Keys]] = {}
        self._endings: set[str] = set()

    def add(self, base: Keys, entries: Iterable[DrawnEntry]) -> None:
        """Adds entries that are drawn in a directory."""
        for path in (base, *paths_of(entries, base, files=True)):
            self.put(path)

    def put(self, path: Keys) -> None:
        """Adds a path."""
        name = path[-1] if path else ""
        self._by_name.setdefault(name, set()).add(path)
        parts = name.split(".")
        self._endings.update(".".join(parts[at:]) for at in range(1, min(len(parts), _MOST_DOTS)))

    def has_in_root(self, key: str) -> bool:
        """Whether an entry of this name is drawn in the root."""
        return (key,) in self._by_name.get(key, ())

    def has_ending(self, key: str) -> bool:
        """Whether a drawn file has this name only as an ending, as `cart.model.py` has `model.py`."""
        return "." in key and key in self._endings and key not in self._by_name

    def has_deeper(self, key: str) -> bool:
        """Whether a directory of this name is drawn below the root."""
        return any(len(path) > 1 for path in self._by_name.get(key, ()))

    def places_of(self, steps: Sequence[str]) -> set[Keys]:
        """All paths that end in these steps."""
        return {path for path in self._by_name.get(steps[-1], ()) if path[-len(steps) :] == tuple(steps)}

    def deeper(self, steps: Sequence[str]) -> Keys:
        """The path that ends in these steps; () unless there is exactly one."""
        paths = self.places_of(steps)
        return paths.pop() if len(paths) == 1 else ()

    def shallowest(self, steps: Sequence[str]) -> Keys:
        """The shortest path that ends in these steps; () if several are equally short."""
        paths = self.places_of(steps)
        fewest = min(map(len, paths), default=0)
        first, *others = [path for path in paths if len(path) == fewest] or [()]
        return () if others else first

    def home_of(self, entries: Iterable[DrawnEntry]) -> Keys:
        """The directory that contains all these entries; () unless there is exactly one."""
        firsts = {steps_of(entry.key)[0] for entry in entries}
        homes = [{path[:-1] for path in self._by_name.get(first, ())} for first in firsts]
        shared = set.intersection(*homes) if homes else set()
        return shared.pop() if len(shared) == 1 else ()

    def located(self, base: Keys) -> Keys:
        """The path that a heading names, relative to the directory in which its first steps are drawn."""
        if not base or self.has_in_root(base[0]):
            return base
        for length in range(len(base), 0, -1):
            if known := self.shallowest(base[:length]):
                return (*known, *base[length:])
        return base

    def split(self, entries: Sequence[DrawnEntry]) -> Iterator[tuple[Keys | None, tuple[DrawnEntry, ...]]]:
        """Entries of a list or table by the directories that contain them; None if several contain one.

        They describe entries of a tree if it contains most of them, and none in the root. Else they are in
        the root.
        """
        firsts = [steps_of(entry.key)[0] for entry in entries]
        homes = [{path[:-1] for path in self._by_name.get(first, ())} for first in firsts]
        if any(map(self.has_in_root, firsts)) or sum(map(bool, homes)) * 2 < len(homes):
            yield (), tuple(entries)
            return
        parts: dict[Keys | None, list[DrawnEntry]] = {}
        for entry, places in zip(entries, homes, strict=True):
            home = None if len(places) > 1 else next(iter(places), ())
            parts.setdefault(home, []).append(entry)
        yield from ((home, tuple(part)) for home, part in parts.items())


def only_deeper(steps: tuple[str, ...], earlier: DrawnPaths, every: DrawnPaths) -> Keys:
    """The only path below the root that ends in these steps, in earlier drawings or else in any."""
    if deeper := earlier.deeper(steps):
        return deeper
    paths = {path for path in every.places_of(steps) if len(path) > len(steps)}
    return paths.pop() if len(paths) == 1 and not earlier.places_of(steps) else ()


def paths_of(entries: Iterable[DrawnEntry], above: Keys = (), *, files: bool = False) -> Iterator[Keys]:
    """The paths of all directories below entries; with `files`, also those of files."""
    for entry in entries:
        if files or entry.key.endswith("/"):
            path = (*above, *steps_of(entry.key))
            yield path
            yield from paths_of(entry.children, path, files=files)
