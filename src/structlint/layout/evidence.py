"""Reads the key `evidence`, which determines whether a layout fits a repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from structlint.layout.key_text import BadKey, read_paths
from structlint.layout.model import ENOUGH, Evidence
from structlint.layout.parse_settings import map_items, text_in, texts_in
from structlint.text.quoting import shortened
from structlint.yaml_nodes import ListNode, MapNode, value

if TYPE_CHECKING:
    from structlint.layout.parse_settings import SettingsReader
    from structlint.yaml_nodes import Node


def read_evidence(reader: SettingsReader, node: Node) -> Iterator[Evidence]:
    """The evidence in a node that matches the schema. An invalid path is a problem for the reader."""
    for key, shown in map_items(node):
        try:
            paths = read_paths(key.text)
        except BadKey as error:
            reader.wrong(key, f"{shortened(key.text)}: {error}")
            continue
        items = shown.items if isinstance(shown, ListNode) else [shown]
        yield from (_weighed(Evidence(paths), item) for item in items)


def _weighed(evidence: Evidence, node: Node) -> Evidence:
    if not isinstance(node, MapNode):
        return evidence._replace(about=text_in(node))
    settings = {key.text: inside for key, inside in node.items}
    return Evidence(
        evidence.paths,
        about=text_in(settings.get("about")),
        mentions=tuple(text.text for text in texts_in(settings.get("mentions"))),
        least=_number(settings.get("count"), 1),
        weight=_number(settings.get("weight"), ENOUGH),
    )


def _number(node: Node | None, default: int) -> int:
    # The schema accepts a number such as 2.0 as an integer.
    return int(cast(float, value(node))) if node else default
