"""The changes since a base revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from structlint.errors import TreeError
from structlint.filesystem import temporary_directory
from structlint.text.records import Record
from structlint.tree.git.objects import tree_object
from structlint.tree.git.repository import NOT_INSIDE
from structlint.tree.git_process import limit_to, listed_paths, records

if TYPE_CHECKING:
    from structlint.tree.git.repository import Repository


def changes_since(repository: Repository, base: str, prefix: str) -> Changes:
    """The changes since this branch left `base`, in the index and in the work tree.

    Raises `TreeError` if the base does not exist.
    """
    tree = (
        _branch_point(repository, base)
        if _has_commits(repository) or base != "HEAD"
        else _empty_tree(repository)
    )
    within = limit_to(prefix)
    staged = repository.git(
        "diff-index", "--cached", NOT_INSIDE, "--name-status", "-z", "--no-renames", tree, *within
    )
    worked = _changed_in_work_tree(repository, within)
    untracked = repository.git("ls-files", "-z", "-o", "--exclude-standard", *within)
    added = set(listed_paths(untracked, prefix))
    other: set[str] = set()
    fields = [*records(staged), *records(worked)]
    for status, path in zip(fields[::2], fields[1::2], strict=True):
        (added if status == "A" else other).add(path[len(prefix) :])
    return Changes(frozenset(added), frozenset(other - added), tree)


def _changed_in_work_tree(repository: Repository, within: Sequence[str]) -> bytes:
    """The paths whose content in the work tree differs from the index."""
    index = repository.git_directory / "index"
    with temporary_directory() as place:
        if index.exists():
            # The time of the index tells git which files may have changed in the same moment.
            time = index.stat().st_mtime_ns
            place.put("index", index.read_bytes(), modified=time)
        more = {**repository.without_filters(), "GIT_INDEX_FILE": str(place.root / "index")}
        refreshed = repository.start(
            "update-index", "-q", "--ignore-submodules", "--unmerged", "--refresh", more=more
        )
        repository.finish(refreshed)  # it fails if there are differences
        arguments = ("diff-files", NOT_INSIDE, "--name-status", "-z", "--no-renames", *within)
        return repository.answer(repository.start(*arguments, more=more))


def _has_commits(repository: Repository) -> bool:
    process = repository.start("rev-parse", "--verify", "--quiet", "HEAD")
    repository.finish(process)
    return process.returncode == 0


def _empty_tree(repository: Repository) -> str:
    return repository.git("hash-object", "-t", "tree", "--stdin", text=b"").decode().strip()


def _branch_point(repository: Repository, base: str) -> str:
    """The commit in which this branch left `base`; `base` itself if there is none."""
    tree_object(repository, base)
    try:
        return repository.git("merge-base", "--", base, "HEAD").decode().split("\n")[0]
    except TreeError:
        return (
            repository.git("rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}").decode().strip()
        )


class Changes(Record):
    """Paths that were added, and those that were changed or removed since the revision `base`."""

    added: frozenset[str]
    other: frozenset[str]
    base: str = ""
