"""The work tree as git sees it: existing tracked files, and untracked ones that are not ignored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from structlint.errors import Unread
from structlint.text.quoting import quote
from structlint.tree.git.gitlinks import undeclared
from structlint.tree.git.listing import DiskListing, GitQuery, gitignore_files, list_tracked, source_below
from structlint.tree.git.objects import BlobReader, read_blobs
from structlint.tree.git.patterns import PatternFiles
from structlint.tree.git_process import limit_to, listed_paths
from structlint.tree.model import Tree, build_directories, group_by_directory, holds, resolve_links
from structlint.tree.sources import ObjectFiles, SparseFiles, WorkTreeFiles, read_file, target_of
from structlint.tree.unread import IGNORING

if TYPE_CHECKING:
    from structlint.tree.git.listing import GitListing
    from structlint.tree.git.repository import Repository
    from structlint.tree.model import ContentSource

SMALL = 1 << 19  # bytes of an index: of some five thousand files
_FEW = 100  # paths, of up to 4 KiB each, for one command line


def read_work_tree(
    repository: Repository, prefix: str, gitignore: bool, ends: ExitStack
) -> Callable[[], Tree]:
    """Asks git for one directory of the work tree: the existing tracked files, and unignored files.

    Calling the result waits for git and returns the tree. `ends` ends git if its result is not needed.
    """
    exclude = ("--exclude-standard",) if gitignore else ()
    tracked = GitQuery(repository, ends, "-t", "-c")
    others = GitQuery(repository, ends, "-o", *exclude)
    ignored = GitQuery(repository, ends, "-c", "-i", "--exclude-standard")
    tracked.ask(*limit_to(prefix))
    if _index_size(repository) < SMALL:  # git finishes first
        others.ask(*limit_to(prefix))
    return lambda: _finished(repository, prefix, gitignore, tracked, others, ignored)


def _finished(
    repository: Repository,
    prefix: str,
    gitignore: bool,
    tracked: GitQuery,
    others: GitQuery,
    ignored: GitQuery,
) -> Tree:
    listed = list_tracked(repository, tracked.answer(), prefix)
    tracked_files, held = listed.files, group_by_directory(listed.files)
    patterns = PatternFiles(repository, prefix, ignored)
    patterns.ask(listed, [directory for directory, names in held.items() if IGNORING in names])
    disk = DiskListing(str(repository.top / prefix), held)
    if directories := listed.compare_with(disk):
        known = {prefix + path for path in listed.modules} or repository.submodules()
        listed.opaque.update(f"{path}/" for path in directories if prefix + path in known)
    strangers = [path for path in disk.strangers() if f"{path}/" not in listed.opaque]
    patterns.ask(listed, disk.ignoring)
    if gitignore and patterns.block:
        raise Unread({**disk.unread, **patterns.unread})
    if strangers:
        few = len(strangers) <= _FEW
        others.ask(*("--", *(prefix + path for path in strangers)) if few else limit_to(prefix))
    unread = disk.unread
    gitlinks = {path[:-1] for path in listed.opaque}
    listed.add_untracked(listed_paths(others.answer(unread), prefix))
    held = held if listed.files is tracked_files else group_by_directory(listed.files)
    patterns.look(directory for directory, names in held.items() if IGNORING in names)
    ignored_paths = patterns.filter()
    if unread := {**unread, **(patterns.outside(disk.shut) if gitignore else {})}:
        raise Unread(unread)
    files = tuple(listed.files)
    tree = Tree(
        files=files,
        source=_content_source(repository, listed, prefix, gitignore_files(held, prefix)),
        links=resolve_links(files, listed.opaque, _link_targets(repository, listed, prefix)),
        opaque=frozenset(listed.opaque),
        repositories=frozenset(listed.opaque),
        undeclared=undeclared(gitlinks, prefix, partial(read_file, repository.top)),
        untracked=frozenset(listed.untracked),
        ignored=frozenset(path for path in ignored_paths if holds(files, path)),
        absent=frozenset(listed.skipped),
        in_git=True,
        unread=patterns.unread,
        notes=_note_all_ignored(repository, prefix) if prefix and not files else (),
    )
    tree.root = build_directories(held, tree.opaque, tree.linked_directories)
    return tree


def _index_size(repository: Repository) -> int:
    try:
        return (repository.git_directory / "index").stat().st_size
    except OSError:
        return 0


def _link_targets(repository: Repository, listed: GitListing, prefix: str) -> dict[str, str]:
    """The targets of symbolic links: on disk, or in the index if a sparse checkout leaves them out."""
    targets: dict[str, str] = {}
    skipped: dict[str, str] = {}
    top = str(repository.top / prefix)
    for path in [*listed.links, *listed.untracked]:
        target = target_of(top, path)
        if target is not None:
            targets[path] = target
        elif path in listed.links and path in listed.skipped:
            skipped[path] = listed.links[path]
    return targets | read_blobs(repository, skipped)


def _content_source(
    repository: Repository, listed: GitListing, prefix: str, gitignores: Sequence[str]
) -> ContentSource:
    on_disk = WorkTreeFiles(repository.top, gitignores, directories={})
    if not listed.skipped:
        return source_below(on_disk, prefix)
    in_index = ObjectFiles(BlobReader(repository, {}), "", (), lists=lambda path: True)  # only tracked paths
    return source_below(SparseFiles(on_disk, in_index, {prefix + path for path in listed.skipped}), prefix)


def _note_all_ignored(repository: Repository, prefix: str) -> tuple[str, ...]:
    if any((repository.top / prefix).iterdir()):
        return (f"git ignores all files in {quote(prefix)}",)
    return ()
