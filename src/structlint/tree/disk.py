"""Trees of plain directories, outside any repository. git decides there too what is ignored."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

from structlint.errors import TreeError
from structlint.quoting import quote
from structlint.tree.files import WorkTreeFiles
from structlint.tree.ignores import Ignores, empty_repository, is_ignored
from structlint.tree.tree import Tree, resolved

_SECONDS = 120
_NO_GIT = (
    "git is not installed, so pathspec reads the .gitignore files; a few patterns mean other things to it"
)


def plain_tree(directory: Path, gitignore: bool) -> Tree:
    """The tree of a directory that is in no repository. Raises `TreeError` for what cannot be read."""
    from structlint.tree.git import git_program

    try:
        program = git_program(directory)
    except FileNotFoundError:
        listed, notes = _walked(directory, gitignore)
    else:
        listed, notes = _listed_by_git(program, directory, gitignore), []
    files = tuple(sorted(path for path in listed if not path.endswith("/")))
    opaque = frozenset(path for path in listed if path.endswith("/"))
    return Tree(
        files=files,
        source=WorkTreeFiles(directory, [path for path in files if path.endswith(".gitignore")]),
        links=resolved(files, opaque, _targets(directory, files)),
        opaque=opaque,
        notes=tuple(notes),
    )


def _listed_by_git(program: str, directory: Path, gitignore: bool) -> list[str]:
    """What git would see if the directory were a repository; a nested repository ends in "/"."""
    from structlint.tree.git import environment, no_answer

    limits = ["--exclude-standard"] if gitignore else []
    with empty_repository() as place:
        try:
            answer = subprocess.run(
                [program, f"--git-dir={place}", f"--work-tree={directory}", "ls-files", "-z", "-o", *limits],
                cwd=directory,
                env=environment({}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TreeError(no_answer(directory, _SECONDS)) from None
    said = answer.stderr.decode("utf-8", "replace").strip()
    if answer.returncode or "could not open directory" in said:
        raise TreeError(f"git cannot list {quote(str(directory))}: {quote(said)}")
    return answer.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _targets(directory: Path, files: tuple[str, ...]) -> dict[str, str]:
    top = os.fsencode(directory)
    targets = {}
    for path in files:
        place = os.path.join(top, path.encode("utf-8", "surrogateescape"))  # noqa: PTH118 - bytes
        try:
            if stat.S_ISLNK(os.lstat(place).st_mode):
                targets[path] = os.readlink(place).decode("utf-8", "surrogateescape")  # noqa: PTH115 - bytes
        except OSError:
            continue  # gone since it was listed
    return targets


def _walked(top: Path, gitignore: bool) -> tuple[list[str], list[str]]:
    """What is in a directory by our own walk, and what is to be said of it."""
    found: list[str] = []
    special = 0
    ahead: list[tuple[str, list[Ignores]]] = [("", [])]
    while ahead:
        path, chain = ahead.pop()
        entries = _entries(top, path)
        chain = [*chain, *_ignores(top, path, entries)] if gitignore else chain
        for name, mode in entries.items():
            inside = f"{path}{name}/" if stat.S_ISDIR(mode) else f"{path}{name}"
            if name == ".git" or is_ignored(inside, chain):
                continue
            if stat.S_ISDIR(mode):
                if _is_repository(top, inside):
                    found.append(inside)
                else:
                    ahead.append((inside, chain))
            elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                found.append(inside)
            else:
                special += 1
    notes = [_NO_GIT]
    if special:
        notes.append(f"{special} entries are no files (sockets, pipes, devices) and were passed over")
    return found, notes


def _entries(top: Path, path: str) -> dict[str, int]:
    """The names in a directory with the mode of each, links not followed."""
    place = os.path.join(os.fsencode(top), path.encode("utf-8", "surrogateescape"))  # noqa: PTH118 - bytes
    entries = {}
    try:
        with os.scandir(place) as listing:
            for entry in listing:
                try:
                    mode = entry.stat(follow_symlinks=False).st_mode
                except FileNotFoundError:
                    continue  # gone since it was listed
                entries[entry.name.decode("utf-8", "surrogateescape")] = mode
    except OSError as error:
        raise TreeError(f"cannot read the directory {quote(path or str(top))}: {error.strerror}") from None
    return entries


def _ignores(top: Path, path: str, entries: dict[str, int]) -> list[Ignores]:
    if not stat.S_ISREG(entries.get(".gitignore", 0)):
        return []
    return [Ignores(path, WorkTreeFiles(top, ()).read(f"{path}.gitignore"))]


def _is_repository(top: Path, path: str) -> bool:
    from structlint.tree.git import find_repository

    place = top / path
    repository = find_repository(place)
    return repository is not None and repository.top == place
