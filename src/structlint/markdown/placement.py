"""Determines the place of a drawing in a repository: the root, a directory, or each directory of a kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from structlint.markdown.blocks import Context
from structlint.markdown.drawn_paths import DrawnPaths, only_deeper
from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.known_names import COMMON, is_project, is_written
from structlint.markdown.mentions import Mentions
from structlint.markdown.named_places import (
    base_of,
    begins_with_side,
    describes_units,
    heading_path,
    intro_path,
    is_of_kinds,
    is_of_packages,
    linked_beside,
    part_of,
    paths_in,
    plurals,
    side_of,
    unit_in,
)
from structlint.markdown.outline import is_plain, steps_of
from structlint.markdown.place import described_directory, is_beside, own_steps
from structlint.markdown.purpose import is_template
from structlint.markdown.repository import RootFinder
from structlint.markdown.root_signs import (
    NAMED_ROOT,
    OF_ALL,
    begins_beside,
    is_same,
    paths_below_root,
    shows_sources,
)
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.cases import stem

# What stands for a time or a number that a program puts in the name of a directory that it writes.
_OF_A_RUN = re.compile(
    r"<(?:date|time|timestamp|datetime|run[-_ ]?(?:id|name|number)?|job[-_ ]?id|session[-_ ]?id)>"
    r"|Y{4}|YYMM|HHMM|\d{8}[-_]\d{4,6}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Placed:
    """The entries of a drawing: `entries` in the directory at `keys`, or in each `unit` in it."""

    keys: tuple[str, ...]
    entries: tuple[DrawnEntry, ...]
    unit: str = ""


def names_root(context: Context) -> bool:
    """Whether the words above a block are about the root of the repository, or all of it."""
    return any(pattern.search(context.lead) for pattern in (OF_ALL, NAMED_ROOT))


class Places:
    """Places drawings; the whole document shows which names are those of the repository."""

    def __init__(
        self, drawings: Sequence[Drawing], known: Collection[str], source: Sequence[str], file: str
    ) -> None:
        """`known` has keys of directories in the root that other parts name, such as a table.

        `source` are the lines of the document at the path `file`.
        """
        self.own = own_steps(file)
        self.of_side = _is_of_side(drawings, file)
        self.linked = linked_beside(source) if self.own else frozenset()
        self.mentions = Mentions(source)
        self.paths = DrawnPaths()
        self.tabled = frozenset(known)
        self.known = {*known, *(path[0] for drawing in drawings if (path := heading_path(drawing.context)))}
        self.drawn: set[str] = set()
        self.drawings = drawings
        self.roots = RootFinder(drawings, self.mentions, self.known, self.own)
        self.repository = self.roots.repository()
        self.inside = DrawnPaths()  # of all drawings of the root
        for drawing in drawings:
            if not (self._base(drawing) or self._is_generic(drawing)):
                for path in paths_below_root(drawing, of_repository=drawing is self.repository):
                    self.inside.put(path)
        for drawing in drawings:
            top = drawing.top
            if top is None and not heading_path(drawing.context):
                self.drawn.update(
                    key
                    for key in _directories(drawing.tops)
                    if not (drawing.listed and self.inside.has_deeper(key))  # it may describe parts of a tree
                )
            elif (
                top
                and not self._is_generic(drawing)
                and ((top.key == "./" and not self._base(drawing)) or drawing is self.repository)
            ):
                self.drawn.update(_directories(top.children))
        self.known |= self.drawn

    def _is_generic(self, drawing: Drawing) -> bool:
        """Whether a drawing is generic, while a previous one is of this repository.

        So is one with a path on one machine, beside the repository by another name.
        """
        if drawing.machine and self.repository and self.repository.top:
            return stem(re.split(r"[\\/]", drawing.machine.rstrip("\\/"))[-1]) != stem(
                self.repository.top.key
            )
        others = (drawing for drawing in self.drawings if not drawing.called)
        return bool(drawing.called) and any(
            other is self.repository
            or (other.line < drawing.line and other.top and other.top.key == "./" and not self._base(other))
            for other in others
        )

    def _base(self, drawing: Drawing) -> tuple[str, ...]:
        return base_of(drawing.context, drawing.tops) or self._part(drawing) or self._beside_document(drawing)

    def _beside_document(self, drawing: Drawing) -> tuple[str, ...]:
        """The directory of the document, if its links show that the drawn entries are there."""
        firsts = {steps_of(top.key)[0] for top in drawing.tops}
        return self.own if self.linked and firsts <= self.linked else ()

    def _part(self, drawing: Drawing) -> tuple[str, ...]:
        """The directory of the part that the heading names, if the document also names it elsewhere."""
        key = part_of(drawing.context)
        drawn = {steps_of(entry.key)[0] for top in drawing.tops for entry in (top, *top.children)}
        return (key,) if key in self.mentions.entered and key not in drawn else ()

    def parts_of_table(
        self, context: Context, rows: tuple[DrawnEntry, ...]
    ) -> list[tuple[tuple[DrawnEntry, ...], Placed | None]]:
        """The rows of a table, in the directory named above it or at their places in the drawings."""
        base = self._located(context, base_of(context, rows))
        if base or names_root(context):
            return [(rows, Placed(base, rows))]
        return [(part, _placed(keys, part)) for keys, part in self.paths.split(rows)]

    def _located(self, context: Context, base: tuple[str, ...]) -> tuple[str, ...]:
        """The path that a heading names, which may be below a directory in the drawing of the root."""
        rooted = self.repository is not None or self._has_root or self.roots.rooted
        written = base and any(
            f"/{base[0]}".rstrip("/") in _from_root(words.text) for words in context.headings
        )
        return self.paths.located(base) if rooted and not written else base

    def parts(self, drawing: Drawing) -> list[tuple[Drawing, Placed | None]]:
        """A drawing with its place; a list that describes entries of a tree can have several."""
        placed = self._place(drawing)
        pairs = [(drawing, placed)]
        in_root = placed is not None and not (placed.keys or placed.unit or drawing.top)
        if in_root and drawing.listed and not names_root(drawing.context):
            endings = sum(self.paths.has_ending(entry.key) for entry in drawing.tops)
            if endings * 2 > len(drawing.tops):
                return [(drawing, None)]  # `model.py` below a tree with `cart.model.py`
            pairs = [
                (drawing._replace(tops=part, line=part[0].line), _placed(keys, part))
                for keys, part in self.paths.split(drawing.tops)
            ]
        for _, part in pairs:
            if part and not part.unit:
                self.paths.add(part.keys, part.entries)
        return pairs

    def _home_of(self, entries: Sequence[DrawnEntry]) -> tuple[str, ...]:
        """The only deeper directory in previous drawings with all these entries; () if there is none."""
        if {steps_of(entry.key)[0] for entry in entries} & self.drawn:
            return ()
        return self.paths.home_of(entries)

    def _home_in_root(self, drawing: Drawing) -> tuple[str, ...]:
        """The only directory in the drawings of the root with all the tops of a drawing, not of a list."""
        several = len(drawing.tops) > 1 and not (drawing.listed or self._is_in_root(drawing.tops))
        return self.inside.home_of(drawing.tops) if several else ()

    def _is_in_root(self, entries: Iterable[DrawnEntry]) -> bool:
        """Whether another drawing or a table has one of these entries in the root."""
        firsts = {steps_of(entry.key)[0] for entry in entries}
        return bool(firsts & self.tabled) or any(
            paths.has_in_root(first) for paths in (self.inside, self.paths) for first in firsts
        )

    @cached_property
    def _has_root(self) -> bool:
        """Whether a drawing begins with a line for the root."""
        tops = (drawing.top for drawing in self.drawings if not self._base(drawing))
        return any(top is not None and top.key == "./" for top in tops)

    @cached_property
    def _draws_several_kinds(self) -> bool:
        """Whether trees show one of each of several kinds, such as `<app>/` and `<service>/`, and no root."""
        tops = {drawing.top.key for drawing in self.drawings if drawing.top and not self._base(drawing)}
        placeholders = {key for key in tops if key.startswith("<") and len(steps_of(key)) == 1}
        return len(placeholders) > 1 and not (self.repository or self._has_root or self.known)

    def _place(self, drawing: Drawing) -> Placed | None:
        if drawing is self.repository:
            assert drawing.top
            return Placed((), drawing.top.children)
        base = self._located(drawing.context, self._base(drawing))
        if (not base and self._is_generic(drawing)) or self._is_in_unknown_project(base):
            return None
        if not base and (self._is_of_unknown_side(drawing) or self.roots.is_of_user(drawing)):
            return None
        if not base and (is_of_packages(drawing.context, drawing.tops) or _is_written(drawing, self.known)):
            return None
        if drawing.top is None:
            units = _units(drawing.context, base, drawing.tops)
            home = base or self._home_of(drawing.tops) or self._home_in_root(drawing)
            if not (units or home) and self._is_of_unnamed(drawing):
                return None
            return units or Placed(home, drawing.tops)
        if self._is_of_undrawn(drawing) or (not base and self._is_in_unknown_project((drawing.top.key,))):
            return None
        return self._top(drawing.top, drawing.context, base)

    def _is_of_unknown_side(self, drawing: Drawing) -> bool:
        """Whether a drawing shows the sources of one of several sides, such as the client, but not where."""
        sides = {side_of(other.context) for other in self.drawings if shows_sources(other)}
        several = len(sides - {""}) > 1 and side_of(drawing.context) != ""
        of_a_side = several or (self.of_side and drawing is not self.repository)
        return of_a_side and shows_sources(drawing) and not self._is_in_root(drawing.tops)

    def _is_of_unnamed(self, drawing: Drawing) -> bool:
        """Whether a drawing shows a part of the repository that no words name, beside one of the root."""
        shown = self._has_root or self.repository is not None
        shown = shown and drawing.purpose.kind != "forbidden"  # such names are never in the root
        return shown and not (self._is_in_root(drawing.tops) or drawing.listed or names_root(drawing.context))

    def _is_of_undrawn(self, drawing: Drawing) -> bool:
        """Whether a drawing shows the contents of each of a kind, and the directory of all is not drawn."""
        assert drawing.top
        first, *others = steps = steps_of(drawing.top.key)
        lead = drawing.context.lead
        if self._is_of_unplaced_kind(drawing, first, others):
            return True
        of_units = describes_units(lead) or first in plurals(unit_in(lead))
        if others and of_units and is_plain(drawing.top.key):
            return not self.paths.places_of(steps)
        shown = self.repository is not None or self.roots.rooted
        of_a_kind = shown and any(not is_plain(step) for step in others) and first not in self.known
        return of_a_kind and not (base_of(drawing.context, drawing.tops) or self._home_of([drawing.top]))

    def _is_of_unplaced_kind(self, drawing: Drawing, first: str, others: Sequence[str]) -> bool:
        """Whether a drawing shows one of many, and no other drawing shows the directory of all of them.

        `modules/<module>/` may be below any directory of sources, and a template describes what may come.
        """
        if all(map(is_plain, others)):
            return False
        if not any(map(is_plain, (first, *others))):
            return True
        drawn = any(paths.places_of((first,)) for paths in (self.paths, self.inside))
        if drawn or first in self.known or self._base(drawing):
            return False
        return (not is_plain(others[0]) and is_of_kinds(first)) or is_template(drawing.context)

    def _top(self, top: DrawnEntry, context: Context, base: tuple[str, ...]) -> Placed | None:
        """The place of a tree that begins with a single directory."""
        if top.key == "./":
            return _units(context, base, top.children) or Placed(base, top.children)
        steps = tuple(steps_of(top.key))
        named = paths_in(context.headings[-1])[1:] if context.headings else []
        for path in (base, *named):
            if path and path[-len(steps) :] == steps:
                return Placed(path, top.children)
        if steps[0] in self.known and not base:
            return Placed(steps, top.children)
        if not is_plain(top.key) and len(steps) == 1 and top.key.startswith("<"):
            if self._draws_several_kinds and not base:
                return None
            return Placed(base, top.children, top.key.strip("<>/"))
        if base:
            return Placed((*base, *steps), top.children)
        if len(steps) > 1:
            return Placed((*self._home_of([top]), *steps), top.children)
        of_all = top.key in plurals(unit_in(context.lead))  # `modules/` and a module in it
        units = None if of_all else _units(context, base, top.children)
        if units:
            return units
        if deeper := only_deeper(steps, self.paths, self.inside):
            return Placed(deeper, top.children)
        if self.repository and self.repository.top and is_same(top, self.repository.top):
            return Placed((), top.children)
        if COMMON.fullmatch(steps[0].rstrip("/")) or steps[0].startswith("."):
            return Placed(steps, top.children)
        if top.key == self.roots.unclear:
            return None
        if self.repository is None and (not self.roots.rooted or begins_beside(top, self.drawings)):
            return Placed(steps, top.children)  # beside others, none of which is the repository
        return None

    def named_above(self, drawing: Drawing) -> str:
        """The .NET project that a heading names, if its directory is not drawn."""
        base = self._base(drawing)
        return base[0] if self._is_in_unknown_project(base) else ""

    def _is_in_unknown_project(self, base: tuple[str, ...]) -> bool:
        """Whether a heading names a .NET project whose directory is not drawn."""
        return bool(base) and is_project(base[0].rstrip("/")) and not self.paths.places_of(base[:1])


def _units(context: Context, base: tuple[str, ...], entries: tuple[DrawnEntry, ...]) -> Placed | None:
    unit = unit_in(context.lead)
    if intro_path(context) and not describes_units(context.lead):
        return None  # "the package layout in `src/shop/`" is about that directory
    return Placed(base, entries, unit) if unit else None


def _placed(keys: tuple[str, ...] | None, entries: tuple[DrawnEntry, ...]) -> Placed | None:
    return None if keys is None else Placed(keys, entries)


def _is_written(drawing: Drawing, known: Collection[str]) -> bool:
    """Whether a drawing begins with a directory that programs write and that no other drawing contains."""
    first = steps_of(drawing.tops[0].key)[0]
    of_a_run = _OF_A_RUN.search(first) is not None
    return drawing.top is not None and (of_a_run or is_written(first)) and first not in known


def _is_of_side(drawings: Sequence[Drawing], file: str) -> bool:
    """Whether a document in `docs/` is about one side of the program, such as the client."""
    titles = [file.rsplit("/", 1)[-1].replace("_", " ")]
    titles += [drawing.context.headings[0].text for drawing in drawings[:1] if drawing.context.titled]
    placed = any(map(begins_with_side, described_directory(file).split("/")))
    return is_beside(file) and not placed and any(map(begins_with_side, titles))


def _from_root(heading: str) -> list[str]:
    """The first steps of the paths in a heading that begin with a slash, each with it."""
    return re.findall(r"(?:^|(?<=[\s`(]))/[\w.@-]+", heading)


def _directories(entries: Iterable[DrawnEntry]) -> list[str]:
    return [steps_of(entry.key)[0] for entry in entries if entry.key.endswith("/") and is_plain(entry.key)]
