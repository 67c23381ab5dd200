"""A marked tree in a document is out of date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from structlint.errors import LayoutError, TreeError, Unread
from structlint.finding import Finding, Severity
from structlint.markdown import is_marked
from structlint.matching.survey import Survey
from structlint.text.paths import name_of
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import MOST_YAML_BYTES

if TYPE_CHECKING:
    from structlint.edits.steps import Rewrite
    from structlint.markdown.markers import MarkedTree
    from structlint.matching.treeview.markdown import Redrawn
    from structlint.matching.treeview.model import TreeNode

ABOUT = "an outdated directory tree in a document"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True
FIX = "safe"

_WHERE = ("docs", ".github")
_CORRECT = "correct the marker; see `structlint explain stale-document`"
_NEAREST = ("structlint.yaml", ".structlint.yaml")  # found without being named
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds outdated marked trees and invalid markers."""
    whole: TreeNode | None = None
    unread: dict[str, str] = {}
    for path, data in _documents(
        survey, unread
    ):  # few repositories have one, and its reader takes long to import
        from structlint.markdown.markers import marked_trees
        from structlint.matching.treeview.build import build_tree

        name = survey.named(path)
        try:
            trees = marked_trees(data, name)
        except LayoutError as error:
            for problem in error.problems:
                message = f"invalid marker; {problem.message}"
                yield Finding(path, message, _CORRECT, line=problem.line, discriminator="marker")
            continue
        if trees:
            whole = whole or build_tree(survey)
            yield from _of_document(survey, whole, trees, path, data)
    if unread:
        raise Unread(unread)


def _documents(survey: Survey, unread: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The documents that may contain a marker; those that cannot be read are added to `unread`."""
    root = survey.tree.root
    near = (root, *(root.directories[name] for name in _WHERE if name in root.directories))
    paths = (
        directory.path + name
        for directory in near
        for name in directory.files
        if name.lower().endswith(_MARKDOWN)
    )
    for path in paths:
        drawn = survey.named(path) in survey.layout.documents  # it is the layout itself
        if path not in survey.tree.links and path not in survey.tree.absent and not drawn:
            try:
                data = survey.tree.source.read(path)
            except Unread as error:
                unread[survey.named(path)] = next(iter(error.reasons.values()))
                continue
            except (FileNotFoundError, TreeError):
                continue
            if len(data) <= MOST_YAML_BYTES and is_marked(data):
                yield path, data


def _of_document(
    survey: Survey, whole: TreeNode, trees: Sequence[MarkedTree], path: str, data: bytes
) -> Iterator[Finding]:
    """The problems with the marked trees of a document, and the corrected document."""
    from structlint.edits.steps import Rewrite
    from structlint.markdown.markers import rewritten
    from structlint.matching.treeview.markdown import redrawn
    from structlint.matching.treeview.model import documented

    shown = [documented(whole, marked.options.path, marked.options.depth) for marked in trees]
    pairs = zip(shown, trees, strict=True)
    drawn = [redrawn(node, marked, survey.named(path)) if node else None for node, marked in pairs]
    anew = [drawing.lines for drawing in drawn if drawing and not drawing.unread]
    mend = (Rewrite(path, data, rewritten(data, trees, anew)),) if len(anew) == len(trees) else ()
    for marked, drawing in zip(trees, drawn, strict=True):
        if drawing is None:
            message = f"invalid marker; the layout has no directory {in_backticks(marked.options.path)}"
            yield Finding(path, message, _CORRECT, line=marked.line, discriminator=marked.options.path)
        else:
            yield from _judged(survey, marked, drawing, path, mend)


def _judged(
    survey: Survey, marked: MarkedTree, drawn: Redrawn, path: str, mend: tuple[Rewrite, ...]
) -> Iterator[Finding]:
    """The problem with a marked tree, if there is one."""
    above = marked.options.path
    paths = tuple(above + name for name in (*drawn.lacks, *drawn.draws))
    if drawn.unread or paths:
        message = f"unreadable tree; {drawn.unread}"
        if paths:
            message = f"outdated tree; {_difference(survey, above, drawn)}"
        hint = _hint(survey, path)
        yield Finding(
            path,
            message,
            hint,
            related=paths,
            line=marked.line,
            fix=mend,
            number=len(paths),
            discriminator=above,
        )


def _difference(survey: Survey, above: str, drawn: Redrawn) -> str:
    parts = []
    if drawn.lacks:
        parts.append(f"it does not show {_first(above, drawn.lacks)}")
    if drawn.draws:
        there = {*survey.tree.files, *(directory.path for directory in survey.directories)}
        left = any(above + path in there or f"{above}{path}/" in there for path in drawn.draws)
        verb = "do" if len(drawn.draws) > 1 else "does"
        gone = "should not be in it" if left else f"{verb} not exist"
        parts.append(f"{'' if parts else 'it '}shows {_first(above, drawn.draws)}, which {gone}")
    return " and ".join(parts)


def _first(above: str, paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
    return in_backticks(above + paths[0]) + more


def _hint(survey: Survey, path: str) -> str:
    where = f" {quote(survey.prefix.rstrip('/'))}" if survey.prefix else ""
    named = name_of(survey.layout.name) in _NEAREST
    layout = "" if named else f" --layout {quote(survey.layout.name)}"
    return f"run `structlint tree{where} --write {survey.named(path)}{layout}`"
