"""A directory contains too few directories, or a placeholder has too few names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.edits.templates import EXAMPLE, KEPT
from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules.too_few_files import too_few, too_few_names
from structlint.tree import Directory

if TYPE_CHECKING:
    from structlint.edits.steps import Create

ABOUT = "fewer directories than the layout requires"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "safe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories with fewer directories than `min-directories` requires."""
    bounds = survey.bounds("min-directories")
    for directory in survey.directories if bounds else ():
        bound, number = bounds.get(directory.path), len(directory.directories)
        if bound and number < bound.number:
            finding = too_few(directory.path, number, "directories", bound)
            yield finding._replace(fix=tuple(_creations(survey, directory, bound.number - number)))
    yield from too_few_names(survey, "directories")


def _creations(survey: Survey, directory: Directory, number: int) -> Iterator[Create]:
    """The missing directories to create: those that the layout lists, then examples."""
    from structlint.edits.steps import Create

    listed = [name for name in survey.allowed(directory.path) if name.endswith("/")]
    listed += [f"{EXAMPLE}{count or ''}/" for count in range(number)]
    free = [name for name in listed if name.rstrip("/") not in directory.directories]
    for name in free[:number]:
        yield Create(f"{directory.path}{name}{KEPT}")
