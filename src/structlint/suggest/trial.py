"""Tries a layout on the repository that it is made for, and relaxes it until it fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from structlint.finding import Finding
from structlint.layout.load import LayoutSource, load
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.rules import RULES, engine, name_of
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode
from structlint.yaml_nodes.writer import write

FILE = "structlint.yaml"


class Trial(NamedTuple):
    """A layout as it was written and read again, its survey, and the findings of all rules."""

    text: bytes
    layout: Layout
    survey: Survey
    findings: list[Finding]


def try_layout(nodes: MapNode, tree: Tree) -> Trial:
    """Checks a tree, which has the file of the layout, against the nodes of a layout."""
    text = write(nodes).encode()
    layout = load(LayoutSource(lambda path: text), FILE)
    survey = match(layout, tree, own=[FILE])
    findings = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
    return Trial(text, layout, survey, findings)


def relax_until_it_fits(
    nodes: Callable[[], MapNode], relax: Callable[[Trial], bool], tree: Tree, rounds: int
) -> Trial:
    """The trial of the layout that `nodes` returns, once `relax` has nothing more to change.

    `relax` changes what `nodes` is made of, and returns whether it did. It is called at most `rounds` times.
    """
    trial = try_layout(nodes(), tree)
    for _ in range(rounds):
        if not relax(trial):
            break
        trial = try_layout(nodes(), tree)
    return trial
