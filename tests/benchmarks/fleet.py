"""Measures `structlint fleet` on many repositories, and compares its results with those of `check`.

    python tests/benchmarks/fleet.py --repositories 10000 --scratch DIR

creates repositories (variants of 100 base repositories) and prints the cost per repository of each kind of
run: on this machine, with no change and with some changes, on a Dask cluster of two worker processes if
`distributed` is installed, and with one process per repository. Then it kills a worker of the cluster each
second for 20 seconds, and the coordinator at random times. All measurements are made in one run, so that the
ratios are valid on a slow machine. The exit status is 1 if results differ, a repository is missing or
duplicated, a child process is left, or the coordinator takes more than 300 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha1
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

from fleet_repositories import git, make_mirror, rows  # noqa: E402 - beside `benchmarks`

STRUCTLINT = [sys.executable, "-P", "-m", "structlint"]
BASES = 100
LAYOUT = """\
tree:
  .: {unlisted: forbid}
  README.md:
  .gitignore?:
  LICENSE?:
  pyproject.toml?:
  src/: {.: {unlisted: allow}}
  tests/?: {.: {unlisted: allow}}
  variant?:
forbid: {'*.exe': never}
"""


MOST_MEGABYTES = 300
LAST = "WHERE run = (SELECT max(id) FROM run)"


class Measured(NamedTuple):
    """The cost of a command: seconds, processor seconds of all ended processes, and the peak memory of its
    first process in MB.
    """

    seconds: float
    processor: float
    megabytes: float
    out: str


def main() -> int:
    """Runs everything and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=300, help="repositories compared with `check`")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=20, help="how long a worker is killed each second")
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--report", type=Path, help="write the HTML report of the last run here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as place:
        os.chdir(place)
        Path("org.yaml").write_text(LAYOUT)
        begun = time.perf_counter()
        make(given.repositories)
        show(f"made {given.repositories:,} repositories in {time.perf_counter() - begun:.0f} s\n")
        wrong = measure(given.repositories)
        show(f"\nstore: {Path('two.sqlite').stat().st_size / 1e6:.1f} MB after 3 runs")
        if given.report:
            report = ("fleet", "report", "--store", "two.sqlite", "--format", "html")
            subprocess.run([*STRUCTLINT, *report, "-o", str(given.report)], check=True)
        wrong += kill(given.repositories, given.kills)
        wrong += compare(min(given.samples, given.repositories))
        if find_spec("distributed"):
            wrong += kill_workers(given.repositories, given.seconds)
        show("\n".join(wrong) or "all results are the same")
    return int(bool(wrong))


def show(line: str) -> None:
    """Prints a line without buffering, so that it is not lost if this program is stopped."""
    print(line, flush=True)


# --- Repositories


def make(number: int) -> None:
    """Creates 100 repositories, and copies of them with one more commit each."""
    trees = []
    for base in range(min(BASES, number)):
        place = make_mirror(Path(f"bases/{base}.git"), files(random.Random(base)))
        git(place, "repack", "-adq")
        command = ["git", "cat-file", "tree", "main^{tree}"]
        trees.append(subprocess.run(command, cwd=place, capture_output=True, check=True).stdout)
    for at in range(number):
        place = Path(f"m/team{at % 17}/r{at}.git")
        shutil.copytree(f"bases/{at % BASES}.git", place, copy_function=os.link)
        for name in ("HEAD", "config", "refs/heads/main"):  # these files are not shared
            text = (place / name).read_bytes()
            (place / name).unlink()
            (place / name).write_bytes(text)
        vary(place, trees[at % BASES], at)
    listed = ({"path": f"m/team{at % 17}/r{at}.git", "team": f"team {at % 17}"} for at in range(number))
    Path("l.jsonl").write_text("\n".join(map(json.dumps, listed)))


def vary(place: Path, tree: bytes, number: int) -> None:
    """Adds a commit with a file `variant` as the last entry of the tree, without starting a process."""
    blob = write(place, b"blob", f"{number}".encode())
    tree = tree + b"100644 variant\0" + bytes.fromhex(blob)
    parent = (place / "refs/heads/main").read_text()
    who = "t <t@t> 0 +0000"
    text = f"tree {write(place, b'tree', tree)}\nparent {parent}author {who}\ncommitter {who}\n\n"
    (place / "refs/heads/main").write_text(write(place, b"commit", text.encode()) + "\n")


def write(place: Path, kind: bytes, data: bytes) -> str:
    """Writes a git object and returns its name."""
    data = b"%b %d\0%b" % (kind, len(data), data)
    name = sha1(data, usedforsecurity=False).hexdigest()
    file = place / "objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(data, 1))
    return name


