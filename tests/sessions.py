"""Runs the shell sessions of a page: each command of its `shell-session` blocks, and what it prints.

    python tests/sessions.py [--write] PAGE [DIRECTORY]

runs them with the `structlint` of DIRECTORY, or else of this Python, and prints what differs, or writes it.
The commands of a page run one after another in one bash, in an empty directory, with nobody's configuration.
A line that begins with `$ ` is a command, `> ` continues one, and the lines up to the next command are what
it prints on both streams.
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
# Names of commits, and lines of bundled layouts, which change with what is above them.
_CHANGING = re.compile(r"\b[0-9a-f]{7}\b|(?<=\()[a-z-]+:[0-9]+")


class Step(NamedTuple):
    """A command of a session: the line of the page, its text, and what it prints."""

    line: int
    command: str
    printed: str


def steps(page: str) -> list[Step]:
    """The commands of a page. Raises `ValueError` for a block that begins with something else."""
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


def printed_by(page: str, place: Path, programs: Path) -> list[str]:
    """What each command of a page really prints. Raises `ValueError` if not all of them end."""
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
    """What differs from a page, but for what changes: its line, the command, and what it prints."""
    return [
        f"line {step.line}: $ {step.command}\n{text}"
        for step, text in zip(steps(page), printed, strict=True)
        if _CHANGING.sub("_", text) != _CHANGING.sub("_", step.printed)
    ]


def rewritten(page: str, printed: list[str]) -> str:
    """A page with what its commands print."""
    left = iter(zip(steps(page), printed, strict=True))

    def block(match: re.Match[str]) -> str:
        shown = [next(left) for _ in range(match[1].count("\n$ ") + 1)]
        texts = (f"$ {step.command}".replace("\n", "\n> ") + f"\n{text}" for step, text in shown)
        return f"```shell-session\n{''.join(texts)}```"

    return _BLOCK.sub(block, page)


def main(*arguments: str) -> int:
    """The exit status: 0 if nothing differs."""
    name, *more = [each for each in arguments if each != "--write"]
    page = Path(name).read_text("utf-8")
    programs = Path(more[0]).absolute() if more else Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place:
        printed = printed_by(page, Path(place), programs)
    if "--write" in arguments:
        Path(name).write_text(rewritten(page, printed), "utf-8")
        return 0
    wrong = differences(page, printed)
    print("\n".join(wrong), end="")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
