"""A required directory does not exist; only the topmost of several is reported."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules.missing_file import missing_of_kind

ABOUT = "a required directory that does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "safe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds every missing directory whose parent exists."""
    return missing_of_kind(survey, "directory")
