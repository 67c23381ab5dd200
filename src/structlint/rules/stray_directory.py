"""A directory lies inside the picture and is not in it. One finding, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.rules.stray_file import is_local, stray
from structlint.survey import Survey

ABOUT = "a directory that no entry lists, where the layout lists them"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds unlisted directories in every directory that lists what it holds."""
    for each in survey.unlisted:
        if each.policy != "none" and each.path.endswith("/") and not is_local(survey, each.path):
            yield stray(survey, each, "stray-directory", "stray directory")
