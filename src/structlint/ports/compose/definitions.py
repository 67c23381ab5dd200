"""The names that a compose file defines and uses. Another file has to define those that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from structlint.ports.compose.services import is_reset, service_items
from structlint.ports.files import inside, list_items, text_of
from structlint.yaml_nodes import MapNode, Node

Name: TypeAlias = "tuple[str, str]"  # the top-level key, such as `networks`, and the name below it

_RESOURCES = ("networks", "volumes", "configs", "secrets")
_PREDEFINED = {("networks", "default")}
_SERVICES_USED = ("depends_on", "links", "volumes_from")
_SHARED = ("network_mode", "pid", "ipc")  # `service:NAME` refers to another service
_VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")  # a single letter is a Windows drive
_WHOLE = ("image", "build", "extends", "provider")  # compose can start a service that has one of these


def defined_names(documents: Iterable[MapNode]) -> set[Name]:
    """The networks, volumes, configs and secrets that a file defines, and the services that it can start."""
    names: set[Name] = set()
    for document in documents:
        for key in _RESOURCES:
            names.update((key, name) for name in _keys(document.get(key)))
        names.update(("services", key.text) for key, node in service_items(document) if is_complete(node))
    return names


def lacking_names(documents: Iterable[MapNode]) -> set[Name]:
    """The names that a file uses but does not define; compose refuses to start the file without them."""
    whole = tuple(documents)
    services = [(key.text, node) for document in whole for key, node in service_items(document)]
    complete = {name for name, node in services if is_complete(node)}
    needed = {("services", name) for name, _ in services if name not in complete}
    needed |= {name for _, node in services if not is_reset(node) for name in used_names(node)}
    return needed - defined_names(whole) - _PREDEFINED


def is_complete(node: Node) -> bool:
    """Whether one file defines enough of a service to start it."""
    return isinstance(node, MapNode) and any(key.text in _WHOLE for key, _ in node.items)


def used_names(node: Node) -> Iterator[Name]:
    """The names that a service uses, without those that contain variables."""
    for key in _SERVICES_USED:
        for name in _keys(inside(node, key)):
            if not name.startswith("container:") and text_of(inside(node, key, name, "required")) != "false":
                yield "services", name.partition(":")[0]
    for key in _SHARED:
        shared, colon, name = text_of(inside(node, key)).partition(":")
        if shared == "service" and colon and "$" not in name:
            yield "services", name
    yield from (("networks", name) for name in _keys(inside(node, "networks")))
    for key in ("configs", "secrets"):
        yield from ((key, name) for name in _sources(inside(node, key)))
    yield from (("volumes", name) for name in _volumes(inside(node, "volumes")))


def _keys(node: Node | None) -> list[str]:
    """The names in a mapping or in a list."""
    if isinstance(node, MapNode):
        names = [key.text for key, child in node.items if not is_reset(child)]
    else:
        names = [text_of(item) for item in list_items(node)]
    return [name for name in names if name and "$" not in name]


def _sources(node: Node | None) -> Iterator[str]:
    """The names in a list of texts, or of mappings with a `source`."""
    for item in list_items(node):
        name = text_of(inside(item, "source") if isinstance(item, MapNode) else item)
        if name and "$" not in name:
            yield name


def _volumes(node: Node | None) -> Iterator[str]:
    for item in list_items(node):
        if isinstance(item, MapNode):
            source = text_of(inside(item, "source")) if text_of(inside(item, "type")) == "volume" else ""
        else:
            source, colon, _ = text_of(item).partition(":")
            source = source if colon else ""
        if _VOLUME_NAME.fullmatch(source):
            yield source
