"""What a check finds."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from structlint.edits.steps import Step

# The list of rules. It is here, below layouts and rules: both use it, and a layout loads without the rules.
RULE_NAMES = (
    "bad-name",
    "conflicting-entries",
    "duplicate-name",
    "empty-directory",
    "forbidden-path",
    "listen-conflict",
    "long-path",
    "misplaced-file",
    "missing-directory",
    "missing-file",
    "number-gap",
    "orphan",
    "port-conflict",
    "port-mismatch",
    "stale-document",
    "stray-directory",
    "stray-file",
    "too-deep",
    "too-few-directories",
    "too-few-files",
    "too-many-directories",
    "too-many-files",
    "tracked-ignored",
    "tracked-local",
    "unexposed-port",
    "unignored-local",
    "unknown-port",
    "unportable-name",
    "unseen-imports",
    "unused-ignore",
    "wrong-import",
)


class Severity(StrEnum):
    """How much a finding matters. Only errors fail a check, unless asked otherwise."""

    ERROR = "error"
    WARNING = "warning"


class Place(NamedTuple):
    """A place in a layout: the file as a user would name it, line and column counted from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class FindingId(NamedTuple):
    """The identity of a finding, by which a baseline and a service recognize it in a later check."""

    rule: str
    path: str
    which: str = ""


class Finding(NamedTuple):
    """One disagreement between a layout and a tree.

    `path` is relative to the project's root, with `/`; a directory ends in `/`. It is the raw name,
    never quoted: reports quote it. `message` says what is wrong and `hint` the one thing to do; names
    in them are already quoted. `origin` is the line of the layout that asked, `related` are other paths
    that the finding is about, `line` is the line in the file at `path`, for rules that look
    inside. `rule` and `severity` are set by the engine; a rule sets `severity` only to make a finding a
    warning. `fix` are the steps that put it right, where they are known. `number` is what is
    counted, and more is worse. `discriminator` tells it from other findings of the rule at the same path,
    wherever in it that is.
    """

    path: str
    message: str
    hint: str
    origin: Place | None = None
    about: str = ""
    related: tuple[str, ...] = ()
    line: int | None = None
    severity: Severity | None = None
    fix: tuple[Step, ...] = ()
    number: int | None = None
    discriminator: str = ""
    rule: str = ""

    @property
    def identity(self) -> FindingId:
        """The same in all formats and the baseline: a directory that is empty here is missing in a clone."""
        rule = "missing-directory" if self.rule == "empty-directory" else self.rule
        return FindingId(rule, self.path, self.discriminator)
