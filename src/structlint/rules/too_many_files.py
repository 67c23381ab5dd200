"""A directory contains too many files, or a placeholder has too many names."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Plural, Severity
from structlint.layout.entry import Limit
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

ABOUT = "more files than the layout allows"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories with more files than `max-files`, `root-files` or `files` allow."""
    nearer = survey.bounds("max-files")
    for directory in survey.directories:
        bound = nearer.get(directory.path) or _limit(survey, directory.path)
        number = len(directory.files) - survey.has_baseline(directory)
        if bound and number > bound.number:
            yield too_many(directory.path, number, "files", bound)
    yield from too_many_names(survey, "files")


def _limit(survey: Survey, path: str) -> Limit | None:
    limits = survey.layout.limits
    return limits.get("files") if path else limits.get("root-files") or limits.get("files")


def too_many(path: str, number: int, what: str, bound: Limit) -> Finding:
    """The finding for more files or directories than a limit allows."""
    message = f"{count_files(number, what)}; at most {bound.number:,} allowed"
    hint = f"move or merge {number - bound.number:,} of them"
    return Finding(
        path or "./",
        message,
        hint,
        origin=bound.place,
        number=number,
        discriminator=placeholder_discriminator(what),
        plural=Plural("directories", f"in each, {hint}", f" with {message}"),
    )


def placeholder_discriminator(what: str) -> str:
    """The discriminator for a limit on the names of a placeholder."""
    return what.partition(" ")[0] if what.startswith("<") else ""


def count_files(number: int, what: str) -> str:
    """A number of files or directories in words, which may be names of a placeholder: ``1 `<page>` file``."""
    name, blank, noun = what.partition(" ") if what.startswith("<") else ("", "", what)
    if number == 1:
        noun = {"files": "file", "directories": "directory"}.get(noun, noun)
    return f"{number:,} {in_backticks(name) if name else ''}{blank}{noun}"


def too_many_names(survey: Survey, what: str) -> Iterator[Finding]:
    """The findings for placeholders, of files or directories, with more names than `count` allows."""
    for count in survey.counts:
        naming = survey.layout.names[count.placeholder]
        wanted = count.entry.key.directory == (what == "directories")
        if wanted and naming.max is not None and count.number > naming.max:
            bound = Limit(naming.max, naming.place)
            yield too_many(count.path, count.number, count.counted(what), bound)
