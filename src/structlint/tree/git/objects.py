"""Trees from git's objects: the index and revisions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from structlint.errors import TreeError, UnknownRevision, Unread
from structlint.text.paths import upwards
from structlint.text.quoting import in_backticks, quote
from structlint.tree.git.gitlinks import undeclared
from structlint.tree.git.listing import GitListing, GitQuery, gitignore_files, list_index, source_below
from structlint.tree.git.patterns import PatternFiles
from structlint.tree.git.repository import NO_REASON, NOT_INSIDE, NOT_THERE
from structlint.tree.git.unchanged import UnchangedFiles
from structlint.tree.git_process import decode, limit_to, listed_paths, records, stop
from structlint.tree.model import Tree, build_directories, group_by_directory, holds, resolve_links
from structlint.tree.sources import NO_OBJECT, ObjectFiles

if TYPE_CHECKING:
    import subprocess

    from structlint.tree.git.repository import Repository


def read_index(repository: Repository, prefix: str, ends: ExitStack) -> Callable[[], Tree]:
    """Starts to read the tree of the index, which the next commit will contain, as `work_tree` does."""
    within, more = limit_to(prefix), repository.commit_index()
    entries = GitQuery(repository, ends, "-t", "-s", "-c", more=more)
    ignored = GitQuery(repository, ends, "-c", "-i", "--exclude-standard", more=more)
    entries.ask(*within)

    def tree() -> Tree:
        listed = list_index(entries, prefix)
        intended = _intended(repository, listed, prefix, ends)
        if intended:
            listed.remove(intended)
        patterns = PatternFiles(repository, prefix, ignored)
        return _tree_of_objects(repository, listed, prefix, "", patterns, intended)

    return tree


def _intended(repository: Repository, listed: GitListing, prefix: str, ends: ExitStack) -> frozenset[str]:
    """The paths of `git add --intent-to-add`, which the next commit will not contain.

    `git ls-files -s` lists them as empty files.
    """
    if not listed.empty or not repository.may_have_intended():
        return frozenset()
    arguments = ("--cached", "--ita-invisible-in-index", NOT_INSIDE, "--name-only", listed.empty_tree)
    committed = GitQuery(repository, ends, *arguments, more=repository.commit_index(), command="diff-index")
    committed.ask(*limit_to(prefix))
    intended, listed.empty = listed.empty, set()
    for block in committed.blocks():
        intended.difference_update(listed_paths(block, prefix))
    return frozenset(intended)


def read_revision(repository: Repository, rev: str, prefix: str) -> Tree:
    """The tree of a revision. Raises `TreeError` if it does not exist."""
    tree = tree_object(repository, rev)
    listed = GitListing()
    for record in records(repository.git("ls-tree", "-r", "-z", "--full-tree", tree, *limit_to(prefix))):
        meta, _, path = record.partition("\t")
        mode, _, name = meta.split(" ")
        listed.files.append(path[len(prefix) :])
        listed.add_detail("H", mode, name, path[len(prefix) :])
    return _tree_of_objects(repository, listed, prefix, tree)


class TreeName(str):
    """The name of a tree object that git has already resolved."""

    __slots__ = ()


def tree_object(repository: Repository, rev: str) -> TreeName:
    if isinstance(rev, TreeName):
        return rev
    try:
        answer = repository.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{tree}}")
    except TreeError as error:
        if not str(error).endswith(NO_REASON):
            raise
        raise UnknownRevision(
            f"unknown revision {in_backticks(rev)} in {in_backticks(str(repository.top))}"
        ) from None
    return TreeName(answer.decode().strip())


def _tree_of_objects(
    repository: Repository,
    listed: GitListing,
    prefix: str,
    tree: str,
    patterns: PatternFiles | None = None,
    intended: Collection[str] = (),
) -> Tree:
    listed.close(listed.modules)
    listed.files.sort()
    files, held = tuple(listed.files), group_by_directory(listed.files)
    ignored_paths: list[str] = []
    if patterns:
        patterns.ask(listed, {above for path in held for above in upwards(path)})
        ignored_paths = [path for path in patterns.filter() if path not in intended]
    links = frozenset(prefix + path for path in listed.links)
    more = {} if tree else repository.commit_index()

    def lists(path: str) -> bool:
        return path.startswith(prefix) and holds(files, path[len(prefix) :])

    absent = frozenset(prefix + path for path in intended)
    blobs = BlobReader(repository, more)
    unchanged = UnchangedFiles(repository, tree, more)
    source = ObjectFiles(blobs, tree, gitignore_files(held, prefix), links, lists, absent, unchanged)
    result = Tree(
        files=files,
        source=source_below(source, prefix),
        links=resolve_links(files, listed.opaque, read_blobs(repository, listed.links)),
        opaque=frozenset(listed.opaque),
        repositories=frozenset(listed.opaque),
        undeclared=undeclared(listed.modules, prefix, source.read),
        ignored=frozenset(ignored_paths),
        in_git=True,
        unread=patterns.unread if patterns else {},
    )
    result.root = build_directories(held, result.opaque, result.linked_directories)
    return result


def read_blobs(repository: Repository, names: Mapping[str, str]) -> dict[str, str]:
    """The contents of small objects, by their paths; `names` has the names of the objects."""
    if not names:
        return {}
    asked = "".join(f"{name}\n" for name in names.values()).encode()
    out = repository.git("cat-file", "--batch", text=asked)
    contents: dict[str, str] = {}
    unread: dict[str, str] = {}
    for path in names:
        header, _, out = out.partition(b"\n")
        if header.endswith(NOT_THERE):
            unread[quote(path)] = NO_OBJECT
            continue
        size = int(header.split(b" ")[2])
        contents[path], out = decode(out[:size]), out[size + 1 :]
    if unread:
        raise Unread(unread)
    return contents


# Names of objects that are sent at once: so many fit in the buffer of any pipe. With more, git and structlint
# could wait for each other, one to write an answer and the other to write a name.
_MOST_ASKED = 4 << 10  # bytes
_MOST_KEPT = 4 << 20  # bytes of objects that are read before they are needed


class BlobReader:
    """Reads objects through one git process, which is started for the first one.

    It asks for several of the objects that are expected at a time, because two processes that wait for each
    other at every object take longer to wait than to read.
    """

    def __init__(self, repository: Repository, more: Mapping[str, str]) -> None:
        self.repository = repository
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None
        self._pending: deque[str] = deque()  # asked for, and not read yet
        self.expect(())

    @property
    def root(self) -> Path:
        return self.repository.top

    def expect(self, names: Iterable[str]) -> None:
        self._expected = tuple(name for name in names if "\n" not in name)
        self._positions = {name: position for position, name in enumerate(self._expected)}
        self._next = 0  # the position of the first one that was not asked for
        self._kept: dict[str, bytes | None] = {}

    def read(self, name: str) -> bytes | None:
        if "\n" in name:
            return self._alone(name)
        try:
            return self._read(name)
        except (OSError, ValueError):  # the process ends where it would have to fetch an object
            self.process = None
            self._pending.clear()
        if not self._expected:
            raise Unread({quote(name): "git does not return its content"})
        self.expect(())  # it may have been another object
        return self.read(name)

    def _read(self, name: str) -> bytes | None:
        if name in self._kept:
            return self._kept.pop(name)
        process = self._started()
        assert process.stdin and process.stdout
        if name not in self._pending:
            self._keep_pending(process.stdout)
            self._pending.extend(self._asked_with(name))
            process.stdin.write("".join(f"{name}\n" for name in self._pending).encode(*_ENCODING))
            process.stdin.flush()
        self._keep_pending(process.stdout, until=name)
        self._pending.popleft()
        return _answer(process.stdout)

    def _keep_pending(self, stream: IO[bytes], until: str = "") -> None:
        """Reads the objects that come before another one, and keeps those that are not too large."""
        size = sum(len(content or b"") for content in self._kept.values())
        while self._pending and self._pending[0] != until:
            content = _answer(stream)
            size += len(content or b"")
            if size <= _MOST_KEPT:
                self._kept[self._pending[0]] = content
            self._pending.popleft()

    def _asked_with(self, name: str) -> list[str]:
        """An object, and the expected ones after it, unless it was asked for before."""
        names = [name]
        position = self._positions.get(name, -1)
        if position < self._next:
            return names
        size = _encoded_size(name)
        for other in islice(self._expected, position + 1, None):
            size += _encoded_size(other)
            if size > _MOST_ASKED:
                break
            names.append(other)
        self._next = position + len(names)
        return names

    def _alone(self, name: str) -> bytes | None:
        """Reads an object whose name contains a newline, which the process would read as two names."""
        try:
            return self.repository.git("cat-file", "blob", name, index=bool(self.more))
        except TreeError:
            return None

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            from weakref import finalize

            self.process = self.repository.start("cat-file", "--batch", more=self.more, text=b"")
            finalize(self, stop, self.process)
        return self.process


_ENCODING = ("utf-8", "surrogateescape")


def _encoded_size(name: str) -> int:
    return len(name.encode(*_ENCODING)) + 1


def _answer(stream: IO[bytes]) -> bytes | None:
    """The content of an object from `git cat-file --batch`; None if it is not a file."""
    header = stream.readline()
    if header.removesuffix(b"\n").endswith(NOT_THERE):
        return None
    _, kind, size = header.split()
    content = stream.read(int(size) + 1)[:-1]
    return content if kind == b"blob" else None
