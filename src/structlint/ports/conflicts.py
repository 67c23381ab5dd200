"""Which ports two services want at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from structlint.ports.compose.mapping import share
from structlint.ports.model import Port


class PortConflict(NamedTuple):
    """Two ports of one host; `certain` unless they may well never be wanted at the same time.

    `other` is `port` itself where one service has more containers than ports.
    """

    port: Port
    other: Port
    certain: bool


def conflicts(ports: Iterable[Port]) -> list[PortConflict]:
    """Each port that another one, which stands before it, has already: of one stack, protocol and address.

    Of several the first certain one is told. A pair that several stacks have is told once.
    """
    groups: dict[tuple[str, str, str], list[Port]] = {}
    for port in ports:
        if not port.containers:
            continue  # the service is switched off
        for pod in {"", port.pod}:
            groups.setdefault((port.stack, port.numbers.protocol, pod), []).append(port)
    found: dict[Port, PortConflict] = {}
    for group in groups.values():
        for conflict in (*_within(group), *_too_few(group)):
            known = found.get(bare := conflict.port)
            if known is None or (conflict.certain and not known.certain):
                found[bare] = conflict
    likely = sorted(found.values(), key=lambda each: each.certain)
    distinct = {(each.port.place, each.other.place): each for each in likely}
    return sorted(distinct.values(), key=lambda each: each.port.place)


def _within(group: list[Port]) -> Iterator[PortConflict]:
    """The conflicts of ports that are wanted at once, in one pass over them from the lowest up."""
    open_ones: list[Port] = []
    for port in sorted(group, key=lambda each: (each.numbers.first, each.place)):
        open_ones = [each for each in open_ones if each.numbers.last >= port.numbers.first]
        hit = [each for each in open_ones if _collide(each, port)]
        if hit:
            certain = [each for each in hit if _together(each, port)]
            first = min(certain or hit, key=lambda each: each.place)
            later, earlier = sorted((port, first), key=lambda each: each.place, reverse=True)
            yield PortConflict(later, earlier, bool(certain))
        if not any(_stands_for(each, port) for each in open_ones):
            open_ones.append(port)


def _too_few(group: list[Port]) -> Iterator[PortConflict]:
    """The conflicts of the containers of one service, each of which needs a port of its own."""
    for port in group:
        if port.containers > (port.numbers.size if port.any_one else 1):
            yield PortConflict(port, port, certain=True)


def _stands_for(one: Port, other: Port) -> bool:
    """Whether all that comes after and collides with `other` does so with `one`, which is told first."""
    same = (one.address, one.any_one, one.profiles, one.kind, one.every_node)
    alike = same == (other.address, other.any_one, other.profiles, other.kind, other.every_node)
    return alike and one.place <= other.place and one.numbers.last >= other.numbers.last


def _collide(one: Port, other: Port) -> bool:
    if not share(one.address, other.address):
        return False
    if one.any_one or other.any_one:  # which takes what is left
        return any(
            flexible.any_one and not fixed.any_one and fixed.numbers.covers(flexible.numbers)
            for flexible, fixed in ((one, other), (other, one))
        )
    return True


def _together(one: Port, other: Port) -> bool:
    """Whether both run at once: in a common profile, by default or always, and on one machine."""
    if one.kind == "hostPort" and not (one.every_node or other.every_node):
        return bool(one.pod) and one.pod == other.pod
    apart = one.profiles and other.profiles and not one.profiles & other.profiles
    return not apart or (one.started and other.started)
