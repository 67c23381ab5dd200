"""Measures `structlint fleet` on many repositories, and compares its results with those of `check`.

    python tests/benchmarks/fleet.py --repositories 10000 --scratch DIR

makes repositories (variants of 100 that it makes too), and prints what each run costs a repository: on this
machine, with nothing and with a part changed, on a Dask cluster of two worker processes if `distributed` is
installed, and as one process for each repository. It also kills the coordinator at random moments. Everything
is in one run of this program, so that ratios hold even where the machine is slow. Exits with 1 if results
differ.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

from fleet_repositories import git, mirror, rows  # noqa: E402 - beside `benchmarks`

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


class Ran(NamedTuple):
    """What a command took: seconds, and the most memory of its first process in MB."""

    seconds: float
    megabytes: float
    out: str


def main() -> int:
    """Runs everything and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=300, help="repositories compared with `check`")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--report", type=Path, help="write the HTML report of the last run here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as place:
        os.chdir(place)
        Path("org.yaml").write_text(LAYOUT)
        begun = time.perf_counter()
        make(given.repositories)
        print(f"made {given.repositories:,} repositories in {time.perf_counter() - begun:.0f} s\n")
        wrong = measure(given.repositories) + compare(min(given.samples, given.repositories))
        wrong += kill(given.repositories, given.kills)
        print(f"\nstore: {Path('two.sqlite').stat().st_size / 1e6:.1f} MB after 3 runs")
        if given.report:
            report = ("fleet", "report", "--store", "two.sqlite", "--format", "html")
            subprocess.run([*STRUCTLINT, *report, "-o", str(given.report)], check=True)
        print("\n".join(wrong) or "all results are the same")
    return int(bool(wrong))


# --- Repositories


def make(number: int) -> None:
    """Makes 100 repositories, and copies of them with another commit each."""
    for base in range(min(BASES, number)):
        place = mirror(Path(f"bases/{base}.git"), files(random.Random(base)))
        git(place, "repack", "-adq")
    for at in range(number):
        place = Path(f"m/team{at % 17}/r{at}.git")
        shutil.copytree(f"bases/{at % BASES}.git", place, copy_function=os.link)
        for name in ("HEAD", "config", "refs/heads/main"):  # these are not shared
            text = (place / name).read_bytes()
            (place / name).unlink()
            (place / name).write_bytes(text)
        change(place, at)
    listed = ({"path": f"m/team{at % 17}/r{at}.git", "team": f"team {at % 17}"} for at in range(number))
    Path("l.jsonl").write_text("\n".join(map(json.dumps, listed)))


def files(seeded: random.Random) -> dict[str, str | bytes]:
    """The files of a repository: from 10 to 1,000, most have few."""
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


# --- Measures


def run(*arguments: str) -> Ran:
    """Runs a command; watches the memory of its first process."""
    begun, most = time.perf_counter(), 0
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
    return Ran(time.perf_counter() - begun, most / 1000, out.decode())


def check(store: str, *arguments: str) -> Ran:
    """Runs `fleet check` on all repositories."""
    return run("fleet", "check", "--repos", "l.jsonl", "--layout", "org.yaml", "--store", store, *arguments)


