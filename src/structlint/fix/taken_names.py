"""Tracks the names of files and directories in any case, because a fix never overwrites one."""

from __future__ import annotations

from dataclasses import dataclass, field

from structlint.text.paths import ancestors


@dataclass
class TakenNames:
    """The paths of files and directories, by their case-folded form."""

    files: dict[str, set[str]] = field(default_factory=dict)
    directories: dict[str, set[str]] = field(default_factory=dict)

    def add(self, path: str) -> None:
        name = path.rstrip("/")
        known = self.directories if path.endswith("/") else self.files
        known.setdefault(name.casefold(), set()).add(name)
        while "/" in name:
            name = name.rpartition("/")[0]
            beside = self.directories.setdefault(name.casefold(), set())
            if name in beside:
                break
            beside.add(name)

    def holds(self, path: str, but: str = "") -> bool:
        """Whether another file or directory is at this path or blocks the way to it."""
        name = path.rstrip("/")
        folded = name.casefold()
        there = self.files.get(folded, set()) | self.directories.get(folded, set())
        return bool(there - {but.rstrip("/")}) or any(map(self._stops, ancestors(name)))

    def _stops(self, directory: str) -> bool:
        """Whether a file, or a directory in another case, takes the place of a directory."""
        folded = directory.casefold()
        others = self.directories.get(folded, set()) - {directory}
        return folded in self.files or bool(others)
