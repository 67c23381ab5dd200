"""The catalogue of bad inputs, rows 56 to 69: trees on disk and the directory to check."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from conftest import Git, Make, Result, Run, write
from effort import limit_calls

CONCISE = "--output-format=concise"
ROUNDS = int(os.environ.get("STRUCTLINT_FUZZ", "25"))


@pytest.fixture(params=["git", "git with a large index", "no git"])
def with_and_without_git(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> bool:
    if request.param == "no git":
        (tmp_path / "nowhere").mkdir()
        monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    if request.param == "git with a large index":
        monkeypatch.setattr("structlint.tree.git.worktree.SMALL", 0)
    return bool(request.param != "no git")


def paths(result: Result) -> list[str]:
    """The paths of the findings in a concise report."""
    return [line.partition(": ")[0] for line in result.out.splitlines()]


# --- 56 and 57: links and deep directories


_LINKS = {
    "itself": "itself",
    "here": ".",
    "up": "..",
    "root": "/",
    "gone": "nowhere",
    "good": "d/e",
    "d/e/p": "../..",
}


def test_056_directory_links_are_not_followed(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = tmp_path / "top"
    layout = "tree: {itself: , here: , up: , root: , gone: , good/: {.: {unlisted: allow}, f: }, d/: }\n"
    write(top, {"structlint.yaml": layout, "d/e/f": ""})
    for name, target in _LINKS.items():
        (top / name).symlink_to(target)
    result = run("check", str(top), CONCISE)
    assert result.status == 1
    assert paths(result) == ["gone", "here", "itself", "root", "up"]
    assert all("missing file; the symbolic link leads to " in line for line in result.out.splitlines())
    listed = run("check", str(top), "--show-files").out.splitlines()
    assert listed == sorted(["structlint.yaml", "d/e/f", *_LINKS])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("structlint.yaml", "cannot read structlint.yaml: Too many levels of symbolic links"),
        ("/etc/passwd", "structlint.yaml is a link that leads out of the repository; put a file there"),
        ("..", "structlint.yaml is a link that leads out of the repository; put a file there"),
        ("d", "structlint.yaml is a directory, not a file"),
    ],
)
def test_056_layout_is_a_link(target: str, message: str, repository: Make, run: Run) -> None:
    git = repository({"d/x": ""})
    (git.path / "structlint.yaml").symlink_to(target)
    assert run("check", str(git.path)) == (2, "", f"structlint: {message}\n")


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two repositories with deeply nested directories and a file in the innermost.

    `many` has more levels than Python's recursion limit. In `long`, the path of the file exceeds the system's
    limit.
    """
    remove = shutil.which("rm")
    if remove is None or os.open not in os.supports_dir_fd:
        pytest.skip("no directory can be made in one that is only open")
    top = tmp_path_factory.mktemp("deep")
    for place, name, levels in (("many", "d", 1100), ("long", "d" * 100, 50)):
        write(top / place, {".git/HEAD": "ref: refs/heads/main\n"})
        for needed in ("objects", "refs"):
            (top / place / ".git" / needed).mkdir()
        _nest(top / place, name, levels)
    yield top
    subprocess.run([remove, "-rf", str(top)], check=True)  # pytest cannot remove such directories


def _nest(top: Path, name: str, levels: int) -> None:
    at = os.open(top, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=at)
        inner = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)


def test_057_deep_directories(deep: Path, with_and_without_git: bool, run: Run) -> None:
    write(deep / "many", {"structlint.yaml": "limits: {depth: 50}\n"})
    with limit_calls(calls=500_000):
        result = run("check", str(deep / "many"), CONCISE)
    assert (result.status, paths(result)) == (1, ["d/" * 51])


def test_057_path_exceeds_system_limit(deep: Path, with_and_without_git: bool, run: Run) -> None:
    result = run("check", str(deep / "long"))
    assert (result.status, result.out) == (2, "")
    assert "too long" in result.err
    assert "dddddddddd" in result.err
    assert len(result.err) < 600
    assert "Traceback" not in result.err


