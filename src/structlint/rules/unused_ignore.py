"""An entry of `ignore` accepts no finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import AcceptedFinding
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

ABOUT = "an entry of `ignore` that accepts no finding"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey, unused: Iterable[AcceptedFinding] = ()) -> Iterator[Finding]:
    """Finds each `ignore` that accepted nothing: the `unused` ones that the engine passes at the end."""
    for ignore in unused:
        yield Finding(
            ignore.place.file,
            f"unused ignore; `{ignore.rule}` reports nothing at {in_backticks(ignore.path)}",
            "remove it from the layout",
            origin=ignore.place,
            line=ignore.place.line,
            discriminator=f"{ignore.rule} {ignore.path}",
        )
