"""Ports, and the results of scanning for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from structlint.errors import Problem, Unread
from structlint.finding import Place
from structlint.text.records import Record

MOST = 65535
MANIFESTS = "manifests "  # prefix for the stack of files that are related only by their directory
PROTOCOLS = ("tcp", "udp", "sctp")
_RANGE = r"(?a:0*(\d+)(?:-0*(\d+))?)"


class Port(Record):
    """Ports that a service publishes on its host, or is configured to listen on.

    `service` is its name in the file, `directory` (with a trailing "/", "" if none is known) where it is
    built from. `kind` is its source: `compose`, `nodePort`, `hostPort`, or for comparison only `EXPOSE`,
    `PORT`, `expose`, `forwardPorts`, `server.port`, `launchSettings`, `kind`, `skaffold`, `script NAME`.
    `stack` names the files that run together. `any_one`: any free one of `numbers`. `address` is the
    host's, "" for all of them. `profiles` and `every_node` define when and where it runs. `containers` is how
    many containers of the service use the port; 0 if it is disabled. Two ports of one `pod` are
    always used at once. `started`: with the `COMPOSE_PROFILES` of `.env`. `apart`: the other services of
    its stack may be started without it. `target` is the port of the container, `image` the image of a
    service without a build. `place` has the file's path in the tree.
    """

    service: str
    numbers: PortRange
    place: Place
    kind: str
    directory: str = ""
    stack: str = ""
    address: str = ""
    any_one: bool = False
    profiles: frozenset[str] = frozenset()
    every_node: bool = True
    containers: int = 1
    pod: str = ""
    started: bool = False
    apart: bool = False
    target: PortRange | None = None
    image: str = ""


ON_HOST = ("compose", "nodePort", "hostPort")  # kinds of ports that two services cannot share


class BuiltService(Record):
    """A service that is built: its directory, build context and Dockerfile.

    Directories are "" or have a trailing "/". A Dockerfile in a deeper directory determines `directory`.

    `numbers` are all numbers in what the service sets and runs, among them perhaps the port that it listens
    on. `whole`: the last stage of the Dockerfile is built, so that the ports it exposes are the image's.
    """

    service: str
    directory: str
    context: str
    dockerfile: str
    numbers: frozenset[str] = frozenset()
    whole: bool = True


class PortScan:
    """The results of reading files: ports, problems, variables without a value, templates.

    `stacks` has the files of each stack, by its name, `networks` the stacks that join a network which all of
    them expect to exist. `built` are the services that are built from directories. `unread` are the files
    that cannot be read, so that there may be more, and why.
    """

    def __init__(self) -> None:
        self.ports: list[Port] = []
        self.unread: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.unresolved: list[Problem] = []
        self.templates: list[str] = []
        self.stacks: dict[str, tuple[str, ...]] = {}
        self.networks: dict[str, list[str]] = {}
        self.built: dict[BuiltService, None] = {}

    def refuse_unread(self, named: Callable[[str], str]) -> None:
        """Raises `Unread` if a file cannot be read; `named` turns a path into the name shown to the user."""
        if self.unread:
            raise Unread({named(path): why for path, why in self.unread.items()})

    @property
    def on_hosts(self) -> list[Port]:
        """The ports that two services cannot share."""
        return [port for port in self.ports if port.kind in ON_HOST]

    @property
    def compared(self) -> list[Port]:
        """The ports that are used for comparison only."""
        return [port for port in self.ports if port.kind not in ON_HOST]


def distinct(ports: Iterable[Port]) -> list[Port]:
    """The ports without duplicates from the same line in another stack."""
    by_place: dict[tuple[Place, str, PortRange], Port] = {}
    for port in ports:
        by_place.setdefault((port.place, port.service, port.numbers), port)
    return list(by_place.values())


class BadPort(ValueError):
    """A text is not a port; the message describes valid ports."""


class PortRange(Record):
    """The numbers from `first` to `last` of a protocol; "" means any protocol."""

    first: int
    last: int
    protocol: str = ""

    def __str__(self) -> str:
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return numbers if self.protocol in ("", "tcp") else f"{numbers}/{self.protocol}"

    @property
    def size(self) -> int:
        """The number of ports."""
        return self.last - self.first + 1

    def overlaps(self, other: PortRange) -> bool:
        """Whether the ranges overlap."""
        return self.first <= other.last and other.first <= self.last and self._speaks_of(other)

    def covers(self, other: PortRange) -> bool:
        """Whether this range contains `other`."""
        return self.first <= other.first and other.last <= self.last and self._speaks_of(other)

    def _speaks_of(self, other: PortRange) -> bool:
        return self.protocol == other.protocol or "" in (self.protocol, other.protocol)


def read_port_range(text: str, protocol: str = "") -> PortRange:
    """Parses a text such as `8000`, `8001-8099` or `53/udp`. Raises `BadPort`.

    `protocol` is the default protocol.
    """
    written, slash, named = text.strip().partition("/")
    protocol = named.lower() if slash else protocol
    if protocol and protocol not in PROTOCOLS:
        raise BadPort(f"a protocol is one of {', '.join(PROTOCOLS)}")
    match = re.fullmatch(_RANGE, written)
    if not match:
        raise BadPort("a port is a number, such as 8000, or a range, such as 8001-8099")
    # A port has at most five digits.
    first, last = int(match[1][:6]), int((match[2] or match[1])[:6])
    if not 1 <= first <= MOST or last > MOST:
        raise BadPort(f"a port is a number from 1 to {MOST}")
    if last < first:
        raise BadPort("the range ends before it begins")
    return PortRange(first, last, protocol)
