"""`structlint fix`: makes, shows and undoes the changes that fix findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from structlint.checking.project import Project, open_projects
from structlint.checking.project_baseline import ProjectBaseline, baselined, read_project_baselines
from structlint.checking.request import NAMES, Request
from structlint.cli.console import CommandConsole, console_of, print_error
from structlint.cli.emitter import emitter
from structlint.cli.fix_left import report_left
from structlint.cli.fix_plan import FixPlan
from structlint.cli.fix_steps import show_changes
from structlint.cli.options import (
    SETTINGS,
    Command,
    common_options,
    config_option,
    layout_option,
    rule_options,
)
from structlint.cli.output import standard_output, tops_of
from structlint.cli.selection import selected
from structlint.edits.steps import AddIgnorePattern, Create, Move, Rewrite, Step, adds, is_safe
from structlint.errors import CannotCheck
from structlint.finding import Severity
from structlint.fix.apply import HELP, apply, is_pending, obstacles, resume, undo
from structlint.fix.plan import FixContext, PlannedStep, plan
from structlint.fix.references import Moved, references
from structlint.fix.unfixed import Unfixed
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote, shell_word
from structlint.tree.scan import changes_below, ignored_here, repository_root

_MOST_LEFT = 30


@click.command(
    "fix",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Fix findings; --diff shows the changes first.",
)
@click.argument("path", required=False, metavar="[PATH]")
@click.option("--diff", is_flag=True, help="Show the changes without making them.")
@click.option("--unsafe", is_flag=True, help="Also move, rename and untrack files.")
@click.option("--force", is_flag=True, help="Make unsafe changes despite uncommitted changes.")
@rule_options
@click.option("--all", "full", is_flag=True, help="Show every change, without folding or limits.")
@click.option("--undo", "taking_back", is_flag=True, help="Undo the last fix, finished or interrupted.")
@click.option("--resume", "going_on", is_flag=True, help="Continue an interrupted fix.")
@click.option(
    "--document",
    is_flag=False,
    flag_value="*",
    metavar="[FILE]",
    help="Correct the trees in FILE, or in all documents; --unsafe writes the changes.",
)
@click.option("--plan", "migration", is_flag=True, help="Print a migration plan in Markdown.")
@click.option("--baseline", metavar="FILE", help="Do not fix the findings in FILE.")
@config_option
@layout_option
@common_options
@click.pass_context
def command(context: click.Context, /, path: str | None, **given: Any) -> int:
    """Fix findings: create missing files and ignore local ones; with --unsafe, also move and rename.

    No file is overwritten. The whole plan is checked before the first change, and all of it can be undone.
    Findings that need a decision are listed.

    \b
    Examples:
      structlint fix --diff            show the changes first
      structlint fix
      structlint fix --unsafe          also move and rename, as git mv does
      structlint fix --undo
      structlint fix --plan > ../MIGRATION.md
      structlint fix --document        correct the documents instead
    """
    console = console_of(context)
    ways = [name for name in ("taking_back", "going_on", "migration", "diff") if given[name]]
    if len(ways) > 1:
        raise CannotCheck("--undo, --resume, --plan and --diff cannot be used together; use one of them")
    if given["taking_back"] or given["going_on"]:
        return _recover(path or ".", given["taking_back"], console)
    if given["document"] is not None:
        return _fix_documents(path, given, console)
    request = Request(
        paths=(path or ".",),
        config=given["config"],
        layout=given["layout"],
        baseline=given["baseline"],
    )
    project = project_to_fix(request, console)
    rules = selected(given["select"], given["ignore"])
    if given["migration"]:
        from structlint.cli.fix_plan import fix_plan

        standard_output().write(fix_plan(plan_fixes(project, rules, unsafe=True), project))
        return 0
    [baseline] = read_project_baselines([project], given["baseline"], tops_of([project.root]))
    fixes = plan_fixes(project, rules, baseline, unsafe=given["unsafe"])
    left = fixes.plan.left
    if fixes.plan.steps and not given["diff"]:
        _refuse(fixes.plan.steps, project, given["force"])  # before the steps are printed as done
    if not fixes.plan.steps:
        console.say(_nothing(left, baseline))
    _show(fixes, project, given, console)
    if fixes.plan.steps and not given["diff"]:
        apply_steps(fixes.plan.steps, project, console)
    report_left(left, request, project, console, full=given["full"])
    errors = any(unfixed.finding.severity is Severity.ERROR for unfixed in left)
    return int(errors or (given["diff"] and bool(fixes.plan.steps)))


def _fix_documents(path: str | None, given: Mapping[str, Any], console: CommandConsole) -> int:
    from structlint.cli.fix_document import fix_documents

    others = ("select", "ignore", "config", "layout", "baseline", "migration")
    if any(given[name] for name in others):
        raise CannotCheck("--document corrects documents, without a layout; remove the other options")
    with report_interruption(Path(os.path.realpath(path or "."))):
        return fix_documents(
            path or ".", given["document"], console, diff=given["diff"], unsafe=given["unsafe"]
        )


def project_to_fix(request: Request, console: CommandConsole) -> Project:
    project, *nested = open_projects(request)
    for inner in nested:
        path = shell_word(inner.prefix.rstrip("/"))
        console.say(f"{in_backticks(inner.prefix)} has its own layout; fix it with `structlint fix {path}`")
    if project.layout is None:
        where = in_backticks(request.paths[0])
        raise CannotCheck(f"no structlint.yaml found for {where}; create one with `structlint init`")
    return project


# --- Planning


def plan_fixes(
    project: Project, rules: frozenset[str], baseline: ProjectBaseline | None = None, *, unsafe: bool
) -> FixPlan:
    """The changes that fix a project, including references to moved files, except for baselined findings."""
    context = context_of(project, rules)
    if baseline is not None:
        context = replace(context, baselined=partial(baselined, own=baseline))
    made = plan(context, unsafe=unsafe)
    moves = [planned for planned in made.steps if isinstance(planned.step, Move)]
    if not moves:
        return FixPlan(made, [])
    moved = _moved(project, [planned.step for planned in moves if isinstance(planned.step, Move)])
    links = {path: link.target for path, link in project.tree.links.items()}
    spoken, rewrites = references(moved, made.tree.source.read, links)
    return FixPlan(replace(made, steps=_with_rewrites(made.steps, moves[0], rewrites)), spoken)


def context_of(project: Project, rules: frozenset[str]) -> FixContext:
    """A project with a layout, as the input of the planner."""
    assert project.layout
    return FixContext(
        project.layout,
        project.tree,
        project.own,
        project.prefix,
        rules,
        date.today(),
        baseline=project.baseline,
        ignored_here=partial(ignored_here, project.root),
    )


def _moved(project: Project, moves: Sequence[Move]) -> Moved:
    files = {path: path for path in project.tree.files}
    for step in moves:
        for old, new in files.items():
            if new == step.source or (step.source.endswith("/") and new.startswith(step.source)):
                files[old] = step.target + new[len(step.source) :]
    directories: dict[str, str] = {}
    for old, new in files.items():
        for at, letter in enumerate(old):
            rest = old[at:]
            if letter == "/" and new.endswith(rest):
                directories.setdefault(old[:at], new[: len(new) - len(rest)])
    return Moved(files, directories)


def _with_rewrites(
    steps: Sequence[PlannedStep], first: PlannedStep, rewrites: Iterable[Rewrite]
) -> tuple[PlannedStep, ...]:
    """The steps, with rewrites of the references to moved files after the moves; each file occurs once."""
    anew = {rewrite.path: rewrite for rewrite in rewrites}
    planned = [_written_anew(step, anew) for step in steps]
    at = sum(not adds(step.step) for step in planned)
    return (*planned[:at], *(replace(first, step=rewrite) for rewrite in anew.values()), *planned[at:])


def _written_anew(planned: PlannedStep, anew: dict[str, Rewrite]) -> PlannedStep:
    """A step that writes a file, with its references to moved files updated."""
    step = planned.step
    if isinstance(step, Rewrite) and step.path in anew:
        return replace(planned, step=replace(step, after=anew.pop(step.path).after))
    if isinstance(step, Create) and step.path in anew:
        return replace(planned, step=replace(step, content=anew.pop(step.path).after))
    return planned


# --- Doing


def _refuse(steps: Sequence[PlannedStep], project: Project, force: bool) -> None:
    """Raises `CannotCheck` if the steps are not possible."""
    root, prefix = _root_and_prefix(project)
    if not force and any(not is_safe(planned.step) for planned in steps):
        _refuse_unclean(root)
    refuse_obstacles(root, [with_prefix(planned.step, prefix, project) for planned in steps], "done")


def refuse_obstacles(root: Path, steps: Sequence[Step], done: str) -> None:
    """Raises `CannotCheck` with all obstacles, if there are any; `done` is the verb for the message."""
    if wrong := obstacles(root, steps):
        raise CannotCheck("\n".join([f"nothing was {done}, because", *(f"  {reason}" for reason in wrong)]))


def _root_and_prefix(project: Project) -> tuple[Path, str]:
    """The root of the repository, and the path of the project in it."""
    root = repository_root(project.root) or project.root
    return root, project.root.relative_to(root).as_posix() + "/" if project.root != root else ""


def apply_steps(steps: Sequence[PlannedStep], project: Project, console: CommandConsole) -> None:
    """Changes the files of a project, and prints the number of changes. Raises `CannotFix` if one fails."""
    root, prefix = _root_and_prefix(project)
    standard_output().flush()  # if the changes cannot be printed, they are not made
    with report_interruption(root):
        apply(root, [with_prefix(planned.step, prefix, project) for planned in steps])
    console.say(f"{count(len(steps), 'change')} made; undo with `structlint fix --undo`")


@contextmanager
def report_interruption(root: Path) -> Iterator[None]:
    """Explains how to continue after an interruption by Ctrl-C or SIGTERM."""
    try:
        yield
    except Exception:
        raise
    except BaseException:
        if is_pending(root):
            print_error(f"structlint: an earlier fix was interrupted; {HELP}")
        raise


def with_prefix(step: Step, prefix: str, project: Project) -> Step:
    """A step with paths from the root of the repository."""
    match step:
        case Move(source, target):
            return Move(prefix + source, prefix + target)
        case AddIgnorePattern():
            raise AssertionError("a plan has no such step; it has the new contents")
        case _:
            return replace(step, path=prefix + step.path)


def _refuse_unclean(root: Path) -> None:
    """Raises `CannotCheck` if there are uncommitted changes."""
    if repository_root(root) is None:
        return
    changes = changes_below(root, "HEAD")
    if changes.other:
        first = quote(min(changes.other))
        more = f" and {len(changes.other) - 1:,} more" if len(changes.other) > 1 else ""
        raise CannotCheck(
            f"there are uncommitted changes ({first}{more}); commit or stash them, or use --force"
        )


def _recover(path: str, taking_back: bool, console: CommandConsole) -> int:
    place = Path(os.path.realpath(path))
    if not place.is_dir():
        raise CannotCheck(f"no such directory: {in_backticks(path)}")
    above = (parent for parent in (place, *place.parents) if any((parent / name).is_file() for name in NAMES))
    root = repository_root(place) or next(above, place)
    with report_interruption(root):
        undo(root) if taking_back else resume(root)
    console.say("the last fix is undone" if taking_back else "the interrupted fix is complete")
    return 0


# --- Output


def _show(fixes: FixPlan, project: Project, given: Mapping[str, Any], console: CommandConsole) -> None:
    """Prints the steps, the obstacles if they are only shown, and the lines that refer to moved files."""
    diff, full = given["diff"], given["full"]
    show_changes(fixes.plan.steps, project.prefix, emitter(console.color), diff=diff, full=full)
    root, prefix = _root_and_prefix(project)
    if diff:
        if is_pending(root):
            console.say(
                "an earlier fix was interrupted; run `structlint fix --resume` or `structlint fix --undo`"
            )
        for problem in obstacles(
            root, [with_prefix(planned.step, prefix, project) for planned in fixes.plan.steps]
        ):
            console.say(f"blocked: {problem}")
    left = [reference for reference in fixes.references if not reference.fixed]
    if len(left) > _MOST_LEFT and not full:
        console.say(f"{len(left):,} lines refer to moved files; list them with `structlint fix --plan`")
        return
    for reference in left:
        console.say(
            f"{quote(project.prefix + reference.path)}:{reference.line}: refers to a moved file: "
            f"{quote(reference.text)}"
        )


def _nothing(left: Sequence[Unfixed], baseline: ProjectBaseline) -> str:
    """The reason why there are no changes."""
    if left:
        return "nothing can be fixed automatically"
    return "nothing to fix except baselined findings" if baseline.baseline else "nothing to fix"
