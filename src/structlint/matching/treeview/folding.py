"""Folds a tree view, so that a drawing of it fits a number of rows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace

from structlint.matching.treeview.model import Note, TreeNode

_CALM = 12  # at most this many entries without findings are drawn in a directory; more are counted
_ALIKE = 3  # at most this many siblings with the same findings are drawn; more are counted

_Position = tuple[int, ...]  # of a node: the number of its branch in each directory on the way


def folded(shown: TreeNode, depth: int, fits: Callable[[TreeNode], bool]) -> tuple[TreeNode, bool]:
    """The most detailed view that fits, and whether less than the usual detail is left.

    Entries without problems are left out first, then findings: warnings before errors, deep before others.
    """
    usual = _view(shown, depth, _CALM, _ALIKE)
    if fits(usual):
        return usual, False
    for calm, alike in ((6, 2), (3, 1)):
        if fits(view := _view(shown, depth, calm, alike)):
            return view, True
    least = _view(shown, min(depth, 1), 1, 1)
    if fits(least):
        return least, True
    problems = sorted(_marked(least, ()), key=lambda found: (not found[1].error, len(found[0])))
    positions = [position for position, _ in problems]
    number = bisect(
        range(2, len(problems) + 1), False, key=lambda most: not fits(_only(least, positions[:most]))
    )
    return _only(least, positions[: 1 + number]), True


def _view(shown: TreeNode, depth: int, calm: int, alike: int) -> TreeNode:
    return thin_out(fold_alike(fold_below(shown, depth), alike), calm)


def fold_below(shown: TreeNode, depth: int) -> TreeNode:
    """A view in which nodes deeper than `depth` are folded, unless something is wrong with them."""
    wrong_below = shown.state in ("there", "wrong")  # a missing directory is one line
    inside = (node for node in shown.inside if depth > 0 or (wrong_below and not node.calm))
    kept = tuple(fold_below(node, depth - 1) for node in inside)
    return replace(shown, inside=kept, more=shown.more + len(shown.inside) - len(kept))


def thin_out(shown: TreeNode, most: int) -> TreeNode:
    """A view with at most `most` entries without problems in each directory, or one more."""
    calm = [node for node in shown.inside if node.calm]
    gone = {node.name for node in calm[most:]} if len(calm) > most + 1 else set()
    inside = tuple(thin_out(node, most) for node in shown.inside if node.name not in gone)
    return replace(shown, inside=inside, more=shown.more + len(gone))


def fold_alike(shown: TreeNode, most: int) -> TreeNode:
    """A view with at most `most` siblings, or one more, that have the same findings there and below.

    Of the notes at a path, as many are kept.
    """
    return _folded_alike(shown, most)[0]


def _folded_alike(shown: TreeNode, most: int) -> tuple[TreeNode, Hashable]:
    """The view, and the kinds of its findings."""
    pairs = [_folded_alike(node, most) for node in shown.inside]
    inside = [node for node, _ in pairs]
    groups: dict[Hashable, list[int]] = {}
    for number, (node, kinds) in enumerate(pairs):
        if not node.calm:
            groups.setdefault(kinds, []).append(number)
    gone: set[int] = set()
    for numbers in groups.values():
        if len(numbers) > most + 1:
            gone.update(numbers[most:])
            last = numbers[most - 1]
            inside[last] = replace(inside[last], alike=len(numbers) - most)
    kept = tuple(node for number, node in enumerate(inside) if number not in gone)
    own: Hashable = tuple(map(_kind, shown.notes)) if shown.notes else shown.marked and shown.name
    notes = _first_notes(shown.notes, most)
    return replace(shown, inside=kept, notes=notes), (shown.state, own, frozenset(groups))


def _first_notes(notes: tuple[Note, ...], most: int) -> tuple[Note, ...]:
    rest = notes[most:]
    if len(rest) < 2:
        return notes
    return *notes[:most], Note(f"and {len(rest):,} more findings", any(note.error for note in rest))


def _kind(note: Note) -> Hashable:
    return note.text if note.kind is None else note.kind


def _marked(shown: TreeNode, position: _Position) -> Iterator[tuple[_Position, TreeNode]]:
    """The nodes below with findings."""
    for number, node in enumerate(shown.inside):
        if node.marked:
            yield (*position, number), node
        yield from _marked(node, (*position, number))


def _only(shown: TreeNode, positions: Sequence[_Position]) -> TreeNode:
    """A view with only the nodes at these positions, and the directories on the way."""
    below: dict[int, list[_Position]] = {}
    for first, *rest in filter(None, positions):
        below.setdefault(first, []).append(tuple(rest))
    kept = tuple(_only(node, below[number]) for number, node in enumerate(shown.inside) if number in below)
    gone = [node for number, node in enumerate(shown.inside) if number not in below]
    return replace(shown, inside=kept, more=shown.more + len(gone) + sum(node.alike for node in gone))
