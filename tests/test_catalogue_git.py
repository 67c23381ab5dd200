"""The catalogue of bad inputs, rows 39 to 55: what `.gitignore` says, and what git is or does.

`STRUCTLINT_FUZZ=100000 pytest tests/test_catalogue_git.py -k 040` compares that many random trees with git,
`STRUCTLINT_FUZZ_SEED` says from which on.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from structlint.cli import main
from structlint.quoting import quote

TREES = int(os.environ.get("STRUCTLINT_FUZZ", "30"))
SEED = int(os.environ.get("STRUCTLINT_FUZZ_SEED", "0"))


class Shown(NamedTuple):
    """The files that a command looks at, and what it says besides."""

    files: set[bytes]
    notes: list[str]


Show = Callable[..., Shown]


@pytest.fixture
def show(capfdbinary: pytest.CaptureFixture[bytes]) -> Show:
    """Lists the files that `structlint check` looks at."""

    def command(*arguments: str) -> Shown:
        status = main(["check", "--show-files", "-0", *arguments])
        out, err = capfdbinary.readouterr()
        said = err.decode("utf-8", "surrogateescape")
        assert status == 0, said
        return Shown(set(out.split(b"\0")[:-1]), said.splitlines())

    return command


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    """A PATH on which there is no git."""
    (tmp_path / "nowhere").mkdir()
    return str(tmp_path / "nowhere")


# --- 39 and 40: the same files as git's

_NAMES = (
    *("a", "b", "c", "d", "x", "tmp", "out", "build", "docs", "src", "foo", "bar", "foobar", "A"),
    *("keep.log", "y.log", "m.c", "a.b", "#x", "!x", "a b", "t ", "x\\", "-", "[a]", "a*", "1", "]x"),
    *("\u00e9", "voil\u00e0", "x\ny", "a\t", "caf\udce9", ":(x)", "a\f", "Icon\r"),
)
# What pathspec is trusted with: without git, too, each of these has its effect.
_SURE = (
    *("*.log", "!keep.log", "/build", "out/", "**/tmp/", "a/**", "!a/b", "*", "!*/", "!*.c", "!src", "/*"),
    *("docs/*.c", "x", "/**/y.log", "b/**/", "a/*", "a/**/b", "**/foo", "foo*", "?", "[ab]", "*.[a-z]"),
    *("\\#x", "\\!x", "t\\ ", "a b", "x\\\\", "\\[a]", "a\\*", "voil\u00e0", "\u00e9", "!!x", "**", "*/"),
    *("!/src/", "!**/b", "/a/b", "b/c/", "!b/c/", "d", "!d/", "a?", "[0-9]", "*b*", "#a comment", "", " "),
    *("x ", "t\\  ", "!", "/", "a\t", "a\f", "x\0y", "src/**/", "*o*o*", "-", ":(x)", "*\r", "caf\udce9"),
)
_PARTS = (
    *("a", "b", "x", "foo", "bar", "*", "*", "**", "***", "/", "/", "/", "?", "!", "\\", " ", ".", "\t"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[c-a]", "[", "]", "[]a]", "[[:alpha:]]", "[\\]]", "[a&&b]", "[[a"),
    *("[a/]", "-", "#", "\u00e9", "\u00e0", "\r", "{a,b}", "~", "[a-", "[a-]", "[._-]", "\\*", "\\ ", "\0"),
)


class Forest:
    """Random trees at one place, each grown from a number."""

    def __init__(self, seed: int, top: Path, sure: bool) -> None:
        self.chance = random.Random(seed)
        self.top = top
        self.sure = sure
        self.odd = 0
        self.files: set[str] = set()
        self.ignores: dict[str, list[bytes]] = {}
        self._grow()

    def rarely(self) -> bool:
        return self.chance.random() < 0.15

    def some(self, paths: Iterable[str], share: float) -> list[str]:
        return [path for path in sorted(paths) if self.chance.random() < share]

    def write_ignores(self, but: Iterable[tuple[str, int]] = ()) -> None:
        """Writes the `.gitignore` files, but for some lines of some."""
        for path, lines in self.ignores.items():
            left = [b"" if (path, number) in but else line for number, line in enumerate(lines, start=1)]
            self.place(path).write_bytes(b"\n".join(left))

    def pattern_lines(self) -> list[bytes]:
        """Some lines of a `.gitignore`; a tail of them with the ends of lines of Windows."""
        found = [self._line() for _ in range(self.chance.randint(1, 6))]
        if self.rarely():
            found = [line + b"\r" for line in found]
        if self.rarely():
            found[0] = b"\xef\xbb\xbf" + found[0]
        return found if self.rarely() else [*found, b""]

    def place(self, path: str) -> Path:
        return self.top / path

    def _line(self) -> bytes:
        if self.sure or self.odd > 7 or self.rarely():  # of more than ten only the number is told
            return _bytes(self.chance.choice(_SURE))
        self.odd += 1
        return _bytes("".join(self.chance.choices(_PARTS, k=self.chance.randint(1, 6))))

    def _grow(self) -> None:
        for _ in range(self.chance.randint(5, 25)):
            place = self.top.joinpath(*self.chance.choices(_NAMES, k=self.chance.randint(1, 4)))
            if any(each.is_symlink() or each.is_file() for each in (place, *place.parents)) or place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(self.chance.choice(_NAMES)) if self.rarely() else place.touch()
            self.files.add(str(place.relative_to(self.top)))
        for directory in {"", *self.some(self.directories(), 0.3)}:
            self.ignores[f"{directory}.gitignore"] = self.pattern_lines()
        self.write_ignores()

    def directories(self) -> set[str]:
        above = {place for path in self.files for place in Path(path).parents}
        return {f"{place}/" for place in above if place != Path() and not self.place(str(place)).is_symlink()}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def repository_at(place: Path) -> None:
    """The data of a repository without commits, which take git a while to write."""
    for name in ("objects", "refs", "info"):
        (place / name).mkdir(parents=True)
    (place / "HEAD").write_text("ref: refs/heads/main\n")
    (place / "config").write_text("[core]\n\tbare = false\n")


def git(top: Path, *arguments: str, text: bytes = b"") -> bytes:
    return subprocess.run(["git", *arguments], cwd=top, input=text, capture_output=True, check=True).stdout


def of_git(top: Path) -> set[bytes]:
    """The files that git sees: what it tracks that is there, or skipped, and what it does not ignore."""
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


def put_into_git(forest: Forest, tmp_path: Path) -> None:
    """A repository with all that may be in one: much is left to chance."""
    top, data = forest.top, forest.top / ".git"
    if forest.rarely():  # another work tree of a repository elsewhere
        data, main_one = tmp_path / "main.git", tmp_path / "main.git/worktrees/w"
        repository_at(data)
        main_one.mkdir(parents=True)
        (main_one / "HEAD").write_text("ref: refs/heads/other\n")
        (main_one / "commondir").write_text("../..\n")
        (main_one / "gitdir").write_text(f"{top}/.git\n")
        (top / ".git").write_text(f"gitdir: {main_one}\n")
    else:
        repository_at(data)
    (data / "info/exclude").write_bytes(b"\n".join(forest.pattern_lines()) if forest.rarely() else b"")
    settings = [f"excludesFile = {tmp_path}/mine" * forest.rarely(), "ignoreCase = true" * forest.rarely()]
    with (data / "config").open("a") as config:
        config.writelines(f"\t{line}\n" for line in settings if line)
    (tmp_path / "mine").write_bytes(b"\n".join(forest.pattern_lines()))
    tracked = forest.some({*forest.files, *forest.ignores}, 0.4)
    git(top, "update-index", "--add", "-z", "--stdin", text=_bytes("".join(f"{path}\0" for path in tracked)))
    _change(forest, tracked)
    if forest.rarely():
        _nest(forest)


def _change(forest: Forest, tracked: Sequence[str]) -> None:
    """What may happen to files that git tracks."""
    skipped = forest.some(tracked, 0.15) if forest.rarely() else []
    told = _bytes("".join(f"{path}\0" for path in skipped))
    git(forest.top, "update-index", "--skip-worktree", "-z", "--stdin", text=told)
    for path in [*forest.some(skipped, 0.8), *forest.some({*tracked}.difference(skipped), 0.1)]:
        forest.place(path).unlink()
        match forest.chance.randint(0, 9):
            case 0 if path not in skipped:
                forest.place(path).mkdir()
            case 1 if path not in skipped:
                forest.place(path).symlink_to("a")
            case 2 if path not in skipped and hasattr(os, "mkfifo") and not path.endswith(".gitignore"):
                os.mkfifo(forest.place(path))
    submodule = f"160000 {'1' * 40} 0\tsub\0" * forest.rarely()
    conflict = "".join(f"100644 {'2' * 40} {stage}\tconflict\0" for stage in (1, 2, 3)) * forest.rarely()
    git(forest.top, "update-index", "-z", "--index-info", text=_bytes(submodule + conflict))
    if submodule and forest.chance.random() < 0.7:
        repository_at(forest.place("sub/.git"))
        forest.place("sub/inside").touch()


def _nest(forest: Forest) -> None:
    """What is another repository, or only looks like one."""
    repository_at(forest.place("nested/.git"))
    forest.place("nested/inside").touch()
    repository_at(forest.place("data"))  # a bare one is an ordinary directory to git
    forest.place("empty/.git").mkdir(parents=True)
    forest.place("empty/y.log").touch()
    forest.place("dangling").mkdir()
    forest.place("dangling/.git").write_text("gitdir: nowhere\n")
    forest.place("dangling/x").touch()


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """Where one tree after the other may grow."""
    return tmp_path / "field"


def cleared(field: Path) -> Path:
    shutil.rmtree(field, ignore_errors=True)
    (field / "top").mkdir(parents=True)
    return field / "top"


@pytest.mark.parametrize("sure", [True, False], ids=["usual", "odd"])
def test_040_the_files_of_a_work_tree_are_those_git_lists(sure: bool, show: Show, field: Path) -> None:
    for seed in range(SEED, SEED + TREES):
        forest = Forest(seed, cleared(field), sure)
        put_into_git(forest, field)
        expected = of_git(forest.top)
        assert show(str(forest.top)).files == expected, f"seed {seed}"
        for directory in forest.some(forest.directories(), 0.05)[:1]:
            inside = {path for path in expected if path.startswith(_bytes(directory))}
            if forest.place(directory).is_dir():
                assert show(str(forest.top / directory)).files == inside, f"seed {seed}"


@pytest.mark.parametrize("sure", [True, False], ids=["usual", "odd"])
def test_040_without_git_the_same_files_but_for_lines_that_are_told(
    sure: bool, show: Show, field: Path, monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    path = os.environ["PATH"]
    for seed in range(SEED, SEED + TREES):
        forest = Forest(seed, cleared(field), sure)
        repository_at(forest.top / ".git")
        if forest.rarely():
            _nest(forest)
        monkeypatch.setenv("PATH", nowhere)
        found = show(str(forest.top))
        monkeypatch.setenv("PATH", path)
        told = [place for note in found.notes if (place := _line_told(note, forest))]
        assert not (sure and told), f"seed {seed}: {found.notes}"
        forest.write_ignores(but=told)
        assert found.files == of_git(forest.top), f"seed {seed}: {found.notes}"


def _line_told(note: str, forest: Forest) -> tuple[str, int] | None:
    """The `.gitignore` and the line in it that a note says is not read."""
    for path in forest.ignores:
        place = re.escape(quote(path))
        if found := re.fullmatch(rf"note: {place}:(\d+): .* is not read without git .*", note):
            return path, int(found[1])
    return None
