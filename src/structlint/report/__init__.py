"""Reports: what a check found, as text. One module a format, imported when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple, TextIO

from structlint.finding import Finding, Severity
from structlint.tree import Tree

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit", "rdjson", "markdown")


class Style(NamedTuple):
    """How text may look: `drawn` for a person at a terminal, `coloured` where colour is welcome.

    `ascii` is where the encoding can take nothing else; `quiet` leaves out all but findings.
    """

    drawn: bool = False
    coloured: bool = False
    ascii: bool = False
    quiet: bool = False


class _Report(NamedTuple):
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    trees: Mapping[str, Tree] = MappingProxyType({})
    layouts: tuple[str, ...] = ()
    files: int = 0
    directories: int = 0
    whole: bool = True
    complete: bool = True
    statistics: bool = False
    max_findings: int | None = None
    baselined: int = 0


class Report(_Report):
    """What is to be reported of one check.

    `findings` are all there are, in their order, paths and `asked` as a user would name them. `trees` are
    the trees looked at, by the directory that each of them is the tree of ("" or with a "/" at its end);
    `layouts` names what they were held against. `files` and `directories` are how many were looked at.
    `whole` is false where findings were left out on purpose, so that what has none is not known to be
    fine; `complete` is false where the check did not come to its end. With `statistics` the findings are
    counted by rule; `max_findings` limits how many of one rule are listed, not how many are counted.
    `baselined` is how many more a baseline accepts.
    """

    @cached_property
    def by_rule(self) -> Counter[str]:
        """How many findings each rule has."""
        return Counter(finding.rule for finding in self.findings)

    @cached_property
    def listed(self) -> tuple[Finding, ...]:
        """The findings, at most `max_findings` of each rule."""
        if self.max_findings is None:
            return self.findings
        seen: Counter[str] = Counter()
        listed = []
        for finding in self.findings:
            seen[finding.rule] += 1
            if seen[finding.rule] <= self.max_findings:
                listed.append(finding)
        return tuple(listed)

    @cached_property
    def left_out(self) -> dict[str, int]:
        """How many findings of each rule are not listed, for the rules of which some are not."""
        listed = Counter(finding.rule for finding in self.listed)
        return {
            rule: count - listed[rule] for rule, count in sorted(self.by_rule.items()) if count > listed[rule]
        }

    def number(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)


def render(format_: str, report: Report, out: TextIO, look: Style) -> None:
    """Writes a report in one of `FORMATS`."""
    module = import_module(f"structlint.report.{'as_json' if format_ == 'json' else format_}")
    module.render(report, out, look)
