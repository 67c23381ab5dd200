"""A directory contains too many directories, or a placeholder has too many names."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules.too_many_files import too_many, too_many_names

ABOUT = "more directories than the layout allows"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories with more directories than `max-directories` allows."""
    bounds = survey.bounds("max-directories")
    for directory in survey.directories if bounds else ():
        bound, number = bounds.get(directory.path), len(directory.directories)
        if bound and number > bound.number:
            yield too_many(directory.path, number, "directories", bound)
    yield from too_many_names(survey, "directories")
