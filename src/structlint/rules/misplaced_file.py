"""A file is not in the directory where files of its kind belong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey
from structlint.text.paths import name_of
from structlint.text.quoting import in_backticks

ABOUT = "a file outside the directory where files of its kind belong"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "unsafe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds files that `belongs` gives another home and that no exact entry lists where they are.

    Of the homes that a bundled layout names those are meant that exist: it knows nothing of this repository.
    """
    belongs = survey.layout.belongs
    for path, reason in belongs.matching(survey.tree.file_groups) if belongs.items else ():
        if not reason.is_home_to(path) and path not in survey.listed_by_name:
            homes: Sequence[str] = reason.targets
            if reason.place.file in BUNDLED:
                homes = [home for home in homes if survey.tree.has_directory(home)]
            if homes:
                yield _finding(survey, path, reason, homes)


def _finding(survey: Survey, path: str, reason: PatternEntry, targets: Sequence[str]) -> Finding:
    from structlint.edits.steps import Move

    homes = " or ".join("the root" if home == "/" else survey.mentioned(home) for home in targets)
    target = targets[0].lstrip("/") + name_of(path)
    return Finding(
        path,
        f"misplaced file; {in_backticks(reason.pattern)} belongs in {homes}",
        f"move it to {survey.mentioned(target)}",
        origin=reason.place,
        related=(target,),
        fix=(Move(path, target),),
    )
