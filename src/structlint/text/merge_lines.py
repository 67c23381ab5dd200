"""Applies the changes between two versions of a text to a third version, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from structlint.text.records import Record


class LineChange(Record):
    """Lines that take the place of others; one of the two may be empty."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


def merge_lines(
    base: Sequence[str], current: Sequence[str], other: Sequence[str]
) -> tuple[list[str], list[LineChange]]:
    """`current` with what has changed from `base` to `other`, and the changes that do not fit it.

    A change fits where `current` still has the lines of `base` that it replaces, with the line before and
    the line after. One that `current` has already is left out.
    """
    places = _places(base, current)
    merged, left = list(current), []
    changes = [
        (start, end, LineChange(tuple(base[start:end]), tuple(other[low:high])))
        for tag, start, end, low, high in _matcher(base, other).get_opcodes()
        if tag != "equal"
    ]
    for start, end, change in reversed(changes):
        at = places.get(start - 1)
        if at is None or [places.get(line) for line in range(start, end + 1)] != list(
            range(at + 1, at + 2 + end - start)
        ):
            if not _is_made(change, current):
                left.append(change)
            continue
        merged[at + 1 : at + 1 + end - start] = change.added
    return merged, left[::-1]


def _matcher(one: Sequence[str], other: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, one, other, autojunk=False)


def _places(base: Sequence[str], current: Sequence[str]) -> dict[int, int]:
    """The place of each line of `base` in `current`; the ends are lines too."""
    places = {-1: -1, len(base): len(current)}
    for start, at, size in _matcher(base, current).get_matching_blocks():
        places |= {start + step: at + step for step in range(size)}
    return places


def _is_made(change: LineChange, lines: Sequence[str]) -> bool:
    """Whether a text has what a change adds, or lacks what it only removes."""
    if change.added:
        return _contains(lines, change.added)
    return not _contains(lines, change.removed)


def _contains(lines: Sequence[str], part: Sequence[str]) -> bool:
    """Whether some lines stand together in a text."""
    return any(tuple(lines[at : at + len(part)]) == tuple(part) for at in range(len(lines) - len(part) + 1))
