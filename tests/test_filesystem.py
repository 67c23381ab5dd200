"""Only one package writes files, and it does not follow links in the repository being checked."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Make, write
from tables import table

from structlint.errors import CannotCheck
from structlint.filesystem import OpenDirectory, WriteRefused, is_within, place_of, reading

SOURCE = Path(reading.__file__).parent.parent

# --- No other package writes

_METHODS = {
    *("chflags", "chmod", "chown", "fchmod", "fchown", "ftruncate", "hardlink_to", "lchmod", "lchown"),
    *("link_to", "makedirs", "memfd_create", "mkdir", "mkfifo", "mknod", "pwrite", "removedirs", "rename"),
    *("renames", "rmdir", "sendfile", "symlink", "symlink_to", "touch", "truncate", "unlink", "utime"),
    *("write_bytes", "write_text", "writev"),
}
_OF_OS = {"link", "remove", "replace", "write", "removexattr", "setxattr"}
_FLAGS = {"O_APPEND", "O_CREAT", "O_RDWR", "O_TMPFILE", "O_TRUNC", "O_WRONLY"}
_MODULES = {"fileinput", "logging", "sqlite3", "shelve", "shutil", "tarfile", "tempfile", "zipfile"}


def _writes(node: ast.AST) -> bool:
    """Whether a node writes to the file system, or might."""
    match node:
        case ast.Import(names=names):
            return any(name.name.partition(".")[0] in _MODULES for name in names)
        case ast.ImportFrom(module=str(module), names=names):
            of_os = module == "os" and any(
                name.name in {*_METHODS, *_OF_OS, *_FLAGS, "open"} for name in names
            )
            return of_os or module.partition(".")[0] in _MODULES
        case ast.Attribute(attr=name) | ast.Constant(value=str(name)) if name in _FLAGS:
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name("self"))):
            return False  # a method of the same class
        case ast.Call(func=ast.Attribute(attr="replace"), args=[_], keywords=[]):
            return True  # `Path.replace`; `str.replace` takes two arguments
        case ast.Call(func=ast.Attribute(value=ast.Name("os"), attr=name)) if name in _OF_OS:
            return True
        case ast.Call(func=ast.Name("open") | ast.Attribute(attr="open" | "fdopen") as function):
            return _may_write(node, function)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _METHODS
    return False


def _may_write(call: ast.Call, function: ast.Name | ast.Attribute) -> bool:
    """Whether the mode of an opened file allows writing or is not constant."""
    of_os = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    if of_os and function.attr == "open" and function.value.id == "os":  # type: ignore[union-attr]
        return False  # its flags decide
    is_path = isinstance(function, ast.Attribute) and function.attr == "open"
    named = [each.value for each in call.keywords if each.arg == "mode"]
    modes = named or call.args[0 if is_path else 1 :][:1]
    return any(
        not isinstance(each, ast.Constant) or not {*"wax+"}.isdisjoint(str(each.value)) for each in modes
    )


def _writing_lines(text: str) -> list[int]:
    return sorted({getattr(node, "lineno", 0) for node in ast.walk(ast.parse(text)) if _writes(node)})


def test_only_filesystem_package_writes() -> None:
    modules = {path.relative_to(SOURCE).as_posix(): path.read_text() for path in SOURCE.rglob("*.py")}
    calls = {name: lines for name, text in modules.items() if (lines := _writing_lines(text))}
    assert set(calls) == {
        "filesystem/database.py",
        "filesystem/outside.py",
        "filesystem/writing.py",
    }, calls
    assert len(modules) > 100
    assert len(calls["filesystem/writing.py"]) > 20


@table(
    "text",
    [
        "open(p, 'w')",
        "open(p, mode='ab')",
        "open(p, mode)",
        "p.open('r+')",
        "Path(p).open(mode='x')",
        "os.fdopen(h, 'wb')",
        "os.open(p, os.O_WRONLY | os.O_CREAT)",
        "os.open(p, os.O_RDONLY | getattr(os, 'O_TRUNC', 0))",
        "from os import O_CREAT",
        "p.write_text(t)",
        "p.mkdir(parents=True)",
        "os.makedirs(p)",
        "os.replace(a, b)",
        "os.replace(a, b, src_dir_fd=h)",
        "p.replace(q)",
        "p.rename(q)",
        "os.remove(p)",
        "p.unlink()",
        "os.symlink(a, b)",
        "p.touch()",
        "os.write(h, b)",
        "import tempfile",
        "from tempfile import mkstemp",
        "def f():\n    from shutil import rmtree",
    ],
)
def test_calls_that_write(text: str) -> None:
    assert _writing_lines(text)


def test_calls_that_do_not_write() -> None:
    assert not _writing_lines(
        "open(p); open(p, 'rb'); p.open(); p.open('rb'); os.open(p, os.O_RDONLY); os.fdopen(h, 'rb')\n"
        "text.replace('a', 'b'); replace(step, path=p); each._replace(a=1)\n"
        "self.rename(a, b); l.remove(x); out.write(t)\n"
    )


# --- Directories


@pytest.fixture(params=["by descriptor", "by path"])
def with_and_without_descriptors(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Runs the test as on systems with and without directory descriptors."""
    if request.param == "by path":
        monkeypatch.setattr(reading, "_BY_DESCRIPTOR", False)
    yield


