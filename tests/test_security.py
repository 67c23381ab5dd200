"""A hostile change cannot make structlint write to a place where it should not.

Tests whose names begin with `test_s` and a number reproduce a former vulnerability; see `docs/testing.md`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import Git, Make, Run, write
from test_filesystem import everything

from structlint.edits.steps import Create, Move, Rewrite, Step, Untrack
from structlint.fix.apply import apply, resume, undo
from structlint.report import FORMATS

TREE = "<!-- structlint:tree -->\n<!-- /structlint:tree -->\n"
LAYOUT = "tree: {README.md: }\n"


@pytest.fixture
def change(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Git]:
    """A repository with files and links, all committed as in a pull request; also the working directory."""

    def make(files: Mapping[str, str], links: Mapping[str, str] | None = None) -> Git:
        git = repository({"structlint.yaml": LAYOUT, **files})
        for name, target in (links or {}).items():
            (git.path / name).parent.mkdir(parents=True, exist_ok=True)
            (git.path / name).symlink_to(target)
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        monkeypatch.chdir(git.path)
        return git

    return make


# --- Links

OUTPUTS: dict[str, list[str]] = {
    "-o": ["check", "-q", "-o", "NAME"],
    "--report json": ["check", "-q", "--report", "json=NAME"],
    "--show-files": ["check", "--show-files", "-o", "NAME"],
    "--show-config": ["check", "--show-config", "-o", "NAME"],
    "--baseline": ["check", "-q", "--baseline", "NAME", "--update-baseline"],
    "tree -o": ["tree", "-o", "NAME"],
    "tree --write": ["tree", "--write", "NAME"],
    "init": ["init", "-o", "NAME"],
}
LINKS: dict[str, tuple[dict[str, str], str, str]] = {  # the links, the name, and a part of the message
    "to git's configuration": ({"out": ".git/config"}, "out", "out is a symbolic link to .git/config"),
    "to git's data, new": ({"out": ".git/new"}, "out", "out is a symbolic link to .git/new"),
    "to a hook": ({"out": ".git/hooks/post-checkout"}, "out", "link to .git/hooks/post-checkout"),
    "to a git directory": ({"d": ".git/hooks"}, "d/post-checkout", "d is a symbolic link to .git/hooks"),
    "out": ({"out": "../other/R.md"}, "out", "out is a symbolic link to ../other/R.md"),
    "through a directory": ({"d": "../other"}, "d/R.md", "d is a symbolic link to ../other"),
    "chain": ({"a": "b", "b": "c", "c": "../other"}, "a/R.md", "a is a symbolic link to b"),
    "in the repository": ({"out": "docs/R.md"}, "out", "out is a symbolic link to docs/R.md"),
    "to a directory in the repository": ({"d": "docs"}, "d/R.md", "d is a symbolic link to docs"),
    "in a subdirectory": (
        {"docs/d": "../../other"},
        "docs/d/R.md",
        "docs/d is a symbolic link to ../../other",
    ),
    "up and down": ({"docs/up": ".."}, "docs/up/docs/R.md", "docs/up is a symbolic link to "),
    "to itself": ({"out": "out"}, "out", "out is a symbolic link to out"),
    "dangling": ({"out": "nothing/there"}, "out", "out is a symbolic link to nothing/there"),
}


@pytest.mark.parametrize("link", LINKS)
def test_outputs_are_not_written_through_symlinks(change: Callable[..., Git], run: Run, link: str) -> None:
    links, name, message = LINKS[link]
    git = change({"docs/R.md": TREE}, links)
    write(git.path.parent, {"other/R.md": TREE})
    before = everything(git.path.parent)
    for command, arguments in OUTPUTS.items():
        for each in (name, f"./docs/../{name}", str(git.path / name)):
            result = run(*(part.replace("NAME", each) for part in arguments))
            lines = result.err.splitlines()
            if command == "init" and "already exists, and `init` never overwrites" in result.err:
                assert (result.status, len(lines)) == (2, 1)  # so it does not check further
                continue
            assert (result.status, result.out, len(lines)) == (2, "", 1), (command, result)
            assert message in lines[0], command
            assert lines[0].startswith("structlint: cannot write "), command
        assert everything(git.path.parent) == before, command


ABSOLUTE = ("out", "d/R.md")


@pytest.mark.parametrize("name", ABSOLUTE)
def test_absolute_symlink_into_a_sibling_work_tree(
    change: Callable[..., Git], run: Run, tmp_path: Path, name: str
) -> None:
    git = change({}, {"out": f"{tmp_path}/other/R.md", "d": f"{tmp_path}/other"})
    git("worktree", "add", "-q", "../other")
    before = everything(tmp_path)
    result = run("check", "-o", name)
    assert (result.status, result.out) == (2, "")
    assert f"{name.partition('/')[0]} is a symbolic link to {tmp_path}/other" in result.err
    assert everything(tmp_path) == before


GIT_PATHS = [
    ".git/x",
    ".git/config",
    ".git/hooks/post-checkout",
    ".GIT/config",
    ".Git/x",
    "docs/.git",
    "docs/.git/x",
]
GIT_PATHS += [
    "git~1/config",
    ".git./x",
    "data/x",
    "data/hooks/x",
    "sub/x",
    "sub/.git/config",
    "sub/docs/x",
    "bare/x",
]


@pytest.mark.parametrize("command", ["-o", "--report json", "--baseline", "tree -o", "init"])
def test_outputs_are_not_written_into_git_data(change: Callable[..., Git], run: Run, command: str) -> None:
    """Git's data under any name, and other repositories in the repository."""
    git = change({"docs/a": ""})
    for arguments in (
        ["init", "sub"],
        ["init", "--separate-git-dir=data", "separate"],
        ["init", "--bare", "bare"],
    ):
        git(arguments[0], "-q", *arguments[1:])
    write(git.path, {"sub/docs/a": "", ".GIT/config": "", "git~1/config": "", ".git./a": ""})
    before = everything(git.path)
    for name in GIT_PATHS:
        result = run(*(part.replace("NAME", name) for part in OUTPUTS[command]))
        assert everything(git.path) == before, name
        if command == "init" and "already exists, and `init` never overwrites" in result.err:
            continue
        assert (result.status, result.out) == (2, ""), (name, result)
        assert "git's own data" in result.err or "is a separate repository" in result.err, name


