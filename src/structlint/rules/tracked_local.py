"""A file that should stay local is tracked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from structlint.errors import TreeError
from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey, deciding
from structlint.text.quoting import in_backticks, shell_word

if TYPE_CHECKING:
    from structlint.tree import Tree

ABOUT = "a tracked file that should stay local"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "unsafe"

_VARIABLE = rb"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(\S*)"
_SECRET = rb"(?i)secret|passw|token|key|credential|auth|private|pwd"
_PUBLIC = rb"VITE_|REACT_APP_|NEXT_PUBLIC_|PUBLIC_|NUXT_PUBLIC_"  # sent to browsers
_CREDENTIALS = rb"://[^/\s:@]+:[^/\s@]+@"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds the topmost tracked paths that `local` matches."""
    if not survey.tree.in_git:
        return
    for path, reason, files in survey.local_matches:
        tracked = [file for file in files if file not in survey.whole.untracked]
        if reason.place.file in BUNDLED:
            tracked = [file for file in tracked if _may_hold_secrets(file, survey.whole)]
        if tracked:
            yield _finding(survey, path, reason, tracked)


def _may_hold_secrets(path: str, tree: Tree) -> bool:
    """Whether a file of variables sets one whose name sounds secret, or is of another kind.

    A bundled layout cannot know the purpose of such files; some repositories use them for default values.
    """
    try:
        text = tree.read(path)
    except (FileNotFoundError, TreeError):
        return True
    return not text.strip() or any(
        re.search(_CREDENTIALS, value) or (re.search(_SECRET, name) and not re.match(_PUBLIC, name))
        for name, value in re.findall(_VARIABLE, text)
        if value
    )


def _finding(survey: Survey, path: str, reason: PatternEntry, tracked: Sequence[str]) -> Finding:
    from structlint.edits.steps import Untrack

    command = "git rm -r --cached" if path.endswith("/") else "git rm --cached"
    return Finding(
        path,
        f"tracked, but {in_backticks(reason.pattern)} should stay local",
        f"run `{command} {shell_word(survey.prefix + path)}`; rotate any secrets in it, because git's "
        f"history keeps them",
        origin=reason.place,
        fix=(Untrack(path),),
        number=len(tracked) if path.endswith("/") else None,
        discriminator=deciding(survey.layout.local, reason, tracked),
    )