@pytest.fixture
def tree(tmp_path: Path) -> OpenDirectory:
    """A repository with links of every kind, and a directory outside."""
    write(tmp_path, {"outside/secret": "precious", "repo/.git/config": "precious", "repo/.git/HEAD": ""})
    write(tmp_path, {"repo/a/file": "old", "repo/nested/.git": "gitdir: x", "repo/sub/.git/HEAD": ""})
    write(tmp_path, {"repo/bare/HEAD": "", "repo/bare/objects/x": "", "repo/bare/refs/x": ""})
    write(tmp_path, {"repo/gitdir/HEAD": "", "repo/gitdir/commondir": ".."})
    repo = tmp_path / "repo"
    for name, target in LINKS.items():
        (repo / name).symlink_to(target)
    (repo / "absolute").symlink_to(tmp_path / "outside")
    return OpenDirectory(repo)


LINKS = {
    "file-link": "../outside/secret",
    "dangling": "../outside/new",
    "inside": "a/file",
    "directory": "../outside",
    "inner": "a",
    "chain": "chain2",
    "chain2": "directory",
    "itself": "itself",
    "gits": ".git",
    "a/up": "..",
}
FORBIDDEN_PATHS = [
    *LINKS,
    "absolute",
    "directory/new",
    "inner/new",
    "chain/new",
    "absolute/new",
    "gits/config",
    "gits/hooks/post-checkout",
    "a/up/new",
    ".git",
    ".git/config",
    ".git/new",
    ".GIT/config",
    ".Git",
    "git~1/config",
    ".git./config",
    "a/.git",
    "a/.git/hooks",
    "nested/new",
    "sub/new",
    "sub/.git/HEAD",
    "bare/new",
    "gitdir/new",
    "../outside/secret",
    "a/../../outside/secret",
    "..",
    ".",
    "",
    "a//b",
    "/etc/x",
    "a\0b",
]
WRITING: dict[str, Callable[[OpenDirectory, str], object]] = {
    "write": lambda tree, path: tree.write(path, b"x"),
    "create": lambda tree, path: tree.create(path, b"x"),
    "check": lambda tree, path: tree.check(path),
}
OTHER_OPERATIONS: dict[str, Callable[[OpenDirectory, str], object]] = {
    "put": lambda tree, path: tree.put(path, b"x"),
    "append": lambda tree, path: tree.append(path, b"x"),
    "make_directory": lambda tree, path: tree.make_directory(path),
    "make_directories": lambda tree, path: tree.make_directories(path),
    "remove_file": lambda tree, path: tree.remove_file(path),
    "remove_directory": lambda tree, path: tree.remove_directory(path),
    "move": lambda tree, path: tree.move("a/file", path),
    "move away": lambda tree, path: tree.move(path, "a/file2"),
    "rename_file": lambda tree, path: tree.rename_file("a/file", path),
    "open_lock": lambda tree, path: os.close(tree.open_lock(path)),
}


