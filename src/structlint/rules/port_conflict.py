"""Two services use the same port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.layout.model import AssignedPorts, is_placeholder
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.ports.conflicts import PortConflict
    from structlint.ports.model import Port, PortRange

ABOUT = "two services that publish the same port"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = False


def find(survey: Survey) -> Iterator[Finding]:
    """Finds ports that two services publish on one host, and ports that `ports` assigns twice."""
    files = port_files(survey)
    if files.paths and (ports := files.published.on_hosts):
        from structlint.ports.conflicts import conflicts

        for conflict in conflicts(ports):
            yield _published(survey, conflict)
    yield from _assigned_twice(survey)
    if files.paths:
        files.published.refuse_unread(survey.named)


def _published(survey: Survey, conflict: PortConflict) -> Finding:
    port, other, certain, takers = conflict
    both = max(port.numbers.first, other.numbers.first), min(port.numbers.last, other.numbers.last)
    shared = port.numbers._replace(first=both[0], last=both[1])
    where = f"{survey.named(other.place.file)}:{other.place.line}"
    if port.place == other.place:
        where = "on the same line"
    service, rival = in_backticks(port.service), in_backticks(other.service)
    message = f"{service} and {rival} ({where}) both publish {port_words(shared)}"
    if port.service == other.service and port.stack == other.stack:
        message = f"{service} publishes {port_words(shared)} twice ({where})"
    hint = "use another port for one of them"
    if port is other:
        message = _for_containers(port)
        hint = "publish a range with a port for each container, or reduce `scale` or `deploy.replicas`"
    elif takers:
        message = _used_up(conflict, where)
        hint = "use a larger range, or another port for one of them"
    return Finding(
        port.place.file,
        message + _unless(conflict),
        hint,
        line=port.place.line,
        related=(other.place.file,),
        severity=None if certain else Severity.WARNING,
        discriminator=f"{shared} {port.service} {other.service} {other.place.file}",
    )


def _for_containers(port: Port) -> str:
    service, numbers = in_backticks(port.service), port.numbers
    if port.any_one:
        return f"{service} runs {port.containers} containers, but publishes only {port_words(numbers)}"
    return f"{service} publishes {port_words(numbers)} for each of its {port.containers} containers"


def _used_up(conflict: PortConflict, where: str) -> str:
    port, other, _, takers = conflict
    more = f" and {takers - 1} other{'s' * (takers > 2)}" if takers > 1 else ""
    service, rival = in_backticks(port.service), in_backticks(other.service)
    verb = "publish" if more else "publishes"
    return (
        f"{service} needs one of {port_words(port.numbers)}, but {rival} ({where}){more} {verb} all of them"
    )


def _unless(conflict: PortConflict) -> str:
    if conflict.certain:
        return ""
    from structlint.ports.together import NETWORK

    if conflict.port.stack.startswith(NETWORK):
        return f"; both join the network {in_backticks(conflict.port.stack.removeprefix(NETWORK))}"
    if conflict.port.kind == "nodePort":
        return "; they cannot be applied to one cluster"
    if conflict.port.kind == "hostPort":
        return "; they cannot run on one node"
    return "; no profile starts both"


def _assigned_twice(survey: Survey) -> Iterator[Finding]:
    """The ports that `ports` assigns twice, possibly once by the range of a placeholder."""
    names = sorted(
        (
            (is_placeholder(name), numbers, assigned.place, name, assigned)
            for name, assigned in survey.layout.ports.items()
            for numbers in assigned.numbers
        ),
        key=lambda row: row[:3],
    )
    before: tuple[bool, str, AssignedPorts, PortRange] | None = None
    for placeholder, numbers, _, name, assigned in names:
        same = before if before and before[0] == placeholder else None
        if same and same[1] != name and same[3].overlaps(numbers):
            _, known, other, _ = same
            yield Finding(
                assigned.place.file,
                f"`ports` assigns {numbers} to both {in_backticks(name)} and {in_backticks(known)}",
                "use another port for one of them",
                origin=other.place,
                line=assigned.place.line,
                discriminator=f"{numbers} {name} {known}",
            )
        if not same or numbers.last >= same[3].last:
            before = placeholder, name, assigned, numbers


def port_words(numbers: PortRange) -> str:
    """Ports in a sentence: `port 80`, `ports 80-89`."""
    return f"port{'s' * (numbers.size > 1)} {numbers}"