def test_057_deep_paths_in_list_and_index(repository: Make, run: Run, tmp_path: Path) -> None:
    path = "d/" * 5000 + "f"
    git = repository({"structlint.yaml": "limits: {depth: 50}\n"})
    (tmp_path / "list").write_text(f"{path}\n")
    name = git("hash-object", "-w", "--stdin").strip()
    subprocess.run(
        ["git", "update-index", "--index-info"],
        cwd=git.path,
        input=f"100644 {name}\t{path}\n".encode(),
        check=True,
    )
    for arguments in (["--tracked"], ["--paths-from", str(tmp_path / "list")]):
        result = run("check", str(git.path), CONCISE, *arguments)
        assert (result.status, paths(result)) == (1, ["d/" * 51])
    assert run("check", str(git.path)).status == 0  # d/ does not exist on disk


# --- 58 and 59: large numbers of findings and files


def test_058_report_limits_the_number_of_findings(
    with_and_without_git: bool, tmp_path: Path, run: Run
) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {a: {}}\n".replace("{}", ""), "a": ""})
    for number in range(3000):
        (top / f"x{number:04}").touch()
    result = run("check", str(top), "--max-findings", "5")
    assert result.status == 1
    assert result.out.count("unlisted file") < 10
    assert "2,995" in result.out
    assert "Found 3,000 errors (checked 3,002 files)" in result.out


