"""YAML 1.2 with the line and column of every node: of layouts, and of the files of other programs."""

from structlint.document.composer import MOST_DEPTH, MOST_EXPANDED, parse
from structlint.document.foreign import parse_foreign
from structlint.document.nodes import MOST_DIGITS, Mapping, Node, Scalar, Sequence, value
from structlint.document.text import MOST_BYTES, refuse_conflict

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
