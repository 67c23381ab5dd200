"""The one package that writes: it makes, changes and removes all files and directories.

A pull request that is checked is hostile until somebody has read it, and it may contain symbolic links.
Therefore a path to write to is a directory and a relative path below it, and each step of that path is opened
through the descriptor of the directory before it, without following a link. Nothing can be exchanged between
a check and its use, because the opening is the check. On systems without such descriptors (Windows), each
step is checked before the path is used.

`reading` opens, `writing` writes, `names` finds the directory that a name means, `outside` has what is not
in a directory that is checked.
"""

from structlint.filesystem.names import is_within, place_of
from structlint.filesystem.outside import (
    make_user_directory,
    memory_file,
    null_device,
    open_stream,
    overwrite,
    takes_lock,
    temporary_directory,
)
from structlint.filesystem.reading import WriteRefused
from structlint.filesystem.status import is_case_only, is_git_name
from structlint.filesystem.writing import OpenDirectory

__all__ = [
    "OpenDirectory",
    "WriteRefused",
    "is_case_only",
    "is_git_name",
    "is_within",
    "make_user_directory",
    "memory_file",
    "null_device",
    "open_stream",
    "overwrite",
    "place_of",
    "takes_lock",
    "temporary_directory",
]
