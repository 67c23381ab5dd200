"""A required directory is empty, and git does not track empty directories."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.edits.templates import KEPT
from structlint.finding import Finding, Plural, Severity
from structlint.matching.model import Missing
from structlint.matching.required import first_required_in
from structlint.matching.survey import Survey

ABOUT = "a required directory that is empty, so git does not track it"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "safe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds required directories that exist only on disk because they are empty."""
    for missing in survey.missing:
        if missing.empty:
            yield _finding(survey, missing)


def _finding(survey: Survey, missing: Missing) -> Finding:
    from structlint.edits.steps import Create

    wanted = first_required_in(survey, missing)
    hint = "add a file, such as `.gitkeep`"
    if wanted:
        path = survey.mentioned(missing.path + wanted)
        hint = f"add a file that matches {path}" if "<" in wanted or "*" in wanted else f"create {path}"
    detail = "; git does not track it"
    return Finding(
        missing.path,
        f"empty directory{detail}",
        hint,
        origin=missing.origin,
        about=missing.entry.about,
        severity=Severity.WARNING if missing.recommended else None,
        fix=(Create(missing.path + KEPT),),
        detail=detail,
        plural=None
        if wanted
        else Plural(
            "empty directories", "add a file to each, such as `.gitkeep`", "; git does not track them"
        ),
    )
