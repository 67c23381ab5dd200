"""Counts the findings from an external layout that a repository's own exceptions hide.

These are the baselines of its projects, nested layouts, and the `ignore` of layouts in the repository. The
`ignore` of an external layout is not one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from structlint.checking.project import (
    Project,
    find_problems,
    open_projects,
    with_project_paths,
    without_own_ignores,
)
from structlint.report.wording import count
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.checking.request import Request
    from structlint.finding import Finding


class OwnExceptions(Record):
    """The number of findings that each kind of exception in a repository hides."""

    baseline: int = 0
    ignore: int = 0
    nested: int = 0

    @property
    def notes(self) -> list[str]:
        """A sentence for the user, if anything is hidden."""
        if not any(self):
            return []
        hidden = {"its baseline": self.baseline, "`ignore`": self.ignore, "nested layouts": self.nested}
        parts = ", ".join(f"{name} {number:,}" for name, number in hidden.items() if number)
        return [f"{count(sum(self), 'finding')} hidden by the repository's own exceptions: {parts}"]


def own_exceptions(
    request: Request,
    projects: Sequence[Project],
    by_project: Sequence[Sequence[Finding]],
    left: Sequence[Finding],
    rules: Collection[str],
    today: date,
) -> OwnExceptions:
    """The findings that the exceptions of a repository hide.

    `by_project` has the findings of each of the `projects`; `left` has those that are reported.
    """
    reported = _keys(left)
    accepted = _keys_of(projects, by_project) - reported
    if len(projects) == 1 and not _has_own_ignores(projects[0], request):
        return OwnExceptions(
            len(accepted), 0, 0
        )  # without these, a second check would have the same findings
    strict = open_projects(request._replace(own_exceptions="refuse"))
    hidden = _all(strict, rules, today) - reported
    without_ignores = [
        project._replace(layout=without_own_ignores(project.layout, request)) if project.layout else project
        for project in projects
    ]
    ignored = (_all(without_ignores, rules, today) & hidden) - accepted
    baselined = accepted & hidden
    return OwnExceptions(len(baselined), len(ignored), len(hidden - ignored - baselined))


def _has_own_ignores(project: Project, request: Request) -> bool:
    layout = project.layout
    return layout is not None and layout.ignore != without_own_ignores(layout, request).ignore


def _all(projects: Sequence[Project], rules: Collection[str], today: date) -> set[tuple[str, str, str]]:
    return _keys_of(projects, [find_problems(project, rules, today) for project in projects])


def _keys_of(
    projects: Sequence[Project], by_project: Sequence[Sequence[Finding]]
) -> set[tuple[str, str, str]]:
    return _keys(
        with_project_paths(finding, project)
        for project, findings in zip(projects, by_project, strict=True)
        for finding in findings
    )


def _keys(findings: Iterable[Finding]) -> set[tuple[str, str, str]]:
    return {(finding.rule, finding.path, finding.discriminator) for finding in findings}
