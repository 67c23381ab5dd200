"""An entry of `ignore` accepts no finding, or a pattern of `exclude` matches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import AcceptedFinding, PatternEntry, PatternList
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

ABOUT = "an entry of `ignore` or `exclude` that has no effect"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey, unused: Iterable[AcceptedFinding] = ()) -> Iterator[Finding]:
    """Finds each `ignore` that accepted nothing, and each pattern of `exclude` that matches nothing.

    The `unused` entries of `ignore` are those that the engine passes at the end.
    """
    for ignore in unused:
        yield Finding(
            ignore.place.file,
            f"unused ignore; `{ignore.rule}` reports nothing at {in_backticks(ignore.path)}",
            "remove it from the layout",
            origin=ignore.place,
            line=ignore.place.line,
            discriminator=f"{ignore.rule} {ignore.path}",
        )
    for entry in _unused_excludes(survey):
        yield Finding(
            entry.place.file,
            f"unused exclude; nothing matches {in_backticks(entry.pattern)}",
            "remove it from the layout",
            origin=entry.place,
            line=entry.place.line,
            discriminator=f"exclude {entry.pattern}",
        )


def _unused_excludes(survey: Survey) -> Iterator[PatternEntry]:
    """The patterns of the layout's own file that exclude no path. What `!` takes back is no pattern."""
    own = [entry for entry in survey.layout.exclude.items if entry.place.file == survey.layout.name]
    for entry in own:
        if not entry.pattern.startswith("!"):
            alone = PatternList((entry,))
            if not any(alone.match(path) for path in survey.tree.excluded):
                yield entry
