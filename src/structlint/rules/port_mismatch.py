"""A service uses a port other than the one that `ports` assigns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.layout.model import is_placeholder
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.rules.port_conflict import port_words
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.matching.port_registry import PortRegistry
    from structlint.ports.model import Port

ABOUT = "a service whose port differs from the one that the layout assigns"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
_ADDS_UP = "remove it, or write `!override` before the other list: `ports` of several files add up"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds services whose published (or else declared) ports are not the assigned ones."""
    if not survey.layout.ports:
        return
    from structlint.matching.port_registry import port_registry

    registry = port_registry(survey)
    published = _by_owner(registry, [port for port in registry.published if registry.is_compared(port)])
    for owner, ports in published.items():
        fits = [port for port in ports if registry.is_given(owner, port)]
        for port in ports:
            if port not in fits:
                beside = _beside(fits, port)
                verb = "also publishes" if beside else "publishes"
                finding = _finding(registry, owner, port, f"{verb} {port_words(port.numbers)}", soften=beside)
                yield finding._replace(hint=_ADDS_UP) if _adds_up(fits, port) else finding
    seen = {registry.holding(port) for ports in published.values() for port in ports}
    unpublished: dict[tuple[str, str], list[Port]] = {}
    for port in registry.compared:
        if (holding := registry.holding(port)) not in seen:
            unpublished.setdefault(holding, []).append(port)
    for (owner, _), ports in unpublished.items():
        if owner and not any(registry.is_given(owner, port) for port in ports):
            uses = f"uses {port_words(ports[0].numbers)} (`{ports[0].kind}`)"
            yield _finding(registry, owner, ports[0], uses, soften=True)
    files = port_files(survey)
    for sighted in (files.published, files.compared):
        sighted.refuse_unread(survey.named)


def _by_owner(registry: PortRegistry, ports: list[Port]) -> dict[str, list[Port]]:
    by_owner: dict[str, list[Port]] = {}
    for port in ports:
        if owner := registry.owner(port):
            by_owner.setdefault(owner, []).append(port)
    return by_owner


def _adds_up(fits: list[Port], port: Port) -> bool:
    """Whether an override only adds the right port, although it should replace another one."""
    same = (port.stack, port.service, port.target)
    others = (other for other in fits if other.place.file != port.place.file)
    return any((other.stack, other.service, other.target) == same for other in others)


def _beside(fits: list[Port], port: Port) -> bool:
    """Whether a service also uses its assigned port in the same file."""
    return any(fit.place.file == port.place.file and fit.service == port.service for fit in fits)


def _finding(registry: PortRegistry, owner: str, port: Port, uses: str, soften: bool) -> Finding:
    assigned = registry.assigned[owner]
    given = f"`ports` assigns {assigned}"
    if is_placeholder(owner):
        given = f"`ports` assigns each {in_backticks(owner)} a port in {assigned}"
    several = sum(numbers.size for numbers in assigned.numbers) > 1
    return Finding(
        port.place.file,
        f"{in_backticks(port.service)} {uses}, but {given}",
        f"use {'one of ' * several}{assigned}, or change `ports`",
        origin=assigned.place,
        line=port.place.line,
        severity=Severity.WARNING if soften else None,
        discriminator=f"{port.service} {port.numbers}",
    )
