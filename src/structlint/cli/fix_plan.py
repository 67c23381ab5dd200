"""Writes a migration plan in Markdown, with commands to run by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from structlint.checking.project import Project, with_project_paths
from structlint.edits.steps import Create, Move, Rewrite, Step, Untrack
from structlint.edits.templates import KEPT
from structlint.fix.unfixed import Unfixed
from structlint.report.markdown import code, prose, ticks
from structlint.report.wording import count, place
from structlint.text.quoting import is_harmless, quote, shell_word
from structlint.tree import Tree

if TYPE_CHECKING:
    from structlint.fix.plan import Plan
    from structlint.fix.references import Reference

_ABOUT = {
    "Create": "Required files and directories that do not exist.",
    "Move": "Files in the wrong place. `git mv` keeps the history.",
    "Rename": "Files and directories with the wrong name.",
    "Create, in new places": "Missing files in directories that were moved.",
    "Clean": "Files that git should not track or should ignore, and references to moved files.",
}


def fix_plan(fixes: FixPlan, project: Project) -> str:
    """The plan: commands in phases, lines to correct by hand, and decisions left to the user."""
    assert project.layout
    lines = [f"# Migration to {project.layout.name}", ""]
    lines.append("Run the commands in the directory of the project, phase by phase, and commit after each.")
    lines.append(
        "`structlint fix --unsafe` makes all changes at once, and `structlint fix --undo` undoes them."
    )
    tracked = _tracked(project.tree)
    phases = list(_phases([planned.step for planned in fixes.plan.steps]))
    for number, (title, steps) in enumerate(phases, 1):
        lines += ["", f"## {number}. {title}", ""]
        lines += [f"{_ABOUT[title]} {count(len(steps), 'step')}.", "", *_shell(steps, tracked)]
    lines += ["", f"## {len(phases) + 1}. Decide", "", *(_left(fixes.plan.left, project) or ["Nothing."])]
    spoken = [reference for reference in fixes.references if not reference.fixed]
    if spoken:
        lines += ["", "These lines refer to moved files; correct them by hand:", ""]
        lines += [
            f"- {code(f'{quote(reference.path)}:{reference.line}')}: {code(quote(reference.text))}"
            for reference in spoken
        ]
    return "\n".join(lines) + "\n"


def _phases(steps: Sequence[Step]) -> Iterator[tuple[str, list[Step]]]:
    """The steps in a possible order, with steps of one kind together if possible."""
    targets = tuple(step.target.rstrip("/") + "/" for step in steps if isinstance(step, Move))
    new = [step for step in steps if isinstance(step, Create) and step.path != ".gitignore"]
    first = [step for step in new if not f"{step.path}/".startswith(targets)]
    moves: list[Step] = [step for step in steps if isinstance(step, Move)]
    later = [step for step in new if step not in first]
    rest = [step for step in steps if step not in new and step not in moves]
    if first:
        yield "Create", [*first]
    for title, run in groupby(moves, _title):
        yield title, list(run)
    for title, others in (("Create, in new places", [*later]), ("Clean", rest)):
        if others:
            yield title, [*others]


def _tracked(tree: Tree) -> Callable[[str], bool]:
    """Whether git tracks a file, or a file in a directory; moved paths count under their new names."""
    here = {*tree.files}

    def tracked(path: str) -> bool:
        inside = [file for file in tree.files if file.startswith(path)] if path.endswith("/") else [path]
        known = [file for file in inside if file in here]
        return tree.in_git and (not known or any(file not in tree.untracked for file in known))

    return tracked


def _title(step: Step) -> str:
    assert isinstance(step, Move)
    return "Rename" if _above(step.source) == _above(step.target) else "Move"


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def _shell(steps: Iterable[Step], tracked: Callable[[str], bool]) -> Iterator[str]:
    made: set[str] = set()
    commands = [line for step in steps for line in _commands(step, tracked, made)]
    mark = "`" * max([3, *(1 + ticks(line) for line in commands)])
    yield f"{mark}sh"
    yield from commands
    yield mark


def _commands(step: Step, tracked: Callable[[str], bool], made: set[str]) -> Iterator[str]:
    """The commands for a step. `made` contains the directories of earlier steps, and is extended."""
    match step:
        case Create(path, content):
            yield from _making(_above(path), made)
            yield from _writing(path, content)
        case Move(source, target):
            if _above(source) != _above(target):
                yield from _making(_above(target), made)
            mover = "git mv" if tracked(source) else "mv"
            yield f"{mover} {shell_word(source.rstrip('/'))} {shell_word(target.rstrip('/'))}"
            if source.endswith("/"):
                made.difference_update([path for path in made if f"{path}/".startswith(source)])
        case Untrack(path):
            recursive = "-r " if path.endswith("/") else ""
            yield f"git rm {recursive}--cached {shell_word(path)}"
        case Rewrite(path, _, after):
            yield from _writing(path, after)


def _making(directory: str, made: set[str]) -> Iterator[str]:
    if directory and directory not in made:
        made.add(directory)
        yield f"mkdir -p {shell_word(directory)}"


def _writing(path: str, content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", "surrogateescape")
    # Contents that cannot be shown unchanged, or that a CI service could read as a command.
    if text and (not text.endswith("\n") or not all(map(is_harmless, text.split("\n")))):
        yield f"# {shell_word(path)}: as `structlint fix --unsafe --diff` shows it"
        return
    if not text:
        yield f"touch {shell_word(path)}" if path.rpartition("/")[2] != KEPT else f": > {shell_word(path)}"
        return
    end = "EOF"
    while end in text.splitlines():
        end += "_"
    yield f"cat > {shell_word(path)} <<'{end}'"
    yield from text.removesuffix("\n").split("\n")
    yield end


def _left(left: Iterable[Unfixed], project: Project) -> list[str]:
    return [
        f"- {code(place(finding))}: {prose(finding.message_with_purpose)} ({finding.rule}): "
        f"{prose(finding.hint)}"
        for finding in (with_project_paths(unfixed.explained, project) for unfixed in left)
    ]


class FixPlan:
    """A plan, and the lines that refer to the moved files."""

    def __init__(self, made: Plan, spoken: list[Reference]) -> None:
        self.plan = made
        self.references = spoken
