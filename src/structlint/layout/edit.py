"""Adds ports to the text of a layout, without changing any other line or comment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from structlint.errors import CannotCheck, LayoutError
from structlint.text.quoting import in_quotes
from structlint.yaml_nodes import MapNode, Node, TextNode, parse, value

_PLAIN = re.compile(r"[A-Za-z0-9_<][A-Za-z0-9_.<>-]*")
_INDENT = "  "
_FLOW = re.compile(r"""[{}\[\]]|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=\s)#[^\n]*|[^\s{}\[\]"']+""", re.DOTALL)


def with_ports(data: bytes, file: str, added: Mapping[str, str]) -> bytes:
    """The layout in `data` with more entries in `ports`: name to number, range or list, as YAML.

    `file` is its name in messages. Raises `CannotCheck` if no line can be added to the text.
    """
    text = data.decode()
    root = parse(data, file)
    assert isinstance(root, MapNode)
    entries = [f"{yaml_key(name)}: {numbers}" for name, numbers in added.items()]
    edited = _amended(text, root, entries).encode()
    if not _adds(edited, root, file, added):
        lines = "".join(f"\n{_INDENT}{entry}" for entry in entries)
        raise CannotCheck(f"{file}: cannot add to `ports` in this form; add by hand:{lines}")
    return edited


def yaml_key(name: str) -> str:
    """A name as a key in YAML."""
    return name if _PLAIN.fullmatch(name) and value(TextNode(name, True, 1, 1)) == name else in_quotes(name)


def _amended(text: str, root: MapNode, entries: list[str]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    ports = root.get("ports")
    lines = text.splitlines(keepends=True)
    if ports is None:
        if text.lstrip().startswith("{"):
            return _in_braces(text, text.index("{"), [f"ports: {{{', '.join(entries)}}}"])
        whole = text if text.endswith(("\n", "\r")) else text + end
        return whole + end + f"ports:{end}" + "".join(f"{_INDENT}{entry}{end}" for entry in entries)
    start = _offset(lines, ports)
    if isinstance(ports, MapNode) and text[start : start + 1] == "{":
        return _in_braces(text, start, entries)
    if isinstance(ports, TextNode) and ports.text:  # `null` or `~`
        return f"{text[:start]}{{{', '.join(entries)}}}{text[start + len(ports.text) :]}"
    key = root.key("ports")
    assert key
    last = ports.items[-1][0] if isinstance(ports, MapNode) else None
    at = _after(lines, last) if last else key.line
    if not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += end
    indent = " " * (last.column - 1) if last else " " * (key.column - 1) + _INDENT
    lines[at:at] = [f"{indent}{entry}{end}" for entry in entries]
    return "".join(lines)


def _offset(lines: list[str], node: Node) -> int:
    """The offset of a node in the text."""
    return sum(map(len, lines[: node.line - 1])) + node.column - 1


def _after(lines: list[str], key: TextNode) -> int:
    """The index of the line after the entry of a key."""
    at = key.line
    while at < len(lines):
        line = lines[at]
        indent = len(line) - len(line.lstrip(" "))
        deeper = indent >= key.column or (indent == key.column - 1 and line.lstrip().startswith("- "))
        if not line.strip() or not deeper:
            break
        at += 1
    return at


def _in_braces(text: str, start: int, entries: list[str]) -> str:
    """The text with entries at the end of the mapping whose brace opens at `start`."""
    depth, solid = 0, start + 1  # where what counts ends, before comments
    for token in _FLOW.finditer(text, start):
        if token[0].startswith("#"):
            continue
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth == 0:
            before = text[:solid]
            gap = "" if before.endswith("{") else " " if before.endswith(",") else ", "
            between = text[solid : token.start()]
            between = between if "#" in between else ""
            return f"{before}{between}{gap}{', '.join(entries)}{text[token.start() :]}"
        solid = token.end()
    return text


def _adds(data: bytes, before: MapNode, file: str, added: Mapping[str, str]) -> bool:
    """Whether a text means the same as before, plus the new entries."""
    try:
        after = value(parse(data, file))
        more = {name: value(parse(numbers.encode(), file)) for name, numbers in added.items()}
    except LayoutError:
        return False
    mapping = value(before)
    assert isinstance(mapping, dict)
    return after == {**mapping, "ports": {**(mapping.get("ports") or {}), **more}}
