"""A learned layout as YAML nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from structlint.suggest.draft import Draft, Law, LearnedEntry
from structlint.suggest.pruning import collapses
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode


def nodes_of(draft: Draft) -> tuple[MapNode, list[tuple[TextNode, LearnedEntry]]]:
    """The layout as nodes, with each text on its own line, and the keys of the tree with their entries.

    The key of an entry comes before the keys of its settings.
    """
    builder = _Builder()
    return builder.layout(draft), builder.keys


class _Builder:
    """Builds the nodes of one layout. `keys` are the keys of its tree with their entries."""

    def __init__(self) -> None:
        self.keys: list[tuple[TextNode, LearnedEntry]] = []
        self._lines = count(1)

    def layout(self, draft: Draft) -> MapNode:
        return self.mapping((self.text(name), node) for name, node in self.parts(draft))

    def parts(self, draft: Draft) -> Iterator[tuple[str, Node]]:
        """The keys of the layout that have a value."""
        if draft.extends:
            yield "extends", self.one_or_several(draft.extends)
        if draft.names:
            yield "names", self.mapping((self.text(noun), self.law(law)) for noun, law in draft.names.items())
        if draft.root.children:
            yield "tree", self.contents(draft.root)
        if draft.belongs:
            homes = draft.belongs.items()
            yield (
                "belongs",
                self.mapping((self.text(form), self.one_or_several(home)) for form, home in homes),
            )
        if draft.forbid:
            reasons = ((self.text(key), self.text(why, plain=not why)) for key, why in draft.forbid.items())
            yield "forbid", self.mapping(reasons)
        if imports := list(self.imports(draft)):
            yield "imports", self.mapping(imports)
        if draft.accepted:
            fields = (
                {"rule": accepted.rule, "path": accepted.path, "why": accepted.why}
                for accepted in draft.accepted
            )
            yield "ignore", ListNode(tuple(map(self.texts, fields)), next(self._lines), 1)

    def text(self, text: str, *, plain: bool = False) -> TextNode:
        return TextNode(text, plain, next(self._lines), 1)

    def mapping(self, items: Iterable[tuple[TextNode, Node]]) -> MapNode:
        return MapNode(tuple(items), next(self._lines), 1)

    def texts(self, items: dict[str, str]) -> MapNode:
        return self.mapping((self.text(name), self.text(value)) for name, value in items.items())

    def one_or_several(self, values: Iterable[str]) -> Node:
        listed = [self.text(value) for value in values]
        if not listed:
            return self.text("", plain=True)
        return listed[0] if len(listed) == 1 else ListNode(tuple(listed), next(self._lines), 1)

    def law(self, law: Law) -> Node:
        if law.pattern:
            texts = {"case": law.text, "pattern": law.pattern}
            flags = {"unique": law.unique, "consecutive": law.consecutive}
            items = [(self.text(key), self.text(text)) for key, text in texts.items() if text]
            items += [
                (self.text(key), self.text("true", plain=True)) for key, is_set in flags.items() if is_set
            ]
            return self.mapping(items)
        return (
            self.text(law.text)
            if law.text
            else self.mapping([(self.text("case"), self.text("false", plain=True))])
        )

    def imports(self, draft: Draft) -> Iterator[tuple[TextNode, Node]]:
        if draft.layers:
            yield self.text("layers"), ListNode(tuple(map(self.text, draft.layers)), next(self._lines), 1)
        apart: list[tuple[TextNode, Node]] = [
            (self.text(key), self.texts({"why": "none of them imports another"})) for key in draft.apart
        ]
        apart += self.taken_back(draft.allowed_apart)
        if apart:
            yield self.text("apart"), self.mapping(apart)
        never = [
            (self.text(used), self.texts({user: "none of them imports these"}))
            for user, used in draft.directions
        ]
        never += [
            (self.text(side), self.mapping(self.taken_back(targets)))
            for side, targets in draft.allowed_imports.items()
        ]
        if never:
            yield self.text("never"), self.mapping(never)

    def taken_back(self, keys: Iterable[str]) -> list[tuple[TextNode, Node]]:
        return [(self.text(key), self.text("false", plain=True)) for key in keys]

    def entry(self, node: LearnedEntry, before: str = "") -> tuple[TextNode, Node]:
        """An entry of the tree, or the path to its only child."""
        if collapses(node):
            return self.entry(next(iter(node.children.values())), before + node.key)
        written = self.text(before + node.key + "?" * node.optional)
        self.keys.append((written, node))
        if node.forbidden:
            return written, self.text("false", plain=True)
        if node.children or (node.directory and settings_of(node)):
            return written, self.contents(node)
        settings = settings_of(node)
        return written, self.texts(settings) if settings else self.text("", plain=True)

    def contents(self, node: LearnedEntry) -> MapNode:
        itself: list[tuple[TextNode, Node]] = []
        if settings := settings_of(node):
            dot = self.text(".")
            values = self.texts(settings)
            self.keys += [(key, node) for key in (dot, *(key for key, _ in values.items))]
            itself.append((dot, values))
        return self.mapping([*itself, *map(self.entry, _in_order(node))])


def settings_of(node: LearnedEntry) -> dict[str, str]:
    """The settings of an entry."""
    settings = {
        "about": node.about,
        "level": "recommended" * node.recommended,
        "if": node.condition,
        "holds": node.holds,
        "needs": node.needs,
        "without": node.without,
        "unlisted": node.unlisted,
    }
    return {name: value for name, value in settings.items() if value}


def _in_order(node: LearnedEntry) -> list[LearnedEntry]:
    """Files first, then directories; entries whose names other places define last."""

    def turn(child: LearnedEntry) -> tuple[bool, bool, int, bool, str]:
        nodes = list(child.walk())
        late = any(entry.late for entry in nodes) and not any(
            entry.noun and not entry.late for entry in nodes
        )
        last = 2 if child.key == "*/" or child.forbidden else int(bool(child.holds))
        return late, child.directory, last, child.optional, child.key.lower()

    return sorted(node.children.values(), key=turn)


def named_remarks(layout: MapNode, draft: Draft) -> Iterator[tuple[TextNode, str]]:
    """Remarks on the cases of names that some names do not follow, and on the layers of imports."""
    names, imports = layout.get("names"), layout.get("imports")
    for scalar, _ in names.items if isinstance(names, MapNode) else ():
        law = draft.names[scalar.text]
        if law.have < law.of:
            yield scalar, f"{law.have} of {law.of}"
    for scalar, _ in imports.items if isinstance(imports, MapNode) else ():
        if scalar.text == "layers":
            yield scalar, draft.imports_remark