def test_outputs_are_not_written_into_the_git_directory_of_a_work_tree(
    change: Callable[..., Git], run: Run, tmp_path: Path
) -> None:
    git = change({})
    git("worktree", "add", "-q", "../linked")
    os.chdir(tmp_path / "linked")
    for name in ("../repo/.git/worktrees/linked/config", "../repo/.git/x", ".git"):
        before = everything(tmp_path)
        result = run("check", "-o", name)
        assert (result.status, result.out, "git's own" in result.err) == (2, "", True), result
        assert everything(tmp_path) == before
    assert run("check", "-q", "-o", "report").status == 1
    assert (tmp_path / "linked/report").exists()


def test_outputs_outside_the_repository_may_be_symlinks(
    change: Callable[..., Git], run: Run, tmp_path: Path
) -> None:
    change({})
    (tmp_path / "place").mkdir()
    (tmp_path / "reports").symlink_to("place")
    (tmp_path / "report.json").symlink_to("place/new.json")
    for name in (
        "../x.json",
        "../reports/x.json",
        "../report.json",
        str(tmp_path / "y.json"),
        "sub/../../z.json",
    ):
        result = run("check", "-q", "--output-format", "json", "-o", name)
        assert (result.status, result.out, result.err) == (1, "", ""), name
        assert json.loads(Path(os.path.normpath(name)).read_text())["summary"]["errors"] == 1
    assert (tmp_path / "report.json").is_symlink()
    assert sorted(each.name for each in (tmp_path / "place").iterdir()) == ["new.json", "x.json"]
    for name in (os.devnull, "/dev/stdout", "/dev/stderr", "/dev/fd/1"):
        assert run("check", "-q", "-o", name).status == 1


def test_output_to_a_named_pipe(change: Callable[..., Git], tmp_path: Path) -> None:
    git = change({})
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        result = subprocess.run(
            ["structlint", "check", "-q", "-o", "../pipe"], cwd=git.path, env=ENVIRONMENT, check=False
        )
        out, _ = reader.communicate(timeout=60)
    assert (result.returncode, "README.md" in out) == (1, True)


