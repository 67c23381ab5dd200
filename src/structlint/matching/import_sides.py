"""Which sides of a layout's `imports` a path is on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from structlint.layout.entry import Naming
from structlint.layout.import_rules import Side
from structlint.layout.keys import EVERYWHERE, KeyPath, Slot
from structlint.text.paths import parent


class Place(NamedTuple):
    """Where a path is on a side: in the directory `prefix`, with these values of the side's placeholders."""

    side: Side
    prefix: str
    values: tuple[tuple[str, str], ...] = ()


_MOST_DEPTH = 1_000_000  # no path is so deep

Places = tuple[Place, ...]  # of one path, by the sides in the order of the rules


def _depth(path: KeyPath) -> int:
    """How many directories of a path decide whether it is on a side."""
    return _MOST_DEPTH if EVERYWHERE in path.steps else len(path.steps)


class Sides:
    """The sides of a layout's rules. Equal places are one value, so that they can be compared by identity."""

    def __init__(self, sides: Sequence[Side], names: Mapping[str, Naming]) -> None:
        self.sides = tuple(dict.fromkeys(sides))
        self._names = names
        self._with_files = any(not path.steps[-1].directory for side in self.sides for path in side.paths)
        self._deepest = max((_depth(path) for side in self.sides for path in side.paths), default=0)
        self._of_directories: dict[str, Places] = {}
        self._one: dict[Places, Places] = {}

    def of(self, path: str) -> Places:
        """The places of a file, or of a directory (with its "/")."""
        directory = path if path.endswith("/") else parent(path)
        if self._with_files and path != directory:
            return self._shared(tuple(self._places(path)))
        known = self._of_directories.get(directory)
        if known is None:
            # What is deeper than all sides is where the directory above it is.
            above = parent(directory) if directory.count("/") > self._deepest else ""
            known = self.of(above) if above else self._shared(tuple(self._places(directory)))
            self._of_directories[directory] = known
        return known

    def _shared(self, places: Places) -> Places:
        return self._one.setdefault(places, places)

    def _places(self, path: str) -> Iterator[Place]:
        steps = path.split("/")
        for side in self.sides:
            found = [each for written in side.paths for each in self._fits(steps, written)]
            if found:
                length, values = max(found, key=lambda each: each[0])
                yield Place(side, "/".join(steps[:length]) + "/" * (length < len(steps)), values)

    def _fits(self, steps: list[str], written: KeyPath) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
        """How many steps of a path a side takes, in each way in which it fits, and the values."""
        reached: dict[int, dict[str, str]] = {0: {}}
        keys = written.steps
        for number, key in enumerate(keys):
            if key.everywhere:
                first = min(reached)
                reached = {at: reached.get(at, reached[first]) for at in range(first, len(steps))}
                continue
            # The last step of a path is a file's name, or "" of a directory.
            last = len(steps) - (number < len(keys) - 1 or key.directory)
            reached = {
                at + 1: {**known, **values}
                for at, known in reached.items()
                if at < last
                and (key.directory or at == len(steps) - 1)
                and (values := self._values(key.members[0], steps[at], known)) is not None
            }
            if not reached:
                return
        for at, values in reached.items():
            yield at, tuple(sorted(values.items()))

    def _values(self, name: object, text: str, known: Mapping[str, str]) -> dict[str, str] | None:
        values: dict[str, str] | None = name.match(text, self._admits) if text else None  # type: ignore[attr-defined]
        if values and any(known.get(each, value) != value for each, value in values.items()):
            return None
        return values

    def _admits(self, slot: Slot, value: str) -> bool:
        naming = self._names.get(slot.placeholder)
        return naming is None or bool(naming.admits(slot, value))
