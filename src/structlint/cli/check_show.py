"""`check --show-files` and `--show-config`: the files and the layout of a check."""

from __future__ import annotations

from typing import TextIO

from structlint.checking.project import Project
from structlint.cli.console import CommandConsole
from structlint.errors import CannotCheck
from structlint.text.quoting import in_backticks, quote


def notes_of_trees(projects: list[Project], console: CommandConsole) -> None:
    """Prints the notes on how the trees were read."""
    for project in projects:
        for note in project.tree.notes:
            console.say(f"note: {note}")


def show_files(projects: list[Project], out: TextIO, *, null: bool) -> None:
    """Writes the names of the files, one per line, or with a NUL after each."""
    for project in projects:
        for path in project.files():
            name = project.prefix + path
            if null:
                out.buffer.write(name.encode("utf-8", "surrogateescape") + b"\0")
            else:
                out.write(f"{quote(name)}\n")


def show_config(projects: list[Project], out: TextIO) -> None:
    """Writes the layout of the first project, which is the only one."""
    from rich.console import Console

    from structlint.cli.show_config import config

    first, *others = projects
    if any(not other.prefix.startswith(first.prefix) for other in others):
        raise CannotCheck("--show-config shows one project; give the directory of one")
    if first.layout is None:
        raise CannotCheck(f"no structlint.yaml for {in_backticks(first.prefix or './')}; nothing to show")
    columns = Console(file=out).width if out.isatty() else None
    out.write(config(first.layout, columns))
