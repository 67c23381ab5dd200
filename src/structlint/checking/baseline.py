"""The findings that a project had when it adopted its layout: accepted, and no more than those.

The file is JSON with one finding a line, sorted, without numbers of lines and without the words of messages,
so that it changes only with what it says and merges well. Where a rule counts something the number is kept:
27 files may become 26, not 28. A finding is known again by its rule, its path (from the project's root), and
what tells it from others of the rule at that path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from structlint.errors import CannotCheck
from structlint.finding import Finding, FindingId, Severity
from structlint.text.quoting import shortened

_VERSION = 1


class Allowance(NamedTuple):
    """How often a finding is accepted, up to which number, and how severe it may be."""

    times: int = 1
    number: int | None = None
    severity: Severity = Severity.ERROR

    def takes(self, finding: Finding) -> bool:
        """Whether a finding goes no further than what is accepted."""
        if self.severity is Severity.WARNING and finding.severity is not Severity.WARNING:
            return False
        return finding.number is None or (self.number is not None and finding.number <= self.number)


Baseline = Mapping[FindingId, Allowance]


class BaselineResult(NamedTuple):
    """Findings held against a baseline: those it does not accept, those it does, and what it has too much.

    `worse` are those it would accept if they went no further.
    """

    left: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    gone: tuple[FindingId, ...]
    worse: frozenset[FindingId]


def read_baseline(data: bytes, file: str) -> Baseline:
    """The baseline in `data`; `file` is its name in messages. Raises `CannotCheck` for what is none."""
    import json

    def wrong(told: str) -> CannotCheck:
        return CannotCheck(f"{file} is no baseline: {told}; mend it, or take it from git as it was")

    try:
        said = json.loads(data)
    except json.JSONDecodeError as error:
        conflict = " (a merge left it in conflict)" if b"\n<<<<<<< " in b"\n" + data else ""
        raise wrong(f"line {error.lineno}: {error.msg}{conflict}") from None
    except (ValueError, RecursionError):
        raise wrong("it is no JSON that can be read") from None
    if not isinstance(said, dict) or not isinstance(said.get("findings"), list):
        raise wrong("it has no list of `findings`")
    version = said.get("version")
    if type(version) is not int or version != _VERSION:
        found = shortened(str(version))
        raise CannotCheck(f"{file}: this structlint reads version {_VERSION} of a baseline, not {found}")
    baseline: dict[FindingId, Allowance] = {}
    for place, each in enumerate(said["findings"], 1):
        if told := _wrong(each):
            raise wrong(f"finding {place}: {told}")
        known = FindingId(each["rule"], each["path"], each.get("which", ""))
        if known in baseline:
            raise wrong(f"finding {place}: it is there twice; which of them holds?")
        severity = Severity(each.get("severity", Severity.ERROR))
        baseline[known] = Allowance(each.get("count", 1), each.get("number"), severity)
    return baseline


_TEXTS, _NUMBERS = ("rule", "path", "which"), {"count": 1, "number": 0}


def _wrong(said: Any) -> str:
    """What is wrong with one finding of a file, "" if nothing is."""
    if not isinstance(said, dict):
        return "expected { and }"
    for name in ("rule", "path"):
        if name not in said:
            return f"it has no {name}"
    if isinstance(said["rule"], str) and not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", said["rule"]):
        return "its rule is no name of a rule"
    for name, value in said.items():
        if name in _TEXTS and not isinstance(value, str):
            return f"its {name} is no text"
        if name in _NUMBERS and (type(value) is not int or value < _NUMBERS[name]):
            return f"its {name} is no whole number from {_NUMBERS[name]} on"
        if name == "severity" and value not in tuple(Severity):
            return "its severity is neither error nor warning"
        if name not in (*_TEXTS, *_NUMBERS, "severity"):
            return f"it has a key that is not known here, {shortened(name)}"
    return ""


def compare(findings: Iterable[Finding], baseline: Baseline) -> BaselineResult:
    """Findings held against a baseline; paths are from the root of the project.

    Of more than it accepts of one kind the last are left; one that is worse is left and says so.
    """
    seen: Counter[FindingId] = Counter()
    left, accepted = [], []
    less: set[FindingId] = set()
    worse: set[FindingId] = set()
    for finding in findings:
        known = finding.identity
        limit = baseline.get(known)
        if limit is None or seen[known] >= limit.times:
            left.append(finding)
        elif not limit.takes(finding):
            worse.add(known)
            left.append(finding._replace(message=f"{finding.message}; worse than the baseline accepts"))
        else:
            seen[known] += 1
            accepted.append(finding)
            if finding.number is not None and limit.number is not None and finding.number < limit.number:
                less.add(known)
    gone = {known for known, limit in baseline.items() if seen[known] < limit.times} - worse
    return BaselineResult(tuple(left), tuple(accepted), tuple(sorted(gone | less)), frozenset(worse))


def update_baseline(findings: Iterable[Finding], baseline: Baseline | None, *, grows: bool) -> Baseline:
    """The baseline of what is found now. Unless it `grows`, only of what was accepted before."""
    found = list(findings)
    now: dict[FindingId, Allowance] = {}
    if baseline is not None and not grows:
        against = compare(found, baseline)
        found = list(against.accepted)
        now = {known: baseline[known] for known in against.worse}
    for finding in found:
        known = finding.identity
        times, number, severity = now.get(known, Allowance(0, None, Severity.WARNING))
        if finding.severity is not Severity.WARNING:
            severity = Severity.ERROR
        numbers = [each for each in (number, finding.number) if each is not None]
        now[known] = Allowance(times + 1, max(numbers, default=None), severity)
    return now


def baseline_text(baseline: Baseline) -> bytes:
    """The text of a baseline."""
    import json

    lines = []
    for known, limit in sorted(baseline.items()):
        said: dict[str, object] = {"rule": known.rule, "path": known.path}
        if known.which:
            said["which"] = known.which
        if limit.severity is Severity.WARNING:
            said["severity"] = limit.severity
        if limit.times > 1:
            said["count"] = limit.times
        if limit.number is not None:
            said["number"] = limit.number
        lines.append(json.dumps(said))
    inside = ",\n    ".join(lines)
    findings = f"[\n    {inside}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {findings}\n}}\n'.encode()


def count_accepted(baseline: Baseline) -> int:
    """How many findings a baseline accepts."""
    return sum(limit.times for limit in baseline.values())
