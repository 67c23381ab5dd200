"""Decides whether a coding agent may create a file.

Each agent has its own event format, and the formats change. Therefore, no format is parsed: paths are the
values of keys such as `file_path`, at any depth, and the files that a patch adds. Only paths that do not
exist yet are checked, so tools that read or edit existing files need no special treatment. A tool can also
name a missing file without creating it, for example to read it. Such tools are recognized by the words in
their names: a tool creates nothing if it only reads, lists or deletes. All other tools, and those without a
name, count as writing. If a call is refused by mistake, the agent reads the reason and continues, but nobody
would notice a stray file that was let through.

If structlint itself fails, the exit status is 0, not 1. All agents treat 2 as a refusal, and Copilot treats
every status except 0 as one.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from structlint.checking.discovery import layouts_for
from structlint.checking.where import locate_in
from structlint.cli.console import CommandConsole, discard_output, print_error
from structlint.cli.where_run import path_report_line
from structlint.errors import CannotCheck
from structlint.finding import Severity
from structlint.report.locations import to_json

BLOCKED = 2  # agents then refuse the call and read the reason
_REFUSED = "structlint: not allowed by the layout of this repository"

# The names of things in an event, in lower case and without "_" and "-".
_PATH = re.compile(
    r"(?:absolute|dest|destination|file|new|notebook|output|relative|relativeworkspace|save|target)?paths?"
    r"|(?:output|target)?files?|filename|dest|destination"
)
_SOURCE = re.compile(r"source(?:path)?|oldpath")
_TOOL = re.compile(r"(?:mcp)?toolname|tool|agentactionname|hookeventname")
_COMMAND = re.compile(r"command")
# The arguments of a tool. Some agents send them as JSON in a string, or send only a patch.
_ARGUMENTS = re.compile(r"(?:mcp)?(?:tool)?(?:args|arguments|input|parameters)")
_PATCH = re.compile(rf"{_ARGUMENTS.pattern}|{_COMMAND.pattern}|patch(?:text)?")

_ADDED = re.compile(r"(?m)^\*\*\* (?:Add File|Move to): (.+?)\s*$")

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MAKES_NOTHING = re.compile(
    r"cat|delete|fetch|find|get|glob|grep|list|ls|open|read|remove|rm|rmdir|search|show|stat|trash|unlink|view"
)
# Words for writing in names such as `search_replace` or `fetch_and_save`.
_MAKES = re.compile(
    r"add|append|apply|copy|create|edit|insert|make|modify|move|patch|put|rename|replace|save|update|write"
)
_DIRECTORY = re.compile(r"dir|directory|directories|folders?|mkdir")

# Agents that read the reason on standard output, by a key that only their events have: the value for a
# refusal, and the keys for the reason. All others read standard error. Gemini CLI does so only if standard
# output is empty.
_ANSWERS: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "cursor_version": ({"permission": "deny"}, ("user_message", "agent_message")),
    "preToolUse": ({"cancel": True}, ("errorMessage",)),  # Cline
    "toolArgs": ({"permissionDecision": "deny"}, ("permissionDecisionReason",)),  # Copilot
}


def run_hook(console: CommandConsole) -> int:
    """Reads an event, prints the reason for a refusal, and returns the exit status. Raises nothing."""
    try:
        return _decide(console)
    except Exception as error:
        return failed(f"{type(error).__name__}: {error}")


def _decide(console: CommandConsole) -> int:
    try:
        event = _Event(_read())
    except (ValueError, OSError, RecursionError) as error:
        console.detail(f"structlint: cannot read the event: {error}")
        event = _Event({})
    refused = list(_refused(event, console))
    if not refused:
        return _yes()
    reason = "\n".join([_REFUSED, *refused])
    print_error(reason)
    for mark, (no, reasons) in _ANSWERS.items():
        if mark in event.sent:
            _write(to_json({**no, **dict.fromkeys(reasons, reason)}))
    return BLOCKED


def failed(why: str) -> int:
    """Allows the tool call, because the hook itself failed."""
    print_error(f"structlint: nothing was checked: {why}")
    return _yes()


def _yes() -> int:
    _write("{}")  # some agents treat anything except JSON as a refusal, others as an error
    return 0


def _read() -> dict[str, Any]:
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    sent = json.loads(sys.stdin.buffer.read())
    if not isinstance(sent, dict):
        raise ValueError("it is not a JSON object")
    return sent


def _write(text: str) -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
    except OSError:  # the exit status is a refusal, too
        discard_output()


# --- Events


class _Event:
    """A tool call of an agent."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self.sent = sent
        self.texts = list(_texts(sent))

    def named(self, pattern: re.Pattern[str]) -> list[str]:
        """The strings whose keys match a pattern."""
        return [text for name, text in self.texts if pattern.fullmatch(name)]

    def paths(self) -> list[str]:
        """The paths in the event and the files that its patches add, each once."""
        added = [path for patch in self.named(_PATCH) for path in _ADDED.findall(patch)]
        named = [text for name, text in self.texts if _PATH.fullmatch(name) and _is_path(text, name)]
        return list(dict.fromkeys([*named, *added]))

    def makes_nothing(self) -> bool:
        return self._is(_MAKES_NOTHING) and not self._is(_MAKES)

    def makes_directories(self) -> bool:
        sources = [self.root / path for path in self.named(_SOURCE) if _is_path(path, "path")]
        return self._is(_DIRECTORY) or any(source.is_dir() for source in sources)

    def _is(self, pattern: re.Pattern[str]) -> bool:
        return _has(self._words, pattern)

    @cached_property
    def _words(self) -> set[str]:
        """The name of the tool or, for an editor with several commands, of the command."""
        commands = [_words(text) for text in self.named(_COMMAND) if text.isidentifier()]
        known = [words for words in commands if _has(words, _MAKES_NOTHING) or _has(words, _MAKES)]
        return set().union(*(known or map(_words, self.named(_TOOL))))

    @cached_property
    def root(self) -> Path:
        """The current directory of the agent."""
        of = {_plain(name): value for name, value in self.sent.items()}
        roots = of.get("workspaceroots")
        candidates = (of.get("cwd"), of.get("workspaceroot"), *(roots[:1] if isinstance(roots, list) else []))
        return Path(
            next((candidate for candidate in candidates if isinstance(candidate, str) and candidate), "")
        )


