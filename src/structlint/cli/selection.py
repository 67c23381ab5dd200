"""Resolves `--select` and `--ignore` to the names of rules."""

from __future__ import annotations

from fnmatch import filter as fitting

from structlint.errors import CannotCheck
from structlint.finding import RULE_NAMES
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import nearest


def selected(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """The names of the selected rules."""
    chosen = _named("--select", select) if select else frozenset(RULE_NAMES)
    return frozenset(chosen - _named("--ignore", ignore))


def _named(option: str, given: tuple[str, ...]) -> set[str]:
    patterns = [pattern.strip() for option in given for pattern in option.split(",") if pattern.strip()]
    if given and not patterns:
        raise CannotCheck(f"{option}: expected a rule; list them with `structlint explain`")
    for pattern in patterns:
        if not fitting(RULE_NAMES, pattern):
            meant = nearest(pattern, RULE_NAMES)
            hint = f"did you mean `{meant}`?" if meant else "list them with `structlint explain`"
            raise CannotCheck(f"{option}: unknown rule {in_backticks(pattern)}; {hint}")
    return {name for pattern in patterns for name in fitting(RULE_NAMES, pattern)}
