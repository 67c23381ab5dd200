"""The ports that programs are configured to listen on: by scripts, settings of frameworks, and tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from structlint.errors import LayoutError
from structlint.finding import Place
from structlint.ports.files import inside, list_items, text_of
from structlint.ports.json_text import read_json
from structlint.ports.model import BadPort, Port, read_port_range
from structlint.yaml_nodes import MapNode, TextNode, parse_foreign

if TYPE_CHECKING:
    from structlint.yaml_nodes import Node

_STARTS = re.compile(r"(?:dev|develop|start|serve)(?:[:._-].*)?")
_NUMBER = r"(?:\$\{\w+:-)?(\d{2,5})(?![\w.:/])"
_IN_SCRIPT = re.compile(rf"(?<![\w-])(?:PORT=|--port[= ]|-p[= ]?){_NUMBER}")
_SETTINGS = re.compile(r"(.*/)?src/main/resources/(?:config/)?(?:application|bootstrap)\.(properties|ya?ml)")
_PROPERTY = re.compile(r"^[ \t]*(?:server|quarkus\.http)\.port[ \t]*[=:][ \t]*(\S+)", re.MULTILINE)
_DEFAULT = re.compile(r"\$\{[^:}]+:(\d+)\}")  # the default value of a variable in Spring's notation
_LAUNCHED = re.compile(r"(.*/)?Properties/launchSettings\.json")
_URL = re.compile(r"https?://[^:/;]+:(\d+)")
_CLUSTER = re.compile(r"(?:.*[._-])?kind(?:[._-].*)?\.ya?ml|(?:.*[._-])?cluster(?:[._-].*)?\.ya?ml")
_SKAFFOLD = re.compile(r"skaffold(?:[._-].*)?\.ya?ml")
_ENDINGS = (".json", ".properties", ".yml", ".yaml")


def declares_ports(path: str) -> bool:
    """Whether a file may configure the port of a program, by its path."""
    if not path.endswith(_ENDINGS):
        return False
    name = path.rpartition("/")[2]
    by_name = name == "package.json" or _CLUSTER.fullmatch(name) or _SKAFFOLD.fullmatch(name)
    return bool(by_name or _SETTINGS.fullmatch(path) or _LAUNCHED.fullmatch(path))


def declared_ports(text: str, path: str) -> Iterator[Port]:
    """The ports in a file that `declares_ports`; none if it has other contents."""
    name = path.rpartition("/")[2]
    if name == "package.json":
        return _of_package(text, path)
    if match := _SETTINGS.fullmatch(path):
        return _of_spring(text, path, match[1] or "", match[2])
    if match := _LAUNCHED.fullmatch(path):
        return _of_launch_settings(text, path, match[1] or "")
    return _of_tool(text, path)


def _of_package(text: str, path: str) -> Iterator[Port]:
    """The ports in the scripts that start a package."""
    if not _IN_SCRIPT.search(text):
        return
    directory = path[: path.rfind("/") + 1]
    scripts = inside(read_json(text, path), "scripts")
    for key, node in scripts.items if isinstance(scripts, MapNode) else ():
        if _STARTS.fullmatch(key.text):
            for match in _IN_SCRIPT.finditer(text_of(node)):
                yield from _port(_last(directory), match[1], node, path, f"script {key.text}", directory)


def _of_spring(text: str, path: str, directory: str, kind: str) -> Iterator[Port]:
    if kind == "properties":
        for match in _PROPERTY.finditer(text):
            node = TextNode(match[1], True, text.count("\n", 0, match.start(1)) + 1, 1)
            yield from _spring(node, path, directory)
        return
    for document in _documents(text, path) if "port" in text else ():
        port = inside(document, "server", "port") or inside(document, "server.port")
        if isinstance(port, TextNode) and not inside(document, "spring", "config", "activate"):
            yield from _spring(port, path, directory)


def _spring(node: TextNode, path: str, directory: str) -> Iterator[Port]:
    default = _DEFAULT.fullmatch(node.text)
    yield from _port(
        _last(directory), default[1] if default else node.text, node, path, "server.port", directory
    )


def _of_launch_settings(text: str, path: str, directory: str) -> Iterator[Port]:
    profiles = inside(read_json(text, path), "profiles")
    for _, profile in profiles.items if isinstance(profiles, MapNode) else ():
        urls = inside(profile, "applicationUrl")
        if text_of(inside(profile, "commandName")) == "Project" and urls:
            for match in _URL.finditer(text_of(urls)):
                yield from _port(_last(directory), match[1], urls, path, "launchSettings", directory)


def _of_tool(text: str, path: str) -> Iterator[Port]:
    """The host ports that a kind cluster or skaffold forwards."""
    if "extraPortMappings" not in text and "portForward" not in text:
        return
    for document in _documents(text, path):
        for node in list_items(inside(document, "nodes")):
            for item in list_items(inside(node, "extraPortMappings")):
                yield from _port("", text_of(inside(item, "hostPort")), item, path, "kind")
        for item in list_items(inside(document, "portForward")):
            number = inside(item, "localPort") or inside(item, "port")
            service = text_of(inside(item, "resourceName"))
            yield from _port(service, text_of(number), item, path, "skaffold")


def _port(service: str, number: str, node: Node, path: str, kind: str, directory: str = "") -> Iterator[Port]:
    while isinstance(node, MapNode) and node.items:
        node = node.items[0][0]
    place = Place(path, node.line, node.column) if isinstance(node, TextNode) else Place(path, 1)
    with suppress(BadPort):
        yield Port(service, read_port_range(number, "tcp"), place, kind, directory)


def _documents(text: str, path: str) -> tuple[Node, ...]:
    try:
        return parse_foreign(text.encode("utf-8", "replace"), path)
    except LayoutError:
        return ()


def _last(directory: str) -> str:
    return directory.rstrip("/").rpartition("/")[2]
