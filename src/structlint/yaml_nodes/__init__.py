"""YAML 1.2 with the line and column of every node: of layouts, and of the files of other programs."""

from structlint.yaml_nodes.composer import MOST_DEPTH, MOST_EXPANDED, parse
from structlint.yaml_nodes.nodes import MOST_DIGITS, ListNode, MapNode, Node, TextNode, value
from structlint.yaml_nodes.source import MOST_YAML_BYTES, refuse_conflict
from structlint.yaml_nodes.streams import parse_foreign

__all__ = [
    "MOST_DEPTH",
    "MOST_DIGITS",
    "MOST_EXPANDED",
    "MOST_YAML_BYTES",
    "ListNode",
    "MapNode",
    "Node",
    "TextNode",
    "parse",
    "parse_foreign",
    "refuse_conflict",
    "value",
]
