"""Reads simple YAML without PyYAML, whose import takes as long as all the rest of a small check.

Most layouts consist of mappings, lists, short texts on one line, and comments. For everything else, such as
anchors, escapes, texts over several lines and errors, `simple_nodes` returns None, and PyYAML reads the text.
`tests/test_simple_yaml.py` checks that both agree.
"""

from __future__ import annotations

import re

from structlint.text.records import Record
from structlint.yaml_nodes.nodes import MOST_DIGITS, ListNode, MapNode, Node, TextNode

_MOST_CHARACTERS = 1_000  # of a line
_MOST_DEPTH = 30
_REST = r"[A-Za-z0-9_./<>*+=@()^|?$~-]*"
_TEXT = rf"""([A-Za-z0-9_./<]{_REST}(?: [A-Za-z0-9_./<(|^+-]{_REST})*)|"([^"\\]*)"|'([^']*)'"""
_TOKEN = re.compile(rf" *(?:([][{{}},])|(?:{_TEXT})(:(?: +|$))?)")


class _NotSimple(Exception):
    pass


class _Line(Record):
    number: int
    indent: int
    key: TextNode | None  # None in a list
    value: str
    column: int  # of the value, from 0


def simple_nodes(text: str) -> Node | None:
    """The node of a simple text; None for any other text."""
    if not text.isascii() or "\r" in text or "\t" in text:
        return None
    try:
        lines = _Lines(text)
        root = lines.block(0, 1)
        return root if not lines.waiting else None
    except _NotSimple:
        return None


class _Lines:
    """The lines of a text that are neither empty nor comments."""

    def __init__(self, text: str) -> None:
        lines = enumerate(text.split("\n"), 1)
        read = [_line(number, line) for number, line in lines if line.lstrip(" ")[:1] not in ("", "#")]
        self.waiting = read[::-1]

    def block(self, indent: int, depth: int) -> Node:
        """The mapping or the list that begins in the next line."""
        if not self.waiting or depth > _MOST_DEPTH:
            raise _NotSimple
        first = self.waiting[-1]
        is_list = first.key is None
        pairs: dict[str, tuple[TextNode, Node]] = {}
        items: list[Node] = []
        while self.waiting and (line := self.waiting[-1]).indent >= indent:
            if is_list and line.indent == indent and line.key is not None:
                break  # a key after a list that is indented like the key of the list
            if line.indent > indent or (line.key is None) is not is_list:
                raise _NotSimple
            self.waiting.pop()
            if line.key is None:
                items.append(self.value(line, depth))
            elif line.key.text in pairs:
                raise _NotSimple
            else:
                pairs[line.key.text] = line.key, self.value(line, depth)
        if is_list:
            return ListNode(tuple(items), first.number, indent + 1)
        return MapNode(tuple(pairs.values()), first.number, indent + 1)

    def value(self, line: _Line, depth: int) -> Node:
        """The value in a line or, if there is none, in the following ones."""
        if line.value:
            return _Flow(line).whole()
        if line.key is None:
            raise _NotSimple
        after = self.waiting[-1] if self.waiting else None
        if after and (after.indent > line.indent or (after.indent == line.indent and after.key is None)):
            return self.block(after.indent, depth + 1)
        return TextNode("", True, line.key.line, line.key.column)


class _Flow:
    """The value of a line: a text, or brackets that are closed in the same line."""

    def __init__(self, line: _Line) -> None:
        self.line = line
        self.at = 0

    def whole(self) -> Node:
        node = self.node(self.next(), 1)
        rest = self.line.value[self.at :]
        if rest[:1] not in ("", " ") or rest.lstrip(" ")[:1] not in ("", "#"):
            raise _NotSimple
        return node

    def next(self) -> re.Match[str]:
        found = _TOKEN.match(self.line.value, self.at)
        if found is None:
            raise _NotSimple
        self.at = found.end()
        return found

    def node(self, token: re.Match[str], depth: int) -> Node:
        if depth > _MOST_DEPTH or token[5]:
            raise _NotSimple
        if not token[1]:
            return self.text(token)
        if token[1] not in "[{":
            raise _NotSimple
        column = self.line.column + token.start(1) + 1
        if token[1] == "[":
            return ListNode(tuple(self.items(depth)), self.line.number, column)
        return MapNode(tuple(self.pairs(depth)), self.line.number, column)

    def text(self, token: re.Match[str]) -> TextNode:
        return _text(token, self.line.number, self.line.column)

    def items(self, depth: int) -> list[Node]:
        items: list[Node] = []
        token = self.next()
        if token[1] == "]":
            return items
        while True:
            items.append(self.node(token, depth + 1))
            if (mark := self.next()[1]) == "]":
                return items
            if mark != ",":
                raise _NotSimple
            token = self.next()

    def pairs(self, depth: int) -> list[tuple[TextNode, Node]]:
        pairs: dict[str, tuple[TextNode, Node]] = {}
        token = self.next()
        if token[1] == "}":
            return []
        while True:
            if not token[5]:
                raise _NotSimple
            key = self.text(token)
            if key.text in pairs:
                raise _NotSimple
            token = self.next()
            node: Node = TextNode("", True, key.line, key.column)
            if token[1] not in (",", "}"):
                node, token = self.node(token, depth + 1), self.next()
            pairs[key.text] = key, node
            if token[1] == "}":
                return list(pairs.values())
            if token[1] != ",":
                raise _NotSimple
            token = self.next()


def _line(number: int, text: str) -> _Line:
    if len(text) > _MOST_CHARACTERS:
        raise _NotSimple
    indent, key = len(text) - len(text.lstrip(" ")), None
    if text.startswith("- ", indent):
        end = len(text) - len(text[indent + 1 :].lstrip(" "))
    else:
        found = _TOKEN.match(text, indent)
        if found is None or not found[5]:
            raise _NotSimple
        key, end = _text(found, number, 0), found.end()
    value = text[end:]
    return _Line(number, indent, key, "" if value.startswith("#") or not value.strip(" ") else value, end)


def _text(found: re.Match[str], number: int, column: int) -> TextNode:
    """The text of a token: plain, in double or in single quotes."""
    plain = found[2]
    if plain is None:
        group = 3 if found[3] is not None else 4
        return TextNode(found[group], False, number, column + found.start(group))
    if plain == "<<" or plain.startswith("...") or (len(plain) > MOST_DIGITS and not plain[0].isalpha()):
        raise _NotSimple
    return TextNode(plain, True, number, column + found.start(2) + 1)
