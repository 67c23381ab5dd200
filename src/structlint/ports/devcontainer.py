"""The ports that a dev container forwards and its compose files, see https://containers.dev/implementors/json_reference/."""

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
    from structlint.yaml_nodes import Node, TextNode

_NAMES = ("devcontainer.json", ".devcontainer.json")
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])')
_ESCAPE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
_HALF = len(r"\ud83d")  # JSON writes a character in two halves, YAML has no such escape


def is_devcontainer(path: str) -> bool:
    """Whether a file describes a dev container, by its name."""
    return (
        path.endswith("devcontainer.json")
        and path.rpartition("/")[2].removeprefix(".") == "devcontainer.json"
    )


def devcontainer_ports(text: str, path: str) -> Iterator[Port]:
    """The ports that a dev container forwards."""
    for item in scalars(inside(_read(text, path), "forwardPorts")):
        yield from _forwarded(item, path)


def compose_files(data: bytes, path: str) -> list[str]:
    """The compose files that a dev container is started with, as it writes them."""
    if b"dockerComposeFile" not in data:
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return [item.text for item in scalars(inside(_read(text, path), "dockerComposeFile"))]


def _read(text: str, path: str) -> Node | None:
    """A text in JSON with comments, None if it is something else."""
    bare = _COMMENT.sub(_without_comment, text)
    bare = _TRAILING_COMMA.sub(lambda found: found[1] or "", bare)
    try:
        nodes = parse_foreign(bare.encode("utf-8", "replace"), path)
    except LayoutError:
        return None
    return nodes[0] if nodes else None


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
