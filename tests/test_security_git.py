"""In a hostile repository with hostile submodules, git never starts a program that they configure.

Each command runs with a wrapper of git that logs its arguments, in repositories that configure every setting
that makes git start a program. The program creates a file.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Git, Make, Run, write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs are shell scripts")

LAYOUT = """\
tree:
  structlint.yaml:
  README.md:
  new.txt:
  units/: {<unit>/: {a.txt: }}
  docs/?:
  "*?":
  "*/?":
belongs: {'*.md': docs/, /README.md: /}
local: [.env]
"""

# Settings that make git start a program or enter a submodule; the program `{evil}` creates a file.
SETTINGS = """\
[core]
	fsmonitor = {evil}
	hooksPath = {hooks}
	pager = {evil}
	editor = {evil}
	askPass = {evil}
	sshCommand = {evil}
	gitProxy = {evil}
	alternateRefsCommand = {evil}
	splitIndex = true
	untrackedCache = true
[filter "evil"]
	clean = {evil}
	smudge = {evil}
	process = {evil}
	required = true
[filter "eVil.clean.2"]
	clean = {evil}
[diff]
	external = {evil}
	ignoreSubmodules = none
	submodule = log
[diff "evil"]
	command = {evil}
	textconv = {evil}
[merge "evil"]
	driver = {evil}
[status]
	submoduleSummary = true
[submodule]
	recurse = true
[fetch]
	recurseSubmodules = true
[submodule "sub"]
	ignore = none
	update = !{evil}
[pager]
	ls-files = {evil}
	ls-tree = {evil}
	diff-files = {evil}
	config = {evil}
[interactive]
	diffFilter = {evil}
[credential]
	helper = !{evil}
[gpg]
	program = {evil}
[gpg "ssh"]
	program = {evil}
	defaultKeyCommand = {evil}
[uploadpack]
	packObjectsHook = {evil}
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[remote "origin"]
	url = ext::{evil}
	promisor = true
	partialclonefilter = blob:none
	uploadpack = {evil}
	receivepack = {evil}
	vcs = evil
[alias]
	ls-files = !{evil}
	ls-tree = !{evil}
	diff-files = !{evil}
	diff-index = !{evil}
	update-index = !{evil}
	status = !{evil}
	config = !{evil}
"""
HOOKS = ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc")
ATTRIBUTES = "* filter=evil diff=evil merge=evil\n*.txt filter=eVil.clean.2\n"

# The git commands that structlint uses. Before adding one, check which programs it can start.
GIT_COMMANDS = {
    *("cat-file", "check-ignore", "config", "diff-files", "diff-index", "hash-object", "ls-files", "ls-tree"),
    *("merge-base", "rev-parse", "update-index"),
}
SWITCHED_OFF = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false")


class Hostile:
    """A repository, its submodules and nested repositories, which all configure the same program."""

    def __init__(self, git: Git, scratch: Path) -> None:
        self.git = git
        self.mark = scratch / "RAN"
        self.evil = scratch / "evil"
        self.hooks = scratch / "hooks"
        self.log = scratch / "asked"
        self.evil.write_text(f'#!/bin/sh\necho "$0 $* in $PWD" >> {self.mark}\ncat\n')
        self.evil.chmod(0o755)
        self.hooks.mkdir()
        for name in HOOKS:
            shutil.copy(self.evil, self.hooks / name)
        (scratch / "more").write_text(SETTINGS.format(evil=self.evil, hooks=self.hooks))

    def arm(self, git_directory: Path) -> None:
        """Add the settings to a repository's configuration, directly and as an include, and the hooks."""
        with (git_directory / "config").open("a") as config:
            config.write(SETTINGS.format(evil=self.evil, hooks=self.hooks))
            config.write(f"[include]\n\tpath = {self.hooks.parent}/more\n")
        (git_directory / "hooks").mkdir(exist_ok=True)
        for name in HOOKS:
            shutil.copy(self.evil, git_directory / "hooks" / name)
        write(git_directory, {"info/attributes": ATTRIBUTES})

    def calls(self) -> list[list[str]]:
        """The logged arguments of each call of git."""
        if not self.log.exists():
            return []
        calls = self.log.read_bytes().split(b"\0\n")
        return [each.decode("utf-8", "surrogateescape").split("\0") for each in calls if each]


def create_nested_repository(git: Git, path: str, files: dict[str, str]) -> None:
    """Create a repository with one commit in a directory of another repository."""
    write(git.path / path, files)
    git("init", "-q", "-b", "main", path)
    git("-C", path, "add", "-A")
    git("-C", path, "commit", "-qm", "one")


