"""Finds the repositories to check: searches directories, and reads lists in JSON lines or TSV."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from structlint.errors import CannotCheck, TreeError
from structlint.text.paths import name_of
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.text.suggestions import nearest
from structlint.tree.git_process import has_work_tree, is_git_directory

_COLUMNS = ("path", "name", "team", "layout", "rev", "tags")
_ALIKE = 0.75  # a column this similar to a known one is a misspelling


class Listed(Record):
    """A repository to check.

    `path` is absolute. `name`, `team` and `more` (other columns) are for the report. `layout` and `rev`
    replace those of the run if they are not empty. `where` is the place in the list, for messages.
    """

    path: str
    name: str = ""
    team: str = ""
    layout: str = ""
    rev: str = ""
    more: Mapping[str, str] = {}
    where: str = ""


def searched(paths: Sequence[str]) -> Iterator[Listed]:
    """The repositories at and below directories, sorted by path. Links are not followed.

    An unreadable directory, and one named `x.git` that is not a repository, count as repositories,
    so that they are reported. Raises `CannotCheck` if there are none.
    """
    for path in paths:
        top = os.path.realpath(path)
        if not os.path.lexists(top):
            yield Listed(top, quote(path))
            continue
        found = False
        for place in _repositories(top):
            found = True
            inside = os.path.relpath(place, top) if place != top else name_of(place)
            yield Listed(place, quote(inside.removesuffix(".git")))
        if not found:
            raise CannotCheck(f"no repository found in {in_backticks(path)}; give a directory with mirrors")


def _repositories(top: str) -> Iterator[str]:
    ahead = [top]
    while ahead:
        place = ahead.pop()
        if _is_repository(place):
            yield place
            continue
        try:
            with os.scandir(place) as listing:
                below = [entry.path for entry in listing if entry.is_dir(follow_symlinks=False)]
        except OSError:
            yield place
            continue
        ahead += sorted(below, reverse=True)


def _is_repository(place: str) -> bool:
    try:
        return place.endswith(".git") or has_work_tree(Path(place)) or is_git_directory(Path(place))
    except (OSError, TreeError):
        return True


def listed(text: bytes, label: str) -> Iterator[Listed]:
    """The repositories of a list, relative to the current directory. Raises `CannotCheck`, with the line.

    The list is JSON lines, or tab-separated values with a line of headings.
    """
    lines = text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")
    rows = _json_rows if next(filter(str.strip, lines), "").lstrip().startswith("{") else _tsv_rows
    known: set[str] = set()
    for number, row in rows(lines, label):
        where = f"{label}:{number}"
        _refuse_unknown(row, known, where)
        if not row.get("path"):
            raise CannotCheck(f"{where}: no `path`; give the directory of the repository")
        more = {name: value for name, value in row.items() if name not in _COLUMNS or name == "tags"}
        path = os.path.realpath(row["path"]) if "\0" not in row["path"] else row["path"]
        name = quote(row.get("name") or name_of(row["path"].rstrip("/")).removesuffix(".git"))
        yield Listed(path, name, row.get("team", ""), row.get("layout", ""), row.get("rev", ""), more, where)


def _json_rows(lines: Sequence[str], label: str) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_object)
        except (ValueError, RecursionError) as error:
            raise CannotCheck(f"{label}:{number}: invalid JSON: {error}") from None
        if not isinstance(row, dict):
            raise CannotCheck(f'{label}:{number}: expected an object such as {{"path": "a.git"}}')
        yield number, {name: _text(value, name, f"{label}:{number}") for name, value in row.items()}


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object. Raises `ValueError` for a repeated name, because only one of its values would count."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same name is used twice in an object")
    return found


def _text(value: object, name: str, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, str | int | float) and (isinstance(value, str) or name not in _COLUMNS):
        return str(value)
    raise CannotCheck(f"{where}: {in_backticks(name)} is not a string")


def _tsv_rows(lines: Sequence[str], label: str) -> Iterator[tuple[int, dict[str, str]]]:
    heads: list[str] = []
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if not line.strip():
            continue
        if not heads:
            heads = [cell.strip() for cell in cells]
            _refuse_unknown(dict.fromkeys(heads, ""), set(), f"{label}:{number}")
            if "path" not in heads:
                hint = "begin with a line of headings between tabs, or use JSON lines"
                raise CannotCheck(f"{label}:{number}: no column `path`; {hint}")
            if len({*heads}) < len(heads):
                raise CannotCheck(f"{label}:{number}: two columns have the same heading")
            continue
        if len(cells) > len(heads):
            raise CannotCheck(f"{label}:{number}: {len(cells)} columns, but {len(heads)} headings")
        yield number, dict(zip(heads, cells, strict=False))


def _refuse_unknown(row: Mapping[str, str], known: set[str], where: str) -> None:
    """Raises `CannotCheck` for a column name that is probably misspelled and would have no effect."""
    for name in row.keys() - known:
        meant = nearest(name, _COLUMNS, _ALIKE)
        if name not in _COLUMNS and meant:
            raise CannotCheck(f"{where}: unknown column {in_backticks(name)}; did you mean `{meant}`?")
        known.add(name)


def without_repeated(repositories: Sequence[Listed]) -> tuple[list[Listed], list[str]]:
    """The repositories without duplicates, and notes on the duplicates.

    A listed repository that is also found by a search keeps its values. Raises `CannotCheck` if one is
    listed twice with different values.
    """
    first: dict[str, Listed] = {}
    notes = []
    for one in sorted(repositories, key=lambda one: not one.where):
        before = first.setdefault(one.path, one)
        if before is one or bool(before.where) > bool(one.where):
            continue
        here = f"{one.where}: " if one.where else ""
        if before._replace(where="", name="") != one._replace(where="", name=""):
            raise CannotCheck(f"{here}{in_backticks(one.path)} was listed before with other values; keep one")
        notes.append(f"{here}{in_backticks(one.path)} was listed twice; checked once")
    return list(first.values()), notes
