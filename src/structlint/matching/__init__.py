"""Matches a layout with a tree.

`match` returns a `Survey`: the entries that govern each path, and the missing, unlisted and conflicting
paths. `docs/architecture.md` describes the steps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from structlint.layout.model import Layout
from structlint.matching.missing import strictest, without_forbidden, without_governed, without_ignored
from structlint.matching.near_miss import pair
from structlint.matching.survey import Survey
from structlint.matching.walk import Matcher
from structlint.tree import Tree


def match(
    layout: Layout,
    tree: Tree,
    own: Iterable[str] = (),
    prefix: str = "",
    baseline: str = "",
    assumed: Collection[str] = (),
) -> Survey:
    """Matches a layout with a tree.

    `own` has the paths of structlint's own files, which are never stray, and `baseline` is the one that does
    not count. `prefix` is the path of the tree's root in the repository: "" or with a trailing "/".
    `assumed` are directories that do not exist yet and are taken to meet any `if`.
    """
    matcher = Matcher(layout, tree, assumed)
    outcome = matcher.outcome()
    own = frozenset(own)
    paired, strays = pair(outcome.children.values(), tree, own)
    required = without_governed(without_forbidden(paired, outcome, layout.forbid, tree), strays)
    asked = strictest(required)
    missing, ignored = without_ignored(asked, layout, tree)
    return Survey(
        layout,
        tree,
        own,
        prefix,
        baseline,
        matcher.lookup,
        outcome.children,
        outcome.directory_matches,
        outcome.entry_matches,
        missing,
        ignored,
        [*strays, *(stray for stray in outcome.linked_strays if stray.path not in outcome.linked_listed)],
        outcome.orphans,
        outcome.duplicates,
        outcome.undecided,
        outcome.conflicts,
        outcome.counts,
        outcome.unseen,
        outcome.fulfilled,
    )
