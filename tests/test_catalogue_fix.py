"""Creating and moving files: rows 89 to 101 of the catalogue of bad inputs."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Git, Make, Run, write
from test_perform import Snapshot, contents, snapshot

from structlint.edits.steps import Move, Step
from structlint.errors import CannotFix
from structlint.filesystem import takes_lock
from structlint.fix import apply as performing
from structlint.fix import journal as journals
from structlint.fix import prepare
from structlint.fix.apply import apply
from structlint.fix.journal import journal_of, locked
from structlint.fix.operations import state_of

KILL_SCRIPT = Path(__file__).parent / "killed.py"
EXHAUSTIVE = int(os.environ.get("STRUCTLINT_FUZZ", "0"))

NOTEBOOKS = """\
tree:
  README.md: Start here
  src/?:
  nb/?:
  docs/: {a.md: }
  .gitignore?:
  .gitmodules?:
belongs: {"*.ipynb": nb/}
"""
FILES = {"structlint.yaml": NOTEBOOKS, "README.md": "x", "src/a.ipynb": "{}", "docs/a.md": ""}


@pytest.fixture
def project(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Git]:
    """Creates a committed repository and changes to it; "-" as content omits a file."""

    def make(files: dict[str, str] | None = None, **more: str) -> Git:
        git = repository({path: text for path, text in {**(files or FILES), **more}.items() if text != "-"})
        git("commit", "-q", "-m", "x")
        monkeypatch.chdir(git.path)
        return git

    return make


def layout_with_key(key: str) -> dict[str, str]:
    return {"structlint.yaml": f"tree:\n  {key}:\n  also.md:\n"}


# --- 89: existing targets

# A function that creates an ignored path, the ignore pattern, the exit status and the message.
HIDDEN: list[tuple[str, Callable[[Path], object], str, int, str]] = [
    ("file", lambda root: write(root, {"nb/a.ipynb": "mine"}), "/nb/", 1, "git ignores `nb/a.ipynb`"),
    ("file as parent", lambda root: write(root, {"nb": "mine"}), "/nb", 1, "git ignores `nb/a.ipynb`"),
    (
        "directory",
        lambda root: (root / "nb/a.ipynb").mkdir(parents=True),
        "",
        2,
        "`nb/a.ipynb` already exists",
    ),
    (
        "different case",
        lambda root: write(root, {"nb/A.ipynb": "mine"}),
        "A.ipynb",
        2,
        "nb/a.ipynb would collide with A.ipynb where case is ignored",
    ),
    (
        "link as parent",
        lambda root: (root / "nb").symlink_to("/"),
        "/nb",
        2,
        "nb is a symbolic link, and links",
    ),
]


@pytest.mark.parametrize(
    ("create", "ignored", "status", "message"),
    [case[1:] for case in HIDDEN],
    ids=[case[0] for case in HIDDEN],
)
def test_089_ignored_target_exists(
    project: Callable[..., Git],
    run: Run,
    create: Callable[[Path], object],
    ignored: str,
    status: int,
    message: str,
) -> None:
    git = project()
    create(git.path)
    (git.path / ".git/info/exclude").write_text(ignored)
    before = snapshot(git.path)
    result = run("fix", "--unsafe")
    assert result.status == status
    assert message in result.err
    assert ("nothing was done, because" in result.err) == (status == 2)
    assert snapshot(git.path) == before


UNTRACKED: list[tuple[str, Callable[[Path], object], str]] = [
    ("file", lambda root: write(root, {"nb/a.ipynb": "mine"}), "`nb/a.ipynb` already exists"),
    ("directory", lambda root: write(root, {"nb/a.ipynb/x": "mine"}), "`nb/a.ipynb` already exists"),
    (
        "different case",
        lambda root: write(root, {"nb/A.ipynb": "mine"}),
        "exists with different capitalization",
    ),
    (
        "parent in different case",
        lambda root: write(root, {"NB/x": "mine"}),
        "exists with different capitalization",
    ),
    ("link as parent", lambda root: (root / "nb").symlink_to("src"), "or is in the way"),
]


@pytest.mark.parametrize(
    ("create", "message"), [case[1:] for case in UNTRACKED], ids=[case[0] for case in UNTRACKED]
)
def test_089_untracked_target_exists(
    project: Callable[..., Git], run: Run, create: Callable[[Path], object], message: str
) -> None:
    git = project()
    create(git.path)
    before = snapshot(git.path)
    result = run("fix", "--unsafe", "--force")
    assert (result.status, result.out) == (1, "")
    assert "src/a.ipynb: misplaced" in result.err
    assert message in result.err
    assert snapshot(git.path) == before


def test_089_temporary_name_exists(project: Callable[..., Git], run: Run) -> None:
    """A file with the temporary name of a new file is not overwritten either."""
    git = project({"structlint.yaml": "tree: {R.md: Words}", ".R.md.structlint": "mine"})
    (git.path / ".git/info/exclude").write_text(".R*\n")
    result = run("fix")
    assert result.status == 2
    assert ".R.md.structlint exists, but is the temporary name for R.md" in result.err
    assert (git.path / ".R.md.structlint").read_text() == "mine"
    assert not (git.path / "R.md").exists()


def test_089_new_target_exists(project: Callable[..., Git], run: Run) -> None:
    git = project({"structlint.yaml": "tree: {s/: {<x>/: {a.md: }}}", "s/one/a.md": "mine"})
    (git.path / "s/two").mkdir()
    (git.path / "s/two/a.md").symlink_to("/nowhere")
    assert run("new", "x", "one").err == "structlint: `s/one/` already exists\n"
    assert run("new", "x", "ONE").status == 2
    assert run("new", "x", "two").status == 2
    assert sorted(os.listdir(git.path / "s")) == ["one", "two"]  # noqa: PTH208


# --- 90 and 91: paths outside the project, invalid names, and paths that belong to git

OUTSIDE_KEYS = [
    ('"../x"', 2, "structlint.yaml:2:3: `../x`: `..` is not a valid name of an entry"),
    ("/etc/x", 2, "structlint.yaml:2:3: `/etc/x`: contains an empty name"),
    ('"a/../../x"', 2, "structlint.yaml:2:3: `a/../../x`: `..` is not a valid name of an entry"),
    ('"a\\0b"', 2, "structlint.yaml:2:3: the text contains the character U+0000"),
    ("x" * 300, 2, ": a name can have at most 255 bytes"),
    ('"~/x"', 1, "`~/.gitkeep` is not a path within the project"),
    ('"~"', 1, "`~` is not a path within the project"),
    ('"C:\\\\\\\\x"', 1, "`C:\\x` is not a path within the project"),
    ('"C:x"', 1, "`C:x` is not a path within the project"),
    ('"\\\\\\\\\\\\\\\\h\\\\\\\\s"', 1, "`\\\\h\\s` is not a path within the project"),
    ('"a\\rb"', 2, ""),
]
GIT_KEYS = [
    (".git/hooks/pre-commit", 2, "`.git` belongs to git and is never part of a tree"),
    (".GIT/hooks/pre-commit", 2, "`.git` belongs to git and is never part of a tree"),
    ("a/.git/config", 2, "`.git` belongs to git and is never part of a tree"),
    ('".git /x"', 2, "a name begins or ends in a space; remove it"),
    ('"git~1/x"', 1, "`git~1/.gitkeep` belongs to git"),
    ('".g\\u200cit/x"', 1, '".g\\u200cit/.gitkeep" contains a control character'),
    ('".git::$INDEX_ALLOCATION/x"', 1, "`.git::$INDEX_ALLOCATION/.gitkeep` belongs to git"),
    ('".git./x"', 1, "`.git./.gitkeep` belongs to git"),
]


def check_key_is_rejected(project: Callable[..., Git], run: Run, key: str, status: int, message: str) -> None:
    git = project(layout_with_key(key))
    hooks = sorted((git.path / ".git").rglob("*"))
    result = run("fix")
    assert (result.status, "Traceback" in result.err) == (status, False)
    assert message in result.err
    assert set(contents(git.path)) == {"structlint.yaml", *(["also.md"] if status == 1 else [])}
    assert [path for path in hooks if not path.exists()] == []
    assert not (git.path / ".git/hooks/pre-commit").exists()


@pytest.mark.parametrize(
    ("key", "status", "message"), OUTSIDE_KEYS, ids=[case[0][:20] for case in OUTSIDE_KEYS]
)
def test_090_layout_key_outside_the_project(
    project: Callable[..., Git], run: Run, key: str, status: int, message: str
) -> None:
    check_key_is_rejected(project, run, key, status, message)


@pytest.mark.parametrize(("key", "status", "message"), GIT_KEYS, ids=[case[0] for case in GIT_KEYS])
def test_091_layout_key_inside_git_directory(
    project: Callable[..., Git], run: Run, key: str, status: int, message: str
) -> None:
    check_key_is_rejected(project, run, key, status, message)


def test_090_all_errors_are_reported_together(project: Callable[..., Git], run: Run) -> None:
    git = project({"structlint.yaml": 'tree:\n  ../x:\n  /etc/x:\n  a/../../x:\nbelongs: {"*.a": ../out/}\n'})
    result = run("fix", "--unsafe")
    places = [line.partition(": ")[0] for line in result.err.splitlines()]
    assert (result.status, places) == (2, [f"structlint.yaml:{at}" for at in ("2:3", "3:3", "4:3", "5:18")])
    assert set(contents(git.path)) == {"structlint.yaml"}


BELONGS_TARGETS = [
    ("../out/", 2, "`../out/` is not a path in the repository"),
    ("/etc/", 2, "`/etc/`: write `etc/`"),
    ("a/../../x/", 2, "is not a path in the repository"),
    ("~/", 1, "`~/a.ipynb` is not a path within the project"),
    ("C:\\\\x/", 1, "is not a path within the project"),
    (".git/hooks/", 1, "`.git/hooks/a.ipynb` belongs to git"),
    (".GIT/hooks/", 1, "`.GIT/hooks/a.ipynb` belongs to git"),
    ("git~1/", 1, "`git~1/a.ipynb` belongs to git"),
    (".git::$INDEX_ALLOCATION/", 1, "belongs to git"),
]


@pytest.mark.parametrize(
    ("to", "status", "message"), BELONGS_TARGETS, ids=[case[0] for case in BELONGS_TARGETS]
)
def test_091_belongs_target_outside_the_project_or_in_git(
    project: Callable[..., Git], run: Run, to: str, status: int, message: str
) -> None:
    git = project({"structlint.yaml": f'belongs: {{"*.ipynb": "{to}"}}', "src/a.ipynb": "{}"})
    before = snapshot(git.path)
    result = run("fix", "--unsafe")
    assert (result.status, result.out) == (status, "")
    assert message in result.err
    assert snapshot(git.path) == before
    assert not list((git.path / ".git/hooks").glob("*.ipynb"))


BAD_VALUES = [
    *(
        (value, "is not a valid name of a file or directory")
        for value in ("../x", "..", ".", "/etc/x", "a/../../x", "")
    ),
    ("C:\\x", "is not a path within the project"),
    ("\\\\h\\s", "is not a path within the project"),
    ("x" * 300, "has a name of more than 255 bytes"),
    *((value, "belongs to git") for value in (".git", ".GIT", ".git ", "git~1", ".git::$INDEX_ALLOCATION")),
    (".g\u200cit", "contains a control character"),
    ("a\nb", "contains a control character"),
    ("a\0b", ""),
]


@pytest.mark.parametrize(("value", "message"), BAD_VALUES, ids=[ascii(case[0])[:20] for case in BAD_VALUES])
def test_090_091_new_with_bad_value(project: Callable[..., Git], run: Run, value: str, message: str) -> None:
    git = project({"structlint.yaml": "tree: {s/: {<x>/: {a.md: , b/: }}}", "s/one/a.md": ""})
    before = snapshot(git.path)
    result = run("new", "x", "--", value)
    assert (result.status, "Traceback" in result.err) == (2, False)
    assert message in result.err
    assert snapshot(git.path) == before


def test_090_new_with_value_that_contains_pattern_characters(project: Callable[..., Git], run: Run) -> None:
    """Entries are created, but not names that structlint would read as patterns."""
    layout = "tree: {s/: {<x>/: {a.md: }}, k/: {<x>.yaml: }}"
    git = project({"structlint.yaml": layout, "s/one/a.md": "", "k/one.yaml": ""})
    result = run("new", "x", "a*b")
    assert (result.status, result.out) == (0, "create  s/a*b/a.md\n")
    assert "error    k/a*b.yaml: missing file" in result.err
    assert sorted(os.listdir(git.path / "k")) == ["one.yaml"]  # noqa: PTH208


@pytest.mark.parametrize("state", ["fetched", "not fetched", "no directory"])
def test_091_submodule_is_not_changed(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, state: str
) -> None:
    inner = repository({"f": ""}, at="inner")
    inner("commit", "-q", "-m", "x")
    layout = NOTEBOOKS.replace("nb/}", "nb/, '*.tf': nb/deep/}")
    git = repository({**FILES, "structlint.yaml": layout, "src/m.tf": ""})
    git("submodule", "--quiet", "add", str(inner.path), "nb")
    git("commit", "-q", "-m", "x")
    if state != "fetched":
        git("submodule", "--quiet", "deinit", "-f", "nb")
    if state == "no directory":
        (git.path / "nb").rmdir()
    monkeypatch.chdir(git.path)
    before, staged = snapshot(git.path), git("ls-files", "-s")
    result = run("fix", "--unsafe", "--force")
    assert result.status == 2
    assert "nothing was done, because\n" in result.err
    assert "  nb/a.ipynb is inside nb, which is a separate repository\n" in result.err or (
        state == "no directory"
        and "nb is a submodule, and its files are not in this repository" in result.err
    )
    assert snapshot(git.path) == before
    assert git("ls-files", "-s") == staged


def test_091_directory_with_submodule_is_not_moved(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """Its path is also in .gitmodules. On disk, a submodule that is not fetched is an empty directory."""
    inner = repository({"f": ""}, at="inner")
    inner("commit", "-q", "-m", "x")
    git = repository({"structlint.yaml": "tree: {libs/: , .gitmodules?: }", "lib/a": ""})
    git("submodule", "--quiet", "add", str(inner.path), "lib/sub")
    git("commit", "-q", "-m", "x")
    git("submodule", "--quiet", "deinit", "-f", "lib/sub")
    monkeypatch.chdir(git.path)
    result = run("fix", "--unsafe")
    assert result.status == 2
    assert "lib contains a separate repository (lib/sub); move it by hand" in result.err
    assert (git.path / "lib/a").exists()


# --- 92: dependent moves


def test_092_two_files_with_the_same_target(project: Callable[..., Git], run: Run) -> None:
    git = project(**{"docs/a.ipynb": "other"})
    result = run("fix", "--unsafe")
    assert result.status == 1
    assert result.out.count("-> nb/a.ipynb\n") == 1
    assert "move it to `nb/` under another name; `nb/a.ipynb` already exists  (" in result.err
    found = contents(git.path)
    assert sorted(found[path] for path in found if path.endswith("ipynb")) == [b"other", b"{}"]


def test_092_renames_that_change_only_case(project: Callable[..., Git], run: Run) -> None:
    git = project(
        {
            "structlint.yaml": "names: {m: snake_case}\ntree: {README.md: , docs/: , src/: {<m>.py: }}",
            "readme.md": "r",
            "Docs/a.md": "d",
            "src/MyMod.py": "m",
        }
    )
    before = snapshot(git.path)
    assert run("fix", "--unsafe").status == 0
    assert contents(git.path).keys() == {"README.md", "docs/a.md", "src/my_mod.py", "structlint.yaml"}
    assert run("fix", "--undo").status == 0
    assert snapshot(git.path) == before


MOVES: list[tuple[str, list[Step], str]] = [
    ("move into itself", [Move("docs/", "docs/old/")], "docs cannot be moved into itself"),
    ("cycle", [Move("README.md", "t"), Move("src/a.ipynb", "README.md"), Move("t", "src/a.ipynb")], ""),
    ("chain", [Move("docs/a.md", "c.md"), Move("README.md", "docs/a.md"), Move("src/", "README.md/")], ""),
    ("same target", [Move("README.md", "x"), Move("docs/a.md", "x")], "`x` already exists"),
]


@pytest.mark.parametrize(("steps", "message"), [case[1:] for case in MOVES], ids=[case[0] for case in MOVES])
def test_092_cycles_and_chains(
    project: Callable[..., Git], run: Run, steps: Sequence[Step], message: str
) -> None:
    git = project()
    before = snapshot(git.path)
    if message:
        with pytest.raises(CannotFix, match=message):
            apply(git.path, steps)
    else:
        apply(git.path, steps)
        assert sorted(contents(git.path).values()) == sorted(FILES[path].encode() for path in FILES)
        assert contents(git.path).keys() != FILES.keys() or contents(git.path)["README.md"] == b"{}"
        assert run("fix", "--undo").status == 0
    assert snapshot(git.path) == before


# --- 93 and 94: processes killed and system calls failing at every call

PLAIN_FILES = {
    "structlint.yaml": (
        "names: {s: kebab-case}\ntree:\n  README.md: Start here\n  nb/?:\n  src/?:\n  new/: {b.txt: , c/: }\n"
        '  s/: {<s>/: }\nbelongs: {"*.ipynb": nb/}\n'
    ),
    "README.md": "[m](s/a_b/src/m.py)\n",
    "s/a_b/src/m.py": "m",
    "src/deep/a.ipynb": "{}",
}
_CALLS = ("mkdir", "rmdir", "unlink", "rename", "link", "replace", "open", "write", "fsync")


@pytest.fixture
def plain_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without git, so that its journal is outside of it and the tests are fast."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", "/nowhere")
    root = tmp_path / "plain"
    write(root, PLAIN_FILES)
    monkeypatch.chdir(root)
    return root


def test_093_fix_killed_at_every_call(plain_project: Path) -> None:
    """The recovery is killed as well; afterwards it restores all files or completes the fix."""
    step = "1" if EXHAUSTIVE else "8"
    command = [sys.executable, str(KILL_SCRIPT), str(plain_project), step]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    assert completed.stderr == ""
    interruptions, *failures = completed.stdout.splitlines()
    assert failures == []
    assert int(interruptions) >= 10


@contextmanager
def failing_call(
    monkeypatch: pytest.MonkeyPatch, number: int, error: int, *, lasting: bool = False
) -> Iterator[list[str]]:
    """The modifying call with this number fails; if `lasting`, all later ones fail too."""
    calls: list[str] = []

    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            caller = sys._getframe(1).f_globals["__name__"]
            writes = name != "open" or bool(int(str(arguments[1])) & (os.O_WRONLY | os.O_CREAT))
            if not writes or not caller.startswith(("structlint.", "pathlib")):
                return function(*arguments, **more)
            calls.append(name)
            if len(calls) == number or (lasting and len(calls) > number > 0):
                raise OSError(error, os.strerror(error))
            return function(*arguments, **more)

        return call

    with monkeypatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, wrapped(name, getattr(os, name)))
        yield calls


ERRORS = [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EXDEV, errno.EDQUOT, errno.EMFILE]


@pytest.mark.parametrize("lasting", [False, True], ids=["one call", "all later calls"])
def test_094_failure_of_every_call(
    plain_project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    before = snapshot(plain_project)
    with failing_call(monkeypatch, 0, 0) as calls:
        assert run("fix", "--unsafe").status == 0
    after = contents(plain_project)
    assert run("fix", "--undo").status == 0
    assert len(calls) > 40
    for number in range(1, len(calls) + 1, 1 if EXHAUSTIVE else 5):
        with failing_call(monkeypatch, number, ERRORS[number % len(ERRORS)], lasting=lasting):
            result = run("fix", "--unsafe")
        assert (result.status in (0, 2), "Traceback" in result.err) == (True, False), number
        if result.status == 2:
            messages = (
                "nothing was done",
                "operations are done; continue with `structlint fix --resume`",
                "cannot write",
            )
            assert any(each in result.err for each in messages), (number, result.err)
        option = "--resume" if number % 2 and "--resume" in result.err else "--undo"
        recovered = run("fix", option)
        if option == "--resume":
            assert (recovered.status, contents(plain_project)) == (0, after), number
            recovered = run("fix", "--undo")
        assert recovered.status == 0 or "no fix to undo" in recovered.err, number
        assert snapshot(plain_project) == before, number


def test_094_truncated_journal_line(plain_project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk becomes full in the middle of a journal line. Its operation is not performed."""
    before = snapshot(plain_project)
    real = os.write

    def write_partially(handle: int, data: bytes) -> int:
        return real(handle, data[:2] if data == b"+3\n" else data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write_partially)
        result = run("fix", "--unsafe")
    assert result.status == 2
    assert "No space left on device" in result.err
    assert run("fix", "--undo").status == 0
    assert snapshot(plain_project) == before


