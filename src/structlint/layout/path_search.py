"""Matches many paths with gitignore patterns. Each name is tried once, and most paths never."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from structlint.layout.name_search import NameSearch
from structlint.layout.pattern import Pattern, PatternTable
from structlint.text.path_groups import Names, PathGroups
from structlint.text.records import Record

# The indices of the patterns that need not be reported for the files in a directory.
Settled = Callable[[str], Collection[int]]


class _Above(Record):
    """The last patterns for everything in a directory, by index; -1 if there is none.

    `within` decides, because the pattern matches the directory or a parent. `around` matches each path in the
    directory, as `docs/**` does, so that a later pattern may still negate it.
    """

    within: int = -1
    around: int = -1


class _Found(Record):
    """The names that patterns may match: by name only, in some directories, or with their contents.

    `anchored` has the patterns to try on the paths that end in a name.
    """

    alone: Mapping[str, int]
    anchored: Mapping[str, PatternTable]
    around: Mapping[str, int]


class PathSearch:
    """Patterns in order, for matching many paths."""

    def __init__(self, items: Sequence[Pattern]) -> None:
        self._items = items
        around = [(index, above) for index, item in enumerate(items) if (above := item.around)]
        kept = {index for index, _ in around}
        self._anchored = [(i, item) for i, item in enumerate(items) if item.anchored and i not in kept]
        self._alone = NameSearch((i, item) for i, item in enumerate(items) if not item.anchored)
        self._around = NameSearch((i, item.of_last_name) for i, item in around)
        self._tables: dict[tuple[int, ...], PatternTable] = {}
        self._around_names = PatternTable((i, item) for i, item in around if not item.anchored)
        self._around_paths = PatternTable((i, item) for i, item in around if item.anchored)

    def decided(self, paths: PathGroups, settled: Settled | None = None) -> Iterator[tuple[str, int]]:
        """Each path that a pattern applies to, with the index of the pattern: files first, both sorted.

        This is `Patterns.match` for many paths. It tries only paths whose name, or the name of a parent
        directory, matches a pattern. Files may be left out in a directory where `settled` returns the index
        of their pattern.
        """
        anchored = self._possible(paths)
        above = self._above(paths, anchored)
        yield from sorted(self._files(paths, above, anchored, settled))
        for path in sorted(paths.directories):
            if above[path].within >= 0:
                yield path, above[path].within

    def _files(
        self,
        paths: PathGroups,
        above: Mapping[str, _Above],
        anchored_search: NameSearch,
        settled: Settled | None,
    ) -> Iterator[tuple[str, int]]:
        found = self._found(paths.files, anchored_search, directories=False)
        anchored = found.anchored.keys()
        candidates = found.alone.keys() | anchored
        deciding = {name: index for name, index in found.alone.items() if self._matches(index)}
        alone = {name: deciding[name] for name in deciding.keys() - anchored}
        for directory, names in paths.held.items():
            within, around = above[directory]
            if within < 0 and around < 0:
                if not candidates:
                    continue
                if found_here := alone.keys() & names:
                    known = settled(directory) if settled else ()
                    left = [name for name in found_here if alone[name] not in known] if known else found_here
                    yield from [(directory + name, alone[name]) for name in left]
                names = anchored & names
            elif within < 0 and not self._matches(around):
                names = candidates.intersection(names)
            for name in names:
                last = max(found.alone.get(name, -1), around)
                if name in found.anchored:
                    last = max(last, found.anchored[name].last(directory + name))
                decided = last if last > within and self._matches(last) else within
                if decided >= 0:
                    yield directory + name, decided

    def _above(self, paths: PathGroups, anchored: NameSearch) -> dict[str, _Above]:
        """The patterns for each directory."""
        found = self._found(paths.steps, anchored, directories=True)
        candidates = found.alone.keys() | found.anchored.keys() | found.around.keys()
        if not candidates:
            return dict.fromkeys(paths.held, _Above())
        above = {"": _Above()}
        for directory, parent, name in paths.places:
            outer = above[parent]
            if name in candidates or self._matches(outer.around):
                above[directory] = self._of_directory(directory, name, outer, found)
            else:
                above[directory] = outer
        return above

    def _of_directory(self, path: str, name: str, outer: _Above, found: _Found) -> _Above:
        last, around = max(found.alone.get(name, -1), outer.around), outer.around
        if name in found.anchored:
            last = max(last, found.anchored[name].last(path))
        if name in found.around:
            around = max(around, self._around_names.last(f"{name}/"), self._around_paths.last(path))
        return _Above(max(outer.within, last) if self._matches(last) else outer.within, around)

    def _possible(self, paths: PathGroups) -> NameSearch:
        """The last names of the anchored patterns that can match because all their directories exist."""
        return NameSearch(
            (index, item.of_last_name)
            for index, item in self._anchored
            if item.exact_names_above <= paths.steps.known
        )

    def _found(self, names: Names, anchored: NameSearch, *, directories: bool) -> _Found:
        return _Found(
            self._alone.last(names, directories),
            {name: self._table(found) for name, found in anchored.all(names, directories).items()},
            self._around.last(names, directories),
        )

    def _table(self, indices: tuple[int, ...]) -> PatternTable:
        if indices not in self._tables:
            self._tables[indices] = PatternTable((index, self._items[index]) for index in indices)
        return self._tables[indices]

    def _matches(self, index: int) -> bool:
        """Whether there is such a pattern and it is not negated."""
        return index >= 0 and not self._items[index].takes_back
