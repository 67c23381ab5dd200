"""A published port maps to a container port that the image does not expose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.matching.port_files import port_files
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

if TYPE_CHECKING:
    from structlint.matching.port_files import PortFiles
    from structlint.ports.dockerfile import Image
    from structlint.ports.model import BuiltService, Port

ABOUT = "a published port that the image does not expose"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = False


def find(survey: Survey) -> Iterator[Finding]:
    """Finds services whose published ports all map to ports that their Dockerfile does not expose."""
    files = port_files(survey)
    if not files.paths or not files.published.built:
        return
    by_service: dict[tuple[str, str], list[Port]] = {}
    for port in files.published.on_hosts:
        if port.kind == "compose" and port.target:
            by_service.setdefault((port.service, port.directory), []).append(port)
    images, scan = files.images
    for built in files.published.built:
        ports = by_service.get((built.service, built.directory), [])
        image = images[built.dockerfile]
        if not ports or not built.whole or not image.ports or image.by_variables:
            continue
        missed = [port for port in ports if not _leads_somewhere(port, built, image, files)]
        if len(missed) == len(ports):  # if one port is right, the others may be for debuggers
            yield from _findings(survey, missed, image)
    for unread in (files.published, scan):
        unread.refuse_unread(survey.named)


def _leads_somewhere(port: Port, built: BuiltService, image: Image, files: PortFiles) -> bool:
    """Whether a container port is exposed, or mentioned in a file that the service is built from."""
    target = port.target
    assert target
    if any(port.numbers.overlaps(target) for port in image.ports):
        return True
    number = str(target.first)
    if target.size > 1 or number in built.numbers or number in image.numbers:
        return True
    return files.mentions(built.context, number)


def _findings(survey: Survey, ports: list[Port], image: Image) -> Iterator[Finding]:
    exposed = ", ".join(dict.fromkeys(str(port.numbers) for port in image.ports))
    first = image.ports[0].place
    for port in {port.place: port for port in ports}.values():
        yield Finding(
            port.place.file,
            f"{in_backticks(port.service)} publishes port {port.target} of its container as {port.numbers},"
            f" but the image exposes {exposed} ({survey.named(first.file)}:{first.line})",
            f"publish {exposed}, or add `EXPOSE {port.target}` to the Dockerfile",
            line=port.place.line,
            related=(first.file,),
            discriminator=f"{port.service} {port.numbers} {port.target}",
        )
