"""Finds the sides of a layout's `imports` that contain a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from structlint.layout.entry import Naming
from structlint.layout.import_rules import Side
from structlint.layout.keys import EVERYWHERE, Key, KeyPath, Slot
from structlint.text.paths import parent
from structlint.text.records import Record


class Place(Record):
    """The place of a path on a side: the directory `prefix`, with these values of the side's placeholders."""

    side: Side
    prefix: str
    values: tuple[tuple[str, str], ...] = ()


_MOST_DEPTH = 1_000_000  # deeper than any path

Places = tuple[Place, ...]  # the places of one path, in the order of the sides


def _depth(path: KeyPath) -> int:
    """The number of directories of a path that matter for a side."""
    return _MOST_DEPTH if EVERYWHERE in path.steps else len(path.steps)


class Sides:
    """The sides of a layout's rules. Equal places are one value, so that they can be compared by identity.

    `with_files` means that a side may be a file, so that a file may be in other places than its directory.
    """

    def __init__(self, sides: Sequence[Side], names: Mapping[str, Naming]) -> None:
        self.sides = tuple(dict.fromkeys(sides))
        self._names = names
        self.with_files = any(not path.steps[-1].directory for side in self.sides for path in side.paths)
        self._deepest = max((_depth(path) for side in self.sides for path in side.paths), default=0)
        self._of_directories: dict[str, Places] = {}
        self._one: dict[Places, Places] = {}

    def of(self, path: str) -> Places:
        """The places of a file, or of a directory (with its "/")."""
        directory = path if path.endswith("/") else parent(path)
        if self.with_files and path != directory:
            return self._shared(tuple(self._places(path)))
        known = self._of_directories.get(directory)
        if known is None:
            # Below the deepest side, a directory has the places of its parent.
            above = parent(directory) if directory.count("/") > self._deepest else ""
            known = self.of(above) if above else self._shared(tuple(self._places(directory)))
            self._of_directories[directory] = known
        return known

    def _shared(self, places: Places) -> Places:
        return self._one.setdefault(places, places)

    def _places(self, path: str) -> Iterator[Place]:
        steps = path.split("/")
        for side in self.sides:
            fits = [fit for written in side.paths for fit in self._fits(steps, written)]
            if fits:
                length, values = max(fits, key=lambda fit: fit[0])
                yield Place(side, "/".join(steps[:length]) + "/" * (length < len(steps)), values)

    def _fits(self, steps: list[str], written: KeyPath) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
        """The matches of a side with a path: the number of steps, and the values of placeholders."""
        keys = written.steps
        if keys[0].exact not in (None, steps[0]):
            return
        reached: dict[int, dict[str, str]] = {0: {}}
        for number, key in enumerate(keys):
            if key.everywhere:
                first = min(reached)
                reached = {at: reached.get(at, reached[first]) for at in range(first, len(steps))}
                continue
            # The last step is the name of a file, or "" if the path is a directory.
            last = len(steps) - (number < len(keys) - 1 or key.directory)
            reached = {
                at + 1: {**known, **values}
                for at, known in reached.items()
                if at < last
                and (key.directory or at == len(steps) - 1)
                and (values := self._values(key, steps[at], known)) is not None
            }
            if not reached:
                return
        for at, values in reached.items():
            yield at, tuple(sorted(values.items()))

    def _values(self, key: Key, text: str, known: Mapping[str, str]) -> dict[str, str] | None:
        if key.exact is not None:
            return {} if text == key.exact else None
        values = key.members[0].match(text, self._admits) if text else None
        if values and any(known.get(name, value) != value for name, value in values.items()):
            return None
        return values

    def _admits(self, slot: Slot, value: str) -> bool:
        naming = self._names.get(slot.placeholder)
        return naming is None or bool(naming.admits(slot, value))