def everything(root: Path) -> dict[str, str]:
    """The contents of all files and the targets of all links below a directory."""
    paths = sorted(root.rglob("*"))
    return {
        str(path.relative_to(root)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes().decode("latin-1")
        for path in paths
        if path.is_symlink() or path.is_file()
    }


def _is_refused(tree: OpenDirectory, path: str, operation: Callable[[OpenDirectory, str], object]) -> bool:
    try:
        operation(tree, path)
    except WriteRefused:
        return True
    return False


@pytest.mark.usefixtures("with_and_without_descriptors")
@pytest.mark.parametrize("operation", WRITING)
def test_forbidden_paths_are_not_written(tree: OpenDirectory, operation: str) -> None:
    before = everything(tree.root.parent)
    assert [path for path in FORBIDDEN_PATHS if not _is_refused(tree, path, WRITING[operation])] == []
    assert everything(tree.root.parent) == before


@pytest.mark.usefixtures("with_and_without_descriptors")
@pytest.mark.parametrize("operation", OTHER_OPERATIONS)
def test_other_operations_reject_forbidden_paths(tree: OpenDirectory, operation: str) -> None:
    before = everything(tree.root.parent)
    paths = [each for each in FORBIDDEN_PATHS if each not in LINKS and each != "absolute"]
    assert [path for path in paths if not _is_refused(tree, path, OTHER_OPERATIONS[operation])] == []
    assert everything(tree.root.parent) == before


@pytest.mark.usefixtures("with_and_without_descriptors")
@pytest.mark.parametrize("path", ["file-link", "dangling", "inside"])
def test_links_are_not_opened(tree: OpenDirectory, path: str) -> None:
    """If an operation does not check for a link, the system rejects the link, or a move replaces it."""
    outside = everything(tree.root.parent / "outside")
    for operation in ("put", "append", "open_lock"):
        with pytest.raises(OSError, match="symbolic links"):
            OTHER_OPERATIONS[operation](tree, path)
    tree.put("new", b"x")
    tree.move("new", path)
    assert (tree.root / path).read_bytes() == b"x"
    assert not (tree.root / path).is_symlink()
    assert everything(tree.root.parent / "outside") == outside
    assert (tree.root / "a/file").read_text() == "old"


@pytest.mark.usefixtures("with_and_without_descriptors")
def test_links_are_not_read(tree: OpenDirectory) -> None:
    assert tree.read("a/file") == b"old"
    assert [
        tree.read(each) for each in ("inside", "inner/file", "file-link", "a", "nothing", "a/file/x")
    ] == [None] * 6
    assert tree.status("inner/file") is None
    assert stat.S_ISLNK(tree.status("inner").st_mode)  # type: ignore[union-attr]


@pytest.mark.usefixtures("with_and_without_descriptors")
def test_message_shows_the_link_and_its_target(tree: OpenDirectory) -> None:
    for path, link, target in (
        ("file-link", "file-link", "../outside/secret"),
        ("directory/a/b", "directory", "../outside"),
        ("a/up/x", "a/up", '".."'),
    ):
        with pytest.raises(WriteRefused, match="is a symbolic link to") as caught:
            tree.write(path, b"")
        assert str(caught.value).startswith(f"{link} is a symbolic link to {target.strip(chr(34))}, ")


@pytest.mark.usefixtures("with_and_without_descriptors")
def test_files_are_replaced_atomically(tree: OpenDirectory) -> None:
    (tree.root / "a/file").chmod(0o640)
    os.link(tree.root / "a/file", tree.root / "a/other")
    tree.write("a/file", b"new")
    assert (tree.root / "a/file").read_text() == "new"
    assert (tree.root / "a/file").stat().st_mode & 0o777 == 0o640
    assert (tree.root / "a/other").read_text() == "old"  # a hard link keeps the old contents
    with pytest.raises(ZeroDivisionError), tree.writer("a/file") as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert (tree.root / "a/file").read_text() == "new"
    with pytest.raises(FileExistsError):
        tree.create("a/file", b"mine")
    with pytest.raises(IsADirectoryError):
        tree.write("a", b"")
    with pytest.raises(FileNotFoundError):
        tree.write("b/file", b"")
    assert sorted(path.name for path in (tree.root / "a").iterdir()) == ["file", "other", "up"]


def test_directory_replaced_by_link_before_open(tree: OpenDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is written to the original directory."""
    real = os.open

    def swapping(path: object, flags: int, *more: object, **named: object) -> int:
        if str(path).startswith(".structlint-") and not (tree.root / "was").exists():
            (tree.root / "a").rename(tree.root / "was")
            (tree.root / "a").symlink_to("../outside")
        return real(path, flags, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", swapping)
    tree.write("a/file", b"new")
    assert (tree.root / "was/file").read_text() == "new"
    assert everything(tree.root.parent / "outside") == {"secret": "precious"}


# --- Paths given by the user


def resolve_place(name: str, *tops: Path) -> tuple[str, str, bool]:
    directory, path = place_of(name, tops)
    return str(directory.root), path, directory.guarded


def test_paths_inside_and_outside_the_repository(
    tree: OpenDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree.root
    monkeypatch.chdir(root / "a")
    (tmp_path / "to-repo").symlink_to("repo/a")
    (tmp_path / "to-outside").symlink_to("outside")
    (tmp_path / "report.json").symlink_to("outside/new.json")
    inside = (str(root), True)
    outside = (str(tmp_path / "outside"), False)
    for name, directory, path in (
        ("x", inside, "a/x"),
        ("./x/../y", inside, "a/y"),
        ("../x", inside, "x"),
        ("../directory/x", inside, "directory/x"),
        ("../directory/../x", inside, "x"),
        ("../chain", inside, "chain"),
        (str(root / "a/x"), inside, "a/x"),
        (str(tmp_path / "to-repo/x"), inside, "a/x"),
        (str(tmp_path / "to-repo/up/x"), inside, "a/up/x"),
        ("../../outside/x", outside, "x"),
        ("../../to-outside/x", outside, "x"),
        ("../../report.json", outside, "new.json"),
        ("../directory/../../outside/x", outside, "x"),
    ):
        assert resolve_place(name, root) == (directory[0], path, directory[1]), name
    assert resolve_place("x", root, root / "a")[:2] == (str(root / "a"), "x")
    assert resolve_place("../nested/x", root / "nested", root)[:2] == (str(root / "nested"), "x")
    assert resolve_place("../x", root / "a")[:2] == (str(root), "x")
    for name in ("..", "../", "../a/..", "/"):
        with pytest.raises(IsADirectoryError):
            resolve_place(name, root)


def test_git_data_outside_the_repository(tree: OpenDirectory, tmp_path: Path, repository: Make) -> None:
    git = repository({"a": ""}, at="main")
    git("commit", "-q", "-m", "x")
    git("worktree", "add", "-q", "../linked")
    git("clone", "-q", "--bare", ".", "../bare.git")
    (tmp_path / "to-git").symlink_to("main/.git")
    for name in (
        "main/.git/x",
        "main/.git/worktrees/linked/x",
        "main/.git/hooks/x",
        "to-git/x",
        "bare.git/x",
        "bare.git/hooks/x",
        "linked/.git",
    ):
        with pytest.raises(WriteRefused, match=r"belongs to git|git's own data"):
            place_of(str(tmp_path / name), [tree.root])
        assert place_of(str(tmp_path / name), [tree.root], reading=True)
    place_of(str(tmp_path / "linked/x"), [tree.root])


def test_is_within(tmp_path: Path) -> None:
    write(tmp_path, {"a/b/x": ""})
    (tmp_path / "link").symlink_to("a/b")
    assert is_within(tmp_path / "a/b/new/newer", tmp_path / "a")
    assert is_within(tmp_path / "link/new", tmp_path / "a")
    assert is_within(tmp_path / "a", tmp_path / "a")
    assert not is_within(tmp_path / "ab", tmp_path / "a")
    assert not is_within(tmp_path, tmp_path / "a")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="requires root")
def test_files_of_other_users(tree: OpenDirectory) -> None:
    os.chown(tree.root / "a/file", 12345, 12345)
    assert tree.read("a/file") == b"old"
    with pytest.raises(WriteRefused, match="owned by another user"):
        tree.read("a/file", own=True)
    os.chown(tree.root / "a", 12345, 12345)
    with pytest.raises(WriteRefused, match="owned by another user"):
        tree.refuse_foreign("a")
    os.chown(tree.root / "a", 0, 0)
    (tree.root / "a").chmod(0o777)
    with pytest.raises(WriteRefused, match="writable by everyone"):
        tree.refuse_foreign("a")


def test_rejected_writes_exit_with_2() -> None:
    assert issubclass(WriteRefused, CannotCheck)


def test_rename_to_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    OpenDirectory(tmp_path).rename_file("a", "a")
    assert (tmp_path / "a").read_text() == "x"


def test_rename_on_case_insensitive_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target exists, but only one of the two names is listed."""
    tree = OpenDirectory(tmp_path)
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    monkeypatch.setattr(OpenDirectory, "names", lambda self, path="": ["a"])
    renamed: list[tuple[str, str]] = []
    monkeypatch.setattr("os.rename", lambda old, new, **handles: renamed.append((old, new)))
    tree.rename_file("a", "b")
    assert renamed == [("a", "b")]
    assert (tmp_path / "a").read_text() == "x"
