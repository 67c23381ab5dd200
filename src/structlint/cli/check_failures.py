"""What prevents a check from being complete: rules that failed and files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.cli.check_notes import MOST_UNREAD
from structlint.errors import Unread


class Failures:
    """The rules that did not run to the end, with the bugs in them, and the files that cannot be read."""

    def __init__(self) -> None:
        self.bugs: dict[str, Exception] = {}
        self.unread: dict[str, str] = {}
        self.rules: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.rules or self.unread)

    def note(self, rule: str, error: Exception) -> None:
        """Notes why a rule did not run to its end."""
        self.rules.add(rule)
        if isinstance(error, Unread):
            self.unread |= error.reasons
        else:
            self.bugs.setdefault(rule, error)

    def notes(self) -> Iterator[str]:
        """The notes of the report; the reasons follow on standard error."""
        for rule in self.bugs:
            yield f"{rule} did not run to the end, because of a bug in structlint"
        if rules := sorted(self.rules - self.bugs.keys()):
            yield f"{', '.join(rules)} did not run to the end: something that is needed cannot be read"
        names = list(self.unread)
        shown, left = ", ".join(names[:MOST_UNREAD]), len(names) - MOST_UNREAD
        if names:
            yield f"the check is not complete without {shown}{f' and {left:,} more' * (left > 0)}"

    def raise_error(self) -> None:
        """Raises the first bug, or `Unread`; to be called when everything else is reported."""
        for error in self.bugs.values():
            raise error
        if self.unread:
            raise Unread(self.unread)
