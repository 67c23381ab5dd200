"""Folds findings that differ only in their paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from structlint.finding import Finding, Severity
from structlint.report import fixes_safely
from structlint.report.wording import one_line
from structlint.text.paths import parent
from structlint.text.quoting import quote
from structlint.text.records import Record

_FEWEST = 3  # fewer are listed one by one, each with its path
_MOST_NAMED = 5


class Fold(Record):
    """One finding, or several that differ only in their paths; all are below `directory` ("" is the root)."""

    findings: Sequence[Finding]
    directory: str

    @property
    def severity(self) -> Severity:
        """The severity of the findings."""
        return self.findings[0].severity or Severity.ERROR


def folds(findings: Iterable[Finding], *, fold: bool = True) -> list[Fold]:
    """Groups the findings by directory and folds similar ones, in one directory or with one cause."""
    single: list[Finding] = []
    folded: list[Fold] = []
    for alike in _alike(findings).values():
        by_directory: dict[str, list[Finding]] = {}
        for finding in alike:
            by_directory.setdefault(parent(finding.path), []).append(finding)
        rest: list[Finding] = []
        for directory, inside in by_directory.items():
            if fold and len(inside) >= _FEWEST:
                folded.append(Fold(inside, directory))
            else:
                rest += inside
        if fold and len(rest) >= _FEWEST:
            folded.append(Fold(rest, _common(rest)))
        else:
            single += rest
    folded += [Fold((finding,), parent(finding.path)) for finding in single]
    return sorted(folded, key=lambda fold: (fold.directory, fold.findings[0].path, fold.findings[0].rule))


def fold_message(fold: Fold) -> str:
    """The problem that they have in common: `9 unlisted files in ./: a, b and 7 more`."""
    first = fold.findings[0]
    assert first.plural
    about = f" ({one_line(first.about)})" if first.about else ""
    names = [quote(finding.path.removeprefix(fold.directory)) for finding in fold.findings]
    shown = names if len(names) <= _MOST_NAMED + 1 else names[:_MOST_NAMED]
    left = len(names) - len(shown)
    listed = f"{', '.join(shown)} and {left:,} more" if left else ", ".join(shown)
    where = f"in {quote(fold.directory or './')}"
    return f"{len(names):,} {first.plural.noun} {where}{about}{first.plural.rest}: {listed}"


def fold_hint(fold: Fold) -> str:
    """The hint for all of them."""
    first = fold.findings[0]
    return first.plural.hint if first.plural else first.hint


def _alike(findings: Iterable[Finding]) -> dict[tuple[object, ...], list[Finding]]:
    """Findings that differ only in their paths, grouped."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alike.setdefault(kind_of(finding) or (number,), []).append(finding)
    return alike


def kind_of(finding: Finding) -> tuple[object, ...] | None:
    """The same for findings that differ only in their paths; None for a finding that is never folded."""
    if finding.line or not finding.plural:
        return None
    fix = fixes_safely(finding)
    return finding.rule, finding.severity, finding.plural, finding.about, finding.origin, fix


def _common(findings: Sequence[Finding]) -> str:
    """The deepest directory that all of them are below."""
    parents = [parent(finding.path).split("/") for finding in findings]
    steps = list(takewhile(lambda names: len(set(names)) == 1, zip(*parents, strict=False)))
    return "".join(f"{names[0]}/" for names in steps if names[0])
