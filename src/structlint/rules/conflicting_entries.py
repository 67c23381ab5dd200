"""Two things are there of which the layout wants exactly one."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "several of the alternatives of which only one may be there"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds alternatives joined by `^` of which more than one is there."""
    for conflict in survey.conflicts:
        first, *others = conflict.paths
        rivals = " and ".join(survey.named(path) for path in others)
        yield Finding(
            first,
            f"conflicts with {rivals}: only one of them may be there",
            "keep one and remove the other",
            origin=conflict.entry.place,
            about=conflict.entry.about,
            related=tuple(others),
            discriminator=" ".join(others),
        )
