"""The paths without wildcards that a document requires."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structlint.markdown.outline import is_plain
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode, Node, TextNode

_OF_EITHER_KIND = re.compile(r"(.+)/ \| \1$")  # a name that may be a file's or a directory's


class Drawn(Record):
    """A path without wildcards that a document draws, and its line."""

    path: str
    line: int


def plain_paths(tree: MapNode, above: str = "") -> Iterator[Drawn]:
    """The paths that a tree requires by names without wildcards, and their lines."""
    for key, node in tree.items:
        name = name_in(key)
        if name == "." or _may_be_absent(name, node) or not is_plain(_OF_EITHER_KIND.sub(r"\1", key.text)):
            continue
        path = above + name
        yield Drawn(path, key.line)
        if path.endswith("/") and isinstance(node, MapNode):
            yield from plain_paths(node, path)


def _may_be_absent(name: str, node: Node) -> bool:
    """Whether a drawn path is optional, or is a directory of which all drawn contents are."""
    inside = [item for item in node.items if item[0].text != "."] if isinstance(node, MapNode) else []
    return name.endswith("?") or (
        bool(inside) and all(_may_be_absent(name_in(key), under) for key, under in inside)
    )


def name_in(key: TextNode) -> str:
    """The name in a key of a drawn tree, with a slash if it is certainly a directory."""
    return _OF_EITHER_KIND.sub(r"\1", key.text).replace("\\", "")
