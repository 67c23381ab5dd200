"""An `ignore` of the layout that no finding needs any more.

The engine knows which were used: it asks this rule last, through the survey.
"""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.quoting import quote
from structlint.survey import Survey

ABOUT = "an accepted finding that is no longer found"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds each `ignore` that accepted nothing."""
    for each in survey.unused_ignores:
        yield Finding(
            "unused-ignore",
            each.place.file,
            f"unused ignore: there is no {each.rule} at {quote(each.path)}",
            "take it out of the layout",
            asked=each.place,
            line=each.place.line,
            which=f"{each.rule} {each.path}",
        )
