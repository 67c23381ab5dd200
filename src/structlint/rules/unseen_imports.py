"""A rule of `imports` applies to no readable import, or to a file that is not read."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey

ABOUT = "imports that the layout restricts but structlint cannot check"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds rules that apply to no readable import, files that are not read, and unresolved aliases."""
    if survey.layout.import_rules is None:
        return
    from structlint.matching.import_check import import_check

    check = import_check(survey)
    for spot in check.blind:
        yield Finding(
            spot.directory or spot.place.file,
            spot.message,
            spot.hint,
            origin=spot.place,
            line=None if spot.directory else spot.place.line,
            discriminator=spot.text,
        )
    for path, line, message, hint, alias in check.unseen:
        yield Finding(path, message, hint, line=line, discriminator=alias)
    check.refuse_unread()
