"""Published ports of compose files, https://docs.docker.com/reference/compose-file/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from structlint.finding import Place
from structlint.ports.compose.parts import References
from structlint.ports.compose.reader import ServiceReader
from structlint.ports.compose.services import (
    ComposeProject,
    Layer,
    PublishedPort,
    Service,
    is_reset,
    merge_services,
    parent_directory,
    service_items,
    service_nodes,
    starts_over,
)
from structlint.ports.compose.stacks import DEFAULTS, Stack, Stacks
from structlint.ports.dotenv import variables
from structlint.ports.files import inside, list_items, resolve_path, scalars, text_of
from structlint.ports.model import BuiltService, Port, PortRange
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import MapNode, Node, TextNode

_MOST_DEEP = 20  # the longest chain of `extends` or `include`
_MOST_PROJECTS = 10_000  # included files, counted each time
_MOST_TAKEN = 100_000  # ports and services inherited through `extends`


@dataclass
class Compose(ServiceReader):
    """Reads the compose files of a tree."""

    included: int = 0
    taken: int = 0
    references: References = field(default_factory=References)

    def ports(self) -> Iterator[Port]:
        """The ports of every project: published ports, and those used for comparison only."""
        stacks = [(stack, list(self._of_stack(stack))) for stack in Stacks(self.files).all()]
        parts = self.references.parts((stack.paths for stack, _ in stacks), self._is_part)
        for stack, ports in stacks:
            if stack.paths[-1] not in parts:
                yield from ports
        self._note_unresolved()

    def _is_part(self, path: str) -> bool:
        """Whether a file that others refer to is started only as a part of them."""
        if path in self.references.included:
            return True
        if path.rpartition("/")[2] in DEFAULTS:
            return False
        items = (item for document in self.files.documents(path) for item in service_items(document))
        known = self.references.extended
        return all((path, key.text) in known or inside(node, "ports") is None for key, node in items)

    def _of_stack(self, stack: Stack) -> Iterator[Port]:
        values: dict[str, str] = {}
        for path in stack.env_files or (f"{stack.directory}.env",):
            values |= self._variables(path, values)
        project = ComposeProject(parent_directory(stack.paths[0]), values)
        if project.directory != stack.directory:  # it is started separately
            own = self._variables(f"{project.directory}.env", values)
            project = replace(project, values={**own, **values})
        active = {name.strip() for name in project.values.get("COMPOSE_PROFILES", "").split(",")}
        active |= stack.profiles
        name = stack.name
        self.files.scan.stacks[name] = stack.paths
        for network in self._external_networks(stack.paths, project):
            self.files.scan.networks.setdefault(network, []).append(name)
        for service_name, service in self._project(stack.paths, project).items():
            for place, note in _additions(service_name, service, stack.paths):
                self.files.note(place.file, place.line, note, place.column)
            started = not service.profiles or "*" in active or not active.isdisjoint(service.profiles)
            yield from self._listeners(service_name, service, name, started)

    def _external_networks(self, paths: tuple[str, ...], project: ComposeProject) -> list[str]:
        """The networks that must exist before the project is started, without the networks of services."""
        names: dict[str, None] = {}
        for path in paths:
            for document in self.files.documents(path):
                networks = document.get("networks")
                for key, node in networks.items if isinstance(networks, MapNode) else ():
                    external = inside(node, "external")
                    if isinstance(external, MapNode) or text_of(external).lower() == "true":
                        named = inside(node, "name") or inside(external, "name")
                        if name := self._text(named, path, project) if named else key.text:
                            names[name] = None
        return list(names)

    def _variables(self, path: str, known: Mapping[str, str]) -> dict[str, str]:
        return variables(self.files.text(path), known) if path in self.files.paths else {}

    def _project(self, paths: tuple[str, ...], project: ComposeProject) -> dict[str, Service]:
        """The services of files merged in this order, with the services that they include."""
        services: dict[str, Service] = {}
        for path in paths:
            for document in self.files.documents(path):
                self._note_no_services(document, path)
                layer = self._layer(document, path, project)
                services = {name: services[name] for name in services if not starts_over(document, name)}
                for name in dict.fromkeys((*layer.included, *layer.nodes)):
                    service = self._resolved(name, layer, ((path, name),))
                    services[name] = merge_services(services[name], service) if name in services else service
        # `!reset` and `!override` apply to these files, not to the file that includes them.
        return {name: replace(service, replaces=frozenset()) for name, service in services.items()}

    def _note_no_services(self, document: MapNode, path: str) -> None:
        """Adds notes on keys that an author may take for services although compose does not."""
        services = document.get("services")
        if (
            services is not None
            and not isinstance(services, MapNode)
            and (list_items(services) or text_of(services))
        ):
            self.files.note(
                path, services.line, "`services` is not a mapping of names to services; no ports are read"
            )
        old = next(
            (key for key, node in document.items if inside(node, "ports") and key.text[:2] != "x-"), None
        )
        if services is None and old:
            message = f"{in_backticks(old.text)} is not in `services`; its ports are not read"
            self.files.note(path, old.line, message)

    def _layer(self, document: MapNode, path: str, project: ComposeProject) -> Layer:
        included: dict[str, Service] = {}
        for services in self._included(document, path, project):
            for name, service in services.items():
                included[name] = merge_services(service, included[name]) if name in included else service
        return Layer(path, project, service_nodes([document]), included)

    def _included(
        self, document: MapNode, path: str, project: ComposeProject
    ) -> Iterator[dict[str, Service]]:
        for node in self._list(document.get("include"), "include", path):
            names = scalars(inside(node, "path")) if isinstance(node, MapNode) else scalars(node)
            paths = [included for name in names if (included := self._referred(name, path, project))]
            if not paths:
                continue
            self.included += 1
            if self.included > _MOST_PROJECTS:
                self.files.note(
                    path, node.line, f"more than {_MOST_PROJECTS:,} files are included; no more are read"
                )
                return
            if set(paths) & {path, *project.chain} or len(project.chain) >= _MOST_DEEP:
                self.files.note(path, node.line, f"{quote(paths[0])} includes this file in turn")
                continue
            self.references.include(path, paths)
            yield self._project(tuple(paths), self._of_include(node, paths[0], path, project))

    def _of_include(self, node: Node, first: str, path: str, project: ComposeProject) -> ComposeProject:
        """The project of an included file, with its own directory and variables; known variables win."""
        directory = parent_directory(first)
        named = self._text(inside(node, "project_directory"), path, project)
        if named and (resolved := resolve_path(project.directory, named)) is not None:
            directory = resolved and f"{resolved}/"
        texts = [self._text(item, path, project) for item in scalars(inside(node, "env_file"))]
        env_files = [resolve_path(project.directory, text or "") for text in texts]
        own: dict[str, str] = {}
        for env_file in env_files or [f"{directory}.env"]:
            own |= self._variables(env_file, own | dict(project.values)) if env_file else {}
        return ComposeProject(directory, {**own, **project.values}, (*project.chain, path))

    def _referred(self, name: TextNode, path: str, project: ComposeProject) -> str | None:
        """The path of a file that another file names; None, with a note, if it is not in the tree."""
        text = self._text(name, path, project)
        if text is None:
            return None
        resolved = resolve_path(project.directory, text)
        if resolved in self.files.paths:
            return resolved
        elsewhere = "://" in text or text.startswith(("oci:", "git@"))
        problem = f"{quote(text)} is elsewhere" if elsewhere else f"no such file: {quote(text)}"
        self.files.note(path, name.line, f"{problem}; its ports are not read")
        return None

    def _resolved(self, name: str, layer: Layer, chain: tuple[tuple[str, str], ...]) -> Service:
        """A service merged with its bases; `chain` has the services that extend it, and itself."""
        included = layer.included.get(name, Service())
        node = layer.nodes.get(name)
        if node is None:
            return included
        own = merge_services(included, self._service(node, layer.path, layer.project))
        base = self._base(name, node, layer, chain)
        return merge_services(base, own) if base else own

    def _base(
        self, name: str, node: MapNode, layer: Layer, chain: tuple[tuple[str, str], ...]
    ) -> Service | None:
        """The service that a service extends."""
        extends = node.get("extends")
        if extends is None or is_reset(extends):
            return None
        of = inside(extends, "service") if isinstance(extends, MapNode) else extends
        wanted = self._text(of, layer.path, layer.project)
        where = self._extended(extends, layer)
        if where is None or wanted is None:
            return None
        if wanted not in where:
            self.files.note(layer.path, extends.line, f"no service {quote(wanted)} in {quote(where.path)}")
            return None
        if (where.path, wanted) in chain or len(chain) >= _MOST_DEEP:
            self.files.note(
                layer.path, extends.line, f"{quote(name)} extends itself, through {quote(wanted)}"
            )
            return None
        if self.taken > _MOST_TAKEN:
            message = f"more than {_MOST_TAKEN:,} ports and services are extended; no more are read"
            self.files.note(layer.path, 1, message)
            return None
        self.references.extend(layer.path, where.path, wanted)
        base = self._resolved(wanted, where, (*chain, (where.path, wanted)))
        self.taken += 1 + len(base.ports)
        return base

    def _extended(self, extends: Node, layer: Layer) -> Layer | None:
        """The location of an extended service; services that another file includes do not count."""
        file = inside(extends, "file")
        if not isinstance(file, TextNode):
            return layer
        path = self._referred(file, layer.path, layer.project)
        if not path:
            return None
        project = replace(layer.project, directory=parent_directory(path))
        return Layer(path, project, service_nodes(self.files.documents(path)), {})

    def _listeners(self, name: str, service: Service, stack: str, started: bool) -> Iterator[Port]:
        """The ports of a service; none are on the host if the service has no network of its own."""
        if not service.ports and not service.exposed and not service.builds:
            return
        directory, context, dockerfile, whole = self._built(service.builds)
        if dockerfile:
            built = BuiltService(name, directory, context, dockerfile, service.numbers, whole)
            self.files.scan.built[built] = None
        shared = service.network in ("host", "none") or service.network.startswith(("service:", "container:"))
        for kind, published in (("compose", () if shared else service.ports), ("expose", service.exposed)):
            for mapped_, place in published:
                numbers = mapped_.host if kind == "compose" else mapped_.target
                if numbers:
                    yield Port(
                        name,
                        numbers,
                        place,
                        kind,
                        directory,
                        stack,
                        mapped_.address,
                        mapped_.any_one,
                        service.profiles,
                        containers=service.containers,
                        started=started,
                        target=mapped_.target,
                        image="" if service.builds else service.image,
                    )


def _additions(name: str, service: Service, paths: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """Notes on ports that a later file adds, although it may be meant to replace an earlier one."""
    seen: dict[PortRange, PublishedPort] = {}
    for published in service.ports:
        (target, host, _), place = published
        (_, first, _), other = seen.setdefault(target, published)
        if host and first and place.file != other.file and {place.file, other.file} <= set(paths):
            where = f"{quote(other.file)}:{other.line}"
            yield (
                place,
                f"{in_backticks(name)} publishes port {target} of its container as {host}, and also as "
                f"{first} ({where}); to replace that port, write `!override`",
            )
