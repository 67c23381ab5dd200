"""A directory contains too few files, or a placeholder has too few names."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Plural, Severity
from structlint.layout.entry import Limit
from structlint.matching.survey import Survey
from structlint.rules.too_many_files import count_files, placeholder_discriminator

ABOUT = "fewer files than the layout requires"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories with fewer files than `min-files` requires."""
    bounds = survey.bounds("min-files")
    for directory in survey.directories if bounds else ():
        bound = bounds.get(directory.path)
        if bound and (number := survey.files_in(directory)) < bound.number:
            yield too_few(directory.path, number, "files", bound)
    yield from too_few_names(survey, "files")


def too_few(path: str, number: int, what: str, bound: Limit) -> Finding:
    """The finding for fewer files or directories than a limit requires."""
    message = f"{count_files(number, what)}; at least {bound.number:,} required"
    hint = f"add {bound.number - number:,} more"
    return Finding(
        path or "./",
        message,
        hint,
        origin=bound.place,
        number=bound.number - number,
        discriminator=placeholder_discriminator(what),
        plural=Plural("directories", f"{hint} to each", f" with {message}"),
    )


def too_few_names(survey: Survey, what: str) -> Iterator[Finding]:
    """The findings for placeholders, of files or directories, with fewer names than `count` requires."""
    for count in survey.counts:
        naming = survey.layout.names[count.placeholder]
        wanted = count.entry.key.directory == (what == "directories")
        if wanted and count.number < naming.min:
            bound = Limit(naming.min, naming.place)
            yield too_few(count.path, count.number, count.counted(what), bound)