JOURNALS = ["", '{"operations', "[]", '{"operations": 3, "index": false}']
JOURNALS += [
    '{"operations": [["Nope", "x"]], "index": false}',
    '{"operations": [["Write", "x"]], "index": 0}',
]
JOURNALS += ['{"operations": [["Write", "x", {"content": 99}, false]], "index": false}']


@pytest.mark.parametrize("text", JOURNALS)
def test_093_invalid_journal(plain_project: Path, run: Run, text: str) -> None:
    """After a power failure, or written by another version of structlint."""
    assert run("fix").status == 1
    directory = journal_of(plain_project).directory
    (directory / "operations.json").write_text(text)
    (directory / "progress").unlink()
    for options in (("--undo",), ("--resume",), ("--unsafe",)):
        result = run("fix", *options)
        assert result.status == 2
        assert f"the journal in {directory} cannot be used" in result.err
        assert "check what that fix did, then remove that directory" in result.err
    shutil.rmtree(directory)
    assert run("fix", "--unsafe").status == 0


# --- 95: changes after planning


def _replace_by_directory(root: Path) -> None:
    (root / "src/a.ipynb").unlink()
    (root / "src/a.ipynb").mkdir()


LATE_CHANGES: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "changed",
        lambda root: (root / "src/a.ipynb").write_text("[]"),
        "it has changed since the plan was made",
    ),
    ("removed", lambda root: (root / "src/a.ipynb").unlink(), "it no longer exists"),
    (
        "replaced by another file",
        lambda root: ((root / "n").write_text("{}"), (root / "n").replace(root / "src/a.ipynb")),
        "it has changed since the plan was made",
    ),
    (
        "replaced by a directory",
        _replace_by_directory,
        "it has changed since the plan was made",
    ),
    ("target exists", lambda root: write(root, {"nb/a.ipynb": "mine"}), "File exists"),
    ("link as parent of the target", lambda root: (root / "nb").symlink_to("/"), "File exists"),
]


