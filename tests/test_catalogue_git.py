"""The catalogue of bad inputs, rows 39 to 55: `.gitignore` files, and the state and behavior of git.

`STRUCTLINT_FUZZ=100000 pytest tests/test_catalogue_git.py -k 040` compares that many random trees with git.
`STRUCTLINT_FUZZ_SEED` sets the first seed.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Make, Run, write
from effort import limit_calls

from structlint.text.quoting import quote

ROOT = Path(__file__).parent.parent
TREES = int(os.environ.get("STRUCTLINT_FUZZ", "10"))
SEED = int(os.environ.get("STRUCTLINT_FUZZ_SEED", "0"))


class ShownFiles(NamedTuple):
    """The files that a command reads, and its notes."""

    files: set[bytes]
    notes: list[str]


ShowFiles = Callable[..., ShownFiles]


@pytest.fixture
def show_files(run: Run, tmp_path: Path) -> ShowFiles:
    """Runs `structlint check --show-files`."""
    shown = tmp_path / "shown"

    def command(*arguments: str) -> ShownFiles:
        result = run("check", "--show-files", "-0", "-o", str(shown), *arguments)
        assert result.status == 0, result.err
        return ShownFiles({*shown.read_bytes().split(b"\0")[:-1]}, result.err.splitlines())

    return command


@pytest.fixture
def path_without_git(tmp_path: Path) -> str:
    """A PATH without git."""
    (tmp_path / "nowhere").mkdir()
    return str(tmp_path / "nowhere")


# --- 39 and 40: structlint and git list the same files

_NAMES = (
    *("a", "b", "c", "d", "x", "tmp", "out", "build", "docs", "src", "foo", "bar", "foobar", "A"),
    *("keep.log", "y.log", "m.c", "a.b", "#x", "!x", "a b", "t ", "x\\", "-", "[a]", "a*", "1", "]x"),
    *("\u00e9", "voil\u00e0", "x\ny", "a\t", "caf\udce9", ":(x)", "a\f", "Icon\r"),
)
# Patterns that structlint also supports without git.
_SUPPORTED = (
    *("*.log", "!keep.log", "/build", "out/", "**/tmp/", "a/**", "!a/b", "*", "!*/", "!*.c", "!src", "/*"),
    *("docs/*.c", "x", "/**/y.log", "b/**/", "a/*", "a/**/b", "**/foo", "foo*", "?", "[ab]", "*.[a-z]"),
    *("\\#x", "\\!x", "t\\ ", "a b", "x\\\\", "\\[a]", "a\\*", "voil\u00e0", "\u00e9", "!!x", "**", "*/"),
    *("!/src/", "!**/b", "/a/b", "b/c/", "!b/c/", "d", "!d/", "a?", "[0-9]", "*b*", "#a comment", "", " "),
    *(
        "x ",
        "t\\  ",
        "!",
        "/",
        "a\t",
        "a\f",
        "x\0y",
        "src/**/",
        "*o*o*",
        "**/*",
        "/**/*",
        "**/**",
        "a/**/**",
        "a/**/*",
        "**/*/",
        "!**/*.c",
        "/*/",
        "-",
        ":(x)",
        "*\r",
        "caf\udce9",
    ),
)
_FRAGMENTS = (
    *("a", "b", "x", "foo", "bar", "*", "*", "**", "***", "/", "/", "/", "?", "!", "\\", " ", ".", "\t"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[c-a]", "[", "]", "[]a]", "[[:alpha:]]", "[\\]]", "[a&&b]", "[[a"),
    *("[a/]", "-", "#", "\u00e9", "\u00e0", "\r", "{a,b}", "~", "[a-", "[a-]", "[._-]", "\\*", "\\ ", "\0"),
)


class RandomTree:
    """A random tree and its `.gitignore` files, determined by a seed."""

    def __init__(self, seed: int, top: Path, supported: bool) -> None:
        self.chance = random.Random(seed)
        self.top = top
        self.supported = supported
        self.unsupported = 0
        self.files: set[str] = set()
        self.ignores: dict[str, list[bytes]] = {}
        self._grow()

    def rarely(self) -> bool:
        return self.chance.random() < 0.15

    def some(self, paths: Iterable[str], share: float) -> list[str]:
        return [path for path in sorted(paths) if self.chance.random() < share]

    def write_ignores(self, excluded: Iterable[tuple[str, int]] = ()) -> None:
        """Writes the `.gitignore` files, except for these lines of them."""
        for path, lines in self.ignores.items():
            left = [b"" if (path, number) in excluded else line for number, line in enumerate(lines, start=1)]
            self.place(path).write_bytes(b"\n".join(left))

    def pattern_lines(self) -> list[bytes]:
        """Some lines of a `.gitignore`, which sometimes ends with CRLF lines."""
        found = [self._line() for _ in range(self.chance.randint(1, 6))]
        if self.rarely():
            found = [line + b"\r" for line in found]
        if self.rarely():
            found[0] = b"\xef\xbb\xbf" + found[0]
        return found if self.rarely() else [*found, b""]

    def place(self, path: str) -> Path:
        return self.top / path

    def _line(self) -> bytes:
        if self.supported or self.unsupported > 7 or self.rarely():  # notes list at most ten lines
            return _bytes(self.chance.choice(_SUPPORTED))
        self.unsupported += 1
        return _bytes("".join(self.chance.choices(_FRAGMENTS, k=self.chance.randint(1, 6))))

    def _grow(self) -> None:
        for _ in range(self.chance.randint(5, 25)):
            place = self.top.joinpath(*self.chance.choices(_NAMES, k=self.chance.randint(1, 4)))
            if any(each.is_symlink() or each.is_file() for each in (place, *place.parents)) or place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(self.chance.choice(_NAMES)) if self.rarely() else place.touch()
            self.files.add(str(place.relative_to(self.top)))
        for directory in ["", *self.some(self.directories(), 0.3)]:
            self.ignores[f"{directory}.gitignore"] = self.pattern_lines()
        self.write_ignores()

    def directories(self) -> set[str]:
        above = {place for path in self.files for place in Path(path).parents}
        return {f"{place}/" for place in above if place != Path() and not self.place(str(place)).is_symlink()}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def create_git_directory(place: Path) -> None:
    """Creates the data of a repository without commits, which is faster than `git init`."""
    for name in ("objects", "refs", "info"):
        (place / name).mkdir(parents=True)
    (place / "HEAD").write_text("ref: refs/heads/main\n")
    (place / "config").write_text("[core]\n\tbare = false\n")


def git(top: Path, *arguments: str, text: bytes = b"") -> bytes:
    return subprocess.run(["git", *arguments], cwd=top, input=text, capture_output=True, check=True).stdout


def files_of_git(top: Path) -> set[bytes]:
    """The tracked files that exist or are skipped, and the untracked files that are not ignored."""
    tagged = git(top, "ls-files", "-z", "-t", "-s", "-c").split(b"\0")[:-1]
    tracked = {record.partition(b"\t")[2]: record for record in tagged}
    skipped = {path for path, record in tracked.items() if record.startswith(b"S")}
    submodules = {path for path, record in tracked.items() if record[2:8] == b"160000"}
    seen = git(top, "ls-files", "-z", "-co", "--exclude-standard", "--deduplicate").split(b"\0")[:-1]
    files = {path for path in seen if path in skipped or _is_file(top, path)}
    return {path for path in files if path not in submodules}


def _is_file(top: Path, path: bytes) -> bool:
    place = os.path.join(os.fsencode(top), path)  # noqa: PTH118 - bytes
    return os.path.islink(place) or os.path.isfile(place)  # noqa: PTH113, PTH114 - bytes


def create_random_repository(random_tree: RandomTree, tmp_path: Path) -> None:
    """Creates a repository with random ignore rules, tracked files and nested repositories."""
    top, data = random_tree.top, random_tree.top / ".git"
    if random_tree.rarely():  # a linked work tree
        data, worktree = tmp_path / "main.git", tmp_path / "main.git/worktrees/w"
        create_git_directory(data)
        worktree.mkdir(parents=True)
        (worktree / "HEAD").write_text("ref: refs/heads/other\n")
        (worktree / "commondir").write_text("../..\n")
        (worktree / "gitdir").write_text(f"{top}/.git\n")
        (top / ".git").write_text(f"gitdir: {worktree}\n")
    else:
        create_git_directory(data)
    (data / "info/exclude").write_bytes(
        b"\n".join(random_tree.pattern_lines()) if random_tree.rarely() else b""
    )
    settings = [
        f"excludesFile = {tmp_path}/mine" * random_tree.rarely(),
        "ignoreCase = true" * random_tree.rarely(),
    ]
    with (data / "config").open("a") as config:
        config.writelines(f"\t{line}\n" for line in settings if line)
    (tmp_path / "mine").write_bytes(b"\n".join(random_tree.pattern_lines()))
    tracked = random_tree.some({*random_tree.files, *random_tree.ignores}, 0.4)
    git(top, "update-index", "--add", "-z", "--stdin", text=_bytes("".join(f"{path}\0" for path in tracked)))
    _change_tracked_files(random_tree, tracked)
    if random_tree.rarely():
        _add_nested_repositories(random_tree)


def _change_tracked_files(random_tree: RandomTree, tracked: Sequence[str]) -> None:
    """Changes that can happen to tracked files."""
    skipped = random_tree.some(tracked, 0.15) if random_tree.rarely() else []
    skipped_input = _bytes("".join(f"{path}\0" for path in skipped))
    git(random_tree.top, "update-index", "--skip-worktree", "-z", "--stdin", text=skipped_input)
    for path in [*random_tree.some(skipped, 0.8), *random_tree.some({*tracked}.difference(skipped), 0.1)]:
        random_tree.place(path).unlink()
        match random_tree.chance.randint(0, 9):
            case 0 if not path.endswith(".gitignore"):
                random_tree.place(path).mkdir()
                random_tree.place(path).joinpath("inside").touch() if random_tree.rarely() else None
            case 1 if path not in skipped:
                random_tree.place(path).symlink_to("a")
            case 2 if path not in skipped and hasattr(os, "mkfifo") and not path.endswith(".gitignore"):
                os.mkfifo(random_tree.place(path))
    submodule = f"160000 {'1' * 40} 0\tsub\0" * random_tree.rarely()
    conflict = "".join(f"100644 {'2' * 40} {stage}\tconflict\0" for stage in (1, 2, 3)) * random_tree.rarely()
    git(random_tree.top, "update-index", "-z", "--index-info", text=_bytes(submodule + conflict))
    if submodule and random_tree.chance.random() < 0.7:
        create_git_directory(random_tree.place("sub/.git"))
        random_tree.place("sub/inside").touch()


def _add_nested_repositories(random_tree: RandomTree) -> None:
    """Adds repositories, and directories that only look like one."""
    create_git_directory(random_tree.place("nested/.git"))
    random_tree.place("nested/inside").touch()
    create_git_directory(random_tree.place("data"))  # git treats a bare repository as an ordinary directory
    random_tree.place("empty/.git").mkdir(parents=True)
    random_tree.place("empty/y.log").touch()
    random_tree.place("dangling").mkdir()
    random_tree.place("dangling/.git").write_text("gitdir: nowhere\n")
    random_tree.place("dangling/x").touch()


@pytest.fixture
def trees_directory(tmp_path: Path) -> Path:
    """A directory for one random tree after another."""
    return tmp_path / "field"


def recreate(trees_directory: Path) -> Path:
    shutil.rmtree(trees_directory, ignore_errors=True)
    (trees_directory / "top").mkdir(parents=True)
    return trees_directory / "top"


@pytest.mark.parametrize(
    ("number", "supported", "with_large_index"),
    [(0, True, False), (1, True, True), (2, False, False), (3, False, True)],
)
def test_040_same_files_as_git(
    number: int,
    supported: bool,
    with_large_index: bool,
    show_files: ShowFiles,
    trees_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if with_large_index:
        monkeypatch.setattr("structlint.tree.git.worktree.SMALL", 0)
    for seed in range(SEED + number * TREES, SEED + (number + 1) * TREES):
        random_tree = RandomTree(seed, recreate(trees_directory), supported)
        create_random_repository(random_tree, trees_directory)
        expected = files_of_git(random_tree.top)
        assert show_files(str(random_tree.top)).files == expected, f"seed {seed}"
        for directory in random_tree.some(random_tree.directories(), 0.05)[:1]:
            inside = {path for path in expected if path.startswith(_bytes(directory))}
            if random_tree.place(directory).is_dir():
                assert show_files(str(random_tree.top / directory)).files == inside, f"seed {seed}"


@pytest.mark.parametrize("supported", [True, False], ids=["supported", "any"])
def test_040_same_files_without_git_except_for_unsupported_lines(
    supported: bool,
    show_files: ShowFiles,
    trees_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    path_without_git: str,
) -> None:
    path = os.environ["PATH"]
    for seed in range(SEED, SEED + TREES):
        random_tree = RandomTree(seed, recreate(trees_directory), supported)
        create_git_directory(random_tree.top / ".git")
        if random_tree.rarely():
            _add_nested_repositories(random_tree)
        monkeypatch.setenv("PATH", path_without_git)
        found = show_files(str(random_tree.top))
        monkeypatch.setenv("PATH", path)
        unsupported = unsupported_lines(found.notes, random_tree.ignores)
        assert not (supported and unsupported), f"seed {seed}: {found.notes}"
        random_tree.write_ignores(excluded=unsupported)
        assert found.files == files_of_git(random_tree.top), f"seed {seed}: {found.notes}"


def unsupported_lines(notes: Sequence[str], gitignores: Iterable[str]) -> set[tuple[str, int]]:
    """The `.gitignore` files and lines that notes report as not read."""
    found = set()
    for note in notes:
        for path in gitignores:
            place = re.escape(quote(path))
            if match := re.fullmatch(rf"note: {place}:(\d+): .* is not read without git .*", note):
                found.add((path, int(match[1])))
    return found


# Kinds of patterns for which other implementations differ from git.
_KNOWN_DIFFERENCES = [
    ([b"*", b"!src"], "src/a src/b/c x"),
    ([b"a/**", b"!a/b"], "a/b a/c a/d/e"),
    ([b"*", b"!*.c", b"!*/"], "d/a.c d/a.h a.c"),
    ([b"!**/nm/**", b"/nm"], "nm/leaf x/nm/leaf"),
    ([b"b/**/"], "b/docs b/d/e b/d/f/g"),
    ([b"foo**/bar"], "foobar foo/bar foo/x/bar"),
    ([b"a/***/b"], "a/b a/x/b"),
    ([b"!", b"! ", b"\\", b"a\\", b"bar\\  ", b"*.log"], "a bar x.log !"),
    ([b"[c-a]", b"[a-\\]]", b"[", b"*.log"], "a b c [ x.log"),
    ([b"[[:digit:]]"], "1 a"),
    ([b"[\\]a]x"], "]x ax bx"),
    ([b"d/a[/x]b"], "d/axb d/a/b"),
    ([b"[a&&b]", b"[a||b]", b"[a--b]", b"[[a]"], "a b & | ["),
    ([b"a\t", b"b\xc2\xa0", b"voil\xc3\xa0", b"\xc3\x85"], "a b voil\u00e0 \u00c5"),
    ([b"c\\  ", b"a\\\\ "], "c a\\ a"),
    ([b"a\x0cb", b"c\x0bd", b"e\xe2\x80\xa8f", b"g\rh"], "a b c d e f g h"),
    ([b"\xef\xbb\xbfa", b"b"], "a b c"),
    ([b"?", b"[!b]x"], "\u00e9 a \u00e9x ax"),
    ([b"t"], "x\ny/t a/t"),
    ([b"a\\/b"], "a/b b"),
    ([b"a\0b"], "a b ab"),
    ([b"a/", b"b"], "x/a x/b/c"),
    ([b"*.LOG", b"B"], "a.log b"),
    ([b"/", b"//", b".", b"..", b"a//b", b"./b"], "a/b b"),
    ([b"/**", b"!/a", b"!/a/b"], "a/b a/c b"),
    ([b"x/", b"!x/y"], "x/y x/z"),
    ([b"**/a/**", b"!**/a/keep"], "a/keep b/a/keep b/a/c"),
    ([b"*\r", b"!x\r"], "x y"),
    ([b"**/*", b"!a"], "a b/c b/a"),
    ([b"/**/*/", b"!b/"], "a b/c b/a/d"),
]


@pytest.mark.parametrize(
    ("lines", "files"), _KNOWN_DIFFERENCES, ids=[repr(lines) for lines, _ in _KNOWN_DIFFERENCES]
)
def test_039_patterns_that_other_implementations_match_differently(
    lines: list[bytes],
    files: str,
    show_files: ShowFiles,
    repository: Make,
    monkeypatch: pytest.MonkeyPatch,
    path_without_git: str,
) -> None:
    top = repository(dict.fromkeys(files.split(" "), ""), add=[]).path
    (top / ".gitignore").write_bytes(b"\n".join(lines) + b"\n")
    assert show_files(str(top)).files == files_of_git(top)
    with monkeypatch.context() as context:
        context.setenv("PATH", path_without_git)
        found = show_files(str(top))
    unsupported = {number for _, number in unsupported_lines(found.notes, [".gitignore"])}
    left = [b"" if number in unsupported else line for number, line in enumerate(lines, start=1)]
    (top / ".gitignore").write_bytes(b"\n".join(left))
    assert found.files == files_of_git(top)


def test_039_gitignore_links_are_not_read(repository: Make, show_files: ShowFiles, run: Run) -> None:
    git = repository({"real": ".env\n", ".env": "", "structlint.yaml": "local: [.env]"}, add=["real"])
    for target in ("real", "/etc/passwd", ".gitignore", "nowhere"):
        (git.path / ".gitignore").unlink(missing_ok=True)
        (git.path / ".gitignore").symlink_to(target)
        assert show_files(str(git.path)).files == files_of_git(git.path)
        assert b".env" in files_of_git(git.path)
        for arguments in ([], ["--tracked"]):
            if arguments:
                git("add", ".gitignore", "structlint.yaml")
            result = run("check", str(git.path), "--output-format", "concise", *arguments)
            assert ".gitignore: warning: `.env` should stay local, but git does not ignore it" in result.out
        git("rm", "-q", "--cached", ".gitignore")


def test_039_other_files_named_gitignore_are_not_read(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "local: [.env]", ".gitignore": ".env"})
    (git.path / "Python.gitignore").symlink_to("/etc/passwd")
    assert run("check", str(git.path), "-q") == (0, "", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="requires named pipes")
def test_039_gitignore_is_a_pipe(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, path_without_git: str
) -> None:
    git = repository({"a/b": ""})
    os.mkfifo(git.path / "a/.gitignore")
    (git.path / "a/c").touch()
    why = "it is a pipe and not a file; remove or rename it"
    message = f"structlint: cannot read a/.gitignore: {why}\n"
    assert run("check", str(git.path)) == (2, "", message)
    monkeypatch.setenv("PATH", path_without_git)
    assert run("check", str(git.path)) == (2, "", message)


def test_039_no_slow_patterns_without_git(
    repository: Make, show_files: ShowFiles, monkeypatch: pytest.MonkeyPatch, path_without_git: str
) -> None:
    lines = ["*a*a*a*a*a*a*a*a*b", "a/**/b/**/b/**/b/**/b/**/b/**/c", "[!a]*[!a]*[!a]*[!a]*[!a]*x", "*.log"]
    deep = "a/" + "b/" * 150
    git = repository({".gitignore": "\n".join(lines), "a" * 200: "", f"{deep}x": "", "y.log": ""}, add=[])
    monkeypatch.setenv("PATH", path_without_git)
    with limit_calls(calls=100_000):
        found = show_files(str(git.path))
    assert unsupported_lines(found.notes, [".gitignore"]) == {(".gitignore", number) for number in (1, 2, 3)}
    assert found.files == {b".gitignore", b"a" * 200, f"{deep}x".encode()}


# --- 41 to 46: effects of `.gitignore` and of the work tree


@pytest.mark.parametrize("line", ["!", "! ", "\\", "a\\", "[", "[c-a]", "[[a", "[z--a]", "[a&&", "/", "a//b"])
def test_041_gitignore_line_without_effect(
    line: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, path_without_git: str
) -> None:
    git = repository(
        {"structlint.yaml": "tree: {.gitignore: , a: }", "a": "", ".gitignore": f"{line}\n*.log"}
    )
    write(git.path, {"x.log": ""})
    assert run("check", str(git.path)).status == 0
    monkeypatch.setenv("PATH", path_without_git)
    result = run("check", str(git.path), "--output-format", "concise")
    assert (result.status, result.out) == (0, "")
    assert result.err.startswith("note: git is not installed, so ")


def run_process(
    directory: Path, *arguments: str, python: Sequence[str] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs `structlint ARGUMENTS` in a separate process."""
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [more.pop("PYTHONPATH", "")])])
    return subprocess.run(
        [sys.executable, *python, "-P", "-m", "structlint", *arguments],
        cwd=directory,
        env={**os.environ, **more, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


_MOCK_MODULE = "import sys\nfrom unittest.mock import MagicMock\nsys.modules[__name__] = MagicMock()\n"
_UNSUPPORTED_LINES = "[[a\n[a&&b]\n[a||b]\n[a~~b]\n[a--b]\n*.log\n"


def test_042_other_installed_packages_have_no_effect(
    repository: Make, tmp_path: Path, path_without_git: str
) -> None:
    git = repository({".gitignore": _UNSUPPORTED_LINES, "a": "", "structlint.yaml": "tree: {a: }"})
    write(tmp_path, dict.fromkeys(["site/re2.py", "site/hyperscan.py"], _MOCK_MODULE))
    plain = run_process(git.path, "check", PATH=path_without_git)
    assert plain.returncode == 1
    others = run_process(git.path, "check", PATH=path_without_git, PYTHONPATH=str(tmp_path / "site"))
    assert (others.returncode, others.stdout, others.stderr) == (plain.returncode, plain.stdout, plain.stderr)


@pytest.mark.parametrize("installed", [True, False])
def test_043_no_python_warnings(installed: bool, repository: Make, path_without_git: str) -> None:
    git = repository(
        {".gitignore": _UNSUPPORTED_LINES, "a": "", "structlint.yaml": "tree: {.gitignore: , a: }"}
    )
    more = {} if installed else {"PATH": path_without_git}
    result = run_process(git.path, "check", python=("-W", "error"), **more)
    assert (result.returncode, result.stderr) == (0, "")


def test_044_check_reads_the_work_tree(repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: , b: , c: }", "a": "", "b": ""})
    (git.path / "a").unlink()
    write(git.path, {"c": ""})
    git("add", "-N", "c")
    place, concise = str(git.path), "--output-format=concise"
    assert run("check", place, concise).out.startswith("a: error: missing file ")
    assert run("check", place, concise, "--tracked").out.startswith("c: error: missing file ")
    git("add", "c")
    assert run("check", place, "--tracked").status == 0
    (git.path / "c").unlink()
    assert [line[:2] for line in run("check", place, concise).out.splitlines()] == ["a:", "c:"]


@pytest.mark.parametrize("replacement", ["empty directory", "ignored files", "pipe", "dangling link"])
def test_044_tracked_file_was_replaced(replacement: str, repository: Make, run: Run) -> None:
    git = repository({"structlint.yaml": "tree: {a: , .gitignore: }", "a": "", ".gitignore": "*.log"})
    place = git.path / "a"
    place.unlink()
    match replacement:
        case "pipe":
            if not hasattr(os, "mkfifo"):
                pytest.skip("requires named pipes")
            os.mkfifo(place)
        case "dangling link":
            place.symlink_to("nowhere")
        case _:
            place.mkdir()
            (place / "x.log").touch() if replacement == "ignored files" else None
    assert run("check", str(git.path), "--output-format=concise").out.startswith("a: error: missing file")


def test_044_tracked_directory_was_replaced_by_a_link(repository: Make, show_files: ShowFiles) -> None:
    git = repository({"d/x": "", "e/x": ""})
    shutil.rmtree(git.path / "d")
    (git.path / "d").symlink_to("e")
    assert show_files(str(git.path)).files == {b"d", b"e/x"}


def test_045_local_ignore_rules(repository: Make, run: Run, tmp_path: Path) -> None:
    git = repository({"structlint.yaml": "tree: {a: }", "a": ""})
    write(git.path, {"x.mine": "", "y.local": "", ".git/info/exclude": "*.local\n"})
    write(tmp_path, {"mine": "*.mine\n"})
    git("config", "core.excludesFile", str(tmp_path / "mine"))
    place, concise = str(git.path), "--output-format=concise"
    assert run("check", place).status == 0
    strays = run("check", place, concise, "--no-gitignore").out.splitlines()
    assert [line.partition(":")[0] for line in strays] == ["x.mine", "y.local"]
    git("add", "-f", "x.mine")
    assert run("check", place, concise, "--tracked", "--select", "stray-file").out.startswith("x.mine: error")
    documented = (ROOT / "docs/language.md").read_text()
    for source in (".git/info/exclude", "core.excludesFile", "check --tracked", "Without git"):
        assert source in documented.partition("## What is in a tree")[2]


@pytest.mark.parametrize(
    ("ignores_case", "files"), [("true", {b".gitignore"}), ("false", {b".gitignore", b"a.log"})]
)
def test_046_ignore_case(
    ignores_case: str, files: set[bytes], repository: Make, show_files: ShowFiles
) -> None:
    git = repository({".gitignore": "*.LOG"})
    write(git.path, {"a.log": ""})
    git("config", "core.ignoreCase", ignores_case)
    assert show_files(str(git.path)).files == files_of_git(git.path) == files


# --- 47 to 53: kinds and states of repositories


def test_047_nested_repositories_are_single_entries(
    repository: Make, run: Run, show_files: ShowFiles, tmp_path: Path
) -> None:
    inner = repository({"q": ""}, at="inner")
    inner("commit", "-qm", "q")
    git = repository({"structlint.yaml": "tree: {.gitmodules: , sub/: , '*/?': }"})
    git("submodule", "--quiet", "add", str(inner.path), "sub")
    git("commit", "-qm", "one")
    git(
        "clone", "-q", str(git.path), str(tmp_path / "clone")
    )  # in the clone, the submodule is an empty directory
    create_git_directory(tmp_path / "clone/nested/.git")
    files = {"dangling/.git": "gitdir: nowhere\n", "dangling/x": "", "nested/x": "", "empty/x": ""}
    write(tmp_path / "clone", files)
    (tmp_path / "clone/empty/.git").mkdir()
    for place in (git.path, tmp_path / "clone"):
        assert show_files(str(place)).files == files_of_git(place)
        assert not {b"sub/q", b"nested/x"} & files_of_git(place)
        assert run("check", str(place)).status == 0
    listed = json.loads(run("check", str(tmp_path / "clone"), "--output-format=json").out)
    assert listed["summary"]["directories"] == 4


_GIT_VARIABLES = (
    *("GIT_DIR=/etc", "GIT_WORK_TREE=/etc", "GIT_INDEX_FILE=/etc/passwd", "GIT_CEILING_DIRECTORIES=/"),
    *("GIT_OBJECT_DIRECTORY=/etc", "GIT_CONFIG_COUNT=x", "GIT_CONFIG_PARAMETERS='core.bare'='true'"),
    *("GIT_LITERAL_PATHSPECS=1", "GIT_TRACE=1", "GIT_NAMESPACE=x", "GIT_PREFIX=x", "GIT_EXEC_PATH=/etc"),
)


def test_048_git_variables_are_ignored(
    repository: Make, show_files: ShowFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"a": "", "d/b": ""})
    for setting in _GIT_VARIABLES:
        name, _, value = setting.partition("=")
        with monkeypatch.context() as context:
            context.setenv(name, value)
            found = show_files(str(git.path)), show_files(str(git.path), "--tracked")
        assert found == (({b"a", b"d/b"}, []), ({b"a", b"d/b"}, [])), setting


@pytest.mark.parametrize("kind", ["dotfiles", "without work tree", "worktree", "submodule", "all", "path"])
def test_048_commit_hook_reads_the_index_of_the_commit(
    kind: str, repository: Make, tmp_path: Path, run: Run
) -> None:
    """git starts a hook with variables that name the repository, its work tree and its index."""
    git = repository({"structlint.yaml": "tree: {a: }", "a": ""}, at="repo")
    git("commit", "-qm", "one")
    top, options = git.path, []
    if kind in ("dotfiles", "without work tree"):
        directory = git.path / ".git"
        directory.rename(tmp_path / "data.git")
        options = [f"--git-dir={tmp_path / 'data.git'}"]
        options += [f"--work-tree={git.path}"] * (kind == "dotfiles")
    elif kind == "worktree":
        top = tmp_path / "linked"
        git("worktree", "add", "-q", str(top))
    elif kind == "submodule":
        outer = repository({"x": ""}, at="outer")
        outer("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(git.path), "sub")
        top = outer.path / "sub"
    hook = git_output(top, *options, "rev-parse", "--git-path", "hooks/pre-commit")
    check = f"{sys.executable} -m structlint check --tracked --require-layout"
    (top / hook).parent.mkdir(exist_ok=True)
    (top / hook).write_text(f"#!/bin/sh\nexec {check} > hook.txt 2>&1\n")
    (top / hook).chmod(0o755)
    (top / "a").write_text("changed")
    (top / "b").write_text("")
    how = {"all": ["-a"], "path": ["a"]}.get(kind, [])
    if not how:
        git_output(top, *options, "add", "a")
    git_output(top, *options, "commit", "-qm", "allowed", *how)
    assert "All checks passed" in (top / "hook.txt").read_text()
    git_output(top, *options, "add", "b")
    with pytest.raises(subprocess.CalledProcessError):
        git_output(top, *options, "commit", "-qm", "not allowed")
    assert "b: unlisted file" in (top / "hook.txt").read_text()


def test_048_repository_in_a_variable_applies_only_in_its_work_tree(
    repository: Make, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"a": ""}, at="repo")
    (tmp_path / "plain").mkdir()
    monkeypatch.setenv("GIT_DIR", str(git.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(git.path))
    assert "not in a git repository" in run("check", "--tracked", str(tmp_path / "plain")).err


def git_output(directory: Path, *arguments: str) -> str:
    given = {**os.environ, "GIT_CONFIG_COUNT": "2"}
    given |= {"GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "a"}
    given |= {"GIT_CONFIG_KEY_1": "user.email", "GIT_CONFIG_VALUE_1": "a@example.org"}
    answer = subprocess.run(
        ["git", *arguments], cwd=directory, env=given, check=True, capture_output=True, text=True
    )
    return answer.stdout.strip()


def test_048_git_configuration_in_environment_is_ignored(
    repository: Make, show_files: ShowFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"a": ""})
    settings = {"COUNT": "1", "KEY_0": "core.worktree", "VALUE_0": "/etc"}
    for name, value in settings.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert show_files(str(git.path)).files == {b"a"}


@pytest.mark.parametrize("sparse_index", [False, True])
def test_049_sparse_checkout_has_all_files(sparse_index: bool, repository: Make, run: Run) -> None:
    layout = "tree: {a/: {x: }, b/: {c/: {y: }, compose.yaml: }}\nlocal: [/b/*.tmp]\nports: {web: 81}\n"
    compose = 'services: {web: {ports: ["80:80"]}}\n'
    files = {"a/x": "", "b/c/y": "", "b/.gitignore": "*.tmp\n", "b/compose.yaml": compose}
    git = repository({"structlint.yaml": layout, **files})
    git("commit", "-qm", "one")
    whole = run("check", str(git.path))
    git("sparse-checkout", "set", "a", *["--sparse-index"] * sparse_index)
    assert not (git.path / "b").exists()
    assert run("check", str(git.path)) == whole
    assert "b/compose.yaml:1" in whole.out or "port-mismatch" in whole.out


def test_050_repositories_without_commits_or_history(repository: Make, run: Run, tmp_path: Path) -> None:
    git = repository({}, at="one")
    assert run("check", str(git.path), "-q") == (0, "", "")
    write(git.path, {"structlint.yaml": "tree: {a: }"})
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-q", "--detach")
    git("clone", "-q", "--depth=1", git.path.as_uri(), str(tmp_path / "shallow"))
    git("clone", "-q", "--bare", str(git.path), str(tmp_path / "bare.git"))
    (tmp_path / "only/.git").mkdir(parents=True)
    (tmp_path / "plain").mkdir()
    concise = "--output-format=concise"
    for place in (git.path, tmp_path / "shallow"):
        for arguments in ([], ["--tracked"], ["--rev=HEAD"]):
            assert run("check", str(place), concise, *arguments).out.startswith("a: error: missing file")
    bare = str(tmp_path / "bare.git")
    assert run("check", bare).err.endswith(" is a bare repository; give a revision, such as --rev HEAD\n")
    assert run("check", bare, "--rev=HEAD", concise).out.startswith("a: error: missing file")
    for name in ("only", "plain"):
        assert run("check", str(tmp_path / name), "-q") == (0, "", "")
    assert run("check", str(tmp_path / "plain"), "--tracked").err.endswith(
        "plain` is not in a git repository, so it has no index or revisions\n"
    )
    for inside in (git.path / ".git", git.path / ".git/refs"):
        result = run("check", str(inside))
        assert (result.status, result.out) == (2, "")
        assert result.err.endswith(".git contains git's own data; check the directory above it\n")


@pytest.mark.parametrize("arguments", [[], ["--tracked"], ["--rev=HEAD"], ["--changed"]])
def test_050_broken_nested_repository(arguments: list[str], repository: Make, run: Run) -> None:
    outer = repository({"inner/x": "", "README": ""})
    outer("commit", "-qm", "one")
    create_git_directory(outer.path / "inner/.git")
    (outer.path / "inner/.git/HEAD").write_text("nonsense")
    result = run("check", str(outer.path / "inner"), *arguments)
    assert (result.status, result.out) == (2, "")
    assert "fatal: not a git repository" in result.err


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"index": "DIRC nonsense"}, "index file smaller than expected"),
        ({"index": "x" * 200}, "bad signature"),
        ({"config": "["}, "fatal: bad config line 2 in file .git/config"),
        ({"config": "[core]\nrepositoryformatversion = 99\n"}, "Expected git repo version <= 1, found 99"),
    ],
    ids=str,
)
def test_050_damaged_repository(damage: dict[str, str], message: str, repository: Make, run: Run) -> None:
    git = repository({"a": ""})
    write(git.path / ".git", damage)
    result = run("check", str(git.path))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("structlint: git cannot read ")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_050_locked_index_is_read(repository: Make, run: Run) -> None:
    git = repository({"a": "", "structlint.yaml": "tree: {a: }"})
    write(git.path / ".git", {"index.lock": ""})
    assert run("check", str(git.path)).status == run("check", str(git.path), "--changed").status == 0


