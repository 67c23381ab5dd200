"""Finds the directories that a layout checks, and the open ones, where no added path can be reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.layout.entry import Entry
from structlint.layout.model import Layout
from structlint.matching.survey import Survey
from structlint.text.records import Record
from structlint.tree import Directory


class Coverage(Record):
    """The directories below the root of a project, and the `open` ones among them, in the order of paths."""

    directories: Sequence[str]
    open: Sequence[str]

    @property
    def checked(self) -> int:
        """The number of directories that are not open."""
        return len(self.directories) - len(self.open)

    @property
    def open_tops(self) -> list[str]:
        """The open directories below which all directories are open, without those that lie in another."""
        closed = set(self.directories).difference(self.open)
        around = {path[: at + 1] for path in closed for at, letter in enumerate(path) if letter == "/"}
        tops: list[str] = []
        for path in self.open:
            if path not in around and not (tops and path.startswith(tops[-1])):
                tops.append(path)
        return tops + sorted(path for path in self.open if path in around)


def coverage(survey: Survey) -> Coverage:
    """The coverage of a survey.

    A directory is open if no entry governs it, or if its entries only allow names: they close nothing,
    require and forbid no name, and set no case, tie, or limit. Unlisted and forbidden directories are
    reported as a whole, and opaque ones are not counted.
    """
    strays = (stray.path for stray in survey.strays if stray.policy != "allow")
    reported = {path for path in strays if path.endswith("/")}
    reported |= {
        matches.path(name)
        for matches in survey.entry_matches
        if matches.entry.forbidden and matches.entry.key.directory
        for name in matches.names
    }
    restricting = _Restricting(survey.layout)
    below = sorted(_below(survey.tree.root, reported))
    return Coverage(below, [path for path in below if not _is_checked(path, survey, restricting)])


def _below(root: Directory, reported: set[str]) -> Iterator[str]:
    waiting = [root]
    for directory in waiting:  # grows as it goes
        for inside in directory.directories.values():
            if not inside.opaque and inside.path not in reported:
                yield inside.path
                waiting.append(inside)


def _is_checked(path: str, survey: Survey, restricting: _Restricting) -> bool:
    children = survey.children.get(path)
    if children is None:
        return False
    if children.closed_by is not None and children.effective_policy != "allow":
        return True
    return any(map(restricting, children.entries))


class _Restricting:
    """Whether an entry can report something in a directory that it governs and does not close."""

    def __init__(self, layout: Layout) -> None:
        self._names = layout.names
        self._tied = layout.ties.tied
        self._known: dict[int, bool] = {}

    def __call__(self, entry: Entry) -> bool:
        if entry.id not in self._known:
            self._known[entry.id] = bool(entry.bounds or entry.holds) or any(
                map(self._restricts, entry.children.values())
            )
        return self._known[entry.id]

    def _restricts(self, child: Entry) -> bool:
        if child.key.everywhere:
            return False  # it applies to the directories below, which it governs itself
        # A file that must be alone or apart from a kind of files restricts no other name.
        excludes = any(not str(need.path.steps[-1]).startswith("*") for need in child.without)
        if child.wanted or child.forbidden or child.needs or excludes or child.id in self._tied:
            return True
        slots = (slot for member in child.key.members for slot in member.slots)
        return any(slot.case or self._sets_case(slot.placeholder) for slot in slots)

    def _sets_case(self, placeholder: str) -> bool:
        naming = self._names.get(placeholder)
        return naming is not None and bool(naming.cases or naming.unique or naming.consecutive)
