"""The imports of JavaScript and TypeScript, see https://tc39.es/ecma262/#sec-imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed, Import, Intricate

if TYPE_CHECKING:
    from structlint.imports.javascript_modules import JavaScriptModules

_BLANK = (
    rb"(?:\s|\xc2\xa0|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xe1\x9a\x80|\xef\xbb\xbf)*+"
)
_TEXT = rb"""(?:"((?:[^"\\\n]|\\.)*+)"|'((?:[^'\\\n]|\\.)*+)')"""
_TEMPLATE = rb"(?:" + _TEXT + rb"|`((?:[^`\\$]|\\.|\$(?!\{))*+)`)"
_COMMENT = rb"(?=/[/*])"  # read one by one, so that a long one hides nothing
# Each begins with a keyword, so that most of a file is skipped quickly.
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rb"from" + _BLANK + rb"(?:" + _TEXT + rb"()|" + _COMMENT + rb")",
        rb"import" + _BLANK + rb"(?:\(" + _BLANK + rb")?+(?:" + _TEMPLATE + rb"|" + _COMMENT + rb")",
        rb"require" + _BLANK + rb"(?:\?\." + _BLANK + rb")?+"
        rb"(?:\(" + _BLANK + _TEMPLATE + rb"|(?:\(" + _BLANK + rb")?+" + _COMMENT + rb")",
    )
)
_MOST_COMMENTED = 20_000  # words before a comment
_GAP = re.compile(_BLANK + rb"(?:\?\." + _BLANK + rb")?+(?:\(" + _BLANK + rb")?+")
_NAME = re.compile(_TEMPLATE, re.DOTALL)
_COMMENT_END = {b"//": re.compile(rb"[\n\r]|\xe2\x80[\xa8\xa9]"), b"/*": re.compile(rb"\*/")}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|.))", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


class JavaScript:
    """JavaScript and TypeScript. `modules` are the modules of a tree."""

    name = "JavaScript"
    separator = "/"

    def __init__(self, modules: JavaScriptModules) -> None:
        self.resolve = modules.resolve

    def scan(self, data: bytes) -> Iterator[Import]:
        return scan(data)

    def statements(self, data: bytes) -> None:
        return None

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
        from structlint.imports.syntax_javascript import javascript_imports

        return javascript_imports(path, data, places)


def scan(data: bytes) -> Iterator[Import]:
    """The possible imports in a file, including `import()` and `require()` with a string.

    Raises `Intricate`.
    """
    comments = _Comments(data)
    for form in _FORMS:
        for word in form.finditer(data):
            match = word if word.lastindex else _NAME.match(data, comments.end(word.end()))
            if comments.asked > _MOST_COMMENTED:
                raise Intricate
            if match and (group := next((number for number in (1, 2, 3) if match[number]), 0)):
                yield Import(_text(match[group]), "", match.start(group) - 1)


class _Comments:
    """Finds the ends of comments. Each comment is read once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._ends: dict[int, int] = {}
        self.asked = 0
        # For each kind, the last search: its start, and the end that it found.
        self._last = {b"//": (0, 0), b"/*": (0, 0)}

    def end(self, at: int) -> int:
        """The end of the comments and blanks that start at a byte."""
        self.asked += 1
        read = []
        while at not in self._ends and (kind := self._data[at : at + 2]) in self._last:
            read.append(at)
            at = self._after(kind, at)
        at = self._ends.get(at, at)
        self._ends.update(dict.fromkeys(read, at))
        return at

    def _after(self, kind: bytes, at: int) -> int:
        """The end of one comment and the blanks after it."""
        begin, end = self._last[kind]
        if not (begin <= at and at + 4 <= end):
            match = _COMMENT_END[kind].search(self._data, at + 2)
            end = match.end() if match else len(self._data)
            self._last[kind] = at, end
        gap = _GAP.match(self._data, end)
        return gap.end() if gap else end


def _text(written: bytes) -> str:
    text = written.decode("utf-8", "replace")
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _SHORT.get(escape[4], escape[4])
