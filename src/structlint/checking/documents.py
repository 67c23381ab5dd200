"""The drawn trees of all documents of a repository, each compared with the place that it draws.

A document in `services/mail/` may draw that directory, the one above it, or the repository. The place is
where most of what it draws exists. A drawing of which less than half exists anywhere is skipped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from structlint.errors import LayoutError, TreeError, Unread
from structlint.finding import Finding, Severity
from structlint.layout.load import LayoutSource, load
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.matching.near_miss import by_name, elsewhere
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import MOST_YAML_BYTES, MapNode

if TYPE_CHECKING:
    from structlint.checking.project import Project
    from structlint.matching.model import Missing
    from structlint.tree import Tree

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mdc", ".rst", ".adoc", ".asciidoc")
_DRAWS = re.compile(rb"\xe2\x94[\x80-\xbf]|[|+`\\\\]--|\|__|(?i:structure|layout|director|folder)")
# Documents here are about another repository, or are data of tests.
_FOREIGN = re.compile(
    r"(?:^|/)(?:node_modules|vendor|third[-_]party|tests?|spec|fixtures?|__fixtures__|testdata|test[-_]data|"
    r"templates?|snapshots?|changelogs?|blog|posts|_posts)/"
    r"|(?:^|/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)[^/]*$",
    re.IGNORECASE,
)
_OF_DOCUMENTS = re.compile(
    r"(?:docs?|documentation|wiki|guides?|adr|design|\.github|\.claude|\.cursor|\.agents?|rules)/$",
    re.IGNORECASE,
)


class DocumentsChecked(NamedTuple):
    """What is drawn and does not exist, and notes on what was skipped."""

    findings: list[Finding]
    notes: list[str]


class _Drawn(NamedTuple):
    """A plain path that a document draws, and its line."""

    path: str
    line: int


class _At(NamedTuple):
    """A document compared with one directory: for each drawing how much exists, and what is missing."""

    place: str
    drawn: Counter[int]
    exist: Counter[int]
    missing: tuple[tuple[int, Missing], ...]

    def share(self, begin: int) -> float:
        return self.exist[begin] / self.drawn[begin] if self.drawn[begin] else 0.0


def check_documents(project: Project) -> DocumentsChecked:
    """Compares what each document of a project draws with what exists there; no layout is needed."""
    checked = DocumentsChecked([], [])
    tree, background = project.tree, _Background(project)
    for path in project.files():
        if not path.lower().endswith(_SUFFIXES) or _FOREIGN.search(path) or path in tree.links:
            continue
        try:
            data = tree.source.read(path)
        except (FileNotFoundError, TreeError, Unread):
            continue  # it is not on disk; `check` says what cannot be read
        if len(data) <= MOST_YAML_BYTES and _DRAWS.search(data):
            _check(_Document(background, path, data), checked)
    return checked


def _check(document: _Document, checked: DocumentsChecked) -> None:
    try:
        begins = document.begins
    except LayoutError as error:
        if "no drawn tree here" not in str(error) and "no other tree is drawn" not in str(error):
            checked.notes.append(f"not checked: {error.problems[0]}")
        return
    for begin in begins:
        best = max(document.compared, key=lambda at: (at.share(begin), -document.compared.index(at)))
        total, exist = best.drawn[begin], best.exist[begin]
        if exist * 2 >= total and exist:
            checked.findings.extend(document.findings(best, begin))
        elif total:
            where = f"{document.named}:{begin}"
            checked.notes.append(f"{where}: only {exist} of {total} drawn entries exist; skipped")


class _Background:
    """What exists in a project: its paths, and these by their names."""

    def __init__(self, project: Project) -> None:
        self.prefix = project.prefix
        self.tree = project.tree

    @cached_property
    def paths(self) -> frozenset[str]:
        return _all_paths(self.tree)

    @cached_property
    def index(self) -> Mapping[str, Sequence[str]]:
        return by_name(self.tree)


class _Document:
    """A document and the tree that it is in."""

    def __init__(self, background: _Background, path: str, data: bytes) -> None:
        self.background = background
        self.path = path
        self.named = quote(background.prefix + path)
        self.data = data

    @cached_property
    def layout(self) -> Layout:
        return load(LayoutSource(lambda path: self.data, lambda path: self.named), self.path)

    @cached_property
    def begins(self) -> tuple[int, ...]:
        """The lines in which the drawings begin. Raises `LayoutError` where none can be read."""
        return self.layout.documents[self.named].begins

    def begin_of(self, line: int) -> int:
        """The line in which the drawing begins that a line is in."""
        at = bisect_right(self.begins, line)
        return self.begins[at - 1] if at else 0

    @cached_property
    def drawn(self) -> list[_Drawn]:
        tree = self.layout.documents[self.named].layout.get("tree")
        return list(_plain_paths(tree, "")) if isinstance(tree, MapNode) else []

    @cached_property
    def compared(self) -> list[_At]:
        return [self.compare(place) for place in _places(self.path)]

    def compare(self, place: str) -> _At:
        tree = self.background.tree.below(place) if place else self.background.tree
        drawn, exist = Counter[int](), Counter[int]()
        for line in self.drawn:
            begin = self.begin_of(line.line)
            drawn[begin] += 1
            exist[begin] += place + line.path in self.background.paths
        survey = match(self.layout, tree, frozenset(), self.background.prefix + place)
        missing = (
            absent for absent in survey.missing if absent.origin.file == self.named and not absent.empty
        )
        return _At(
            place, drawn, exist, tuple((self.begin_of(absent.origin.line), absent) for absent in missing)
        )

    def findings(self, at: _At, begin: int) -> Iterator[Finding]:
        for group, missing in at.missing:
            if group == begin:
                path = at.place + missing.path
                yield Finding(
                    self.path,
                    f"draws {self.drawn_names(at.place, missing)}",
                    self.hint(at.place, missing),
                    line=missing.origin.line,
                    related=(path,),
                    severity=Severity.ERROR,
                    rule="stale-document",
                    discriminator=path,
                )

    def drawn_names(self, place: str, missing: Missing) -> str:
        """What is missing, in words: one path, or the first few of several of which one would do."""
        above = self.background.prefix + place + missing.path[: len(missing.path) - len(missing.names[0])]
        names = " or ".join(in_backticks(above + name) for name in missing.names[:3])
        return (
            f"{names}, none of which exists" if len(missing.names) > 1 else f"{names}, which does not exist"
        )

    def hint(self, place: str, missing: Missing) -> str:
        near = (
            place + missing.near_miss
            if missing.near_miss
            else elsewhere(place + missing.path, self.background.index)
        )
        if near:
            return f"{in_backticks(self.background.prefix + near)} exists; correct the document"
        return "remove it from the document, or create it"


def _places(path: str) -> list[str]:
    """The directories that a document at a path may draw, the likeliest first."""
    own = parent(path)
    about = own
    while _OF_DOCUMENTS.search(about):
        about = parent(about)
    return list(dict.fromkeys([own, about, parent(own), ""]))


def _plain_paths(tree: MapNode, above: str) -> Iterator[_Drawn]:
    """The paths that a tree requires by plain names, and their lines."""
    from structlint.markdown.outline import is_plain

    for key, node in tree.items:
        if key.text == "." or key.text.endswith("?") or not is_plain(key.text):
            continue
        path = above + key.text.replace("\\", "")
        yield _Drawn(path, key.line)
        if path.endswith("/") and isinstance(node, MapNode):
            yield from _plain_paths(node, path)


def _all_paths(tree: Tree) -> frozenset[str]:
    """All files and directories of a tree, directories with a slash."""
    directories = {path[: at + 1] for path in tree.files for at, letter in enumerate(path) if letter == "/"}
    return frozenset({*tree.files, *directories, *tree.opaque})