@pytest.mark.parametrize(
    ("change", "message"), [case[1:] for case in LATE_CHANGES], ids=[case[0] for case in LATE_CHANGES]
)
def test_095_change_after_planning(
    project: Callable[..., Git],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
    message: str,
) -> None:
    git = project()
    after: list[Snapshot] = []

    def change_after_planning(root: Path, steps: Sequence[Step], *more: frozenset[str]) -> object:
        found = planned(root, steps, *more)
        if not after and (git.path / ".git/structlint/lock").exists():
            change(root)
            after.append(snapshot(root))
        return found

    planned = prepare.operations
    monkeypatch.setattr(performing, "operations", change_after_planning)
    result = run("fix", "--unsafe")
    assert result.status == 2
    assert message in result.err
    assert "or undo it with `structlint fix --undo`" in result.err
    assert run("fix", "--undo").status == 0
    assert contents(git.path) == {
        path: content for path, (mode, content, _) in after[0].items() if not stat.S_ISDIR(mode)
    }


# --- 96: uncommitted changes

UNCOMMITTED_CHANGES: list[tuple[str, Callable[[Git], object]]] = [
    ("changed", lambda git: (git.path / "README.md").write_text("mine")),
    ("staged", lambda git: ((git.path / "README.md").write_text("mine"), git("add", "README.md"))),
    ("renamed in the index", lambda git: git("mv", "README.md", "R.md")),
    ("removed", lambda git: git("rm", "-q", "README.md")),
]


