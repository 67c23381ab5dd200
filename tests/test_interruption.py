"""A write that is interrupted or fails changes no existing file and leaves no other file behind."""

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
REPORTS = {
    f"report.{name}": ["check", "-q", "--report", f"{name}=report.{name}"]
    for name in ("full", "json", "junit", "markdown")
}
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
EXISTING = dict.fromkeys(("out", *REPORTS, "tree.html", "tree.svg"), "old\n")
SIZE_LIMIT = 300
each_writer = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project outside git, with git not installed: writing does not depend on git, and this is faster."""
    monkeypatch.setenv("PATH", "/nowhere")
    write(tmp_path / "shop", {**FILES, **EXISTING})
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Limit the size of files, which has the effect of a full disk.

    Python would keep a truncated `.pyc`, which breaks later runs, so bytecode is not written.
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
def test_full_disk(shop: Path, run: Run, name: str) -> None:
    before = snapshot(shop)
    with room_for(SIZE_LIMIT):
        result = run(*WRITERS[name])
    assert result.status == 2
    assert result.err.startswith("structlint: cannot write ")
    assert f"{name}`: File too large\n" in result.err
    assert snapshot(shop) == before
    assert run(*WRITERS[name]).status in (0, 1)  # without the limit
    after = snapshot(shop)
    assert {path for path in after if after[path] != before.get(path)} == {name}
    assert len(after[name][1]) > SIZE_LIMIT


SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


@contextmanager
def send_signal(monkeypatch: pytest.MonkeyPatch, number: signal.Signals, at: int = 1) -> Iterator[list[str]]:
    """Send a signal to this process before the call number `at` that creates, renames or syncs a file."""
    calls: list[str] = []

    def wrap(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            calls.append(name)
            if len(calls) == at:
                os.kill(os.getpid(), number)
            return function(*arguments, **more)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "link", "rename", "mkdir", "rmdir", "fsync"):
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        yield calls


@pytest.mark.parametrize(
    ("name", "number", "status"),
    [(name, *SIGNALS[place % 2]) for place, name in enumerate(WRITERS)],
)
def test_signal_before_the_file_is_in_place(
    shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, number: signal.Signals, status: int
) -> None:
    before = snapshot(shop)
    with send_signal(monkeypatch, number) as calls:
        result = run(*WRITERS[name])
    assert calls
    assert result.status == status
    assert result.err.endswith("structlint: interrupted\n" if number == signal.SIGINT else "")
    assert "Traceback" not in result.err
    assert snapshot(shop) == before


CHANGING_COMMANDS: dict[str, list[str]] = {"fix": ["fix", "--unsafe"], "new": ["new", "s", "two"]}
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
    """A project outside git for the commands that keep a journal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", "/nowhere")
    write(tmp_path / "plain", PLAIN)
    monkeypatch.chdir(tmp_path / "plain")
    return tmp_path / "plain"


