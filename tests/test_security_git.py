"""git, asked in a hostile repository with hostile submodules: it starts nothing that either configures.

Each command of structlint is run with a git before the real one that writes down what it is asked, and in
repositories that configure all that makes git start a program. A file tells whether one was started.
"""

from __future__ import annotations

import io
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

# What makes git start a program, or enter a submodule: `{evil}` is a program that leaves a mark.
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

# Those that structlint uses. Another one has to be thought about: what does it start, what does it enter?
KNOWN = {
    *("cat-file", "check-ignore", "config", "diff-files", "diff-index", "hash-object", "ls-files", "ls-tree"),
    *("merge-base", "rev-parse", "update-index"),
}
SWITCHED_OFF = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false")


class Hostile:
    """A repository, its submodules and other repositories in it, all of which configure the same program."""

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
        """Adds the settings to a repository's configuration, its hooks, and once more by an include."""
        with (git_directory / "config").open("a") as config:
            config.write(SETTINGS.format(evil=self.evil, hooks=self.hooks))
            config.write(f"[include]\n\tpath = {self.hooks.parent}/more\n")
        (git_directory / "hooks").mkdir(exist_ok=True)
        for name in HOOKS:
            shutil.copy(self.evil, git_directory / "hooks" / name)
        write(git_directory, {"info/attributes": ATTRIBUTES})

    def asked(self) -> list[list[str]]:
        """What git was asked, one list of arguments a call."""
        if not self.log.exists():
            return []
        calls = self.log.read_bytes().split(b"\0\n")
        return [each.decode("utf-8", "surrogateescape").split("\0") for each in calls if each]


def repository_in(git: Git, path: str, files: dict[str, str]) -> None:
    """Makes a repository with one commit in a directory of another."""
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
    repository_in(git, "own", {".gitattributes": ATTRIBUTES, "f.txt": "a"})  # a gitlink without .gitmodules
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "one")
    repository_in(git, "untracked", {".gitattributes": ATTRIBUTES, "f.txt": "a"})
    with (git.path / ".gitmodules").open("a") as modules:
        modules.write("\tignore = none\n\tupdate = rebase\n\tfetchRecurseSubmodules = true\n")
    made = Hostile(git, tmp_path / "scratch")
    for place in git_directories(git.path):
        made.arm(place)
    git_directory = git.path / ".git"
    with (git_directory / "config").open("a") as config:
        config.write(f"[core]\n\tworktree = {tmp_path / 'inner'}\n[extensions]\n\tpartialClone = origin\n")
    for path in git.path.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (10**9, 10**9))  # what looks changed is read, through filters
    monkeypatch.setenv("PATH", f"{wrapped(made)}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(git.path)
    made.mark.unlink(missing_ok=True)
    return made


def git_directories(top: Path) -> Iterator[Path]:
    """The data of a repository and of those in it, also below `.git/modules`."""
    for head in sorted(top.rglob("HEAD")):
        if (head.parent / "objects").is_dir():
            yield head.parent


def wrapped(hostile: Hostile) -> Path:
    """A directory with a git that writes down its arguments, then is the real one."""
    place = hostile.evil.parent / "bin"
    place.mkdir()
    real = shutil.which("git")
    # In one write each, for several run at once.
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


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_s08_no_command_starts_what_a_repository_or_a_submodule_configures(
    arguments: list[str], hostile: Hostile, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if arguments == ["hook"]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(EVENT).encode())))
    if arguments in (["fix", "--undo"], ["fix", "--resume"]):
        run("fix", "--unsafe", "--force")
    ran = run(*arguments)
    assert ran.status in (0, 1, 2), ran.err
    assert not hostile.mark.exists(), hostile.mark.read_text()
    for asked in hostile.asked():
        settings = [value for switch, value in pairwise(asked) if switch == "-c"]
        command = next(each for each in without_options(asked) if not each.startswith("-"))
        assert command in KNOWN, asked
        # The last one asks in an empty repository of our own, where nothing is configured.
        if not any("structlint-" in each for each in asked if each.startswith("--git-dir=")):
            assert set(SWITCHED_OFF) <= set(settings), asked
        if command.startswith(("diff", "status")):
            assert "--ignore-submodules=dirty" in asked


def without_options(asked: list[str]) -> Iterator[str]:
    """What git was asked, without the switches that take a value."""
    before = ""
    for each in asked:
        if before != "-c" and each != "-c":
            yield each
        before = each


@pytest.mark.parametrize("place", [".", "sub", "sub/nested", "own", "untracked"])
def test_s08_git_alone_would_start_it(place: str, hostile: Hostile) -> None:
    """What the other tests rest on: each of the repositories does configure what git starts."""
    subprocess.run(["git", "-c", "core.worktree=", "status"], cwd=hostile.git.path / place, check=False)
    assert hostile.mark.exists()


def test_s08_work_in_submodules_is_not_looked_at(hostile: Hostile, run: Run) -> None:
    for name in ("sub/f.txt", "sub/nested/q.txt", "own/f.txt"):
        (hostile.git.path / name).write_text("changed")
    assert run("check", "--changed", "-q").status in (0, 1)
    assert not hostile.mark.exists()


def test_s08_the_case_itself(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"structlint.yaml": "tree: {sub/: }"})
    repository_in(git, "sub", {".gitattributes": "* filter=f\n", "f.txt": "a\n"})
    git("-C", "sub", "config", "filter.f.clean", f"touch {git.path}/RAN; cat")
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "x")
    (git.path / "RAN").unlink(missing_ok=True)
    os.utime(git.path / "sub/f.txt", (10**9, 10**9))
    monkeypatch.chdir(git.path)
    assert run("check", ".", "-q") == run("check", ".", "--changed", "-q") == (0, "", "")
    assert not (git.path / "RAN").exists()


def changes(git: Git, run: Run) -> str:
    """What `--changed` makes of a submodule that its layout forbids."""
    return run("check", str(git.path), "--changed", "--output-format=concise", "-q").out


def test_s08_a_submodule_at_another_commit_is_a_change_and_work_in_it_is_none(
    repository: Make, run: Run
) -> None:
    git = repository({"structlint.yaml": "tree: {a?: }\nforbid: {sub: no}"})
    repository_in(git, "sub", {"f.txt": "a\n"})
    git("-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git("commit", "-qm", "x")
    assert changes(git, run) == ""
    write(git.path / "sub", {"f.txt": "b\n", "new": ""})
    assert changes(git, run) == ""
    git("-C", "sub", "commit", "-qam", "y")
    assert changes(git, run).startswith("sub/: error: ")
    git("add", "sub")
    assert changes(git, run).startswith("sub/: error: ")
    git("commit", "-qm", "y")
    assert changes(git, run) == ""
    shutil.rmtree(git.path / "sub/.git")  # as of a submodule that is not fetched, with files in it
    assert changes(git, run) == ""


@pytest.mark.parametrize("arguments", [["check", "-q"], ["fix"], ["where", ".env"], ["new", "unit", "x"]])
@pytest.mark.parametrize("planted", ["bin", "a link to bin", "git linked from outside", "above"])
def test_s08_no_git_in_the_repository_is_started(
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
