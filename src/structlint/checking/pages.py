"""Reads the examples on a documentation page: a layout, a drawn tree, and the output of structlint.

An example is a group of fenced blocks in this order. The tree and the console are required:

    ```yaml title="structlint.yaml"      the layout; the title is optional
    ```tree                              the tree, as `drawing` reads it
    ```gitignore                         the content of the drawn file `.gitignore`
    ```text title="path/to/file"         the content of another file, in any language
    ```console                           `$ structlint check .` and its output in the format `concise`

Other blocks, including consoles with other commands, are allowed between examples, but not within one. An
invalid example is an error, because an example that is never run is worse than none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from structlint.errors import CannotCheck
from structlint.text.quoting import quote
from structlint.text.records import Record

_FENCE = re.compile(r"(?P<indent>\s*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)")
_TITLE = re.compile(r'\btitle="([^"]+)"')


class Example(Record):
    """An example: its place, the layout, the tree and the expected output.

    `arguments` are the arguments of `structlint`, and the first one is "check". `output` has the lines
    that it prints, without line endings. Without a `layout`, there is no `structlint.yaml`.
    """

    page: Path
    line: int
    layout: str | None
    tree: str
    contents: dict[str, str]
    arguments: list[str]
    output: list[str]

    def __str__(self) -> str:
        return f"{self.page.stem}:{self.line}"


class _Block(Record):
    line: int
    language: str
    title: str
    text: str


class _Group:
    """The blocks of one example that have been read so far."""

    def __init__(self) -> None:
        self.layout: _Block | None = None
        self.tree: _Block | None = None
        self.contents: dict[str, _Block] = {}

    @property
    def begun(self) -> _Block | None:
        return self.layout or self.tree


def examples(page: Path) -> list[Example]:
    """The examples of a page, in order.

    Raises `CannotCheck`, with the page and the line, for an invalid example.
    """
    examples = []
    group = _Group()
    for block in _blocks(page):
        if block.language == "console" and (group.begun or _command(block)[:2] == ["structlint", "check"]):
            examples.append(_example(page, group, block))
            group = _Group()
        else:
            _add(page, group, block)
    if group.begun:
        raise _wrong(page, group.begun.line, "expected a `console` block with the output of this example")
    return examples


def _add(page: Path, group: _Group, block: _Block) -> None:
    """Adds a block to its example."""
    path = ".gitignore" if block.language == "gitignore" else block.title
    if block.language == "tree" and not group.tree:
        group.tree = block
    elif block.language == "yaml" and path in ("", "structlint.yaml") and not group.begun:
        group.layout = block
    elif path and group.tree and path not in group.contents:
        group.contents[path] = block
    elif path or group.begun or block.language in ("tree", "yaml"):
        raise _wrong(page, block.line, "unexpected block in an example")


def _example(page: Path, group: _Group, console: _Block) -> Example:
    command = _command(console)
    if not group.tree:
        raise _wrong(page, console.line, "expected a tree before this block")
    if command[:2] != ["structlint", "check"]:
        raise _wrong(page, console.line, "the first line is not `$ structlint check ...`")
    return Example(
        page=page,
        line=(group.begun or console).line,
        layout=group.layout and group.layout.text,
        tree=group.tree.text,
        contents={path: block.text for path, block in group.contents.items()},
        arguments=command[1:],
        output=console.text.split("\n")[1:-1],
    )


def _command(console: _Block) -> list[str]:
    first = console.text.partition("\n")[0]
    try:
        return shlex.split(first[2:]) if first.startswith("$ ") else []
    except ValueError:  # a quote that is not closed
        return []


def _blocks(page: Path) -> Iterator[_Block]:
    """The fenced blocks of a page, each with the line of its fence, counted from 1."""
    try:
        content = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotCheck(f"{quote(str(page))} cannot be read: {error}") from None
    lines = enumerate(content.split("\n"), 1)
    for number, line in lines:
        fence = _FENCE.fullmatch(line)
        if not fence:
            continue
        if fence["indent"]:
            raise _wrong(page, number, "a fence must not be indented")
        text = []
        for _, inner in lines:
            if inner.startswith(fence["mark"]) and not inner.strip(fence["mark"][0] + " "):
                break
            text.append(inner + "\n")
        else:
            raise _wrong(page, number, "this fence is never closed")
        title = _TITLE.search(fence["info"])
        language = fence["info"].split(maxsplit=1)[0] if fence["info"].strip() else ""
        yield _Block(number, language, title[1] if title else "", "".join(text))


def _wrong(page: Path, line: int, message: str) -> CannotCheck:
    return CannotCheck(f"{quote(str(page))}:{line}: {message}")