@pytest.mark.parametrize("name", CHANGING_COMMANDS)
def test_signal_at_every_step_of_a_change(
    plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = snapshot(plain)
    with send_signal(monkeypatch, signal.SIGINT, at=0) as calls:
        assert run(*CHANGING_COMMANDS[name]).status in (0, 1)
    assert run("fix", "--undo").status == 0
    interruptions = 0
    for at in range(1, len(calls) + 1):
        number, status = SIGNALS[at % 2]
        with send_signal(monkeypatch, number, at=at) as reached:
            result = run(*CHANGING_COMMANDS[name])
        if len(reached) < at:
            continue
        assert (result.status, "Traceback" in result.err) == (status, False), at
        assert not (journal_of(plain).directory / "lock").exists()
        if "an earlier fix was interrupted; continue with `structlint fix --resume`" in result.err:
            interruptions += 1
            again = run(*CHANGING_COMMANDS[name])
            assert again.status == 2 or again.err.startswith("nothing to fix"), (
                at
            )  # only the final note was missing
        undone = run("fix", "--undo")
        assert undone.status == 0 or undone.err == "structlint: no fix to undo\n", at
        assert snapshot(plain) == before, at
    assert interruptions >= 4


def test_signal_during_undo(plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(plain)
    interruptions = 0
    for at in range(1, 30):
        number, status = SIGNALS[at % 2]
        assert run("fix", "--unsafe").status == 0
        with send_signal(monkeypatch, number, at=at) as reached:
            result = run("fix", "--undo")
        if len(reached) < at:
            break
        assert (result.status, "Traceback" in result.err) == (status, False)
        interruptions += "undo it with `structlint fix --undo`" in result.err
        undone = run("fix", "--undo")
        assert undone.status == 0 or undone.err == "structlint: no fix to undo\n", at
        assert snapshot(plain) == before, at
    assert interruptions >= 4


@pytest.mark.parametrize("name", CHANGING_COMMANDS)
def test_no_change_without_room_for_the_journal(plain: Path, run: Run, name: str) -> None:
    """The journal contains the text of all new files, and is written first."""
    text = f"tree: {{services/: {{<s>/: {{README.md: {'x' * 900}}}}}, docs/: {{b.md: {'y' * 900}}}}}"
    (plain / "structlint.yaml").write_text(text)
    before = snapshot(plain)
    with room_for(600):
        result = run(*CHANGING_COMMANDS[name])
    assert result.status == 2
    assert result.err.endswith(
        "structlint: nothing was done: the journal cannot be written: File too large\n"
    )
    assert run("fix", "--undo").err == "structlint: no fix to undo\n"
    assert snapshot(plain) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("name", CHANGING_COMMANDS)
@pytest.mark.parametrize("output", ["a full disk", "a closed pipe", "nothing"])
def test_no_change_if_the_output_cannot_be_written(plain: Path, name: str, output: str) -> None:
    before = snapshot(plain)
    reader, writer = os.pipe()
    os.close(reader)
    full = os.open("/dev/full", os.O_WRONLY)
    out = {"a full disk": full, "a closed pipe": writer}.get(output, subprocess.PIPE)
    command = [sys.executable, "-m", "structlint", *CHANGING_COMMANDS[name]]
    if output == "nothing":
        command = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command]
    result = subprocess.run(
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
    assert result.returncode == expected[output][0]
    assert result.stderr.endswith(expected[output][1])
    assert "Traceback" not in result.stderr
    assert snapshot(plain) == before


INVALID_OUTPUTS = [
    ("nowhere/x", "No such file or directory"),
    ("README.md/x", "Not a directory"),
    ("docs", "Is a directory"),
    ("x" * 300, "File name too long"),
]


@pytest.mark.parametrize(("name", "message"), INVALID_OUTPUTS, ids=[case[0][:20] for case in INVALID_OUTPUTS])
@pytest.mark.parametrize(
    "arguments", [["check", "-q", "-o"], ["check", "-q", "-o", os.devnull, "--report"], ["tree", "-o"]]
)
def test_invalid_output_path(shop: Path, run: Run, arguments: list[str], name: str, message: str) -> None:
    before = snapshot(shop)
    place = f"json={name}" if arguments[-1] == "--report" else name
    result = run(*arguments, place)
    assert (result.status, result.err) == (2, f"structlint: cannot write `{name}`: {message}\n")
    assert snapshot(shop) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
@each_writer
def test_read_only_directory(shop: Path, run: Run, name: str) -> None:
    before = snapshot(shop)
    shop.chmod(0o555)
    try:
        result = run(*WRITERS[name])
    finally:
        shop.chmod(0o755)
    assert result.status == 2
    assert f"{name}: Permission denied\n" in result.err
    assert snapshot(shop) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_to_a_device(shop: Path, run: Run) -> None:
    before = snapshot(shop)
    assert run("check", "-q", "-o", "/dev/full").err.endswith(
        "cannot write `/dev/full`: No space left on device\n"
    )
    assert run("check", "-q", "-o", os.devnull).status == 1
    assert snapshot(shop) == before


def test_closed_output_pipe(shop: Path) -> None:
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


def test_output_name_of_maximum_length(shop: Path, run: Run) -> None:
    """The name of the temporary file is not longer than the name of the output file."""
    name = "x" * 255
    assert run("check", "-q", "-o", name).status == 1
    assert (shop / name).stat().st_size > SIZE_LIMIT


def test_file_mode_is_preserved(shop: Path, run: Run) -> None:
    (shop / "out").chmod(0o640)
    assert run("check", "-q", "-o", "out").status == 1
    assert (shop / "out").stat().st_mode & 0o777 == 0o640
    assert (shop / "out").stat().st_size > SIZE_LIMIT


@pytest.mark.parametrize("link", ["away.json", "away/report.json"])
def test_symlink_out_of_the_repository_is_not_followed(shop: Path, run: Run, link: str) -> None:
    (shop.parent / "outside").mkdir()
    (shop / "away").symlink_to("../outside")
    (shop / "away.json").symlink_to("../outside/report.json")
    for options in (["-o", link], ["--report", f"json={link}"], ["--baseline", link, "--update-baseline"]):
        result = run("check", "-q", *options)
        assert result.status == 2
        assert "is a symbolic link to ../outside" in result.err
    assert list((shop.parent / "outside").iterdir()) == []
