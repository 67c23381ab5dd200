"""Differences between structlint and the reference that are known faults of structlint, each narrowly.

A fault is a reading of the language: if the reference, reading it that way, agrees with structlint, the fault
explains the difference. Where that cannot be said in a few lines, it is a condition on a finding or on the case.
`test_reference.py` has an example of each; a fault that is mended goes out of both.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from unittest import mock

import reference
from reference import Found, Reading, above, letters
from reference_cases import Case

MISSING = {"missing-file", "missing-directory", "empty-directory"}
Item = tuple[str, str, str]


def reading(attribute: str, value: object) -> AbstractContextManager[object]:
    """The reference reads the language another way."""
    return mock.patch.object(Reading, attribute, new=value)


READINGS = [
    # L8: names in another case are compared by their letters, not by their words.
    partial(reading, "compared", value=staticmethod(lambda value: (letters(value),))),
    # R1: what another entry governs is reported as missing, though it is there.
    partial(reading, "others_count", value=False),
    # R5: of the ways to read a name with several placeholders only that with the shortest first value counts.
    partial(reading, "all_readings", value=False),
    # R9: a name is called an orphan before the names are known that let another entry take it.
    partial(reading, "neighbours_take", value=False),
]


# --- conditions on the case, under which nothing is compared ------------------------------------------------


def excludes_all(case: Case) -> bool:
    """L3: a directory of which every file is excluded is there for some purposes and not for others."""
    patterns = [p for layout in case.layouts for p in layout.get("exclude", [])]
    kept = {d for f in case.files if not reference.top(patterns, f) for d in above(f)}
    return not kept.issuperset(d for f in case.files for d in above(f)[:-1])


def overwrites_strays(case: Case) -> bool:
    """L5: `**/` overwrites the `strays` of a directory below it."""
    text = json.dumps([layout.get("tree") for layout in case.layouts])
    return '"**/' in text and '"strays"' in text


def forbids_first(case: Case) -> bool:
    """L7: where the first place of a placeholder says `false`, nothing is found of it."""
    places = Reading(reference.combined(case.layouts), frozenset(), frozenset(), None).places
    return any(first.absent and others for first, *others in places.values())


def turns_a_tie_round(case: Case) -> bool:
    """R8: below a placeholder of a farther layout, a nearer place may become the one that defines the names."""
    as_said = Reading(reference.combined(case.layouts), frozenset(), frozenset(), None)
    with reading("farthest_defines", False):
        as_written = Reading(as_said.layout, frozenset(), frozenset(), None)
    return any(as_said.definer(name) is not as_written.definer(name) for name in as_said.places)


# --- conditions on findings of one side ---------------------------------------------------------------------


def _outside(path: str) -> str:
    return path.strip("/").rpartition("/")[0]


def explained_alone(case: Case, item: Item, ours: Found) -> bool:
    """Whether a fault explains a finding that only structlint has."""
    path, rule, _ = item
    is_refused = {at for at, rule, _ in ours if rule in ("forbidden-path", "tracked-local")}
    asking = rule in MISSING or rule.startswith("too-few") or rule == "conflicting-entries"
    if asking and is_refused.intersection(above(path)[:-1]):
        return True  # L6: a forbidden directory is asked to hold something
    patterns = [p for layout in case.layouts for p in layout.get("local", [])]
    inside = [f for f in case.files if f.startswith(path)]
    is_local = all(f in (case.untracked or ()) and reference.top(patterns, f) for f in inside)
    return rule == "stray-directory" and is_local  # R4: a directory of nothing but what stays on one machine


def explained_in_reference(item: Item, ours: Found) -> bool:
    """Whether a fault explains a finding that only the reference has."""
    path, rule, _ = item
    if rule != "stray-directory":
        return False
    files = {(_outside(at), letters(at) + "s") for at, rule, _ in ours if rule == "missing-file"}
    if (_outside(path), letters(path)) in files:
        return True  # R10: a file and a directory are near twins if they differ in an `s`
    return len(path.split("/")[-2]) == 4  # R6: directories are near twins with four letters


def explained_together(engine: Item, mine: Item) -> bool:
    """Whether a fault explains two findings, one of each side."""
    if engine[1] not in MISSING or _outside(engine[0]) != _outside(mine[0]):
        return False
    if {engine[1], mine[1]} == {"missing-directory", "empty-directory"}:
        return True  # R3: of alternatives only the first one may be empty
    if engine[0] == mine[0] and mine[1].startswith("stray-"):
        return True  # R1: what is there as something else is its own near twin
    return engine[1:] == mine[1:] and letters(engine[0]) == letters(
        mine[0]
    )  # R2, R7: the spelling of a missing name


def _unexplained(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    engine = {item for item in theirs - ours if not explained_alone(case, item, ours)}
    mine = {item for item in ours - theirs if not explained_in_reference(item, ours)}
    for one, other in itertools.product(sorted(engine), sorted(mine)):
        if one in engine and other in mine and explained_together(one, other):
            engine, mine = engine - {one}, mine - {other}
    return engine, mine


def _readings() -> Iterator[tuple[partial[AbstractContextManager[object]], ...]]:
    for number in range(1, 4):
        yield from itertools.combinations(READINGS, number)


def known(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    """What only structlint and what only the reference finds, apart from what a known fault explains."""
    left = _unexplained(case, theirs, ours)
    is_stray = any(rule.startswith("stray-") for _, rule, _ in left[0] | left[1])
    if not any(left) or (is_stray and overwrites_strays(case)):
        return set(), set()
    if excludes_all(case) or forbids_first(case) or turns_a_tie_round(case):
        return set(), set()
    for faults in _readings():
        with ExitStack() as stack:
            for fault in faults:
                stack.enter_context(fault())
            found = reference.findings(case.layouts, case.files, case.empty, case.untracked)
        if not any(_unexplained(case, theirs, found)):
            return set(), set()
    return left
