"""The imports of single-file components: those in the scripts of `.vue`, `.svelte` and `.astro` files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from structlint.imports.javascript import scan
from structlint.imports.model import Confirmed, Import, by_line
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.imports.javascript_modules import JavaScriptModules

_BEGIN = re.compile(rb"<!--|<script(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(rb"<script(?:[^>\"']++|\"[^\"]*\"|'[^']*')*+>", re.IGNORECASE)
_MOST_OF_TAG = 1_000  # bytes; a longer text counts as code
_END = {b"<!--": re.compile(rb"-->|\Z"), b"<script": re.compile(rb"</script(?=[\s/>])|\Z", re.IGNORECASE)}
_SOURCE = re.compile(rb"\ssrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TYPED = re.compile(rb"\slang\s*=\s*[\"']?(tsx?)\b")
_FRONT = re.compile(rb"\s*+---[^\n]*\n(.*?\n)?---", re.DOTALL)
_NOT_LINE_END = re.compile(rb"[^\n]")


class Script(Record):
    """A script of a component: its code, and the bytes before it, such as the tag."""

    head: bytes
    head_at: int
    begin: int
    end: int


class Components:
    """Single-file components. `modules` are the modules of JavaScript and TypeScript."""

    name = "JavaScript"
    separator = "/"

    def __init__(self, modules: JavaScriptModules) -> None:
        self.resolve = modules.resolve

    def scan(self, data: bytes) -> Iterator[Import]:
        return chain(scan(data), _sources(data))

    def statements(self, data: bytes) -> None:
        return None

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed] | None:
        """The places that are imports in a script, or the `src` of a script."""
        from structlint.imports.syntax_javascript import javascript_imports

        sources = {imported.at for imported in _sources(data)}
        confirmed = dict(by_line(data, [at for at in places if at in sources]))
        by_kind: dict[str, list[Script]] = {}
        for script in _scripts(data):
            by_kind.setdefault(_kind(path, script), []).append(script)
        for kind, scripts in by_kind.items():
            text = _alone(data, scripts)
            # The rest of the text is blank.
            inside = [at for at in places if text[at] == data[at]]
            embedded = javascript_imports(f"m.{kind}", text, inside) if inside else {}
            if embedded is None:
                return None
            confirmed |= embedded
        return confirmed


def _kind(path: str, script: Script) -> str:
    """The file extension for the language of a script."""
    typed = _TYPED.search(script.head)
    return typed[1].decode() if typed else "ts" if path.endswith(".astro") else "js"


def _alone(data: bytes, scripts: Sequence[Script]) -> bytes:
    """The code of scripts, at the same positions as in the file."""
    parts = []
    at = 0
    for script in scripts:
        parts += [_blank(data[at : script.begin]), data[script.begin : script.end]]
        at = script.end
    return b"".join([*parts, _blank(data[at:])])


def _blank(text: bytes) -> bytes:
    """Blanks in place of a text, with as many bytes and lines; they end a statement before them."""
    return _NOT_LINE_END.sub(b" ", text).replace(b" ", b";", 1)


def _sources(data: bytes) -> Iterator[Import]:
    """The files that scripts load with `src`."""
    for script in _scripts(data):
        if source := _SOURCE.search(script.head):
            group = 1 if source[1] is not None else 2
            yield Import(
                source[group].decode("utf-8", "replace"), "", script.head_at + source.start(group) - 1
            )


def _scripts(data: bytes) -> Iterator[Script]:
    """The scripts of a component, in order, without those in HTML comments."""
    at = 0
    if front := _FRONT.match(data):
        at = front.end()
        if front[1]:
            yield Script(b"", 0, front.start(1), front.end(1))
    while begin := _BEGIN.search(data, at):
        tag = _TAG.match(data[begin.start() : begin.start() + _MOST_OF_TAG])
        head = tag[0] if tag else begin[0]
        code = begin.start() + len(head)
        end = _END[begin[0].lower()].search(data, code)
        at = end.start() if end else len(data)
        if begin[0] != b"<!--":
            yield Script(head, begin.start(), code, at)
        at = max(at, code)