ENVIRONMENT = {**os.environ, "PATH": f"{Path(os.sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # type: ignore[attr-defined]


def test_hard_links_are_not_written_through(change: Callable[..., Git], run: Run, tmp_path: Path) -> None:
    git = change({"R.md": ""})
    for name, target in (
        ("config", git.path / ".git/config"),
        ("out", tmp_path / "precious"),
        ("README.md", tmp_path / "tree"),
    ):
        target.exists() or target.write_text(TREE)
        os.link(target, git.path / name)
        before = target.read_bytes()
        arguments = ["tree", "--write", name] if name == "README.md" else ["check", "-q", "-o", name]
        assert run(*arguments).status in (0, 1)
        assert target.read_bytes() == before
        assert (git.path / name).read_bytes() != before


def test_no_output_is_written_if_one_is_invalid(change: Callable[..., Git], run: Run) -> None:
    git = change(
        {"nested/structlint.yaml": LAYOUT},
        {"b.json": ".git/config", "nested/structlint-baseline.json": "../x"},
    )
    before = everything(git.path)
    result = run("check", "--report", "sarif=a.json", "--report", "json=b.json", "-o", "c.txt")
    assert (result.status, result.out) == (2, "")
    result = run("check", "-o", "c.txt", "--report", "json=nowhere/d.json")
    assert (result.status, result.err) == (
        2,
        "structlint: cannot write `nowhere/d.json`: No such file or directory\n",
    )
    result = run("check", "--update-baseline")
    assert result.status == 2
    assert "nested/structlint-baseline.json is a symbolic link to ../x" in result.err
    assert everything(git.path) == before


def test_hostile_name_of_a_symlink_in_the_error(change: Callable[..., Git], run: Run) -> None:
    change({}, {"[red]\n::error::": "\x1b[31m\n::error::x"})
    result = run("check", "-o", "[red]\n::error::")
    assert (result.status, result.err.count("\n"), "\x1b" in result.err) == (2, 1, False)


def test_symlinks_in_a_project_outside_git(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"plain/structlint.yaml": LAYOUT, "other/x": "precious"})
    (tmp_path / "plain/d").symlink_to("../other")
    (tmp_path / "plain/structlint-baseline.json").symlink_to("../other/x")
    monkeypatch.chdir(tmp_path)
    before = everything(tmp_path)
    for arguments in (["check", "plain", "-o", "plain/d/x"], ["check", "plain", "--update-baseline"]):
        assert run(*arguments).status == 2
    assert everything(tmp_path) == before


def test_layouts_are_not_written_through_symlinks(change: Callable[..., Git], run: Run) -> None:
    """`ports --write` and `new` write into the layout."""
    compose = "services: {web: {image: a, ports: ['8000:80']}}\n"
    git = change(
        {"layouts/one.yaml": "names: {s: kebab-case}\ntree: {src/: {<s>.py: }}\nports: {<s>: 8000-8010}\n"}
    )
    write(git.path, {"compose.yaml": compose, "src/a.py": ""})
    (git.path / "structlint.yaml").unlink()
    (git.path / "structlint.yaml").symlink_to("layouts/one.yaml")
    before = everything(git.path)
    result = run("ports", "--write")
    assert result.status == 2
    assert "structlint.yaml is a symbolic link to layouts/one.yaml" in result.err
    result = run("ports", "--write", "-c", "structlint.yaml")
    assert (result.status, "structlint.yaml is a symbolic link" in result.err) == (2, True)
    result = run("new", "s", "b")
    assert (result.status, "structlint.yaml" in result.err) == (2, True)
    assert everything(git.path) == before


def test_fix_does_not_create_files_through_symlinks(change: Callable[..., Git], run: Run) -> None:
    git = change({"structlint.yaml": "tree: {docs/: {a.md: , deep/: {b.md: }}}\n"}, {"docs": "../other"})
    write(git.path.parent, {"other/x": ""})
    before = everything(git.path.parent)
    for arguments in (["fix"], ["fix", "--unsafe", "--force"]):
        result = run(*arguments)
        assert result.status != 0
        assert everything(git.path.parent) == before


# --- Former vulnerabilities


