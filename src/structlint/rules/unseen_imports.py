"""A rule of `imports` applies to no readable import, or to a file that is not read."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.text.quoting import shortened

ABOUT = "imports that are not checked, although a rule applies to them"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds sides of the rules on which no import can be read, files that are not read, and lost aliases."""
    if survey.layout.import_rules is None:
        return
    from structlint.matching.import_check import import_check

    check = import_check(survey)
    for side, directory, why in check.blind:
        yield Finding(
            directory or side.place.file,
            f"`{shortened(side.text)}` {why}, so that its imports are not checked",
            "correct the path, or remove it from `imports`",
            origin=side.place,
            line=None if directory else side.place.line,
            discriminator=side.text,
        )
    for path, line, message, hint in check.unseen:
        yield Finding(path, message, hint, line=line, discriminator=message)
    check.refuse_unread()
