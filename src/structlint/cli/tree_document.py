"""Redraws the marked trees of a Markdown document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from structlint.cli.output import output_target, tops_of
from structlint.errors import CannotCheck, LayoutError, Problem
from structlint.markdown.markers import CLOSING, OPENING
from structlint.matching.treeview.build import build_tree
from structlint.matching.treeview.markdown import redrawn
from structlint.matching.treeview.model import documented
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote
from structlint.tree.sources import read_file
from structlint.yaml_nodes import MOST_YAML_BYTES

if TYPE_CHECKING:
    from structlint.checking.project import Project
    from structlint.cli.console import CommandConsole
    from structlint.filesystem import OpenDirectory


def update_document(project: Project, name: str, console: CommandConsole) -> None:
    label = quote(name)
    with output_target(name, tops_of([project.root])) as (directory, path):
        if project.layout and {label, quote(path)}.intersection(project.layout.documents):
            problem = "is the layout itself; structlint does not redraw it"
            raise CannotCheck(f"{in_backticks(name)} {problem}")
        data = _content(directory, path, name)
        if len(data) > MOST_YAML_BYTES:
            raise CannotCheck(
                f"{in_backticks(name)} is larger than 1 MiB; draw the tree in a smaller document"
            )
        new = _drawn_anew(project, data, name, console)
        if new == data:
            console.say(f"{label}: up to date, nothing written")
            return
        directory.write(path, new)
    console.say(f"{label}: {_change(data, new)}")


def _content(directory: OpenDirectory, path: str, name: str) -> bytes:
    """The contents of a document to update."""
    if directory.status(path) is None:
        lines = f"{OPENING} and {CLOSING}"
        raise CannotCheck(f"no such file: {in_backticks(name)}; create it with the two lines {lines}")
    if not directory.is_file(path):
        raise CannotCheck(f"{in_backticks(name)} is not a regular file; use a Markdown document")
    return read_file(directory.root, path)


def _drawn_anew(project: Project, data: bytes, name: str, console: CommandConsole) -> bytes:
    """The document with all its marked trees redrawn. Raises `CannotCheck` if it has none."""
    from structlint.markdown.markers import marked_trees, rewritten

    label = quote(name)
    trees = marked_trees(data, label)
    if not trees:
        raise CannotCheck(
            f"{in_backticks(name)} has no marked tree; add these two lines where it should be:\n\n"
            f"{OPENING}\n{CLOSING}"
        )
    whole = build_tree(project.survey)
    drawings = []
    for marked in trees:
        shown = documented(whole, marked.options.path, marked.options.depth)
        if shown is None:
            path = in_backticks(marked.options.path)
            message = f"the layout does not list the directory {path}; use one shown by `structlint tree`"
            raise LayoutError([Problem(label, marked.line, marked.column, message)])
        drawn = redrawn(shown, marked, label)
        if drawn.unread:
            console.say(f"{drawn.unread}; the text there was not a tree, so no comments were kept")
        drawings.append(drawn.lines)
    return rewritten(data, trees, drawings)


def _change(old: bytes, new: bytes) -> str:
    """The number of added and removed lines, except lines that were only moved or realigned."""
    before, after = _words(old), _words(new)
    added, gone = (after - before).total(), (before - after).total()
    if not added and not gone:
        return "redrawn; no lines changed"
    return f"{count(added, 'line')} added, {gone:,} removed"


def _words(data: bytes) -> Counter[bytes]:
    lines = data.replace(b"\r", b"\n").split(b"\n")
    guides = "│├└─ ".encode()
    words = (b" ".join(line.split()).lstrip(guides) for line in lines)
    return Counter(line for line in words if line)
