"""Confirms imports in JavaScript and TypeScript files with a parser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed
from structlint.imports.syntax import nodes_at, parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_TEXTS = ("string", "template_string")
_STATEMENTS = ("import_statement", "export_statement", "import_require_clause")
_NO_CODE = {"comment", "html_comment", "regex", "jsx_text", *_TEXTS}
_TYPES = {
    "type_annotation",
    "type_alias_declaration",
    "type_query",
    "type_arguments",
    "interface_declaration",
    "extends_type_clause",
    "implements_clause",
    "as_expression",
    "satisfies_expression",
}


def javascript_imports(path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
    """The positions of strings that name an imported module."""
    tree = parsed(_grammar(path), data, places)
    if tree is None:
        return None
    confirmed = {}
    for at in places:
        nodes = nodes_at(tree, at)
        number = next((i for i, node in enumerate(nodes) if node.type in _TEXTS and node.start_byte == at), 0)
        unsure = tree.root_node.has_error and _may_be_import(nodes[:number] if number else nodes)
        if not (unsure or _is_import(nodes[: number + 1])):
            continue
        statement = next((node for node in nodes if node.type in _STATEMENTS), nodes[-1])
        confirmed[at] = Confirmed(statement.start_point.row + 1, _for_types(nodes))
    return confirmed


def _grammar(path: str) -> str:
    if path.endswith(".tsx"):
        return "tsx"
    return "typescript" if path.endswith((".ts", ".mts", ".cts")) else "javascript"


def _is_import(nodes: Sequence[Node]) -> bool:
    """Whether the last node is the module name of an import."""
    *_, call, above, _ = [None, None, *nodes] if len(nodes) > 1 else [None] * 3
    if above is None or above.type in _STATEMENTS:
        return above is not None
    if call is None or call.type != "call_expression" or above.type != "arguments":
        return False
    function = call.child_by_field_name("function")
    first = above.named_child(0)
    return bool(
        function
        and (function.type == "import" or function.text == b"require")
        and (first == nodes[-1] or (first and first.type == "comment"))
    )


def _may_be_import(around: Sequence[Node]) -> bool:
    """Whether a text in the form of an import may be one, in a file with a syntax error."""
    return _NO_CODE.isdisjoint(node.type for node in around)


def _for_types(nodes: Sequence[Node]) -> bool:
    """Whether an import is for type checking only: `import type`, or `import()` in a type."""
    statement = next((node for node in nodes if node.type in _STATEMENTS), None)
    if statement is None:
        return not _TYPES.isdisjoint(node.type for node in nodes) and not any(
            node.type in ("arrow_function", "function_expression") for node in nodes
        )
    if any(child.type in ("type", "typeof") for child in statement.children):
        return True
    clause = next((child for child in statement.children if child.type == "import_clause"), None)
    parts = clause.named_children if clause else []
    if len(parts) != 1 or parts[0].type != "named_imports":
        return False
    names = [child for child in parts[0].named_children if child.type == "import_specifier"]
    return bool(names) and all(any(part.type == "type" for part in name.children) for name in names)
