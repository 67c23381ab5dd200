"""Runs the examples on a page: prints the output of `structlint check` for a layout and a drawn tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fnmatch import fnmatchcase
from io import StringIO

from structlint.checking.pages import Example
from structlint.errors import CannotCheck, LayoutError
from structlint.finding import RULE_NAMES
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.markdown import is_document
from structlint.matching import match
from structlint.report import Report, Style, concise
from structlint.rules.engine import check
from structlint.text.quoting import quote
from structlint.text.records import Record
from structlint.tree import Tree
from structlint.tree.drawing import drawn


class _Options(Record):
    """The options of an example's command: a layout, and selected or ignored rules."""

    layout: str = ""
    select: str = "*"
    ignore: str = ""


def run_example(example: Example, today: date, layout: Layout | None = None) -> list[str]:
    """The lines that `structlint check` prints for an example, in a repository with nothing else in it.

    `layout` applies if the example does not have its own. `today` decides which accepted findings have
    expired. Raises `CannotCheck`, with the page and the line, for an example that cannot be run.
    """
    try:
        tree = drawn(example.tree, example.contents, in_git=True)
        options = _options(example.arguments[1:])
        applied = _layout(example, tree, options.layout, layout)
    except LayoutError as error:
        return str(error).splitlines()
    except CannotCheck as error:
        raise CannotCheck(f"{quote(str(example.page))}:{example.line}: {error}") from None
    tree = tree.without(path for path, _ in applied.exclude.matching(tree.groups))
    selected, ignored = _matching(options.select), _matching(options.ignore)
    rules = {name for name in RULE_NAMES if selected(name) and not ignored(name)}
    findings = check(match(applied, tree, ["structlint.yaml", options.layout]), rules, today)
    out = StringIO()
    concise.render(Report(tuple(findings)), out, Style())
    return out.getvalue().splitlines()


def _layout(example: Example, tree: Tree, name: str, default: Layout | None) -> Layout:
    def read(path: str) -> bytes:
        if path == "structlint.yaml" and example.layout is not None:
            return example.layout.encode()
        return tree.source.read(path)

    if name and not is_document(name):
        return bundled_layout(name)
    if not name and default and example.layout is None:
        return default
    return load(LayoutSource(read, files=lambda: tree.files), name or "structlint.yaml")


def _options(arguments: list[str]) -> _Options:
    """The options among the arguments of a command."""
    options, left = _Options(), list(arguments)
    while left:
        name, sign, text = left.pop(0).partition("=")
        if name == ".":
            continue
        if name.removeprefix("--") not in _Options._fields or not (sign or left):
            raise CannotCheck(f"{quote(name)}: an example supports only --layout, --select and --ignore")
        options = options._replace(**{name.removeprefix("--"): text if sign else left.pop(0)})
    return options


def _matching(patterns: str) -> Callable[[str], bool]:
    return lambda name: any(fnmatchcase(name, pattern) for pattern in patterns.split(","))
