"""Ports of nodes in Kubernetes manifests: `nodePort` of services, `hostPort` and `hostNetwork` of pods.

See https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport and
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from structlint.document import Mapping, Node, Scalar
from structlint.finding import Place
from structlint.ports.files import Files, beside, inside, listed, text_of
from structlint.ports.mapping import mapped
from structlint.ports.numbers import BadPort
from structlint.ports.port import Port
from structlint.quoting import shortened

_SPEAKS = re.compile(rb"""(?:nodePort|hostPort)["']?\s*:\s*["']?[0-9$]|hostNetwork["']?\s*:\s*true""")
_MANIFEST = re.compile(rb"""(?m)^[{ ]*["']?kind["']?\s*:""")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_MOST_DEEP = 20  # kustomizations that are built on one another


class _Object(NamedTuple):
    """What one object of a cluster listens on; another one of the same identity takes its place."""

    identity: tuple[str, str, str]
    ports: tuple[Port, ...]


@dataclass
class Kubernetes:
    """Reads the manifests of a tree. Those of a kustomization are one cluster, and those of a directory."""

    files: Files
    objects: dict[str, tuple[_Object, ...]] = field(default_factory=dict)

    def ports(self) -> Iterator[Port]:
        """The ports of every cluster."""
        kustomized: set[str] = set()
        for path in sorted(self.files.paths):
            if path.rpartition("/")[2] in _KUSTOMIZATIONS:
                members = list(dict.fromkeys(self._members(path, ())))
                kustomized.update(members)
                yield from self._cluster(members, f"kustomization {path}")
        directories: dict[str, list[str]] = {}
        for path in sorted(self.files.paths - kustomized):
            if path.endswith((".yaml", ".yml")):
                directories.setdefault(path[: path.rfind("/") + 1], []).append(path)
        for directory, paths in directories.items():
            yield from self._cluster(paths, f"manifests {directory or './'}")

    def _members(self, path: str, chain: tuple[str, ...]) -> Iterator[str]:
        """The manifests that a kustomization is built from, those of its bases first, its patches last."""
        if path in chain or len(chain) >= _MOST_DEEP:
            return
        directory = path[: path.rfind("/") + 1]
        for document in self.files.nodes(path)[:1]:
            for name in ("resources", "bases", "components", "patchesStrategicMerge", "patches"):
                for node in listed(inside(document, name)):
                    said = inside(node, "path") if isinstance(node, Mapping) else node
                    yield from self._member(beside(directory, text_of(said)), (*chain, path))

    def _member(self, found: str | None, chain: tuple[str, ...]) -> Iterator[str]:
        if found in self.files.paths:
            yield found
            return
        if found is not None:
            below = found and f"{found}/"
            nested = next(
                (below + name for name in _KUSTOMIZATIONS if below + name in self.files.paths), None
            )
            if nested:
                yield from self._members(nested, chain)

    def _cluster(self, paths: list[str], name: str) -> Iterator[Port]:
        objects: dict[tuple[str, str, str], _Object] = {}
        for path in paths:
            for each in self._read(path):
                if each.ports or each.identity not in objects:
                    objects[each.identity] = each
        for each in objects.values():
            yield from (replace(port, stack=name) for port in each.ports)

    def _read(self, path: str) -> tuple[_Object, ...]:
        """The objects of a file that is a manifest and speaks of ports of nodes."""
        if path not in self.objects:
            data = self.files.peek(path) if path.endswith((".yaml", ".yml")) else b""
            nodes = self.files.nodes(path) if _SPEAKS.search(data) and _MANIFEST.search(data) else ()
            self.objects[path] = tuple(each for node in nodes for each in self._objects(node, path))
        return self.objects[path]

    def _objects(self, node: Node, path: str) -> Iterator[_Object]:
        kind = text_of(inside(node, "kind"))
        if not kind or inside(node, "apiVersion") is None:
            return
        if kind.endswith("List"):
            for item in listed(inside(node, "items")):
                yield from self._objects(item, path)
            return
        name = text_of(inside(node, "metadata", "name"))
        namespace = text_of(inside(node, "metadata", "namespace"))
        found = (
            self._of_service(node, name, path) if kind == "Service" else self._of_pod(node, kind, name, path)
        )
        yield _Object((kind, namespace, name), tuple(found))

    def _of_service(self, node: Node, name: str, path: str) -> Iterator[Port]:
        for item in listed(inside(node, "spec", "ports")):
            yield from self._port(item, "nodePort", name, path)

    def _of_pod(self, node: Node, kind: str, name: str, path: str) -> Iterator[Port]:
        pod = inside(node, "spec")
        for step in ("jobTemplate", "spec", "template", "spec"):
            pod = inside(pod, step) or pod
        on_host = text_of(inside(pod, "hostNetwork")) == "true"
        for part in ("initContainers", "containers"):
            for container in listed(inside(pod, part)):
                for item in listed(inside(container, "ports")):
                    key = "containerPort" if on_host and inside(item, "hostPort") is None else "hostPort"
                    for port in self._port(item, key, name, path):
                        yield replace(port, kind="hostPort", every_node=kind == "DaemonSet")

    def _port(self, item: Node, key: str, name: str, path: str) -> Iterator[Port]:
        number = inside(item, key)
        if not isinstance(number, Scalar) or not text_of(number):
            return
        protocol, address = text_of(inside(item, "protocol")) or "TCP", text_of(inside(item, "hostIP"))
        try:
            found = mapped("1", number.text, address, protocol)
        except BadPort as error:
            self.files.told(path, number.line, f"{shortened(number.text)} is no port: {error}", number.column)
            return
        if found.host:
            yield Port(name, found.host, Place(path, number.line, number.column), key, address=found.address)
