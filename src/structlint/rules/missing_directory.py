"""A directory that the layout asks for is not there; only the topmost of several is reported."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules.missing_file import missing_of_kind

ABOUT = "a directory that the layout asks for is not there"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds every missing directory whose parent is there."""
    return missing_of_kind(survey, "directory")
