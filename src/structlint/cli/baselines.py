"""`structlint check --update-baseline`: writes the baselines of projects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from structlint.checking.project import Project
from structlint.checking.project_baseline import baseline_files, plan_update, read_project_baselines
from structlint.cli.console import CommandConsole
from structlint.cli.output import output_target
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

    The status is 1 if there are findings that a baseline does not accept. Raises `CannotCheck`, before any
    file is written, if one may not be.
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
