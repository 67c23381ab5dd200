"""A file or directory has a placeholder's value that the defining place does not have."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "a file or directory whose counterpart does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that have lost, or never had, their counterpart."""
    for orphan in survey.orphans:
        expected = survey.mentioned(orphan.expected)
        yield Finding(
            orphan.path,
            f"orphan; its counterpart {expected} does not exist",
            f"remove it, or create {expected}",
            origin=orphan.entry.place,
            about=orphan.entry.about,
            related=(orphan.expected,),
        )
