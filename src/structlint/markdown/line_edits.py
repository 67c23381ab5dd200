"""Edits of single entries in the lines of a drawing: removed, renamed, or moved to another directory.

Lines and columns count from 1. Only the lines of the entry change, and the guides beside a line that is
removed or inserted.
"""

from __future__ import annotations

import re

from structlint.markdown.guides import BLANK, BRANCH, PLAIN
from structlint.text.records import Record

_STEP = 4  # the columns of one level
_LAST = "└┗╚╰`\\"
_BEFORE_LAST = {"└": "├", "┗": "┣", "╚": "╠", "╰": "├", "`": "|", "\\": "+"}
_BARS = "│┃║|"
_FENCE = re.compile(r"[ >\t]*(?:`{3,}|~{3,})")
_TOKEN = re.compile(r"[^\s`*#(（]+")  # noqa: RUF001
_CELL = re.compile(r"[\s>]*\|\s*[*`]*(?P<name>[^\s`*|]+)[*`]*\s*\|.*\|\s*$")  # the first of a table's row
_SEVERAL = re.compile(r"[{},]|\s(?:or|and|&)\s|\]\(")


class EntryPosition(Record):
    """The position of an entry: its line, and the column in which its name begins."""

    line: int
    column: int


class CannotEdit(Exception):
    """An entry cannot be edited on its own; the text is the reason."""


def removed(lines: list[str], entry: EntryPosition, name: str) -> list[str]:
    """The lines without an entry and its contents. Raises `CannotEdit`."""
    _refuse_several(lines, entry, name)
    first, end = entry.line - 1, _end(lines, entry.line - 1)
    return _with_last_guide(lines[:first], lines[first]) + lines[end:]


def renamed(lines: list[str], entry: EntryPosition, name: str, new: str) -> list[str]:
    """The lines with a new name for an entry; its comment stays in its column. Raises `CannotEdit`."""
    start, end = _refuse_several(lines, entry, name)
    text = lines[entry.line - 1]
    drawn = text[start:end]
    written = new if drawn.endswith("/") else new.rstrip("/")
    line = text[:start] + written + _aligned(text[end:], len(drawn) - len(written))
    return [*lines[: entry.line - 1], line, *lines[entry.line :]]


def moved(
    lines: list[str], entry: EntryPosition, name: str, new: str, line: int, *, inside: bool
) -> list[str]:
    """The lines with an entry and its contents moved elsewhere under a new name. Raises `CannotEdit`.

    It is drawn before the entry in a line, or `inside` of it.
    """
    start, end = _refuse_several(lines, entry, name)
    first = entry.line - 1
    contents = lines[first + 1 : _end(lines, first)]
    text, at = lines[first], line - 1
    written = new if text[start:end].endswith("/") else new.rstrip("/")
    prefix = _prefix_in(lines, at) if inside else _prefix_of(lines[at])
    shift = (end - start) - len(written) + start - len(prefix)
    drawn = [prefix + written + _aligned(text[end:], shift)]
    drawn += (_indented(inner, _start(text), prefix) for inner in contents)
    position = at + inside
    without = removed(lines, entry, name)
    position -= len(drawn) * (position > first)
    return [*without[:position], *drawn, *without[position:]]


def _start(text: str) -> int:
    """The column, from 0, in which the name in a line begins, and the guides of its contents."""
    match = BRANCH.match(text) or PLAIN.match(text)
    assert match
    return match.start("rest")


def _indented(text: str, before: int, prefix: str) -> str:
    """A line in a directory whose name has moved from the column `before` behind another prefix.

    Raises `CannotEdit`.
    """
    if not BLANK.fullmatch(text[:before]) or "\t" in text[:before] + prefix:
        raise CannotEdit("the guides of its contents are not clear")
    branch = BRANCH.match(f"{prefix}x")
    guide = _continued(branch) if branch else " " * len(prefix.rstrip("`"))
    name = _TOKEN.match(text, _start(text))
    end = name.end() if name else len(text)
    return guide + text[before:end] + _aligned(text[end:], before - len(guide))


