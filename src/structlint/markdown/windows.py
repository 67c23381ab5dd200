"""Repairs listings of Windows' `tree` whose guides were decoded with another code page."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADED = 5  # the first drawn line is among this many
_DRIVE = re.compile(r"[A-Za-z]:(?:\.|\\\S*)?\s*")
_BAR = re.compile(r"[^\w\s]   |[^\x00-\x7f]   |    ")
_BRANCH = re.compile(r"(?:[^\w\s]|[^\x00-\x7f])([^\w\s]|[^\x00-\x7f])\1\1(?=\S)")

Lines = Sequence[tuple[int, str]]


def restored(lines: Lines) -> Lines:
    """The lines of a listing with the original guides; other lines are unchanged.

    Each level of a listing is four columns wide, so any characters in them are a guide.
    """
    start = next((at for at, (_, text) in enumerate(lines[:_HEADED]) if _DRIVE.fullmatch(text)), None)
    if start is None or not any(_BRANCH.search(text) for _, text in lines[start:]):
        return lines
    drawn = ((number, _restored(text)) for number, text in lines[start + 1 :])
    return [*((number, "") for number, _ in lines[:start]), (lines[start][0], "."), *drawn]


def _restored(text: str) -> str:
    if all(len(guide) == 1 and not (guide.isascii() and guide.isalnum()) for guide in text.split()):
        return ""
    at = 0
    while match := _BAR.match(text, at):
        at = match.end()
    guides = "".join("    " if text[here] == " " else "│   " for here in range(0, at, 4))
    if branch := _BRANCH.match(text, at):
        return f"{guides}├───{text[branch.end() :]}"
    return guides + text[at:]
