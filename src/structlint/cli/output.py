"""Opens the destination of output: stdout, or a file that is written completely or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from structlint.errors import CannotCheck, TreeError
from structlint.filesystem import OpenDirectory, WriteRefused, open_stream, place_of
from structlint.report import Style
from structlint.text.quoting import in_backticks
from structlint.tree.scan import repository_root

_WITHOUT_LINKS = ("dumb", "linux")  # terminals that print the codes of a hyperlink
_OPEN_ALREADY = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def tops_of(directories: Iterable[Path]) -> tuple[Path, ...]:
    """The repositories that contain some directories or the current one; outside git, the directories.

    Nothing is written through a link in them, because the user may not have reviewed the checked change.
    """
    tops = [repository_root(directory) or directory for directory in dict.fromkeys(directories)]
    with suppress(TreeError, FileNotFoundError):  # in git's own directory, or in a removed one
        tops += filter(None, [repository_root(Path.cwd())])
    return tuple(dict.fromkeys(tops))


@contextmanager
def output(name: str | None, tops: Iterable[Path]) -> Iterator[TextIO]:
    """A stream to write to: stdout, or a file that is replaced once everything is written.

    `tops` are the checked repositories. Raises `CannotCheck` if the file cannot be written.
    """
    if name is None:
        yield standard_output()
        return
    with _explained(name):
        if name.startswith(_OPEN_ALREADY):
            with open_stream(name) as out:
                yield out
            return
        directory, path = _target(name, tops)
        with directory.writer(path) as file:
            text = TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="\n")
            yield text
            text.flush()


def refuse_unwritable(names: Iterable[str | None], tops: Iterable[Path]) -> None:
    """Raises `CannotCheck` if one of the files must not or cannot be written. None is standard output.

    If one is refused, none is written. `output` checks again when it opens the file.
    """
    for name in names:
        if name is not None and not name.startswith(_OPEN_ALREADY):
            with _explained(name):
                _target(name, tops)


def _target(name: str, tops: Iterable[Path]) -> tuple[OpenDirectory, str]:
    """The place of an output."""
    directory, path = place_of(name, tuple(tops))
    directory.check(path)
    if path.endswith((".yaml", ".yml")) and directory.is_file(path):
        raise CannotCheck(f"{in_backticks(name)} already exists and may be a layout; use another file")
    return directory, path


@contextmanager
def output_target(name: str, tops: Iterable[Path]) -> Iterator[tuple[OpenDirectory, str]]:
    """The directory of one of structlint's own files and the path in it, without links.

    Raises `CannotCheck` if the file must not be written, or if writing it in the block fails.
    """
    with _explained(name):
        directory, path = place_of(name, tuple(tops))
        directory.check(path)
        yield directory, path


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Adds the name of the file to an error."""
    try:
        yield
    except BrokenPipeError:
        raise
    except WriteRefused as error:
        raise CannotCheck(f"cannot write {in_backticks(name)}: {error}; use another file") from None
    except OSError as error:
        raise CannotCheck(f"cannot write {in_backticks(name)}: {error.strerror}") from None


def standard_output() -> TextIO:
    """Standard output, if there is one."""
    if sys.stdout is None:
        raise CannotCheck("standard output is closed")
    return sys.stdout


def style_of(out: TextIO, color: str, *, quiet: bool = False) -> Style:
    """The style for a stream; if `color` is "auto", NO_COLOR and FORCE_COLOR apply."""
    terminal = out.isatty()
    coloured = color == "always" or (color == "auto" and _wants_colour(terminal))
    forced = coloured and not terminal
    return Style(
        drawn=terminal or forced,
        coloured=coloured,
        ascii=not _takes_drawing(out),
        quiet=quiet,
        linked=terminal and coloured and os.environ.get("TERM") not in _WITHOUT_LINKS,
    )


def _wants_colour(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _takes_drawing(out: TextIO) -> bool:
    try:
        "├─└│…→".encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
