"""Stacks whose services run on one machine though each is started by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from structlint.finding import Place
from structlint.ports.model import Port, PortScan
from structlint.text.paths import parent

DECLARED = "together"
NETWORK = "network "


def with_joined(scan: PortScan, together: Callable[[str], bool]) -> list[Port]:
    """The ports of a scan, those of stacks that run together in one stack.

    A stack of which a file satisfies `together` is declared to run with the others. Stacks that join a
    common external network probably run together: their ports are added once more, as `apart`.
    """
    declared = {name for name, files in scan.stacks.items() if any(map(together, files))}
    joined: dict[tuple[object, ...], Port] = {}
    others = []
    for port in scan.ports:
        if port.stack in declared or (port.stack not in scan.stacks and together(port.place.file)):
            joined.setdefault((port.place, port.service, port.numbers), port._replace(stack=DECLARED))
        else:
            others.append(port)
    return [*joined.values(), *others, *_networked(scan)]


_MANY = 3  # directories with one port are more than two copies or variants


def shared_apart(scan: PortScan) -> dict[str, list[Place]]:
    """The ports that compose projects of several directories publish although nothing ties the projects.

    By the port: the first place in each directory, in order. Ports of examples and tests do not count.
    """
    networked = {name for names in scan.networks.values() for name in names}
    by_port: dict[str, dict[str, Place]] = {}
    for port in sorted(scan.on_hosts, key=lambda port: port.place):
        directory = parent(port.place.file)
        tied = port.stack == DECLARED or port.stack.startswith(NETWORK) or port.stack in networked
        if (
            port.kind == "compose"
            and port.containers
            and not (tied or port.any_one or _APART.search(directory))
        ):
            by_port.setdefault(str(port.numbers), {}).setdefault(directory, port.place)
    return {number: list(places.values()) for number, places in by_port.items() if len(places) >= _MANY}


_APART = re.compile(r"(?:^|/)(?:[^/]*[._-])?(?:e2e|tests?|examples?|samples?)(?:[._-][^/]*)?/")


def _networked(scan: PortScan) -> Iterator[Port]:
    """The ports of stacks that join a network, one of each directory; none of two that look like variants."""
    by_stack: dict[str, list[Port]] = {}
    for port in scan.on_hosts:
        by_stack.setdefault(port.stack, []).append(port)
    for network, names in scan.networks.items():
        directories: set[str] = set()
        services: set[str] = set()
        for name in names:
            directory = scan.stacks[name][0].rpartition("/")[0]
            published = {port.service for port in by_stack.get(name, ())}
            if _APART.search(scan.stacks[name][0]):
                continue  # each is started by itself
            if directory not in directories and services.isdisjoint(published):
                directories.add(directory)
                services |= published
                for port in by_stack.get(name, ()):
                    yield port._replace(stack=NETWORK + network, apart=True)
