"""A layout while it is learned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from structlint.text.paths import name_of
from structlint.tree import Directory


@dataclass(slots=True, eq=False)
class LearnedEntry:
    """An entry that is being learned. `key` is without the `?` of `optional`.

    `held` are the directories that it stands for, each with the value of the innermost placeholder.
    `have` of the `of` places where it could be have it; `many` is what these are called ("services").
    `noun` is the placeholder of a family, or of a pattern of files. `late` entries come after the others,
    as other places define their names. `law` marks what is worth its line whatever it costs.
    """

    key: str
    held: tuple[Sample, ...] = ()
    optional: bool = False
    have: int = 1
    of: int = 1
    many: str = ""
    noun: str = ""
    in_family: bool = False
    law: bool = False
    late: bool = False
    tied: str = ""
    unlisted: str = ""
    children: dict[str, LearnedEntry] = field(default_factory=dict)

    @property
    def directory(self) -> bool:
        return self.key.endswith("/")

    def add(self, child: LearnedEntry) -> LearnedEntry:
        return self.children.setdefault(child.key, child)

    def remark(self) -> str:
        """How many places support it, if not all do."""
        if self.tied:
            return f"{self.have} of {self.of}, as in {self.tied}"
        return f"{self.have} of {self.of}" if self.have < self.of else ""

    def walk(self) -> Iterator[LearnedEntry]:
        yield self
        for child in self.children.values():
            yield from child.walk()


class Sample(NamedTuple):
    """A directory, and the value of the innermost placeholder above it."""

    directory: Directory
    value: str = ""


class Law(NamedTuple):
    """What a placeholder's names have in common: a case, or a pattern between slashes."""

    text: str
    have: int
    of: int


@dataclass
class Draft:
    """A layout while it is learned."""

    root: LearnedEntry
    names: dict[str, Law] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    def by_directory(self) -> dict[str, LearnedEntry]:
        """The entry of each directory, by its path."""
        return {held.directory.path: node for node in self.root.walk() for held in node.held}


PLACEHOLDER = re.compile(r"(?<!\\)<([A-Za-z][A-Za-z0-9_-]*)[:>]")


def own_name(directory: Directory) -> str:
    return name_of(directory.path)


def family_in(node: LearnedEntry) -> LearnedEntry | None:
    """The family in a directory; None if there is none."""
    found = (each for each in node.children.values() if each.noun and each.directory and each.law)
    return next(found, None)


def kept_open(node: LearnedEntry) -> None:
    """Keeps other directories allowed in a directory that lists none yet, before one is listed."""
    lists = any(child.directory for child in node.children.values())
    if node.key != "/" and not lists and node.held[0].directory.directories:
        node.add(LearnedEntry("*/", optional=True))
