"""An entry of `ignore` accepts no finding, or a pattern of `exclude` matches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from structlint.finding import Finding, Place, Severity
from structlint.layout.model import AcceptedFinding, PatternEntry, PatternList
from structlint.matching.survey import Survey
from structlint.text.path_groups import grouped
from structlint.text.quoting import in_backticks

ABOUT = "an entry in `ignore` or `exclude` that has no effect"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey, unused: Iterable[AcceptedFinding] = ()) -> Iterator[Finding]:
    """Finds each `ignore` that accepted nothing, and each pattern of `exclude` that matches nothing.

    `unused` has the unused entries of `ignore`, which the engine passes at the end.
    """
    for ignore in unused:
        problem = f"unused ignore; `{ignore.rule}` reports nothing at {in_backticks(ignore.path)}"
        yield _finding(ignore.place, problem, f"{ignore.rule} {ignore.path}")
    for entry in _unused_excludes(survey):
        problem = f"unused exclude; nothing matches {in_backticks(entry.pattern)}"
        yield _finding(entry.place, problem, f"exclude {entry.pattern}")


def _finding(place: Place, problem: str, discriminator: str) -> Finding:
    """The finding for one entry, at its line of the layout."""
    hint = "remove it from the layout"
    return Finding(place.file, problem, hint, origin=place, line=place.line, discriminator=discriminator)


def _unused_excludes(survey: Survey) -> Iterator[PatternEntry]:
    """The patterns of the layout's own file that exclude no path, except those that begin with `!`."""
    own = [entry for entry in survey.layout.exclude.items if entry.place.file == survey.layout.name]
    excluded = grouped(survey.tree.excluded)
    for entry in own:
        if not entry.pattern.startswith("!") and not any(PatternList((entry,)).matching(excluded)):
            yield entry
