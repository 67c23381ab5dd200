"""The files of baselines: where they are, what they accept, and how they are kept.

All paths of findings are from the root of their project, so that it can be moved, and checked from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from structlint.checking.baseline import (
    Baseline,
    baseline_text,
    compare,
    count_accepted,
    read_baseline,
    update_baseline,
)
from structlint.checking.project import Project
from structlint.checking.request import BASELINE
from structlint.cli.console import CommandConsole
from structlint.cli.output import output_target, tops_of
from structlint.errors import CannotCheck
from structlint.filesystem import place_of
from structlint.finding import Finding
from structlint.report.wording import count
from structlint.text.quoting import quote
from structlint.tree.sources import read_file


def project_baselines(projects: Sequence[Project], named: str | None) -> list[ProjectBaseline]:
    """The baseline of each project; that of the first may be named. Raises `CannotCheck`."""
    first, *others = projects
    if named is not None and any(not other.prefix.startswith(first.prefix) for other in others):
        raise CannotCheck("--baseline names the baseline of one project; name the directory of one")
    return [ProjectBaseline(first, named), *(ProjectBaseline(other, None) for other in others)]


class ProjectBaseline:
    """A baseline of one project as it was found: in the file that was named, or at the project's root."""

    def __init__(self, project: Project, named: str | None) -> None:
        self.project = project
        self.named = named
        self.label = quote(named or project.prefix + BASELINE)
        self.file = named or str(project.root / BASELINE)

    @cached_property
    def content(self) -> bytes | None:
        """What is in the file; None if there is none. One in the project is read where the tree is read."""
        try:
            if self.project.baseline:
                return self.project.tree.read(self.project.baseline)
            directory, path = place_of(self.file, self._tops, reading=True)
            return read_file(directory.root, path)
        except FileNotFoundError:
            return None

    @cached_property
    def _tops(self) -> tuple[Path, ...]:
        return tops_of([self.project.root])

    @cached_property
    def baseline(self) -> Baseline | None:
        """The baseline in the file; None if there is none, which only one that was not named may be."""
        return read_baseline(self.content, self.label) if self.content is not None else None

    def _asked_for(self) -> Baseline | None:
        if self.baseline is None and self.named is not None:
            raise CannotCheck(f"there is no file {self.label}; `check --update-baseline` writes one")
        return self.baseline

    def accepted(self, found: Sequence[Finding]) -> frozenset[Finding]:
        """Those of the findings that are accepted."""
        baseline = self._asked_for()
        return frozenset(compare(found, baseline).accepted if baseline else ())

    def held(self, found: Sequence[Finding], *, whole: bool) -> tuple[list[Finding], tuple[str, ...]]:
        """The findings that are not accepted, and what is to be known of the others."""
        baseline = self._asked_for()
        if baseline is None:
            return list(found), ()
        against = compare(found, baseline)
        notes = []
        if against.accepted:
            notes.append(f"{count(len(against.accepted), 'finding')} accepted by {self.label}")
        if against.gone and whole:
            first = against.gone[0]
            more = f" and {len(against.gone) - 1:,} more" if len(against.gone) > 1 else ""
            path = quote(self.project.prefix + first.path)
            notes.append(
                f"{self.label} accepts more than there is: {first.rule} at {path}{more}; "
                "`--update-baseline` takes that out"
            )
        return list(against.left), tuple(notes)

    def refuse_unwritable(self) -> None:
        """Raises `CannotCheck` if the file may not be written."""
        with output_target(self.file, self._tops):
            pass

    def update(self, found: Sequence[Finding], voice: CommandConsole, *, begins: bool, grows: bool) -> bool:
        """Writes the file anew; it `begins` with what is found, and never grows unless that is asked.

        Returns whether all of `found` is in it.
        """
        before = self.baseline
        if before is None and not found and self.project.prefix:
            return True  # a project in another one that needs no baseline gets none
        now = update_baseline(found, before if before is not None or begins else {}, grows=grows)
        data = baseline_text(now)
        if data == self.content:
            voice.say(f"{self.label}: nothing to change, {count(count_accepted(now), 'finding')}")
        elif now or begins or before is not None:
            with output_target(self.file, self._tops) as (directory, path):
                directory.write(path, data)
            voice.say(f"{self.label}: {_change(before, now)}")
        left = compare(found, now).left
        if left:
            first = f"{left[0].rule} at {quote(self.project.prefix + left[0].path)}"
            more = count(len(left), "finding")
            voice.say(f"{more} not in it, such as {first}; --allow-growth takes them in")
        return not left


def _change(before: Baseline | None, now: Baseline) -> str:
    if before is None:
        return f"begun with {count(count_accepted(now), 'finding')}"
    return f"{count(count_accepted(now), 'finding')}, {count_accepted(before):,} before"
