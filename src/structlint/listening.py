"""Whose the ports are that files name: a compose service `auth`, built from `services/auth-service/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from structlint.layout.model import Assigned, is_placeholder
from structlint.naming import stem
from structlint.ports.port import ON_HOST, Port, distinct
from structlint.survey import Survey

_NODE_PORTS = 30000  # https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport


class Listening:
    """The ports of a survey's tree, each with the name it has in the layout's `ports`."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.assigned: Mapping[str, Assigned] = survey.layout.ports
        found = distinct(survey.published.ports)
        self.published = [port for port in found if port.kind in ON_HOST]
        self._inside = [port for port in found if port.kind not in ON_HOST]

    @cached_property
    def said(self) -> list[Port]:
        """The ports that are named for comparison only."""
        return [*self._inside, *distinct(self.survey.said.ports)]

    def owner(self, port: Port) -> str:
        """The name that a port's service has in `ports`, of a placeholder if it is one of many; or ""."""
        step = port.directory.rstrip("/").rpartition("/")[2]
        for called in (step, port.service):
            named = self._named(called) if called else ""
            if named:
                return named
        return self._placeholder(port)

    def is_compared(self, port: Port) -> bool:
        """Whether `ports` speaks of such a port; it may leave the ports of nodes to the cluster."""
        return port.kind != "nodePort" or any(
            each.last >= _NODE_PORTS for assigned in self.assigned.values() for each in assigned.numbers
        )

    def _named(self, called: str) -> str:
        """The name in `ports` that is this one, or the only one that is much the same."""
        if called in self._exact:
            return self._exact[called]
        alike = self._alike.get(stem(called), [])
        return alike[0] if len(alike) == 1 else ""

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {name: name for name in self.assigned if not is_placeholder(name)}

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        return _by_stem(self._exact)

    def _placeholder(self, port: Port) -> str:
        for name in self.survey.layout.port_ranges:
            values = self._values.get(name, {})
            above = any(port.directory.startswith(path) for path in values.values() if path.endswith("/"))
            if (port.directory and above) or stem(port.service) in self._value_stems.get(name, ()):
                return f"<{name}>"
        return ""

    @cached_property
    def _values(self) -> dict[str, dict[str, str]]:
        """What each placeholder stands for in the tree, and the first path that has it."""
        found: dict[str, dict[str, str]] = {}
        for governed in self.survey.governed:
            for name, value in governed.values.items():
                found.setdefault(name, {}).setdefault(value, governed.path)
        return found

    @cached_property
    def _value_stems(self) -> dict[str, set[str]]:
        return {name: {stem(value) for value in values} for name, values in self._values.items()}


def _by_stem(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(stem(name), []).append(name)
    return found
