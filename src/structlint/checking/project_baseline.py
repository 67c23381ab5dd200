"""Reads, applies and updates the baselines of projects.

Paths of findings are relative to their project, so that a project can be moved and checked from anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from structlint.checking.baseline import (
    Baseline,
    baseline_text,
    compare,
    count_accepted,
    read_baseline,
    update_baseline,
)
from structlint.checking.project import Project
from structlint.checking.request import BASELINE
from structlint.errors import CannotCheck
from structlint.filesystem import place_of
from structlint.finding import Finding
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.tree.sources import read_file


class ProjectBaseline(Record):
    """The baseline of one project, as it was read.

    `file` is the path to write it to, `label` is its name in messages, and `prefix` is that of the project.
    `data` is the content of the file, and `baseline` the parsed content; both are None without a file.
    """

    prefix: str
    file: str
    label: str
    data: bytes | None = None
    baseline: Baseline | None = None


class Remaining(Record):
    """The findings that a baseline does not accept, and notes for the user."""

    findings: Sequence[Finding]
    notes: tuple[str, ...] = ()


class BaselineUpdate(Record):
    """An update of the file of a baseline.

    `data` is the new content, or None if the file does not change. `messages` are printed after the update.
    `complete` is true if the new baseline accepts all findings.
    """

    data: bytes | None = None
    messages: tuple[str, ...] = ()
    complete: bool = True


def read_project_baselines(
    projects: Sequence[Project],
    named: str | None,
    tops: Sequence[Path],
    *,
    required: bool = True,
    own: bool = True,
) -> list[ProjectBaseline]:
    """The baseline of each project; a `named` file is the baseline of the first project.

    Without `own`, the projects' own baselines count as empty. `tops` are the checked repositories, as for
    `place_of`. Raises `CannotCheck` for a file that is not a baseline and, if it is `required`, for a named
    file that does not exist.
    """
    files = baseline_files(projects, named)
    names = [named, *[None] * (len(projects) - 1)]
    baselines = [
        _read(project, file, name, tops)
        if own or name
        else ProjectBaseline(project.prefix, file, quote(file))
        for project, file, name in zip(projects, files, names, strict=True)
    ]
    if required and named is not None and baselines[0].data is None:
        raise CannotCheck(
            f"no such file: {in_backticks(named)}; create it with `structlint check --update-baseline`"
        )
    return baselines


def baseline_files(projects: Sequence[Project], named: str | None) -> list[str]:
    """The path of each project's baseline, which need not exist; `named` is that of the first project."""
    first, *others = projects
    if named is not None and any(not other.prefix.startswith(first.prefix) for other in others):
        raise CannotCheck("--baseline is for one project; give the directory of one")
    own = [str(project.root / BASELINE) for project in projects]
    return [named, *own[1:]] if named else own


def _read(project: Project, file: str, named: str | None, tops: Sequence[Path]) -> ProjectBaseline:
    label = quote(named or project.prefix + BASELINE)
    try:
        if project.baseline:  # in the project: read it where the tree is read
            data = project.tree.read(project.baseline)
        else:
            directory, path = place_of(file, tops, reading=True)
            data = read_file(directory.root, path)
    except FileNotFoundError:
        return ProjectBaseline(project.prefix, file, label)
    return ProjectBaseline(project.prefix, file, label, data, read_baseline(data, label))


def baselined(findings: Sequence[Finding], own: ProjectBaseline) -> Collection[Finding]:
    """The findings of a project that its baseline accepts."""
    return frozenset(compare(findings, own.baseline).accepted if own.baseline else ())


def without_baselined(findings: Sequence[Finding], own: ProjectBaseline, *, whole: bool) -> Remaining:
    """The findings of a project that its baseline does not accept.

    If these are all findings of the project (`whole`), the notes list the accepted findings that no longer
    exist.
    """
    if own.baseline is None:
        return Remaining(findings)
    result = compare(findings, own.baseline)
    notes = []
    if result.gone and whole:
        first = result.gone[0]
        more = f" and {len(result.gone) - 1:,} more" if len(result.gone) > 1 else ""
        path = quote(own.prefix + first.path)
        notes.append(
            f"{own.label} accepts findings that no longer exist: {first.rule} at {path}{more}; "
            "remove them with `--update-baseline`"
        )
    return Remaining(result.left, tuple(notes))


def plan_update(
    findings: Sequence[Finding], own: ProjectBaseline, *, create: bool, grow: bool
) -> BaselineUpdate:
    """The update of a project's baseline to its findings.

    With `create`, a missing baseline is created with all findings; otherwise it stays empty. An existing
    baseline accepts new findings only with `grow`.
    """
    before = own.baseline
    if before is None and not findings and own.prefix:
        return BaselineUpdate()  # a nested project without findings gets no baseline
    now = update_baseline(findings, before if before is not None or create else {}, grows=grow)
    data: bytes | None = baseline_text(now)
    messages = []
    if data == own.data:
        data = None
        messages.append(f"{own.label}: unchanged, {count(count_accepted(now), 'finding')}")
    elif now or create or before is not None:
        messages.append(f"{own.label}: {_change(before, now)}")
    else:
        data = None
    left = compare(findings, now).left
    if left:
        first = f"{left[0].rule} at {quote(own.prefix + left[0].path)}"
        more = count(len(left), "finding")
        messages.append(f"{more} not in the baseline, such as {first}; add them with --allow-growth")
    return BaselineUpdate(data, tuple(messages), not left)


def _change(before: Baseline | None, now: Baseline) -> str:
    if before is None:
        return f"created with {count(count_accepted(now), 'finding')}"
    return f"{count(count_accepted(now), 'finding')}, {count_accepted(before):,} before"
