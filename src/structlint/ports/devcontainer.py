"""Ports that a dev container forwards, see https://containers.dev/implementors/json_reference/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.errors import LayoutError
from structlint.finding import Place
from structlint.ports.files import inside, scalars
from structlint.ports.model import BadPort, Port, read_port_range
from structlint.yaml_nodes import parse_foreign

if TYPE_CHECKING:
    from structlint.yaml_nodes import TextNode

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])')
_ESCAPE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
_HALF = len(r"\ud83d")  # JSON writes a character in two halves, YAML has no such escape


def devcontainer_ports(text: str, path: str) -> Iterator[Port]:
    bare = _COMMENT.sub(_without_comment, text)
    bare = _TRAILING_COMMA.sub(lambda found: found[1] or "", bare)
    try:
        nodes = parse_foreign(bare.encode("utf-8", "replace"), path)
    except LayoutError:
        return
    for item in scalars(inside(nodes[0], "forwardPorts")) if nodes else ():
        yield from _forwarded(item, path)


def _without_comment(found: re.Match[str]) -> str:
    """A text as YAML has it, or blanks for a comment and a tab."""
    if found[1]:
        return _ESCAPE.sub(lambda each: "?" if len(each[0]) == _HALF else each[0], found[1])
    return " " + "\n" * found[0].count("\n")


def _forwarded(item: TextNode, path: str) -> Iterator[Port]:
    """A port, or one of a service: `db:5432`."""
    service, _, number = item.text.rpartition(":")
    try:
        numbers = read_port_range(number, "tcp")
    except BadPort:
        return
    named = "" if service in ("localhost", "127.0.0.1") else service
    yield Port(named, numbers, Place(path, item.line, item.column), "forwardPorts")
