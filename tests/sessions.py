"""Runs the commands in the `shell-session` blocks of a page and compares their output.

    python tests/sessions.py [--write] PAGE [DIRECTORY]

runs them with the `structlint` of DIRECTORY or of this Python. It prints the differences or updates the page.
The commands of a page run in one bash process, in an empty directory, without user configuration. A line that
begins with `$ ` is a command, and `> ` continues it. The lines up to the next command are its output on both
streams.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"(?ms)^```shell-session\n(.*?)^```$")
# Commit hashes, and line numbers in bundled layouts, which change with unrelated edits.
_VARIABLE = re.compile(r"\b[0-9a-f]{7}\b|(?<=\()[a-z-]+:[0-9]+")


class Step(NamedTuple):
    """A command of a session: its line in the page, its text and its output."""

    line: int
    command: str
    printed: str


def steps(page: str) -> list[Step]:
    """The commands of a page. Raises `ValueError` if a block begins with something else."""
    found: list[Step] = []
    for block in _BLOCK.finditer(page):
        first = page.count("\n", 0, block.start(1)) + 1
        begun = len(found)
        for number, line in enumerate(block[1].splitlines(), first):
            if line.startswith("$ "):
                found.append(Step(number, line[2:], ""))
            elif len(found) == begun:
                raise ValueError(f"line {number}: a session begins with `$ `")
            elif line.startswith("> ") and not found[-1].printed:
                found[-1] = found[-1]._replace(command=f"{found[-1].command}\n{line[2:]}")
            else:
                found[-1] = found[-1]._replace(printed=f"{found[-1].printed}{line}\n")
    return found


def run_commands(page: str, place: Path, programs: Path) -> list[str]:
    """Returns the output of each command of a page. Raises `ValueError` if one of them does not finish."""
    listed = steps(page)
    script = "exec 2>&1\n" + "".join(f"{step.command}\nprintf '\\0'\n" for step in listed)
    home = place / "home"
    work = place / "work"
    home.mkdir()
    work.mkdir()
    names = ("AUTHOR", "COMMITTER")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "STRUCTLINT_"))}
    environment = {
        **kept,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        **{f"GIT_{name}_NAME": "someone" for name in names},
        **{f"GIT_{name}_EMAIL": "someone@localhost" for name in names},
        **{f"GIT_{name}_DATE": "2026-01-31T12:00:00Z" for name in names},
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    printed = done.stdout.decode().split("\0")[:-1]
    if len(printed) != len(listed):
        raise ValueError(f"{len(printed)} of {len(listed)} commands have ended: {done.stdout.decode()}")
    return printed


def differences(page: str, printed: list[str]) -> list[str]:
    """The line, command and actual output of each step that differs from the page."""
    return [
        f"line {step.line}: $ {step.command}\n{text}"
        for step, text in zip(steps(page), printed, strict=True)
        if _VARIABLE.sub("_", text) != _VARIABLE.sub("_", step.printed)
    ]


def updated(page: str, printed: list[str]) -> str:
    """The page with the actual output of its commands."""
    left = iter(zip(steps(page), printed, strict=True))

    def block(match: re.Match[str]) -> str:
        shown = [next(left) for _ in range(match[1].count("\n$ ") + 1)]
        texts = (f"$ {step.command}".replace("\n", "\n> ") + f"\n{text}" for step, text in shown)
        return f"```shell-session\n{''.join(texts)}```"

    return _BLOCK.sub(block, page)


def main(*arguments: str) -> int:
    """Returns 0 if there are no differences."""
    name, *more = [each for each in arguments if each != "--write"]
    page = Path(name).read_text("utf-8")
    programs = Path(more[0]).absolute() if more else Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place:
        printed = run_commands(page, Path(place), programs)
    if "--write" in arguments:
        Path(name).write_text(updated(page, printed), "utf-8")
        return 0
    wrong = differences(page, printed)
    print("\n".join(wrong), end="")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
