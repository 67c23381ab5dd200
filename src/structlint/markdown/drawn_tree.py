"""A drawn tree and its context in the document."""

from __future__ import annotations

from structlint.markdown.blocks import Context
from structlint.markdown.purpose import Purpose, purpose_of
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.records import Record


class Drawing(Record):
    """A drawn tree: its first line, its context and its entries.

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
        """The purpose of the drawing, according to the words above it."""
        return purpose_of(self.context, self.tops[0].key if self.tops else "")

    @property
    def top(self) -> DrawnEntry | None:
        """The single top entry that contains all others, if there is one."""
        return self.tops[0] if len(self.tops) == 1 and self.tops[0].children else None
