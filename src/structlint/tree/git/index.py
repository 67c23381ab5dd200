"""Computes git's index after files are moved or untracked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.errors import TreeError
from structlint.text.quoting import quote
from structlint.tree.git.listing import EMPTY
from structlint.tree.git.repository import NOT_INSIDE
from structlint.tree.git_process import records

if TYPE_CHECKING:
    from structlint.tree.git.repository import Repository


def index_after(
    repository: Repository, before: bytes, moves: Iterable[tuple[str, str]], untracked: Iterable[str]
) -> bytes:
    """The content of the index after paths are moved and others removed; the index itself does not change.

    A path that ends in "/" includes everything below it. Raises `TreeError`.
    """
    with repository._copied(before) as (copy, more):
        listed = records(repository.answer(repository.start("ls-files", "-z", "-s", more=more)))
        lines = _index_lines(listed, list(moves), list(untracked))
        if not lines:
            return before
        _refuse_intended(repository, lines, more)
        text = "".join(lines).encode("utf-8", "surrogateescape")
        flagged = list(_flagged(repository, lines, more))
        # To write an index, git reads files that may have changed in the same moment, through its filters.
        more = {**repository.without_filters(), **more}
        repository.answer(repository.start("update-index", "-z", "--index-info", more=more, text=text), text)
        for flag, paths in flagged:
            changed = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
            arguments = ("update-index", "-z", flag, "--stdin")
            repository.answer(repository.start(*arguments, more=more, text=changed), changed)
        return copy.read_bytes()


def _flagged(
    repository: Repository, lines: Iterable[str], more: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """The flags of moved entries, which `--index-info` does not accept, and their new paths."""
    moved = {old: new for old, (_, new) in _moved(lines).items()}
    if not moved:
        return
    tags = {
        record[2:]: record[0]
        for record in records(repository.answer(repository.start("ls-files", "-z", "-v", more=more)))
    }
    skipped = [new for old, new in moved.items() if tags.get(old, "H") in "Ss"]
    assumed = [new for old, new in moved.items() if tags.get(old, "H").islower()]
    for flag, paths in (("--skip-worktree", skipped), ("--assume-unchanged", assumed)):
        if paths:
            yield flag, paths


def _moved(lines: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The objects and the new paths of moved entries, by their old paths."""
    gone = ""
    moved: dict[str, tuple[str, str]] = {}
    for line in lines:
        meta, _, path = line.rstrip("\0").partition("\t")
        mode, _, name = meta.partition(" ")
        if mode == "0":
            gone = path
        else:
            moved[gone] = name, path
    return moved


def _refuse_intended(repository: Repository, lines: Iterable[str], more: Mapping[str, str]) -> None:
    """Raises `TreeError` for a moved path of `git add --intent-to-add`.

    The index contains an empty file for it. `--index-info` would add that file to the next commit.
    """
    moved = _moved(lines)
    for file, tree in EMPTY:
        empty = {path for path, (name, _) in moved.items() if name == file}
        if empty:
            arguments = ("--cached", "--ita-invisible-in-index", NOT_INSIDE, "--name-only", "-z", tree)
            listed = repository.answer(repository.start("diff-index", *arguments, more=more))
            for path in sorted(empty.difference(records(listed))):
                raise TreeError(
                    f"{quote(path)} was added with `git add --intent-to-add`; add its content with `git add`"
                )


def index_entries(repository: Repository, index: bytes) -> bytes:
    """The entries of an index of this repository: flags, modes, objects, stages and paths.

    Raises `TreeError`.
    """
    with repository._copied(index) as (_, more):
        return repository.answer(repository.start("ls-files", "-z", "-s", "-v", more=more))


def _index_lines(
    records: Iterable[str], moves: Sequence[tuple[str, str]], untracked: Sequence[str]
) -> list[str]:
    """The input of `git update-index --index-info` that moves and removes entries."""
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
            now == path or now.startswith(path if path.endswith("/") else f"{path}/") for path in untracked
        )
        if (gone or now != path) and stage != "0":
            raise TreeError(f"{quote(path)} has an unresolved conflict; resolve it first")
        if gone or now != path:
            lines.append(f"0 {'0' * len(name)}\t{path}\0")
        if now != path and not gone:
            lines.append(f"{mode} {name}\t{now}\0")
            taken[now] = path
        elif not gone:
            left.add(path)
    for path in sorted(left.intersection(taken)):
        raise TreeError(f"{quote(path)} is still in git's index; commit its removal, then move the file")
    return lines
