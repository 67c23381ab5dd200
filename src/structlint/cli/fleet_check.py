"""`structlint fleet check`: checks repositories, stores the results and prints a summary."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import click

from structlint.cli.console import CommandConsole, console_of
from structlint.cli.options import SETTINGS, Choice, Command, WholeNumber, common_options
from structlint.cli.output import output_target, standard_output, tops_of
from structlint.errors import CannotCheck
from structlint.fleet.pool import Limits, LocalEngine
from structlint.fleet.repositories import Listed, listed, searched, without_repeated
from structlint.fleet.run import Engine, Layouts, Options, Summary, run
from structlint.fleet.statuses import Status
from structlint.fleet.store import label_of, writable_store
from structlint.fleet.worker import Settings
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record

_MOST_FAILED = 20  # repositories that are named on standard error
_EACH = 10  # seconds between two lines of progress that are not on a terminal
_REDRAWN = 0.2  # the same on a terminal
_DASK = "dask="


class _Size(click.ParamType):  # type: ignore[type-arg]
    """A number of bytes, such as `512M` or `2G`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        found = re.fullmatch(r"([1-9][0-9]{0,8})([MG])", str(value))
        if not found:
            self.fail(f"{in_backticks(str(value))} is not a size such as 512M or 2G", param, ctx)
        return int(found[1]) << (20 if found[2] == "M" else 30)


class _Given(Record):
    repositories: tuple[str, ...]
    repos: str | None
    rev: str
    layout: str | None
    own_exceptions: str
    store: str
    workers: int | None
    timeout: int
    memory: int
    engine: str
    recheck: bool


@click.command(
    "check",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Check many repositories, and store the results.",
)
@click.argument("repositories", nargs=-1, metavar="[REPO|DIRECTORY]...")
@click.option("--repos", metavar="FILE|-", help="Read a list of repositories, as JSON Lines or TSV.")
@click.option("--rev", metavar="REV", default="HEAD", show_default=True, help="Check this revision.")
@click.option(
    "-l",
    "--layout",
    metavar="NAME|FILE",
    help="Check against this layout instead of the repositories' own.",
)
@click.option(
    "--own-exceptions",
    type=Choice(["respect", "count", "refuse"]),
    default="count",
    show_default=True,
    help="Respect, count or refuse the repositories' own baselines, `ignore` and nested layouts.",
)
@click.option("--store", metavar="FILE", required=True, help="Write the results to this SQLite database.")
@click.option(
    "--workers", type=WholeNumber(1, 1024), metavar="N", help="Run N processes.  [default: number of CPUs]"
)
@click.option(
    "--timeout",
    type=WholeNumber(1),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Stop checking a repository after this time.",
)
@click.option(
    "--memory",
    type=_Size(),
    default="2G",
    show_default=True,
    metavar="SIZE",
    help="Limit the memory of each process.",
)
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="local|dask=tcp://HOST:PORT",
    help="Run on this machine, or on a Dask cluster.",
)
@click.option("--recheck", is_flag=True, help="Also check repositories that have not changed.")
@common_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> int:
    """Check many repositories, and store the results.

    A REPO is a mirror (`x.git`) or a work tree; only a revision is read. A DIRECTORY is searched for both.
    A repository that has not changed since the last run is not checked again. An interrupted run continues
    where it stopped. If a repository cannot be checked, the run continues, and the report shows the reason.

    \b
    Examples:
      structlint fleet check /mirrors --layout org.yaml --store fleet.sqlite
      structlint fleet check --repos repos.jsonl --store fleet.sqlite
      structlint fleet check /mirrors --own-exceptions refuse --store strict.sqlite

    \b
    Exit status:
      0  no errors
      1  errors in at least one repository
      2  at least one repository could not be checked
    """
    return _run(_Given(**given), console_of(context))


