"""`structlint layouts`: lists the bundled layouts, or draws one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from structlint.cli.console import console_of
from structlint.cli.emitter import emitter
from structlint.cli.options import SETTINGS, Command, common_options
from structlint.errors import CannotCheck
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import Entry, Level
from structlint.layout.load import bundled_layout
from structlint.layout.model import Layout, PatternEntry, PatternList
from structlint.report import Style
from structlint.report.terminal import Line, Span, cells, padded
from structlint.report.wording import count, one_line
from structlint.text.enumerations import either
from structlint.text.quoting import in_backticks, quote
from structlint.text.suggestions import suggestion

_MOST_ALTERNATIVES = 3
_WIDEST = 36
_DEEPEST = 3


@click.command(
    "layouts",
    cls=Command,
    context_settings=SETTINGS,
    short_help="List the bundled layouts, or show one.",
)
@click.argument("name", required=False)
@common_options
@click.pass_context
def command(context: click.Context, name: str | None) -> int:
    """List the bundled layouts, or show NAME.

    \b
    Examples:
      structlint layouts
      structlint layouts python-service
      structlint check . --layout python-service    try it
    """
    emit = emitter(console_of(context).color)
    if name is not None and name not in BUNDLED:
        raise CannotCheck(f"unknown layout {in_backticks(name)}; {suggestion(name, BUNDLED)}")
    if name:
        emit.lines(layout_summary(bundled_layout(name), emit.look), indent=4)
    else:
        emit.lines(_listed(), indent=2 + max(map(len, BUNDLED)))
    return 0


def _listed() -> Iterator[Line]:
    width = max(map(len, BUNDLED))
    for name in BUNDLED:
        yield Span(f"{name:<{width}}", "bold"), Span(f"  {bundled_layout(name).about}")


def layout_summary(layout: Layout, look: Style) -> Iterator[Line]:
    """The contents of a layout's own file, drawn and in words, and the layouts that it extends."""
    yield Span(layout.name, "bold"), Span(f": {one_line(layout.about)}")
    if drawn := list(_tree(layout.root, layout.name, "", look, 1)):
        yield ()
        yield from drawn
    for title, lines in _besides(layout):
        if texts := list(lines):
            yield ()
            yield (Span(title, "bold"),)
            yield from ((Span(f"  {line}"),) for line in texts)
    if others := [name for name in reversed(layout.files) if name != layout.name]:
        yield ()
        yield (Span(f"Extends {', '.join(others)}; show one with: structlint layouts {others[0]}"),)


def _tree(entry: Entry, file: str, before: str, look: Style, depth: int) -> Iterator[Line]:
    children = [
        child
        for child in entry.children.values()
        if _is_of(child, file) and (child.key.directory or not child.other)
    ]
    names = [_name(child) + _folded(child, file, depth, look) for child in children]
    width = min(_WIDEST, max(map(cells, names), default=0))
    corner, tee, bar = ("`-- ", "|-- ", "|   ") if look.ascii else ("└── ", "├── ", "│   ")
    for number, (child, name) in enumerate(zip(children, names, strict=True), 1):
        last = number == len(children)
        comment = f"{padded('', width - cells(name))}  # {_description(child)}" if _description(child) else ""
        lead = Span(before + (corner if last else tee), "dim")
        yield lead, Span(name, _style(child)), Span(comment, "dim")
        if depth < _DEEPEST:
            yield from _tree(child, file, before + ("    " if last else bar), look, depth + 1)


def _folded(entry: Entry, file: str, depth: int, look: Style) -> str:
    """The mark for the contents of a directory that are not drawn."""
    inside = depth == _DEEPEST and any(_is_of(child, file) for child in entry.children.values())
    return (" ..." if look.ascii else " …") * inside


def _is_of(entry: Entry, file: str) -> bool:
    """Whether a file lists an entry or one below it."""
    return entry.place.file == file or any(_is_of(child, file) for child in entry.children.values())


def _name(entry: Entry) -> str:
    keys = filter(None, (entry.key, entry.other))
    members = [f"{member}{'/' if key.directory else ''}" for key in keys for member in key.members]
    left = len(members) - _MOST_ALTERNATIVES
    if left > 1:
        members = [*members[:_MOST_ALTERNATIVES], f"{left} more"]
    mark = "?" if entry.level is Level.OPTIONAL else ""
    return (" ^ " if entry.key.exclusive else " | ").join(members) + mark


def _description(entry: Entry) -> str:
    levels = {Level.RECOMMENDED: "recommended", Level.FORBIDDEN: "forbidden"}
    level = levels.get(entry.level or Level.REQUIRED, "")
    return ": ".join(filter(None, (level, entry.about and one_line(entry.about))))


def _style(entry: Entry) -> str:
    styles = {Level.OPTIONAL: "default", Level.RECOMMENDED: "green", Level.FORBIDDEN: "red"}
    return styles.get(entry.level or Level.REQUIRED, "bold green")


def _besides(layout: Layout) -> Iterator[tuple[str, Iterable[str]]]:
    """The other settings: a title, and lines."""
    yield "Placement", _patterns(layout, layout.belongs, _homes)
    yield "Forbidden", _patterns(layout, layout.forbid, lambda reason: reason.why)
    yield "Local, not tracked", _patterns(layout, layout.local, lambda reason: "")
    yield "Limits", _limits(layout)


def _patterns(layout: Layout, reasons: PatternList, describe: Callable[[PatternEntry], str]) -> Iterator[str]:
    own = [reason for reason in reasons.items if reason.place.file == layout.name]
    exceptions = [quote(reason.pattern[1:]) for reason in own if reason.pattern.startswith("!")]
    ruled = [reason for reason in own if not reason.pattern.startswith("!")]
    width = min(_WIDEST, max((cells(quote(reason.pattern)) for reason in ruled), default=0))
    for reason in ruled:
        words = one_line(describe(reason)) if describe(reason) else ""
        yield f"{padded(quote(reason.pattern), width)}  {words}".rstrip()
    if exceptions:
        yield f"except {', '.join(exceptions)}"


def _homes(reason: PatternEntry) -> str:
    return either(["the root" if home == "/" else home for home in reason.targets])


_LIMITS = {
    "root-files": ("file", "in the root"),
    "files": ("file", "in one directory"),
    "depth": ("directory", "inside one another"),
    "path-length": ("character", "in one path"),
}


def _limits(layout: Layout) -> Iterator[str]:
    for name, bound in layout.limits.items():
        what, where = _LIMITS[name]
        if bound.place.file == layout.name:
            yield f"{count(bound.number, what, 'directories' if what == 'directory' else '')} {where}"
