"""`structlint ports`: lists the ports of all services, and finds a free port."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from structlint.checking.project import Project, open_projects
from structlint.checking.request import NAMES, Request
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.emitter import emitter
from structlint.cli.options import (
    SETTINGS,
    Choice,
    Command,
    common_options,
    config_option,
    layout_option,
    source_options,
)
from structlint.cli.output import output_target, standard_output, tops_of
from structlint.errors import CannotCheck
from structlint.layout.edit import with_ports
from structlint.markdown import is_document
from structlint.matching.port_files import port_files
from structlint.matching.port_registry import PortRegistry, port_registry
from structlint.matching.port_rows import RULES_OF_STATES, PortRow, folded_rows, port_rows
from structlint.ports.model import BadPort, PortRange, read_port_range
from structlint.report.locations import json_path
from structlint.report.markdown import cell
from structlint.report.terminal import Line, Span, cells, padded
from structlint.report.wording import count
from structlint.text.quoting import in_backticks, quote
from structlint.tree.sources import read_file

_HEAD = ("port", "service", "status", "in `ports`", "where", "problem")
_STYLES = {
    "conflict": "red",
    "mismatch": "red",
    "unknown": "yellow",
    **dict.fromkeys(("unused", "compared", "accepted"), "dim"),
}
_LEAST_PROBLEM = 30  # columns for a problem that is wrapped beside its row
_FEWEST_COLUMNS = 3
_BELOW = 6  # the column in which a second line of a row begins
_STATUS = {"ok": "", "compared": "", "unknown": "not listed", "unused": "unused"}


@click.command(
    "ports",
    cls=Command,
    context_settings=SETTINGS,
    short_help="List the ports of services and their conflicts.",
)
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--output-format",
    "--format",
    "output_format",
    type=Choice(["table", "json", "markdown"]),
    default="table",
    help="Print a table for people, markdown for documents or json for programs.",
)
@click.option("--free", metavar="NAME|RANGE", help="Print the next free port of a range, or of <NAME>.")
@click.option("--write", is_flag=True, help="Add missing services to `ports` in structlint.yaml.")
@config_option
@layout_option
@source_options
@common_options
@click.pass_context
def command(context: click.Context, /, path: str | None, **given: Any) -> int:
    """List the ports of services, and compare them with `ports` in the layout.

    Published ports are read from compose files and Kubernetes manifests, others from Dockerfiles, .env
    files, dev containers, scripts and settings.

    \b
    Examples:
      structlint ports
      structlint ports --output-format markdown
      structlint ports --free 8000-8099
      structlint ports --free service            from the range of <service>
      structlint ports --write
    """
    console = console_of(context)
    shape, free, write = (given.pop(name) for name in ("output_format", "free", "write"))
    if free is not None and write:
        raise CannotCheck("--free and --write cannot be used together; use one of them")
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
        _write(registry, project, request, console)
    else:
        _show(_with_accepted(port_rows(registry), project), project, shape, console)
        for sighted in (files.published, files.compared):
            sighted.refuse_unread(project.survey.named)
    return 0


# --- The next free port


def _free(registry: PortRegistry, wanted: str) -> int:
    numbers = _wanted(registry, wanted)
    for range_ in numbers:
        if (free := registry.free(range_)) is not None:
            return free
    raise CannotCheck(f"no port in {', '.join(map(str, numbers))} is free")


def _wanted(registry: PortRegistry, wanted: str) -> Sequence[PortRange]:
    """The given range, or the range of a placeholder."""
    name = f"<{wanted.strip('<>')}>"
    if name in registry.assigned:
        return registry.assigned[name].numbers
    try:
        return [read_port_range(wanted)]
    except BadPort as error:
        if wanted[:1].isdigit():
            raise CannotCheck(f"--free {in_backticks(wanted)}: {error}") from None
    known = [name for name in registry.assigned if name.startswith("<")]
    there = (
        f"it has one for {', '.join(map(in_backticks, known))}" if known else "it has none for a placeholder"
    )
    raise CannotCheck(f"`ports` has no range for {in_backticks(name)}: {there}; write a range as 8000-8099")


# --- The table


def _with_accepted(rows: list[PortRow], project: Project) -> list[PortRow]:
    """The rows; a row is marked if the layout accepts its finding or turns off its rule."""
    if not any(row.state in RULES_OF_STATES for row in rows):
        return rows
    from structlint.rules.engine import check

    rules = set(RULES_OF_STATES.values())
    findings = check(project.survey, rules, date.today(), lambda rule, error: None)
    left = {(finding.rule, finding.path, finding.line) for finding in findings}
    return [
        row._replace(state="accepted")
        if (rule := RULES_OF_STATES.get(row.state)) and (rule, row.place.file, row.place.line) not in left
        else row
        for row in rows
    ]


def _show(rows: list[PortRow], project: Project, shape: str, console: CommandConsole) -> None:
    emit, folded = emitter(console.color), folded_rows(rows)
    if shape == "json":
        emit.json({"ports": [_data(row, project) for row in rows]})
    elif shape == "markdown":
        emit.plain(_markdown(folded, project))
    elif rows:
        for row, indent in _table(folded, project, emit.width):
            emit.line(row, indent=indent)
    if not rows:
        console.say("no ports found")
    elif shape == "table":
        hits = sum(row.state in RULES_OF_STATES for row in folded)
        wrong = f", {hits:,} with problems; run `structlint check` for details" if hits else ""
        console.say(f"{count(sum(row.port is not None for row in folded), 'port')}{wrong}")
    published = port_files(project.survey).published
    for problem in published.problems + published.unresolved:
        console.say(f"note: {quote(project.prefix + problem.file)}:{problem.line}: {problem.message}")
    if templates := published.templates:
        console.detail(f"skipped {count(len(templates), 'template')}, such as {quote(templates[0])}")


def _cells(row: PortRow, project: Project) -> tuple[str, ...]:
    where = f"{quote(project.prefix + row.place.file) if row.port else row.place.file}:{row.place.line}"
    where += f" +{row.others}" if row.others else ""
    service = quote(row.service) if row.service else ""
    return (row.numbers, service, _STATUS.get(row.state, row.state), row.given, where, row.remark)


def _table(rows: list[PortRow], project: Project, width: int | None) -> Iterator[tuple[Line, int]]:
    """The lines of the table, each with its hanging indent; without a width, they are not wrapped.

    If a row does not fit, its last columns are on a separate line. Empty columns are not printed on a
    terminal.
    """
    columns = list(zip(_HEAD, *(_cells(row, project) for row in rows), strict=True))
    if width:
        columns = [column for column in columns if any(column[1:])]
    head, *body = zip(*columns, strict=True)
    widths = [max(map(cells, column)) for column in columns]
    last = min(widths[-1], _LEAST_PROBLEM) if head[-1] == _HEAD[-1] else widths[-1]
    needed = [*widths[:-1], last]
    first = len(head)
    while width and first > _FEWEST_COLUMNS and sum(needed[:first]) + 2 * (first - 1) > width:
        first -= 1
    indent = sum(widths[:-1]) + 2 * (len(widths) - 1) if first == len(head) else _BELOW
    styles = ["bold", *(_STYLES.get(row.state, "") for row in rows)]
    for line, style in zip([head, *body], styles, strict=True):
        yield (Span(_padded(line[:first], widths[:first]), style),), indent
        if rest := _padded(line[first:], widths[first:]):
            yield (Span(f"{'':{_BELOW}}{rest}", style),), indent


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(map(padded, row, widths)).rstrip()


def _markdown(rows: list[PortRow], project: Project) -> Iterator[str]:
    yield f"| {' | '.join(_HEAD)} |"
    yield "|" + "---|" * len(_HEAD)
    for row in rows:
        yield f"| {' | '.join(cell(text) if text else '' for text in _cells(row, project))} |"


def _data(row: PortRow, project: Project) -> dict[str, object]:
    """A row as an object for JSON."""
    port, file = row.port, project.prefix + row.place.file if row.port else row.place.file
    return {
        "service": json_path(row.service),
        "first": row.first,
        "last": row.last,
        "protocol": port.numbers.protocol if port else None,
        "address": port.address if port else None,
        "kind": row.kind,
        "file": json_path(file),
        "line": row.place.line,
        "profiles": sorted(port.profiles) if port else [],
        "declared": row.owner or None,
        "given": row.given or None,
        "state": row.state,
        "says": row.remark,
    }


# --- Changes to the layout


def _refuse_what_cannot_be_written(request: Request) -> None:
    if request.rev or request.tracked:
        raise CannotCheck("--write needs the files on disk; remove --rev and --tracked")
    named = request.config or request.layout
    if named is not None and (is_document(named) or not Path(named).is_file()):
        raise CannotCheck(f"--write needs a layout in a YAML file; `{quote(named)}` is not one")


def _write(registry: PortRegistry, project: Project, request: Request, console: CommandConsole) -> None:
    if project.layout is None:
        raise CannotCheck("no structlint.yaml to add ports to; create one with `structlint init`")
    added, left = registry.undeclared()
    for reason in left:
        console.say(f"skipped: {reason}")
    if not added:
        console.say("`ports` lists every published service" if not left else "nothing to write")
        return
    with output_target(_layout_file(request), tops_of([project.root])) as (directory, path):
        label = project.layout.name
        directory.write(path, with_ports(read_file(directory.root, path), label, added))
    console.say(f"{label}: added {', '.join(f'{quote(name)}: {numbers}' for name, numbers in added.items())}")


def _layout_file(request: Request) -> str:
    """The file name of a project's layout."""
    if named := request.config or request.layout:
        return named
    place = Path(os.path.realpath(request.paths[0]))
    above = (parent / name for parent in (place, *place.parents) for name in NAMES)
    return str(next(path for path in above if path.is_file()))
