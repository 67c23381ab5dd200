"""The drawings of a document: trees in code, in paragraphs and in lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from structlint.errors import LayoutError, Problem
from structlint.markdown.blocks import Block, Code, List, Paragraph, Table
from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.endings import SURE_ENDINGS
from structlint.markdown.entry_names import parts_of
from structlint.markdown.first_line import generic_name, is_another_place, is_on_one_machine
from structlint.markdown.plausible import (
    draws_files,
    introduces_paths,
    is_drawn,
    is_in_one_line,
    is_marked_path,
    is_of_a_document,
    is_of_another_subject,
    is_read_otherwise,
    may_be_paths,
    may_be_tree,
    may_draw,
    names_a_path,
    names_moves,
    names_paths_only,
    names_routes,
)
from structlint.markdown.prose_settings import count_noun
from structlint.markdown.purpose import names_state, purpose_of
from structlint.markdown.root_signs import is_of_repository
from structlint.markdown.status import is_ticked, is_unticked
from structlint.markdown.tree_lines import DrawnEntry, read_tree
from structlint.markdown.windows import restored
from structlint.text.quoting import shortened
from structlint.text.records import Record

_FEW_TICKS = 2  # behind names, which say that other signs have a meaning too
_PATH_IN_CODE = re.compile(r"`[^`\s]*/[^`\s]*`")


class Remark(Record):
    """A remark on a line of the document that was read or skipped."""

    line: int
    text: str


@dataclass
class DrawingReader:
    """Reads the drawings of blocks. `notes` are the parts that it skips.

    `ignored` has the drawings that a comment excludes. `unmarked` has the lists and tables of paths that no
    heading describes as a structure.
    """

    file: str
    source: list[str]
    notes: list[Remark] = field(default_factory=list)
    unmarked: list[List | Table] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    judged: bool = False  # a drawing shows a wrong example
    trees: bool = False  # code draws a tree, whether it is read or not

    def read(self, blocks: Iterable[Block]) -> list[Drawing]:
        """The drawings that require or forbid their entries."""
        drawings = list[Drawing]()
        for block in blocks:
            code = block.code if isinstance(block, Paragraph) else block
            if isinstance(code, Code) and code.language == "mermaid" and code.context.mark != "layout":
                continue
            if isinstance(code, Code):
                code = replace(code, lines=tuple(restored(code.lines)))
            if isinstance(code, Code) and is_of_a_document(code):
                self.note(code.lines[0][0], "skipped a tree in an example of a document")
            elif isinstance(code, Code) and may_draw(code):
                self.trees = True
                if is_another_place(first_name(code)):
                    note = "skipped a tree of another place; its first line is not a path in a repository"
                    self.note(code.lines[0][0], note)
                elif not self.skips("tree", code):
                    drawings.append(self.drawing(code))
            elif isinstance(code, Code) and is_in_one_line(code):
                self.note(code.lines[0][0], "skipped a tree with several entries in one line")
            elif isinstance(code, Code) and is_drawn(code):
                self.note(code.lines[0][0], "skipped a drawing that is not one of files and directories")
            elif isinstance(code, List) and names_moves(code):
                self.note(code.line, "skipped a list of moved files")
            elif isinstance(code, List) and may_be_tree(code) and names_routes(code):
                self.note(code.line, "skipped a list of routes")
            elif isinstance(code, List) and may_be_tree(code) and is_of_another_subject(code):
                if not self.skips("list", code):
                    self.note_unmarked(code)
            elif isinstance(code, List) and may_be_tree(code):
                drawings += (drawing for drawing in self.listed(code) if not self.skips("list", code))
            elif isinstance(code, List) and may_be_paths(code):
                self.unmarked.append(code)
            elif isinstance(code, List) and not is_read_otherwise(code) and names_paths_only(code):
                self.note_unmarked(code)
        return self.without_examples(self.without_descriptions(_with_entries(drawings)))

    def without_examples(self, drawings: list[Drawing]) -> list[Drawing]:
        """The drawings, without those in a style guide that nothing relates to the repository itself.

        A style guide shows how not to do something, and beside it how to do it.
        """
        if not self.judged:
            return drawings
        note = "skipped a tree in a guide with wrong examples; no heading relates it to the repository"
        return self.only(drawings, is_of_repository, note)

    def without_descriptions(self, drawings: list[Drawing]) -> list[Drawing]:
        """The drawings without lists that only describe a subject, where a tree shows the structure."""
        if not self.trees:
            return drawings
        note = "skipped a list of paths beside a tree; the words above it are not about the structure"
        return self.only(drawings, _shows_structure, note)

    def only(self, drawings: list[Drawing], fits: Callable[[Drawing], bool], note: str) -> list[Drawing]:
        """The drawings that fit; each of the others becomes a note."""
        kept = list[Drawing]()
        for drawing in drawings:
            if fits(drawing):
                kept.append(drawing)
            else:
                self.note(drawing.line, note)
        return kept

    def read_unmarked(self, block: List) -> list[Drawing]:
        """The drawing in a list that no heading describes as a structure."""
        return [] if self.skips("list", block) else _with_entries(self.listed(block))

    def drawing(self, code: Code) -> Drawing:
        tops = self.tree(code)
        first = dict(code.lines).get(tops[0].line, "").strip() if tops and tops[0].key == "./" else ""
        machine = parts_of(first).name if is_on_one_machine(first) else ""
        if len(tops) == 1 and tops[0].children and names_state(first_name(code), code.context):
            return Drawing(
                code.lines[0][0], code.context, (replace(tops[0], key="./"),), called=first_name(code)
            )
        return Drawing(code.lines[0][0], code.context, tops, called=generic_name(first), machine=machine)

    def skips(self, what: str, block: Code | List | Table) -> bool:
        """Whether the words above a drawing mean that it is not a rule; then a note is added."""
        purpose = purpose_of(block.context, first_name(block) if isinstance(block, Code) else "")
        line = block.lines[0][0] if isinstance(block, Code) else block.line
        if purpose.kind == "ignored":
            self.ignored.append(Remark(line, f"ignored a {what}, as the comment before it says"))
            return True
        if purpose.words is None or purpose.kind in ("required", "forbidden"):
            return False
        self.judged |= purpose.kind == "wrong"
        words = shortened(purpose.words.text.rstrip(": ").replace("`", ""), 60)
        self.note(line, f"skipped a {what} below `{words}`, which shows {purpose.shows}")
        return True

    def note_unmarked(self, block: List | Table) -> None:
        """Adds a note on a list or table of paths that nothing describes as a structure."""
        what = "list" if isinstance(block, List) else "table"
        self.note(block.line, f"skipped a {what} of paths; no heading above it is about the structure")

    def note(self, line: int, words: str) -> None:
        self.notes.append(Remark(line, words))

    def listed(self, block: List) -> Iterator[Drawing]:
        """The tree that a list draws, if any; items without a name are skipped, with a note."""
        lines, passed, skipping = list[tuple[int, str]](), list[int](), None
        file: int | None = None  # the depth of the file whose description follows
        for depth, item in block.walk():
            if skipping is not None and depth > skipping:
                continue  # the contents of an unclear entry are unclear, too
            if file is not None and depth > file and not is_marked_path(item.words.text):
                continue
            words, skipping = item.words, None if names_a_path(item.words.text) else depth
            file = depth if SURE_ENDINGS.search(parts_of(words.text).name) else None
            if skipping is not None:
                passed.append(words.line)
            lines.append((words.line, f"{'  ' * depth}- {'...' if skipping == depth else words.text}"))
        names = [text for number, text in lines if number not in passed]
        wrong = sum(not names_a_path(item.words.text) for item in block.items)
        if wrong * 2 > len(block.items) or not draws_files(names, hinted=True, listed=True):
            if any(
                _PATH_IN_CODE.search(item.words.text) or names_a_path(item.words.text) for item in block.items
            ):
                self.note(block.line, "skipped a list; most of its items are not written as paths")
            return
        cut = {number: self.columns(number, text) for number, text in lines}
        yield Drawing(
            block.line,
            block.context,
            _moved(self.read_lines(lines), cut),
            more=any(text.startswith("- ...") for _, text in lines),
            listed=True,
        )
        if passed:
            note = count_noun(len(passed), "item names", "items name")
            self.note(passed[0], f"{note} no path in a list that draws a tree; skipped")

    def read_lines(self, lines: Sequence[tuple[int, str]]) -> tuple[DrawnEntry, ...]:
        """The entries in the lines of a list or table. A text that cannot be a name becomes a note."""
        unread = list[Problem]()
        try:
            entries = read_tree(lines, self.file, unread)
        except LayoutError as error:
            self.note(error.problems[0].line, f"skipped; {error.problems[0].message}")
            return ()
        self.note_unread(unread)
        return entries

    def columns(self, number: int, text: str) -> int:
        """The offset between the column of a list item in the document and in the line that is parsed."""
        name = text.lstrip(" -").split(" ")[0].strip("`*")
        return max(0, self.source[number - 1].find(name) + 1 - (len(text) - len(text.lstrip(" ")) + 3))

    def tree(self, code: Code) -> tuple[DrawnEntry, ...]:
        cut = {number: column for (number, _), column in zip(code.lines, code.cut, strict=True) if column}
        unread = list[Problem]()
        try:
            tops = read_tree(code.lines, self.file, unread)
        except LayoutError as error:
            self.note(error.problems[0].line, f"skipped a tree; {error.problems[0].message}")
            return ()
        self.note_unread(unread)
        if unread and len(tops) == 1 and not tops[0].children:
            return ()  # nothing is left of the tree but its first line
        return _moved(tops, cut) if cut else tops

    def note_unread(self, unread: Iterable[Problem]) -> None:
        """Adds notes on the lines of a drawing that are left out."""
        for problem in unread:
            self.note(problem.line, f"skipped: {problem.message}")


def _shows_structure(drawing: Drawing) -> bool:
    """Whether a drawing is a tree, or a list of directories or one that is introduced as a structure."""
    directories = all(top.key.endswith("/") for top in drawing.tops)
    return not drawing.listed or directories or introduces_paths(drawing.context)


def first_name(code: Code) -> str:
    """The name in the first line of a drawing."""
    return next((parts_of(text).name for _, text in code.lines if text.strip()), "")


def _with_entries(drawings: Iterable[Drawing]) -> list[Drawing]:
    """The drawings with entries, without a line for the root."""
    drawn = (drawing for drawing in drawings if any(top.children or top.key != "./" for top in drawing.tops))
    return [drawing._replace(tops=_judged(_opened(drawing.tops))) for drawing in drawn]


def _judged(tops: tuple[DrawnEntry, ...]) -> tuple[DrawnEntry, ...]:
    """The tops of a drawing; beside names with ticks, those with another sign may be missing."""
    ticked = sum(is_ticked(entry.about) for entry in _all(tops))
    return _without_unticked(tops) if ticked >= _FEW_TICKS else tops


def _without_unticked(entries: Iterable[DrawnEntry]) -> tuple[DrawnEntry, ...]:
    return tuple(
        replace(
            entry,
            optional=entry.optional or is_unticked(entry.about),
            children=_without_unticked(entry.children),
        )
        for entry in entries
    )


def _all(entries: Iterable[DrawnEntry]) -> Iterator[DrawnEntry]:
    for entry in entries:
        yield entry
        yield from _all(entry.children)


def _opened(tops: tuple[DrawnEntry, ...]) -> tuple[DrawnEntry, ...]:
    """The top entries of a drawing; if there are several, the contents of the root are among them."""
    if len(tops) == 1:
        return tops
    return tuple(entry for top in tops for entry in (top.children if top.key == "./" else (top,)))


def _moved(entries: Iterable[DrawnEntry], cut: dict[int, int]) -> tuple[DrawnEntry, ...]:
    """Entries with their columns in the document."""
    return tuple(
        replace(entry, column=entry.column + cut.get(entry.line, 0), children=_moved(entry.children, cut))
        for entry in entries
    )
