"""What keeps a check from its end, collected so that all else is reported first."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.cli.check_notes import MOST_UNREAD
from structlint.errors import Unread


class Failures:
    """What kept a check from its end: the rules that did not run to theirs, and what cannot be read."""

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
        """What a report is to say of it; the reasons follow on standard error."""
        for rule in self.bugs:
            yield f"{rule} did not finish because of a bug in structlint"
        if rules := sorted(self.rules - self.bugs.keys()):
            yield f"{', '.join(rules)} did not finish: a required file cannot be read"
        names = list(self.unread)
        shown, left = ", ".join(names[:MOST_UNREAD]), len(names) - MOST_UNREAD
        if names:
            yield f"The check is incomplete without {shown}{f' and {left:,} more' * (left > 0)}"

    def tell(self) -> None:
        """Ends with the first bug, or with what cannot be read: all that is known besides was reported."""
        for error in self.bugs.values():
            raise error
        if self.unread:
            raise Unread(self.unread)
