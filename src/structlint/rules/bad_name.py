"""A name is in the right place, but in the wrong case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.finding import Finding, Plural, Severity
from structlint.layout.entry import Entry
from structlint.layout.keys import Slot
from structlint.layout.model import certainly_right, ill_spelled
from structlint.matching.model import EntryMatches, NameMatch, NameMatches
from structlint.matching.survey import Survey
from structlint.text.enumerations import either
from structlint.text.quoting import in_backticks
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.rules.allowed import Allowed

ABOUT = "a name in the wrong case for its placeholder"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "unsafe"


class _Wrong(Record):
    """A name in the wrong case, with its slash; `right` has the correct names, if it contains letters."""

    name: str
    right: tuple[str, ...]
    message: str
    plural: Plural


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names in the wrong case, and suggests the right spelling."""
    found: list[tuple[EntryMatches, _Wrong]] = []
    judged: dict[NameMatches, list[_Wrong]] = {}  # directories that hold the same names share them
    cased: dict[int, bool] = {}
    for matches in survey.entry_matches:
        entry = matches.entry
        if entry.id not in cased:
            cased[entry.id] = _has_a_case(survey, entry)
        if matches.respelled or not cased[entry.id]:
            continue
        if matches.names not in judged:
            judged[matches.names] = list(_wrong(survey, matches))
        found += [(matches, wrong) for wrong in judged[matches.names]]
    if not found:
        return
    from structlint.rules.allowed import Allowed
    from structlint.rules.trial import refused_names

    renames = (
        (matches.entry, matches.directory.path + wrong.name, matches.directory.path + right)
        for matches, wrong in found
        for right in wrong.right
    )
    refused = refused_names(survey, renames)
    allowed = survey.once(Allowed)
    for matches, wrong in found:
        yield _finding(allowed, matches, wrong, refused)


def _has_a_case(survey: Survey, entry: Entry) -> bool:
    """Whether a placeholder in the name of an entry has a case, in the entry or in `names`."""
    names = survey.layout.names
    slots = (slot for member in entry.key.members for slot in member.slots)
    return any(slot.case or (slot.placeholder in names and names[slot.placeholder].cases) for slot in slots)


def _wrong(survey: Survey, matches: EntryMatches) -> Iterator[_Wrong]:
    entry = matches.entry
    slash = "/" if entry.key.directory else ""
    for match in _doubtful(survey, matches) if not entry.forbidden else ():
        wrong = _respelled(survey, entry, match)
        if not wrong:
            continue
        cases: dict[str, str] = {}  # the right name in each case that an alternative allows
        for alternative in _alternatives(survey, entry, match):
            respelled = wrong if alternative is match else _respelled(survey, entry, alternative)
            if not respelled:
                continue  # excluded by a value that a placeholder already has here
            slot = [slot for slot in alternative.member.slots if slot.placeholder in respelled][-1]
            first = {name: next(iter(spellings.values())) for name, spellings in respelled.items()}
            for case, spelling in respelled[slot.placeholder].items():
                values = {**alternative.values, **first, slot.placeholder: spelling}
                cases.setdefault(case, f"{alternative.member.spelled(values)}{slash}")
            if alternative is match:
                value = in_backticks(match.values[slot.placeholder])
        name = f"{match.name}{slash}"
        right = tuple(spelling for spelling in dict.fromkeys(cases.values()) if spelling != name)
        allowed = either(list(cases))
        plural = Plural("names", f"rename them to {allowed}", f" that are not {allowed}")
        yield _Wrong(name, right, f"{value} is not {allowed}", plural)


def _doubtful(survey: Survey, matches: EntryMatches) -> Sequence[NameMatch]:
    """The names that may be in the wrong case: one regular expression accepts nearly all others."""
    key = matches.entry.key
    slots = key.members[0].slots
    if len(key.members) > 1 or len(slots) > 1:
        return matches.names
    placeholder = slots[0].placeholder
    accepts = certainly_right(slots[0], survey.layout.names.get(placeholder), key.directory)
    return [match for match in matches.names if not accepts(match.values[placeholder])]


def _alternatives(survey: Survey, entry: Entry, match: NameMatch) -> Iterator[NameMatch]:
    """The ways in which the alternatives of an entry match a name in the wrong case."""

    def admits(slot: Slot, value: str) -> bool:
        naming = survey.layout.names.get(slot.placeholder)
        return naming is None or naming.admits(slot, value)

    yield match
    for member in entry.key.members:
        if member is not match.member and (values := member.match(match.name, admits)):
            yield NameMatch(match.name, member, values)


def _respelled(survey: Survey, entry: Entry, match: NameMatch) -> dict[str, Mapping[str, str]]:
    """The values in a name that are in the wrong case, respelled in each of the right cases."""
    respelled = {}
    for slot in match.member.slots:
        naming = survey.layout.names.get(slot.placeholder)
        right = ill_spelled(slot, match.values[slot.placeholder], naming, entry.key.directory)
        if right:
            respelled[slot.placeholder] = right
    return respelled


def _finding(allowed: Allowed, matches: EntryMatches, wrong: _Wrong, refused: Collection[str]) -> Finding:
    from structlint.edits.steps import Move

    directory, entry = matches.directory.path, matches.entry
    path, respelled = directory + wrong.name, [directory + spelling for spelling in wrong.right]
    taken = [path for path in respelled if allowed.exists(path)]
    right = tuple([path for path in respelled if path not in refused and path not in taken])
    hint, hint_if_new = _hints(allowed.survey, right, respelled, taken)
    return Finding(
        path,
        wrong.message,
        hint,
        origin=entry.place,
        about=entry.about,
        related=right,
        fix=(Move(path, right[0]),) if len(right) == 1 else (),
        hint_if_new=hint_if_new,
        plural=wrong.plural if right else None,
    )


def _hints(
    survey: Survey, right: Sequence[str], respelled: Sequence[str], taken: Sequence[str]
) -> tuple[str, str]:
    """The hint to rename a path, and the hint for a path that does not exist yet."""
    if right:
        names = either(list(map(survey.mentioned, right)))
        return f"rename it to {names}", f"name it {names}"
    if taken:
        reason = f", but not to {survey.mentioned(taken[0])}, which already exists"
        return f"rename it{reason}", f"use another name{reason}"
    if respelled:
        return "rename it", "use another name"
    return "use a name with letters", "use a name with letters"
