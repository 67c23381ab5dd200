"""Shared fixtures: an isolated environment, structlint in this process, and git repositories."""

from __future__ import annotations

import gc
import os
import shutil
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

# The examples are the same in each run, so that only a change of the code changes the results.
# STRUCTLINT_FUZZ makes hypothesis search for new examples instead.
_SEARCH = bool(os.environ.get("STRUCTLINT_FUZZ"))
settings.register_profile("structlint", deadline=None, max_examples=60, derandomize=not _SEARCH)
settings.load_profile("structlint")
if _SEARCH:
    os.environ.setdefault("PYTEST_TIMEOUT", "0")  # a search has no time limit

# A background process of a shell ignores SIGINT, and the processes that tests start would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@given(st.none())
def _create_random_source(_: None) -> None:
    """Makes hypothesis create its source of random numbers."""


def pytest_collection_finish() -> None:
    """Excludes the collected tests from garbage collection: they exist until the end of the run.

    Hypothesis creates its source of random numbers first, because older versions of it look for the objects
    that refer to the source, and do not find frozen ones.
    """
    _create_random_source()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _isolated_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Removes the configuration of the user, of git hooks and of CI services from the environment."""
    home = tmp_path_factory.getbasetemp() / "home"
    template = home / "template"  # saves writing fourteen sample hooks for each repository
    for directory in ("hooks", "info"):
        (template / directory).mkdir(parents=True)
    with pytest.MonkeyPatch.context() as environment:
        for name in os.environ:
            if name.startswith(("GIT_", "GITHUB_", "STRUCTLINT_")) or name in ("NO_COLOR", "FORCE_COLOR"):
                environment.delenv(name)
        environment.setenv("HOME", str(home))
        environment.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        environment.setenv("GIT_CONFIG_NOSYSTEM", "1")
        environment.setenv("GIT_TEMPLATE_DIR", str(template))
        yield


class Result(NamedTuple):
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `structlint ARGUMENTS` in this process."""

    def command(*arguments: str) -> Result:
        status = main(arguments)
        return Result(status, *capfd.readouterr())

    return command


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that runs structlint in child processes; see `forked`."""
    started = Server()
    yield started
    started.close()


class Git(Protocol):
    """A repository on disk, and the git command in it."""

    path: Path

    def __call__(self, *arguments: str) -> str: ...


class _Repository:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *arguments: str) -> str:
        """Returns the output of `git ARGUMENTS` in the repository; fails if git fails."""
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
        completed = subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False)
        assert completed.returncode == 0, completed.stderr
        return completed.stdout


Make = Callable[..., Git]


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory `.git` of a repository without commits, which is faster to copy than to create."""
    path = tmp_path_factory.mktemp("empty")
    template = tmp_path_factory.mktemp("template")
    arguments = ["init", "-q", "-b", "main", f"--template={template}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=path, env=environment, check=True)
    for directory in ("hooks", "info"):
        (path / ".git" / directory).mkdir()
    return path / ".git"


@pytest.fixture
def repository(tmp_path: Path, empty_repository: Path) -> Make:
    """Creates a git repository: `make({"a/b.txt": "text"}, add=["a/"])`. Without `add`, adds all files."""

    def make(files: Mapping[str, str], add: list[str] | None = None, at: str = "repo") -> Git:
        path = tmp_path / at
        path.mkdir(parents=True)
        git = _Repository(path)
        shutil.copytree(empty_repository, path / ".git")
        write(path, files)
        git("add", "-f", "--", *(files if add is None else add)) if files or add else None
        return git

    return make


def write(directory: Path, files: Mapping[str, str]) -> None:
    """Writes files and creates their parent directories."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
