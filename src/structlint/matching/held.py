"""Checks `holds`: a path that must be somewhere in a directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from structlint.layout.entry import Contents, Entry
from structlint.matching.contents import ContentFinder
from structlint.matching.model import EntryMatches, Missing, NameMatch, Undecided
from structlint.tree import Directory


def missing_in_matches(
    finder: ContentFinder, matches: EntryMatches, names: Sequence[NameMatch], contents: Contents
) -> tuple[list[Missing], list[Undecided]]:
    """The missing paths in the directories of an entry: in each one, or in all those with exact names.

    Also returns the opaque directories, which could contain them.
    """
    groups: dict[str, list[NameMatch]] = {}
    for name in names:
        groups.setdefault("" if name.member.exact is not None else name.name, []).append(name)
    missing: list[Missing] = []
    undecided: list[Undecided] = []
    for group in groups.values():
        inside = [matches.directory.directories[name.name] for name in group]
        values = [{**matches.above, **name.values} for name in group]
        if any(map(finder.contains, inside, [contents] * len(group), values)):
            continue
        opaque = [directory for directory in inside if directory.opaque]
        undecided += (Undecided(directory.path, contents) for directory in opaque)
        if not opaque:
            missing.append(_not_held(matches.entry, contents, inside, values[0]))
    return missing, undecided


def missing_in_directory(
    finder: ContentFinder, directory: Directory, entry: Entry, values: Mapping[str, str]
) -> Iterator[Missing]:
    """The missing paths in a directory, required by the `holds` of the root or of a `**/`."""
    for contents in entry.holds:
        if not finder.contains(directory, contents, values):
            yield _not_held(entry, contents, [directory], values)


def _not_held(
    entry: Entry, contents: Contents, directories: Sequence[Directory], values: Mapping[str, str]
) -> Missing:
    names = tuple(path.spelled(values) for path in contents.paths)
    within = tuple(directory.path for directory in directories)
    return Missing(within[0] + names[0], entry, names, contents.place, value=contents.about, within=within)
