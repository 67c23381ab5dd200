"""A directory holds fewer directories than it must, or a placeholder has fewer names than it must."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.rules.too_few_files import too_few, too_few_names
from structlint.survey import Survey

ABOUT = "fewer directories in a directory than it must hold"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories with fewer directories than `min-directories` asks for."""
    bounds = survey.bounds("min-directories")
    for directory in survey.directories if bounds else ():
        bound, number = bounds.get(directory.path), len(directory.directories)
        if bound and number < bound.number:
            yield too_few("too-few-directories", directory.path, number, "directories", bound)
    yield from too_few_names(survey, "too-few-directories", "directories")
