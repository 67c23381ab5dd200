"""A learned layout as YAML nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from structlint.suggest.draft import Draft, LearnedEntry
from structlint.suggest.pruning import collapses
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode


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

    def several(values: Iterable[str]) -> Node:
        listed = [text(value) for value in values]
        return listed[0] if len(listed) == 1 else ListNode(tuple(listed), next(lines), 1)

    def entry(node: LearnedEntry, before: str = "") -> tuple[TextNode, Node]:
        if collapses(node):
            return entry(next(iter(node.children.values())), before + node.key)
        written = text(before + node.key + "?" * node.optional)
        pairs.append((written, node))
        if node.forbidden:
            return written, plain("false")
        if node.children or (node.directory and settings_of(node)):
            return written, inside(node)
        settings = [(text(name), text(value)) for name, value in settings_of(node).items()]
        return written, mapping(settings) if settings else plain("")

    def inside(node: LearnedEntry) -> MapNode:
        settings = [(text(name), text(value)) for name, value in settings_of(node).items()]
        itself = [(text("."), mapping(settings))] if settings else []
        return mapping([*itself, *map(entry, _in_order(node))])

    def names() -> Iterator[tuple[TextNode, Node]]:
        for noun, law in draft.names.items():
            if law.pattern:
                yield (
                    text(noun),
                    mapping([(text("case"), text(law.text)), (text("pattern"), text(law.pattern))]),
                )
            else:
                yield text(noun), text(law.text) if law.text else mapping([(text("case"), plain("false"))])

    def ignored() -> Iterator[Node]:
        for each in draft.accepted:
            fields = {"rule": each.rule, "path": each.path, "why": each.why}
            yield mapping((text(name), text(value)) for name, value in fields.items())

    def imports() -> Iterator[tuple[TextNode, Node]]:
        if draft.layers:
            yield text("layers"), ListNode(tuple(map(text, draft.layers)), next(lines), 1)
        if draft.apart:
            why = "none of them imports another"
            yield (
                text("apart"),
                mapping((text(key), mapping([(text("why"), text(why))])) for key in draft.apart),
            )

    def parts() -> Iterator[tuple[str, Node]]:
        if draft.extends:
            yield "extends", several(draft.extends)
        if draft.names:
            yield "names", mapping(names())
        if draft.root.children:
            yield "tree", inside(draft.root)
        if draft.belongs:
            yield (
                "belongs",
                mapping(
                    (text(key), several(each) if each else plain("")) for key, each in draft.belongs.items()
                ),
            )
        if draft.layers or draft.apart:
            yield "imports", mapping(imports())
        if draft.accepted:
            yield "ignore", ListNode(tuple(ignored()), next(lines), 1)

    return mapping((text(name), node) for name, node in parts()), pairs


def settings_of(node: LearnedEntry) -> dict[str, str]:
    """What an entry says of itself."""
    settings = {"level": "recommended" * node.recommended, "needs": node.needs, "unlisted": node.unlisted}
    return {name: value for name, value in settings.items() if value}


def _in_order(node: LearnedEntry) -> list[LearnedEntry]:
    """Files first, then directories; entries whose names other places define last."""

    def turn(child: LearnedEntry) -> tuple[bool, bool, bool, bool, str]:
        nodes = list(child.walk())
        late = any(each.late for each in nodes) and not any(each.noun and not each.late for each in nodes)
        return (
            late,
            child.directory,
            child.key == "*/" or child.forbidden,
            child.optional,
            child.key.lower(),
        )

    return sorted(node.children.values(), key=turn)


def named_remarks(layout: MapNode, draft: Draft) -> Iterator[tuple[TextNode, str]]:
    """Remarks on the cases of names that some names do not follow."""
    names = layout.get("names")
    for scalar, _ in names.items if isinstance(names, MapNode) else ():
        law = draft.names[scalar.text]
        if law.have < law.of:
            yield scalar, f"{law.have} of {law.of}"
