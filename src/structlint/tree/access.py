"""The mode of a path on disk, and the reason why it cannot be read."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path


def mode_at(place: Path) -> int:
    """The mode of a file or directory, links followed; 0 if it does not exist.

    Raises `OSError` if it cannot be determined; `Path.is_dir` of Python 3.14 and later returns False then.
    """
    try:
        return place.stat().st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return 0
        raise


def reason_of(error: OSError) -> str:
    """The reason why a file or directory cannot be read, and how to solve it, if that is known."""
    what = error.strerror or str(error)
    return f"{what}; make it readable" if error.errno in (errno.EACCES, errno.EPERM) else what


def real_place(name: str) -> Path:
    """The real path of a file or directory, spelled as on disk. Raises the errors of `realpath`."""
    place = Path(os.path.realpath(name))
    return as_listed(place) if ignores_case(place) else place


def ignores_case(place: Path) -> bool:
    """Whether the file system ignores case in a path."""
    with_letters = (above for above in (place, *place.parents) if above.name.swapcase() != above.name)
    named = next(with_letters, None)
    try:
        return named is not None and named.with_name(named.name.swapcase()).samefile(named)
    except OSError:
        return False


def as_listed(
    place: Path,
    names: Callable[[Path], Iterable[str]] = os.listdir,
    same: Callable[[Path, Path], bool] = Path.samefile,
) -> Path:
    """A path, spelled as its directories list the names.

    Git knows only `src/a`, but macOS also finds it as `SRC/a`.
    """
    if place == place.parent:
        return place
    above = as_listed(place.parent, names, same)
    try:
        listed = list(names(above))
    except OSError:
        return above / place.name
    if place.name in listed:
        return above / place.name
    alike = [name for name in listed if _folded(name) == _folded(place.name) and same(above / name, place)]
    return above / (alike or [place.name])[0]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