FakeGit = Callable[[str], None]  # takes a shell script


@pytest.fixture
def fake_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGit:
    """Puts a script before git in the PATH. The script can run git as `"$git" "$@"`."""
    real, place = shutil.which("git"), tmp_path / "bin/git"
    if os.name == "nt":
        pytest.skip("requires a shell")

    def make(script: str) -> None:
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\ngit={real}\n{script}\n")
        place.chmod(0o755)

    monkeypatch.setenv("PATH", f"{place.parent}{os.pathsep}{os.environ['PATH']}")
    return make


@pytest.mark.parametrize("at", ["repo", "plain"])
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 1", "git cannot read {place}: no reason given"),
        ("echo what >&2; kill -KILL $$", "git cannot read {place}: what"),
        (
            "exec sleep 30",
            "git did not respond within 0.3 seconds in {place}; check that each `.gitignore` there is a "
            "regular file",
        ),
        (
            "sleep 30; true",
            "git did not respond within 0.3 seconds in {place}; check that each `.gitignore` there is a "
            "regular file",
        ),
        (
            "echo \"warning: could not open directory 'd/': Input/output error\" >&2",
            "cannot read the directory d/: Input/output error",
        ),
        ("printf 'H 100644 1 0\\ta'", "git's output is incomplete; run the check again"),
    ],
)
def test_051_git_fails(
    script: str,
    message: str,
    at: str,
    fake_git: FakeGit,
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = repository({"a": ""}).path if at == "repo" else Path(os.environ["HOME"])
    fake_git(script)
    if "sleep" in script:
        monkeypatch.setattr("structlint.tree.git.repository._SECONDS", 0.3)
    result = run("check", str(place))
    assert result == (2, "", f"structlint: {message.format(place=place)}\n")


def test_051_git_hangs_during_fix(
    fake_git: FakeGit, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"structlint.yaml": "tree: {new: }"})
    fake_git('case "$*" in *check-ignore*) sleep 60 ;; *) exec "$git" "$@" ;; esac')
    monkeypatch.setattr("structlint.tree.git.repository._SECONDS", 0.3)
    result = run("fix", str(git.path))
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("structlint: git did not respond within 0.3 seconds")
    assert not (git.path / "new").exists()


