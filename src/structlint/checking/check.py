"""One check as a value: what `structlint check` and `structlint.check` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from structlint.checking.exceptions import OwnExceptions, own_exceptions
from structlint.checking.project import (
    Project,
    find_problems,
    open_projects,
    with_project_paths,
    without_repeated,
)
from structlint.checking.project_baseline import ProjectBaseline, read_project_baselines, without_baselined
from structlint.checking.request import Request
from structlint.finding import Finding, Severity


class CheckResult(NamedTuple):
    """What a check found.

    `findings` are sorted by path; those that a baseline accepts are left out, and `baselined` is their
    number. Paths are as in the output of `structlint check`: from the root of the repository. `layouts` are
    the names of the layouts that applied, none if only the rules ran that need no layout. `files` is the
    number of files that were checked. `notes` are sentences on what to know besides. `hidden` is what the
    exceptions of the repository hide, where they are counted.
    """

    findings: tuple[Finding, ...]
    files: int
    layouts: tuple[str, ...]
    baselined: int
    notes: tuple[str, ...]
    hidden: OwnExceptions = OwnExceptions()

    @property
    def passed(self) -> bool:
        """Whether no finding is an error, as for exit status 0 of `structlint check`."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


class RemainingFindings(NamedTuple):
    """The findings of all projects that no baseline accepts, sorted by path, and notes on the baselines."""

    findings: list[Finding]
    notes: list[str]


def check(request: Request) -> CheckResult:
    """Runs all rules on the projects of a request.

    Raises `CannotCheck` if the check cannot be carried out: `LayoutError` for an invalid layout, `Unread` for
    a file that a rule needs and cannot be read, and others.
    """
    return check_projects(open_projects(request), request, date.today())


def check_projects(projects: Sequence[Project], request: Request, today: date) -> CheckResult:
    """Runs all rules on the projects of a request, as on the day `today`. Raises as `check` does."""
    from structlint.rules import RULES, name_of

    rules = frozenset(map(name_of, RULES))
    by_project = without_repeated(projects, [find_problems(project, rules, today) for project in projects])
    tops = [project.root for project in projects]
    baselines = read_project_baselines(projects, request.baseline, tops, own=reads_own_baselines(request))
    whole = all(project.whole for project in projects)
    remaining = remaining_findings(projects, by_project, baselines, whole=whole)
    hidden = OwnExceptions()
    if request.own_exceptions == "count":
        hidden = own_exceptions(request, projects, by_project, remaining.findings, rules, today)
    return CheckResult(
        findings=tuple(remaining.findings),
        files=sum(len(project.files()) for project in projects),
        layouts=tuple(dict.fromkeys(project.layout.name for project in projects if project.layout)),
        baselined=sum(map(len, by_project)) - len(remaining.findings),
        notes=(*(note for project in projects for note in project.notes), *remaining.notes),
        hidden=hidden,
    )


def reads_own_baselines(request: Request) -> bool:
    """Whether the baselines of the projects apply."""
    return not (request.no_baseline or request.isolated) and request.own_exceptions != "refuse"


def remaining_findings(
    projects: Sequence[Project],
    by_project: Sequence[Sequence[Finding]],
    baselines: Sequence[ProjectBaseline],
    *,
    whole: bool,
) -> RemainingFindings:
    """What the baselines leave of the findings of each project. `whole`: all rules ran on all files."""
    left: list[Finding] = []
    notes: list[str] = []
    for project, baseline, findings in zip(projects, baselines, by_project, strict=True):
        remaining = without_baselined(findings, baseline, whole=whole)
        left += [with_project_paths(finding, project) for finding in remaining.findings]
        notes += remaining.notes
    left.sort(key=lambda finding: (finding.path, finding.rule, finding.line or 0, finding.message))
    return RemainingFindings(left, notes)