def _words(name: str) -> set[str]:
    """The words in the name of a tool."""
    own = re.split(r"__|[:/.]", name)[-1]  # before it stands its server, as in mcp__filesystem__read_file
    return {word.lower() for word in _WORD.findall(own)}


def _has(words: Iterable[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(word) for word in words)


def _texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a part of an event, with its key; items of a list have the key of the list."""
    if isinstance(value, str):
        yield name, value
        if _ARGUMENTS.fullmatch(name) and value.startswith("{"):
            yield from _texts(_parsed(value), name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, _plain(key))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _is_path(text: str, name: str) -> bool:
    """Whether a string can be a path; the value of a key such as `file` could also be the contents."""
    if not text or "\0" in text or "://" in text:
        return False
    return "\n" not in text or name.endswith(("path", "paths", "filename"))


# --- Layouts


def _refused(event: _Event, console: CommandConsole) -> Iterator[str]:
    """The reasons why paths are not allowed."""
    if event.makes_nothing():
        return
    directories = event.makes_directories()
    for path in event.paths():
        try:
            if why := _why_not(event.root / path, directories or path.endswith("/")):
                yield why
        except (CannotCheck, OSError, ValueError) as error:
            console.detail(f"structlint: nothing was checked: {error}")


def _why_not(path: Path, is_directory: bool) -> str:
    """The reason why a path is not allowed; "" if it is, if it exists, or if it only causes a warning."""
    place = Path(os.path.realpath(path))
    if place.exists():
        return ""
    projects = layouts_for(place.parent, None, None)
    project, answer = locate_in(projects, place, directory=is_directory)
    if answer.finding is None or answer.finding.severity is Severity.WARNING:
        return ""
    return path_report_line(project.prefix, answer)
