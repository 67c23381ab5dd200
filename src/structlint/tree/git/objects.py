"""Trees from git's objects: the index and revisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.errors import TreeError, UnknownRevision, Unread
from structlint.text.paths import upwards
from structlint.text.quoting import in_backticks, quote
from structlint.tree.git.gitlinks import undeclared
from structlint.tree.git.listing import GitListing, GitQuery, gitignore_files, list_tracked, source_below
from structlint.tree.git.patterns import PatternFiles
from structlint.tree.git.repository import NO_REASON, NOT_THERE
from structlint.tree.git_process import decode, limit_to, records, stop
from structlint.tree.model import Tree, build_directories, group_by_directory, holds, resolve_links
from structlint.tree.sources import NO_OBJECT, ObjectFiles

if TYPE_CHECKING:
    import subprocess

    from structlint.tree.git.repository import Repository


def read_index(repository: Repository, prefix: str, ends: ExitStack) -> Callable[[], Tree]:
    """Starts to read the tree of the index, which is what the commit will contain, as `work_tree` does."""
    within, more = limit_to(prefix), repository.commit_index()
    tracked = GitQuery(repository, ends, "-t", "-c", more=more)
    details = GitQuery(repository, ends, "-t", "-s", "-c", more=more)
    ignored = GitQuery(repository, ends, "-c", "-i", "--exclude-standard", more=more)
    for query in (tracked, details):
        query.ask(*within)

    def tree() -> Tree:
        listed = list_tracked(repository, tracked.answer(), prefix, details)
        return _tree_of_objects(repository, listed, prefix, "", PatternFiles(repository, prefix, ignored))

    return tree


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
    """The name of a tree that git has found, so that it need not be asked again what the name stands for."""

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
    repository: Repository, listed: GitListing, prefix: str, tree: str, patterns: PatternFiles | None = None
) -> Tree:
    listed.close(listed.modules)
    listed.files.sort()
    files, held = tuple(listed.files), group_by_directory(listed.files)
    ignored_paths: list[str] = []
    if patterns:
        patterns.ask(listed, {above for path in held for above in upwards(path)})
        ignored_paths = patterns.filter()
    links = frozenset(prefix + path for path in listed.links)
    more = {} if tree else repository.commit_index()

    def lists(path: str) -> bool:
        return path.startswith(prefix) and holds(files, path[len(prefix) :])

    source = ObjectFiles(BlobReader(repository, more), tree, gitignore_files(held, prefix), links, lists)
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


class BlobReader:
    """Reads objects through one git process, which is started for the first one."""

    def __init__(self, repository: Repository, more: Mapping[str, str]) -> None:
        self.repository = repository
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def root(self) -> Path:
        return self.repository.top

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
            if header.removesuffix(b"\n").endswith(NOT_THERE):
                return None
            _, kind, size = header.split()
            content = process.stdout.read(int(size) + 1)[:-1]
        except (OSError, ValueError):
            self.process = None  # it ends where it would have to fetch an object
            raise Unread({quote(name): "git does not return its content"}) from None
        return content if kind == b"blob" else None

    def _alone(self, name: str) -> bytes | None:
        """The same for a name with a newline, which the process would read as two names."""
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
