"""The imports of Python, see https://docs.python.org/3/reference/simple_stmts.html#the-import-statement."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed, Import, one_line_ending

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
# What stands before `import` in its statement; dots and names may have spaces between them.
_BEFORE = re.compile(rb"[\s\xef\xbb\xbf]*+(?:from([.\w\x80-\xff \t\f]*+))?+")
_CONTINUED = re.compile(rb"[^\n]*+(?<=\\)\n")
_WINDOW = 2_000  # bytes before `import` in which its statement begins
_GAPS = re.compile(r"[\s\\]+")


class Python:
    """Python. `modules` are those of a tree."""

    name = "Python"
    separator = "."

    def __init__(self, modules: PythonModules) -> None:
        self.resolve = modules.resolve

    def scan(self, data: bytes) -> list[Import]:
        return scan(data)

    def confirm(self, path: str, data: bytes, places: Iterable[int]) -> Mapping[int, Confirmed] | None:
        from structlint.imports.syntax import python_imports

        return python_imports(data, places)


def scan(data: bytes) -> list[Import]:
    """What may be import statements in the text of a Python file."""
    data = one_line_ending(data)
    found: list[Import] = []
    for at, module in _statements(data):
        if module is None:
            found += (Import(_text(name), "", at) for name in _modules(data, at + 6))
        else:
            found += (Import(module, name, at) for name in _names(data, at + 6))
    return found


def _statements(data: bytes) -> Iterator[tuple[int, str | None]]:
    """Where `import` stands, and the module after `from`, None for a plain import."""
    # With the lines that a backslash continues as one; and so that a comment, or a `#`, is not continued.
    whole = data.replace(b"\\\n", b"  ")
    without_comments = _CONTINUED.sub(_joined, data) if whole != data and b"#" in data else whole
    for match in _IMPORT.finditer(data):
        at = match.start()
        low = max(0, at - _WINDOW)
        start = data.rfind(b"\n", low, at) + 1 or low
        if data[start - 2 : start - 1] != b"\\":
            yield from _statement(data[start:at], at)
            continue
        for text in (whole, without_comments) if without_comments != whole else (whole,):
            yield from _statement(text[text.rfind(b"\n", low, at) + 1 or low : at], at)


def _joined(line: re.Match[bytes]) -> bytes:
    return line[0] if b"#" in line[0] else line[0][:-2] + b"  "


def _statement(before: bytes, at: int) -> Iterator[tuple[int, str | None]]:
    """The statement of an `import` with this text before it on its line, if it can be one."""
    begins = max(before.rfind(b";"), before.rfind(b":")) + 1
    if found := _BEFORE.fullmatch(before, begins):
        yield at, None if found[1] is None else _text(found[1])


def _modules(data: bytes, at: int) -> Iterator[bytes]:
    while match := _MODULE.match(data, at):
        yield match[1]
        if not match[2]:
            return
        at = match.end()


def _names(data: bytes, at: int) -> Iterator[str]:
    opened = _OPEN.match(data, at)
    pattern = _NAME_INSIDE if opened else _NAME
    at = opened.end() if opened else at
    while match := pattern.match(data, at):
        yield _text(match[1])
        if not match[2]:
            return
        at = match.end()


def _text(written: bytes) -> str:
    if written.isascii():
        text = written.decode("ascii")
        return text if text.isidentifier() else _GAPS.sub("", text)
    return unicodedata.normalize("NFKC", _GAPS.sub("", written.decode("utf-8", "replace")))
