"""`structlint tree`: draws the expected tree with the differences, and updates trees in documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from structlint.checking.project import Project, find_problems, open_projects, with_project_paths
from structlint.checking.project_baseline import baselined, read_project_baselines
from structlint.checking.request import Request
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.emitter import Emitter, emitter
from structlint.cli.options import (
    SETTINGS,
    Choice,
    Command,
    WholeNumber,
    common_options,
    config_option,
    layout_option,
    output_option,
    source_options,
)
from structlint.cli.output import output, style_of, tops_of
from structlint.cli.tree_document import update_document
from structlint.cli.tree_export import export
from structlint.cli.tree_rows import guides_of, legend, picture_rows
from structlint.errors import CannotCheck
from structlint.finding import RULE_NAMES, Finding, Severity
from structlint.markdown.markers import DEEPEST_TREE, DEPTH, OPENING
from structlint.matching.treeview.build import build_tree
from structlint.matching.treeview.folding import folded
from structlint.matching.treeview.markdown import drawing_of
from structlint.matching.treeview.model import (
    Mark,
    Note,
    State,
    TreeNode,
    below,
    counts,
    documented,
    for_audience,
)
from structlint.report import Style
from structlint.report.folding import kind_of
from structlint.report.markdown import ticks
from structlint.report.terminal import Line, Span
from structlint.report.wording import one_line
from structlint.text.quoting import in_backticks, quote

_MOST_ROWS = 50  # of a drawing without --all and --depth, as of the report of `check`
_FORMATS = ("text", "markdown", "svg", "html")
_BY_SUFFIX = {".md": "markdown", ".markdown": "markdown", ".svg": "svg", ".html": "html", ".htm": "html"}
_STATES: dict[str, State] = {
    "missing-file": "missing",
    "missing-directory": "missing",
    "empty-directory": "missing",
    "stray-file": "unlisted",
    "stray-directory": "unlisted",
}
_TARGETED = ("misplaced-file", "bad-name")


@dataclass(frozen=True)
class _Options:
    """The options for the drawing. A `Request` contains the options for its contents."""

    format: str | None
    output_file: str | None
    depth: int | None
    expected: bool
    all: bool
    write: str | None
    document: str | None
    open: bool


@click.command(
    "tree",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Draw the expected tree and mark the differences.",
)
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--output-format",
    "--format",
    "format",
    type=Choice(_FORMATS),
    help="Draw in this format.  [default: by the name of FILE, else text]",
)
@output_option("tree")
@click.option(
    "--depth",
    type=WholeNumber(1, DEEPEST_TREE),
    metavar="N",
    help=f"Fold directories without findings below depth N; do not limit the rows.  [default: {DEPTH}]",
)
@click.option("--expected", is_flag=True, help="Draw only the entries of the layout, without findings.")
@click.option("--all", is_flag=True, help="Draw everything, without folding or limits.")
@click.option("--open", is_flag=True, help="List the directories that the layout does not cover.")
@click.option("--write", metavar="FILE", help="Update the marked trees in this Markdown document.")
@click.option(
    "--from",
    "document",
    metavar="FILE",
    help="Draw the tree read from this document, and list the skipped parts.",
)
@config_option
@layout_option
@source_options
@common_options
@click.pass_context
def command(context: click.Context, /, path: str | None, **given: Any) -> int:
    """Draw the expected tree and mark the differences.

    Errors are red, warnings yellow, and the last line counts them as `check` does. With --output-format
    markdown, only the entries of the layout are drawn. --write updates the tree in a document, between two
    lines:

    \b
        <!-- structlint:tree -->
        <!-- /structlint:tree -->

    The opening line accepts options: depth=2, path=services/ and comments=no. Comments in the tree are kept.

    \b
    Examples:
      structlint tree
      structlint tree services/billing --depth 5
      structlint tree -o docs/tree.svg
      structlint tree --write README.md
    """
    names = ("config", "layout", "tracked", "rev")
    request = Request(paths=(path or ".",), **{name: given.pop(name) for name in names})
    options = _Options(**given)
    _refuse_what_does_not_go_together(options)
    if options.document is not None:
        from structlint.cli.tree_source import show_document

        show_document(options.document, emitter(console_of(context).color))
        return 0
    project = _project(request)
    if options.open:
        _show_open(project, options)
    elif options.write is not None:
        update_document(project, options.write, console_of(context))
    else:
        _show(project, options, console_of(context))
    return 0


def _refuse_what_does_not_go_together(options: _Options) -> None:
    if options.all and options.depth:
        raise CannotCheck("--all and --depth cannot be used together; use one of them")
    others = (options.format, options.depth, options.expected, options.all, options.write, options.document)
    if options.open and any(others):
        raise CannotCheck("--open lists directories and draws nothing; remove the other options")
    if options.write is None and options.document is None:
        return
    if options.document is not None and options.write is not None:
        raise CannotCheck("--from and --write cannot be used together; use one of them")
    if options.document is not None and (options.format or options.output_file or options.expected):
        raise CannotCheck("--from prints what a document draws; remove the other output options")
    if options.format or options.output_file or options.expected or options.all:
        raise CannotCheck("--write updates a document; remove the other output options")
    if options.depth:
        marker = OPENING.replace("tree", f"tree depth={options.depth}")
        raise CannotCheck(f"with --write, set the depth in the document: {marker}")


def _show_open(project: Project, options: _Options) -> None:
    from structlint.cli.tree_open import open_lines

    with output(options.output_file, tops_of([project.root])) as out:
        Emitter(out, Style()).plain(open_lines(project))


def _project(request: Request) -> Project:
    project = open_projects(request)[0]
    if project.layout is None:
        where = in_backticks(request.paths[0])
        raise CannotCheck(
            f"no structlint.yaml found for {where}; use --layout, or create one with `structlint init`"
        )
    return project


# --- Drawing


def _show(project: Project, options: _Options, console: CommandConsole) -> None:
    with output(options.output_file, tops_of([project.root])) as out:
        suffix = Path(options.output_file or "").suffix.lower()
        kind = options.format or _BY_SUFFIX.get(suffix, "text")
        depth = DEEPEST_TREE if options.all else options.depth or DEPTH
        if kind == "markdown":
            out.write(_markdown(project, depth))
            return
        color = "never" if options.output_file and console.color == "auto" else console.color
        look = style_of(out, color) if kind == "text" else Style(drawn=True, coloured=True)
        emit = Emitter(out, look)
        lines = _picture(project, options, emit, emit.width if kind == "text" else None)
        if kind == "text":
            emit.lines(lines, cut=True)
        else:
            out.write(export(lines, kind, _title(project)))


def _title(project: Project) -> str:
    layout = project.layout.name if project.layout else ""
    return f"{quote(project.prefix + _asked_for(project) or '.')} against {layout}"


def _asked_for(project: Project) -> str:
    """The drawn directory of a project; "" for the whole project."""
    return "" if "" in project.shown else min(project.shown)


def _picture(project: Project, options: _Options, emit: Emitter, terminal: int | None) -> list[Line]:
    """The lines of the drawing; `terminal` is the width of the terminal, if there is one."""

    def rows(view: TreeNode) -> list[Line]:
        return list(picture_rows(_title(project), view, emit, terminal))

    def fits(view: TreeNode) -> bool:
        # Below the rows are a blank line, a hint and the totals.
        return options.depth is not None or len(rows(view)) <= _MOST_ROWS - 3

    shown, numbers = _view(project, options, emit.look)
    if options.all:
        return [*rows(shown), (), legend(numbers)]
    view, cut = folded(shown, options.depth or DEPTH, fits)
    hint = (
        [(Span(f"{guides_of(emit.look).dots} shortened to {_MOST_ROWS} rows; draw all with --all", "bold"),)]
        if cut
        else []
    )
    return [*rows(view), *hint, (), legend(numbers)]


def _view(project: Project, options: _Options, look: Style) -> tuple[TreeNode, Mapping[State, int]]:
    """The whole view on a terminal, and the number of entries in each state."""
    if options.expected:
        whole = for_audience(build_tree(project.survey), "document")
        shown = _there(below(whole, _asked_for(project)), project)
        return shown, counts(shown)
    reported, accepted = _findings(project)
    whole = build_tree(project.survey, marks=_marks(reported, accepted, project, look))
    shown = _there(below(for_audience(whole, "terminal"), _asked_for(project)), project)
    states = Counter(_STATES.get(finding.rule, "wrong") for finding in reported)
    return shown, {
        **counts(shown),
        "missing": 0,
        "unlisted": 0,
        "wrong": 0,
        **states,
        "baselined": len(accepted),
    }


def _findings(project: Project) -> tuple[list[Finding], list[Finding]]:
    """The findings of `check` for a project, and the baselined ones."""
    findings = find_problems(project, RULE_NAMES, date.today())
    [baseline] = read_project_baselines([project], None, tops_of([project.root]))
    accepted = baselined(findings, baseline)
    return [finding for finding in findings if finding not in accepted], [
        finding for finding in findings if finding in accepted
    ]


def _marks(
    reported: Iterable[Finding], accepted: Iterable[Finding], project: Project, look: Style
) -> dict[str, Mark]:
    """The marks for findings by path, in the words of `check`."""
    marks: dict[str, Mark] = {}
    for reported_one in reported:
        finding = with_project_paths(reported_one, project)
        path = finding.path.removeprefix(project.prefix) or "./"
        mark = Mark(_STATES.get(finding.rule, "wrong"), (_note(finding, look),))
        marks[path] = _with(marks[path], mark) if path in marks else mark
    for finding in reported:  # a file in place of a missing one is part of that finding
        if finding.discriminator and _STATES.get(finding.rule) == "missing":
            target = f"{_arrow(look)} {quote(project.prefix + finding.path)}"
            near_miss = Mark("wrong", (Note(target, finding.severity is not Severity.WARNING),))
            marks.setdefault(finding.discriminator, near_miss)
    for accepted_one in accepted:
        finding = with_project_paths(accepted_one, project)
        path = finding.path.removeprefix(project.prefix) or "./"
        note = Note(f"{_note(finding, look).text} (baselined)")
        marks.setdefault(path, Mark("baselined", (note,)))
    return marks


def _with(mark: Mark, other: Mark) -> Mark:
    """The mark of a path with several findings."""
    state = other.state if mark.state == "wrong" else mark.state
    return Mark(state, mark.notes + other.notes)


def _note(finding: Finding, look: Style) -> Note:
    """The text after a path: the message, or an arrow to the right path."""
    if finding.rule in _TARGETED and finding.related:
        text = f"{_arrow(look)} {quote(finding.related[0])}"
    else:
        alternatives = finding.detail if finding.detail.startswith("; expected ") else ""
        message = finding.message.removesuffix(alternatives)  # the key before the text lists them
        about = finding.about if message in ("missing file", "missing directory") else ""
        text = f"{message}: {one_line(about)}" if about else message
    return Note(text, finding.severity is not Severity.WARNING, kind_of(finding))


def _arrow(look: Style) -> str:
    return "->" if look.ascii else "→"


def _there(shown: TreeNode | None, project: Project) -> TreeNode:
    if shown is None or shown.state == "unlisted":
        path = quote(project.prefix + _asked_for(project))
        raise CannotCheck(f"the layout has no directory {path}; nothing to draw")
    return shown


def _markdown(project: Project, depth: int) -> str:
    shown = _there(documented(build_tree(project.survey), _asked_for(project), depth), project)
    lines = drawing_of(shown)
    fence = "`" * max([3, *(1 + ticks(line) for line in lines)])
    return "\n".join([f"{fence}text", *lines, fence]) + "\n"
