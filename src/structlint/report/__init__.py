"""Reports: the findings of a check as text. One module for each format, imported when it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TextIO

from structlint.finding import Finding, Severity
from structlint.text.records import Record
from structlint.tree import Tree

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit", "rdjson", "markdown")


class Style(Record):
    """How text may look: `drawn` for a terminal, `coloured` if color may be used.

    `ascii` is set if the encoding has no other characters, `linked` if the terminal supports hyperlinks. With
    `quiet`, only the findings are printed.
    """

    drawn: bool = False
    coloured: bool = False
    ascii: bool = False
    quiet: bool = False
    linked: bool = False


class _Report(Record):
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    trees: Mapping[str, Tree] = MappingProxyType({})
    layouts: tuple[str, ...] = ()
    documents: bool = False
    files: int = 0
    directories: int = 0
    open_directories: int = 0
    whole: bool = True
    complete: bool = True
    statistics: bool = False
    max_findings: int | None = None
    baselined: int = 0
    full: bool = False
    top: str = ""
    fix_command: str = ""


class Report(_Report):
    """The result of a check, as reports print it.

    `findings` are all findings in order, with paths as a user would write them. `trees` are
    the checked trees by their directories ("" or with a "/" at the end);
    `layouts` names the layouts that they were checked against; with `documents`, they were checked against
    the trees in their documents instead. `files` and `directories` are the numbers of checked ones; in
    `open_directories` of them the layout checks nothing.
    `whole` is false where findings were left out on purpose, so that what has none is not known to be
    fine; `complete` is false where the check did not come to its end. With `statistics` the findings are
    counted by rule; `max_findings` limits how many of one rule are listed, not how many are counted.
    `baselined` is how many more a baseline accepts. With `full` the report for people is
    complete, however long it is. `top` is the directory that paths are relative to, "" if they are not on
    disk. `fix_command` fixes what can be fixed; it is "" if `fix` does not apply to what was checked.
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
        """The number of findings that are not listed, by rule."""
        listed = Counter(finding.rule for finding in self.listed)
        return {
            rule: count - listed[rule] for rule, count in sorted(self.by_rule.items()) if count > listed[rule]
        }

    @cached_property
    def fixable(self) -> Counter[bool]:
        """The number of findings that can be fixed, by whether the fix is safe."""
        return Counter(safe for finding in self.findings if (safe := fixes_safely(finding)) is not None)

    def number(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)


def fixes_safely(finding: Finding) -> bool | None:
    """Whether the steps that fix a finding only add something; None if `fix` cannot fix it."""
    if not finding.fix:
        return None
    from structlint.edits.hollow import why_hollow
    from structlint.edits.steps import Create, is_safe

    if any(isinstance(step, Create) and why_hollow(step.path) for step in finding.fix):
        return None
    return all(map(is_safe, finding.fix))


def render(format_: str, report: Report, out: TextIO, look: Style) -> None:
    """Writes a report in one of `FORMATS`."""
    module = import_module(f"structlint.report.{'as_json' if format_ == 'json' else format_}")
    module.render(report, out, look)
