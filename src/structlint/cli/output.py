"""Where output goes: standard output or a file, which is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from structlint.errors import CannotCheck, TreeError
from structlint.quoting import quote
from structlint.report import Look
from structlint.tree.scan import repository_root

_OPEN_ALREADY = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def named_output(context: object, parameter: object, name: str | None) -> str | None:
    """The file that an option names, None for `-`, which is standard output. For click to call."""
    return None if name == "-" else name


@contextmanager
def output(name: str | None) -> Iterator[TextIO]:
    """A stream to write to: the file of this name, which takes its place when all is written, or stdout.

    Raises `CannotCheck` where nothing can be written.
    """
    if name is None:
        yield standard_output()
        return
    path = place_of(name)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        raise CannotCheck(
            f"{quote(name)} is there already and may be a layout; name another file to write to"
        )
    try:
        with _stream(name) if name.startswith(_OPEN_ALREADY) else _file(path) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotCheck(f"cannot write {quote(name)}: {error.strerror}") from None


def place_of(name: str) -> Path:
    """Where the file of this name lies. Raises `CannotCheck` if a link of a repository leads out of it.

    The one who names a file to write may not have looked at the change that is checked.
    """
    named, place = Path(os.path.abspath(name)), Path(os.path.realpath(name))  # noqa: PTH100 - links are kept
    root = None
    with suppress(TreeError):  # in git's own directory
        root = repository_root(named.parent)
    root = root or Path.cwd()
    if named.is_relative_to(root) and not place.is_relative_to(os.path.realpath(root)):
        raise CannotCheck(f"{quote(name)} is a link that leads out of the repository; name another file")
    return place


def replaced(path: Path, data: bytes) -> None:
    """Puts `data` in the place of what a file holds, whole or not at all. Raises `CannotCheck`."""
    try:
        with _file(path) as out:
            out.buffer.write(data)
    except OSError as error:
        raise CannotCheck(f"cannot write {quote(str(path))}: {error.strerror}") from None


def standard_output() -> TextIO:
    """Standard output, if there is one."""
    if sys.stdout is None:
        raise CannotCheck("there is no standard output to write to; it is closed")
    return sys.stdout


def _stream(name: str) -> TextIO:
    """What is open already, such as `/dev/stdout`, is added to and not replaced."""
    return Path(name).open("a", encoding="utf-8", errors="backslashreplace", newline="\n")


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    if path.exists() and not path.is_file():  # a device or a pipe takes what it is given, a directory refuses
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            yield out
        return
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(
        "w",
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        dir=path.parent,
        prefix=".structlint-",
        delete=False,
    ) as out:
        temporary = Path(out.name)
        try:
            yield out  # type: ignore[misc]  # it has all that a TextIO has
            out.close()
            temporary.chmod(_mode(path))
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            with suppress(OSError):  # where the disk is full, closing fails once more
                out.close()
            raise


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, or what a new one would have."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def look_of(out: TextIO, color: str, *, quiet: bool = False) -> Look:
    """How text may look on a stream: NO_COLOR and FORCE_COLOR count where `color` is "auto"."""
    terminal = out.isatty()
    coloured = color == "always" or (color == "auto" and _wants_colour(terminal))
    forced = coloured and not terminal
    return Look(drawn=terminal or forced, coloured=coloured, ascii=not _takes_drawing(out), quiet=quiet)


def _wants_colour(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _takes_drawing(out: TextIO) -> bool:
    try:
        "├─└│…→".encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
