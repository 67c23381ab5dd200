"""Checks that files with ignore patterns can be read, because git continues without one that it cannot open.

If one of them is a pipe, git blocks forever.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from structlint.errors import TreeError
from structlint.text.quoting import quote, shortened
from structlint.text.records import Record
from structlint.tree.access import reason_of
from structlint.tree.sources import by_kind

IGNORING = ".gitignore"
# git's warnings. Other files that it may fail to open, such as those of attributes, are not needed by the
# commands used here.
_SHUT = r"warning: could not open directory '(.*)': (.*)"
_PASSED_OVER = r"warning: unable to access '((?!/)(?:.*/)?\.gitignore)': (.*)"
_CANNOT_OPEN = "could not open directory"
_VANISHED = ("No such file or directory", "Not a directory")
_A_LINK = "Too many levels of symbolic links"
_TOO_LONG = "File name too long"  # a path with such a name cannot exist
_MOST_READ = 1 << 20  # bytes of a file of patterns
_MOST_PRINTED = 2_000  # characters of a name in git's warnings, at least
_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a directory"}
# A configuration without these words does not name a file of patterns.
_NAMES_ONE = rb"(?i)excludesfile|\[\s*include"


class Reason(Record):
    """The reason why a file cannot be read; `special` if it is not a regular file."""

    text: str
    special: bool = False


Patterns = bytes | Reason  # the contents of a file with patterns, or the reason why it cannot be read


def gitignore_patterns(top: str, directories: Iterable[str]) -> dict[str, Patterns]:
    """The patterns in the `.gitignore` files of directories ("" or ending in "/") that are not empty."""
    found = ((directory, read_patterns(f"{top}/{directory}{IGNORING}")) for directory in directories)
    return {quote(f"{directory}{IGNORING}"): patterns for directory, patterns in found if patterns}


def gitignores_unread(top: str, directories: Iterable[str]) -> dict[str, Reason]:
    """The `.gitignore` files of directories ("" or ending in "/") that cannot be read, with the reasons."""
    return unreadable(gitignore_patterns(top, directories))


def unreadable(files: Mapping[str, Patterns]) -> dict[str, Reason]:
    """The files with patterns that cannot be read, with the reasons."""
    return {name: patterns for name, patterns in files.items() if isinstance(patterns, Reason)}


def read_patterns(path: str, *, follow: bool = False) -> Patterns:
    """The contents of a file with patterns: empty if it does not exist, a single `*` if it is too long.

    Only a regular file is opened. Unless `follow`, it is a `.gitignore`, where git follows no link. With
    `follow`, it is a file of the user or the clone, where `/dev/null` is common.
    """
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode  # noqa: PTH116 - the path is a text
        if stat.S_ISLNK(mode):
            return b""
        if follow and not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            return b""
        if not stat.S_ISREG(mode):
            kind = _KINDS.get(stat.S_IFMT(mode), "a device")
            return Reason(f"it is {kind} and not a file; remove or rename it", special=True)
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(file, "rb") as opened:
            content = opened.read(_MOST_READ + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        return b"" if error.errno == errno.ENAMETOOLONG else Reason(reason_of(error))
    return content if len(content) <= _MOST_READ else b"*"


def texts(reasons: Mapping[str, Reason]) -> dict[str, str]:
    """The reasons as `Unread` needs them."""
    return {name: reason.text for name, reason in reasons.items()}


def reasons_of_git(messages: str) -> dict[str, str]:
    """The unreadable files that git skipped, according to its warnings, with the reasons."""
    reasons = {}
    for line in messages.splitlines():
        if _CANNOT_OPEN in line and not line.endswith(_VANISHED):
            shut = re.fullmatch(_SHUT, line)
            name, why = (shut[1], _with_advice(shut[2])) if shut else _cut_off(line)
            reasons[f"the directory {shortened(name)}"] = why
        elif (passed := re.fullmatch(_PASSED_OVER, line)) and passed[2] not in (_A_LINK, _TOO_LONG):
            reasons[shortened(passed[1])] = _with_advice(passed[2])
    return reasons


def _cut_off(line: str) -> tuple[str, str]:
    """The name in a line of git's output that is cut off: it contains a newline, or is too long."""
    name = line.partition(_CANNOT_OPEN)[2].lstrip(" '")
    if len(name) > _MOST_PRINTED:
        return name, "its path is too long for this system; move or remove it"
    return name, "git cannot open it"


def _with_advice(message: str) -> str:
    denied = message == os.strerror(errno.EACCES)
    return reason_of(PermissionError(errno.EACCES, message)) if denied else message


def in_the_way(top: Path) -> Iterator[str]:
    """The topmost directories ("" or ending in "/") with a `.gitignore` that is not a file.

    git may block on it. The whole tree is walked, except nested repositories.
    """
    from structlint.tree.git_process import has_work_tree

    ahead = [""]
    for path in ahead:  # grows as it goes
        try:
            files, directories, others = by_kind(str(top), path)
        except TreeError:
            continue
        if path and ".git" in files | directories | others and has_work_tree(top / path):
            continue
        in_place = IGNORING in directories | others
        if in_place and isinstance(read_patterns(f"{top}/{path}{IGNORING}"), Reason):
            yield path
        else:
            ahead += (f"{path}{name}/" for name in directories if name != ".git")


def may_name_patterns(program: str, *directories: Path) -> bool:
    """Whether a configuration that git reads may name a file of patterns; git itself knows which.

    `program` is git, `directories` are those of the repository's data.
    """
    home, xdg = os.environ.get("HOME", ""), os.environ.get("XDG_CONFIG_HOME", "")
    places = (
        *(f"{directory}/{name}" for directory in directories for name in ("config", "config.worktree")),
        os.environ.get("GIT_CONFIG_GLOBAL", ""),
        os.environ.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig"),
        str(Path(program).parent.parent / "etc/gitconfig"),
        f"{home}/.gitconfig",
        f"{xdg or f'{home}/.config'}/git/config",
    )
    return any(map(_may_name_one, filter(None, places)))


def _may_name_one(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the path is a text
            return re.search(_NAMES_ONE, file.read(1 << 20)) is not None
    except OSError:
        return False


def default_patterns() -> str:
    """The user's file of patterns if no configuration names one, "" if there is none."""
    home, xdg = os.environ.get("HOME", ""), os.environ.get("XDG_CONFIG_HOME", "")
    path = f"{xdg or f'{home}/.config'}/git/ignore" if xdg or home else ""
    try:
        os.lstat(path)
    except OSError:
        return ""  # HOME may not be readable
    return path
