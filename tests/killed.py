"""Kills `structlint fix` before each system call that changes something, and checks the recovery.

killed.py ROOT STEP prints the number of interruptions, and a line for each that was not undone completely.
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


def kill_before(number: int) -> list[str]:
    """Kills this process before the call with this number; returns the calls so far."""
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
    """Returns the status of `structlint fix` in a child process that is killed before call `number`.

    The status of a killed process is negative.
    """
    child = os.fork()
    if child == 0:
        status = 99
        try:
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the process ends
            calls = kill_before(number)
            status = main(["fix", *arguments])
            if number == 0:
                Path(os.environ["CALLS"]).write_bytes(b"%d" % len(calls))
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree(root: Path) -> Tree:
    """The contents of each file; empty directories have empty contents."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(root.rglob("*"))}


def count_calls(*arguments: str) -> int:
    counted = Path(os.environ["CALLS"])
    fix(*arguments)
    return int(counted.read_bytes())


def failures(root: Path, step: int) -> list[str]:
    """The number of interruptions, and a description of each that was not undone completely."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        main(["fix", "--unsafe", "--diff"])  # imports everything before the first fork
    before = tree(root)
    fix("--unsafe")
    fix("--undo")  # creates the directories that only the first fix creates
    number = count_calls("--unsafe")
    after = tree(root)
    back = count_calls("--undo")
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
    root = Path(sys.argv[1])
    os.environ["CALLS"] = str(root.parent / "calls")
    os.chdir(root)
    sys.stdout.write("\n".join(failures(root, int(sys.argv[2]))))
