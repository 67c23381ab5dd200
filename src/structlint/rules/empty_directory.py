"""A required directory is empty, and git does not track empty directories."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.edits.templates import KEPT
from structlint.finding import Finding, Plural, Severity
from structlint.matching.model import Missing
from structlint.matching.required import first_required_in
from structlint.matching.survey import Survey
from structlint.rules.trial import corrected, is_form, refused

ABOUT = "a required directory that is empty, so git does not track it"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "safe"

_KEEP = "add a file, such as `.gitkeep`"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds required directories that exist only on disk because they are empty."""
    for missing in survey.missing:
        if missing.empty:
            yield _finding(survey, missing)


def _finding(survey: Survey, missing: Missing) -> Finding:
    from structlint.edits.steps import Create

    correction = corrected(survey, missing)
    wanted = first_required_in(survey, missing)
    keeps = not (wanted or correction or missing.path + KEPT in survey.once(refused))
    detail = "; git does not track it"
    return Finding(
        missing.path,
        f"empty directory{detail}",
        correction or (_KEEP if keeps else _hint(survey, missing.path + wanted)),
        origin=missing.origin,
        about="" if missing.needed_by else missing.entry.about,
        related=(missing.needed_by,) if missing.needed_by else (),
        severity=Severity.WARNING if missing.recommended else None,
        fix=(Create(missing.path + KEPT),) if not (correction or missing.within) else (),
        detail=detail,
        plural=Plural(
            "empty directories", "add a file to each, such as `.gitkeep`", "; git does not track them"
        )
        if keeps
        else None,
    )


def _hint(survey: Survey, path: str) -> str:
    """The hint to add a required path, or a file to a directory that does not allow `.gitkeep`."""
    shown, pattern = survey.mentioned(path), is_form(path)
    if not path.endswith("/"):
        return f"add a file that matches {shown}" if pattern else f"create {shown}"
    return f"add a file to {'a directory that matches ' * pattern}{shown}"
