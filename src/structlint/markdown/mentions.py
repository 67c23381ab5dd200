"""The paths and commands in a document that show whether a name is the repository or a directory in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.named_places import (
    cloned,
    entered_directories,
    first_keys,
    parts_entered,
)
from structlint.markdown.tree_lines import DrawnEntry


class Mentions:
    """The paths and commands in the lines of a document."""

    def __init__(self, source: Sequence[str]) -> None:
        self._counts = first_keys(source)
        self._cloned = _joined(cloned(source))
        self.entered = {*self._counts, *entered_directories(source)}
        self.parts_entered = parts_entered(source)

    def are_below(self, top: DrawnEntry) -> bool:
        """Whether paths in code begin with the first line of a tree, rather than with its contents."""
        inside = {entry.key for entry in top.children}
        return top.key not in inside and self._counts.get(top.key, 0) > sum(
            self._counts.get(key, 0) for key in inside
        )

    def clones(self, drawing: Drawing) -> bool:
        """Whether the first line of a drawing is the name of the repository that commands clone."""
        return drawing.top is not None and _joined(drawing.top.key) == self._cloned != ""


def _joined(name: str) -> str:
    """A name without case and without the signs between its words."""
    return re.sub(r"[\W_]", "", name).lower()
