"""`structlint tree`: expected against actual, drawn; and the trees of documents kept in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from structlint.checking.project import Project, find_problems, open_projects, with_project_paths
from structlint.checking.project_baseline import baselined, read_project_baselines
from structlint.checking.request import Request
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.options import SETTINGS, common_options
from structlint.cli.output import named_output, output, style_of, tops_of
from structlint.cli.tree_document import update_document
from structlint.cli.tree_export import export
from structlint.errors import CannotCheck
from structlint.finding import Finding
from structlint.markdown.markers import DEEPEST_TREE, DEPTH, OPENING
from structlint.report import Style
from structlint.report.markdown import ticks
from structlint.report.terminal import Line, LineWriter, Span
from structlint.report.wording import one_line
from structlint.text.quoting import quote
from structlint.treeview.build import build_tree
from structlint.treeview.markdown import drawing_of
from structlint.treeview.model import (
    DRAWN,
    TYPED,
    Guides,
    TreeLine,
    TreeNode,
    below,
    counts,
    documented,
    fold_below,
    for_audience,
    thin_out,
    tree_lines,
)

_MOST_FINE = 12  # as many neighbours that are fine are drawn in one directory, more are counted
_WIDEST = 44  # notes are aligned behind names that are not longer
_FORMATS = ("text", "markdown", "svg", "html")
_BY_SUFFIX = {".md": "markdown", ".markdown": "markdown", ".svg": "svg", ".html": "html", ".htm": "html"}
_STYLES = {"there": "green", "missing": "red", "stray": "yellow", "wrong": "yellow", "ignored": "dim"}
_SAID = {"there": "", "missing": "missing", "stray": "stray", "wrong": "", "ignored": "git ignores it"}
# The findings that the picture shows as states, without a note.
_TARGETED = ("misplaced-file", "bad-name")
_DRAWN_AS_STATES = ("missing-file", "missing-directory", "empty-directory", "stray-file", "stray-directory")


@dataclass(frozen=True)
class _Options:
    """The options that say what is done with the picture; a `Request` says of what it is one."""

    format: str | None
    output_file: str | None
    depth: int | None
    expected: bool
    all: bool
    write: str | None


@click.command("tree", context_settings=SETTINGS)
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--format", type=click.Choice(_FORMATS), help="text if left out, or what the name of FILE ends in."
)
@click.option(
    "-o",
    "--output-file",
    metavar="FILE|-",
    callback=named_output,
    help="Write the picture to FILE, whole or not at all; - prints it.",
)
@click.option(
    "--depth",
    type=click.IntRange(1, DEEPEST_TREE),
    metavar="N",
    help=f"Fold what is fine and deeper than N directories ({DEPTH} if left out).",
)
@click.option("--expected", is_flag=True, help="Only what the layout asks for and is there: no strays.")
@click.option("--all", is_flag=True, help="Fold nothing.")
@click.option("--write", metavar="FILE", help="Draw the marked trees of this Markdown document anew.")
@click.option("-c", "--config", metavar="FILE", help="This layout instead of the nearest structlint.yaml.")
@click.option("-l", "--layout", metavar="NAME|FILE", help="A bundled layout, or a file; PATH is the root.")
@click.option("--tracked", is_flag=True, help="What git's index holds: what the commit will contain.")
@click.option("--rev", metavar="REV", help="The tree of a revision, without a checkout.")
@common_options
@click.pass_context
def command(context: click.Context, /, path: str | None, **given: Any) -> int:
    """Draw what the layout expects against what is there.

    What is missing is red; what is stray, or what `check` reports otherwise, is yellow. With --format
    markdown only what the layout lists is drawn, as in a document. --write keeps the tree in a document in
    step: it stands between two lines,

    \b
        <!-- structlint:tree -->
        <!-- /structlint:tree -->

    The first takes depth=2, path=services/ and comments=no. Comments that you write in the tree stay.

    \b
    structlint tree
    structlint tree services/billing --depth 5
    structlint tree -o docs/tree.svg
    structlint tree --write README.md
    """
    names = ("config", "layout", "tracked", "rev")
    request = Request(paths=(path or ".",), **{name: given.pop(name) for name in names})
    options = _Options(**given)
    _refuse_what_does_not_go_together(options)
    project = _project(request)
    if options.write is not None:
        update_document(project, options.write, console_of(context))
    else:
        _show(project, options, console_of(context))
    return 0


def _refuse_what_does_not_go_together(options: _Options) -> None:
    if options.all and options.depth:
        raise CannotCheck("--all folds nothing, so it cannot go with --depth")
    if options.write is None:
        return
    if options.format or options.output_file or options.expected or options.all:
        raise CannotCheck("--write draws a tree in a document; it goes with no other form of output")
    if options.depth:
        marker = OPENING.replace("tree", f"tree depth={options.depth}")
        raise CannotCheck(f"with --write the depth stands in the document: {marker}")


def _project(request: Request) -> Project:
    project = open_projects(request)[0]
    if project.layout is None:
        where = quote(project.prefix or "./")
        raise CannotCheck(
            f"{where} has no structlint.yaml, so nothing is expected; name a layout with --layout"
        )
    return project


# --- The picture


def _show(project: Project, options: _Options, voice: CommandConsole) -> None:
    with output(options.output_file, tops_of([project.root])) as out:
        suffix = Path(options.output_file or "").suffix.lower()
        kind = options.format or _BY_SUFFIX.get(suffix, "text")
        depth = DEEPEST_TREE if options.all else options.depth or DEPTH
        if kind == "markdown":
            out.write(_markdown(project, depth))
            return
        color = "never" if options.output_file and voice.color == "auto" else voice.color
        look = style_of(out, color) if kind == "text" else Style(drawn=True, coloured=True)
        shown, legend = _picture(project, options, depth, look)
        lines = [_head(project, shown), *_lines(shown, look), (), legend]
        if kind == "text":
            write = LineWriter(out, look).write
            for line in lines:
                write(line, cut=True)
        else:
            out.write(export(lines, kind, _title(project)))


def _head(project: Project, shown: TreeNode) -> Line:
    title = Span(_title(project), "bold")
    return (title, Span(f"  {shown.note}", _STYLES["wrong"])) if shown.note else (title,)


def _title(project: Project) -> str:
    layout = project.layout.name if project.layout else ""
    return f"{quote(project.prefix + _asked_for(project) or '.')} against {layout}"


def _asked_for(project: Project) -> str:
    """The directory of a project that is drawn, "" for all of it."""
    return "" if "" in project.shown else min(project.shown)


def _picture(project: Project, options: _Options, depth: int, look: Style) -> tuple[TreeNode, Line]:
    """What a terminal shows of the picture, and the line that counts all of it."""
    if options.expected:
        whole = for_audience(build_tree(project.survey), "document")
    else:
        whole = for_audience(build_tree(project.survey, notes=_notes(project, look)), "terminal")
    found = _there(below(whole, _asked_for(project)), project)
    return found if options.all else thin_out(fold_below(found, depth), _MOST_FINE), _legend(found)


def _notes(project: Project, look: Style) -> dict[str, str]:
    """What is wrong besides what is missing or stray, in the words of `check`, by the path in the project."""
    from structlint.rules import RULES, name_of

    found = find_problems(project, {name_of(rule) for rule in RULES}, date.today())
    [baseline] = read_project_baselines([project], None, tops_of([project.root]))
    accepted = baselined(found, baseline)
    notes: dict[str, list[str]] = {}
    for finding in found:
        path = with_project_paths(finding, project).path.removeprefix(project.prefix) or "./"
        if finding.rule not in _DRAWN_AS_STATES and finding not in accepted:
            notes.setdefault(path, []).append(_note(with_project_paths(finding, project), look))
    return {path: "; ".join(texts) for path, texts in notes.items()}


def _note(finding: Finding, look: Style) -> str:
    """What is drawn behind a path: the message, or where the path should be."""
    if finding.rule in _TARGETED and finding.related:
        return f"{'->' if look.ascii else '→'} {quote(finding.related[0])}"
    return finding.message


def _there(shown: TreeNode | None, project: Project) -> TreeNode:
    if shown is None or shown.state == "stray":
        path = quote(project.prefix + _asked_for(project))
        raise CannotCheck(f"the layout lists no directory {path}, so there is nothing to draw")
    return shown


def _markdown(project: Project, depth: int) -> str:
    shown = _there(documented(build_tree(project.survey), _asked_for(project), depth), project)
    lines = drawing_of(shown)
    fence = "`" * max([3, *(1 + ticks(line) for line in lines)])
    return "\n".join([f"{fence}text", *lines, fence]) + "\n"


def _lines(shown: TreeNode, look: Style) -> Iterator[Line]:
    """What stands below the title."""
    guides = TYPED if look.ascii else DRAWN
    drawing = [(row, _folded(row, guides)) for row in tree_lines(shown, guides, told=True)]
    named = [len(row.lead + quote(row.shown.name) + more) for row, more in drawing if row.shown]
    width = min(_WIDEST, max(named, default=0))
    for row, more in drawing:
        yield _line(row, more, width)


def _folded(row: TreeLine, guides: Guides) -> str:
    """How much is not drawn: beside others, in a directory, or of the files that a form stands for."""
    if row.shown is None:
        return f"{guides.dots} {row.more:,} more"
    more = row.shown.more
    if row.shown.form and not row.shown.inside:
        return f" {guides.dots} {more:,}" if more > 1 else ""
    return f" {guides.dots} {more:,} more" if more and not row.shown.inside else ""


def _line(row: TreeLine, more: str, width: int) -> Line:
    if row.shown is None:
        return Span(row.lead, "dim"), Span(more, "dim")
    name, state = quote(row.shown.name), _SAID[row.shown.state]
    about = row.shown.note or (one_line(row.shown.about) if row.shown.about else "")
    plain = row.shown.state == "there"
    note = f"# {about}" if about and plain else ": ".join(filter(None, (state, about)))
    style = _STYLES[row.shown.state]
    spans = Span(row.lead, "dim"), Span(name, style), Span(more, "dim")
    gap = " " * max(0, width - len(row.lead + name + more))
    return (*spans, Span(f"{gap}  {note}", "dim" if plain else style)) if note else spans


def _legend(shown: TreeNode) -> Line:
    """How many entries there are of each colour."""
    spans: list[Span] = []
    for state, number in counts(shown).items():
        if number:
            words = "ignored by git" if state == "ignored" else state
            spans += [Span(", " * bool(spans)), Span(f"{number:,} {words}", _STYLES[state])]
    return tuple(spans) or (Span("nothing is listed here"),)
