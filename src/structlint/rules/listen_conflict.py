"""Two services listen on the same port outside of containers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.text.paths import upwards
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.matching.port_registry import PortRegistry
    from structlint.ports.model import Port

ABOUT = "two services that listen on the same port outside containers"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True
_KINDS = ("PORT", "server.port", "launchSettings")
_NOT_STARTED = r"(?:^|/)(?:e2e|examples?|fixtures?|playgrounds?|samples?|starters?|templates?|tests?)/"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds services that listen on a port that another service uses."""
    bundled = _units(survey)
    units = {path for path in bundled if not re.search(_NOT_STARTED, path)}
    own = {path for path in units if not bundled[path]}
    if len(units) < 2 and not survey.layout.ports:
        return
    from structlint.matching.port_registry import port_registry

    registry = port_registry(survey)
    taken: dict[int, tuple[str, Port]] = {}
    for port in sorted(filter(_is_outside, registry.compared), key=lambda port: port.place):
        unit = _unit(port, units) or registry.owner(port)
        if not unit or re.search(_NOT_STARTED, port.directory) or _in_container(registry, port):
            continue
        if unit not in own and not survey.layout.ports and not _is_by_developers(port):
            continue
        known, other = taken.setdefault(port.numbers.first, (unit, port))
        if known != unit and not _nested(port.directory, other.directory):
            yield _finding(survey, port, other)
    files = port_files(survey)
    for scan in (files.published, files.compared):
        scan.refuse_unread(survey.named)


def _units(survey: Survey) -> dict[str, bool]:
    """The directories that match a placeholder, and whether the placeholder is from a bundled layout.

    A bundled layout cannot know whether containerized services also run side by side outside of containers.
    """
    units: dict[str, bool] = {}
    for matches in survey.entry_matches:
        if matches.entry.key.directory:
            is_bundled = matches.entry.place.file in BUNDLED
            for path in (matches.path(name) for name in matches.names if name.values):
                units[path] = units.get(path, True) and is_bundled
    return units


def _unit(port: Port, units: set[str]) -> str:
    """The deepest of the directories that contain the file of a port; "" if none does."""
    return next((directory for directory in upwards(port.directory) if directory in units), "")


def _is_outside(port: Port) -> bool:
    return port.kind in _KINDS or port.kind.startswith("script ")


def _in_container(registry: PortRegistry, port: Port) -> bool:
    """Whether a service runs in a container, with ports of its own; scripts of developers do not."""
    return not _is_by_developers(port) and registry.is_container(port.directory)


def _is_by_developers(port: Port) -> bool:
    """Whether a port is in a script or setting that developers use on their machines."""
    return port.kind.startswith("script dev") or port.kind == "launchSettings"


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _finding(survey: Survey, port: Port, other: Port) -> Finding:
    where = f"{survey.named(other.place.file)}:{other.place.line}"
    service, rival = in_backticks(port.service), in_backticks(other.service)
    return Finding(
        port.place.file,
        f"{service} and {rival} ({where}) both listen on port {port.numbers}",
        "use another port for one of them",
        line=port.place.line,
        related=(other.place.file,),
        discriminator=f"{port.numbers} {port.service} {other.service}",
    )
