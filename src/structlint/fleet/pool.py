"""Warm child processes, each of which checks one repository after another, and their deadlines.

A child has a memory limit and its own session, and is killed with all its processes when
it does not answer in time. A repository that causes the death of two children gets a status.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic

from structlint.errors import CannotCheck
from structlint.fleet.judge import Answer, Job, failure
from structlint.fleet.statuses import Status
from structlint.fleet.worker import OUT_OF_MEMORY, Settings
from structlint.text.records import Record
from structlint.tree.git_process import stop

_TRIES = 2
_SECONDS_TO_START = 120
_MOST_OF_AN_ANSWER = 1 << 28  # bytes
_AHEAD = 2  # waiting jobs for each child


class Limits(Record):
    """The seconds that a repository may take, and the settings of the children."""

    seconds: float
    settings: Settings


class _Death(Exception):
    """A child did not answer."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.failure = failure(status, message)


class WarmChild:
    """A child process, started when first needed and again after its death. Not thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._closed = False
        self._lock = Lock()

    def answer(self, job: Job) -> Answer:
        """The result for a repository, even if it makes the child fail.

        Raises `CannotCheck` if no child can be started.
        """
        for _ in range(_TRIES):
            process = self._started()
            try:
                self._send(process, json.dumps(job).encode())
                return self._receive(process, self.limits.seconds)
            except _Death as death:
                self._kill()
                answer = death.failure
        return answer

    def close(self) -> None:
        """Ends the child; may be called from another thread while it is busy."""
        with self._lock:
            self._closed = True
        self._kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process:
            return self._process
        with self._lock:
            if self._closed:
                raise CannotCheck("the run was stopped")
            try:
                process = self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "structlint.fleet.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise CannotCheck(f"cannot start a child process: {error.strerror}") from None
        self._rest = b""
        try:
            self._send(process, json.dumps(self.limits.settings._asdict()).encode())
            self._receive(process, _SECONDS_TO_START)
        except _Death as death:
            self._kill()
            raise CannotCheck(
                f"a child process did not start ({death}); give it more memory with --memory"
            ) from None
        return process

    def _send(self, process: subprocess.Popen[bytes], line: bytes) -> None:
        assert process.stdin
        try:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
        except (OSError, ValueError):
            raise self._died(process) from None

    def _receive(self, process: subprocess.Popen[bytes], seconds: float) -> Answer:
        assert process.stdout
        until, parts = monotonic() + seconds, [self._rest]
        handle = process.stdout.fileno()
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        size = len(self._rest)
        while b"\n" not in parts[-1]:
            left = until - monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise _Death(Status.TIMEOUT, f"did not finish within {seconds:g} s")
            parts.append(os.read(handle, 1 << 16))
            size += len(parts[-1])
            if not parts[-1] or size > _MOST_OF_AN_ANSWER:
                raise self._died(process)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        answer: Answer = json.loads(line)
        return answer

    def _died(self, process: subprocess.Popen[bytes]) -> _Death:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
        code = process.poll()
        if code == OUT_OF_MEMORY:
            limit = self.limits.settings.memory >> 20
            return _Death(Status.MEMORY, f"needs more than {limit:,} MiB of memory")
        if code is not None and code < 0:
            return _Death(Status.CRASHED, f"the child process was killed by signal {-code}")
        return _Death(Status.CRASHED, f"the child process ended with status {code}")

    def _kill(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            if process:
                with suppress(ProcessLookupError, PermissionError):  # its processes may outlive it
                    os.killpg(process.pid, signal.SIGKILL)
                stop(process)


class Failed(Record):
    """A thread ended with an error."""

    error: BaseException


class LocalEngine:
    """Children on this machine, one for each of `workers` threads."""

    def __init__(self, workers: int, limits: Limits) -> None:
        self.workers = workers
        self.children = [WarmChild(limits) for _ in range(workers)]

    def answers(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[tuple[int, Answer]]:
        """The results of numbered jobs, in any order. Few jobs are taken in advance."""
        waiting: SimpleQueue[tuple[int, Job] | None] = SimpleQueue()
        done: SimpleQueue[tuple[int, Answer] | Failed] = SimpleQueue()
        threads = [Thread(target=_drive, args=(child, waiting, done), daemon=True) for child in self.children]
        for thread in threads:
            thread.start()
        left, ahead = iter(jobs), 0
        try:
            while True:
                while ahead < _AHEAD * self.workers and (job := next(left, None)):
                    waiting.put(job)
                    ahead += 1
                if not ahead:
                    return
                answer = done.get()
                if isinstance(answer, Failed):
                    raise answer.error
                ahead -= 1
                yield answer
        finally:
            for _ in threads:
                waiting.put(None)
            for child in self.children:
                child.close()


def _drive(
    child: WarmChild,
    waiting: SimpleQueue[tuple[int, Job] | None],
    done: SimpleQueue[tuple[int, Answer] | Failed],
) -> None:
    try:
        while job := waiting.get():
            done.put((job[0], child.answer(job[1])))
    except BaseException as error:
        done.put(Failed(error))
