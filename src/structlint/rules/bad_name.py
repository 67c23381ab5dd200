"""A name is in the right place and in the wrong case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from structlint.finding import Finding, Severity
from structlint.layout.entry import Entry
from structlint.layout.model import ill_spelled
from structlint.matching.model import EntryMatches, NameMatch, NameMatches
from structlint.matching.survey import Survey
from structlint.text.quoting import quote

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
    judged: dict[NameMatches, list[_Wrong]] = {}  # directories that hold the same names share them
    for matches in survey.entry_matches:
        if not matches.entry.key.placeholders:
            continue
        if matches.names not in judged:
            judged[matches.names] = list(_wrong(survey, matches))
        if wrong := judged[matches.names]:
            yield from _findings(survey, matches, wrong)


def _wrong(survey: Survey, matches: EntryMatches) -> Iterator[_Wrong]:
    entry, names = matches.entry, survey.layout.names
    slash = "/" if entry.key.directory else ""
    for match in matches.names if not entry.forbidden else ():
        if respelled := _respelled(survey, entry, match):
            slot = [slot for slot in match.member.slots if slot.placeholder in respelled][-1]
            case = slot.case or names[slot.placeholder].case
            message = f"bad name: {quote(match.values[slot.placeholder])} is not {case}"
            right = match.member.spelled({**match.values, **respelled})
            yield _Wrong(f"{match.name}{slash}", f"{right}{slash}", message)


def _respelled(survey: Survey, entry: Entry, match: NameMatch) -> dict[str, str]:
    """The values in a name that are in the wrong case, in the right one."""
    respelled = {}
    for slot in match.member.slots:
        naming = survey.layout.names.get(slot.placeholder)
        right = ill_spelled(slot, match.values[slot.placeholder], naming, entry.key.directory)
        if right is not None:
            respelled[slot.placeholder] = right
    return respelled


def _findings(survey: Survey, matches: EntryMatches, wrong_names: list[_Wrong]) -> Iterator[Finding]:
    from structlint.edits.steps import Move

    directory, entry = matches.directory.path, matches.entry
    for wrong in wrong_names:
        path, right = directory + wrong.name, directory + wrong.right
        spelled = right != path
        yield Finding(
            path,
            wrong.message,
            f"rename it to {survey.named(right)}" if spelled else "give it a name with letters",
            origin=entry.place,
            about=entry.about,
            related=(right,) if spelled else (),
            fix=(Move(path, right),) if spelled else (),
        )
