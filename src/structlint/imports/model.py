"""Imports as written in a file, and their targets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from structlint.text.records import Record

Read = Callable[[str], bytes]


class Import(Record):
    """An import in a file, or a text that looks like one.

    `module` is the imported module, `name` the name imported from it ("" for the module). `at` is the byte
    in the file by which `confirm` recognizes it.
    """

    module: str
    name: str
    at: int


class Confirmed(Record):
    """The data that a parser adds: the line of the statement, and whether it is for type checking only."""

    line: int
    types_only: bool = False


class Target(Record):
    """The target of an import: a path of the tree (with "/" for a directory), or "" for an external module.

    `module` is its name outside the file, such as `sqlalchemy.orm` or `@scope/name`. `alias` is
    an alias that should lead to a path of the tree but does not.
    """

    path: str
    module: str = ""
    alias: str = ""


Targets = tuple[Target, ...]  # several if any of them is possible, none if the target is not checked


class Intricate(Exception):
    """A text takes much longer to read than source code of its size."""


class Language(Protocol):
    """A language, and the files that it is written in."""

    name: str
    separator: str  # between the names in an external module

    def scan(self, data: bytes) -> Iterator[Import]:
        """The possible imports in a file. Raises `Intricate`."""

    def statements(self, data: bytes) -> Collection[bytes] | None:
        """The parts of a text that `scan` can read separately; None if there are none.

        Equal parts have equal imports, so each is read once.
        """

    def resolve(self, path: str, imported: Import) -> Targets:
        """The target of an import in the file at `path`; it is the same for all files in a directory."""

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
        """The candidates at these bytes that are imports; None if the text cannot be parsed."""


def by_line(data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed]:
    """All imports at these bytes, for a language whose `scan` is exact."""
    confirmed = {}
    line, before = 1, 0
    for at in sorted(places):
        line += data.count(b"\n", before, at)
        before = at
        confirmed[at] = Confirmed(line)
    return confirmed


def line_of(data: bytes, at: int) -> int:
    """The line of a byte in a text, counted from 1."""
    return data.count(b"\n", 0, at) + 1


class Unseen(Record):
    """A file whose imports are not checked, or those through an `alias`, and the reason."""

    path: str
    line: int
    message: str
    hint: str = "exclude the file, or correct it"
    alias: str = ""


def one_line_ending(data: bytes) -> bytes:
    r"""The text with `\n` line endings and unchanged byte positions."""
    if b"\r" not in data:
        return data
    return data.replace(b"\\\r\n", b"\\\n ").replace(b"\r\n", b" \n").replace(b"\r", b"\n")
