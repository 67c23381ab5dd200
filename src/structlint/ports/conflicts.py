"""Finds ports that two services use at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import islice, product
from typing import TYPE_CHECKING

from structlint.ports.compose.mapping import ALL_IPV4, includes, share
from structlint.ports.model import MANIFESTS, MOST, Port
from structlint.text.cases import telling_words
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.finding import Place
    from structlint.ports.model import PortRange

_MOST_POOLS = 100  # groups by profile and address in which ports of ranges are distributed


class PortConflict(Record):
    """Two conflicting ports of one host; not `certain` if they may never be used at the same time.

    `other` is `port` itself if one service has more containers than ports.
    """

    port: Port
    other: Port
    certain: bool
    takers: int = 0  # ports that leave none of a range for `port`; `other` is one of them


def conflicts(ports: Iterable[Port]) -> list[PortConflict]:
    """The ports that an earlier port already uses, in the same stack and with the same protocol and address.

    Of several conflicts of a port, the first certain one is reported. A pair in several stacks counts once.
    """
    groups: dict[tuple[str, str, str], list[Port]] = {}
    for port in ports:
        if not port.containers:
            continue  # the service is disabled
        for pod in {"", port.pod}:
            groups.setdefault((port.stack, port.numbers.protocol, pod), []).append(port)
    by_port: dict[Port, PortConflict] = {}
    for group in groups.values():
        for conflict in (*_within(group), *_too_few(group), *_used_up(group)):
            known = by_port.get(bare := conflict.port)
            if known is None or (conflict.certain and not known.certain):
                by_port[bare] = conflict
    likely = sorted(by_port.values(), key=lambda conflict: conflict.certain)
    distinct = {(conflict.port.place, conflict.other.place): conflict for conflict in likely}
    return sorted(distinct.values(), key=lambda conflict: conflict.port.place)


def _within(group: list[Port]) -> Iterator[PortConflict]:
    """The conflicts of ports that are used at once, found in one pass from the lowest port up."""
    open_ones: list[Port] = []
    for port in sorted(group, key=lambda port: (port.numbers.first, port.place)):
        open_ones = [open_one for open_one in open_ones if open_one.numbers.last >= port.numbers.first]
        hit = [other for other in open_ones if _collide(other, port) and not _alternatives(other, port)]
        if hit:
            certain = [other for other in hit if _together(other, port)]
            first = min(certain or hit, key=lambda other: other.place)
            later, earlier = sorted((port, first), key=lambda side: side.place, reverse=True)
            yield PortConflict(later, earlier, bool(certain))
        if not any(_stands_for(open_one, port) for open_one in open_ones):
            open_ones.append(port)


def _too_few(group: list[Port]) -> Iterator[PortConflict]:
    """The conflicts between containers of one service, each of which needs its own port."""
    for port in group:
        if port.containers > 1 and not port.any_one:
            yield PortConflict(port, port, certain=True)


def _used_up(group: list[Port]) -> Iterator[PortConflict]:
    """The conflicts of ports that can be any one of a range, if other ports occupy all of it."""
    if not any(port.any_one for port in group):
        return
    addresses = sorted({port.address or ALL_IPV4 for port in group})
    profiles = sorted({"", *(name for port in group for name in port.profiles)})
    for profile, address in islice(product(profiles, addresses), _MOST_POOLS):
        at_once = [port for port in group if includes(port.address, address) and _runs(port, profile)]
        reported: PortRange | None = None
        for port in _without_one(at_once):
            if reported and reported.overlaps(port.numbers):
                continue  # the same numbers are too few for several
            reported = port.numbers
            takers = [other for other in at_once if other.numbers.overlaps(port.numbers) and other != port]
            if any(not taker.any_one and taker.numbers.covers(port.numbers) for taker in takers):
                continue  # reported as a conflict of two ports
            first = min(takers, key=lambda taker: taker.place, default=port)
            yield PortConflict(port, first, certain=True, takers=len(takers))


def _runs(port: Port, profile: str) -> bool:
    """Whether a profile starts a port's service; "" represents the services that start without a profile."""
    return not port.profiles or profile in port.profiles or (not profile and port.started)


def _without_one(at_once: list[Port]) -> Iterator[Port]:
    """The ports that can be any one of a range but get none, whatever the others choose.

    Each number goes to the port whose range ends first, which serves as many ports as possible.
    """
    taken = bytearray(MOST + 1)
    for port in at_once:
        if not port.any_one:
            first, last, _ = port.numbers
            taken[first : last + 1] = b"\1" * (last + 1 - first)
    flexible = sorted((port for port in at_once if port.any_one), key=lambda port: port.numbers, reverse=True)
    waiting: list[tuple[int, Place, Port, int]] = []
    number = 0
    while flexible or waiting:
        number = max(number + 1, 0 if waiting else flexible[-1].numbers.first)
        while flexible and flexible[-1].numbers.first <= number:
            port = flexible.pop()
            heappush(waiting, (port.numbers.last, port.place, port, port.containers))
        while waiting and waiting[0][0] < number:
            yield heappop(waiting)[2]
        if waiting and not taken[number]:
            last, place, port, containers = heappop(waiting)
            if containers > 1:
                heappush(waiting, (last, place, port, containers - 1))


def _stands_for(one: Port, other: Port) -> bool:
    """Whether every later port that conflicts with `other` also conflicts with the earlier `one`."""
    same = (one.address, one.any_one, one.profiles, one.kind, one.every_node)
    alike = same == (other.address, other.any_one, other.profiles, other.kind, other.every_node)
    return alike and one.place <= other.place and one.numbers.last >= other.numbers.last


def _collide(one: Port, other: Port) -> bool:
    if not share(one.address, other.address):
        return False
    if one.any_one or other.any_one:  # it takes any port that is left
        return any(
            flexible.any_one and not fixed.any_one and fixed.numbers.covers(flexible.numbers)
            for flexible, fixed in ((one, other), (other, one))
        )
    return True


def _alternatives(one: Port, other: Port) -> bool:
    """Whether two services are evidently alternatives, such as `ollama-cpu` and `ollama-gpu`.

    No profile starts both, and they share a word of their names, the image or the build. For two manifests,
    most of the names must agree: `shop-api-mysql` and `shop-api-h2` are alternatives, `shop-api` and
    `shop-web` are not.
    """
    if _together(one, other):
        return False
    common = set(telling_words(one.service)) & set(telling_words(other.service))
    if one.kind == other.kind == "nodePort":
        longest = max(len(telling_words(port.service)) for port in (one, other))
        return 2 * len(common) > longest and one.service != other.service
    if not (one.profiles and other.profiles):
        return False
    return bool(common or _shared(one.image, other.image) or _shared(one.directory, other.directory))


def _shared(one: str, other: str) -> bool:
    return bool(one) and one == other


def _together(one: Port, other: Port) -> bool:
    """Whether both run at once: in a common profile, by default or always, and on one machine."""
    if one.apart or other.apart:
        return False
    if one.kind == other.kind == "nodePort" and one.stack.startswith(MANIFESTS):
        return one.place.file == other.place.file  # perhaps only one of several files is applied
    if one.kind == "hostPort" and not (one.every_node or other.every_node):
        return bool(one.pod) and one.pod == other.pod
    apart = one.profiles and other.profiles and not one.profiles & other.profiles
    return not apart or (one.started and other.started)
