"""Published ports of compose files, https://docs.docker.com/reference/compose-file/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Values
from dataclasses import dataclass, field, replace
from posixpath import dirname
from typing import NamedTuple

from structlint.errors import Problem
from structlint.finding import Place
from structlint.ports.compose.interpolation import BadVariable, Unresolved, interpolated
from structlint.ports.compose.mapping import Mapped, mapped, read_short
from structlint.ports.dotenv import variables
from structlint.ports.files import Files, beside, inside, is_compose, listed, scalars, text_of
from structlint.ports.model import Port
from structlint.ports.numbers import BadPort, read_numbers
from structlint.text.quoting import quote, shortened
from structlint.yaml_nodes import Mapping, Node, Scalar

# In the order in which compose looks for them.
_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_MOST_DEEP = 20  # of what extends or includes one another
_MOST_PROJECTS = 10_000  # that are included, however often each
_MOST_TAKEN = 100_000  # ports and services that are taken over by `extends`
_MOST_TRIMMED = 300  # ports of one service that are held against its ranges
_UNSET = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?\?[^{}]*)?\})")  # a variable that brings no value of its own
_UNSET_TARGET = re.compile(rf"(.+:){_UNSET.pattern}(/\w+)?")


@dataclass(frozen=True)
class _Project:
    """What compose is started with: the directory that paths are seen from, and the variables.

    `chain` are the files that include the one that is read.
    """

    directory: str
    values: Values[str, str]
    chain: tuple[str, ...] = ()


class _Published(NamedTuple):
    """One item of `ports`, as it is after its variables have got their values."""

    mapped: Mapped
    place: Place


class _Build(NamedTuple):
    """What is said at one place of how a service is built."""

    node: Node
    path: str
    project: _Project


@dataclass(frozen=True)
class _Service:
    """A service as far as it is known: of one file, or of several that are merged."""

    ports: tuple[_Published, ...] = ()
    exposed: tuple[_Published, ...] = ()
    profiles: frozenset[str] = frozenset()
    builds: tuple[_Build, ...] = ()
    network: str = ""
    # Keys that take the place of what was there, and add nothing to it.
    replaces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Layer:
    """What one document says of services, and those it includes."""

    path: str
    project: _Project
    nodes: dict[str, Mapping]
    included: dict[str, _Service]

    def __contains__(self, name: str) -> bool:
        return name in self.nodes or name in self.included


@dataclass
class Compose:
    """Reads the compose files of a tree."""

    files: Files
    unresolved: dict[Place, tuple[str, ...]] = field(default_factory=dict)  # variables that have no value
    resolved: set[Place] = field(default_factory=set)  # texts whose variables have one in some project
    included: int = 0
    taken: int = 0

    def ports(self) -> Iterator[Port]:
        """The ports of every project: published ones, and those that are named for comparison only."""
        directories: dict[str, list[str]] = {}
        for path in filter(is_compose, self.files.yaml):
            directories.setdefault(_directory(path), []).append(path)
        for directory, paths in directories.items():
            for stack in self._stacks(directory, paths):
                yield from self._of_stack(directory, stack)
        self._tell_unresolved()

    def _stacks(self, directory: str, paths: list[str]) -> Iterator[tuple[str, ...]]:
        """The files of each project that the files of a directory can be started as."""
        base = next((directory + name for name in _DEFAULTS if directory + name in paths), None)
        over = next((directory + name for name in _OVERRIDES if directory + name in paths), None)
        first = self._chosen(directory) or tuple(path for path in (base, over) if base and path)
        if first:
            yield first
        known = self._project((base,), self._started_in(directory)) if base else {}
        for path in paths:
            if path not in first:
                yield (base, path) if base and path != base and self._completes(path, known) else (path,)

    def _chosen(self, directory: str) -> tuple[str, ...]:
        """The files that `COMPOSE_FILE` names instead of the default ones, as far as they are there."""
        values = self._started_in(directory).values
        names = values.get("COMPOSE_FILE", "").split(values.get("COMPOSE_PATH_SEPARATOR") or ":")
        found = (beside(directory, name.strip()) for name in names)
        return tuple(dict.fromkeys(path for path in found if path in self.files.paths and path))

    def _completes(self, path: str, known: Iterable[str]) -> bool:
        """Whether a file has a service that cannot run without what another file says."""
        services = {key.text: node for document in self._documents(path) for key, node in _services(document)}
        needed = {name for node in services.values() for name in _needed(node)} - services.keys()
        needed |= {name for name, node in services.items() if not _is_whole(node)}
        return not needed.isdisjoint(known)

    def _documents(self, path: str) -> Iterator[Mapping]:
        """The documents of a file; compose merges each into those before it."""
        return (node for node in self.files.nodes(path) if isinstance(node, Mapping))

    def _of_stack(self, directory: str, stack: tuple[str, ...]) -> Iterator[Port]:
        for name, service in self._project(stack, self._started_in(directory)).items():
            yield from self._listeners(name, service, stack[-1])

    def _started_in(self, directory: str) -> _Project:
        return _Project(directory, self._variables(f"{directory}.env", {}))

    def _variables(self, path: str, known: Values[str, str]) -> dict[str, str]:
        return variables(self.files.text(path), known) if path in self.files.paths else {}

    def _project(self, paths: tuple[str, ...], project: _Project) -> dict[str, _Service]:
        """The services of files that are merged in this order, with those they include."""
        services: dict[str, _Service] = {}
        for path in paths:
            for document in self._documents(path):
                self._tell_no_services(document, path)
                layer = self._layer(document, path, project)
                services = {name: services[name] for name in services if not _is_afresh(document, name)}
                for name in dict.fromkeys((*layer.included, *layer.nodes)):
                    found = self._resolved(name, layer, ((path, name),))
                    services[name] = _merged(services[name], found) if name in services else found
        # What is reset or overridden is that of these files, not of the one that includes them.
        return {name: replace(service, replaces=frozenset()) for name, service in services.items()}

    def _tell_no_services(self, document: Mapping, path: str) -> None:
        """Tells what an author may take for services, and compose does not."""
        said = document.get("services")
        if said is not None and not isinstance(said, Mapping) and (listed(said) or text_of(said)):
            self.files.told(path, said.line, "`services` gives each service a name; no ports are read")
        old = next(
            (each for each, node in document.items if inside(node, "ports") and each.text[:2] != "x-"), None
        )
        if said is None and old:
            told = f"{quote(old.text)} is no service, it is not in `services`; no ports are read"
            self.files.told(path, old.line, told)

    def _layer(self, document: Mapping, path: str, project: _Project) -> _Layer:
        included: dict[str, _Service] = {}
        for services in self._included(document, path, project):
            for name, service in services.items():
                included[name] = _merged(service, included[name]) if name in included else service
        return _Layer(path, project, _nodes([document]), included)

    def _included(self, document: Mapping, path: str, project: _Project) -> Iterator[dict[str, _Service]]:
        for node in self._list(document.get("include"), "include", path):
            names = scalars(inside(node, "path")) if isinstance(node, Mapping) else scalars(node)
            paths = [found for name in names if (found := self._referred(name, path, project))]
            if not paths:
                continue
            self.included += 1
            if self.included > _MOST_PROJECTS:
                self.files.told(
                    path, node.line, f"more than {_MOST_PROJECTS:,} files are included; no more are read"
                )
                return
            if set(paths) & {path, *project.chain} or len(project.chain) >= _MOST_DEEP:
                self.files.told(path, node.line, f"{quote(paths[0])} includes this file in turn")
                continue
            yield self._project(tuple(paths), self._of_include(node, paths[0], path, project))

    def _of_include(self, node: Node, first: str, path: str, project: _Project) -> _Project:
        """The surroundings of an included project: its own directory and variables, below those known."""
        directory = _directory(first)
        named = self._text(inside(node, "project_directory"), path, project)
        if named and (found := beside(project.directory, named)) is not None:
            directory = found and f"{found}/"
        texts = [self._text(each, path, project) for each in scalars(inside(node, "env_file"))]
        env_files = [beside(project.directory, text or "") for text in texts]
        own: dict[str, str] = {}
        for env_file in env_files or [f"{directory}.env"]:
            own |= self._variables(env_file, own | dict(project.values)) if env_file else {}
        return _Project(directory, {**own, **project.values}, (*project.chain, path))

    def _referred(self, name: Scalar, path: str, project: _Project) -> str | None:
        """The path of a file that another one names; None, and told, if it is not in the tree."""
        text = self._text(name, path, project)
        if text is None:
            return None
        found = beside(project.directory, text)
        if found in self.files.paths:
            return found
        elsewhere = "://" in text or text.startswith(("oci:", "git@"))
        said = f"{quote(text)} is elsewhere" if elsewhere else f"there is no file {quote(text)}"
        self.files.told(path, name.line, f"{said}; its ports are not read")
        return None

    def _resolved(self, name: str, layer: _Layer, chain: tuple[tuple[str, str], ...]) -> _Service:
        """A service of a document, with what it extends; `chain` are those that extend it, and itself."""
        included = layer.included.get(name, _Service())
        node = layer.nodes.get(name)
        if node is None:
            return included
        own = _merged(included, self._service(node, layer.path, layer.project))
        base = self._base(name, node, layer, chain)
        return _merged(base, own) if base else own

    def _base(
        self, name: str, node: Mapping, layer: _Layer, chain: tuple[tuple[str, str], ...]
    ) -> _Service | None:
        """The service that a service extends."""
        said = node.get("extends")
        if said is None or _is_reset(said):
            return None
        of = inside(said, "service") if isinstance(said, Mapping) else said
        wanted = self._text(of, layer.path, layer.project)
        where = self._extended(said, layer)
        if where is None or wanted is None:
            return None
        if wanted not in where:
            self.files.told(
                layer.path, said.line, f"there is no service {quote(wanted)} in {quote(where.path)}"
            )
            return None
        if (where.path, wanted) in chain or len(chain) >= _MOST_DEEP:
            self.files.told(layer.path, said.line, f"{quote(name)} extends itself, through {quote(wanted)}")
            return None
        if self.taken > _MOST_TAKEN:
            told = f"more than {_MOST_TAKEN:,} ports and services are extended; no more are read"
            self.files.told(layer.path, 1, told)
            return None
        base = self._resolved(wanted, where, (*chain, (where.path, wanted)))
        self.taken += 1 + len(base.ports)
        return base

    def _extended(self, said: Node, layer: _Layer) -> _Layer | None:
        """Where the service stands that is extended; what another file includes does not count."""
        file = inside(said, "file")
        if not isinstance(file, Scalar):
            return layer
        path = self._referred(file, layer.path, layer.project)
        if not path:
            return None
        project = replace(layer.project, directory=_directory(path))
        return _Layer(path, project, _nodes(self._documents(path)), {})

    def _service(self, node: Mapping, path: str, project: _Project) -> _Service:
        build = node.get("build")
        # A profile whose name is not known is one that others do not have.
        profiles = ((self._text(each, path, project), each.text) for each in _items(node.get("profiles")))
        return _Service(
            ports=_added((), self._published(node, path, project)),
            exposed=_added((), self._exposed(node, path, project)),
            profiles=frozenset(written if text is None else text for text, written in profiles),
            builds=() if build is None or _is_reset(build) else (_Build(build, path, project),),
            network=self._text(node.get("network_mode"), path, project) or "",
            replaces=frozenset(key.text for key, each in node.items if each.tag in ("!reset", "!override")),
        )

    def _published(self, node: Mapping, path: str, project: _Project) -> Iterator[_Published]:
        for item in self._list(node.get("ports"), "ports", path):
            try:
                found = self._one(item, path, project)
            except BadPort as error:
                shown = shortened(item.text) if isinstance(item, Scalar) else "this"
                self.files.told(path, item.line, f"{shown} is no port: {error}", item.column)
            else:
                if found:
                    yield _Published(found, Place(path, item.line, item.column))

    def _list(self, node: Node | None, key: str, path: str) -> tuple[Node, ...]:
        """The items of what has to be a list; if it is none, that is told."""
        if node is None or _is_reset(node):
            return ()
        if isinstance(node, Mapping) or text_of(node):
            self.files.told(path, node.line, f"`{key}` is a list; write `- ` before each")
        return tuple(each for each in listed(node) if not _is_reset(each))

    def _one(self, item: Node, path: str, project: _Project) -> Mapped | None:
        """What an item of `ports` stands for; None if a variable has no value. Raises `BadPort`."""
        if isinstance(item, Mapping):
            return self._long(item, path, project)
        text = self._text(_with_target(item, project), path, project)
        found = read_short(text) if text is not None else None
        # Whether a range is one port or all of them, the port of the container tells.
        known = (found and not found.any_one) or self._text(item, path, project) is not None
        return found if known else None

    def _long(self, item: Mapping, path: str, project: _Project) -> Mapped | None:
        parts = ("target", "published", "host_ip", "protocol")
        for part in parts:
            if not isinstance(item.get(part), Scalar | None):
                raise BadPort(f"its `{part}` is one value, no list and no mapping")
        texts = [self._text(item.get(part), path, project) for part in parts]
        if any(text is None for text in texts):
            return None
        target, published, address, protocol = (text or "" for text in texts)
        if not target:
            raise BadPort("it has no `target`, the port of the container")
        return mapped(target, published, address, protocol)

    def _exposed(self, node: Mapping, path: str, project: _Project) -> Iterator[_Published]:
        for item in _items(node.get("expose")):
            try:
                if text := self._text(item, path, project):
                    found = Mapped(read_numbers(text, "tcp"), None)
                    yield _Published(found, Place(path, item.line, item.column))
            except BadPort as error:
                self.files.told(path, item.line, f"{shortened(item.text)} is no port: {error}", item.column)

    def _listeners(self, name: str, service: _Service, stack: str) -> Iterator[Port]:
        """The ports of a service, none on the host where it has no network of its own."""
        if not service.ports and not service.exposed:
            return
        directory = self._built(service.builds)
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
                        f"compose {stack}",
                        mapped_.address,
                        mapped_.any_one,
                        service.profiles,
                    )

    def _built(self, builds: tuple[_Build, ...]) -> str:
        """The directory a service is built from, with a trailing "/"; "" for the root, and where none is."""
        found: str | None = None
        recipe = ""
        for number, (node, path, project) in enumerate(builds):
            context = inside(node, "context") if isinstance(node, Mapping) else node
            if context is not None or not number:
                text = self._text(context, path, project) if context is not None else "."
                found = beside(project.directory, text or "")
            recipe = self._text(inside(node, "dockerfile"), path, project) or recipe
        if found is None:
            return ""
        below = beside(found and f"{found}/", recipe) if recipe else None
        deeper = dirname(below) if below else ""
        where = deeper if deeper.startswith(found) and len(deeper) > len(found) else found
        return where and f"{where}/"

    def _text(self, node: Node | None, path: str, project: _Project) -> str | None:
        """A text with the values of its variables; "" if there is none, None if a variable has no value."""
        text = text_of(node)
        if node is None or _is_reset(node):
            return ""
        if "$" not in text:
            return text
        place = Place(path, node.line, node.column)
        try:
            found = interpolated(text, project.values)
        except Unresolved as error:
            self.unresolved[place] = error.names
        except BadVariable as error:
            self.files.told(path, node.line, f"{shortened(text)}: {error}")
        else:
            self.resolved.add(place)
            return found
        return None

    def _tell_unresolved(self) -> None:
        """Tells the variables of each file that have no value in any of the projects it is in."""
        names: dict[str, dict[str, int]] = {}
        for place in sorted(self.unresolved.keys() - self.resolved):
            for name in self.unresolved[place]:
                names.setdefault(place.file, {}).setdefault(name, place.line)
        for path, lines in names.items():
            have = "has" if len(lines) == 1 else "have"
            said = f"{', '.join(lines)} {have} no value here; what depends on it is not checked"
            self.files.sighted.unresolved.append(Problem(path, min(lines.values()), 1, said))


def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _services(document: Mapping) -> tuple[tuple[Scalar, Node], ...]:
    services = document.get("services")
    return services.items if isinstance(services, Mapping) and not _is_reset(services) else ()


def _nodes(documents: Iterable[Mapping]) -> dict[str, Mapping]:
    """The services of documents that are not taken away, by name."""
    services = (each for document in documents for each in _services(document))
    return {key.text: node for key, node in services if isinstance(node, Mapping) and not _is_reset(node)}


def _is_afresh(document: Mapping, name: str) -> bool:
    """Whether a document takes away or replaces all that was said of a service before."""
    nodes = (document.get("services"), inside(document, "services", name))
    return any(node is not None and node.tag in ("!reset", "!override") for node in nodes)


def _is_whole(node: Node) -> bool:
    return isinstance(node, Mapping) and any(
        key.text in ("image", "build", "extends", "provider") for key, _ in node.items
    )


def _needed(node: Node) -> Iterator[str]:
    """The services that a service depends on; without them compose does not start it."""
    said = inside(node, "depends_on")
    yield from (
        (key.text for key, _ in said.items) if isinstance(said, Mapping) else map(text_of, listed(said))
    )
    network = text_of(inside(node, "network_mode"))
    if network.startswith("service:"):
        yield network.removeprefix("service:")


def _is_reset(node: Node | None) -> bool:
    return node is not None and node.tag == "!reset"


def _items(node: Node | None) -> list[Scalar]:
    """The texts of a list, but those that are taken away."""
    return [] if _is_reset(node) else [each for each in scalars(node) if not _is_reset(each)]


def _with_target(item: Node, project: _Project) -> Node:
    """An item with some port for one of the container that is not known: that of the host is all the same."""
    unset = _UNSET_TARGET.fullmatch(text_of(item))
    if not isinstance(item, Scalar) or not unset or (unset[2] or unset[3]) in project.values:
        return item
    return item._replace(text=f"{unset[1]}1{unset[4] or ''}")


def _added(far: Iterable[_Published], near: Iterable[_Published]) -> tuple[_Published, ...]:
    """What is said first and what is said later; of what both say the later counts."""
    found = tuple({each.mapped.key: each for each in (*far, *near)}.values())
    if len(found) > _MOST_TRIMMED or not any(each.mapped.is_range for each in found):
        return found
    trimmed: list[_Published] = []
    for each in found:
        trimmed = [left._replace(mapped=rest) for left in trimmed for rest in left.mapped.less(each.mapped)]
        trimmed.append(each)
    return tuple(trimmed)


def _merged(before: _Service, after: _Service) -> _Service:
    """A service with what a later file says of it: lists add up, a port of the same form is replaced."""
    gone = after.replaces
    return _Service(
        ports=_added(() if "ports" in gone else before.ports, after.ports),
        exposed=_added(() if "expose" in gone else before.exposed, after.exposed),
        profiles=after.profiles | (frozenset() if "profiles" in gone else before.profiles),
        builds=(*(() if "build" in gone else before.builds), *after.builds),
        network=after.network or ("" if "network_mode" in gone else before.network),
        replaces=gone,
    )
