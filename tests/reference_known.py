"""Differences between structlint and the reference that are known faults of structlint, each narrowly.

A fault is a reading of the language: if the reference, reading it that way, agrees with structlint, the fault
explains the difference. Where that cannot be said in a few lines, it is a condition on the case or the finding.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import reference
from reference import Found, above
from reference_cases import Case

MISSING = {"missing-file", "missing-directory", "empty-directory"}


@contextmanager
def by_letters() -> Iterator[None]:
    """L8: names in another case are compared by their letters, not by their words."""
    with mock.patch.object(reference.Reading, "compared", staticmethod(lambda value: (reference.letters(value),))):
        yield


@contextmanager
def governed_alone() -> Iterator[None]:
    """R1: what another entry governs is reported as missing, though it is there."""
    with mock.patch.object(reference.Reading, "others_count", new=False):
        yield


@contextmanager
def shortest_first() -> Iterator[None]:
    """R5: of the ways to read a name with several placeholders only that with the shortest first value counts."""
    with mock.patch.object(reference.Reading, "all_readings", new=False):
        yield


def excludes_all(case: Case) -> bool:
    """L3: a directory of which every file is excluded is there for some purposes and not for others."""
    patterns = [p for layout in case.layouts for p in layout.get("exclude", [])]
    kept = {d for f in case.files if not reference.top(patterns, f) for d in above(f)}
    return not kept.issuperset(d for f in case.files for d in above(f)[:-1] if not reference.top(patterns, d))


def is_local(case: Case, directory: str) -> bool:
    """R4: a directory of which every file stays on one machine and is not in git is a stray."""
    patterns = [p for layout in case.layouts for p in layout.get("local", [])]
    files = [f for f in case.files if f.startswith(directory)]
    return all(f in (case.untracked or ()) and reference.top(patterns, f) for f in files)


def overwrites_strays(case: Case) -> bool:
    """L5: `**/` overwrites the `strays` of a directory below it."""
    text = json.dumps([layout.get("tree") for layout in case.layouts])
    return '"**/' in text and '"strays"' in text


def _without(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    """What only one of the two finds, without what a fault in a single finding explains."""
    forbidden = {path for path, rule, _ in ours if rule == "forbidden-path"}
    engine, mine = theirs - ours, ours - theirs
    engine = {f for f in engine if not (f[1] in MISSING and forbidden.intersection(above(f[0])[:-1]))}  # L6
    engine = {f for f in engine if not (f[1] == "stray-directory" and is_local(case, f[0]))}  # R4
    mine = {f for f in mine if not (f[1] == "stray-directory" and len(f[0].split("/")[-2]) == 4)}  # R6
    for one, other in itertools.product(set(engine), set(mine)):
        same_place = one[0].rpartition("/")[0] == other[0].rpartition("/")[0] and one[1:] == other[1:]
        if same_place and one[1] in MISSING and reference.letters(one[0]) == reference.letters(other[0]):
            engine, mine = engine - {one}, mine - {other}  # R2, R7: the spelling of a name that is asked for
        if {one[1], other[1]} == {"missing-directory", "empty-directory"}:
            engine, mine = engine - {one}, mine - {other}  # R3: only the first alternative may be empty
    return engine, mine


FAULTS = [c for n in (1, 2, 3) for c in itertools.combinations([by_letters, governed_alone, shortest_first], n)]


def known(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    """What only structlint and what only the reference finds, apart from what a known fault explains."""
    engine, mine = _without(case, theirs, ours)
    for faults in FAULTS:
        if not engine and not mine:
            break
        with ExitStack() as stack:
            for fault in faults:
                stack.enter_context(fault())
            found = reference.findings(case.layouts, case.files, case.empty, case.untracked)
        engine, mine = _without(case, theirs, found)
    is_stray = any(rule.startswith("stray-") for _, rule, _ in engine | mine)
    if excludes_all(case) or is_stray and overwrites_strays(case):
        return set(), set()
    return engine, mine