@pytest.fixture
def hostile(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    (tmp_path / "scratch").mkdir()
    inner = repository({".gitattributes": ATTRIBUTES, "q.txt": "q"}, at="inner")
    inner("commit", "-qm", "one")
    middle = repository({".gitattributes": ATTRIBUTES, "f.txt": "a"}, at="middle")
    middle("submodule", "--quiet", "add", str(inner.path), "nested")
    middle("commit", "-qm", "one")
    git = repository(
        {
            "structlint.yaml": LAYOUT,
            ".gitattributes": ATTRIBUTES,
            "README.md": "",
            "guide.md": "[a](units/one/a.txt)",
            "units/one/a.txt": "1",
            "units/two/b.txt": "2",
            ".env": "",
        }
    )
    git("submodule", "--quiet", "add", str(middle.path), "sub")  # its data is in .git/modules
    git("submodule", "--quiet", "update", "--init", "--recursive")
    create_nested_repository(
        git, "own", {".gitattributes": ATTRIBUTES, "f.txt": "a"}
    )  # a gitlink without .gitmodules
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "one")
    create_nested_repository(git, "untracked", {".gitattributes": ATTRIBUTES, "f.txt": "a"})
    with (git.path / ".gitmodules").open("a") as modules:
        modules.write("\tignore = none\n\tupdate = rebase\n\tfetchRecurseSubmodules = true\n")
    repo = Hostile(git, tmp_path / "scratch")
    for place in git_directories(git.path):
        repo.arm(place)
    git_directory = git.path / ".git"
    with (git_directory / "config").open("a") as config:
        config.write(f"[core]\n\tworktree = {tmp_path / 'inner'}\n[extensions]\n\tpartialClone = origin\n")
    for path in git.path.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (10**9, 10**9))  # git reads files that look changed, through filters
    monkeypatch.setenv("PATH", f"{install_git_wrapper(repo)}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(git.path)
    repo.mark.unlink(missing_ok=True)
    return repo


def git_directories(top: Path) -> Iterator[Path]:
    """The git directories of a repository and its nested repositories, including `.git/modules`."""
    for head in sorted(top.rglob("HEAD")):
        if (head.parent / "objects").is_dir():
            yield head.parent


def install_git_wrapper(hostile: Hostile) -> Path:
    """A directory with a git that logs its arguments and then runs the real git."""
    place = hostile.evil.parent / "bin"
    place.mkdir()
    real = shutil.which("git")
    # Each call is a single write, because several run at the same time.
    note = f'{{ printf "%s\\0" "$@"; echo; }} | dd bs=65536 iflag=fullblock status=none >> {hostile.log}'
    (place / "git").write_text(f'#!/bin/sh\n{note}\nexec {real} "$@"\n')
    (place / "git").chmod(0o755)
    return place


EVENT = {"tool_name": "Write", "tool_input": {"file_path": "units/three/a.txt", "content": "x"}}
COMMANDS = [
    *(["check"], ["check", "--tracked"], ["check", "--rev=HEAD"], ["check", "--changed"]),
    *(["check", "--changed=main"], ["check", "--changed=HEAD", "--no-gitignore"], ["check", "--show-files"]),
    *(["check", "sub", "--changed"], ["check", "own", "--changed"], ["check", "sub/nested", "--changed"]),
    *(["check", "--update-baseline"], ["check", "--layout=base"], ["check", "untracked", "--layout=base"]),
    *(["fix", "--diff"], ["fix"], ["fix", "--unsafe", "--force"], ["fix", "--unsafe"], ["fix", "--plan"]),
    *(["fix", "--undo"], ["fix", "--resume"]),
    *(["new", "unit", "three"], ["where", "a", "new/x.py", "docs/a.md"], ["ports"], ["tree"]),
    *(["init", "--infer", "-o", "-"], ["init", "-o", "-"], ["init", "--from=README.md", "-o", "-"]),
    *(["layouts"], ["explain"], ["schema"], ["hook"]),
]


def _writes(arguments: list[str]) -> bool:
    return arguments[0] in ("fix", "new") or "--update-baseline" in arguments


WRITING = [  # the commands that write, in three repositories
    [["fix", "--diff"], ["fix", "--plan"], ["fix"], ["new", "unit", "three"], ["check", "--update-baseline"]],
    [["fix", "--unsafe"]],
    [["fix", "--unsafe", "--force"], ["fix", "--resume"], ["fix", "--undo"]],
]


def test_every_writing_command_is_run() -> None:
    assert sorted(itertools.chain(*WRITING)) == sorted(filter(_writes, COMMANDS))


@pytest.mark.parametrize("commands", WRITING, ids=lambda commands: " ".join(commands[0]))
def test_s08_writing_commands_start_no_configured_program(
    commands: list[list[str]], hostile: Hostile, run: Run
) -> None:
    for arguments in commands:
        assert run(*arguments).status in (0, 1, 2), arguments
        assert not hostile.mark.exists(), (arguments, hostile.mark.read_text())
    check_calls(hostile)


def test_s08_reading_commands_start_no_configured_program(
    hostile: Hostile, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They change nothing, so one repository serves for all of them."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(EVENT).encode())))
    for arguments in COMMANDS:
        if not _writes(arguments):
            result = run(*arguments)
            assert result.status in (0, 1, 2), (arguments, result.err)
            assert not hostile.mark.exists(), (arguments, hostile.mark.read_text())
    check_calls(hostile)


def check_calls(hostile: Hostile) -> None:
    """Each call of git is of a known command, and has the switches against configured programs."""
    for call in hostile.calls():
        settings = [value for switch, value in pairwise(call) if switch == "-c"]
        command = next(each for each in without_settings(call) if not each.startswith("-"))
        assert command in GIT_COMMANDS, call
        # The exception runs in a new, empty repository without configuration.
        if not any("structlint-" in each for each in call if each.startswith("--git-dir=")):
            assert set(SWITCHED_OFF) <= set(settings), call
        if command.startswith(("diff", "status")):
            assert "--ignore-submodules=dirty" in call


def without_settings(call: list[str]) -> Iterator[str]:
    """The arguments without `-c` and its value."""
    before = ""
    for each in call:
        if before != "-c" and each != "-c":
            yield each
        before = each


@pytest.mark.parametrize("place", [".", "sub", "sub/nested", "own", "untracked"])
def test_s08_plain_git_starts_the_configured_program(place: str, hostile: Hostile) -> None:
    """The other tests depend on this: each repository configures a program."""
    subprocess.run(["git", "-c", "core.worktree=", "status"], cwd=hostile.git.path / place, check=False)
    assert hostile.mark.exists()


def test_s08_changes_in_submodules_are_not_read(hostile: Hostile, run: Run) -> None:
    for name in ("sub/f.txt", "sub/nested/q.txt", "own/f.txt"):
        (hostile.git.path / name).write_text("changed")
    assert run("check", "--changed", "-q").status in (0, 1)
    assert not hostile.mark.exists()


def test_s08_filter_in_a_submodule_is_not_started(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {sub/?: }"})
    create_nested_repository(git, "sub", {".gitattributes": "* filter=f\n", "f.txt": "a\n"})
    git("-C", "sub", "config", "filter.f.clean", f"touch {git.path}/RAN; cat")
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "x")
    (git.path / "RAN").unlink(missing_ok=True)
    os.utime(git.path / "sub/f.txt", (10**9, 10**9))
    monkeypatch.chdir(git.path)
    assert run("check", ".", "-q") == run("check", ".", "--changed", "-q") == (0, "", "")
    assert not (git.path / "RAN").exists()


def check_changed(git: Git, run: Run) -> str:
    """The findings of `--changed` for a forbidden submodule."""
    return run("check", str(git.path), "--changed", "--output-format=concise", "-q").out


def test_s08_only_another_commit_changes_a_submodule(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a?: }\nforbid: {sub: no}"})
    create_nested_repository(git, "sub", {"f.txt": "a\n"})
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "x")
    assert check_changed(git, run) == ""
    write(git.path / "sub", {"f.txt": "b\n", "new": ""})
    assert check_changed(git, run) == ""
    git("-C", "sub", "commit", "-qam", "y")
    assert check_changed(git, run).startswith("sub/: error: ")
    git("add", "sub")
    assert check_changed(git, run).startswith("sub/: error: ")
    git("commit", "-qm", "y")
    assert check_changed(git, run) == ""
    shutil.rmtree(git.path / "sub/.git")  # like an unfetched submodule that contains files
    assert check_changed(git, run) == ""


@pytest.mark.parametrize("arguments", [["check", "-q"], ["fix"], ["where", ".env"], ["new", "unit", "x"]])
@pytest.mark.parametrize("planted", ["bin", "a link to bin", "git linked from outside", "above"])
def test_s08_git_in_the_repository_is_not_started(
    planted: str,
    arguments: list[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    layout = "tree: {sub/?: , bin/?: , .gitignore: , units/: {<unit>/: {a: }}}\nlocal: [.env]"
    git = repository(
        {
            "structlint.yaml": layout,
            "sub/structlint.yaml": layout,
            ".gitignore": ".env\n",
            "sub/.gitignore": ".env\n",
            "units/one/a": "",
            "sub/units/one/a": "",
        }
    )
    write(git.path, {"bin/git": f"#!/bin/sh\ntouch {tmp_path}/RAN\n"})
    (git.path / "bin/git").chmod(0o755)
    entry = git.path / "bin"
    if planted == "a link to bin":
        entry = tmp_path / "linked"
        entry.symlink_to(git.path / "bin")
    elif planted == "git linked from outside":
        entry = tmp_path / "outside"
        entry.mkdir()
        (entry / "git").symlink_to(git.path / "bin/git")
    monkeypatch.chdir(git.path / "sub" if planted == "above" else git.path)
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{os.environ['PATH']}")
    assert run(*arguments).status in (0, 1)
    assert not (tmp_path / "RAN").exists()
