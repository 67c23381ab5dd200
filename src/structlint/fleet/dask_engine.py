"""The engine for a Dask cluster. A task checks one repository in a warm child process of its worker.

Results are fetched at once, because the results on a lost worker are computed again. A task ends by
itself, because the child has a deadline. `distributed` is imported only if this engine is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic
from typing import Any
from uuid import uuid4

from structlint.errors import CannotCheck
from structlint.fleet.judge import Answer, Job, failure
from structlint.fleet.pool import Limits, WarmChild
from structlint.fleet.statuses import Status
from structlint.fleet.worker import Settings
from structlint.text.quoting import in_backticks
from structlint.text.records import Record
from structlint.text.version import __version__

_SECONDS_TO_CONNECT = 10
_SECONDS_WITHOUT_WORKERS = 60
_LOOK = 5  # seconds between checks for workers
_AHEAD = 4  # tasks for each thread of a worker
_MOST_LOST = 10  # number of times that a repository is passed to another worker, after Dask's own attempts
_REFUSED = "refused"


class _Task(Record):
    number: int
    job: Job
    lost: int = 0


class DaskEngine:
    """The workers of a Dask scheduler.

    Raises `CannotCheck` if `distributed` is not installed, no scheduler answers, there are no workers, or one
    of them has another version of structlint.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        self.address = address
        self.plain = (uuid4().hex, *_plain(limits))
        self.client = _connected(address)
        try:
            self.refused: set[str] = set()
            self._wait_for_workers()
            self._refuse_other_versions()
        except BaseException:
            self.client.close(timeout=1)
            raise

    def _wait_for_workers(self) -> None:
        from distributed import TimeoutError as NoWorkers

        try:
            self.client.wait_for_workers(1, timeout=_SECONDS_WITHOUT_WORKERS)
        except (NoWorkers, TimeoutError):
            raise CannotCheck(
                f"the scheduler at {in_backticks(self.address)} has no workers; start some with `dask worker`"
            ) from None

    def _refuse_other_versions(self) -> None:
        try:
            versions = self.client.run(_version)
        except Exception as error:
            raise CannotCheck(f"a worker cannot run structlint: {error}; install it there") from None
        other = {worker: version for worker, version in versions.items() if version != __version__}
        for worker, version in other.items():
            problem = f"the worker {worker} has structlint {version}, but this is {__version__}"
            raise CannotCheck(f"{problem}; install the same version")

    def answers(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[tuple[int, Answer]]:
        """The results of numbered jobs, in any order. Few jobs are passed on in advance.

        Raises `CannotCheck` if the scheduler or all workers are lost.
        """
        done: SimpleQueue[Any] = SimpleQueue()
        left = (_Task(*job) for job in jobs)
        running: dict[str, tuple[_Task, Any]] = {}
        ahead = _AHEAD * max(1, sum(self.client.ncores().values()))
        try:
            while True:
                while len(running) < ahead and (task := next(left, None)):
                    self._submit(task, running, done)
                if not running:
                    return
                future = self._next(done)
                task, _ = running.pop(future.key)
                answer = self._answer(future, task)
                if isinstance(answer, _Task):
                    self._submit(answer, running, done)
                else:
                    yield task.number, answer
        finally:
            with suppress(Exception):  # it may have been lost
                self.client.cancel([future for _, future in running.values()], force=True)
            self.client.close(timeout=5)

    def _submit(self, task: _Task, running: dict[str, tuple[_Task, Any]], done: SimpleQueue[Any]) -> None:
        """Submits a repository to the workers that are not excluded."""
        more: dict[str, Any] = {}
        if self.refused:
            more["workers"] = [worker for worker in self.client.ncores() if worker not in self.refused]
            if not more["workers"]:
                raise CannotCheck(
                    "all workers have a different version of structlint; install the same version"
                )
        future = self.client.submit(
            _judge_on_worker, tuple(task.job), self.plain, __version__, pure=False, **more
        )
        running[future.key] = task, future  # an unreferenced future is dropped
        future.add_done_callback(done.put)

    def _next(self, done: SimpleQueue[Any]) -> Any:
        """The next finished task."""
        without = None
        while True:
            with suppress(Empty):
                return done.get(timeout=_LOOK)
            try:
                workers = self.client.ncores()
            except Exception:
                raise self._lost() from None
            now = monotonic()
            without = None if workers else without or now
            if without and now - without > _SECONDS_WITHOUT_WORKERS:
                raise CannotCheck(
                    f"the scheduler at {in_backticks(self.address)} has lost all workers; start some, "
                    "and run the same command again to continue"
                )

    def _lost(self) -> CannotCheck:
        hint = "run the same command again to continue"
        return CannotCheck(f"the scheduler at {in_backticks(self.address)} no longer responds; {hint}")

    def _answer(self, future: Any, task: _Task) -> Answer | _Task:
        """The result of a task, or the job to repeat."""
        from concurrent.futures import CancelledError

        from distributed.scheduler import KilledWorker

        try:
            answer: Answer = future.result()
        except KilledWorker:
            # The repository is not the cause: it would have killed the child, not the worker.
            if task.lost < _MOST_LOST:
                return task._replace(lost=task.lost + 1)
            return failure(Status.CRASHED, f"its worker was lost {_MOST_LOST} times")
        except CancelledError:
            raise self._lost() from None
        except CannotCheck:
            raise
        except Exception as error:
            raise CannotCheck(f"a task failed on a worker: {type(error).__name__}: {error}") from None
        if _REFUSED in answer:
            self.refused.add(answer[_REFUSED])
            return task
        return answer


def _connected(address: str) -> Any:
    try:
        import dask

        dask.config.set({"logging": {"distributed": "error"}})
        from distributed import Client
    except ImportError:
        raise CannotCheck("--engine dask needs `distributed`; install `structlint-cli[fleet]`") from None
    try:
        return Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).split("\n")[0] or type(error).__name__
        raise CannotCheck(
            f"no Dask scheduler answers at {in_backticks(address)} ({reason}); start `dask scheduler`"
        ) from None


def _plain(limits: Limits) -> tuple[Any, ...]:
    """Limits as values that every version of structlint can unpickle."""
    settings = limits.settings
    return limits.seconds, settings.memory, tuple(tuple(packed) for packed in settings.layouts)


# --- On a worker

_children: dict[str, list[WarmChild]] = {}  # idle children, by their run
_lock = Lock()


def _version() -> str:
    return __version__


def _judge_on_worker(job: tuple[Any, ...], plain: tuple[Any, ...], version: str) -> Answer:
    """Checks a repository in a child of this worker, which keeps its children for the next tasks."""
    if version != __version__:
        from distributed import get_worker

        return {_REFUSED: get_worker().address}
    from structlint.fleet.layouts import PackedLayout

    run, seconds, memory, layouts = plain
    child = _idle_child(run)
    if child is None:
        settings = Settings(memory, tuple(PackedLayout(*packed) for packed in layouts))
        child = WarmChild(Limits(seconds, settings))
    try:
        return child.answer(Job(*job))
    finally:
        with _lock:
            if run in _children:
                _children[run].append(child)
            else:
                child.close()


def _idle_child(run: str) -> WarmChild | None:
    """An idle child of this run. Children of earlier runs, which may use another
    git configuration, are ended.
    """
    with _lock:
        for other in [other for other in _children if other != run]:
            for child in _children.pop(other):
                child.close()
        idle = _children.setdefault(run, [])
        return idle.pop() if idle else None
