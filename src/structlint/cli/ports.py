"""`structlint ports`: every port that is found, whose it is, and which one is free."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from structlint.checking.project import Project, open_projects
from structlint.checking.request import NAMES, Request
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.options import SETTINGS, common_options
from structlint.cli.output import output_target, standard_output, style_of, tops_of
from structlint.errors import CannotCheck
from structlint.layout.edit import with_ports
from structlint.markdown import is_document
from structlint.matching.port_files import port_files
from structlint.matching.port_registry import PortRegistry, PortRow, port_registry
from structlint.ports.model import BadPort, PortRange, read_port_range
from structlint.report.locations import json_path, to_json
from structlint.report.markdown import cell
from structlint.report.terminal import Line, LineWriter, Span
from structlint.report.wording import count
from structlint.text.quoting import quote
from structlint.tree.sources import read_file

_HEAD = ("port", "service", "named by", "where", "in `ports`", "")
_STYLES = {"conflict": "red", "mismatch": "red", "unknown": "yellow", "unused": "dim", "compared": "dim"}


@click.command("ports", context_settings=SETTINGS)
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--output-format",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    help="table for people, markdown for documents, json for programs.",
)
@click.option("--free", metavar="NAME|RANGE", help="Print the next free port of a range, or of <NAME>.")
@click.option("--write", is_flag=True, help="Add services that `ports` does not list to structlint.yaml.")
@click.option("-c", "--config", metavar="FILE", help="This layout instead of the nearest structlint.yaml.")
@click.option("-l", "--layout", metavar="NAME|FILE", help="A bundled layout, or a file; PATH is the root.")
@click.option("--tracked", is_flag=True, help="What git's index holds: what the commit will contain.")
@click.option("--rev", metavar="REV", help="The tree of a revision, without a checkout.")
@common_options
@click.pass_context
def command(context: click.Context, /, path: str | None, **given: Any) -> int:
    """List the ports that services have, and hold them against `ports` in the layout.

    They are read from compose files and Kubernetes manifests, and for comparison from Dockerfiles, .env
    files and dev containers.

    \b
    structlint ports
    structlint ports --output-format markdown
    structlint ports --free 8000-8099
    structlint ports --free service            one of the range of <service>
    structlint ports --write
    """
    voice = console_of(context)
    shape, free, write = (given.pop(name) for name in ("output_format", "free", "write"))
    if free is not None and write:
        raise CannotCheck("--free prints a number and --write adds lines; take one of them")
    request = Request(paths=(path or ".",), **given)
    if write:
        _refuse_what_cannot_be_written(request)
    project = open_projects(request)[0]
    registry, files = port_registry(project.survey), port_files(project.survey)
    if free is not None or write:
        for sighted in (files.published, files.compared) if free is not None else (files.published,):
            sighted.refuse_unread(project.survey.named)
    if free is not None:
        standard_output().write(f"{_free(registry, free)}\n")
    elif write:
        _write(registry, project, request, voice)
    else:
        _show(registry.rows(), project, shape, voice)
        for sighted in (files.published, files.compared):
            sighted.refuse_unread(project.survey.named)
    return 0


# --- The next free one


def _free(registry: PortRegistry, wanted: str) -> int:
    numbers = _wanted(registry, wanted)
    for each in numbers:
        if (found := registry.free(each)) is not None:
            return found
    raise CannotCheck(f"no port of {', '.join(map(str, numbers))} is free")


def _wanted(registry: PortRegistry, wanted: str) -> Sequence[PortRange]:
    """The range that is meant: itself, or that of a placeholder."""
    name = f"<{wanted.strip('<>')}>"
    if name in registry.assigned:
        return registry.assigned[name].numbers
    try:
        return [read_port_range(wanted)]
    except BadPort as error:
        if wanted[:1].isdigit():
            raise CannotCheck(f"--free {quote(wanted)}: {error}") from None
    known = [each for each in registry.assigned if each.startswith("<")]
    there = f"it gives one to {', '.join(known)}" if known else "it gives none to a placeholder"
    raise CannotCheck(f"`ports` has no range for {quote(name)}: {there}; a range is written 8000-8099")


# --- The table


def _show(rows: list[PortRow], project: Project, shape: str, voice: CommandConsole) -> None:
    out = standard_output()
    if shape == "json":
        _write_json(rows, project, out)
    elif shape == "markdown":
        for line in _markdown(rows, project):
            out.write(f"{line}\n")
    elif rows:
        write = LineWriter(out, style_of(out, voice.color)).write
        for each in _table(rows, project):
            write(each, cut=True)
    found = sum(row.port is not None for row in rows)
    if not rows:
        voice.say("no file here names a port")
    elif shape == "table":
        hits = sum(row.state in ("conflict", "mismatch") for row in rows)
        wrong = f", {hits:,} of them wrong; `structlint check` says how" if hits else ""
        voice.say(f"{count(found, 'port')}{wrong}")
    published = port_files(project.survey).published
    for problem in published.problems + published.unresolved:
        voice.say(f"note: {quote(project.prefix + problem.file)}:{problem.line}: {problem.message}")
    if templates := published.templates:
        voice.detail(f"{count(len(templates), 'template')} passed over, such as {quote(templates[0])}")


def _cells(row: PortRow, project: Project) -> tuple[str, ...]:
    where = f"{quote(project.prefix + row.place.file) if row.port else row.place.file}:{row.place.line}"
    return (row.numbers, quote(row.service) if row.service else "", row.kind, where, row.given, row.remark)


def _table(rows: list[PortRow], project: Project) -> Iterator[Line]:
    cells = [_cells(row, project) for row in rows]
    widths = [max(map(len, column)) for column in zip(_HEAD, *cells, strict=True)]
    yield (Span(_padded(_HEAD, widths), "bold"),)
    for row, line in zip(rows, cells, strict=True):
        yield (Span(_padded(line, widths), _STYLES.get(row.state, "")),)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _markdown(rows: list[PortRow], project: Project) -> Iterator[str]:
    yield f"| {' | '.join(_HEAD)} |"
    yield "|" + "---|" * len(_HEAD)
    for row in rows:
        yield f"| {' | '.join(cell(each) if each else '' for each in _cells(row, project))} |"


def _write_json(rows: list[PortRow], project: Project, out: TextIO) -> None:

    ports = []
    for row in rows:
        file = project.prefix + row.place.file if row.port else row.place.file
        said = {
            "service": json_path(row.service),
            "first": row.first,
            "last": row.last,
            "protocol": row.port.numbers.protocol if row.port else None,
            "address": row.port.address if row.port else None,
            "kind": row.kind,
            "file": json_path(file),
            "line": row.place.line,
            "profiles": sorted(row.port.profiles) if row.port else [],
            "declared": row.owner or None,
            "given": row.given or None,
            "state": row.state,
            "says": row.remark,
        }
        ports.append(said)
    out.write(to_json({"ports": ports}, indent=2) + "\n")


# --- Into the layout


def _refuse_what_cannot_be_written(request: Request) -> None:
    if request.rev or request.tracked:
        raise CannotCheck("--write goes with what is on disk, not with --rev and --tracked")
    named = request.config or request.layout
    if named is not None and (is_document(named) or not Path(named).is_file()):
        raise CannotCheck(f"--write adds lines to a YAML file, and {quote(named)} is none")


def _write(registry: PortRegistry, project: Project, request: Request, voice: CommandConsole) -> None:
    if project.layout is None:
        raise CannotCheck("there is no structlint.yaml to add ports to; `structlint init` writes one")
    added, left = registry.undeclared()
    for told in left:
        voice.say(f"left out: {told}")
    if not added:
        voice.say("every published service is in `ports`" if not left else "nothing was written")
        return
    with output_target(_layout_file(request), tops_of([project.root])) as (directory, path):
        label = quote(str(directory.root / path))
        directory.write(path, with_ports(read_file(directory.root, path), label, added))
    voice.say(f"{label}: added {', '.join(f'{quote(name)}: {numbers}' for name, numbers in added.items())}")


def _layout_file(request: Request) -> str:
    """The name of the file of the layout that a project has."""
    if named := request.config or request.layout:
        return named
    place = Path(os.path.realpath(request.paths[0]))
    above = (each / name for each in (place, *place.parents) for name in NAMES)
    return str(next(path for path in above if path.is_file()))
