"""Runs commands in turn and measures each run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from trees import git

STRUCTLINT = [str(Path(sys.executable).with_name("structlint"))]


class Run(NamedTuple):
    """A command and its working directory; `status` are the exit statuses that mean success."""

    command: Sequence[str]
    directory: Path
    status: tuple[int, ...] = (0,)
    environment: Mapping[str, str] = {}  # in addition to the common variables


class Cost(NamedTuple):
    """The cost of a run: wall time, processor time including child processes, and memory."""

    seconds: float
    processor_seconds: float
    megabytes: float


def environment(scratch: Path) -> dict[str, str]:
    """The environment of all runs, with the cache directories of Python and older versions of structlint."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(scratch / "pyc"), "XDG_CACHE_HOME": str(scratch / "cache")}


def timed(runs: Mapping[str, Run], rounds: int, environment: Mapping[str, str]) -> dict[str, list[Cost]]:
    """The cost of each contender in each round; the order is reversed after each round."""
    for tree in {run.directory for run in runs.values()}:
        if (tree / ".git").exists():
            git(tree, "status")  # updates the file times in the index for all contenders
    taken: dict[str, list[Cost]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name in list(runs)[:: 1 if number % 2 else -1]:
            cost = _cost(name, runs[name], environment)
            if number:
                taken[name].append(cost)
    return taken


def medians(taken: Mapping[str, Sequence[Cost]]) -> dict[str, Cost]:
    """The median costs of each contender."""
    return {name: Cost(*map(median, zip(*each, strict=True))) for name, each in taken.items()}


# The system counts the memory of the process that starts another one as memory of both, and the one that
# makes the trees is large.
_STARTER = """
import os, sys, time
report, *command = sys.argv[1:]
start = time.perf_counter()
process = os.posix_spawnp(command[0], command, os.environ)
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - start
with open(int(report), "w") as out:
    print(os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, file=out)
"""


def _cost(name: str, run: Run, environment: Mapping[str, str]) -> Cost:
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as out, os.fdopen(reading) as report:
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", _STARTER, str(writing), *run.command],
            cwd=run.directory,
            stdout=out,
            stderr=out,
            env={**environment, **run.environment},
            pass_fds=[writing],
            check=False,
        )
        os.close(writing)
        status, *measured = report.read().split() or ["no result"]
        if status not in map(str, run.status):
            out.seek(0)
            sys.exit(f"{name} ended with {status}: {out.read().decode()[-2000:]}")
    seconds, processor_seconds, memory = map(float, measured)
    return Cost(seconds, processor_seconds, memory / (1 << 20 if sys.platform == "darwin" else 1 << 10))
