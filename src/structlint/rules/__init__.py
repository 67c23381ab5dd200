"""Contains a module per rule, with a description, a severity, and a function that finds problems in a survey.

`structlint.finding.RULE_NAMES` lists them. `structlint.rules.engine` runs them, and imports only those that
may find something.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from structlint.finding import RULE_NAMES, Finding, Severity
from structlint.matching.survey import Survey


class Rule(Protocol):
    """The interface of a rule's module.

    `NEEDS_LAYOUT` is false if the rule also runs without a layout. `FIX` is "safe" or "unsafe" if the
    findings of `find` contain steps that fix them. `find` is a pure function of the survey. It
    sets `severity` only to make a finding about a recommended path a warning.
    """

    ABOUT: str
    SEVERITY: Severity
    NEEDS_LAYOUT: bool

    def find(self, survey: Survey) -> Iterator[Finding]: ...


RULES: tuple[Rule, ...]  # imported if they are accessed


def __getattr__(name: str) -> tuple[Rule, ...]:
    if name == "RULES":
        return tuple(map(rule_named, RULE_NAMES))
    raise AttributeError(name)


def rule_named(name: str) -> Rule:
    """The module of a rule, which is imported if necessary."""
    return cast("Rule", import_module(f"structlint.rules.{name.replace('-', '_')}"))


def name_of(rule: Rule) -> str:
    """The name of a rule: the name of its module, with dashes."""
    return rule.__name__.rpartition(".")[2].replace("_", "-")  # type: ignore[attr-defined, no-any-return]


def fix_of(rule: Rule) -> str:
    """The kind of fix for the findings of a rule: "safe", "unsafe" or ""."""
    return getattr(rule, "FIX", "")
