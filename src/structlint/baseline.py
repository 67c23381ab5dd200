"""The findings that a project had when it adopted its layout: accepted, and no more than those.

The file is JSON with one finding a line, sorted, without numbers of lines, so that it changes only with what
it says and merges well. Of a limit it keeps the number: 27 files may become 26, not 28.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from structlint.errors import CannotCheck
from structlint.finding import Finding

FILE = "structlint-baseline.json"
_VERSION = 1


class Known(NamedTuple):
    """What a baseline keeps of findings: their rule, their path, and how far they go."""

    rule: str
    path: str


@dataclass(frozen=True)
class Baseline:
    """How many findings of each kind are accepted, and up to which number where a rule counts something."""

    counts: Mapping[Known, int] = field(default_factory=dict)
    numbers: Mapping[Known, int] = field(default_factory=dict)


class Held(NamedTuple):
    """Findings held against a baseline: those it does not accept, those it does, and what it has too much."""

    left: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    gone: tuple[Known, ...]


def read(data: bytes, file: str) -> Baseline:
    """The baseline in `data`; `file` is its name in messages. Raises `CannotCheck` for what is none."""
    import json

    try:
        said = json.loads(data)
        if said["version"] != _VERSION:
            raise CannotCheck(
                f"{file}: this structlint reads version {_VERSION} of a baseline, not {said['version']}"
            )
        counts: Counter[Known] = Counter()
        numbers: dict[Known, int] = {}
        for each in said["findings"]:
            known = Known(str(each["rule"]), str(each["path"]))
            counts[known] += int(each.get("count", 1))
            if "number" in each:
                numbers[known] = int(each["number"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        told = (
            f"line {error.lineno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else "its form is not right"
        )
        raise CannotCheck(f"{file} is no baseline: {told}; `--update-baseline` writes one") from None
    return Baseline(counts, numbers)


def held(findings: Iterable[Finding], baseline: Baseline) -> Held:
    """Findings held against a baseline. Of more than it accepts of a kind the last are left."""
    seen: Counter[Known] = Counter()
    left, accepted = [], []
    less: set[Known] = set()
    for finding in findings:
        known = _known(finding)
        seen[known] += 1
        most = baseline.numbers.get(known)
        grown = most is not None and (finding.number or 0) > most
        if grown or seen[known] > baseline.counts.get(known, 0):
            left.append(finding)
            continue
        accepted.append(finding)
        if most is not None and (finding.number or 0) < most:
            less.add(known)
    gone = {known for known, count in baseline.counts.items() if seen[known] < count} | less
    return Held(tuple(left), tuple(accepted), tuple(sorted(gone)))


def updated(findings: Iterable[Finding], baseline: Baseline | None, *, grows: bool) -> Baseline:
    """The baseline of what is found now. Unless it `grows`, only of what was accepted before."""
    found = list(findings)
    if baseline is not None and not grows:
        found = list(held(found, baseline).accepted)
    counts = Counter(map(_known, found))
    numbers = {_known(each): each.number for each in found if each.number is not None}
    return Baseline(counts, numbers)


def written(baseline: Baseline) -> bytes:
    """The text of a baseline."""
    import json

    lines = []
    for known, count in sorted(baseline.counts.items()):
        said: dict[str, object] = {"rule": known.rule, "path": known.path}
        if count > 1:
            said["count"] = count
        if known in baseline.numbers:
            said["number"] = baseline.numbers[known]
        lines.append(json.dumps(said))
    inside = ",\n    ".join(lines)
    findings = f"[\n    {inside}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {findings}\n}}\n'.encode()


def _known(finding: Finding) -> Known:
    return Known(finding.rule, finding.path)
