"""The compose files that commands name: `docker compose -f a.yml -f b.yml up` in scripts and workflows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structlint.text.path_groups import PathGroups
from structlint.text.records import Record

_ENDINGS = (
    *(".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".mk", ".mak", ".yml", ".yaml"),
    *("akefile", "AKEFILE", "ustfile", "package.json"),
)
_SCRIPT = re.compile(
    r"(?:gnu)?makefile|[^/]+\.(?:mk|mak|sh|bash|zsh|ps1|bat|cmd)|\.?justfile|taskfile\.ya?ml|package\.json",
    re.IGNORECASE,
)
_WORKFLOW = re.compile(
    r"(?:.*/)?\.(?:github/workflows/[^/]+|forgejo/workflows/[^/]+|gitlab-ci|circleci/config)\.ya?ml"
)
_COMMAND = re.compile(
    r"(?:\bcd[ \t]+([^\s;&|]+)[ \t]*(?:&&|;)[ \t]*)?"
    r"\bdocker(?:-compose|[ \t]+compose)(?:\.exe)?\b([^\n;&|<>()#]*)"
)
_ASSIGNED = re.compile(r"\bCOMPOSE_FILE[ \t]*(?::=|\?=|=|:)[ \t]*([\w./:,-]+)")
_CONTINUED = re.compile(r"[\\`][ \t]*\r?\n[ \t]*")
_QUOTES = re.compile(r"\\?[\"']")
_OPTION = re.compile(r"(--?[a-z-]+)(?:=(.*))?", re.DOTALL)
_MOST_BYTES = 1 << 20  # of a script
_SWITCHES = ("--dry-run", "--compatibility", "--all-resources", "--verbose")


class Command(Record):
    """The files that a command names, as written, and its other settings for the project.

    `directory` is the directory that it changes to first, "" for the current one.
    """

    files: tuple[str, ...]
    directory: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


def scripts(paths: PathGroups) -> list[str]:
    """The files that may contain commands, by their paths."""
    likely = paths.named(paths.files.ending_in(_ENDINGS))  # few, so no more is done for the others
    return [
        path for path in likely if _SCRIPT.fullmatch(path.rpartition("/")[2]) or _WORKFLOW.fullmatch(path)
    ]


def mentions_compose(data: bytes) -> bool:
    """Whether a script may contain a command that names compose files."""
    return len(data) <= _MOST_BYTES and (b"COMPOSE_FILE" in data or (b"compose" in data and b"-f" in data))


def compose_commands(data: bytes) -> Iterator[Command]:
    """The commands in a script that name compose files without variables."""
    if not mentions_compose(data):
        return
    text = _QUOTES.sub("", _CONTINUED.sub(" ", data.decode("utf-8", "replace")))
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("#", "//", "REM ")))
    for line in lines:
        for match in _COMMAND.finditer(line):
            if command := _command(match[1] or "", match[2].split()):
                yield command
        for match in _ASSIGNED.finditer(line):
            if names := tuple(filter(None, match[1].split(":"))):
                yield Command(names)


def _command(directory: str, words: list[str]) -> Command | None:
    """A command, read from its options; None if it names no file, or uses a variable for one."""
    given: dict[str, list[str]] = {"--file": [], "--env-file": [], "--profile": []}
    waiting = iter(words)
    for word in waiting:
        if word.startswith("-f") and not word.startswith("--"):
            word = f"--file={word[2:].removeprefix('=') or next(waiting, '')}"
        option = _OPTION.fullmatch(word)
        if not option:
            break
        if option[1] in _SWITCHES:
            continue
        value = next(waiting, "") if option[2] is None else option[2]
        if option[1] in given:
            given[option[1]].append(value)
    names = [*given["--file"], *given["--env-file"], directory]
    if not given["--file"] or any(re.search(r"[$%*{}`]", name) for name in names):
        return None
    return Command(tuple(given["--file"]), directory, tuple(given["--env-file"]), tuple(given["--profile"]))
