"""Tries a layout on its repository."""

from __future__ import annotations

from datetime import date

from structlint.errors import Unread
from structlint.finding import RULE_NAMES, Finding
from structlint.layout.load import load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.rules import engine
from structlint.suggest.draft import FILE
from structlint.text.records import Record
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode
from structlint.yaml_nodes.writer import write


class Trial(Record):
    """A layout after writing and reading it, its survey, and the findings of all rules.

    `unread` has the files that a rule needs and that cannot be read, and why: there may be more findings.
    """

    text: bytes
    layout: Layout
    survey: Survey
    findings: list[Finding]
    unread: dict[str, str]


def try_layout(nodes: MapNode, tree: Tree) -> Trial:
    """Checks a tree, which has the file of the layout, against the nodes of a layout."""
    text = write(nodes).encode()
    layout = load(LayoutSource(lambda path: text), FILE)
    survey = match(layout, tree, own=[FILE])
    unread: dict[str, str] = {}

    def skip(rule: str, error: Exception) -> None:
        if not isinstance(error, Unread):
            raise error
        unread.update(error.reasons)

    findings = engine.check(survey, RULE_NAMES, date.min, skip)
    return Trial(text, layout, survey, findings, unread)
