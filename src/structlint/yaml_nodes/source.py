"""The text of a YAML file, to find the place of an error in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TypeAlias

from structlint.errors import LayoutError, NotRead, Problem

MOST_YAML_BYTES = 1024 * 1024
NO_CHARACTER = "the text contains an escape that is not a character; remove it"

At: TypeAlias = tuple[int, int]  # line and column, from 1

# `re` compiles these when they are first used: most texts are right, also those of other programs.
_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"  # what both parsers take for the end of a line
_CONFLICT = "(?<![^\n\r\x85\u2028\u2029])(?:<{7}|>{7})(?![^ \n\r\x85\u2028\u2029])"
_ENCODINGS = {"UTF-32": (b"\xff\xfe\0\0", b"\0\0\xfe\xff"), "UTF-16": (b"\xff\xfe", b"\xfe\xff")}
# What one of the parsers, or both, do not take, such as a byte order mark inside the text.
_UNREADABLE = "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]"
# What an escape could put into a text all the same.
_UNUSABLE = "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"

_KEY = r"(\S.*?):(?!\S)"
LEAD = r"[ \t]*(?:[-?][ \t]+)*"  # indentation, and the marks of list entries and long keys
_TO_VALUE = LEAD + r"""(?:(?:"[^"]*"|'[^']*'|\S.*?):[ \t]+)?"""


class SourceText:
    """The text of one file, to find the place of an error in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return re.split(_BREAK, self.text)

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def character(self, at: At) -> str:
        return self.line(at[0])[at[1] - 1 : at[1]]

    def rest(self, at: At) -> str:
        return self.line(at[0])[at[1] - 1 :]

    @cached_property
    def end(self) -> At:
        """The place of the last character that is not blank. Parsers may point after it."""
        last = max((number for number, line in enumerate(self.lines, 1) if line.strip()), default=1)
        return last, max(1, len(self.line(last).rstrip()))

    def head(self, line: int) -> At:
        """The place where the key or value of a line begins."""
        lead = re.match(LEAD, self.line(line))
        return line, lead.end() + 1 if lead else 1

    def value(self, line: int) -> At:
        """The place of the value after the first key of a line; without a key, the start of the line."""
        before = re.match(_TO_VALUE, self.line(line))
        return line, before.end() + 1 if before else 1

    def key(self, at: At) -> str:
        """The text from `at` up to the colon after a key; empty if there is none, or brackets stay open."""
        match = re.match(_KEY, self.rest(at))
        return match[1].rstrip() if match and not left_open(match[1]) else ""

    def meant(self, at: At, in_brackets: bool) -> str:
        """The key or value at `at` as its author probably meant it."""
        return (self.key(at) if at == self.head(at[0]) else "") or self.words(at, in_brackets)

    def words(self, at: At, in_brackets: bool) -> str:
        """The text at `at`: up to a comment; between brackets, up to the next mark."""
        end = r"\s#|[,\]}]|:\s" if in_brackets else r"\s#"
        return re.split(end, self.rest(at), maxsplit=1)[0].strip()


def decode_text(data: bytes, file: str) -> str:
    if len(data) > MOST_YAML_BYTES:
        raise LayoutError([Problem(file, 1, 1, "larger than 1 MiB, the limit for a layout")])
    if encoding := _foreign_encoding(data):
        raise NotRead([Problem(file, 1, 1, f"this is {encoding}; save it as UTF-8")])
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = _after(data[: error.start].decode())
        problem = f"the byte 0x{data[error.start]:02x} here is not UTF-8; save the file as UTF-8"
        raise LayoutError([Problem(file, *at, problem)]) from None
    if not all(map(str.isprintable, text.split("\n"))) and (match := re.search(_UNREADABLE, text)):
        problem = f"the character U+{ord(match[0]):04X} is not allowed here; remove it"
        raise LayoutError([Problem(file, *_after(text[: match.start()]), problem)])
    refuse_conflict(text, file)
    return text


def refuse_conflict(text: str, file: str) -> None:
    """Raises `LayoutError` if the text has markers of a merge conflict."""
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (match := re.search(_CONFLICT, text)):
        at = _after(text[: match.start()])
        problem = f"merge conflict markers at line {at[0]}; resolve the conflict and remove them"
        raise LayoutError([Problem(file, *at, problem)])


def _foreign_encoding(data: bytes) -> str | None:
    if b"\0\0\0" in (data[:3], data[1:4]):
        return "UTF-32"
    if b"\0\0" in (data[0:3:2], data[1:4:2]):
        return "UTF-16"
    return next((name for name, marks in _ENCODINGS.items() if data.startswith(marks)), None)


def _after(text: str) -> At:
    lines = re.split(_BREAK, text)
    return len(lines), len(lines[-1]) + 1


def unusable(text: str) -> str:
    """The first character of a text that is not allowed in a layout, "" if there is none."""
    match = None if text.isprintable() else re.search(_UNUSABLE, text)
    return match[0] if match else ""


def left_open(text: str) -> bool:
    """Whether a bracket in a text is not closed in it."""
    return text.count("[") != text.count("]") or text.count("{") != text.count("}")
