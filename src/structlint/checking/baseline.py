"""Reads, compares and writes baselines: the findings that a project accepts.

The file is JSON with one finding per line, sorted, without line numbers and messages, so that it changes only
with the findings and is easy to merge. If a rule counts something, the number is kept: 27 files may become
26, but not 28. A finding is recognized by its rule, its path (from the project's root) and its discriminator.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from structlint.errors import CannotCheck
from structlint.finding import Finding, FindingId, Severity
from structlint.text.quoting import short_name, shortened
from structlint.text.records import Record

_VERSION = 1


class Allowance(Record):
    """The number of times that a finding is accepted, and the highest accepted number and severity."""

    times: int = 1
    number: int | None = None
    severity: Severity = Severity.ERROR

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is not worse than what is accepted."""
        if self.severity is Severity.WARNING and finding.severity is not Severity.WARNING:
            return False
        return finding.number is None or (self.number is not None and finding.number <= self.number)


Baseline = Mapping[FindingId, Allowance]


class BaselineResult(Record):
    """Findings compared with a baseline.

    `left` has the findings that it does not accept, and `accepted` the others. `gone` has the entries
    without a finding, or with a lower number in the finding. `worse` has those of `left` that only got worse.
    """

    left: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    gone: tuple[FindingId, ...]
    worse: frozenset[FindingId]


def read_baseline(data: bytes, file: str) -> Baseline:
    """The baseline in `data`; `file` is its name in messages. Raises `CannotCheck` if it is not valid."""
    import json

    def invalid(reason: str) -> CannotCheck:
        return CannotCheck(f"{file} is not a valid baseline: {reason}; fix it, or restore it from git")

    try:
        content = json.loads(data)
    except json.JSONDecodeError as error:
        conflict = " (unresolved merge conflict)" if b"\n<<<<<<< " in b"\n" + data else ""
        raise invalid(f"line {error.lineno}: {error.msg}{conflict}") from None
    except (ValueError, RecursionError):
        raise invalid("it is not valid JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("findings"), list):
        raise invalid("it has no list of `findings`")
    version = content.get("version")
    if type(version) is not int or version != _VERSION:
        raise CannotCheck(
            f"{file}: unsupported baseline version {shortened(str(version))}; expected {_VERSION}"
        )
    baseline: dict[FindingId, Allowance] = {}
    for number, item in enumerate(content["findings"], 1):
        if reason := _fault(item):
            raise invalid(f"finding {number}: {reason}")
        identity = FindingId(item["rule"], item["path"], item.get("which", ""))
        if identity in baseline:
            raise invalid(f"finding {number}: listed twice; remove one of them")
        severity = Severity(item.get("severity", Severity.ERROR))
        baseline[identity] = Allowance(item.get("count", 1), item.get("number"), severity)
    return baseline


_TEXTS, _NUMBERS = ("rule", "path", "which"), {"count": 1, "number": 0}


def _fault(item: Any) -> str:
    """The error in one entry of the file; "" if there is none."""
    if not isinstance(item, dict):
        return "expected an object with `rule` and `path`"
    for name in ("rule", "path"):
        if name not in item:
            return f"`{name}` is missing"
    if isinstance(item["rule"], str) and not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", item["rule"]):
        return "`rule` is not the name of a rule"
    for name, value in item.items():
        if name in _TEXTS and not isinstance(value, str):
            return f"`{name}` is not a string"
        if name in _NUMBERS and (type(value) is not int or value < _NUMBERS[name]):
            return f"`{name}` is not a whole number of at least {_NUMBERS[name]}"
        if name == "severity" and value not in tuple(Severity):
            return "`severity` is neither `error` nor `warning`"
        if name not in (*_TEXTS, *_NUMBERS, "severity"):
            return f"unknown key {short_name(name)}"
    return ""


def compare(findings: Iterable[Finding], baseline: Baseline) -> BaselineResult:
    """Compares findings with a baseline; paths are relative to the project.

    If more findings have one identity than the baseline accepts, the last ones are left. A finding that got
    worse is left too, and its message says so.
    """
    seen: Counter[FindingId] = Counter()
    left, accepted = [], []
    better: set[FindingId] = set()
    worse: set[FindingId] = set()
    for finding in findings:
        identity = finding.identity
        allowance = baseline.get(identity)
        if allowance is None or seen[identity] >= allowance.times:
            left.append(finding)
        elif not allowance.covers(finding):
            worse.add(identity)
            left.append(finding._replace(message=f"{finding.message}; worse than the baseline accepts"))
        else:
            seen[identity] += 1
            accepted.append(finding)
            if finding.number is not None and finding.number < (allowance.number or 0):
                better.add(identity)
    gone = {identity for identity, allowance in baseline.items() if seen[identity] < allowance.times} - worse
    return BaselineResult(tuple(left), tuple(accepted), tuple(sorted(gone | better)), frozenset(worse))


def update_baseline(findings: Iterable[Finding], baseline: Baseline | None, *, grows: bool) -> Baseline:
    """The baseline for some findings; unless it `grows`, only for those that `baseline` accepts."""
    updated: dict[FindingId, Allowance] = {}
    if baseline is not None and not grows:
        result = compare(findings, baseline)
        findings = result.accepted
        updated = {identity: baseline[identity] for identity in result.worse}
    for finding in findings:
        identity = finding.identity
        times, number, severity = updated.get(identity, Allowance(0, None, Severity.WARNING))
        if finding.severity is not Severity.WARNING:
            severity = Severity.ERROR
        numbers = [known for known in (number, finding.number) if known is not None]
        updated[identity] = Allowance(times + 1, max(numbers, default=None), severity)
    return updated


def baseline_text(baseline: Baseline) -> bytes:
    """The content of the file of a baseline."""
    import json

    lines = []
    for identity, allowance in sorted(baseline.items()):
        item: dict[str, object] = {"rule": identity.rule, "path": identity.path}
        if identity.which:
            item["which"] = identity.which
        if allowance.severity is Severity.WARNING:
            item["severity"] = allowance.severity
        if allowance.times > 1:
            item["count"] = allowance.times
        if allowance.number is not None:
            item["number"] = allowance.number
        lines.append(json.dumps(item))
    inside = ",\n    ".join(lines)
    findings = f"[\n    {inside}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {findings}\n}}\n'.encode()


def count_accepted(baseline: Baseline) -> int:
    """The number of findings that a baseline accepts."""
    return sum(allowance.times for allowance in baseline.values())
