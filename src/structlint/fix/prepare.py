"""What steps come to: all that is wrong with them, or the single actions in the order to do them.

Steps are one change and no sequence: `Move.source`, `Rewrite` and `Untrack` name things as they are before,
`Move.target` and `Create` as they are after. So two moves may swap two names, or pass them on.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from pathlib import Path
from typing import TypeAlias
from unicodedata import category, normalize

from structlint.fix.actions import (
    LOCKED,
    Action,
    CannotFix,
    ChangeIndex,
    MakeDirectory,
    RemoveDirectory,
    Rename,
    Replace,
    Write,
    index_of,
    listed,
    seen,
)
from structlint.quoting import quote
from structlint.steps import Create, Move, Rewrite, Untrack
from structlint.tree.git import Repository

Step: TypeAlias = "Create | Move | Rewrite | Untrack"
Entry: TypeAlias = "tuple[str, ...]"  # mode, object, stage, path and flags, as `listed` gives them

_LONGEST = 255  # bytes of a name, on every common file system
_SUBMODULE = "160000"
_SPECIAL = {
    "20000000": "is added with `git add -N` only",
    "40000000": "is left out by a sparse checkout",
    "8000": "is marked `--assume-unchanged`",
}


@dataclass
class Prepared:
    """Problems, or what to do; `index` is git's index before and after, None if it stays as it is."""

    problems: list[str] = field(default_factory=list)
    actions: list[tuple[str, Action]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    index: tuple[list[Entry], list[Entry]] | None = None


def prepare(root: Path, repository: Repository | None, steps: Sequence[Step], token: str) -> Prepared:
    """What steps come to; changes nothing. `token` makes names of temporary files that are not taken.

    Raises `CannotCheck` where what is there cannot be read.
    """
    entries = list(listed(repository)) if repository else []
    submodules = {path for mode, _, _, path, _ in entries if mode == _SUBMODULE}
    wanted = _Wanted(_Disk(root), submodules)
    problems = [problem for step in steps for problem in wanted.add(step)]
    after = _after(entries, wanted)
    problems += _wrong(wanted)
    problems += _wrong_in_git(repository, entries, after, wanted)
    if problems:
        return Prepared(list(dict.fromkeys(problems)))
    prepared = Prepared(index=None if entries == after else (entries, after))
    prepared.actions = list(_actions(wanted, prepared.contents, token))
    if prepared.index:
        prepared.actions.append(("change git's index", ChangeIndex()))
    return prepared


# --- What is there


class _Disk:
    """What is on disk, each directory read once; nothing is seen through a link."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names: dict[str, frozenset[str]] = {}
        self._statuses: dict[str, os.stat_result | None] = {"": os.lstat(root)}

    def names(self, path: str) -> frozenset[str]:
        """The names in a directory, none for what is no directory."""
        for each in _upto(path):
            if each not in self._names:
                with _read(each):
                    found = os.listdir(self.root / each) if self.is_directory(each) else []  # noqa: PTH208
                self._names[each] = frozenset(found)
        return self._names[path]

    def status(self, path: str) -> os.stat_result | None:
        """What has exactly this path: a file system that takes `A` for `a` would answer for both."""
        if path not in self._statuses:
            parent, name = _split(path)
            with _read(path):
                there = name in self.names(parent)
                self._statuses[path] = os.lstat(self.root / path) if there else None
        return self._statuses[path]

    def is_directory(self, path: str) -> bool:
        status = self.status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def is_repository(self, path: str) -> bool:
        names = self.names(path) if path else frozenset()
        return names >= {"HEAD", "objects", "refs"} or any(map(_is_gits, names))

    def directories(self, path: str) -> Iterator[str]:
        """A directory and all those in it."""
        ahead = [path] if self.is_directory(path) else []
        while ahead:
            path = ahead.pop()
            yield path
            ahead += [inside for name in self.names(path) if self.is_directory(inside := _join(path, name))]

    def may_change(self, path: str) -> bool:
        return os.access(self.root / path, os.W_OK | os.X_OK)


@contextmanager
def _read(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotFix(f"cannot read {quote(path or '.')}: {error.strerror}") from None


class _Wanted:
    """The steps by what they are, as far as their paths can be meant."""

    def __init__(self, disk: _Disk, submodules: Iterable[str]) -> None:
        self.disk = disk
        self.submodules = frozenset(submodules)
        self.moves: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        self.creates: dict[str, bytes] = {}
        self.rewrites: dict[str, Rewrite] = {}
        self.untracks: set[str] = set()

    def add(self, step: Step) -> Iterator[str]:
        """Takes a step in. Yields what is wrong with it in itself, and beside those before it."""
        paths = (step.source, step.target) if isinstance(step, Move) else (step.path,)
        wrong = [each for path in paths for each in _wrong_path(path)]
        if not wrong:
            wrong = list(self._take(step))
        yield from (f"cannot {_words(step)}: {each}" for each in wrong)

    def _take(self, step: Step) -> Iterator[str]:
        match step:
            case Move():
                yield from self._take_move(step)
            case Create(path, content):
                if path in self.creates or path in self.origins:
                    yield f"another step puts something at {quote(path)}"
                self.creates[path] = content
            case Rewrite(path):
                if path in self.rewrites:
                    yield "another step rewrites it"
                self.rewrites[path] = step
            case Untrack(path):
                self.untracks.add(path.rstrip("/"))

    def _take_move(self, step: Move) -> Iterator[str]:
        source, target = step.source.removesuffix("/"), step.target.removesuffix("/")
        if step.source.endswith("/") and not self.disk.is_directory(source):
            yield f"{quote(source)} is no directory"
        if source == target:
            yield "that is the same"
        elif target.startswith(f"{source}/"):
            yield "nothing can be moved into itself"
        elif source in self.moves:
            yield f"another step moves {quote(source)}"
        elif target in self.origins or target in self.creates:
            yield f"another step puts something at {quote(target)}"
        else:
            self.moves[source] = target
            self.origins[target] = source

    @property
    def targets(self) -> Iterator[str]:
        """The paths that steps put something at."""
        yield from self.moves.values()
        yield from self.creates

    def moved(self, path: str) -> str:
        """Where moves take a path."""
        for each in reversed(_upto(path)[1:]):
            if each in self.moves:
                return self.moves[each] + path[len(each) :]
        return path

    def origin(self, path: str) -> str | None:
        """Where what has a path afterwards is now, if moves alone decide; None where nothing is left."""
        for each in reversed(_upto(path)[1:]):
            if each in self.origins:
                return self.origins[each] + path[len(each) :]
            if each in self.moves:
                return None
        return path

    def status(self, path: str) -> os.stat_result | None:
        """What has a path after all moves."""
        origin = self.origin(path)
        return None if origin is None else self.disk.status(origin)

    def is_taken(self, target: str) -> bool:
        """Whether something stays at a path that a step puts something at."""
        parent, name = _split(target)
        origin = self.origin(parent)
        return (
            target not in self.moves
            and origin is not None
            and self.disk.status(_join(origin, name)) is not None
        )

    def new_directories(self, target: str) -> Iterator[str]:
        """The directories that a path needs and that are not there, from the top."""
        return (each for each in _upto(target)[1:-1] if self.status(each) is None)

    def nearest(self, target: str) -> str:
        """Where the innermost directory around a path that is there afterwards is now."""
        there = [each for each in _upto(target)[:-1] if self.status(each) is not None]
        return self.origin(there[-1]) or ""


# --- What is wrong


def _wrong(wanted: _Wanted) -> Iterator[str]:
    for source, target in wanted.moves.items():
        words = f"cannot {_words(Move(source, target))}"
        reasons = (*_wrong_source(wanted, source), *_wrong_target(wanted, target))
        yield from (f"{words}: {each}" for each in (*reasons, *_wrong_move(wanted, source, target)))
    for path, content in wanted.creates.items():
        yield from (f"cannot {_words(Create(path, content))}: {e}" for e in _wrong_target(wanted, path))
    for step in wanted.rewrites.values():
        yield from (f"cannot {_words(step)}: {each}" for each in _wrong_rewrite(wanted, step))
    yield from _collisions(wanted)


def _wrong_path(path: str) -> Iterator[str]:
    """Why a path is none within a project, or leads into git's own data."""
    names = path.removesuffix("/").split("/")
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path) or {"", ".", ".."} & {*names}:
        yield f"{quote(path)} is no path within the project"
    elif "\0" in path or (os.sep == "\\" and "\\" in path) or not _encoded(path):
        yield f"{quote(path)} is no path"
    elif any(map(_is_gits, names)):
        yield f"{quote(path)} is git's own, or some file system would take it for that"


