"""A placeholder's name stands at a tied place, but not at the one that defines which names exist."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.contents import alternatives
from structlint.matching.survey import Survey

ABOUT = "a file or directory without the counterpart that defines its name"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that have lost, or never had, their counterpart."""
    for orphan in survey.orphans:
        expected = survey.named(orphan.expected)
        rejecting = survey.rejecting(orphan.expected)
        if rejecting and rejecting.condition:
            paths = alternatives(rejecting.condition)
            message = f"orphan: {expected} does not contain {paths}"
            hint = f"remove it, or add {paths} to {expected}"
        else:
            message, hint = f"orphan: there is no {expected} for it", f"remove it, or create {expected}"
        yield Finding(
            orphan.path,
            message,
            hint,
            origin=orphan.entry.place,
            about=orphan.entry.about,
            related=(orphan.expected,),
        )
