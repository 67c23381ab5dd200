"""Reads the tree of a directory, from disk, the index or a revision."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.errors import TreeError, UnknownRevision
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.tree.git.objects import TreeName, read_index, read_revision, tree_object
from structlint.tree.git.repository import Repository, find_repository
from structlint.tree.git.worktree import read_work_tree
from structlint.tree.git_process import git_program
from structlint.tree.model import Tree

if TYPE_CHECKING:
    from structlint.tree.git.diff import Changes


def refuse_other_encodings() -> None:
    """Raises `TreeError` if Python does not decode file names as UTF-8, the encoding of names from git.

    Otherwise `é` on disk would differ from `é` in the layout and in git, and existing files would be missing.
    """
    if (encoding := sys.getfilesystemencoding().lower()) != "utf-8":
        raise TreeError(
            f"Python reads file names as {encoding}, not UTF-8; set PYTHONUTF8=1 or use a UTF-8 locale"
        )


def scan(directory: Path, *, tracked: bool = False, rev: str | None = None, gitignore: bool = True) -> Tree:
    """The tree of a directory, an absolute path without links in it.

    By default, it is the work tree as git sees it; with `tracked` the index, with `rev` a revision; without
    `gitignore` also ignored files. Raises `TreeError` if it cannot be read.
    """
    with ExitStack() as ends:
        return start_scan(directory, ends, tracked=tracked, rev=rev, gitignore=gitignore)()


def start_scan(
    directory: Path, ends: ExitStack, *, tracked: bool = False, rev: str | None = None, gitignore: bool = True
) -> Callable[[], Tree]:
    """Starts a scan, so that git runs in the background. Calling the result returns the tree.

    Both raise `TreeError`. `ends` ends processes whose result was not needed.
    """
    refuse_other_encodings()
    repository = find_repository(directory)
    if repository and not _has_git(directory):
        if tracked or rev is not None:
            raise TreeError("git is not installed; the index and revisions need it")
        repository = None
    if repository is None:
        if tracked or rev is not None:
            raise TreeError(
                f"{in_backticks(str(directory))} is not in a git repository, so it has no index or revisions"
            )
        from structlint.tree.disk import plain_tree

        return lambda: plain_tree(directory, gitignore)
    prefix = prefix_of(directory, repository)
    if rev is not None:
        return lambda: read_revision(repository, rev, prefix)
    if repository.bare:
        raise TreeError(f"{quote(str(directory))} is a bare repository; give a revision, such as --rev HEAD")
    return (
        read_index(repository, prefix, ends)
        if tracked
        else read_work_tree(repository, prefix, gitignore, ends)
    )


def prefix_of(directory: Path, repository: Repository) -> str:
    """The path of a directory from the top of its repository, "" or with a trailing "/"."""
    if repository.bare or directory == repository.top:
        return ""
    return directory.relative_to(repository.top).as_posix() + "/"


def repository_root(directory: Path) -> Path | None:
    """The top of the repository that a directory is in: of its work tree, or a bare repository."""
    refuse_other_encodings()
    repository = find_repository(directory)
    return repository.top if repository else None


def revision_tree(directory: Path, rev: str) -> TreeName:
    """The name of the tree of a revision in the repository whose top is `directory`, a real path.

    If it is passed as `rev`, it is not resolved again.

    Raises `TreeError`; `UnknownRevision` if there is no such revision, as in an empty repository.
    """
    refuse_other_encodings()
    repository = find_repository(directory)
    if repository is None or repository.top != directory:
        raise TreeError(f"{in_backticks(str(directory))} is not a git repository")
    try:
        return tree_object(repository, rev)
    except UnknownRevision:
        process = repository.start("rev-parse", "--verify", "--quiet", "--end-of-options", rev)
        named = repository.finish(process)[0].decode("ascii", "replace").strip()
        if not named:
            raise
        raise TreeError(
            f"the object {named[:12]} of {in_backticks(rev)} is missing in {quote(str(directory))}"
        ) from None


def ignored_here(directory: Path, paths: Collection[str]) -> frozenset[str]:
    """The `paths`, relative to a directory, that git ignores on this machine, by any patterns."""
    repository = find_repository(directory)
    if repository is None or repository.bare or not _has_git(directory):
        return frozenset()
    prefix = prefix_of(directory, repository)
    ignored = repository.ignored(prefix + path for path in paths)
    return frozenset(path.removeprefix(prefix) for path in ignored)


def submodules(directory: Path) -> frozenset[str]:
    """The submodules in git's index, by their paths from the top of the work tree; they need not exist."""
    repository = find_repository(directory)
    if repository is None or repository.bare or not _has_git(directory):
        return frozenset()
    return repository.submodules()


def changes_below(directory: Path, base: str) -> Changes:
    """The changes below a directory since its branch left `base`. Raises `TreeError`."""
    repository = find_repository(directory)
    if repository is None or repository.bare:
        raise TreeError(f"{quote(str(directory))} is not in a git work tree, so its changes are unknown")
    from structlint.tree.git.diff import changes_since

    return changes_since(repository, base, prefix_of(directory, repository))


class Commit(Record):
    """A commit: its name, and its date as `2026-01-31`."""

    name: str
    date: str


def last_commit_of(directory: Path, path: str) -> Commit | None:
    """The last commit that changed a path relative to a directory; None if there is none.

    Raises `TreeError`.
    """
    repository = find_repository(directory)
    if repository is None or repository.bare or not _has_git(directory):
        return None
    place = prefix_of(directory, repository) + path
    process = repository.start("rev-list", "-1", "--format=%cs", "HEAD", "--", place)
    words = repository.finish(process)[0].decode("ascii", "replace").split()  # "commit NAME DATE"
    return Commit(words[1], words[2]) if process.returncode == 0 and len(words) == 3 else None


def _has_git(directory: Path) -> bool:
    try:
        return bool(git_program(directory))
    except FileNotFoundError:
        return False
