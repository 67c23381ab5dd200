"""Where output goes: standard output or a file, which is written whole or not at all."""

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

_WITHOUT_LINKS = ("dumb", "linux")  # terminals that show the codes of a hyperlink
_OPEN_ALREADY = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def tops_of(directories: Iterable[Path]) -> tuple[Path, ...]:
    """The repositories that directories are in, or where there is none they themselves; and the current one.

    In these, nothing is written through a link: who names a file to write may not have looked at the change
    that is checked.
    """
    tops = [repository_root(directory) or directory for directory in dict.fromkeys(directories)]
    with suppress(TreeError, FileNotFoundError):  # in git's own directory, or in one that is gone
        tops += filter(None, [repository_root(Path.cwd())])
    return tuple(dict.fromkeys(tops))


@contextmanager
def output(name: str | None, tops: Iterable[Path]) -> Iterator[TextIO]:
    """A stream to write to: the file of this name, which takes its place when all is written, or stdout.

    `tops` are the repositories that are checked. Raises `CannotCheck` where nothing can be written.
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
    """Raises `CannotCheck` if one of the files may not be written, or cannot be; None is standard output.

    Where one is refused, none of the others is written either. `output` looks again when it opens the file.
    """
    for name in names:
        if name is not None and not name.startswith(_OPEN_ALREADY):
            with _explained(name):
                _target(name, tops)


def _target(name: str, tops: Iterable[Path]) -> tuple[OpenDirectory, str]:
    """Where an output is written."""
    directory, path = place_of(name, tuple(tops))
    directory.check(path)
    if path.endswith((".yaml", ".yml")) and directory.is_file(path):
        raise CannotCheck(f"{in_backticks(name)} already exists and may be a layout; use another file")
    return directory, path


@contextmanager
def output_target(name: str, tops: Iterable[Path]) -> Iterator[tuple[OpenDirectory, str]]:
    """The directory of a file of structlint's own and the path in it, neither of them by a link.

    Raises `CannotCheck` where it may not be written, or cannot be in the block.
    """
    with _explained(name):
        directory, path = place_of(name, tuple(tops))
        directory.check(path)
        yield directory, path


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Says of which file it is that it cannot be written."""
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
    """How text may look on a stream: with `color` "auto", NO_COLOR and FORCE_COLOR decide."""
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
