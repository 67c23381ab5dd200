"""Compares the drawn trees of all documents in a repository with the directories that they draw.

A document in `services/mail/` may draw that directory, the one above it, or the repository. The tree is
compared with the directory in which most of its paths exist. If fewer than half exist in all of these, it is
compared with the only directory of the repository in which most of its paths exist. If there is none, it is
skipped.

Missing paths are findings only if the drawing certainly shows the present repository. Otherwise, a note gives
their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from structlint.checking.compared import Background, Compared
from structlint.checking.drawn_document import Document
from structlint.errors import LayoutError, TreeError, Unread
from structlint.finding import Finding
from structlint.markdown.document_names import (
    is_foreign,
    is_in_planning,
    is_of_repository,
    suggests_a_plan,
    suggests_a_report,
)
from structlint.markdown.nothing_drawn import NothingDrawn
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks
from structlint.text.records import Record
from structlint.tree import holds
from structlint.yaml_nodes import MOST_YAML_BYTES

if TYPE_CHECKING:
    from structlint.checking.project import Project

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mdc", ".rst", ".adoc", ".asciidoc")
_DRAWS = re.compile(rb"\xe2\x94[\x80-\xbf]|[|+`\\\\]--|\|__|(?i:structure|layout|director|folder)")
_FEWEST_OF_REPORT = 10  # drawn entries from which the share that exists is evidence
_PRESENT = 0.95  # of the drawn entries exist, so that the drawing shows the present state
_CERTAIN = 0.85  # of the drawn entries exist, so that the drawing is of this repository
_MOST_SKIPPED = 20  # are listed in notes
_MOST_NAMED = 5  # in a note on several documents
MARK = "<!-- structlint: layout -->"
_MARKED = re.compile(rb"structlint:\s*layout\b")
# Trees on such a page are examples of a layout, which `structlint test` runs.
_EXAMPLE_PAGE = re.compile(rb"^```tree\b.*^\$ structlint ", re.MULTILINE | re.DOTALL)


class DocumentsChecked(Record):
    """The drawn paths that do not exist, and notes on doubtful and skipped drawings."""

    findings: list[Finding]
    notes: list[str]


def check_documents(project: Project) -> DocumentsChecked:
    """Compares the drawings in the documents of a project with its files, without a layout."""
    checked, skipped, drawn = DocumentsChecked([], []), list[str](), 0
    aside: dict[str, list[str]] = {}
    for document in documents_of(project):
        reason = reason_to_skip(document)
        try:
            of_document = _check(document, checked, aside=bool(reason))
        except NothingDrawn as error:
            of_document = 0
            skipped += error.skipped if not reason else ()
        except LayoutError as error:
            of_document = 0
            checked.notes.extend([f"not checked: {error.problems[0]}"] if not reason else [])
        else:
            skipped += document.notes if not reason else ()
        drawn += of_document
        if reason and not of_document:
            aside.setdefault(reason, []).append(document.named)
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


def _check(document: Document, checked: DocumentsChecked, *, aside: bool) -> int:
    """Adds the findings for a document, and returns the number of its drawings of this repository.

    With `aside`, only drawings are compared that certainly show the present state.
    """
    is_report = aside and suggests_a_report(document.path) and not is_in_planning(document.beginning)
    if aside and not is_report and not _MARKED.search(document.data):
        return 0
    number = 0
    for begin, at in document.drawings():
        if aside and not document.is_marked(begin):
            if not (is_report and _is_present(at, begin) and not document.is_advice(begin)):
                continue
        elif reason := reason_to_skip_drawing(document, at, begin):
            checked.notes.append(f"{document.named}:{begin}: {reason}")
            continue
        number += _compare(document, at, begin, checked)
    return number


def _compare(document: Document, at: Compared, begin: int, checked: DocumentsChecked) -> bool:
    """Adds the findings or the note for a drawing. Returns False if it has no plain path."""
    missing = list(document.findings(at, begin))
    if is_certain(document, at, begin):
        checked.findings.extend(missing)
    elif missing:
        first = in_backticks(document.background.prefix + min(missing, key=_line).related[0])
        number = f"{len(missing):,} drawn {'entry does' if len(missing) == 1 else 'entries do'} not exist"
        checked.notes.append(
            f"{document.named}:{begin}: {number}, such as {first}; if the tree shows the present structure, "
            f"write {in_backticks(MARK)} before it"
        )
    return at.drawn[begin] > 0


def _line(finding: Finding) -> int:
    return finding.line or 0


def is_certain(document: Document, at: Compared, begin: int) -> bool:
    """Whether a drawing shows the present repository, so that its missing paths are findings.

    Nearly all of it exists, the document is about the structure or the directory, or the drawing is marked.
    """
    return (
        at.share(begin) >= _CERTAIN
        or document.is_of_structure
        or is_of_repository(document.path)
        or (document.is_readme and at.place == parent(document.path))
        or document.is_marked(begin)
    )


def reason_to_skip_drawing(document: Document, at: Compared, begin: int) -> str:
    """The reason why a drawing is not compared with the directory in which most of it exists; "" if it is."""
    if document.is_marked(begin):
        return ""
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
