"""The file of a baseline: where it is, what it accepts, and how it is kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from structlint.baseline import FILE, Baseline, held, read, updated, written
from structlint.cli.group import Voice
from structlint.cli.output import replaced
from structlint.errors import CannotCheck
from structlint.finding import Finding
from structlint.project import Project, Request
from structlint.quoting import quote
from structlint.report.wording import counted
from structlint.tree.files import read_file


class Book:
    """The baseline of a check: the file that was named, or the one in the project."""

    def __init__(self, project: Project, named: str | None, request: Request) -> None:
        self.project = project
        self.named = named
        self.stored = request.rev is not None or request.tracked
        self.label = quote(named or project.prefix + FILE)

    def content(self) -> bytes | None:
        """What is in the file; None if there is none, which only one that was not named may be."""
        try:
            if self.named is not None:
                place = Path(os.path.realpath(self.named))
                return read_file(place.parent, place.name)
            return self.project.tree.source.read(FILE) if FILE in self.project.own else None
        except FileNotFoundError:
            return None

    def baseline(self) -> Baseline | None:
        data = self.content()
        return read(data, self.label) if data is not None else None

    def held(self, found: list[Finding], *, whole: bool) -> tuple[list[Finding], tuple[str, ...]]:
        """The findings that are not accepted, and what is to be known of the others."""
        baseline = self.baseline()
        if baseline is None:
            if self.named is not None:
                raise CannotCheck(f"there is no file {self.label}; `--update-baseline` writes one")
            return found, ()
        against = held(found, baseline)
        notes = []
        if against.accepted:
            notes.append(f"{counted(len(against.accepted), 'finding')} accepted by {self.label}")
        if against.gone and whole:
            first = against.gone[0]
            more = f" and {len(against.gone) - 1:,} more" if len(against.gone) > 1 else ""
            notes.append(
                f"{self.label} accepts what is mended: {first.rule} at {quote(first.path)}{more}; "
                "`--update-baseline` takes it out"
            )
        return list(against.left), tuple(notes)

    def update(self, found: Sequence[Finding], voice: Voice, *, whole: bool, asked: bool, grows: bool) -> int:
        """Writes the file anew. It never grows unless that is asked too."""
        if not asked:
            raise CannotCheck("--allow-growth says how --update-baseline works; it goes with that only")
        if not whole:
            raise CannotCheck(
                "--update-baseline needs the whole check: no --select, --ignore, --changed or PATH"
            )
        if self.stored:
            raise CannotCheck("--update-baseline goes with what is on disk, not with --rev and --tracked")
        before = self.baseline()
        now = updated(found, before, grows=grows)
        place = Path(os.path.realpath(self.named or self.project.root / FILE))
        data = written(now)
        if data == self.content():
            voice.say(f"{self.label}: nothing to change, {counted(sum(now.counts.values()), 'finding')}")
        else:
            replaced(place, data)
            voice.say(f"{self.label}: {_change(before, now)}")
        left = held(found, now).left
        if left:
            first = f"{left[0].rule} at {quote(left[0].path)}"
            more = counted(len(left), "finding")
            voice.say(f"{more} not in it, such as {first}; --allow-growth takes them in")
        return int(bool(left))


def _change(before: Baseline | None, now: Baseline) -> str:
    number = sum(now.counts.values())
    if before is None:
        return f"begun with {counted(number, 'finding')}"
    return f"{counted(number, 'finding')}, {sum(before.counts.values()):,} before"
