"""The command line, with one module per command. This module converts every outcome to an exit status.

0    nothing at or above the fail level
1    findings, and nothing else
2    the check could not be completed: wrong usage, an invalid layout, an unreadable or unwritable file
3    a bug in structlint
130  interrupted; 143: terminated; 141: the reader of the output closed the pipe
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from structlint.cli.console import complain, discard_output, print_error, terminal_width
from structlint.cli.plain import run_plain
from structlint.errors import CannotCheck, LayoutError, Problem, Unread
from structlint.text.quoting import is_harmless, quote
from structlint.text.version import __version__

if TYPE_CHECKING:
    import click

UNFIT, BUG, INTERRUPTED, READER_GONE, TERMINATED = 2, 3, 130, 141, 143
_MOST_PROBLEMS = 50
_COMPLETE = "_STRUCTLINT_COMPLETE"


class _ToldToEnd(BaseException):
    """SIGTERM as an exception, so that unfinished changes can be undone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command, by default from `sys.argv`, and returns the exit status."""
    _print_anything()
    try:
        with _sigterm_raises():
            status = _answer(list(sys.argv[1:] if arguments is None else arguments))
            if sys.stdout is not None:
                sys.stdout.flush()
            return status
    except KeyboardInterrupt:
        print_error("structlint: interrupted")
        return INTERRUPTED
    except _ToldToEnd:
        return TERMINATED
    except BrokenPipeError:
        discard_output()
        return READER_GONE
    except OSError as error:
        discard_output()
        print_error(f"structlint: {_reason(error)}")
        return UNFIT
    except MemoryError:
        print_error("structlint: not enough memory")
        return UNFIT


def _reason(error: OSError) -> str:
    try:
        Path.cwd()
    except OSError:
        return "the current directory no longer exists; change to another one"
    name = f" {quote(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else ""
    return f"cannot read or write{name}: {error.strerror or error}"


def _answer(arguments: list[str]) -> int:
    """The exit status of a command that finished or failed."""
    try:
        if instruction := os.environ.get(_COMPLETE):
            return _completion(instruction)
        status = run_plain(arguments)
        return _run_with_click(arguments) if status is None else status
    except LayoutError as error:
        for problem in error.problems[:_MOST_PROBLEMS]:
            complain(str(problem))
            if excerpt := _excerpt(problem):
                print_error(excerpt)
        if (more := len(error.problems) - _MOST_PROBLEMS) > 0:
            print_error(f"and {more:,} more")
    except Unread as error:
        complain("\n".join(f"structlint: {line}" for line in str(error).split("\n")))
    except CannotCheck as error:
        complain(f"structlint: {error}")
    except (OSError, MemoryError):
        raise
    except Exception as error:
        _complain_of_bug(error)
        return BUG
    return UNFIT


def _run_with_click(arguments: list[str]) -> int:
    """The exit status of a command with any options."""
    import click

    from structlint.cli.group import structlint

    try:
        with structlint.make_context("structlint", arguments) as context:
            return int(structlint.invoke(context) or 0)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.UsageError as error:
        _complain_of_usage(error)
    except click.ClickException as error:
        complain(f"structlint: {error.format_message()}")
    return UNFIT


def _excerpt(problem: Problem) -> str:
    """On a terminal, the line of a layout with an error, and a mark below the column; otherwise ""."""
    if sys.stderr is None or not sys.stderr.isatty():
        return ""
    from structlint.report.terminal import cells

    try:
        # A layout behind a link is not quoted, because its target may be confidential.
        if os.path.realpath(problem.file) != str(Path(os.path.realpath(".")) / problem.file):
            return ""
        line = Path(problem.file).read_text(encoding="utf-8").split("\n")[problem.line - 1].rstrip()
    except (OSError, ValueError, IndexError):
        return ""
    if not is_harmless(line) or not 0 < problem.column <= len(line) + 1:
        return ""
    margin = " " * len(str(problem.line))
    before, after = _fitted(line, problem.column - 1, terminal_width() - len(margin) - 4)
    return f" {problem.line} | {before}{after}\n {margin} | {' ' * cells(before)}^"


def _fitted(line: str, column: int, room: int) -> tuple[str, str]:
    """The parts of a line before and after a column, shortened to fit the room if needed."""
    from structlint.report.terminal import cells

    if len(line) <= room and cells(line) <= room:
        return line[:column], line[column:]
    before, after = line[max(0, column - room) : column], line[column : column + room]
    while before and cells(before) > max(room // 2, room - cells(after)) - 1:
        before = before[1:]
    before = "…" * (len(before) < column) + before
    kept = after
    while kept and cells(before + kept) > room - 1:
        kept = kept[:-1]
    return before, kept + "…" * (column + len(kept) < len(line))


def _completion(instruction: str) -> int:
    from click.shell_completion import shell_complete

    from structlint.cli.group import structlint

    return UNFIT if shell_complete(structlint, {}, "structlint", _COMPLETE, instruction) else 0


def _complain_of_usage(error: click.UsageError) -> None:
    from structlint.cli.usage import usage_message

    if error.ctx is None:
        complain(f"structlint: {usage_message(error)}")
    elif error.message == error.ctx.get_help():
        print_error(error.message)
    else:
        print_error(error.ctx.get_usage())
        complain(f"structlint: {usage_message(error)} (see `{error.ctx.command_path} --help`)")


def _complain_of_bug(error: Exception) -> None:
    from traceback import format_exception

    print_error(
        "structlint: a bug in structlint, not a problem in your repository. Report these lines:\n"
        f"structlint {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
        f"{''.join(format_exception(error)).rstrip()}"
    )


def _print_anything() -> None:
    """Makes the standard streams accept every character, because an encoding may not contain all names.

    With PYTHONUNBUFFERED, output that a pipe does not accept at once would be lost without an error.
    """
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        raw = io.FileIO(sys.stdout.fileno(), "w", closefd=False)
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding=sys.stdout.encoding, line_buffering=raw.isatty()
        )
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise _ToldToEnd

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not in the main thread, so not started as a program
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
