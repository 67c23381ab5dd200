"""Applies a plan so that it can be undone or resumed at any time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from structlint.edits.steps import Step, Untrack
from structlint.errors import CannotCheck, CannotFix, TreeError
from structlint.filesystem import OpenDirectory
from structlint.fix.journal import AFTER, BEFORE, Journal, journal_of, locked, with_reasons
from structlint.fix.operations import (
    Operation,
    carry_out,
    changed_since,
    is_done,
    is_half_done,
    subject_of,
    take_back,
)
from structlint.fix.prepare import operations, retraced, wrong_with
from structlint.fix.record import FixRecord
from structlint.text.quoting import quote
from structlint.tree.git.index import index_after, index_entries
from structlint.tree.git.repository import Repository, find_repository
from structlint.tree.scan import submodules

HELP = "continue with `structlint fix --resume`, or undo it with `structlint fix --undo`"


def obstacles(root: Path, steps: Sequence[Step]) -> list[str]:
    """Everything that prevents some steps. Paths are relative to `root`. Nothing is changed."""
    return _operations(root, steps)[1]


def _operations(root: Path, steps: Sequence[Step]) -> tuple[list[Operation], list[str]]:
    return operations(root, steps, submodules(root))


def apply(root: Path, steps: Sequence[Step]) -> None:
    """Applies all steps, or raises `CannotFix` and applies none if something prevents one.

    `root` is the top of the work tree, or any directory outside git; the paths of steps are relative to it.
    """
    journal = journal_of(root)
    with locked(journal):
        _refuse_pending(root, journal)
        todo, wrong = _operations(root, steps)
        if wrong:
            raise CannotFix(with_reasons("nothing was done", wrong))
        record = FixRecord(tuple(todo), tuple(step.path for step in steps if isinstance(step, Untrack)))
        index = _index(root, record)
        record = record if index else record._replace(untracked=None)
        try:
            journal.begin(record, index)
        except OSError as error:
            raise CannotFix(f"nothing was done: the journal cannot be written: {error.strerror}") from None
        _Work(root, journal, record).go_on()


def is_pending(root: Path) -> bool:
    """Whether a fix was interrupted. Raises `CannotFix` if the journal is not valid."""
    journal = journal_of(root)
    return journal.exists and not _read(root, journal).is_done


def resume(root: Path) -> int:
    """Resumes an interrupted fix; returns the number of its operations.

    Raises `CannotFix`; if the journal was not written by a fix, it does so before any change.
    """
    journal = journal_of(root)
    with locked(journal):
        if not journal.exists or (work := _read(root, journal)).is_done:
            raise CannotFix("no interrupted fix to resume")
        if any(sign in "-~" for sign in journal.progress().values()):
            raise CannotFix("that fix is being undone; continue with `structlint fix --undo`")
        progress = journal.progress()
        work.refuse_unsafe(
            [(n, operation) for n, operation in enumerate(work.todo) if progress.get(n) != "="]
        )
        return work.go_on()


def undo(root: Path) -> int:
    """Undoes the last fix, complete or interrupted; returns the number of its operations.

    Raises `CannotFix` before it undoes anything if a result of the fix has since changed, or if the journal
    was not written by a fix.
    """
    journal = journal_of(root)
    with locked(journal):
        if not journal.exists:
            raise CannotFix("no fix to undo")
        number = _read(root, journal).take_back()
        journal.forget()
        return number


def _refuse_pending(root: Path, journal: Journal) -> None:
    if journal.exists and not _read(root, journal).is_done:
        raise CannotFix(f"an earlier fix was interrupted; {HELP}")


def _index(root: Path, record: FixRecord) -> tuple[bytes, bytes] | None:
    """Git's index before and after the fix; None if it stays as it is."""
    repository = find_repository(root)
    if repository is None or repository.bare or not (record.moves or record.untracked):
        return None
    if (repository.git_directory / "index.lock").exists():
        raise CannotFix(
            "another git process is running (`index.lock` exists); wait for it, or remove that file"
        )
    try:
        before = repository.index_content()
        after = index_after(repository, before, record.moves, record.untracked or ())
    except (TreeError, OSError) as error:
        raise CannotFix(f"nothing was done: {error}") from None
    return (before, after) if before != after else None


def _read(root: Path, journal: Journal) -> _Work:
    """The work that a journal describes. Raises `CannotFix`."""
    work = _Work(root, journal, journal.read())
    if any(number >= work.number for number in journal.progress()):
        raise journal.refused(["progress: it lists operations that do not exist"])
    return work


