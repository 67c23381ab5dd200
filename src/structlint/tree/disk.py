"""Trees of directories outside repositories. There, too, git determines the ignored files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from structlint.errors import Unread
from structlint.tree.gitignore import Ignores, empty_repository, is_ignored
from structlint.tree.model import Tree, resolve_links
from structlint.tree.sources import WorkTreeFiles, by_kind, gitignores, target_of
from structlint.tree.unread import IGNORING, gitignore_patterns, gitignores_unread, texts, unreadable

_NO_GIT = (
    "git is not installed, so only .gitignore files decide which files are ignored; "
    "tracked files and sparse checkouts are unknown"
)
_MOST_UNREAD = 10


def plain_tree(directory: Path, gitignore: bool) -> Tree:
    """The tree of a directory outside repositories. Raises `TreeError` if it cannot be read."""
    from structlint.tree.git_process import git_program

    try:
        git_program(directory)
    except FileNotFoundError:
        listed, notes = _walked(directory, gitignore)
    else:
        listed, notes = _listed_by_git(directory, gitignore), []
    files = tuple(sorted(path for path in listed if not path.endswith("/")))
    opaque = frozenset(path for path in listed if path.endswith("/"))
    return Tree(
        files=files,
        source=WorkTreeFiles(directory, gitignores(files), directories={}),
        links=resolve_links(files, opaque, _targets(directory, files)),
        opaque=opaque,
        repositories=opaque,
        notes=tuple(notes),
    )


def _listed_by_git(directory: Path, gitignore: bool) -> list[str]:
    """The files that git would list if the directory were a repository; a nested repository ends in "/"."""
    from structlint.tree.git.repository import Repository
    from structlint.tree.git_process import records

    limits = ["--exclude-standard"] if gitignore else []
    with empty_repository() as place:
        repository = Repository(directory, place.root)
        unread = texts(unreadable({**repository.patterns(), **gitignore_patterns(str(directory), [""])}))
        if gitignore and unread:
            raise Unread(unread)
        process = repository.start(f"--git-dir={place.root}", "ls-files", "-z", "-o", *limits)
        listed = records(repository.answer(process, unread=unread))
    above = (path.removesuffix(IGNORING) for path in gitignores(listed))
    unread |= texts(gitignores_unread(str(directory), above))
    if gitignore and unread:
        raise Unread(unread)
    return listed


def _targets(directory: Path, files: tuple[str, ...]) -> dict[str, str]:
    targets = ((path, target_of(str(directory), path)) for path in files)
    return {path: target for path, target in targets if target is not None}


def _walked(top: Path, gitignore: bool) -> tuple[list[str], list[str]]:
    """The contents of a directory, walked without git, and notes."""
    from structlint.tree.git_process import has_work_tree

    listed: list[str] = []
    lines: list[str] = []
    unread: dict[str, str] = {}
    special = 0
    ahead: list[tuple[str, list[Ignores]]] = [("", [])]
    while ahead:
        path, chain = ahead.pop()
        try:
            files, directories, others = by_kind(str(top), path)
        except Unread as error:
            unread |= error.reasons
            continue
        if path and ".git" in files | directories | others and has_work_tree(top / path):
            listed.append(path)
            continue
        there = gitignore and IGNORING in files | directories | others
        if there and (ignores := _ignores(top, path, unread)):
            chain = [*chain, ignores]
            lines += ignores.unread
        links = {name for name in others if target_of(str(top), path + name) is not None}
        seen = (path + name for name in (*files, *links) if name != ".git")
        listed += (path for path in seen if not is_ignored(path, chain))
        special += sum(name != ".git" and not is_ignored(path + name, chain) for name in others - links)
        inside = (f"{path}{name}/" for name in directories if name != ".git")
        ahead += ((directory, chain) for directory in inside if not is_ignored(directory, chain))
    if unread:
        raise Unread(unread)
    return listed, list(_notes(lines, special))


def _notes(unread: Sequence[str], special: int) -> Iterator[str]:
    """The notes on a walk without git: lines that were not read, and entries that are not files."""
    yield _NO_GIT
    yield from sorted(unread)[:_MOST_UNREAD]
    if len(unread) > _MOST_UNREAD:
        yield f"{len(unread) - _MOST_UNREAD} more lines of .gitignore files are not read without git"
    if special:
        entries_are = "entries are not files" if special > 1 else "entry is not a file"
        yield f"{special} {entries_are} (socket, pipe, device), skipped"


def _ignores(top: Path, directory: str, unread: dict[str, str]) -> Ignores | None:
    """The patterns of a directory's `.gitignore`; None if it is a link, has vanished or is `unread`."""
    if reasons := gitignores_unread(str(top), [directory]):
        unread |= texts(reasons)
        return None
    try:
        return Ignores(directory, WorkTreeFiles(top, ()).read_gitignore(f"{directory}{IGNORING}"))
    except FileNotFoundError:
        return None
