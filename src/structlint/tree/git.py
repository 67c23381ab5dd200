"""Trees from git: the work tree as git sees it, the index, a revision.

git is started at the top of the work tree, by an absolute path outside it, with nothing in its
environment or configuration that would make it run a program of the repository's choosing: no hooks, no
file system monitor, no filters (the commands used here need none), no pager, no prompt, no network.
"""

from __future__ import annotations

import os
import re
import signal
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from structlint.errors import TreeError, Unread
from structlint.quoting import quote, shortened
from structlint.tree.files import (
    NO_OBJECT,
    ObjectFiles,
    SparseFiles,
    WorkTreeFiles,
    by_kind,
    mode_of,
    target_of,
)
from structlint.tree.tree import Below, Source, Tree, grouped, grown, holds, resolved
from structlint.tree.unread import (
    IGNORING,
    Reason,
    default_patterns,
    gitignores_unread,
    in_the_way,
    may_name_patterns,
    reason_unread,
    said_by_git,
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
)
_SECONDS = 120
_SOON = 2  # seconds after which it is looked for what git may be waiting for
_MOST_SAID = 300
_TOO_LONG = r"'([^\n]{2000,})"  # as much of a path as git has room for in its own words
_NO_REASON = "no reason given"
_NOT_THERE = (b" missing", b" ambiguous")
_LINK, _SUBMODULE = "120000", "160000"
_GIT = ".git"
SMALL = 1 << 19  # bytes of an index: of some five thousand files
_FEW = 100  # paths, of up to 4 KiB each, for one command line


