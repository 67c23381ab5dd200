"""`[tool.structlint]` in the `pyproject.toml` of a repository, which can name its layout."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Set
from functools import partial
from typing import TYPE_CHECKING, Any

from structlint.checking.request import NAMES
from structlint.errors import LayoutError, Problem
from structlint.layout.source import find_layout
from structlint.text.quoting import short_name
from structlint.text.suggestions import suggestion

if TYPE_CHECKING:
    from structlint.checking.checkout import Checkout
    from structlint.layout.source import LayoutSource

FILE = "pyproject.toml"
_KEYS = ("layout",)


def named_layout(checkout: Checkout) -> tuple[LayoutSource, str] | None:
    """The layout that `pyproject.toml` in the root of a checkout names, if it names one.

    Raises `LayoutError` for a table that is not valid, and for a file that is not TOML and may have one.
    """
    try:
        data = checkout.file(FILE)
    except FileNotFoundError:
        return None
    label = checkout.label(FILE)
    name = _name_in(data, label)
    if name is None:
        return None
    return find_layout(
        checkout.layout_source, FILE, name, lambda message: _wrong(data, label, message, "layout")
    )


def name_at_base(checkout: Checkout) -> str | None:
    """The layout that `pyproject.toml` named before the changes; None if it named none, or was not valid."""
    try:
        return _name_in(checkout.base.read(FILE), FILE)
    except (FileNotFoundError, LayoutError):
        return None


def is_newly_named(checkout: Checkout, changed: Set[str]) -> bool:
    """Whether the layout in the root is one that `pyproject.toml` names only since the changes.

    `changed` are the changed paths. A layout in the root takes precedence over `pyproject.toml`.
    """
    if changed.isdisjoint({*NAMES, FILE}) or any(map(checkout.has, NAMES)):
        return False
    try:
        name = _name_in(checkout.file(FILE), FILE)
    except FileNotFoundError:
        return False
    return name is not None and (not changed.isdisjoint(NAMES) or name != name_at_base(checkout))


def _name_in(data: bytes, label: str) -> str | None:
    """The value of `layout` under `[tool.structlint]`; None without that table."""
    if b"structlint" not in data:
        return None
    wrong = partial(_wrong, data, label)
    try:
        tools = tomllib.loads(data.decode("utf-8", "replace")).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(label, str(error)) from None
    table = tools.get("structlint") if isinstance(tools, dict) else None
    return None if table is None else _layout_in(table, wrong)


def _not_toml(label: str, error: str) -> LayoutError:
    """An error of the parser at its place, which ends its message, unless the file ends too early."""
    place = re.search(r" \(at line (\d+), column (\d+)\)\Z", error)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    message = error[: place.start()] if place else error
    return LayoutError([Problem(label, line, column, f"this is not valid TOML: {message}")])


def _wrong(data: bytes, label: str, message: str, key: str = "") -> LayoutError:
    return LayoutError([Problem(label, *_place_of(data.decode("utf-8", "replace"), key), message)])


def _layout_in(table: Any, wrong: Any) -> str:
    """The value of `layout` in a table, which has no other key."""
    if not isinstance(table, dict):
        raise wrong("`tool.structlint` must be a table with the key `layout`")
    for key in table:
        if key not in _KEYS:
            raise wrong(f"unknown key {short_name(key)}; {suggestion(key, _KEYS)}", key)
    name = table.get("layout")
    if not isinstance(name, str) or not name:
        raise wrong("`layout` must be the name of a bundled layout or the path of a layout", "layout")
    return name


def _place_of(text: str, key: str) -> tuple[int, int]:
    """The line and the column of a key of the table, or of the table itself."""
    table = re.search(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*structlint[ \t]*\]", text, re.MULTILINE)
    at = table.start() if table else 0
    if key and (match := re.compile(rf"^[ \t]*({re.escape(key)})[ \t]*=", re.MULTILINE).search(text, at)):
        at = match.start(1)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
