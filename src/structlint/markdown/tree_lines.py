"""Drawn trees, in every style in which people and programs draw them, read line by line.

How deep an entry lies is told by the column of its guide, or of its name where it has none; what stands
before them does not matter, so that missing and crooked guides do no harm.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from structlint.errors import LayoutError, Problem
from structlint.markdown.entry_names import Parts, key_of, names_in, parts_of
from structlint.markdown.first_line import ROOTS, is_on_one_machine
from structlint.markdown.known_names import COMMON, SURE_FILES, looks_like_a_file
from structlint.text.quoting import shortened

_DEEPEST = 64
_MOST_NAMES = 100  # that one line may draw with braces
_LONGEST = 255  # bytes of a name: what every common file system allows
_UNIT = re.compile(r"[│┃║|╎┆┊¦▕][ \xa0]*\t?|[ \xa0]{4}|[ \xa0]{0,3}\t")  # the guide of one level
_UNITS = re.compile(rf"(?:{_UNIT.pattern})*")
_STEP = 4  # how far a name stands behind its guide, as a rule

_BARS = r"[ \t\xa0│┃║|╎┆┊¦▕]*"
BRANCH = re.compile(
    rf"(?P<bars>{_BARS})(?P<branch>(?:[│┃║][─━═—-]{{2,}}|[├└┣┗╠╚╰┝┕┖┠╟╙╘╞┌╭][─━═╌┄╴—-]*[►>▶]?"
    r"|\|[-—–_=~]+>?|\+[-=—]+|`(?!--?\w[^`]*`)[-=—]+|\\[-=—_]+|L_+|'-+|-{3,}(?= ))"  # noqa: RUF001
    r"(?=[\s\xa0]|[^\s─-])[\s\xa0]*)(?P<rest>.*)"
)
_BESIDE = re.compile(rf"(?P<bars>{_BARS})[│┃║|] (?=(?:[\w-]*\.\w+|[\w.-]+/)(?:\s{{2,}}|\s*#|\s*$))")
PLAIN = re.compile(rf"(?P<bars>{_BARS})(?P<bullet>(?:[-*+•▪◦‣]|\d{{1,3}}[.)])[ \t]+)?(?P<rest>.*)")
BLANK = re.compile(r"[\s\xa0│┃║|╎┆┊¦▕`´'.─-]*")  # noqa: RUF001
PROMPT = re.compile(r"\s*(?:[$>%#]|PS [A-Z]:\\[^>]*>|[\w.@~-]+[:$#%][^$#%]*[$#%])\s+\S")
_SUMMARY = re.compile(r"\s*(?P<directories>\d+) director(?:y|ies)(?:, (?P<files>\d+) files?)?\s*")
_WINDOWS = re.compile(
    r"(?i)(?:folder path listing|volume serial number|auflistung der ordner|[a-z]:\.?$|[a-z]:\\)"
)
_ERROR = re.compile(r"\s*\[error opening dir\]\s*$")
_UNDERLINED_ROOT = re.compile(r"^_{2,}\s+(?=\S+$)")  # `__ shop` above `|__ src`
_DOTS = re.compile(r"\.{0,2}/?")

_IGNORING = re.compile(r"ignore[sd]?\b|excludes?\b|not committed|not in git|untracked", re.IGNORECASE)
_ROUTES = re.compile(r"(?:app|pages|routes)/")


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """One entry of a drawn tree.

    `key` is its key in a layout, without the `?` of what is `optional`: a directory's ends in "/", and what
    has a meaning in layouts is escaped in plain names. `line` and `column` count from 1. `about` is its
    comment. `more` is whether the drawing says that it holds others too. `certain` is false where only a
    guess tells a file from a directory. `local` is whether it stands below words such as "git ignores:".
    """

    key: str
    line: int
    column: int
    about: str = ""
    optional: bool = False
    more: bool = False
    certain: bool = True
    children: tuple[DrawnEntry, ...] = ()
    local: bool = False


@dataclass
class _Line:
    """A line that draws something: where it stands in its row, and what is behind the guides."""

    number: int
    column: int
    depth: float
    guided: bool
    parts: Parts
    said: int = 0  # the column of the comment, 0 if there is none
    barred: bool = False  # a bar and one blank stand before it
    inside: list[_Line] = field(default_factory=list)


def read_tree(
    lines: Sequence[tuple[int, str]], file: str, unread: list[Problem] | None = None
) -> tuple[DrawnEntry, ...]:
    """The entries at the top of a drawn tree; `lines` have their numbers in the document.

    Entries with guides and no line above them to be in come in one entry `./`, and so do those below a
    line that stands for the root itself.

    Lines that are not entries, and invalid names with what is drawn in them, are left out and added to
    `unread`. Without `unread`, invalid names raise `LayoutError`. It is always raised where the depth of the
    lines is not clear.
    """
    drawn, summary = _lines(lines, file)
    reader = _Reader(file, _kinds(drawn, summary), [] if unread is None else unread)
    tops = tuple(reader.tops(_nested(drawn, lines, file)))
    if reader.problems and unread is None:
        raise LayoutError(sorted(reader.problems))
    reader.unread.extend(reader.problems)
    return tops


# --- Lines: guides, columns, and what is no entry


def _lines(lines: Iterable[tuple[int, str]], file: str) -> tuple[list[_Line], re.Match[str] | None]:
    """The lines that draw something, and the last line of `tree`, which counts."""
    lines = [(number, _UNDERLINED_ROOT.sub("", text)) for number, text in lines]
    guided = any(BRANCH.match(text) for _, text in lines)
    windows = any(_WINDOWS.match(text) for _, text in lines[:5])
    found: list[_Line] = []
    summary = None
    for number, text in lines:
        if BLANK.fullmatch(text) and not _DOTS.fullmatch(text.strip() or "-"):
            continue
        if summarised := _SUMMARY.fullmatch(text):
            summary = summarised
        elif (windows and _WINDOWS.match(text)) or PROMPT.match(text):
            if windows and re.match(r"(?i)[a-z]:", text) and not found:
                found.append(_Line(number, 1, -_STEP, True, Parts("./")))
        elif words := _commented(text, guided and bool(found) and found[-1].said):
            found[-1].parts = _with_words(found[-1].parts, Parts(words))
        elif line := _line(number, text, guided, windows):
            if _continues(line, found):
                found[-1].parts = _with_words(found[-1].parts, line.parts)
                continue
            found.append(line)
    return found, summary


def _line(number: int, text: str, guided: bool, windows: bool) -> _Line | None:
    branch = BRANCH.match(text) if guided else None
    match = branch or PLAIN.match(text)
    assert match
    rest = _ERROR.sub("", match["rest"]).rstrip()
    if not rest or re.match(r"#|//|<!--", rest):
        return None  # a comment on a line of its own
    column = match.start("rest") + 1
    depth = guide_width(match["bars"])
    beside = _BESIDE.match(text) if guided and not branch else None
    if beside:  # `| name` is as deep as `|__ name`
        depth = guide_width(beside["bars"])
    elif guided and not branch:
        depth -= _STEP
    said = text.find(" #", column) + 2
    barred = not branch and re.search(r"[│┃║|] $", match["bars"]) is not None
    guides = bool(branch or beside)
    return _Line(number, column, depth, guides, parts_of(rest), said if said > 1 else 0, barred)


def _commented(text: str, column: int) -> str:
    """What a line says that holds nothing but a comment, right below the one above it."""
    bars, sign, words = text.partition("#")
    below = column and sign and BLANK.fullmatch(bars) and abs(len(bars) + 1 - column) <= 1
    return words.strip() if below else ""


def _with_words(parts: Parts, more: Parts) -> Parts:
    """A line with more words said of it in the next one."""
    return replace(parts, about=" ".join(filter(None, (parts.about, more.name, more.about))))


def guide_width(bars: str, tab: int = 4) -> int:
    return len(bars.expandtabs(tab))


def _continues(line: _Line, found: Sequence[_Line]) -> bool:
    """Whether a line without a guide is no entry but goes on with the comment above."""
    if not found or line.guided or not found[-1].guided or line.depth < 0:
        return False
    if line.barred and not looks_like_a_file(line.parts.name) and "/" not in line.parts.name:
        return True
    return " " in line.parts.name or (bool(line.parts.about) and not line.parts.name.endswith("/"))


def _nested(found: Sequence[_Line], lines: Sequence[tuple[int, str]], file: str) -> list[_Line]:
    """The lines at the top, each with those in it."""
    _settle_tabs(found, lines, file)
    slack = _slack([line.depth for line in found])
    tops: list[_Line] = []
    open_: list[_Line] = []
    for line in found:
        while open_ and line.depth < open_[-1].depth + slack:
            open_.pop()
        if len(open_) > _DEEPEST:
            told = f"more than {_DEEPEST} directories within one another; no drawing is so deep"
            raise LayoutError([Problem(file, line.number, line.column, told)])
        (open_[-1].inside if open_ else tops).append(line)
        open_.append(line)
    return tops


def _slack(depths: Sequence[float]) -> float:
    """How much further in a line must stand to be inside of another: half of what is usual here."""
    steps = Counter(after - before for before, after in pairwise(depths) if after > before)
    usual = max(steps, key=lambda step: (steps[step], -step), default=2)
    return max(1, min(usual, _STEP) / 2)


def _settle_tabs(found: Sequence[_Line], lines: Sequence[tuple[int, str]], file: str) -> None:
    """Decides how deep lines with tabs are: by their guides, where each level is one guide or tab.

    Raises `LayoutError` where the depth of a line depends on the width of a tab.
    """
    indents = {number: re.match(_BARS, text)[0] for number, text in lines}  # type: ignore[index]
    if not any("\t" in indents[line.number] for line in found):
        return
    units = [_UNITS.fullmatch(indents[line.number]) for line in found]
    if all(units) and any(re.search(r"[^ \t\xa0]", indents[line.number]) for line in found):
        for line in found:
            line.depth = _STEP * len(_UNIT.findall(indents[line.number])) - _STEP * (not line.guided)
        return
    orders = []
    for tab in (2, 4, 8):
        widths = [guide_width(indents[line.number], tab) for line in found]
        orders.append([(one > other) - (one < other) for one, other in pairwise(widths)])
    for line, signs in zip(found[1:], zip(*orders, strict=True), strict=True):
        if len(set(signs)) > 1:
            told = "tabs and spaces are mixed here, so that the depth is not plain; use spaces only"
            raise LayoutError([Problem(file, line.number, 1, told)])


# --- Files and directories


@dataclass(frozen=True)
class _Kinds:
    """What tells the files of one drawing from its directories, where names have no slash.

    `slashes`: some name has one. `plain` is what a name is that nothing else tells.
    """

    slashes: bool
    plain: str = "directory"
    all: str = ""


def _kinds(found: Sequence[_Line], summary: re.Match[str] | None) -> _Kinds:
    slashes = any(line.parts.name.endswith(("/", "\\")) for line in found if line.guided or line.depth >= 0)
    if slashes or not summary:
        return _Kinds(slashes)
    if summary["files"] is None:
        return _Kinds(False, all="directory")
    above = {id(line) for line in found}
    leaves = [
        line
        for line, following in zip(found, [*found[1:], None], strict=True)
        if not following or following.depth <= line.depth
    ]
    guessed = sum(looks_like_a_file(line.parts.name) for line in leaves if id(line) in above)
    return _Kinds(False, plain="directory" if int(summary["files"]) <= guessed else "file")


def _is_prose(line: _Line) -> bool:
    """Whether a line only tells of the directory it is in: several words, and nothing in it."""
    return line.parts.loose and " " in line.parts.name and not line.inside


@dataclass
class _Reader:
    file: str
    kinds: _Kinds
    unread: list[Problem]
    problems: list[Problem] = field(default_factory=list)

    def tops(self, tops: Sequence[_Line]) -> Iterator[DrawnEntry]:
        headless: list[_Line] = []
        for line in [*tops, None]:
            if line and not line.guided and _is_prose(line):
                self.skip(line)
                continue
            if line and line.guided and line.parts.name != "./":
                headless.append(line)
                continue
            if headless:
                first = headless[0]
                inside, more = self.inside(headless, ())
                yield DrawnEntry("./", first.number, first.column, more=more, children=inside)
                headless = []
            if line:
                yield from self.top(line)

    def top(self, line: _Line) -> Iterator[DrawnEntry]:
        name = line.parts.name
        stands_for_root = ROOTS.fullmatch(name) or is_on_one_machine(name)
        if name in (".", "./", "/") or (line.inside and stands_for_root):
            inside, more = self.inside(line.inside, ())
            yield DrawnEntry("./", line.number, line.column, line.parts.about, more=more, children=inside)
        else:
            line.parts = replace(line.parts, name=name.lstrip("/") if name.strip("/") else "./")
            yield from self.entries(line, ())

    def inside(self, lines: Iterable[_Line], above: tuple[str, ...]) -> tuple[tuple[DrawnEntry, ...], bool]:
        """The entries of a directory, and whether it may hold others."""
        entries: list[DrawnEntry] = []
        more = False
        for line in lines:
            if line.parts.caption and line.inside:
                inside, open_ = self.inside(line.inside, above)
                local = _IGNORING.search(line.parts.name) is not None
                entries += (replace(each, local=each.local or local) for each in inside)
                more |= open_
            elif line.parts.more or line.parts.caption or _is_prose(line):
                more = True
                if not line.parts.more:
                    self.skip(line)
            else:
                wrong = len(self.problems)
                entries += self.entries(line, above)
                more |= len(self.problems) > wrong  # what an invalid name stands for may exist
        return tuple(entries), more

    def entries(self, line: _Line, above: tuple[str, ...]) -> Iterator[DrawnEntry]:
        parts = line.parts
        if parts.more:
            return
        names = [[parts.name]] if parts.quoted else list(islice(names_in(parts.name), _MOST_NAMES + 1))
        if len(names) > _MOST_NAMES:
            self.wrong(line, f"more than {_MOST_NAMES} names in one line")
            return
        for members in names:
            cut = [re.sub(r"/(?:\.{3}|…)$", "/", member.strip()) for member in members]
            fit = [name for member in cut if (name := self.checked(line, member))]
            if len(fit) < len(cut):
                continue
            certain, directory = self.kind(line, fit)
            key = " | ".join(self.key(name, directory, above, parts.quoted) for name in fit)
            inside, more = self.inside(line.inside, (*above, *fit[0].rstrip("/").split("/")))
            yield DrawnEntry(
                key,
                line.number,
                line.column,
                parts.about,
                parts.optional,
                more or cut != members,
                certain,
                inside,
            )

    def kind(self, line: _Line, names: Sequence[str]) -> tuple[bool, bool]:
        """Whether it is certain what an entry is, and whether it is a directory."""
        if line.inside or any(name.endswith("/") for name in names) or self.kinds.all or line.parts.kind:
            told = line.parts.kind or self.kinds.all
            return True, bool(line.inside) or told == "directory" or any(name.endswith("/") for name in names)
        name = names[0].rpartition("/")[2]
        if looks_like_a_file(name):
            return name in SURE_FILES or self.kinds.slashes, False
        if self.kinds.slashes:
            return False, COMMON.fullmatch(name) is not None or "/" in names[0]
        return False, self.kinds.plain == "directory"

    def key(self, name: str, directory: bool, above: tuple[str, ...], quoted: bool) -> str:
        route = any(_ROUTES.match(f"{step}/") for step in above)
        steps = name.rstrip("/").split("/")
        return "/".join(key_of(step, route=route, quoted=quoted) for step in steps) + "/" * directory

    def checked(self, line: _Line, name: str) -> str:
        """A name as it can be one, with `/` between its steps; "" where it cannot, which is told."""
        if not line.parts.quoted:
            if "\\" in name and "/" not in name and not re.match(r"[A-Za-z]:\\|\\\\", name):
                name = name.replace("\\", "/")
            name = re.sub(r"^(?:\./)+(?=.)", "", re.sub(r"//+", "/", name) if "://" not in name else name)
            name = name[1:] if re.fullmatch(r"/[^/]+/?", name) else name  # `├── /docs` is in the tree
        steps = name.rstrip("/").split("/")
        if wrong := _wrong("" if line.parts.quoted and not name.startswith("/") else name, steps):
            self.wrong(line, f"{shortened(name)} {wrong}")
            return ""
        return "" if any(step == ".git" for step in steps) else name

    def wrong(self, line: _Line, message: str) -> None:
        self.problems.append(Problem(self.file, line.number, line.column, message))

    def skip(self, line: _Line) -> None:
        message = "a line of words in a tree; write words after `#`"
        self.unread.append(Problem(self.file, line.number, line.column, message))


def _wrong(name: str, steps: Sequence[str]) -> str:
    """What is wrong with a name, and what would be right."""
    if re.match(r"[A-Za-z]:\\|\\\\|~(?:/|$)|/", name):
        return "is an absolute path; draw what is in the repository, by names from its root"
    if ".." in steps:
        return "leads upwards; draw it where it is"
    if any(_is_control(character) for character in name):
        return "holds a control character; take it away"
    if any(step != step.strip() or not step or step == "." for step in steps):
        return "is not a valid name of a file or directory"
    if any(len(step.encode("utf-8", "surrogatepass")) > _LONGEST for step in steps):
        return f"is too long; a name can have at most {_LONGEST} bytes"
    return ""


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
