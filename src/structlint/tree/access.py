"""The mode of a path on disk, and the reason why it cannot be read."""

from __future__ import annotations

import errno
from pathlib import Path


def mode_at(place: Path) -> int:
    """The mode of a file or directory, links followed; 0 if it does not exist.

    Raises `OSError` if that is unknown, where `Path.is_dir` of Python 3.14 and later returns False.
    """
    try:
        return place.stat().st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return 0
        raise


def reason_of(error: OSError) -> str:
    """Why a file or a directory cannot be read, and what to do, if that is known."""
    what = error.strerror or str(error)
    return f"{what}; make it readable" if error.errno in (errno.EACCES, errno.EPERM) else what
