"""A name is in the right place and in the wrong case."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import Entry, ill_spelled
from structlint.quoting import quote
from structlint.survey import Claim, Governed, Survey, Together

ABOUT = "a name that is not in the case that its placeholder asks for"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names in the wrong case, with the right spelling."""
    judged: dict[int, list[tuple[Claim, dict[str, str]]]] = {}  # by claims, which directories may share
    for together in survey.together:
        if id(together.claims) not in judged:
            judged[id(together.claims)] = list(_wrong(survey, together))
        for claim, respelled in judged[id(together.claims)]:
            yield _finding(survey, together.governed(claim), respelled)


def _wrong(survey: Survey, together: Together) -> Iterator[tuple[Claim, dict[str, str]]]:
    for claim in together.claims if not together.entry.forbidden else ():
        if claim.values and (respelled := _respelled(survey, together.entry, claim)):
            yield claim, respelled


def _respelled(survey: Survey, entry: Entry, claim: Claim) -> dict[str, str]:
    """The values in a name that are in the wrong case, in the right one."""
    respelled = {}
    for slot in claim.member.slots:
        naming = survey.layout.names.get(slot.placeholder)
        right = ill_spelled(slot, claim.values[slot.placeholder], naming, entry.key.directory)
        if right is not None:
            respelled[slot.placeholder] = right
    return respelled


def _finding(survey: Survey, each: Governed, respelled: dict[str, str]) -> Finding:
    from structlint.steps import Move

    slots = [slot for slot in each.claim.member.slots if slot.placeholder in respelled]
    naming = survey.layout.names.get(slots[-1].placeholder)
    value = quote(each.claim.values[slots[-1].placeholder])
    parent = each.path[: each.path.rstrip("/").rfind("/") + 1]
    slash = "/" if each.entry.key.directory else ""
    right = parent + each.claim.member.spelled({**each.values, **respelled}) + slash
    spelled = right != each.path
    return Finding(
        "bad-name",
        each.path,
        f"bad name: {value} is not {slots[-1].case or (naming and naming.case)}",
        f"rename it to {survey.named(right)}" if spelled else "give it a name with letters",
        asked=each.entry.place,
        about=each.entry.about,
        related=(right,) if spelled else (),
        mend=(Move(each.path, right),) if spelled else (),
    )
