"""The messages of a command on standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from structlint.filesystem import null_device
from structlint.text.quoting import in_quotes, is_harmless

if TYPE_CHECKING:
    import click

_HANGING = 2  # columns by which the second row of a line is indented
_STANDARD_OUTPUT = 1  # its descriptor


class CommandConsole:
    """The verbosity and the color of messages."""

    def __init__(self) -> None:
        self.verbose = False
        self.quiet = False
        self.color = "auto"

    def say(self, text: str) -> None:
        """Writes a line to standard error, unless `quiet` is set."""
        if not self.quiet:
            complain(text)

    def detail(self, text: str) -> None:
        """Writes a line only if `verbose` is set."""
        if self.verbose:
            self.say(text)


def complain(text: str) -> None:
    """Writes to standard error. On a terminal, lines are wrapped with a hanging indent."""
    print_error("\n".join(map(_wrapped, text.split("\n"))))


def print_error(text: str) -> None:
    """Writes to standard error, if there is one. Each line is escaped and keeps its indentation."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # the command has succeeded although nobody can read the message
            sys.stderr.write("".join(f"{_harmless(line)}\n" for line in text.split("\n")))


def _wrapped(line: str) -> str:
    """A line as the rows that it takes on a terminal, those after the first indented; elsewhere as it is."""
    if sys.stderr is None or not sys.stderr.isatty():
        return line
    from structlint.report.terminal import Span, wrapped

    indent = len(line) - len(line.lstrip(" ")) + _HANGING
    rows = wrapped((Span(line),), terminal_width(), indent)
    return "\n".join("".join(span.text for span in row) for row in rows)


def terminal_width() -> int:
    """The columns of the terminal that standard error goes to."""
    from rich.console import Console

    return Console(stderr=True).width


def _harmless(line: str) -> str:
    words = line.strip(" ")
    return line[: len(line) - len(line.lstrip(" "))] + (words if is_harmless(words) else in_quotes(words))


def discard_output() -> None:
    """Discards what is still in the buffer, so that Python does not try to write it again at exit.

    Only if structlint runs as a program: a stream that a caller of `main` has set belongs to the caller.
    """
    with suppress(AttributeError, OSError, ValueError):
        if sys.stdout.fileno() != _STANDARD_OUTPUT:
            return
        nowhere = null_device()
        os.dup2(nowhere, _STANDARD_OUTPUT)
        os.close(nowhere)


def console_of(context: click.Context) -> CommandConsole:
    """The console with the options of a command."""
    console = context.find_root().ensure_object(CommandConsole)
    assert isinstance(console, CommandConsole)
    return console
