"""Published ports of compose files, https://docs.docker.com/reference/compose-file/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Values
from dataclasses import dataclass, field, replace
from posixpath import dirname, join

from structlint.document import Mapping, Node, Scalar
from structlint.errors import Problem
from structlint.finding import Place
from structlint.ports.dotenv import variables
from structlint.ports.files import Files, beside, inside, listed, scalars, text_of
from structlint.ports.interpolation import BadVariable, Unresolved, interpolated
from structlint.ports.mapping import Mapped, mapped, read_short
from structlint.ports.numbers import BadPort, read_numbers
from structlint.ports.port import Port
from structlint.quoting import quote, shortened

_NAME = re.compile(r"(?:docker-|podman-)?compose(?:[._-][^/]*)?\.ya?ml", re.IGNORECASE)
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


@dataclass(frozen=True)
class _Published:
    """One item of `ports`, as it is after its variables have got their values."""

    mapped: Mapped
    place: Place


@dataclass(frozen=True)
class _Service:
    """A service as far as it is known: of one file, or of several that are merged."""

    name: str
    ports: tuple[_Published, ...] = ()
    exposed: tuple[_Published, ...] = ()
    profiles: frozenset[str] = frozenset()
    directory: str = ""
    network: str = ""
    replaces: frozenset[str] = (
        frozenset()
    )  # keys that take the place of what was there, and add nothing to it


@dataclass(frozen=True)
class _Project:
    """What compose is started with: the directory that paths are seen from, and the variables."""

    directory: str
    values: Values[str, str]
    chain: tuple[str, ...] = ()


def is_compose(path: str) -> bool:
    """Whether a file is read as a compose file, by its name."""
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


@dataclass
class Compose:
    """Reads the compose files of a tree."""

    files: Files
    unresolved: dict[str, dict[str, int]] = field(default_factory=dict)  # by file: variables and lines
    included: int = 0

    def ports(self) -> Iterator[Port]:
        """The ports of every project: published ones, and those that are named for comparison only."""
        directories: dict[str, list[str]] = {}
        for path in sorted(filter(is_compose, self.files.paths)):
            directories.setdefault(_directory(path), []).append(path)
        for directory, paths in directories.items():
            for stack in self._stacks(directory, paths):
                yield from self._of_stack(directory, stack)
        self._tell_unresolved()

    def _stacks(self, directory: str, paths: list[str]) -> Iterator[tuple[str, ...]]:
        """The files of each project that the files of a directory can be started as."""
        base = next((directory + name for name in _DEFAULTS if directory + name in paths), None)
        over = next((directory + name for name in _OVERRIDES if directory + name in paths), None)
        if base:
            yield (base, over) if over else (base,)
        for path in paths:
            if path != base and (path != over or not base):
                yield (base, path) if base and self._completes(path, base) else (path,)

    def _completes(self, path: str, base: str) -> bool:
        """Whether a file has a service that cannot run without what another file says of it."""
        known = {key.text for key, _ in _services(self._document(base))}
        return any(key.text in known and not _is_whole(node) for key, node in _services(self._document(path)))

    def _document(self, path: str) -> Mapping | None:
        nodes = self.files.nodes(path)
        return nodes[0] if nodes and isinstance(nodes[0], Mapping) else None

    def _of_stack(self, directory: str, stack: tuple[str, ...]) -> Iterator[Port]:
        project = _Project(directory, self._variables(directory + ".env"))
        for service in self._project(stack, project).values():
            yield from _listeners(service, stack[0] if len(stack) == 1 else stack[-1])

    def _variables(self, path: str) -> dict[str, str]:
        return variables(self.files.text(path)) if path in self.files.paths else {}

    def _project(self, paths: tuple[str, ...], project: _Project) -> dict[str, _Service]:
        """The services of files that are merged in this order, with those they include."""
        services: dict[str, _Service] = {}
        for path in paths:
            document = self._document(path)
            for included in self._included(document, path, project):
                services = included | services
            for key, node in _services(document):
                if _reset(node):
                    services.pop(key.text, None)
                elif isinstance(node, Mapping):
                    service = self._service(key.text, node, path, project)
                    before = services.get(key.text)
                    services[key.text] = _merged(before, service) if before and not _over(node) else service
        return services

    def _included(
        self, document: Mapping | None, path: str, project: _Project
    ) -> Iterator[dict[str, _Service]]:
        for node in listed(inside(document, "include")):
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
        named = inside(node, "project_directory")
        if isinstance(named, Scalar) and (found := beside(project.directory, named.text)) is not None:
            directory = found and f"{found}/"
        env_files = [beside(project.directory, each.text) for each in scalars(inside(node, "env_file"))]
        own: dict[str, str] = {}
        for env_file in env_files or [f"{directory}.env"]:
            own |= self._variables(env_file) if env_file else {}
        return _Project(directory, {**own, **project.values}, (*project.chain, path))

    def _referred(self, name: Scalar, path: str, project: _Project) -> str | None:
        """The path of a file that another one names; None, and told, if it is not in the tree."""
        text = self._text(name, path, project)
        if text is None:
            return None
        found = beside(_directory(path), text)
        if found in self.files.paths:
            return found
        if "://" not in text and not text.startswith("oci:"):
            self.files.told(path, name.line, f"there is no file {quote(text)}; its ports are not read")
        return None

    def _service(self, name: str, node: Mapping, path: str, project: _Project) -> _Service:
        own = _Service(
            name,
            ports=tuple(self._published(node, path, project)),
            exposed=tuple(self._exposed(node, path, project)),
            profiles=frozenset(
                text for each in scalars(node.get("profiles")) if (text := self._text(each, path, project))
            ),
            directory=self._built(node.get("build"), path, project),
            network=self._text(node.get("network_mode"), path, project) or "",
            replaces=frozenset(key.text for key, each in node.items if _over(each) or _reset(each)),
        )
        base = self._extended(name, node, path, project)
        return _merged(base, own) if base else own

    def _extended(self, name: str, node: Mapping, path: str, project: _Project) -> _Service | None:
        """The service that a service extends."""
        said = node.get("extends")
        if said is None or _reset(said):
            return None
        of = inside(said, "service") if isinstance(said, Mapping) else said
        file = inside(said, "file")
        where = self._referred(file, path, project) if isinstance(file, Scalar) else path
        wanted = text_of(of)
        if not where or not wanted:
            return None
        step = f"{where}\0{wanted}"
        if step in project.chain or len(project.chain) >= _MOST_DEEP or (where, wanted) == (path, name):
            self.files.told(path, said.line, f"{quote(name)} extends itself, through {quote(wanted)}")
            return None
        found = next((each for key, each in _services(self._document(where)) if key.text == wanted), None)
        if not isinstance(found, Mapping):
            self.files.told(path, said.line, f"there is no service {quote(wanted)} in {quote(where)}")
            return None
        deeper = replace(project, directory=_directory(where), chain=(*project.chain, step))
        return replace(self._service(wanted, found, where, deeper), name=name)

    def _published(self, node: Mapping, path: str, project: _Project) -> Iterator[_Published]:
        if (said := node.get("ports")) and text_of(said) and not _over(said):
            self.files.told(path, said.line, "`ports` is a list; write `- ` before each")
        for item in listed(said):
            place = Place(path, item.line, item.column)
            try:
                if isinstance(item, Mapping):
                    found = self._long(item, path, project)
                else:
                    text = self._text(item, path, project)
                    found = read_short(text) if text is not None else None
            except BadPort as error:
                shown = shortened(item.text) if isinstance(item, Scalar) else "this"
                self.files.told(path, item.line, f"{shown} is no port: {error}", item.column)
            else:
                if found:
                    yield _Published(found, place)

    def _long(self, item: Mapping, path: str, project: _Project) -> Mapped | None:
        parts = ("target", "published", "host_ip", "protocol")
        texts = [self._text(item.get(part), path, project) for part in parts]
        if any(text is None for text in texts):
            return None
        target, published, address, protocol = (text or "" for text in texts)
        return mapped(target, published, address, protocol)

    def _exposed(self, node: Mapping, path: str, project: _Project) -> Iterator[_Published]:
        for item in scalars(node.get("expose")):
            try:
                if text := self._text(item, path, project):
                    yield _Published(
                        Mapped(read_numbers(text, "tcp"), None), Place(path, item.line, item.column)
                    )
            except BadPort as error:
                self.files.told(path, item.line, f"{shortened(item.text)} is no port: {error}", item.column)

    def _built(self, build: Node | None, path: str, project: _Project) -> str:
        """The directory a service is built from, with a trailing "/"; "" for the root, and where none is."""
        context = build.get("context") if isinstance(build, Mapping) else build
        text = self._text(context, path, project) if context else "."
        found = beside(project.directory, text or "") if build else None
        if found is None:
            return ""
        recipe = self._text(inside(build, "dockerfile"), path, project)
        deeper = dirname(join(found, recipe)) if recipe and beside(found and f"{found}/", recipe) else ""
        where = deeper if deeper.startswith(found) and len(deeper) > len(found) else found
        return where and f"{where}/"

    def _text(self, node: Node | None, path: str, project: _Project) -> str | None:
        """A text with the values of its variables; "" if there is none, None if a variable has no value."""
        text = text_of(node)
        if "$" not in text or node is None:
            return text
        try:
            return interpolated(text, project.values)
        except Unresolved as error:
            known = self.unresolved.setdefault(path, {})
            for name in error.names:
                known.setdefault(name, node.line)
        except BadVariable as error:
            self.files.told(path, node.line, f"{shortened(text)}: {error}")
        return None

    def _tell_unresolved(self) -> None:
        for path, names in self.unresolved.items():
            have = "has" if len(names) == 1 else "have"
            said = f"{', '.join(names)} {have} no value here; what depends on it is not checked"
            self.files.sighted.unresolved.append(Problem(path, min(names.values()), 1, said))


def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _services(document: Mapping | None) -> tuple[tuple[Scalar, Node], ...]:
    services = inside(document, "services")
    return services.items if isinstance(services, Mapping) else ()


def _is_whole(node: Node) -> bool:
    return isinstance(node, Mapping) and any(
        key.text in ("image", "build", "extends", "provider") for key, _ in node.items
    )


def _reset(node: Node) -> bool:
    return node.tag == "!reset"


def _over(node: Node) -> bool:
    return node.tag == "!override"


def _merged(before: _Service, after: _Service) -> _Service:
    """A service with what a later file says of it: lists add up, a port of the same form is replaced."""

    def added(name: str, far: tuple[_Published, ...], near: tuple[_Published, ...]) -> tuple[_Published, ...]:
        kept = () if name in after.replaces else far
        return tuple({each.mapped: each for each in (*kept, *near)}.values())

    return _Service(
        after.name,
        ports=added("ports", before.ports, after.ports),
        exposed=added("expose", before.exposed, after.exposed),
        profiles=after.profiles | (frozenset() if "profiles" in after.replaces else before.profiles),
        directory=after.directory or ("" if "build" in after.replaces else before.directory),
        network=after.network or ("" if "network_mode" in after.replaces else before.network),
        replaces=before.replaces,
    )


def _listeners(service: _Service, stack: str) -> Iterator[Port]:
    """The ports of a service, none on the host where it shares the network of something else."""
    shared = service.network == "host" or service.network.startswith(("service:", "container:"))
    common = Port(
        service.name, read_numbers("1"), Place("", 1), "compose", service.directory, f"compose {stack}"
    )
    common = replace(common, profiles=service.profiles)
    for each in () if shared else service.ports:
        if each.mapped.host:
            yield replace(
                common,
                numbers=each.mapped.host,
                place=each.place,
                address=each.mapped.address,
                any_one=each.mapped.any_one,
            )
    for each in service.exposed:
        yield replace(common, numbers=each.mapped.target, place=each.place, kind="expose")
