"""Shell completion for files, directories, rules, layouts, placeholders and formats.

The metavar of an argument or option determines its completion, so nothing is declared twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from structlint.errors import CannotCheck

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_Names = Callable[[click.Context], Iterable[str]]


class Completed(click.types.StringParamType):
    """A string that the shell completes with names, files, directories, or several of these."""

    def __init__(self, names: _Names | None = None, *, kind: str = "", separator: str = "") -> None:
        self._names = names
        self._kind = kind
        self._separator = separator

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin with `incomplete` or, after a separator, with its last part."""
        from click.shell_completion import CompletionItem

        before, separator, last = (
            incomplete.rpartition(self._separator) if self._separator else ("", "", incomplete)
        )
        names = self._names(ctx) if self._names else ()
        items = [CompletionItem(before + separator + name) for name in sorted(names) if name.startswith(last)]
        if self._kind and not items:
            items = [CompletionItem(incomplete, type=self._kind)]
        return items


def _rules(context: click.Context) -> Iterable[str]:
    from structlint.finding import RULE_NAMES

    return RULE_NAMES


def _layouts(context: click.Context) -> Iterable[str]:
    from structlint.layout.bundled import BUNDLED

    return BUNDLED


def _placeholders(context: click.Context) -> Iterable[str]:
    """The placeholders of the layout that applies here; none if it cannot be read."""
    from structlint.checking.discovery import layout_for
    from structlint.layout.entry import entries

    with suppress(CannotCheck, OSError):
        layout = layout_for(Path.cwd(), context.params.get("config"), None).layout
        return {name for _, entry in entries(layout.root) for name in entry.key.placeholders}
    return ()


def _names(context: click.Context) -> Iterable[str]:
    return _placeholders(context) if context.info_name == "new" else _layouts(context)


def _reports(context: click.Context) -> Iterable[str]:
    from structlint.report import FORMATS

    return [f"{name}=" for name in FORMATS]


_COMPLETED = {
    "DOC": Completed(kind="file"),
    "FILE": Completed(kind="file"),
    "FORMAT=FILE": Completed(_reports),
    "NAME": Completed(_names),
    "NAME|FILE": Completed(_layouts, kind="file"),
    "PATH": Completed(kind="file"),
    "RULE": Completed(_rules, separator=","),
}
_METAVAR = re.compile(r"[A-Z]+(?:[|=][A-Z]+)?")


def complete(command: click.Command) -> None:
    """Sets the type of each string parameter of a command according to its metavar."""
    for parameter in command.params:
        metavar = _METAVAR.search(parameter.metavar or (parameter.name or "").upper())
        if type(parameter.type) is click.types.StringParamType and metavar and metavar[0] in _COMPLETED:
            parameter.type = _COMPLETED[metavar[0]]
