"""What all tests share: git without anyone's configuration, and repositories to try it on."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from forked import Server
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.cli import main

# The suite is the same in each run, so that a change is judged by what it changes. The search for new
# examples is a run of its own, with STRUCTLINT_FUZZ.
_SEARCH = bool(os.environ.get("STRUCTLINT_FUZZ"))
settings.register_profile("structlint", deadline=None, max_examples=60, derandomize=not _SEARCH)
settings.load_profile("structlint")
if _SEARCH:
    os.environ.setdefault("PYTEST_TIMEOUT", "0")  # a long run takes as long as it takes

# What a shell starts in the background ignores SIGINT, and so would the programs that tests start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@given(st.none())
def _draw_nothing(_: None) -> None:
    """Makes hypothesis create its source of random numbers."""


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay until the end: no collection of garbage needs to visit them again.

    Before that, hypothesis makes its source of random numbers: older versions look for what refers to it, and
    find nothing that is frozen.
    """
    _draw_nothing()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _nobodys_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test depends on who runs it: not on their git, nor on what a hook or a CI service has set."""
    for name in os.environ:
        if name.startswith(("GIT_", "GITHUB_", "STRUCTLINT_")) or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    template = home / "template"  # without the fourteen samples of hooks in each repository
    for directory in ("hooks", "info"):
        (template / directory).mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template))


class Ran(NamedTuple):
    """What came of a command."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `structlint ARGUMENTS` in this process."""

    def command(*arguments: str) -> Ran:
        status = main(arguments)
        return Ran(status, *capfd.readouterr())

    return command


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Runs structlint in processes of its own; see `forked`."""
    made = Server()
    yield made
    made.close()


class Git(Protocol):
    """A repository on disk."""

    path: Path

    def __call__(self, *arguments: str) -> str: ...


class _Repository:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *arguments: str) -> str:
        """What `git ARGUMENTS` prints in the repository; fails where git fails."""
        command = [
            "git",
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@t",
            "-c",
            "protocol.file.allow=always",
            *arguments,
        ]
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


Make = Callable[..., Git]


@pytest.fixture
def repository(tmp_path: Path) -> Make:
    """Makes a repository of files, `make({"a/b.txt": "text"}, add=["a/"])`; without `add` all are added."""

    def make(files: Mapping[str, str], add: list[str] | None = None, at: str = "repo") -> Git:
        path = tmp_path / at
        path.mkdir(parents=True)
        git = _Repository(path)
        git("init", "-q", "-b", "main")
        write(path, files)
        git("add", "-f", "--", *(files if add is None else add)) if files or add else None
        return git

    return make


def write(directory: Path, files: Mapping[str, str]) -> None:
    """Writes files, with the directories they lie in."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
