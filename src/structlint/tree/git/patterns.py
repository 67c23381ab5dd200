"""The files with ignore patterns: finds the unreadable ones, and whether a tracked file may match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.text.paths import upwards
from structlint.tree.git_process import limit_to, listed_paths
from structlint.tree.pattern_lines import pattern_lines
from structlint.tree.unread import Reason, gitignore_patterns, texts, unreadable

if TYPE_CHECKING:
    from structlint.tree.git.listing import GitListing, GitQuery
    from structlint.tree.git.repository import Repository
    from structlint.tree.unread import Patterns

_MANY = 16  # patterns, from which on it saves time to search each name once
_WILD = rb"(?s:\[.*\]|[*?\\\[\]])"  # also an escape: the character after it is literal


class PatternFiles:
    """The files with patterns, each read once. `unread` has those that cannot be read.

    `ignored` is git's list of the tracked files that are ignored. git matches each pattern with each file
    and looks for a `.gitignore` in each directory, so it is started only if a pattern may match.
    """

    def __init__(self, repository: Repository, prefix: str, ignored: GitQuery) -> None:
        self.repository = repository
        self.prefix = prefix
        self.ignored = ignored
        self.unread: dict[str, str] = {}
        self.block = False  # whether git would wait for one of them forever
        self._seen: set[str] = set()
        self._new: list[bytes] = []
        self._add(repository.patterns())
        self._add(gitignore_patterns(str(repository.top), upwards(prefix)[1:]))

    def look(self, directories: Iterable[str]) -> None:
        """Reads the `.gitignore` of each directory that has one; paths are relative to the prefix."""
        new = [directory for directory in directories if directory not in self._seen]
        self._seen.update(new)
        self._add(
            gitignore_patterns(str(self.repository.top), [self.prefix + directory for directory in new])
        )

    def _add(self, files: Mapping[str, Patterns]) -> None:
        reasons = unreadable(files)
        self.unread.update(texts(reasons))
        self.block |= any(reason.special for reason in reasons.values())
        self._new += (patterns for patterns in files.values() if not isinstance(patterns, Reason))

    def ask(self, listed: GitListing, directories: Iterable[str]) -> None:
        """Reads patterns, as `look` does, and starts git if it may ignore a tracked file by them."""
        self.look(directories)
        new, self._new = self._new, []
        # git reads a `.gitignore` that a sparse checkout leaves out from the index.
        if listed.skipped or (new and _may_match(new, self.prefix, [*listed.files, *listed.opaque])):
            self.ignored.ask(*limit_to(self.prefix))

    def outside(self, shut: Iterable[str]) -> dict[str, str]:
        """The unreadable files, except those in directories that are unreadable themselves."""
        inside = tuple(self.prefix + directory for directory in shut)
        return {name: why for name, why in self.unread.items() if not name.startswith(inside)}

    def filter(self) -> list[str]:
        """The paths that git lists as ignored, relative to the prefix; none if git would wait forever."""
        if self.block:
            return []
        return listed_paths(self.ignored.answer(self.unread), self.prefix)


def _may_match(files: Iterable[bytes], prefix: str, paths: Sequence[str]) -> bool:
    """Whether a pattern in one of the files may match a path or a directory on the way to it.

    A pattern can match only if its literal parts, with the slashes around them, occur in the paths. Upper and
    lower case are treated as equal, because git may be configured to do so.
    """
    wanted = {*map(_literal_parts, _ignoring(files))}
    if not wanted:  # every repository has an `info/exclude` with only comments
        return False
    joined = f"/\0/{prefix}".join(paths)
    text = f"/{prefix}{joined}/".encode("utf-8", "surrogateescape").lower()
    names = b"/%b/" % b"/".join({*text.split(b"/")} - {b""}) if len(wanted) >= _MANY else text
    return any(all(part in (text if b"/" in part[1:-1] else names) for part in parts) for parts in wanted)


def _ignoring(files: Iterable[bytes]) -> Iterator[bytes]:
    """The patterns in the files, except those that begin with `!`."""
    for content in files:
        yield from (line for _, line in pattern_lines(content) if not line.startswith(b"!"))


def _literal_parts(pattern: bytes) -> tuple[bytes, ...]:
    return tuple(re.split(_WILD, b"/%b/" % pattern.strip(b"/").lower()))