def test_s01_report_linked_to_the_git_configuration(change: Callable[..., Git], run: Run) -> None:
    git = change({"README.md": "", "[core]hooksPath=hk #": "", "hk/post-checkout": "#!/bin/sh\ntouch RAN\n"})
    (git.path / "hk/post-checkout").chmod(0o755)
    (git.path / "report.txt").symlink_to(".git/config")
    before = (git.path / ".git/config").read_bytes()
    result = run("check", ".", "--output-format", "concise", "-o", "report.txt")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "structlint: cannot write `report.txt`: report.txt is a symbolic link to .git/config, "
        "and structlint does not write through links; use another file\n"
    )
    assert (git.path / ".git/config").read_bytes() == before
    git("checkout", "-q", "-b", "y")
    assert not (git.path / "RAN").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_s02_report_of_every_format(change: Callable[..., Git], run: Run, name: str) -> None:
    git = change({}, {"gl.json": ".git/config"})
    result = run("check", ".", "--report", f"{name}=gl.json", "-q")
    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "gl.json is a symbolic link to .git/config" in result.err
    git("status")


def test_s03_baseline_linked_into_git_data(change: Callable[..., Git], run: Run) -> None:
    git = change({}, {"structlint-baseline.json": ".git/new"})
    result = run("check", "--update-baseline")
    assert (result.status, result.out) == (2, "")
    assert "structlint-baseline.json is a symbolic link to .git/new" in result.err
    assert not (git.path / ".git/new").exists()


def test_s04_symlinked_directory_into_another_repository(
    change: Callable[..., Git], repository: Make, run: Run
) -> None:
    other = repository({"out.json": "precious\n", "R.md": TREE}, at="other")
    change({}, {"reports": "../other", "R.md": "../other/R.md"})
    before = everything(other.path)
    for arguments, link, target in (
        (["check", ".", "--output-format", "json", "-o", "reports/out.json"], "reports", "../other"),
        (["tree", "--write", "reports/R.md"], "reports", "../other"),
        (["tree", "--write", "R.md"], "R.md", "../other/R.md"),
    ):
        result = run(*arguments)
        assert (result.status, result.out) == (2, "")
        assert f"{link} is a symbolic link to {target}" in result.err
    assert everything(other.path) == before


# --- The journal of a fix


def write_journal(directory: Path, operations: object, index: object = False, **files: bytes) -> Path:
    """Write a journal like an attacker."""
    directory.mkdir(parents=True, exist_ok=True)
    text = (
        operations if isinstance(operations, str) else json.dumps({"operations": operations, "index": index})
    )
    (directory / "operations.json").write_text(text)
    for name, content in {"content.0": b"x", **files}.items():
        (directory / name.replace("_", ".")).write_bytes(content)
    return directory


