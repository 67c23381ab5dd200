"""The result of matching a layout with a tree: a value that rules and views query."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any, TypeVar

from structlint.layout.entry import Entry, Limit
from structlint.layout.keys import STAR, Key
from structlint.layout.model import Layout, PatternEntry, PatternList
from structlint.matching.children import Children
from structlint.matching.lookup import Lookup
from structlint.matching.model import (
    Conflict,
    DirectoryMatch,
    Duplicate,
    EntryMatches,
    Missing,
    Orphan,
    PathMatch,
    PlaceholderCount,
    Stray,
    Undecided,
)
from structlint.matching.near_miss import by_name, elsewhere, named_alike
from structlint.text.path_groups import Names
from structlint.text.paths import name_of, parent, split, way_to
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.tree import Directory, Tree

T = TypeVar("T")


class _Survey(Record):
    layout: Layout
    tree: Tree
    own: frozenset[str]
    prefix: str
    baseline: str
    lookup: Lookup
    children: Mapping[str, Children]
    directory_matches: Sequence[DirectoryMatch]
    entry_matches: Sequence[EntryMatches]
    missing: Sequence[Missing]
    ignored: Sequence[Missing]
    strays: Sequence[Stray]
    orphans: Sequence[Orphan]
    duplicates: Sequence[Duplicate]
    undecided: Sequence[Undecided]
    conflicts: Sequence[Conflict]
    counts: Sequence[PlaceholderCount]
    unseen: Sequence[str]
    fulfilled: int
    imagined: bool = False


class Survey(_Survey):
    """A layout matched with a tree, as `structlint.matching.match` returns it.

    All paths are relative to the root of the tree. `own` are structlint's own files, which are never stray,
    `baseline` is the one that does not count. `prefix` is the path of the tree's root in the repository: ""
    or with a trailing "/". `children` has each directory that an entry governs, by its path. `missing`,
    `strays`, `orphans`, `duplicates`, `conflicts` and `counts` are reported by rules. `undecided` has opaque
    directories whose contents an `if` depends on. `ignored` are missing paths that a
    document draws and git would ignore, such as build output. `unseen` has nested repositories, and
    links to unread directories, in which something is required; structlint does not look into them.
    `fulfilled` counts the required paths that exist. `imagined` means that the tree does not exist: a rule
    tries what its hints would name.
    """

    @property
    def path_matches(self) -> Iterator[PathMatch]:
        """The paths of entries that do more than allow them."""
        return (
            matches.path_match(name)
            for matches in self.entry_matches
            for name in matches.names
            if name.values or matches.entry.forbidden or matches.entry.needs
        )

    @cached_property
    def listed_by_name(self) -> frozenset[str]:
        """The paths that an entry lists without a wildcard, and structlint's own."""
        exact = (
            matches.path(name)
            for matches in self.entry_matches
            for name in matches.names
            if name.member.exact is not None
        )
        return self.own.union(exact)

    def elsewhere(self, missing: Missing) -> str:
        """An unlisted path with the name of a missing one that a document draws."""
        if missing.origin.file not in self.layout.documents or missing.needed_by:
            return ""
        path = next(filter(None, (elsewhere(one, self._by_name) for one in missing.alternatives)), "")
        entry = self.entry_of(path) if path else None
        drawn = entry is not None and entry.place.file in self.layout.documents
        return "" if drawn and path in self.listed_by_name else path

    def named_alike(self, path: str) -> Sequence[str]:
        """The paths of the tree with the same last name, apart from its case."""
        return named_alike(path, self._by_name)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        return by_name(self.tree)

    def named(self, path: str) -> str:
        """A path of the tree as shown to the user: from the repository's root, quoted if necessary."""
        return quote(self.prefix + path)

    def mentioned(self, path: str) -> str:
        """A path of the tree as a sentence mentions it: from the repository's root, in backticks."""
        return in_backticks(self.prefix + path)

    def directory(self, path: str) -> Directory:
        """A directory that an entry governs, by its path."""
        return self.children[path].directory

    def entry_of(self, path: str) -> Entry | None:
        """The entry that governs a path, None if none does."""
        above, name = parent(path), name_of(path)
        children = self.children.get(above)
        inside = self.inside(path)
        if children is None or (inside is None and path.endswith("/")):
            return None
        for governing, known in zip(children.entries, children.values, strict=True):
            if entry := self.lookup.entry_for(governing, name, inside, known):
                return entry
        below = self.children.get(path) if inside else None
        mirrored = (entry for entry in (below.entries if below else ()) if entry.key.path_placeholder)
        return next(mirrored, None)

    def inside(self, path: str) -> Directory | None:
        """The directory at a path, in a directory that an entry governs; None if there is none."""
        children = self.children.get(parent(path))
        return children.directory.directories.get(name_of(path)) if children and path.endswith("/") else None

    def rejecting(self, path: str) -> Entry | None:
        """The entry that matches the name of an unlisted directory, but whose `if` it does not meet."""
        above, name = parent(path), name_of(path)
        children = self.children.get(above)
        inside = self.inside(path)
        if children is None or inside is None:
            return None
        rejecting = (
            self.lookup.rejecting(governing, name, inside, known)
            for governing, known in zip(children.entries, children.values, strict=True)
        )
        return next(filter(None, rejecting), None)

    def allowed(self, directory: str) -> list[str]:
        """The names in `listed` that are not forbidden."""
        return [name for name in self.listed(directory) if self.layout.forbid.match(directory + name) is None]

    def listed(self, directory: str) -> Iterator[str]:
        """The names that are listed in a directory, those of `names` too; a directory's ends in "/".

        Placeholders have the values that they have in the directory.
        """
        children = self.children.get(directory)
        keys = (
            (child.key, known)
            for entry, known in (zip(children.entries, children.values, strict=True) if children else ())
            for child in entry.children.values()
            if not (child.forbidden or child.key.any_depth)
        )
        return (
            name + ("/" if key.directory else "") for key, known in keys for name in self._names(key, known)
        )

    def _names(self, key: Key, known: Mapping[str, str]) -> Iterator[str]:
        """The names that a key can match, as far as the values of its placeholders are known or listed."""
        for member in key.members:
            placeholders = [slot.placeholder for slot in member.slots]
            lists = [(known[name],) if name in known else self._listed_values(name) for name in placeholders]
            for values in product(*lists):
                filled = zip((slot.placeholder for slot in member.slots), values, strict=True)
                name = member.spelled(dict(filled))
                if member.exact or (values and STAR not in member.parts):
                    yield name

    def _listed_values(self, placeholder: str) -> tuple[str, ...]:
        naming = self.layout.names.get(placeholder)
        return naming.values if naming else ()

    def bounds(self, setting: str) -> dict[str, Limit]:
        """The limit that a setting such as `max-files` sets, by the path of the directory.

        If several entries govern a directory, it is the strictest of theirs.
        """
        strictest = max if setting.startswith("min-") else min
        bounds: dict[str, Limit] = {}
        for match in self.with_bounds:
            path, limit = match.directory.path, match.entry.bounds.get(setting)
            if limit:
                bounds[path] = strictest(bounds.get(path, limit), limit, key=lambda one: one.number)
        return bounds

    @cached_property
    def with_bounds(self) -> list[DirectoryMatch]:
        """The directories whose entries have limits."""
        return [match for match in self.directory_matches if match.entry.bounds]

    @cached_property
    def local_matches(self) -> tuple[tuple[str, PatternEntry, list[str]], ...]:
        """The files that `local` matches, as in `matched`, without links, which carry no secret."""
        matches = self.matched(self.layout.local)
        links = self.whole.links
        unlinked = ((path, reason, [f for f in files if f not in links]) for path, reason, files in matches)
        return tuple(match for match in unlinked if match[2])

    def matched(
        self, reasons: PatternList, empty: bool = False
    ) -> Iterator[tuple[str, PatternEntry, list[str]]]:
        """The topmost paths that patterns match, the deciding pattern, and the files that each represents.

        A nested project is not exempt. With `empty`, the result includes existing directories in which every
        file is excluded.
        """
        tops: dict[str, tuple[PatternEntry, list[str]]] = {}
        for path, reason in reasons.matching(self.whole.groups) if reasons.items else ():
            top, topmost_reason = _topmost(reasons, path) or (path, reason)
            tops.setdefault(top, (topmost_reason, []))[1].append(path)
        for path, _ in reasons.matching(self.whole.left_out_groups) if empty and reasons.items else ():
            if (topmost := _topmost(reasons, path)) and self.layout.exclude.match(path) is None:
                tops.setdefault(topmost[0], (topmost[1], []))
        return ((top, reason, files) for top, (reason, files) in tops.items())

    @property
    def whole(self) -> Tree:
        """The tree with the contents of nested projects."""
        return self.tree.whole or self.tree

    @cached_property
    def directories(self) -> list[Directory]:
        """Every directory of the tree, the root first; those that entries govern with their empty ones."""
        directories = [self._held(self.tree.root)]
        for directory in directories:  # grows as it goes
            directories += map(self._held, directory.directories.values())
        return directories

    def _held(self, directory: Directory) -> Directory:
        children = self.children.get(directory.path)
        return children.directory if children else directory

    @property
    def names(self) -> Names:
        """The names of all files of the tree, links among them."""
        return self.tree.file_groups.files

    def files_in(self, directory: Directory) -> int:
        """The number of files in a directory, without broken links and structlint's own baseline."""
        broken = sum(self.tree.is_broken_link(directory.path + name) for name in directory.files)
        return len(directory.files) - broken - self.has_baseline(directory)

    def has_baseline(self, directory: Directory) -> bool:
        """Whether structlint's own baseline, which does not count, is in a directory."""
        above, name = split(self.baseline)
        return directory.path == above and name in directory.files

    def files_below(self, path: str) -> int:
        """The number of files below a directory (a path with its "/"); an opaque directory counts as one."""
        return len(_below(path, self.tree.files)) + len(_below(path, self._opaque))

    @cached_property
    def _opaque(self) -> list[str]:
        return sorted(self.tree.opaque)

    def paths_below(self, path: str) -> Sequence[str]:
        """The files below a directory (a path with its "/")."""
        return _below(path, self.tree.files)

    def untracked_below(self, path: str) -> bool:
        """Whether there are files below a directory, and git tracks none of them."""
        inside = _below(path, self.tree.files)
        return bool(inside) and self.tree.untracked.issuperset(inside)

    def once(self, make: Callable[[Survey], T]) -> T:
        """The result of `make` for this survey. It is made once and shared by all rules."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @cached_property
    def _made(self) -> dict[Callable[[Survey], Any], Any]:
        return {}


def _below(directory: str, paths: Sequence[str]) -> Sequence[str]:
    """Those of some sorted paths that are below a directory (a path with its "/")."""
    return paths[bisect_left(paths, directory) : bisect_left(paths, f"{directory[:-1]}0")]  # "0" follows "/"


def _topmost(reasons: PatternList, path: str) -> tuple[str, PatternEntry] | None:
    """The topmost directory that a pattern matches, of those above `path` and itself."""
    for directory in way_to(path)[1:]:
        if reason := reasons.match(directory):
            return directory, reason
    return None


def deciding(reasons: PatternList, top: PatternEntry, files: Sequence[str]) -> str:
    """The patterns that match files which `matched` groups: that of the topmost directory, then the others.

    Used as the discriminator of findings: one accepted for a pattern is not accepted for another.
    """
    patterns = {reason.pattern for file in files if (reason := reasons.match(file))}
    return " ".join([top.pattern, *sorted(patterns - {top.pattern})])
