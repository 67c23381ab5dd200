"""The form of the names of similar files in a directory: a number, a case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structlint.layout.key_writer import is_writable
from structlint.suggest.names import is_odd, stem_of
from structlint.suggest.thresholds import FAMILY, PICTURE
from structlint.text.cases import CASES, fits
from structlint.text.records import Record
from structlint.tree import Directory

_FEWEST_NUMBERED = FAMILY + 1
_FEWEST_CASED = 8
_FEWEST_TELLING = 4  # names of several words
_NUMBERED = re.compile(r"([0-9]+)([-_])")


class Group(Record):
    """The files in a directory with one extension, by their stems, without those with a special role."""

    directory: Directory
    extension: str
    stems: tuple[str, ...]


class Numbering(Record):
    """Names that begin with some digits and a separator; `unique` if no number repeats."""

    digits: int
    separator: str
    unique: bool


def groups_of(directory: Directory) -> Iterator[Group]:
    """The kinds of files in a directory, without pictures."""
    stems: dict[str, list[str]] = {}
    for name in directory.files:
        stem, dot, extension = name.rpartition(".")
        if dot and stem and not is_exempt(name) and not PICTURE.search(name) and is_writable(name):
            stems.setdefault(f".{extension}", []).append(stem)
    for extension, alike in stems.items():
        yield Group(directory, extension, tuple(alike))


def is_exempt(name: str) -> bool:
    """Whether a file has a special role, so that its name follows no convention of its directory."""
    return is_odd(stem_of(name)[0])


def numbering_of(group: Group) -> Numbering | None:
    """The numbers of names that all begin with one of the same form; None if they do not."""
    found = [_NUMBERED.match(stem) for stem in group.stems]
    matches = [match for match in found if match]
    if len(matches) < max(_FEWEST_NUMBERED, len(found)):
        return None
    forms = {(len(match[1]), match[2]) for match in matches}
    if len(forms) > 1 or not is_writable(group.extension):
        return None
    ((digits, separator),) = forms
    return Numbering(digits, separator, len({match[1] for match in matches}) == len(matches))


def case_of(group: Group, fewest: int = _FEWEST_CASED, fewest_telling: int = _FEWEST_TELLING) -> str:
    """The case that all of enough names follow; "" if there is none."""
    stems = [stem_of(f"{stem}{group.extension}")[0] for stem in group.stems if not stem[:1].isdigit()]
    if len(stems) < fewest or any(re.search(r"[0-9]{2}|[0-9][.]", stem) for stem in group.stems):
        return ""
    telling = sum(bool(re.search(r"[-_]|[a-z][A-Z]", stem)) for stem in stems)
    cases = (case for case in CASES if case != "lowercase" and all(fits(stem, case) for stem in stems))
    return next(cases, "") if telling >= fewest_telling else ""
