"""Folds siblings with equal contents into one placeholder and a list of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

from structlint.text.cases import words
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode

_PLAIN = re.compile(r"[^.\\<>*|^?/][^\\<>*|^?/]*/")
_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)")
_PATTERN = re.compile(r"(?<!\\)[*<]|\s[|^]\s")

FoldedEntry = tuple[TextNode, Node]


def fold_siblings(layout: MapNode) -> MapNode:
    """A layout in which directories with identical contents are one entry `<noun>/`.

    `names` lists their names and descriptions. The result is equivalent to `layout`.
    """
    tree = layout.get("tree")
    if not isinstance(tree, MapNode):
        return layout
    folder = _Folder(set(_PLACEHOLDER.findall("\n".join(_texts(layout)))), [])
    items = [
        (key, folder.directory(tree, ("unit",)) if key.text == "tree" else node) for key, node in layout.items
    ]
    names = layout.get("names")
    if folder.names:
        known = names.items if isinstance(names, MapNode) else ()
        items = [item for item in items if item[0].text != "names"]
        at = next(number for number, (key, _) in enumerate(items) if key.text == "tree")
        mapping = MapNode((*known, *folder.names), tree.line, tree.column)
        items.insert(at, (TextNode("names", False, tree.line, tree.column), mapping))
    return MapNode(tuple(items), layout.line, layout.column)


@dataclass
class _Folder:
    """The placeholders in use, and the `names` that folding creates."""

    taken: set[str]
    names: list[FoldedEntry]

    def directory(self, node: MapNode, above: tuple[str, ...]) -> MapNode:
        """A directory with its entries folded; `above` has the names of the directories above it."""
        groups: dict[object, list[FoldedEntry]] = {}
        for key, child in self.candidates(node):
            groups.setdefault(_shape(child), []).append((key, child))
        heads = {group[0][0]: group for group in groups.values() if len(group) > 1}
        gone = {key for group in heads.values() for key, _ in group[1:]}
        items: list[FoldedEntry] = []
        for key, child in node.items:
            if key in heads:
                key, child = self.fold(heads[key], above)
            elif key in gone:
                continue
            if isinstance(child, MapNode) and key.text.endswith("/"):
                child = self.directory(child, (*above, key.text.strip("/")))
            items.append((key, child))
        return node._replace(items=tuple(items))

    def candidates(self, node: MapNode) -> Iterator[FoldedEntry]:
        """The directories that can be folded: plain names and contents, and no competing pattern."""
        if any(key.text.endswith(("/", "/?")) and _PATTERN.search(key.text) for key, _ in node.items):
            return
        for key, child in node.items:
            holds = isinstance(child, MapNode) and any(inner.text != "." for inner, _ in child.items)
            if holds and _PLAIN.fullmatch(key.text):
                yield key, child

    def fold(self, group: list[FoldedEntry], above: tuple[str, ...]) -> FoldedEntry:
        """One entry that replaces several."""
        noun = self.noun(above)
        first, node = group[0]
        sentences = [_sentence(child) for _, child in group]
        values = [key._replace(text=key.text.rstrip("/")) for key, _ in group]
        listed: Node = ListNode(tuple(values), first.line, first.column)
        if any(sentences):
            descriptions = tuple(
                zip(values, (sentence or _nothing(first) for sentence in sentences), strict=True)
            )
            inner = TextNode("values", False, first.line, first.column)
            listed = MapNode(
                ((inner, MapNode(descriptions, first.line, first.column)),), first.line, first.column
            )
        self.names.append((first._replace(text=noun), listed))
        return first._replace(text=f"<{noun}>/"), _without_description(node)

    def noun(self, above: tuple[str, ...]) -> str:
        """An unused placeholder for the entries of a directory."""
        known = [singular for singular in (_singular(name) for name in reversed(above)) if singular]
        noun = known[0]
        if noun in self.taken and len(known) > 2:  # the last one is for the root
            noun = f"{known[1]}-{noun}"
        candidates = chain([noun], (f"{noun}-{number}" for number in count(2)))
        name = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(name)
        return name


def _singular(name: str) -> str:
    """The singular of a name: `service` for `services`, `library` for `libraries`; else ""."""
    slug = "-".join(words(name)) if name.isascii() else ""
    if not re.match("[a-z]", slug) or name.startswith(("@", "<")):
        return ""
    if slug.endswith("ies"):
        return f"{slug[:-3]}y"
    return slug[:-1] if slug.endswith("s") and not slug.endswith(("ss", "us", "is")) else slug


def _shape(node: Node) -> object:
    """A node without places and without its own description, for comparison."""
    if isinstance(node, MapNode):
        return tuple((key.text, _bare(child)) for key, child in _without_description(node).items)
    return _bare(node)


def _bare(node: Node) -> object:
    if isinstance(node, MapNode):
        return tuple((key.text, _bare(child)) for key, child in node.items)
    if isinstance(node, ListNode):
        return tuple(_bare(child) for child in node.items)
    return (node.text, node.plain)


def _sentence(node: Node) -> TextNode | None:
    """The description of a directory under its `.`."""
    about = node.get(".") if isinstance(node, MapNode) else None
    about = about.get("about") if isinstance(about, MapNode) else about
    return about if isinstance(about, TextNode) and about.text else None


def _without_description(node: Node) -> MapNode:
    """A directory without the description under its `.`."""
    assert isinstance(node, MapNode)
    items: list[FoldedEntry] = []
    for key, child in node.items:
        if key.text == "." and isinstance(child, MapNode):
            settings = tuple((name, setting) for name, setting in child.items if name.text != "about")
            items += [(key, child._replace(items=settings))] * bool(settings)
        elif key.text != ".":
            items.append((key, child))
    return node._replace(items=tuple(items))


def _nothing(at: TextNode) -> TextNode:
    return TextNode("", True, at.line, at.column)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, TextNode):
        yield node.text
    for key, child in node.items if isinstance(node, MapNode) else ():
        yield key.text
        yield from _texts(child)
    for child in node.items if isinstance(node, ListNode) else ():
        yield from _texts(child)
