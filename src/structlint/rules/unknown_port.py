"""A service publishes a port, and `ports` does not list the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.matching.port_registry import PortRegistry
    from structlint.ports.model import Port

ABOUT = "a published port of a service that `ports` does not list"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds services that publish ports but are not in `ports`, once per file; none without `ports`."""
    if not survey.layout.ports:
        return
    from structlint.matching.port_registry import port_registry

    registry = port_registry(survey)
    unknown: dict[tuple[str, str], list[Port]] = {}
    for port in registry.published:
        if registry.is_compared(port) and not registry.owner(port):
            unknown.setdefault((port.place.file, port.service), []).append(port)
    for (file, service), ports in unknown.items():
        numbers = ", ".join(dict.fromkeys(str(port.numbers) for port in ports))
        word = "ports" if len(ports) > 1 or ports[0].numbers.size > 1 else "port"
        written = numbers if len(ports) == 1 else f"[{numbers}]"
        yield Finding(
            file,
            f"{in_backticks(service)} publishes {word} {numbers}, but `ports` does not list it",
            _hint(registry, service, ports, written),
            line=ports[0].place.line,
            discriminator=f"{service} {numbers}",
        )
    port_files(survey).published.refuse_unread(survey.named)


def _hint(registry: PortRegistry, service: str, ports: list[Port], written: str) -> str:
    from structlint.layout.edit import yaml_key

    holder = next(filter(None, (registry.holder(port.numbers) for port in ports)), "")
    if holder:  # listing it would only cause another finding
        return f"use another port (`ports` assigns this one to {in_backticks(holder)}), or add it to `ignore`"
    return f"add `{yaml_key(service)}: {written}` to `ports`"
