"""Learns a layout from a repository."""

from __future__ import annotations

from dataclasses import dataclass

from structlint.errors import CannotCheck
from structlint.layout.load import bundled_layout
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.suggest.draft import PLACEHOLDER, Draft, LearnedEntry, Sample
from structlint.suggest.excluded import ExcludedPaths, passed_over
from structlint.suggest.learner import Learner
from structlint.suggest.outliers import Outlier, outliers_in
from structlint.suggest.placeholders import TieFinder
from structlint.suggest.pruning import prune
from structlint.suggest.relax import breaks_ties, relax
from structlint.suggest.to_nodes import named_remarks, nodes_of
from structlint.suggest.trial import FILE
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, TextNode

LEAST_FILES = 3


@dataclass(frozen=True)
class InferredLayout:
    """A learned layout, as nodes, with `remarks` on its keys; its outliers; the paths not learned from."""

    layout: MapNode
    outliers: tuple[Outlier, ...]
    remarks: dict[TextNode, str]
    passed: tuple[ExcludedPaths, ...]


def infer(tree: Tree) -> InferredLayout:
    """Learns the layout of a tree, which is without structlint's own files.

    Raises `CannotCheck` if the tree has too few files.
    """
    base = bundled_layout("base")
    survey = match(base, tree)
    passed, gone = passed_over(survey)
    clean = tree.without(gone)
    if len(clean.files) < LEAST_FILES:
        there = f"{len(clean.files)} {'file' if len(clean.files) == 1 else 'files'}"
        few = f"there is too little to learn a layout from: {there}, at least {LEAST_FILES} are needed"
        raise CannotCheck(f"{few}; `structlint init` without --infer takes a bundled layout")
    unknown = {each.path for each in survey.strays}
    to_be = tree._replace(files=tuple(sorted({*tree.files, FILE})))
    draft = _draft(clean, base, unknown, ties=True)
    found = relax(draft, to_be, clean)
    if breaks_ties(found):
        draft = _draft(clean, base, unknown, ties=False)
        found = relax(draft, to_be, clean)
    layout, pairs = nodes_of(draft)
    remarks = {scalar: said for scalar, node in pairs if (said := node.remark())}
    remarks |= dict(named_remarks(layout, draft))
    return InferredLayout(layout, tuple(outliers_in(found, draft, passed)), remarks, passed)


def _draft(tree: Tree, base: Layout, unknown: set[str], *, ties: bool) -> Draft:
    learner = Learner(base)
    root = LearnedEntry("/", (Sample(tree.root),))
    draft = Draft(root, learner.names)
    learner.root(root, unknown)
    prune(root, min(60, max(20, len(tree.files) // 8)))
    if ties:
        TieFinder(draft, learner, tree).tie()
    used = {noun for node in root.walk() for noun in PLACEHOLDER.findall(node.key)}
    draft.names = {noun: law for noun, law in sorted(learner.names.items()) if noun in used}
    return draft
