"""YAML 1.2 with the line and column of every node: of layouts, and of the files of other programs."""

from structlint.yaml_nodes.composer import MOST_DEPTH, MOST_EXPANDED, parse
from structlint.yaml_nodes.nodes import MOST_DIGITS, Mapping, Node, Scalar, Sequence, value
from structlint.yaml_nodes.source import MOST_BYTES, refuse_conflict
from structlint.yaml_nodes.streams import parse_foreign

__all__ = [
    "MOST_BYTES",
    "MOST_DEPTH",
    "MOST_DIGITS",
    "MOST_EXPANDED",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "parse",
    "parse_foreign",
    "refuse_conflict",
    "value",
]
