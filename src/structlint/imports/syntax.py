"""Confirms imports in source files with a parser."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Sized
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed, one_line_ending

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

_STATEMENTS = ("import_statement", "import_from_statement", "future_import_statement")
_MOST_BYTES = 1 << 18
_MOST_PLACES = 2_000
_MOST_OPEN = 1_000  # unclosed brackets and comments, each of which makes the parser try many alternatives
_OPEN = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"<", b">"), (b"/*", b"*/"))
_MOST_TOKENS = ((b"<", 10_000), (b"/*", 4_000), (b"\\\n", 1_000), (b"\\\r", 1_000))
_TYPE_CHECKING = re.compile(rb"(?:\w+\s*\.\s*)?TYPE_CHECKING")


@cache
def parser(language: str) -> Parser:
    """The parser of a language: `python`, `javascript`, `typescript` or `tsx`."""
    from tree_sitter import Language, Parser

    if language == "python":
        import tree_sitter_python

        grammar = tree_sitter_python.language()
    elif language == "javascript":
        import tree_sitter_javascript

        grammar = tree_sitter_javascript.language()
    else:
        import tree_sitter_typescript

        grammar = getattr(tree_sitter_typescript, f"language_{language}")()
    return Parser(Language(grammar))


def parsed(language: str, data: bytes, places: Sized) -> Tree | None:
    """The syntax tree of a text; None if parsing would take much longer than for source code."""
    if len(data) > _MOST_BYTES or len(places) > _MOST_PLACES:
        return None
    if any(data.count(begin) - data.count(end) > _MOST_OPEN for begin, end in _OPEN):
        return None
    if any(data.count(token) > most for token, most in _MOST_TOKENS):
        return None
    return parser(language).parse(data)


def nodes_at(tree: Tree, at: int) -> list[Node]:
    """The nodes that contain a byte, the outermost first."""
    cursor = tree.walk()
    nodes = []
    while (node := cursor.node) is not None and node.start_byte <= at < node.end_byte:
        nodes.append(node)
        if cursor.goto_first_child_for_byte(at) is None:
            break
    return nodes


def python_imports(data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
    """The positions of `import` in a Python file that are statements."""
    data = one_line_ending(data)
    tree = parsed("python", data, places)
    if tree is None:
        return None
    confirmed = {}
    for at in places:
        nodes = nodes_at(tree, at)
        kinds = [node.type for node in nodes]
        if "string" in kinds or "comment" in kinds:
            continue
        number = next((i for i, kind in enumerate(kinds) if kind in _STATEMENTS), None)
        if number is None and "ERROR" not in kinds:
            continue
        statement = nodes[-1 if number is None else number]
        confirmed[at] = Confirmed(statement.start_point.row + 1, _for_types(nodes))
    return confirmed


def _for_types(nodes: list[Node]) -> bool:
    """Whether a statement is in the body of an `if TYPE_CHECKING`."""
    for node, inside in pairwise(nodes):
        if node.type == "if_statement" and inside.type == "block":
            condition, block = (node.child_by_field_name(name) for name in ("condition", "consequence"))
            if condition and block == inside and _TYPE_CHECKING.fullmatch(condition.text or b""):
                return True
    return False
