"""Folds findings, or other things with a path, that differ only in their paths or in their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from structlint.finding import Finding, Severity
from structlint.report import fixes_safely
from structlint.report.wording import one_line
from structlint.text.paths import common_directory, parent
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record

_FEWEST = 3  # fewer are listed one by one, each with its path
_MOST_NAMED = 5

_Item = TypeVar("_Item")


class Fold(Record):
    """One finding, or several that differ only in their paths or lines, in `directory` ("" is the root)."""

    findings: Sequence[Finding]
    directory: str

    @property
    def severity(self) -> Severity:
        """The severity of the findings."""
        return self.findings[0].severity or Severity.ERROR


def folds(findings: Iterable[Finding], *, fold: bool = True) -> list[Fold]:
    """Groups the findings by directory and folds similar ones, in one directory or with one cause."""
    folded: list[Fold] = []
    for alike in _alike(findings).values():
        groups = grouped(alike, _directory_of) if fold else [(_directory_of(one), [one]) for one in alike]
        folded += [Fold(inside, directory) for directory, inside in groups]
    return sorted(folded, key=lambda fold: (fold.directory, fold.findings[0].path, fold.findings[0].rule))


def grouped(
    alike: Sequence[_Item], directory_of: Callable[[_Item], str]
) -> Iterator[tuple[str, Sequence[_Item]]]:
    """Groups things of one kind: those in one directory, then the rest; fewer than three stay single."""
    by_directory: dict[str, list[_Item]] = {}
    for item in alike:
        by_directory.setdefault(directory_of(item), []).append(item)
    rest: list[_Item] = []
    for directory, inside in by_directory.items():
        if len(inside) >= _FEWEST:
            yield directory, inside
        else:
            rest += inside
    if len(rest) >= _FEWEST:
        yield common_directory(map(directory_of, rest)), rest
    else:
        yield from ((directory_of(item), [item]) for item in rest)


def fold_message(fold: Fold) -> str:
    """The message for folded findings: `9 unlisted files in ./: a, b and 7 more`."""
    first = fold.findings[0]
    assert first.plural
    about = f" ({one_line(first.about)})" if first.about else ""
    names = [
        in_backticks(finding.discriminator)
        if finding.line
        else quote(finding.path.removeprefix(fold.directory))
        for finding in fold.findings
    ]
    where = f"in {quote(first.path if first.line else fold.directory or './')}"
    return f"{len(names):,} {first.plural.noun} {where}{about}{first.plural.rest}: {first_of(names)}"


def first_of(names: Sequence[str]) -> str:
    """The first of many names and the number of the others: `a, b and 7 more`."""
    shown = names if len(names) <= _MOST_NAMED + 1 else names[:_MOST_NAMED]
    left = len(names) - len(shown)
    return f"{', '.join(shown)} and {left:,} more" if left else ", ".join(shown)


def fold_hint(fold: Fold) -> str:
    """The hint for folded findings."""
    first = fold.findings[0]
    return first.plural.hint if first.plural else first.hint


def _alike(findings: Iterable[Finding]) -> dict[tuple[object, ...], list[Finding]]:
    """Findings that differ only in their paths, grouped."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alike.setdefault(kind_of(finding) or (number,), []).append(finding)
    return alike


def kind_of(finding: Finding) -> tuple[object, ...] | None:
    """A key that is equal for findings that differ only in their paths, or in their lines in one file.

    It is None for a finding that is never folded.
    """
    if not finding.plural:
        return None
    file = finding.path if finding.line else ""
    fix = fixes_safely(finding)
    return finding.rule, finding.severity, finding.plural, finding.about, finding.origin, fix, file


def _directory_of(finding: Finding) -> str:
    return parent(finding.path)
