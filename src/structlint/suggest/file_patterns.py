"""Patterns of the files in a directory: numbered ones, and many pages or settings of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Protocol

from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import Law, LearnedEntry
from structlint.suggest.names import common_case, is_numbered, is_odd, stem_of
from structlint.suggest.thresholds import ENOUGH, FEW_ODD, MANY
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.records import Record
from structlint.tree import Directory

_NUMBERED = re.compile(r"([0-9]{2,})([-_])(.+)")
_COLLECTED = {".yaml", ".yml", ".json", ".toml", ".md", ".mdx", ".rst", ".adoc"}
_LONGEST = 5  # digits of a sequence number; a longer number is a time


class Series(Record):
    """Numbered files, `<number><separator><title><extension>`, with one title for each number.

    With several `extensions`, each title has a file with each: `0001_users.up.sql`, `0001_users.down.sql`.
    """

    digits: int
    separator: str
    extensions: tuple[str, ...]
    files: int
    consecutive: bool


def series_of(names: Sequence[tuple[str, str]]) -> Series | None:
    """The series of files with these stems and extensions; None if they are not one."""
    matches = [_NUMBERED.fullmatch(stem) for stem, _ in names]
    numbered = [match for match in matches if match]
    extensions = sorted({extension for _, extension in names}, reverse=True)
    stems = {stem for stem, _ in names}
    forms = {(len(match[1]), match[2]) for match in numbered}
    alike = len(numbered) == len(names) == len(stems) * len(extensions) and len(forms) == 1
    numbers = sorted({int(match[1]) for match in numbered})
    if not alike or len(numbers) != len(stems) or not all(map(is_writable, extensions)):
        return None
    ((digits, separator),) = forms
    gapless = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return Series(digits, separator, tuple(extensions), len(stems), gapless and digits <= _LONGEST)


class Nouns(Protocol):
    """The names of placeholders, kept distinct, with their laws."""

    names: dict[str, Law]

    def noun(self, directory: Directory) -> str: ...

    def free(self, candidates: Iterable[str]) -> str: ...


def add_pattern(node: LearnedEntry, nouns: Nouns) -> None:
    """Adds the entries of numbered files to a directory without other files, except for a README."""
    directory = node.held[0].directory
    odd = [name for name in directory.files if is_odd(stem_of(name)[0])]
    parts = [stem_of(name) for name in directory.files if not is_odd(stem_of(name)[0])]
    if len(parts) < ENOUGH or directory.directories or not all(map(is_writable, odd)):
        return
    if series := series_of(parts):
        _add_series(node, series, nouns)
        node.unlisted = "forbid"
        for name in odd:
            node.add(LearnedEntry(plain_key(name), optional=True))


def _add_series(node: LearnedEntry, series: Series, nouns: Nouns) -> None:
    """Adds the entries of numbered files, with the laws of their numbers."""
    title = nouns.noun(node.held[0].directory)
    longer = (f"{title}-number-{number}" for number in count(2))
    number = nouns.free(chain(["number", f"{title}-number"], longer))
    of = series.files
    nouns.names[number] = Law("", of, of, f"[0-9]{{{series.digits}}}", True, series.consecutive)
    for extension in series.extensions:
        key = f"<{number}>{series.separator}<{title}>{escape_key(extension)}"
        node.add(LearnedEntry(key, have=of, of=of, noun=title, law=True))


def add_collections(node: LearnedEntry, nouns: Nouns) -> None:
    """Adds the case of many pages or settings in one directory, which stays open."""
    directory = node.held[0].directory
    stems: dict[str, list[str]] = {}
    for stem, extension in map(stem_of, directory.files):
        if extension in _COLLECTED and not is_odd(stem):
            stems.setdefault(extension, []).append(stem)
    for extension, found in stems.items():
        law = common_case(found) if len(found) >= MANY and not is_numbered(found) else None
        if law and law.text != "lowercase" and law.of - law.have <= FEW_ODD * law.of:
            noun = nouns.noun(directory)
            nouns.names[noun] = law
            key = f"<{noun}>{escape_key(extension)}"
            node.add(LearnedEntry(key, optional=True, have=law.have, of=law.of, law=True))
            for name in directory.files:
                if is_odd(stem_of(name)[0]) and stem_of(name)[1] == extension and is_writable(name):
                    node.add(LearnedEntry(plain_key(name), optional=True))
            node.unlisted = "allow"