@pytest.mark.parametrize(
    "change", [case[1] for case in UNCOMMITTED_CHANGES], ids=[case[0] for case in UNCOMMITTED_CHANGES]
)
def test_096_uncommitted_changes(
    project: Callable[..., Git], run: Run, change: Callable[[Git], object]
) -> None:
    git = project()
    change(git)
    before, status = snapshot(git.path), git("status", "--short")
    result = run("fix", "--unsafe")
    assert result.status == 2
    assert (
        "structlint: there are uncommitted changes (README.md); commit or stash them, or use --force"
        in result.err
    )
    assert (snapshot(git.path), git("status", "--short")) == (before, status)
    assert run("fix", "--unsafe", "--force").status in (0, 1)
    assert "src/a.ipynb -> nb/a.ipynb" in git("status", "--short")
    assert run("fix", "--undo").status == 0
    assert (snapshot(git.path), git("status", "--short")) == (before, status)


def test_096_moves_like_git_mv(project: Callable[..., Git], run: Run) -> None:
    """Tracked files also move in the index; untracked ones move on disk only. Open files stay readable."""
    git = project(**{"src/b_tracked.ipynb": "{}\n\n"})
    (git.path / "src/c_new.ipynb").write_text("new")
    with (git.path / "src/a.ipynb").open() as opened:
        assert run("fix", "--unsafe").status == 0
        assert opened.read() == "{}"
    status = git("status", "--short", "--untracked-files=all").splitlines()
    assert "R  src/a.ipynb -> nb/a.ipynb" in status
    assert "?? nb/c_new.ipynb" in status
    git("commit", "-q", "-m", "moved")
    assert git("log", "--follow", "--format=%s", "nb/b_tracked.ipynb").split() == ["moved", "x"]


