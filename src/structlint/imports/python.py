"""The imports of Python, see https://docs.python.org/3/reference/simple_stmts.html#the-import-statement."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed, Import, Intricate, one_line_ending

if TYPE_CHECKING:
    from structlint.imports.python_modules import PythonModules

_WORD = rb"[\w\x80-\xff]"
_SPACE = rb"(?:[ \t\f]|\\\n)"
_IMPORT = re.compile(rb"import(?!" + _WORD + rb")")
_DOTTED = _WORD + rb"++(?:" + _SPACE + rb"*+\." + _SPACE + rb"*+" + _WORD + rb"++)*+"
_ALIAS = _SPACE + rb"++as" + _SPACE + rb"++" + _WORD + rb"++"
# After `import`: the modules of a plain import. After `from … import`: the names, in parentheses or not.
_MODULE = re.compile(_SPACE + rb"*+(" + _DOTTED + rb")(?:" + _ALIAS + rb")?+" + _SPACE + rb"*+(,?)")
_NAME = re.compile(_SPACE + rb"*+(\*|" + _WORD + rb"++)(?:" + _ALIAS + rb")?+" + _SPACE + rb"*+(,?)")
_OPEN = re.compile(_SPACE + rb"*+\(")
_BLANK = rb"(?:[\s\\]|#[^\n]*+)"
_NAME_INSIDE = re.compile(
    _BLANK
    + rb"*+(\*|"
    + _WORD
    + rb"++)(?:"
    + _BLANK
    + rb"++as(?!"
    + _WORD
    + rb")"
    + _BLANK
    + rb"*+"
    + _WORD
    + rb"++)?+"
    + _BLANK
    + rb"*+(,?)"
)
# The text before `import` in a statement; spaces are allowed between dots and names. Python 3.15 adds `lazy`.
_BEFORE = re.compile(rb"[\s\xef\xbb\xbf]*+(?:lazy[ \t\f]++)?+(?:from([.\w\x80-\xff \t\f]*+))?+")
_LETTER = re.compile(_WORD)
_MARK = b"\xef\xbb\xbf"  # of UTF-8
_CONTINUED = re.compile(rb"[^\n]*+(?<=\\)\n")
_MOST_READ = 4  # times the bytes of a file, if a list of names begins in the comment of another
_GAPS = re.compile(r"[\s\\]+")


class Python:
    """Python. `modules` are the modules of a tree."""

    name = "Python"
    separator = "."

    def __init__(self, modules: PythonModules) -> None:
        self.resolve = modules.resolve

    def scan(self, data: bytes) -> Iterator[Import]:
        return scan(data)

    def statements(self, data: bytes) -> Collection[bytes] | None:
        return statements(data)

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
        from structlint.imports.syntax import python_imports

        return python_imports(data, places)


def scan(data: bytes) -> Iterator[Import]:
    """The possible import statements in a Python file. Raises `Intricate`."""
    data = one_line_ending(data)
    left = _MOST_READ * len(data)
    for at, module in _statements(data):
        names = _listed(_MODULE, data, at + 6) if module is None else _names(data, at + 6)
        for match in names:
            left -= match.end() - match.start()
            name = _text(match[1])
            yield Import(name, "", at) if module is None else Import(module, name, at)
            if left < 0:
                raise Intricate


def statements(data: bytes) -> Collection[bytes] | None:
    """The lines that may contain imports, which `scan` can read separately.

    A list of names in parentheses is part of its line. None if the lines cannot be separated.
    """
    data = one_line_ending(data)
    if b"\\\n" in data:
        return None
    lines = []
    end_of_line, left = 0, len(data)
    for word in _IMPORT.finditer(data):
        at = word.start()
        if at < end_of_line:
            continue
        begin = data.rfind(b"\n", 0, at) + 1
        end = data.find(b"\n", at)
        end = end_of_line = end if end >= 0 else len(data)
        opened = data.find(b"(", at, end)
        if opened >= 0 and data.find(b")", opened, end) < 0:
            end = data.find(b")", end) + 1 or len(data)
        if opened >= 0 and data.find(b"#", opened, end) >= 0:
            return None  # a parenthesis in a comment does not count
        left -= end - begin
        if left < 0:
            return None
        lines.append(data[begin:end])
    return lines


def _statements(data: bytes) -> Iterator[tuple[int, str | None]]:
    """The position of each `import`, and the module after `from`; None for a plain import."""
    plain = _Beginnings(data)
    joined = _joined_lines(data)
    for word in _IMPORT.finditer(data):
        at = word.start()
        if at and _LETTER.match(data, at - 1) and data[at - 3 : at] != _MARK:
            continue
        begin = plain.of(at)
        if plain.line < 2 or data[plain.line - 2 : plain.line - 1] != b"\\":
            yield from _statement(data, begin, at)
            continue
        for lines in joined:
            yield from _statement(lines.text, lines.of(at), at)


class _Beginnings:
    """Finds the beginnings of statements. `line` is the start of the line of the last one."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.line = 0
        self._seen = 0

    def of(self, at: int) -> int | None:
        """The beginning of the statement at a byte; None if the previous byte was in the same statement.

        Bytes must be passed in ascending order, so that a text is read once.
        """
        seen, self._seen = self._seen, at + 1
        line = self.text.rfind(b"\n", seen, at) + 1
        self.line = line or self.line
        low = max(seen, line)
        begin = max(self.text.rfind(b";", low, at), self.text.rfind(b":", low, at)) + 1 or line
        return begin if begin or not seen else None


def _joined_lines(data: bytes) -> list[_Beginnings]:
    """The text with lines joined at backslashes, except in comments."""
    whole = data.replace(b"\\\n", b"  ")
    if whole == data:
        return []
    without_comments = _CONTINUED.sub(_joined, data) if b"#" in data else whole
    return [_Beginnings(text) for text in dict.fromkeys((whole, without_comments))]


def _joined(line: re.Match[bytes]) -> bytes:
    return line[0] if b"#" in line[0] else line[0][:-2] + b"  "


def _statement(text: bytes, begin: int | None, at: int) -> Iterator[tuple[int, str | None]]:
    """The import statement that begins at a position, if it can be one."""
    if begin is not None and (before := _BEFORE.fullmatch(text, begin, at)):
        yield at, None if before[1] is None else _text(before[1])


def _names(data: bytes, at: int) -> Iterator[re.Match[bytes]]:
    """The names after `from … import`."""
    opened = _OPEN.match(data, at)
    return _listed(_NAME_INSIDE, data, opened.end()) if opened else _listed(_NAME, data, at)


def _listed(pattern: re.Pattern[bytes], data: bytes, at: int) -> Iterator[re.Match[bytes]]:
    """The consecutive matches, as long as they end with a comma."""
    while match := pattern.match(data, at):
        yield match
        if not match[2]:
            return
        at = match.end()


def _text(written: bytes) -> str:
    if written.isascii():
        text = written.decode("ascii")
        return text if text.isidentifier() else _GAPS.sub("", text)
    return unicodedata.normalize("NFKC", _GAPS.sub("", written.decode("utf-8", "replace")))
