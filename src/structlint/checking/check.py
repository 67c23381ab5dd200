"""Runs a check and returns its result, for both `structlint check` and `structlint.check`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from structlint.checking.exceptions import OwnExceptions, own_exceptions
from structlint.checking.project import (
    Project,
    Repeated,
    find_problems,
    open_projects,
    with_project_paths,
)
from structlint.checking.project_baseline import read_project_baselines, without_baselined
from structlint.checking.request import Request
from structlint.finding import RULE_NAMES, Finding, Severity
from structlint.text.records import Record

if TYPE_CHECKING:
    from pathlib import Path


class CheckResult(Record):
    """The result of a check.

    `findings` are sorted by path, without those that a baseline accepts; `baselined` is the number of these.
    Paths are relative to the root of the repository, as in the output of `structlint check`. `layouts` has
    the names of the layouts that applied; it is empty if only rules ran that do not need a layout. `files` is
    the number of checked files. `notes` are messages for the user. `hidden` counts the findings that the
    repository's own exceptions hide, if they were counted.
    """

    findings: tuple[Finding, ...]
    files: int
    layouts: tuple[str, ...]
    baselined: int
    notes: tuple[str, ...]
    hidden: OwnExceptions = OwnExceptions()

    @property
    def passed(self) -> bool:
        """Whether no finding is an error, so that `structlint check` exits with 0."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


class ProjectFindings(Record):
    """The findings of `rules` in each project of a request, as of `today`. `notes` are about documents."""

    request: Request
    projects: Sequence[Project]
    rules: frozenset[str]
    today: date
    by_project: Sequence[list[Finding]]
    notes: tuple[str, ...] = ()


class RemainingFindings(Record):
    """The findings of all projects that no baseline accepts, sorted by path, and notes on the baselines.

    `baselined` is the number of findings that a baseline accepts. `hidden` counts the findings that the
    repository's own exceptions hide, if they were counted.
    """

    findings: tuple[Finding, ...]
    baselined: int
    notes: tuple[str, ...]
    hidden: OwnExceptions


def check(request: Request) -> CheckResult:
    """Runs all rules on the projects of a request.

    Raises `CannotCheck` if the check cannot be completed, such as `LayoutError` for an invalid layout, or
    `Unread` if a file that a rule needs cannot be read.
    """
    return check_projects(open_projects(request), request, date.today())


def check_projects(projects: Sequence[Project], request: Request, today: date) -> CheckResult:
    """Runs all rules on the projects of a request, as of `today`. Raises the same errors as `check`."""
    rules = frozenset(RULE_NAMES)
    by_project = [find_problems(project, rules, today) for project in projects]
    before = all_findings(projects, request, rules, today, by_project)
    left = remaining_findings(
        before, [project.root for project in projects], whole=is_whole(request, projects)
    )
    return CheckResult(
        findings=left.findings,
        files=sum(len(project.files()) for project in projects),
        layouts=tuple(dict.fromkeys(project.layout.name for project in projects if project.layout)),
        baselined=left.baselined,
        notes=(*(note for project in projects for note in project.notes), *left.notes),
        hidden=left.hidden,
    )


def is_whole(request: Request, projects: Sequence[Project]) -> bool:
    """Whether all files of the projects are checked."""
    narrowed = request.exclude or request.paths_from or not request.gitignore
    return not narrowed and all(project.whole for project in projects)


def all_findings(
    projects: Sequence[Project],
    request: Request,
    rules: frozenset[str],
    today: date,
    by_project: Sequence[list[Finding]],
) -> ProjectFindings:
    """The findings in each project or, with `request.documents`, in its documents."""
    if not request.documents:
        return ProjectFindings(request, projects, rules, today, by_project)
    from structlint.checking.documents import check_documents

    checked = [check_documents(project) for project in projects]
    notes = tuple(note for one in checked for note in one.notes)
    return ProjectFindings(request, projects, rules, today, [one.findings for one in checked], notes)


def remaining_findings(before: ProjectFindings, tops: Sequence[Path], *, whole: bool) -> RemainingFindings:
    """The findings that the baselines do not accept.

    With `whole`, all rules ran on all files. `tops` and the errors are those of `read_project_baselines`.
    """
    request, projects = before.request, before.projects
    reads_own = not (request.no_baseline or request.isolated) and request.own_exceptions != "refuse"
    baselines = read_project_baselines(projects, request.baseline, tops, own=reads_own)
    left: list[Finding] = []
    notes: list[str] = []
    baselined = 0
    repeated = Repeated()
    for project, baseline, findings in zip(projects, baselines, before.by_project, strict=True):
        remaining = without_baselined(findings, baseline, whole=whole)
        shown = repeated.without(remaining.findings, project)
        left += [with_project_paths(finding, project) for finding in shown]
        baselined += len(repeated.without(findings, project)) - len(shown)
        repeated.add(findings, project)
        notes += remaining.notes
    left.sort(key=lambda finding: (finding.path, finding.rule, finding.line or 0, finding.message))
    hidden = OwnExceptions()
    if request.own_exceptions == "count" and not request.documents:
        hidden = own_exceptions(request, projects, before.by_project, left, before.rules, before.today)
    return RemainingFindings(tuple(left), baselined, tuple(notes), hidden)
