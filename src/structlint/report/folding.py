"""Folds findings that differ only in their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from structlint.finding import Finding, Severity
from structlint.report.wording import one_line
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks, quote

_FEWEST = 3  # fewer are listed one by one, each with its path
_MOST_NAMED = 5
_NOUN = re.compile(r"((?:[a-z]+ )*)(file|directory)([;,].*)?")
_MISNAMED = re.compile(r"`([^`]+)` is (not .+)")


class Fold(NamedTuple):
    """One finding, or several that differ only in their paths; all are below `directory` ("" is the root)."""

    findings: Sequence[Finding]
    directory: str

    @property
    def severity(self) -> Severity:
        """How much the findings matter."""
        return self.findings[0].severity or Severity.ERROR


def folds(findings: Iterable[Finding], *, fold: bool = True) -> list[Fold]:
    """The findings by directory, equal ones together: those of one directory, else those of one cause."""
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
    """What is wrong with all of them: `9 unlisted files in ./: a, b and 7 more`."""
    first = fold.findings[0]
    number, where = len(fold.findings), quote(fold.directory or "./")
    about = f" ({one_line(first.about)})" if first.about else ""
    names = [quote(finding.path.removeprefix(fold.directory)) for finding in fold.findings]
    shown = names if len(names) <= _MOST_NAMED + 1 else names[:_MOST_NAMED]
    left = len(names) - len(shown)
    listed = f"{', '.join(shown)} and {left:,} more" if left else ", ".join(shown)
    message = _shared_message(first)
    if message != first.message:
        return f"{number:,} names in {where} that are {message}{about}: {listed}"
    if noun := _NOUN.fullmatch(message):
        several = "directories" if noun[2] == "directory" else "files"
        return f"{number:,} {noun[1]}{several} in {where}{noun[3] or ''}{about}: {listed}"
    return f"{number:,} paths in {where}, {message}{about}: {listed}"


def fold_hint(fold: Fold) -> str:
    """What to do about all of them."""
    first = fold.findings[0]
    if _shared_message(first) != first.message:
        return first.hint.replace("rename it to ", "rename them, the first to ", 1)
    return re.sub(r"\bit\b", "them", _shared_hint(first))


def _alike(findings: Iterable[Finding]) -> dict[tuple[object, ...], list[Finding]]:
    """Findings that differ only in their paths, grouped."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        hint = _shared_hint(finding)
        message = _shared_message(finding)
        key = (finding.rule, finding.severity, message, hint, finding.about, finding.origin)
        alike.setdefault((*key, number if finding.line else None), []).append(finding)
    return alike


def _shared_message(finding: Finding) -> str:
    """A message without the name of the file: `not kebab-case` if it begins with a name in the wrong case."""
    misnamed = _MISNAMED.fullmatch(finding.message)
    own = finding.path.rstrip("/").rpartition("/")[2]
    return misnamed[2] if misnamed and misnamed[1] in own else finding.message


def _shared_hint(finding: Finding) -> str:
    """A hint without the name of the file: where a file is to be moved is a directory."""
    name = finding.path.rpartition("/")[2]
    if _shared_message(finding) != finding.message and finding.hint.startswith("rename it to "):
        return "rename it"
    target = finding.related[0] if finding.related else ""
    if not name or not target.endswith(f"/{name}"):
        return finding.hint
    return finding.hint.replace(in_backticks(target), in_backticks(target.removesuffix(name)))


def _common(findings: Sequence[Finding]) -> str:
    """The deepest directory that all of them are below."""
    parents = [parent(finding.path).split("/") for finding in findings]
    steps = list(takewhile(lambda names: len(set(names)) == 1, zip(*parents, strict=False)))
    return "".join(f"{names[0]}/" for names in steps if names[0])
