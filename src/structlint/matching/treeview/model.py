"""The tree view as a value: its nodes, how they are folded and cut, and the lines of a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from structlint.text.paths import steps

State = Literal["there", "missing", "unlisted", "wrong", "ignored", "baselined"]
Audience = Literal["all", "terminal", "document"]


class Mark(NamedTuple):
    """What a check reports at a path: how it is drawn, the text behind it, and whether it is an error."""

    state: State
    note: str = ""
    error: bool = True


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A file or directory of the view, or the form that represents many files.

    `name` is raw, a directory's ends in "/"; the root is "./". A `form` is written as in a layout:
    `test_<module>.py`, `a | b`. `more` counts the folded entries directly in a directory;
    for a form, the files it represents. `ignored` paths are drawn by a document and ignored by git.
    `only` is the audience. `note` is the text behind a path with findings, `error` is false if they are
    only warnings.
    """

    name: str
    state: State = "there"
    about: str = ""
    inside: tuple[TreeNode, ...] = ()
    more: int = 0
    form: bool = False
    only: Audience = "all"
    note: str = ""
    error: bool = True

    @property
    def calm(self) -> bool:
        """Whether nothing is wrong here and below."""
        return self.state in ("there", "ignored", "baselined") and all(node.calm for node in self.inside)


class Guides(NamedTuple):
    """The characters before a name: with siblings after it, as the last one, and before its children."""

    before: str
    last: str
    beside: str
    dots: str


DRAWN = Guides("├── ", "└── ", "│   ", "…")
TYPED = Guides("|-- ", "`-- ", "|   ", "...")


def fold_below(shown: TreeNode, depth: int) -> TreeNode:
    """A view in which everything deeper than `depth` is folded, except what is wrong."""
    wrong_below = shown.state in ("there", "wrong")  # a missing directory is one line
    inside = (node for node in shown.inside if depth > 0 or (wrong_below and not node.calm))
    kept = tuple(fold_below(node, depth - 1) for node in inside)
    return replace(shown, inside=kept, more=shown.more + len(shown.inside) - len(kept))


def thin_out(shown: TreeNode, most: int) -> TreeNode:
    """A view with at most `most` entries without problems in each directory, or one more."""
    calm = [node for node in shown.inside if node.calm]
    gone = {node.name for node in calm[most:]} if len(calm) > most + 1 else set()
    inside = tuple(thin_out(node, most) for node in shown.inside if node.name not in gone)
    return replace(shown, inside=inside, more=shown.more + len(gone))


def for_audience(shown: TreeNode, audience: Audience) -> TreeNode:
    """A view without the nodes for other audiences."""
    inside = (node for node in shown.inside if node.only in ("all", audience))
    return replace(shown, inside=tuple(for_audience(node, audience) for node in inside))


def documented(whole: TreeNode, path: str, depth: int) -> TreeNode | None:
    """The view of a directory ("" is the root) for a document, `depth` deep; None if it is not in it."""
    node = below(for_audience(whole, "document"), path)
    return _cut(node, depth) if node else None


def below(shown: TreeNode, path: str) -> TreeNode | None:
    """The directory at `path` in a view, named by its path; None if it is not in the view."""
    node: TreeNode | None = shown
    for step in steps(path):
        node = next((child for child in node.inside if child.name == f"{step}/"), None) if node else None
    return replace(node, name=f"{path.rstrip('/')}/") if node and path else node


def _cut(shown: TreeNode, depth: int) -> TreeNode:
    return replace(shown, inside=tuple(_cut(node, depth - 1) for node in shown.inside) if depth > 0 else ())


def counts(shown: TreeNode) -> dict[State, int]:
    """The number of entries in each state; a missing or unlisted directory counts as one."""
    counts: dict[State, int] = dict.fromkeys(get_args(State), 0)
    ahead = list(shown.inside)
    while ahead:
        node = ahead.pop()
        counts[node.state] += 1
        ahead += node.inside if node.state in ("there", "wrong") else ()
    return counts


class TreeLine(NamedTuple):
    """A line of a drawing: the characters before the name, the node, and the number of folded nodes."""

    lead: str
    shown: TreeNode | None
    more: int = 0


def tree_lines(
    shown: TreeNode, guides: Guides, *, hidden: bool = False, lead: str = ""
) -> Iterator[TreeLine]:
    """The lines below the first of a drawing; with `hidden`, also one for folded siblings."""
    more = shown.more if hidden and shown.inside else 0
    for number, node in enumerate(shown.inside, 1):
        last = number == len(shown.inside) and not more
        yield TreeLine(lead + (guides.last if last else guides.before), node)
        beside = " " * len(guides.beside) if last else guides.beside
        yield from tree_lines(node, guides, hidden=hidden, lead=lead + beside)
    if more:
        yield TreeLine(lead + guides.last, None, more)