class _Work:
    """The operations of a journal. The last one replaces git's index."""

    def __init__(self, root: Path, journal: Journal, record: FixRecord) -> None:
        self.root = root
        self.tree = OpenDirectory(root)
        self.journal = journal
        self.record = record
        self.todo = record.operations
        self.number = len(self.todo) + (record.untracked is not None)

    @property
    def is_done(self) -> bool:
        progress = self.journal.progress()
        return all(progress.get(number) == "=" for number in range(self.number))

    def go_on(self) -> int:
        progress = self.journal.progress()
        if progress.get(len(self.todo)) == "+":
            self.remove_own_lock()
        for number in range(self.number):
            sign = progress.get(number, "")
            if sign == "+" and self.was_done(number):
                self.journal.note("=", number)
            elif sign != "=":
                self.attempt(number)
        return self.number

    def attempt(self, number: int) -> None:
        try:
            self.journal.note("+", number)
            if number == len(self.todo):
                self.put_index(BEFORE, AFTER)
            else:
                carry_out(self.tree, self.todo[number])
            self.journal.note("=", number)
        except (OSError, CannotCheck) as error:
            why = getattr(error, "strerror", None) or str(error)
            what = "git's index" if number == len(self.todo) else quote(subject_of(self.todo[number]))
            done = f"{number:,} of {self.number:,} operations are done"
            raise CannotFix(f"stopped at {what}: {why}; {done}; {HELP}") from None

    def was_done(self, number: int) -> bool:
        """Whether an operation that began before the interruption is complete."""
        if number == len(self.todo):
            return self.index_is(AFTER)
        return is_done(self.tree, self.todo[number])

    def take_back(self) -> int:
        progress = self.journal.progress()
        done = [n for n in range(self.number) if progress.get(n, "~") in "=+-"]
        done = [n for n in done if progress[n] == "=" or self.was_done(n) or self.half_done(n)]
        if wrong := [why for n in reversed(done) if progress[n] != "-" and (why := self.changed(n, done))]:
            raise CannotFix(with_reasons("nothing was undone", wrong))
        undone = [(n, self.todo[n]) for n in reversed(done) if n < len(self.todo)]
        self.refuse_unsafe(undone, back=True)
        if progress.get(len(self.todo), "=") in "+-":
            self.remove_own_lock()
        for number in reversed(done):
            try:
                self.journal.note("-", number)
                self.revert(number)
                self.journal.note("~", number)
            except (OSError, CannotCheck) as error:
                why = getattr(error, "strerror", None) or str(error)
                raise CannotFix(f"stopped while undoing: {why}; run `structlint fix --undo` again") from None
        return len(done)

    def half_done(self, number: int) -> bool:
        """Whether a file has both its old and its new name, or a temporary file still has its content."""
        return number < len(self.todo) and is_half_done(self.tree, self.todo[number])

    def revert(self, number: int) -> None:
        if number == len(self.todo):
            if not self.index_is(BEFORE):
                self.put_index(AFTER, BEFORE)
        else:
            take_back(self.tree, self.todo[number])

    def changed(self, number: int, done: Sequence[int]) -> str:
        """The reason why an operation cannot be undone: its result has since changed. "" if it can."""
        if number == len(self.todo):
            same = self.index_is(AFTER) or self.index_is(BEFORE)
            return "" if same else "git's index has changed since then, for example by `git add`"
        later = [self.todo[n] for n in done if number < n < len(self.todo)]
        return changed_since(self.tree, self.todo[number], later)

    def refuse_unsafe(self, numbered: Sequence[tuple[int, Operation]], *, back: bool = False) -> None:
        """Raises `CannotFix` for operations, or an index, that no plan can contain."""
        wrong = retraced(self.root, numbered, submodules(self.root), back=back)
        problems = [f"operations.json: operation {number + 1}: {why}" for number, why in wrong]
        if self.record.untracked is not None:
            problems += self.wrong_with_index()
        if problems:
            raise self.journal.refused(problems)

    # --- Git's index

    @cached_property
    def repository(self) -> Repository:
        repository = find_repository(self.root)
        if repository is None or repository.bare:
            raise CannotFix("this directory was a git repository when the fix was made, but no longer is")
        return repository

    @cached_property
    def git_directory(self) -> OpenDirectory:
        return OpenDirectory(self.journal.base.root, guarded=False)

    def wrong_with_index(self) -> Iterator[str]:
        """The reason why no fix can have written the index in the journal. git computes the expected one.

        Afterwards, the journal contains the computed index.
        """
        try:
            before, after = self.journal.index(BEFORE), self.journal.index(AFTER)
            computed = index_after(self.repository, before, self.record.moves, self.record.untracked or ())
            same = index_entries(self.repository, computed) == index_entries(self.repository, after)
            paths = self.repository.paths(before)
        except TreeError as error:
            yield f"{BEFORE}, {AFTER}: {error}"
            return
        if not same:
            yield f"{AFTER}: it does not match the result of the operations"
        elif computed != after:
            self.journal.keep_index(AFTER, computed)
        for path in paths:
            if wrong := wrong_with(path, new=False):
                yield f"{BEFORE}: {quote(path)} {wrong}"

    def index_is(self, name: str) -> bool:
        """Whether the index has the same entries as the one in the journal; git rewrites it to refresh it."""
        now, then = self.repository.index_content(), self.journal.index(name)
        return now == then or index_entries(self.repository, now) == index_entries(self.repository, then)

    def put_index(self, old: str, new: str) -> None:
        """Replaces the index as git does, under git's lock."""
        content = self.journal.index(new)
        self.git_directory.put("index.lock", content, exclusive=True)
        try:
            if not self.index_is(old):
                raise CannotFix("git's index has changed in the meantime")
            if content:
                self.git_directory.move("index.lock", "index")
            else:
                self.git_directory.remove_file("index")
                self.git_directory.remove_file("index.lock")
        except (OSError, CannotCheck):
            self.git_directory.remove_file("index.lock")
            raise

    def remove_own_lock(self) -> None:
        """Removes the lock that an interrupted fix has left, if it contains what the fix was writing."""
        lock = self.git_directory.read("index.lock")
        if lock is not None and any(self.journal.index(n).startswith(lock) for n in (BEFORE, AFTER)):
            self.git_directory.remove_file("index.lock")
