"""A file that should stay local is tracked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.finding import Finding, Severity
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey, deciding
from structlint.text.quoting import in_backticks, shell_word

ABOUT = "a tracked file that should stay local"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "unsafe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds tracked files that `local` matches; of a directory only its top."""
    if not survey.tree.in_git:
        return
    for path, reason, files in survey.local_matches:
        if tracked := [file for file in files if file not in survey.whole.untracked]:
            yield _finding(survey, path, reason, tracked)


def _finding(survey: Survey, path: str, reason: PatternEntry, tracked: Sequence[str]) -> Finding:
    from structlint.edits.steps import Untrack

    command = "git rm -r --cached" if path.endswith("/") else "git rm --cached"
    return Finding(
        path,
        f"tracked, but {in_backticks(reason.pattern)} should stay local",
        f"run `{command} {shell_word(survey.prefix + path)}`; change any secrets in it, because git's "
        f"history keeps them",
        origin=reason.place,
        fix=(Untrack(path),),
        number=len(tracked) if path.endswith("/") else None,
        discriminator=deciding(survey.layout.local, reason, tracked),
    )
