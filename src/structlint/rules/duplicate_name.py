"""Two names have the same value of a placeholder, although it must be unique."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.numbering import repetitions
from structlint.matching.survey import Survey

ABOUT = "a name that must be unique but occurs more than once"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds repeated values of placeholders that must be unique."""
    for duplicate in (*survey.duplicates, *repetitions(survey)):
        first = survey.mentioned(duplicate.first)
        detail = f"; {first} has the same `<{duplicate.placeholder}>`"
        yield Finding(
            duplicate.path,
            f"duplicate name{detail}",
            "rename one of them",
            origin=duplicate.entry.place,
            about=duplicate.entry.about,
            related=(duplicate.first,),
            discriminator=duplicate.placeholder,
            detail=detail,
            hint_if_new="give it another name",
        )
