"""`check --fix`: makes the safe fixes before the check."""

from __future__ import annotations

from structlint.checking.project_baseline import read_project_baselines
from structlint.checking.request import Request
from structlint.cli.console import CommandConsole
from structlint.cli.fix import apply_steps, plan_fixes, project_to_fix
from structlint.cli.output import tops_of
from structlint.errors import CannotCheck


def fix_before_check(request: Request, rules: frozenset[str], console: CommandConsole) -> None:
    """Makes the safe fixes in the project of a check, and prints the number of changes.

    Raises `CannotCheck` unless the check is of a single project on disk with a layout.
    """
    others = ("tracked", "rev", "changed", "paths_from", "exclude", "documents")
    given = [
        f"--{name.replace('_', '-')}" for name in others if getattr(request, name) not in (None, False, ())
    ]
    if given or len(request.paths) > 1:
        wrong = f"remove {given[0]}" if given else "give one PATH"
        raise CannotCheck(f"--fix changes the files of one project; {wrong}")
    project = project_to_fix(request, console)
    [baseline] = read_project_baselines([project], request.baseline, tops_of([project.root]))
    steps = plan_fixes(project, rules, baseline, unsafe=False).plan.steps
    if steps:
        apply_steps(steps, project, console)
