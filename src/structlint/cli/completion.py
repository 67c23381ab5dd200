"""The values of arguments and options that a shell completes, as types of click's parameters."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from structlint.finding import RULE_NAMES
from structlint.layout.bundled import BUNDLED
from structlint.report import FORMATS


class PathValue(click.ParamType):  # type: ignore[type-arg]
    """A file or directory, which the shell completes itself."""

    name = "path"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """One item that stands for the names on disk."""
        return [CompletionItem(incomplete, type="file")]


class RuleValue(click.ParamType):  # type: ignore[type-arg]
    """A rule, or several with commas between them."""

    name = "rule"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The rules that begin with what follows the last comma."""
        before, comma, begun = incomplete.rpartition(",")
        return _items((f"{before}{comma}{name}" for name in RULE_NAMES), f"{before}{comma}{begun}")


class LayoutValue(click.ParamType):  # type: ignore[type-arg]
    """A bundled layout; with `files`, also a file."""

    name = "layout"

    def __init__(self, *, files: bool = False) -> None:
        self.files = files

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names of the bundled layouts; where none of them fits, files."""
        names = _items(BUNDLED, incomplete)
        return [CompletionItem(incomplete, type="file"), *names] if self.files else names


class ReportValue(click.ParamType):  # type: ignore[type-arg]
    """A format of reports with a file, `FORMAT=FILE`."""

    name = "report"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The formats; after `=`, the files and directories."""
        from pathlib import Path

        format_, sign, begun = incomplete.partition("=")
        if not sign:
            return _items((f"{name}=" for name in FORMATS), incomplete)
        above = begun[: begun.rfind("/") + 1]
        try:
            names = sorted(f"{each.name}{'/' * each.is_dir()}" for each in Path(above or ".").iterdir())
        except OSError:
            return []
        return _items((f"{format_}={above}{name}" for name in names), incomplete)


class PlaceholderValue(click.ParamType):  # type: ignore[type-arg]
    """A placeholder of the nearest layout; with a value after it, `NAME=VALUE`."""

    name = "name"

    def __init__(self, *, valued: bool = False) -> None:
        self.valued = valued

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The placeholders of the layout; nothing where there is none, or it is not valid."""
        from pathlib import Path

        from structlint.checking.discovery import layout_for
        from structlint.errors import CannotCheck
        from structlint.layout.entry import placeholders

        try:
            layout = layout_for(Path.cwd(), ctx.params.get("config"), None).layout
        except (CannotCheck, OSError):
            return []
        return _items((name + "=" * self.valued for name in placeholders(layout.root)), incomplete)


def _items(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


PATH = PathValue()
RULE = RuleValue()
