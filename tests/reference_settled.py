"""The findings of the reference that are reported, and those of them that are new."""

from __future__ import annotations

from reference_layout import above
from reference_required import Found

# Only the first of these rules is reported for a path.
PRECEDENCE = ["forbidden-path", "misplaced-file", "stray-file", "stray-directory", "bad-name"]
# Rules whose findings at a path are equivalent: none of them is new if one is in the baseline.
EQUIVALENT = {"bad-name", "misplaced-file", "stray-file"}
# The rules that are not reported in a forbidden directory.
HIDDEN_IN_FORBIDDEN = {
    *PRECEDENCE,
    "orphan",
    "missing-file",
    "missing-directory",
    "empty-directory",
    "conflicting-entries",
}
HIDDEN_IN_FORBIDDEN |= {"too-few-files", "too-few-directories"}


def enclosing(path: str) -> list[str]:
    """The parent directories of a path, also as links, which are files to a pattern."""
    return [way for each in above(path)[:-1] for way in (each, each[:-1])]


def select_reported(found: Found, held_in: set[str]) -> Found:
    """The findings to report: the first one for each path, and fewer inside it. A warning never hides an
    error.

    A forbidden directory does not hide the required contents, `held_in`, of a directory above it.
    """
    baselined_rule = set()
    for path, rule, severity in found:
        heavy = found if severity == "warning" else {each for each in found if each[2] == "error"}
        here = {each for at, each, _ in heavy if at.rstrip("/") == path.rstrip("/")}
        outer = {each for at, each, _ in heavy if at in enclosing(path)}
        before = (
            PRECEDENCE[: PRECEDENCE.index(rule)]
            if rule in PRECEDENCE
            else PRECEDENCE[:1]
            if rule == "orphan"
            else []
        )
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
        if ("forbidden-path" in outer and rule in HIDDEN_IN_FORBIDDEN and path not in held_in) or (
            "stray-directory" in outer and rule in PRECEDENCE[1:]
        ):
            continue
        if "tracked-local" in here | outer and rule in ("forbidden-path", "stray-file", "stray-directory"):
            continue
        baselined_rule.add((path, rule, severity))
    return baselined_rule


def missing_in_forbidden(found: Found, forbidden: set[str], held_in: set[str]) -> Found:
    """The missing paths in a forbidden directory: nothing is required there, regardless of the severity."""
    rules = ("missing-file", "missing-directory", "empty-directory")
    missing = {each for each in found if each[1] in rules}
    return {
        each for each in missing if each[0] not in held_in and not forbidden.isdisjoint(enclosing(each[0]))
    }


def nested_forbidden(found: Found) -> Found:
    """The forbidden paths in a forbidden directory, unless their severity is higher."""
    forbidden = {each for each in found if each[1] == "forbidden-path"}
    return {
        each
        for each in forbidden
        for top in enclosing(each[0])
        if {(top, each[1], "error"), (top, *each[1:])} & forbidden
    }


def similar_in_forbidden(twins: Found, forbidden: set[str]) -> Found:
    """The similar names in a forbidden directory, which are reported because the missing names are not."""
    return {twin for twin in twins if not forbidden.isdisjoint(enclosing(twin[0]))}


def new_findings(before: Found, after: Found) -> tuple[Found, Found]:
    """The findings that must be reported with a baseline of `before`, and those that may be reported.

    Those of rules that count may be reported, because they may be worse, and those forbidden by another line.
    """
    accepted = {(path, baselined_rule(rule), severity) for path, rule, severity in before}

    def is_new(path: str, rule: str, severity: str) -> bool:
        softer = {severity, "error"}  # a baselined warning does not accept an error
        return not any((path, baselined_rule(rule), each) in accepted for each in softer)

    must = {each for each in after if is_new(*each)}
    return must, must | {each for each in after if each[1] not in EQUIVALENT}


def baselined_rule(rule: str) -> str:
    """The rule of a baselined finding: an empty directory is missing in a clone."""
    return "missing-directory" if rule == "empty-directory" else rule
