"""Assigns the ports of a tree to the names in the layout's `ports`.

A compose service `auth` that is built from `services/auth-service/` has the ports of `auth-service`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from structlint.layout.model import AssignedPorts, is_placeholder
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.ports.model import Port, PortRange, distinct
from structlint.ports.products import product
from structlint.text.cases import stem
from structlint.text.paths import name_of, upwards
from structlint.text.quoting import quote

_NODE_PORTS = 30000  # https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport


class PortRegistry:
    """The ports of a survey's tree, each with the name it belongs to in the layout's `ports`."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.assigned: Mapping[str, AssignedPorts] = survey.layout.ports

    def named(self, path: str) -> str:
        """A path of the tree as shown to the user."""
        return self._survey.named(path)

    @property
    def on_hosts(self) -> list[Port]:
        """The ports on hosts, once for each stack."""
        return port_files(self._survey).published.on_hosts

    @cached_property
    def published(self) -> list[Port]:
        """The ports on hosts."""
        return distinct(port_files(self._survey).published.on_hosts)

    @cached_property
    def compared(self) -> list[Port]:
        """The ports that are only compared with those on hosts."""
        files = port_files(self._survey)
        return distinct([*files.published.compared, *map(self._of_service, files.compared.compared)])

    def _of_service(self, port: Port) -> Port:
        """The port, with the service that is built from its file, or whose directory it is in."""
        services = self._built.get(port.place.file if port.kind == "EXPOSE" else port.directory, set())
        name = next(iter(services)) if len(services) == 1 else self._value_above(port)
        return port._replace(service=name) if name else port

    def _value_above(self, port: Port) -> str:
        """The value of a placeholder with a range of ports, of a directory that a port is in; "" if none."""
        for name in self._survey.layout.port_ranges:
            values = self._value_directories.get(name, {})
            for directory in upwards(port.directory) if values else ():
                if directory in values:
                    return values[directory]
        return ""

    @cached_property
    def _built(self) -> dict[str, set[str]]:
        """The services by the Dockerfiles and the directories that they are built from."""
        services: dict[str, set[str]] = {}
        for built in port_files(self._survey).published.built:
            for key in (built.dockerfile, built.directory):
                services.setdefault(key, set()).add(built.service)
        return services

    def owner(self, port: Port) -> str:
        """The name in `ports` for a port's service, or its placeholder; "" if there is neither."""
        directory = name_of(port.directory)
        # The service's own name takes precedence over its build directory, which several services may share.
        for name in (port.service if port.service in self._exact else "", directory, port.service):
            owner = self._named(name) if name else ""
            if owner:
                return owner
        return self._placeholder(port) or self._by_product(port)

    def _by_product(self, port: Port) -> str:
        """The name in `ports` of the product that only this service runs, by its name or image."""
        for text in (port.service, port.image):
            name = product(text)
            if name and len(self._products.get(name, ())) == 1 and len(self._running.get(name, ())) == 1:
                return self._products[name][0]
        return ""

    @cached_property
    def _products(self) -> dict[str, list[str]]:
        """The names in `ports` of each product."""
        names: dict[str, list[str]] = {}
        for name in self._exact:
            names.setdefault(product(name), []).append(name)
        return names

    @cached_property
    def _running(self) -> dict[str, set[str]]:
        """The services of each product by name or image."""
        services: dict[str, set[str]] = {}
        for port in self.published:
            for name in {product(port.service), product(port.image)}:
                services.setdefault(name, set()).add(port.service)
        return services

    def is_container(self, directory: str) -> bool:
        """Whether a directory has a Dockerfile, or a service is built from it."""
        return directory in self._built or directory in self._with_dockerfile

    @cached_property
    def _with_dockerfile(self) -> set[str]:
        names = ("Dockerfile", "Containerfile")
        return {
            path[: -len(name)] for path in self._survey.tree.files for name in names if path.endswith(name)
        }

    def holding(self, port: Port) -> tuple[str, str]:
        """The owner of a port; a placeholder together with the stem of the service's value."""
        owner = self.owner(port)
        return owner, self._value(owner[1:-1], port) if is_placeholder(owner) else ""

    def holder(self, numbers: PortRange) -> str:
        """The name, other than a placeholder, to which `ports` assigns one of these numbers; "" if none."""
        return next((name for given, name in self._given if given.overlaps(numbers)), "")

    def is_given(self, owner: str, port: Port) -> bool:
        """Whether `ports` assigns a port to this name."""
        numbers = self.assigned[owner].numbers
        if is_placeholder(owner) and self.holder(port.numbers):
            return False  # in the range, but assigned to another name
        if port.any_one:
            return any(given.overlaps(port.numbers) for given in numbers)
        return any(given.covers(port.numbers) for given in numbers)

    @cached_property
    def _given(self) -> list[tuple[PortRange, str]]:
        """The numbers that `ports` assigns to names other than placeholders."""
        assigned = self.assigned.items()
        return [
            (given, name) for name, port in assigned if not is_placeholder(name) for given in port.numbers
        ]

    def is_compared(self, port: Port) -> bool:
        """Whether `ports` applies to a port. It applies to node ports only if it lists node ports."""
        return port.kind != "nodePort" or any(
            given.last >= _NODE_PORTS for assigned in self.assigned.values() for given in assigned.numbers
        )

    def free(self, numbers: PortRange) -> int | None:
        """The lowest of these ports that no file uses and `ports` does not assign."""
        taken = [port.numbers for port in (*self.published, *self.compared)]
        taken += [given for given, _ in self._given]
        number = numbers.first
        for other in sorted(taken):
            if other.first <= number <= other.last:
                number = other.last + 1
        return number if number <= numbers.last else None

    def undeclared(self) -> tuple[dict[str, str], list[str]]:
        """The services to add to `ports`, with their ports as YAML, and the reasons for omitting others."""
        undeclared: dict[str, dict[PortRange, Port]] = {}
        for port in self.published:
            if self.is_compared(port) and not self.owner(port):
                numbers = port.numbers._replace(protocol=_unless_tcp(port))
                undeclared.setdefault(port.service, {})[numbers] = port
        taken = list(self._given)
        added, left_out = {}, []
        for service, ports in undeclared.items():
            overlaps = [(port, name) for port in ports for given, name in taken if given.overlaps(port)]
            if overlaps:
                number, name = overlaps[0]
                left_out.append(f"`{quote(service)}` publishes port {number} of `{quote(name)}`")
                continue
            taken += [(port, service) for port in ports]
            texts = list(map(str, sorted(ports)))
            added[service] = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
        return added, left_out

    def _named(self, name: str) -> str:
        """The name in `ports` that equals a name, or the only one with the same stem."""
        if name in self._exact:
            return self._exact[name]
        alike = self._by_stem.get(stem(name), [])
        return alike[0] if len(alike) == 1 else ""

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {name: name for name in self.assigned if not is_placeholder(name)}

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        by_stem: dict[str, list[str]] = {}
        for name in self._exact:
            by_stem.setdefault(stem(name), []).append(name)
        return by_stem

    def _placeholder(self, port: Port) -> str:
        """The placeholder with a range of ports that has a port's service as a value."""
        for name in self._survey.layout.port_ranges:
            if self._value(name, port):
                return f"<{name}>"
        return ""

    def _value(self, placeholder: str, port: Port) -> str:
        """The stem of a port's service as the value of a placeholder; "" if it is not a value."""
        values = self._value_directories.get(placeholder, {})
        for directory in upwards(port.directory) if values else ():
            if directory in values:
                return stem(values[directory]) or values[directory]
        name = stem(port.service)
        return (name or port.service) if name in self._value_stems.get(placeholder, ()) else ""

    @cached_property
    def _value_directories(self) -> dict[str, dict[str, str]]:
        """The values of each placeholder by the first directory that has the value."""
        return {
            name: {path: value for value, path in values.items() if path.endswith("/")}
            for name, values in self._values.items()
        }

    @cached_property
    def _values(self) -> dict[str, dict[str, str]]:
        """The values of each placeholder in the tree, with the first path that has the value."""
        values: dict[str, dict[str, str]] = {}
        for match in self._survey.path_matches:
            for name, value in match.values.items():
                values.setdefault(name, {}).setdefault(value, match.path)
        return values

    @cached_property
    def _value_stems(self) -> dict[str, set[str]]:
        return {name: {stem(value) for value in values} for name, values in self._values.items()}


def port_registry(survey: Survey) -> PortRegistry:
    """The port registry of a survey."""
    return survey.once(PortRegistry)


def _unless_tcp(port: Port) -> str:
    return "" if port.numbers.protocol == "tcp" else port.numbers.protocol
