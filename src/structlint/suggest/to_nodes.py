"""A learned layout as YAML nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from structlint.suggest.draft import Draft, LearnedEntry
from structlint.suggest.pruning import collapses
from structlint.yaml_nodes import MapNode, Node, TextNode


def nodes_of(draft: Draft) -> tuple[MapNode, list[tuple[TextNode, LearnedEntry]]]:
    """The layout as nodes, each text on a line of its own, and the keys of the tree with their entries."""
    lines = count(1)
    pairs: list[tuple[TextNode, LearnedEntry]] = []

    def text(said: str) -> TextNode:
        return TextNode(said, False, next(lines), 1)

    def plain(said: str) -> TextNode:
        return TextNode(said, True, next(lines), 1)

    def mapping(items: Iterable[tuple[TextNode, Node]]) -> MapNode:
        return MapNode(tuple(items), next(lines), 1)

    def entry(node: LearnedEntry, before: str = "") -> tuple[TextNode, Node]:
        if collapses(node):
            return entry(next(iter(node.children.values())), before + node.key)
        written = text(before + node.key + "?" * node.optional)
        pairs.append((written, node))
        return written, inside(node) if node.children or node.unlisted else plain("")

    def inside(node: LearnedEntry) -> MapNode:
        itself = [(text("."), mapping([(text("unlisted"), text(node.unlisted))]))] if node.unlisted else []
        return mapping([*itself, *map(entry, _in_order(node))])

    items: list[tuple[TextNode, Node]] = [(text("extends"), text("base"))]
    if draft.names:
        names = [(text(noun), text(law.text)) for noun, law in draft.names.items()]
        items.append((text("names"), mapping(names)))
    items.append((text("tree"), inside(draft.root)))
    if draft.limits:
        limits = [(text(name), plain(str(number))) for name, number in draft.limits.items()]
        items.append((text("limits"), mapping(limits)))
    return mapping(items), pairs


def _in_order(node: LearnedEntry) -> list[LearnedEntry]:
    """Files first, then directories; entries whose names other places define last."""

    def turn(child: LearnedEntry) -> tuple[bool, bool, bool, bool, str]:
        nodes = list(child.walk())
        late = any(each.late for each in nodes) and not any(each.noun and not each.late for each in nodes)
        return late, child.directory, child.key == "*/", child.optional, child.key.lower()

    return sorted(node.children.values(), key=turn)


def named_remarks(layout: MapNode, draft: Draft) -> Iterator[tuple[TextNode, str]]:
    """Remarks on the cases of names that some names do not follow."""
    names = layout.get("names")
    for scalar, _ in names.items if isinstance(names, MapNode) else ():
        law = draft.names[scalar.text]
        if law.have < law.of:
            yield scalar, f"{law.have} of {law.of}"