def measure(number: int) -> list[str]:
    """Prints what each way costs; returns what differs."""
    costs = {
        "local, 1 child": check("one.sqlite", "--workers", "1"),
        "local, 2 children": check("two.sqlite", "--workers", "2"),
        "nothing changed": check("two.sqlite", "--workers", "2"),
    }
    for at in range(0, number, 20):
        change(Path(f"m/team{at % 17}/r{at}.git"), at, "new.exe" if at % 3 else "tests/new.py")
    costs["5 % changed"] = check("two.sqlite", "--workers", "2")
    check("one.sqlite", "--workers", "2")
    stores = ["one.sqlite", "two.sqlite"]
    if find_spec("distributed"):
        with cluster() as address:
            costs["Dask, 2 workers"] = check("dask.sqlite", "--engine", f"dask={address}")
        stores.append("dask.sqlite")
    few = [f"m/team{at % 17}/r{at}.git" for at in range(0, number, max(1, number // 50))]
    alone = [run("check", place, "--rev", "HEAD", "--layout", "org.yaml").seconds for place in few]
    each = {name: 1000 * cost.seconds / number for name, cost in costs.items()}
    each["a process each"] = 1000 * sum(alone) / len(alone)
    for name, milliseconds in each.items():
        ratio = each["a process each"] / milliseconds
        memory = f"{costs[name].megabytes:6.0f} MB" if name in costs else ""
        print(f"{name:<20}{milliseconds:9.2f} ms a repository {ratio:7.1f} times as fast {memory}")
    report = run("fleet", "report", "--store", "two.sqlite", "--format", "json", "-o", "report.json")
    print(f"{'report as JSON':<20}{report.seconds:9.2f} s {report.megabytes:36.0f} MB")
    first = findings(stores[0])
    return [f"{store} differs from {stores[0]}" for store in stores[1:] if findings(store) != first]


def findings(store: str) -> list[tuple[object, ...]]:
    """All findings of the last run."""
    columns = "name, rule, severity, finding.path, which, line, finding.message, hint"
    return rows(
        Path(store),
        f"SELECT {columns} FROM run_result JOIN repo ON repo.id = run_result.repo "  # noqa: S608
        "JOIN finding ON finding.result = run_result.result "
        "WHERE run = (SELECT max(id) FROM run) ORDER BY 1, 2, 4, 5, 6",
    )


@contextmanager
def cluster() -> Iterator[str]:
    """A scheduler and two workers as processes."""
    worker = ("--nthreads=1", "--no-dashboard", "--memory-limit=0")
    commands = [
        ("distributed.cli.dask_scheduler", "--host=127.0.0.1", "--no-dashboard", "--port=0"),
        ("distributed.cli.dask_worker", *worker),
        ("distributed.cli.dask_worker", *worker),
    ]
    started = []
    try:
        for module, *options in commands:
            command = [sys.executable, "-P", "-m", module, "--scheduler-file=scheduler.json", *options]
            started.append(
                subprocess.Popen(
                    command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
                )
            )
            wait(lambda: Path("scheduler.json").exists() and bool(Path("scheduler.json").read_text().strip()))
        yield json.loads(Path("scheduler.json").read_text())["address"]
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait(ready: Callable[[], bool]) -> None:
    """Waits for something."""
    while not ready():
        time.sleep(0.05)


# --- The same results as `check`, and after any death


def compare(number: int) -> list[str]:
    """Compares the results of a sample with those of `structlint check`."""
    document = json.loads(Path("report.json").read_text())
    sample = random.Random(1).sample(document["repositories"], number)
    different = []
    for one in sample:
        out = run("check", one["path"], "--rev=HEAD", "--layout=org.yaml", "--output-format=json").out
        if json.loads(out)["findings"] != one["findings"]:
            different.append(f"{one['name']} differs from `check`")
    print(f"\ncompared {number:,} repositories with `check`: {len(different)} differ")
    return different


def kill(number: int, times: int) -> list[str]:
    """Kills the coordinator again and again, and lets the last one finish."""
    seeded, wrong = random.Random(2), []
    options = ("--repos=l.jsonl", "--layout=org.yaml", "--store=killed.sqlite")
    command = [*STRUCTLINT, "fleet", "check", *options]
    for _ in range(times):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5 + 2 * seeded.random())
        process.kill()
        process.wait()
        until = time.monotonic() + 10  # a child ends when it has read the end of its input
        while children() and time.monotonic() < until:
            time.sleep(0.1)
        if left := children():
            wrong.append(f"{left} children are left after a kill")
    done = stored("killed.sqlite")
    check("killed.sqlite")
    print(f"killed {times} times, after which {done:,} results were there, then finished")
    if findings("killed.sqlite") != findings("one.sqlite"):
        wrong.append("the results after the kills differ")
    if stored("killed.sqlite") != number:
        wrong.append(f"{stored('killed.sqlite')} results for {number} repositories")
    return wrong


def stored(store: str) -> int:
    """The number of results in a store."""
    try:
        ((count,),) = rows(Path(store), "SELECT count(*) FROM result")
    except sqlite3.Error:
        return 0
    return int(str(count))


def children() -> int:
    """The number of child processes of `fleet` that this program's coordinators have left."""
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
