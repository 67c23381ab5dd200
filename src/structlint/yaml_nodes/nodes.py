"""The nodes of a YAML text, and their values by YAML 1.2."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TypeAlias

from structlint.text.records import Record

MOST_DIGITS = 100  # of a number; Python neither reads nor prints one of some thousands


class TextNode(Record):
    """A scalar as text, even if it is a number. `plain`: without quotes and not in block style."""

    text: str
    plain: bool
    line: int
    column: int
    tag: str = ""


class ListNode(Record):
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int
    tag: str = ""


class _MapNode(Record):
    items: tuple[tuple[TextNode, Node], ...]
    line: int
    column: int
    tag: str = ""


class MapNode(_MapNode):
    """A mapping: unique keys with their values, in the order of the text."""

    def get(self, key: str) -> Node | None:
        """The value at `key`, `None` if there is no such key."""
        return self._entries[key][1] if key in self._entries else None

    def key(self, text: str) -> TextNode | None:
        """The node of this key, `None` if there is no such key."""
        return self._entries[text][0] if text in self._entries else None

    @cached_property
    def _entries(self) -> dict[str, tuple[TextNode, Node]]:
        return {key.text: (key, node) for key, node in self.items}


Node: TypeAlias = "TextNode | ListNode | MapNode"


# The core schema of YAML 1.2, https://yaml.org/spec/1.2.2/#103-core-schema
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+"
_FRACTION = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
NUMBER = f"{_WHOLE}|{_FRACTION}"
_BEYOND = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"


def value(node: Node) -> object:
    """A node of `parse` as plain data: dict, list, str, int, float, bool or None. Keys are always str."""
    if isinstance(node, MapNode):
        return {key.text: value(child) for key, child in node.items}
    if isinstance(node, ListNode):
        return [value(child) for child in node.items]
    return _plain_value(node.text) if node.plain else node.text


def _plain_value(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > MOST_DIGITS:
        return text  # no number
    if re.fullmatch(_WHOLE, text):
        return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
    if re.fullmatch(_FRACTION, text):
        return float(text)
    return float(text.replace(".", "")) if re.fullmatch(_BEYOND, text) else text
