"""Matches the gitignore patterns of a layout: `exclude`, `forbid`, `belongs`, `local`, `ignore`.

They work as in git (https://git-scm.com/docs/gitignore#_pattern_format), with two differences. `?` and a
set in brackets match one character, as in a shell, instead of one byte. A pattern that git would never match
is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.layout.pattern import Pattern, PatternTable, read_pattern
from structlint.text.key_escapes import needless_escape

if TYPE_CHECKING:
    from structlint.layout.path_search import PathSearch, Settled
    from structlint.text.path_groups import PathGroups

# Syntax of keys and shells that gitignore patterns treat as literal text.
_OTHER_SYNTAX = re.compile(
    r" (?P<sign>[|^]) |(?<!\\)(?P<braces>\{)[^{}]*,[^{}]*\}"
    r"|(?<!\\)(?P<hole><)[A-Za-z][A-Za-z0-9_-]*(?:\*\*|:[A-Za-z_-]+)?>"
)


class PatternError(ValueError):
    """A line that is not a pattern or cannot match anything. `index` is its index in the list."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class Patterns:
    """Patterns in order. Later ones override earlier ones, and `!` negates a pattern."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Raises `PatternError` for the first line that is not a pattern or cannot match anything."""
        self.items: list[Pattern] = []
        for index, line in enumerate(lines):
            try:
                self.items.append(read_pattern(line))
            except ValueError as error:
                raise PatternError(index, str(error)) from None
        self._directories = {"": -1}

    def __len__(self) -> int:
        return len(self.items)

    def match(self, path: str) -> int | None:
        """The index of the pattern that applies to a path; None if none does, or if it begins with `!`.

        `path` is relative, with "/", and ends in "/" if it is a directory; "" is the root, which no pattern
        matches. A pattern that matches a directory also matches everything in it, so, as in git, a `!`
        cannot negate that for a path inside. The last pattern that matches the path or a parent decides.
        """
        if not self.items or not path:
            return None
        cut = path.rfind("/", 0, -1) + 1
        decided = max(self._at(path, path[cut:]), self._within(path[:cut]))
        return decided if decided >= 0 else None

    def match_itself(self, path: str) -> int | None:
        """The same, but a pattern that matches a directory does not match what is in it."""
        decided = self._at(path, path[path.rfind("/", 0, -1) + 1 :]) if self.items and path else -1
        return decided if decided >= 0 else None

    def decided(self, paths: PathGroups, settled: Settled | None = None) -> Iterator[tuple[str, int]]:
        """`match` for many paths: those that a pattern applies to. Files come first, and both are sorted.

        Files may be left out in a directory where `settled` returns the index of their pattern.
        """
        return self._search.decided(paths, settled)

    @cached_property
    def _search(self) -> PathSearch:
        from structlint.layout.path_search import PathSearch

        return PathSearch(self.items)

    def _within(self, directory: str) -> int:
        """The index of the pattern for everything in a directory ("" or ending in "/"); -1 without one."""
        known, waiting = self._directories, []
        while directory not in known:
            waiting.append(directory)
            directory = directory[: directory.rfind("/", 0, -1) + 1]
        decided = known[directory]
        for below in reversed(waiting):
            known[below] = decided = max(decided, self._at(below, below[len(directory) :]))
            directory = below
        return decided

    def _at(self, path: str, name: str) -> int:
        """The index of the last pattern that matches this path itself; -1 if none does or it is negated."""
        last = max(self._names.last(name), self._paths.last(path))
        return -1 if last < 0 or self.items[last].takes_back else last

    @cached_property
    def _names(self) -> PatternTable:
        return PatternTable((i, item) for i, item in enumerate(self.items) if not item.anchored)

    @cached_property
    def _paths(self) -> PatternTable:
        return PatternTable((i, item) for i, item in enumerate(self.items) if item.anchored)


class PatternsBeside(Patterns):
    """Patterns in groups, each in order. A path matches if it matches one of the groups.

    A pattern may be in several groups. The last pattern that applies in one of them is the result.
    """

    def __init__(self, lines: Sequence[str], groups: Sequence[Sequence[int]]) -> None:
        super().__init__(lines)
        self._groups = [(group, Patterns([lines[index] for index in group])) for group in groups]

    def match(self, path: str) -> int | None:
        found = ((group, patterns.match(path)) for group, patterns in self._groups)
        return max((group[index] for group, index in found if index is not None), default=None)

    def match_itself(self, path: str) -> int | None:
        found = ((group, patterns.match_itself(path)) for group, patterns in self._groups)
        return max((group[index] for group, index in found if index is not None), default=None)

    def decided(self, paths: PathGroups, settled: Settled | None = None) -> Iterator[tuple[str, int]]:
        last: dict[str, int] = {}
        for group, patterns in self._groups:
            for path, index in patterns.decided(paths):
                last[path] = max(group[index], last.get(path, -1))
        yield from sorted(last.items(), key=lambda found: (found[0].endswith("/"), found[0]))


def check_pattern(pattern: str) -> None:
    """Raises `PatternError` for an invalid pattern, one that matches nothing, or one in another syntax."""
    Patterns([pattern])
    if problem := needless_escape(pattern):
        raise PatternError(0, problem)
    if found := _OTHER_SYNTAX.search(pattern):
        sign = found["sign"] or found["braces"] or found["hole"]
        what = "a placeholder" if found["hole"] else "alternatives"
        remedy = "write `*`" if found["hole"] else "write one pattern for each"
        remedy = f"{remedy}, or `\\{sign}` for the character itself"
        raise PatternError(0, f"contains {what}, which gitignore patterns do not have; {remedy}")


def escape_pattern(path: str) -> str:
    """A pattern that matches only this path, with all special characters escaped."""
    bare = re.sub(r"([\\*?\[\]!#])", r"\\\1", path)
    bare = _OTHER_SYNTAX.sub(lambda found: re.sub(r"([|^{<])", r"\\\1", found[0], count=1), bare)
    return bare[:-1] + "\\ " if bare.endswith(" ") else bare


def example(pattern: str) -> str | None:
    """A path that a pattern matches, for a query to git: "a/x.log" for `/a/*.log`.

    For a directory, it is a file in the directory. None for a pattern that begins with `!`, and if there is
    no such path.
    """
    try:
        read = read_pattern(pattern)
    except ValueError:
        return None
    path = read.sample + ("/x" if read.directory else "")
    if read.takes_back or {".", ".."} & {*path.split("/")} or Patterns([pattern]).match(path) is None:
        return None
    return path
