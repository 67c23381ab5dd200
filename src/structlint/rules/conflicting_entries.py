"""Two things are there of which the layout wants exactly one."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "files or directories of which only one may be there"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds several alternatives that `^` joins, and files beside what a `without` excludes."""
    told: set[frozenset[str]] = set()
    for conflict in survey.conflicts:
        first, *others = conflict.paths
        if frozenset(conflict.paths) in told:
            continue  # two files that exclude each other
        told.add(frozenset(conflict.paths))
        rivals = " and ".join(survey.named(path) for path in others)
        yield Finding(
            first,
            f"conflicts with {rivals}: "
            + ("must not be there with it" if conflict.without else "only one of them may be there"),
            "remove one of them" if conflict.without else "keep one and remove the other",
            origin=conflict.without or conflict.entry.place,
            about=conflict.entry.about,
            related=tuple(others),
            discriminator=" ".join(others),
        )