def test_059_many_gitignore_files(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = tmp_path / "top"
    for number in range(1500):
        write(
            top,
            {
                f"{number // 40}/{number}/.gitignore": "*.log\n!keep.log\n/out/\n",
                f"{number // 40}/{number}/x.log": "",
            },
        )
    with limit_calls(calls=1_000_000):
        listed = run("check", str(top), "--show-files").out.splitlines()
    assert len(listed) == 1500
    assert all(path.endswith("/.gitignore") for path in listed)


# --- 60 to 62: changing, unreadable and special files


def test_060_tree_changes_during_check(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = _create_tree(tmp_path / "top")
    ended = threading.Event()
    churning = threading.Thread(target=_change_repeatedly, args=(top, ended))
    churning.start()
    try:
        for _ in range(ROUNDS):
            result = run("check", str(top), "--ignore", "*", "-q")
            assert (result.status, result.err) == (0, "")
    finally:
        ended.set()
        churning.join()


def _create_tree(top: Path) -> Path:
    write(top, {"structlint.yaml": "about: x\n", ".git/HEAD": "ref: refs/heads/main\n"})
    for name in ("objects", "refs"):
        (top / ".git" / name).mkdir()
    return top


def _change_repeatedly(top: Path, ended: threading.Event) -> None:
    """Creates and removes files and directories with the same names."""
    chance = Random(1)
    while not ended.is_set():
        place = top / f"d{chance.randint(0, 9)}"
        try:
            match chance.randint(0, 4):
                case 0 | 1:
                    write(place, {"e/f": "", "e/.gitignore": "*.o\n", "g": ""})
                case 2:
                    shutil.rmtree(place)
                case 3:
                    place.touch()
                case _:
                    place.unlink()
        except OSError:
            continue


def test_060_directory_removed_during_check(
    with_and_without_git: bool, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {a/: {b: }}\n", "a/b": "", "c/d": ""})
    if with_and_without_git:
        subprocess.run(["git", "init", "-q"], cwd=top, check=True)
        subprocess.run(["git", "add", "."], cwd=top, check=True)
    _make_scandir_fail(monkeypatch, b"a", FileNotFoundError(errno.ENOENT, "No such file or directory"))
    result = run("check", str(top), CONCISE)
    if with_and_without_git:  # git lists its files, and each is found
        assert paths(result) == ["c/"]
    else:
        assert paths(result) == ["a/", "c/"]


def _make_scandir_fail(monkeypatch: pytest.MonkeyPatch, name: bytes, error: OSError) -> None:
    """Raises `error` when a directory with this name is listed."""
    scandir = os.scandir

    def failing(place: str | bytes | int) -> object:
        # pytest, which removes the directory of the test, passes a number
        if not isinstance(place, int) and os.path.basename(os.fsencode(place).rstrip(b"/")) == name:  # noqa: PTH119 - bytes
            raise error
        return scandir(place)

    monkeypatch.setattr(os, "scandir", failing)


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_061_unreadable_directory(
    number: int, with_and_without_git: bool, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {a: }\n", "a": "", "bad/x": ""})
    if with_and_without_git:
        subprocess.run(["git", "init", "-q"], cwd=top, check=True)
        subprocess.run(["git", "add", "."], cwd=top, check=True)
    _make_scandir_fail(monkeypatch, b"bad", OSError(number, os.strerror(number)))
    advice = "; make it readable" if number == errno.EACCES else ""
    message = f"structlint: cannot read the directory bad/: {os.strerror(number)}{advice}\n"
    assert run("check", str(top)) == (2, "", message)


@pytest.fixture
def special_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory with named pipes and a socket; two of them have names that structlint reads."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("requires named pipes")
    top = tmp_path / "top"
    write(top, {"a": ""})
    for name in ("pipe", "README.md", "compose.yaml", ".env"):
        os.mkfifo(top / name)
    monkeypatch.chdir(top)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        yield top


def test_062_special_files_are_not_opened(special_files: Path, with_and_without_git: bool, run: Run) -> None:
    layout = "tree: {a: , pipe: , socket: , README.md: , compose.yaml: }\nports: {web: 80}\n"
    write(special_files, {"structlint.yaml": layout})
    result = run("check", CONCISE)
    assert (result.status, paths(result)) == (1, ["README.md", "compose.yaml", "pipe", "socket"])
    assert ("note: 5 entries are not files" in result.err) is not with_and_without_git
    assert run("check", "--layout", "README.md") == (2, "", "structlint: README.md is not a regular file\n")


def test_062_layout_is_a_pipe(special_files: Path, run: Run) -> None:
    os.mkfifo(special_files / "structlint.yaml")
    assert run("check") == (2, "", "structlint: structlint.yaml is not a regular file\n")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="requires /dev/zero")
def test_062_link_to_device(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {docker-compose.yml?: }\nports: {web: 80}\n"})
    (top / "docker-compose.yml").symlink_to("/dev/zero")
    result = run("check", str(top), CONCISE)
    assert result.status in (0, 1)
    assert "leads out of the repository" in result.out + result.err


# --- 63 to 66: names


def test_063_names_that_collide_on_other_file_systems(repository: Make, run: Run) -> None:
    names = ["README.md", "readme.md", "stra\u00dfe", "strasse", "\u00e9.md", "e\u0301.md", "D/x", "d/y"]
    git = repository(dict.fromkeys(names, ""))
    listed = [each for each in run("check", str(git.path), CONCISE).out.splitlines() if "unportable" in each]
    message = {line.partition(" where ")[0] for line in listed}
    assert message == {
        "readme.md: warning: unportable name; collides with `README.md`",
        "stra\u00dfe: warning: unportable name; collides with `strasse`",
        '\u00e9.md: warning: unportable name; collides with "e\\u0301.md"',
        "d/: warning: unportable name; collides with `D/`",
    }


@pytest.mark.skipif(os.name == "nt", reason="not valid names on Windows")
def test_064_names_that_are_invalid_on_windows(repository: Make, run: Run) -> None:
    names = ["CON", "nul.txt", "a:b", "dot.", "space ", "b\\c", "aux", "com\u00b9", "a\x01"]
    git = repository(dict.fromkeys([*names, "fine", "console", "a b"], ""))
    result = run("check", str(git.path), CONCISE, "--fail-level=warning")
    assert result.status == 1
    assert {path.strip('"') for path in paths(result)} == {name.replace("\x01", "\\x01") for name in names}
    assert result.out.count("[unportable-name]") == len(names)


def test_064_path_exceeds_windows_limit(repository: Make, run: Run) -> None:
    long = f"{'p' * 130}/{'q' * 130}"
    git = repository({"structlint.yaml": "limits: {path-length: 260}\n", long: ""})
    result = run("check", str(git.path), CONCISE)
    assert (result.status, paths(result)) == (1, [long])


def test_065_names_are_case_sensitive(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {README.md: , src/: {a.py: }}\n", "readme.md": "", "src/A.py": ""})
    result = run("check", str(top), CONCISE)
    assert result.status == 1
    assert [path.lower() for path in paths(result)] == ["readme.md", "src/a.py"]


def test_066_empty_directory(with_and_without_git: bool, tmp_path: Path, run: Run) -> None:
    top = tmp_path / "top"
    write(top, {"structlint.yaml": "tree: {a/: , b/: {c/: }}\n"})
    for name in ("a", "b/c"):
        (top / name).mkdir(parents=True)
    result = run("check", str(top), CONCISE)
    assert (result.status, paths(result)) == (1, ["a/", "b/"])
    assert result.out.count("empty directory; git does not track it") == 2


# --- 67 to 69: the current directory and the directories to check


@pytest.fixture
def project(repository: Make) -> Git:
    layout = "tree: {sub/: {x/: {wanted: }, z: }, other/: {wanted: }}\n"
    return repository({"structlint.yaml": layout, "sub/x/f": "", "sub/z": "", "other/g": ""})


_SUB, _OTHER = "sub/x/wanted", "other/wanted"


@pytest.mark.parametrize(
    ("at", "arguments", "found"),
    [
        ("", [], [_OTHER, _SUB]),
        ("", ["."], [_OTHER, _SUB]),
        ("", ["sub"], [_SUB]),
        ("", ["sub/"], [_SUB]),
        ("", ["./sub/../sub/x"], [_SUB]),
        ("", ["sub", "sub/x", "sub"], [_SUB]),
        ("", [".", "sub"], [_OTHER, _SUB]),
        ("", ["sub", "other"], [_OTHER, _SUB]),
        ("sub", [], [_SUB]),
        ("sub", [".."], [_OTHER, _SUB]),
        ("sub", ["../other"], [_OTHER]),
        ("sub/x", ["../.."], [_OTHER, _SUB]),
        ("link", [], [_SUB]),
        ("link", ["x"], [_SUB]),
        ("", ["link"], [_SUB]),
    ],
)
def test_067_findings_do_not_depend_on_current_directory(
    at: str, arguments: list[str], found: list[str], project: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.path / "link").symlink_to("sub")
    project("config", "core.excludesFile", "/dev/null")
    write(project.path, {".git/info/exclude": "/link\n"})
    monkeypatch.chdir(project.path / at)
    result = run("check", CONCISE, *arguments)
    assert (result.status, paths(result)) == (1, found)


def test_067_directories_in_two_repositories(project: Git, repository: Make, run: Run) -> None:
    second = repository({"structlint.yaml": "tree: {a: }\n"}, at="second")
    result = run("check", CONCISE, str(project.path / "sub"), str(second.path))
    assert (result.status, paths(result)) == (1, [f"repo/{_SUB}", "second/a"])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nope", "no such directory: `nope`"),
        ("sub/nope", "no such directory: `sub/nope`"),
        ("sub/z", "`sub/z` is a file; give the directory that contains it"),
        ("sub/z/deeper", "no such directory: `sub/z/deeper`"),
        ("dangling", "no such directory: `dangling`"),
        ("", "the name of the directory to check is empty"),
        ("a\x01", 'no such directory: "a\\x01"'),
        ("x" * 5000, f"{'x' * 5000}: File name too long"),
    ],
)
def test_068_path_is_not_a_directory(
    path: str, message: str, project: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.path)
    (project.path / "dangling").symlink_to("nowhere")
    for arguments in ([path], ["sub", path]):
        assert run("check", *arguments) == (2, "", f"structlint: {message}\n")


def test_068_directory_outside_is_a_separate_project(
    project: Git, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.path)
    write(tmp_path, {"outside/structlint.yaml": "tree: {a: }\n"})
    result = run("check", CONCISE, "../outside")
    assert (result.status, paths(result)) == (1, ["a"])


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow removing the current directory")
@pytest.mark.parametrize(
    "command", [["check"], ["check", "sub"], ["fix"], ["init"], ["tree"], ["where", "x"], ["ports"]]
)
def test_069_current_directory_was_removed(
    command: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    message = "structlint: the current directory no longer exists; change to another one\n"
    assert run(*command) == (2, "", message)


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow removing the current directory")
def test_069_other_directory_if_current_directory_was_removed(
    project: Git, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert paths(run("check", CONCISE, str(project.path))) == [_OTHER, _SUB]


@pytest.mark.parametrize("in_git", [True, False])
def test_069_nearly_empty_environment(
    in_git: bool, project: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project.path, {".gitignore": "x\n", "structlint.yaml": "tree: {wanted: }\nlocal: [x]\n"})
    if not in_git:
        shutil.rmtree(project.path / ".git")
    path = os.environ["PATH"]
    for name in os.environ:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("TMPDIR", "/no/such/directory")
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert "wanted" in paths(run("check", CONCISE, str(project.path)))


def test_069_no_temporary_directory(project: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    with monkeypatch.context() as context:
        context.setattr(tempfile, "gettempdir", none)
        assert run("check", CONCISE, str(project.path)).status == 1  # needs no temporary file
        shutil.rmtree(project.path / ".git")
        message = "structlint: cannot read or write: No usable temporary directory found in ['/tmp']\n"
        assert run("check", str(project.path)) == (2, "", message)
