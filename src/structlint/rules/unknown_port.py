"""A service publishes a port, and `ports` does not list it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.quoting import quote
from structlint.survey import Survey

if TYPE_CHECKING:
    from structlint.listening import Listening
    from structlint.ports.port import Port

ABOUT = "a published port of a service that the layout gives none"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds each service that is published and not in `ports`, once a file; nothing without `ports`."""
    if not survey.layout.ports:
        return
    from structlint.listening import Listening

    listening = Listening(survey)
    unknown: dict[tuple[str, str], list[Port]] = {}
    for port in listening.published:
        if listening.is_compared(port) and not listening.owner(port):
            unknown.setdefault((port.place.file, port.service), []).append(port)
    for (file, service), ports in unknown.items():
        numbers = ", ".join(dict.fromkeys(str(port.numbers) for port in ports))
        written = numbers if len(ports) == 1 else f"[{numbers}]"
        yield Finding(
            "unknown-port",
            file,
            f"{quote(service)} is published on {numbers}, and `ports` does not list it",
            _hint(listening, service, ports, written),
            line=ports[0].place.line,
            which=f"{service} {numbers}",
        )
    survey.published.refuse_unread(survey.named)


def _hint(listening: Listening, service: str, ports: list[Port], written: str) -> str:
    from structlint.layout.amend import key

    holder = next(filter(None, (listening.holder(port.numbers) for port in ports)), "")
    if holder:  # to list it would only be the next finding
        return f"`ports` gives that to {quote(holder)}: put it on another port, or accept it with `ignore`"
    return f"add `{key(service)}: {written}` to `ports`"
