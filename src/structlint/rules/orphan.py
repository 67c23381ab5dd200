"""A file or directory has a value of a placeholder that the defining place does not have."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.contents import alternatives
from structlint.matching.listed import unlisted_names
from structlint.matching.model import Orphan
from structlint.matching.survey import Survey
from structlint.rules.trial import is_form, refused_names
from structlint.text.quoting import in_backticks

ABOUT = "a file or directory whose counterpart does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names without a counterpart."""
    definite = (one for one in survey.orphans if not (_is_anywhere(one) or one.defining.condition))
    refused = refused_names(survey, ((one.defining, "", one.expected) for one in definite))
    for orphan in survey.orphans:
        problem, hint, if_new = _words(survey, orphan)
        is_refused = orphan.expected in refused
        yield Finding(
            orphan.path,
            f"orphan; {problem}",
            "remove it" if is_refused else f"remove it, or {hint}",
            origin=orphan.entry.place,
            about=orphan.entry.about,
            related=() if _is_anywhere(orphan) else (orphan.expected,),
            detail=f"; {problem}",
            hint_if_new="do not create it" if is_refused else if_new,
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
            detail=f"; {file} does not list it",
            hint_if_new=f"first add it to `{listing.pointer}` of {file}",
        )


def _words(survey: Survey, orphan: Orphan) -> tuple[str, str, str]:
    """The problem, the path to create instead of removing the orphan, and the step before creating it."""
    if _is_anywhere(orphan):
        name = in_backticks(orphan.expected.removeprefix("**/"))
        return (
            f"its counterpart {name} does not exist in any directory",
            f"create {name}",
            f"first create {name}",
        )
    expected = survey.mentioned(orphan.expected)
    rejecting = survey.rejecting(orphan.expected)
    if rejecting and rejecting.condition:
        paths = alternatives(rejecting.condition)
        step = f"add {paths} to {expected}"
        return f"its counterpart {expected} does not contain {paths}", step, f"first {step}"
    step = f"create {expected}"
    if is_form(orphan.expected):
        step = f"create a {'directory' if orphan.expected.endswith('/') else 'file'} that matches {expected}"
    return f"its counterpart {expected} does not exist", step, f"first {step}"


def _is_anywhere(orphan: Orphan) -> bool:
    """Whether the defining path may be in any directory."""
    return orphan.expected.startswith("**/")
