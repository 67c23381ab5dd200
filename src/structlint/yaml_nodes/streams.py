"""YAML that other programs read, such as compose files and manifests: many documents, tags, merge keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from structlint.errors import LayoutError, NotRead, Problem
from structlint.yaml_nodes.composer import Composer, is_merge, start, with_either_parser
from structlint.yaml_nodes.nodes import ListNode, MapNode, Node, TextNode
from structlint.yaml_nodes.source import MOST_YAML_BYTES, SourceText, decode_text

if TYPE_CHECKING:
    import yaml

    from structlint.yaml_nodes.source import At

_STR = "tag:yaml.org,2002:str"


def parse_foreign(data: bytes, file: str) -> tuple[Node, ...]:
    """The YAML documents in `data`, which is UTF-8; `file` is its name in messages.

    Allows what `parse` does not: nodes have tags, merge keys (`<<`) are resolved as in YAML 1.1, keys may be
    aliases or have an anchor or a tag, and a text may have any character. Raises `LayoutError` with the
    places of all errors.
    """
    if len(data) > MOST_YAML_BYTES:
        raise NotRead([Problem(file, 1, 1, f"larger than {MOST_YAML_BYTES >> 20} MiB")])
    source = SourceText(file, decode_text(data, file))
    return with_either_parser(lambda fast: _Foreign(source, fast).documents())


class _Foreign(Composer):
    """Builds the nodes of all documents of a text."""

    def documents(self) -> tuple[Node, ...]:
        nodes = tuple(self.composed())
        if self.problems:
            raise LayoutError(self.problems)
        return nodes

    def composed(self) -> Iterator[Node]:
        import yaml

        self.next()  # the start of the stream
        while not isinstance(self.next(), yaml.StreamEndEvent):
            self.anchors = {}
            yield self.node(self.next(), 1)
            self.next()  # the end of the document

    def tag(self, tag: str, at: At) -> str:
        return tag

    def scalar(self, event: yaml.ScalarEvent, is_key: bool = False) -> TextNode:
        at = self.at(event)
        self.last = TextNode(event.value.replace(self.mark, "?"), not event.style and event.tag != _STR, *at)
        return self.last

    def key(self, event: yaml.Event) -> TextNode:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            return self.alias_as_key(event)
        if not isinstance(event, yaml.ScalarEvent) or not (event.value or event.style):
            return super().key(event)
        key = self.scalar(event, is_key=True)
        if event.anchor is not None:
            self.anchors[event.anchor] = key
        return key

    def alias_as_key(self, event: yaml.AliasEvent) -> TextNode:
        at = start(event)
        node = self.alias(event.anchor, at, 1)
        if not isinstance(node, TextNode):
            raise self.stop(at, f"a key must be text; `*{event.anchor}` is not")
        return node._replace(line=at[0], column=at[1])

    def merged(self, entries: Iterable[tuple[TextNode, Node]]) -> Iterable[tuple[TextNode, Node]]:
        written = list(entries)
        own = {key.text: (key, node) for key, node in written if not is_merge(key)}
        brought: dict[str, tuple[TextNode, Node]] = {}
        for key, node in written:
            if is_merge(key):
                for more in node.items if isinstance(node, ListNode) else (node,):
                    if isinstance(more, MapNode):
                        # What is written out counts, and of mappings the earlier one.
                        brought = {key.text: (key, inside) for key, inside in more.items} | brought
                    else:
                        self.wrong((key.line, key.column), "`<<` takes a mapping, or a list of mappings")
        for name, (_, node) in list(own.items()):
            if node.tag == "!reset" and name in brought:
                # Compose takes a `!reset` away before it merges, so that the merged value counts. What
                # earlier files have is gone all the same, as with `!override`.
                key, merged = brought[name]
                own[name] = key, merged._replace(tag=merged.tag or "!override")
        return (brought | own).values()
