"""Creates the report on a check of one repository, or of several together."""

from __future__ import annotations

from collections.abc import Sequence

from structlint.checking.check import ProjectFindings, is_whole, remaining_findings
from structlint.checking.project import Project
from structlint.checking.request import Request
from structlint.cli.check_notes import notes_on
from structlint.cli.console import CommandConsole
from structlint.cli.failures import Failures
from structlint.cli.output import tops_of
from structlint.cli.selection import selected
from structlint.report import Report
from structlint.text.quoting import shell_word

WITH_TREES = ("github", "gitlab", "rdjson", "sarif")  # formats that place findings on files that exist


def report_of(before: ProjectFindings, failures: Failures, console: CommandConsole) -> Report:
    """The report on projects with these findings."""
    before = before._replace(rules=before.rules - failures.rules)
    request, projects, rules = before.request, before.projects, before.rules
    all_rules = rules == selected((), ()) and not failures.unread
    noted = list(before.notes)
    if not request.documents:
        noted += notes_on(projects, rules, console, tracked=request.tracked, isolated=request.isolated)
    tops = tops_of(project.root for project in projects)
    left = remaining_findings(before, tops, whole=all_rules and is_whole(request, projects))
    return Report(
        findings=left.findings,
        notes=(*noted, *left.notes, *left.hidden.notes),
        trees={project.prefix: project.tree for project in projects},
        layouts=tuple(dict.fromkeys(project.layout.name for project in projects if project.layout)),
        documents=request.documents,
        files=sum(len(project.files()) for project in projects),
        directories=sum(project.directories() for project in projects),
        open_directories=sum(project.open_directories() for project in projects),
        whole=all_rules and all(project.whole for project in projects),
        baselined=left.baselined,
        top=top_of(request, projects),
        fix_command=fix_command(request, projects),
    )


def joined(reports: Sequence[Report], failures: Failures) -> Report:
    """One report on several repositories. Raises the error if nothing could be checked."""
    if not reports:
        failures.tell()
    first, *others = reports
    notes = dict.fromkeys([*failures.notes(), *(note for report in reports for note in report.notes)])
    if not others:
        return first._replace(notes=tuple(notes), complete=not failures)
    findings = [finding for report in reports for finding in report.findings]
    return first._replace(
        findings=tuple(sorted(findings, key=lambda one: (one.path, one.rule, one.line or 0, one.message))),
        notes=tuple(notes),
        trees={prefix: tree for report in reports for prefix, tree in report.trees.items()},
        layouts=tuple(dict.fromkeys(name for report in reports for name in report.layouts)),
        files=sum(report.files for report in reports),
        directories=sum(report.directories for report in reports),
        open_directories=sum(report.open_directories for report in reports),
        whole=all(report.whole for report in reports),
        complete=not failures,
        baselined=sum(report.baselined for report in reports),
        fix_command="",
    )


def top_of(request: Request, projects: Sequence[Project]) -> str:
    """The directory that the paths of findings are relative to, "" if they are not on disk."""
    if request.rev is not None or request.tracked or request.paths_from:
        return ""
    first = projects[0]
    return str(first.root.parents[first.prefix.count("/") - 1] if first.prefix else first.root)


def fix_command(request: Request, projects: Sequence[Project]) -> str:
    """The command that fixes the findings; "" unless a single project on disk was checked."""
    if not top_of(request, projects) or len(request.paths) > 1 or len(projects) > 1:
        return ""
    named = ((f"--{name}", getattr(request, name)) for name in ("config", "layout", "baseline"))
    options = [f"{name} {shell_word(value)}" for name, value in named if value]
    paths = [shell_word(path) for path in request.paths if path != "."]
    return " ".join(["structlint fix", *paths, *options])
