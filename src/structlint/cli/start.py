"""`structlint` without a command: describes the current directory and suggests the next command."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.checking.project import Project, open_projects
from structlint.checking.request import Request
from structlint.cli.check_notes import none_fits
from structlint.cli.console import CommandConsole
from structlint.cli.output import standard_output
from structlint.report.wording import count


def start(console: CommandConsole) -> int:
    """Describes the project and suggests the next command. Raises the same errors as `open_projects`."""
    project = open_projects(Request())[0]
    out = standard_output()
    out.writelines(f"{line}\n" for line in _lines(project))
    out.flush()  # before standard error
    if not console.quiet:
        console.say("All commands: structlint --help")
    return 0


def _lines(project: Project) -> Iterator[str]:
    files = count(len(project.files()), "file")
    if project.layout is not None:
        yield f"{project.layout.name} declares the structure of this project ({files})."
        yield "Check it: structlint check ."
    elif not project.files():
        yield "Git lists no files here."
        yield "See what a layout looks like: structlint layouts"
    else:
        yield from _without_layout(project, files)


def _without_layout(project: Project, files: str) -> Iterator[str]:
    from structlint.suggest.choice import choose, described

    choices = choose(project.tree)
    yield f"This project has {files} and no layout yet."
    if choices:
        fitting = "These bundled layouts fit" if len(choices) > 1 else "This bundled layout fits"
        yield f"{fitting}: {described(choices)}"
    else:
        yield none_fits(".")
    yield "Write a layout: structlint init"
