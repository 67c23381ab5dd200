"""The ports of a tree as rows of a table."""

from __future__ import annotations

from structlint.finding import Place
from structlint.layout.model import is_placeholder
from structlint.matching.port_registry import PortRegistry
from structlint.ports.conflicts import PortConflict, conflicts
from structlint.ports.model import Port, PortRange
from structlint.text.quoting import quote
from structlint.text.records import Record

# The rule that reports the rows of a state.
RULES_OF_STATES = {"conflict": "port-conflict", "mismatch": "port-mismatch", "unknown": "unknown-port"}


class PortRow(Record):
    """One port: its place, and its state with regard to `ports` and the other ports.

    `port` is None for a name in `ports` that nothing publishes. `owner` is the name in `ports`, `given` the
    ports it has there. `state` is `ok`, `conflict`, `mismatch`, `unknown`, `unused`, `compared` or
    `accepted`, and `remark` explains it. `others` is the number of other places that name the port.
    """

    port: Port | None
    place: Place
    owner: str
    given: str
    state: str
    remark: str = ""
    numbers: str = ""
    others: int = 0

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


def port_rows(registry: PortRegistry) -> list[PortRow]:
    """All ports; the published ones come first, in the order of their numbers."""
    by_port = {conflict.port: conflict for conflict in conflicts(registry.on_hosts)}
    rows = [_row(registry, port, by_port.get(port)) for port in registry.published]
    for port in registry.compared:
        owner = registry.owner(port)
        given = str(registry.assigned[owner]) if owner else ""
        rows.append(PortRow(port, port.place, owner, given, "compared", "", str(port.numbers)))
    owners = {row.owner for row in rows}
    for name, assigned in registry.assigned.items():
        if name not in owners and not is_placeholder(name):
            text = str(assigned)
            rows.append(PortRow(None, assigned.place, name, text, "unused", "not published", text))
    order = {"compared": 1, "unused": 2}
    return sorted(rows, key=lambda row: (order.get(row.state, 0), row.first or 0, row.place))


def _row(registry: PortRegistry, port: Port, conflict: PortConflict | None) -> PortRow:
    owner = registry.owner(port)
    given = str(registry.assigned[owner]) if owner else ""
    text = str(port.numbers)
    if conflict:
        return PortRow(port, port.place, owner, given, "conflict", _also(registry, conflict), text)
    if owner and registry.is_compared(port) and not registry.is_given(owner, port):
        return PortRow(port, port.place, owner, given, "mismatch", "", text)
    if registry.assigned and not owner and registry.is_compared(port):
        return PortRow(port, port.place, owner, given, "unknown", "", text)
    return PortRow(port, port.place, owner, given, "ok", "", text)


def _also(registry: PortRegistry, conflict: PortConflict) -> str:
    """The description of the other side of a conflict."""
    port, other, _, takers = conflict
    if other is port:
        return f"for each of {port.containers} containers"
    remark = f"also {quote(other.service)}, {registry.named(other.place.file)}:{other.place.line}"
    return f"none of them is free: {remark}" if takers else remark


def folded_rows(rows: list[PortRow]) -> list[PortRow]:
    """One row for each service and port; other places that name it are only counted."""
    folded: list[PortRow] = []
    at: dict[tuple[str, PortRange], int] = {}
    for row in rows:
        if row.port is None:
            folded.append(row)
            continue
        service = row.owner if row.owner and not is_placeholder(row.owner) else row.service
        known = at.get((service, row.port.numbers))
        if known is not None and _repeats(row, folded[known]):
            folded[known] = folded[known]._replace(others=folded[known].others + 1)
            continue
        at[service, row.port.numbers] = len(folded)
        if row.port.target:  # another file names the container's port
            at.setdefault((service, row.port.target), len(folded))
        folded.append(row)
    return folded


def _repeats(row: PortRow, known: PortRow) -> bool:
    """Whether a row adds nothing to an earlier one with the same service and number."""
    return row.state == "compared" or (row.state == known.state and row.remark == known.remark)
