"""The results of a run, and the differences from an earlier one, as values. The writers print them.

Names of repositories, teams and columns from the store are printable. Paths of findings are
not; they are quoted when they are printed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from structlint.errors import CannotCheck
from structlint.fleet.statuses import Status
from structlint.fleet.store import Store
from structlint.text.quoting import in_backticks
from structlint.text.records import Record
from structlint.text.suggestions import suggestion

DAYS = 30  # exceptions that end within so many days are reported
_FINISHED = "finished IS NOT NULL"
_OF_EXCEPTION = ("rule", "path", "until", "why", "place")
NONE = "(none)"  # the group of repositories without a value


class Run(Record):
    """A run: its number, its times and its options. `finished` is "" if it was interrupted."""

    number: int
    started: str
    finished: str
    structlint: str
    options: Mapping[str, Any]
    exceptions: Sequence[Mapping[str, str]]
    repositories: int
    seconds: float

    @property
    def day(self) -> str:
        """The day of the start, in UTC."""
        return self.started[:10]


class Repository(Record):
    """A repository and its result in a run. `new` and `fixed` are numbers of findings since the base."""

    result: int
    name: str
    path: str
    team: str
    more: Mapping[str, str]
    status: Status
    message: str
    tree: str
    seconds: float
    files: int
    errors: int
    warnings: int
    baselined: int
    hidden: tuple[int, int, int]
    layouts: Sequence[str]
    rules: Mapping[str, int]
    exceptions: Sequence[Mapping[str, str]]
    reused: bool
    new: int = 0
    fixed: int = 0

    def group(self, column: str) -> str:
        """The value of a column, by which repositories are grouped."""
        return (self.team if column == "team" else self.more.get(column, "")) or NONE


class Change(Record):
    """A finding that only one of two runs has."""

    repository: str
    group: str
    rule: str
    severity: str
    path: str
    message: str
    hint: str


class Rule(Record):
    """A rule: its findings, and the repositories with findings."""

    name: str
    findings: int
    repositories: int


class Group(Record):
    """Counts of the repositories with the same value in a column."""

    name: str
    repositories: int
    passed: int
    failed: int
    unjudged: int
    errors: int
    new: int
    fixed: int


class Ending(Record):
    """An exception that ends soon, or has ended. `repository` is "" for the layout of the run."""

    repository: str
    rule: str
    path: str
    until: str
    why: str
    place: str
    ended: bool


class Point(Record):
    """A run in the trend: the numbers of repositories by result, and of all errors."""

    run: int
    day: str
    passed: int
    failed: int
    unjudged: int
    errors: int


class FleetReport(Record):
    """The contents of a report.

    `base` is the run that this one is compared with, None if there is none. `added` and `gone` are the names
    of repositories in only one of the two. `groups` are the values of `column`. `unfinished` is a
    later run that was interrupted, 0 if there is none.
    """

    run: Run
    base: Run | None
    repositories: Sequence[Repository]
    new: Sequence[Change]
    fixed: Sequence[Change]
    added: Sequence[str]
    gone: Sequence[str]
    column: str
    trend: Sequence[Point]
    today: date
    unfinished: int

    @property
    def statuses(self) -> Counter[Status]:
        """The number of repositories by status."""
        return Counter(one.status for one in self.repositories)

    @property
    def unjudged(self) -> list[Repository]:
        """The repositories that could not be checked."""
        return [one for one in self.repositories if not one.status.judged]

    @property
    def passed(self) -> int:
        """The number of repositories that were checked and have no errors."""
        return sum(one.status.judged and not one.errors for one in self.repositories)

    @property
    def failed(self) -> list[Repository]:
        """The repositories with errors, most errors first."""
        return sorted((one for one in self.repositories if one.errors), key=lambda one: -one.errors)

    @property
    def rules(self) -> list[Rule]:
        """The rules, sorted by the number of repositories, largest first."""
        findings: Counter[str] = Counter()
        repositories: Counter[str] = Counter()
        for one in self.repositories:
            findings.update(one.rules)
            repositories.update(one.rules.keys())
        rules = [Rule(name, findings[name], number) for name, number in repositories.items()]
        return sorted(rules, key=lambda rule: (-rule.repositories, -rule.findings, rule.name))

    @property
    def groups(self) -> list[Group]:
        """The groups, sorted by name; the unnamed one is last."""
        inside: dict[str, list[Repository]] = {}
        for one in self.repositories:
            inside.setdefault(one.group(self.column), []).append(one)
        groups = [
            Group(
                name=name,
                repositories=len(ones),
                passed=sum(one.status.judged and not one.errors for one in ones),
                failed=sum(bool(one.errors) for one in ones),
                unjudged=sum(not one.status.judged for one in ones),
                **{key: sum(getattr(one, key) for one in ones) for key in ("errors", "new", "fixed")},
            )
            for name, ones in inside.items()
        ]
        return sorted(groups, key=lambda group: (group.name == NONE, group.name))

    @property
    def endings(self) -> list[Ending]:
        """The exceptions that have ended or end within `DAYS` days, oldest first."""
        soon, today = (self.today + timedelta(DAYS)).isoformat(), self.today.isoformat()
        owned = [("", self.run.exceptions), *((one.name, one.exceptions) for one in self.repositories)]
        endings = [
            Ending(name, **{key: one[key] for key in _OF_EXCEPTION}, ended=one["until"] < today)
            for name, exceptions in owned
            for one in exceptions
            if one["until"] and one["until"] <= soon
        ]
        return sorted(endings, key=lambda ending: (ending.until, ending.repository))

    @property
    def escapes(self) -> list[Repository]:
        """The repositories whose own exceptions hide findings, most hidden findings first."""
        hiding = (one for one in self.repositories if any(one.hidden))
        return sorted(hiding, key=lambda one: -sum(one.hidden))

    @property
    def slowest(self) -> list[Repository]:
        """The repositories, slowest first; for a reused result, the time of the original check counts."""
        return sorted(self.repositories, key=lambda one: -one.seconds)


class Reader:
    """Reads reports from a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def report(self, column: str, since: str | None, today: date) -> FleetReport:
        """The report of the last run. Raises `CannotCheck` for a run or column that does not exist."""
        run = self._last()
        base = self._base(run, since)
        repositories = self._repositories(run.number)
        self._refuse_unknown(column, repositories)
        before = dict(self._results(base.number)) if base else {}
        new, fixed = self._changes(repositories, before, column)
        names = {repo: one.name for repo, one in repositories.items()}
        gone = [self._name(repo) for repo in before.keys() - repositories.keys()]
        later = self.store.ask("SELECT max(id) FROM run")[0][0]
        counted = [
            one._replace(new=len(new.get(repo, ())), fixed=len(fixed.get(repo, ())))
            for repo, one in repositories.items()
        ]
        return FleetReport(
            run=run,
            base=base,
            repositories=sorted(counted, key=lambda one: (one.name, one.path)),
            new=[change for changes in new.values() for change in changes],
            fixed=[change for changes in fixed.values() for change in changes],
            added=sorted(names[repo] for repo in names.keys() - before.keys()) if base else (),
            gone=sorted(gone),
            column=column,
            trend=self._trend(),
            today=today,
            unfinished=later if later > run.number else 0,
        )

    def findings(self, result: int) -> Iterator[dict[str, Any]]:
        """The findings of a result, as in the JSON report of `structlint check`."""
        names = ("rule", "severity", "path", "line", "message", "hint")
        rows = self.store.ask(f"SELECT {', '.join(names)}, more FROM finding WHERE result = ?", result)  # noqa: S608
        for *values, more in rows:
            finding = dict(zip(names, values, strict=True)) | json.loads(more)
            order = (
                "rule",
                "severity",
                "path",
                "line",
                "message",
                "hint",
                "about",
                "layout",
                "related",
                "fix",
            )
            yield {name: finding[name] for name in order}

    # --- Runs

    def _runs(self, where: str, *values: object) -> list[Run]:
        columns = "id, started, finished, structlint, options, exceptions, repositories, seconds"
        rows = self.store.ask(f"SELECT {columns} FROM run WHERE {where} ORDER BY id DESC LIMIT 1", *values)  # noqa: S608
        return [
            Run(number, started, finished or "", version, json.loads(options), json.loads(exceptions), *rest)
            for number, started, finished, version, options, exceptions, *rest in rows
        ]

    def _last(self) -> Run:
        for run in (*self._runs(_FINISHED), *self._runs("1")):
            return run
        raise CannotCheck(
            f"the store {self.store.label} has no runs; create one with `structlint fleet check`"
        )

    def _base(self, run: Run, since: str | None) -> Run | None:
        if since is None:
            return next(iter(self._runs(f"{_FINISHED} AND id < ?", run.number)), None)
        if since.isdecimal() and len(since) < 10:
            found = self._runs(f"{_FINISHED} AND id = ?", int(since))
            problem = f"no finished run {since}"
        else:
            found = self._runs(
                f"{_FINISHED} AND id < ? AND substr(started, 1, 10) <= ?", run.number, _day(since)
            )
            problem = f"no finished run on or before {since}"
        if not found:
            first, last = self.store.ask(f"SELECT min(id), max(id) FROM run WHERE {_FINISHED}")[0]  # noqa: S608
            raise CannotCheck(f"--since: {problem} in {self.store.label}; it has the runs {first} to {last}")
        return found[0]

    def _trend(self) -> list[Point]:
        rows = self.store.ask(
            "SELECT run.id, substr(started, 1, 10), "
            "sum(status IN ('ok', 'findings', 'no-layout') AND errors = 0), sum(errors > 0), "
            "sum(status NOT IN ('ok', 'findings', 'no-layout')), sum(errors) "
            "FROM run JOIN run_result ON run_result.run = run.id "
            "JOIN result ON result.id = run_result.result "
            "WHERE finished IS NOT NULL GROUP BY run.id ORDER BY run.id"
        )
        return [Point(*row) for row in rows]

    # --- Repositories

    def _results(self, run: int) -> list[tuple[int, int]]:
        return self.store.ask("SELECT repo, result FROM run_result WHERE run = ?", run)

    def _name(self, repo: int) -> str:
        return str(self.store.ask("SELECT name FROM repo WHERE id = ?", repo)[0][0])

    def _repositories(self, run: int) -> dict[int, Repository]:
        rows = self.store.ask(
            "SELECT repo.id, result.id, name, path, team, more, status, message, tree, seconds, files, "
            "errors, warnings, baselined, hidden_baseline, hidden_ignore, hidden_nested, "
            "layouts, rules, exceptions, reused FROM run_result JOIN repo ON repo.id = run_result.repo "
            "JOIN result ON result.id = run_result.result WHERE run = ?",
            run,
        )
        return {row[0]: _repository(row[1:]) for row in rows}

    def _refuse_unknown(self, column: str, repositories: Mapping[int, Repository]) -> None:
        known = sorted({"team", *(name for one in repositories.values() for name in one.more)})
        if column not in known:
            raise CannotCheck(f"--by: unknown column {in_backticks(column)}; {suggestion(column, known)}")

    # --- Changes

    def _changes(
        self, repositories: Mapping[int, Repository], before: Mapping[int, int], column: str
    ) -> tuple[dict[int, list[Change]], dict[int, list[Change]]]:
        """The new and the fixed findings of the repositories that both runs have checked."""
        new: dict[int, list[Change]] = {}
        fixed: dict[int, list[Change]] = {}
        for repo, one in repositories.items():
            old = before.get(repo)
            if old in (None, one.result) or not one.status.judged or not self._is_judged(old):
                continue
            group = one.group(column)
            now, then = self._of(one.result, one.name, group), self._of(old, one.name, group)
            if added := [change for key, change in now.items() if key not in then]:
                new[repo] = added
            if removed := [change for key, change in then.items() if key not in now]:
                fixed[repo] = removed
        return new, fixed

    def _is_judged(self, result: int | None) -> bool:
        return Status(self.store.ask("SELECT status FROM result WHERE id = ?", result)[0][0]).judged

    def _of(self, result: int | None, name: str, group: str) -> dict[tuple[str, str, str], Change]:
        rows = self.store.ask(
            "SELECT rule, path, which, severity, message, hint FROM finding WHERE result = ?", result
        )
        return {
            (rule, path, which): Change(name, group, rule, severity, path, message, hint)
            for rule, path, which, severity, message, hint in rows
        }


def _repository(row: Sequence[Any]) -> Repository:
    result, name, path, team, more, status, message, tree, seconds, *rest = row
    files, errors, warnings, baselined, *hidden, layouts, rules, exceptions, reused = rest
    return Repository(
        *(result, name, path, team, json.loads(more), Status(status), message, tree, seconds),
        *(files, errors, warnings, baselined, tuple(hidden)),
        *(*(json.loads(text) for text in (layouts, rules, exceptions)), bool(reused)),
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CannotCheck(
            f"--since: {in_backticks(text)} is neither the number of a run nor a date such as 2026-01-31"
        ) from None
