"""The ports that a dev container forwards and its compose files, see https://containers.dev/implementors/json_reference/."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Place
from structlint.ports.files import inside, scalars
from structlint.ports.json_text import read_json
from structlint.ports.model import BadPort, Port, read_port_range

if TYPE_CHECKING:
    from structlint.yaml_nodes import TextNode

NAMES = ("devcontainer.json", ".devcontainer.json")


def is_devcontainer(path: str) -> bool:
    """Whether the name of a file is that of a dev container's configuration."""
    return path.endswith(NAMES) and path.rpartition("/")[2] in NAMES


def devcontainer_ports(text: str, path: str) -> Iterator[Port]:
    """The ports that a dev container forwards."""
    for item in scalars(inside(read_json(text, path), "forwardPorts")):
        yield from _forwarded(item, path)


def compose_files(data: bytes, path: str) -> list[str]:
    """The compose files that a dev container is started with, as written."""
    if b"dockerComposeFile" not in data:
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return [item.text for item in scalars(inside(read_json(text, path), "dockerComposeFile"))]


def _forwarded(item: TextNode, path: str) -> Iterator[Port]:
    """A port, or the port of a service such as `db:5432`."""
    service, _, number = item.text.rpartition(":")
    try:
        numbers = read_port_range(number, "tcp")
    except BadPort:
        return
    named = "" if service in ("localhost", "127.0.0.1") else service
    yield Port(named, numbers, Place(path, item.line, item.column), "forwardPorts")
