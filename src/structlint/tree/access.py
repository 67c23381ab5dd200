"""What is at a place on disk, and why it cannot be read."""

from __future__ import annotations

import errno
from pathlib import Path


def mode_at(place: Path) -> int:
    """The mode of what is at a place, links followed; 0 if there is nothing.

    Raises `OSError` where that cannot be known. `Path.is_dir` returns False for that from Python 3.14 on.
    """
    try:
        return place.stat().st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return 0
        raise


def reason_of(error: OSError) -> str:
    """Why a file or a directory cannot be read, and what to do where that is known."""
    what = error.strerror or str(error)
    return f"{what}; make it readable" if error.errno in (errno.EACCES, errno.EPERM) else what
