"""Stacks that run on one machine although they are started separately."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from structlint.finding import Place
from structlint.ports.model import Port, PortScan
from structlint.text.paths import parent

DECLARED = "together"
NETWORK = "network "


def with_joined(scan: PortScan, together: Callable[[str], bool]) -> list[Port]:
    """The ports of a scan; stacks that run together are combined into one.

    A stack with a file that satisfies `together` is declared to run with the others. Stacks that join a
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


_MANY = 3  # with fewer directories, the projects may be copies or variants of each other


def shared_apart(scan: PortScan) -> dict[str, list[Place]]:
    """The ports that unrelated compose projects in several directories publish.

    For each port, the first place in each directory, sorted. Ports in examples and tests do not count.
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
    """The ports of stacks on one network, one per directory; none of stacks that look like variants."""
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
                continue  # they are started separately
            if directory not in directories and services.isdisjoint(published):
                directories.add(directory)
                services |= published
                for port in by_stack.get(name, ()):
                    yield port._replace(stack=NETWORK + network, apart=True)