def _encoded(name: str) -> bytes:
    """A name as the file system has it, empty for what cannot be one."""
    try:
        return os.fsencode(name)
    except UnicodeEncodeError:
        return b""


def _is_gits(name: str) -> bool:
    """Whether a file system may take a name for `.git`; see `verify_path` in git's read-cache.c."""
    seen = "".join(each for each in name if category(each) != "Cf")
    bare = normalize("NFKC", seen).partition(":")[0].rstrip(". ").casefold()
    return bare == ".git" or re.fullmatch(r"git~\d+", bare) is not None


def _wrong_name(name: str) -> str:
    """Why a new name is refused, "" if it is not."""
    if any(category(each) == "Cc" for each in name):
        return f"the name {quote(name)} holds a control character"
    if "\\" in name:
        return f"the name {quote(name)} holds a backslash, which separates names on Windows"
    if len(_encoded(name)) > _LONGEST:
        return f"the name {quote(name[:20])}… has more than {_LONGEST} bytes"
    return ""


def _wrong_place(wanted: _Wanted, path: str) -> str:
    """Why nothing is done at a path as it is before, for what is above it; "" if something may."""
    for each in _upto(path)[1:-1]:
        status = wanted.disk.status(each)
        if status is None:
            return f"{quote(path)} is not there"
        if reason := _wrong_parent(wanted, each, status):
            return reason
    return "" if wanted.disk.status(path) else f"{quote(path)} is not there"


