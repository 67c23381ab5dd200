"""Runs structlint in forked processes, which do not import it again.

Starting Python and importing structlint takes longer than most commands. A server imports it once and forks
for each command. The command has its own arguments, directory, environment and streams. Variables that Python
reads at startup, such as `PYTHONIOENCODING`, have no effect.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple, TextIO

SOURCE = Path(__file__).parent.parent / "src"


class Command(NamedTuple):
    """The command `structlint ARGUMENTS`. If it is `unprivileged`, file modes also restrict root."""

    arguments: Sequence[str]
    cwd: str
    environment: Mapping[str, str]
    unprivileged: bool = False


class Server:
    """A process that forks for each command."""

    def __init__(self) -> None:
        self._channel, remote = socket.socketpair()
        with remote:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(remote.fileno())],
                env={**os.environ, "PYTHONPATH": str(SOURCE)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[remote.fileno()],
            )
        self._statuses = self._channel.makefile("rb")

    def start(self, command: Command, streams: Sequence[int]) -> None:
        """Starts a command with these descriptors as its standard streams."""
        socket.send_fds(self._channel, [b"\n"], streams)
        self._channel.sendall(json.dumps(command).encode() + b"\n")

    def wait(self) -> int:
        """Waits for the command that was started last, and returns its exit status."""
        return int(self._statuses.readline())

    def run(self, command: Command) -> tuple[int, str, str]:
        """Returns the exit status of a command, its output and its standard error."""
        with (
            Path(os.devnull).open("rb") as null,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            self.start(command, [null.fileno(), out.fileno(), err.fileno()])
            status = self.wait()
            texts = [(file.seek(0), file.read().decode())[1] for file in (out, err)]
        return status, texts[0], texts[1]

    def close(self) -> None:
        """Stops the process."""
        self._statuses.close()
        self._channel.close()
        self._process.wait()


def _importable_modules() -> Iterator[str]:
    """The modules of structlint that do not need an extra."""
    import structlint

    for module in walk_packages(structlint.__path__, "structlint."):
        if module.name not in (
            "structlint.fleet.dask_engine",
            "structlint.pytest_plugin",
            "structlint.__main__",
        ):
            yield module.name


def _serve(channel: socket.socket) -> None:
    for module in ("rich.console", "jsonschema", "difflib", *_importable_modules()):
        import_module(module)
    requests = channel.makefile("rb")
    while True:
        streams = socket.recv_fds(channel, 1, 3)[1]
        if not streams:
            return
        command = Command(*json.loads(requests.readline()))
        if (child := os.fork()) == 0:
            os._exit(_run(command, streams, channel.fileno()))
        for stream in streams:
            os.close(stream)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        channel.sendall(f"{status}\n".encode())


def _run(command: Command, streams: Sequence[int], channel: int) -> int:
    """Runs a command in this process, and returns its exit status."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.close(channel)
    os.chdir(command.cwd)
    os.environ.clear()
    os.environ.update(command.environment)
    if command.unprivileged:
        _drop_privilege()
    sys.stdin = open(0, encoding=sys.stdin.encoding, errors=sys.stdin.errors, closefd=False)  # noqa: SIM115
    sys.stdout = _writer(1, sys.stdout)
    sys.stderr = _writer(2, sys.stderr)
    sys.argv = ["structlint", *command.arguments]
    from structlint.__main__ import main

    try:
        status = main()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        return 1
    return status


def _writer(number: int, before: TextIO) -> TextIO:
    """Opens a standard stream as Python does at startup: standard error is line-buffered."""
    buffering = 1 if number == 2 else -1
    return open(number, "w", buffering, before.encoding, before.errors, closefd=False)


_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


def _drop_privilege() -> None:
    """Removes the right to open any file from this process and its children."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or not hasattr(libc, "capset"):
        return
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable capabilities, 32 bits each, twice
    rights = 1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH
    for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
        libc.prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP
    libc.capget(header, data)
    for number in range(3):
        data[number] &= ~rights
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
