"""Collects the failures of a check and reports them after all findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from structlint.cli.check_notes import MOST_UNREAD
from structlint.errors import CannotCheck, Unread
from structlint.report.wording import count

_MOST_LINES = 10  # of the message on one repository


class Unchecked(Unread):
    """Several repositories could not be checked, or files in them could not be read."""

    def __init__(self, errors: Sequence[CannotCheck], reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        lines = [line for error in errors for line in str(error).split("\n")[:_MOST_LINES]]
        self.args = ("\n".join([*lines, *([str(self)] if reasons else [])]),)


class Failures:
    """The failures of a check: unfinished rules and unreadable files."""

    def __init__(self) -> None:
        self.bugs: dict[str, Exception] = {}
        self.unread: dict[str, str] = {}
        self.rules: set[str] = set()
        self.repositories: list[CannotCheck] = []

    def __bool__(self) -> bool:
        return bool(self.rules or self.unread or self.repositories)

    @contextmanager
    def of_one(self, *, several: bool) -> Iterator[None]:
        """Records why a repository cannot be checked; raises the error if it is the only one."""
        try:
            yield
        except CannotCheck as error:
            if not several:
                raise
            self.repositories.append(error)

    def note(self, rule: str, error: Exception) -> None:
        """Records the reason why a rule did not finish."""
        self.rules.add(rule)
        if isinstance(error, Unread):
            self.unread |= error.reasons
        else:
            self.bugs.setdefault(rule, error)

    def notes(self) -> Iterator[str]:
        """The notes for the report; the reasons are printed on standard error."""
        for rule in self.bugs:
            yield f"{rule} did not finish because of a bug in structlint"
        if rules := sorted(self.rules - self.bugs.keys()):
            yield f"{', '.join(rules)} did not finish: a required file cannot be read"
        if number := len(self.repositories):
            yield f"The check is incomplete: {count(number, 'repository', 'repositories')} not checked"
        names = list(self.unread)
        shown, left = ", ".join(names[:MOST_UNREAD]), len(names) - MOST_UNREAD
        if names:
            yield f"The check is incomplete; could not read {shown}{f' and {left:,} more' * (left > 0)}"

    def tell(self) -> None:
        """Raises the first bug, or the unreadable files, after everything else was reported."""
        for error in self.bugs.values():
            raise error
        if self.repositories:
            raise Unchecked(self.repositories, self.unread)
        if self.unread:
            raise Unread(self.unread)
