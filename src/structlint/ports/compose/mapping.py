"""The ports of a compose service, https://docs.docker.com/reference/compose-file/services/#ports."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from structlint.ports.model import BadPort, PortRange, read_port_range
from structlint.text.records import Record

ALL_IPV4 = str(IPv4Address(0))
_ALL = (ALL_IPV4, str(IPv6Address(0)))


class Mapped(Record):
    """A container port and the host port mapped to it; None for any free host port."""

    target: PortRange
    host: PortRange | None
    address: str = ""

    @property
    def any_one(self) -> bool:
        """Whether one container port is mapped to any one port of a host range."""
        return self.host is not None and self.host.size > self.target.size

    @property
    def is_range(self) -> bool:
        """Whether a host range is mapped to a container range of the same size."""
        return self.host is not None and self.host.size > 1 and not self.any_one

    @property
    def key(self) -> Mapped:
        """The key by which compose considers two mappings equal; the address 0.0.0.0 is left out."""
        return self._replace(address="" if self.address == _ALL[0] else self.address)

    def less(self, other: Mapped) -> Iterator[Mapped]:
        """The rest of this mapping without the ports that another one has too."""
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
        """Whether a host port of both is mapped to the same container port."""
        if not self.host or not other.host or self.key.address != other.key.address:
            return False
        ahead, other_ahead = self.host.first - self.target.first, other.host.first - other.target.first
        return ahead == other_ahead and self.host.overlaps(other.host)


def read_short(text: str) -> Mapped:
    """Parses `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`. Raises `BadPort`."""
    written, slash, protocol = text.strip().partition("/")
    before, _, target = written.rpartition(":")
    address, colon, host = before.rpartition(":")
    if not colon:
        address, host = "", before
    return mapped(target, host, address, protocol if slash else "tcp")


def mapped(target: str, host: str, address: str, protocol: str) -> Mapped:
    """The mapping of a host port, which may be empty, to a container port. Raises `BadPort`."""
    inside = read_port_range(target, protocol.lower() or "tcp")
    outside = read_port_range(host, inside.protocol) if host.strip() not in ("", "0") else None
    if outside and inside.size > 1 and outside.size != inside.size:
        raise BadPort("the two ranges are not of the same length")
    return Mapped(inside, outside, _address(address))


def _address(text: str) -> str:
    """An address in Python's notation; "" for all addresses of the host."""
    bare = text.removeprefix("[").removesuffix("]")
    if not bare:
        return ""
    try:
        return str(ip_address(bare))
    except ValueError:
        raise BadPort("an address is written like 127.0.0.1 or [::1]") from None


def includes(address: str, single: str) -> bool:
    """Whether an address, which may represent all addresses of the host, includes a single one."""
    return address in ("", single) or (address in _ALL and (":" in address) == (":" in single))


def share(one: str, other: str) -> bool:
    """Whether two addresses of a host overlap."""
    if one == other or "" in (one, other):
        return True
    if one in _ALL or other in _ALL:
        return (":" in one) == (":" in other)
    return False