STATE = [0, 0, 0, 0]
JOURNALS: dict[str, tuple[list[object], str]] = {
    "a file above": (
        [["Write", "../outside.txt", {"content": 0}, False]],
        "../outside.txt is not a path within",
    ),
    "an absolute path": (
        [["Write", "/etc/outside", {"content": 0}, False]],
        "/etc/outside is not a path within",
    ),
    "a directory above": ([["MakeDirectory", "../dir"]], "../dir is not a path within"),
    "a directory above is removed": ([["RemoveDirectory", "../other", 0]], "../other is not a path within"),
    "moved out": ([["Rename", "README.md", "../gone.md", "file", STATE]], "../gone.md is not a path within"),
    "moved in": ([["Rename", "../other/x", "x", "file", STATE]], "../other/x is not a path within"),
    "`..` in the middle": ([["MakeDirectory", "a/../../dir"]], "is not a path within"),
    "written above": (
        [["Replace", "../other/x", {"content": 0}, {"content": 0}, 420, 0]],
        "is not a path within",
    ),
    "into git's data": (
        [["Write", ".git/info/more", {"content": 0}, False]],
        ".git/info/more belongs to git",
    ),
    "in another case": (
        [["Write", ".GIT/info/more", {"content": 0}, False]],
        ".GIT/info/more belongs to git",
    ),
    "short name of git's data": ([["MakeDirectory", "git~1/x"]], "git~1/x belongs to git"),
    "git's file": ([["Write", "sub/.git", {"content": 0}, False]], "sub/.git belongs to git"),
    "out of git's data": ([["Rename", ".git/config", "x", "file", STATE]], ".git/config belongs to git"),
    "a link": ([["Write", "link/x", {"content": 0}, False]], "link/x: link is a symbolic link"),
    "a link above a created path": ([["MakeDirectory", "link/d"]], "link/d: link is a symbolic link"),
    "a link above a moved path": ([["Rename", "link/x", "x", "file", STATE]], "link is a symbolic link"),
    "a link above the target": (
        [["Rename", "README.md", "link/x", "file", STATE]],
        "link is a symbolic link",
    ),
    "a link in its place": (
        [["Replace", "file-link", {"content": 0}, {"content": 0}, 420, 0]],
        "file-link is a symbolic link",
    ),
    "a link moved into place": (
        [["Rename", "link", "d", "link", STATE], ["Write", "d/x", {"content": 0}, False]],
        "operation 2: d/x: d is a symbolic link",
    ),
    "a repository in it": (
        [["Write", "nested/x", {"content": 0}, False]],
        "nested, which is a separate repository",
    ),
    "a repository moved": ([["Rename", "nested", "n", "directory", STATE]], "contains a separate repository"),
    "moved onto itself": (
        [["Rename", "README.md", "README.md", "file", STATE]],
        "README.md cannot be moved into itself",
    ),
    "moved into itself": (
        [["Rename", "docs", "docs/x", "directory", STATE]],
        "docs cannot be moved into itself",
    ),
    "an existing file beside a new one": (
        [["Write", "new", {"content": 0}, False]],
        ".new.structlint exists, but was not written by this fix",
    ),
    "an existing file beside a rewritten one": (
        [["Replace", "README.md", {"content": 0}, {"content": 0}, 420, 0]],
        ".README.md.structlint exists, but was not written by this fix",
    ),
    "an unknown kind": ([["Link", "a", "b"]], "operation 1: it is not a list that begins with one of"),
    "no kind": ([[]], "operation 1: it is not a list"),
    "a mapping": ([{"Write": "x"}], "operation 1: it is not a list"),
    "too few values": (
        [["Write", "x", {"content": 0}]],
        "Write has 3 values (path, content, executable), not 2",
    ),
    "too many values": ([["MakeDirectory", "x", 1]], "MakeDirectory has 1 values (path), not 2"),
    "a number for a path": ([["MakeDirectory", 3]], "a path is not a string"),
    "no path": ([["MakeDirectory", ""]], "is not a path within"),
    "a NUL": ([["Rename", "a\0b", "x", "file", STATE]], "is not the name of a file"),
    "an invalid file name": ([["Rename", "\ud800", "x", "file", STATE]], "is not the name of a file"),
    "a string for a content": ([["Write", "x", "text", False]], "is not the number of a file"),
    "a path for a content": (
        [["Write", "x", {"content": "../../config"}, False]],
        "is not the number of a file",
    ),
    "no such content": ([["Write", "x", {"content": 7}, False]], "no such file: content.7"),
    "a negative content number": ([["Write", "x", {"content": -1}, False]], "no such file: content.-1"),
    "a number for a boolean": (
        [["Write", "x", {"content": 0}, 1]],
        "`executable` of Write has an invalid value",
    ),
    "a mode": ([["RemoveDirectory", "docs", 4096]], "`mode` of RemoveDirectory has an invalid value"),
    "a time": ([["Replace", "x", {"content": 0}, {"content": 0}, 420, "now"]], "`modified` of Replace"),
    "a kind of file": ([["Rename", "README.md", "x", "other", STATE]], "`kind` of Rename"),
    "a state with three values": ([["Rename", "README.md", "x", "file", [0, 0, 0]]], "`state` of Rename"),
}


@pytest.fixture
def victim(change: Callable[..., Git]) -> Git:
    """A repository with the files in the journals."""
    beside = {".new.structlint": "precious", ".README.md.structlint": "precious"}
    git = change({"README.md": "mine", "docs/a": "", **beside}, {"link": "../other", "file-link": "docs/a"})
    write(git.path.parent, {"other/x": "precious"})
    git("init", "-q", "nested")
    return git


def test_journal_is_checked_before_resuming(victim: Git, run: Run) -> None:
    first = ["Write", "first.txt", {"content": 0}, False]
    every = ["", "=0\n", "+1\n"]
    for number, (name, (operations, message)) in enumerate(JOURNALS.items()):
        directory = write_journal(victim.path / ".git/structlint", [first, *operations])
        before = everything(victim.path.parent)
        numbered = message.replace("operation 2", "operation 3").replace("operation 1", "operation 2")
        for progress in every if number < 3 else [every[number % 3]]:
            (directory / "progress").write_text(progress)
            result = run("fix", "--resume")
            assert (result.status, result.out) == (2, ""), (name, result)
            assert f"the journal in {directory} cannot be used, and nothing was done, because\n" in result.err
            assert "  operations.json: " in result.err and numbered in result.err, (name, result)
            (directory / "progress").unlink()
            assert everything(victim.path.parent) == before, name


