"""Trees from git contain the files that git lists, and no repository can make git run a program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Git, Make, Run, write

from structlint.errors import TreeError
from structlint.tree import Tree
from structlint.tree.git.repository import Repository
from structlint.tree.scan import changes_below, repository_root, scan


@pytest.fixture(autouse=True, params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large work tree, structlint lists untracked files only if there are any."""
    if request.param == "large":
        monkeypatch.setattr("structlint.tree.git.worktree.SMALL", 0)


def paths(tree: Tree) -> set[str]:
    return set(tree.files) | set(tree.opaque)


def test_work_tree(repository: Make) -> None:
    git = repository({"a/b.txt": "", "gone": "", "kept.log": "", ".gitignore": "*.log\nout/\n"})
    write(git.path, {"new": "", "out/x": "", "x.log": ""})
    (git.path / "gone").unlink()
    tree = scan(git.path)
    assert tree.files == (".gitignore", "a/b.txt", "kept.log", "new")
    assert tree.untracked == {"new"}
    assert tree.ignored == {"kept.log"}
    assert tree.in_git


def test_work_tree_without_gitignore(repository: Make) -> None:
    git = repository({".gitignore": "out/\n"})
    write(git.path, {"out/x": ""})
    assert paths(scan(git.path, gitignore=False)) == {".gitignore", "out/x"}


def test_index(repository: Make) -> None:
    git = repository({"a": "staged", "b": ""})
    write(git.path, {"a": "changed", "new": ""})
    (git.path / "b").unlink()
    tree = scan(git.path, tracked=True)
    assert tree.files == ("a", "b")
    assert tree.source.read("a") == b"staged"
    with pytest.raises(FileNotFoundError):
        tree.source.read("new")


@pytest.mark.parametrize("options", [["--tracked"], []])
def test_truncated_index(options: list[str], repository: Make, run: Run) -> None:
    git = repository({"a": "", "structlint.yaml": "tree: {a:}"})
    index = git.path / ".git/index"
    index.write_bytes(index.read_bytes()[:50])
    result = run("check", *options, str(git.path))
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "structlint: git's index is damaged: it lists `./` as a file; "
        "delete the file `index` in the git directory, and run `git reset`\n"
    )


def test_index_without_intent_to_add(repository: Make) -> None:
    git = repository({"a": "1", "empty": "", "d/b": "2", "d/empty": ""}, add=["a", "empty", "d/empty"])
    write(git.path, {"structlint.yaml": "tree: {}", ".gitignore": "out\n", "out": ""})
    (git.path / "link").symlink_to("a")
    git("add", "-f", "-N", "structlint.yaml", ".gitignore", "d/b", "link", "out")
    tree = scan(git.path, tracked=True)
    assert paths(tree) == {"a", "empty", "d/empty"}
    assert (tree.ignored, tree.links) == (frozenset(), {})
    for name in ("structlint.yaml", ".gitignore", "d/b", "link"):
        with pytest.raises(FileNotFoundError):
            tree.source.read(name)
    assert paths(scan(git.path / "d", tracked=True)) == {"empty"}
    git("commit", "-q", "-m", "first")
    assert paths(scan(git.path, rev="HEAD")) == paths(tree)
    assert {"d/b", "link", "out", "structlint.yaml"} <= paths(scan(git.path))


@pytest.mark.parametrize("form", [["--index-version=4"], ["--split-index"], []])
def test_each_form_of_index_without_intent_to_add(form: list[str], repository: Make) -> None:
    git = repository({"a": "1", "empty": "", "new": "2"}, add=["a", "empty"])
    git("update-index", *form)
    git("add", "-N", "new")
    assert paths(scan(git.path, tracked=True)) == {"a", "empty"}
    git("update-index", *form)
    assert paths(scan(git.path, tracked=True)) == {"a", "empty"}
    git("add", "new")
    assert paths(scan(git.path, tracked=True)) == {"a", "empty", "new"}


