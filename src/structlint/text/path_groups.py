"""Paths by the directory that they are in, for questions that concern all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from structlint.text.paths import parents, split
from structlint.text.records import Record


class Names:
    """Different names. `text` has each between two slashes, to look for something in all of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.known = frozenset(names)

    @cached_property
    def text(self) -> str:
        return "/".join(["", *self.known, ""])

    @cached_property
    def folded(self) -> str:
        """`text` in lower case."""
        return self.text.lower()

    @cached_property
    def _by_extension(self) -> dict[str, list[str]]:
        """The names by their ends from the last dot on; a name without a dot by its last character."""
        names: dict[str, list[str]] = defaultdict(list)
        for name in self.known:
            names[name[name.rfind(".") :]].append(name)
        return dict(names)

    def ending(self, end: str) -> Collection[str]:
        """The names that end in a text. Only names that share its extension are compared with it."""
        start, dot, extension = end.rpartition(".")
        if not dot:
            return self._compared(end, self.known) if f"{end}/" in self.text else ()
        names = self._by_extension.get(dot + extension, ())
        return self._compared(end, names) if start else names

    def _compared(self, end: str, names: Iterable[str]) -> list[str]:
        return [name for name in names if name.endswith(end)]

    def ending_in(self, ends: Iterable[str]) -> set[str]:
        """The names that end in one of several texts."""
        return {name for end in ends for name in self.ending(end)}

    def holding(self, *parts: str) -> set[str]:
        """The names that, in lower case, contain one of these texts."""
        there = [part for part in parts if part in self.folded]
        return {name for part in there for name in self.known if part in name.lower()}

    def containing(self, parts: Iterable[str]) -> set[str]:
        """The names that contain one of these texts, found without a step for each name."""
        text, found = self.text, set()
        for part in parts:
            at = text.find(part)
            while at >= 0:
                end = text.index("/", at)
                found.add(text[text.rindex("/", 0, at) + 1 : end])
                at = text.find(part, end)
        return found


class _PathGroups(Record):
    held: Mapping[str, Collection[str]]
    directories: Collection[str] = ()


class PathGroups(_PathGroups):
    """Paths of files and directories.

    `held` are the names of the files in each directory ("" or ending in "/"), also where there are none: each
    directory comes after the one that it is in. `directories` are those that are among the paths themselves.
    """

    @cached_property
    def files(self) -> Names:
        """The names of all files."""
        return Names(frozenset().union(*self.held.values()))

    def named(self, names: Collection[str]) -> list[str]:
        """The files with one of these names."""
        there = self.files.known.intersection(names)
        if not there:
            return []
        holding = ((above, held) for above, held in self.held.items() if not there.isdisjoint(held))
        return [above + name for above, held in holding for name in held if name in there]

    @cached_property
    def places(self) -> list[tuple[str, str, str]]:
        """Each directory but the root, with the directory that it is in and its name, without its "/"."""
        return [(path, above, name[:-1]) for path in self.held if path for above, name in [split(path)]]

    @cached_property
    def steps(self) -> Names:
        """The names of all directories, without their "/"."""
        return Names([name for _, _, name in self.places])


def grouped(paths: Iterable[str]) -> PathGroups:
    """The groups of paths in any order; a directory's ends in "/"."""
    held: dict[str, list[str]] = {"": []}
    directories = []
    for path in paths:
        for directory in reversed(parents(path)):
            held.setdefault(directory, [])
        if path.endswith("/"):
            held.setdefault(path, [])
            directories.append(path)
        elif path:
            above, name = split(path)
            held[above].append(name)
    return PathGroups(held, directories)