def _wrong_parent(wanted: _Wanted, path: str, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return f"{quote(path)} is a symbolic link, and links are not followed"
    if not stat.S_ISDIR(status.st_mode):
        return f"{quote(path)} is no directory"
    if wanted.disk.is_repository(path) or path in wanted.submodules:
        return f"{quote(path)} is a repository of its own"
    return ""


def _wrong_source(wanted: _Wanted, source: str) -> Iterator[str]:
    if reason := _wrong_place(wanted, source):
        yield reason
        return
    status = wanted.disk.status(source)
    assert status
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        yield f"{quote(source)} is no file, link or directory"
    for each in _upto(source)[1:-1]:
        if each in wanted.moves:
            yield f"{quote(each)}, in which it lies, is moved as well; do one after the other"
    for each in wanted.disk.directories(source):
        if wanted.disk.is_repository(each) or each in wanted.submodules:
            yield f"{quote(each)} is a repository of its own"


def _wrong_target(wanted: _Wanted, target: str) -> Iterator[str]:
    for each in _upto(target)[1:-1]:
        status = wanted.status(each)
        if each in wanted.creates:
            yield f"another step makes {quote(each)} a file"
            return
        if status and (reason := _wrong_parent(wanted, each, status)):
            yield reason
            return
    if wanted.is_taken(target):
        yield f"{quote(target)} is there already"
    for each in (*wanted.new_directories(target), target):
        if reason := _wrong_name(_split(each)[1]):
            yield reason
    nearest = wanted.nearest(target)
    if not wanted.disk.may_change(nearest):
        yield f"the directory {quote(nearest or '.')} may not be changed"


def _wrong_move(wanted: _Wanted, source: str, target: str) -> Iterator[str]:
    """What the system would refuse: another file system, a directory that may not be written."""
    status, parent = wanted.disk.status(source), _split(source)[0]
    if status is None:
        return
    nearest = wanted.nearest(target)
    devices = {found.st_dev for path in (parent, nearest) if (found := wanted.disk.status(path))}
    if devices != {status.st_dev}:
        yield f"{quote(target)} is on another file system"
    elsewhere = _split(target)[0] != parent
    changed = [parent, source] if elsewhere and wanted.disk.is_directory(source) else [parent]
    for each in changed:
        if not wanted.disk.may_change(each):
            yield f"the directory {quote(each or '.')} may not be changed"


def _wrong_rewrite(wanted: _Wanted, step: Rewrite) -> Iterator[str]:
    if reason := _wrong_place(wanted, step.path):
        yield reason
        return
    status = wanted.disk.status(step.path)
    if not status or not stat.S_ISREG(status.st_mode):
        yield f"{quote(step.path)} is no regular file"
        return
    if not wanted.disk.may_change(parent := _split(step.path)[0]):
        yield f"the directory {quote(parent or '.')} may not be changed"
    with _read(step.path):
        if status.st_size != len(step.before) or (wanted.disk.root / step.path).read_bytes() != step.before:
            yield f"{quote(step.path)} does not hold what it held any more"


def _collisions(wanted: _Wanted) -> Iterator[str]:
    """New names that a file system may take for others, which are there or are new as well."""
    new: dict[str, dict[str, None]] = {}
    for target in wanted.targets:
        for path in (*wanted.new_directories(target), target):
            parent, name = _split(path)
            new.setdefault(parent, {})[name] = None
    for parent, names in new.items():
        origin = wanted.origin(parent)
        stay = wanted.disk.names(origin) if origin is not None and wanted.disk.status(origin) else ()
        staying = (name for name in stay if _join(origin or "", name) not in wanted.moves)
        known = {_folded(name): name for name in staying if name not in names}
        for name in names:
            other = known.setdefault(_folded(name), name)
            if other != name:
                path, rival = quote(_join(parent, name)), quote(_join(parent, other))
                yield f"cannot make {path}: only case or Unicode form tells it from {rival}"


# --- Git's index


def _after(entries: Sequence[Entry], wanted: _Wanted) -> list[Entry]:
    """The entries once paths are untracked and moved, in git's order."""
    kept = [each for each in entries if not wanted.untracks.intersection(_upto(each[3])[1:])]
    moved = [(*each[:3], wanted.moved(each[3]), each[4]) for each in kept]
    return sorted(moved, key=lambda each: (_encoded(each[3]), each[2]))


def _wrong_in_git(
    repository: Repository | None, entries: Sequence[Entry], after: Sequence[Entry], wanted: _Wanted
) -> Iterator[str]:
    if repository is None:
        yield from (f"cannot untrack {quote(path)}: this is no git repository" for path in wanted.untracks)
        return
    tracked = {above for each in entries for above in _upto(each[3])}
    for path in sorted(wanted.untracks):
        if path not in tracked:
            yield f"cannot untrack {quote(path)}: git does not track it"
        for each in _upto(path)[1:]:
            if each in wanted.submodules:
                yield f"cannot untrack {quote(path)}: {quote(each)} is a repository of its own"
    if list(entries) != after:
        yield from _wrong_entries(entries, after, wanted)
        if index_of(repository).with_name("index.lock").exists():
            yield LOCKED
        if repository.git("rev-parse", "--shared-index-path").strip():
            yield "git's index is split in two; `git update-index --no-split-index` joins it"


def _wrong_entries(entries: Sequence[Entry], after: Sequence[Entry], wanted: _Wanted) -> Iterator[str]:
    """What of the entries that move cannot, and where others are in their way."""
    paths = [each[3] for each in after]
    once = {path for path, other in zip(paths, ["", *paths], strict=False) if path != other}
    twice = {path for path, other in zip(paths, ["", *paths], strict=False) if path == other}
    above = {each for path in once for each in _upto(path)[1:-1]}
    for _, _, stage, path, flags in entries:
        target = wanted.moved(path)
        if target == path:
            continue
        words = f"cannot {_words(Move(path, target))}"
        if stage != "0":
            yield f"{words}: it has a merge conflict"
        for flag, special in _SPECIAL.items():
            if int(flags, 16) & int(flag, 16):
                yield f"{words}: in git's index it {special}"
        if stage == "0" and (target in twice or target in above or once.intersection(_upto(target)[1:-1])):
            yield f"{words}: that, or something in its way, is in git's index still"


# --- What to do


def _actions(wanted: _Wanted, contents: list[bytes], token: str) -> Iterator[tuple[str, Action]]:
    names = (f".structlint-{token}-{number}" for number in count())

    def kept(content: bytes) -> int:
        contents.append(content)
        return len(contents) - 1

    for path, step in wanted.rewrites.items():
        status = wanted.disk.status(path)
        if status and step.before != step.after:
            before, after = kept(step.before), kept(step.after)
            yield _words(step), Replace(path, before, after, status.st_mtime_ns, next(names))
    made: set[str] = set()
    yield from _moves(wanted, names, made)
    for path, content in wanted.creates.items():
        yield from _making(wanted, path, made, _words(Create(path)))
        yield _words(Create(path)), Write(path, kept(content), next(names))
    yield from _emptied(wanted)


def _moves(wanted: _Wanted, names: Iterator[str], made: set[str]) -> Iterator[tuple[str, Action]]:
    """The renames. What stands where something else is to come is put aside before anything comes.

    That is all that chains, swaps and changes of case need. Outer targets come before what comes into them.
    """
    needed = {_folded(each) for target in wanted.origins for each in _upto(target)}
    aside: dict[str, str] = {}
    for source, target in wanted.moves.items():
        if _folded(source) in needed:
            aside[source] = _join(_split(source)[0], next(names))
            yield _words(Move(source, target)), Rename(source, aside[source], _seen(wanted, source))
    for target, source in sorted(wanted.origins.items(), key=lambda each: each[0].count("/")):
        words = _words(Move(source, target))
        yield from _making(wanted, target, made, words)
        yield words, Rename(aside.get(source, source), target, _seen(wanted, source))


def _seen(wanted: _Wanted, source: str) -> tuple[int, ...]:
    """What a source is told by; of one that is rewritten before it is moved, only that it is a file."""
    status = wanted.disk.status(source)
    assert status
    return seen(status, 1 if source in wanted.rewrites else 4)


def _making(wanted: _Wanted, target: str, made: set[str], words: str) -> Iterator[tuple[str, Action]]:
    for each in wanted.new_directories(target):
        if each not in made:
            made.add(each)
            yield words, MakeDirectory(each)


def _emptied(wanted: _Wanted) -> Iterator[tuple[str, Action]]:
    """The directories that moves leave empty, inner ones first."""
    needed = {each for target in wanted.targets for each in _upto(target)[:-1]}
    gone = set(wanted.moves)
    ahead = [(-path.count("/"), path) for path in {_split(source)[0] for source in wanted.moves}]
    heapify(ahead)
    while ahead:
        path = heappop(ahead)[1]
        names = wanted.disk.names(path)
        if not path or path in needed or path in gone or any(_join(path, each) not in gone for each in names):
            continue
        gone.add(path)
        status = wanted.disk.status(path)
        assert status
        yield (
            f"remove {quote(path)}, which is empty then",
            RemoveDirectory(path, stat.S_IMODE(status.st_mode)),
        )
        heappush(ahead, (-_split(path)[0].count("/"), _split(path)[0]))


# --- Paths


def _words(step: Step) -> str:
    if isinstance(step, Move):
        return f"move {quote(step.source)} to {quote(step.target)}"
    return f"{type(step).__name__.lower()} {quote(step.path)}"


def _upto(path: str) -> list[str]:
    """The root, all directories above a path, and the path itself."""
    ends = [at for at, letter in enumerate(path) if letter == "/"]
    return [*dict.fromkeys(("", *(path[:at] for at in ends), path))]


def _split(path: str) -> tuple[str, str]:
    parent, _, name = path.rpartition("/")
    return parent, name


def _join(parent: str, name: str) -> str:
    return f"{parent}/{name}" if parent else name


def _folded(path: str) -> str:
    """A path as file systems see it to which neither case nor Unicode form counts."""
    return normalize("NFC", normalize("NFD", path).casefold())
