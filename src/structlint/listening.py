"""Whose the ports are that files name: a compose service `auth`, built from `services/auth-service/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from structlint.finding import Place
from structlint.layout.model import Assigned, is_placeholder
from structlint.naming import stem
from structlint.ports.conflicts import Conflict, conflicts
from structlint.ports.numbers import Numbers
from structlint.ports.port import Port, distinct
from structlint.quoting import quote
from structlint.survey import Survey

_NODE_PORTS = 30000  # https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one port: where it is named, and how that agrees with `ports` and the others.

    `port` is None for a name in `ports` that nothing publishes. `owner` is the name in `ports`, `given` what
    stands there. `state` is `ok`, `conflict`, `mismatch`, `unknown`, `unused` or `compared`; `said` tells
    more.
    """

    port: Port | None
    place: Place
    owner: str
    given: str
    state: str
    said: str = ""
    numbers: str = ""

    @property
    def service(self) -> str:
        return self.port.service if self.port else self.owner

    @property
    def kind(self) -> str:
        return self.port.kind if self.port else "`ports`"

    @property
    def first(self) -> int | None:
        return self.port.numbers.first if self.port else None

    @property
    def last(self) -> int | None:
        return self.port.numbers.last if self.port else None


class Listening:
    """The ports of a survey's tree, each with the name it has in the layout's `ports`."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.assigned: Mapping[str, Assigned] = survey.layout.ports
        self.published = distinct(survey.published.on_hosts)

    @cached_property
    def said(self) -> list[Port]:
        """The ports that are named for comparison only."""
        return distinct([*self.survey.published.compared, *self.survey.said.compared])

    def owner(self, port: Port) -> str:
        """The name that a port's service has in `ports`, of a placeholder if it is one of many; or ""."""
        step = port.directory.rstrip("/").rpartition("/")[2]
        # A service by its own name; else the directory it is built from, which several may share.
        for called in (port.service if port.service in self._exact else "", step, port.service):
            named = self._named(called) if called else ""
            if named:
                return named
        return self._placeholder(port)

    def holder(self, numbers: Numbers) -> str:
        """The name, no placeholder's, to which `ports` gives one of these numbers; "" if there is none."""
        return next((name for each, name in self._given if each.overlaps(numbers)), "")

    def is_given(self, owner: str, port: Port) -> bool:
        """Whether a port is one of those that `ports` gives to this name."""
        numbers = self.assigned[owner].numbers
        if is_placeholder(owner) and self.holder(port.numbers):
            return False  # in the range, and given to another by name
        if port.any_one:
            return any(each.overlaps(port.numbers) for each in numbers)
        return any(each.covers(port.numbers) for each in numbers)

    @cached_property
    def _given(self) -> list[tuple[Numbers, str]]:
        """What `ports` gives to names that are no placeholders."""
        given = self.assigned.items()
        return [(each, name) for name, one in given if not is_placeholder(name) for each in one.numbers]

    def is_compared(self, port: Port) -> bool:
        """Whether `ports` speaks of such a port; it may leave the ports of nodes to the cluster."""
        return port.kind != "nodePort" or any(
            each.last >= _NODE_PORTS for assigned in self.assigned.values() for each in assigned.numbers
        )

    def rows(self) -> list[Row]:
        """All ports, those that are published in the order of their numbers first."""
        hits = {each.port: each for each in conflicts(self.survey.published.on_hosts)}
        rows = [self._row(port, hits.get(port)) for port in self.published]
        seen = {row.owner for row in rows}
        for port in self.said:
            owner = self.owner(port)
            given = str(self.assigned[owner]) if owner else ""
            rows.append(Row(port, port.place, owner, given, "compared", "", str(port.numbers)))
        for name, assigned in self.assigned.items():
            if name not in seen and not is_placeholder(name):
                text = str(assigned)
                rows.append(Row(None, assigned.place, name, text, "unused", "nothing publishes it", text))
        order = {"compared": 1, "unused": 2}
        return sorted(rows, key=lambda row: (order.get(row.state, 0), row.first or 0, row.place))

    def _row(self, port: Port, conflict: Conflict | None) -> Row:
        owner = self.owner(port)
        given = str(self.assigned[owner]) if owner else ""
        text = str(port.numbers)
        if conflict:
            other = conflict.other
            said = f"also {quote(other.service)}, {self.survey.named(other.place.file)}:{other.place.line}"
            return Row(port, port.place, owner, given, "conflict", said, text)
        if owner and self.is_compared(port) and not self.is_given(owner, port):
            return Row(port, port.place, owner, given, "mismatch", "not what `ports` gives", text)
        if self.assigned and not owner and self.is_compared(port):
            return Row(port, port.place, owner, given, "unknown", "not in `ports`", text)
        return Row(port, port.place, owner, given, "ok", "", text)

    def free(self, numbers: Numbers) -> int | None:
        """The lowest of these ports that nothing is published on and `ports` gives to no one."""
        taken = [port.numbers for port in self.published]
        taken += [each for each, _ in self._given]
        number = numbers.first
        for each in sorted(taken):
            if each.first <= number <= each.last:
                number = each.last + 1
        return number if number <= numbers.last else None

    def undeclared(self) -> tuple[dict[str, str], list[str]]:
        """What `ports` would have to say of the services it does not list, and why some are left out."""
        wanted: dict[str, dict[Numbers, Port]] = {}
        for port in self.published:
            if self.is_compared(port) and not self.owner(port):
                wanted.setdefault(port.service, {})[port.numbers._replace(protocol=_unless_tcp(port))] = port
        taken = list(self._given)
        added, left = {}, []
        for service, numbers in wanted.items():
            hits = [(each, name) for each in numbers for known, name in taken if known.overlaps(each)]
            if hits:
                number, name = hits[0]
                left.append(f"{quote(service)} is on {number}, which is that of {quote(name)}")
                continue
            taken += [(each, service) for each in numbers]
            texts = list(map(str, sorted(numbers)))
            added[service] = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
        return added, left

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


def _unless_tcp(port: Port) -> str:
    return "" if port.numbers.protocol == "tcp" else port.numbers.protocol
