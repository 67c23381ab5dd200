"""The state that git's answer for a revision depends on; git is not asked again if it has not changed.

A state is a digest of the files that `git rev-parse REV^{tree}` reads: as with git's index, a file has not
changed if its inode, owner, mode, size and times have not. Nothing is concluded from the files themselves
except which of them matter. If that is uncertain, there is no state, and git is asked each time.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from structlint.text.records import Record
from structlint.tree.git_process import environment, git_program

_RECENT = 2_000_000_000  # ns within which a file may change again without a new time
_MOST_PACKS = 512  # files
_MOST_OF_A_FILE = 16 << 20  # bytes
_SECONDS = 10
_MOST_LINKS = 5  # from a symbolic reference to the next, as for git
_NAME = re.compile(rb"[A-Za-z0-9_][\w./+-]*", re.ASCII)
_OBJECT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LIKE_AN_OBJECT = re.compile(r"[0-9a-fA-F]{4,64}|.*-g[0-9a-fA-F]{4,64}")
# With these, an answer depends on further files.
_ELSEWHERE = (b"include", b"refstorage", b"worktree")
_MUST_NOT_EXIST = (
    "commondir",
    "config.worktree",
    "reftable",
    "refs/replace",
    "objects/info/alternates",
)
_FILES = ("shallow", "info/grafts", "objects/info/commit-graph")
_LISTED = ("objects/pack", "objects/info", "objects/info/commit-graphs")
_RULES = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")


class _Unusual(Exception):
    """A repository whose state is not certain."""


def state_of(top: Path, rev: str) -> State | None:
    """The state of the repository with the top `top`, a real path, for a revision.

    None if it is uncertain.
    """
    now = time.time_ns()
    try:
        user = _user(git_program(top), os.geteuid())
        seen = _Seen(str(top), rev)
    except (_Unusual, OSError, ValueError):
        return None
    return State(seen.git, now, seen.changed, (user, rev, *seen.files)) if user else None


class State(Record):
    """The known data of the files that matter: their places, the time of reading, the time of the last change
    (both in ns), and their owners, sizes and times.
    """

    directory: str
    now: int
    changed: int
    files: tuple[object, ...]

    def digest(self, tree: str) -> str:
        """A digest of the state in which a revision has the tree `tree`, including its object.

        "" if a file changed just now: it could change again and look the same.
        """
        found = _stat(f"{self.directory}/objects/{tree[:2]}/{tree[2:]}")
        files = (*self.files, tree, _values(found) if found else ())
        if max(self.changed, _changed(found) if found else 0) >= self.now - _RECENT:
            return ""
        return sha256(repr(files).encode("utf-8", "surrogateescape")).hexdigest()[:40]


def _values(found: os.stat_result) -> tuple[int, ...]:
    owner = (found.st_ino, found.st_mode, found.st_uid, found.st_gid)
    return (*owner, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _changed(found: os.stat_result) -> int:
    return max(found.st_mtime_ns, found.st_ctime_ns)


@cache
def _user(program: str, user: int) -> str:
    """A digest of git itself and of the user's configuration, at the time of the first call.

    "" if the configuration is in further files. The owners that it trusts are in it, so a repository that
    has not changed is as trusted as before.
    """
    import subprocess

    found = os.stat(program)  # noqa: PTH116 - as for the other files
    command = (program, "config", "--list", "-z")
    more = {"GIT_DIR": os.devnull}
    with suppress(subprocess.SubprocessError):
        listed = subprocess.run(
            command,
            cwd="/",
            env=environment(more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        ).stdout
        if not any(line.startswith(b"include") for line in listed.split(b"\0")):
            named = (
                program,
                found.st_ino,
                found.st_size,
                found.st_mtime_ns,
                user,
                os.environ.get("SUDO_UID"),
            )
            return sha256(repr((named, listed)).encode()).hexdigest()
    return ""


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


class _Seen:
    """The files that matter, with their `stat` or None, and the time in ns when the last one changed."""

    def __init__(self, top: str, rev: str) -> None:
        self.files: list[object] = []
        self.changed = 0
        self.git = self._directory(top)
        for name in _MUST_NOT_EXIST:
            if _stat(f"{self.git}/{name}"):
                raise _Unusual
        for name in ("", "/objects", "/refs"):
            self._see_directory(f"{self.git}{name}")
        text = (self._text("config") or b"").lower()
        if any(word in text for word in _ELSEWHERE):
            raise _Unusual
        self.packed = self._text("packed-refs") or b""
        if b" refs/replace/" in self.packed:
            raise _Unusual
        for name in _FILES:
            self._see(name)
        for name in _LISTED:
            self._see_all(name)
        self._see_object(self._named(rev))

    def _directory(self, top: str) -> str:
        """The directory with git's data: `.git`, or the top itself. Other places are unusual."""
        found = _stat(f"{top}/.git")
        if not found:
            return top
        if not S_ISDIR(found.st_mode):
            raise _Unusual
        self._see_directory(top)
        return f"{top}/.git"

    def _see_directory(self, path: str) -> None:
        """Records the owner and the permissions of a directory, but not its other contents."""
        found = _stat(path)
        if not found or not S_ISDIR(found.st_mode):
            raise _Unusual
        self.files.append((found.st_ino, found.st_mode, found.st_uid, found.st_gid))

    def _see(self, name: str) -> os.stat_result | None:
        found = _stat(f"{self.git}/{name}")
        self._note(name, found)
        return found

    def _note(self, name: str, found: os.stat_result | None) -> None:
        if found is None:
            self.files.append(name)
            return
        if not S_ISREG(found.st_mode) and not S_ISDIR(found.st_mode):
            raise _Unusual
        self.changed = max(self.changed, _changed(found))
        self.files.append((name, *_values(found)))

    def _see_all(self, name: str) -> None:
        """Records a directory and everything in it."""
        if not self._see(name):
            return
        with os.scandir(f"{self.git}/{name}") as listing:
            entries = sorted((entry.name, entry) for entry in listing)
        if len(entries) > _MOST_PACKS:
            raise _Unusual
        for inside, entry in entries:
            self._note(f"{name}/{inside}", entry.stat(follow_symlinks=False))

    def _see_object(self, name: bytes) -> None:
        self._see(f"objects/{name[:2].decode()}/{name[2:].decode()}")

    # --- References

    def _named(self, rev: str) -> bytes:
        """The object that a revision names; records all files that could make it name another."""
        if not _NAME.fullmatch(rev.encode()) or ".." in rev or _LIKE_AN_OBJECT.fullmatch(rev):
            raise _Unusual
        rules = ("{}",) if rev == "HEAD" else _RULES
        texts = {name: self._text(name) for name in (rule.format(rev) for rule in rules)}
        for name, text in texts.items():
            if found := self._resolved(name, text):
                if name.startswith("refs/tags/"):
                    raise _Unusual  # it may name a tag object, which was not read
                return found
        raise _Unusual

    def _resolved(self, name: str, text: bytes | None) -> bytes | None:
        """The object that a reference finally leads to; None if the reference does not exist."""
        for _ in range(_MOST_LINKS):
            if text is None:
                return self._packed(name)
            text = text.strip()
            if _OBJECT.fullmatch(text):
                return text
            target = text.removeprefix(b"ref:").strip()
            if target == text or not target.startswith(b"refs/") or b".." in target:
                raise _Unusual
            if not _NAME.fullmatch(target):
                raise _Unusual
            name = target.decode()
            text = self._text(name)
        raise _Unusual

    def _packed(self, name: str) -> bytes | None:
        at = self.packed.find(f" {name}\n".encode())
        if at < 0:
            return None
        found = self.packed[self.packed.rfind(b"\n", 0, at) + 1 : at]
        if not _OBJECT.fullmatch(found):
            raise _Unusual
        return found

    def _text(self, name: str) -> bytes | None:
        """The contents of a regular file, which is recorded; None if it does not exist."""
        try:
            file = os.open(f"{self.git}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            self.files.append(name)
            return None
        try:
            found = os.fstat(file)
            if S_ISDIR(found.st_mode):  # such as `refs/heads` for a branch `heads`
                self.files.append(f"{name}/")
                return None
            if not S_ISREG(found.st_mode) or found.st_size > _MOST_OF_A_FILE:
                raise _Unusual
            self._note(name, found)
            return os.read(file, found.st_size)
        finally:
            os.close(file)
