"""Runs `structlint fix` in processes that are killed, each before another call that changes something.

killed.py ROOT STEP prints the number of points tried, and a line for each after which all is not as before.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from structlint.cli import main

_CALLS = ("mkdir", "rmdir", "unlink", "rename", "link", "replace", "open", "write", "fsync")
Tree = dict[str, bytes]


def killed_before(number: int) -> list[str]:
    """Has this process killed before the call of this number; returns the calls so far."""
    calls: list[str] = []

    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            caller = sys._getframe(1).f_globals["__name__"]
            writes = name != "open" or bool(int(str(arguments[1])) & (os.O_WRONLY | os.O_CREAT))
            if writes and caller.startswith(("structlint.", "pathlib")):
                calls.append(name)
                if len(calls) == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **more)

        return call

    for name in _CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))
    return calls


def fix(*arguments: str, number: int = 0) -> int:
    """The status of `structlint fix` in a process of its own, killed before a call: then it is below 0."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the process ends
            calls = killed_before(number)
            status = main(["fix", *arguments])
            if number == 0:
                Path(os.environ["CALLS"]).write_bytes(b"%d" % len(calls))
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree(root: Path) -> Tree:
    """All files, and directories with nothing in them."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(root.rglob("*"))}


def calls_of(*arguments: str) -> int:
    counted = Path(os.environ["CALLS"])
    fix(*arguments)
    return int(counted.read_bytes())


def points(root: Path, step: int) -> list[str]:
    """Where something is wrong, after the number of points that were tried."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        main(["fix", "--unsafe", "--diff"])  # so that all is imported before the first child
    before = tree(root)
    fix("--unsafe")
    fix("--undo")  # now there are the directories that the first fix of all makes
    number = calls_of("--unsafe")
    after = tree(root)
    back = calls_of("--undo")
    tried, wrong = 0, []
    for at in range(1, number + 1, step):
        for recovery in ("--undo", "--resume"):
            tried += 1
            died = fix("--unsafe", number=at)
            again = 1 + (at * 7) % back
            died_again = fix(recovery, number=again)
            fix(recovery)
            if tree(root) == after and recovery == "--resume":
                fix("--undo")
            fix("--undo")
            if died != -signal.SIGKILL or died_again not in (-signal.SIGKILL, 0, 2) or tree(root) != before:
                wrong.append(f"killed at {at} ({died}), {recovery} at {again} ({died_again})")
    return [str(tried), *wrong]


if __name__ == "__main__":
    place = Path(sys.argv[1])
    os.environ["CALLS"] = str(place.parent / "calls")
    os.chdir(place)
    sys.stdout.write("\n".join(points(place, int(sys.argv[2]))))
