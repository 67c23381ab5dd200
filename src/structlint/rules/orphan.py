"""A placeholder's name stands at a tied place, but not at the one that defines which names exist."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.quoting import quote
from structlint.survey import Survey

ABOUT = "a name at a tied place that the place which defines the names does not have"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that have lost, or never had, their counterpart."""
    for each in survey.orphans:
        expected = quote(each.expected)
        yield Finding(
            "orphan",
            each.path,
            f"orphan: there is no {expected} for it",
            f"remove it, or create {expected}",
            asked=each.entry.place,
            about=each.entry.about,
            related=(each.expected,),
        )
