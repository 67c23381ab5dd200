"""Draws the entries that a document draws, each with its line, and lists the skipped parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from structlint.cli.emitter import Emitter
from structlint.cli.output import tops_of
from structlint.errors import CannotCheck
from structlint.markdown import is_document
from structlint.matching.treeview.model import DRAWN, TYPED, Guides
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode


def document_content(name: str, place: Path) -> bytes:
    """The content of the document that `--from` names; no link of the repository at `place` is followed.

    Raises `CannotCheck` if it cannot be read.
    """
    from structlint.filesystem import is_git_name, place_of
    from structlint.tree.sources import read_file

    if not is_document(name):
        raise CannotCheck(
            f"--from {in_backticks(name)}: expected a name that ends in .md, .rst, .adoc or .txt"
        )
    try:
        if any(map(is_git_name, Path(os.path.realpath(name)).parts)):
            raise CannotCheck(f"--from {in_backticks(name)} leads into git's own data")
        directory, path = place_of(name, tops_of([place]), reading=True)
        return read_file(directory.root, path)
    except FileNotFoundError:
        raise CannotCheck(f"--from: no such file: {in_backticks(name)}") from None
    except ValueError as error:
        raise CannotCheck(f"--from {in_backticks(name)}: {error}") from None


def show_document(name: str, emit: Emitter) -> None:
    """Prints the tree that a document draws. Raises `LayoutError` if it cannot be read."""
    from structlint.layout.load import load
    from structlint.layout.source import LayoutSource

    data, label = document_content(name, Path.cwd()), quote(name)
    reading = load(LayoutSource(lambda path: data, lambda path: label), name).documents[label]
    tree = reading.layout.get("tree")
    width = len(str(data.count(b"\n") + 1))
    drawing = _drawn(tree, "", TYPED if emit.look.ascii else DRAWN) if isinstance(tree, MapNode) else ()
    rows = [*drawing, *sorted(_patterns(reading.layout))]
    emit.plain(f"{line:>{width}}  {drawn}" for line, drawn in rows)
    emit.plain(click.style(note, dim=True) if emit.look.coloured else note for note in reading.notes)


def _drawn(tree: MapNode, lead: str, guides: Guides) -> Iterator[tuple[int, str]]:
    """The lines of the drawing, each with its line number in the document."""
    entries = [(key, node) for key, node in tree.items if key.text != "."]
    for key, node in entries:
        last = key is entries[-1][0]
        about = _about(node)
        name = quote(key.text) + f"  # {about}" * bool(about)
        yield key.line, f"{lead}{guides.last if last else guides.before}{name}"
        if isinstance(node, MapNode):
            yield from _drawn(node, lead + (" " * len(guides.beside) if last else guides.beside), guides)


def _patterns(layout: MapNode) -> Iterator[tuple[int, str]]:
    """The paths that git must ignore or that must not exist, each with the line of the document."""
    forbidden, local = layout.get("forbid"), layout.get("local")
    for key, reason in forbidden.items if isinstance(forbidden, MapNode) else ():
        words = f": {quote(reason.text)}" if isinstance(reason, TextNode) else ""
        yield key.line, f"must not exist: {in_backticks(key.text.removeprefix('/'))}{words}"
    for pattern in local.items if isinstance(local, ListNode) else ():
        if isinstance(pattern, TextNode):
            yield pattern.line, f"ignored by git: {in_backticks(pattern.text.removeprefix('/'))}"


def _about(node: Node) -> str:
    """The description of an entry, in one line."""
    about = node.get(".") if isinstance(node, MapNode) else node
    about = about.get("about") if isinstance(about, MapNode) else about
    return quote(" ".join(about.text.split())) if isinstance(about, TextNode) and about.text else ""
