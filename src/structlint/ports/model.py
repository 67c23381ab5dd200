"""A port as a file names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from structlint.errors import Problem, Unread
from structlint.finding import Place

if TYPE_CHECKING:
    from structlint.ports.numbers import Numbers


class Port(NamedTuple):
    """Ports that a service has on its host, or is said to listen on.

    `service` is its name in the file, `directory` (with a trailing "/", "" if none is known) where it is
    built from. `kind` says what named it: `compose`, `nodePort`, `hostPort`, or for comparison only `EXPOSE`,
    `PORT`, `expose`, `forwardPorts`. `stack` tells what is started together. `any_one`: one of `numbers`,
    whichever is free. `address` is the host's, "" for all of them. `profiles` and `every_node` say when and
    where it runs. `place` has the file's path in the tree.
    """

    service: str
    numbers: Numbers
    place: Place
    kind: str
    directory: str = ""
    stack: str = ""
    address: str = ""
    any_one: bool = False
    profiles: frozenset[str] = frozenset()
    every_node: bool = True


ON_HOST = ("compose", "nodePort", "hostPort")  # kinds of ports that two services cannot share


class Sighted:
    """What was found in files: ports, what is wrong with them, variables without value, templates.

    `unread` are the files that cannot be read, so that there may be more, and why.
    """

    def __init__(self) -> None:
        self.ports: list[Port] = []
        self.unread: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.unresolved: list[Problem] = []
        self.templates: list[str] = []

    def refuse_unread(self, named: Callable[[str], str]) -> None:
        """Raises `Unread` if a file cannot be read; `named` makes of a path what a user is to read."""
        if self.unread:
            raise Unread({named(path): why for path, why in self.unread.items()})

    @property
    def on_hosts(self) -> list[Port]:
        """Those that two services cannot share."""
        return [port for port in self.ports if port.kind in ON_HOST]

    @property
    def compared(self) -> list[Port]:
        """Those that are named for comparison only."""
        return [port for port in self.ports if port.kind not in ON_HOST]


def distinct(ports: Iterable[Port]) -> list[Port]:
    """The ports without those that another stack has from the same line."""
    found: dict[tuple[Place, str, Numbers], Port] = {}
    for port in ports:
        found.setdefault((port.place, port.service, port.numbers), port)
    return list(found.values())
