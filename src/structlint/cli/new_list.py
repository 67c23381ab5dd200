"""`structlint new` without arguments: the placeholders that can be scaffolded."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.checking.project import Project
from structlint.cli.emitter import emitter
from structlint.layout.entry import Entry, entries
from structlint.layout.model import Layout
from structlint.report.terminal import Line, Span
from structlint.text.quoting import in_backticks, quote

_HEAD = ("name", "entry", "existing")
_MOST_NAMED = 3


def list_placeholders(project: Project, layout: Layout, color: str) -> None:
    """Writes the placeholders, each with the entry that defines it and some of its values."""
    emit = emitter(color)
    rows = list(_rows(project, layout))
    table = [_HEAD, *rows]
    name_width, entry_width = (max(len(row[column]) for row in table) for column in (0, 1))
    for number, (name, entry, values) in enumerate(table if rows else ()):
        line: Line = (
            Span(f"{name:<{name_width}}  ", "bold"),
            Span(f"{entry:<{entry_width}}  ", "" if number else "bold"),
            Span(values, "" if number else "bold"),
        )
        emit.line(line, indent=name_width + 2 + entry_width + 2)
    if rows:
        emit.line(())
        emit.line((Span(f"Scaffold one with: structlint new {rows[0][0]} VALUE"),))
    else:
        emit.line((Span(f"{in_backticks(layout.name)} has no placeholder that can be scaffolded"),))


def _rows(project: Project, layout: Layout) -> Iterator[tuple[str, str, str]]:
    """The name of each placeholder, the entry that defines it, and examples of its values."""
    values: dict[str, set[str]] = {}
    for match in project.survey.path_matches:
        for name, value in match.values.items():
            values.setdefault(name, set()).add(value)
    for name, way in _defining(layout).items():
        naming = layout.names.get(name)
        if naming and naming.values:
            continue  # the layout lists them all
        known = sorted(values.get(name, ()))
        more = f" and {len(known) - _MOST_NAMED:,} more" * (len(known) > _MOST_NAMED)
        shown = ", ".join(map(quote, known[:_MOST_NAMED])) + more
        yield name, quote("".join(str(entry.key) for entry in way)), shown


def _defining(layout: Layout) -> dict[str, tuple[Entry, ...]]:
    """The entries on the way to the one that defines each placeholder, which is the last of them."""
    ways: dict[str, tuple[Entry, ...]] = {}
    for above, entry in entries(layout.root):
        for name in entry.key.placeholders if not (entry.forbidden or entry.key.path_placeholder) else ():
            ways.setdefault(name, (*above[1:], entry))
    return ways | {name: defining[0] for name, defining in layout.ties.defining.items() if name in ways}