def test_an_index_of_version_2_is_not_searched_for_intent_to_add(
    repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git takes long to compare a large index with an empty tree."""
    commands: list[str] = []
    start = Repository.start

    def record(repository: Repository, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        commands.append(arguments[0])
        return start(repository, *arguments, **more)

    monkeypatch.setattr(Repository, "start", record)
    git = repository({"a": "1", "empty": ""})
    git("update-index", "--index-version=2")
    assert paths(scan(git.path, tracked=True)) == {"a", "empty"}
    assert "diff-index" not in commands
    write(git.path, {"new": ""})
    git("add", "-N", "new")
    assert paths(scan(git.path, tracked=True)) == {"a", "empty"}
    assert "diff-index" in commands


def test_index_of_a_partial_commit(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"a": "1", "structlint.yaml": "tree: {a:, b:}"})
    git("commit", "-q", "-m", "first")
    write(git.path, {"b": "2"})
    git("add", "-N", "b")
    assert run("check", "--tracked", str(git.path)).status == 1
    index = git.path / ".git/next-index-1.lock"
    index.write_bytes((git.path / ".git/index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    git("add", "b")
    assert run("check", "--tracked", str(git.path)).status == 0
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert run("check", "--tracked", str(git.path)).status == 1


def test_revision(repository: Make, tmp_path: Path) -> None:
    git = repository({"a/b": "one", "c": ""})
    (git.path / "link").symlink_to("a")
    git("add", "link")
    git("commit", "-qm", "one")
    git("rm", "-rqf", ".")
    git("clone", "-q", "--bare", str(git.path), str(tmp_path / "bare.git"))
    for place in (git.path, tmp_path / "bare.git"):
        tree = scan(place, rev="HEAD")
        assert tree.files == ("a/b", "c", "link")
        assert tree.links["link"].kind == "directory"
        assert tree.source.read("a/b") == b"one"
    with pytest.raises(TreeError, match="give a revision"):
        scan(tmp_path / "bare.git")


@pytest.mark.parametrize("rev", ["nope", "-x", "--upload-pack=touch pwned", "HEAD\nx", "", ":a"])
def test_unknown_revision(repository: Make, rev: str) -> None:
    git = repository({"a": ""})
    git("commit", "-qm", "one")
    with pytest.raises(TreeError, match="unknown revision"):
        scan(git.path, rev=rev)


def test_subdirectory(repository: Make) -> None:
    git = repository({"services/*/a": "", "services/x/b": "1", ".gitignore": ".env\n", "README": ""})
    write(git.path, {"services/x/new": "", "services/x/.env": ""})
    git("commit", "-qm", "one")
    for options in ({}, {"tracked": True}, {"rev": "HEAD"}):
        tree = scan(git.path / "services/x", **options)
        assert paths(tree) - {"new"} == {"b"}
        assert tree.source.read("b") == b"1"
        assert tree.source.would_ignore([".env", "sub/.env", "x"]) == {".env", "sub/.env"}
    assert scan(git.path / "services/*").files == ("a",)


def test_kinds_of_symlinks(repository: Make) -> None:
    git = repository({"docs/a.md": "", "x/y": ""})
    for link, target in {
        "d": "docs",
        "f": "docs/a.md",
        "x/up": "../docs",
        "loop": "loop",
        "gone": "nowhere",
        "out": "../..",
        "root": "/etc",
        "chain": "x/up/a.md",
    }.items():
        (git.path / link).symlink_to(target)
    git("add", "d", "f", "loop", "gone")
    kinds = {path: link.kind for path, link in scan(git.path).links.items()}
    assert kinds == {
        "d": "directory",
        "f": "file",
        "x/up": "directory",
        "loop": "broken",
        "gone": "broken",
        "out": "broken",
        "root": "broken",
        "chain": "file",
    }


def test_nested_repositories_are_opaque(repository: Make) -> None:
    inner = repository({"q": ""}, at="inner")
    inner("commit", "-qm", "q")
    git = repository({"a": ""})
    git("submodule", "--quiet", "add", str(inner.path), "sub")
    git("clone", "-q", str(inner.path), "nested")
    (git.path / "empty/.git").mkdir(parents=True)
    write(git.path, {"empty/x": "", "dangling/.git": "gitdir: nowhere\n", "dangling/x": ""})
    git("commit", "-qm", "one")
    tree = scan(git.path)
    assert tree.opaque == {"sub/", "nested/"}
    assert {"empty/x", "dangling/x"} <= set(tree.files)
    assert scan(git.path, rev="HEAD").opaque == scan(git.path, tracked=True).opaque == {"sub/"}
    assert repository_root(git.path / "sub") == git.path / "sub"


def test_sparse_checkout_contains_all_files(repository: Make) -> None:
    git = repository({"a/x": "", "b/y": ""})
    (git.path / "b/link").symlink_to("a")
    git("add", "b/link")
    git("commit", "-qm", "one")
    git("sparse-checkout", "set", "a")
    assert not (git.path / "b").exists()
    tree = scan(git.path)
    assert tree.files == ("a/x", "b/link", "b/y")
    assert tree.links["b/link"].target == "a"


def test_linked_work_tree(repository: Make, tmp_path: Path) -> None:
    git = repository({"a": ""})
    git("commit", "-qm", "one")
    git("worktree", "add", "-q", str(tmp_path / "other"))
    write(tmp_path / "other", {"b": ""})
    assert scan(tmp_path / "other").files == ("a", "b")


def test_directory_in_place_of_a_tracked_file(repository: Make) -> None:
    git = repository({"a": "", "d/x": ""})
    (git.path / "a").unlink()
    (git.path / "d/x").unlink()
    (git.path / "d").rmdir()
    write(git.path, {"a/b": "", "d": ""})
    assert scan(git.path).files == ("a/b", "d")


def test_names_with_any_bytes(repository: Make) -> None:
    git = repository({"a": ""})
    names = [b"caf\xe9", b"new\nline", b"tab\tx", b"-rf", b":(glob)x", b" ", b'"q"']
    for name in names:
        (git.path / os.fsdecode(name)).write_text("")
    git("add", "-A", ".")
    expected = sorted(["a", *(name.decode("utf-8", "surrogateescape") for name in names)])
    assert list(scan(git.path).files) == expected
    assert list(scan(git.path, tracked=True).files) == expected


def test_git_index_file_variable(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"a": "", "b": ""})
    git("commit", "-qm", "one")
    other = git.path / ".git/next-index.lock"
    other.write_bytes((git.path / ".git/index").read_bytes())
    git("rm", "-q", "--cached", "b")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index.lock")
    assert scan(git.path, tracked=True).files == ("a", "b")
    assert scan(git.path).untracked == {"b"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root can read everything")
def test_unreadable_directory_is_an_error(repository: Make) -> None:
    git = repository({"a": ""})
    write(git.path, {"shut/x": ""})
    (git.path / "shut").chmod(0)
    try:
        with pytest.raises(TreeError, match="shut"):
            scan(git.path)
    finally:
        (git.path / "shut").chmod(0o755)


def test_repository_without_commits(repository: Make) -> None:
    git = repository({})
    assert scan(git.path).files == scan(git.path, tracked=True).files == ()
    write(git.path, {"a": "", "b": ""})
    git("add", "a")
    assert changes_below(git.path, "HEAD").added == {"a", "b"}
    with pytest.raises(TreeError, match="unknown revision `main`"):
        changes_below(git.path, "main")


def test_changes(repository: Make) -> None:
    git = repository(
        {"same": "", "edited": "1", "staged": "1", "gone": "", "x/moved": "long enough to be seen"}
    )
    git("commit", "-qm", "one")
    git("checkout", "-qb", "topic")
    write(git.path, {"edited": "2", "staged": "2", "new/untracked": "", "added": ""})
    git("add", "staged", "added")
    git("mv", "x/moved", "x/renamed")
    (git.path / "gone").unlink()
    changes = changes_below(git.path, "main")
    assert changes.added == {"new/untracked", "added", "x/renamed"}
    assert changes.other == {"edited", "staged", "gone", "x/moved"}
    assert changes_below(git.path / "x", "main").added == {"renamed"}
    with pytest.raises(TreeError, match="unknown revision `nope`"):
        changes_below(git.path, "nope")


def test_changes_since_the_merge_base(repository: Make) -> None:
    git = repository({"a": ""})
    git("commit", "-qm", "one")
    git("checkout", "-qb", "topic")
    git("checkout", "-q", "main")
    write(git.path, {"theirs": ""})
    git("add", "theirs")
    git("commit", "-qm", "two")
    git("checkout", "-q", "topic")
    assert changes_below(git.path, "main").other == frozenset()


@pytest.mark.parametrize("tracked", [False, True])
def test_names_are_sorted_as_strings(tracked: bool, repository: Make) -> None:
    names = [os.fsdecode(b"\xff"), "\uf000", "\U0001f600", "a"]
    git = repository({f"d/{name}": "" for name in names})
    tree = scan(git.path, tracked=tracked)
    assert list(tree.files) == sorted(tree.files)
    assert tree.root.directories["d"].files == sorted(names)


UNTRACKED = {
    "none": ([], []),
    "deep": (["a/b/new"], ["a/b/new"]),
    "in an untracked directory": (["a/c/d/new", "a/c/new"], ["a/c/d/new", "a/c/new"]),
    "ignored": (["a/b/x.log", "a/out/y"], []),
    "ignored and not ignored": (["a/b/x.log", "a/b/new", "a/out/y"], ["a/b/new"]),
    "odd names": (["a/b/-x", "a/b/:(top)", "a/b/*", "a/b/\n"], ["a/b/-x", "a/b/:(top)", "a/b/*", "a/b/\n"]),
    "many": ([f"a/b/{n}" for n in range(300)], [f"a/b/{n}" for n in range(300)]),
    "at the root": (["new", "a/b/new"], ["a/b/new", "new"]),
}


@pytest.mark.parametrize("prefix", ["", "a/", "a/b/"])
@pytest.mark.parametrize(("existing", "untracked"), UNTRACKED.values(), ids=list(UNTRACKED))
def test_untracked_files(existing: list[str], untracked: list[str], prefix: str, repository: Make) -> None:
    git = repository({"a/b/f": "", "z": "", ".gitignore": "*.log\nout/\n"})
    write(git.path, dict.fromkeys(existing, ""))
    tree = scan(git.path / prefix)
    inside = {path.removeprefix(prefix) for path in untracked if path.startswith(prefix)}
    assert tree.untracked == inside
    assert inside.issubset(tree.files)


def test_repository_or_directory_in_place_of_a_file(repository: Make) -> None:
    git = repository({"a/b/f": "", "a/b/g": "", "a/b/h": ""})
    for name in ("g", "h"):
        (git.path / "a/b" / name).unlink()
    write(git.path, {"a/b/g/inside": ""})
    (git.path / "a/b/h").mkdir()
    git("init", "--quiet", "a/b/nested")
    write(git.path, {"a/b/nested/x": ""})
    tree = scan(git.path)
    assert tree.files == ("a/b/f", "a/b/g/inside")
    assert tree.opaque == {"a/b/nested/"}


GIT_CALLS = {  # the calls of `git ls-files`, without and with untracked files
    ("small", False): ["-t -c", "-o --exclude-standard"],
    ("small", True): ["-t -c", "-o --exclude-standard"],
    ("large", False): ["-t -c"],
    ("large", True): ["-t -c", "-o --exclude-standard -- a/new"],
}
MAY_MATCH = {None: False, "*.log\n!b\n#c\n": False, "x/\nB": True, "*": True}


@pytest.mark.parametrize("patterns", MAY_MATCH)
@pytest.mark.parametrize("new", [False, True])
def test_number_of_git_calls(
    patterns: str | None,
    new: bool,
    request: pytest.FixtureRequest,
    repository: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log, program = tmp_path / "log", tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    git = repository({"a/b": "", "c": ""})
    write(git.path, {"a/new": ""} if new else {})
    if patterns:
        (git.path / ".git/info/exclude").write_text(patterns)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert scan(git.path).untracked == ({"a/new"} if new and patterns != "*" else set())
    calls = [line.partition(" ls-files -z ")[2] for line in log.read_text().splitlines()]
    size = request.node.callspec.params["size"]
    ignored = ["-c -i --exclude-standard"] if MAY_MATCH[patterns] else []
    assert sorted(calls) == sorted([*GIT_CALLS[size, new], *ignored])


TRACKED = [
    "a/b/c.log",
    "a/b/X y",
    "a/x]z",
    "a/.env",
    "build/o/p",
    "sub/build",
    "sub/.gitignore",
    "é/ü",
    "q\\r",
]
PATTERNS = """
c.log|*.log|C.LOG|/c.log|b/c.log|/a/b/c.log|a/**/c.log|a/**/b|a/**b|**/c.log|**/b/|a/b/**|*/b|a/*/c.log
build|build/|/build|build/*|/build/**/p|o/|sub/build/|[a-c]uild|b[!a]ild|b[[:alpha:]]ild|[b]*[d]|b?ild|b*d
x]z|x[]]z|[x]]z|x\\]z|X\\ y|X y |X y\\ |?\ty|.env*|.*|\\.env|é|ü/|?ü|*ü|q\\r|q\\\\r|q?r|\\|/|//|a//b
**|*|**/|/*|/**|#a|\\#a|!a|\\!a|a/|sub|sub/|sub/.gitignore|.gitignore|[|]|[a|*[|a/b/c.log/|p/
"""


@pytest.mark.parametrize(
    ("tracked", "ignorecase", "where"), [(False, "false", ""), (True, "true", "sub/")], ids=["disk", "index"]
)
def test_tracked_and_ignored_files(
    tracked: bool, ignorecase: str, where: str, repository: Make, request: pytest.FixtureRequest
) -> None:
    """Each pattern on disk and in the index, half of them as in a large work tree."""
    half = (request.node.callspec.params["size"] == "large") != tracked
    git = repository(dict.fromkeys([*TRACKED, *(f"sub/deep/{path}" for path in TRACKED)], ""))
    git("config", "core.ignoreCase", ignorecase)
    for pattern in PATTERNS.strip().replace("\n", "|").split("|")[half::2]:
        write(git.path, {f"{where}.gitignore": f"{pattern}\r\n"})
        listed = git("ls-files", "-z", "-c", "-i", "--exclude-standard").split("\0")
        assert scan(git.path, tracked=tracked).ignored == {*filter(None, listed)}, pattern


def add_to_index(git: Git, *lines: str) -> None:
    """Add raw entries to the index: `MODE STAGE PATH`."""
    blob = git("hash-object", "-w", "--stdin").strip()
    entries = []
    for line in lines:
        mode, stage, path = line.split(" ", 2)
        entries.append(f"{mode} {'1' * 40 if mode == '160000' else blob} {stage}\t{path}\n")
    subprocess.run(
        ["git", "update-index", "--index-info"], cwd=git.path, input="".join(entries), text=True, check=True
    )


def test_directory_in_place_of_a_skipped_file(repository: Make) -> None:
    git = repository({"a/local.cfg": "", "a/b": ""})
    git("update-index", "--skip-worktree", "a/local.cfg")
    (git.path / "a/local.cfg").unlink()
    write(git.path, {"a/local.cfg/inside": ""})
    assert scan(git.path).untracked == {"a/local.cfg/inside"}


@pytest.mark.parametrize("other", ["100644", "120000"])
def test_submodule_in_conflict_with_a_file_or_symlink(other: str, repository: Make) -> None:
    git = repository({"d/x": ""})
    (git.path / "sub").symlink_to("d")
    add_to_index(git, f"{other} 2 sub", "160000 3 sub")
    for tree in (scan(git.path), scan(git.path, tracked=True)):
        assert "sub" in tree.files
        assert tree.root.path == ""


@pytest.mark.parametrize("skipped", [False, True])
@pytest.mark.parametrize("place", ["a file", "a link", "a directory", "nothing"])
def test_path_in_place_of_a_submodule(place: str, skipped: bool, repository: Make) -> None:
    git = repository({"a": ""})
    add_to_index(git, "160000 0 sub")
    match place:
        case "a file":
            write(git.path, {"sub": ""})
        case "a link":
            (git.path / "sub").symlink_to("nowhere")
        case "a directory":
            write(git.path, {"sub/inside": ""})
    if skipped:  # git also lists modes then
        git("update-index", "--skip-worktree", "a")
    tree = scan(git.path)
    assert tree.files == (("a", "sub") if place in ("a file", "a link") else ("a",))
    assert tree.opaque == ({"sub/"} if place == "a directory" else set())


def fail(name: str) -> int:
    raise PermissionError(name)


def test_without_memfd_create(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository({"a/b": "", "c": ""})
    monkeypatch.setattr(os, "memfd_create", fail, raising=False)
    assert scan(git.path).files == ("a/b", "c")
    monkeypatch.delattr(os, "memfd_create", raising=False)
    assert scan(git.path, tracked=True).files == ("a/b", "c")


@pytest.mark.parametrize(
    ("limit", "arguments"), [("-f 8", ["one"]), ("-Sn 48", [f"r{number}" for number in range(30)])]
)
def test_low_resource_limits(limit: str, arguments: list[str], repository: Make, tmp_path: Path) -> None:
    repository({f"a-file-with-a-rather-long-name-{number}": "" for number in range(600)}, at="one")
    for number in range(30):
        repository({"f": ""}, at=f"r{number}")
    command = f"ulimit {limit}; exec {sys.executable} -B -m structlint check -q {' '.join(arguments)}"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_file_and_directory_of_the_same_name(repository: Make, run: Run) -> None:
    git = repository({"a": "", "d/f": ""})
    add_to_index(git, "100644 2 x", "100644 3 x/y")
    result = run("check", "--tracked", "--output-format=concise", str(git.path))
    assert [line.partition(" [")[0] for line in result.out.splitlines()] == [
        'x/: warning: unportable name; collides with "x" where case or Unicode form is ignored'
    ]


def test_note_for_a_directory_in_place_of_a_compose_file(repository: Make, run: Run) -> None:
    git = repository({"d/x": ""})
    (git.path / "compose.yaml").symlink_to("d")
    note = "note: compose.yaml:1: compose.yaml is a directory, not a file; its ports are not read"
    assert note in run("check", "--output-format=concise", str(git.path)).err.splitlines()


def test_invalid_select_is_reported_before_layout_errors(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: [", "a": ""})
    assert run("check", "--select", "nope", str(git.path)).err.startswith(
        "structlint: --select: unknown rule"
    )


def test_symlinked_git_directory_marks_a_repository(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = repository({"x": ""}, at="elsewhere")
    write(tmp_path, {"p/a": "", "p/nested/inside": ""})
    (tmp_path / "p/nested/.git").symlink_to(elsewhere.path / ".git")
    assert scan(tmp_path / "p").opaque == {"nested/"}
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert scan(tmp_path / "p").opaque == {"nested/"}


def test_summary_on_stderr_follows_the_report(repository: Make) -> None:
    names = {f"a-file-with-a-rather-long-name-{number}": "" for number in range(300)}
    git = repository({**names, "structlint.yaml": "tree: {ok?: }"})
    command = [sys.executable, "-P", "-m", "structlint", "check", "--output-format=json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    result = subprocess.run(
        command,
        cwd=git.path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.stdout.splitlines()[-2:] == ["}", "Found 300 errors (checked 301 files)"]
