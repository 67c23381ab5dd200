"""A name is in the right place and in the wrong case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from structlint.finding import Finding, Severity
from structlint.layout.model import Entry, ill_spelled
from structlint.quoting import quote
from structlint.survey import Claim, Survey, Together

ABOUT = "a name that is not in the case that its placeholder asks for"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


class _Wrong(NamedTuple):
    """A name in the wrong case, with its slash; `right` is the same where it has no letters to spell."""

    name: str
    right: str
    message: str


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names in the wrong case, with the right spelling."""
    judged: dict[int, list[_Wrong]] = {}  # by claims, which directories may share
    for together in survey.together:
        if not together.entry.key.placeholders:
            continue
        if id(together.claims) not in judged:
            judged[id(together.claims)] = list(_wrong(survey, together))
        if wrong := judged[id(together.claims)]:
            yield from _findings(survey, together, wrong)


def _wrong(survey: Survey, together: Together) -> Iterator[_Wrong]:
    entry, names = together.entry, survey.layout.names
    slash = "/" if entry.key.directory else ""
    for claim in together.claims if not entry.forbidden else ():
        if respelled := _respelled(survey, entry, claim):
            slot = [slot for slot in claim.member.slots if slot.placeholder in respelled][-1]
            case = slot.case or names[slot.placeholder].case
            message = f"bad name: {quote(claim.values[slot.placeholder])} is not {case}"
            right = claim.member.spelled({**claim.values, **respelled})
            yield _Wrong(f"{claim.name}{slash}", f"{right}{slash}", message)


def _respelled(survey: Survey, entry: Entry, claim: Claim) -> dict[str, str]:
    """The values in a name that are in the wrong case, in the right one."""
    respelled = {}
    for slot in claim.member.slots:
        naming = survey.layout.names.get(slot.placeholder)
        right = ill_spelled(slot, claim.values[slot.placeholder], naming, entry.key.directory)
        if right is not None:
            respelled[slot.placeholder] = right
    return respelled


def _findings(survey: Survey, together: Together, wrong: list[_Wrong]) -> Iterator[Finding]:
    from structlint.steps import Move

    directory, entry = together.directory.path, together.entry
    for each in wrong:
        path, right = directory + each.name, directory + each.right
        spelled = right != path
        yield Finding(
            "bad-name",
            path,
            each.message,
            f"rename it to {survey.named(right)}" if spelled else "give it a name with letters",
            asked=entry.place,
            about=entry.about,
            related=(right,) if spelled else (),
            mend=(Move(path, right),) if spelled else (),
        )
