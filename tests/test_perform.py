"""Applying, undoing and resuming the steps of a fix; no interruption loses a file."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import Git, Make
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.edits.steps import Create, Move, Rewrite, Step, Untrack
from structlint.errors import CannotFix
from structlint.fix import apply as performing
from structlint.fix.apply import apply, is_pending, obstacles, resume, undo
from structlint.fix.journal import journal_of
from structlint.fix.prepare import operations

Snapshot = dict[str, tuple[int, bytes, int]]


def snapshot(root: Path) -> Snapshot:
    """Everything in a directory except `.git`: mode, content or link target, and mtime of files."""
    found: Snapshot = {}
    for above, directories, files in os.walk(root):
        if ".git" in directories:
            directories.remove(".git")
        for name in [*directories, *files]:
            path = Path(above) / name
            status = path.lstat()
            content = os.fsencode(path.readlink()) if path.is_symlink() else b""
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
            time = status.st_mtime_ns if stat.S_ISREG(status.st_mode) else 0
            found[os.fsdecode(os.fsencode(path.relative_to(root)))] = (status.st_mode, content, time)
    return found


def contents(root: Path) -> dict[str, bytes]:
    return {path: content for path, (mode, content, _) in snapshot(root).items() if not stat.S_ISDIR(mode)}


def index(git: Git) -> bytes:
    return (git.path / ".git" / "index").read_bytes()


FILES = {
    "README.md": "# Shop\n",
    "docs/guide.md": "guide",
    "src/a.py": "a",
    "src/deep/b.py": "b",
    "Lib/c.py": "c",
    ".env": "SECRET=1",
    "odd \udce9\n.txt": "odd",
}
STEPS: list[Step] = [
    Move("src/deep/b.py", "lib2/new/b.py"),
    Move("src/", "app/"),
    Move("app/a.py", "app/main.py"),
    Move("Lib/", "lib/"),
    Untrack(".env"),
    Create("tests/unit/.gitkeep"),
    Create("app/new.py", b'"""New."""\n'),
    Rewrite("README.md", b"# Shop\n", b"# Shop\n\nMore.\n"),
]
AFTER = {
    "README.md": b"# Shop\n\nMore.\n",
    "docs/guide.md": b"guide",
    "app/main.py": b"a",
    "lib2/new/b.py": b"b",
    "lib/c.py": b"c",
    ".env": b"SECRET=1",
    "odd \udce9\n.txt": b"odd",
    "tests/unit/.gitkeep": b"",
    "app/new.py": b'"""New."""\n',
}


@pytest.fixture
def shop(repository: Make) -> Git:
    git = repository(FILES)
    git("commit", "-q", "-m", "x")
    return git


def test_apply_and_undo(shop: Git) -> None:
    before, staged = snapshot(shop.path), index(shop)
    apply(shop.path, STEPS)
    assert contents(shop.path) == AFTER
    assert {path.parent.name for path in shop.path.rglob("*")} >= {"app", "lib", "unit"}
    assert not (shop.path / "src").exists()
    listed = shop("ls-files").splitlines()
    assert listed == [
        "README.md",
        "app/main.py",
        "docs/guide.md",
        "lib/c.py",
        "lib2/new/b.py",
        '"odd \\351\\n.txt"',
    ]
    assert "R  src/a.py -> app/main.py" in shop("status", "--short")
    assert not is_pending(shop.path)
    undo(shop.path)
    assert snapshot(shop.path) == before
    assert index(shop) == staged
    assert not journal_of(shop.path).directory.exists()
    with pytest.raises(CannotFix, match="no fix to undo"):
        undo(shop.path)


def test_linked_work_tree_has_its_own_journal(shop: Git) -> None:
    shop("worktree", "add", "-q", "../other")
    other = shop.path.parent / "other"
    apply(other, [Move("docs/guide.md", "guide.md")])
    assert (other / "guide.md").exists()
    with pytest.raises(CannotFix, match="no fix"):
        undo(shop.path)
    undo(other)
    assert (other / "docs/guide.md").exists()


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory outside git."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "plain"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "docs/guide.md").chmod(0o640)
    (root / "link").symlink_to("docs")
    return root


OUTSIDE = [step for step in STEPS if not isinstance(step, Untrack)]


def test_outside_git(plain: Path) -> None:
    before = snapshot(plain)
    apply(plain, [*OUTSIDE, Move("link", "other/link")])
    assert (plain / "other/link").readlink() == Path("docs")
    undo(plain)
    assert snapshot(plain) == before


REFUSED: list[tuple[str, list[Step], str]] = [
    ("an existing file", [Create("src/a.py")], "`src/a.py` already exists"),
    ("an existing directory", [Create("docs")], "`docs` already exists"),
    ("an existing dangling link", [Create("dangling")], "`dangling` already exists"),
    ("another case", [Create("readme.MD")], "readme.MD would collide with README.md"),
    ("another case of a parent", [Create("DOCS/x")], "DOCS would collide with docs"),
    (
        "another Unicode normalization",
        [Create("cafe\u0301"), Create("caf\xe9")],
        "would collide with cafe\u0301",
    ),
    ("two sources, one target", [Move("README.md", "x"), Move("docs/guide.md", "x")], "`x` already exists"),
    ("one source, two targets", [Move("README.md", "x"), Move("README.md", "y")], "README.md does not exist"),
    ("a file as parent", [Create("README.md/x")], "README.md/x: README.md is not a directory"),
    ("a link as parent", [Create("link/x")], "link/x: link is a symbolic link, and links are not followed"),
    ("a link as parent of the source", [Move("link/guide.md", "x")], "link is a symbolic link"),
    ("`..` at the start", [Create("../x")], "../x is not a path within the project"),
    ("`..` in the middle", [Create("a/../../x")], "is not a path within the project"),
    ("absolute", [Create("/etc/x")], "/etc/x is not a path within the project"),
    ("a drive", [Create("C:/x")], "is not a path within the project"),
    ("a backslash", [Create("a\\b")], "is not a path within the project"),
    ("a home directory", [Create("~/x")], "is not a path within the project"),
    ("an empty component", [Create("a//b")], "is not a path within the project"),
    ("a NUL", [Create("a\0b")], "contains a control character"),
    ("a newline", [Create("a\nb")], "contains a control character"),
    ("a long name", [Create("x" * 300)], "has a name of more than 255 bytes"),
    ("into git", [Create(".git/hooks/pre-commit")], "belongs to git"),
    ("into git, another case", [Create(".GIT/x")], "belongs to git"),
    ("into git, trailing space", [Create(".git /x")], "belongs to git"),
    ("into git, short name", [Create("git~1/x")], "belongs to git"),
    ("into git, invisible character", [Create(".g\u200cit/x")], "contains a control character"),
    ("into git, alternate data stream", [Create(".git::$INDEX_ALLOCATION/x")], "belongs to git"),
    ("into a repository", [Create("nested/x")], "is inside nested, which is a separate repository"),
    ("a missing source", [Move("nothing", "x")], "nothing does not exist"),
    ("into itself", [Move("docs/", "docs/old/")], "docs cannot be moved into itself"),
    ("a file as a directory", [Move("README.md/", "x/")], "README.md is not a directory"),
    ("a directory as a file", [Move("docs", "x")], "docs is a directory"),
    ("from git", [Move(".git/HEAD", "x")], ".git/HEAD belongs to git"),
    (
        "a repository",
        [Move("nested/", "x/")],
        "nested contains a separate repository (nested); move it by hand",
    ),
    ("into a bare repository", [Create("bare/x")], "is inside bare, which is a separate repository"),
    ("a pipe", [Move("pipe", "x")], "pipe is not a file, link or directory"),
    ("changed", [Rewrite("README.md", b"?", b"!")], "README.md has changed since it was read"),
    ("rewriting a missing file", [Rewrite("nothing", b"?", b"!")], "nothing is not a regular file"),
    ("rewriting a link", [Rewrite("link", b"?", b"!")], "link is not a regular file"),
]


@pytest.fixture
def crowded(shop: Git) -> Path:
    (shop.path / "link").symlink_to("docs")
    (shop.path / "dangling").symlink_to("nowhere")
    os.mkfifo(shop.path / "pipe")
    subprocess.run(["git", "init", "-q", "nested"], cwd=shop.path, check=True)
    subprocess.run(["git", "init", "-q", "--bare", "bare"], cwd=shop.path, check=True)
    return shop.path


@pytest.mark.parametrize(
    ("steps", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_invalid_steps_are_rejected_before_any_change(
    crowded: Path, steps: Sequence[Step], message: str
) -> None:
    before = {path: each for path, each in snapshot(crowded).items() if path != "pipe"}
    good: list[Step] = [Create("fine.txt", b"fine")]
    with pytest.raises(CannotFix, match="nothing was done, because") as caught:
        apply(crowded, [*good, *steps])
    assert message in str(caught.value)
    assert {path: each for path, each in snapshot(crowded).items() if path != "pipe"} == before
    assert not is_pending(crowded)


def test_all_obstacles_are_reported(crowded: Path) -> None:
    steps = [step for _, each, _ in REFUSED[:9] for step in each]
    assert len(obstacles(crowded, steps)) >= 8


def test_move_that_only_changes_the_case(shop: Git) -> None:
    apply(shop.path, [Move("README.md", "Readme.md"), Move("Lib/", "lib/")])
    assert {"Readme.md", "lib/c.py"} <= set(shop("ls-files").split("\n"))
    undo(shop.path)
    assert (shop.path / "README.md").exists()


def test_swap_of_two_names(shop: Git) -> None:
    apply(shop.path, [Move("README.md", "x"), Move("docs/guide.md", "README.md"), Move("x", "docs/guide.md")])
    assert (shop.path / "README.md").read_text() == "guide"
    undo(shop.path)
    assert (shop.path / "README.md").read_text() == "# Shop\n"


def test_locked_index_is_an_error(shop: Git) -> None:
    (shop.path / ".git/index.lock").touch()
    before = snapshot(shop.path)
    with pytest.raises(CannotFix, match=r"another git process is running \(`index.lock` exists\)"):
        apply(shop.path, STEPS)
    assert snapshot(shop.path) == before


def test_conflict_in_the_index_is_an_error(shop: Git) -> None:
    shop("checkout", "-q", "-b", "one")
    for branch, text in (("one", "1"), ("main", "2")):
        shop("checkout", "-q", branch)
        (shop.path / "README.md").write_text(text)
        shop("commit", "-q", "-am", branch)
    with pytest.raises(AssertionError):
        shop("merge", "one")
    with pytest.raises(CannotFix, match=r"README\.md has an unresolved conflict"):
        apply(shop.path, [Move("README.md", "x.md")])


def test_target_that_is_still_in_the_index_is_an_error(shop: Git) -> None:
    (shop.path / "README.md").unlink()
    with pytest.raises(CannotFix, match=r"README\.md is still in git's index; commit its removal"):
        apply(shop.path, [Move("docs/guide.md", "README.md")])
    assert (shop.path / "docs/guide.md").exists()


CHANGED: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "a new file",
        lambda root: (root / "app/new.py").write_text("mine"),
        "app/new.py has been changed since",
    ),
    (
        "a rewritten file",
        lambda root: (root / "README.md").write_text("mine"),
        "README.md has been changed since",
    ),
    ("something in the old place", lambda root: (root / "src").mkdir(), "src exists again"),
    ("a removed file", lambda root: (root / "lib2/new/b.py").unlink(), "lib2/new/b.py no longer exists"),
    (
        "the index",
        lambda root: subprocess.run(["git", "add", "app/new.py"], cwd=root, check=True),
        "git's index has changed since then",
    ),
]


@pytest.mark.parametrize(
    ("change", "message"), [case[1:] for case in CHANGED], ids=[case[0] for case in CHANGED]
)
def test_undo_fails_if_a_file_has_changed_since(
    shop: Git, change: Callable[[Path], object], message: str
) -> None:
    apply(shop.path, STEPS)
    change(shop.path)
    before = snapshot(shop.path)
    with pytest.raises(CannotFix, match="nothing was undone, because") as caught:
        undo(shop.path)
    assert message in str(caught.value)
    assert snapshot(shop.path) == before


def test_undo_keeps_files_that_were_added_since(shop: Git) -> None:
    apply(shop.path, STEPS)
    (shop.path / "tests/unit/mine.py").write_text("mine")
    shop("status")  # git rewrites its index with new times
    undo(shop.path)
    assert (shop.path / "tests/unit/mine.py").read_text() == "mine"
    assert (shop.path / "src/deep/b.py").exists()


# --- Interruptions


class Died(BaseException):
    """Simulates that the process was killed."""


_CALLS = ("mkdir", "rmdir", "unlink", "rename", "link", "replace", "open", "write", "fsync")


@contextmanager
def die_at_call(monkeypatch: pytest.MonkeyPatch, number: int, how: str) -> Iterator[list[str]]:
    """Die `after` the given number of calls that change something, `before` it, or let that call `fail`."""
    calls: list[str] = []

    def wrap(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            ours = sys._getframe(1).f_globals["__name__"].startswith(("structlint.", "pathlib"))
            writes = name != "open" or bool(int(str(arguments[1])) & (os.O_WRONLY | os.O_CREAT))
            if not (ours and writes):
                return function(*arguments, **more)
            calls.append(name)
            if len(calls) == number and how == "before":
                raise Died
            if len(calls) == number and how == "fail":
                raise OSError(28, "No space left on device")
            found = function(*arguments, **more)
            if len(calls) == number and how == "after":
                raise Died
            return found

        return call

    with monkeypatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        yield calls


def apply_interrupted(
    root: Path, steps: Sequence[Step], monkeypatch: pytest.MonkeyPatch, number: int, how: str
) -> bool:
    """Apply the steps, and return whether this was interrupted."""
    with die_at_call(monkeypatch, number, how):
        try:
            apply(root, steps)
        except (Died, CannotFix, OSError):
            return True
    return False


def count_calls(root: Path, steps: Sequence[Step], monkeypatch: pytest.MonkeyPatch) -> int:
    with die_at_call(monkeypatch, 0, "") as calls:
        apply(root, steps)
    undo(root)
    return len(calls)


def recover(root: Path, way: Callable[[Path], int]) -> None:
    """Undo or resume, unless nothing had begun."""
    if journal_of(root).exists and (way is undo or is_pending(root)):
        way(root)


@pytest.mark.parametrize("how", ["after", "fail"])  # "after" a call leaves the same as "before" the next
def test_interruption_at_every_call(plain: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A call after which one test resumes is one after which the other test undoes."""
    before = snapshot(plain)
    number = count_calls(plain, OUTSIDE, monkeypatch)
    assert number > 40
    for each in range(1, number + 1):
        if apply_interrupted(plain, OUTSIDE, monkeypatch, each, how):
            recover(plain, resume if (each % 2 == 1) == (how == "after") else undo)
        if contents(plain) == {path: c for path, (m, c, _) in before.items() if not stat.S_ISDIR(m)}:
            assert snapshot(plain) == before, each
        else:
            assert contents(plain) == {**AFTER, "link": b"docs"}, each
            undo(plain)
            assert snapshot(plain) == before, each


