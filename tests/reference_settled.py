"""Which of the findings of the reference are reported, and which of these are new."""

from __future__ import annotations

from reference_layout import above
from reference_required import Found

# On one path only the first of these is reported.
ORDER = ["forbidden-path", "misplaced-file", "stray-file", "stray-directory", "bad-name"]
# Rules of which one finding at a path is like another: none of them is new if one is accepted.
SAME = {"bad-name", "misplaced-file", "stray-file"}
# What is not reported in a directory that is forbidden.
ONCE = {*ORDER, "orphan", "missing-file", "missing-directory", "empty-directory", "conflicting-entries"}
ONCE |= {"too-few-files", "too-few-directories"}


def around(path: str) -> list[str]:
    """The directories that a path is in, each also as the link that it may be: a file to a pattern."""
    return [way for each in above(path)[:-1] for way in (each, each[:-1])]


def settled(found: Found, held_in: set[str]) -> Found:
    """What is reported of what is found: of a path the first, inside it less. No warning hides an error.

    A forbidden directory does not hide what a directory above it must hold, `held_in`.
    """
    kept = set()
    for path, rule, severity in found:
        heavy = found if severity == "warning" else {each for each in found if each[2] == "error"}
        here = {each for at, each, _ in heavy if at.rstrip("/") == path.rstrip("/")}
        outer = {each for at, each, _ in heavy if at in around(path)}
        before = ORDER[: ORDER.index(rule)] if rule in ORDER else ORDER[:1] if rule == "orphan" else []
        if "forbidden-path" in here and rule in (
            "too-few-files",
            "too-few-directories",
            "conflicting-entries",
        ):
            continue
        if rule == "empty-directory" and "missing-directory" in here:
            continue
        if here.intersection(before) or (severity == "warning" and (path, rule, "error") in found):
            continue
        if ("forbidden-path" in outer and rule in ONCE and path not in held_in) or (
            "stray-directory" in outer and rule in ORDER[1:]
        ):
            continue
        if "tracked-local" in here | outer and rule in ("forbidden-path", "stray-file", "stray-directory"):
            continue
        kept.add((path, rule, severity))
    return kept


def lost(found: Found, forbidden: set[str], held_in: set[str]) -> Found:
    """What is missing in a forbidden directory: nothing is required there, whatever the rule's severity."""
    rules = ("missing-file", "missing-directory", "empty-directory")
    missing = {each for each in found if each[1] in rules}
    return {each for each in missing if each[0] not in held_in and not forbidden.isdisjoint(around(each[0]))}


def inner(found: Found) -> Found:
    """What is forbidden in a directory that is forbidden, unless it is more severe."""
    forbidden = {each for each in found if each[1] == "forbidden-path"}
    return {
        each
        for each in forbidden
        for top in around(each[0])
        if {(top, each[1], "error"), (top, *each[1:])} & forbidden
    }


def shown(twins: Found, forbidden: set[str]) -> Found:
    """The near twins in a forbidden directory: what they are twins of is not reported."""
    return {twin for twin in twins if not forbidden.isdisjoint(around(twin[0]))}


def left(before: Found, after: Found) -> tuple[Found, Found]:
    """What must be reported of a tree where the findings `before` are accepted, and what may be.

    What may be is what a rule counts, which may be worse, and what another line of the layout may forbid.
    """
    accepted = {(path, kept(rule), severity) for path, rule, severity in before}

    def is_new(path: str, rule: str, severity: str) -> bool:
        softer = {severity, "error"}  # an accepted warning accepts no error
        return not any((path, kept(rule), each) in accepted for each in softer)

    must = {each for each in after if is_new(*each)}
    return must, must | {each for each in after if each[1] not in SAME}


def kept(rule: str) -> str:
    """The rule of an accepted finding: an empty directory is missing in a clone."""
    return "missing-directory" if rule == "empty-directory" else rule
