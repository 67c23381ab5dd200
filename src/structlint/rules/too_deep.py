"""A directory is nested deeper than the layout allows."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Plural, Severity
from structlint.matching.survey import Survey

ABOUT = "a directory that is nested deeper than the limit"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds the topmost directories that are too deep; a directory in the root is at depth 1."""
    limit = survey.layout.limits.get("depth")
    for directory in survey.directories if limit else ():
        depth = directory.path.count("/")
        if limit and depth == limit.number + 1:
            message = f"nested {depth} levels deep; the limit is {limit.number}"
            yield Finding(
                directory.path,
                message,
                "move its contents further up",
                origin=limit.place,
                number=max(inner.path.count("/") for inner in directory.walk()),
                hint_if_new="create it further up",
                plural=Plural("directories", "move their contents further up", f" {message}"),
            )
