"""The child process. It reads settings, then jobs, one per line, and prints results.

It ends, with all its processes, when its standard input ends: its parent has ended, or no longer
needs it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

from structlint.errors import CannotCheck
from structlint.fleet.judge import Answer, Job, failure, judge
from structlint.fleet.layouts import PackedLayout, unpack
from structlint.fleet.statuses import Status
from structlint.text.records import Record
from structlint.text.version import __version__

OUT_OF_MEMORY = 77  # the exit status


class Settings(Record):
    """The settings of a child process: its memory limit in bytes, and the imposed layouts."""

    memory: int
    layouts: tuple[PackedLayout, ...] = ()


class _Child:
    def __init__(self, settings: Settings) -> None:
        self.packed = {packed.digest: packed for packed in settings.layouts}
        self.layouts: dict[str, Any] = {}

    def answer(self, job: Job) -> Answer:
        if not job.layout:
            return judge(job, None, "")
        packed = self.packed[job.layout]
        if job.layout not in self.layouts:
            try:
                self.layouts[job.layout] = unpack(packed)
            except CannotCheck as error:
                return failure(Status.LAYOUT_ERROR, str(error))
            gc.freeze()
        return judge(job, self.layouts[job.layout], packed.name)


def main() -> None:
    """Runs the child process."""
    results, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else may be printed to it
    first = json.loads(sys.stdin.buffer.readline())
    settings = Settings(first["memory"], tuple(PackedLayout(*fields) for fields in first["layouts"]))
    _limit(settings.memory)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_read, args=(jobs,), daemon=True).start()
    child = _Child(settings)
    gc.freeze()

    def say(answer: Answer) -> None:
        results.write(json.dumps(answer).encode() + b"\n")
        results.flush()

    try:
        say({"ready": __version__})
        while True:
            say(child.answer(Job(*json.loads(jobs.get()))))
            gc.collect()  # ends the git processes of the repository
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _read(jobs: SimpleQueue[bytes]) -> None:
    """Passes on the lines of standard input, and ends the process and its children after the last."""
    for line in sys.stdin.buffer:
        jobs.put(line)
    os.killpg(0, signal.SIGKILL)


def _limit(memory: int) -> None:
    import resource

    for kind, number in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, most = resource.getrlimit(kind)
        number = number if most == resource.RLIM_INFINITY else min(number, most)
        with suppress(ValueError, OSError):  # macOS does not support a memory limit
            resource.setrlimit(kind, (number, number))


if __name__ == "__main__":
    main()
