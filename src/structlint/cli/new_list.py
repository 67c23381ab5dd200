"""`structlint new` without arguments: the placeholders that can be scaffolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.checking.project import Project
from structlint.cli.emitter import emitter
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import Entry, entries
from structlint.layout.keys import STAR, Name
from structlint.layout.model import Layout
from structlint.report.terminal import Span, cells, padded
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record

_HEAD = ("name", "entry", "existing")
_MOST_NAMED = 3
_LEAST_ROOM = 20  # columns for the values; if there are fewer, they are below the entry


class _Row(Record):
    """A placeholder, the entry that defines it, and its values in the tree.

    `bundled` is whether only a bundled layout defines it.
    """

    name: str
    entry: str
    values: Sequence[str]
    bundled: bool

    @property
    def existing(self) -> str:
        """The first few values."""
        left = len(self.values) - _MOST_NAMED
        return ", ".join(map(quote, self.values[:_MOST_NAMED])) + f" and {left:,} more" * (left > 0)


def list_placeholders(project: Project, layout: Layout, color: str) -> None:
    """Writes the placeholders, each with the entry that defines it and some of its values.

    Those of bundled layouts are last, and those without values are omitted, unless there are no others.
    """
    emit = emitter(color)
    known = sorted(_rows(project, layout), key=lambda row: row.bundled)
    rows = [row for row in known if row.values or not row.bundled] or known
    if not rows:
        emit.line((Span(f"{in_backticks(layout.name)} has no placeholder that can be scaffolded"),))
        return
    table = [_HEAD, *((row.name, row.entry, row.existing) for row in rows)]
    widths = [max(cells(line[column]) for line in table) for column in (0, 1)]
    indent = sum(widths) + 4
    below = emit.width is not None and indent + _LEAST_ROOM > emit.width
    for number, (name, *others) in enumerate(table):
        style = "" if number else "bold"
        first = Span(f"{padded(name, widths[0])}  ", "bold")
        if below:
            emit.line((first, Span(others[0], style)), indent=widths[0] + 2)
            if others[1]:
                emit.line((Span(" " * (widths[0] + 2)), Span(others[1], style)), indent=widths[0] + 2)
        else:
            emit.line((first, Span(f"{padded(others[0], widths[1])}  {others[1]}", style)), indent=indent)
    usual = max(rows, key=lambda row: (not row.bundled, row.entry.endswith("/"), len(row.values)))
    emit.line(())
    emit.line((Span(f"Scaffold one with: structlint new {usual.name} VALUE"),))
    if unused := len(known) - len(rows):
        emit.line((Span(f"Not listed: {count(unused, 'unused placeholder')} of the bundled layouts"),))


def _rows(project: Project, layout: Layout) -> Iterator[_Row]:
    values: dict[str, set[str]] = {}
    for match in project.survey.path_matches:
        for name, value in match.values.items():
            values.setdefault(name, set()).add(value)
    for name, way in _defining(layout).items():
        naming = layout.names.get(name)
        if naming and naming.values:
            continue  # the layout lists them all
        members = [_member(step, name) for step in way]
        if any(STAR in member.parts for member in members):
            continue  # the place of a new one is not clear
        entry = "".join(
            f"{member}{'/' * step.key.directory}" for member, step in zip(members, way, strict=True)
        )
        yield _Row(name, quote(entry), sorted(values.get(name, ())), way[-1].place.file in BUNDLED)


def _member(entry: Entry, placeholder: str) -> Name:
    """The first alternative of an entry, if any with a placeholder."""
    slots = ((member, slot.placeholder) for member in entry.key.members for slot in member.slots)
    return next((member for member, name in slots if name == placeholder), entry.key.members[0])


def _defining(layout: Layout) -> dict[str, tuple[Entry, ...]]:
    """The entries from the root to the one that defines each placeholder."""
    ways: dict[str, tuple[Entry, ...]] = {}
    for above, entry in entries(layout.root):
        for name in entry.key.placeholders if not (entry.forbidden or entry.key.path_placeholder) else ():
            ways.setdefault(name, (*above[1:], entry))
    return ways | {name: defining[0] for name, defining in layout.ties.defining.items() if name in ways}
