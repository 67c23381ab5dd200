"""Does a plan, goes on with it, takes it back: whatever happens on the way, nothing is lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from structlint.errors import CannotCheck
from structlint.fix.actions import (
    AFTER,
    BEFORE,
    LOCKED,
    Action,
    CannotFix,
    ChangeIndex,
    MakeDirectory,
    RemoveDirectory,
    Rename,
    Replace,
    Where,
    Write,
    copy_file,
    directory,
    index_is,
    index_of,
    is_own_lock,
    listed,
    status_of,
)
from structlint.fix.prepare import Entry, Prepared, Step, prepare
from structlint.fix.record import (
    Journal,
    forget,
    home_of,
    journal_in,
    locked,
    publish,
    repository_of,
    sweep,
    write_file,
)
from structlint.quoting import quote
from structlint.tree.git import Repository

__all__ = ["CannotFix", "Step", "apply", "pending", "problems", "resume", "undo"]

_MOST_TOLD = 10
_EITHER = "run `structlint fix --resume` to go on, or `structlint fix --undo` to take all of it back"


def problems(root: Path, steps: Sequence[Step]) -> list[str]:
    """All that is wrong with a plan; nothing is changed.

    `root` is the top of a work tree, or any directory outside git; the steps' paths are relative to it.
    Raises `CannotCheck` where what is there cannot be read.
    """
    root = root.resolve()
    return prepare(root, repository_of(root), steps, "").problems


def apply(root: Path, steps: Sequence[Step]) -> None:
    """Does a plan, all of it or, where something is wrong with it, nothing.

    Raises `CannotFix`: before anything is changed, or where the system refuses something on the way. The
    journal is kept then, and the message says what is done and what is not.
    """
    with _at_work(root) as (where, journal):
        if left := _unfinished(journal):
            raise CannotFix(f"an earlier fix has not come to its end ({left}); {_EITHER}")
        token = os.urandom(4).hex()
        prepared = prepare(where.root, where.repository, steps, token)
        if prepared.problems:
            raise CannotFix("\n".join(["nothing was changed:", *prepared.problems]))
        if prepared.actions:
            _go_on(_begun(replace(where, kept=where.kept / token), prepared))
            sweep(where.kept)


def resume(root: Path) -> None:
    """Finishes an `apply` that was interrupted. Raises `CannotFix` where there is none."""
    with _at_work(root) as (_, journal):
        if journal is None or journal.is_finished:
            raise CannotFix("there is no interrupted fix to go on with")
        _go_on(journal)


def undo(root: Path) -> None:
    """Takes the tree back to what it was before the last `apply`, finished or interrupted.

    Raises `CannotFix` where there is nothing to undo, and, before anything is changed, where somebody has
    changed since what it would have to remove or to overwrite. Interrupted itself, it can be called again.
    """
    with _at_work(root) as (where, journal):
        if journal is None:
            raise CannotFix("there is no fix to undo")
        if wrong := list(_changed_since(journal)):
            raise CannotFix("\n".join(["nothing was undone:", *wrong]))
        _go_back(journal)
        forget(where.kept)


def pending(root: Path) -> str | None:
    """What an unfinished journal is about, None if there is none. Raises `CannotFix` if it cannot be read."""
    root = root.resolve()
    repository = repository_of(root)
    return _unfinished(journal_in(home_of(root, repository), root, repository))


@contextmanager
def _at_work(root: Path) -> Iterator[tuple[Where, Journal | None]]:
    """A tree and where its journals are kept, with the one that counts, while everybody else is kept out."""
    root = root.resolve()
    repository = repository_of(root)
    home = home_of(root, repository)
    with locked(home):
        try:
            yield Where(root, home, repository), journal_in(home, root, repository)
        except OSError as error:
            place = quote(os.fsdecode(error.filename or home))
            raise CannotFix(f"cannot read or write {place}: {error.strerror}") from None


def _unfinished(journal: Journal | None) -> str | None:
    if journal is None or journal.is_finished:
        return None
    done, left = journal.words()
    return f"{len(done)} of {len(done) + len(left)} steps done, next: {left[0]}"


# --- Forth


def _begun(where: Where, prepared: Prepared) -> Journal:
    """The journal of a plan, written whole. Until it is, nothing has begun."""
    try:
        where.kept.mkdir()
        for number, content in enumerate(prepared.contents):
            write_file(where.kept / str(number), content)
        if prepared.index and where.repository:
            _make_index(where, where.repository, *prepared.index)
        journal = Journal(where, tuple(prepared.actions))
        publish(journal)
    except (OSError, CannotCheck) as error:
        raise CannotFix(f"nothing was changed: {_why(error)}") from None
    return journal


def _make_index(where: Where, repository: Repository, before: list[Entry], after: list[Entry]) -> None:
    """Keeps the index, and beside it the one that is to come in its place."""
    index = where.kept / AFTER
    copy_file(index_of(repository), where.kept / BEFORE)
    copy_file(where.kept / BEFORE, index)
    repository.answer(
        repository.start(
            *("-c", "core.splitIndex=false", "update-index", "-z", "--index-info"),
            more={"GIT_INDEX_FILE": str(index)},
            text=b"",
        ),
        _index_info(before, after),
    )
    with directory(where.kept, "") as here:
        here.sync()
    if list(listed(repository, index)) != after:
        raise CannotFix("git's index was changed meanwhile; try again")


def _index_info(before: list[Entry], after: list[Entry]) -> bytes:
    """The difference as `git update-index` reads it: what goes first, as what comes may lie below it."""
    kept = {*before}.intersection(after)
    gone = [f"0 {'0' * len(each[1])}\t{each[3]}\0" for each in before if each not in kept]
    come = [f"{each[0]} {each[1]} {each[2]}\t{each[3]}\0" for each in after if each not in kept]
    return "".join([*gone, *come]).encode("utf-8", "surrogateescape")


def _go_on(journal: Journal) -> None:
    for number in range(journal.done, len(journal.actions)):
        words, action = journal.actions[number]
        try:
            action.do(journal.where)
            journal.count(number + 1)
        except (OSError, CannotCheck) as error:
            raise CannotFix(_stopped(journal, words, _why(error))) from None


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _stopped(journal: Journal, words: str, why: str) -> str:
    done, left = journal.words()
    if not left:
        return f"all is done, but the system does not confirm it: {why}"
    return "\n".join([f"cannot {words}: {why}", *_told("done", done), *_told("not done", left), _EITHER])


def _told(title: str, words: Sequence[str]) -> list[str]:
    more = len(words) - _MOST_TOLD
    return [
        f"{title}: {len(words) or 'nothing'}",
        *(f"  {each}" for each in words[:_MOST_TOLD]),
        *([f"  and {more} more"] if more > 0 else []),
    ]


# --- Back


def _go_back(journal: Journal) -> None:
    done = journal.done
    for number in reversed(range(min(done + 1, len(journal.actions)))):
        words, action = journal.actions[number]
        try:
            journal.count(min(number, done))
            if number < done:
                action.undo(journal.where)
            else:
                _undo_in_doubt(journal.where, action)
        except (OSError, CannotCheck) as error:
            again = "run `structlint fix --undo` again to go on"
            raise CannotFix(f"cannot take back: {words}: {_why(error)}\n{again}") from None


def _undo_in_doubt(where: Where, action: Action) -> None:
    """Undoes an action that may not have been done: what is not as it would be then is not its doing."""
    match action:
        case Rename():
            with suppress(CannotFix):
                if not action.was_done(where):
                    return
                action.undo(where)
        case Write() | Replace():
            with suppress(CannotFix):
                action.undo(where)
        case MakeDirectory() | RemoveDirectory() | ChangeIndex():
            action.undo(where)


def _changed_since(journal: Journal) -> Iterator[str]:
    """What somebody has done since that stands in the way of taking back."""
    done = journal.done
    actions = [action for _, action in journal.actions]
    expected = _expected(actions[:done])
    for action in actions[done : done + 1]:
        for name in ("path", "source", "target"):
            expected.pop(getattr(action, name, ""), None)
    for path, left in expected.items():
        try:
            reason = _other_than(journal.where, path, left)
        except (OSError, CannotCheck) as error:
            reason = f"cannot be read: {_why(error)}"
        if reason:
            yield f"{quote(path)} {reason}"
    yield from _filled(journal.where, actions[:done], expected)
    yield from _index_since(journal)


def _expected(actions: Sequence[Action]) -> dict[str, Action | None]:
    """What has which path after actions, by the action that made it so; None is nothing."""
    found: dict[str, Action | None] = {}
    for action in actions:
        match action:
            case Rename(source, target):
                inside = [path for path in found if path.startswith(f"{source}/")]
                for path in inside:
                    found[target + path[len(source) :]] = found.pop(path)
                known = found.pop(source, None)
                found[target] = known if isinstance(known, Replace) else action
                found[source] = None
            case Write(path) | Replace(path):
                found[path] = action
            case MakeDirectory(path):
                found.pop(path, None)
            case RemoveDirectory() | ChangeIndex():
                pass
    return found


def _other_than(where: Where, path: str, action: Action | None) -> str:
    """How what has a path differs from what an action has left there, "" if it does not."""
    status = status_of(where.root, path)
    match action:
        case None:
            return "is there again; move it away" if status else ""
        case Rename():
            same = status is not None and stat.S_IFMT(status.st_mode) == action.seen[0]
            return "" if same else "is gone" if status is None else "is something else now"
        case Write(_, content) if status is None:
            return ""
        case Write(_, content) | Replace(_, _, content):
            if status is None:
                return "is gone"
            same = stat.S_ISREG(status.st_mode) and _content(where, path) == where.content(content)
            return "" if same else "has been changed since"
    return ""


def _content(where: Where, path: str) -> bytes | None:
    parent, _, name = path.rpartition("/")
    with directory(where.root, parent) as here:
        return here.read(name)


def _filled(where: Where, actions: Sequence[Action], expected: dict[str, Action | None]) -> Iterator[str]:
    """New directories in the place of what was moved away, which hold more now than was put into them."""
    sources = {action.source for action in actions if isinstance(action, Rename)}
    made = {action.path for action in actions if isinstance(action, MakeDirectory)}
    ours = {path for path, action in expected.items() if action} | made
    for path in sorted(made & sources):
        with suppress(FileNotFoundError), directory(where.root, path) as here:
            for name in sorted(here.names()):
                if f"{path}/{name}" not in ours:
                    yield f"{quote(f'{path}/{name}')} was not there; move it away"


def _index_since(journal: Journal) -> Iterator[str]:
    where = journal.where
    if not any(isinstance(action, ChangeIndex) for _, action in journal.actions):
        return
    if index_of(where.repository).with_name("index.lock").exists() and not is_own_lock(where):
        yield LOCKED
    if journal.is_finished and not (index_is(where, AFTER) or index_is(where, BEFORE)):
        yield "git's index has been changed since, as by `git add`"
