r"""Reads a gitignore pattern and converts it to a regular expression.

pathspec is not used, because its expressions differ from git for ordinary patterns (`a/**` matches `a/`,
`-[!b]` matches `-/`, `.` does not match a line break) and backtrack: for 255 letters, `*a*a*b` takes 3 ms and
`*a*a*a*b` takes 200 ms. The expressions here do not backtrack. In a name, the part between two `*` may be
bound to the first place where it matches, because this leaves more of the name for the rest. The same is true
in a path for the names between two `**`. Atomic groups, `(?>...)`, bind them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from structlint.text.records import Record

MOST_CHARACTERS = 1_000
_MOST_REMEMBERED = 1 << 10  # patterns, as each is checked alone before it is read with those beside it

_TOKEN = re.compile(
    r"(?P<escaped>\\.)|(?P<stars>\*+)|(?P<any>\?)"
    r"|(?P<set>\[(?P<but>[!^]?+)(?P<held>(?:\\.|[^\\])(?:\\.|[^\]\\])*)\])|[^\\*?\[/]+|.",
    re.DOTALL,
)
_ITEM = re.compile(r"\\?(?P<first>.)(?:-(?!\Z)\\?(?P<last>.))?", re.DOTALL)
_NAMES_BETWEEN = "(?:[^/]+/)*"
_SAMPLES = "xabcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~é"


class PatternTable:
    """Patterns for names, or for paths: exact ones are looked up, and the others are tried in one pass.

    No expression is compiled before it is needed.
    """

    def __init__(self, patterns: Iterable[tuple[int, Pattern]]) -> None:
        self._exact: dict[str, int] = {}
        self._wild: list[tuple[int, Pattern]] = []
        for index, pattern in patterns:
            if not pattern.exact:
                self._wild.append((index, pattern))
                continue
            self._exact[f"{pattern.sample}/"] = index
            if not pattern.directory:
                self._exact[pattern.sample] = index

    def last(self, text: str) -> int:
        """The index of the last pattern that matches the whole text; -1 if none does."""
        exact = self._exact.get(text, -1)
        if not self._wild or not self._any(text):
            return exact
        match = self._which.fullmatch(text)
        assert match is not None
        assert match.lastindex is not None
        return max(exact, self._wild[-match.lastindex][0])

    @cached_property
    def _any(self) -> Callable[[str], object]:
        return re.compile("|".join(pattern.expression for _, pattern in self._wild), re.DOTALL).fullmatch

    @cached_property
    def _which(self) -> re.Pattern[str]:
        # Groups cost time on every try, so they are only asked once it is known that there is a match.
        # Alternatives are tried in order, so the last pattern comes first.
        return re.compile(
            "|".join(f"({pattern.expression})" for _, pattern in reversed(self._wild)), re.DOTALL
        )


class Piece(Record):
    """A part of a name: its regular expression, and a text that it matches, the only one if it is exact."""

    expression: str
    sample: str
    is_exact: bool = False

    @property
    def is_any_text(self) -> bool:
        return self is ANY_TEXT


ANY_TEXT = Piece("[^/]*", "x")
ANY_NAMES = Piece("**", "x")

_Name = list[Piece]


class Pattern(Record):
    """A parsed pattern. `names` has the names of its path; there is only one unless it is `anchored`."""

    names: list[_Name]
    takes_back: bool
    directory: bool
    anchored: bool

    @property
    def exact(self) -> bool:
        return all(piece.is_exact for name in self.names for piece in name)

    @property
    def exact_names_above(self) -> set[str]:
        """The names of directories that contain every path that it matches."""
        above = [name for name in self.names[:-1] if all(piece.is_exact for piece in name)]
        return {"".join(piece.sample for piece in name) for name in above}

    @property
    def of_last_name(self) -> Pattern:
        """The pattern for the names of the paths that this one matches."""
        last = self.names[-1]
        return self._replace(names=[[ANY_TEXT] if last == [ANY_NAMES] else last], anchored=False)

    @property
    def around(self) -> Pattern | None:
        """The pattern for the directories whose entire contents this one matches, if it ends in `/**`."""
        if not self.anchored or self.directory or self.names[-1] != [ANY_NAMES]:
            return None
        names = self.names[:-1]
        anywhere = len(names) == 2 and names[0] == [ANY_NAMES]
        return self._replace(names=names[anywhere:], anchored=not anywhere, directory=True)

    @property
    def sample(self) -> str:
        names = [name for name in self.names[:-1] if name != [ANY_NAMES]] + self.names[-1:]
        return "/".join("".join(piece.sample for piece in name) for name in names)

    @property
    def expression(self) -> str:
        """The expression for a whole path (or name); the path of a directory ends in "/"."""
        path = _path_expression(self.names) if self.anchored else _name_expression(self.names[0])
        return path + ("/" if self.directory else "/?")


@lru_cache(_MOST_REMEMBERED)
def read_pattern(line: str) -> Pattern:
    """The pattern in a line. Raises `ValueError` if it is not a pattern or cannot match anything."""
    if len(line) > MOST_CHARACTERS:
        raise ValueError(f"is longer than {MOST_CHARACTERS} characters")
    if line.startswith("#"):
        raise ValueError(r"begins with `#`, which starts a comment; write `\#`")
    if line != line.strip() and not re.fullmatch(r"\S(\\.|[^\\])*\\ ", line, re.DOTALL):  # `\ ` stays
        raise ValueError("begins or ends in a space; remove it")
    if match := re.search(r"[\0\r\n]", line):
        raise ValueError(f"contains the character {match[0]!r}; write the pattern on one line")
    names = list(_split(_TOKEN.finditer(line, pos=line.startswith("!"))))
    directory = not names[-1]
    anchored = len(names) > 1 + directory
    names = names[not names[0] : len(names) - directory]
    if not names:
        raise ValueError("matches nothing; write a name or a path")
    if not all(names):
        raise ValueError("matches nothing, because no name is empty; write one `/` between two names")
    if any("".join(piece.expression for piece in name) in (r"\.", r"\.\.") for name in names):
        raise ValueError("matches nothing; write the path from the root, without `.` or `..`")
    if any(ANY_NAMES in name and len(name) > 1 for name in names):
        raise ValueError(
            "contains `**` within a name, which versions of git read differently; "
            "write `*`, or `**` alone between slashes"
        )
    names = [name for before, name in pairwise([[], *names]) if [before, name] != [[ANY_NAMES], [ANY_NAMES]]]
    if names[0] == [ANY_NAMES] and len(names) <= 2:  # `**/a` is `a`, anywhere
        names, anchored = names[1:] or [[ANY_TEXT]], False
    return Pattern(names, line.startswith("!"), directory, anchored)


def _split(tokens: Iterable[re.Match[str]]) -> Iterator[_Name]:
    """The names between slashes, with an empty one for a slash at the beginning or the end."""
    name: _Name = []
    for token in tokens:
        if token[0] == "/":
            yield name
            name = []
        else:
            name.append(_piece(token))
    yield name


def _piece(token: re.Match[str]) -> Piece:
    text = token[0]
    if token["stars"]:
        return ANY_TEXT if text == "*" else ANY_NAMES  # git: three stars are as good as two
    if token["any"]:
        return Piece("[^/]", "x")
    if token["set"]:
        return _set(token["held"], negated=bool(token["but"]))
    if text == "[":
        raise ValueError(r"has a bracket that is not closed; write `\[` for a bracket itself")
    if text == "\\":
        raise ValueError(r"ends in a backslash; write `\\` for a backslash itself")
    if text == r"\/":
        raise ValueError(r"contains `\/`; write `/` without the backslash")
    return _literal(text[-1] if token["escaped"] else text)


@lru_cache(_MOST_REMEMBERED)
def _literal(text: str) -> Piece:
    return Piece(re.escape(text), text, is_exact=True)


def _set(held: str, negated: bool) -> Piece:
    """One character out of those in brackets, or any other one; as in git, never a slash."""
    if "[:" in held:
        raise ValueError("contains `[:`, a class of characters; write a range such as `[0-9]` or `[a-z]`")
    if "/" in held:
        raise ValueError(
            "contains a `/` in brackets, where git never matches one; write it outside the brackets"
        )
    parts = []
    for item in _ITEM.finditer(held):
        first, last = item["first"], item["last"] or item["first"]
        if first > last:
            raise ValueError(f"contains the empty range `{first}-{last}`; write `{last}-{first}`")
        parts.append(f"{re.escape(first)}-{re.escape(last)}")
    expression = f"(?!/)[{'^' * negated}{''.join(parts)}]"
    candidates = ("" if negated else re.sub(r"[.\\]", "", held)) + _SAMPLES
    sample = next((candidate for candidate in candidates if re.fullmatch(expression, candidate)), "")
    return Piece(expression, sample)


def _path_expression(names: list[_Name]) -> str:
    """The expression for a path: runs of names, with any names in place of a `**`."""
    runs: list[list[str]] = [[]]
    for name in names:
        if name == [ANY_NAMES]:
            runs.append([])
        else:
            runs[-1].append(_name_expression(name))
    if len(runs) == 1:
        return "/".join(runs[0])
    first, *middle, last = runs
    bound = (f"(?>{_NAMES_BETWEEN}?{_ended(run)})" for run in middle if run)
    return _ended(first) + "".join(bound) + (_NAMES_BETWEEN + "/".join(last) if last else ".+")


def _ended(names: Iterable[str]) -> str:
    return "".join(f"{name}/" for name in names)


def _name_expression(name: _Name) -> str:
    """The expression for a name: runs of single characters, with any text in place of a `*`."""
    runs = [""]
    for piece in name:
        if piece is ANY_TEXT:
            runs.append("")
        else:
            runs[-1] += piece.expression
    if not any(runs):
        return "[^/]+"
    first, *middle, last = runs if len(runs) > 1 else [*runs, None]
    bound = (f"(?>[^/]*?{run})" for run in middle if run)
    return f"{first}{''.join(bound)}" + ("" if last is None else f"[^/]*{last}")
