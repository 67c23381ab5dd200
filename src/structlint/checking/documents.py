"""Compares the drawn trees of all documents in a repository with the directories that they draw.

A document in `services/mail/` may draw that directory, the one above it, or the repository. The tree is
compared with the directory in which most of its paths exist. If fewer than half exist in all of these, it is
compared with the only directory of the repository in which most of its paths exist. If there is none, it is
skipped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.checking.compared import Background, Compared, Drawn, as_drawn, below, part_of, plain_paths
from structlint.checking.drawn_places import directory_with, places_of
from structlint.errors import LayoutError, TreeError, Unread
from structlint.finding import Finding, Severity
from structlint.layout.load import layout_of_document, layout_of_tree
from structlint.layout.model import Layout
from structlint.markdown.document import NothingDrawn
from structlint.markdown.document_names import (
    describes_structure,
    is_advice,
    is_foreign,
    is_in_planning,
    suggests_a_plan,
    suggests_a_report,
)
from structlint.markdown.known_names import is_usual, is_written
from structlint.markdown.place import described_directory
from structlint.markdown.purpose import shows_change
from structlint.matching import match
from structlint.matching.near_miss import elsewhere
from structlint.text.alternatives import either
from structlint.text.paths import common_directory, parent
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.tree import holds
from structlint.yaml_nodes import MOST_YAML_BYTES, MapNode

if TYPE_CHECKING:
    from structlint.checking.project import Project
    from structlint.markdown.blocks import Words
    from structlint.markdown.document import Reading
    from structlint.matching.model import Missing
    from structlint.yaml_nodes import Node

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mdc", ".rst", ".adoc", ".asciidoc")
_DRAWS = re.compile(rb"\xe2\x94[\x80-\xbf]|[|+`\\\\]--|\|__|(?i:structure|layout|director|folder)")
_BEGINNING = 4_000  # bytes at the start of a document that can contain its status
_FEWEST_OF_REPORT = 10  # drawn entries from which the share that exists is evidence
_PRESENT = 0.95  # of the drawn entries exist, so that the drawing shows the present state
_MOST_SKIPPED = 20  # are listed in notes
_MOST_NAMED = 5  # in a note on several documents
# Trees on such a page are examples of a layout, which `structlint test` runs.
_EXAMPLE_PAGE = re.compile(rb"^```tree\b.*^\$ structlint ", re.MULTILINE | re.DOTALL)


class DocumentsChecked(Record):
    """The drawn paths that do not exist, and notes on skipped drawings."""

    findings: list[Finding]
    notes: list[str]


def check_documents(project: Project) -> DocumentsChecked:
    """Compares the drawings in the documents of a project with its files, without a layout."""
    checked, skipped, drawn = DocumentsChecked([], []), list[str](), 0
    aside: dict[str, list[str]] = {}
    for document in documents_of(project):
        if reason := reason_to_skip(document):
            checked_drawings = _check_report(document, checked) if suggests_a_report(document.path) else 0
            drawn += checked_drawings
            if not checked_drawings:
                aside.setdefault(reason, []).append(document.named)
            continue
        try:
            drawn += _check(document, checked)
        except NothingDrawn as error:
            skipped += error.skipped
        except LayoutError as error:
            checked.notes.append(f"not checked: {error.problems[0]}")
        else:
            skipped += document.notes
    if not drawn:
        checked.notes.append("No document draws a tree of this repository")
    checked.notes.extend(_set_aside(documents, reason) for reason, documents in aside.items())
    checked.notes.extend(skipped[:_MOST_SKIPPED])
    if len(skipped) > _MOST_SKIPPED:
        more = f"{len(skipped) - _MOST_SKIPPED:,} more drawings, lists and lines were skipped"
        checked.notes.append(f"{more}; list those of a document with `structlint tree --from README.md`")
    return checked


def _set_aside(documents: Sequence[str], reason: str) -> str:
    """The note on the documents that are skipped for one reason."""
    if len(documents) == 1:
        return f"{documents[0]}: skipped, because its {reason}"
    left = len(documents) - _MOST_NAMED
    more = f" and {left:,} more" if left > 0 else ""
    subject, _, predicate = reason.partition(" ")
    named = ", ".join(documents[:_MOST_NAMED])
    return f"{len(documents):,} documents skipped, because the {subject} of each {predicate}: {named}{more}"


def reason_to_skip(document: Document) -> str:
    """The reason why a document probably does not describe the present repository; "" if there is none."""
    if suggests_a_plan(document.path):
        return "name suggests a plan or a past state"
    if is_in_planning(document.beginning):
        return "status says that it is a plan"
    return ""


def _check_report(document: Document, checked: DocumentsChecked) -> int:
    """Adds the findings for the drawings in a report of which nearly all exists, and returns their number."""
    if is_in_planning(document.beginning):
        return 0
    try:
        present = [
            (begin, at)
            for begin, at in document.drawings()
            if _is_present(at, begin) and not document.is_advice(begin)
        ]
    except LayoutError:
        return 0
    for begin, at in present:
        checked.findings.extend(document.findings(at, begin))
    return len(present)


def _is_present(at: Compared, begin: int) -> bool:
    """Whether so much of a drawing exists that it shows the present state."""
    return at.drawn[begin] >= _FEWEST_OF_REPORT and at.share(begin) >= _PRESENT


def documents_of(project: Project) -> Iterator[Document]:
    """The documents of a project that may draw a tree of it."""
    background = Background(project)
    for path in project.files():
        if path.lower().endswith(_SUFFIXES) and not is_foreign(path):
            document = _read(background, path)
            if document and _DRAWS.search(document.data) and not _EXAMPLE_PAGE.search(document.data):
                yield document


def document_at(project: Project, path: str) -> Document | None:
    """The document at a path of a project, if one can be read there."""
    is_there = holds(project.tree.files, path) and path.lower().endswith(_SUFFIXES)
    return _read(Background(project), path) if is_there else None


def _read(background: Background, path: str) -> Document | None:
    try:
        data = background.tree.source.read(path) if path not in background.tree.links else b""
    except (FileNotFoundError, TreeError, Unread):
        return None  # `check` reports unreadable files
    return Document(background, path, data) if 0 < len(data) <= MOST_YAML_BYTES else None


def _check(document: Document, checked: DocumentsChecked) -> int:
    """Adds the findings for a document, and returns the number of its drawings of this repository."""
    number = 0
    for begin, at in document.drawings():
        if reason := reason_to_skip_drawing(document, at, begin):
            checked.notes.append(f"{document.named}:{begin}: {reason}")
        elif at.is_of(begin):
            checked.findings.extend(document.findings(at, begin))
            number += 1
    return number


def reason_to_skip_drawing(document: Document, at: Compared, begin: int) -> str:
    """The reason why a drawing is not compared with the directory in which most of it exists; "" if it is."""
    if document.is_advice(begin):
        return "skipped, because its heading or the title suggests a recommendation or a design"
    if document.is_of_change(begin) and not _is_present(at, begin):
        return "skipped, because the document compares it with a former state"
    if document.begins_as_template(begin):
        return "skipped, because its first line is a placeholder"
    if at.drawn[begin] and not at.is_of(begin):
        return f"only {at.exist[begin]} of {at.drawn[begin]} drawn entries exist; skipped"
    if not document.is_about_structure(begin) and not _is_present(at, begin):
        return "skipped, because no heading, title or name of the document refers to a structure"
    return ""


class Document:
    """A document and the tree that it is in."""

    def __init__(self, background: Background, path: str, data: bytes) -> None:
        self.background = background
        self.path = path
        self.named = quote(background.prefix + path)
        self.data = data

    @property
    def beginning(self) -> str:
        return self.data[:_BEGINNING].decode(errors="replace")

    @cached_property
    def layout(self) -> Layout:
        return layout_of_document(self.data, self.named)

    @property
    def reading(self) -> Reading:
        """The parsed document. Raises `LayoutError` if it cannot be read."""
        return self.layout.documents[self.named]

    @property
    def notes(self) -> tuple[str, ...]:
        """The skipped parts of the document. Raises `LayoutError` if it cannot be read."""
        return self.reading.notes

    @cached_property
    def begins(self) -> tuple[int, ...]:
        """The first lines of the drawings. Raises `LayoutError` if none can be read."""
        return tuple(sorted(self.reading.begins))

    def drawings(self) -> Iterator[tuple[int, Compared]]:
        """The first line of each drawing, and the directory in which most of the drawing exists.

        Raises `NothingDrawn`, and `LayoutError` if the document cannot be read.
        """
        for begin in self.begins:
            yield begin, self.likeliest(begin)

    def likeliest(self, begin: int) -> Compared:
        """The comparison with the directory that is shown in the drawing that begins at a line."""
        own = self.compared[0]
        if self.names_own_directory(begin) or (self.is_readme and own.is_of(begin)):
            return own
        near = {own.place, described_directory(self.path)}
        fitting = [at for at in self.compared if at.place in near or self.may_show(begin, at)]
        likeliest = max(fitting, key=lambda at: at.share(begin))  # the first of equal ones
        return likeliest if likeliest.is_of(begin) else self.anywhere(begin) or likeliest

    def may_show(self, begin: int, at: Compared) -> bool:
        """Whether a drawing may show a directory further up; a whole project has the directory's name."""
        first, name = self.reading.begins[begin][0].rstrip("/"), at.place.rstrip("/").rpartition("/")[2]
        is_part = bool(self.drawn_below(begin) & {first, f"{first}/"})
        return at.telling[begin] > 0 and (is_part or name in ("", first))

    def drawn_below(self, begin: int) -> set[str]:
        """The paths in the drawing that begins at a line."""
        return {line.path for line in self.drawn if self.begin_of(line.line) == begin}

    def anywhere(self, begin: int) -> Compared | None:
        """The comparison of a drawing with the only directory in which most of it exists, if any."""
        paths = [line.path for line in self.drawn if self.begin_of(line.line) == begin]
        base = common_directory(paths)
        inside = list(dict.fromkeys(path[len(base) :] for path in paths if path != base))
        if self.reading.begins[begin][0] == "./" or (
            base and self.background.has(self.compared[0].place + base)
        ):
            return None  # a whole project, or the directory of this name beside the document
        place = directory_with(inside, base, self.background)
        return None if place is None else self.compare(place, base, begin)

    @property
    def is_readme(self) -> bool:
        return self.path.rpartition("/")[2].lower().startswith("readme")

    def names_own_directory(self, begin: int) -> bool:
        """Whether the first line of a drawing is the name of the document's own directory."""
        own = self.compared[0].place.rstrip("/").rpartition("/")[2]
        first = self.reading.begins[begin][0].rstrip("/")
        drawn = self.drawn_below(begin) & {first, f"{first}/"}
        return bool(own) and first.lower() == own.lower() and not drawn

    def headings_of(self, begin: int) -> tuple[Words, ...]:
        """The heading of a drawing, after those above it."""
        return self.reading.begins[begin][1].headings

    def is_about_structure(self, begin: int) -> bool:
        """Whether the words above a drawing, or the title or name of the document, refer to a structure."""
        context = self.reading.begins[begin][1]
        above = [str(words) for words in (*self.title, *context.headings, context.lead)]
        return describes_structure(self.path, above, str(context.headings[-1]) if context.headings else "")

    @property
    def title(self) -> tuple[Words, ...]:
        return self.reading.headings[0] if self.reading.headings else ()

    def is_advice(self, begin: int) -> bool:
        """Whether the title, or a heading above a drawing, shows that it is only a design."""
        above = self.headings_of(begin)
        title = self.title if above else ()
        return any(is_advice(heading.text) for heading in (*title, *above))

    def is_of_change(self, begin: int) -> bool:
        """Whether a drawing shows a state after a change, such as "After", beside the former one."""
        own = self.headings_of(begin)
        if not own:
            return False
        beside = [headings[-1].text for headings in self.reading.headings if headings[:-1] == own[:-1]]
        return shows_change(own[-1].text, beside)

    def begins_as_template(self, begin: int) -> bool:
        """Whether a placeholder stands for the directory in the first line of a drawing."""
        return self.reading.begins[begin][0].startswith("<")

    def begin_of(self, line: int) -> int:
        """The first line of the drawing that contains a line."""
        at = bisect_right(self.begins, line)
        return self.begins[at - 1] if at else 0

    @property
    def tree(self) -> Node | None:
        return self.reading.layout.get("tree")

    @cached_property
    def drawn(self) -> list[Drawn]:
        return list(plain_paths(self.tree)) if isinstance(self.tree, MapNode) else []

    @cached_property
    def templates(self) -> frozenset[int]:
        """The lines that apply to several directories because they show the contents of each."""
        above: dict[int, set[str]] = {}
        for drawn in self.drawn:
            path = drawn.path.rstrip("/")
            above.setdefault(drawn.line, set()).add(f"{path.count('/')} {parent(path)}")
        several = {line: [place.split(" ")[0] for place in places] for line, places in above.items()}
        return frozenset(line for line, depths in several.items() if len(set(depths)) < len(depths))

    @cached_property
    def compared(self) -> list[Compared]:
        """The comparisons with the possible directories, up to the first in which every path exists."""
        compared = list[Compared]()
        for place in places_of(self.path):
            compared.append(self.compare(place))
            if all(compared[-1].share(begin) >= 1 for begin in self.begins):
                break
        return compared

    def compare(self, place: str, base: str = "", begin: int = 0) -> Compared:
        """The comparison of all drawings with one directory, or of one drawing of the directory `base`."""
        drawn, layout = self.drawn, self.layout
        if begin:
            drawn = [line for line in drawn if self.begin_of(line.line) == begin and line.path != base]
            layout = layout_of_tree(part_of(self.tree, base, {line.line for line in drawn}), layout)
        at = Compared(place, base, Counter(), Counter(), Counter(), self.missing(layout, place, base))
        for line in drawn:
            begin = self.begin_of(line.line)
            exists = self.background.has(at.located(line.path))
            at.drawn[begin] += 1
            at.exist[begin] += exists
            at.telling[begin] += exists and not is_usual(line.path.rstrip("/").rpartition("/")[2])
        at.exist.update(begin for begin, absent in at.missing if absent.near_miss)  # under another name
        return at

    def missing(self, layout: Layout, place: str, base: str) -> tuple[tuple[int, Missing], ...]:
        """The paths in the layout of a drawn directory that do not exist in one of the repository.

        Each has the first line of its drawing.
        """
        background = self.background
        tree = background.tree.below(place) if place else background.tree
        plain = {line.path for line in self.drawn}  # no pattern or placeholder
        survey = match(layout, tree, frozenset(), background.prefix + place)
        asked = (
            below(base, as_drawn(absent))
            for absent in survey.missing
            if absent.origin.file == self.named and not absent.empty
        )
        return tuple(
            (self.begin_of(absent.origin.line), absent)
            for absent in asked
            if absent.origin.line not in self.templates
            and not is_written(absent.path)
            and (absent.path in plain or len(absent.names) > 1)
            and not background.is_unlikely(absent.path)
        )

    def findings(self, at: Compared, begin: int) -> Iterator[Finding]:
        for group, missing in at.missing:
            if group == begin:
                path = at.located(missing.path)
                yield Finding(
                    self.path,
                    f"draws {self.drawn_names(at, missing)}",
                    self.hint(at, missing),
                    line=missing.origin.line,
                    related=(path,),
                    severity=Severity.ERROR,
                    rule="stale-document",
                    discriminator=path,
                )

    def drawn_names(self, at: Compared, missing: Missing) -> str:
        """The missing path in words, or its first few alternatives."""
        path = self.background.prefix + at.located(missing.path)
        above = path[: len(path) - len(missing.names[0])]
        names = either([in_backticks(above + name) for name in missing.names[:3]])
        return (
            f"{names}, none of which exists" if len(missing.names) > 1 else f"{names}, which does not exist"
        )

    def near(self, at: Compared, missing: Missing) -> str:
        """The path that was probably meant instead of a missing one; "" if none is known."""
        if missing.near_miss:
            return at.located(missing.near_miss)
        return elsewhere(at.located(missing.path), self.background.index)

    def hint(self, at: Compared, missing: Missing) -> str:
        if near := self.near(at, missing):
            return f"{in_backticks(self.background.prefix + near)} exists; correct the document"
        return "remove it from the document, or create it"
