"""Several alternatives exist where the layout allows only one."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "several alternatives where the layout allows only one"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds alternatives joined by `^` of which more than one exists."""
    for conflict in survey.conflicts:
        first, *others = conflict.paths
        rivals = " and ".join(survey.mentioned(path) for path in others)
        yield Finding(
            first,
            f"conflicts with {rivals}; only one of them is allowed",
            "keep one and remove the other",
            origin=conflict.entry.place,
            about=conflict.entry.about,
            related=tuple(others),
            discriminator=" ".join(others),
        )
