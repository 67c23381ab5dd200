"""Several alternatives exist where the layout allows only one."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "files or directories that must not exist together"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds several existing alternatives of a `^`, and files that the `without` of an entry excludes."""
    reported: set[frozenset[str]] = set()
    for conflict in survey.conflicts:
        first, *others = conflict.paths
        if frozenset(conflict.paths) in reported:
            continue  # two files that exclude each other
        reported.add(frozenset(conflict.paths))
        rivals = " and ".join(survey.mentioned(path) for path in others)
        detail = "; not allowed beside it" if conflict.without else "; only one of them is allowed"
        yield Finding(
            first,
            f"conflicts with {rivals}{detail}",
            "remove one of them" if conflict.without else "keep one and remove the other",
            origin=conflict.without or conflict.entry.place,
            about=conflict.entry.about,
            related=tuple(others),
            discriminator=" ".join(others),
            detail=detail,
            hint_if_new="create only one of them",
        )
