"""`structlint check --update-baseline`: writes the baselines of projects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from structlint.checking.project import Project
from structlint.checking.project_baseline import baseline_files, plan_update, read_project_baselines
from structlint.checking.request import Request
from structlint.cli.console import CommandConsole
from structlint.cli.output import output_target
from structlint.errors import CannotCheck
from structlint.finding import Finding


def update_baselines(
    projects: Sequence[Project],
    findings_of: Sequence[Sequence[Finding]],
    named: str | None,
    tops: Sequence[Path],
    console: CommandConsole,
    *,
    grow: bool,
) -> int:
    """Updates the baseline of each project to its findings, and returns the exit status.

    The status is 1 if there are findings that a baseline does not accept. Raises `CannotCheck` before any
    file is written if one of them must not be written.
    """
    for file in baseline_files(projects, named):
        with output_target(file, tops):
            pass
    baselines = read_project_baselines(projects, named, tops, required=False)
    create = all(baseline.baseline is None for baseline in baselines)
    complete = True
    for baseline, findings in zip(baselines, findings_of, strict=True):
        update = plan_update(findings, baseline, create=create, grow=grow)
        if update.data is not None:
            with output_target(baseline.file, tops) as (directory, path):
                directory.write(path, update.data)
        for message in update.messages:
            console.say(message)
        complete = complete and update.complete
    return int(not complete)


def refuse_update(request: Request, *, update: bool, whole: bool) -> None:
    """Raises `CannotCheck` if the baselines cannot be updated to the findings of a check."""
    if not update:
        raise CannotCheck("--allow-growth requires --update-baseline")
    if request.no_baseline or request.isolated or request.own_exceptions != "respect":
        raise CannotCheck(
            "--update-baseline cannot be used with --no-baseline, --isolated and --own-exceptions"
        )
    if not whole:
        raise CannotCheck(
            "--update-baseline needs a full check: run it in the root of the project, without --select, "
            "--ignore, --changed, --paths-from, --exclude and --no-gitignore"
        )
    if request.rev is not None or request.tracked:
        raise CannotCheck("--update-baseline needs the files on disk; remove --rev and --tracked")
