"""Describes a finding that a fix leaves, and the reason."""

from __future__ import annotations

from dataclasses import dataclass

from structlint.edits.hollow import for_several
from structlint.finding import Finding


@dataclass(frozen=True)
class Unfixed:
    """A finding that no step fixes.

    `why` is the reason why its step is not possible, and `by_hand` is a better hint if the step would create
    an empty file. Both are "" if no step is known, or if only `--unsafe` allows it.
    """

    finding: Finding
    why: str = ""
    by_hand: str = ""

    @property
    def explained(self) -> Finding:
        """The finding with the reason in its hint, and without impossible steps."""
        finding = self.finding
        if self.by_hand:
            plural = finding.plural and finding.plural._replace(hint=for_several(self.by_hand))
            return finding._replace(hint=self.by_hand, plural=plural, fix=())
        if self.why:
            why = f"; cannot be fixed automatically: {self.why}"
            plural = finding.plural and finding.plural._replace(hint=finding.plural.hint + why)
            return finding._replace(hint=finding.hint + why, plural=plural, fix=())
        return finding
