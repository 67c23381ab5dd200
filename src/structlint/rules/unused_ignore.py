"""An `ignore` of the layout that accepts no finding any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import AcceptedFinding
from structlint.matching.survey import Survey
from structlint.text.quoting import quote

ABOUT = "an accepted finding that is no longer found"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey, unused: Iterable[AcceptedFinding] = ()) -> Iterator[Finding]:
    """Finds each `ignore` that accepted nothing: `unused`, which the engine knows once the others ran."""
    for ignore in unused:
        yield Finding(
            ignore.place.file,
            f"unused ignore: there is no {ignore.rule} at {quote(ignore.path)}",
            "take it out of the layout",
            origin=ignore.place,
            line=ignore.place.line,
            discriminator=f"{ignore.rule} {ignore.path}",
        )
