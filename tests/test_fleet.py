"""`structlint fleet check`: valid and damaged repositories, and the stored results."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import Run
from fleet_repositories import LAYOUT, commit, git, make_mirror, rows, statuses

from structlint.cli.console import CommandConsole
from structlint.cli.fleet_check import _progress
from structlint.fleet.judge import Job
from structlint.fleet.pool import Limits, WarmChild
from structlint.fleet.run import Summary
from structlint.fleet.statuses import Status
from structlint.fleet.worker import Settings

pytest.importorskip("resource", reason="`fleet` needs a POSIX system")

from test_interruption import room_for  # also requires `resource`

CLEAN = {"README.md": "hi", "src/a.py": ""}
MEMORY = 700 << 20  # bytes that a child process needs


@pytest.fixture
def mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a clean repository and one with findings, and a layout next to it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org.yaml").write_text(LAYOUT)
    make_mirror(tmp_path / "m/clean.git", CLEAN)
    make_mirror(tmp_path / "m/team/bad.git", {"a.exe": ""})
    return tmp_path / "m"


def check(run: Run, *arguments: str) -> tuple[int, str, str]:
    """Runs `fleet check` with one worker and the layout."""
    more = ["--store", "s.sqlite", "--workers", "1", "--layout", "org.yaml"]
    result = run("fleet", "check", *more, *arguments)
    return result.status, result.out, result.err


def test_results_are_the_same_as_those_of_check(mirrors: Path, run: Run) -> None:
    (mirrors / "work").mkdir()
    git(mirrors / "work", "init", "-q")
    (mirrors / "work/x.exe").touch()
    git(mirrors / "work", "add", ".")
    git(mirrors / "work", "commit", "-qm", "x")
    status, out, _ = check(run, "m", "--workers", "2")
    assert (status, out) == (1, "3 repositories: 1 ok, 2 with findings (0 unchanged)\n")
    for place, name in (("m/clean.git", "clean"), ("m/team/bad.git", "team/bad"), ("m/work", "work")):
        alone = run("check", place, "--rev=HEAD", "--layout=org.yaml", "--output-format=json")
        query = (
            "SELECT name, finding.* FROM finding JOIN result ON result.id = result "
            "JOIN repo ON repo.id = repo"
        )
        keys = ("rule", "severity", "path", "which", "line", "message", "hint")
        stored = [
            {**dict(zip(keys, row[2:-1], strict=True)), **json.loads(str(row[-1]))}
            for row in rows(Path("s.sqlite"), query)
            if row[0] == name
        ]
        for finding in stored:
            del finding["which"]
        assert stored == json.loads(alone.out)["findings"]


def test_unchanged_repositories_are_not_checked_again(
    mirrors: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(run, "m")
    assert check(run, "m")[1] == "2 repositories: 1 ok, 1 with findings (2 unchanged)\n"
    commit(mirrors / "clean.git", {})
    assert check(run, "m")[:2] == (1, "2 repositories: 2 with findings (1 unchanged)\n")
    assert check(run, "m", "--recheck")[1].endswith("(0 unchanged)\n")
    assert check(run, "m", "--own-exceptions", "refuse")[1].endswith("(0 unchanged)\n")
    Path("org.yaml").write_text(LAYOUT + "limits: {depth: 1}\n")
    assert check(run, "m")[1].endswith("(0 unchanged)\n")
    with monkeypatch.context() as another_version:
        another_version.setattr("structlint.fleet.run.__version__", "0.0.1")
        assert check(run, "m")[1].endswith("(0 unchanged)\n")
    assert check(run, "m")[1].endswith("(2 unchanged)\n")
    assert rows(Path("s.sqlite"), "SELECT count(*), count(finished) FROM run") == [(8, 8)]


def test_unreadable_repositories_are_detected(mirrors: Path, run: Run) -> None:
    """Also if results are reused without running git."""
    kinds = ["pack", "configuration"] + ["owner"] * (not os.geteuid())
    places = {kind: make_mirror(mirrors / f"of/{kind}.git", CLEAN) for kind in kinds}
    for place in places.values():
        git(place, "repack", "-adq")
        git(place, "pack-refs", "--all")
    time.sleep(2.5)  # recently changed files are always checked again
    assert check(run, "m/of")[0] == 0
    assert rows(Path("s.sqlite"), "SELECT count(*) FROM state") == [(len(kinds),)]
    assert check(run, "m/of")[1] == f"{len(kinds)} repositories: {len(kinds)} ok ({len(kinds)} unchanged)\n"
    if "owner" in kinds:  # only root can give a repository to another user
        os.chown(places["owner"], 12345, 12345)
    (pack,) = (places["pack"] / "objects/pack").glob("*.pack")
    pack.unlink()
    git(places["configuration"], "config", "core.repositoryFormatVersion", "9")
    assert check(run, "m/of")[0] == 2
    assert statuses(Path("s.sqlite")) == {
        kind: "untrusted" if kind == "owner" else "unreadable" for kind in kinds
    }


def test_expired_exception_is_checked_again(mirrors: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Today(date):
        now = "2030-01-01"

        @classmethod
        def today(cls) -> Today:
            return cls.fromisoformat(cls.now)

    monkeypatch.setattr("structlint.fleet.run.date", Today)
    own = "tree: {a: }\nignore: [{rule: missing-file, path: /a, why: later, until: 2030-01-31}]\n"
    make_mirror(mirrors / "late.git", {"structlint.yaml": own})
    arguments = ("fleet", "check", "m/late.git", "--store", "s.sqlite", "--workers", "1")
    assert run(*arguments).out == "1 repository: 1 ok (0 unchanged)\n"
    Today.now = "2030-01-31"
    assert run(*arguments).out == "1 repository: 1 ok (1 unchanged)\n"
    Today.now = "2030-02-01"
    assert run(*arguments).out == "1 repository: 1 with findings (0 unchanged)\n"
    assert run(*arguments).out == "1 repository: 1 with findings (1 unchanged)\n"


def test_exceptions_are_counted_or_rejected(mirrors: Path, run: Run) -> None:
    accepted = {"version": 1, "findings": [{"rule": "missing-file", "path": "README.md"}]}
    files = {"structlint-baseline.json": json.dumps(accepted), "sub/structlint.yaml": "tree: {a.exe: }"}
    make_mirror(mirrors / "lax.git", {**files, "sub/a.exe": ""})
    hidden = (
        "SELECT errors, hidden_baseline, hidden_ignore, hidden_nested FROM result ORDER BY id DESC LIMIT 1"
    )
    check(run, "m/lax.git")
    assert rows(Path("s.sqlite"), hidden) == [(1, 1, 0, 0)]
    check(run, "m/lax.git", "--own-exceptions", "refuse")
    assert rows(Path("s.sqlite"), hidden) == [(2, 0, 0, 0)]


# --- Damaged repositories


def _make_missing_object(place: Path) -> None:
    make_mirror(place, CLEAN)
    name = git(place, "rev-parse", "main^{commit}").strip()
    git(place, "repack", "-adq")
    for pack in (place / "objects/pack").iterdir():
        pack.unlink()
    assert name


def _make_corrupt_pack(place: Path) -> None:
    make_mirror(place, CLEAN)
    git(place, "repack", "-adq")
    (pack,) = (place / "objects/pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:40] + b"x" * 40)


def _make_fifo(place: Path) -> None:
    make_mirror(place, CLEAN)
    git(place, "pack-refs", "--all")
    (place / "packed-refs").unlink()
    os.mkfifo(place / "packed-refs")


def _make_empty(place: Path) -> None:
    place.mkdir()
    git(place, "init", "-q", "--bare")


def _make_no_repository(place: Path) -> None:
    place.mkdir()


def _make_invalid_layout(place: Path) -> None:
    make_mirror(place, {"structlint.yaml": "tree: [\n"})


def _make_not_utf8(place: Path) -> None:
    make_mirror(place.with_name("\udcff[red]\n::error::.git"), {"README.md": "", "\udcfe.exe": ""})


def _make_promisor(place: Path) -> None:
    make_mirror(place, {**CLEAN, "big.bin": "x" * 1000})
    blob = git(place, "rev-parse", "main:big.bin").strip()
    git(place, "config", "remote.origin.url", "file:///nowhere")
    git(place, "config", "remote.origin.promisor", "true")
    git(place, "config", "extensions.partialClone", "origin")
    git(place, "repack", "-adq")
    git(place, "unpack-objects", "-q", text=_pack_without(place, blob))


def _pack_without(place: Path, blob: str) -> bytes:
    """Removes the packs of the repository, and returns a pack of all objects except one."""
    names = [line.split()[0] for line in git(place, "rev-list", "--objects", "--all").splitlines()]
    command = ["git", "pack-objects", "--stdout", "-q"]
    text = "".join(f"{name}\n" for name in names if name != blob).encode()
    pack = subprocess.run(command, cwd=place, input=text, capture_output=True, check=True).stdout
    for file in (place / "objects/pack").iterdir():
        file.unlink()
    return pack


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing-object": (_make_missing_object, "unreadable"),
    "corrupt-pack": (_make_corrupt_pack, "unreadable"),
    "empty": (_make_empty, "no-revision"),
    "no-repository": (_make_no_repository, "unreadable"),
    "promisor": (_make_promisor, "ok"),
}


def test_damaged_repositories_have_a_status(mirrors: Path, run: Run) -> None:
    for name, (make, _) in DAMAGED.items():
        make(mirrors / f"{name}.git")
    _make_not_utf8(mirrors / "x.git")
    status, _, err = check(run, "m")
    expected = {name: status for name, (_, status) in DAMAGED.items()}
    unusual_name = r'"\xff[red]\n::error::"'
    assert statuses(Path("s.sqlite")) == {
        **expected,
        "clean": "ok",
        "team/bad": "findings",
        unusual_name: "findings",
    }
    assert status == 2
    assert all(f"/m/{name}.git: {expected[name]}: " in err for name in expected if name != "promisor")
    assert not any(line.startswith("::") for line in err.splitlines())


def test_repository_that_hangs_has_a_status(mirrors: Path, run: Run) -> None:
    _make_fifo(mirrors / "fifo.git")
    status, _, err = check(run, "m/fifo.git", "--timeout", "1")
    assert (status, statuses(Path("s.sqlite"))) == (2, {"fifo": "timeout"})
    assert "/m/fifo.git: timeout: " in err


def test_invalid_layout_is_a_status(mirrors: Path, run: Run) -> None:
    _make_invalid_layout(mirrors / "wrong.git")
    result = run("fleet", "check", "m", "--store", "s.sqlite", "--workers", "1")
    assert result.status == 2
    assert statuses(Path("s.sqlite")) == {
        "clean": "no-layout",
        "team/bad": "no-layout",
        "wrong": "layout-error",
    }
    assert "wrong.git: layout-error: structlint.yaml:" in result.err


def test_repository_of_another_user(
    mirrors: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_mirror(mirrors / "foreign.git", CLEAN)
    (tmp_path / "bin").mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    script = 'case "$PWD" in */foreign.git) export GIT_TEST_ASSUME_DIFFERENT_OWNER=1;; esac'
    (tmp_path / "bin/git").write_text(f'#!/bin/sh\n{script}\nexec {real} "$@"\n')
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    status, _, err = check(run, "m")
    assert status == 2 and statuses(Path("s.sqlite"))["foreign"] == "untrusted"
    assert "foreign.git: untrusted: git does not trust" in err


def test_repository_exceeds_memory_limit(mirrors: Path, run: Run) -> None:
    large = make_mirror(mirrors / "eater.git", {"structlint.yaml": "x" * 10})
    blob = git(
        large, "-c", "core.compression=1", "hash-object", "-w", "--stdin", text=bytes(96 << 20)
    ).strip()
    tree = git(large, "mktree", text=f"100644 blob {blob}\tstructlint.yaml\n".encode()).strip()
    git(large, "update-ref", "refs/heads/main", git(large, "commit-tree", tree, "-m", "x").strip())
    result = run("fleet", "check", "m", "--store", "s.sqlite", "--workers", "1", "--memory", "250M")
    assert result.status == 2
    assert statuses(Path("s.sqlite")) == {"clean": "no-layout", "eater": "memory", "team/bad": "no-layout"}


# --- Child processes


@pytest.fixture
def child() -> Iterator[WarmChild]:
    child = WarmChild(Limits(60, Settings(MEMORY)))
    yield child
    child.close()


def test_killed_child_is_replaced(mirrors: Path, child: WarmChild) -> None:
    job = Job(str(mirrors / "clean.git"), today="2030-01-01")
    assert child.answer(job)["status"] == "no-layout"
    assert child._process
    first = child._process.pid
    os.kill(first, signal.SIGKILL)
    assert child.answer(job)["status"] == "no-layout"
    assert child._process and child._process.pid != first


def test_repository_that_crashes_twice_is_not_retried(
    mirrors: Path, child: WarmChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\necho x >> {tmp_path}/started\nkill -9 $PPID\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    answer = child.answer(Job(str(mirrors / "clean.git"), today="2030-01-01"))
    assert answer == {"status": "crashed", "message": "the child process was killed by signal 9"}
    assert (tmp_path / "started").read_text() == "x\n" * 2


def _processes_in(place: str) -> list[int]:
    """The processes whose current directory is in this directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.path.realpath(process / "cwd").startswith(place):
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="no /proc")
def test_run_continues_after_coordinator_is_killed(mirrors: Path, run: Run) -> None:
    _make_fifo(mirrors / "zz.git")  # the last repository hangs
    command = [sys.executable, "-P", "-m", "structlint", "fleet", "check", "m", "--layout", "org.yaml"]
    coordinator = subprocess.Popen(
        [*command, "--store", "s.sqlite", "--workers", "1"], stderr=subprocess.DEVNULL
    )
    hanging = str(mirrors / "zz.git")
    while not _processes_in(hanging):
        assert coordinator.poll() is None
    coordinator.kill()
    coordinator.wait()
    while _processes_in(hanging):
        pass  # the child processes exit when their standard input is closed
    assert statuses(Path("s.sqlite")) == {"clean": "ok", "team/bad": "findings"}
    (mirrors / "zz.git/packed-refs").unlink()
    commit(mirrors / "zz.git", CLEAN)
    assert check(run, "m")[1] == "3 repositories: 2 ok, 1 with findings (2 unchanged)\n"
    assert rows(Path("s.sqlite"), "SELECT id, finished IS NULL FROM run") == [(1, 1), (2, 0)]


