"""Lays out the drawing of `structlint tree` in rows, with the findings wrapped beside the names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from structlint.cli.emitter import Emitter
from structlint.matching.treeview.model import (
    DRAWN,
    TYPED,
    Guides,
    Note,
    State,
    TreeLine,
    TreeNode,
    tree_lines,
)
from structlint.report import Style
from structlint.report.terminal import Line, Span, cells
from structlint.report.wording import one_line
from structlint.text.quoting import quote

_WIDEST = 44  # notes are aligned after names up to this length
_LEAST_ROOM = 28  # columns of a terminal for a finding beside a name; with less, it is below the name
_FINE = "dim"  # the style of the guides, and of notes on entries without findings
_STYLES = {"there": "green", "ignored": _FINE, "baselined": _FINE}


def guides_of(look: Style) -> Guides:
    """The characters before the names: box-drawing characters, or ASCII where the output needs it."""
    return TYPED if look.ascii else DRAWN


def picture_rows(title: str, shown: TreeNode, emit: Emitter, terminal: int | None) -> Iterator[Line]:
    """The rows of a drawing with its title; `terminal` is the width that they are wrapped to, if any."""
    guides = guides_of(emit.look)
    drawing = [TreeLine("", shown), *tree_lines(shown, guides, hidden=True)]
    names = [Span(title, "bold"), *(_name(row, guides) for row in drawing[1:])]
    counts = ["", *(_folded(row, guides) for row in drawing[1:])]
    ends = [
        cells(row.lead + name.text + more) for row, name, more in zip(drawing, names, counts, strict=True)
    ]
    drawn = (end for row, end in zip(drawing[1:], ends[1:], strict=True) if row.shown)
    width = min(_WIDEST, max(drawn, default=0), *((terminal // 2,) if terminal else ()))
    leads = [*(row.lead for row in drawing[1:]), ""]
    for row, name, more, end, lead in zip(drawing, names, counts, ends, leads, strict=True):
        before: Line = Span(row.lead, _FINE, "", True), name, Span(more, _FINE)
        start = max(end, width if row.lead else 0) + 2
        beside = lead[: -len(guides.beside)] + guides.beside if lead else ""
        yield from _beside((*before, Span(" " * (start - end))), start, _notes(row), beside, emit, terminal)


def _beside(
    before: Line, start: int, notes: list[Span], beside: str, emit: Emitter, terminal: int | None
) -> Iterator[Line]:
    """A name and the notes beside it, from column `start`; `beside` has the guides below the name."""
    *name, gap = before
    if not notes:
        yield tuple(name)
        return
    if terminal and _below(notes, start, terminal):
        indent = cells(name[0].text) + len(DRAWN.beside)
        yield from _hanging(emit.rows(tuple(name), indent), beside)
        start, name, gap = indent, _guides_below(beside, indent), Span("")
    for note in notes:
        text = note._replace(text=gap.text + note.text)
        fine = terminal is None or note.style == _FINE
        yield from _hanging([(*name, text)] if fine else emit.rows((*name, text), start), beside)
        name, gap = _guides_below(beside, start), Span("")


def _hanging(rows: list[Line], beside: str) -> Iterator[Line]:
    """The rows of a line, with the guides in front of those after the first."""
    yield rows[0]
    for blank, *words in rows[1:]:
        yield *_guides_below(beside, len(blank.text)), *words


def _below(notes: list[Span], start: int, terminal: int) -> bool:
    """Whether there is too little room beside a name, so that the notes are below it."""
    return start + _LEAST_ROOM > terminal and any(
        note.style != _FINE and start + cells(note.text) > terminal for note in notes
    )


def _guides_below(beside: str, width: int) -> list[Span]:
    return [Span(f"{beside[:width]:<{width}}", _FINE, "", True)]


def _name(row: TreeLine, guides: Guides) -> Span:
    if row.shown:
        return Span(quote(row.shown.name), _style(row.shown))
    like = f" like {quote(row.like.name)}" if row.like else ""
    return Span(f"{guides.dots} {row.more:,} more{like}", _style(row.like) if row.like else _FINE)


def _folded(row: TreeLine, guides: Guides) -> str:
    """The number of omitted entries: the contents of a directory, or the matches of a pattern."""
    if row.shown is None or row.shown.inside or not row.shown.more:
        return ""
    if not row.shown.form:
        return f" {guides.dots} {row.shown.more:,} more"
    return f" {guides.dots} {row.shown.more:,}" if row.shown.more > 1 else ""


def _notes(row: TreeLine) -> list[Span]:
    """The texts beside a name: its findings, or else its description."""
    if row.shown is None:
        return []
    state, style = row.shown.state, _style(row.shown)
    about = one_line(row.shown.about) if row.shown.about else ""
    if state == "ignored":
        return [Span("ignored by git", style)]
    if row.shown.notes:
        return [_note(note, _STYLES.get(state, "")) for note in row.shown.notes]
    if state == "missing":
        return [Span(f"missing: {about}" if about else "missing", style)]
    return [Span(f"# {about}", _FINE)] if about and row.lead else []


def _note(note: Note, style: str) -> Span:
    if note.error:
        return Span(note.text, style or "red")
    return Span(f"warning: {note.text}", style or "yellow")


def _style(shown: TreeNode) -> str:
    return _STYLES.get(shown.state) or ("red" if shown.error else "yellow")


def legend(numbers: Mapping[State, int]) -> Line:
    """The number of entries in each state."""
    words = {"there": "as expected", "ignored": "ignored by git"}
    texts = [f"{number:,} {words.get(state, state)}" for state, number in numbers.items() if number]
    return (Span(", ".join(texts) or "the layout lists nothing here", "bold"),)