def test_051_git_does_not_start(repository: Make, run: Run, tmp_path: Path, fake_git: FakeGit) -> None:
    git = repository({"a": "", ".gitignore": "x", "structlint.yaml": "local: [x]"})
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/no/such/interpreter\n")
    (tmp_path / "bin/git").chmod(0o755)
    for place in (git.path, Path(os.environ["HOME"])):
        message = f"structlint: cannot start {tmp_path}/bin/git: No such file or directory; "
        result = run("check", str(place))
        assert (result.status, result.out) == (2, "")
        assert result.err == f"{message}reinstall git, or remove it from `PATH`\n"


def test_051_git_prints_a_warning(repository: Make, run: Run, fake_git: FakeGit) -> None:
    git = repository({"a": "", "structlint.yaml": "tree: {a: }"})
    fake_git('echo "warning: of something" >&2; exec "$git" "$@"')
    assert run("check", str(git.path), "-q") == (0, "", "")


def test_051_removed_directory_is_not_an_error(repository: Make, run: Run, fake_git: FakeGit) -> None:
    git = repository({"a": "", "structlint.yaml": "tree: {a: }"})
    for reason in ("No such file or directory", "Not a directory"):
        fake_git(f'echo "warning: could not open directory \'d/\': {reason}" >&2; exec "$git" "$@"')
        assert run("check", str(git.path), "-q") == (0, "", "")


