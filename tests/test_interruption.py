"""Whatever writes is interrupted, or has no room: what was there stays whole, and nothing else is left."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Run, write
from test_perform import snapshot

from structlint.fix.journal import journal_of
from structlint.report import FORMATS

SOURCE = Path(__file__).parents[1] / "src"
MARKED = "# Shop\n\n<!-- structlint:tree -->\n<!-- /structlint:tree -->\n"
COMPOSE = "services:\n" + "".join(f"  s{n}: {{image: a, ports: ['{8000 + n}:80']}}\n" for n in range(300))
LAYOUT = """\
names: {s: kebab-case}
tree:
  README.md: Start here, and read on where what you look for is said in so many words that a line is long
  compose.yaml?:
  docs/: {a.md?: , "*.txt": }
  services/: {<s>/: {README.md: What it does, src/: }}
"""
FILES = {
    "structlint.yaml": LAYOUT,
    "README.md": MARKED,
    "compose.yaml": COMPOSE,
    "services/one/README.md": "",
    "services/one/src/a.py": "",
    **{f"stray{number}.txt": "" for number in range(80)},
    **{f"docs/{number}-{'x' * 20}.txt": "" for number in range(80)},
}
REPORTS = {f"report.{name}": ["check", "-q", "--report", f"{name}=report.{name}"] for name in FORMATS}
WRITERS: dict[str, list[str]] = {
    "out": ["check", "-q", "-o", "out"],
    **{name: [*arguments, "-o", os.devnull] for name, arguments in REPORTS.items()},
    "structlint-baseline.json": ["check", "--update-baseline", "--allow-growth"],
    "README.md": ["tree", "--write", "README.md"],
    "tree.html": ["tree", "--all", "--format", "html", "-o", "tree.html"],
    "tree.svg": ["tree", "--all", "--format", "svg", "-o", "tree.svg"],
    "structlint.yaml": ["ports", "--write"],
    "new.yaml": ["init", "-o", "new.yaml"],
}
THERE = dict.fromkeys(("out", *REPORTS, "tree.html", "tree.svg"), "old\n")
ROOM = 300
each_writer = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Outside git, on a machine without git: what is written does not depend on it, and all is quick."""
    monkeypatch.setenv("PATH", "/nowhere")
    write(tmp_path / "shop", {**FILES, **THERE})
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can be made larger than this, as on a disk that is full.

    Python would keep a truncated `.pyc`, which breaks all later runs, so it writes none.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@each_writer
def test_a_full_disk(shop: Path, run: Run, name: str) -> None:
    before = snapshot(shop)
    with room_for(ROOM):
        ran = run(*WRITERS[name])
    assert ran.status == 2
    assert ran.err.startswith("structlint: cannot write ")
    assert f"{name}`: File too large\n" in ran.err
    assert snapshot(shop) == before
    assert run(*WRITERS[name]).status in (0, 1)  # now there is room
    after = snapshot(shop)
    assert {path for path in after if after[path] != before.get(path)} == {name}
    assert len(after[name][1]) > ROOM


SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
each_signal = pytest.mark.parametrize(("number", "status"), SIGNALS, ids=["SIGINT", "SIGTERM"])


@contextmanager
def signalled(monkeypatch: pytest.MonkeyPatch, number: signal.Signals, at: int = 1) -> Iterator[list[str]]:
    """This process gets a signal before the call of this number that gives a file its name, or writes."""
    calls: list[str] = []

    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            calls.append(name)
            if len(calls) == at:
                os.kill(os.getpid(), number)
            return function(*arguments, **more)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "link", "rename", "mkdir", "rmdir", "fsync"):
            patch.setattr(os, name, wrapped(name, getattr(os, name)))
        yield calls


@each_writer
@each_signal
def test_a_signal(
    shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, number: signal.Signals, status: int
) -> None:
    """When all is written under another name, and nothing has its own yet."""
    before = snapshot(shop)
    with signalled(monkeypatch, number) as calls:
        ran = run(*WRITERS[name])
    assert calls
    assert ran.status == status
    assert ran.err.endswith("structlint: interrupted\n" if number == signal.SIGINT else "")
    assert "Traceback" not in ran.err
    assert snapshot(shop) == before


CHANGERS: dict[str, list[str]] = {"fix": ["fix", "--unsafe"], "new": ["new", "s", "two"]}
PLAIN = {
    "structlint.yaml": LAYOUT + '  n/?:\nbelongs: {"*.ipynb": docs/}\n',
    "README.md": "",
    "docs/x.txt": "",
    "services/a_b/README.md": "[x](../../n/x.ipynb)\n",
    "services/a_b/src/x": "",
    "n/x.ipynb": "{}",
}


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same for what changes files, with its journal in a place of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", "/nowhere")
    write(tmp_path / "plain", PLAIN)
    monkeypatch.chdir(tmp_path / "plain")
    return tmp_path / "plain"


@pytest.mark.parametrize("name", CHANGERS)
@each_signal
def test_a_signal_at_every_change(
    plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, number: signal.Signals, status: int
) -> None:
    before = snapshot(plain)
    with signalled(monkeypatch, number, at=0) as calls:
        assert run(*CHANGERS[name]).status in (0, 1)
    assert run("fix", "--undo").status == 0
    told = 0
    for at in range(1, len(calls) + 1):
        with signalled(monkeypatch, number, at=at) as made:
            ran = run(*CHANGERS[name])
        if len(made) < at:
            continue
        assert (ran.status, "Traceback" in ran.err) == (status, False), at
        assert not (journal_of(plain).directory / "lock").exists()
        if "an earlier fix was interrupted; continue with `structlint fix --resume`" in ran.err:
            told += 1
            again = run(*CHANGERS[name])
            assert again.status == 2 or again.err.startswith("nothing to fix"), at  # the last note was left
        undone = run("fix", "--undo")
        assert undone.status == 0 or undone.err == "structlint: no fix to undo\n", at
        assert snapshot(plain) == before, at
    assert told >= 4


