"""Corrects documents: entries that do not exist are removed from their drawings, renamed or moved.

After each edit, the document is read again to make sure that existing paths are still drawn, and no others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from structlint.checking.documents import is_certain, reason_to_skip_drawing
from structlint.checking.drawn_document import Document
from structlint.errors import LayoutError
from structlint.markdown.line_edits import CannotEdit, EntryPosition, moved, removed, renamed
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.checking.compared import Compared
    from structlint.matching.model import Missing

_ROUNDS = 8  # times that one path can be drawn in a document
_MOST_ALONE = 100  # edits that are tried one by one
_MARK = "\ufeff"


class DocumentFix(Record):
    """A document before and after its correction, and the entries that remain, with the reasons."""

    path: str
    before: bytes
    after: bytes
    left: tuple[str, ...]


class _Stale(Record):
    """An entry whose path does not exist, the comparison that found it, and the first line of its drawing."""

    missing: Missing
    at: Compared
    begin: int

    @property
    def drawn_at(self) -> EntryPosition:
        return EntryPosition(self.missing.origin.line, self.missing.origin.column)

    @property
    def name(self) -> str:
        """The last name of its path, with the slash if it is a directory."""
        return self.missing.path[self.missing.path.rstrip("/").rfind("/") + 1 :]


class _Edit(Record):
    """A change of the lines of one entry, and the paths that these lines draw afterwards."""

    stale: _Stale
    apply: Callable[[list[str]], list[str]]
    draws: str = ""
    shifts: bool = False  # it changes the numbers of other lines than those below it


def fix_document(document: Document, *, doubtful: bool) -> DocumentFix:
    """Corrects a document, also its doubtful drawings with `doubtful`.

    Raises `LayoutError` if it cannot be read.
    """
    before, reasons = document, dict[str, str]()
    for _ in range(_ROUNDS):
        after = _corrected(document, reasons, doubtful)
        if after.data == document.data:
            break
        document = after
    left = [
        f"{document.named}:{entry.missing.origin.line}: draws "
        f"{document.drawn_names(entry.at, entry.missing)}; "
        f"{reasons.get(entry.missing.path, 'it cannot be corrected automatically')}"
        for entry in _stale(document, doubtful)
    ]
    return DocumentFix(before.path, before.data, document.data, tuple(left))


def _stale(document: Document, doubtful: bool) -> Iterator[_Stale]:
    for begin, at in document.drawings():
        is_shown = at.is_of(begin) and not reason_to_skip_drawing(document, at, begin)
        if is_shown and (doubtful or is_certain(document, at, begin)):
            yield from (_Stale(missing, at, begin) for group, missing in at.missing if group == begin)


def _corrected(document: Document, reasons: dict[str, str], doubtful: bool) -> Document:
    """The document after one round of edits; if an entry remains, its reason is recorded."""
    edits = list(_edits(document, reasons, doubtful))
    in_place = sorted((edit for edit in edits if not edit.shifts), key=lambda edit: -edit.stale.drawn_at.line)
    together = _with(document, in_place, reasons)
    if together is None:
        together = document
        for edit in in_place[:_MOST_ALONE]:
            together = _with(together, [edit], reasons) or together
    if together.data != document.data:
        return together
    for edit in (shift for shift in edits if shift.shifts):
        if done := _with(document, [edit], reasons):
            return done
    return document


def _with(document: Document, edits: Sequence[_Edit], reasons: dict[str, str]) -> Document | None:
    """The document with some edits; None if it would then draw anything else differently."""
    text = _text(document.data)
    if text is None:
        reasons.update((edit.stale.missing.path, "the document is not in UTF-8") for edit in edits)
        return None
    mark = _MARK * text.startswith(_MARK)
    lines = text.removeprefix(_MARK).split("\n")
    done = []
    for edit in edits:
        try:
            lines = edit.apply(lines)
        except CannotEdit as error:
            reasons[edit.stale.missing.path] = str(error)
        else:
            done.append(edit)
    after = Document(document.background, document.path, (mark + "\n".join(lines)).encode())
    return after if not done or _draws_the_rest(document, after, done) else None


def _text(data: bytes) -> str | None:
    """The text of a document, or None if its lines would be numbered differently here."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if re.search("\r(?!\n)|\0", text) else text


def _draws_the_rest(before: Document, after: Document, edits: Sequence[_Edit]) -> bool:
    """Whether all existing paths are still drawn, and no others."""
    try:
        now = {line.path for line in after.drawn}
    except LayoutError:
        return False
    drawn = {line.path for line in before.drawn}
    paths, compared = before.background.paths, [edit.stale.at for edit in edits]
    exist = {
        path for path in drawn for at in compared if path.startswith(at.base) and at.located(path) in paths
    }
    new = {path for edit in edits for path in _with_parents(edit.draws)}
    new |= {path for edit in edits if edit.draws for path in _contents_after(edit, drawn)}
    return exist <= now <= drawn | new


def _contents_after(edit: _Edit, drawn: Collection[str]) -> Iterator[str]:
    """The drawn contents of a directory, below the name that an edit gives it."""
    before = edit.stale.missing.path
    inside = (path for path in drawn if before.endswith("/") and path.startswith(before))
    return (edit.draws + path[len(before) :] for path in inside)


def _edits(document: Document, reasons: dict[str, str], doubtful: bool) -> Iterator[_Edit]:
    """The possible edits, by entries whose paths do not exist."""
    at_line: dict[int, list[str]] = {}
    for line in document.drawn:
        at_line.setdefault(line.line, []).append(line.path)
    for stale in _stale(document, doubtful):
        path = stale.missing.path
        beside = at_line.get(stale.drawn_at.line, [])
        near = document.near(stale.at, stale.missing)
        if len(stale.missing.names) > 1 or path not in beside:
            reasons[path] = "its line lists several paths"
        elif not all(path.startswith(neighbor) or neighbor.startswith(path) for neighbor in beside):
            reasons[path] = "its line draws several entries"
        elif near and near.endswith("/") != path.endswith("/"):
            kind = "directory" if near.endswith("/") else "file"
            reasons[path] = f"a {kind} of this name exists"
        else:
            yield _edit(document, stale, near)


def _edit(document: Document, stale: _Stale, near: str) -> _Edit:
    """The edit for an entry whose path does not exist; `near` is the path that was probably meant."""
    name, drawn_at, path = stale.name, stale.drawn_at, stale.missing.path
    lines = {line.path: line.line for line in document.drawn_in(stale.begin)}
    new = stale.at.drawn_as(near)
    if not new or new in lines:
        return _Edit(stale, lambda text: removed(text, drawn_at, name))
    here = path[: len(path) - len(name)]
    above = next((enclosing for enclosing in reversed(_with_parents(new)[:-1]) if enclosing in lines), "")
    if above == here:
        return _Edit(stale, lambda text: renamed(text, drawn_at, name, new[len(here) :]), new)
    first = next(drawn_path for drawn_path in lines if "/" not in drawn_path.rstrip("/"))
    line = lines[above or first]
    return _Edit(
        stale,
        lambda text: moved(text, drawn_at, name, new[len(above) :], line, inside=bool(above)),
        new,
        shifts=True,
    )


def _with_parents(path: str) -> list[str]:
    """A path preceded by the directories that contain it, the outermost first; () for no path."""
    return [path[: at + 1] for at, letter in enumerate(path) if letter == "/" or at == len(path) - 1]