def test_051_repository_of_another_user(repository: Make, run: Run, fake_git: FakeGit) -> None:
    git = repository({"a": ""})
    fake_git('GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$git" "$@"')
    for arguments in ([], ["--tracked"], ["--rev=HEAD"], ["--changed"]):
        result = run("check", str(git.path), *arguments)
        assert (result.status, result.out) == (2, "")
        assert result.err == (
            f"structlint: git does not trust {git.path}, which belongs to another user; if you do, run: "
            f"git config --global --add safe.directory {git.path}\n"
        )


def test_051_git_in_the_repository_is_not_run(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository({"git": "#!/bin/sh\ntouch started\n", "bin/git": "#!/bin/sh\ntouch started\n"})
    for name in ("git", "bin/git"):
        (git.path / name).chmod(0o755)
    monkeypatch.chdir(git.path)
    for planted in ("", ".", "bin", str(git.path), str(git.path / "bin")):
        monkeypatch.setenv("PATH", f"{planted}{os.pathsep}{os.environ['PATH']}")
    assert run("check", "-q") == (0, "", "")
    assert not (git.path / "started").exists()


_COMMANDS = [
    *(["check"], ["check", "--tracked"], ["check", "--rev=HEAD"], ["check", "--changed"]),
    *(
        ["check", "--changed=HEAD", "--no-gitignore"],
        ["fix", "--diff"],
        ["fix", "--unsafe", "--force"],
        ["tree"],
    ),
    *(["where", "a", "new/x.py"], ["ports"], ["init", "--infer", "-o", "-"], ["check", "--update-baseline"]),
]


@pytest.mark.parametrize("arguments", _COMMANDS, ids=" ".join)
def test_052_repository_configuration_runs_nothing(
    arguments: list[str], repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    git = repository({"a": "x", "old.txt": "", ".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    write(
        git.path, {"structlint.yaml": "tree: {a: , new.txt: , b/?: }\nlocal: [.env]\nbelongs: {'*.txt': b/}"}
    )
    git("add", ".")
    git("commit", "-qm", "one")
    marker, script = tmp_path / "marker", tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    hooks = git.path / ".git/hooks"
    for name in (
        "post-index-change",
        "pre-commit",
        "post-checkout",
        "reference-transaction",
        "fsmonitor-watchman",
    ):
        shutil.copy(script, hooks / name)
    settings = {
        "core": ["fsmonitor", "pager", "sshCommand", "editor", "askPass", "gitProxy"],
        "diff": ["external"],
        'diff "evil"': ["command", "textconv"],
        'filter "evil"': ["clean", "smudge", "process"],
        'merge "evil"': ["driver"],
        "alias": ["ls-files", "rev-parse", "check-ignore", "update-index"],
        "credential": ["helper"],
        "pager": ["ls-files", "ls-tree"],
        "uploadpack": ["packObjectsHook"],
        "trace2": [],
    }
    lines = [
        f"[{section}]\n" + "".join(f"\t{key} = {script}\n" for key in keys)
        for section, keys in settings.items()
    ]
    (tmp_path / "included").write_text("".join(lines))
    with (git.path / ".git/config").open("a") as config:
        config.writelines(
            [*lines, f"[core]\n\thooksPath = {hooks}\n[include]\n\tpath = {tmp_path}/included\n"]
        )
    write(git.path, {"a": "changed", "c": ""})
    monkeypatch.chdir(git.path)
    result = run(*arguments)
    assert result.status in (0, 1), result.err
    assert not marker.exists()


def test_052_git_would_create_the_marker(repository: Make, tmp_path: Path) -> None:
    git = repository({"a": "x"})
    marker = tmp_path / "marker"
    git("config", "core.fsmonitor", f"touch {marker}; :")
    git("ls-files", "-o")
    assert marker.exists()


def test_052_nested_bare_repository_runs_nothing(repository: Make, tmp_path: Path, run: Run) -> None:
    git = repository({"a": "", "structlint.yaml": "tree: {a: , sub/?: }"})
    marker = tmp_path / "marker"
    create_git_directory(git.path / "sub")
    write(git.path / "sub", {"config": f'[core]\n\tbare = true\n\tfsmonitor = "touch {marker}; :"\n'})
    run("check", str(git.path))
    run("check", str(git.path / "sub"))
    run("check", str(git.path / "sub"), "--rev", "HEAD")
    assert not marker.exists()


def test_052_missing_objects_of_a_partial_clone_are_not_fetched(
    repository: Make, tmp_path: Path, run: Run
) -> None:
    git = repository(
        {"a": "", "compose.yaml": "services: {}", "structlint.yaml": "tree: {a: , compose.yaml: }"}
    )
    git("commit", "-qm", "one")
    marker = tmp_path / "marker"
    settings = {"url": str(git.path), "promisor": "true", "uploadpack": f"touch {marker}; :"}
    for name, value in settings.items():
        git("config", f"remote.origin.{name}", value)
    for name, value in {"extensions.partialClone": "origin", "protocol.file.allow": "always"}.items():
        git("config", name, value)
    gone = git("rev-parse", "HEAD:compose.yaml").strip()
    (git.path / ".git/objects" / gone[:2] / gone[2:]).unlink()
    for arguments in (["--tracked"], ["--rev=HEAD"]):
        result = run("check", str(git.path), *arguments)
        assert (result.status, "compose.yaml" in result.err) == (2, True)
    assert run("check", str(git.path), "--changed").status == 0  # the file is on disk
    assert not marker.exists()


def test_053_core_worktree_is_ignored(repository: Make, show_files: ShowFiles, tmp_path: Path) -> None:
    git = repository({"a": ""})
    git("commit", "-qm", "one")
    write(tmp_path, {"elsewhere/secret": ""})
    git("config", "core.worktree", str(tmp_path / "elsewhere"))
    for arguments in ([], ["--tracked"], ["--rev=HEAD"], ["--changed"], ["--no-gitignore"]):
        assert show_files(str(git.path), *arguments).files == {b"a"}


# --- 54 and 55: names and contents

_NAMES_LIKE_OPTIONS = (
    ":(glob)x",
    ":!x",
    "--help",
    "-rf",
    "@file",
    ":/",
    "-",
    "--output-file=x/y",
    "HEAD",
    "*",
)


def test_054_names_that_look_like_options_or_revisions(
    repository: Make, show_files: ShowFiles, run: Run, monkeypatch: pytest.MonkeyPatch, path_without_git: str
) -> None:
    names = [name for name in _NAMES_LIKE_OPTIONS if name != ":/"]
    git = repository(dict.fromkeys(names, ""), add=["."])
    git("commit", "-qm", "one")
    expected = {name.encode() for name in names}
    monkeypatch.chdir(git.path)
    for arguments in ([], ["--tracked"], ["--rev=HEAD"], ["--changed"]):
        assert show_files(*arguments).files == expected
    assert show_files("--", "--output-file=x").files == {b"--output-file=x/y"}
    layout = [
        "structlint.yaml",
        "tree: {'--help': , '@file': , '*?': , '*/?': }\nlocal: ['--out', '@x', ':!y']\n",
    ]
    write(git.path, {layout[0]: layout[1], ".gitignore": "--out\n@x\n:!y\n"})
    assert run("check").status == 0
    assert run("where", "--", "--help", ":!x").status == 0
    monkeypatch.setenv("PATH", path_without_git)
    assert show_files().files == {*expected, b"structlint.yaml", b".gitignore"}


_CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("structlint.yaml", "tree:\n" + _CONFLICT.format("  a:\n", "  b:\n"), 2),
        ("structlint.yaml", "about: x\ntree:\n  a:\n>>>>>>> other\n", 4),
        ("LAYOUT.md", "# Tree\n\n```\nx/\n├── a\n" + _CONFLICT.format("├── b\n", "├── c\n") + "```\n", 6),
        ("LAYOUT.md", "# Tree\n\n```\nx/\n├── a\n```\n\n" + _CONFLICT.format("One.\n", "Two.\n"), 8),
        (
            "LAYOUT.md",
            "# Tree\n\n```\nx/\n├── a\n```\n\n" + _CONFLICT.format("One.\n", "Two.\n").replace("\n", "\r\n"),
            8,
        ),
    ],
)
def test_055_merge_conflict_markers(
    name: str, text: str, line: int, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository({name: text, "x/a": "", "a": ""}).path)
    message = (
        f"{name}:{line}:1: merge conflict markers at line {line}; resolve the conflict and remove them\n"
    )
    assert run("check", "--layout", name) == (2, "", message)
