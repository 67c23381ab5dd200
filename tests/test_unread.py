"""A file that the check needs and cannot read is an error; the check never passes.

structlint runs unprivileged here, because root can read everything.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from conftest import Git, Make, Result, Run, write
from forked import Command, Server

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX modes and pipes")

_DENIED = "Permission denied; make it readable"
_CONFLICT = 'services: {a: {image: x, ports: ["80:80"]}, b: {image: x, ports: ["80:80"]}}\n'


class Place:
    """A repository, and structlint as a user without permission to read everything in it."""

    def __init__(self, top: Path, server: Server) -> None:
        self.top = top
        self.server = server
        self.repo = top / "repo"
        self.repo.mkdir()
        (top / "home").mkdir()
        self.environment = {**os.environ, "HOME": str(top / "home"), "XDG_CONFIG_HOME": ""}
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
        result = subprocess.run(
            command, cwd=self.repo, env=self.environment, capture_output=True, text=True, check=True
        )
        return result.stdout

    def add(self, files: Mapping[str, str], *, commit: bool = False) -> None:
        write(self.repo, files)
        if commit:
            self.git("add", "-A")
            self.git("commit", "-qm", "x")

    def make_unreadable(self, *paths: str) -> None:
        for path in paths:
            (self.repo / path).chmod(0)

    def run(self, *arguments: str) -> Result:
        """The result of `structlint ARGUMENTS` as an unprivileged user."""
        command = Command(arguments, str(self.repo), self.environment, unprivileged=True)
        return Result(*self.server.run(command))


@pytest.fixture
def place(tmp_path: Path, server: Server) -> Iterator[Place]:
    yield Place(tmp_path, server)
    for each in tmp_path.rglob("*"):
        if each.is_dir() and not each.is_symlink():
            each.chmod(0o755)


# --- Files that rules read


def test_unreadable_compose_file(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {README.md: , compose.yaml: }\n", "README.md": ""})
    place.add({"compose.yaml": _CONFLICT})
    assert place.run("check", ".").status == 1
    place.make_unreadable("compose.yaml", "README.md")
    result = place.run("check", ".")
    assert result.status == 2
    assert f"structlint: cannot read compose.yaml: {_DENIED}\n" in result.err
    assert f"structlint: cannot read README.md: {_DENIED}\n" in result.err
    assert "All checks passed" not in result.out + result.err


_PORTS = "ports: {web: 8000}\n"
_UNREAD: dict[str, tuple[str, str, str]] = {
    "a compose file of any name": ("deploy/dev.compose.yml", "", "port-conflict"),
    "a manifest": ("k8s/web.yaml", "", "port-conflict"),
    "a kustomization": ("k8s/kustomization.yaml", "", "port-conflict"),
    "an .env file of a compose file": (".env", _PORTS, "port-mismatch"),
    "a Dockerfile": ("web/Dockerfile", _PORTS, "port-mismatch"),
    "a dev container": (".devcontainer/devcontainer.json", _PORTS, "port-mismatch"),
    "a compose file with unlisted services": ("compose.yaml", _PORTS, "unknown-port"),
    "a document": ("docs/a.md", "", "stale-document"),
}


@pytest.mark.parametrize("case", _UNREAD)
@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
def test_unreadable_file_that_a_rule_needs(case: str, commit: bool, place: Place) -> None:
    path, layout, rule = _UNREAD[case]
    place.add({"structlint.yaml": f"tree: {{gone: }}\n{layout}", path: "", "b/x": ""}, commit=commit)
    place.make_unreadable(path)
    result = place.run("check", ".", "--output-format", "concise")
    assert result.status == 2
    assert f"structlint: cannot read {path}: {_DENIED}\n" in result.err
    assert "gone: error: missing file" in result.out  # other findings are printed
    if commit:
        return
    off = "port-*,listen-*,un*-port,stale-document"
    assert place.run("check", ".", "--ignore", off).status == 1  # no remaining rule needs it
    assert place.run("check", ".", "--select", "missing-file").status == 1
    write(place.repo, {"structlint.yaml": f"tree: {{gone: }}\n{layout}severity: {{{rule}: off}}\n"})
    assert place.run("check", ".", "--select", f"{rule},missing-file").status == 1
    assert place.run("check", ".", "--select", rule, "--exclude", f"/{path}").status == 0


def test_init_lists_unreadable_files(place: Place) -> None:
    place.add({"README.md": "", "compose.yaml": _CONFLICT, "web/compose.yaml": _CONFLICT})
    place.make_unreadable("web/compose.yaml")
    result = place.run("init")
    assert result.status == 0, result
    warning = "warning: cannot read; `check` fails until these can be read:"
    assert f"{warning}\n  web/compose.yaml: {_DENIED}\n" in result.err
    assert (place.repo / "structlint.yaml").exists()


def test_at_most_ten_unreadable_files_are_listed(place: Place) -> None:
    paths = [f"k{number:02}.yaml" for number in range(13)]
    place.add(dict.fromkeys(paths, ""))
    place.make_unreadable(*paths)
    result = place.run("check", ".", "--output-format", "concise", "-q")
    assert result.status == 2
    lines = [line for line in result.err.splitlines() if "cannot read" in line]
    assert [line.split()[3] for line in lines[:10]] == [f"{path}:" for path in paths[:10]]
    assert lines[10:] == ["structlint: cannot read 3 more"]


def test_note_for_an_unreadable_required_file(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {LICENSE: , src/: {'*.py': }}\n", "LICENSE": "", "src/a.py": ""})
    place.make_unreadable("LICENSE", "src/a.py")
    result = place.run("check", ".")
    assert result.status == 0
    assert "note: LICENSE is required, but cannot be opened" in result.out
    assert "note: src/a.py is required, but cannot be opened" in result.out
    place.add({"src/b.py": ""})  # one readable match of a pattern is enough
    assert "src/a.py" not in place.run("check", ".").out


def test_baseline_is_not_updated_with_unreadable_files(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {compose.yaml: }\n", "compose.yaml": _CONFLICT})
    assert place.run("check", "--update-baseline").status == 0
    before = (place.repo / "structlint-baseline.json").read_bytes()
    place.make_unreadable("compose.yaml")
    assert place.run("check", "--update-baseline").status == 2
    assert (place.repo / "structlint-baseline.json").read_bytes() == before
    result = place.run("check", ".")
    assert "no longer exist" not in result.out + result.err  # unknown


@pytest.mark.parametrize("form", ["json", "sarif", "concise", "markdown", "junit", "github"])
def test_reports_are_marked_as_incomplete(form: str, place: Place) -> None:
    place.add({"structlint.yaml": "tree: {compose.yaml: }\n", "compose.yaml": _CONFLICT})
    place.make_unreadable("compose.yaml")
    result = place.run("check", ".", "--output-format", form)
    assert result.status == 2
    if form in ("json", "markdown", "sarif"):
        assert "port-conflict did not finish" in result.out
    if form == "sarif":
        assert '"executionSuccessful": false' in result.out.replace('":false', '": false')


def test_ports_with_an_unreadable_file(place: Place) -> None:
    place.add({"structlint.yaml": "ports: {web: 8000}\n", "compose.yaml": _CONFLICT, "b.compose.yml": ""})
    place.make_unreadable("b.compose.yml")
    result = place.run("ports")
    assert result.status == 2
    assert "80" in result.out
    assert "cannot read b.compose.yml" in result.err
    assert place.run("ports", "--free", "8000-8099")[:2] == (2, "")


# --- Ignore files


def test_unreadable_nested_gitignore(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {.: {unlisted: allow}}\nforbid: {'*.exe': no}\n"})
    place.add({".gitignore": "*.exe\n", "sub/.gitignore": "!evil.exe\n", "sub/evil.exe": ""})
    assert place.run("check", ".").status == 1
    place.make_unreadable("sub/.gitignore")
    result = place.run("check", ".")
    assert (result.status, result.out) == (2, "")
    assert result.err == f"structlint: cannot read sub/.gitignore: {_DENIED}\n"


_GITIGNORES: dict[str, dict[str, str]] = {
    "tracked": {"a/.gitignore": "", "a/x": ""},
    "in the root": {".gitignore": "", "x": ""},
    "in a directory with only directories": {"a/.gitignore": "", "a/b/c/x": ""},
    "ignored itself": {".gitignore": ".gitignore\n", "a/.gitignore": "!x\n", "a/x": ""},
    "several": {
        "a/.gitignore": "",
        "a/x": "",
        "b/.gitignore": "",
        "b/x": "",
        "c/d/.gitignore": "",
        "c/x": "",
    },
}


@pytest.mark.parametrize("case", _GITIGNORES)
@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
@pytest.mark.parametrize("without_git", [False, True], ids=["git", "no git"])
def test_every_unreadable_gitignore_is_reported(
    case: str, commit: bool, without_git: bool, place: Place
) -> None:
    place.add({"structlint.yaml": "limits: {depth: 9}\n", **_GITIGNORES[case]}, commit=commit)
    names = sorted(path for path in _GITIGNORES[case] if path.endswith(".gitignore"))
    if case == "ignored itself":
        names = ["a/.gitignore"]
    place.make_unreadable(*names)
    if without_git:
        place.environment["PATH"] = str(place.top / "home")
    result = place.run("check", ".")
    assert (result.status, result.out) == (2, "")
    assert sorted(result.err.splitlines()) == [f"structlint: cannot read {name}: {_DENIED}" for name in names]


def test_unreadable_gitignore_that_no_rule_needs(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {a/: }\n", "a/x": "", "a/.gitignore": "x\n"}, commit=False)
    place.git("add", "-f", "-A")
    assert "tracked-ignored" in place.run("check", ".", "--tracked", "--output-format", "concise").out
    place.make_unreadable("a/.gitignore")
    result = place.run("check", ".", "--tracked")
    assert result.status == 2
    assert f"cannot read a/.gitignore: {_DENIED}" in result.err
    for ignoring in (["--tracked"], ["--no-gitignore"]):
        assert place.run("check", ".", *ignoring, "--ignore", "tracked-ignored").status == 0
    place.git("commit", "-qm", "x")
    assert place.run("check", ".", "--rev", "HEAD").status == 0


@pytest.mark.parametrize("which", ["exclude", "configured", "by default", "of a linked work tree"])
def test_unreadable_exclude_files(which: str, place: Place) -> None:
    place.add({"structlint.yaml": "limits: {depth: 9}\n", "x": ""}, commit=True)
    exclude_file = place.repo / ".git/info/exclude"
    if which == "configured":
        exclude_file = place.top / "mine"
        place.git("config", "core.excludesFile", str(exclude_file))
    elif which == "by default":
        exclude_file = place.top / "home/.config/git/ignore"
    elif which == "of a linked work tree":
        place.git("worktree", "add", "-q", str(place.top / "linked"))
        place.repo = place.top / "linked"
    write(exclude_file.parent, {exclude_file.name: "*.exe\n"})
    assert place.run("check", ".").status == 0
    exclude_file.chmod(0)
    result = place.run("check", ".")
    assert (result.status, result.out) == (2, "")
    assert result.err == f"structlint: cannot read {exclude_file}: {_DENIED}\n"


def test_unreadable_home_directory_is_ignored(place: Place) -> None:
    place.add({"structlint.yaml": "tree: {x: }\n", "x": ""})
    (place.top / "home").chmod(0)
    assert place.run("check", ".", "-q") == (0, "", "")
    place.environment["HOME"] = "/nonexistent"
    assert place.run("check", ".", "-q") == (0, "", "")


@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
@pytest.mark.parametrize("without_git", [False, True], ids=["git", "no git"])
def test_every_unreadable_directory_is_reported(commit: bool, without_git: bool, place: Place) -> None:
    place.add({"a/b/x": "", "a/c/y": "", "d/e/f/x": "", "g": ""}, commit=commit)
    if without_git:
        place.environment["PATH"] = str(place.top / "home")
    place.make_unreadable("a/b", "d")
    result = place.run("check", ".")
    assert (result.status, result.out) == (2, "")
    errors = [f"structlint: cannot read the directory {path}: {_DENIED}" for path in ("a/b/", "d/")]
    assert sorted(result.err.splitlines()) == errors


# --- Repositories

_TRACKED_SECRET = {"structlint.yaml": "tree: {.env: , .gitignore: }\n", ".gitignore": ".env\n", ".env": ""}


@pytest.mark.parametrize("case", ["unreadable", "dangling"])
@pytest.mark.parametrize("command", [["check", "."], ["fix"], ["tree"], ["where", "x"], ["init", "-o", "-"]])
def test_invalid_gitfile(command: list[str], case: str, place: Place) -> None:
    place.add(_TRACKED_SECRET)
    place.git("add", "-f", "-A")
    place.git("commit", "-qm", "x")
    place.git("worktree", "add", "-q", str(place.top / "linked"))
    place.repo = place.top / "linked"
    assert "tracked-ignored" in place.run("check", ".", "--output-format", "concise").out
    gitfile = place.repo / ".git"
    if case == "unreadable":
        place.make_unreadable(".git")
        expected = f"structlint: cannot read {gitfile}: {_DENIED}\n"
    else:
        gitfile.write_text("gitdir: ../gone\n")
        expected = (
            f"structlint: {gitfile} points to {place.repo}/../gone, which is not a git directory; "
            "run `git worktree repair`, or clone the repository again\n"
        )
    result = place.run(*command)
    assert (result.status, result.out, result.err) == (2, "", expected)


@pytest.mark.parametrize("without_git", [False, True], ids=["git", "no git"])
def test_unreadable_nested_gitfile_marks_a_repository(without_git: bool, place: Place) -> None:
    place.add({"structlint.yaml": "tree: {a/: }\n", "a/.git": "gitdir: x\n", "a/b": ""})
    place.make_unreadable("a/.git")
    if without_git:
        place.environment["PATH"] = str(place.top / "home")
    result = place.run("check", ".", "--show-files")
    assert (result.status, result.out) == (0, "structlint.yaml\n")  # `a/` is another repository


def test_unreadable_nested_layout(place: Place) -> None:
    place.add(
        {"structlint.yaml": "tree: {gone: , a/: , b/: , c/: }\n", "c/structlint.yaml": "tree: {more: }"}
    )
    place.add({"a/structlint.yaml": "", "b/.structlint.yaml": ""})
    place.make_unreadable("a/structlint.yaml", "b/.structlint.yaml")
    result = place.run("check", ".", "--output-format", "concise")
    assert result.status == 2
    assert [line.partition(":")[0] for line in result.out.splitlines()] == ["c/more", "gone"]
    for name in ("a/structlint.yaml", "b/.structlint.yaml"):
        assert f"structlint: cannot read {name}: {_DENIED}\n" in result.err
    assert place.run("fix", ".").status == 2
    place.make_unreadable("structlint.yaml")
    assert place.run("check", ".").status == 2


@pytest.mark.parametrize("arguments", [["--tracked"], ["--rev", "HEAD"]], ids=str)
def test_missing_git_objects(arguments: list[str], repository: Make, run: Run) -> None:
    git = repository(
        {"structlint.yaml": "tree: {gone: }\n", "compose.yaml": _CONFLICT, "a.md": "text", "x": "1"}
    )
    (git.path / "link").symlink_to("x")
    git("add", "link")
    git("commit", "-qm", "x")
    for path in ("compose.yaml", "a.md"):
        _delete_object(git, path)
    result = run("check", str(git.path), *arguments, "--output-format", "concise")
    assert result.status == 2
    assert "gone: error: missing file" in result.out
    for path in ("compose.yaml", "a.md"):
        message = f"cannot read {path}: git does not have its content; fetch it, or resolve its conflict"
        assert f"structlint: {message}\n" in result.err
    quiet = ["--ignore", "port-conflict,stale-document"]
    assert run("check", str(git.path), *arguments, *quiet).status == 1
    _delete_object(git, "link")
    result = run("check", str(git.path), *arguments, *quiet)
    assert (result.status, result.out) == (2, "")
    assert "cannot read link: git does not have its content" in result.err


def _delete_object(git: Git, path: str) -> None:
    name = git("rev-parse", f":{path}").strip()
    (git.path / ".git/objects" / name[:2] / name[2:]).unlink()


# --- Other kinds of files in place of a .gitignore


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    at = Path.cwd()
    os.chdir(path.parent)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)
    os.chdir(at)


_SPECIAL: dict[str, Callable[[Path], None]] = {"pipe": _pipe, "socket": _socket, "directory": Path.mkdir}
_WHERE = {
    "in the root": ("", {"keep": ""}),
    "next to a tracked file": ("a/", {"a/x": ""}),
    "above a tracked file": ("a/", {"a/b/c/x": ""}),
}


@pytest.mark.parametrize("kind", _SPECIAL)
@pytest.mark.parametrize("where", _WHERE)
@pytest.mark.parametrize("how", ["git", "--changed", "a large index", "no git"])
def test_special_gitignore_is_reported_at_once(
    kind: str,
    where: str,
    how: str,
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    directory, files = _WHERE[where]
    git = repository({"structlint.yaml": "limits: {depth: 9}\n", **files})
    git("commit", "-qm", "x")
    monkeypatch.setattr("structlint.tree.git.repository._SOON", 50)  # does not wait for git
    if how == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    if how == "a large index":
        monkeypatch.setattr("structlint.tree.git.worktree.SMALL", 0)
    _SPECIAL[kind](git.path / directory / ".gitignore")
    result = run("check", str(git.path), *(["--changed"] if how == "--changed" else []))
    assert (result.status, result.out) == (2, "")
    why = f"it is a {kind} and not a file; remove or rename it"
    assert result.err == f"structlint: cannot read {directory}.gitignore: {why}\n"


@pytest.mark.parametrize("at", ["repo", "outside git"])
def test_special_gitignore_next_to_untracked_files(
    at: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    top = repository({"structlint.yaml": "limits: {depth: 9}\n"}).path if at == "repo" else tmp_path / "top"
    monkeypatch.setattr("structlint.tree.git.repository._SOON", 0.1)
    write(top, {"new/deep/er/x": "", "ignored/x": "", ".gitignore": "ignored/\n"})
    os.mkfifo(top / "ignored/.gitignore")  # git does not enter this directory
    assert run("check", str(top)).status == 0
    os.mkfifo(top / "new/deep/.gitignore")
    result = run("check", str(top))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("structlint: cannot read new/deep/.gitignore: it is a pipe and not a file")


@pytest.mark.parametrize("without_git", [False, True], ids=["git", "no git"])
@pytest.mark.parametrize("kind", _SPECIAL)
@pytest.mark.parametrize("command", [["check", "."], ["check", "sub"], ["where", "sub/x"], ["fix", "sub"]])
def test_special_git_entry_in_a_subdirectory_is_ignored(
    command: list[str], kind: str, without_git: bool, place: Place
) -> None:
    place.add({"structlint.yaml": "tree: {sub/: }\n", "sub/x": ""})
    if without_git:
        place.environment["PATH"] = str(place.top / "home")
    _SPECIAL[kind](place.repo / "sub/.git")
    assert place.run(*command).status == 0  # git ignores it


def test_special_gitignore_matters_only_for_tracked_ignored(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a/: }\n", "a/x": ""})
    git("commit", "-qm", "x")
    os.mkfifo(git.path / "a/.gitignore")
    result = run("check", str(git.path), "--tracked")
    assert result.status == 2
    assert "cannot read a/.gitignore: it is a pipe" in result.err
    assert run("check", str(git.path), "--tracked", "--ignore", "tracked-ignored").status == 0
    assert run("check", str(git.path), "--rev", "HEAD").status == 0


@pytest.mark.parametrize("which", ["exclude", "configured"])
def test_pipe_as_an_exclude_file(which: str, repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: }\n", "a": ""})
    pipe = git.path / ".git/info/exclude"
    pipe.parent.mkdir(exist_ok=True)
    pipe.unlink(missing_ok=True)
    if which == "configured":
        pipe = git.path / ".git/mine"
        git("config", "core.excludesFile", str(pipe))
    os.mkfifo(pipe)
    result = run("check", str(git.path))
    assert (result.status, result.out) == (2, "")
    assert result.err == f"structlint: cannot read {pipe}: it is a pipe and not a file; remove or rename it\n"


def test_symlink_or_device_as_an_exclude_file(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: , .gitignore: }\n", "a": "", "x": ""}, add=["a"])
    (git.path / ".gitignore").symlink_to("x")
    git("config", "core.excludesFile", "/dev/null")
    assert "cannot read" not in run("check", str(git.path)).err
