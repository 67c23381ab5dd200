"""Determines whether a name is a link, git's data or another user's file, without opening it."""

from __future__ import annotations

import os
import stat
import unicodedata

_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def status_of(name: str, handle: int | None) -> os.stat_result | None:
    """The status of a name in the directory `handle`, or of a whole path; None if it does not exist."""
    try:
        return os.stat(name, dir_fd=handle, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_link(status: os.stat_result) -> bool:
    """Whether it is a symbolic link, or a junction of Windows."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def is_own(status: os.stat_result) -> bool:
    """Whether a file or directory belongs to this user, and not everyone may write to it."""
    if os.name == "nt":  # Windows closes a user's own directories to others
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & stat.S_IWOTH


def is_git_name(name: str) -> bool:
    """Whether any file system reads a name as `.git`; see `verify_path` in git's read-cache.c."""
    bare = "".join(character for character in name if unicodedata.category(character) != "Cf")
    bare = bare.partition(":")[0].rstrip(". ").casefold()
    return bare == ".git" or (bare.startswith("git~") and bare[4:].isdigit())


def is_case_only(source: str, target: str) -> bool:
    """Whether two paths differ only in the case of letters."""
    return source != target and source.casefold() == target.casefold()


def is_git_data(directory: int | str) -> bool:
    """Whether a directory, by descriptor or path, contains the data of a repository or a linked work tree."""
    if not contains(directory, "HEAD"):
        return False
    is_repository = contains(directory, "objects") and contains(directory, "refs")
    return is_repository or contains(directory, "commondir")


def contains(directory: int | str, name: str) -> bool:
    """Whether a directory, by descriptor or path, contains a name."""
    if isinstance(directory, int):
        return status_of(name, directory) is not None
    return status_of(os.path.join(directory, name), None) is not None  # noqa: PTH118