def test_journal_is_checked_before_undoing(victim: Git, run: Run) -> None:
    (victim.path / "structlint.yaml").write_text("tree: {README.md: , made.txt: }\n")
    for name, (operations, _) in JOURNALS.items():
        directory = write_journal(victim.path / ".git/structlint", operations)
        (directory / "progress").write_text("=0\n")
        before = everything(victim.path.parent)
        on_disk = any(
            each in name for each in ("link", "repository", "beside")
        )  # only detected during an undo
        for way in ("--undo",) if on_disk else ("--undo", "--force", "--diff"):
            assert run("fix", way).status == 2, (name, way)
            assert everything(victim.path.parent) == before, (name, way)


@pytest.mark.parametrize("to", ["../other", "docs", ".git/hooks"])
def test_undo_does_not_follow_symlinks(victim: Git, run: Run, to: str) -> None:
    """A directory of the fix was replaced by a link to an equal directory."""
    apply(victim.path, [Create("new/deep/a"), Move("README.md", "new/deep/README.md")])
    target = victim.path / to
    (victim.path / "new/deep").rename(target / "deep") if to != "docs" else None
    if to == "docs":
        (victim.path / "new/deep").rename(victim.path / "docs/deep")
    (victim.path / "new/deep").symlink_to(Path("..") / to / "deep")
    before = everything(victim.path.parent)
    result = run("fix", "--undo")
    assert (result.status, result.out) == (2, "")
    assert (
        "no longer exists" in result.err
        or "has been changed since" in result.err
        or "is a symbolic link" in result.err
    )
    assert everything(victim.path.parent) == before


INVALID_JOURNALS = {
    "nothing": ("", "operations.json: it is not JSON"),
    "deep": ("[" * 100_000, "operations.json: it is not JSON"),
    "a list": ("[]", "operations.json: it is not a mapping"),
    "more": ('{"operations": [], "index": false, "x": 1}', "operations.json: it is not a mapping"),
    "no index": ('{"operations": []}', "operations.json: it is not a mapping"),
    "no list": ('{"operations": {}, "index": false}', "`operations` is not a list"),
    "an index": ('{"operations": [], "index": true}', "`index`: it is neither false nor a mapping"),
    "an index without entries": (
        '{"operations": [], "index": {"untracked": []}}',
        "`index`: no operation changes",
    ),
    "an index from above": (
        '{"operations": [], "index": {"untracked": ["../x"]}}',
        "../x is not a path within",
    ),
    "an index of numbers": ('{"operations": [], "index": {"untracked": [1]}}', "a path is not a string"),
}


@pytest.mark.parametrize("name", INVALID_JOURNALS)
def test_invalid_journal(victim: Git, run: Run, name: str) -> None:
    text, message = INVALID_JOURNALS[name]
    directory = write_journal(victim.path / ".git/structlint", text)
    before = everything(victim.path.parent)
    for way in ("--resume", "--undo"):
        result = run("fix", way)
        assert (result.status, result.out) == (2, "")
        assert f"{directory} cannot be used" in result.err
        assert message in result.err
    assert everything(victim.path.parent) == before


def test_invalid_progress(victim: Git, run: Run) -> None:
    directory = write_journal(victim.path / ".git/structlint", [["MakeDirectory", "d"]])
    (directory / "progress").write_text("=7\n")
    result = run("fix", "--resume")
    assert (result.status, "progress: it lists operations that do not exist" in result.err) == (2, True)


def test_valid_journal_is_resumed(victim: Git, run: Run) -> None:
    write_journal(victim.path / ".git/structlint", [["Write", "new.txt", {"content": 0}, False]])
    assert run("fix", "--resume").status == 0
    assert (victim.path / "new.txt").read_text() == "x"
    assert run("fix", "--undo").status == 0
    assert not (victim.path / "new.txt").exists()


