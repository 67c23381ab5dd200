"""Writes reports on the findings of a check. Each format has a module, which is imported when used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.text.records import Record
from structlint.tree import Tree

if TYPE_CHECKING:
    from structlint.edits.steps import Create, Step
    from structlint.report.locations import Locator

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit", "rdjson", "markdown")


class Style(Record):
    """The style of the output: `drawn` for a terminal, `coloured` if color may be used.

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
    """The result of a check for a report.

    - `findings` has all findings in order, with paths as a user would write them.
    - `trees` has the checked trees by directory ("" or with a trailing "/").
    - `layouts` has the names of the layouts that they were checked against. With `documents`, they were
      checked against the trees in their documents instead.
    - `files` and `directories` are the numbers of checked files and directories. In `open_directories` of the
      directories, the layout checks nothing.
    - `whole` is false if only a selection was checked, and `complete` is false if the check did not finish.
    - `statistics` adds the number of findings of each rule. `max_findings` limits the listed findings of each
      rule, but not the counted ones. `full` lists all findings in the report for people.
    - `baselined` is the number of findings that a baseline accepts.
    - `top` is the directory that paths are relative to, "" if they are not on disk.
    - `fix_command` is the command that fixes the findings, "" if `fix` does not apply.
    """

    @cached_property
    def by_rule(self) -> Counter[str]:
        """The number of findings of each rule."""
        return Counter([finding.rule for finding in self.findings])

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
        listed = Counter([finding.rule for finding in self.listed])
        return {
            rule: count - listed[rule] for rule, count in sorted(self.by_rule.items()) if count > listed[rule]
        }

    @cached_property
    def fixable(self) -> Counter[bool]:
        """The number of findings that can be fixed, by whether the fix is safe."""
        return Counter(safe for finding in self.findings if (safe := fixes_safely(finding)) is not None)

    @cached_property
    def locator(self) -> Locator:
        """Determines the locations of findings, for all formats that name files and lines."""
        from structlint.report.locations import Locator

        return Locator(self)

    def number(self, severity: Severity) -> int:
        """The number of findings of a severity."""
        return [finding.severity for finding in self.findings].count(severity)


def fixes_safely(finding: Finding) -> bool | None:
    """Whether a finding can be fixed safely, by steps that only add something; None without a fix."""
    if not finding.fix:
        return None
    create, why_hollow, is_safe = _for_fixes()
    for step in finding.fix:
        if isinstance(step, create) and why_hollow(step.path):
            return None
    return all(map(is_safe, finding.fix))


@cache
def _for_fixes() -> tuple[type[Create], Callable[[str], str], Callable[[Step], bool]]:
    """The parts of `edits` that are needed for findings with a fix, which are imported once."""
    from structlint.edits.hollow import why_hollow
    from structlint.edits.steps import Create, is_safe

    return Create, why_hollow, is_safe


def render(format_: str, report: Report, out: TextIO, look: Style) -> None:
    """Writes a report in one of `FORMATS`."""
    module = import_module(f"structlint.report.{'as_json' if format_ == 'json' else format_}")
    module.render(report, out, look)
