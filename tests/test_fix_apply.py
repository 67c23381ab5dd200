"""A plan is done whole or not at all, can be taken back to the last byte, and dies at any point unharmed."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from conftest import Make
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from structlint.errors import CannotCheck
from structlint.fix.apply import CannotFix, Step, apply, pending, problems, resume, undo
from structlint.steps import Create, Move, Rewrite, Untrack

Found: TypeAlias = "dict[str, tuple[int, bytes, int]]"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def found(root: Path) -> Found:
    """All that is in a tree but git's own: mode, content or target, and of what is no directory its time."""
    entries: Found = {}
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if (directory, name) != (str(root), ".git")]
        for name in (*names, *files):
            path = os.path.join(directory, name)  # noqa: PTH118
            status = os.lstat(path)
            content = b""
            if stat.S_ISREG(status.st_mode):
                content = Path(path).read_bytes()
            elif stat.S_ISLNK(status.st_mode):
                content = os.fsencode(Path(path).readlink())
            when = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
            entries[os.path.relpath(path, root)] = (status.st_mode, content, when)
    return entries


def index(root: Path) -> bytes:
    place = root / ".git/index"
    return place.read_bytes() if place.exists() else b""


def tracked(root: Path) -> dict[str, str]:
    """What git says of its index: mode and object of each path."""
    out = subprocess.run(["git", "ls-files", "-s", "-z"], cwd=root, capture_output=True, check=True).stdout
    lines = out.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return {path: told for told, _, path in (line.partition("\t") for line in lines)}


def shape(root: Path) -> dict[str, bytes]:
    """The contents of files and links, and the directories, which end in `/`."""
    return {path + "/" * stat.S_ISDIR(mode): content for path, (mode, content, _) in found(root).items()}


