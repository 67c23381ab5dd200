"""Outliers: paths that violate a learned rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from structlint.suggest.draft import PLACEHOLDER, Draft, Law, LearnedEntry
from structlint.suggest.excluded import ExcludedPaths
from structlint.suggest.relax import LearnedFinding
from structlint.suggest.thresholds import FAMILY
from structlint.text.paths import split
from structlint.text.quoting import quote


@dataclass(frozen=True, slots=True)
class Outlier:
    """A path that violates a learned rule, and the support of the rule ("19 of 21 services have one")."""

    path: str
    words: str
    support: str = ""

    def __str__(self) -> str:
        return f"{quote(self.path)}: {self.words}" + (f" ({self.support})" if self.support else "")


_GRAVE = ("tracked-local", "forbidden-path", "tracked-ignored")


def outliers_in(
    findings: Sequence[LearnedFinding], draft: Draft, passed: Sequence[ExcludedPaths]
) -> Iterator[Outlier]:
    """The remaining findings as outliers, the most severe and then the most significant first."""
    governs = draft.by_directory()
    whys = dict(passed)
    ranked = [(_telling(learned), _outlier(learned, draft, governs, whys)) for learned in findings]
    return (outlier for _, outlier in sorted(ranked, key=lambda pair: (pair[0], pair[1].path, pair[1].words)))


def _telling(learned: LearnedFinding) -> tuple[int, float]:
    """The sort key: severity, then the share of places that violate the rule."""
    if learned.finding.rule in _GRAVE:
        return _GRAVE.index(learned.finding.rule), 0.0
    node = learned.node
    if node is None or node.of < FAMILY:
        return len(_GRAVE), 0.0
    have = node.of - 1 if learned.finding.rule.startswith("stray-") else node.have
    return len(_GRAVE), -have / node.of * (1 - 1 / node.of)


def _outlier(
    learned: LearnedFinding, draft: Draft, governs: dict[str, LearnedEntry], whys: dict[str, str]
) -> Outlier:
    finding, node = learned
    if finding.path in whys and finding.rule.startswith("stray-"):
        return Outlier(finding.path, f"{whys[finding.path]}, so not in the layout")
    above, name = split(finding.path)
    if finding.rule == "bad-name" and node and (law := _law_of(node, draft)):
        return Outlier(finding.path, finding.message, f"{law.have} of {law.of} are")
    if finding.rule.startswith("missing-") and node and node.tied:
        support = f"{node.have} of {node.of} are there, as in {node.tied}"
        return Outlier(finding.path, "missing", support)
    if finding.rule.startswith("missing-") and node and node.many and not finding.path.endswith(">"):
        return Outlier(above, f"no {quote(name)}", f"{node.have} of {node.of} {node.many} have one")
    family = governs.get(above)
    if finding.rule == "stray-directory" and family and family.in_family and family.many:
        return Outlier(finding.path, f"no other of the {len(family.held)} {family.many} has one")
    return Outlier(finding.path, finding.message_with_purpose)


def _law_of(node: LearnedEntry, draft: Draft) -> Law | None:
    return next((draft.names[noun] for noun in PLACEHOLDER.findall(node.key) if noun in draft.names), None)
