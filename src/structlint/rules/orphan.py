"""A placeholder's name stands at a tied place, but not at the one that defines which names exist."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.survey import Survey

ABOUT = "a file or directory without the counterpart that defines its name"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that have lost, or never had, their counterpart."""
    for each in survey.orphans:
        expected = survey.named(each.expected)
        yield Finding(
            "orphan",
            each.path,
            f"orphan: there is no {expected} for it",
            f"remove it, or create {expected}",
            asked=each.entry.place,
            about=each.entry.about,
            related=(each.expected,),
        )