def files(seeded: random.Random) -> dict[str, str | bytes]:
    """The files of a repository: from 10 to 1,000, usually few."""
    count = int(10 ** (1 + 2 * seeded.random() ** 2))
    found: dict[str, str | bytes] = {
        f"src/p{at % 12}/m{at}.py": f"import os\n# {at}\n" for at in range(count)
    }
    found |= {"README.md": "# x\n", "pyproject.toml": "[project]\nname = 'x'\n", ".gitignore": ".env\n"}
    found |= {f"tests/test_{at}.py": "" for at in range(count // 5)}
    if seeded.random() < 0.2:
        found |= {"setup.exe": "", "notes.txt": ""}
    return found


def change(place: Path, number: int, name: str = "variant") -> None:
    """Adds a commit with a file."""
    data = f"{number}".encode()
    stream = b"commit refs/heads/main\ncommitter t <t@t> 0 +0000\ndata 0\nfrom refs/heads/main^0\n"
    file = f"M 644 inline {name}\ndata {len(data)}\n".encode()
    git(place, "fast-import", "--quiet", text=stream + file + data + b"\n")


# --- Measurements


def run(*arguments: str) -> Measured:
    """Runs a command and watches the memory of its first process."""
    begun, used, most = time.perf_counter(), used_processor(), 0
    process = subprocess.Popen([*STRUCTLINT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    status = Path(f"/proc/{process.pid}/status")
    while True:
        try:
            out, err = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            if status.exists() and (line := status.read_text().partition("VmHWM:")[2]):
                most = int(line.split()[0])
    assert process.returncode in (0, 1), err.decode()
    return Measured(time.perf_counter() - begun, used_processor() - used, most / 1000, out.decode())


def used_processor() -> float:
    """The processor seconds of all ended child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def check(store: str, *arguments: str) -> Measured:
    """Runs `fleet check` on all repositories."""
    return run("fleet", "check", "--repos", "l.jsonl", "--layout", "org.yaml", "--store", store, *arguments)


def measure(number: int) -> list[str]:
    """Prints the cost of each kind of run; returns the problems."""
    few = [f"m/team{at % 17}/r{at}.git" for at in range(0, number, max(1, number // 50))]
    alone = [run("check", place, "--rev", "HEAD", "--layout", "org.yaml") for place in few]
    seconds, used = (sum(each) / len(alone) for each in zip(*(one[:2] for one in alone), strict=True))
    show(f"{'':<20}   wall  processors, ms a repository")
    show(f"{'a process each':<20}{1000 * seconds:7.2f} {1000 * used:7.2f}")
    wrong = []

    def cost(name: str, ran: Measured) -> None:
        wall, processor = 1000 * ran.seconds / number, 1000 * ran.processor / number
        ratio = f"{1000 * seconds / wall:7.1f} times as fast {ran.megabytes:6.0f} MB"
        show(f"{name:<20}{wall:7.2f} {processor:7.2f} {ratio}")
        if ran.megabytes > MOST_MEGABYTES:
            wrong.append(f"{name}: the coordinator took {ran.megabytes:.0f} MB")

    cost("local, 1 child", check("one.sqlite", "--workers", "1"))
    cost("local, 2 children", check("two.sqlite", "--workers", "2"))
    cost("nothing changed", check("two.sqlite", "--workers", "2"))
    for at in range(0, number, 20):
        change(Path(f"m/team{at % 17}/r{at}.git"), at, "new.exe" if at % 3 else "tests/new.py")
    cost("5 % changed", check("two.sqlite", "--workers", "2"))
    check("one.sqlite", "--workers", "2")
    stores = ["two.sqlite"]
    if find_spec("distributed"):
        with cluster() as (address, _):  # the processor time of its workers is unknown
            cost("Dask, 2 workers", check("dask.sqlite", "--engine", f"dask={address}"))
        stores.append("dask.sqlite")
    report = run("fleet", "report", "--store", "two.sqlite", "--format", "json", "-o", "report.json")
    show(f"{'report as JSON':<20}{report.seconds:7.2f} s {report.megabytes:34.0f} MB")
    for store in stores:
        wrong += differences(store, number)
    return wrong


def differences(store: str, number: int) -> list[str]:
    """The problems of the last run in a store: it should have each repository once, with the findings of
    `one.sqlite`.
    """
    wrong = [] if findings(store) == findings("one.sqlite") else [f"{store}: other findings"]
    query = f"SELECT count(DISTINCT result), count(DISTINCT repo) FROM run_result {LAST}"  # noqa: S608
    ((once, each),) = rows(Path(store), query)
    if (once, each) != (number, number):
        wrong.append(f"{store}: {each} repositories, {once} results, expected {number}")
    return wrong


def findings(store: str) -> list[tuple[object, ...]]:
    """The findings of the last run."""
    columns = "name, rule, severity, finding.path, which, line, finding.message, hint"
    return rows(
        Path(store),
        f"SELECT {columns} FROM run_result JOIN repo ON repo.id = run_result.repo "  # noqa: S608
        "JOIN finding ON finding.result = run_result.result "
        f"{LAST} ORDER BY 1, 2, 4, 5, 6",
    )


@contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Starts a scheduler and two workers; yields the address and the workers."""
    Path("scheduler.json").unlink(missing_ok=True)
    scheduler = dask("scheduler", "--host=127.0.0.1", "--port=0")
    workers: list[subprocess.Popen[bytes]] = []
    try:
        wait(lambda: Path("scheduler.json").exists() and bool(Path("scheduler.json").read_text().strip()))
        workers += (worker(), worker())
        yield json.loads(Path("scheduler.json").read_text())["address"], workers
    finally:
        for process in (scheduler, *workers):
            end(process)


def worker() -> subprocess.Popen[bytes]:
    """Starts a worker."""
    return dask("worker", "--nthreads=1", "--memory-limit=0", "--no-nanny", "--death-timeout=600")


def dask(kind: str, *options: str) -> subprocess.Popen[bytes]:
    """Starts a process of a cluster."""
    more = ("--scheduler-file=scheduler.json", "--no-dashboard", *options)
    command = [sys.executable, "-P", "-m", f"distributed.cli.dask_{kind}", *more]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kills a process and its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait(ready: Callable[[], bool]) -> None:
    """Waits for a condition."""
    while not ready():
        time.sleep(0.05)


# --- Comparison with `check`, and killed processes


def compare(number: int) -> list[str]:
    """Compares the results for a sample with those of `structlint check`."""
    document = json.loads(Path("report.json").read_text())
    sample = random.Random(1).sample(document["repositories"], number)
    different = []
    for one in sample:
        out = run("check", one["path"], "--rev=HEAD", "--layout=org.yaml", "--output-format=json").out
        if json.loads(out)["findings"] != one["findings"]:
            different.append(f"{one['name']} differs from `check`")
    show(f"compared {number:,} repositories with `check`: {len(different)} differ")
    return different


def kill(number: int, times: int) -> list[str]:
    """Kills the coordinator repeatedly, and lets the last one finish."""
    seeded, wrong = random.Random(2), []
    options = ("--repos=l.jsonl", "--layout=org.yaml", "--store=killed.sqlite")
    command = [*STRUCTLINT, "fleet", "check", *options]
    for _ in range(times):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5 + number / 2000 * seeded.random() + 2 * seeded.random())
        process.kill()
        process.wait()
        wrong += left("after a kill")
    done = stored("killed.sqlite")
    check("killed.sqlite")
    show(f"killed {times} times, after which {done:,} results were there, then finished")
    if stored("killed.sqlite") != number:
        wrong.append(f"{stored('killed.sqlite')} results for {number} repositories")
    return wrong + differences("killed.sqlite", number)


def kill_workers(number: int, seconds: int) -> list[str]:
    """Kills a worker of a cluster each second and starts another one."""
    store, times = "dying.sqlite", 0
    with cluster() as (address, workers), ThreadPoolExecutor() as threads:
        ran = threads.submit(check, store, "--engine", f"dask={address}")
        wait(lambda: stored(store) > 0 or ran.done())
        before = stored(store)
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ran.done():
            end(workers.pop(0))
            workers.append(worker())
            times += 1
            time.sleep(1)
        meanwhile = stored(store) - before
        ran.result()
    show(f"killed a worker {times} times; meanwhile {meanwhile:,} results came, then the others")
    return left("of killed workers") + differences(store, number)


def left(when: str) -> list[str]:
    """Waits for all child processes to end; returns a problem if they do not."""
    until = time.monotonic() + 10  # a child process ends when its input is closed
    while children() and time.monotonic() < until:
        time.sleep(0.1)
    return [f"{children()} children are left {when}"] if children() else []


def stored(store: str) -> int:
    """The number of results in a store."""
    try:
        ((count,),) = rows(Path(store), "SELECT count(*) FROM result")
    except sqlite3.Error:
        return 0
    return int(str(count))


def children() -> int:
    """The number of child processes of `fleet` that are left."""
    here, count = os.path.realpath("."), 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, there = (process / "cmdline").read_bytes(), os.path.realpath(process / "cwd")
        except OSError:
            continue
        count += b"structlint.fleet.worker" in command and there == here
    return count


if __name__ == "__main__":
    sys.exit(main())