def test_interruption_at_every_call_in_git(shop: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    before, staged = snapshot(shop.path), shop("ls-files", "-s")
    steps: list[Step] = [Move("docs/guide.md", "guide.md"), Untrack(".env")]
    number = count_calls(shop.path, steps, monkeypatch)
    for each in range(1, number + 1):
        if apply_interrupted(shop.path, steps, monkeypatch, each, "after"):
            recover(shop.path, resume if each % 2 else undo)
        if (shop.path / "guide.md").exists():
            assert ".env" not in shop("ls-files").split("\n"), each
            undo(shop.path)
        assert snapshot(shop.path) == before, each
        assert shop("ls-files", "-s") == staged, each
        assert not (shop.path / ".git/index.lock").exists(), each


def test_interruption_during_undo(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(plain)
    number = count_calls(plain, OUTSIDE, monkeypatch)
    for each in range(number // 3, number + 1, 7):
        for again in range(1, 40, 3):
            apply_interrupted(plain, OUTSIDE, monkeypatch, each, "after")
            if not journal_of(plain).exists:
                continue
            with die_at_call(monkeypatch, again, "before" if again % 2 else "after"), suppress(Died):
                undo(plain)
            if journal_of(plain).exists:
                undo(plain)
            assert snapshot(plain) == before, (each, again)


def test_interrupted_fix_blocks_another_fix(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_interrupted(
        plain, OUTSIDE, monkeypatch, count_calls(plain, OUTSIDE, monkeypatch) // 2 + 8, "before"
    )
    assert is_pending(plain)
    with pytest.raises(
        CannotFix, match="an earlier fix was interrupted; continue with `structlint fix --resume`"
    ):
        apply(plain, [Create("x")])
    resume(plain)
    with pytest.raises(CannotFix, match="no interrupted fix to resume"):
        resume(plain)


def test_file_changed_after_the_plan_is_not_touched(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = operations

    def change_file(root: Path, steps: Sequence[Step], *more: frozenset[str]) -> object:
        found = real(root, steps, *more)
        (root / "docs/guide.md").write_text("somebody else's")
        return found

    monkeypatch.setattr(performing, "operations", change_file)
    with pytest.raises(CannotFix, match=r"stopped at docs/guide.md: it has changed since the plan was made"):
        apply(plain, [Create("new"), Move("docs/guide.md", "guide.md")])
    undo(plain)
    assert (plain / "docs/guide.md").read_text() == "somebody else's"
    assert not (plain / "new").exists()


def test_locked_journal_is_an_error(plain: Path) -> None:
    journal = journal_of(plain)
    journal.directory.mkdir(parents=True)
    (journal.directory / "lock").write_text("1")
    with (journal.directory / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(CannotFix, match=r"another structlint \(process 1\) is running here"):
            apply(plain, [Create("x")])
    apply(plain, [Create("x")])  # the lock of a dead process does not count
    assert (plain / "x").exists()


def test_killed(plain: Path) -> None:
    """With SIGKILL, in the middle of many moves."""
    before = snapshot(plain)
    (plain / "many").mkdir()
    for number in range(300):
        (plain / "many" / f"{number}.txt").write_text(str(number))
    before = snapshot(plain)
    script = """
        import os, sys
        from pathlib import Path
        from structlint.fix.apply import apply
        from structlint.edits.steps import Move
        root = Path(sys.argv[1])
        real = os.link
        def link(*arguments, **more):
            real(*arguments, **more)
            if arguments[1] == "150.txt":
                os.kill(os.getpid(), 9)
        os.link = link
        os.supports_dir_fd.add(link)
        apply(root, [Move(f"many/{n}.txt", f"moved/{n}.txt") for n in range(300)])
        """
    result = subprocess.run([sys.executable, "-c", dedent(script), str(plain)], check=False)
    assert result.returncode == -signal.SIGKILL
    assert (plain / "many/150.txt").exists() and (plain / "moved/150.txt").exists()
    undo(plain)
    assert snapshot(plain) == before


# --- Random trees and steps

NAMES = st.lists(st.sampled_from("abcD"), min_size=1, max_size=3).map("/".join)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True)):
        if not any(each.startswith(f"{path}/") or path.startswith(f"{each}/") for each in found):
            found[path] = path.encode()
    return found


@st.composite
def plans(draw: st.DrawFn, tree: dict[str, bytes]) -> list[Step]:
    things = [*tree, *{f"{path.rpartition('/')[0]}/" for path in tree if "/" in path}]
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, 5))):
        target = draw(NAMES) + draw(st.sampled_from(["", "2"]))
        thing = draw(st.sampled_from(things))
        move = Move(thing, f"{target}/" if thing.endswith("/") else target)
        choices: list[Step] = [move, move, Create(target, b"new"), Untrack(thing)]
        steps.append(draw(st.sampled_from(choices)))
        things.append(move.target)
    return steps


def expected_files(tree: dict[str, bytes], steps: Sequence[Step]) -> dict[str, bytes]:
    """The files after the steps, computed on a dictionary."""
    for step in steps:
        if isinstance(step, Create):
            tree = {**tree, step.path: step.content}
        elif isinstance(step, Move):
            source, target = step.source, step.target
            tree = {
                target + path[len(source) :]
                if path == source or (source.endswith("/") and path.startswith(source))
                else path: content
                for path, content in tree.items()
            }
    return tree


def test_undo_of_a_file_that_replaced_an_emptied_directory(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c/a").write_bytes(b"old")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    apply(tmp_path, [Move("c/a", "a"), Create("c", b"new")])
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "c").read_bytes()) == (b"old", b"new")
    undo(tmp_path)
    assert (tmp_path / "c/a").read_bytes() == b"old"
    assert not (tmp_path / "a").exists()


@given(st.data())
@settings(max_examples=30)
def test_random_steps_are_rejected_or_can_be_undone(data: st.DataObject) -> None:
    tree = data.draw(trees())
    steps = data.draw(plans(tree))
    tracked = data.draw(st.sets(st.sampled_from(sorted(tree))))
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        for path, content in tree.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        if tracked:
            subprocess.run(["git", "add", "--", *sorted(tracked)], cwd=root, check=True)
        before = snapshot(root)
        staged = (root / ".git/index").read_bytes() if tracked else b""
        problems = obstacles(root, steps)
        try:
            apply(root, steps)
        except CannotFix:
            assert problems
            assert snapshot(root) == before
            return
        assert not problems
        assert contents(root) == expected_files(tree, steps)
        undo(root)
        assert snapshot(root) == before
        if tracked:
            assert (root / ".git/index").read_bytes() == staged