# --- 97 and 98: previews and repeated fixes


def modification_times(root: Path) -> dict[str, int]:
    """The modification time of each directory, including git's own."""
    return {str(path): path.stat().st_mtime_ns for path in [root, *root.rglob("*")] if path.is_dir()}


def test_097_diff_shows_the_changes_of_fix(project: Callable[..., Git], run: Run) -> None:
    git = project(**{"docs/a.md": "-", "README.md": "-", "src/b.ipynb": "x"})
    before, changed = snapshot(git.path), modification_times(git.path)
    index = (git.path / ".git/index").read_bytes()
    shown = run("fix", "--unsafe", "--diff")
    assert shown.status == 1
    assert (snapshot(git.path), modification_times(git.path)) == (before, changed)
    assert (git.path / ".git/index").read_bytes() == index
    completed = run("fix", "--unsafe")
    assert [line for line in shown.out.splitlines() if not line.startswith(" ")] == completed.out.splitlines()
    assert len(completed.out.splitlines()) == 4


def test_097_diff_shows_the_changes_of_new(project: Callable[..., Git], run: Run) -> None:
    git = project({"structlint.yaml": "tree: {s/: {<x>/: {a.md: , b/: }}}", "s/one/a.md": ""})
    changed = modification_times(git.path)
    shown = run("new", "x", "two", "--diff").out
    assert modification_times(git.path) == changed
    assert run("new", "x", "two").out == "".join(line for line in shown.splitlines(True) if line[0] != " ")


