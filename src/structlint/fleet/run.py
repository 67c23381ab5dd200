"""A run: all repositories are passed to an engine, and each result is stored at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from structlint.errors import CannotCheck, LayoutError
from structlint.fleet.judge import Answer, Job, failure
from structlint.fleet.layouts import PackedLayout, pack
from structlint.fleet.statuses import Status
from structlint.text.records import Record
from structlint.text.version import __version__

if TYPE_CHECKING:
    from structlint.fleet.repositories import Listed
    from structlint.fleet.store import Known, Store

_KEY = 1  # increase it if results change although the version does not


class Engine(Protocol):
    """Checks repositories, in any order."""

    def answers(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[tuple[int, Answer]]:
        """The results of numbered jobs."""
        ...


class Options(Record):
    """The options for the check of each repository."""

    layout: str = ""
    rev: str = "HEAD"
    own: str = "count"
    recheck: bool = False


class Outcome(Record):
    """The result of one repository. `reused` if nothing has changed since an earlier run."""

    repository: Listed
    status: Status
    errors: int
    message: str
    reused: bool


class Summary:
    """The result of a run: the number of repositories by status, and those that could not be checked."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.statuses: Counter[Status] = Counter()
        self.failed: list[Outcome] = []
        self.with_errors = 0
        self.reused = 0

    def add(self, outcome: Outcome) -> None:
        """Counts a repository."""
        self.statuses[outcome.status] += 1
        self.reused += outcome.reused
        self.with_errors += bool(outcome.errors)
        if not outcome.status.judged:
            self.failed.append(outcome)

    @property
    def done(self) -> int:
        """The number of repositories so far."""
        return self.statuses.total()

    @property
    def status(self) -> int:
        """The exit status."""
        return 2 if self.failed else int(self.with_errors > 0)


class Layouts:
    """The imposed layouts, each read once."""

    def __init__(self, named: str) -> None:
        self.packed: dict[str, PackedLayout] = {}
        self.wrong: dict[str, str] = {}
        self.exceptions: list[dict[str, str]] = []
        if named:
            self.packed[named], layout = pack(named)
            self.exceptions = [
                {"rule": ignore.rule, "path": ignore.path, "why": ignore.why, "place": str(ignore.place)}
                | {"until": ignore.until.isoformat() if ignore.until else ""}
                for ignore in layout.ignore
            ]

    def add(self, names: Iterable[str]) -> None:
        """Reads the layouts in a list. An invalid one becomes the result of its repositories."""
        for name in sorted({*names} - self.packed.keys() - {""}):
            try:
                self.packed[name], _ = pack(name)
            except (CannotCheck, LayoutError) as error:
                self.wrong[name] = str(error)


def run(
    repositories: Sequence[Listed],
    options: Options,
    layouts: Layouts,
    store: Store,
    engine: Engine,
    noted: Mapping[str, object],
    progress: Callable[[Summary], object],
) -> Summary:
    """Checks all repositories and stores each result at once; a run that was ended before is continued by
    the next, for what did not change is not checked again.

    `noted` has the options to store with the run. Raises `CannotCheck` if the store cannot be written.
    """
    begun, summary = monotonic(), Summary(len(repositories))
    number = store.begin(
        {"layout": options.layout, "rev": options.rev, "own_exceptions": options.own, **noted},
        layouts.exceptions,
        len(repositories),
    )
    one_run = _Run(repositories, options, layouts, store, number)
    for outcome in one_run.outcomes(engine):
        summary.add(outcome)
        progress(summary)
    store.finish(number, monotonic() - begun)
    return summary


class _Run:
    def __init__(
        self, repositories: Sequence[Listed], options: Options, layouts: Layouts, store: Store, number: int
    ) -> None:
        self.repositories = repositories
        self.options = options
        self.layouts = layouts
        self.store = store
        self.number = number
        self.today = date.today().isoformat()
        self.ids = store.register(repositories)
        self.known: dict[int, dict[str, Known]] = {}  # the repositories being checked

    def outcomes(self, engine: Engine) -> Iterator[Outcome]:
        for at, one in enumerate(self.repositories):
            if (name := self._layout(one)) in self.layouts.wrong:
                yield self._keep(at, failure(Status.LAYOUT_ERROR, self.layouts.wrong[name]))
        for at, answer in engine.answers(self._jobs()):
            yield self._keep(at, answer)

    def _layout(self, one: Listed) -> str:
        return one.layout or self.options.layout

    def _asked(self, one: Listed) -> str:
        packed = self.layouts.packed.get(self._layout(one))
        parts = (str(_KEY), __version__, self.options.own, packed.digest if packed else "")
        return sha256("\0".join(parts).encode()).hexdigest()[:24]

    def _jobs(self) -> Iterator[tuple[int, Job]]:
        for at, one in enumerate(self.repositories):
            name = self._layout(one)
            if name in self.layouts.wrong:
                continue
            known, before, rev = {}, None, one.rev or self.options.rev
            if not self.options.recheck:
                known = self.store.known(self.ids[at], self._asked(one), self.today)
                before = self.store.state(self.ids[at], rev)
            self.known[at] = known
            state, tree = before or ("", "")
            yield (
                at,
                Job(
                    path=one.path,
                    rev=rev,
                    layout=self.layouts.packed[name].digest if name else "",
                    own=self.options.own,
                    known=tuple(known),
                    today=self.today,
                    state=state,
                    tree=tree,
                ),
            )

    def _keep(self, at: int, answer: Answer) -> Outcome:
        one, repo = self.repositories[at], self.ids[at]
        known, rev = self.known.pop(at, {}), one.rev or self.options.rev
        if answer.get("known"):
            before = known[answer["tree"]]
            self.store.reuse(self.number, repo, rev, before.result, answer)
            return Outcome(one, before.status, before.errors, "", reused=True)
        self.store.keep(self.number, repo, rev, self._asked(one), self.today, answer)
        return Outcome(
            one, Status(answer["status"]), answer.get("errors", 0), answer["message"], reused=False
        )
