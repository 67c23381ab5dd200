"""Numbers of ports: one, or a range."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST = 65535
PROTOCOLS = ("tcp", "udp", "sctp")

_RANGE = r"(?a:0*(\d+)(?:-0*(\d+))?)"


class BadPort(ValueError):
    """A text is no port; the message says what one is."""


class Numbers(NamedTuple):
    """The numbers from `first` to `last` of a protocol; "" stands for any protocol."""

    first: int
    last: int
    protocol: str = ""

    def __str__(self) -> str:
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return numbers if self.protocol in ("", "tcp") else f"{numbers}/{self.protocol}"

    @property
    def size(self) -> int:
        """How many there are."""
        return self.last - self.first + 1

    def overlaps(self, other: Numbers) -> bool:
        """Whether both have a port in common."""
        return self.first <= other.last and other.first <= self.last and self._speaks_of(other)

    def covers(self, other: Numbers) -> bool:
        """Whether all of `other` is in these."""
        return self.first <= other.first and other.last <= self.last and self._speaks_of(other)

    def _speaks_of(self, other: Numbers) -> bool:
        return self.protocol == other.protocol or "" in (self.protocol, other.protocol)


def read_numbers(text: str, protocol: str = "") -> Numbers:
    """The numbers that a text such as `8000`, `8001-8099` or `53/udp` stands for.

    `protocol` is what it speaks of where it names none. Raises `BadPort`.
    """
    written, slash, named = text.strip().partition("/")
    protocol = named.lower() if slash else protocol
    if protocol and protocol not in PROTOCOLS:
        raise BadPort(f"a protocol is one of {', '.join(PROTOCOLS)}")
    found = re.fullmatch(_RANGE, written)
    if not found:
        raise BadPort("a port is a number, such as 8000, or a range, such as 8001-8099")
    # Six digits are too many already, however many follow.
    first, last = int(found[1][:6]), int((found[2] or found[1])[:6])
    if not 1 <= first <= MOST or last > MOST:
        raise BadPort(f"a port is a number from 1 to {MOST}")
    if last < first:
        raise BadPort("the range ends before it begins")
    return Numbers(first, last, protocol)
