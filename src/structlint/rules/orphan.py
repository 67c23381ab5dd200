"""A file or directory has a placeholder's value that the defining place does not have."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.contents import alternatives
from structlint.matching.listed import unlisted_names
from structlint.matching.model import Orphan
from structlint.matching.survey import Survey
from structlint.rules.trial import refused_names
from structlint.text.quoting import in_backticks

ABOUT = "a file or directory whose counterpart does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names that have lost, or never had, their counterpart."""
    definite = (one for one in survey.orphans if not (_is_anywhere(one) or one.defining.condition))
    refused = refused_names(survey, ((one.defining, "", one.expected) for one in definite))
    for orphan in survey.orphans:
        message, hint = _words(survey, orphan)
        yield Finding(
            orphan.path,
            f"orphan; {message}",
            "remove it" if orphan.expected in refused else f"remove it, or {hint}",
            origin=orphan.entry.place,
            about=orphan.entry.about,
            related=() if _is_anywhere(orphan) else (orphan.expected,),
        )
    for path, listing, entry in unlisted_names(survey):
        file = survey.mentioned(listing.file)
        yield Finding(
            path,
            f"orphan; {file} does not list it",
            f"remove it, or add it to `{listing.pointer}` of {file}",
            origin=listing.place,
            about=entry.about,
            related=(listing.file,),
            discriminator=str(listing),
        )


def _words(survey: Survey, orphan: Orphan) -> tuple[str, str]:
    """What is wrong, and what to create instead of removing the orphan."""
    if _is_anywhere(orphan):
        name = in_backticks(orphan.expected.removeprefix("**/"))
        return f"its counterpart {name} does not exist in any directory", f"create {name}"
    expected = survey.mentioned(orphan.expected)
    rejecting = survey.rejecting(orphan.expected)
    if rejecting and rejecting.condition:
        paths = alternatives(rejecting.condition)
        return f"its counterpart {expected} does not contain {paths}", f"add {paths} to {expected}"
    return f"its counterpart {expected} does not exist", f"create {expected}"


def _is_anywhere(orphan: Orphan) -> bool:
    """Whether what defines the name may be in any directory."""
    return orphan.expected.startswith("**/")
