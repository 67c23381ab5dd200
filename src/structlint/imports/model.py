"""An import as a file writes it, and what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from structlint.text.records import Record

Read = Callable[[str], bytes]


class Import(Record):
    """An import in the text of a file, or what looks like one.

    `module` is what it names, `name` what it takes from that ("" where it takes the module). `at` is the byte
    in the file by which `confirm` recognizes it.
    """

    module: str
    name: str
    at: int


class Confirmed(Record):
    """What a parser adds: the line of the statement, and whether it is for type checking only."""

    line: int
    types_only: bool = False


class Target(Record):
    """What an import stands for: a path of the tree (a directory's ends in "/"), or "" for what is outside.

    `module` is the name by which it is known outside of the file: `sqlalchemy.orm`, `@scope/name`. `alias` is
    what should stand for a path of the tree and does not lead to one.
    """

    path: str
    module: str = ""
    alias: str = ""


Targets = tuple[Target, ...]  # several where it may be any of them, none where it is nothing that is checked


class Intricate(Exception):
    """A text takes far longer to read than source code of its size."""


class Language(Protocol):
    """A language, by the files that it is written in."""

    name: str
    separator: str  # between the names of a module from outside

    def scan(self, data: bytes) -> Iterator[Import]:
        """What may be imports in the text of a file. Raises `Intricate`."""

    def statements(self, data: bytes) -> Collection[bytes] | None:
        """Parts of a text that `scan` reads one by one as it reads the whole; None if it has no such parts.

        Equal parts have equal imports, so that each is read once.
        """

    def resolve(self, path: str, imported: Import) -> Targets:
        """What an import in the file at `path` stands for; files of one directory mean the same."""

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
        """Which of the imports at these bytes are imports; None if the text cannot be parsed."""


def by_line(data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed]:
    """All of the imports at these bytes, for a language whose `scan` decides."""
    confirmed = {}
    line, before = 1, 0
    for at in sorted(places):
        line += data.count(b"\n", before, at)
        before = at
        confirmed[at] = Confirmed(line)
    return confirmed


def line_of(data: bytes, at: int) -> int:
    """The line of a byte of a text, counted from 1."""
    return data.count(b"\n", 0, at) + 1


class Unseen(Record):
    """A file whose imports are not checked, or one of them, and why."""

    path: str
    line: int
    message: str
    hint: str = "exclude the file, or correct it"


def one_line_ending(data: bytes) -> bytes:
    r"""The text with `\n` at the end of each line, and each byte where it was."""
    if b"\r" not in data:
        return data
    return data.replace(b"\\\r\n", b"\\\n ").replace(b"\r\n", b" \n").replace(b"\r", b"\n")
