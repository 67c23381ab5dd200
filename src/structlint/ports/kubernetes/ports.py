"""The ports that Kubernetes objects name: services, pods and their containers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from structlint.errors import Problem
from structlint.ports.compose.mapping import mapped
from structlint.ports.interpolation import BadVariable, Unresolved, interpolated, without_value
from structlint.ports.kubernetes.objects import (
    Leaf,
    containers_of,
    down,
    items_at,
    object_name,
    place_in,
    pod_of,
    selects_nodes,
    text_at,
)
from structlint.ports.model import BadPort, Port
from structlint.text.quoting import shortened

if TYPE_CHECKING:
    from structlint.finding import Place
    from structlint.ports.files import Files
    from structlint.ports.kubernetes.objects import Object, Objects, ObjectTree

_TRUE = ("true", "yes", "on", "y")  # the true values of YAML 1.1, which Kubernetes reads
_MOST_COPIES = 2  # instances of one port, from a base with several names; two are enough for any conflict


@dataclass
class PortReader:
    """Reads the ports that Kubernetes objects name."""

    files: Files

    def _listeners(self, objects: Objects, stack: str) -> Iterator[Port]:
        """The ports of a cluster; those on Windows nodes, where Linux pods do not run, are separate."""
        ports = list(self._few(objects))
        yield from (port._replace(stack=stack) for port in ports if port.stack != "windows")
        if any(port.stack == "windows" for port in ports):
            stack = f"{stack} on windows"
            yield from (port._replace(stack=stack) for port in ports if port.stack != "linux")

    def _few(self, objects: Objects) -> Iterator[Port]:
        """The ports of objects; few for a base that appears under many names."""
        trees: Counter[int] = Counter()
        ports: Counter[tuple[Place, str]] = Counter()
        for resource in objects.values():
            trees[id(resource.tree)] += 1
            for port in self._listening(resource) if trees[id(resource.tree)] <= _MOST_COPIES else ():
                ports[port.place, port.service] += 1
                if ports[port.place, port.service] <= _MOST_COPIES:
                    yield port

    def _listening(self, resource: Object) -> Iterator[Port]:
        return self._of_service(resource) if resource.kind == "Service" else self._of_pod(resource)

    def _of_service(self, resource: Object) -> Iterator[Port]:
        yield from self._port(down(resource.tree, "spec"), "healthCheckNodePort", "nodePort", resource)
        for item in items_at(resource.tree, "spec", "ports"):
            yield from self._port(item, "nodePort", "nodePort", resource)

    def _of_pod(self, resource: Object) -> Iterator[Port]:
        """The ports of the containers of a pod; `stack` includes its operating system."""
        pod = pod_of(resource.tree)
        on_host = text_at(pod, "hostNetwork").lower() in _TRUE
        first, main = (
            [port for container in containers for port in self._of_container(container, on_host, resource)]
            for containers in containers_of(pod)
        )
        staying = {(port.numbers, port.address) for port in main}
        # Init containers have ended when the next one starts, so they can use the same ports.
        gone = {(port.numbers, port.address): port for port in first}
        every_node = resource.kind == "DaemonSet" and not selects_nodes(pod)
        system = text_at(pod, "nodeSelector", "kubernetes.io/os")
        name = "/".join(resource.identity)
        main = [port._replace(pod=name) for port in main]
        for port in [*(port for form, port in gone.items() if form not in staying), *main]:
            yield port._replace(every_node=every_node, stack=system)

    def _of_container(self, container: ObjectTree, on_host: bool, resource: Object) -> Iterator[Port]:
        for item in items_at(container, "ports"):
            given = text_at(item, "hostPort") not in ("", "0") or isinstance(
                down(item, "hostPort"), dict | list
            )
            yield from self._port(
                item, "hostPort" if given or not on_host else "containerPort", "hostPort", resource
            )

    def _port(self, item: ObjectTree | None, key: str, kind: str, resource: Object) -> Iterator[Port]:
        number = down(item, key)
        if number is None or (isinstance(number, Leaf) and not number.text):
            return
        place, text = place_in(number), text_at(number)
        try:
            mapped_port = mapped(
                "1", self._number(number), text_at(item, "hostIP"), text_at(item, "protocol") or "TCP"
            )
        except Unresolved as error:
            self._unresolved(error, place)
        except (BadPort, BadVariable) as error:
            if "{{" in text:
                self._template(place.file)
                return
            what = f"`{shortened(text)}`" if text else "this"
            self.files.note(place.file, place.line, f"{what} is not a port: {error}", place.column)
        else:
            if mapped_port.host:
                yield Port(object_name(resource), mapped_port.host, place, kind, address=mapped_port.address)

    def _number(self, number: ObjectTree) -> str:
        """A number, or the default value of a variable in its place."""
        if not isinstance(number, Leaf):
            raise BadPort("a port is a number")
        text = interpolated(number.text.replace(":=", ":-"), {}) if "$" in number.text else number.text
        if "/" in text:
            raise BadPort("write the protocol under `protocol`")
        if re.fullmatch(r"\d+-\d+", text, re.ASCII):
            raise BadPort("write a single port, not a range")
        return text

    def _unresolved(self, error: Unresolved, place: Place) -> None:
        problem = Problem(place.file, place.line, 1, without_value(error.names))
        if problem not in self.files.scan.unresolved:
            self.files.scan.unresolved.append(problem)

    def _template(self, path: str) -> None:
        if path not in self.files.scan.templates:
            self.files.scan.templates.append(path)
