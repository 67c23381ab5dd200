"""A directory is unlisted. It is one finding, regardless of its contents."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules.stray_file import finding_for, is_local

ABOUT = "a directory that the layout does not list"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds unlisted directories in every directory that lists its contents."""
    for stray in survey.strays:
        if stray.policy != "allow" and stray.path.endswith("/") and not is_local(survey, stray.path):
            yield finding_for(survey, stray, "unlisted directory", "unlisted directories")
