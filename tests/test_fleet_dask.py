"""`structlint fleet check --engine dask=` on a local cluster and with separate processes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from conftest import Run
from fleet_repositories import LAYOUT, make_mirror, rows, statuses

pytest.importorskip("distributed", reason="the extra `fleet` is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # warnings of other packages

NUMBER = 12  # of repositories


@pytest.fixture
def mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Repositories with a finding in every third one, and an empty repository."""
    monkeypatch.chdir(tmp_path)
    Path("org.yaml").write_text(LAYOUT)
    for number in range(NUMBER):
        make_mirror(
            tmp_path / f"m/r{number}.git", {"README.md": "", **({"a.exe": ""} if number % 3 == 0 else {})}
        )
    (tmp_path / "m/empty.git").mkdir()
    return tmp_path / "m"


@contextmanager
def start_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@contextmanager
def scheduler_process(place: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Starts a scheduler without workers; yields the process and the address."""
    file = place / "scheduler.json"
    options = ("--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
    with start_process("distributed.cli.dask_scheduler", *options) as started:
        while not file.exists() or not file.read_text().strip():
            assert started.poll() is None
        yield started, json.loads(file.read_text())["address"]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler."""
    with scheduler_process(tmp_path) as (_, address):
        yield address


def worker_arguments(address: str) -> tuple[str, ...]:
    options = ("--nthreads=1", "--no-dashboard", "--no-nanny", "--memory-limit=0", "--death-timeout=600")
    return ("distributed.cli.dask_worker", address, *options)


def check(run: Run, address: str, store: str) -> tuple[int, str]:
    result = run(
        *("fleet", "check", "m", "--layout=org.yaml", f"--store={store}", f"--engine=dask={address}")
    )
    return result.status, result.out + result.err


def same_as_local(run: Run, store: str) -> bool:
    """Whether a store has the same results as a local run."""
    run("fleet", "check", "m", "--layout=org.yaml", "--store=local", "--workers=1")
    query = (
        "SELECT name, finding.* FROM finding JOIN result ON result.id = result JOIN repo ON repo.id = repo"
    )

    def content(name: str) -> object:
        found = sorted((row[0], *map(str, row[2:])) for row in rows(Path(name), query))
        return found, statuses(Path(name)), rows(Path(name), "SELECT count(*) FROM result")

    return content(store) == content("local")


def test_local_cluster(mirrors: Path, run: Run) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        status, out = check(run, cluster.scheduler_address, "s")
        assert status == 2 and f"{NUMBER + 1} repositories: 8 ok, 4 with findings, 1 unreadable" in out
        assert "(12 unchanged)" in check(run, cluster.scheduler_address, "s")[1]
    assert statuses(Path("s"))["r0"] == "findings"


def count_results() -> int:
    """The number of results in the store `s`."""
    try:
        ((number,),) = rows(Path("s"), "SELECT count(*) FROM run_result") if Path("s").exists() else [(0,)]
    except sqlite3.Error:  # the tables do not exist yet
        return 0
    return int(str(number))


KILLING_SCRIPT = """
import sqlite3, subprocess, sys, time

def results():
    try:
        database = sqlite3.connect("file:s?mode=ro", uri=True)
        return database.execute("SELECT count(*) FROM run_result").fetchone()[0]
    except sqlite3.Error:
        return 0

for number in (1, 4, 7, 10, 99):
    worker = subprocess.Popen([sys.executable, "-P", "-m", *sys.argv[1:]])
    while results() < number:
        time.sleep(0.01)
    worker.kill()
"""


def test_killed_workers(mirrors: Path, run: Run, scheduler: str) -> None:
    """A worker that is repeatedly killed does not change the results."""
    killer = subprocess.Popen(
        [sys.executable, "-c", KILLING_SCRIPT, *worker_arguments(scheduler)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status, out = check(run, scheduler, "s")
    finally:
        os.killpg(killer.pid, signal.SIGKILL)
        killer.wait()
    assert status == 2 and "8 ok, 4 with findings, 1 unreadable" in out
    assert same_as_local(run, "s")


@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_lost_cluster(
    mirrors: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Results are stored, and the same command continues from there."""
    monkeypatch.setattr("structlint.fleet.dask_engine._LOOK", 0.2)
    make_mirror(mirrors / "z.git", {"README.md": ""})
    os.mkfifo(mirrors / "z.git/packed-refs")  # the last repository hangs
    with (
        scheduler_process(tmp_path) as (started, address),
        start_process(*worker_arguments(address)) as working,
    ):

        def kill() -> None:
            while count_results() <= NUMBER:
                time.sleep(0.05)
            monkeypatch.setattr("structlint.fleet.dask_engine._SECONDS_WITHOUT_WORKERS", 1)
            os.killpg((started if lost == "scheduler" else working).pid, signal.SIGKILL)

        Thread(target=kill, daemon=True).start()
        status, out = check(run, address, "s")
    expected = "no longer responds; " if lost == "scheduler" else "has lost all workers; start some"
    assert status == 2 and expected in out and "run the same command again to continue" in out
    (mirrors / "z.git/packed-refs").unlink()
    result = run("fleet", "check", "m", "--layout=org.yaml", "--store=s", "--workers=1")
    assert "9 ok, 4 with findings, 1 unreadable (12 unchanged)" in result.out


def test_worker_of_another_version_is_rejected(mirrors: Path, run: Run, scheduler: str) -> None:
    site = mirrors.parent / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text("import structlint.text.version as v\nv.__version__ = '0.0.1'\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(site))
        with start_process(*worker_arguments(scheduler)):
            status, out = check(run, scheduler, "s")
    assert status == 2 and "has structlint 0.0.1, but this is " in out
    assert not Path("s").exists()


def test_scheduler_does_not_answer(mirrors: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("structlint.fleet.dask_engine._SECONDS_TO_CONNECT", 1)
    status, out = check(run, "tcp://127.0.0.1:9", "s")
    assert status == 2 and "no Dask scheduler answers at `tcp://127.0.0.1:9`" in out
    assert not Path("s").exists()


def test_scheduler_without_workers(
    mirrors: Path, run: Run, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("structlint.fleet.dask_engine._SECONDS_WITHOUT_WORKERS", 1)
    status, out = check(run, scheduler, "s")
    assert status == 2 and "has no workers; start some with `dask worker`" in out
