"""The files with patterns that git ignores, and which of them cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from structlint.text.paths import upwards
from structlint.tree.git_process import listed_paths
from structlint.tree.unread import gitignores_unread, texts

if TYPE_CHECKING:
    from structlint.tree.git.listing import GitQuery
    from structlint.tree.git.repository import Repository
    from structlint.tree.unread import Reason


def ignored_below(
    repository: Repository, held: Iterable[str], prefix: str, ignored: GitQuery
) -> tuple[list[str], Mapping[str, str]]:
    """The paths that git lists as ignored, and the files of patterns that cannot be read."""
    patterns = PatternFiles(repository, prefix)
    patterns.look({above for path in held for above in upwards(path)})
    return patterns.filter(ignored), patterns.unread


class PatternFiles:
    """The files of patterns, each checked once. `unread` has those that cannot be read."""

    def __init__(self, repository: Repository, prefix: str) -> None:
        self.repository = repository
        self.prefix = prefix
        self.unread: dict[str, str] = {}
        self.block = False  # whether git would wait for one without end
        self._seen: set[str] = set()
        self._add(repository.patterns_unread())
        self._add(gitignores_unread(str(repository.top), upwards(prefix)[1:]))

    def look(self, directories: Iterable[str]) -> None:
        """Checks the `.gitignore` of each directory that has one; paths are relative to the prefix."""
        new = [directory for directory in directories if directory not in self._seen]
        self._seen.update(new)
        self._add(gitignores_unread(str(self.repository.top), [self.prefix + directory for directory in new]))

    def _add(self, reasons: Mapping[str, Reason]) -> None:
        self.unread.update(texts(reasons))
        self.block |= any(reason.special for reason in reasons.values())

    def outside(self, shut: Iterable[str]) -> dict[str, str]:
        """The unreadable files, except those in directories that are unreadable themselves."""
        inside = tuple(self.prefix + directory for directory in shut)
        return {name: why for name, why in self.unread.items() if not name.startswith(inside)}

    def filter(self, ignored: GitQuery) -> list[str]:
        """The paths that git lists as ignored, relative to the prefix; none if git would wait forever."""
        if self.block:
            return []
        return listed_paths(ignored.answer(self.unread), self.prefix)
