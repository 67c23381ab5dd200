"""Resolves a name that a user gives, such as `-o ../report.json`, to a directory and a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from errno import EINVAL, EISDIR, ELOOP
from pathlib import Path

from structlint.filesystem.reading import WriteRefused
from structlint.filesystem.status import contains, is_git_data, is_git_name, is_link, status_of
from structlint.filesystem.writing import OpenDirectory
from structlint.text.quoting import quote

_MAX_LINKS = 40  # as many as Linux follows


def place_of(name: str, tops: Sequence[Path], *, reading: bool = False) -> tuple[OpenDirectory, str]:
    """The directory that the name of a file means, and the path below it. Nothing is opened yet.

    `tops` are the repositories, or directories, that are checked. A name in one of them is a path below its
    top, and no link is followed there. Any other name is the user's own: links on the way are followed, as
    long as they do not lead into a top. Raises `OSError`, and `WriteRefused` for git's data, except for
    `reading`.
    """
    if "\0" in name:
        raise OSError(EINVAL, os.strerror(EINVAL), name)
    known = [top.stat() for top in tops]
    path = Path(name) if Path(name).is_absolute() else Path.cwd() / name
    here, linked, followed = Path(path.anchor), None, 0
    entered = [here] if any(os.path.samestat(here.stat(), top) for top in known) else []
    ahead = [*reversed(path.parts[1:])]
    while ahead:
        step = ahead.pop()
        if step == "..":
            here = here.parent
            entered = [top for top in entered if here.is_relative_to(top)]
            linked = linked if linked and here.is_relative_to(linked) else None
            continue
        here /= step
        status = None if linked else status_of(str(here), None)
        if status is None:
            continue
        if is_link(status) and entered:
            linked = here  # no need to look beyond it: the opening refuses it
        elif is_link(status):
            followed += 1
            if followed > _MAX_LINKS:
                raise OSError(ELOOP, os.strerror(ELOOP), name)
            target = here.readlink()
            here = Path(target.anchor) if target.is_absolute() else here.parent
            ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)
        elif any(os.path.samestat(status, top) for top in known):
            entered.append(here)
    if not here.name or here in entered:
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), name)
    if entered:
        return OpenDirectory(entered[-1]), here.relative_to(entered[-1]).as_posix()
    if not reading:
        _refuse_git_data(here)
    return OpenDirectory(here.parent, guarded=False), here.name


def _refuse_git_data(path: Path) -> None:
    """Refuses a path outside of all tops that lies in git's data; one in a work tree is the user's."""
    if is_git_name(path.name):
        raise WriteRefused(f"{quote(str(path))} belongs to git")
    for above in path.parents:
        if contains(str(above), ".git"):
            return
        if is_git_name(above.name) or is_git_data(str(above)):
            raise WriteRefused(f"{quote(str(path))} is inside git's own data, {quote(str(above))}")


def is_within(path: Path, directory: Path) -> bool:
    """Whether a path, which need not exist, is a directory or lies in it, however both are spelled."""
    place, top = Path(os.path.realpath(path)), directory.stat()
    for parent in (place, *place.parents):
        with suppress(OSError):
            if os.path.samestat(parent.stat(), top):
                return True
    return False
