"""Checks `needs` and `without`: paths that must exist, or must not, beside the names of an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from structlint.layout.entry import Entry, Need
from structlint.layout.keys import Key, Name
from structlint.matching.contents import ContentFinder
from structlint.matching.lookup import Lookup
from structlint.matching.model import Conflict, EntryMatches, Missing, NameMatch
from structlint.text.records import Record
from structlint.tree import Directory, Tree


class _Existing(Record):
    """An existing path. `rejected` is the last directory on it that matches an entry but not its `if`."""

    path: str
    rejected: str


class _Place(Record):
    """A directory, the entry that governs it if one does, and the values that placeholders have there."""

    directory: Directory
    entry: Entry | None
    values: Mapping[str, str]


class Needs:
    """Looks up the paths of `needs` and `without` in a tree."""

    def __init__(self, root: Entry, tree: Tree, contents: ContentFinder, lookup: Lookup) -> None:
        self._root = root
        self._tree = tree
        self._contents = contents
        self._lookup = lookup

    def missing(self, parent: Entry, matches: EntryMatches, name: NameMatch) -> Iterator[Missing]:
        """The paths that one of the names `needs` and that do not exist. `parent` lists the names."""
        values = {**matches.above, **name.values}
        for need in matches.entry.needs:
            start = self._start(need, parent, matches)
            rejected: list[str] = []
            for found in self._existing(start, need.path.steps, values):
                if not found.rejected:
                    break
                rejected.append(found.rejected)
            else:
                names = tuple(_path_needed(need, member, values) for member in need.path.steps[-1].members)
                path, by = start.directory.path + names[0], matches.path(name)
                yield Missing(
                    path,
                    matches.entry,
                    names,
                    need.place,
                    needed_by=by,
                    link="" if rejected else self._tree.link_above(path),
                    rejected=tuple(rejected),
                )

    def _start(self, need: Need, parent: Entry, matches: EntryMatches) -> _Place:
        """The start of the path of a `needs` or a `without`."""
        if need.from_root:
            return _Place(self._tree.root, self._root, {})
        return _Place(matches.directory, parent, matches.above)

    def conflicts(self, parent: Entry, matches: EntryMatches, name: NameMatch) -> Iterator[Conflict]:
        """The paths that `without` excludes beside one of the names and that exist."""
        path, values = matches.path(name), {**matches.above, **name.values}
        for need in matches.entry.without:
            start = self._start(need, parent, matches)
            existing = self._existing(start, need.path.steps, values, looked_into=True)
            ignored = () if need.path.steps[-1].exact else self._tree.ignored
            others = (found.path for found in existing if not found.rejected and found.path != path)
            if other := next((other for other in others if other not in ignored), None):
                yield Conflict((path, other), matches.entry, need.place)

    def _existing(
        self,
        place: _Place,
        steps: tuple[Key, ...],
        values: Mapping[str, str],
        *,
        looked_into: bool = False,
        rejected: str = "",
        is_linked: bool = False,
    ) -> Iterator[_Existing]:
        """The paths of a `needs` or a `without` that exist.

        `rejected` is a directory above them that fits an entry by its name, and not its `if`. An opaque
        directory may contain any path; with `looked_into` it counts as empty. A link is followed, but not if
        `is_linked`: then a link has led to the directory.
        """
        directory, entry, known = place
        step, rest = steps[0].given(values), steps[1:]
        subdirectories = self._contents.subdirectories(directory) if step.directory else {}
        for name in self._contents.fitting(directory, step):
            path = f"{directory.path}{name}{'/' if step.directory else ''}"
            inside = subdirectories.get(name)
            child, barred, values_inside = None, rejected, known
            if entry and inside:
                child, values_inside = self._lookup.next_step(entry, name, inside, known)
                if not child and self._lookup.rejecting(entry, name, inside, known):
                    barred = path
            target = self._tree.target(path) if inside and not is_linked else None
            if not rest:
                yield _Existing(path, barred)
            elif inside and (target or not inside.opaque):
                yield from self._existing(
                    _Place(target or inside, child, values_inside),
                    rest,
                    values,
                    looked_into=looked_into,
                    rejected=barred,
                    is_linked=is_linked or target is not None,
                )
            elif inside and not looked_into:
                yield _Existing(path, barred)


def _path_needed(need: Need, member: Name, values: Mapping[str, str]) -> str:
    """The path of a `needs`, with one of the alternatives of its last step."""
    steps = [step.members[0].spelled(values) for step in need.path.steps[:-1]]
    return "/".join([*steps, member.spelled(values)]) + ("/" if need.path.steps[-1].directory else "")
