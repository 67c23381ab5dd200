"""The ports of a compose service, https://docs.docker.com/reference/compose-file/services/#ports."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from structlint.ports.model import BadPort, PortRange, read_port_range

ALL_IPV4 = str(IPv4Address(0))
_ALL = (ALL_IPV4, str(IPv6Address(0)))


class Mapped(NamedTuple):
    """A port of a container, and the one of its host that leads to it; None where any free one may."""

    target: PortRange
    host: PortRange | None
    address: str = ""

    @property
    def any_one(self) -> bool:
        """Whether the host's is any one of several for one of the container."""
        return self.host is not None and self.host.size > self.target.size

    @property
    def is_range(self) -> bool:
        """Whether several of the host lead to as many of the container."""
        return self.host is not None and self.host.size > 1 and not self.any_one

    @property
    def key(self) -> Mapped:
        """What is the same for two that compose takes for one: it has no address for 0.0.0.0."""
        return self._replace(address="" if self.address == _ALL[0] else self.address)

    def less(self, other: Mapped) -> Iterator[Mapped]:
        """What is left of it without what the other one says too."""
        host, taken = self.host, other.host
        if not host or not taken or self.any_one or other.any_one or not self._leads_like(other):
            yield self
            return
        for first, last in ((host.first, taken.first - 1), (taken.last + 1, host.last)):
            if max(first, host.first) <= min(last, host.last):
                part = host._replace(first=max(first, host.first), last=min(last, host.last))
                ahead = part.first - host.first
                inside = self.target._replace(
                    first=self.target.first + ahead, last=self.target.first + ahead + part.size - 1
                )
                yield self._replace(target=inside, host=part)

    def _leads_like(self, other: Mapped) -> bool:
        """Whether a port that both have on the host leads to the same one of the container."""
        if not self.host or not other.host or self.key.address != other.key.address:
            return False
        ahead, other_ahead = self.host.first - self.target.first, other.host.first - other.target.first
        return ahead == other_ahead and self.host.overlaps(other.host)


def read_short(text: str) -> Mapped:
    """What `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]` stands for. Raises `BadPort`."""
    written, slash, protocol = text.strip().partition("/")
    before, _, target = written.rpartition(":")
    address, colon, host = before.rpartition(":")
    if not colon:
        address, host = "", before
    return mapped(target, host, address, protocol if slash else "tcp")


def mapped(target: str, host: str, address: str, protocol: str) -> Mapped:
    """A port of a container and one of its host, given as texts; `host` may be empty. Raises `BadPort`."""
    inside = read_port_range(target, protocol.lower() or "tcp")
    outside = read_port_range(host, inside.protocol) if host.strip() not in ("", "0") else None
    if outside and inside.size > 1 and outside.size != inside.size:
        raise BadPort("the two ranges are not of the same length")
    return Mapped(inside, outside, _address(address))


def _address(text: str) -> str:
    """An address as Python writes it, "" for all of the host's."""
    bare = text.removeprefix("[").removesuffix("]")
    if not bare:
        return ""
    try:
        return str(ip_address(bare))
    except ValueError:
        raise BadPort("an address is written like 127.0.0.1 or [::1]") from None


def includes(address: str, single: str) -> bool:
    """Whether an address, which may stand for all of the host's, includes a single one."""
    return address in ("", single) or (address in _ALL and (":" in address) == (":" in single))


def share(one: str, other: str) -> bool:
    """Whether two addresses of a host have one in common."""
    if one == other or "" in (one, other):
        return True
    if one in _ALL or other in _ALL:
        return (":" in one) == (":" in other)
    return False
