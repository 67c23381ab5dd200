"""A path is longer than the layout allows."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "a path that is longer than the limit"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds files whose paths from the root have too many characters."""
    limit = survey.layout.limits.get("path-length")
    for path in survey.tree.files if limit else ():
        if limit and len(path) > limit.number:
            yield Finding(
                path,
                f"path of {len(path):,} characters; the limit is {limit.number:,}",
                "shorten a name in it",
                origin=limit.place,
                number=len(path),
            )