@each_signal
def test_a_signal_while_taking_back(
    plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, status: int
) -> None:
    before = snapshot(plain)
    told = 0
    for at in range(1, 30):
        assert run("fix", "--unsafe").status == 0
        with signalled(monkeypatch, number, at=at) as made:
            ran = run("fix", "--undo")
        if len(made) < at:
            break
        assert (ran.status, "Traceback" in ran.err) == (status, False)
        told += "undo it with `structlint fix --undo`" in ran.err
        undone = run("fix", "--undo")
        assert undone.status == 0 or undone.err == "structlint: no fix to undo\n", at
        assert snapshot(plain) == before, at
    assert told >= 4


@pytest.mark.parametrize("name", CHANGERS)
def test_a_full_disk_before_a_change(plain: Path, run: Run, name: str) -> None:
    """All that is to be written is in the journal first; so where that has no room nothing is done."""
    text = f"tree: {{services/: {{<s>/: {{README.md: {'x' * 900}}}}}, docs/: {{b.md: {'y' * 900}}}}}"
    (plain / "structlint.yaml").write_text(text)
    before = snapshot(plain)
    with room_for(600):
        ran = run(*CHANGERS[name])
    assert ran.status == 2
    assert ran.err.endswith("structlint: nothing was done: the journal cannot be written: File too large\n")
    assert run("fix", "--undo").err == "structlint: no fix to undo\n"
    assert snapshot(plain) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("name", CHANGERS)
@pytest.mark.parametrize("where", ["a full disk", "a closed pipe", "nothing"])
def test_what_cannot_be_shown_is_not_done(plain: Path, name: str, where: str) -> None:
    before = snapshot(plain)
    reader, writer = os.pipe()
    os.close(reader)
    full = os.open("/dev/full", os.O_WRONLY)
    out = {"a full disk": full, "a closed pipe": writer}.get(where, subprocess.PIPE)
    command = [sys.executable, "-m", "structlint", *CHANGERS[name]]
    if where == "nothing":
        command = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    os.close(full)
    expected = {
        "a full disk": (2, "structlint: cannot read or write: No space left on device\n"),
        "a closed pipe": (141, ""),
        "nothing": (2, "structlint: standard output is closed\n"),
    }
    assert done.returncode == expected[where][0]
    assert done.stderr.endswith(expected[where][1])
    assert "Traceback" not in done.stderr
    assert snapshot(plain) == before


BAD = [
    ("nowhere/x", "No such file or directory"),
    ("README.md/x", "Not a directory"),
    ("docs", "Is a directory"),
    ("x" * 300, "File name too long"),
]


@pytest.mark.parametrize(("name", "said"), BAD, ids=[case[0][:20] for case in BAD])
@pytest.mark.parametrize(
    "arguments", [["check", "-q", "-o"], ["check", "-q", "-o", os.devnull, "--report"], ["tree", "-o"]]
)
def test_no_place_to_write(shop: Path, run: Run, arguments: list[str], name: str, said: str) -> None:
    before = snapshot(shop)
    place = f"json={name}" if arguments[-1] == "--report" else name
    ran = run(*arguments, place)
    assert (ran.status, ran.err) == (2, f"structlint: cannot write `{name}`: {said}\n")
    assert snapshot(shop) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@each_writer
def test_a_directory_that_is_not_to_be_written(shop: Path, run: Run, name: str) -> None:
    before = snapshot(shop)
    shop.chmod(0o555)
    try:
        ran = run(*WRITERS[name])
    finally:
        shop.chmod(0o755)
    assert ran.status == 2
    assert f"{name}: Permission denied\n" in ran.err
    assert snapshot(shop) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device(shop: Path, run: Run) -> None:
    before = snapshot(shop)
    assert run("check", "-q", "-o", "/dev/full").err.endswith(
        "cannot write `/dev/full`: No space left on device\n"
    )
    assert run("check", "-q", "-o", os.devnull).status == 1
    assert snapshot(shop) == before


def test_a_report_to_a_pipe_that_is_closed(shop: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "structlint", "check", "-o", "/dev/stdout", "--output-format", "json"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    with process.stderr as err:
        assert err.read() == b""
    assert process.wait(timeout=120) == 141


def test_a_long_name_is_written(shop: Path, run: Run) -> None:
    """The name under which a report is written first is no longer than the report's own."""
    name = "x" * 255
    assert run("check", "-q", "-o", name).status == 1
    assert (shop / name).stat().st_size > ROOM


def test_a_report_keeps_the_mode(shop: Path, run: Run) -> None:
    (shop / "out").chmod(0o640)
    assert run("check", "-q", "-o", "out").status == 1
    assert (shop / "out").stat().st_mode & 0o777 == 0o640
    assert (shop / "out").stat().st_size > ROOM


@pytest.mark.parametrize("link", ["away.json", "away/report.json"])
def test_nothing_is_written_through_a_link_out_of_the_repository(shop: Path, run: Run, link: str) -> None:
    (shop.parent / "outside").mkdir()
    (shop / "away").symlink_to("../outside")
    (shop / "away.json").symlink_to("../outside/report.json")
    for options in (["-o", link], ["--report", f"json={link}"], ["--baseline", link, "--update-baseline"]):
        ran = run("check", "-q", *options)
        assert ran.status == 2
        assert "is a symbolic link to ../outside" in ran.err
    assert list((shop.parent / "outside").iterdir()) == []
