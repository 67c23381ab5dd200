"""`structlint where`: may this path exist, by which entry, and where does it belong if not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from structlint.checking.discovery import layout_for
from structlint.checking.where import PathReport, locate
from structlint.cli.console import console_of
from structlint.cli.options import SETTINGS, Choice, Command, common_options, config_option, layout_option
from structlint.cli.output import standard_output
from structlint.errors import CannotCheck
from structlint.report.locations import json_path, to_json
from structlint.text.quoting import in_backticks, quote

if TYPE_CHECKING:
    from structlint.matching.import_judge import Permission


@click.command(
    "where",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Show whether the layout allows a path, and why.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@config_option
@layout_option
@click.option(
    "--output-format",
    "--format",
    "output_format",
    type=Choice(["text", "json"]),
    default="text",
    help="Print text for people or json for programs.",
)
@click.option("--imports", is_flag=True, help="Also print what each PATH may import.")
@common_options
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    config: str | None,
    layout: str | None,
    output_format: str,
    imports: bool,
) -> int:
    """Show whether the layout allows each PATH, and why.

    A path does not have to exist; end a directory with /. The repository is not scanned, so editors and
    agents can call this before every write. The exit status is 1 if a path is not allowed.

    \b
    Examples:
      structlint where services/billing/src/main.py
      structlint where notes.txt --output-format json
      structlint where --imports src/domain/order.py
    """
    answers = [_answer(path, config, layout, imports) for path in paths]
    out = standard_output()
    for each in answers:
        if each.note:
            console_of(context).say(f"note: {each.note}")
    if output_format == "json":
        out.write(to_json({"paths": [_data(each) for each in answers]}, indent=2) + "\n")
    else:
        for each in answers:
            out.write(f"{path_report_line(each.prefix, each.report)}\n")
            out.writelines(f"  {line}\n" for line in _import_lines(each.imports))
    return int(any(not each.report.allowed for each in answers))


class _Answer(NamedTuple):
    """What a layout says of a path; `imports` is None unless asked for. `prefix` is that of the project.

    `note` says how the path was read, where it could have been meant otherwise.
    """

    prefix: str
    report: PathReport
    imports: list[Permission] | None
    note: str = ""


def _answer(given: str, config: str | None, layout: str | None, imports: bool) -> _Answer:
    if not given or "\0" in given:
        raise CannotCheck(f"{in_backticks(given)} is not a path")
    above = Path(os.path.realpath(Path(given).parent))
    name = Path(given).name
    if name in ("", "..") or given.rstrip("/").endswith("/."):
        raise CannotCheck(f"{in_backticks(given)}: give a file or directory in the project")
    place = above / name
    project = layout_for(above, config, layout)
    path = place.relative_to(project.root).as_posix() + "/" * (given.endswith("/") or place.is_dir())
    report = locate(project.root, project.layout, path, project.own, project.prefix)
    permissions = None
    if imports:
        from structlint.checking.where_imports import import_permissions

        permissions = import_permissions(project.layout, path)
    note = ""
    if not path.endswith("/") and "." not in name and not os.path.lexists(place):
        directory = locate(project.root, project.layout, f"{path}/", project.own, project.prefix)
        if directory.entry != report.entry:
            named = in_backticks(f"{project.prefix}{path}/")
            note = f"{in_backticks(given)} is read as a file; for the directory, write {named}"
    return _Answer(project.prefix, report, permissions, note)


def _import_lines(permissions: list[Permission] | None) -> Iterator[str]:
    """What a file may import, a line for each; nothing if that is not asked for."""
    for each in permissions or ():
        why = f": {quote(each.why)}" if each.why else ""
        yield f"{'may' if each.allowed else 'must not'} import {each.what}{why} ({each.place})"
    if permissions == []:
        yield "may import everything: no rule of `imports` applies to it"


def path_report_line(prefix: str, each: PathReport) -> str:
    """What a layout says of a path, in one line; `prefix` is the path of its project."""
    path = quote(prefix + each.path)
    if each.finding is None:
        by = f" by {in_backticks(each.entry)} ({each.asked})" if each.entry else ""
        about = f": {each.about}" if each.about else ""
        besides = f"; {each.besides}" if each.besides else ""
        open_ = "; no entry of the layout applies" if not each.entry and not each.besides else ""
        provided = f", if {each.provided}" if each.provided else ""
        because = f"; {each.because}" if each.because else ""
        return f"{path}: allowed{by}{provided}{about}{because}{open_}{besides}"
    asked = f" ({each.asked})" if each.asked else ""
    at = f" at {in_backticks(prefix + each.finding.path)}" if each.finding.path != each.path else ""
    homes = [in_backticks(prefix + home) for home in each.homes]
    belongs = f"; use {' or '.join(homes)}" if homes else f"; {each.finding.hint}"
    about = f": {each.finding.about}" if each.finding.about else ""
    return f"{path}: not allowed; {each.finding.message}{about}{at}{asked} [{each.finding.rule}]{belongs}"


def _permission(each: Permission) -> dict[str, object]:
    line = {"file": each.place.file, "line": each.place.line}
    return {"allowed": each.allowed, "what": each.what, "why": each.why or None, "asked": line}


def _data(answer: _Answer) -> dict[str, object]:
    prefix, each, imports, _ = answer
    finding = each.finding
    asked = {} if imports is None else {"imports": [_permission(permission) for permission in imports]}
    return {
        "path": json_path(prefix + each.path),
        "allowed": each.allowed,
        "entry": each.entry or None,
        "asked": {"file": each.asked.file, "line": each.asked.line} if each.asked else None,
        "about": each.about or None,
        "rule": finding.rule if finding else None,
        "message": finding.message if finding else None,
        "hint": finding.hint if finding else None,
        "belongs": [json_path(prefix + home) for home in each.homes],
        "besides": each.besides or None,
        "provided": each.provided or None,
        "because": each.because or None,
        **asked,
    }
