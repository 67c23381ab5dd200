"""What the check needs and cannot be read is an error, and never clean.

Root may read everything, so structlint is started without that privilege here. What is `shut` has no mode.
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

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="modes and pipes are those of POSIX")

_DENIED = "Permission denied; make it readable"
_CONFLICT = 'services: {a: {image: x, ports: ["80:80"]}, b: {image: x, ports: ["80:80"]}}\n'


class Place:
    """A repository, and structlint run by one who may not read everything in it."""

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
        done = subprocess.run(
            command, cwd=self.repo, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def holds(self, files: Mapping[str, str], *, commit: bool = False) -> None:
        write(self.repo, files)
        if commit:
            self.git("add", "-A")
            self.git("commit", "-qm", "x")

    def shut(self, *paths: str) -> None:
        for path in paths:
            (self.repo / path).chmod(0)

    def run(self, *arguments: str) -> Result:
        """What `structlint ARGUMENTS` does for one who may not read everything."""
        command = Command(arguments, str(self.repo), self.environment, unprivileged=True)
        return Result(*self.server.run(command))


@pytest.fixture
def place(tmp_path: Path, server: Server) -> Iterator[Place]:
    yield Place(tmp_path, server)
    for each in tmp_path.rglob("*"):
        if each.is_dir() and not each.is_symlink():
            each.chmod(0o755)


# --- S13: a file that a rule reads


def test_s13_a_compose_file_that_cannot_be_read(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {README.md: , compose.yaml: }\n", "README.md": ""})
    place.holds({"compose.yaml": _CONFLICT})
    assert place.run("check", ".").status == 1
    place.shut("compose.yaml", "README.md")
    ran = place.run("check", ".")
    assert ran.status == 2
    assert f"structlint: cannot read compose.yaml: {_DENIED}\n" in ran.err
    assert f"structlint: cannot read README.md: {_DENIED}\n" in ran.err
    assert "All checks passed" not in ran.out + ran.err


_PORTS = "ports: {web: 8000}\n"
_UNREAD: dict[str, tuple[str, str, str]] = {
    "a compose file of any name": ("deploy/dev.compose.yml", "", "port-conflict"),
    "a manifest": ("k8s/web.yaml", "", "port-conflict"),
    "a kustomization": ("k8s/kustomization.yaml", "", "port-conflict"),
    "what the variables of a compose file are": (".env", _PORTS, "port-mismatch"),
    "a Dockerfile": ("web/Dockerfile", _PORTS, "port-mismatch"),
    "a dev container": (".devcontainer/devcontainer.json", _PORTS, "port-mismatch"),
    "a compose file, for services that are not listed": ("compose.yaml", _PORTS, "unknown-port"),
    "a document with a tree, as far as anyone knows": ("docs/a.md", "", "stale-document"),
}


@pytest.mark.parametrize("case", _UNREAD)
@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
def test_s13_what_a_rule_needs(case: str, commit: bool, place: Place) -> None:
    path, layout, rule = _UNREAD[case]
    place.holds({"structlint.yaml": f"tree: {{gone: }}\n{layout}", path: "", "b/x": ""}, commit=commit)
    place.shut(path)
    ran = place.run("check", ".", "--output-format", "concise")
    assert ran.status == 2
    assert f"structlint: cannot read {path}: {_DENIED}\n" in ran.err
    assert "gone: error: missing file" in ran.out  # what can be determined is printed
    off = ("port-*,listen-*,un*-port,stale-document", "all", "none")
    assert place.run("check", ".", "--ignore", off[0]).status == 1  # no rule needs it then
    assert place.run("check", ".", "--select", "missing-file").status == 1
    write(place.repo, {"structlint.yaml": f"tree: {{gone: }}\n{layout}severity: {{{rule}: off}}\n"})
    assert place.run("check", ".", "--select", f"{rule},missing-file").status == 1
    assert place.run("check", ".", "--select", rule, "--exclude", f"/{path}").status == 0


def test_s13_init_names_what_it_cannot_read(place: Place) -> None:
    place.holds({"README.md": "", "compose.yaml": _CONFLICT, "web/compose.yaml": _CONFLICT})
    place.shut("web/compose.yaml")
    ran = place.run("init")
    assert ran.status == 0, ran
    warning = "warning: cannot read; `check` fails until these can be read:"
    assert f"{warning}\n  web/compose.yaml: {_DENIED}\n" in ran.err
    assert (place.repo / "structlint.yaml").exists()


def test_s13_all_of_them_are_named_up_to_ten(place: Place) -> None:
    paths = [f"k{number:02}.yaml" for number in range(13)]
    place.holds(dict.fromkeys(paths, ""))
    place.shut(*paths)
    ran = place.run("check", ".", "--output-format", "concise", "-q")
    assert ran.status == 2
    lines = [line for line in ran.err.splitlines() if "cannot read" in line]
    assert [line.split()[3] for line in lines[:10]] == [f"{path}:" for path in paths[:10]]
    assert lines[10:] == ["structlint: cannot read 3 more"]


def test_s13_a_required_file_that_nobody_can_open_is_noted(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {LICENSE: , src/: {'*.py': }}\n", "LICENSE": "", "src/a.py": ""})
    place.shut("LICENSE", "src/a.py")
    ran = place.run("check", ".")
    assert ran.status == 0
    assert "note: LICENSE is required, but cannot be opened" in ran.out
    assert "note: src/a.py is required, but cannot be opened" in ran.out
    place.holds({"src/b.py": ""})  # one of a pattern is enough
    assert "src/a.py" not in place.run("check", ".").out


def test_s13_the_baseline_is_not_updated_without_it(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {compose.yaml: }\n", "compose.yaml": _CONFLICT})
    assert place.run("check", "--update-baseline").status == 0
    before = (place.repo / "structlint-baseline.json").read_bytes()
    place.shut("compose.yaml")
    assert place.run("check", "--update-baseline").status == 2
    assert (place.repo / "structlint-baseline.json").read_bytes() == before
    assert "is mended" not in place.run("check", ".").out  # it is not known to be


@pytest.mark.parametrize("form", ["json", "sarif", "concise", "markdown", "junit", "github"])
def test_s13_every_report_says_that_it_is_not_complete(form: str, place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {compose.yaml: }\n", "compose.yaml": _CONFLICT})
    place.shut("compose.yaml")
    ran = place.run("check", ".", "--output-format", form)
    assert ran.status == 2
    if form in ("json", "markdown", "sarif"):
        assert "port-conflict did not finish" in ran.out
    if form == "sarif":
        assert '"executionSuccessful": false' in ran.out.replace('":false', '": false')


def test_s13_ports_cannot_be_listed_without_it(place: Place) -> None:
    place.holds({"structlint.yaml": "ports: {web: 8000}\n", "compose.yaml": _CONFLICT, "b.compose.yml": ""})
    place.shut("b.compose.yml")
    ran = place.run("ports")
    assert ran.status == 2
    assert "80" in ran.out
    assert "cannot read b.compose.yml" in ran.err
    assert place.run("ports", "--free", "8000-8099")[:2] == (2, "")


# --- S13 and L19: what says which files there are


def test_s13_a_nested_gitignore_that_cannot_be_read(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {.: {unlisted: allow}}\nforbid: {'*.exe': no}\n"})
    place.holds({".gitignore": "*.exe\n", "sub/.gitignore": "!evil.exe\n", "sub/evil.exe": ""})
    assert place.run("check", ".").status == 1
    place.shut("sub/.gitignore")
    ran = place.run("check", ".")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"structlint: cannot read sub/.gitignore: {_DENIED}\n"


_HIDDEN: dict[str, dict[str, str]] = {
    "tracked": {"a/.gitignore": "", "a/x": ""},
    "in the root": {".gitignore": "", "x": ""},
    "in a directory that holds directories only": {"a/.gitignore": "", "a/b/c/x": ""},
    "ignored by its own name": {".gitignore": ".gitignore\n", "a/.gitignore": "!x\n", "a/x": ""},
    "several": {
        "a/.gitignore": "",
        "a/x": "",
        "b/.gitignore": "",
        "b/x": "",
        "c/d/.gitignore": "",
        "c/x": "",
    },
}


@pytest.mark.parametrize("case", _HIDDEN)
@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
@pytest.mark.parametrize("without", [False, True], ids=["git", "no git"])
def test_s13_every_gitignore_is_opened(case: str, commit: bool, without: bool, place: Place) -> None:
    place.holds({"structlint.yaml": "limits: {depth: 9}\n", **_HIDDEN[case]}, commit=commit)
    names = sorted(path for path in _HIDDEN[case] if path.endswith(".gitignore"))
    if case == "ignored by its own name":
        names = ["a/.gitignore"]
    place.shut(*names)
    if without:
        place.environment["PATH"] = str(place.top / "home")
    ran = place.run("check", ".")
    assert (ran.status, ran.out) == (2, "")
    assert sorted(ran.err.splitlines()) == [f"structlint: cannot read {name}: {_DENIED}" for name in names]


def test_s13_without_the_rules_that_need_it_a_gitignore_may_stay_shut(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {a/: }\n", "a/x": "", "a/.gitignore": "x\n"}, commit=False)
    place.git("add", "-f", "-A")
    assert "tracked-ignored" in place.run("check", ".", "--tracked", "--output-format", "concise").out
    place.shut("a/.gitignore")
    ran = place.run("check", ".", "--tracked")
    assert ran.status == 2
    assert f"cannot read a/.gitignore: {_DENIED}" in ran.err
    for ignoring in (["--tracked"], ["--no-gitignore"]):
        assert place.run("check", ".", *ignoring, "--ignore", "tracked-ignored").status == 0
    place.git("commit", "-qm", "x")
    assert place.run("check", ".", "--rev", "HEAD").status == 0


@pytest.mark.parametrize("which", ["exclude", "configured", "by default", "of a linked work tree"])
def test_s13_patterns_that_are_no_gitignore(which: str, place: Place) -> None:
    place.holds({"structlint.yaml": "limits: {depth: 9}\n", "x": ""}, commit=True)
    shut = place.repo / ".git/info/exclude"
    if which == "configured":
        shut = place.top / "mine"
        place.git("config", "core.excludesFile", str(shut))
    elif which == "by default":
        shut = place.top / "home/.config/git/ignore"
    elif which == "of a linked work tree":
        place.git("worktree", "add", "-q", str(place.top / "linked"))
        place.repo = place.top / "linked"
    write(shut.parent, {shut.name: "*.exe\n"})
    assert place.run("check", ".").status == 0
    shut.chmod(0)
    ran = place.run("check", ".")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"structlint: cannot read {shut}: {_DENIED}\n"


def test_s13_a_home_that_may_not_be_looked_into_has_no_patterns(place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {x: }\n", "x": ""})
    (place.top / "home").chmod(0)
    assert place.run("check", ".", "-q") == (0, "", "")
    place.environment["HOME"] = "/nonexistent"
    assert place.run("check", ".", "-q") == (0, "", "")


@pytest.mark.parametrize("commit", [False, True], ids=["untracked", "tracked"])
@pytest.mark.parametrize("without", [False, True], ids=["git", "no git"])
def test_s13_every_directory_that_cannot_be_read_is_named(commit: bool, without: bool, place: Place) -> None:
    place.holds({"a/b/x": "", "a/c/y": "", "d/e/f/x": "", "g": ""}, commit=commit)
    if without:
        place.environment["PATH"] = str(place.top / "home")
    place.shut("a/b", "d")
    ran = place.run("check", ".")
    assert (ran.status, ran.out) == (2, "")
    named = [f"structlint: cannot read the directory {path}: {_DENIED}" for path in ("a/b/", "d/")]
    assert sorted(ran.err.splitlines()) == named


# --- S13: which repository a directory is in

_TRACKED_SECRET = {"structlint.yaml": "tree: {.env: , .gitignore: }\n", ".gitignore": ".env\n", ".env": ""}


@pytest.mark.parametrize("case", ["shut", "leads nowhere"])
@pytest.mark.parametrize("command", [["check", "."], ["fix"], ["tree"], ["where", "x"], ["init", "-o", "-"]])
def test_s13_a_gitfile_that_does_not_lead_to_git(command: list[str], case: str, place: Place) -> None:
    place.holds(_TRACKED_SECRET)
    place.git("add", "-f", "-A")
    place.git("commit", "-qm", "x")
    place.git("worktree", "add", "-q", str(place.top / "linked"))
    place.repo = place.top / "linked"
    assert "tracked-ignored" in place.run("check", ".", "--output-format", "concise").out
    gitfile = place.repo / ".git"
    if case == "shut":
        place.shut(".git")
        wanted = f"structlint: cannot read {gitfile}: {_DENIED}\n"
    else:
        gitfile.write_text("gitdir: ../gone\n")
        wanted = (
            f"structlint: {gitfile} points to {place.repo}/../gone, which is not a git directory; "
            "run `git worktree repair`, or clone the repository again\n"
        )
    ran = place.run(*command)
    assert (ran.status, ran.out, ran.err) == (2, "", wanted)


@pytest.mark.parametrize("without", [False, True], ids=["git", "no git"])
def test_s13_a_nested_gitfile_that_cannot_be_read_is_a_repository(without: bool, place: Place) -> None:
    place.holds({"structlint.yaml": "tree: {a/: }\n", "a/.git": "gitdir: x\n", "a/b": ""})
    place.shut("a/.git")
    if without:
        place.environment["PATH"] = str(place.top / "home")
    ran = place.run("check", ".", "--show-files")
    assert (ran.status, ran.out) == (0, "structlint.yaml\n")  # `a/` is another repository


def test_s13_a_nested_layout_that_cannot_be_read(place: Place) -> None:
    place.holds(
        {"structlint.yaml": "tree: {gone: , a/: , b/: , c/: }\n", "c/structlint.yaml": "tree: {more: }"}
    )
    place.holds({"a/structlint.yaml": "", "b/.structlint.yaml": ""})
    place.shut("a/structlint.yaml", "b/.structlint.yaml")
    ran = place.run("check", ".", "--output-format", "concise")
    assert ran.status == 2
    assert [line.partition(":")[0] for line in ran.out.splitlines()] == ["c/more", "gone"]
    for name in ("a/structlint.yaml", "b/.structlint.yaml"):
        assert f"structlint: cannot read {name}: {_DENIED}\n" in ran.err
    assert place.run("fix", ".").status == 2
    place.shut("structlint.yaml")
    assert place.run("check", ".").status == 2


@pytest.mark.parametrize("arguments", [["--tracked"], ["--rev", "HEAD"]], ids=str)
def test_s13_contents_that_git_has_not_got(arguments: list[str], repository: Make, run: Run) -> None:
    git = repository(
        {"structlint.yaml": "tree: {gone: }\n", "compose.yaml": _CONFLICT, "a.md": "text", "x": "1"}
    )
    (git.path / "link").symlink_to("x")
    git("add", "link")
    git("commit", "-qm", "x")
    for path in ("compose.yaml", "a.md"):
        _forget(git, path)
    ran = run("check", str(git.path), *arguments, "--output-format", "concise")
    assert ran.status == 2
    assert "gone: error: missing file" in ran.out
    for path in ("compose.yaml", "a.md"):
        told = f"cannot read {path}: git does not have its content; fetch it, or resolve its conflict"
        assert f"structlint: {told}\n" in ran.err
    quiet = ["--ignore", "port-conflict,stale-document"]
    assert run("check", str(git.path), *arguments, *quiet).status == 1
    _forget(git, "link")
    ran = run("check", str(git.path), *arguments, *quiet)
    assert (ran.status, ran.out) == (2, "")
    assert "cannot read link: git does not have its content" in ran.err


def _forget(git: Git, path: str) -> None:
    gone = git("rev-parse", f":{path}").strip()
    (git.path / ".git/objects" / gone[:2] / gone[2:]).unlink()


# --- S15: something else in the place of a .gitignore


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    at = Path.cwd()
    os.chdir(path.parent)  # the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)
    os.chdir(at)


_SPECIAL: dict[str, Callable[[Path], None]] = {"pipe": _pipe, "socket": _socket, "directory": Path.mkdir}
_WHERE = {
    "in the root": ("", {"keep": ""}),
    "beside what is tracked": ("a/", {"a/x": ""}),
    "above what is tracked": ("a/", {"a/b/c/x": ""}),
}


@pytest.mark.parametrize("kind", _SPECIAL)
@pytest.mark.parametrize("where", _WHERE)
@pytest.mark.parametrize("how", ["git", "--changed", "a large index", "no git"])
def test_s15_it_is_named_at_once(
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
    monkeypatch.setattr("structlint.tree.git.repository._SOON", 50)  # nothing waits for git
    if how == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    if how == "a large index":
        monkeypatch.setattr("structlint.tree.git.worktree.SMALL", 0)
    _SPECIAL[kind](git.path / directory / ".gitignore")
    ran = run("check", str(git.path), *(["--changed"] if how == "--changed" else []))
    assert (ran.status, ran.out) == (2, "")
    why = f"it is a {kind} and not a file; remove or rename it"
    assert ran.err == f"structlint: cannot read {directory}.gitignore: {why}\n"


@pytest.mark.parametrize("at", ["repo", "outside git"])
def test_s15_where_nothing_is_tracked_it_is_looked_for_when_git_waits(
    at: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    top = repository({"structlint.yaml": "limits: {depth: 9}\n"}).path if at == "repo" else tmp_path / "top"
    monkeypatch.setattr("structlint.tree.git.repository._SOON", 0.1)
    write(top, {"new/deep/er/x": "", "ignored/x": "", ".gitignore": "ignored/\n"})
    os.mkfifo(top / "ignored/.gitignore")  # git does not look into it
    assert run("check", str(top)).status == 0
    os.mkfifo(top / "new/deep/.gitignore")
    ran = run("check", str(top))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("structlint: cannot read new/deep/.gitignore: it is a pipe and not a file")


@pytest.mark.parametrize("without", [False, True], ids=["git", "no git"])
@pytest.mark.parametrize("kind", _SPECIAL)
@pytest.mark.parametrize("command", [["check", "."], ["check", "sub"], ["where", "sub/x"], ["fix", "sub"]])
def test_s15_something_else_in_the_place_of_a_nested_repository(
    command: list[str], kind: str, without: bool, place: Place
) -> None:
    place.holds({"structlint.yaml": "tree: {sub/: }\n", "sub/x": ""})
    if without:
        place.environment["PATH"] = str(place.top / "home")
    _SPECIAL[kind](place.repo / "sub/.git")
    assert place.run(*command).status == 0  # to git, it is nothing


def test_s15_the_index_needs_none_but_for_what_is_tracked_and_ignored(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a/: }\n", "a/x": ""})
    git("commit", "-qm", "x")
    os.mkfifo(git.path / "a/.gitignore")
    ran = run("check", str(git.path), "--tracked")
    assert ran.status == 2
    assert "cannot read a/.gitignore: it is a pipe" in ran.err
    assert run("check", str(git.path), "--tracked", "--ignore", "tracked-ignored").status == 0
    assert run("check", str(git.path), "--rev", "HEAD").status == 0


@pytest.mark.parametrize("which", ["exclude", "configured"])
def test_s15_a_pipe_with_patterns_of_the_users_own(which: str, repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: }\n", "a": ""})
    pipe = git.path / ".git/info/exclude"
    pipe.parent.mkdir(exist_ok=True)
    pipe.unlink(missing_ok=True)
    if which == "configured":
        pipe = git.path / ".git/mine"
        git("config", "core.excludesFile", str(pipe))
    os.mkfifo(pipe)
    ran = run("check", str(git.path))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"structlint: cannot read {pipe}: it is a pipe and not a file; remove or rename it\n"


def test_s15_a_link_or_a_device_with_patterns_is_what_it_is_to_git(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: , .gitignore: }\n", "a": "", "x": ""}, add=["a"])
    (git.path / ".gitignore").symlink_to("x")
    git("config", "core.excludesFile", "/dev/null")
    assert "cannot read" not in run("check", str(git.path)).err
