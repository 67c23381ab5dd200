"""Prints whether paths are allowed, by which entry, and otherwise where they belong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.checking.discovery import layouts_for
from structlint.checking.on_disk import leads_inside
from structlint.checking.where import PathReport, locate_in
from structlint.cli.console import CommandConsole
from structlint.cli.emitter import emitter
from structlint.errors import CannotCheck
from structlint.filesystem import is_git_name
from structlint.report.locations import json_path
from structlint.report.terminal import Span
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.text.system_paths import names_directory
from structlint.tree.access import real_place
from structlint.tree.scan import repository_root

if TYPE_CHECKING:
    from structlint.matching.import_judge import Permission


def run_where(
    paths: Sequence[str],
    console: CommandConsole,
    config: str | None = None,
    layout: str | None = None,
    output_format: str = "text",
    imports: bool = False,
) -> int:
    """Prints a report on each path, and returns the exit status."""
    answers = [_answer(path, config, layout, imports) for path in paths]
    emit = emitter(console.color)
    for answer in answers:
        if answer.note:
            console.say(f"note: {answer.note}")
    if output_format == "json":
        emit.json({"paths": [_data(answer) for answer in answers]})
    else:
        for answer in answers:
            line = path_report_line(answer.prefix, answer.report)
            path = quote(answer.prefix + answer.report.path)
            emit.line((Span(path, "bold"), Span(line.removeprefix(path))), indent=2)
            emit.lines(((Span(f"  {line}"),) for line in _import_lines(answer.imports)), indent=4)
    return int(any(not answer.report.allowed for answer in answers))


class _Answer(Record):
    """The report on a path. `imports` is None without `--imports`, and `prefix` is that of the project.

    `note` explains how an ambiguous path was read.
    """

    prefix: str
    report: PathReport
    imports: list[Permission] | None
    note: str = ""


def _answer(given: str, config: str | None, layout: str | None, imports: bool) -> _Answer:
    if not given or "\0" in given:
        raise CannotCheck(f"{in_backticks(given)} is not a path")
    above = real_place(str(Path(given).parent))
    name = Path(given).name
    if name in ("", "..") or given.rstrip("/").endswith("/."):
        raise CannotCheck(f"{in_backticks(given)}: give a file or directory in the project")
    place = above / name
    if is_git_name(name):
        raise CannotCheck(f"{in_backticks(given)} belongs to git, so no layout applies to it")
    projects = layouts_for(above, config, layout)
    is_directory = names_directory(given) or place.is_dir()
    if place.is_symlink():
        is_directory = leads_inside(repository_root(above) or projects[-1].root, place)
    project, report = locate_in(projects, place, directory=is_directory)
    permissions = None
    if imports:
        from structlint.checking.where_imports import import_permissions

        nearest = projects[0]
        path = place.relative_to(nearest.root).as_posix() + "/" * is_directory
        permissions = import_permissions(nearest.layout, path)
    note = ""
    if not is_directory and "." not in name and not os.path.lexists(place):
        _, directory = locate_in(projects, place, directory=True)
        if directory.entry != report.entry:
            named = in_backticks(f"{project.prefix}{report.path}/")
            note = f"{in_backticks(given)} is read as a file; write {named} for the directory"
    return _Answer(project.prefix, report, permissions, note)


def _import_lines(permissions: list[Permission] | None) -> Iterator[str]:
    """The imports that a file may contain, one per line; nothing without `--imports`."""
    for permission in permissions or ():
        why = f": {quote(permission.why)}" if permission.why else ""
        may = "may" if permission.allowed else "must not"
        yield f"{may} import {permission.what}{why} ({permission.place})"
    if permissions == []:
        yield "may import everything: no rule of `imports` applies to it"


def path_report_line(prefix: str, report: PathReport) -> str:
    """The report on a path in one line; `prefix` is the path of its project."""
    path = quote(prefix + report.path)
    if report.finding is None:
        by = f" by {in_backticks(report.entry)} ({report.asked})" if report.entry else ""
        about = f": {report.about}" if report.about else ""
        besides = f"; {report.besides}" if report.besides else ""
        open_ = "; no entry of the layout applies" if not report.entry and not report.besides else ""
        provided = f", if {report.provided}" if report.provided else ""
        because = f"; {report.because}" if report.because else ""
        return f"{path}: allowed{by}{provided}{about}{because}{open_}{besides}"
    asked = f" ({report.asked})" if report.asked else ""
    at = f" at {in_backticks(prefix + report.finding.path)}" if report.finding.path != report.path else ""
    homes = [in_backticks(prefix + home) for home in report.homes]
    belongs = f"; use {' or '.join(homes)}" if homes else f"; {report.finding.hint}"
    message = report.finding.message_at(at)
    return f"{path}: not allowed; {message}{asked} [{report.finding.rule}]{belongs}"


def _permission(permission: Permission) -> dict[str, object]:
    line = {"file": permission.place.file, "line": permission.place.line}
    return {
        "allowed": permission.allowed,
        "what": permission.what,
        "why": permission.why or None,
        "asked": line,
    }


def _data(answer: _Answer) -> dict[str, object]:
    prefix, report, imports, _ = answer
    finding = report.finding
    asked = {} if imports is None else {"imports": [_permission(permission) for permission in imports]}
    return {
        "path": json_path(prefix + report.path),
        "allowed": report.allowed,
        "entry": report.entry or None,
        "asked": {"file": report.asked.file, "line": report.asked.line} if report.asked else None,
        "about": report.about or None,
        "rule": finding.rule if finding else None,
        "message": finding.message if finding else None,
        "hint": finding.hint if finding else None,
        "belongs": [json_path(prefix + home) for home in report.homes],
        "besides": report.besides or None,
        "provided": report.provided or None,
        "because": report.because or None,
        **asked,
    }
