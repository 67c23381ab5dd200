"""Whose the ports are that a document names: "Auth Service" in a table is the directory `auth-service/`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from structlint.errors import Problem
from structlint.markdown.outline import Sketch
from structlint.markdown.prose import Port, port_in
from structlint.text.cases import stem
from structlint.text.quoting import quote


@dataclass
class Listeners:
    """The ports of a document by the names that they have in a layout; those in the drawings come first."""

    sketch: Sketch
    ports: dict[str, Port] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _, where in self.sketch.walk():
            for spot in where.directories():
                self.named.setdefault(stem(spot.name), []).append(spot.name)
                if port := port_in(spot.about, spot.name, spot.line):
                    self.put(spot.name, port)

    def add(self, port: Port) -> None:
        """Adds a port that is named by what its owner is called."""
        candidates = self.named.get(stem(port.called), [])
        same = [name for name in candidates if name in self.ports and self.ports[name][1:3] == port[1:3]]
        free = [name for name in candidates if name not in self.ports]
        self.put(next(iter(same or free or candidates), _spelled(port.called)), port)

    def put(self, name: str, port: Port) -> None:
        known = self.ports.setdefault(name, port)
        if known[1:3] != port[1:3]:
            message = f"{quote(name)} has port {port} here and {known} in line {known.line}; give it one"
            self.sketch.problems.append(Problem(self.sketch.file, port.line, 1, message))


def _spelled(called: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-")
