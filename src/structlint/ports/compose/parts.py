"""Finds the compose files that are only parts of projects, not projects themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class References:
    """The files and services that compose files include and extend, collected while they are read."""

    files: dict[str, set[str]] = field(default_factory=dict)  # the files that a file refers to
    included: set[str] = field(default_factory=set)
    extended: set[tuple[str, str]] = field(default_factory=set)  # file, service

    def include(self, path: str, others: Iterable[str]) -> None:
        """Records that a file includes others."""
        self.files.setdefault(path, set()).update(others)
        self.included.update(others)

    def extend(self, path: str, other: str, service: str) -> None:
        """Records that a service extends a service of the same or another file."""
        self.extended.add((other, service))
        if path != other:
            self.files.setdefault(path, set()).add(other)

    def parts(self, stacks: Iterable[tuple[str, ...]], is_part: Callable[[str], bool]) -> set[str]:
        """The files that satisfy `is_part` and that projects refer to.

        Files that only refer to one another in a cycle are projects.
        """
        targets = {path for paths in self.files.values() for path in paths}
        waiting = [path for stack in stacks if stack[-1] not in targets for path in stack]
        reached: set[str] = set()
        while waiting:
            new = self.files.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        return {path for path in reached if is_part(path)}
