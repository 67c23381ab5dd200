"""Directories that are not part of the tree: the targets of links, submodules and nested repositories.

An entry may list them, but they never satisfy what it requires in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from structlint.layout import NAMES
from structlint.layout.entry import Entry
from structlint.matching.children import Assignment, Children, Outcome
from structlint.matching.lookup import Lookup
from structlint.matching.model import EntryMatches, Missing, NameMatch, NameMatches, Stray
from structlint.matching.scope import Scope
from structlint.text.paths import split, upwards
from structlint.tree import Directory, Tree, holds

_MOST_COPIED = 10_000  # directories, for all links together
_DEEPEST = 64  # nested directories


def requires_contents(entry: Entry) -> bool:
    """Whether an entry requires or recommends contents of its directory."""
    children = [child for child in entry.children.values() if not child.key.everywhere]
    return any(not child.forbidden and (child.wanted or requires_contents(child)) for child in children)


class Unseen:
    """The opaque directories of a tree, and the paths required in them."""

    def __init__(self, tree: Tree, lookup: Lookup, emptied: dict[str, list[str]]) -> None:
        """`emptied` are the subdirectories with excluded files, by directory; those of links are added."""
        self._tree = tree
        self._lookup = lookup
        self._emptied = emptied
        self._left = _MOST_COPIED

    def look_into(
        self, directory: Directory, assignment: Assignment, child: Entry, outcome: Outcome
    ) -> Directory | None:
        """Records that the contents required by an entry in an opaque directory are missing or unknown.

        A submodule that is not declared is missing itself. Returns the directory that a link leads to, under
        the path of the link, so that it can be matched.
        """
        requires = requires_contents(child)
        if directory.path in self._tree.undeclared:
            if requires or child.wanted:
                assignment.children.missing.append(_unsatisfied(directory.path, child))
        elif not (requires or (child.children and directory.path[:-1] in self._tree.links)):
            return None
        elif directory.path in self._tree.repositories:
            outcome.unseen.append(directory.path)
        elif linked := self._linked(directory.path, child):
            return linked
        elif requires and directory.path not in self._tree.opaque:
            outcome.unseen.append(directory.path)
        return None

    def require_of_broken_links(self, assignments: Iterable[Assignment]) -> None:
        """Records broken links in place of directories with required contents.

        By then, the links that a `**/` lists as files must be known.
        """
        for assignment in assignments:
            self._require_of_broken_links(assignment)

    def _require_of_broken_links(self, assignment: Assignment) -> None:
        children = assignment.children
        for name in children.directory.files:
            path = f"{children.directory.path}{name}"
            if self._tree.is_broken_link(path) and not children.lists(name, directory=False):
                inside = Directory(f"{path}/")
                known = assignment.scope.values
                entry = self._lookup.entry_for(assignment.entry, name, inside, known, any_value=False)
                if entry and not entry.forbidden and requires_contents(entry):
                    children.missing.append(_unsatisfied(inside.path, entry))

    def forbid_layout(self, directory: Directory, entry: Entry, scope: Scope, outcome: Outcome) -> None:
        """Records a layout in a nested project that the layout above forbids."""
        files = self._tree.whole.files if self._tree.whole else ()
        for name in NAMES if files else ():
            for child, member in self._lookup.table(entry).files.exact.get(name, ()):
                if child.forbidden and holds(files, directory.path + name):
                    names = NameMatches([NameMatch(name, member, {})])
                    outcome.entry_matches.append(EntryMatches(directory, child, names, scope.values))

    def note_unlisted(
        self,
        link: str,
        inner: Outcome,
        everywhere: Mapping[str, Sequence[tuple[Entry, Scope]]],
        outcome: Outcome,
    ) -> None:
        """Records the forbidden and unlisted paths in a directory that is a link to another one.

        `inner` is the outcome there, `everywhere` has the `**/` of each directory.
        """
        outcome.entry_matches += (matches for matches in inner.entry_matches if matches.entry.forbidden)
        for children in inner.children.values():
            outcome.linked_listed.update(_listed(children))
            if children.closed_by is None or children.effective_policy == "allow":
                continue
            names = [f"{name}/" for name in children.unlisted_directories()]
            if children.effective_policy == "forbid":
                names += children.unlisted_files()
            path = children.directory.path
            applying = [entry for way in upwards(path) for entry in everywhere.get(way, ()) if way != path]
            for name in names:
                if not any(self._lists(entry, name, children, scope) for entry, scope in applying):
                    stray = Stray(f"{path}{name}", children.effective_policy, children.closed_by, link)
                    outcome.linked_strays.append(stray)

    def _lists(self, entry: Entry, name: str, children: Children, scope: Scope) -> bool:
        """Whether a `**/` allows a name in a directory."""
        plain = name.rstrip("/")
        inside = children.directory.directories.get(plain) if name.endswith("/") else None
        listing = self._lookup.entry_for(entry, plain, inside, scope.values, any_value=False)
        return listing is not None and not listing.forbidden

    def _linked(self, path: str, entry: Entry) -> Directory | None:
        """The directory that a link at `path` (with its "/") leads to, as deep as an entry lists it.

        Further links in it stay opaque, and broken ones are left out. None if the target is opaque, or too
        large.
        """
        target = self._tree.target(path)
        return self._copied(target, path, _depth(entry)) if target else None

    def _copied(self, directory: Directory, path: str, depth: int) -> Directory | None:
        self._left -= 1
        if self._left < 0:
            return None
        copy = Directory(path)
        broken = self._tree.is_broken_link
        copy.files = [name for name in directory.files if not broken(directory.path + name)]
        copy.opaque = directory.opaque
        emptied = self._emptied.get(directory.path, ())
        if emptied:
            self._emptied[path] = [*emptied]
        for name in emptied if depth > 1 else ():  # which may contain others that are empty too
            self._copied(Directory(f"{directory.path}{name}/"), f"{path}{name}/", depth - 1)
        for name, inside in directory.directories.items() if not directory.opaque else ():
            below = Directory(f"{path}{name}/")
            below.opaque = True
            copied = self._copied(inside, below.path, depth - 1) if depth > 1 else below
            if copied is None:
                return None
            copy.directories[name] = copied
        return copy


def _listed(children: Children) -> Iterator[str]:
    """The paths that an entry lists in a directory, a directory's with its "/"."""
    directory = children.directory
    unlisted = {*children.unlisted_files(), *(f"{name}/" for name in children.unlisted_directories())}
    names = (*directory.files, *(f"{name}/" for name in directory.directories))
    return (directory.path + name for name in names if name not in unlisted)


def _depth(entry: Entry) -> int:
    """The number of directory levels that an entry lists or searches for paths."""
    children = entry.children.values()
    paths = [path for contents in (entry.condition, *entry.holds) if contents for path in contents.paths]
    needs = (need for child in children for need in (*child.needs, *child.without))
    paths += (need.path for need in needs if not need.from_root)
    if entry.key.path_placeholder or any(step.everywhere for path in paths for step in path.steps):
        return _DEEPEST
    levels = [1 + _depth(child) for child in children if child.key.directory]
    return max([1, *levels, *(len(path.steps) for path in paths)])


def _unsatisfied(path: str, entry: Entry) -> Missing:
    """The finding for a directory that cannot contain what its entry requires."""
    return Missing(path, entry, (split(path)[1],), entry.place)
