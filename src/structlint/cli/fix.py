"""`structlint fix`: does what is known to mend findings, shows it, takes it back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from structlint.cli.fix_plan import FixPlan
from structlint.cli.options import (
    SETTINGS,
    Command,
    common_options,
    config_option,
    layout_option,
    rule_options,
)
from structlint.cli.output import standard_output, style_of, tops_of
from structlint.cli.selection import selected
from structlint.edits.steps import AddIgnorePattern, Create, Move, Rewrite, Step, Untrack, is_safe
from structlint.errors import CannotCheck
from structlint.finding import Severity
from structlint.fix.apply import HELP, apply, is_pending, obstacles, resume, undo
from structlint.fix.plan import FixContext, PlannedStep, Unfixed, plan
from structlint.fix.references import Moved, references
from structlint.report.terminal import Line, LineWriter, Span
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote, shell_word
from structlint.tree.scan import changes_below, ignored_here, repository_root

_MOST_LINES = 12  # of one file are shown in a plan
_MOST_LEFT = 30
_STYLES = {"create": "green", "move": "cyan", "rename": "cyan", "rewrite": "yellow", "untrack": "magenta"}


@click.command(
    "fix",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Fix findings; --diff shows the changes first.",
)
@click.argument("path", required=False, metavar="[PATH]")
@click.option("--diff", is_flag=True, help="Show the changes without making them.")
@click.option("--unsafe", is_flag=True, help="Also move, rename and untrack files.")
@click.option("--force", is_flag=True, help="Allow this with uncommitted changes.")
@rule_options
@click.option("--undo", "taking_back", is_flag=True, help="Undo the last fix, finished or interrupted.")
@click.option("--resume", "going_on", is_flag=True, help="Continue an interrupted fix.")
@click.option(
    "--document",
    is_flag=False,
    flag_value="*",
    metavar="[FILE]",
    help="Correct what documents draw and does not exist, in FILE or in all; --unsafe writes it.",
)
@click.option("--plan", "migration", is_flag=True, help="Print a migration plan in Markdown.")
@click.option("--baseline", metavar="FILE", help="Leave the findings in FILE alone.")
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
    voice = console_of(context)
    ways = [name for name in ("taking_back", "going_on", "migration", "diff") if given[name]]
    if len(ways) > 1:
        raise CannotCheck("--undo, --resume, --plan and --diff exclude one another; use one of them")
    if given["taking_back"] or given["going_on"]:
        return _recover(path or ".", given["taking_back"], voice)
    if given["document"] is not None:
        return _fix_documents(path, given, voice)
    request = Request(
        paths=(path or ".",),
        config=given["config"],
        layout=given["layout"],
        baseline=given["baseline"],
    )
    project = project_to_fix(request, voice)
    rules = selected(given["select"], given["ignore"])
    if given["migration"]:
        from structlint.cli.fix_plan import fix_plan

        standard_output().write(fix_plan(plan_fixes(project, rules, unsafe=True), project))
        return 0
    [baseline] = read_project_baselines([project], given["baseline"], tops_of([project.root]))
    found = plan_fixes(project, rules, baseline, unsafe=given["unsafe"])
    left = found.plan.left
    if found.plan.steps and not given["diff"]:
        _refuse(found.plan.steps, project, given["force"])  # before the steps are shown as if they were done
    _show(found, project, given["diff"], voice, all_well=not (left or baseline.baseline))
    if found.plan.steps and not given["diff"]:
        apply_steps(found.plan.steps, project)
        voice.say(f"{count(len(found.plan.steps), 'change')} made; undo with `structlint fix --undo`")
    _say_left(left, project, voice)
    errors = any(each.finding.severity is Severity.ERROR for each in left)
    return int(errors or (given["diff"] and bool(found.plan.steps)))


def _fix_documents(path: str | None, given: Mapping[str, Any], voice: CommandConsole) -> int:
    from structlint.cli.fix_document import fix_documents

    others = ("select", "ignore", "config", "layout", "baseline", "migration")
    if any(given[name] for name in others):
        raise CannotCheck("--document corrects documents, without a layout; remove the other options")
    with report_interruption(Path(os.path.realpath(path or "."))):
        return fix_documents(
            path or ".", given["document"], voice, diff=given["diff"], unsafe=given["unsafe"]
        )


def project_to_fix(request: Request, voice: CommandConsole) -> Project:
    project, *nested = open_projects(request)
    for each in nested:
        path = shell_word(each.prefix.rstrip("/"))
        voice.say(f"{in_backticks(each.prefix)} has its own layout; fix it with `structlint fix {path}`")
    if project.layout is None:
        where = quote(project.prefix or "./")
        raise CannotCheck(f"no structlint.yaml found for {where}; create one with `structlint init`")
    return project


# --- Planning


def plan_fixes(
    project: Project, rules: frozenset[str], baseline: ProjectBaseline | None = None, *, unsafe: bool
) -> FixPlan:
    """What fixes a project, references to what moves too; what a baseline accepts is left alone."""
    context = context_of(project, rules)
    if baseline is not None:
        context = replace(context, baselined=partial(baselined, own=baseline))
    made = plan(context, unsafe=unsafe)
    moves = [each for each in made.steps if isinstance(each.step, Move)]
    if not moves:
        return FixPlan(made, [])
    moved = _moved(project, [each.step for each in moves if isinstance(each.step, Move)])
    links = {path: link.target for path, link in project.tree.links.items()}
    spoken, rewrites = references(moved, made.tree.source.read, links)
    return FixPlan(replace(made, steps=_with_rewrites(made.steps, moves[0], rewrites)), spoken)


def context_of(project: Project, rules: frozenset[str]) -> FixContext:
    """A project, which has a layout, as what is to be mended."""
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
    """The steps, and after the moves what their references need; a file is written once."""
    anew = {each.path: each for each in rewrites}
    found = [_written_anew(each, anew) for each in steps]
    at = sum(not is_safe(each.step) for each in found)
    return (*found[:at], *(replace(first, step=each) for each in anew.values()), *found[at:])


def _written_anew(planned: PlannedStep, anew: dict[str, Rewrite]) -> PlannedStep:
    """A step that writes a file, with what its references need too."""
    step = planned.step
    if isinstance(step, Rewrite) and step.path in anew:
        return replace(planned, step=replace(step, after=anew.pop(step.path).after))
    if isinstance(step, Create) and step.path in anew:
        return replace(planned, step=replace(step, content=anew.pop(step.path).after))
    return planned


# --- Doing


def _refuse(steps: Sequence[PlannedStep], project: Project, force: bool) -> None:
    """Raises `CannotCheck` where the steps cannot be done."""
    root, prefix = _root_and_prefix(project)
    if not force and any(not is_safe(each.step) for each in steps):
        _refuse_unclean(root)
    refuse_obstacles(root, [with_prefix(each.step, prefix, project) for each in steps], "done")


def refuse_obstacles(root: Path, steps: Sequence[Step], done: str) -> None:
    """Raises `CannotCheck` with everything that prevents the steps; `done` is what they would have been."""
    if wrong := obstacles(root, steps):
        raise CannotCheck("\n".join([f"nothing was {done}, because", *(f"  {each}" for each in wrong)]))


def _root_and_prefix(project: Project) -> tuple[Path, str]:
    """The root of the repository, and the path of the project in it."""
    root = repository_root(project.root) or project.root
    return root, project.root.relative_to(root).as_posix() + "/" if project.root != root else ""


def apply_steps(steps: Sequence[PlannedStep], project: Project) -> None:
    """Changes the files of a project. Raises `CannotFix` if a change fails."""
    root, prefix = _root_and_prefix(project)
    standard_output().flush()  # what cannot be shown is not done
    with report_interruption(root):
        apply(root, [with_prefix(each.step, prefix, project) for each in steps])


@contextmanager
def report_interruption(root: Path) -> Iterator[None]:
    """Says how to go on where a fix is interrupted: by Ctrl-C, or because it was told to end."""
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
    """Refuses to move things while there is work that is not committed."""
    if repository_root(root) is None:
        return
    changes = changes_below(root, "HEAD")
    if changes.other:
        first = quote(min(changes.other))
        more = f" and {len(changes.other) - 1:,} more" if len(changes.other) > 1 else ""
        raise CannotCheck(
            f"there are uncommitted changes ({first}{more}); commit or stash them, or use --force"
        )


def _recover(path: str, taking_back: bool, voice: CommandConsole) -> int:
    place = Path(os.path.realpath(path))
    if not place.is_dir():
        raise CannotCheck(f"no such directory: {in_backticks(path)}")
    above = (each for each in (place, *place.parents) if any((each / name).is_file() for name in NAMES))
    root = repository_root(place) or next(above, place)
    with report_interruption(root):
        undo(root) if taking_back else resume(root)
    voice.say("the last fix is undone" if taking_back else "the interrupted fix is complete")
    return 0


# --- Telling


def show_steps(steps: Iterable[Step], prefix: str, write: Callable[[Line], None], *, diff: bool) -> None:
    """Writes a line for each step; with `diff` also the lines that it writes to a file."""
    for step in steps:
        kind, words = describe_step(step, prefix)
        write((Span(f"{kind:<8}", _STYLES.get(kind, "")), Span(words)))
        for line in _content(step) if diff else ():
            write(line)


def _show(found: FixPlan, project: Project, diff: bool, voice: CommandConsole, *, all_well: bool) -> None:
    out = standard_output()
    write = LineWriter(out, style_of(out, voice.color)).write
    show_steps((each.step for each in found.plan.steps), project.prefix, write, diff=diff)
    root, prefix = _root_and_prefix(project)
    if diff:
        if is_pending(root):
            voice.say(
                "an earlier fix was interrupted; run `structlint fix --resume` or `structlint fix --undo`"
            )
        for problem in obstacles(
            root, [with_prefix(each.step, prefix, project) for each in found.plan.steps]
        ):
            voice.say(f"blocked: {problem}")
    left = [each for each in found.references if not each.fixed]
    if len(left) > _MOST_LEFT:
        voice.say(f"{len(left):,} lines refer to moved files; list them with `structlint fix --plan`")
    for reference in left if len(left) <= _MOST_LEFT else ():
        voice.say(
            f"{quote(project.prefix + reference.path)}:{reference.line}: refers to a moved file: "
            f"{quote(reference.text)}"
        )
    if not found.plan.steps:
        voice.say("nothing to fix" if all_well else "nothing can be fixed automatically")


def describe_step(step: Step, prefix: str) -> tuple[str, str]:
    """What a step does, in a word, and to what."""

    def named(path: str) -> str:
        return quote(prefix + path)

    match step:
        case Create(path, _):
            return "create", named(path)
        case Move(source, target):
            same = source.rstrip("/").rpartition("/")[0] == target.rstrip("/").rpartition("/")[0]
            return "rename" if same else "move", f"{named(source)} -> {named(target)}"
        case Rewrite(path, _, _):
            return "rewrite", named(path)
        case Untrack(path):
            return "untrack", f"{named(path)} (it stays on disk)"
        case AddIgnorePattern(pattern):
            return "ignore", quote(pattern)


def _content(step: Step) -> Iterator[Line]:
    """The lines that a step writes, as a patch shows them."""
    from difflib import unified_diff

    if isinstance(step, Create):
        lines = [f"+{line}" for line in _lines(step.content)]
    elif isinstance(step, Rewrite):
        lines = list(unified_diff(_lines(step.before), _lines(step.after), n=1, lineterm=""))[2:]
    else:
        return
    for line in lines[:_MOST_LINES]:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
        yield Span("        "), Span(line[:1] + (quote(line[1:]) if line[1:] else ""), style)
    if len(lines) > _MOST_LINES:
        yield (Span(f"        and {len(lines) - _MOST_LINES:,} more lines", "dim"),)


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "backslashreplace").splitlines()


def _say_left(left: Sequence[Unfixed], project: Project, voice: CommandConsole) -> None:
    if left:
        voice.say("needs your decision:")
    for each in left[:_MOST_LEFT]:
        finding = each.finding
        path = finding.path if finding.path == "./" else project.prefix + finding.path
        voice.say(f"  {quote(path)}: {finding.message} [{finding.rule}] -- {each.why or finding.hint}")
    if len(left) > _MOST_LEFT:
        voice.say(f"  and {len(left) - _MOST_LEFT:,} more; list them with `structlint check`")