class Repository(NamedTuple):
    """A repository: the top of its work tree, or where it is bare the directory of its data."""

    top: Path
    git_directory: Path
    bare: bool = False

    def git(self, *arguments: str, index: bool = False, text: bytes | None = None) -> bytes:
        """What a git command prints; with `index`, on the index of the commit that is being made.

        Raises `TreeError` where it fails, or could not read a directory.
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
        import subprocess  # which `where` has no use for

        where = () if self.bare else (f"--work-tree={self.top}",)
        paths = ("--literal-pathspecs",) if literal else ()
        try:
            program = git_program(self.top)
        except FileNotFoundError:
            raise TreeError(f"git is not installed, and {quote(str(self.top))} is a repository") from None
        # Where git takes this for no repository, it is not to answer for one above it.
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
        """What a started command prints; what it could not read is added to `unread`.

        Raises `TreeError`, without `unread` also for what it could not read.
        """
        out, err = self._ended(started, text)
        said = _decoded(err)
        if started.returncode:
            raise TreeError(_explained(said, self.top))
        if left := said_by_git(said):
            if unread is None:
                raise Unread(left)
            unread.update({name: why for name, why in left.items() if name not in unread})
        return out

    def _ended(self, started: subprocess.Popen[bytes], text: bytes | None = None) -> tuple[bytes, bytes]:
        """What a command has printed on both streams when it has ended, well or not. Raises `TreeError`."""
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
                _end(started)

    def _refuse_what_is_in_the_way(self) -> None:
        """Raises `Unread` for each `.gitignore` that git would wait for, as for one that is a pipe."""
        found = [] if self.bare else list(in_the_way(self.top))
        if found and "" not in found:  # what is ignored git does not enter
            from subprocess import TimeoutExpired

            text = b"".join(b"./" + os.fsencode(path[:-1]) + b"\0" for path in found)
            # Outside git there is a repository of no content elsewhere.
            where = () if has_work_tree(self.top) else (f"--git-dir={self.git_directory}",)
            arguments = (*where, "check-ignore", "--no-index", "-z", "--stdin")
            asked = self.start(*arguments, text=text, literal=False)
            try:
                out, _ = asked.communicate(text, timeout=_SECONDS)
            except TimeoutExpired:
                _end(asked)
                raise TreeError(no_answer(self.top, _SECONDS)) from None
            passed = {f"{each.removeprefix('./')}/" for each in records(out)}
            found = [path for path in found if path not in passed]
        if reasons := gitignores_unread(str(self.top), found):
            raise Unread(texts(reasons))

    def patterns_unread(self) -> dict[str, Reason]:
        """What says besides `.gitignore` files what git ignores, and cannot be read; and why."""
        common = self._common_directory()
        places = [str(common / "info/exclude")]
        program = git_program(self.top)
        if may_name_patterns(program, common, self.git_directory):
            asked = self.start("config", "-z", "--type=path", "--get", "core.excludesFile")
            named = self._ended(asked)[0].split(b"\0")[0]
            places.append(str(self.top / os.fsdecode(named)) if named else default_patterns())
        else:
            places.append(default_patterns())
        found = ((each, reason_unread(each, follow=True)) for each in places if each)
        return {quote(each): reason for each, reason in found if reason}

    def _common_directory(self) -> Path:
        """Where the data is that all work trees of a repository share."""
        try:
            named = (self.git_directory / "commondir").read_bytes().strip()
        except OSError:
            return self.git_directory
        return Path(os.path.normpath(self.git_directory / os.fsdecode(named)))

    def submodules(self) -> frozenset[str]:
        """The submodules of the index, also those whose files are not fetched. Raises `TreeError`."""
        listed = records(self.git("ls-files", "-z", "-s"))
        return frozenset(each.partition("\t")[2] for each in listed if each.startswith(_SUBMODULE))

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of `paths`, which need not exist, that git ignores here, by this user's patterns too.

        Raises `TreeError` where git does not answer.
        """
        text = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
        # With literal paths this command finds nothing.
        asked = self.start("check-ignore", "--no-index", "-z", "--stdin", text=text, literal=False)
        out, _ = self._ended(asked, text)
        # It fails where nothing is ignored, and for a path beyond a link, where no step is done anyway.
        return frozenset(each.removeprefix("./") for each in records(out))

    def commit_index(self) -> dict[str, str]:
        """The index that `git commit -- path` hands to its hooks, if it lies where such an index does."""
        path = os.environ.get("GIT_INDEX_FILE", "")
        index = (self.top / path).resolve()
        if path and index.is_file() and index.is_relative_to(self.git_directory.resolve()):
            return {"GIT_INDEX_FILE": str(index)}
        return {}

    def work_tree(self, prefix: str, gitignore: bool, ends: ExitStack) -> Callable[[], Tree]:
        """Asks git for one directory of the work tree: what is tracked and there, and what is not ignored.

        The tree is what the result gives, which waits for git. `ends` ends git if nobody waits for it.
        """
        exclude = ("--exclude-standard",) if gitignore else ()
        tracked = _List(self, ends, "-t", "-c")
        others = _List(self, ends, "-o", *exclude)
        ignored = _List(self, ends, "-c", "-i", "--exclude-standard")
        tracked.ask(*_within(prefix))
        if self._index_bytes() < SMALL:  # git is done before we are
            others.ask(*_within(prefix))
            ignored.ask(*_within(prefix))
        return lambda: self._work_tree(prefix, gitignore, tracked, others, ignored)

    def _work_tree(self, prefix: str, gitignore: bool, tracked: _List, others: _List, ignored: _List) -> Tree:
        out = tracked.answer()
        ignored.ask(*_within(prefix))  # no sooner where git takes long: it is needed last
        listed = self._tracked(out, prefix)
        tracked_files = listed.files
        disk = _Disk(str(self.top / prefix), grouped(tracked_files))
        if directories := listed.hold_against(disk):
            known = {prefix + path for path in listed.modules} or self.submodules()
            listed.opaque.update(f"{path}/" for path in directories if prefix + path in known)
        strangers = [path for path in disk.strangers() if f"{path}/" not in listed.opaque]
        patterns = _PatternFiles(self, prefix)
        patterns.look(disk.ignoring)
        if gitignore and patterns.block:
            raise Unread({**disk.unread, **patterns.unread})
        if strangers:
            few = len(strangers) <= _FEW
            others.ask(*("--", *(prefix + path for path in strangers)) if few else _within(prefix))
        unread = disk.unread
        listed.add_untracked(_paths(others.answer(unread), prefix))
        held = disk.held if listed.files is tracked_files else grouped(listed.files)
        patterns.look(directory for directory, names in held.items() if IGNORING in names)
        ignored_paths = patterns.filter(ignored)
        if unread := {**unread, **(patterns.outside(disk.shut) if gitignore else {})}:
            raise Unread(unread)
        files = tuple(listed.files)
        tree = Tree(
            files=files,
            source=self._work_tree_source(listed, prefix, _gitignores(held, prefix)),
            links=resolved(files, listed.opaque, self._targets(listed, prefix)),
            opaque=frozenset(listed.opaque),
            untracked=frozenset(listed.untracked),
            ignored=frozenset(path for path in ignored_paths if holds(files, path)),
            absent=frozenset(listed.skipped),
            in_git=True,
            unread=patterns.unread,
            notes=self._all_ignored(prefix) if prefix and not files else (),
        )
        tree.root = grown(held, tree.opaque, tree.linked_directories)
        return tree

    def _index_bytes(self) -> int:
        try:
            return (self.git_directory / "index").stat().st_size
        except OSError:
            return 0

    def _tracked(self, out: bytes, prefix: str, details: _List | None = None) -> _Listed:
        """What git tracks, `out` being its paths with tags, `details` what the index says of them.

        Without them that is asked only if something may not be on disk.
        """
        text = _decoded(out)
        paths = text[2:-1].split("\0H ")
        ordinary = text.startswith("H ") and text.count("\0") == len(paths)
        if not ordinary:  # the same path may be there with several stages
            paths = list(dict.fromkeys(record[2:] for record in records(out)))
        listed = _Listed([path[len(prefix) :] for path in paths] if prefix else paths)
        if details:
            listed.add_details(details.answer(), prefix)
        elif paths and not ordinary:
            listed.add_details(self.git("ls-files", "-z", "-t", "-s", "-c", *_within(prefix)), prefix)
        if not text.isascii():
            listed.files.sort()  # git sorts bytes
        return listed

    def _targets(self, listed: _Listed, prefix: str) -> dict[str, str]:
        """The symbolic links as written: on disk, or in the index where a sparse checkout leaves them out."""
        targets: dict[str, str] = {}
        skipped: dict[str, str] = {}
        top = str(self.top / prefix)
        for path in [*listed.links, *listed.untracked]:
            target = target_of(top, path)
            if target is not None:
                targets[path] = target
            elif path in listed.links and path in listed.skipped:
                skipped[path] = listed.links[path]
        return targets | self._blobs(skipped)

    def _work_tree_source(self, listed: _Listed, prefix: str, gitignores: Sequence[str]) -> Source:
        on_disk = WorkTreeFiles(self.top, gitignores)
        if not listed.skipped:
            return _below(on_disk, prefix)
        in_index = ObjectFiles(_Blobs(self, {}), "", (), lists=lambda path: True)  # it is asked for no other
        return _below(SparseFiles(on_disk, in_index, {prefix + path for path in listed.skipped}), prefix)

    def _all_ignored(self, prefix: str) -> tuple[str, ...]:
        if any((self.top / prefix).iterdir()):
            return (f"git sees no file in {quote(prefix)}: what is there is ignored",)
        return ()

    def staged(self, prefix: str, ends: ExitStack) -> Callable[[], Tree]:
        """Asks for the tree of the index, which is what the commit will contain, as `work_tree` does."""
        within, more = _within(prefix), self.commit_index()
        tracked = _List(self, ends, "-t", "-c", more=more)
        details = _List(self, ends, "-t", "-s", "-c", more=more)
        ignored = _List(self, ends, "-c", "-i", "--exclude-standard", more=more)
        for each in (tracked, details, ignored):
            each.ask(*within)

        def tree() -> Tree:
            return self._of_objects(self._tracked(tracked.answer(), prefix, details), prefix, "", ignored)

        return tree

    def revision(self, rev: str, prefix: str) -> Tree:
        """The tree of a revision. Raises `TreeError` for one there is not."""
        tree = self._tree_of(rev)
        listed = _Listed()
        for record in records(self.git("ls-tree", "-r", "-z", "--full-tree", tree, *_within(prefix))):
            meta, _, path = record.partition("\t")
            mode, _, name = meta.split(" ")
            listed.files.append(path[len(prefix) :])
            listed.add_detail("H", mode, name, path[len(prefix) :])
        return self._of_objects(listed, prefix, tree)

    def _tree_of(self, rev: str) -> str:
        try:
            found = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{tree}}")
        except TreeError as error:
            if not str(error).endswith(_NO_REASON):
                raise
            raise TreeError(f"there is no revision {quote(rev)} in {quote(str(self.top))}") from None
        return found.decode().strip()

    def _of_objects(self, listed: _Listed, prefix: str, tree: str, ignored: _List | None = None) -> Tree:
        listed.close(listed.modules)
        listed.files.sort()
        files, held = tuple(listed.files), grouped(listed.files)
        ignored_paths, unread = self._ignored_of(held, prefix, ignored) if ignored else ([], {})
        links = frozenset(prefix + path for path in listed.links)
        more = {} if tree else self.commit_index()

        def lists(path: str) -> bool:
            return path.startswith(prefix) and holds(files, path[len(prefix) :])

        source = ObjectFiles(_Blobs(self, more), tree, _gitignores(held, prefix), links, lists)
        found = Tree(
            files=files,
            source=_below(source, prefix),
            links=resolved(files, listed.opaque, self._blobs(listed.links)),
            opaque=frozenset(listed.opaque),
            ignored=frozenset(ignored_paths),
            in_git=True,
            unread=unread,
        )
        found.root = grown(held, found.opaque, found.linked_directories)
        return found

    def _ignored_of(
        self, held: Iterable[str], prefix: str, ignored: _List
    ) -> tuple[list[str], Mapping[str, str]]:
        """What git lists as ignored in directories, and what says so on disk and cannot be read."""
        patterns = _PatternFiles(self, prefix)
        patterns.look({above for path in held for above in _upwards(path)})
        return patterns.filter(ignored), patterns.unread

    def index_after(self, moves: Iterable[tuple[str, str]], untracked: Iterable[str]) -> tuple[bytes, bytes]:
        """The index as it is, and as it will be with paths moved and others taken out; nothing is changed.

        A path that ends in "/" stands for all below it. Raises `TreeError`.
        """
        from tempfile import TemporaryDirectory

        index = self.git_directory / "index"
        before = index.read_bytes() if index.exists() else b""
        lines = _index_lines(records(self.git("ls-files", "-z", "-s")), list(moves), list(untracked))
        if not lines:
            return before, before
        with TemporaryDirectory() as directory:
            copy = Path(directory) / "index"
            copy.write_bytes(before)
            text = "".join(lines).encode("utf-8", "surrogateescape")
            # To write an index git reads what may have changed in the same moment, through its filters.
            more = {**self._no_filters(), "GIT_INDEX_FILE": str(copy)}
            self.answer(self.start("update-index", "-z", "--index-info", more=more, text=text), text)
            for flag, paths in self._flagged(lines):
                told = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
                arguments = ("update-index", "-z", flag, "--stdin")
                self.answer(self.start(*arguments, more=more, text=told), told)
            return before, copy.read_bytes()

    def _flagged(self, lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """The flags that moved entries had, which `--index-info` does not take, and their new paths."""
        gone: list[str] = []
        moved: dict[str, str] = {}
        for line in lines:
            meta, _, path = line.rstrip("\0").partition("\t")
            if meta.startswith("0 "):
                gone.append(path)
            else:
                moved[gone[-1]] = path
        if not moved:
            return
        tags = {record[2:]: record[0] for record in records(self.git("ls-files", "-z", "-v"))}
        skipped = [new for old, new in moved.items() if tags.get(old, "H") in "Ss"]
        assumed = [new for old, new in moved.items() if tags.get(old, "H").islower()]
        for flag, paths in (("--skip-worktree", skipped), ("--assume-unchanged", assumed)):
            if paths:
                yield flag, paths

    def entries(self, index: bytes) -> bytes:
        """What an index of this repository lists: modes, objects, stages and paths. Raises `TreeError`."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as directory:
            copy = Path(directory) / "index"
            if index:
                copy.write_bytes(index)
            return self.answer(self.start("ls-files", "-z", "-s", more={"GIT_INDEX_FILE": str(copy)}))

    def _blobs(self, names: Mapping[str, str]) -> dict[str, str]:
        """The contents of small objects, by the paths that `names` gives them."""
        if not names:
            return {}
        asked = "".join(f"{name}\n" for name in names.values()).encode()
        out = self.git("cat-file", "--batch", text=asked)
        contents: dict[str, str] = {}
        unread: dict[str, str] = {}
        for path in names:
            header, _, out = out.partition(b"\n")
            if header.endswith(_NOT_THERE):
                unread[quote(path)] = NO_OBJECT
                continue
            size = int(header.split(b" ")[2])
            contents[path], out = _decoded(out[:size]), out[size + 1 :]
        if unread:
            raise Unread(unread)
        return contents

    def changed(self, base: str, prefix: str) -> Changes:
        """What differs from where this branch left `base`, in the index and in the work tree.

        Raises `TreeError` for a base there is not.
        """
        tree = self._left(base) if self._has_commits() or base != "HEAD" else self._empty_tree()
        within = _within(prefix)
        staged = self.git("diff-index", "--cached", "--name-status", "-z", "--no-renames", tree, *within)
        worked = self._worked(within)
        untracked = self.git("ls-files", "-z", "-o", "--exclude-standard", *within)
        added = set(_paths(untracked, prefix))
        other: set[str] = set()
        fields = [*records(staged), *records(worked)]
        for status, path in zip(fields[::2], fields[1::2], strict=True):
            (added if status == "A" else other).add(path[len(prefix) :])
        return Changes(frozenset(added), frozenset(other - added))

    def _worked(self, within: Sequence[str]) -> bytes:
        """What differs in the work tree from the index, by content: a file that was only touched does not."""
        from tempfile import TemporaryDirectory

        index = self.git_directory / "index"
        with TemporaryDirectory() as directory:
            copy = Path(directory) / "index"
            if index.exists():
                copy.write_bytes(index.read_bytes())
                # By the index's own time git knows which files may have changed since in the same moment.
                times = index.stat()
                os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
            more = {**self._no_filters(), "GIT_INDEX_FILE": str(copy)}
            refreshed = self.start("update-index", "-q", "--refresh", "--unmerged", more=more)
            self._ended(refreshed)  # it fails where something differs
            return self.answer(
                self.start("diff-files", "--name-status", "-z", "--no-renames", *within, more=more)
            )

    def _no_filters(self) -> dict[str, str]:
        """Switches off the filters that the repository configures: `diff-files` would run them."""
        asked = self.start(
            "config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|required)$"
        )
        names = records(self._ended(asked)[0])
        values = {
            f"GIT_CONFIG_VALUE_{n}": "false" if name.endswith("required") else ""
            for n, name in enumerate(names)
        }
        return {
            "GIT_CONFIG_COUNT": str(len(names)),
            **{f"GIT_CONFIG_KEY_{n}": name for n, name in enumerate(names)},
            **values,
        }

    def _has_commits(self) -> bool:
        asked = self.start("rev-parse", "--verify", "--quiet", "HEAD")
        self._ended(asked)
        return asked.returncode == 0

    def _empty_tree(self) -> str:
        return self.git("hash-object", "-t", "tree", "--stdin", text=b"").decode().strip()

    def _left(self, base: str) -> str:
        """The commit in which this branch left `base`; `base` itself where there is none."""
        self._tree_of(base)
        try:
            return self.git("merge-base", "--", base, "HEAD").decode().split("\n")[0]
        except TreeError:
            return (
                self.git("rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}").decode().strip()
            )


class Changes(NamedTuple):
    """Paths that were added, and those that were changed or removed."""

    added: frozenset[str]
    other: frozenset[str]


def _index_lines(
    records: Iterable[str], moves: Sequence[tuple[str, str]], untracked: Sequence[str]
) -> list[str]:
    """What `git update-index --index-info` is told, so that entries move and go."""
    lines = []
    left: set[str] = set()
    taken: dict[str, str] = {}
    for record in records:
        meta, _, path = record.partition("\t")
        mode, name, stage = meta.split(" ")
        now = path
        for source, target in moves:
            if now == source or (source.endswith("/") and now.startswith(source)):
                now = target + now[len(source) :]
        gone = any(
            now == each or now.startswith(each if each.endswith("/") else f"{each}/") for each in untracked
        )
        if (gone or now != path) and stage != "0":
            raise TreeError(f"{quote(path)} has a conflict that is not resolved yet; resolve it first")
        if gone or now != path:
            lines.append(f"0 {'0' * len(name)}\t{path}\0")
        if now != path and not gone:
            lines.append(f"{mode} {name}\t{now}\0")
            taken[now] = path
        elif not gone:
            left.add(path)
    for path in sorted(left.intersection(taken)):
        raise TreeError(f"{quote(path)} is in git's index still; commit that it is gone, then move")
    return lines


class _Blobs:
    """Reads objects through one process of git, which is started when the first is asked for."""

    def __init__(self, repository: Repository, more: Mapping[str, str]) -> None:
        self.repository = repository
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes | None:
        asked = name.encode("utf-8", "surrogateescape")
        if b"\n" in asked:
            return self._alone(name)
        process = self._started()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(asked + b"\n")
            process.stdin.flush()
            header = process.stdout.readline()
            if header.removesuffix(b"\n").endswith(_NOT_THERE):
                return None
            _, kind, size = header.split()
            content = process.stdout.read(int(size) + 1)[:-1]
        except (OSError, ValueError):
            self.process = None  # it ends where it would have to fetch an object
            raise Unread({quote(name): "git does not answer for it"}) from None
        return content if kind == b"blob" else None

    def _alone(self, name: str) -> bytes | None:
        """The same for a name with an end of line, which the process would take for two."""
        try:
            return self.repository.git("cat-file", "blob", name, index=bool(self.more))
        except TreeError:
            return None

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            from weakref import finalize

            self.process = self.repository.start("cat-file", "--batch", more=self.more, text=b"")
            finalize(self, _end, self.process)
        return self.process


class _List:
    """A list of paths that git may be asked for, and makes while we go on.

    A pipe holds some 64 KiB, and git would wait for us to read on; a file in memory, where the system has
    such, takes all. `ends` ends git where its answer is not needed.
    """

    def __init__(
        self,
        repository: Repository,
        ends: ExitStack,
        *arguments: str,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.repository = repository
        self.ends = ends
        self.arguments = ["ls-files", "-z", *arguments]
        self.more = more
        self.file: BinaryIO | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, *within: str) -> None:
        """Asks git, once. Raises `TreeError`."""
        if self.process is None:
            self.arguments += within
            self.file = _in_memory(self.ends)
            self.process = self.repository.start(*self.arguments, more=self.more, out=self.file)
            self.ends.callback(_end, self.process)

    def answer(self, unread: dict[str, str] | None = None) -> bytes:
        """What git lists; nothing where it was not asked. For `unread` see `Repository.answer`.

        Raises `TreeError`.
        """
        if self.process is None:
            return b""
        try:
            out = self.repository.answer(self.process, unread=unread)
        except TreeError:
            if self.process.returncode != -getattr(signal, "SIGXFSZ", 0):
                raise
            # Files may not become so large here, and a pipe is none.
            again = self.repository.start(*self.arguments, more=self.more)
            return self.repository.answer(again, unread=unread)
        if self.file:
            self.file.seek(0)
            return self.file.read()
        return out


def _in_memory(ends: ExitStack) -> BinaryIO | None:
    """A file in memory, None where the system has no such."""
    try:
        return ends.enter_context(os.fdopen(os.memfd_create("git"), "r+b"))
    except (AttributeError, OSError):
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process. What it has started may go on and hold its pipes open, so they are not read."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(OSError):  # there may be text left that nobody reads
                pipe.close()


class _PatternFiles:
    """The files that say what git ignores, each looked at once. `unread` has those that cannot be read."""

    def __init__(self, repository: Repository, prefix: str) -> None:
        self.repository = repository
        self.prefix = prefix
        self.unread: dict[str, str] = {}
        self.block = False  # whether git would wait for one without end
        self._seen: set[str] = set()
        self._add(repository.patterns_unread())
        self._add(gitignores_unread(str(repository.top), _upwards(prefix)[1:]))

    def look(self, directories: Iterable[str]) -> None:
        """Looks at the `.gitignore` of each directory that has one; paths are relative to the prefix."""
        new = [each for each in directories if each not in self._seen]
        self._seen.update(new)
        self._add(gitignores_unread(str(self.repository.top), [self.prefix + each for each in new]))

    def _add(self, reasons: Mapping[str, Reason]) -> None:
        self.unread.update(texts(reasons))
        self.block |= any(reason.special for reason in reasons.values())

    def outside(self, shut: Iterable[str]) -> dict[str, str]:
        """Those that cannot be read, but for what is in directories that cannot be read themselves."""
        inside = tuple(self.prefix + directory for directory in shut)
        return {name: why for name, why in self.unread.items() if not name.startswith(inside)}

    def filter(self, ignored: _List) -> list[str]:
        """What git lists as ignored, paths relative to the prefix; nothing where git would wait for ever."""
        if self.block:
            return []
        return _paths(ignored.answer(self.unread), self.prefix)


class _Listed:
    """What git lists, sorted by kind; paths relative to the prefix.

    `links` has the objects of links, "" for what is none in the index.
    """

    def __init__(self, files: list[str] | None = None) -> None:
        self.files = files or []
        self.opaque: set[str] = set()
        self.untracked: set[str] = set()
        self.links: dict[str, str] = {}
        self.skipped: set[str] = set()
        self.modules: set[str] = set()
        self.no_modules: set[str] = set()  # what is none in at least one of its stages, and no ordinary file

    def add_details(self, out: bytes, prefix: str) -> None:
        """Adds what `git ls-files -z -t -s` says of what is no ordinary file."""
        if out.startswith(b"H 100") and out.count(b"\0H 100") == len(self.files) - 1:
            return  # as nearly everywhere; to look at each would take 8 % of the check
        for record in records(out):
            if not record.startswith("H 100"):
                meta, _, path = record.partition("\t")
                self.add_detail(record[0], meta[2:8], meta[9:].partition(" ")[0], path[len(prefix) :])

    def add_detail(self, tag: str, mode: str, name: str, path: str) -> None:
        if tag == "S":
            self.skipped.add(path)
        (self.modules if mode == _SUBMODULE else self.no_modules).add(path)
        if mode == _LINK:
            self.links[path] = name

    def close(self, modules: Set[str]) -> None:
        """Makes submodules directories whose inside is not looked at; one in conflict may be a file too."""
        self.opaque.update(f"{path}/" for path in modules)
        if gone := modules - self.no_modules:
            self.files = [path for path in self.files if path not in gone]

    def hold_against(self, disk: _Disk) -> list[str]:
        """Takes out what is tracked and gone, or is no file now; finds what is a link now.

        git would tell what is gone, but not that a directory, a pipe or a link took the place of a file.
        Returns the files that are directories: submodules, where the modes of the index are not known.
        """
        self.close(self.modules & self.skipped)
        gone = []
        directories = []
        for path, mode in _no_files(disk, self.skipped):
            if stat.S_ISLNK(mode):
                self.links.setdefault(path, "")
            elif not stat.S_ISREG(mode):
                gone.append(path)
                if stat.S_ISDIR(mode):
                    directories.append(path)
        if gone:
            self.links = {path: name for path, name in self.links.items() if path not in gone}
            self.files = sorted({*self.files}.difference(gone))
        return directories

    def add_untracked(self, paths: Iterable[str]) -> None:
        """Adds what git does not track."""
        for path in paths:
            if path.endswith("/"):
                self.opaque.add(path)
            else:
                self.untracked.add(path)
        if self.untracked:
            self.files = sorted({*self.files, *self.untracked})


def _no_files(disk: _Disk, skipped: Collection[str]) -> Iterator[tuple[str, int]]:
    """What is tracked and not listed as a regular file by the directory that it is in, and its mode.

    Those that are `skipped` are not looked for.
    """
    for directory, names in disk.held.items():
        left: Iterable[str] = names
        if disk.has(directory):
            files = disk.take_files(directory)
            if files.issuperset(names):
                continue
            left = [name for name in names if name not in files]
        paths = [directory + name for name in left if directory + name not in skipped]
        # Where case does not count, or accents are written another way, a name may be there all the same.
        yield from ((path, disk.mode(path) if disk.has(directory) else 0) for path in paths)


class _Disk:
    """What is on disk where something is tracked, each directory listed once.

    `held` are the names that are tracked, by their directories; paths of directories are "" or end in "/".
    """

    def __init__(self, top: str, held: Mapping[str, list[str]]) -> None:
        self.top = top
        self.held = held
        self._there = {"": True}
        self._files: dict[str, set[str]] = {}  # until they are asked for
        self._directories: dict[str, frozenset[str]] = {}
        self._strange: list[str] = []
        self.ignoring: list[str] = []  # the directories with a `.gitignore`, or something else of its name
        self.unread: dict[str, str] = {}  # the directories that cannot be read, and why
        self.shut: set[str] = set()

    def has(self, directory: str) -> bool:
        """Whether a directory is there, and not by a link."""
        waiting = []
        while directory not in self._there:
            waiting.append(directory)
            directory = _above(directory)
        for each in reversed(waiting):
            self._there[each] = self._there[directory] and self._has(directory, each[len(directory) : -1])
            directory = each
        return self._there[directory]

    def _has(self, above: str, name: str) -> bool:
        self._list(above)
        return name in self._directories[above] or stat.S_ISDIR(self.mode(above + name))

    def take_files(self, directory: str) -> set[str]:
        """The names of the regular files in a directory; they are not kept. Raises `TreeError`."""
        self._list(directory)
        return self._files.pop(directory)

    def mode(self, path: str) -> int:
        """The mode of what is here, 0 if there is nothing or the directory cannot be read."""
        return 0 if path[: path.rfind("/") + 1] in self.shut else mode_of(self.top, path)

    def strangers(self) -> list[str]:
        """What is there and not tracked, when all has been asked for; of directories the topmost."""
        self._list("")  # where nothing is tracked nobody has asked for it
        return self._strange + [
            above + name
            for above, names in self._directories.items()
            for name in names
            if f"{above}{name}/" not in self._there and name != _GIT
        ]

    def _list(self, directory: str) -> None:
        if directory in self._directories:
            return
        try:
            files, directories, others = by_kind(self.top, directory)
        except Unread as error:
            self.unread.update(error.reasons)
            self.shut.add(directory)
            files, directories, others = set(), frozenset(), frozenset()
        if IGNORING in files or IGNORING in others or IGNORING in directories:
            self.ignoring.append(directory)
        self._files[directory], self._directories[directory] = files, directories
        names = self.held.get(directory, ())
        if others or len(files) != len(names) or not files.issuperset(names):
            known = {*names, _GIT}
            self._strange += [directory + name for name in (*files, *others) if name not in known]


def _above(directory: str) -> str:
    """The directory that a directory is in."""
    return directory[: directory.rfind("/", 0, -1) + 1]


def _upwards(directory: str) -> list[str]:
    """A directory and those that it is in, the topmost, "", last."""
    found = [directory]
    while directory:
        directory = _above(directory)
        found.append(directory)
    return found


def find_repository(directory: Path) -> Repository | None:
    """The repository that a directory is in, found without asking git."""
    for place in (directory, *directory.parents):
        if found := _git_directory(place / ".git"):
            return Repository(place, found)
        if _is_git_directory(place):
            if place.name == ".git":
                raise TreeError(f"{quote(str(place))} holds git's own data; check the directory above it")
            return Repository(place, place, bare=True)
    return None


def has_work_tree(directory: Path) -> bool:
    """Whether a directory is the top of a repository's work tree."""
    return _git_directory(directory / ".git") is not None


def _git_directory(path: Path) -> Path | None:
    """The directory with git's data that `.git` is or names, None if it is neither."""
    if _is_git_directory(path):
        return path
    try:
        with path.open("rb") as file:
            text = file.read(4096)
    except OSError:
        return None
    named = path.parent / os.fsdecode(text.removeprefix(b"gitdir:").strip())
    return named if text.startswith(b"gitdir:") and (named / "HEAD").is_file() else None


def _is_git_directory(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def git_program(tree: Path | None = None) -> str:
    """The absolute path of git, found outside the tree. Raises `FileNotFoundError` if there is none."""
    return _program(os.environ.get("PATH", os.defpath), tree)


@lru_cache(maxsize=8)
def _program(path: str, tree: Path | None) -> str:
    names = ("git.exe", "git.cmd") if os.name == "nt" else ("git",)
    for directory in path.split(os.pathsep):
        if not Path(directory).is_absolute() or (tree and Path(directory).is_relative_to(tree)):
            continue
        for name in names:
            program = os.path.join(directory, name)  # noqa: PTH118 - a text is what is wanted
            if os.path.isfile(program) and os.access(program, os.X_OK):  # noqa: PTH113
                return program
    raise FileNotFoundError("git")


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment that git is started in: nothing that steers git, but `more`."""
    kept = {name: value for name, value in os.environ.items() if not _steers_git(name)}
    quiet = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    # An object that a partial clone has not got would be fetched, by a program that the repository names.
    offline = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    return {**kept, **quiet, **offline, **more}


def _steers_git(name: str) -> bool:
    # Where the user's own configuration lies is the user's business: it says what this user ignores.
    return name.startswith("GIT_") and name not in (
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
    )


def does_not_start(program: str, error: OSError) -> str:
    """What to say where git is there and cannot be run."""
    return f"cannot start {quote(program)}: {error.strerror}; install git anew, or take it off the PATH"


def no_answer(place: Path, seconds: int) -> str:
    """What to say where git hangs, as it does on a `.gitignore` that is a pipe."""
    return (
        f"git did not answer within {seconds} seconds in {quote(str(place))}; is a .gitignore there no file?"
    )


def _below(source: Source, prefix: str) -> Source:
    return Below(source, prefix) if prefix else source


def records(out: bytes) -> list[str]:
    """What git prints with a NUL after each. Raises `TreeError` where the end is missing."""
    *whole, rest = _decoded(out).split("\0")
    if rest:
        raise TreeError("git's answer is cut short; run the check again")
    return whole


def _gitignores(held: Mapping[str, list[str]], prefix: str) -> tuple[str, ...]:
    """The `.gitignore` files that speak of the directory at the prefix: those inside and above it."""
    steps = prefix.split("/")[:-1]
    above = ("/".join([*steps[:number], IGNORING]) for number in range(len(steps)))
    inside = sorted(directory + IGNORING for directory, names in held.items() if IGNORING in names)
    return (*above, *(prefix + path for path in inside))


def _within(prefix: str) -> tuple[str, ...]:
    return ("--", prefix) if prefix else ()


def _paths(out: bytes, prefix: str) -> list[str]:
    return [path[len(prefix) :] for path in records(out)]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _explained(said: str, top: Path) -> str:
    """What git's own words mean for a user."""
    place = quote(str(top))
    if "dubious ownership" in said or "safe.directory" in said:
        return (
            f"git does not trust {place}, which belongs to another user; if you do, run: "
            f"git config --global --add safe.directory {place}"
        )
    if too_long := re.search(_TOO_LONG, said):
        path = shortened(too_long[1])
        return f"{place} holds a path that is too long for this system to read: {path}; move or remove it"
    words = " ".join(shortened(line, _MOST_SAID) for line in said.splitlines() if line) or _NO_REASON
    return f"git cannot read {place}: {words}"
