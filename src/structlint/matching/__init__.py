"""Matches a layout with a tree.

`match` gives a `Survey`: which entry governs which path, what is missing, stray, tied or in conflict. In each
directory that an entry governs

1. each name goes to the entry that says most of it (`lookup`);
2. in the order of the layout, names that are tied to a placeholder are settled: their value is defined, or
   they are another entry's, or they are orphans (`scopes`);
3. the directories among them are entered (`walk`). Where a name was tied before its definition was known
   there is another walk, with all names known;
4. each `**/` is applied to the directories below its own;
5. what is required and not there is noted (`missing`) and paired with the unlisted name that was probably
   meant (`near_miss`). What is unlisted is stray; the engine of the rules drops a stray that is reported as
   the near miss of something missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from structlint.layout.model import Layout
from structlint.matching.missing import strictest, without_forbidden, without_ignored
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

    `own` are the paths of structlint's own files, which are never stray, and `baseline` is the one that does
    not count. `prefix` is the path of the tree's root in the repository: "" or with a trailing "/".
    `assumed` are directories that do not exist yet and are taken to meet any `if`.
    """
    matcher = Matcher(layout, tree, assumed)
    outcome = matcher.outcome()
    own = frozenset(own)
    paired, strays = pair(outcome.children.values(), tree, own)
    asked = strictest(without_forbidden(paired, outcome, layout.forbid))
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
        strays,
        outcome.orphans,
        outcome.duplicates,
        outcome.undecided,
        outcome.conflicts,
        outcome.counts,
        outcome.unseen,
        outcome.fulfilled,
    )
