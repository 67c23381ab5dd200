"""The paths without wildcards that a document requires."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structlint.markdown.outline import alternatives_of, is_plain
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


def paths_in_alternatives(tree: Node | None, above: str = "") -> Iterator[str]:
    """The paths that a tree requires in each of several directories of which one exists: `core or lib/`."""
    for key, node in tree.items if isinstance(tree, MapNode) else ():
        names = alternatives_of(_OF_EITHER_KIND.sub(r"\1", key.text))
        if _may_be_absent(name_in(key), node) or not (
            isinstance(node, MapNode) and all(map(is_plain, names))
        ):
            continue
        for name in names:
            path = above + name.replace("\\", "")
            if len(names) > 1:
                yield from (drawn.path for drawn in plain_paths(node, path))
            yield from paths_in_alternatives(node, path)


def _may_be_absent(name: str, node: Node) -> bool:
    """Whether a drawn path is optional, or is a directory of which all drawn contents are."""
    inside = [item for item in node.items if item[0].text != "."] if isinstance(node, MapNode) else []
    return name.endswith("?") or (
        bool(inside) and all(_may_be_absent(name_in(key), under) for key, under in inside)
    )


def name_in(key: TextNode) -> str:
    """The name in a key of a drawn tree, with a slash if it is certainly a directory."""
    return _OF_EITHER_KIND.sub(r"\1", key.text).replace("\\", "")
