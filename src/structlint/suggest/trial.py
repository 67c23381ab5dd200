"""Tries a layout on its repository."""

from __future__ import annotations

from datetime import date

from structlint.finding import Finding
from structlint.layout.load import LayoutSource, load
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.rules import RULES, engine, name_of
from structlint.suggest.draft import FILE
from structlint.text.records import Record
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode
from structlint.yaml_nodes.writer import write


class Trial(Record):
    """A layout after writing and reading it, its survey, and the findings of all rules."""

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
