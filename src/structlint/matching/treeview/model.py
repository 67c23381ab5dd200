"""The tree view as a value: its nodes, its parts, and the lines of a drawing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from structlint.text.paths import steps
from structlint.text.records import Record

State = Literal["there", "missing", "unlisted", "wrong", "ignored", "baselined"]
Audience = Literal["all", "terminal", "document"]


class Note(Record):
    """The text for one finding; findings of the same `kind` differ only in their paths."""

    text: str
    error: bool = True
    kind: Hashable = None


class Mark(Record):
    """The state of a path with findings, and a note for each of them."""

    state: State
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A file or directory of the view, or the form that represents many files.

    `name` is raw, a directory's ends in "/"; the root is "./". A `form` is written as in a layout:
    `test_<module>.py`, `a | b`. `more` counts the folded entries directly in a directory;
    for a form, the files it represents. `ignored` paths are drawn by a document and ignored by git.
    `only` is the audience. `alike` counts the folded siblings after this node that have the same findings.
    """

    name: str
    state: State = "there"
    about: str = ""
    inside: tuple[TreeNode, ...] = ()
    more: int = 0
    form: bool = False
    only: Audience = "all"
    notes: tuple[Note, ...] = ()
    alike: int = 0

    @property
    def error(self) -> bool:
        """Whether the findings at this path are more than warnings."""
        return not self.notes or any(note.error for note in self.notes)

    @property
    def marked(self) -> bool:
        """Whether something is wrong at this path."""
        return self.state not in ("there", "ignored", "baselined")

    @property
    def calm(self) -> bool:
        """Whether nothing is wrong here and below."""
        return not self.marked and all(node.calm for node in self.inside)


class Guides(Record):
    """The characters before a name: with siblings after it, as the last one, and before its children."""

    before: str
    last: str
    beside: str
    dots: str


DRAWN = Guides("├── ", "└── ", "│   ", "…")
TYPED = Guides("|-- ", "`-- ", "|   ", "...")


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


class TreeLine(Record):
    """A line of a drawing: the characters before the name, and the node.

    Without a node, it stands for `more` folded nodes, which have the same findings as `like`.
    """

    lead: str
    shown: TreeNode | None
    more: int = 0
    like: TreeNode | None = None


def tree_lines(
    shown: TreeNode, guides: Guides, *, hidden: bool = False, lead: str = ""
) -> Iterator[TreeLine]:
    """The lines below the first of a drawing; with `hidden`, also those for folded siblings."""
    more = shown.more if hidden and shown.inside else 0
    for number, node in enumerate(shown.inside, 1):
        last = number == len(shown.inside) and not more
        yield TreeLine(lead + (guides.last if last and not node.alike else guides.before), node)
        beside = " " * len(guides.beside) if last and not node.alike else guides.beside
        yield from tree_lines(node, guides, hidden=hidden, lead=lead + beside)
        if node.alike:
            yield TreeLine(lead + (guides.last if last else guides.before), None, node.alike, node)
    if more:
        yield TreeLine(lead + guides.last, None, more)
