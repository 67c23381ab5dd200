"""The lines of a drawn tree: their guides, their depth, and whether they draw an entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from structlint.errors import LayoutError, Problem
from structlint.markdown.entry_names import Parts, is_signed, parts_of
from structlint.markdown.known_names import looks_like_a_file

_DEEPEST = 64
_UNIT = re.compile(r"[│┃║|╎┆┊¦▕][ \xa0]*\t?|[ \xa0]{4}|[ \xa0]{0,3}\t")  # the guide of one level
_UNITS = re.compile(rf"(?:{_UNIT.pattern})*")
_STEP = 4  # the usual distance of a name from its guide

_BARS = r"[ \t\xa0│┃║|╎┆┊¦▕]*"
BRANCH = re.compile(
    rf"(?P<bars>{_BARS})(?P<branch>(?:[│┃║][─━═—-]{{2,}}|[├└┣┗╠╚╰┝┕┖┠╟╙╘╞┌╭][─━═╌┄╴—-]*[►>▶]?"
    r"|\|[-—–_=~+]+>?|\+[-=—]+|`(?!--?\w[^`]*`)[-=—]+|\\[-=—_]+|L_+|'-+|-{3,}(?= )|-{2,}>(?= ))"  # noqa: RUF001
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
_BARRED_ROOT = re.compile(r"^[│┃║|] +(?=[^\s/]+/\s*(?:#.*)?$)")  # `| shop/` above `├── src/`
_COLLAPSED = re.compile(r"(?P<bars>(?:│ )*)(?P<corner>[├└])─+ (?=\S)")
_DOTS = re.compile(r"\.{0,2}/?")


@dataclass
class DrawnLine:
    """A line that draws an entry: its column, and the text after the guides."""

    number: int
    column: int
    depth: float
    guided: bool
    parts: Parts
    comment_at: int = 0  # the column of the comment, 0 if there is none
    barred: bool = False  # after a bar and one blank
    inside: list[DrawnLine] = field(default_factory=list)


def drawn_lines(lines: Iterable[tuple[int, str]], file: str) -> tuple[list[DrawnLine], re.Match[str] | None]:
    """The lines that draw entries, and the last line of `tree` with the totals."""
    lines = _with_plain_root([(number, _UNDERLINED_ROOT.sub("", text)) for number, text in lines])
    branches = [match for _, text in lines if (match := BRANCH.match(text))]
    guided = bool(branches)
    if guided and all(is_signed(match["rest"]) for match in branches):  # bullets, not signs
        lines = [(number, _without_sign(text)) for number, text in lines]
    windows = any(_WINDOWS.match(text) for _, text in lines[:5])
    drawn: list[DrawnLine] = []
    summary = None
    for number, text in lines:
        if BLANK.fullmatch(text) and not _DOTS.fullmatch(text.strip() or "-"):
            continue
        if summarised := _SUMMARY.fullmatch(text):
            summary = summarised
        elif (windows and _WINDOWS.match(text)) or PROMPT.match(text):
            if windows and re.match(r"(?i)[a-z]:", text) and not drawn:
                drawn.append(DrawnLine(number, 1, -_STEP, True, Parts("./")))
        elif words := _commented(text, guided and bool(drawn) and drawn[-1].comment_at):
            drawn[-1].parts = _with_words(drawn[-1].parts, Parts(words))
        elif line := _line(number, text, guided, windows):
            if _continues(line, drawn):
                drawn[-1].parts = _with_words(drawn[-1].parts, line.parts)
                continue
            drawn.append(line)
    _restore_levels(drawn, dict(lines))
    return drawn, summary


def _without_sign(text: str) -> str:
    """A line with a blank instead of the sign after its guides."""
    match = BRANCH.match(text)
    return f"{text[: match.start('rest')]} {text[match.start('rest') + 1 :]}" if match else text


def _restore_levels(drawn: Sequence[DrawnLine], texts: Mapping[int, str]) -> None:
    """Restores the levels of a drawing in which runs of blanks have become one blank.

    Below a `└──`, only blanks show the nesting. Entries that follow at its depth are in it.
    """
    guides = [_COLLAPSED.match(texts[line.number]) for line in drawn if line.guided]
    depths = {match["bars"].count("│") for match in guides if match}
    if not all(guides) or max(depths, default=1) == 1:  # one level with bars shows no collapsed blanks
        return
    lost, is_last = dict[int, int](), dict[int, bool]()
    for line, match in zip([line for line in drawn if line.guided], guides, strict=True):
        assert match
        depth = match["bars"].count("│")
        lost = {level: number for level, number in lost.items() if level <= depth}
        lost[depth] = lost.get(depth, 0) + is_last.get(depth, False)
        is_last = {level: last for level, last in is_last.items() if level < depth}
        is_last[depth] = match["corner"] == "└" and line.parts.name.endswith("/")
        line.depth += 2 * sum(lost.values())


def _with_plain_root(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without a bar before the first one, if the branches below begin further left."""
    drawn = [at for at, (_, text) in enumerate(lines) if not BLANK.fullmatch(text)][:2]
    if len(drawn) > 1 and re.match("[├└]", lines[drawn[1]][1]):
        number, text = lines[drawn[0]]
        lines[drawn[0]] = number, _BARRED_ROOT.sub("", text)
    return lines