def put(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes files, directories where a path ends in `/`, all of them long ago."""
    for number, (path, content) in enumerate(files.items()):
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(content)
            os.utime(place, ns=(0, 1_500_000_000_123_456_789 + number))


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no test pulls the plug, and it is what takes the time
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A directory outside git."""
    (tmp_path / "plain").mkdir()
    return tmp_path / "plain"


# --- What is refused

NFC, NFD = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
LONG = "x" * 256
HERE: dict[str, bytes] = {
    "a": b"a",
    "b": b"b",
    "d/x": b"x",
    "d/sub/y": b"y",
    "Docs/read.md": b"",
    f"{NFC}.txt": b"",
    "empty/": b"",
    "nested/.git/HEAD": b"ref: refs/heads/main\n",
    "nested/file": b"",
    "bare/HEAD": b"",
    "bare/objects/": b"",
    "bare/refs/": b"",
    "holds/nested/.git/HEAD": b"",
    "staged": b"staged",
    "intent": b"intent",
    "skipped": b"skipped",
    "assumed": b"assumed",
}


def a_step(step: Step) -> list[Step]:
    return [step]


DISGUISES = [".git", ".GIT", ".git ", ".git.", "git~1", "GIT~12", ".g\u200cit", ".git::$INDEX_ALLOCATION"]
REFUSED: list[tuple[list[Step], str]] = [
    *(
        (a_step(Move("a", target)), "is no path within the project")
        for target in (
            "../a",
            "/etc/x",
            "~",
            "~/x",
            "x/../y",
            "x/./y",
            "x//y",
            "",
            "C:\\x",
            "c:/x",
            ".",
            "..",
        )
    ),
    *(
        (a_step(step), "git's own")
        for name in DISGUISES
        for step in (
            Move("a", f"{name}/hooks/x"),
            Create(f"d/{name}", b""),
            Create(name, b""),
            Untrack(name),
        )
    ),
    ([Move(".git/HEAD", "c")], "git's own"),
    ([Move("../a", "c")], "is no path within the project"),
    ([Rewrite("../a", b"", b"x")], "is no path within the project"),
    ([Untrack("/etc")], "is no path within the project"),
    ([Create("\\\\host\\share", b"")], "backslash"),
    ([Create("x\\y", b"")], "backslash"),
    ([Create("x\0y", b"")], '"x\\0y" is no path'.replace("\\0", "\\x00")),
    ([Create("x\ud800", b"")], "is no path"),
    ([Create("x\ny", b"")], "control character"),
    ([Create("n\x1b/y", b"")], "control character"),
    ([Create(f"n/{LONG}", b"")], "more than 255 bytes"),
    ([Move("a", f"{'é' * 128}")], "more than 255 bytes"),
    ([Move("a", "b")], "b is there already"),
    ([Move("a", "d")], "d is there already"),
    ([Move("a", "empty")], "empty is there already"),
    ([Move("a", "dangling")], "dangling is there already"),
    ([Create("b", b"")], "b is there already"),
    ([Create("d", b"")], "d is there already"),
    ([Create("dangling", b"")], "dangling is there already"),
    ([Move("a", "B")], "only case or Unicode form tells it from b"),
    ([Create("docs/x", b"")], "cannot make docs: only case or Unicode form tells it from Docs"),
    ([Create("D/X", b"")], "tells it from d"),
    ([Move("a", f"{NFD}.txt")], "only case or Unicode form"),
    ([Create("new/x", b""), Create("NEW/y", b"")], "cannot make NEW: only case or Unicode form"),
    ([Create("n/x", b""), Move("a", "n/X")], "only case or Unicode form"),
    ([Create("a/x", b"")], "a is no directory"),
    ([Move("b", "a/x/y")], "a is no directory"),
    ([Create("link/x", b"")], "link is a symbolic link"),
    ([Move("a", "link/sub/x")], "link is a symbolic link"),
    ([Move("link/x", "c")], "link is a symbolic link"),
    ([Rewrite("link/x", b"x", b"")], "link is a symbolic link"),
    ([Create("out/x", b"")], "out is a symbolic link"),
    ([Create("nested/x", b"")], "nested is a repository of its own"),
    ([Move("nested/file", "c")], "nested is a repository of its own"),
    ([Move("nested", "c")], "nested is a repository of its own"),
    ([Move("holds", "c")], "holds/nested is a repository of its own"),
    ([Create("bare/x", b"")], "bare is a repository of its own"),
    ([Create("submodule/x", b"")], "submodule is a repository of its own"),
    ([Move("submodule/", "c/")], "submodule is a repository of its own"),
    ([Untrack("submodule")], "submodule is a repository of its own"),
    ([Move("gone", "c")], "gone is not there"),
    ([Move("gone/x", "c")], "gone/x is not there"),
    ([Move("a/x", "c")], "a is no directory"),
    ([Move("a/", "c/")], "a is no directory"),
    ([Move("pipe", "c")], "pipe is no file, link or directory"),
    ([Move("a", "c"), Move("b", "c")], "another step puts something at c"),
    ([Move("a", "c"), Create("c", b"")], "another step puts something at c"),
    ([Create("c", b""), Create("c", b"")], "another step puts something at c"),
    ([Create("c", b""), Create("c/d", b"")], "another step makes c a file"),
    ([Create("n/c/d", b""), Create("n/c", b"")], "another step makes n/c a file"),
    ([Move("a", "n/c"), Create("n/c/d", b"")], "n/c is no directory"),
    ([Move("a", "c"), Create("c/d", b"")], "c is no directory"),
    ([Move("a", "c"), Move("a", "e")], "another step moves a"),
    ([Move("a", "a")], "that is the same"),
    ([Move("d", "d/sub/d")], "nothing can be moved into itself"),
    ([Move("d/", "e/"), Move("d/x", "y")], "is moved as well"),
    ([Rewrite("a", b"other", b"x")], "does not hold what it held"),
    ([Rewrite("a", b"a", b"x"), Rewrite("a", b"a", b"y")], "another step rewrites it"),
    ([Rewrite("d", b"", b"x")], "d is no regular file"),
    ([Rewrite("dangling", b"", b"x")], "dangling is no regular file"),
    ([Rewrite("gone", b"", b"x")], "gone is not there"),
    ([Untrack("intent/x")], "git does not track it"),
    ([Untrack("pipe")], "git does not track it"),
    ([Move("intent", "c")], "is added with `git add -N` only"),
    ([Move("assumed", "c")], "is marked `--assume-unchanged`"),
    ([Move("skipped", "c")], "is left out by a sparse checkout"),
    ([Move("conflict", "c")], "it has a merge conflict"),
    ([Move("a", "deleted")], "is in git's index still"),
    ([Move("a", "deleted/c")], "is in git's index still"),
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with all that is in the way."""
    root = tmp_path_factory.mktemp("hostile")
    put(root, HERE | {"deleted": b"deleted", "conflict": b"ours"})
    for name, target in {"link": "d", "dangling": "nowhere", "out": "..", "up": "../.."}.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe")

    def git(*arguments: str, text: str = "") -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=root, input=text, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", "a", "b", "d", "deleted", "staged", "skipped", "assumed", "link")
    git("add", "-N", "intent")
    git("update-index", "--skip-worktree", "skipped")
    git("update-index", "--assume-unchanged", "assumed")
    blob = git("hash-object", "-w", "a")
    stages = "".join(f"100644 {blob} {stage}\tconflict\n" for stage in (1, 2, 3))
    git("update-index", "--index-info", text=stages)
    git("update-index", "--add", "--cacheinfo", f"160000,{blob},submodule")
    (root / "submodule").mkdir()
    (root / "deleted").unlink()
    return root


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize(("steps", "message"), REFUSED, ids=[str(steps)[:60] for steps, _ in REFUSED])
def test_what_is_wrong_is_said_and_nothing_is_changed(steps: list[Step], message: str, hostile: Path) -> None:
    before, entries = found(hostile), index(hostile)
    told = problems(hostile, steps)
    assert any(message in each for each in told), told
    with pytest.raises(CannotFix, match="nothing was changed") as raised:
        apply(hostile, [Create("fine", b""), *steps])
    assert all(each in str(raised.value) for each in told)
    assert (found(hostile), index(hostile)) == (before, entries)
    assert pending(hostile) is None


def test_all_that_is_wrong_is_said_at_once(hostile: Path) -> None:
    told = problems(hostile, [Move("a", "../x"), Create("b", b""), Move("gone", "c"), Create("fine", b"")])
    assert [each.partition(":")[0] for each in told] == [
        "cannot move a to ../x",
        "cannot move gone to c",
        "cannot create b",
    ]


def test_another_file_system_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(plain, {"a": b"", "mount/b": b""})
    real = os.lstat

    def lstat(path: Any, **more: Any) -> os.stat_result:
        status = list(real(path, **more))
        status[2] += str(path).endswith("mount")
        full = real(path, **more)
        return os.stat_result([*status, *list(full)[10:]], {"st_mtime_ns": full.st_mtime_ns})

    monkeypatch.setattr(os, "lstat", lstat)
    for step in (Move("a", "mount/a"), Move("mount/b", "b"), Move("mount", "m")):
        assert any("on another file system" in each for each in problems(plain, [step])), step


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_refused(plain: Path) -> None:
    put(plain, {"kept/a": b"", "b": b""})
    (plain / "kept").chmod(0o555)
    for step in (
        Move("kept/a", "a"),
        Move("b", "kept/b"),
        Create("kept/c", b""),
        Rewrite("kept/a", b"", b"x"),
    ):
        assert any("may not be changed" in each for each in problems(plain, [step])), step
    (plain / "kept").chmod(0o755)


def test_only_the_top_of_a_work_tree_is_fixed(repository: Make) -> None:
    git = repository({"d/a": ""})
    with pytest.raises(CannotFix, match="its top is what is fixed"):
        apply(git.path / "d", [Move("a", "b")])


def test_an_index_lock_is_refused_where_the_index_is_to_change(repository: Make) -> None:
    git = repository({"a": ""})
    (git.path / ".git/index.lock").write_text("")
    assert any("index.lock" in each for each in problems(git.path, [Move("a", "b")]))
    with pytest.raises(CannotFix, match="its file index"):
        apply(git.path, [Move("a", "b")])
    assert (git.path / "a").exists()
    apply(git.path, [Create("c", b"")])


# --- What is done


def moved(path: str, steps: Sequence[Step]) -> str:
    for step in steps:
        if isinstance(step, Move):
            source, target = step.source.rstrip("/"), step.target.rstrip("/")
            if path.rstrip("/") == source or path.startswith(f"{source}/"):
                return target + path[len(source) :]
    return path


def above(path: str) -> set[str]:
    return {path[: at + 1] for at, letter in enumerate(path[:-1]) if letter == "/"}


def foretold(before: Mapping[str, bytes], steps: Sequence[Step]) -> dict[str, bytes]:
    """What is to come of a tree, as `shape` tells it: the same in a few lines of dictionaries."""
    rewritten = {step.path: step.after for step in steps if isinstance(step, Rewrite)}
    after = {moved(path, steps): rewritten.get(path, content) for path, content in before.items()}
    after |= {step.path: step.content for step in steps if isinstance(step, Create)}
    after |= {directory: b"" for path in list(after) for directory in above(path)}
    left = {each for step in steps if isinstance(step, Move) for each in above(step.source)}
    for directory in sorted(left, key=len, reverse=True):
        if not any(path.startswith(directory) and path != directory for path in after):
            after.pop(directory, None)
    return after


def foretold_index(before: Mapping[str, str], steps: Sequence[Step]) -> dict[str, str]:
    gone = tuple(step.path.rstrip("/") + "/" for step in steps if isinstance(step, Untrack))
    kept = (
        {path: told for path, told in before.items() if not f"{path}/".startswith(gone)} if gone else before
    )
    return {moved(path, steps): told for path, told in kept.items()}


FILES = {
    "a": b"a",
    "b": b"b",
    "c": b"c",
    "d/x": b"x",
    "d/s/y": b"y",
    "e/z": b"z",
    "Readme.md": b"r",
    "empty/": b"",
    "deep/er/est/f": b"f",
    "we\nird/n\x1bl": b"n",
    "\udcff": b"ff",
    "untracked": b"u",
    "plain": b"p",
}
DONE: dict[str, tuple[list[Step], dict[str, bytes]]] = {
    "a chain": ([Move("a", "b"), Move("b", "c"), Move("c", "n")], {"b": b"a", "c": b"b", "n": b"c"}),
    "a swap": ([Move("a", "b"), Move("b", "a")], {"a": b"b", "b": b"a"}),
    "a circle": ([Move("a", "b"), Move("b", "c"), Move("c", "a")], {"b": b"a", "c": b"b", "a": b"c"}),
    "a swap of directories": ([Move("d/", "e/"), Move("e/", "d/")], {"e/s/y": b"y", "d/z": b"z"}),
    "each into the place of the other": (
        [Move("d", "e/d"), Move("e", "d/e")],
        {"d/e/z": b"z", "e/d/x": b"x"},
    ),
    "a change of case": ([Move("Readme.md", "README.md")], {"README.md": b"r"}),
    "a change of case of a directory": ([Move("d/", "D/")], {"D/x": b"x"}),
    "what is left empty goes": ([Move("deep/er/est/f", "f")], {"f": b"f"}),
    "what is not left empty stays": ([Move("d/s/y", "y")], {"d/x": b"x"}),
    "left and filled again": ([Move("deep/er/est/f", "deep/f")], {"deep/f": b"f"}),
    "left, and a new file in it": ([Move("e/z", "z"), Create("e/new", b"1")], {"e/new": b"1"}),
    "a file for a directory": ([Move("d", "old"), Move("a", "d")], {"d": b"a", "old/x": b"x"}),
    "a directory for a file": ([Move("a", "n"), Move("b", "a/b")], {"n": b"a", "a/b": b"b"}),
    "a new file for one that goes": ([Move("a", "n"), Create("a", b"1")], {"n": b"a", "a": b"1"}),
    "new files in what is moved and where it was": (
        [Move("e/", "n/"), Create("n/new", b"1"), Create("e/again", b"2")],
        {"n/z": b"z", "n/new": b"1", "e/again": b"2"},
    ),
    "into what is moved": ([Move("e/", "n/m/"), Move("a", "n/m/a")], {"n/m/a": b"a", "n/m/z": b"z"}),
    "rewritten and moved": ([Rewrite("a", b"a", b"A" * 9), Move("a", "n")], {"n": b"A" * 9}),
    "rewritten in what is moved": ([Rewrite("e/z", b"z", b""), Move("e", "n")], {"n/z": b""}),
    "untracked": ([Untrack("d/"), Untrack("a"), Move("untracked", "i")], {"a": b"a", "i": b"u"}),
    "untracked and moved": ([Untrack("d/x"), Move("d", "n")], {"n/x": b"x"}),
    "links": ([Move("link", "d/link"), Move("loop", "n/loop")], {"d/link": b"nowhere", "n/loop": b"loop"}),
    "to names of all kinds": (
        [Create("\udcff\udc80", b"1"), Create("a b/ü\"'$", b"2"), Create("-x", b""), Move("a", ":(glob)*")],
        {"\udcff\udc80": b"1", "a b/ü\"'$": b"2", ":(glob)*": b"a"},
    ),
    "from names of all kinds": (
        [Move("we\nird/n\x1bl", "n"), Move("\udcff", "d/\udcfe")],
        {"n": b"n", "d/\udcfe": b"ff"},
    ),
    "beside names of all kinds": ([Move("a", "we\nird/a"), Create("we\nird/n", b"")], {"we\nird/a": b"a"}),
}


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A repository of `FILES` and two links, of which some are not tracked."""
    root = tmp_path / "there"
    root.mkdir()
    fill(root, FILES)
    return root


def fill(root: Path, files: Mapping[str, bytes]) -> None:
    put(root, files)
    (root / "link").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    for command in (["init", "-q"], ["add", "."], ["rm", "-q", "--cached", "--ignore-unmatch", "untracked"]):
        subprocess.run(["git", *command], cwd=root, check=True)


@pytest.mark.parametrize("name", DONE)
def test_a_plan_is_done_and_undone(name: str, there: Path) -> None:
    steps, expected = DONE[name]
    (there / "d/x").chmod(0o755) if (there / "d/x").exists() else None
    (there / "a").chmod(0o600)
    before, entries, shaped = found(there), index(there), shape(there)
    names = foretold_index(tracked(there), steps)
    apply(there, steps)
    assert shape(there) == foretold(shaped, steps)
    assert expected.items() <= shape(there).items()
    assert tracked(there) == names
    assert not expected.get("n") or stat.S_IMODE((there / "n").stat().st_mode) == (0o644, 0o600)[name in OF_A]
    assert pending(there) is None
    with pytest.raises(CannotFix, match="no interrupted fix"):
        resume(there)
    undo(there)
    assert (found(there), index(there)) == (before, entries)
    assert os.listdir(there / ".git/structlint") == []  # noqa: PTH208
    with pytest.raises(CannotFix, match="no fix to undo"):
        undo(there)


OF_A = {"a directory for a file", "a new file for one that goes", "rewritten and moved"}


def test_nothing_to_do_leaves_no_trace(there: Path) -> None:
    apply(there, [Move("a", "n")])
    apply(there, [])
    apply(there, [Rewrite("b", b"b", b"b")])
    undo(there)
    assert (there / "a").exists()


def test_the_last_fix_is_undone(there: Path) -> None:
    before = found(there)
    apply(there, [Move("a", "n")])
    apply(there, [Move("n", "m")])
    undo(there)
    assert (there / "n").exists()
    assert found(there) != before
    with pytest.raises(CannotFix, match="no fix to undo"):
        undo(there)


def test_git_may_look_at_the_tree_before_it_is_undone(there: Path) -> None:
    entries = index(there)
    apply(there, [Move("a", "n"), Untrack("b")])
    after = index(there)
    subprocess.run(["git", "status"], cwd=there, check=True, capture_output=True)
    assert index(there) != after
    undo(there)
    assert index(there) == entries


def test_a_file_changed_while_git_did_not_look_is_still_seen_as_changed(there: Path) -> None:
    # Same size, same time as the index: git knows only by the time of its index that it must look again.
    place, status = there / "b", (there / ".git/index").stat()
    os.utime(place, ns=(0, status.st_mtime_ns))
    subprocess.run(["git", "update-index", "b"], cwd=there, check=True)
    status = (there / "b").stat()
    os.utime(there / ".git/index", ns=(0, status.st_mtime_ns))
    with place.open("r+b") as file:
        file.write(b"B")
    os.utime(place, ns=(0, status.st_mtime_ns))
    command = ["git", "-c", "core.trustctime=false", "diff-files", "--name-only"]
    assert subprocess.run(command, cwd=there, capture_output=True, check=True).stdout == b"b\n"
    apply(there, [Move("a", "n")])
    assert b"b\n" in subprocess.run(command, cwd=there, capture_output=True, check=True).stdout
    undo(there)
    assert subprocess.run(command, cwd=there, capture_output=True, check=True).stdout == b"b\n"


def test_a_linked_work_tree_has_a_journal_and_an_index_of_its_own(repository: Make, tmp_path: Path) -> None:
    git = repository({"a": "a", "b": ""})
    git("commit", "-qm", "one")
    git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked, own = tmp_path / "linked", git.path / ".git/worktrees/linked"
    entries, of_main = (own / "index").read_bytes(), index(git.path)
    apply(linked, [Move("a", "n/a")])
    assert tracked(linked).keys() == {"n/a", "b"}
    assert (own / "structlint/current").exists()
    assert not (git.path / ".git/structlint").exists()
    undo(linked)
    assert (own / "index").read_bytes() == entries
    assert index(git.path) == of_main


def test_outside_git_the_journal_lies_with_the_users_state(plain: Path, tmp_path: Path) -> None:
    put(plain, FILES)
    before = found(plain)
    apply(plain, [Move("a", "b"), Move("b", "a"), Create("n/m", b""), Rewrite("c", b"c", b"")])
    assert len(list((tmp_path / "state/structlint").iterdir())) == 1
    assert (plain / "a").read_bytes() == b"b"
    undo(plain)
    assert found(plain) == before
    assert any("no git repository" in each for each in problems(plain, [Untrack("a")]))


def test_a_repository_without_an_index_or_with_another_kind_of_names(tmp_path: Path) -> None:
    for options in ([], ["--object-format=sha256"]):
        root = tmp_path / f"new{len(options)}"
        subprocess.run(["git", "init", "-q", *options, str(root)], check=True)
        put(root, {"a": b"", "b": b"", "d/c": b""})
        apply(root, [Move("a", "n")])
        assert not (root / ".git/index").exists()
        subprocess.run(["git", "add", "."], cwd=root, check=True)
        expected = foretold_index(tracked(root), [Move("d", "e")])
        apply(root, [Move("d", "e")])
        assert tracked(root) == expected
        undo(root)
        assert "d/c" in tracked(root)


def test_no_program_of_the_repositorys_choosing_is_run(there: Path, tmp_path: Path) -> None:
    hook = there / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    monitor = str(hook)
    subprocess.run(["git", "config", "core.fsmonitor", monitor], cwd=there, check=True)
    (tmp_path / "ran").unlink(missing_ok=True)
    apply(there, [Move("a", "n"), Untrack("b")])
    undo(there)
    assert not (tmp_path / "ran").exists()


# --- All plans on all trees

NAMES = st.sampled_from(["a", "b", "B", "c.txt", "d", "\udcff", "x\ny", "é"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@st.composite
def trees_and_plans(draw: st.DrawFn) -> tuple[dict[str, bytes], list[Step]]:
    """A tree, and a plan whose moves mostly go where other moves come from."""
    tree: dict[str, bytes] = {}
    for path in draw(st.lists(PATHS, min_size=2, max_size=9, unique=True)):
        taken = {each.rstrip("/").casefold() for each in tree} | {
            directory.rstrip("/").casefold() for each in tree for directory in above(each)
        }
        inside = {each.rstrip("/").casefold() for each in above(path)}
        files = {each.casefold() for each in tree}
        if path.casefold() not in taken and not inside & files:
            tree[path] = draw(st.binary(max_size=3))
    known = sorted({*tree, *(directory.rstrip("/") for path in tree for directory in above(path))})
    sources = draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
    sources = [each for each in sources if not any(each.startswith(f"{other}/") for other in sources)]
    fresh = [draw(PATHS.map(lambda path, n=n: f"n{n}/{path}")) for n in range(len(sources))]  # type: ignore[misc]
    targets = draw(st.permutations([*sources, *fresh]))[: len(sources)]
    steps: list[Step] = [Move(*each) for each in zip(sources, targets, strict=True) if each[0] != each[1]]
    creates = draw(
        st.lists(st.one_of(st.sampled_from([*sources, "n0/new", "new"]), PATHS), max_size=2, unique=True)
    )
    steps += [Create(path, draw(st.binary(max_size=3))) for path in creates]
    for path in draw(st.lists(st.sampled_from(sorted(tree)), max_size=2, unique=True)):
        steps.append(Rewrite(path, tree[path], draw(st.binary(max_size=3))))
    steps += map(Untrack, draw(st.lists(st.sampled_from(known), max_size=1)))
    return tree, draw(st.permutations(steps))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(trees_and_plans())
def test_any_plan_is_done_as_foretold_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, given_: tuple[dict[str, bytes], list[Step]]
) -> None:
    tree, steps = given_
    root = tmp_path_factory.mktemp("any")
    fill(root, tree)
    before, entries, shaped, names = found(root), index(root), shape(root), tracked(root)
    told = problems(root, steps)
    event("refused" if told else "done")
    if told:
        with pytest.raises(CannotFix):
            apply(root, steps)
    else:
        apply(root, steps)
        assert shape(root) == foretold(shaped, steps)
        assert tracked(root) == foretold_index(names, steps)
        if any(not isinstance(step, Rewrite) or step.before != step.after for step in steps):
            undo(root)
    assert (found(root), index(root)) == (before, entries)


# --- Dying

CALLS = ["rename", "replace", "link", "unlink", "mkdir", "rmdir", "write", "fsync", "ftruncate", "utime"]
CALLS += ["chmod", "fchmod", "fchown", "setxattr", "open"]
_WRITING = os.O_CREAT | os.O_TRUNC


class Died(BaseException):
    """The process is no more."""


def changes(name: str, arguments: Sequence[Any]) -> bool:
    """Whether a call changes a disk; writing to a pipe, to git, does not."""
    if name == "write":
        return stat.S_ISREG(os.fstat(arguments[0]).st_mode)
    return name != "open" or bool(arguments[1] & _WRITING)


@contextmanager
def failing(at: int, failure: Callable[[], None]) -> Iterator[list[str]]:
    """Lets the call of this number that changes something fail before it does; yields the calls made."""
    calls: list[str] = []

    def patched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            if changes(name, arguments[:2]):
                calls.append(name)
                if len(calls) - 1 == at:
                    failure()
            return None if name == "fsync" else real(*arguments, **more)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            if hasattr(os, name):
                real = getattr(os, name)
                wrapped = patched(name, real)
                patch.setattr(os, name, wrapped)
                for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
                    if real in able:
                        able.add(wrapped)
        yield calls


def die() -> None:
    raise Died


def dies(at: int, function: Callable[[], None]) -> bool:
    """Whether a function dies at a call; it is given that many that it makes."""
    with failing(at, die):
        try:
            function()
        except Died:
            return True
    return False


PLAN: list[Step] = [
    Move("a", "b"),
    Move("b", "a"),
    Move("deep/er/est/f", "n/f"),
    Move("d/", "D/"),
    Create("D/new", b"1"),
    Rewrite("c", b"c", b"C" * 99),
]
INDEXED: list[Step] = [Move("deep/er/est/f", "f"), Untrack("b")]


class Case:
    """A tree with a plan, as it is before and after."""

    def __init__(self, root: Path, steps: list[Step]) -> None:
        self.root, self.steps = root, steps
        self.before = self.state()
        self.apply()
        self.after = self.state()
        undo(root)
        assert self.state() == self.before

    def apply(self) -> None:
        apply(self.root, self.steps)

    def undo(self) -> None:
        undo(self.root)

    def resume(self) -> None:
        resume(self.root)

    def state(self) -> tuple[object, ...]:
        files = {
            path: (mode, content, 0 if isinstance(self.step_on(path), Create | Rewrite) else when)
            for path, (mode, content, when) in found(self.root).items()
        }
        times = {path: each[2] for path, each in found(self.root).items() if each[1] in (b"c", b"r")}
        return files, times, tracked(self.root) if (self.root / ".git").exists() else {}, self.locks()

    def locks(self) -> bool:
        return (self.root / ".git/index.lock").exists()

    def step_on(self, path: str) -> Step | None:
        return next((step for step in self.steps if getattr(step, "path", "") == path), None)

    def end(self) -> None:
        """From whatever state to the one before: by undoing, where anything was begun."""
        try:
            undo(self.root)
        except CannotFix as error:
            assert "no fix to undo" in str(error)
        assert self.state() == self.before


@pytest.fixture(params=["plain", "git"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    root = tmp_path / "case"
    root.mkdir()
    if request.param == "plain":
        put(root, FILES)
        return Case(root, PLAN)
    fill(root, FILES)
    return Case(root, INDEXED)


def test_whenever_it_dies_it_can_be_undone_and_finished(case: Case) -> None:
    at = 0
    while dies(at, case.apply):
        case.end()
        assert dies(at, case.apply)
        begun = pending(case.root)
        if begun:
            with pytest.raises(CannotFix, match="has not come to its end"):
                case.apply()
            case.resume()
            assert case.state() == case.after
        case.end()
        at += 1 if begun or case.steps is PLAN else 5  # writing a journal is the same with git
    assert at > 50
    case.end()


def test_it_may_die_again_while_it_is_undone_or_finished(case: Case) -> None:
    step = 11 if case.steps is PLAN else 17
    for first in range(10, 400, step):
        for again in (case.undo, case.resume):
            for second in range(first % 5, 400, step):
                if not dies(first, case.apply):
                    return case.end()
                if pending(case.root) and dies(second, again) and pending(case.root):
                    case.resume()
                    assert case.state() == case.after
                else:
                    second = 400
                case.end()
                if second == 400:
                    break
    raise AssertionError("it never came to its end")


def test_whenever_the_undoing_of_a_finished_fix_dies_it_goes_on(case: Case) -> None:
    at = 0
    while True:
        case.apply()
        died = dies(at, case.undo)
        case.end()
        if not died:
            break
        at += 1
    assert at > 20


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EXDEV, errno.EPERM])
def test_whatever_the_system_refuses_it_can_be_undone(case: Case, number: int) -> None:
    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    at, told = (0, 0) if case.steps is PLAN else (number % 5, 0)
    while True:
        with failing(at, refuse) as calls:
            try:
                case.apply()
            except CannotCheck as error:
                told += 1
                said = str(error)
                assert os.strerror(number) in said
                unharmed = ("nothing was changed", "cannot write", "all is done")
                assert any(each in said for each in unharmed) or pending(case.root)
            else:
                assert case.state() == case.after
        case.end()
        if len(calls) <= at:
            break
        at += 1 if case.steps is PLAN else 5
    assert told > 5


@pytest.mark.parametrize("at", range(0, 400, 9))
def test_whatever_the_system_refuses_while_undoing_it_can_be_tried_again(at: int, plain: Path) -> None:
    def refuse() -> None:
        raise OSError(errno.EROFS, "no")

    put(plain, FILES)
    case = Case(plain, PLAN)
    case.apply()
    with failing(at, refuse), suppress(CannotFix):
        case.undo()
    case.end()


def test_what_is_done_and_what_is_not_is_said(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(plain, {"a": b"", "b": b"", "c": b""})
    real = os.link

    def link(source: str, target: str, **more: Any) -> None:
        if target == "B1":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target, **more)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(CannotFix) as raised:
        apply(plain, [Move("a", "a1"), Move("b", "B1"), Move("c", "c1")])
    assert str(raised.value) == (
        "cannot move b to B1: No space left on device\n"
        "done: 1\n  move a to a1\nnot done: 2\n  move b to B1\n  move c to c1\n"
        "run `structlint fix --resume` to go on, or `structlint fix --undo` to take all of it back"
    )
    assert pending(plain) == "1 of 3 steps done, next: move b to B1"


KILLED = """
import os, signal, sys
from pathlib import Path
from structlint.fix.apply import apply
from structlint.steps import *
left = int(sys.argv[2])
def counting(real):
    def call(*arguments, **more):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **more)
    return call
for name in ("link", "unlink", "mkdir", "rmdir", "rename", "replace", "ftruncate"):
    setattr(os, name, counting(getattr(os, name)))
apply(Path(sys.argv[1]), eval(sys.argv[3]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("at", [3, 6, 9, 14, 20, 27, 31, 34])
def test_it_is_killed(case: Case, at: int) -> None:
    command = [sys.executable, "-c", KILLED, str(case.root), str(at), repr(case.steps)]
    for finish in (case.undo, case.resume):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        if pending(case.root):
            finish()
            assert case.state() == (case.before if finish == case.undo else case.after)
        case.end()
    case.end()


# --- Others at work


def test_two_at_once(there: Path) -> None:
    lock = there / ".git/structlint/lock"
    lock.parent.mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            lock.write_text(f"{other.pid}\n")
            for function in (undo, resume, lambda root: apply(root, [Move("a", "n")])):
                with pytest.raises(
                    CannotFix, match=f"another structlint is at work here, process {other.pid};"
                ):
                    function(there)
        finally:
            other.kill()
    assert (there / "a").exists()
    apply(there, [Move("a", "n")])  # it is dead now
    assert not lock.exists()


@pytest.mark.parametrize("text", ["", "nonsense", "99999999999999999999999", "-1", "²"])
def test_a_lock_that_names_nobody_is_taken_over(text: str, there: Path) -> None:
    lock = there / ".git/structlint/lock"
    lock.parent.mkdir()
    lock.write_text(text)
    apply(there, [Move("a", "n")])


def test_many_at_once_do_it_once(there: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom structlint.fix.apply import *\n"
        "from structlint.steps import *\n"
        "apply(Path(sys.argv[1]), [Move('a', 'n/a'), Create('n/b')])"
    )
    command = [sys.executable, "-c", script, str(there)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(6)]
    told = [each.communicate()[1] for each in started]
    assert sorted(each.returncode for each in started) == [0, 1, 1, 1, 1, 1], told
    assert all(b"CannotFix" in each for each in told if each)
    assert (there / "n/a").exists()


def stopped(root: Path, steps: list[Step], match: str, change: Callable[[], None], before: str) -> None:
    """Applies with a change by somebody else right before the first rename or link to a name."""
    real = os.link
    changed: list[str] = []

    def link(source: str, target: str, **more: Any) -> None:
        if target == before and not changed:
            changed.append(target)
            change()
        real(source, target, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", link)
        with pytest.raises(CannotFix, match=match):
            apply(root, steps)
    assert changed


def directory_at(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "its content": (lambda root: (root / "b").write_bytes(b"new"), "has changed since"),
    "its time": (lambda root: os.utime(root / "b", ns=(1, 1)), "has changed since"),
    "itself": (lambda root: (root / "e/z").replace(root / "b"), "has changed since"),
    "nothing there": (lambda root: (root / "b").unlink(), "it is gone"),
    "a directory": (lambda root: directory_at(root / "b"), "has changed since"),
    "its target": (lambda root: (root / "n2").write_bytes(b"other"), "has taken that name"),
    "its target's parent": (lambda root: (root / "n").symlink_to(".."), "cannot move b"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_after_the_plan_was_made_is_left_alone(name: str, plain: Path) -> None:
    put(plain, FILES)
    change, message = CHANGES[name]
    steps: list[Step] = [Move("a", "n1"), Move("b", "n/2" if "parent" in name else "n2")]
    stopped(plain, steps, message, lambda: void(change(plain)), "n1")
    after = found(plain)
    undo(plain)
    assert (plain / "a").read_bytes() == b"a"
    assert {path: after[path] for path in after if path != "n1"} == {
        path: told for path, told in found(plain).items() if path != "a"
    }


def void(_: object) -> None:
    """Nothing."""


SINCE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a created file": (lambda root: (root / "n/new").write_bytes(b"more"), "n/new has been changed since"),
    "a rewritten file": (lambda root: (root / "c").write_bytes(b"more"), "c has been changed since"),
    "a file where one was": (lambda root: (root / "a").write_bytes(b"again"), "a is there again"),
    "a moved file that is gone": (lambda root: (root / "n/a").unlink(), "n/a is gone"),
    "a moved file that is a directory": (
        lambda root: directory_at(root / "n/a"),
        "n/a is something else now",
    ),
    "a directory in the place of a created file": (
        lambda root: directory_at(root / "n/new"),
        "n/new has been changed since",
    ),
    "a directory in the place of a directory": (lambda root: (root / "e/other").write_bytes(b""), "e/other"),
    "something staged": (
        lambda root: subprocess.run(["git", "add", "untracked"], cwd=root, check=True),
        "git's index has been changed since",
    ),
    "a lock": (lambda root: (root / ".git/index.lock").write_bytes(b""), "index.lock"),
}


@pytest.mark.parametrize("name", SINCE)
def test_what_somebody_has_changed_since_is_not_undone(name: str, there: Path) -> None:
    change, message = SINCE[name]
    before = found(there), index(there)
    apply(
        there,
        [
            Move("a", "n/a"),
            Create("n/new", b"1"),
            Rewrite("c", b"c", b"C"),
            Move("e", "n/e"),
            Create("e/z", b"new"),
        ],
    )
    change(there)
    after, entries = found(there), index(there)
    with pytest.raises(CannotFix, match="nothing was undone") as raised:
        undo(there)
    assert message in str(raised.value)
    assert (found(there), index(there)) == (after, entries)
    assert before[0] != after


def test_what_somebody_has_changed_in_a_moved_file_goes_back_with_it(there: Path) -> None:
    apply(there, [Move("a", "n/a"), Move("d", "n/d"), Create("n/new", b"")])
    (there / "n/a").write_bytes(b"more")
    (there / "n/d/own").write_bytes(b"own")
    (there / "n/mine").write_bytes(b"mine")
    (there / "n/new").unlink()
    undo(there)
    assert (there / "a").read_bytes() == b"more"
    assert (there / "d/own").read_bytes() == b"own"
    assert (there / "n/mine").read_bytes() == b"mine"


def test_a_link_planted_on_the_way_is_not_followed(plain: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    put(plain, FILES)

    def plant() -> None:
        (plain / "d").rename(plain / "was")
        (plain / "d").symlink_to(outside)

    stopped(plain, [Move("a", "n1"), Move("b", "d/b"), Create("d/new", b"")], "no directory", plant, "n1")
    assert list(outside.iterdir()) == []


def test_a_journal_from_elsewhere_leads_nowhere(there: Path) -> None:
    home = there / ".git/structlint"
    (home / "0badc0de").mkdir(parents=True)
    (home / "current").write_text("0badc0de")
    (home / "0badc0de/done").write_text("")
    (home / "0badc0de/0").write_text("")
    made = '{"version": 1, "actions": [{"words": "x", "kind": "%s", %s}]}'
    for text, message in {
        made % ("MakeDirectory", '"path": "../x"'): "no path",
        made % ("MakeDirectory", '"path": "/tmp/x"'): "no path",
        made % ("MakeDirectory", '"path": 1'): "cannot be read",
        made % ("Write", '"path": "x", "content": 0, "beside": "../b"'): "no name",
        made % ("Write", '"path": "x", "content": "../../config", "beside": "b"'): "cannot be read",
        made % ("System", '"path": "x"'): "cannot be read",
        '{"version": 2, "actions": []}': "another version",
        "[]": "cannot be read",
        "{": "cannot be read",
    }.items():
        (home / "0badc0de/plan").write_text(text)
        with pytest.raises(CannotFix, match=message):
            resume(there)


def test_the_index_is_left_alone_if_somebody_stages_meanwhile(there: Path) -> None:
    def stage() -> None:
        subprocess.run(["git", "add", "untracked"], cwd=there, check=True)

    before = found(there)
    stopped(there, [Move("a", "n1")], "index has been changed meanwhile", stage, "n1")
    undo(there)
    assert found(there) == before
    assert "untracked" in tracked(there)
