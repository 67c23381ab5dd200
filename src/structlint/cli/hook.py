"""`structlint hook`: answers a coding agent, before it writes a file, whether the file may be there."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from structlint.cli.group import SETTINGS, complain, everywhere, voice_of
from structlint.errors import CannotCheck
from structlint.project import opened_layout
from structlint.quoting import quote
from structlint.whereabouts import Whereabouts, whereabouts

BLOCKED = 2  # what agents take for "do not do this, and read why"
_MOST_BYTES = 16 << 20
# The names under which agents send the file that they are about to write.
_PATHS = ("file_path", "filePath", "path", "notebook_path", "absolute_path", "target_file", "filename")
_READS = re.compile(
    r"(?i)\b(?:read|view|grep|glob|ls|list|search|fetch|find|open|cat)|^(?:read|view|search|list|get)"
)
_ADDED = re.compile(r"(?m)^\*\*\* (?:Add File|Move to): (.+)$")


# A wrong option would end with 2, which is what says no.
@click.command("hook", context_settings={**SETTINGS, "ignore_unknown_options": True})
@click.argument("ignored", nargs=-1, type=click.UNPROCESSED, metavar="")
@everywhere
@click.pass_context
def command(context: click.Context, ignored: tuple[str, ...]) -> int:
    """Tell a coding agent whether it may create a file, and where it belongs if not.

    Reads the event that the agent sends on standard input, as JSON, before it uses a tool. Ends with 2 and
    the reason on standard error if the file would break the layout, else with 0: also where there is no
    layout, and where the event is none that is understood. An agent is never stopped by a failure of
    structlint's own.

    \b
    echo '{"tool_input": {"file_path": "notes.txt"}}' | structlint hook
    """
    voice = voice_of(context)
    try:
        event = _event()
    except (ValueError, OSError, RecursionError) as error:
        voice.detail(f"structlint: no event that is understood: {error}")
        event = {}
    refused = [told for path in _paths(event) if (told := _refused(path, event))]
    if refused:
        complain("\n".join(refused))
        return BLOCKED
    # Some agents take anything but JSON for a no, others for a fault.
    if sys.stdout is not None:
        sys.stdout.write("{}\n")
    return 0


def _event() -> dict[str, Any]:
    if sys.stdin is None:
        raise ValueError("there is no standard input")
    data = sys.stdin.buffer.read(_MOST_BYTES)
    event = json.loads(data)
    if not isinstance(event, dict):
        raise ValueError("it is no mapping")
    return event


def _paths(event: dict[str, Any]) -> Iterator[str]:
    """The files that a tool is about to create or write."""
    name = event.get("tool_name") or event.get("toolName") or event.get("tool") or ""
    given = (
        event.get("tool_input")
        or event.get("toolInput")
        or event.get("arguments")
        or event.get("input")
        or event
    )
    if isinstance(given, str):
        yield from _ADDED.findall(given)
        return
    if not isinstance(given, dict) or (isinstance(name, str) and _READS.search(name)):
        return
    if given.get("command") in ("view", "str_replace", "insert", "undo_edit"):
        return
    for key in _PATHS:
        if isinstance(given.get(key), str) and given[key]:
            yield given[key]
            break
    for key in ("patch", "input", "command"):
        text = given.get(key)
        for each in [text] if isinstance(text, str) else text if isinstance(text, list) else ():
            if isinstance(each, str):
                yield from _ADDED.findall(each)


def _refused(path: str, event: dict[str, Any]) -> str:
    """Why a file may not be written; "" if it may, or is there already, or nothing is known of it."""
    try:
        place = Path(os.path.realpath(_where(event) / path))
        if place.exists() or "\0" in path:
            return ""
        project = opened_layout(place.parent, None, None)
        within = place.relative_to(project.root).as_posix()
        answer = whereabouts(project.root, project.layout, within, project.own)
    except (CannotCheck, OSError, ValueError):
        return ""
    return "" if answer.allowed else _told(project.prefix, answer)


def _where(event: dict[str, Any]) -> Path:
    """The directory that the agent is in, by its event."""
    roots = event.get("workspace_roots")
    named = (
        event.get("cwd")
        or event.get("workspace_root")
        or (roots[0] if isinstance(roots, list) and roots else "")
    )
    return Path(named if isinstance(named, str) else "")


def _told(prefix: str, answer: Whereabouts) -> str:
    assert answer.finding
    finding = answer.finding
    about = f": {finding.about}" if finding.about else ""
    asked = f" ({answer.asked})" if answer.asked else ""
    homes = [quote(prefix + home) for home in answer.homes]
    right = (
        f"Write {' or '.join(homes)} instead." if homes else f"{finding.hint[:1].upper()}{finding.hint[1:]}."
    )
    return (
        f"{quote(prefix + answer.path)} does not fit the layout of this repository: "
        f"{finding.message}{about}{asked} [{finding.rule}]. {right}"
    )
