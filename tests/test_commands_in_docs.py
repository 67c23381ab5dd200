"""The structlint commands in the documentation exist and accept the options that are shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
from tables import table

from structlint.cli.group import COMMANDS

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(?ms)^```(?:sh|console|yml|json)\n(.*?)^```$")
_COMMAND = re.compile(rf"(?:^|[\s\"`])structlint ((?:{'|'.join(COMMANDS)})\b[^\"\n`]*)")


def commands() -> Iterator[tuple[str, str]]:
    """Each command in a block of a page, with the page."""
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]):
        if page.parent.name == "decisions":
            continue
        for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                shown = re.sub(r"\s+#.*", "", line)
                if not line.startswith("structlint: ") and (found := _COMMAND.search(shown)):
                    words = re.split(r"\s+(?:\||>|&&|;)|\s*'$", found[1])[0]
                    yield f"{page.relative_to(ROOT).as_posix()}: {words}", words


FOUND = dict(commands())


def test_most_commands_are_found() -> None:
    assert len(FOUND) > 60
    assert {words.split()[0] for words in FOUND.values()} >= set(COMMANDS) - {"hook", "layouts"}


@table("words", FOUND.values(), ids=FOUND)
def test_command_line_is_valid(words: str) -> None:
    name, *arguments = shlex.split(words)
    command = import_module(f"structlint.cli.{name}").command
    assert isinstance(command, click.Command)
    command.make_context(name, [argument.rstrip(",.") for argument in arguments])
