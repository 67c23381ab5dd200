"""Adapts the tree of a document to its repository, for a layout made from the document."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from structlint.markdown.outline import is_plain, steps_of
from structlint.yaml_nodes import MapNode, Node, TextNode


def drawn_paths(tree: MapNode, above: str = "") -> Iterator[str]:
    """The paths that a tree lists by plain names, optional ones too; a directory ends in "/"."""
    for key, node in tree.items:
        if _is_plain_name(key):
            path = above + _name(key)
            yield path
            if path.endswith("/") and isinstance(node, MapNode):
                yield from drawn_paths(node, path)


def optional_where(tree: MapNode, ignored: Collection[str], above: str = "") -> MapNode:
    """A tree in which paths that git ignores here are optional and have no contents."""
    items: list[tuple[TextNode, Node]] = []
    for key, node in tree.items:
        path = above + _name(key)
        if _is_plain_name(key) and path in ignored:
            key = key._replace(text=f"{key.text.removesuffix('?')}?")
            node = TextNode(_about(node), False, node.line, node.column)
        elif _is_plain_name(key) and path.endswith("/") and isinstance(node, MapNode):
            node = optional_where(node, ignored, path)
        items.append((key, node))
    return tree._replace(items=tuple(items))


def with_document(tree: MapNode, name: str) -> MapNode:
    """A tree that allows the document itself in its root, if the tree does not list it."""
    if any(key.text.removesuffix("?").replace("\\", "") == name for key, _ in tree.items):
        return tree
    key = TextNode(f"{name}?", False, tree.line, tree.column)
    about = TextNode("The source of this layout", False, tree.line, tree.column)
    return tree._replace(items=(*tree.items, (key, about)))


def _about(node: Node) -> str:
    """The description of a directory."""
    about = node.get(".") if isinstance(node, MapNode) else node
    about = about.get("about") if isinstance(about, MapNode) else about
    return about.text if isinstance(about, TextNode) else ""


def _name(key: TextNode) -> str:
    return key.text.removesuffix("?").replace("\\", "")


def _is_plain_name(key: TextNode) -> bool:
    return key.text != "." and is_plain(key.text) and len(steps_of(key.text.removesuffix("?"))) == 1
