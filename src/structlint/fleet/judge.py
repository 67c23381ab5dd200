"""Checks one repository. A child process does so for each line that it reads."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from structlint.checking.check import CheckResult, check_projects
from structlint.checking.project import Project, open_projects
from structlint.checking.request import Request
from structlint.errors import CannotCheck, LayoutError, TreeError, UnknownRevision, Untrusted
from structlint.finding import Finding, Severity
from structlint.fleet.layouts import is_from_package
from structlint.fleet.statuses import Status
from structlint.report.as_json import finding_object
from structlint.text.quoting import in_backticks
from structlint.text.records import Record
from structlint.tree.git.state import State, state_of
from structlint.tree.scan import revision_tree

if TYPE_CHECKING:
    from structlint.layout.model import AcceptedFinding, Layout

MOST_FINDINGS = 10_000  # findings kept for a repository; all are counted
_MOST_NOTES = 20

Answer = dict[str, Any]


class Job(Record):
    """One repository to check: the directory, the revision, and its known results.

    `layout` is the digest of a layout that is imposed, "" for the repository's own. `own` is the policy for
    the repository's own exceptions. `known` are trees with a valid result. `today` is an ISO date. `state` is
    the state in which the revision had the tree `tree`, "" if unknown.
    """

    path: str
    rev: str = "HEAD"
    layout: str = ""
    own: str = "count"
    known: Sequence[str] = ()
    today: str = ""
    state: str = ""
    tree: str = ""


def judge(job: Job, layout: Layout | None, name: str) -> Answer:
    """The result for a repository as JSON: always with a `status`, and with `known` if it has not changed.

    `layout` is the imposed layout and `name` what `--layout` calls it. Raises `MemoryError`.
    """
    begun = monotonic()
    answer = _answer(job, layout, name)
    return {**answer, "seconds": round(monotonic() - begun, 4)}


def failure(status: Status, message: str) -> Answer:
    """The result for a repository that could not be checked."""
    return {"status": status, "message": message}


def _answer(job: Job, layout: Layout | None, name: str) -> Answer:
    tree = ""
    try:
        top = _top(job.path)
        state = state_of(top, job.rev)
        if state and job.tree in job.known and state.digest(job.tree) == job.state:
            return {"status": Status.OK, "known": True, "tree": job.tree}
        tree = revision_tree(top, job.rev)
        digest = _digest(state, state_of(top, job.rev), tree)
        if tree in job.known:
            return {"status": Status.OK, "known": True, "tree": tree, "state": digest}
        return {**_judged(job, str(top), tree, layout, name), "state": digest}
    except MemoryError:
        raise
    except (CannotCheck, OSError) as error:
        return {**failure(_status_of(error), str(error)), "tree": tree}
    except RecursionError:
        return {**failure(Status.CRASHED, "too deeply nested"), "tree": tree}
    except Exception as error:
        from traceback import format_exception

        where = "".join(format_exception(error)[-3:]).strip()
        return {**failure(Status.CRASHED, f"a bug in structlint: {where}"), "tree": tree}


def _digest(before: State | None, after: State | None, tree: str) -> str:
    """The state in which a revision has a tree; "" if it changed while git ran."""
    return after.digest(tree) if before and after and before.files == after.files else ""


class _Unreachable(CannotCheck):
    """The directory does not exist or cannot be entered."""


def _top(path: str) -> Path:
    try:
        top = Path(os.path.realpath(path, strict=True))
        with os.scandir(top):
            return top
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _Unreachable(f"cannot enter {in_backticks(path)}: {reason}") from None


def _status_of(error: CannotCheck | OSError) -> Status:
    message = str(error)
    if isinstance(error, _Unreachable):
        return Status.UNREACHABLE
    if isinstance(error, UnknownRevision):
        return Status.NO_REVISION
    if isinstance(error, Untrusted):
        return Status.UNTRUSTED
    if isinstance(error, TreeError | OSError):
        if "ut of memory" in message or "annot allocate memory" in message:
            return Status.MEMORY
        return Status.TIMEOUT if "did not answer within" in message else Status.UNREADABLE
    return Status.LAYOUT_ERROR if isinstance(error, LayoutError | CannotCheck) else Status.CRASHED


def _judged(job: Job, top: str, tree: str, layout: Layout | None, name: str) -> Answer:
    request = Request(
        paths=(top,), rev=tree, layout=name if layout else None, loaded=layout, own_exceptions=job.own
    )
    today = date.fromisoformat(job.today)
    projects = open_projects(request)
    result = check_projects(projects, request, today)
    own = [project for project in projects if project.layout is not layout]
    return {
        "status": _status(result),
        "message": "",
        "tree": tree,
        "valid_until": _valid_until(projects, today),
        **_of_result(result),
        "exceptions": [_exception(ignore) for ignore in _ignores(own)],
    }


def _status(result: CheckResult) -> Status:
    if not result.layouts:
        return Status.NO_LAYOUT
    return Status.OK if result.passed else Status.FINDINGS


def _of_result(result: CheckResult) -> Answer:
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    return {
        "files": result.files,
        "errors": errors,
        "warnings": len(result.findings) - errors,
        "baselined": result.baselined,
        "layouts": list(result.layouts),
        "notes": list(result.notes[:_MOST_NOTES]),
        "hidden": list(result.hidden),
        "rules": Counter(finding.rule for finding in result.findings),
        "findings": [_finding(finding) for finding in result.findings[:MOST_FINDINGS]],
    }


def _finding(finding: Finding) -> Answer:
    return {**finding_object(finding), "which": finding.discriminator}


def _ignores(projects: Sequence[Project]) -> Iterator[AcceptedFinding]:
    for project in projects:
        yield from project.layout.ignore if project.layout else ()


def _exception(ignore: AcceptedFinding) -> dict[str, str]:
    until = ignore.until.isoformat() if ignore.until else ""
    return {
        "rule": ignore.rule,
        "path": ignore.path,
        "why": ignore.why,
        "until": until,
        "place": str(ignore.place),
    }


def _valid_until(projects: Sequence[Project], today: date) -> str:
    """The last day on which the same tree has the same result; "" if the result does not expire."""
    if any(project.layout and is_from_package(project.layout) for project in projects):
        return date.min.isoformat()  # the package may change at any time
    days = (ignore.until for ignore in _ignores(projects))
    return min((day.isoformat() for day in days if day and day >= today), default="")
