"""A name that some file systems cannot hold, or cannot tell from another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from structlint.finding import Finding, Severity
from structlint.quoting import quote, spelled_out
from structlint.survey import Survey
from structlint.tree import Directory

ABOUT = "a name that another file system cannot hold, or takes for its neighbour's"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = False

# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[. ].*)?")
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')
_SUSPECT = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f-\U0010ffff]|[. ]\Z|(?i:\A(?:con|prn|aux|nul|com.|lpt.))')


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that collide where case or Unicode form does not count, and names Windows refuses."""
    for directory in survey.directories:
        names = [*directory.files, *(f"{name}/" for name in directory.directories)]
        yield from _collisions(survey, directory, names)
        for name in names:
            if _SUSPECT.search(name.rstrip("/")) and (wrong := _wrong(name.rstrip("/"))):
                yield _finding(directory.path + name, wrong, "rename it")


def _collisions(survey: Survey, directory: Directory, names: Sequence[str]) -> Iterator[Finding]:
    if len({name.rstrip("/").casefold() for name in names}) == len(names) and all(map(str.isascii, names)):
        return
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(_folded(name.rstrip("/")), name)
        if other is not name:
            rival = survey.named(directory.path + other)
            if normalize("NFC", name.rstrip("/")) == normalize("NFC", other.rstrip("/")):
                rival = spelled_out(survey.prefix + directory.path + other)  # they look the same
            what = f"collides with {rival} where case or Unicode form does not count"
            yield _finding(
                directory.path + name, what, "rename or remove one of them", directory.path + other
            )


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFD", name).casefold())


def _wrong(name: str) -> str:
    """What is wrong with a name, "" if nothing is."""
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "is not UTF-8; macOS and Windows cannot hold it"
    if _DEVICE.fullmatch(name):
        return "is a device's name on Windows"
    if character := _FORBIDDEN.search(name):
        return f"holds {quote(character[0])}, which Windows forbids in names"
    return "ends in a dot or a space, which Windows drops" if name.endswith((".", " ")) else ""


def _finding(path: str, message: str, hint: str, *related: str) -> Finding:
    return Finding("unportable-name", path, f"unportable: {message}", hint, related=related)
