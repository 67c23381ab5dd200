"""A name is invalid or ambiguous on another operating system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from structlint.finding import Finding, Plural, Severity
from structlint.matching.survey import Survey
from structlint.text.path_groups import Names
from structlint.text.quoting import in_backticks, spelled_out
from structlint.tree import Directory

ABOUT = "a name that is invalid or ambiguous on another operating system"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = False

# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICE = r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[. ].*)?"
_FORBIDDEN = r'[<>:"\\|?*\x00-\x1f]'
# ASCII names, in lower case and joined by slashes, are all valid if no expression matches.
_SUSPICIOUS = (_FORBIDDEN, "[. ]/", r"/(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)[/. ]")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that collide if case or Unicode form is ignored, and names that Windows rejects."""
    # Such names are rare, so all names of a directory are tested at once first.
    inside = Names(name for directory in survey.directories for name in directory.directories)
    for directory in survey.directories if _suspicious(survey.names, inside) else ():
        if _suspicious(Names(directory.files), Names(directory.directories)):
            yield from _collisions(survey, directory)
            for name in [*directory.files, *(f"{name}/" for name in directory.directories)]:
                if wrong := _wrong(name.rstrip("/")):
                    finding = _finding(directory.path + name, wrong, "rename it")
                    yield finding._replace(plural=Plural("unportable names", "rename them", f"; {wrong}"))


def _suspicious(files: Names, directories: Names) -> bool:
    """Whether one of these names may be rejected, or two of them collide."""
    for names in (files, directories):
        if not names.text.isascii() or any(re.search(pattern, names.folded) for pattern in _SUSPICIOUS):
            return True
    if not files.known.isdisjoint(directories.known):
        return True
    # A collision involves a name with capital letters, and most names have none.
    mixed = [names for names in (files, directories) if names.folded != names.text]
    folded = [lower for names in mixed for name in names.known if (lower := name.lower()) != name]
    known = (files.known, directories.known)
    return len({*folded}) < len(folded) or not all(names.isdisjoint(folded) for names in known)


def _collisions(survey: Survey, directory: Directory) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in [*directory.files, *(f"{name}/" for name in directory.directories)]:
        other = first.setdefault(_folded(name.rstrip("/")), name)
        if other is not name:
            rival = survey.mentioned(directory.path + other)
            if normalize("NFC", name.rstrip("/")) == normalize("NFC", other.rstrip("/")):
                rival = spelled_out(survey.prefix + directory.path + other)  # they look the same
            what = f"collides with {rival} where case or Unicode form is ignored"
            yield _finding(
                directory.path + name, what, "rename or remove one of them", directory.path + other
            )


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFD", name).casefold())


def _wrong(name: str) -> str:
    """The problem with a name; "" if there is none."""
    if re.search("[\ud800-\udfff]", name):
        return "not UTF-8, which macOS and Windows require"
    if re.fullmatch(_DEVICE, name):
        return "reserved for a device on Windows"
    if character := re.search(_FORBIDDEN, name):
        return f"Windows forbids {in_backticks(character[0])} in names"
    return "Windows drops the dot or space at the end" if name.endswith((".", " ")) else ""


def _finding(path: str, message: str, hint: str, *related: str) -> Finding:
    return Finding(
        path,
        f"unportable name; {message}",
        hint,
        related=related,
        discriminator=" ".join(related),
    )
