"""Differences between structlint and the reference that are known faults of structlint, each narrowly.

A fault is a reading of the language: if the reference, reading it that way, agrees with structlint, the fault
explains the difference. What a reading cannot express is a condition on a finding or on the case.
`test_reference.py` has an example of each. When a fault is mended, it is removed from both.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import TypeAlias
from unittest import mock

import reference
import reference_layout
from reference import Found, Reading
from reference_cases import Case
from reference_layout import Entry, above, ignores, letters, top

MISSING = {"missing-file", "missing-directory", "empty-directory"}
Item: TypeAlias = "tuple[str, str, str]"


# --- other readings of the language -------------------------------------------------------------------------


def reading(attribute: str, value: object) -> AbstractContextManager[object]:
    """The reference reads the language another way."""
    return mock.patch.object(Reading, attribute, new=value)


def loosely_twins(one: str, other: str) -> bool:
    if one.endswith("/") and other.endswith("/"):
        return reference_layout.near_twins(f"_{one}", f"_{other}")
    file, directory = sorted((one, other), key=lambda name: name.endswith("/"))
    plural = directory.endswith("/") and letters(directory) == letters(file) + "s"
    return plural or reference_layout.near_twins(one, other)


READINGS = [
    # L8: names in another case are compared by their letters, not by their words.
    partial(reading, "compared", value=staticmethod(lambda value: (letters(value),))),
    # R1: what another entry governs is reported as missing, though it is there.
    partial(reading, "others_count", value=False),
    # R3: of alternatives only the first one may be empty.
    partial(reading, "any_may_be_empty", value=False),
    # R4: a directory of nothing but what stays on one machine is a stray.
    partial(reading, "directories_stay", value=False),
    # R5: a name with several placeholders is read in one way only, the first value being the shortest.
    partial(reading, "all_readings", value=False),
    # R6, R10: directories are near twins with four letters, and `tests/` is one of the file `test`.
    partial(reading, "near_twins", value=staticmethod(loosely_twins)),
    # R12: a name that a tied `false` does not mean is no orphan at another place of the placeholder.
    partial(reading, "prohibitions_pass", value=False),
    # R9: a name is called an orphan before the names are known that let another entry take it.
    partial(reading, "neighbours_take", value=False),
]


# --- conditions on a case, which is then not compared -------------------------------------------------------


def forbids_what_is_excluded(case: Case) -> bool:
    """R13: a forbidden directory of which every file is excluded is not reported."""
    excluded = [pattern for layout in case.layouts for pattern in layout.get("exclude", [])]
    forbidden = [pattern for layout in case.layouts for pattern in layout.get("forbid", [])]
    kept = {path for file in case.files if not top(excluded, file) for path in above(file)}
    hidden = {path for file in case.files for path in above(file)[:-1]} - kept
    return any(ignores(forbidden, path) for path in hidden)


def turns_a_tie_round(case: Case) -> bool:
    """R8: an entry of a farther layout with a placeholder is matched before entries written before it."""
    right = Reading(reference_layout.combined(case.layouts))
    matched = [place for place in _in_turn(right.layout["tree"]) if not place.absent]
    firsts = {name: [place for place in matched if place in places] for name, places in right.places.items()}
    return any(first and first[0] is not right.definer(name) for name, first in firsts.items())


def _in_turn(entry: Entry) -> Iterator[Entry]:
    """What is in an entry in the order in which structlint matches it."""
    for child in sorted(entry.children.values(), key=lambda child: min(_turns(child), default=child.order)):
        yield child
        yield from _in_turn(child)


def _turns(entry: Entry) -> Iterator[tuple[int, int]]:
    if reference_layout.holes(entry.key[0]):
        yield entry.order
    for child in entry.children.values():
        yield from _turns(child)


# --- conditions on findings ---------------------------------------------------------------------------------


def _outside(path: str) -> str:
    return path.strip("/").rpartition("/")[0]


def explained_alone(item: Item, ours: Found, common: Found) -> bool:
    """Whether a fault explains a finding that only structlint has."""
    path, rule, _ = item
    refused = {at for at, rule, _ in ours if rule in ("forbidden-path", "tracked-local")}
    if refused.intersection(above(path)[:-1]) and rule == "forbidden-path":
        return True  # R11: a `false` entry in a forbidden directory is reported again
    return any(explained_together(item, each) for each in common)  # two entries ask for the same


def explained_together(engine: Item, mine: Item) -> bool:
    """Whether a fault explains two findings, one of each side."""
    if engine[1] not in MISSING or _outside(engine[0]) != _outside(mine[0]):
        return False
    # R2, R7: the spelling of a name that is asked for. R1: what is there as a stray is its own near twin.
    same_letters = engine[1:] == mine[1:] and letters(engine[0]) == letters(mine[0])
    return same_letters or (engine[0] == mine[0] and mine[1].startswith("stray-"))


def _unexplained(theirs: Found, ours: Found) -> tuple[Found, Found]:
    engine = {item for item in theirs - ours if not explained_alone(item, ours, ours & theirs)}
    mine = ours - theirs
    for one, other in itertools.product(sorted(engine), sorted(mine)):
        if one in engine and other in mine and explained_together(one, other):
            engine, mine = engine - {one}, mine - {other}
    return engine, mine


# --- all of them --------------------------------------------------------------------------------------------


def _read_wrongly(case: Case) -> Iterator[tuple[Found, Found]]:
    """What the reference finds with up to three faults, and what it finds with L9 besides."""
    for number in range(4):
        for faults in itertools.combinations(READINGS, number):
            with ExitStack() as stack:
                for fault in faults:
                    stack.enter_context(fault())
                found = reference.findings(*case)
                with reading("taken_define", value=False):
                    yield found, reference.findings(*case)


def known(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    """What only structlint and what only the reference finds, nothing if known faults explain all of it."""
    left = _unexplained(theirs, ours)
    if not any(left) or turns_a_tie_round(case) or forbids_what_is_excluded(case):
        return set(), set()
    for found, with_l9 in _read_wrongly(case):
        engine, mine = _unexplained(theirs, found)
        # L9: what an entry takes from another defines no names for what has been matched before.
        if engine <= with_l9 and not mine & with_l9:
            return set(), set()
    return left
