"""Decides whether the layout certainly allows a path that does not exist, which is nearly always so.

`structlint.rules.trial` tries the other paths. The results that depend only on a directory or on a name are
stored, because a layout can have many findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from structlint.finding import Place
from structlint.layout.entry import Entry, entries
from structlint.layout.model import ill_spelled
from structlint.matching.children import Children
from structlint.matching.survey import Survey
from structlint.text.paths import inherited, parent, split, upwards


class Allowed:
    """The paths that the layout of a survey certainly allows."""

    def __init__(self, survey: Survey) -> None:
        layout = survey.layout
        self.survey = survey
        self._is_doubtful = bool(layout.layers) or any(entry.without for _, entry in entries(layout.root))
        lists = (layout.exclude, layout.local, layout.forbid, layout.belongs)
        self._patterns = [patterns for patterns in lists if patterns.items]
        self._depth, self._length = layout.limits.get("depth"), layout.limits.get("path-length")
        self._known_names: dict[tuple[object, ...], bool] = {}
        self._known_directories: dict[str, bool] = {"": False}
        self._known_blocking: dict[str, tuple[str, ...]] = {}

    def certainly(self, entry: Entry, path: str) -> bool:
        """Whether a path, which an entry lists, is allowed without a trial."""
        if self._is_doubtful or not self._is_within_limits(path):
            return False
        above, name = split(path)
        if self._patterns and (self._is_matched_above(above) or self._is_matched(path)):
            return False
        if self.taken_by(path):
            return False
        children = self.survey.children.get(above)
        governing = None if children is None else tuple([one.id for one in children.entries])
        known = (entry.id, name, governing)
        if known not in self._known_names:
            self._known_names[known] = self._is_plain(entry, children, name.removesuffix("/"))
        return self._known_names[known]

    def _is_within_limits(self, path: str) -> bool:
        """Whether a path is within the limits of the rules in `PATH_RULES`."""
        is_too_deep = self._depth is not None and path.count("/") > self._depth.number
        return not (is_too_deep or (self._length is not None and len(path) > self._length.number))

    def _is_matched(self, path: str) -> bool:
        return any(patterns.match(path) for patterns in self._patterns)

    def _is_matched_above(self, directory: str) -> bool:
        """Whether a pattern matches a directory, or one that it is in."""
        return inherited(
            directory, self._known_directories, lambda path, above: above or self._is_matched(path)
        )

    def _is_plain(self, entry: Entry, children: Children | None, name: str) -> bool:
        """Whether only the entry that lists a name matches it, in one way and in the right case."""
        members, directory = entry.key.members, entry.key.directory
        if entry.id not in self._of_everywhere and any(member.exact == name for member in members):
            return True
        if children is None or len(members) > 1:
            return False
        values = members[0].match(name, lambda slot, value: True) or {}
        for slot in members[0].slots:
            naming = self.survey.layout.names.get(slot.placeholder)
            value = values.get(slot.placeholder)
            if not value or (naming and naming.unique) or ill_spelled(slot, value, naming, directory):
                return False
        return len(values) <= 1 and all(one is entry for one in self._fitting(children, name, directory))

    def _fitting(self, children: Children, name: str, directory: bool) -> Iterator[Entry]:
        """The entries that a name matches with any values of the placeholders."""
        for entry in children.entries:
            table = self.survey.lookup.table(entry).of(directory)
            for child, _ in table.fitting(name, lambda slot, value: True, lambda match: True):
                yield child

    @cached_property
    def _of_everywhere(self) -> frozenset[int]:
        """The entries that a `**/` lists, so that an entry of the directory may not allow the name."""
        above = (one for _, one in entries(self.survey.layout.root) if one.key.everywhere)
        return frozenset(child.id for one in above for child in one.children.values())

    def exists(self, path: str) -> bool:
        """Whether there is a file at a path, or a file below it if it ends in "/"."""
        return path in self._files or (path.endswith("/") and path in self._directories)

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(self.survey.tree.files)

    @cached_property
    def _directories(self) -> set[str]:
        return directories(self.survey.tree.files)

    def taken_by(self, path: str) -> Place | None:
        """The line that lists a file in place of a directory, or the other way around; None without one."""
        there = next((above for above in self.blocking(parent(path)) if above in self._files), "")
        if not there:
            other = path[:-1] if path.endswith("/") else f"{path}/"
            there = other if self.exists(other) else ""
        if not there or there.rstrip("/") in self.survey.tree.links:
            return None
        entry = self._governing.get(there)
        # A name that only a pattern matches can be removed without a missing path.
        return entry.place if entry and entry.key.exact and not entry.forbidden else None

    def blocking(self, directory: str) -> tuple[str, ...]:
        """The files, links and opaque directories that block paths in a directory, without their "/"."""
        if directory not in self._known_blocking:
            opaque = self.survey.tree.opaque
            way = (above[:-1] for above in upwards(directory)[-2::-1])
            blocking = (above for above in way if above in self._files or f"{above}/" in opaque)
            self._known_blocking[directory] = tuple(blocking)
        return self._known_blocking[directory]

    @cached_property
    def _governing(self) -> Mapping[str, Entry]:
        """The entries that govern the paths of the tree."""
        matched = self.survey.entry_matches
        return {matches.path(name): matches.entry for matches in matched for name in matches.names}


def directories(files: Iterable[str]) -> set[str]:
    """The directories that contain the files, each with its "/"."""
    directories = {""}
    for above in {parent(path) for path in files}:
        while above not in directories:
            directories.add(above)
            above = parent(above)
    return directories - {""}
