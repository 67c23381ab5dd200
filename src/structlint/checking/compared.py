"""The paths that documents draw, and those of the repository with which they are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.markdown.plain_paths import name_in
from structlint.matching.near_miss import by_name
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode

if TYPE_CHECKING:
    from structlint.checking.project import Project
    from structlint.matching.model import Missing
    from structlint.tree import Tree
    from structlint.yaml_nodes import Node, TextNode

_DATE = re.compile(r"(?<!\d)20\d\d-[01]\d(?!\d)")
_RANGE = re.compile(r"\d+ ?[-\u2013] ?\d+")
_PARTLY_IN_PARENTHESES = re.compile(r"[^()]+\(.*\)|\([^)]*\).+")
_IN_BRACKETS = re.compile(r"\[[^\]]+\](?:\.\w+)*")


class Compared(Record):
    """The existing and the missing paths of each drawing in one directory.

    `telling` is the number of existing paths whose names occur in few directories. `base` is the drawn
    directory that is compared with `place`, "" for the one that contains all drawn paths.
    """

    place: str
    base: str
    drawn: Counter[int]
    exist: Counter[int]
    telling: Counter[int]
    missing: tuple[tuple[int, Missing], ...]

    def is_of(self, begin: int) -> bool:
        """Whether at least half of the drawing that begins at a line exists here."""
        return self.exist[begin] * 2 >= self.drawn[begin] > 0

    def share(self, begin: int) -> float:
        return self.exist[begin] / self.drawn[begin] if self.drawn[begin] else 0.0

    def located(self, path: str) -> str:
        """The path in the repository for which a drawn path stands."""
        return self.place + path[len(self.base) :]

    def drawn_as(self, path: str) -> str:
        """The drawn path for one in the repository; "" if that is not in the compared directory."""
        return self.base + path[len(self.place) :] if path.startswith(self.place) else ""


class Background:
    """The paths of a project, and the same paths by name."""

    def __init__(self, project: Project) -> None:
        self.prefix = project.prefix
        self.tree = project.tree

    @cached_property
    def paths(self) -> frozenset[str]:
        return _all_paths(self.tree)

    @cached_property
    def index(self) -> Mapping[str, Sequence[str]]:
        return by_name(self.tree)

    @cached_property
    def named(self) -> Mapping[str, Sequence[str]]:
        """The paths, without a slash at the end, by their last names."""
        named: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            bare = path.rstrip("/")
            named.setdefault(bare.rpartition("/")[2], []).append(bare)
        return named

    @cached_property
    def has_blanks(self) -> bool:
        """Whether the name of any file or directory contains a blank."""
        return any(" " in name for name in self.named)

    def is_unlikely(self, path: str) -> bool:
        """Whether a drawn path is probably only a placeholder, a range of numbers, a caption or an example.

        Names in brackets (`[id]/`, `[id].ts`), partly in parentheses (`page.(other)`) or with blanks are
        paths only in repositories that use them. A file with a date is one of a series.
        """
        return _DATE.search(path.rstrip("/").rpartition("/")[2]) is not None or any(
            _RANGE.fullmatch(step)
            or (_PARTLY_IN_PARENTHESES.fullmatch(step) and step not in self.named)
            or (_IN_BRACKETS.fullmatch(step) and step not in self.named)
            or (" " in step and not self.has_blanks)
            for step in path.rstrip("/").split("/")
        )

    def has(self, path: str) -> bool:
        """Whether a file or directory exists at a path, which may lack the slash of a directory."""
        return not {path, f"{path}/"}.isdisjoint(self.paths)


def as_drawn(missing: Missing) -> Missing:
    """A missing path as a document draws it; it may be a file or a directory."""
    name = missing.names[-1]
    if missing.names != (f"{name}/", name):
        return missing
    return missing._replace(path=missing.path.rstrip("/"), names=(name,))


def below(base: str, missing: Missing) -> Missing:
    """A missing path, and the path of its near miss, below a directory."""
    near_miss = missing.near_miss and base + missing.near_miss
    return missing._replace(path=base + missing.path, near_miss=near_miss)


def part_of(tree: Node | None, base: str, lines: Collection[int]) -> MapNode:
    """The contents of a drawn directory, without the entries that have none of some lines."""
    for step in base.split("/")[:-1]:
        assert isinstance(tree, MapNode)
        tree = next(node for key, node in tree.items if name_in(key) == f"{step}/")
    assert isinstance(tree, MapNode)
    return _only(tree, lines)


def _only(tree: MapNode, lines: Collection[int]) -> MapNode:
    items: list[tuple[TextNode, Node]] = []
    for key, node in tree.items:
        inside = _only(node, lines) if isinstance(node, MapNode) and key.text != "." else node
        drawn = isinstance(inside, MapNode) and any(under.text != "." for under, _ in inside.items)
        if key.line in lines or key.text == "." or drawn:
            items.append((key, inside))
    return tree._replace(items=tuple(items))


def _all_paths(tree: Tree) -> frozenset[str]:
    """All files and directories of a tree; directories end in a slash."""
    directories = {path[: at + 1] for path in tree.files for at, letter in enumerate(path) if letter == "/"}
    return frozenset({*tree.files, *directories, *tree.opaque})
