"""Converts reStructuredText and AsciiDoc to Markdown, line by line, as far as drawings need it.

Headings, literal blocks, lists and names in code become those of Markdown. Each line keeps its number, and
the lines of a literal block keep their columns. The rest is unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*")
_DIRECTIVE = re.compile(r"\s*\.\. (?:code(?:-block)?|sourcecode|parsed-literal|highlight)::\s*(\S*)\s*")
_OPTION = re.compile(r"\s+:[\w-]+:.*")
_LITERAL = re.compile(r"\.\. .*|.*(?<!:)::\s*")
_COMMENT = re.compile(r"\s*\.\.\s+structlint:\s*(ignore|layout)\s*|//\s*structlint:\s*(ignore|layout)\s*")
_DOUBLE_CODE = re.compile(r"``([^`]+)``")
_TITLE = re.compile(r"(={1,6}) +(\S.*)")
_DELIMITER = re.compile(r"(-{4,}|\.{4,})\s*")
_BLOCK_OPTIONS = re.compile(r"\[[^\]]*\]\s*|\.[A-Za-z].*")
_ITEM = re.compile(r"\s*(\*{1,5})\s+")
_FENCE = "~~~~"


def as_markdown(text: str, file: str) -> str:
    """The text of a document as Markdown; `file` is its name, which determines the markup."""
    convert = _BY_SUFFIX.get(file.lower().rpartition(".")[2])
    return "\n".join(convert(text.split("\n"))) if convert else text


def _from_rst(lines: list[str]) -> list[str]:
    converted, levels, at = list[str](), list[str](), 0
    while at < len(lines):
        line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        if comment := _COMMENT.fullmatch(line):
            converted += [f"<!-- structlint: {comment[1] or comment[2]} -->"]
        elif line.strip() and not line[0].isspace() and _is_underline(below, line):
            if below[0] not in levels:
                levels.append(below[0])
            converted += [f"{'#' * min(6, levels.index(below[0]) + 1)} {_in_code(line)}", ""]
            at += 1
        elif _UNDERLINE.fullmatch(line):
            converted.append("")  # the line above a title, or a rule
        elif _DIRECTIVE.fullmatch(line) or (_LITERAL.fullmatch(line) and not line.startswith("..")):
            at = _literal(lines, at, converted)
        else:
            converted.append(_in_code(line))
        at += 1
    return converted


def _is_underline(line: str, title: str) -> bool:
    """Whether a line is the underline or overline of a title."""
    return _UNDERLINE.fullmatch(line) is not None and bool(title.strip())


def _literal(lines: list[str], at: int, converted: list[str]) -> int:
    """Adds the literal block that a line introduces, between fences; returns its end."""
    directive = _DIRECTIVE.fullmatch(lines[at])
    converted.append("" if directive else _in_code(re.sub(r"::\s*$", ":", lines[at])))
    start = at + 1
    while start < len(lines) and directive and _OPTION.fullmatch(lines[start]):
        converted.append("")
        start += 1
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = start
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    body = lines[start:end]
    if len(body) < 2 or body[0].strip():  # a blank line, followed by text, is required
        converted += body
        return end - 1
    # The blank line after the block becomes its end.
    converted += [f"{_FENCE}{directive[1] if directive else ''}", *body[1:], _FENCE]
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _in_code(line: str) -> str:
    return _DOUBLE_CODE.sub(r"`\1`", line)


def _from_asciidoc(lines: list[str]) -> list[str]:
    converted, end = list[str](), ""
    for line in lines:
        delimiter = _DELIMITER.fullmatch(line)
        if end:
            converted.append(_FENCE if line.strip() == end else line)
            end = "" if line.strip() == end else end
        elif delimiter:
            end = delimiter[1]
            converted.append(_FENCE)
        elif comment := _COMMENT.fullmatch(line):
            converted.append(f"<!-- structlint: {comment[1] or comment[2]} -->")
        elif title := _TITLE.fullmatch(line):
            converted.append(f"{'#' * len(title[1])} {title[2]}")
        elif _BLOCK_OPTIONS.fullmatch(line):
            converted.append("")
        else:
            converted.append(_ITEM.sub(lambda item: f"{'  ' * (len(item[1]) - 1)}- ", line))
    return converted


_BY_SUFFIX: dict[str, Callable[[list[str]], list[str]]] = {
    "rst": _from_rst,
    "adoc": _from_asciidoc,
    "asciidoc": _from_asciidoc,
}
