"""Draws a tree view as the lines of a marked tree in a document, keeping its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from structlint.errors import LayoutError
from structlint.markdown.markers import MarkedPath, MarkedTree, comments_of, marked_paths, read_marked
from structlint.matching.treeview.build import common_descriptions
from structlint.matching.treeview.model import DRAWN, TreeNode, tree_lines
from structlint.text.paths import steps
from structlint.text.quoting import in_quotes, quote

if TYPE_CHECKING:
    from structlint.markdown.tree_lines import DrawnEntry

_HARMLESS = re.compile(r"[\w.@][\w.@+-]*/?")
_WIDEST = 48  # comments are aligned after names up to this width


@dataclass(frozen=True)
class Redrawn:
    """The new lines of a marked tree, and the changes.

    `lacks` are the topmost paths that the tree should draw and does not, `draws` those that it should not
    draw; a path has no slash at its end if it may not be a directory. `unread` is the reason why the old
    lines could not be read; their comments are then lost.
    """

    lines: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    unread: str = ""


def redrawn(shown: TreeNode, marked: MarkedTree, file: str) -> Redrawn:
    """Draws a marked tree anew; a path that is still drawn keeps its comment."""
    try:
        old, first = read_marked(marked, file)
        unread = ""
    except LayoutError as error:
        old, first, unread = (), "", str(error.problems[0])
    drawing = [(row.lead, row.shown) for row in tree_lines(shown, DRAWN) if row.shown]
    names = [lead + quoted_name(node) for lead, node in drawing]
    new = _paths_drawn(names)
    stood = marked_paths(old)
    kept = comments_of(stood, marked)
    kept_comments = {node.entry.line: kept[path] for path, node in new.items() if node.entry and path in kept}
    comments = [kept_comments.get(number) or _comment(node) for number, (_, node) in enumerate(drawing, 1)]
    commented = marked.options.comments
    lines = (
        _first(shown, first, old, commented),
        *_aligned(names, comments if commented else [""] * len(names)),
    )
    if lines == tuple(line for _, line in marked.drawn):
        return Redrawn(lines)
    if unread:
        return Redrawn(lines, unread=unread)
    return Redrawn(lines, _beyond(new, stood), _beyond(stood, new))


def drawing_of(shown: TreeNode) -> list[str]:
    """A tree view as the lines of a document: the names with their comments."""
    drawing = [(row.lead, row.shown) for row in tree_lines(shown, DRAWN) if row.shown]
    names = [lead + quoted_name(node) for lead, node in drawing]
    return [_first(shown, "", (), True), *_aligned(names, [_comment(node) for _, node in drawing])]


def quoted_name(shown: TreeNode) -> str:
    """A name as a document draws it: in quotes if it would be misread otherwise."""
    if shown.form:
        return " ".join(shown.name.split())
    return shown.name if _is_plain(shown.name) else in_quotes(shown.name)


@cache
def _is_plain(name: str) -> bool:
    """Whether a name is read back correctly without quotes."""
    if not _HARMLESS.fullmatch(name):
        return False
    paths = _paths_drawn([f"{DRAWN.last}{name}"])
    return list(paths) == [name.rstrip("/")]


def _paths_drawn(names: Sequence[str]) -> dict[str, MarkedPath]:
    """The paths of a drawing, the line of the first name being 1; none if it cannot be read."""
    from structlint.markdown.tree_lines import read_tree

    try:
        tops = read_tree([(0, "./"), *enumerate(names, 1)], "")
    except LayoutError:
        return {}
    return marked_paths(child for top in tops for child in top.children)


def _first(shown: TreeNode, first: str, old: Sequence[DrawnEntry], commented: bool) -> str:
    """The first line: the path of the directory; for the root, the name it had, or a dot."""
    comment = re.search(r"\s+#.*", first)
    if shown.name != "./":
        name = shown.name if all(map(_is_plain, steps(shown.name))) else in_quotes(shown.name)
        return name + comment[0] if comment and commented else name
    called = first[: comment.start()] if comment else first
    inside = next((node.inside for node in shown.inside if node.name == called), ())
    drawn = {line.key for line in old}
    if len(drawn & {node.name for node in inside}) > len(drawn & {node.name for node in shown.inside}):
        return "."  # the tree was that of this directory
    return (first if commented else called) or "."


def _aligned(names: Sequence[str], comments: Sequence[str]) -> Iterator[str]:
    """The lines of a tree with aligned comments."""
    pairs = list(zip(names, comments, strict=True))
    width = min(_WIDEST, max((len(name) for name, comment in pairs if comment), default=0))
    for name, comment in pairs:
        yield f"{name:<{width}}  # {comment}" if comment else name


def _comment(shown: TreeNode) -> str:
    if not shown.about or (shown.state == "missing" and shown.about in common_descriptions()):
        return ""
    return quote(" ".join(shown.about.split()))


def _beyond(ones: Mapping[str, MarkedPath], others: Mapping[str, MarkedPath]) -> tuple[str, ...]:
    """The topmost paths that others do not contain, or contain as another kind of file."""

    def differs(path: str, one: MarkedPath) -> bool:
        other = others.get(path)
        sure = other is not None and one.certain and other.certain
        return other is None or (sure and one.directory != other.directory)

    beyond = {path: one for path, one in ones.items() if differs(path, one)}
    return tuple(
        path + "/" * one.directory
        for path, one in beyond.items()
        if not any(path[:at] in beyond for at, letter in enumerate(path) if letter == "/")
    )
