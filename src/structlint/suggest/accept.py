"""Accepts repeated exceptions from a learned law, so that the law is kept and new cases are reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from structlint.layout.gitignore import escape_pattern
from structlint.suggest.draft import FILE, Accepted, Draft
from structlint.suggest.relax import LearnedFinding
from structlint.suggest.thresholds import MOST_ACCEPTED
from structlint.yaml_nodes.source import unusable

_OF_A_LAW = ("bad-name", "missing-file", "missing-directory", "misplaced-file")


def accept_output(
    draft: Draft, findings: Sequence[LearnedFinding], output: Collection[str]
) -> list[LearnedFinding]:
    """Accepts in the draft that files in build output break learned laws.

    Returns the remaining findings, including those of the extended layout.
    """
    left = []
    accepted: dict[Accepted, None] = {}
    for learned in findings:
        rule, path, origin = learned.finding.rule, learned.finding.path, learned.finding.origin
        top = next((top for top in output if path.startswith(top) and path != top), "")
        if top and origin and origin.file == FILE and not rule.startswith("stray-"):
            accepted[Accepted(rule, f"{_pattern_of(top)}**", "build output")] = None
        else:
            left.append(learned)
    draft.accepted += accepted
    return left


def accept_exceptions(draft: Draft, findings: Sequence[LearnedFinding]) -> list[LearnedFinding]:
    """Accepts the exceptions from learned laws in the draft, and returns the remaining findings.

    A single essential path that is missing, or a single directory in another case, is left to the user,
    because it is probably a mistake; so are exceptions that are too many to list, and missing recommended
    paths, which fail no check.
    """
    by_law: dict[object, list[LearnedFinding]] = {}
    for learned in findings:
        if (
            learned.node is not None
            and learned.finding.rule in _OF_A_LAW
            and not learned.finding.path.endswith(">")
        ):
            by_law.setdefault((learned.finding.rule, id(learned.node)), []).append(learned)
    left = list(findings)
    for law in by_law.values():
        node = law[0].node
        is_lack = law[0].finding.rule.startswith("missing-")
        is_mistake = bool(node and (node.is_essential or node.tied))
        if not is_lack:
            is_mistake = law[0].finding.path.endswith("/")
        least = 2 if is_mistake else 1
        is_warning = is_lack and node is not None and node.recommended
        if least <= len(law) <= MOST_ACCEPTED and node and not is_warning:
            follow = f"{node.of - len(law)} of {node.of}" if node.of > len(law) else "others"
            why = f"older than the rule that {follow} follow"
            draft.accepted += [
                Accepted(learned.finding.rule, _pattern_of(learned.finding.path), why) for learned in law
            ]
            left = [learned for learned in left if learned not in law]
    return left


def _pattern_of(path: str) -> str:
    """The pattern for one path, with a `?` for each character that a layout must not contain."""
    pattern = escape_pattern(f"/{path}")
    while character := unusable(pattern):
        pattern = pattern.replace(character, "?")
    return pattern