def test_098_fix_twice(project: Callable[..., Git], run: Run) -> None:
    git = project(**{"docs/a.md": "-"})
    assert run("fix", "--unsafe").status == 0
    before, index = snapshot(git.path), git("ls-files", "-s")
    assert run("fix", "--unsafe", "--force") == (0, "", "nothing to fix\n")
    assert (snapshot(git.path), git("ls-files", "-s")) == (before, index)
    assert run("fix", "--undo").status == 0
    assert (git.path / "src/a.ipynb").exists()
    assert run("fix", "--undo").err == "structlint: no fix to undo\n"


# --- 99: concurrent processes


def test_099_lock_is_held(project: Callable[..., Git], run: Run) -> None:
    git = project()
    directory = git.path / ".git/structlint"
    directory.mkdir()
    (directory / "lock").write_text("4711")
    before = snapshot(git.path)
    with (directory / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for arguments in (["fix", "--unsafe"], ["fix", "--undo"], ["fix", "--resume"]):
            result = run(*arguments)
            message = "structlint: another structlint (process 4711) is running here; wait for it to finish\n"
            assert result.status == 2
            assert result.err.endswith(message)
    assert snapshot(git.path) == before
    assert run("fix", "--unsafe").status == 0  # the process with the lock has died


def test_099_lock_is_released_while_being_acquired(
    plain_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock file is removed after it is opened and before it is locked, so the lock has no name."""
    journal = journal_of(plain_project)
    real = takes_lock
    calls: list[int] = []

    def remove_and_lock(handle: int) -> bool:
        if not calls:
            (journal.directory / "lock").unlink()
        calls.append(handle)
        return real(handle)

    monkeypatch.setattr(journals, "takes_lock", remove_and_lock)
    with locked(journal):
        assert (journal.directory / "lock").read_text() == str(os.getpid())
        with (
            pytest.raises(CannotFix, match=f"another structlint \\(process {os.getpid()}\\) is running here"),
            locked(journal),
        ):
            pass
    assert not journal.directory.exists()


def test_099_concurrent_processes(plain_project: Path, run: Run) -> None:
    """Each process completes its changes or reports that another one is running."""
    (plain_project / "structlint.yaml").write_text("tree: {s/: {<x>/: {a.md: }}, README.md?: , src/?: }")
    command = [sys.executable, "-m", "structlint", "new", "x"]
    source = Path(journals.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    started = [
        subprocess.Popen(
            [*command, f"n{number}"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for number, process in enumerate(started):
        _, err = process.communicate(timeout=120)
        made = (plain_project / f"s/n{number}/a.md").exists()
        assert process.returncode == (0 if made else 2), err
        assert made or "running here; wait for it" in err or "is there" in err, err
    assert not any(path.name == "lock" for path in journal_of(plain_project).directory.iterdir())


# --- 100: file attributes


def test_100_move_keeps_attributes(
    project: Callable[..., Git], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project(**{"src/b.ipynb": "b", "src/link.ipynb": "-"})
    script = git.path / "src/a.ipynb"
    script.chmod(0o4751)
    os.utime(script, (1_000_000_000, 1_000_000_001))
    os.link(script, git.path / "README.md.hard")
    with_attributes = hasattr(os, "setxattr")
    try:
        os.setxattr(script, "user.kept", b"1")
    except OSError:
        with_attributes = False
    (git.path / ".git/info/exclude").write_text("*.hard\n")
    was = script.stat()
    old = os.umask(0o077)
    try:
        assert run("fix", "--unsafe", "--force").status == 0
    finally:
        os.umask(old)
    now = (git.path / "nb/a.ipynb").stat()
    kept = ("st_mode", "st_ino", "st_nlink", "st_mtime_ns", "st_uid", "st_gid")
    assert [getattr(now, name) for name in kept] == [getattr(was, name) for name in kept]
    assert not with_attributes or os.getxattr(git.path / "nb/a.ipynb", "user.kept") == b"1"
    assert stat.S_IMODE((git.path / "nb").stat().st_mode) == 0o700


def test_100_rewritten_file_keeps_its_mode(plain_project: Path, run: Run) -> None:
    (plain_project / "README.md").chmod(0o640)
    (plain_project / "s/a_b").chmod(0o2750)
    was = stat.S_IMODE((plain_project / "s/a_b").stat().st_mode)
    assert run("fix", "--unsafe").status == 0
    assert (plain_project / "README.md").read_text() == "[m](s/a-b/src/m.py)\n"
    assert stat.S_IMODE((plain_project / "README.md").stat().st_mode) == 0o640
    assert stat.S_IMODE((plain_project / "s/a-b").stat().st_mode) == was


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o022, 0o644)])
def test_100_new_files_obey_the_umask(plain_project: Path, run: Run, mask: int, mode: int) -> None:
    old = os.umask(mask)
    try:
        run("fix")
    finally:
        os.umask(old)
    assert stat.S_IMODE((plain_project / "new/b.txt").stat().st_mode) == mode
    assert stat.S_IMODE((plain_project / "new/c").stat().st_mode) == 0o777 & ~mask


def test_100_move_to_another_file_system_is_rejected(
    project: Callable[..., Git], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy would lose attributes and could be incomplete."""
    git = project(**{"nb/there": ""})
    real = state_of
    monkeypatch.setattr(prepare, "state_of", lambda status: (status.st_dev + 1, *real(status)[1:]))
    result = run("fix", "--unsafe")
    assert result.status == 2
    assert "nb/a.ipynb is on another file system; move it by hand" in result.err
    assert (git.path / "src/a.ipynb").exists()


# --- 101: ignored targets


@pytest.mark.parametrize("where", [".gitignore", ".git/info/exclude", "core.excludesFile"])
@pytest.mark.parametrize("pattern", ["build/", ".gitkeep", "build/*"])
def test_101_ignored_directory_is_not_created(
    project: Callable[..., Git], run: Run, where: str, pattern: str
) -> None:
    git = project({"structlint.yaml": "tree: {build/: , .gitignore?: }", ".gitignore": "x\n"})
    place = git.path / where
    if where == "core.excludesFile":
        place = git.path / ".git/own"
        git("config", "core.excludesFile", str(place))
    place.write_text(f"{pattern}\n")
    for _ in range(2):
        result = run("fix")
        assert (result.status, result.out) == (1, "")
        message = "create it; cannot be fixed automatically: git ignores `build/.gitkeep`  ("
        assert message in result.err
    assert not (git.path / "build").exists()


def test_101_new_with_ignored_target(project: Callable[..., Git], run: Run) -> None:
    layout = "tree: {s/: {<x>/: {a.md: , out/: }}, .gitignore?: }"
    git = project(
        {"structlint.yaml": layout, "s/one/a.md": "", "s/one/out/.gitkeep": "", ".gitignore": "dist/\n"}
    )
    message = "structlint: git ignores `s/dist/.gitkeep`, so its contents would not be committed\n"
    assert run("new", "x", "dist") == (2, "", message)
    assert not (git.path / "s/dist").exists()
    (git.path / ".git/info/exclude").write_text("out/\n")
    result = run("new", "x", "two")
    assert (result.status, result.out) == (0, "create  s/two/a.md\n")
    assert "create it; cannot be fixed automatically: git ignores `s/two/out/.gitkeep`  (" in result.err


@pytest.mark.parametrize("where", [".gitignore", ".git/info/exclude"])
def test_101_files_are_not_moved_to_ignored_paths(project: Callable[..., Git], run: Run, where: str) -> None:
    """Otherwise, the next fix would remove the file from the index."""
    git = project(**{".gitignore": "x\n"})
    (git.path / where).write_text("nb/\n")
    git("add", "-A")
    if where == ".gitignore":
        git("commit", "-q", "-m", "y")
    for _ in range(2):
        result = run("fix", "--unsafe")
        assert (result.status, result.out) == (1, "")
        assert (
            "move it to `nb/a.ipynb`; cannot be fixed automatically: git ignores `nb/a.ipynb`  ("
            in result.err
        )
    assert "src/a.ipynb" in git("ls-files").split()
