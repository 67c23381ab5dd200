"""Writes JUnit's XML. There is no standard; https://github.com/testmoapp/junitxml shows common practice.

Most readers show one failure per test case, so the failure contains all findings of the rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.report.locations import one_line_finding
from structlint.report.wording import count, more
from structlint.rules import RULES, Rule, name_of

if TYPE_CHECKING:
    from structlint.report import Report, Style

# Everything that is not a `Char` of https://www.w3.org/TR/xml/#charsets. Names are already quoted, but two
# noncharacters are allowed in file names and not in XML.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a test suite in ASCII with a test case for each rule, which fails if the rule has findings.

    If a rule has no findings and did not run, or ran only on a selection, its test case is skipped.
    """
    by_rule: dict[str, list[Finding]] = {}
    for finding in report.listed:
        by_rule.setdefault(finding.rule, []).append(finding)
    skipped = [rule for rule in RULES if not report.by_rule[name_of(rule)] and _unasked(rule, report)]
    numbers = f'tests="{len(RULES)}" failures="{len(report.by_rule)}" errors="0"'
    suite = f'name="structlint" {numbers} skipped="{len(skipped)}" time="0"'
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="structlint" {numbers} time="0">\n  <testsuite {suite}>\n')
    for rule in RULES:
        name = name_of(rule)
        case = f'    <testcase name="{name}" classname="structlint" time="0"'
        inside = _failure(name, by_rule.get(name, ()), report, look)
        if rule in skipped:
            inside = f'      <skipped message="{_unasked(rule, report)}"/>\n'
        out.write(f"{case}>\n{inside}    </testcase>\n" if inside else f"{case}/>\n")
    out.write("  </testsuite>\n</testsuites>\n")


def _unasked(rule: Rule, report: Report) -> str:
    """The reason why a rule without findings is skipped; "" if it passed."""
    if rule.NEEDS_LAYOUT and not report.layouts:
        return "no layout"
    return "" if report.whole else "not all findings were selected"


def _failure(rule: str, findings: Sequence[Finding], report: Report, look: Style) -> str:
    """The failure of a rule: one line per finding, and one for the omitted findings."""
    if not report.by_rule[rule]:
        return ""
    lines = [f"{finding.severity or Severity.ERROR}: {one_line_finding(finding)}" for finding in findings]
    if rule in report.left_out:
        lines.append(more(report.left_out[rule], rule, look))
    severities = {finding.severity for finding in report.findings if finding.rule == rule}
    kind = Severity.WARNING if severities == {Severity.WARNING} else Severity.ERROR
    message = count(report.by_rule[rule], "finding")
    text = _xml("\n".join(lines))
    return f'      <failure type="{kind}" message="{message}">{text}</failure>\n'


def _xml(text: str) -> str:
    """A text in XML, in ASCII so that no encoding can change it."""
    legal = _ILLEGAL.sub(lambda match: rf"\u{ord(match[0]):04x}", text)
    return legal.translate(_ESCAPES).encode("ascii", "xmlcharrefreplace").decode()
