"""A directory that the layout asks for is on disk, but git keeps no empty directories."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.starters import KEPT
from structlint.survey import Missing, Survey

ABOUT = "a directory that the layout asks for holds no file, so git does not keep it"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds directories that exist on this disk only."""
    for each in survey.missing:
        if each.empty:
            yield _finding(each)


def _finding(each: Missing) -> Finding:
    from structlint.steps import Create

    return Finding(
        "empty-directory",
        each.path,
        "empty directory: git does not keep it, so a clone will not have it",
        "put a file into it, such as .gitkeep",
        asked=each.asked,
        about=each.entry.about,
        severity=Severity.WARNING if each.softly else None,
        mend=(Create(each.path + KEPT),),
    )
