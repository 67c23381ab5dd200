"""Decides whether lines in a document draw files and directories at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from structlint.markdown import prose, words
from structlint.markdown.endings import KNOWN_ENDINGS
from structlint.markdown.entry_names import Parts, names_in, names_several, parts_of
from structlint.markdown.first_line import is_called_root
from structlint.markdown.guides import BLANK, BRANCH, PLAIN, PROMPT, guide_width
from structlint.markdown.known_names import EXTENSION, FILES
from structlint.markdown.lookalikes import (
    is_banner,
    is_boxed,
    is_inside_files,
    is_of_alternatives,
    is_of_components,
    is_of_decisions,
    is_of_fields,
)
from structlint.markdown.named_places import heading_path, intro_path
from structlint.markdown.purpose import purpose_of
from structlint.text.quoting import quote

if TYPE_CHECKING:
    from structlint.markdown.blocks import Code, Context, List

_OF_FILES = re.compile(words.OF_FILES, re.IGNORECASE)
_STRUCTURE = re.compile(words.STRUCTURE, re.IGNORECASE)
_OF_COMPONENTS = re.compile(words.OF_COMPONENTS, re.IGNORECASE)
# In these, a name at the beginning of a line is not a drawing; in other code, only guides make a drawing.
_TEXT_BLOCKS = ("", "text", "txt", "plain", "plaintext", "tree", "none", "ascii", "filetree", "file-tree")


_FEW = 2  # paths in a list that do not make it a drawing
_PACKAGE = re.compile(r"^\S+@v?\d|\sv?\d+\.\d+|^\S+:\S+:\S+|==\d")
_CODE = re.compile(
    r"[;{}()=\"']|^\s*(?:def|class|import|from|if|for|return|const|let|var|function|package)\s"
)


# Lines of only arrows connect steps; their labels are not names.
_ARROW = re.compile(r"[\s│|]*[↓↑⬇⬆▼▲⇣⇡⇩⇧→⟶]+[\s│|]*")
_RELATION = re.compile(
    r"(?:uses?|used by|calls?|called by|depends on|imports?|extends|inherits|implements|returns?|reads|"
    r"writes|inputs?|outputs?|args?|params?|type|emits|triggers|sends|receives)\s*(?::|→|->)\s*\S",
    re.IGNORECASE,
)
_PATH = re.compile(r"/[\w.@-]+(?:/[\w.@-]+)*/?|[\w.@-]+(?:/[\w.@-]+)+")  # with a slash
# A dotted name of code, such as `shop.cart.Basket`; files of several dots end in a known extension.
_DOTTED = re.compile(rf"\w+(?:\.\w+)+\.(?!(?:{KNOWN_ENDINGS})$)\w{{5,}}(?:\(\))?")
_MARKED_NAME = re.compile(r"`([^`]+)`|([^\s`]+/)(?=[\s:]|$)")
_TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*")  # the ruler of a Markdown table
_MOVE = re.compile(r"\W*`[^`]*[/.][^`]*`\s*(?:→|⇒|➡️?|[-=]+>)\s*`[^`]*[/.][^`]*`")
_MOVED = re.compile(words.MOVED, re.IGNORECASE)
_ROUTE = re.compile(r"\W*`(?:(?:GET|POST|PUT|PATCH|DELETE) )?/[\w{}:*/.-]*(?<!/)`|\W*`/`")
_OF_ROUTES = re.compile(
    r"\b(?:urls?|routes?|routing|endpoints?|apis?|rutas|rotas)\b|маршрут|路由|ルート|라우트", re.IGNORECASE
)
_BRANCH_SIGN = re.compile(r"[├└]──+ ?\S")
_COMMAND = re.compile(r"\s*\$ +([\w.-]+)")
_DOCUMENT = re.compile(
    r"\S\.(?:docx?|xlsx?|pptx?|pdf|xmind|vsdx?|drawio|mp[34]|mov|avi|zip|rar|7z|psd|png|jpe?g)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6} \S")
_GROUP = re.compile(r"^\([\w.-]+\)(?=/)")
_LISTING = (
    "tree",
    "ls",
    "dir",
    "find",
    "eza",
    "exa",
    "lsd",
    "git",
    "cd",
    "pwd",
    "mkdir",
    "broot",
    "fd",
    "rg",
)
_GUIDED_NAME = re.compile(r"[\s│┃║|]*(?:[├└┣┗╠╚╰][─━═-]|[|+\\]--|`(?!--?\w[^`]*`)--)[─━═ -]*\w")


def is_in_one_line(code: Code) -> bool:
    """Whether a tree has been joined into one line, so that its nesting is lost."""
    return any(len(_BRANCH_SIGN.findall(text)) > 1 for _, text in code.lines)


def is_drawn(code: Code) -> bool:
    """Whether a block looks like a tree: at least two names are after guides, or are
    directories below a heading about a structure.
    """
    if sum(_GUIDED_NAME.match(line) is not None for _, line in code.lines) > 1:
        return True
    lines = [line for _, line in code.lines if line.strip()]
    if (is_boxed(lines) or is_banner(lines)) and is_hinted(code.context):
        return True
    directories = sum(re.match(r"\s*[\w.@-]+/(?=\s|$)", line) is not None for line in lines)
    paths = sum(re.match(r"(?:[\w.@-]+/)+(?=\s|$)", line) is not None for line in lines)
    many = paths == len(lines) > _FEW
    return code.language in _TEXT_BLOCKS and (many or (directories > 1 and is_hinted(code.context)))


def _is_flow(lines: Sequence[str], branched: Sequence[str], *, hinted: bool) -> bool:
    """Whether lines draw calls or a sequence, not a hierarchy of paths."""
    related = sum(_RELATION.match(rest) is not None for rest in branched)
    arrows = sum("→" in line for line in lines)
    if not hinted and arrows * 2 >= len(lines) > len(branched) * 2:
        return True
    return any(map(_ARROW.fullmatch, lines)) or (related > 0 and related * 2 >= len(branched))


def draws_files(
    lines: Sequence[str], *, hinted: bool = False, single: bool = True, listed: bool = False
) -> bool:
    """Whether lines draw files and directories, not packages, components or other things.

    `hinted` is whether the words above them are about a structure, a tree or directories, `single`
    whether a single name without guides is a drawing, `listed` whether they are the items of a list.
    """
    lines = [line for line in lines if not BLANK.fullmatch(line) and not PROMPT.match(line)]
    branched = [match["rest"] for line in lines if (match := BRANCH.match(line))]
    if any(map(_TABLE_RULE.fullmatch, lines)) or _is_flow(lines, branched, hinted=hinted):
        return False
    if branched:
        if is_of_alternatives(lines) or is_inside_files(lines) or is_of_decisions(lines):
            return False
        loose = [line for line in lines if not BRANCH.match(line) and re.match(r"[^\s│┃║|]", line)]
        loose = [_with_kind(parts_of(line)) for line in loose]
        if not hinted and len(loose) > 1 and not all(map(_is_name, loose)):
            return False  # remarks, some of them with a branch below
        names = [parts_of(rest).name for rest in branched]
        packages = sum(_PACKAGE.search(rest) is not None for rest in branched)
        if sum(" " in name and not _is_spaced(name) for name in names) * 2 > len(names):
            return False  # words, which describe steps or components
        shown = sum(name.endswith(("/", "\\")) or EXTENSION.search(name) is not None for name in names)
        unnamed = hinted and len(branched) > 1 and not (is_of_fields(branched) or is_of_components(names))
        return packages * 2 < len(branched) and (shown > 0 or unnamed)
    plain = [match for line in lines if (match := PLAIN.match(line))]
    names = [_with_kind(parts_of(match["rest"])) for match in plain]
    others = [name for name in names if not (listed or _is_name(name))]
    if not names or (len(names) == 1 and not single) or not _are_few(others, names, hinted=hinted):
        return False
    indented = any(guide_width(match["bars"]) for match in plain)
    shown = listed or any(name.endswith("/") for name in names)
    return shown and (indented or hinted)


def _is_spaced(name: str) -> bool:
    """Whether words with blanks are several names, or one of a document, such as `Plan of May.docx`."""
    return names_several(name) or _DOCUMENT.search(name) is not None


def _are_few(others: Sequence[str], names: Sequence[str], *, hinted: bool) -> bool:
    """Whether ambiguous names are negligible in a drawing without guides.

    They may be files without an extension, in a drawing that its heading describes as one of directories.
    """
    directories = sum(name.endswith("/") for name in names)
    plain = all(re.fullmatch(r"[\w.@/-]+", name) for name in others)
    return not others or (hinted and plain and directories > 1 and len(others) * 4 <= len(names))


def names_a_path(text: str) -> bool:
    """Whether the words of a list item begin with an unambiguous file or directory."""
    parts = parts_of(text)
    return _is_name(_with_kind(parts)) or (_is_marked(text) and _PATH.fullmatch(parts.name) is not None)


def is_marked_path(text: str) -> bool:
    """Whether the words of a list item begin with a path in code or bold."""
    return names_a_path(text) and re.match(r"[^\w\s`/]*\s*(?:`|/|\*\*)", text) is not None


def _is_marked(text: str) -> bool:
    """Whether words begin with code after pictograms, or with a path from the root."""
    return re.match(r"[^\w\s`/]*\s*(?:`|/)", text) is not None


def _with_kind(parts: Parts) -> str:
    """A name, with a slash if the pictogram before it is that of a directory."""
    return f"{parts.name.rstrip('/')}/" if parts.kind == "directory" and parts.name else parts.name


def _is_name(name: str) -> bool:
    """Whether a text can only be a file or directory, in a drawing without guides."""
    if _DOTTED.fullmatch(name):
        return False
    several = [member for members in names_in(name) for member in members]
    if len(several) > 1:
        return all(map(_is_name, several))
    named = name.endswith("/") or EXTENSION.search(name) or FILES.fullmatch(name) or name.startswith(".")
    code = _CODE.search(_GROUP.sub("", name))  # `(group)/` is a directory of a web framework
    return bool(named) and " " not in name and not code and quote(name) == name


def may_draw(code: Code) -> bool:
    lines = [line for _, line in code.lines]
    marked = code.context.mark == "layout"
    if not (code.language in _TEXT_BLOCKS or marked or _guided(lines)) or not draws_files(lines, hinted=True):
        return False  # regardless of the words above; most paragraphs end here
    if is_in_one_line(code) or _is_output(lines) or is_boxed(lines) or is_banner(lines):
        return False
    if _OF_COMPONENTS.search(code.context.lead) and not draws_files(lines):
        return False
    certain = code.language == "tree" or marked or prose.names_key_files(code.context)
    certain = certain or purpose_of(code.context).kind == "forbidden"
    certain = certain or any(is_called_root(parts_of(line).about) for line in lines[:1])
    above = list(takewhile(lambda line: not BRANCH.match(line), lines))  # a title in the block itself
    rooted = any(line.strip() in (".", "./") for line in lines[:1])
    hinted = (
        certain
        or rooted
        or is_hinted(code.context)
        or (len(above) < len(lines) and any(map(_is_hint, above)))
    )
    return draws_files(lines, hinted=hinted, single=certain)


def is_of_a_document(code: Code) -> bool:
    """Whether a block of code is an example of a document, with a tree in it."""
    lines = [line for _, line in code.lines]
    headings = sum(_HEADING.match(line) is not None for line in lines)
    fences = sum(line.lstrip().startswith("```") for line in lines)
    whole = code.language in ("markdown", "md") and headings > 0 and headings + fences > 1
    return whole and code.context.mark != "layout" and _guided(lines)


def _is_output(lines: Sequence[str]) -> bool:
    """Whether the first line is a command that does not list files, so that the others are its output."""
    command = _COMMAND.match(lines[0]) if lines else None
    return command is not None and command[1] not in _LISTING


def _guided(lines: Iterable[str]) -> bool:
    return any(re.match(r"\W{0,80}?(?:[├└┣┗╠╚╰]|[|+`\\]--|\|__)", line) for line in lines)


def is_read_otherwise(block: List) -> bool:
    """Whether a list is handled elsewhere, as the contents of each of a kind or as key files."""
    return bool(prose.unit_that_contains(block.context)) or prose.names_key_files(block.context)


def may_be_tree(block: List) -> bool:
    """Whether a list is in a place for a drawn tree."""
    if is_read_otherwise(block):
        return False
    in_order = block.numbered and not heading_path(block.context)  # steps, or a reading order
    named = not in_order and all(names_a_path(item.words.text) for item in block.items)
    return is_hinted(block.context) or (named and is_hinted_above(block.context))


def is_of_another_subject(block: List) -> bool:
    """Whether a list of files is below a heading of something else, and only the title is of a structure."""
    context = block.context
    names = [parts_of(item.words.text).name for item in block.items]
    if any("/" in name for name in names) or heading_path(context) or is_hinted(context):
        return False
    below = list(map(str, context.headings[context.titled :]))
    return bool(below) and not _OF_FILES.search(below[-1]) and not any(map(_is_hint, below))


def may_be_paths(block: List) -> bool:
    """Whether a list names paths, although nothing above it is about a structure."""
    return lists_paths(block) and not is_read_otherwise(block) and block.context.mark != "ignore"


def names_paths_only(block: List) -> bool:
    """Whether a list consists of several file paths in code."""
    matches = [re.match(r"`([^`\s]+/[^`\s]+\.\w+)`", item.words.text) for item in block.items]
    return len(matches) > _FEW and all(matches) and block.context.mark != "ignore"


def names_routes(block: List) -> bool:
    """Whether a list has the routes of a server, such as `/cart/items`, below words that say so."""
    above = f"{block.context.lead} {block.context.headings[-1] if block.context.headings else ''}"
    routes = sum(_ROUTE.match(item.words.text) is not None for item in block.items)
    return routes * 2 > len(block.items) and _OF_ROUTES.search(above) is not None


def names_moves(block: List) -> bool:
    """Whether most items of a list lead from one path in code to another, or say that it was moved."""
    texts = [item.words.text for item in block.items]
    moves = sum(_MOVE.match(text) is not None or _MOVED.search(text) is not None for text in texts)
    return moves * 2 > len(block.items) and block.context.mark != "layout"


@lru_cache(maxsize=5_000)  # a heading is above many blocks
def _is_hint(words: str) -> bool:
    """Whether words are about a structure, a layout, directories."""
    return _STRUCTURE.search(words) is not None


def is_hinted(context: Context) -> bool:
    """Whether the words right above a block are about a structure, or about forbidden paths."""
    above = (*map(str, context.headings[-1:]), context.lead)
    return context.mark == "layout" or any(map(_is_hint, above)) or purpose_of(context).kind == "forbidden"


def introduces_paths(context: Context) -> bool:
    """Whether the words right above a block are about a structure, name its directory, or forbid paths."""
    placed = heading_path(context) or intro_path(context)
    own = (str(context.label or ""), context.lead)
    stated = context.mark == "layout" or purpose_of(context).kind == "forbidden"
    return bool(placed) or stated or any(map(_is_hint, own))


def is_hinted_above(context: Context) -> bool:
    """Whether any heading above a block is about a structure; sufficient for unambiguous paths."""
    return is_hinted(context) or any(map(_is_hint, map(str, context.headings)))


def lists_directories(block: List) -> bool:
    """Whether a list names only directories, and possibly files in a root."""
    names = [parts_of(item.words.text).name for item in block.items]
    return not block.numbered and all(name.endswith("/") or FILES.match(name) for name in names)


def lists_paths(block: List) -> bool:
    """Whether each item of a list begins with a name in code or bold, including directories."""
    matches = [_MARKED_NAME.match(item.words.text) for item in block.items]
    names = [(match[1] or match[2]).strip() for match in matches if match]
    paths = len(names) == len(matches) and all(names_a_path(name) and " " not in name for name in names)
    return (
        paths
        and any(name.endswith("/") for name in names)
        and not any(name.startswith("/") for name in names)
    )
