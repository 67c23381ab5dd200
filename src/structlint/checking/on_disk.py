"""Finds the few paths on disk that determine whether other paths are allowed, without a scan.

As for `check`, a link to a directory of the project is that directory, and any other link is a file:
nothing outside of the project is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from structlint.layout.entry import Contents, entries
from structlint.layout.keys import Key, Name
from structlint.layout.model import Layout

INSIDE = "structlint-looks-here"  # represents the contents of a directory
_MOST_LISTED = 10_000  # directories to list for ties, and for each `if`


def listed(root: Path, path: str) -> Iterator[tuple[str, bool]]:
    """The names in a directory, and whether each is a directory; empty if it cannot be read."""
    try:
        with os.scandir(root / path) as entries_there:
            for item in entries_there:
                if item.name != ".git":
                    plain = not item.is_symlink()
                    yield item.name, item.is_dir() if plain else leads_inside(root, root / path / item.name)
    except OSError:
        return


def leads_inside(root: Path, place: Path) -> bool:
    """Whether a path is a directory below `root`, or a link to one."""
    real = Path(os.path.realpath(place))
    return real.is_relative_to(root) and real.is_dir()


def _is_link(root: Path, path: str) -> bool:
    return (root / path).is_symlink()  # a slash at the end is not kept


def defining(root: Path, layout: Layout) -> Iterator[str]:
    """The existing paths on disk that define the values of tied placeholders.

    For a directory with an `if`, a path in it is included, so that it does not count as opaque.
    """
    ties = layout.ties
    tied = {name for names in ties.tied.values() for name in names}
    count = 0
    for placeholder in tied:
        ahead = [("", way) for way in ties.defining[placeholder]]
        while ahead:
            path, way = ahead.pop()
            entry, rest = way[0], way[1:]
            if entry.key.everywhere:
                continue
            if entry.key.path_placeholder:
                inside = list(_directories(root, path))
                yield from (f"{child}{INSIDE}" for child in inside if child != path)
                ahead += [(child, rest) for child in inside] if rest else []
                continue
            for name, is_directory in _candidates(root, path, entry.key):
                count += 1
                if count > _MOST_LISTED:
                    return
                if is_directory != entry.key.directory:
                    continue
                child = f"{path}{name}{'/' * is_directory}"
                if entry.condition and not _is_link(root, child):
                    yield f"{child}{INSIDE}"
                    yield from contained(root, child, entry.condition)
                if not rest:
                    yield child
                elif leads_inside(root, root / child):
                    ahead.append((child, rest))


def conditions(layout: Layout) -> list[Contents]:
    """Every `if` of a layout."""
    return list(dict.fromkeys(entry.condition for _, entry in entries(layout.root) if entry.condition))


def contained(root: Path, directory: str, contents: Contents) -> Iterator[str]:
    """The existing paths in a directory (with its "/") that an `if` lists."""
    if _is_link(root, directory):
        return
    for path in contents.paths:
        for number, child in enumerate(_paths(root, directory, path.steps)):
            yield child
            if number >= _MOST_LISTED:
                return


def _paths(root: Path, above: str, steps: tuple[Key, ...]) -> Iterator[str]:
    step, rest = steps[0], steps[1:]
    if step.everywhere:
        for directory in _directories(root, above):
            yield from _paths(root, directory, rest)
        return
    for name, is_directory in _candidates(root, above, step):
        if is_directory != step.directory:
            continue
        path = f"{above}{name}"
        if not rest:
            yield f"{path}/{INSIDE}" if is_directory else path
        elif not _is_link(root, path):
            yield from _paths(root, f"{path}/", rest)


def _directories(root: Path, top: str) -> Iterator[str]:
    """A directory and the directories below it, without links; at most `_MOST_LISTED`."""
    pending = [top]
    for number, directory in enumerate(pending):  # grows as it goes
        yield directory
        if number > _MOST_LISTED:
            return
        inside = (f"{directory}{name}" for name, is_directory in listed(root, directory) if is_directory)
        pending += (f"{path}/" for path in inside if not _is_link(root, path))


def _candidates(root: Path, path: str, key: Key) -> Iterator[tuple[str, bool]]:
    """The names in a directory that a key may match, and whether each is a directory."""
    if all(member.exact is not None for member in key.members):
        for member in key.members:
            if member.exact and os.path.lexists(root / path / member.exact):
                yield member.exact, leads_inside(root, root / path / member.exact)
        return
    for name, is_directory in listed(root, path):
        if key.match(name):
            yield name, is_directory


def fits(member: Name, name: str) -> bool:
    """Whether a name matches a pattern with any values of its placeholders."""
    return member.match(name, lambda slot, value: True) is not None