@pytest.mark.parametrize("target", ["../../other", "../docs", "../.git/hooks", "/nowhere"])
def test_symlinked_journal(victim: Git, run: Run, target: str) -> None:
    write_journal(victim.path / ".git/real", [["Write", "new.txt", {"content": 0}, False]])
    for link in (target, "real"):
        (victim.path / ".git/structlint").symlink_to(link)
        before = everything(victim.path.parent)
        for arguments in (["--resume"], ["--undo"], ["--unsafe", "--force"]):
            (victim.path / "structlint.yaml").write_text("tree: {README.md: , made.txt: }\n")
            result = run("fix", *arguments)
            assert result.status == 2
            assert f".git/structlint is a symbolic link to {link}" in result.err
        (victim.path / "structlint.yaml").write_text(LAYOUT)
        assert everything(victim.path.parent) == before
        (victim.path / ".git/structlint").unlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can change the owner")
@pytest.mark.parametrize("name", ["", "operations.json", "content.0", "progress"])
def test_journal_of_another_user(victim: Git, run: Run, name: str) -> None:
    directory = write_journal(
        victim.path / ".git/structlint", [["Write", "new.txt", {"content": 0}, False]], progress=b""
    )
    os.chown(directory / name, 12345, 12345)
    for way in ("--resume", "--undo"):
        result = run("fix", way)
        assert (result.status, "owned by another user" in result.err) == (2, True), result
    assert not (victim.path / "new.txt").exists()


def test_symlinks_in_a_journal(victim: Git, run: Run) -> None:
    directory = write_journal(victim.path / ".git/structlint", [["Write", "new.txt", {"content": 0}, False]])
    (directory / "content.0").unlink()
    (directory / "content.0").symlink_to("../../../other/x")
    result = run("fix", "--resume")
    assert (result.status, "no such file: content.0" in result.err) == (2, True)
    (directory / "operations.json").rename(directory / "there")
    (directory / "operations.json").symlink_to("there")
    result = run("fix", "--resume")
    assert (result.status, "operations.json: it is not a regular file" in result.err) == (2, True)
    (directory / "progress").symlink_to("../config")
    (directory / "operations.json").unlink()
    write_journal(directory, [["MakeDirectory", "d"]])
    before = (victim.path / ".git/config").read_bytes()
    assert run("fix", "--resume").status == 2
    assert (victim.path / ".git/config").read_bytes() == before


# --- The index


STEPS: list[Step] = [Move("docs/a", "docs/b"), Untrack("README.md")]


