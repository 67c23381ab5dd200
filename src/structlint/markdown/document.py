"""Reads a document with drawn trees as the nodes of an equivalent layout."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from structlint.errors import LayoutError
from structlint.markdown import prose
from structlint.markdown.blocks import Block, Code, Context, Heading, List, Words, blocks
from structlint.markdown.decoding import read_text
from structlint.markdown.drawings import DrawingReader, Remark
from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.forbidden import forbidden_items, pattern_in, patterns_of
from structlint.markdown.known_names import COMMON
from structlint.markdown.named_places import base_of, describes_units, is_of_one, plurals
from structlint.markdown.nothing_drawn import nothing_drawn
from structlint.markdown.other_markup import as_markdown
from structlint.markdown.outline import Outline, OutlineNode, graft, steps_of, text
from structlint.markdown.placement import Placed, Places
from structlint.markdown.plausible import lists_directories
from structlint.markdown.prose_settings import Settings, count_noun
from structlint.markdown.purpose import purpose_of
from structlint.markdown.status import reason_of
from structlint.markdown.tables import PathTable, TableReader, names_paths
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import MapNode, Node, TextNode

_ITEM_NAME = re.compile(
    r"(?:\*\*)?`([^`]+)`|(?:\*\*)?((?:[\w.@-]+/)*(?:[\w.@-]+/|[\w.@-]*\.[A-Za-z]\w{0,9}))(?=[\s:*]|$)"
)
_NO_UNITS = frozenset(
    ["shared", "common", "lib", "libs", "template", "templates", "docs", "scripts", "_template"]
)


@dataclass(frozen=True)
class Reading:
    """The contents of a document: the nodes of a layout, each with the document's line and column.

    `notes` are for every user, `remarks` describe the source of each part. `begins` has the line in which
    each used drawing, list or table begins, with its first name and its context. `headings` has each heading
    of the document after the headings above it.
    """

    layout: MapNode
    notes: tuple[str, ...]
    remarks: tuple[Remark, ...]
    begins: Mapping[int, tuple[str, Context]] = field(default_factory=dict)
    headings: tuple[tuple[Words, ...], ...] = ()

    @cached_property
    def first_lines(self) -> tuple[int, ...]:
        """The lines in which drawings, lists and tables begin, in order."""
        return tuple(sorted(self.begins))

    def begin_of(self, line: int) -> int:
        """The first line of the drawing that contains a line; 0 without one."""
        at = bisect_right(self.first_lines, line)
        return self.first_lines[at - 1] if at else 0


def read_document(data: bytes, file: str, place: str = "") -> Reading:
    """Reads the structure in a Markdown document, or in a plain listing if `file` ends in `.txt`.

    The result depends only on the text, not on the repository. `place` is the directory that the document
    is about, such as `services/mail/`. It draws that directory, or the repository around it.

    Raises `NothingDrawn` for a document that draws no tree, and `LayoutError` with the lines of definite
    errors, such as two contradictory drawings or a code block that is not closed.
    """
    written = read_text(data, file)
    drawings = DrawingReader(file, written.text.split("\n"))
    reader = _Reader(file, _blocks(written.text, file), drawings)
    layout = reader.layout(tuple(steps_of(place)))
    notes = [f"{file}:{line}: {text}" for line, text in sorted(drawings.notes)]
    if written.repaired:
        notes.append(f"{file}: the text had been decoded as {written.repaired}, and was repaired")
    remarks = tuple(sorted([*reader.remarks, *drawings.ignored]))
    headings = tuple(block.context.headings for block in reader.blocks if isinstance(block, Heading))
    return Reading(layout, tuple(notes), remarks, reader.begins, headings)


def _blocks(written: str, file: str) -> list[Block]:
    if not file.lower().endswith(".txt"):
        return blocks(as_markdown(written, file), file, written)
    lines = tuple(enumerate(written.rstrip("\n").split("\n"), 1))
    return [Code("tree", lines, (0,) * len(lines), Context())]


@dataclass
class _Reader:
    file: str
    blocks: list[Block]
    drawings: DrawingReader
    remarks: list[Remark] = field(default_factory=list)
    forbidden: list[tuple[TextNode, Node]] = field(default_factory=list)
    begins: dict[int, tuple[str, Context]] = field(default_factory=dict)

    def layout(self, place: tuple[str, ...]) -> MapNode:
        sketch = Outline(self.file)
        self.draw(sketch)
        self.add_lists(sketch)
        self.settle_placeholders(sketch)
        if not sketch.root.inside and not self.forbidden:
            raise nothing_drawn(self.file, self.blocks, self.drawings.notes)
        moved_to = place if sketch.move_to(place) else ()
        settings = Settings(self.blocks, sketch, moved_to)
        settings.settle_local()
        of_repository = [*settings.about(), (_text("extends"), _text("usual"))] if not moved_to else []
        tree = sketch.nodes()
        items = [
            *of_repository,
            (_text("tree")._replace(line=tree.line, column=tree.column), tree),
            *self.forbid(moved_to, sketch),
            *settings.all(),
        ]
        if sketch.problems:
            raise LayoutError(sorted(sketch.problems))
        self.remarks += [Remark(line, text) for line, text in settings.remarks]
        return MapNode(tuple(items), 1, 1)

    def remark(self, line: int, text: str) -> None:
        self.remarks.append(Remark(line, text))

    def forbid(self, place: tuple[str, ...], sketch: Outline) -> Iterator[tuple[TextNode, Node]]:
        """The key `forbid`, if a drawing forbids something."""
        placed = [(key._replace(text=pattern_in(place, key.text)), reason) for key, reason in self.forbidden]
        placed += [
            (text(pattern, spot), text(reason_of(spot.about), spot))
            for above, spot in sketch.outermost(lambda spot: spot.gone)
            for pattern in patterns_of(spot.key, above)
        ]
        items = {key.text: (key, reason) for key, reason in reversed(placed)}
        if items:
            line = min(key.line for key, _ in items.values())
            yield TextNode("forbid", False, line, 1), MapNode(tuple(reversed(items.values())), line, 1)

    # --- Drawings

    def draw(self, sketch: Outline) -> None:
        """Adds every drawing at its place."""
        read = self.drawings.read(self.blocks)
        tables = TableReader(self.file, self.drawings)
        tabled = list(tables.read(self.blocks))
        if self.drawings.unmarked and not (read or tabled or self.drawings.notes):
            read, tabled = self.read_alone(tables)
        for block in self.drawings.unmarked:
            self.drawings.note_unmarked(block)
        self.begins |= {drawing.line: (drawing.tops[0].key, drawing.context) for drawing in read}
        self.begins |= {table.line: (rows[0].key, table.context) for table, rows in tabled}
        drawings = [drawing for drawing in read if drawing.purpose.kind != "forbidden"]
        forbidding = [pair for pair in tabled if purpose_of(pair[0].context).kind == "forbidden"]
        tabled = [pair for pair in tabled if pair not in forbidding]
        known = [
            steps_of(row.key)[0] for table, rows in tabled if not base_of(table.context, rows) for row in rows
        ]
        places = Places(drawings, known, self.drawings.source, self.file)
        placed = [pair for drawing in drawings for pair in places.parts(drawing)]
        for drawing, place in placed:
            if place is None:
                name = places.named_above(drawing) or drawing.called or drawing.machine or drawing.tops[0].key
                self.note_unclear("list" if drawing.listed else "tree", drawing.line, name)
            elif not place.unit:
                self.put(sketch, drawing, place)
        for table, rows in tabled:
            for part, where in places.parts_of_table(table.context, rows):
                if where is None:
                    self.note_unclear("table", part[0].line, part[0].key)
                else:
                    self.remark(table.line, f"a table of {_entries(part)}, {_at(where.keys)}")
                    sketch.add(sketch.reach(where.keys, table.line), part, table.line)
        for drawing, place in placed:
            if place and place.unit:
                self.put_in_units(sketch, drawing, place)
        for table, rows in forbidding:
            for entries, where in places.parts_of_table(table.context, rows):
                self.forbid_drawing(sketch, table.context, entries[0].line, where)
        for drawing in read:
            if drawing.purpose.kind == "forbidden":
                for piece, where in places.parts(drawing):
                    self.forbid_drawing(sketch, piece.context, piece.line, where)

    def read_alone(self, tables: TableReader) -> tuple[list[Drawing], list[PathTable]]:
        """Reads the only list or table of paths in a document that draws no other structure."""
        only, *others = self.drawings.unmarked
        if not others:
            self.drawings.unmarked.clear()
            if isinstance(only, List) and lists_directories(only):
                return self.drawings.read_unmarked(only), []
            if not isinstance(only, List) and names_paths(only):
                return [], list(tables.read_table(only))
            self.drawings.note_unmarked(only)
        return [], []

    def note_unclear(self, what: str, line: int, name: str) -> None:
        """Adds a note that the place of a drawing, or of a part of it, is ambiguous or unknown."""
        note = f"skipped a {what}: the path of {in_backticks(name)} is unclear; write it in the heading"
        self.drawings.note(line, note)

    def forbid_drawing(self, sketch: Outline, context: Context, line: int, place: Placed | None) -> None:
        if place is None or place.unit:
            self.drawings.note(line, "skipped a tree of forbidden paths: its place is unclear")
        else:
            self.forbid_all(sketch, place.entries, place.keys, context)

    def forbid_all(
        self, sketch: Outline, entries: tuple[DrawnEntry, ...], keys: tuple[str, ...], context: Context
    ) -> None:
        reason = purpose_of(context).words
        assert reason
        self.forbidden += forbidden_items(entries, keys, reason, sketch)

    def put(self, sketch: Outline, drawing: Drawing, placed: Placed) -> None:
        where = sketch.reach(placed.keys, drawing.line)
        if where is sketch.root and where.passed:
            where.line = drawing.line
        top = drawing.top
        if drawing.machine:
            note = "the first line is a local path; it is read as the root of the repository"
            self.drawings.note(drawing.tops[0].line, note)
        if top and placed.entries is top.children:
            where.about = where.about or ("" if top.key == "./" or not placed.keys else top.about)
            where.more |= top.more
        where.more |= drawing.more
        sketch.add(where, placed.entries, drawing.line)
        called = (
            f"; its first line, {quote(top.key)}, is the repository" if top and _is_name(top, placed) else ""
        )
        self.remark(drawing.line, f"a tree of {_entries(placed.entries)}, {_at(placed.keys)}{called}")

    def put_in_units(self, sketch: Outline, drawing: Drawing, placed: Placed) -> None:
        """Adds the contents of one directory of a kind, or of the repository, to all of them."""
        alone = _home(sketch, placed.unit, placed.keys) is None and not sketch.root.inside
        if alone and is_of_one(drawing.context.lead):
            self.note_unclear("tree", drawing.line, drawing.tops[0].key)
        elif alone and not describes_units(drawing.context.lead):
            self.put(
                sketch, drawing, replace(placed, unit="", keys=(*placed.keys, *_common(drawing, placed)))
            )
        else:
            self.add_to_units(sketch, placed.unit, placed.keys, placed.entries, drawing.line, drawn=True)

    # --- Lists of required paths

    def add_lists(self, sketch: Outline) -> None:
        for block in self.blocks:
            if not isinstance(block, List):
                continue
            read = prose.names_key_files(block.context) or prose.unit_that_contains(block.context)
            if read and self.drawings.skips("list", block):
                continue
            if prose.names_key_files(block.context):
                entries = tuple(entry for item in block.items for entry in self.item(item.lines))
                base = base_of(block.context, entries)
                if entries:
                    self.begins[block.line] = entries[0].key, block.context
                    self.remark(block.line, f"a list of {_entries(entries)}, {_at(base)}")
                    sketch.add(sketch.reach(base, block.line), entries, block.line)
            elif unit := prose.unit_that_contains(block.context):
                entries = tuple(entry for item in block.items for entry in self.item(item.lines))
                if entries:
                    self.begins[block.line] = entries[0].key, block.context
                    self.add_to_units(
                        sketch, unit, base_of(block.context, entries), entries, block.line, drawn=False
                    )

    def item(self, lines: Sequence[tuple[int, str]]) -> tuple[DrawnEntry, ...]:
        """The entries that an item of a list names, if any."""
        first = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", lines[0][1]) if lines else ""
        name = _ITEM_NAME.match(first)
        if not name or " " in (name[1] or name[2]):
            return ()
        return self.drawings.read_lines(lines)

    def add_to_units(
        self,
        sketch: Outline,
        unit: str,
        base: tuple[str, ...],
        entries: tuple[DrawnEntry, ...],
        line: int,
        *,
        drawn: bool,
    ) -> None:
        """Adds entries to the directories of a kind; a drawing is added only to those that are not drawn."""
        home = _home(sketch, unit, base)
        if home is None:
            self.drawings.note(line, f"skipped; no drawn directory contains {in_backticks(unit)}")
            return
        keys, where = home
        units = [directory for directory in where.directories() if directory.name.lower() not in _NO_UNITS]
        units = [directory for directory in units if not directory.inside] if drawn else units
        for node in units or [sketch.put(where, OutlineNode(f"<{unit}>/", line, drawing=line))]:
            for entry in _all(entries):
                sketch.count(entry.line)
            sketch.add(node, _named(entries, unit, node.name), line)
        places = count_noun(len(units), "directory", "directories") if units else f"any <{unit}>/"
        self.remark(line, f"contents of each {unit}, {_entries(entries)}: {places} in {_path(keys)}")

    def settle_placeholders(self, sketch: Outline) -> None:
        """Adds the contents of a placeholder's directory to the named directories of the same kind beside it.

        They are where they lie in `services/` beside `<service>/`, or where another drawing names them. Then
        the placeholder only shows what each of them contains.
        """
        for keys, where in list(sketch.walk()):
            for kind in [spot for spot in where.inside.values() if spot.placeholder and spot.inside]:
                named = [spot for spot in where.directories() if spot.drawing != kind.drawing]
                at_home = any(key in plurals(kind.placeholder or "") for key in keys[-2:])
                if not keys or not (named or at_home):
                    continue
                beside = [spot for spot in where.directories() if not spot.inside]
                for unit in beside:
                    graft(sketch, unit, kind.inside.values(), f"<{kind.placeholder}>")
                if named and not where.more:
                    del where.inside[kind.name]
                    places = count_noun(len(beside), "directory", "directories")
                    self.remark(kind.line, f"contents of each {kind.placeholder}: {places} in {_path(keys)}")
                elif where.directories():
                    kind.optional = True


def _text(words: str) -> TextNode:
    """Words without a line."""
    return TextNode(words, False, 1, 1)


def _home(sketch: Outline, unit: str, base: tuple[str, ...]) -> tuple[tuple[str, ...], OutlineNode] | None:
    """The directory of all of a kind: the named one, one in it, or the first with the right name."""
    names = (*plurals(unit), f"{unit}/")
    if base and base[-1] in names:
        return base, sketch.reach(base, 1)
    fitting = [(keys, spot) for keys, spot in sketch.walk() if keys and keys[-1] in names]
    below = [path for path in fitting if path[0][: len(base)] == base]
    return next(iter(below or fitting), None)


def _named(entries: Iterable[DrawnEntry], unit: str, called: str) -> tuple[DrawnEntry, ...]:
    """Entries with a value in place of a placeholder."""
    if called == f"<{unit}>":
        return tuple(entries)
    return tuple(
        replace(
            entry, key=entry.key.replace(f"<{unit}>", called), children=_named(entry.children, unit, called)
        )
        for entry in entries
    )


def _all(entries: Iterable[DrawnEntry]) -> Iterator[DrawnEntry]:
    for entry in entries:
        yield entry
        yield from _all(entry.children)


def _common(drawing: Drawing, placed: Placed) -> tuple[str, ...]:
    """The first line of a drawing whose contents are placed, if it is a directory that repositories have."""
    top = drawing.top
    if top is None or placed.entries is not top.children or not COMMON.fullmatch(top.key.rstrip("/")):
        return ()
    return (top.key,)


def _is_name(top: DrawnEntry, placed: Placed) -> bool:
    """Whether the first line of a tree is the name of the repository."""
    return not placed.keys and placed.entries is top.children and top.key != "./"


def _entries(entries: Sequence[DrawnEntry]) -> str:
    return count_noun(sum(1 for _ in _all(entries)), "entry", "entries")


def _at(keys: Sequence[str]) -> str:
    return f"in {_path(keys)}" if keys else "at the root"


def _path(keys: Sequence[str]) -> str:
    return quote("".join(keys) or "./")
