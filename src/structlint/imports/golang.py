"""The imports of Go, see https://go.dev/ref/spec#Import_declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from structlint.imports.files import SourceFiles
from structlint.imports.model import Confirmed, Import, Target, Targets, by_line

_BLANK = re.compile(rb"(?:[\s;\xef\xbb\xbf]|//[^\n]*+|/\*[^*]*+\*++(?:[^/*][^*]*+\*++)*+/)*+")
_WORD = re.compile(rb"[\w\x80-\xff]++|\.")
_TEXT = re.compile(rb'"([^"\n]*+)"|`([^`]*+)`')
_MODULE = re.compile(r"^[ \t]*module[ \t]+\"?([^\s\"]+)", re.MULTILINE)


class Go:
    """Go. Its imports are at the beginning of a file, so the scan finds them reliably."""

    name = "Go"
    separator = "/"

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._known: dict[str, list[str]] | None = None

    def scan(self, data: bytes) -> Iterator[Import]:
        return _imports(data)

    def statements(self, data: bytes) -> None:
        return None

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed]:
        return by_line(data, places)

    def resolve(self, path: str, imported: Import) -> Targets:
        """The directory of an imported package, according to the `go.mod` files of the tree."""
        module = imported.module
        if module.startswith(("./", "../")):
            return ()  # not a valid module path
        longest = max(
            (known for known in self._modules if module == known or module.startswith(f"{known}/")),
            key=len,
            default=None,
        )
        if longest is None:
            return (Target("", module),)
        rest = module[len(longest) + 1 :]
        inside = f"{rest}/" if rest else ""
        # The root of the tree belongs to no side of a rule.
        return tuple(Target(home + inside, module) for home in self._modules[longest] if home + inside)

    @property
    def _modules(self) -> dict[str, list[str]]:
        """The directories of the modules in the tree."""
        if self._known is None:
            self._known = {}
            for home in self._files.named("go.mod"):
                text = self._files.data(f"{home}go.mod").decode("utf-8", "replace")
                if match := _MODULE.search(text):
                    self._known.setdefault(match[1], []).append(home)
        return self._known


def _imports(data: bytes) -> Iterator[Import]:
    """The import declarations at the beginning of a file, after its package clause."""
    at = _end(_BLANK, data, 0)
    while word := _WORD.match(data, at):
        at = _end(_BLANK, data, word.end())
        if word[0] == b"package":
            at = _end(_WORD, data, at)
        elif word[0] != b"import":
            return
        elif data[at : at + 1] == b"(":
            at += 1
            while (spec := _spec(data, at)) and spec[0]:
                yield spec[0]
                at = spec[1]
            at = _end(_BLANK, data, at) + 1
        else:
            spec = _spec(data, at)
            if spec is None or spec[0] is None:
                return
            yield spec[0]
            at = spec[1]
        at = _end(_BLANK, data, at)


def _spec(data: bytes, at: int) -> tuple[Import | None, int] | None:
    """One import, with an optional local name, and the position of its end."""
    at = _end(_BLANK, data, at)
    at = _end(_BLANK, data, _end(_WORD, data, at))
    text = _TEXT.match(data, at)
    if text is None:
        return None
    module = (text[1] if text[1] is not None else text[2]).decode("utf-8", "replace")
    return Import(module, "", at), text.end()


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at
