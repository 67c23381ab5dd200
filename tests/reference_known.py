"""Differences between structlint and the reference that are known faults of structlint, each narrowly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import reference
from reference import Found, above
from reference_cases import Case

Item = tuple[str, str, str]


def only_excluded(case: Case) -> set[str]:
    """The directories of which every file is excluded, and they themselves are not."""
    patterns = [p for layout in case.layouts for p in layout.get("exclude", [])]
    kept = {d for f in case.files if not reference.top(patterns, f) for d in above(f)}
    every = {d for f in case.files for d in above(f)[:-1] if not reference.top(patterns, d)}
    return every - kept


def is_l3(case: Case, item: Item, ours: Found) -> bool:
    """Of a directory whose files are all excluded, structlint asks nothing."""
    return any(each in only_excluded(case) for each in above(item[0]))


def is_l6(case: Case, item: Item, ours: Found) -> bool:
    """structlint asks a forbidden directory to hold something."""
    forbidden = {path for path, rule, _ in ours if rule == "forbidden-path"}
    return item[1] in ("missing-file", "missing-directory") and bool(forbidden.intersection(above(item[0])[:-1]))


OF_ENGINE: dict[str, Callable[[Case, Item, Found], bool]] = {"L6": is_l6}
OF_REFERENCE: dict[str, Callable[[Case, Item, Found], bool]] = {"L3": is_l3}


def known(case: Case, theirs: Found, ours: Found) -> tuple[Found, Found]:
    """What only one of the two finds, without what a known fault explains."""
    return (
        {each for each in theirs - ours if not any(fault(case, each, ours) for fault in OF_ENGINE.values())},
        {each for each in ours - theirs if not any(fault(case, each, ours) for fault in OF_REFERENCE.values())},
    )
