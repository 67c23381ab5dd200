"""The sentences and tables of a report, shared by the formats for a terminal, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from structlint.fleet.report import DAYS, FleetReport, Repository
from structlint.fleet.statuses import MEANING, Status
from structlint.report.wording import count, one_line
from structlint.text.quoting import in_backticks, is_harmless, quote
from structlint.text.records import Record


class Table(Record):
    """A part of a report: a title, an explanation, headings, and rows of cells.

    Numbers are right-aligned. `omitted` is the number of rows that are not listed.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str | int, ...]]
    omitted: int = 0


def repositories(number: int) -> str:
    """A number of repositories."""
    return count(number, "repository", "repositories")


def share(number: int, total: int) -> str:
    """A share in percent; never rounded to 0 or 100."""
    if number in (0, total):
        return f"{100 * bool(number)}%"
    return f"{min(99.9, max(0.1, 100 * number / total)):.1f}%"


def summary(report: FleetReport) -> Iterator[str]:
    """The sentences at the beginning of a report."""
    total, unjudged = len(report.repositories), len(report.unjudged)
    yield (
        f"{report.passed:,} of {repositories(total)} ({share(report.passed, max(total, 1))}) have no errors, "
        f"{len(report.failed):,} have errors, {unjudged:,} could not be checked."
    )
    if report.base:
        concerned = sum(bool(one.new) for one in report.repositories)
        changes = f"{count(len(report.new), 'new finding')} in {repositories(concerned)}"
        yield f"Since run {report.base.number} ({report.base.day}): {changes}, {len(report.fixed):,} fixed."
        if report.added or report.gone:
            came, left = f"{len(report.added):,} added", f"{len(report.gone):,} no longer checked"
            yield f"Repositories: {came}, {left}."
    else:
        yield "This is the first run, so there is nothing to compare it with."


def origin(report: FleetReport) -> Iterator[str]:
    """The number, times and options of the run."""
    run, options = report.run, report.run.options
    layout = "the repositories' own layouts"
    if options.get("layout"):
        layout = f"the layout {in_backticks(options['layout'])}"
    took = f" and took {run.seconds:,.0f} s" if run.seconds else ""
    yield f"Run {run.number} started {run.started}{took}. It used structlint {run.structlint} and {layout}."
    if not run.finished:
        yield "This run has not finished: the numbers cover the repositories checked so far."
    if report.unfinished:
        yield f"Run {report.unfinished} is later but has not finished; it is not in this report."


def tables(report: FleetReport, most: int) -> Iterator[Table]:
    """The tables with rows, each with at most `most` of them."""
    for part in (*_first(report), *_last(report)):
        if part.rows:
            yield part._replace(rows=part.rows[:most], omitted=max(0, len(part.rows) - most))


def _first(report: FleetReport) -> Iterator[Table]:
    yield Table(
        "Could not be checked",
        "The check did not finish, so nothing is known about their structure.",
        ("repository", report.column, "status", "reason"),
        [(one.name, one.group(report.column), one.status, one.message) for one in report.unjudged],
    )
    heads = ("repository", report.column, "rule", "path", "problem", "fix")
    yield Table(
        "New findings",
        f"Findings that {_base(report)} did not have.",
        heads,
        [(new.repository, new.group, new.rule, new.path, new.message, new.hint) for new in report.new],
    )
    yield Table(
        "Fixed findings",
        f"Findings of {_base(report)} that no longer exist.",
        heads[:-1],
        [(fixed.repository, fixed.group, fixed.rule, fixed.path, fixed.message) for fixed in report.fixed],
    )
    total = max(len(report.repositories), 1)
    yield Table(
        "Rules",
        "Rules with findings, and the number of repositories that have them.",
        ("rule", "repositories", "share", "findings"),
        [
            (rule.name, rule.repositories, share(rule.repositories, total), rule.findings)
            for rule in report.rules
        ],
    )
    yield Table(
        f"By {report.column}",
        "",
        (report.column, "repositories", "no errors", "with errors", "not checked", "errors", "new", "fixed"),
        [tuple(group) for group in report.groups],
    )


def _base(report: FleetReport) -> str:
    return f"run {report.base.number} ({report.base.day})" if report.base else "an earlier run"


def _last(report: FleetReport) -> Iterator[Table]:
    yield Table(
        "Most errors",
        "",
        ("repository", report.column, "errors", "warnings", "new", "most frequent rule"),
        [
            (one.name, one.group(report.column), one.errors, one.warnings, one.new, _most_frequent(one))
            for one in report.failed
        ],
    )
    yield Table(
        "Exceptions that expire",
        f"`ignore` entries that have expired, or expire within {DAYS} days.",
        ("repository", "rule", "path", "until", "", "reason"),
        [
            (
                ending.repository or "(the layout of the run)",
                ending.rule,
                ending.path,
                ending.until,
                "expired" if ending.ended else "",
                one_line(ending.why),
            )
            for ending in report.endings
        ],
    )
    yield Table(
        "Escapes",
        "Findings that a repository's own baseline, `ignore` or nested layouts hide.",
        ("repository", report.column, "baseline", "ignore", "nested layouts"),
        [(one.name, one.group(report.column), *one.hidden) for one in report.escapes],
    )
    yield Table(
        "Slowest",
        "",
        ("repository", "milliseconds", "files"),
        [(one.name, round(1000 * one.seconds), one.files) for one in report.slowest[:10] if one.seconds],
    )
    yield Table(
        "Statuses",
        "",
        ("status", "repositories", "meaning"),
        [(status, report.statuses[status], MEANING[status]) for status in Status if report.statuses[status]],
    )


def _most_frequent(one: Repository) -> str:
    return max(one.rules, key=lambda rule: one.rules[rule], default="")


EXPLANATION = (
    "structlint checks that a repository matches its declared structure: which files and directories it has, "
    "and how they are named. The structure is declared in a layout. A finding is one place that does not "
    "match. Errors must be fixed, warnings should be. An exception is a finding that somebody accepts, for a "
    "reason and often until a date."
)


def how_to_repeat(report: FleetReport) -> str:
    """The command that shows the findings of one repository."""
    layout = report.run.options.get("layout")
    more = f" --layout {quote(layout)}" if layout else ""
    rev, own = (report.run.options[name] for name in ("rev", "own_exceptions"))
    return f"structlint check PATH --rev {quote(rev)}{more} --own-exceptions {own}"


def cells(row: Sequence[str | int], text: Callable[[str], str]) -> list[str]:
    """The cells of a row as texts. Each is on one line and printable before `text` is applied."""
    return [f"{cell:,}" if isinstance(cell, int) else text(_printable(cell)) for cell in row]


def aligned_right(table: Table) -> list[bool]:
    """The columns that contain only numbers and shares."""
    return [all(_is_number(row[at]) for row in table.rows) for at in range(len(table.heads))]


def _is_number(cell: str | int) -> bool:
    return isinstance(cell, int) or cell.endswith("%")


def _printable(text: str) -> str:
    return text if is_harmless(text) else quote(text)


def cut(text: str, most: int) -> str:
    """A text, shortened to at most `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
