"""`check --watch`: repeats the check whenever a file changes. Requires watchfiles, the extra `watch`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.cli.console import CommandConsole
from structlint.errors import CannotCheck

if TYPE_CHECKING:
    from watchfiles import Change

_PAUSE = 100  # milliseconds without a change
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(
    paths: Sequence[str], check: Callable[[], int], outputs: Sequence[str | None], console: CommandConsole
) -> int:
    """Runs `check` now and after each change below `paths`, until Ctrl-C, and returns its last status.

    A change of one of the `outputs`, or of a file that standard output is redirected to, does not count,
    because the check itself writes it. Errors, such as a half-written layout, are reported, and watching
    continues.
    """
    try:
        from watchfiles import DefaultFilter
        from watchfiles import watch as changes_in
    except ImportError:
        needed = 'install it with: pip install "structlint-cli[watch]"'
        raise CannotCheck(f"--watch needs the package watchfiles; {needed}") from None
    written = {os.path.realpath(name) for name in outputs if name}
    streams = [identity for number in (1, 2) if (identity := _identity(number))]
    usual = DefaultFilter()  # without `.git` and the caches of tools

    def counts(change: Change, path: str) -> bool:
        is_written = os.path.realpath(path) in written or _identity(path) in streams
        return usual(change, path) and not is_written

    status: int | None = None
    # The first iteration contains no change. After it, no change is missed, even during a check.
    changes = changes_in(
        *map(Path, paths),
        watch_filter=counts,
        rust_timeout=_PAUSE,
        yield_on_timeout=True,
    )
    with suppress(KeyboardInterrupt):
        for changed in changes:
            if changed or status is None:
                if status is not None and sys.stdout is not None and sys.stdout.isatty():
                    sys.stdout.write(_CLEAR)
                status = _checked(check, console)
                # Printed last: a user who reads it may stop at once, and gets the status of this check.
                console.say("Watching for changes; press Ctrl-C to end")
    return status or 0


def _identity(file: str | int) -> tuple[int, int] | None:
    """The device and the inode of a file, given by its path or its descriptor; None if it cannot be read."""
    try:
        status = os.stat(file)  # noqa: PTH116 (a descriptor, too)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _checked(check: Callable[[], int], console: CommandConsole) -> int:
    try:
        status = check()
    except CannotCheck as error:
        console.say(f"structlint: {error}")
        status = 2
    if sys.stdout is not None:
        sys.stdout.flush()
    return status