def _run(given: _Given, console: CommandConsole) -> int:
    if os.name != "posix":
        raise CannotCheck("`fleet` needs a system with process groups, such as Linux or macOS")
    _refuse_empty(given)
    repositories, notes = without_repeated(_repositories(given))
    for note in notes:
        console.say(f"note: {note}")
    options = Options(given.layout or "", given.rev, given.own_exceptions, given.recheck)
    layouts = Layouts(options.layout)
    layouts.add(one.layout for one in repositories)
    workers = given.workers or _processors()
    limits = Limits(given.timeout, Settings(given.memory, tuple(layouts.packed.values())))
    engine = _engine(given.engine, workers, limits)
    noted = {
        "engine": given.engine,
        "workers": workers,
        "timeout": given.timeout,
        "memory": given.memory,
    }
    label = label_of(given.store)
    with (
        output_target(given.store, tops_of(())) as (directory, path),
        writable_store(directory, path, label) as store,
    ):
        summary = run(repositories, options, layouts, store, engine, noted, _progress(console))
    _report(summary, console)
    return summary.status


def _refuse_empty(given: _Given) -> None:
    """Raises `CannotCheck` for an empty value, as of an unset variable, which would mean the default."""
    values = {"--layout": given.layout, "--rev": given.rev, "--store": given.store}
    for option, value in values.items():
        if value == "":
            raise CannotCheck(f"{option} is empty; give a value, or omit it")
    if "" in given.repositories:
        raise CannotCheck("the name of a directory is empty; give a directory with mirrors")


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _repositories(given: _Given) -> list[Listed]:
    if not given.repositories and given.repos is None:
        raise CannotCheck("expected REPO, DIRECTORY or --repos; give a directory with mirrors")
    found = list(searched(given.repositories))
    if given.repos is None:
        return found
    if given.repos == "-":
        if sys.stdin is None:
            raise CannotCheck("--repos -: standard input is closed")
        label, text = "standard input", sys.stdin.buffer.read()
    else:
        label = quote(given.repos)
        try:
            text = Path(given.repos).read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CannotCheck(f"--repos {label}: {reason}") from None
    found += listed(text, label)
    if not found:
        raise CannotCheck(f"--repos {label}: lists no repository")
    return found


def _engine(name: str, workers: int, limits: Limits) -> Engine:
    if name == "local":
        return LocalEngine(workers, limits)
    if name.startswith(_DASK):
        from structlint.fleet.dask_engine import DaskEngine

        return DaskEngine(name.removeprefix(_DASK), limits)
    raise CannotCheck(f"unknown engine {in_backticks(name)}; use `local` or `dask=tcp://HOST:PORT`")


def _progress(console: CommandConsole) -> Callable[[Summary], None]:
    """Writes the progress to standard error: in one line on a terminal, otherwise in a line every 10 s."""
    terminal = sys.stderr is not None and sys.stderr.isatty() and not console.quiet
    begun = shown = monotonic()

    def show(summary: Summary) -> None:
        nonlocal shown
        now, last = monotonic(), summary.done == summary.total
        if now - shown < (_REDRAWN if terminal else _EACH) and not (last and terminal):
            return
        shown = now
        rate = summary.done / max(now - begun, 0.001)
        line = f"{summary.done:,} of {count(summary.total, 'repository', 'repositories')}, {rate:,.1f}/s"
        if not last:
            line += f", {_duration((summary.total - summary.done) / rate)} left"
        if terminal:
            sys.stderr.write(f"\r\x1b[K{line}{chr(10) * last}")
            sys.stderr.flush()
        else:
            console.say(line)

    return show


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _report(summary: Summary, console: CommandConsole) -> None:
    for outcome in summary.failed[:_MOST_FAILED]:
        message = outcome.message.split("\n")[0]
        console.say(f"{quote(outcome.repository.path)}: {outcome.status}: {message}")
    if (more := len(summary.failed) - _MOST_FAILED) > 0:
        console.say(f"and {more:,} more that could not be checked")
    out = standard_output()
    words = {Status.FINDINGS: "with findings"}
    counts = [(words.get(status, status), summary.statuses[status]) for status in Status]
    parts = [f"{number:,} {what}" for what, number in counts if number]
    total = count(summary.total, "repository", "repositories")
    out.write(f"{total}: {', '.join(parts)} ({summary.reused:,} unchanged)\n")
