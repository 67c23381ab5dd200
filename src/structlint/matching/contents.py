"""Decides which directories contain the paths of an `if` or a `holds`, regardless of the entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from structlint.layout.entry import Contents, Entry
from structlint.layout.keys import Key, KeyPath
from structlint.text.enumerations import either
from structlint.text.paths import parents
from structlint.text.quoting import in_backticks
from structlint.tree import Directory, Tree, holds

_Steps = tuple[Key, ...]


_MOST_LISTED = 6


def alternatives(contents: Contents, values: Mapping[str, str] = MappingProxyType({})) -> str:
    """The paths of an `if` or a `holds` for a message, such as "`go.mod` or `*.csproj`"."""
    return either([in_backticks(path.spelled(values)) for path in contents.paths], _MOST_LISTED)


class ContentFinder:
    """Decides whether directories of a tree contain some paths. Each answer is computed once.

    `emptied` are, by the path of a directory, its subdirectories in which every file is excluded. `assumed`
    are directories that do not exist yet and are assumed to contain everything.
    """

    def __init__(
        self, tree: Tree, emptied: Mapping[str, Sequence[str]], assumed: Collection[str] = ()
    ) -> None:
        self._tree = tree
        self._emptied = emptied
        self._assumed = assumed
        self._members: dict[tuple[int, str, tuple[str | None, ...]], bool] = {}
        self._placeholders: dict[int, tuple[str, ...]] = {}  # of the condition of an entry
        self._above: dict[_Steps, set[str]] = {}

    def is_member(self, entry: Entry, directory: Directory, values: Mapping[str, str]) -> bool | None:
        """Whether an entry governs a directory with a matching name. `values` has the placeholders' values.

        None if that depends on the contents of an opaque directory.
        """
        condition = entry.condition
        if condition is None or directory.path in self._assumed:
            return True
        if directory.opaque:
            return None
        placeholders = self._placeholders.get(entry.id)
        if placeholders is None:
            placeholders = self._placeholders[entry.id] = tuple(sorted(condition.placeholders))
        known = entry.id, directory.path, tuple(map(values.get, placeholders))
        if known not in self._members:
            self._members[known] = self.contains(directory, condition, values)
        return self._members[known]

    def contains(self, directory: Directory, contents: Contents, values: Mapping[str, str]) -> bool:
        """Whether a directory contains one of the paths."""
        return any(self.contains_path(directory, path, values) for path in contents.paths)

    def contains_path(self, directory: Directory, path: KeyPath, values: Mapping[str, str]) -> bool:
        """Whether a directory contains a path."""
        everywhere = all(values.keys().isdisjoint(step.placeholders) for step in path.steps)
        if everywhere and self._tree.links:
            everywhere = self._tree.linked_directories.isdisjoint(parents(directory.path))
        return self._has(directory, tuple(step.given(values) for step in path.steps), everywhere)

    def _has(self, directory: Directory, steps: _Steps, everywhere: bool) -> bool:
        """Whether a directory contains the path that these steps describe.

        With `everywhere`, the result of a `**/` is computed for the whole tree at once. The tree does not
        contain the directories that are below a link.
        """
        step, rest = steps[0], steps[1:]
        if step.everywhere:
            if everywhere:
                return directory.path in self._directories_above(rest)
            return any(self._has(below, rest, everywhere) for below in self._walk(directory))
        if not rest:
            return any(True for _ in self.fitting(directory, step))
        subdirectories = self.subdirectories(directory)
        inside = (subdirectories.get(name) for name in self.fitting(directory, step))
        return any(self._has(child, rest, everywhere) for child in inside if child)

    def subdirectories(self, directory: Directory) -> Mapping[str, Directory]:
        """The directories in a directory, including those in which every file is excluded."""
        emptied = self._emptied.get(directory.path, ())
        new = {name: Directory(f"{directory.path}{name}/") for name in emptied}
        return {**new, **directory.directories} if new else directory.directories

    def _walk(self, directory: Directory) -> list[Directory]:
        """A directory and all directories in it, each before those in it."""
        directories = [directory]
        for parent in directories:  # grows as it goes
            directories += self.subdirectories(parent).values()
        return directories

    def _directories_above(self, steps: _Steps) -> set[str]:
        """The directories of the tree that contain a path, or have one below them that does."""
        if steps not in self._above:
            containing = self._above[steps] = set()
            for directory in reversed(self._walk(self._tree.root)):  # subdirectories first
                inside = (child.path for child in self.subdirectories(directory).values())
                if self._has(directory, steps, everywhere=True) or not containing.isdisjoint(inside):
                    containing.add(directory.path)
        return self._above[steps]

    def fitting(self, directory: Directory, step: Key) -> Iterator[str]:
        """The names in a directory that fit one step of a path; a broken link fits none."""
        for name in self._names(directory, step):
            slash = "/" if step.directory else ""
            if not self._tree.is_broken_link(f"{directory.path}{name}{slash}"):
                yield name

    def _names(self, directory: Directory, step: Key) -> Iterator[str]:
        emptied = self._emptied.get(directory.path, ())
        exact = [member.exact for member in step.members if member.exact is not None]
        if len(exact) < len(step.members):
            names = (*directory.directories, *emptied) if step.directory else directory.files
            yield from filter(step.match, names)
        elif step.directory:
            yield from (name for name in exact if name in directory.directories or name in emptied)
        else:
            yield from (name for name in exact if holds(directory.files, name))
