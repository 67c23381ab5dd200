"""Defines findings, their severity, and the names of all rules."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from structlint.text.quoting import quote
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.edits.steps import Step

# The names of all rules. They are here because layouts use them too, and load without the rules.
RULE_NAMES = (
    "bad-name",
    "conflicting-entries",
    "dangling-reference",
    "duplicate-name",
    "empty-directory",
    "forbidden-path",
    "listen-conflict",
    "long-path",
    "misplaced-file",
    "missing-directory",
    "missing-file",
    "misspelled-name",
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
    "twin-name",
    "unexposed-port",
    "unignored-local",
    "unknown-port",
    "unportable-name",
    "unseen-imports",
    "unused-ignore",
    "wrong-import",
)


class Severity(StrEnum):
    """The severity of a finding. By default, only errors make a check fail; see `--fail-level`."""

    ERROR = "error"
    WARNING = "warning"


class Place(Record):
    """A place in a layout: the file as messages name it, line and column counted from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class FindingId(Record):
    """The identity of a finding, by which a baseline or a service recognizes it in a later check."""

    rule: str
    path: str
    which: str = ""


class Plural(Record):
    """The words for several findings that differ only in their paths: `9 {noun} in docs/{rest}`."""

    noun: str
    hint: str
    rest: str = ""


class Finding(Record):
    """One problem that a rule reports.

    - `path` is relative to the project's root, with `/`; a directory ends in `/`. It is not quoted; reports
      quote it.
    - `message` says what is wrong, `hint` the one thing to do. Names in both are already quoted.
    - `detail` is the last part of the message, which follows the noun phrase: "; `doc/` exists".
    - `hint_if_new` replaces the hint if the path does not exist yet.
    - `plural` has the words for several such findings; without it, a finding is never combined with others.
    - `origin` is the line of the layout that the tree does not match.
    - `about` is the description of the entry concerned, from the layout.
    - `related` are other paths that the finding is about.
    - `line` is the line in the file at `path`, for rules that read files.
    - `fix` has the steps that remove the finding, if they are known.
    - `number` is what the rule counts; more is worse.
    - `discriminator` distinguishes findings of one rule at one path. It does not depend on line numbers.
    - `rule` and `severity` are set by the engine. A rule sets `severity` to make a finding a
      warning, or if the finding combines others at other paths.
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
    detail: str = ""
    hint_if_new: str = ""
    plural: Plural | None = None
    rule: str = ""

    def stamped(self, rule: str, severity: Severity) -> Finding:
        """The finding of a rule. It keeps its severity if it has one."""
        at = _SEVERITY
        return Finding._make((*self[:at], self.severity or severity, *self[at + 1 : -1], rule))

    @property
    def message_with_purpose(self) -> str:
        """The message, with the purpose of the entry concerned behind the noun phrase, on one line."""
        return self.message_at("")

    def message_at(self, place: str) -> str:
        """The message with its purpose; a place such as " at `docs/`" stands behind the noun phrase."""
        about = quote(" ".join(self.about.split())) if self.about else ""
        return f"{self.message.removesuffix(self.detail)}{place}{about and f': {about}'}{self.detail}"

    @property
    def identity(self) -> FindingId:
        """The same in all formats and the baseline. An empty directory counts as missing, as in a clone."""
        rule = "missing-directory" if self.rule == "empty-directory" else self.rule
        return FindingId(rule, self.path, self.discriminator)


_SEVERITY = Finding._fields.index("severity")