def _line(number: int, text: str, guided: bool, windows: bool) -> DrawnLine | None:
    branch = BRANCH.match(text) if guided else None
    match = branch or PLAIN.match(text)
    assert match
    rest = _ERROR.sub("", match["rest"]).rstrip()
    if not rest or re.match(r"#|//|<!--", rest):
        return None  # a comment on its own line
    column = match.start("rest") + 1
    depth = guide_width(match["bars"])
    beside = _BESIDE.match(text) if guided and not branch else None
    if beside:  # `| name` is as deep as `|__ name`
        depth = guide_width(beside["bars"])
    elif guided and not branch:
        depth -= _STEP
    comment = text.find(" #", column) + 2
    barred = not branch and re.search(r"[│┃║|] $", match["bars"]) is not None
    guides = bool(branch or beside)
    return DrawnLine(number, column, depth, guides, parts_of(rest), comment if comment > 1 else 0, barred)


def _commented(text: str, column: int) -> str:
    """The text of a line with only a comment, directly below the comment above it."""
    bars, sign, words = text.partition("#")
    below = column and sign and BLANK.fullmatch(bars) and abs(len(bars) + 1 - column) <= 1
    return words.strip() if below else ""


def _with_words(parts: Parts, more: Parts) -> Parts:
    """A line, with its comment continued by the next one."""
    return replace(parts, about=" ".join(filter(None, (parts.about, more.name, more.about))))


def guide_width(bars: str, tab: int = 4) -> int:
    return len(bars.expandtabs(tab))


def _continues(line: DrawnLine, drawn: Sequence[DrawnLine]) -> bool:
    """Whether a line without a guide continues the comment above instead of being an entry."""
    if not drawn or line.guided or not drawn[-1].guided or line.depth < 0:
        return False
    if line.barred and not looks_like_a_file(line.parts.name) and "/" not in line.parts.name:
        return True
    if " " in line.parts.name:
        return True
    has_comment = line.comment_at > 0 and looks_like_a_file(line.parts.name)  # and so is a name
    return bool(line.parts.about) and not has_comment and not line.parts.name.endswith("/")


def nested(drawn: Sequence[DrawnLine], lines: Sequence[tuple[int, str]], file: str) -> list[DrawnLine]:
    """The top lines, each with the lines below it."""
    _settle_tabs(drawn, lines, file)
    slack = _slack([line.depth for line in drawn])
    tops: list[DrawnLine] = []
    open_: list[DrawnLine] = []
    for line in drawn:
        while open_ and line.depth < open_[-1].depth + slack:
            open_.pop()
        if len(open_) > _DEEPEST:
            problem = f"nested deeper than {_DEEPEST} directories, the limit for a drawing"
            raise LayoutError([Problem(file, line.number, line.column, problem)])
        (open_[-1].inside if open_ else tops).append(line)
        open_.append(line)
    return tops


def _slack(depths: Sequence[float]) -> float:
    """The indentation that puts a line inside another one: half of the usual one here."""
    steps = Counter(after - before for before, after in pairwise(depths) if after > before)
    usual = max(steps, key=lambda step: (steps[step], -step), default=2)
    return max(1, min(usual, _STEP) / 2)


def _settle_tabs(drawn: Sequence[DrawnLine], lines: Sequence[tuple[int, str]], file: str) -> None:
    """Determines the depth of lines with tabs by their guides, where each level is one guide or tab.

    Raises `LayoutError` if the depth of a line depends on the width of a tab.
    """
    indents = {number: re.match(_BARS, text)[0] for number, text in lines}  # type: ignore[index]
    if not any("\t" in indents[line.number] for line in drawn):
        return
    units = [_UNITS.fullmatch(indents[line.number]) for line in drawn]
    if all(units) and any(re.search(r"[^ \t\xa0]", indents[line.number]) for line in drawn):
        for line in drawn:
            line.depth = _STEP * len(_UNIT.findall(indents[line.number])) - _STEP * (not line.guided)
        return
    orders = []
    for tab in (2, 4, 8):
        widths = [guide_width(indents[line.number], tab) for line in drawn]
        orders.append([(one > other) - (one < other) for one, other in pairwise(widths)])
    for line, signs in zip(drawn[1:], zip(*orders, strict=True), strict=True):
        if len(set(signs)) > 1:
            problem = "tabs and spaces are mixed here, so the depth is ambiguous; use only spaces"
            raise LayoutError([Problem(file, line.number, 1, problem)])
