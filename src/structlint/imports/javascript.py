"""The imports of JavaScript and TypeScript, see https://tc39.es/ecma262/#sec-imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from structlint.imports.model import Confirmed, Import

if TYPE_CHECKING:
    from structlint.imports.javascript_modules import JavaScriptModules

_BLANK = (
    rb"(?:\s|\xc2\xa0|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xe1\x9a\x80|\xef\xbb\xbf)*+"
)
# Few and short comments, so that a file of nothing but beginnings of comments is read in time.
_COMMENT = rb"(?:/\*(?:[^*]|\*(?!/)){0,1000}+\*/|//[^\n\r]{0,1000}+)"
_GAP = _BLANK + rb"(?:" + _COMMENT + _BLANK + rb"){0,4}+"
_TEXT = rb"""(?:"((?:[^"\\\n]|\\.)*+)"|'((?:[^'\\\n]|\\.)*+)')"""
_TEMPLATE = rb"(?:" + _TEXT + rb"|`((?:[^`\\$]|\\.|\$(?!\{))*+)`)"
# Each begins with its word, so that most of a file is passed over without a try.
_FORMS = (
    re.compile(rb"from" + _GAP + _TEXT + rb"()", re.DOTALL),
    re.compile(rb"import" + _GAP + rb"(?:\(" + _GAP + rb")?+" + _TEMPLATE, re.DOTALL),
    re.compile(rb"require" + _GAP + rb"(?:\?\." + _GAP + rb")?+\(" + _GAP + _TEMPLATE, re.DOTALL),
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|.))", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


class JavaScript:
    """JavaScript and TypeScript. `modules` are those of a tree."""

    name = "JavaScript"
    separator = "/"

    def __init__(self, modules: JavaScriptModules) -> None:
        self.resolve = modules.resolve

    def scan(self, data: bytes) -> list[Import]:
        return scan(data)

    def confirm(self, path: str, data: bytes, places: Iterable[int]) -> Mapping[int, Confirmed] | None:
        from structlint.imports.syntax_javascript import javascript_imports

        return javascript_imports(path, data, places)


def scan(data: bytes) -> list[Import]:
    """What may be imports in the text of a file, `import()` and `require()` of a plain text too."""
    found = []
    for form in _FORMS:
        for match in form.finditer(data):
            group = match.lastindex or 1
            if not match[group]:
                group = next((each for each in (1, 2, 3) if match[each]), 0)
            if group:
                found.append(Import(_text(match[group]), "", match.start(group) - 1))
    return found


def _text(written: bytes) -> str:
    text = written.decode("utf-8", "replace")
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _SHORT.get(escape[4], escape[4])