def _refuse_several(lines: list[str], entry: EntryPosition, name: str) -> tuple[int, int]:
    """The start and end of an entry's name in its line. Raises `CannotEdit` if the line has other names."""
    if not 0 < entry.line <= len(lines):
        raise CannotEdit("it is not on its own line")
    text, start = lines[entry.line - 1], entry.column - 1
    if cell := _CELL.match(text):
        start = cell.start("name")
    token = _TOKEN.match(text, start)
    drawn = token[0].rstrip(":") if token else ""
    bare, wanted = drawn.rstrip("/"), name.rstrip("/")
    if bare != wanted and not bare.endswith(f"/{wanted}"):
        raise CannotEdit("its name is written differently")
    end = start + len(drawn)
    start += len(bare) - len(wanted)
    if _SEVERAL.search(text[end : end + 6]) or text[:start].endswith("["):
        raise CannotEdit("its line draws several entries, or a link")
    return start, end


def _aligned(rest: str, shift: int) -> str:
    """The text after a name, with more blanks before it so that a comment keeps its column."""
    blanks = len(rest) - len(rest.lstrip(" "))
    return " " * max(2, blanks + shift) + rest[blanks:] if blanks > 1 and rest.strip() else rest


def _depth(text: str) -> int | None:
    """The indentation of a line; None for a line without an entry."""
    if _FENCE.match(text) or not text.strip() or BLANK.fullmatch(text):
        return None
    branch = BRANCH.match(text)
    match = branch or PLAIN.match(text)
    assert match
    return len(match["bars"].expandtabs(_STEP)) + _STEP * (branch is not None)


def _end(lines: list[str], first: int) -> int:
    """The index after the last line of an entry's contents or of its continued comment."""
    depth, end = _depth(lines[first]), first + 1
    for at in range(first + 1, len(lines)):
        inner = _depth(lines[at])
        if inner is None and (_FENCE.match(lines[at]) or not lines[at].strip()):
            break
        if inner is not None:
            comment = lines[at].lstrip(f" {_BARS}\t").startswith("#")
            if depth is None or (inner <= depth and not comment):
                break
            end = at + 1
    return end


def _with_last_guide(before: list[str], gone: str) -> list[str]:
    """The lines before a removed one, where the previous entry becomes the last if necessary."""
    branch = BRANCH.match(gone)
    if not branch or branch["branch"][0] not in _LAST:
        return before
    column, sign = branch.start("branch"), branch["branch"][0]
    for at in range(len(before) - 1, -1, -1):
        other = BRANCH.match(before[at])
        if other and other.start("branch") == column:
            inner = [_without_bar(line, column) for line in before[at + 1 :]]
            return [*before[:at], before[at][:column] + sign + before[at][column + 1 :], *inner]
        if (
            _FENCE.match(before[at])
            or (other and other.start("branch") < column)
            or len(before[at]) <= column
        ):
            break
    return before


def _without_bar(line: str, column: int) -> str:
    return f"{line[:column]} {line[column + 1 :]}" if line[column : column + 1] in (*_BARS,) else line


def _prefix_in(lines: list[str], at: int) -> str:
    """The text before the name of a new first entry in the directory at an index. Raises `CannotEdit`."""
    depth = _depth(lines[at])
    inside = (line for line in lines[at + 1 : _end(lines, at)] if (_depth(line) or 0) > (depth or 0))
    if first := next(inside, None):
        return _prefix_of(first)
    branch = BRANCH.match(lines[at])
    if not branch:
        raise CannotEdit("its new directory is drawn without contents")
    sign = branch["branch"]
    last = {"├": "└", "┣": "┗", "╠": "╚"}.get(sign[0], sign[0])
    return f"{_continued(branch)}{last}{sign[1:]}"


def _continued(branch: re.Match[str]) -> str:
    """The guides before the contents of the entry in a line with these guides."""
    sign = branch["branch"]
    bar = " " if sign[0] in _LAST else {"├": "│", "┣": "┃", "╠": "║"}.get(sign[0], "|")
    return f"{branch['bars']}{bar}{' ' * (len(sign) - 1)}"


def _prefix_of(line: str) -> str:
    """The text before the name in a line, in the form for an entry with a next sibling."""
    branch = BRANCH.match(line)
    match = branch or PLAIN.match(line)
    assert match
    prefix = line[: match.start("rest")] + "`" * line[match.start("rest") :].startswith("`")
    if not branch:
        return prefix
    column = branch.start("branch")
    return f"{prefix[:column]}{_BEFORE_LAST.get(prefix[column], prefix[column])}{prefix[column + 1 :]}"
