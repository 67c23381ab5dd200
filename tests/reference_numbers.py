"""Numbered names and the references of other files, as checked by the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from reference_layout import Form, above, ignores, top
from reference_tree import Paths


class Numbered(NamedTuple):
    """A name with a placeholder value, its form, and the values of the other placeholders."""

    path: str
    form: Form
    value: str
    others: Mapping[str, str]


def repeated(names: Iterable[Numbered]) -> Iterator[str]:
    """The names in a directory whose unique value another name already has with different other values."""
    others: dict[str, dict[str, str]] = {}
    firsts: dict[str, str] = {}
    forms: dict[tuple[str, Form], str] = {}
    for each in sorted(names, key=lambda each: each.path.rstrip("/")):
        value = (
            each.value.lstrip("0") if each.value.isdigit() else re.sub("[^a-z0-9]", "", each.value.lower())
        )
        determined = others.setdefault(value, {})
        differs = any(determined.setdefault(name, other) != other for name, other in each.others.items())
        is_other = firsts.setdefault(value, each.path) != each.path
        if is_other and (differs or forms.get((value, each.form), each.path) != each.path):
            yield each.path
        forms.setdefault((value, each.form), each.path)


def gaps(names: Collection[Numbered]) -> Iterator[str]:
    """The names in a directory whose number does not follow the previous one."""
    before = None
    for number, path in sorted((int(each.value), each.path.rstrip("/")) for each in names):
        if before is not None and number > before + 1:
            yield next(each.path for each in names if each.path.rstrip("/") == path)
        before = number


def items(content: Any, pointer: str) -> list[str] | None:
    """The items at a JSON pointer: strings, mappings with `path`, or the keys of a mapping."""
    for step in pointer.split("/")[1:]:
        if not isinstance(content, dict) or step not in content:
            return None
        content = content[step]
    if isinstance(content, dict):
        return list(content)
    if not isinstance(content, list):
        return None
    paths = [each.get("path", {}) if isinstance(each, dict) else each for each in content]
    plain = (path for path in paths if not isinstance(path, (dict, list)))
    return [path if isinstance(path, str) else json.dumps(path) for path in plain]


def lists(each: Iterable[str], home: str, path: str, value: str) -> bool:
    """Whether an item names a path, relative to the directory `home`, or the value of a placeholder in it."""
    plain = {item.removeprefix("./").rstrip("/") for item in each if not re.search(r"[*?!]", item)}
    inside = path.removeprefix(home).rstrip("/") if path.startswith(home) else None
    patterns = [anchored(item) for item in each if re.search(r"[*?!]", item)]
    matched = inside is not None and top(patterns, path.removeprefix(home))
    return value in plain or inside in plain or bool(matched)


def anchored(item: str) -> str:
    """Converts a pattern of a list to a `.gitignore` pattern."""
    sign = "!" if item.startswith("!") else ""
    return f"{sign}/{item.removeprefix(sign).removeprefix('./').strip('/')}"


def dangling(item: str, home: str, paths: Paths) -> bool:
    """Whether an item names no existing path, relative to the directory `home`, as far as known."""
    every = {each for path in paths.known_to_git | paths.opaque for each in above(path)}
    if item.startswith("!"):
        return False
    if re.search(r"[*?]", item):
        inside = (path.removeprefix(home) for path in every if path.startswith(home))
        shut = [path for path in {*paths.submodules, *paths.leads} if path.startswith(home)]
        is_found = any(path and ignores([anchored(item)], path) for path in inside)
        steps = anchored(item)[1:].split("/")
        return not (is_found or any(may_match_in(steps, path.removeprefix(home)) for path in shut))
    path = home + item.removeprefix("./").rstrip("/")
    if path in every or f"{path}/" in every:
        return False
    for each in above(path)[:-1]:
        if each in paths.leads:
            return dangling(path.removeprefix(each), paths.leads[each], paths)
    return paths.submodules.isdisjoint(above(path))


def may_match_in(steps: list[str], directory: str) -> bool:
    """Whether a pattern, split at "/", can match a path in a directory that is not read."""
    names = directory.strip("/").split("/")
    for number, name in enumerate(names):
        if number >= len(steps):
            return False
        if steps[number] == "**":
            return True
        if not ignores([f"/{steps[number]}"], name):
            return False
    return len(steps) > len(names)
