"""Trees from git: the work tree as git sees it, the index, a revision.

git is started at the top of the work tree, by an absolute path outside it, with nothing in its
environment or configuration that would make it run a program of the repository's choosing: no hooks, no
file system monitor, no filters (what the configuration names is switched off), no pager, no prompt, no
network. It is not started in a submodule, and no command makes it start another git there, to which none of
this would apply. Of a submodule it reads only which commit is checked out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from structlint.errors import TreeError, Unread, Untrusted
from structlint.filesystem import temporary_directory
from structlint.text.quoting import quote, shortened
from structlint.text.records import Record
from structlint.tree.git_process import (
    SUBMODULE,
    decode,
    does_not_start,
    environment,
    git_directory,
    git_program,
    has_work_tree,
    is_git_directory,
    no_answer,
    records,
    stop,
)
from structlint.tree.unread import (
    Patterns,
    default_patterns,
    gitignores_unread,
    in_the_way,
    may_name_patterns,
    read_patterns,
    reasons_of_git,
    texts,
)

if TYPE_CHECKING:
    import subprocess

_SWITCHES = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
    "-c",
    "submodule.recurse=false",
)
# To look for changes in the files of a submodule git starts another git in it, which runs the filters and
# monitors that the submodule configures. Whether another commit is checked out there it sees by itself.
NOT_INSIDE = "--ignore-submodules=dirty"
_SECONDS = 120
_SOON = 2  # seconds after which structlint looks for a file that git may be waiting for
_MOST_OF_A_LINE = 300
_TOO_LONG = r"'([^\n]{2000,})"  # the part of a path that is complete in git's messages
NO_REASON = "no reason given"
NOT_THERE = (b" missing", b" ambiguous")


class Repository(Record):
    """A repository, by the top of its work tree or the directory of a bare repository.

    `named` means that git does not find its `git_directory` from there.
    """

    top: Path
    git_directory: Path
    bare: bool = False
    named: bool = False

    def git(self, *arguments: str, index: bool = False, text: bytes | None = None) -> bytes:
        """The output of a git command; with `index`, it uses the index of the commit in progress.

        Raises `TreeError` if the command fails or cannot read a directory.
        """
        return self.answer(self.start(*arguments, more=self.commit_index() if index else {}, text=text), text)

    def start(
        self,
        *arguments: str,
        more: Mapping[str, str] = MappingProxyType({}),
        text: bytes | None = None,
        literal: bool = True,
        out: BinaryIO | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts a git command, with `more` in its environment; paths are patterns unless `literal`.

        It prints into the file `out`, or a pipe. Raises `TreeError`.
        """
        import subprocess  # `where` does not need it

        where = [] if self.bare else [f"--work-tree={self.top}"]
        where += [f"--git-dir={self.git_directory}"] if self.named else []
        paths = ("--literal-pathspecs",) if literal else ()
        try:
            program = git_program(self.top)
        except FileNotFoundError:
            raise TreeError(f"git is not installed, and {quote(str(self.top))} is a repository") from None
        # If git does not accept this as a repository, it must not use one above it.
        only_here = {"GIT_CEILING_DIRECTORIES": str(self.top.parent)}
        try:
            return subprocess.Popen(
                [program, *_SWITCHES, *paths, *where, *arguments],
                cwd=self.top,
                env=environment({**only_here, **more}),
                stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                stdout=subprocess.PIPE if out is None else out,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise TreeError(does_not_start(program, error)) from None

    def answer(
        self,
        started: subprocess.Popen[bytes],
        text: bytes | None = None,
        unread: dict[str, str] | None = None,
    ) -> bytes:
        """The output of a started command. Paths that it could not read are added to `unread`.

        Raises `TreeError`; without `unread`, also for paths that it could not read.
        """
        out, err = self.finish(started, text)
        message = decode(err)
        if started.returncode:
            raise _explained(message, self.top)
        if left := reasons_of_git(message):
            if unread is None:
                raise Unread(left)
            unread.update({name: why for name, why in left.items() if name not in unread})
        return out

    def finish(self, started: subprocess.Popen[bytes], text: bytes | None = None) -> tuple[bytes, bytes]:
        """The output of a command on both streams, whatever its exit status. Raises `TreeError`."""
        from subprocess import TimeoutExpired

        try:
            with suppress(TimeoutExpired):
                return started.communicate(text, timeout=min(_SOON, _SECONDS))
            self._refuse_what_is_in_the_way()
            return started.communicate(timeout=max(_SECONDS - _SOON, 0))
        except TimeoutExpired:
            raise TreeError(no_answer(self.top, _SECONDS)) from None
        finally:
            if started.returncode is None:
                stop(started)

    def _refuse_what_is_in_the_way(self) -> None:
        """Raises `Unread` for each `.gitignore` that git would wait for, such as a pipe."""
        opaque = [] if self.bare else list(in_the_way(self.top))
        if opaque and "" not in opaque:  # git does not enter ignored directories
            from subprocess import TimeoutExpired

            text = b"".join(b"./" + os.fsencode(path[:-1]) + b"\0" for path in opaque)
            # Outside git, an empty repository elsewhere is used.
            where = () if has_work_tree(self.top) else (f"--git-dir={self.git_directory}",)
            arguments = (*where, "check-ignore", "--no-index", "-z", "--stdin")
            process = self.start(*arguments, text=text, literal=False)
            try:
                out, _ = process.communicate(text, timeout=_SECONDS)
            except TimeoutExpired:
                stop(process)
                raise TreeError(no_answer(self.top, _SECONDS)) from None
            passed = {f"{name.removeprefix('./')}/" for name in records(out)}
            opaque = [path for path in opaque if path not in passed]
        if reasons := gitignores_unread(str(self.top), opaque):
            raise Unread(texts(reasons))

    def patterns(self) -> dict[str, Patterns]:
        """The patterns in the files besides `.gitignore`."""
        common = self._common_directory()
        places = [str(common / "info/exclude")]
        program = git_program(self.top)
        if may_name_patterns(program, common, self.git_directory):
            process = self.start("config", "-z", "--type=path", "--get", "core.excludesFile")
            named = self.finish(process)[0].split(b"\0")[0]
            places.append(str(self.top / os.fsdecode(named)) if named else default_patterns())
        else:
            places.append(default_patterns())
        return {quote(place): read_patterns(place, follow=True) for place in places if place}

    def _common_directory(self) -> Path:
        """The directory with the data that all work trees of a repository share."""
        try:
            named = (self.git_directory / "commondir").read_bytes().strip()
        except OSError:
            return self.git_directory
        return Path(os.path.normpath(self.git_directory / os.fsdecode(named)))

    def submodules(self) -> frozenset[str]:
        """The submodules in the index, including those that are not fetched. Raises `TreeError`."""
        listed = records(self.git("ls-files", "-z", "-s"))
        return frozenset(line.partition("\t")[2] for line in listed if line.startswith(SUBMODULE))

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of `paths`, which need not exist, that git ignores here, also by the user's own patterns.

        Raises `TreeError` if git does not answer.
        """
        text = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
        # With literal paths this command finds nothing.
        process = self.start("check-ignore", "--no-index", "-z", "--stdin", text=text, literal=False)
        out, _ = self.finish(process, text)
        # It fails if nothing is ignored, and for a path beyond a link, where no step is done anyway.
        return frozenset(path.removeprefix("./") for path in records(out))

    def commit_index(self) -> dict[str, str]:
        """The index that `git commit -- path` passes to its hooks, if it is where such an index can be."""
        path = os.environ.get("GIT_INDEX_FILE", "")
        index = (self.top / path).resolve()
        if path and index.is_file() and index.is_relative_to(self.git_directory.resolve()):
            return {"GIT_INDEX_FILE": str(index)}
        return {}

    def may_have_intended(self) -> bool:
        """Whether the index may have entries of `git add --intent-to-add`, for which it needs version 3.

        The entries of a split index are in another file, of another version.
        """
        index = self.commit_index().get("GIT_INDEX_FILE") or self.git_directory / "index"
        try:
            with open(index, "rb") as file:  # noqa: PTH123 - a text or a path
                version = file.read(8)
            return version != b"DIRC\0\0\0\2" or any(self.git_directory.glob("sharedindex.*"))
        except OSError:
            return True

    def index_content(self) -> bytes:
        """The content of the index; empty if it does not exist."""
        index = self.git_directory / "index"
        return index.read_bytes() if index.exists() else b""

    @contextmanager
    def _copied(self, index: bytes) -> Iterator[tuple[Path, dict[str, str]]]:
        """A copy of an index, and the environment that makes git use it."""
        with temporary_directory() as place:
            if index:
                place.put("index", index)
            copy = place.root / "index"
            yield copy, {"GIT_INDEX_FILE": str(copy)}

    def paths(self, index: bytes) -> list[str]:
        """The paths that an index lists. Raises `TreeError`."""
        with self._copied(index) as (_, more):
            return records(self.answer(self.start("ls-files", "-z", more=more)))

    def without_filters(self) -> dict[str, str]:
        """Switches off the filters that the repository configures: `diff-files` would run them."""
        process = self.start(
            "config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|required)$"
        )
        names = records(self.finish(process)[0])
        values = {
            f"GIT_CONFIG_VALUE_{n}": "false" if name.endswith("required") else ""
            for n, name in enumerate(names)
        }
        return {
            "GIT_CONFIG_COUNT": str(len(names)),
            **{f"GIT_CONFIG_KEY_{n}": name for n, name in enumerate(names)},
            **values,
        }


def find_repository(directory: Path) -> Repository | None:
    """The repository that a directory is in, found without asking git."""
    for place in (directory, *directory.parents):
        if git := git_directory(place / ".git"):
            return Repository(place, git)
        if is_git_directory(place):
            if place.name == ".git":
                raise TreeError(f"{quote(str(place))} contains git's own data; check the directory above it")
            return Repository(place, place, bare=True)
    return _named_repository(directory)


def _named_repository(directory: Path) -> Repository | None:
    """The repository in `GIT_DIR`, if a directory is in its work tree.

    git passes it to hooks, and it is the only way to find the repository after `git --git-dir`.
    """
    named = os.environ.get("GIT_DIR")
    git = Path(named).absolute() if named else None
    if git is None or not is_git_directory(git):
        return None
    try:
        git_program(directory)
    except FileNotFoundError:
        return None
    here = Repository(Path.cwd(), git, bare=True, named=True)
    work_tree = os.environ.get("GIT_WORK_TREE")
    process = here.start(
        "rev-parse", "--show-toplevel", more={"GIT_WORK_TREE": work_tree} if work_tree else {}
    )
    top = Path(decode(here.finish(process)[0]).removesuffix("\n"))
    return Repository(top, git, named=True) if top.is_absolute() and directory.is_relative_to(top) else None


def _explained(message: str, top: Path) -> TreeError:
    """The explanation of an error of git."""
    place = quote(str(top))
    if "dubious ownership" in message or "safe.directory" in message:
        return Untrusted(
            f"git does not trust {place}, which belongs to another user; if you do, run: "
            f"git config --global --add safe.directory {place}"
        )
    if too_long := re.search(_TOO_LONG, message):
        path = shortened(too_long[1])
        return TreeError(
            f"{place} contains a path that is too long for this system to read: {path}; move or remove it"
        )
    words = " ".join(shortened(line, _MOST_OF_A_LINE) for line in message.splitlines() if line) or NO_REASON
    return TreeError(f"git cannot read {place}: {words}")
