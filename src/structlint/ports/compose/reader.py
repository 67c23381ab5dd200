"""Reads a service from one compose file, with the values of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname
from typing import TYPE_CHECKING

from structlint.errors import Problem
from structlint.finding import Place
from structlint.ports.compose.mapping import Mapped, mapped, read_short
from structlint.ports.compose.services import Build, PublishedPort, Service, add_ports, is_reset, listed_texts
from structlint.ports.files import inside, list_items, resolve_path, text_of
from structlint.ports.interpolation import BadVariable, Unresolved, interpolated, without_value
from structlint.ports.model import BadPort, read_port_range
from structlint.text.quoting import shortened
from structlint.yaml_nodes import MapNode, TextNode, value

if TYPE_CHECKING:
    from structlint.ports.compose.services import ComposeProject
    from structlint.ports.files import Files
    from structlint.yaml_nodes import Node

_UNSET = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?\?[^{}]*)?\})")  # a variable without a default
_REPLACING = ("!reset", "!override")
_PARTS = ("target", "published", "host_ip", "protocol")
_UNSET_TARGET = re.compile(rf"(.+:){_UNSET.pattern}(/\w+)?")


@dataclass
class ServiceReader:
    """Reads one service of a compose file, and collects the variables without a value."""

    files: Files
    unresolved: dict[Place, tuple[str, ...]] = field(default_factory=dict)  # variables without a value
    resolved: set[Place] = field(default_factory=set)  # texts whose variables have a value in some project

    def _service(self, node: MapNode, path: str, project: ComposeProject) -> Service:
        build = node.get("build")
        # A profile with an unknown name is treated as different from all others.
        profiles = (
            (self._text(profile, path, project), profile.text)
            for profile in listed_texts(node.get("profiles"))
        )
        return Service(
            ports=add_ports((), self._published(node, path, project)),
            exposed=add_ports((), self._exposed(node, path, project)),
            profiles=frozenset(written if text is None else text for text, written in profiles),
            builds=() if build is None or is_reset(build) else (Build(build, path, project),),
            image=self._text(node.get("image"), path, project) or "",
            numbers=frozenset(self._numbers(node, path, project)),
            network=self._text(node.get("network_mode"), path, project) or "",
            scale=_number(node.get("scale"), project),
            replicas=_number(inside(node.get("deploy"), "replicas"), project),
            replaces=frozenset(_replaced(node)),
        )

    def _numbers(self, node: MapNode, path: str, project: ComposeProject) -> Iterator[str]:
        """The numbers in the environment and command of a service; it may listen on one of them."""
        waiting = [node.get(key) for key in ("environment", "command", "entrypoint")]
        while waiting:
            value = waiting.pop()
            if isinstance(value, TextNode):
                try:
                    text = interpolated(value.text, project.values)
                except (Unresolved, BadVariable):
                    text = value.text
                yield from re.findall(r"(?a:\d{2,5})", text)
            elif isinstance(value, MapNode):
                waiting += [inner for _, inner in value.items]
            else:
                waiting += list_items(value)

    def _published(self, node: MapNode, path: str, project: ComposeProject) -> Iterator[PublishedPort]:
        for item in self._list(node.get("ports"), "ports", path):
            try:
                port = self._one(item, path, project)
            except BadPort as error:
                shown = f"`{shortened(item.text)}`" if isinstance(item, TextNode) else "this"
                self.files.note(path, item.line, f"{shown} is not a port: {error}", item.column)
            else:
                if port:
                    yield PublishedPort(port, Place(path, item.line, item.column))

    def _list(self, node: Node | None, key: str, path: str) -> tuple[Node, ...]:
        """The items of a list; a note is added if the node is not a list."""
        if node is None or is_reset(node):
            return ()
        if isinstance(node, MapNode) or text_of(node):
            self.files.note(path, node.line, f"`{key}` must be a list; write `- ` before each item")
        return tuple(item for item in list_items(node) if not is_reset(item))

    def _one(self, item: Node, path: str, project: ComposeProject) -> Mapped | None:
        """Parses an item of `ports`; None if a variable has no value. Raises `BadPort`."""
        if isinstance(item, MapNode):
            return self._long(item, path, project)
        text = self._text(_with_target(item, project), path, project)
        mapped_port = read_short(text) if text is not None else None
        # The container port decides whether a range is one port or all of its ports.
        known = (mapped_port and not mapped_port.any_one) or self._text(item, path, project) is not None
        return mapped_port if known else None

    def _long(self, item: MapNode, path: str, project: ComposeProject) -> Mapped | None:
        """Parses an item in the long syntax; None if its value is unknown, or wrong and noted."""
        for part in _PARTS:
            if not isinstance(item.get(part), TextNode | None):
                raise BadPort(f"its `{part}` is one value, not a list or a mapping")
        texts = {part: self._text(_as_decimal(item.get(part)), path, project) for part in _PARTS}
        if None in texts.values():
            return None
        target, published, address, protocol = (texts[part] or "" for part in _PARTS)
        if not target:
            raise BadPort("it has no `target`, the port of the container")
        wrong = [part for part in _PARTS if not self._is_right(part, texts[part] or "", item, path)]
        if wrong:
            return None
        return mapped(target, published, address, protocol)

    def _is_right(self, part: str, text: str, item: MapNode, path: str) -> bool:
        """Whether a value of the long syntax is valid on its own; if not, a note is added."""
        values = {"target": "1", "published": "", "host_ip": "", "protocol": "", part: text}
        try:
            mapped(*(values[part] for part in _PARTS))
        except BadPort as error:
            node = item.get(part)
            assert isinstance(node, TextNode)
            what = {"host_ip": "an address", "protocol": "a protocol"}.get(part, "a port")
            message = f"`{part}: {shortened(node.text)}` is not {what}: {error}"
            self.files.note(path, node.line, message, node.column)
            return False
        return True

    def _exposed(self, node: MapNode, path: str, project: ComposeProject) -> Iterator[PublishedPort]:
        for item in listed_texts(node.get("expose")):
            try:
                if text := self._text(item, path, project):
                    mapped_port = Mapped(read_port_range(text, "tcp"), None)
                    yield PublishedPort(mapped_port, Place(path, item.line, item.column))
            except BadPort as error:
                message = f"`{shortened(item.text)}` is not a port: {error}"
                self.files.note(path, item.line, message, item.column)

    def _built(self, builds: tuple[Build, ...]) -> tuple[str, str, str, bool]:
        """The directory of a service, its build context and Dockerfile, and whether the last stage is built.

        The directory has a trailing "/"; it is "" for the root, or if there is none. A Dockerfile below it
        determines the directory. If the tree contains none, the Dockerfile is "".
        """
        directory: str | None = None
        recipe, whole = "", True
        for number, (node, path, project) in enumerate(builds):
            context = inside(node, "context") if isinstance(node, MapNode) else node
            if context is not None or not number:
                text = self._text(context, path, project) if context is not None else "."
                directory = resolve_path(project.directory, text or "")
            recipe = self._text(inside(node, "dockerfile"), path, project) or recipe
            whole = whole and inside(node, "target") is None and inside(node, "dockerfile_inline") is None
        if directory is None:
            return "", "", "", False
        context_directory = directory and f"{directory}/"
        below = resolve_path(context_directory, recipe) if recipe else None
        deeper = dirname(below) if below else ""
        where = deeper if deeper.startswith(directory) and len(deeper) > len(directory) else directory
        dockerfile = below if recipe else f"{context_directory}Dockerfile"
        known = dockerfile if dockerfile and dockerfile in self.files.paths else ""
        return where and f"{where}/", context_directory, known, whole

    def _text(self, node: Node | None, path: str, project: ComposeProject) -> str | None:
        """A text with its variables replaced; "" if there is no text, None if a variable has no value."""
        text = text_of(node)
        if node is None or is_reset(node):
            return ""
        if "$" not in text:
            return text
        place = Place(path, node.line, node.column)
        try:
            text_with_values = interpolated(text, project.values)
        except Unresolved as error:
            self.unresolved[place] = error.names
        except BadVariable as error:
            self.files.note(path, node.line, f"{shortened(text)}: {error}")
        else:
            self.resolved.add(place)
            return text_with_values
        return None

    def _note_unresolved(self) -> None:
        """Adds notes on variables that have no value in any project of their file."""
        names: dict[str, dict[str, int]] = {}
        for place in sorted(self.unresolved.keys() - self.resolved):
            for name in self.unresolved[place]:
                names.setdefault(place.file, {}).setdefault(name, place.line)
        for path, lines in names.items():
            self.files.scan.unresolved.append(Problem(path, min(lines.values()), 1, without_value(lines)))


def _replaced(node: MapNode) -> Iterator[str]:
    """The keys of a service, including `deploy.replicas`, that replace the values of an earlier file."""
    yield from (key.text for key, child in node.items if child.tag in _REPLACING)
    replicas = inside(node.get("deploy"), "replicas")
    if replicas is not None and replicas.tag in _REPLACING:
        yield "deploy.replicas"


def _number(node: Node | None, project: ComposeProject) -> int | None:
    """A number of containers; None if there is none, or if a variable has no value."""
    if is_reset(node):
        return None
    try:
        match = re.fullmatch(r"(?a:0*(\d{1,6}))", interpolated(text_of(node).strip(), project.values))
    except (Unresolved, BadVariable):
        return None
    return int(match[1]) if match else None


def _with_target(item: Node, project: ComposeProject) -> Node:
    """An item with a substitute for an unknown container port, which does not affect the host port."""
    unset = _UNSET_TARGET.fullmatch(text_of(item))
    if not isinstance(item, TextNode) or not unset or (unset[2] or unset[3]) in project.values:
        return item
    return item._replace(text=f"{unset[1]}1{unset[4] or ''}")


def _as_decimal(node: Node | None) -> Node | None:
    """A YAML integer in decimal digits: 0x1F40 is 8000."""
    if isinstance(node, TextNode) and node.plain and isinstance(number := value(node), int):
        return node if isinstance(number, bool) else node._replace(text=str(number))
    return node
