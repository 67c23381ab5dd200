"""Services of compose files, and the rules for merging several files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from structlint.ports.files import inside, scalars
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode

if TYPE_CHECKING:
    from structlint.finding import Place
    from structlint.ports.compose.mapping import Mapped
    from structlint.yaml_nodes import Node, TextNode

_MOST_TRIMMED = 300  # ports of one service that are compared with its ranges


@dataclass(frozen=True)
class ComposeProject:
    """The settings of a compose project: the directory that paths are relative to, and the variables.

    `chain` has the files that include the current one.
    """

    directory: str
    values: Mapping[str, str]
    chain: tuple[str, ...] = ()


class PublishedPort(Record):
    """One item of `ports`, with its variables replaced."""

    mapped: Mapped
    place: Place


class Build(Record):
    """The build settings of a service in one place."""

    node: Node
    path: str
    project: ComposeProject


@dataclass(frozen=True)
class Service:
    """A service, read from one file or merged from several."""

    ports: tuple[PublishedPort, ...] = ()
    exposed: tuple[PublishedPort, ...] = ()
    profiles: frozenset[str] = frozenset()
    builds: tuple[Build, ...] = ()
    image: str = ""
    numbers: frozenset[str] = frozenset()  # in its environment and command
    network: str = ""
    scale: int | None = None
    replicas: int | None = None  # of `deploy`; `scale` takes precedence
    # Keys that replace earlier values instead of adding to them.
    replaces: frozenset[str] = frozenset()

    @property
    def containers(self) -> int:
        """The number of containers that compose starts."""
        return next((number for number in (self.scale, self.replicas) if number is not None), 1)


@dataclass(frozen=True)
class Layer:
    """The services of one document, and those that it includes."""

    path: str
    project: ComposeProject
    nodes: dict[str, MapNode]
    included: dict[str, Service]

    def __contains__(self, name: str) -> bool:
        return name in self.nodes or name in self.included


def parent_directory(path: str) -> str:
    return path[: path.rfind("/") + 1]


def service_items(document: MapNode) -> tuple[tuple[TextNode, Node], ...]:
    services = document.get("services")
    return services.items if isinstance(services, MapNode) and not is_reset(services) else ()


def service_nodes(documents: Iterable[MapNode]) -> dict[str, MapNode]:
    """The services of documents by name, without those that `!reset` removes."""
    services = (service for document in documents for service in service_items(document))
    return {key.text: node for key, node in services if isinstance(node, MapNode) and not is_reset(node)}


def starts_over(document: MapNode, name: str) -> bool:
    """Whether a document removes or replaces all earlier settings of a service."""
    nodes = (document.get("services"), inside(document, "services", name))
    return any(node is not None and node.tag in ("!reset", "!override") for node in nodes)


def is_reset(node: Node | None) -> bool:
    return node is not None and node.tag == "!reset"


def listed_texts(node: Node | None) -> list[TextNode]:
    """The texts of a list, without those that `!reset` removes."""
    return [] if is_reset(node) else [item for item in scalars(node) if not is_reset(item)]


def add_ports(far: Iterable[PublishedPort], near: Iterable[PublishedPort]) -> tuple[PublishedPort, ...]:
    """The earlier and later ports; for a port in both, the later one counts."""
    ports = tuple({port.mapped.key: port for port in (*far, *near)}.values())
    if len(ports) > _MOST_TRIMMED or not any(port.mapped.is_range for port in ports):
        return ports
    trimmed: list[PublishedPort] = []
    for port in ports:
        trimmed = [left._replace(mapped=rest) for left in trimmed for rest in left.mapped.less(port.mapped)]
        trimmed.append(port)
    return tuple(trimmed)


def merge_services(before: Service, after: Service) -> Service:
    """A service merged with a later file: lists are joined, and a port of the same form is replaced."""
    gone = after.replaces
    return Service(
        ports=add_ports(() if "ports" in gone else before.ports, after.ports),
        exposed=add_ports(() if "expose" in gone else before.exposed, after.exposed),
        profiles=after.profiles | (frozenset() if "profiles" in gone else before.profiles),
        builds=(*(() if "build" in gone else before.builds), *after.builds),
        image=after.image or ("" if "image" in gone else before.image),
        numbers=before.numbers | after.numbers,
        network=after.network or ("" if "network_mode" in gone else before.network),
        scale=before.scale if after.scale is None and "scale" not in gone else after.scale,
        replicas=before.replicas
        if after.replicas is None and gone.isdisjoint(("deploy", "deploy.replicas"))
        else after.replicas,
        replaces=gone,
    )
