"""Defines the keys of a tree, as `structlint.layout.key_text` reads them.

A key has a step for each directory that it passes through, and one for the file or directory itself. Each
step has one or more alternative names, and a name consists of literal text, `*` and placeholders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Final

from structlint.text.cases import spell
from structlint.text.records import Record

_MOST_READINGS = 100  # of one name


class Star:
    """Any text, including an empty one. The only instance is `STAR`."""

    def __str__(self) -> str:
        return "*"


STAR: Final = Star()


class Slot(Record):
    """A placeholder in a name. With a case, its value is spelled in that case here.

    A `path` slot matches any number of directories, including none, and is a whole key. Its value is a path
    without a "/" at its end.
    """

    placeholder: str
    case: str | None = None
    path: bool = False

    def spelled(self, value: str) -> str:
        """A value in the case of this slot, except for the part after the first dot, the extension."""
        if self.case is None:
            return value
        stem, dot, rest = value.partition(".") if not value.startswith(".") else (value, "", "")
        return spell(stem, self.case) + dot + rest

    def __str__(self) -> str:
        if self.path:
            return f"<{self.placeholder}**>"
        return f"<{self.placeholder}:{self.case}>" if self.case else f"<{self.placeholder}>"


Part = str | Star | Slot
Admits = Callable[[Slot, str], bool]


class _Name(Record):
    parts: tuple[Part, ...]


class Name(_Name):
    """A name in a layout: a sequence of literal texts and wildcards."""

    @cached_property
    def exact(self) -> str | None:
        """The name itself if it does not have a wildcard, otherwise None."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], str) else None

    @cached_property
    def literal_characters(self) -> int:
        return sum(len(part) for part in self.parts if isinstance(part, str))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @cached_property
    def ends(self) -> tuple[str, str]:
        """The texts that each matching name begins and ends with. They may overlap."""
        first, last = self.parts[0], self.parts[-1]
        return first if isinstance(first, str) else "", last if isinstance(last, str) else ""

    @cached_property
    def around(self) -> tuple[str, Star | Slot, str] | None:
        """The text before and after the wildcard, and the wildcard itself, if there is only one."""
        wild = [(index, part) for index, part in enumerate(self.parts) if not isinstance(part, str)]
        if len(wild) != 1:
            return None
        index, part = wild[0]
        return "".join(map(str, self.parts[:index])), part, "".join(map(str, self.parts[index + 1 :]))

    def match(self, name: str, admits: Admits) -> dict[str, str] | None:
        """The values of the placeholders in `name`, or None if it does not match.

        `admits` returns whether a placeholder may have a value. If there are several readings, the one with
        the shortest first wildcards is used.
        """
        if self.exact is not None:
            return {} if name == self.exact else None
        if self.around:
            before, wildcard, after = self.around
            end = len(name) - len(after)
            if end < len(before) or not (name.startswith(before) and name.endswith(after)):
                return None
            if isinstance(wildcard, Star):
                return {}
            value = name[len(before) : end]
            return {wildcard.placeholder: value} if value and admits(wildcard, value) else None
        return next(self._read(name, admits), None)

    def readings(self, name: str, admits: Admits) -> Iterator[dict[str, str]]:
        """All values that the placeholders can have in `name`, those with the shortest wildcards first."""
        if self.around or not self.slots:
            first = self.match(name, admits)
            return iter([] if first is None else [first])
        return islice(self._read(name, admits), _MOST_READINGS)

    def _read(self, name: str, admits: Admits) -> Iterator[dict[str, str]]:
        """The readings of a name with several wildcards, or none."""
        failed: set[tuple[int, int]] = set()
        forgetful = len({slot.placeholder for slot in self.slots}) < len(self.slots)

        def rest(index: int, at: int, values: dict[str, str]) -> Iterator[dict[str, str]]:
            if index == len(self.parts):
                yield from [values] * (at == len(name))
                return
            if (index, at) in failed:
                return
            matched, part = False, self.parts[index]
            for end in self._ends(index, name, at):
                bound = values if isinstance(part, str) else _bound(part, name[at:end], values, admits)
                for reading in rest(index + 1, end, bound) if bound is not None else ():
                    matched = True
                    yield reading
            if not (matched or forgetful):
                failed.add((index, at))

        return rest(0, 0, {})

    def _ends(self, index: int, name: str, at: int) -> list[int]:
        """The possible ends of the part at `index` if it begins at `at`; the next text follows a wildcard."""
        part = self.parts[index]
        if isinstance(part, str):
            return [at + len(part)] if name.startswith(part, at) else []
        if index + 1 == len(self.parts):
            return [len(name)]
        following = self.parts[index + 1]
        assert isinstance(following, str)  # two wildcards never follow each other
        if index + 2 == len(self.parts):
            end = len(name) - len(following)
            return [end] if end >= at and name.endswith(following) else []
        return [end for end in range(at, len(name)) if name.startswith(following, end)]

    def spelled(self, values: Mapping[str, str]) -> str:
        """This name with the values of placeholders filled in, each in its case."""
        return "".join(map(str, self.filled(values)))

    def given(self, values: Mapping[str, str]) -> Name:
        """This name with the values of placeholders filled in, and adjacent texts joined."""
        return Name(joined(self.filled(values)))

    def filled(self, values: Mapping[str, str]) -> tuple[Part, ...]:
        """The parts of this name with the values of placeholders filled in."""

        def fill(part: Part) -> Part:
            if not isinstance(part, Slot) or part.placeholder not in values:
                return part
            return part.spelled(values[part.placeholder])

        return tuple(map(fill, self.parts))

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with adjacent texts joined."""
    joined: list[Part] = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _bound(part: Star | Slot, value: str, values: dict[str, str], admits: Admits) -> dict[str, str] | None:
    """`values` with the value of the wildcard added; None if it must not have that value."""
    if isinstance(part, Star):
        return values
    if not value or values.get(part.placeholder, value) != value or not admits(part, value):
        return None
    return {**values, part.placeholder: value}


class _Key(Record):
    members: tuple[Name, ...]
    directory: bool
    exclusive: bool = False  # `^`: exactly one of the members
    layer: str = ""  # tells apart the entries of several layouts that cannot be one


class Key(_Key):
    """The key of an entry: a file or a directory, by one name or by alternatives."""

    @cached_property
    def everywhere(self) -> bool:
        """Whether the key is `**/`: every directory below."""
        return self.members == EVERYWHERE.members

    @cached_property
    def exact(self) -> str | None:
        """The name, if the key is a single name without wildcards."""
        return self.members[0].exact if len(self.members) == 1 else None

    @cached_property
    def path_placeholder(self) -> str | None:
        """The placeholder of a `<dir**>/`; None for another key."""
        slots = self.members[0].slots if self.members else ()
        return slots[0].placeholder if slots and slots[0].path else None

    @cached_property
    def any_depth(self) -> bool:
        """Whether the key matches directories at any depth: `**/` or `<dir**>/`."""
        return self.everywhere or self.path_placeholder is not None

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot.placeholder for name in self.members for slot in name.slots))

    @cached_property
    def always(self) -> tuple[str, ...]:
        """The placeholders that every alternative contains."""
        named = [{slot.placeholder for slot in name.slots} for name in self.members]
        return tuple(
            placeholder for placeholder in self.placeholders if all(placeholder in names for names in named)
        )

    def match(self, name: str) -> bool:
        """Whether a name matches one of the members with any values of its placeholders."""
        return any(member.match(name, _any_value) is not None for member in self.members)

    def given(self, values: Mapping[str, str]) -> Key:
        """This key with the values of placeholders filled in."""
        if values.keys().isdisjoint(self.placeholders):
            return self
        return self._replace(members=tuple(member.given(values) for member in self.members))

    def __str__(self) -> str:
        slash = "/" if self.directory else ""
        return (" ^ " if self.exclusive else " | ").join(f"{member}{slash}" for member in self.members)


def _any_value(slot: Slot, value: str) -> bool:
    return True


EVERYWHERE: Final = Key((Name((STAR, STAR)),), directory=True)


class KeyPath(Record):
    """A whole key: the directories on the way, the last step, and whether the path is optional.

    If the alternatives include files and directories, the last step has the directories, `other` the files.
    """

    steps: tuple[Key, ...]
    optional: bool
    other: Key | None = None

    def spelled(self, values: Mapping[str, str]) -> str:
        """The path with the values of placeholders filled in."""
        return "".join(str(step.given(values)) for step in self.steps)

    def __str__(self) -> str:
        return "".join(map(str, self.steps))
