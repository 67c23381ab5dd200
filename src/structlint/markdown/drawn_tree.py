"""A drawn tree and what stands above it in the document."""

from __future__ import annotations

from structlint.markdown.blocks import Context
from structlint.markdown.purpose import Purpose, purpose_of
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.records import Record


class Drawing(Record):
    """A drawn tree: the line it begins in, what stands above it, and what it draws.

    `more`: there may be others beside what is at its top. `called`: the first line, where it would do for
    any repository. `listed`: it is a list. `machine`: the first line, where it is a path on one machine.
    """

    line: int
    context: Context
    tops: tuple[DrawnEntry, ...]
    more: bool = False
    called: str = ""
    listed: bool = False
    machine: str = ""

    @property
    def purpose(self) -> Purpose:
        """What it is for, by what stands above it."""
        return purpose_of(self.context, self.tops[0].key if self.tops else "")

    @property
    def top(self) -> DrawnEntry | None:
        """The one entry that all others are in, if there is one."""
        return self.tops[0] if len(self.tops) == 1 and self.tops[0].children else None
