"""Reads JSON, with the comments that some tools allow, as nodes with line numbers."""

from __future__ import annotations

import re

from structlint.errors import LayoutError
from structlint.yaml_nodes import Node, parse_foreign

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])')
_ESCAPE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
_HALF = len(r"\ud83d")  # JSON can escape a character as a surrogate pair; YAML cannot


def read_json(text: str, path: str) -> Node | None:
    """The node of a JSON text, which may contain comments; None if it is not valid JSON."""
    bare = _COMMENT.sub(_without_comment, text)
    bare = _TRAILING_COMMA.sub(lambda match: match[1] or "", bare)
    try:
        nodes = parse_foreign(bare.encode("utf-8", "replace"), path)
    except LayoutError:
        return None
    return nodes[0] if nodes else None


def _without_comment(match: re.Match[str]) -> str:
    """A string in YAML's notation, or blanks in place of a comment or a tab."""
    if match[1]:
        return _ESCAPE.sub(lambda escape: "?" if len(escape[0]) == _HALF else escape[0], match[1])
    return " " + "\n" * match[0].count("\n")
