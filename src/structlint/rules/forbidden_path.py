"""A file or directory exists that the layout forbids."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "a file or directory that the layout forbids"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds what `forbid` matches, and entries whose value is `false`; of a directory only its top."""
    for path, reason, files in survey.matched(survey.layout.forbid):
        yield Finding(
            path,
            "forbidden by the layout",
            "remove it",
            origin=reason.place,
            about=reason.why,
            number=len(files) if path.endswith("/") else None,
            discriminator=f"forbid {survey.deciding(survey.layout.forbid, reason, files)}",
        )
    for matches in survey.entry_matches:
        for name in matches.names if matches.entry.forbidden else ():
            path, place = matches.path(name), matches.entry.place
            number = survey.files_below(path) if path.endswith("/") else None
            yield Finding(path, "forbidden by the layout", "remove it", origin=place, number=number)