def begin_fix(git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal of a fix that was interrupted before it wrote the index."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("structlint.fix.apply._Work.put_index", interrupt)
        with pytest.raises(KeyboardInterrupt):
            apply(git.path, STEPS)
    return git.path / ".git/structlint"


def changed_index(git: Git, *arguments: str) -> bytes:
    """The index of the repository after `git update-index` with these arguments."""
    index = git.path / ".git/index"
    before = index.read_bytes()
    git("update-index", *arguments)
    other = index.read_bytes()
    index.write_bytes(before)
    return other


EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
INDEXES: dict[str, Callable[[Git], bytes]] = {
    "garbage": lambda git: b"garbage\n",
    "nothing": lambda git: b"",
    "another entry": lambda git: changed_index(git, "--add", "--cacheinfo", f"100755,{EMPTY},evil.sh"),
    "another content": lambda git: changed_index(git, "--cacheinfo", f"100644,{EMPTY},structlint.yaml"),
    "another mode": lambda git: changed_index(git, "--chmod=+x", "structlint.yaml"),
    "a flag": lambda git: changed_index(git, "--assume-unchanged", "structlint.yaml"),
    "less": lambda git: changed_index(git, "--force-remove", "structlint.yaml"),
}


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("file", ["index.before", "index.after"])
def test_manipulated_index_is_not_restored(
    victim: Git, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, file: str
) -> None:
    directory = begin_fix(victim, monkeypatch)
    listed = victim("ls-files", "-s", "-v")
    (directory / file).write_bytes(INDEXES[name](victim))
    result = run("fix", "--resume")
    assert (result.status, result.out) == (2, "")
    assert f"{directory} cannot be used" in result.err
    assert file in result.err or "index" in result.err
    assert victim("ls-files", "-s", "-v") == listed
    victim("status")


@pytest.mark.parametrize("name", INDEXES)
def test_manipulated_index_is_not_undone(victim: Git, run: Run, name: str) -> None:
    apply(victim.path, STEPS)
    after = everything(victim.path / "docs"), victim("ls-files", "-s", "-v")
    (victim.path / ".git/structlint/index.before").write_bytes(INDEXES[name](victim))
    assert run("fix", "--undo").status == 2
    assert (everything(victim.path / "docs"), victim("ls-files", "-s", "-v")) == after


def test_index_is_resumed_and_undone(victim: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    before, listed = (victim.path / ".git/index").read_bytes(), victim("ls-files", "-s", "-v")
    begin_fix(victim, monkeypatch)
    resume(victim.path)
    assert victim("ls-files", "docs", "README.md") == "docs/b\n"
    undo(victim.path)
    assert victim("ls-files", "-s", "-v") == listed
    assert (victim.path / ".git/index").read_bytes() == before


def test_s09_journal_with_paths_outside_the_project(change: Callable[..., Git], run: Run) -> None:
    git = change({"README.md": "mine"})
    write_journal(
        git.path / ".git/structlint",
        [
            ["Write", "../outside.txt", {"content": 0}, False],
            ["MakeDirectory", "../dir"],
            ["Rename", "README.md", "../gone.md", "file", STATE],
        ],
    )
    result = run("fix", "--resume")
    assert (result.status, result.out) == (2, "")
    assert "operations.json: operation 1: ../outside.txt is not a path within the project" in result.err
    assert sorted(path.name for path in git.path.parent.iterdir()) == ["repo"]
    assert (git.path / "README.md").read_text() == "mine"


def test_s10_journal_that_writes_into_git_data(change: Callable[..., Git], run: Run) -> None:
    git = change({"README.md": ""})
    directory = write_journal(
        git.path / ".git/structlint", [["Write", ".git/info/more", {"content": 0}, False]]
    )
    result = run("fix", "--resume")
    assert (result.status, "operation 1: .git/info/more belongs to git" in result.err) == (2, True)
    assert not (git.path / ".git/info/more").exists()
    index = (git.path / ".git/index").read_bytes()
    write_journal(directory, [], True, index_before=index, index_after=b"garbage\n")
    result = run("fix", "--resume")
    assert (result.status, "`index`" in result.err) == (2, True)
    write_journal(directory, [], {"untracked": ["README.md"]}, index_before=index, index_after=b"garbage\n")
    result = run("fix", "--resume")
    assert (result.status, "index.before, index.after: " in result.err) == (2, True)
    assert (git.path / ".git/index").read_bytes() == index
    git("status")


@pytest.mark.parametrize("state", [".state", "a/b/state", "link"])
def test_s11_journal_in_the_tree(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    root = tmp_path / "plain"
    write(root, {"structlint.yaml": LAYOUT})
    (tmp_path / "link").symlink_to("plain/.state")
    name = sha256(os.fsencode(root)).hexdigest()
    operations = [["Write", "../outside2.txt", {"content": 0}, False]]
    for place in (".state", "a/b/state"):
        write_journal(root / place / "structlint" / name, operations)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "link" if state == "link" else root / state))
    monkeypatch.chdir(root)
    before = everything(tmp_path)
    for arguments in (["fix"], ["fix", "--resume"], ["fix", "--undo"]):
        result = run(*arguments)
        assert result.status == 2
        (line,) = result.err.splitlines()
        assert line.startswith("structlint: the journal would be in ")
        assert line.endswith("set XDG_STATE_HOME to a directory outside it")
        assert everything(tmp_path) == before
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert run("fix").status == 1  # the planted files are unlisted
    assert (root / "README.md").exists()


def test_symlinked_state_directory(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "plain"
    write(root, {"structlint.yaml": LAYOUT})
    (tmp_path / "state").mkdir()
    (tmp_path / "state/structlint").symlink_to("../plain")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(root)
    result = run("fix")
    assert (result.status, "state/structlint is a symbolic link to ../plain" in result.err) == (2, True)
    assert sorted(path.name for path in root.iterdir()) == ["structlint.yaml"]


def test_fix_without_directory_descriptors(victim: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none: applying and undoing have the same result."""
    monkeypatch.setattr("structlint.filesystem.reading._BY_DESCRIPTOR", False)
    before = everything(victim.path / "docs"), victim("ls-files", "-s")
    apply(
        victim.path,
        [*STEPS, Create("docs/new/c", b"c"), Rewrite("structlint.yaml", LAYOUT.encode(), b"tree: {}\n")],
    )
    assert everything(victim.path / "docs") == {"b": "", "new/c": "c"}
    undo(victim.path)
    assert (everything(victim.path / "docs"), victim("ls-files", "-s")) == before
