"""Applies steps to a tree in memory, so that rules can run on the result before any change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from structlint.edits.steps import AddIgnorePattern, Create, Move, Rewrite, Step, Untrack
from structlint.text.paths import ancestors, is_in
from structlint.tree import Tree
from structlint.tree.model import ContentSource
from structlint.tree.sources import ignored_by_files


@dataclass(frozen=True)
class _Ahead:
    """The contents of such a tree: those that steps write, and existing files by their old paths."""

    source: ContentSource
    written: Mapping[str, bytes]
    origins: Mapping[str, str]
    gitignores: tuple[str, ...]

    @property
    def root(self) -> Path:
        return self.source.root

    def read(self, path: str) -> bytes:
        if path in self.written:
            return self.written[path]
        return self.source.read(self.origins.get(path, path))

    def expect(self, paths: Sequence[str]) -> None:
        self.source.expect([self.origins.get(path, path) for path in paths if path not in self.written])

    def is_directory(self, path: str) -> bool:
        return self.source.is_directory(path)

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        return ignored_by_files(self.source.root, self.read, self.gitignores, paths)


def after(tree: Tree, steps: Iterable[Step]) -> Tree:
    """The tree after these steps, applied in order."""
    for batch in _batches(steps):
        tree = _after(tree, batch)
    return tree


def _batches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The steps in batches that can be applied together, because each batch creates a new tree."""
    batch: list[Step] = []
    paths: set[str] = set()
    for step in steps:
        concerned = _concerned(step)
        alone = isinstance(step, Untrack | AddIgnorePattern) or concerned[0].endswith(".gitignore")
        apart = batch and (alone or type(step) is not type(batch[0]) or _touches(concerned, paths))
        if apart:
            yield batch
            batch, paths = [], set()
        batch.append(step)
        paths.update(path.rstrip("/") for path in concerned)
        if alone:
            yield batch
            batch, paths = [], set()
    if batch:
        yield batch


def _concerned(step: Step) -> tuple[str, ...]:
    match step:
        case Move(source, target):
            return source, target
        case AddIgnorePattern():
            return (".gitignore",)
        case _:
            return (step.path,)


def _touches(concerned: Iterable[str], paths: set[str]) -> bool:
    """Whether one of the paths equals, is inside, or contains one of the others."""
    for path in (name.rstrip("/") for name in concerned):
        if path in paths or not paths.isdisjoint(ancestors(path)):
            return True
    return any(is_in(below, path) for path in concerned if path.endswith("/") for below in paths)


def _after(tree: Tree, batch: list[Step]) -> Tree:
    match batch[0]:
        case Create():
            written = {step.path: step.content for step in batch if isinstance(step, Create)}
            files = tuple(sorted({*tree.files, *written}))
            untracked = tree.untracked.union(written) if tree.in_git else tree.untracked
            tree = _writing(tree._replace(files=files, untracked=untracked), written)
        case Rewrite():
            tree = _writing(tree, {step.path: step.after for step in batch if isinstance(step, Rewrite)})
        case AddIgnorePattern(pattern):
            return _after(tree, [ignoring(tree, pattern)])
        case Move():
            return _moved(tree, [step for step in batch if isinstance(step, Move)])
        case Untrack(path):
            gone = {file for file in tree.files if is_in(file, path)}
            tree = tree._replace(untracked=tree.untracked | gone, ignored=tree.ignored - gone)
    return _seen(tree, batch[0])


def _seen(tree: Tree, step: Step) -> Tree:
    """The tree without untracked files that are now ignored, because git no longer lists them."""
    ignores = isinstance(step, Untrack) or getattr(step, "path", "").endswith(".gitignore")
    if not (tree.in_git and ignores):
        return tree
    gone = tree.source.would_ignore(tree.untracked)
    return tree._replace(
        files=tuple(path for path in tree.files if path not in gone), untracked=tree.untracked - gone
    )


def ignoring(tree: Tree, pattern: str) -> Create | Rewrite:
    """The step that adds a pattern to the `.gitignore` of the root."""
    path = ".gitignore"
    if path not in tree.files:
        return Create(path, _encoded(f"{pattern}\n"))
    before = tree.source.read(path)
    end = b"\r\n" if b"\r\n" in before else b"\n"
    lead = b"" if not before or before.endswith(b"\n") else end
    return Rewrite(path, before, before + lead + _encoded(pattern) + end)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _directory(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _writing(tree: Tree, contents: Mapping[str, bytes]) -> Tree:
    source = _source(tree)
    written = {**source.written, **contents}
    return tree._replace(source=replace(source, written=written, gitignores=_gitignores(tree)))


def _source(tree: Tree) -> _Ahead:
    if isinstance(tree.source, _Ahead):
        return tree.source
    return _Ahead(tree.source, {}, {}, _gitignores(tree))


def _gitignores(tree: Tree) -> tuple[str, ...]:
    return tuple(path for path in tree.files if path.endswith(".gitignore"))


def _moved(tree: Tree, moves: Iterable[Move]) -> Tree:
    """The tree with files and directories at other paths."""
    targets = {move.source: move.target for move in moves}

    def renamed(path: str) -> str:
        if path in targets:
            return targets[path]
        for at, letter in enumerate(path):
            if letter == "/" and (target := targets.get(path[: at + 1])):
                return target + path[at + 1 :]
        return path

    def all_of(paths: Iterable[str]) -> frozenset[str]:
        return frozenset(map(renamed, paths))

    moved = tree._replace(
        files=tuple(sorted(map(renamed, tree.files))),
        links={renamed(path): link for path, link in tree.links.items()},
        opaque=all_of(tree.opaque),
        untracked=all_of(tree.untracked),
        ignored=all_of(tree.ignored),
        left_out=all_of(tree.left_out),
    )
    known = _source(tree)
    origins = {
        new: known.origins.get(old, old) for old in tree.files if (new := renamed(old)) not in known.written
    }
    return moved._replace(source=_relocated(known, origins, renamed, _gitignores(moved)))


def _relocated(
    known: _Ahead, origins: Mapping[str, str], renamed: Callable[[str], str], gitignores: tuple[str, ...]
) -> _Ahead:
    written = {renamed(path): content for path, content in known.written.items()}
    kept = {new: old for new, old in origins.items() if new != old}
    return _Ahead(known.source, written, kept, gitignores)
