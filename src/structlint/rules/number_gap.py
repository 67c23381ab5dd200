"""A number is missing although the layout requires consecutive numbers."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.numbering import gaps
from structlint.matching.survey import Survey

ABOUT = "a gap in consecutive numbers"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds the names that follow a gap."""
    for gap in gaps(survey):
        entry = gap.matches.entry
        detail = f"; `<{gap.placeholder}>` {gap.missing} does not exist"
        yield Finding(
            gap.path,
            f"number gap{detail}",
            f"number it {gap.missing}, or add the missing number",
            origin=entry.place,
            about=entry.about,
            number=gap.length,
            discriminator=gap.placeholder,
            detail=detail,
        )