# --- Progress


@pytest.mark.parametrize("terminal", [True, False])
def test_progress(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, one line is rewritten. Otherwise, a line is printed every ten seconds."""
    times, stream = iter(range(0, 100, 4)), io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("structlint.cli.fleet_check.monotonic", lambda: next(times))
    show, summary = _progress(CommandConsole()), Summary(4)
    for _ in range(4):
        summary.statuses[Status.OK] += 1
        show(summary)
    third = "3 of 4 repositories, 0.2/s, 4 s left"
    first = ["1 of 4 repositories, 0.2/s, 12 s left", "2 of 4 repositories, 0.2/s, 8 s left"]
    on_terminal = "".join(f"\r\x1b[K{line}" for line in (*first, third, "4 of 4 repositories, 0.2/s\n"))
    assert stream.getvalue() == (on_terminal if terminal else f"{third}\n")


# --- Lists


def test_list_formats(mirrors: Path, run: Run) -> None:
    Path("l.jsonl").write_text('{"path": "m/clean.git", "team": "a", "tags": ["x", "y"], "tier": 1}\n\n')
    Path("l.tsv").write_text("path\tteam\ttier\trev\nm/clean.git\tb\t2\tmain\r\n")
    for name, team, tier in (("l.jsonl", "a", "1"), ("l.tsv", "b", "2")):
        assert check(run, "--repos", name)[0] == 0
        ((stored, more),) = rows(Path("s.sqlite"), "SELECT team, more FROM repo")
        assert stored == team and json.loads(str(more))["tier"] == tier


def test_list_adds_teams_to_found_repositories(mirrors: Path, run: Run) -> None:
    Path("l.jsonl").write_text('{"path": "m/clean.git", "team": "a"}')
    assert check(run, "m", "--repos", "l.jsonl")[0] == 1
    assert rows(Path("s.sqlite"), "SELECT name, team FROM repo ORDER BY 1") == [
        ("clean", "a"),
        ("team/bad", ""),
    ]


def test_rows_that_cannot_be_checked_have_a_status(mirrors: Path, run: Run) -> None:
    Path("l.tsv").write_text(
        "path\tlayout\trev\nm/clean.git\tnowhere.yaml\t\nm/team/bad.git\t\tv9\nm/gone.git\t\t\n"
    )
    assert check(run, "--repos", "l.tsv")[0] == 2
    assert statuses(Path("s.sqlite")) == {
        "clean": "layout-error",
        "bad": "no-revision",
        "gone": "unreachable",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"path": "m/clean.git", "laoyut": "x"}', "l:1: unknown column `laoyut`; did you mean `layout`?"),
        ("path\tTeams\n", "l:1: unknown column `Teams`; did you mean `team`?"),
        ("a\tb\n", "l:1: no column `path`; begin with a line of headings between tabs, or use JSON lines"),
        ("path\tx\tx\n", "l:1: two columns have the same heading"),
        ("path\nm/clean.git\t1\n", "l:2: 2 columns, but 1 headings"),
        ('{"path": "m/clean.git"}\n{"name": "x"}', "l:2: no `path`; give the directory of the repository"),
        ('{"path": "m/clean.git"', "l:1: invalid JSON: "),
        ('{"path": "a", "path": "b"}', "l:1: invalid JSON: the same name is used twice in an object"),
        ('{"path": 1}', "l:1: `path` is not a string"),
        ('{"path": "m/clean.git"}\n[]', 'l:2: expected an object such as {"path": "a.git"}'),
        (
            '{"path": "m/clean.git"}\n{"path": "m/clean.git", "team": "b"}',
            "was listed before with other values",
        ),
        ("", "--repos l: lists no repository"),
    ],
)
def test_invalid_lists(mirrors: Path, run: Run, text: str, message: str) -> None:
    Path("l").write_text(text)
    status, out, err = check(run, "--repos", "l")
    assert (status, out) == (2, "") and message in err
    assert not Path("s.sqlite").exists()


def test_duplicate_repository_is_checked_once(mirrors: Path, run: Run) -> None:
    status, out, err = check(run, "m/clean.git", "m/../m/clean.git")
    assert (status, out) == (0, "1 repository: 1 ok (0 unchanged)\n")
    assert err.startswith(f"note: `{mirrors}/clean.git` was listed twice; checked once\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected REPO, DIRECTORY or --repos; give a directory with mirrors"),
        (["src"], "no repository found in `src`; give a directory with mirrors"),
        (["m", "--layout", "pyton"], "unknown layout `pyton`; did you mean `python`?"),
        (["m", "--memory", "2X"], "`2X` is not a size such as 512M or 2G"),
        (["m", "--engine", "ray"], "unknown engine `ray`; use `local` or `dask=tcp://HOST:PORT`"),
        (["m", "--repos", "gone"], "--repos gone: No such file or directory"),
        (["m", "--layout", ""], "--layout is empty; give a value, or omit it"),
        (["m", "--rev", ""], "--rev is empty; give a value, or omit it"),
        (["m", "--store", ""], "--store is empty; give a value, or omit it"),
        ([""], "the name of a directory is empty; give a directory with mirrors"),
        (["m", "--memory", "20M"], "a child process did not start"),
    ],
)
def test_invalid_options(mirrors: Path, run: Run, arguments: list[str], message: str) -> None:
    Path("src").mkdir()
    result = run("fleet", "check", "--store", "s.sqlite", *arguments)
    assert (result.status, result.out) == (2, "") and message in result.err


def test_path_that_does_not_exist_has_a_status(mirrors: Path, run: Run) -> None:
    assert check(run, "m/gone", "m/clean.git")[0] == 2
    assert statuses(Path("s.sqlite")) == {"clean": "ok", "m/gone": "unreachable"}


# --- The store


def test_file_that_is_not_a_store_is_not_changed(mirrors: Path, run: Run) -> None:
    import sqlite3

    Path("s.sqlite").write_text("precious" * 1000)
    assert "is not a store of `structlint fleet`" in check(run, "m")[2]
    assert Path("s.sqlite").read_text() == "precious" * 1000
    Path("s.sqlite").unlink()
    database = sqlite3.connect("s.sqlite")
    database.execute("CREATE TABLE mine (a)")
    database.close()
    status, _, err = check(run, "m")
    assert status == 2 and "is not a store of `structlint fleet`; name another file" in err
    assert rows(Path("s.sqlite"), "SELECT name FROM sqlite_master") == [("mine",)]


def test_store_of_a_newer_version(mirrors: Path, run: Run) -> None:
    check(run, "m")
    rows(Path("s.sqlite"), "PRAGMA user_version = 9")
    status, _, err = check(run, "m")
    assert status == 2
    assert "the store `s.sqlite` has version 9, and this structlint reads up to 1; update structlint" in err


def test_store_is_locked_by_another_run(mirrors: Path, run: Run) -> None:
    import fcntl

    with Path("s.sqlite-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, err = check(run, "m")
    assert status == 2 and "another run uses the store `s.sqlite`; wait for it, or use another store" in err
    assert check(run, "m")[0] == 1


def test_full_disk_keeps_stored_results(mirrors: Path, run: Run) -> None:
    check(run, "m/clean.git")
    with room_for(40 << 10):
        make_mirror(mirrors / "many.git", {f"{'x' * 100}{number}.exe": "" for number in range(500)})
        status, out, err = check(run, "m")
    assert (status, out) == (2, "")
    assert "cannot use the store `s.sqlite`: " in err and "earlier results are kept" in err
    assert rows(Path("s.sqlite"), "PRAGMA integrity_check") == [("ok",)]
    assert rows(Path("s.sqlite"), "SELECT count(*) FROM run WHERE finished IS NOT NULL") == [(1,)]
    assert check(run, "m")[:2] == (1, "3 repositories: 1 ok, 2 with findings (1 unchanged)\n")


def test_store_is_not_written_through_a_link_in_a_repository(mirrors: Path, run: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    Path("s.sqlite").symlink_to("elsewhere")
    status, _, err = check(run, "m")
    assert status == 2 and "cannot write `s.sqlite`" in err
    assert not Path("elsewhere").exists()
