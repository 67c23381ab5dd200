"""The rules. Each module contains a description, a severity, and a function that finds problems in a survey.

`structlint.finding.RULE_NAMES` lists them. `structlint.rules.engine` runs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from structlint.finding import RULE_NAMES, Finding, Severity
from structlint.matching.survey import Survey


class Rule(Protocol):
    """The interface of a rule's module.

    `NEEDS_LAYOUT` is false if the rule also runs without a layout. `FIX` is "safe" or "unsafe" where
    `find` names steps that fix a finding; a rule without it fixes nothing. `find` is a pure function of the
    survey; it leaves `severity` alone except to soften what the layout only recommends.
    """

    ABOUT: str
    SEVERITY: Severity
    NEEDS_LAYOUT: bool

    def find(self, survey: Survey) -> Iterator[Finding]: ...


RULES: tuple[Rule, ...] = tuple(
    cast("Rule", import_module(f"structlint.rules.{name.replace('-', '_')}")) for name in RULE_NAMES
)


def name_of(rule: Rule) -> str:
    """A rule's name: its module's, with dashes."""
    return rule.__name__.rpartition(".")[2].replace("_", "-")  # type: ignore[attr-defined, no-any-return]


def fix_of(rule: Rule) -> str:
    """Whether its findings can be fixed: "safe", "unsafe" or ""."""
    return getattr(rule, "FIX", "")
