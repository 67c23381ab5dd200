"""Recognizes drawings that only look like trees of files: boxes, fields, banners, parts of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structlint.markdown import words
from structlint.markdown.endings import SURE_ENDINGS
from structlint.markdown.entry_names import names_in, parts_of
from structlint.markdown.guides import BRANCH
from structlint.markdown.known_names import FILES

_RIGHT_EDGE = re.compile(r"[┐┘┤╮╯╗╝╣]")
_BORDER = re.compile(r"\W*\+[-=+]{3,}\+\W*")
_FIGURES = re.compile(r"[\\|`(]")  # a banner has several in a line, a name has none
_FEW_FIGURES = 2
# `name: Type`, `parts: [Type]`, `count: usize`, `8dp: the least`
_FIELD = re.compile(
    r"[\w ]+:\s+(?:\[?[A-Z]\w*|\w+[<\[]|(?:bool|int|float|str|string|number|any|usize|[iuf]\d+)\b)\S*(?:\s*(?://|#).*)?$"
    r"|\d+(?:dp|px|pt|rem|em|ms)\b"
)
_COMPONENT = re.compile(r"[A-Z]\w*[a-z]\w*[A-Z]\w*|[A-Z][\w-]*(?: [\w&-]+)+")
_ANSWER = re.compile(words.ANSWERS, re.IGNORECASE)
_CAPTION = re.compile(r"[^/`]*[^/`\s:]\s*[:：]\s*")  # noqa: RUF001


def is_boxed(lines: Sequence[str]) -> bool:
    """Whether lines draw boxes: screens, layers, components."""
    edges = sum(_RIGHT_EDGE.search(line) is not None for line in lines)
    return edges > 1 or sum(_BORDER.fullmatch(line) is not None for line in lines) > 1


def is_banner(lines: Sequence[str]) -> bool:
    """Whether lines draw large letters made of small characters."""
    drawn = [re.sub(r"^[\s|│]+|`[^`]*`", "", line) for line in lines if line.strip()]
    figures = sum(len(_FIGURES.findall(line)) > _FEW_FIGURES for line in drawn)
    return figures > 1 and figures * 2 > len(drawn)


def is_of_fields(names: Sequence[str]) -> bool:
    """Whether most texts after guides are fields of a type or measures, not paths."""
    fields = sum(_FIELD.match(name) is not None for name in names)
    return fields * 2 >= len(names) > 0


def is_of_components(names: Sequence[str]) -> bool:
    """Whether most names are of components: `CartView`, `Main menu`, and none of a file or directory."""
    return sum(_COMPONENT.fullmatch(name) is not None for name in names) * 2 > len(names)


def is_inside_files(lines: Sequence[str]) -> bool:
    """Whether each top line is a file, and the lines below it are its parts or dependencies."""
    tops = [line for line in lines if not re.match(r"[\s│┃║|]", line) and not BRANCH.match(line)]
    inside = [parts_of(match["rest"]).name for line in lines if (match := BRANCH.match(line))]
    if not tops or BRANCH.match(lines[0]) or any(name.endswith("/") or FILES.match(name) for name in inside):
        return False
    return all(_is_file(parts_of(line).name) for line in tops)


def _is_file(name: str) -> bool:
    members = [member for members in names_in(name) for member in members]
    return all(SURE_ENDINGS.search(member) and "/" not in member for member in members)


def is_of_decisions(lines: Sequence[str]) -> bool:
    """Whether lines draw questions with "yes" and "no" below them."""
    names = [match["rest"] if (match := BRANCH.match(line)) else line for line in lines]
    asked = any("?" in line or "\uff1f" in line for line in lines)
    return asked and sum(_ANSWER.match(name) is not None for name in names) > 1


def is_of_alternatives(lines: Sequence[str]) -> bool:
    """Whether several captions have separate trees, such as "Small project:" and "Large one:"."""
    captions = [line for line in lines if line[:1].strip() and not BRANCH.match(line)]
    return sum(_CAPTION.fullmatch(line) is not None for line in captions) > 1
