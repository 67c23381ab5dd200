"""The gitignore patterns of a layout: `exclude`, `forbid`, `belongs`, `local`, `ignore`.

pathspec reads each pattern (https://git-scm.com/docs/gitignore#_pattern_format). What it reads otherwise
than git does, and what can match nothing, is refused: a pattern that is quietly misread would let
through what it should find. Its regular expressions are rewritten so that none takes long on any path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# In pathspec's expressions: `*`, a character of a name, `**` in the middle and at the beginning.
_STAR = r"\[\^/\]\*"
_CHARACTER = r"(?:\[\^/\](?!\*)|\\.|\[(?!\^/\])[^\]]*\]|[^/()\\\[])"
_BETWEEN = r"\(\?:/\.\+\)\?"
_BEFORE = r"\^\(\?:\.\+/\)\?"
_INNER_STAR = re.compile(rf"{_STAR}({_CHARACTER}+?)(?={_STAR})")
_INNER_BETWEEN = re.compile(rf"{_BETWEEN}((?:(?!{_BETWEEN}).)+)(?={_BETWEEN})")
_INNER_BEFORE = re.compile(rf"{_BEFORE}((?:(?!{_BETWEEN}).)+)(?={_BETWEEN})")

_CLASS = re.compile(r"\[[!^]?\]?[^\]]*\]")
_ESCAPED = re.compile(r"\\(.)")


class PatternError(ValueError):
    """A pattern that is refused; `index` is its place in the list, the message says what would be right."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class Patterns:
    """Some patterns, of which the last that matches a path decides, as in a `.gitignore`."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Raises `PatternError` for a pattern that is refused."""
        self._read: list[tuple[str, re.Pattern[str], bool]] = []
        for index, line in enumerate(lines):
            if reason := _refused(line):
                raise PatternError(index, reason)
            self._read.append((_literal(line), _compiled(line, index), not line.startswith("!")))
        self._literals = tuple(dict.fromkeys(literal for literal, _, positive in self._read if positive))

    def match(self, path: str) -> int | None:
        """The index of the pattern that decides of a path, a directory's with a trailing "/".

        None if none matches, or if one that begins with `!` decides.
        """
        if not any(literal in path for literal in self._literals):
            return None
        for index in range(len(self._read) - 1, -1, -1):
            literal, expression, positive = self._read[index]
            if literal in path and expression.search(path):
                return index if positive else None
        return None


def _refused(line: str) -> str:
    """Why a pattern is not taken, "" for one that is."""
    pattern = line.removeprefix("!")
    outside = _CLASS.sub("x", pattern)
    classes = _CLASS.findall(pattern)
    if line != line.strip():
        return "begins or ends in a space; take it away"
    if line.startswith("#"):
        return r"a line that begins with # is a comment; write \#"
    if pattern.strip("/") in ("", "."):
        return "matches nothing; write a name or a path"
    if re.search(r"(?<!\\)(?:\\\\)*\\$", pattern):
        return r"ends in a backslash; write `\\` for a backslash itself"
    if any(set("[\\/") & set(each[1:-1]) or re.search(r"&&|\|\||~~|--", each) for each in classes):
        return "a class in brackets holds letters, digits and ranges such as a-z only"
    if "[" in _ESCAPED.sub("", outside):
        return r"a bracket is not closed; write `\[` for a bracket itself"
    if any("**" in segment and segment != "**" for segment in outside.split("/")) or "***" in outside:
        return "`**` stands alone between slashes, as in `a/**/b`"
    if outside.endswith("/**/"):
        return "`/**/` at the end says no more than `/`; write that"
    if any(segment in (".", "..") for segment in outside.split("/")) or "//" in outside:
        return "is no path as git writes it: no `.`, `..` or `//`"
    return ""


def _compiled(line: str, index: int) -> re.Pattern[str]:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        expression = GitIgnoreSpecPattern(line).regex
        assert expression is not None
        return re.compile(_without_backtracking(expression.pattern))
    except (ValueError, re.error):
        raise PatternError(index, "is no pattern that git would understand") from None


def _without_backtracking(expression: str) -> str:
    """The same expression, each wildcard but the last bound to the first place where what follows fits.

    For `*` within a name and `**` between names the first place is as good as any, so nothing is lost,
    and a path is not tried in all ways to divide it.
    """
    expression = expression.replace("(?P<ps_d>/)", "/")
    expression = _INNER_STAR.sub(r"(?>[^/]*?\1)", expression)
    expression = _INNER_BETWEEN.sub(r"(?>(?:/.+?)??\1(?=/))", expression)
    return _INNER_BEFORE.sub(r"^(?>(?:.+?/)??\1(?=/))", expression)


def _literal(line: str) -> str:
    """The longest text that is in every path which the pattern matches."""
    pattern = _CLASS.sub("*", line.removeprefix("!").strip("/"))
    runs = re.split(r"(?<!\\)[*?]+|\*", pattern)
    return max((_ESCAPED.sub(r"\1", run).strip("/") for run in runs), key=len) if "\\" not in pattern else ""


def example(pattern: str) -> str | None:
    """A path that a pattern matches, to ask git whether it ignores such; None if there is none."""
    if pattern.startswith("!"):
        return None
    path = re.sub(r"(?:^|/)\*\*/", "/", pattern).lstrip("/")
    path = re.sub(r"/\*\*$", "/", path)
    path = re.sub(r"\[([^\]!^])[^\]]*\]", r"\1", path).replace("*", "x").replace("?", "x")
    path = _ESCAPED.sub(r"\1", path)
    path += "x" if path.endswith("/") else ""
    return path if Patterns([pattern]).match(path) is not None else None
