"""Reads statements in prose: ports, limits, files that belong only in the root, files that git ignores.

Each is recognized in one of the few forms listed here. All other prose is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from structlint.markdown.blocks import Block, Context, Heading, List, ListItem, Paragraph, Table, Words
from structlint.text.records import Record

_CODE = re.compile(r"`([^`]+)`")
_PORT = re.compile(r"\bports?\b[\s:=#]*`?(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?\b", re.IGNORECASE)  # noqa: RUF001
_NUMBERS = re.compile(r"`?:?(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?(?:/(?:tcp|udp))?`?", re.IGNORECASE)  # noqa: RUF001
_ITEM_PORT = re.compile(r"`?(\w[\w .&-]{0,60}?)`?\s*(?:\(|[:–-]\s+|→\s*)(?=port\b)", re.IGNORECASE)  # noqa: RUF001
_NUMBERED = re.compile(r"^(?:\d+[.)]|[^\w`@./]+)\s*")
_LIMIT = re.compile(
    r"\b(?:max(?:imum)?(?: of)?|at most|no more than|not more than|up to|fewer than|limit(?:ed)? (?:of|to))"
    r"\.?:? (\d{1,4}) (?:root[ -](?:level )?)?files?\b",
    re.IGNORECASE,
)
_ROOT = re.compile(r"\b(?:root|top[ -]level)\b", re.IGNORECASE)
_ROOT_ONLY = re.compile(
    r"\b(?:root(?:[ -]level)?|top[ -]level) only\b|\bonly (?:in|at) (?:the )?(?:root|top[ -]level)\b",
    re.IGNORECASE,
)
_KEPT_HERE = re.compile(
    r"\b(?:git-?ignored|ignored|not committed|never commit(?:ted)?|not tracked)\b", re.IGNORECASE
)
_OF_PATHS = re.compile(r"[./*]")  # characters that distinguish a name from a word
_OF_GIT = re.compile(r"git|commit|track", re.IGNORECASE)
_DIRECTORY_HEAD = re.compile(
    r"(?:director(?:y|ies)|folders?|dirs?)(?: ?(?:/|or|and) ?files?)?(?: name)?", re.IGNORECASE
)
_FILE_HEAD = re.compile(r"files?(?: ?(?:/|or|and) ?(?:director(?:y|ies)|folders?))?(?: name)?", re.IGNORECASE)
_KEY_FILES = re.compile(
    r"(?:the )?(?:key|important|main|essential|notable|core|root|root[ -]level|top[ -]level)"
    r" (?:files|directories|folders)(?: (?:and|&) (?:files|directories|folders))?:?",
    re.IGNORECASE,
)
_ROOT_FILES = re.compile(
    r"\b(?:allowed|permitted|required|mandatory|only)\b.*\b(?:root|top)\b.*\bfiles\b|\broot[ -]level files\b"
    r"|\bfiles\b.*\b(?:allowed|permitted|required)\b.*\b(?:root|top[ -]level)\b"
    r"|\b(?:allowed|permitted)\b.*\bfiles\b",
    re.IGNORECASE,
)
_CONTAINS = re.compile(
    r"\b(?:each|every|all|any) (?:\w+ ){0,2}?(\w+?)s?(?: directory| folder)? "
    r"(?:(?:should|must|needs? to|has to|have to|will|ought to|always) )?"
    r"(?:contains?|includes?|has|have|holds?|consists? of|follows?)\b",
    re.IGNORECASE,
)


class StatedPort(Record):
    """A port or range that a document assigns to a name, as written there."""

    called: str
    first: int
    last: int
    line: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


class StatedLimit(Record):
    """The maximum number of files in the root, and its line."""

    number: int
    line: int


def port_in(words: str, called: str, line: int) -> StatedPort | None:
    """The port in a text such as `(Port 8000)` or `Ports 8001-8099`."""
    match = _PORT.search(words)
    return _port(called, match, line) if match else None


def _port(called: str, match: re.Match[str], line: int) -> StatedPort | None:
    first, last = int(match[1]), int(match[2] or match[1])
    return StatedPort(called, first, last, line) if 0 < first <= last < 65536 else None


def stated_ports(blocks: Sequence[Block]) -> Iterator[StatedPort]:
    """The ports in headings, tables and lists. Names are as written there."""
    for block in blocks:
        ports: Iterator[StatedPort | None] = iter(())
        match block:
            case Heading(words):
                ports = iter([port_in(words.text, _called(words.text.partition("(")[0]), words.line)])
            case Table():
                ports = _ports_of_table(block)
            case List(items):
                ports = (_port_of_item(item) for item in _all(items))
        yield from (port for port in ports if port and port.called)


def _ports_of_table(table: Table) -> Iterator[StatedPort | None]:
    heads = [head.text.strip().lower() for head in table.head]
    column = next(
        (number for number, head in enumerate(heads) if re.fullmatch(r"(?:default )?ports?", head)), None
    )
    if not column:  # there is no name before it in the row
        return
    for row in table.rows:
        match = _NUMBERS.fullmatch(row[column].text.strip()) if len(row) > column else None
        if match:
            yield _port(_called(row[0].text), match, row[0].line)


def _port_of_item(item: ListItem) -> StatedPort | None:
    called = _ITEM_PORT.match(item.words.text)
    return port_in(item.words.text, _called(called[1]), item.words.line) if called else None


def _called(words: str) -> str:
    return _NUMBERED.sub("", words.replace("`", "")).strip()


def stated_limits(blocks: Sequence[Block]) -> Iterator[StatedLimit]:
    """The limits for files in the root, such as "Keep Root Clean - Max 20 files"."""
    for words, context in _statements(blocks):
        match = _LIMIT.search(words.text)
        headings = " ".join(map(str, context.headings))
        if match and _ROOT.search(f"{words.text} {headings}"):
            yield StatedLimit(int(match[1]), words.line)


def _statements(blocks: Sequence[Block]) -> Iterator[tuple[Words, Context]]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.words, block.context
            case List():
                yield from ((item.words, block.context) for item in _all(block.items))
            case Table():
                yield from ((cell, block.context) for row in block.rows for cell in row)


def _all(items: Sequence[ListItem]) -> Iterator[ListItem]:
    for item in items:
        yield item
        yield from _all(item.inside)


def in_root_only(blocks: Sequence[Block]) -> dict[str, Words]:
    """The files that a list allows only in the root, without those in a neighboring list."""
    lists = [block for block in blocks if isinstance(block, List)]
    only = [bool(_ROOT_ONLY.search(block.context.lead)) for block in lists]
    if not any(only):
        return {}
    elsewhere = {
        (block.context.headings[:-1], name)
        for block, here in zip(lists, only, strict=True)
        if not here
        for name in _names(block)
    }
    return {
        name: words
        for block, here in zip(lists, only, strict=True)
        if here
        for name, words in _names(block).items()
        if (block.context.headings[:-1], name) not in elsewhere
    }


def _names(block: List) -> dict[str, Words]:
    """The file names that the items of a list begin with."""
    leads = ((_lead(item), item) for item in block.items)
    return {name: item.words for name, item in leads if name and "/" not in name}


def _lead(item: ListItem) -> str:
    """The name in code at the beginning of an item: `.env` - Local development."""
    match = re.match(r"`([^`\s]+)`", item.words.text)
    return match[1] if match else ""


def kept_here(blocks: Sequence[Block]) -> Iterator[tuple[str, Words]]:
    """The files that, according to lists, git does not track: `.env` - Local development (ignored)."""
    for block in blocks:
        for item in block.items if isinstance(block, List) else ():
            name, rest = _lead(item), item.words.text.partition("` ")[2]
            if name == ".gitignore":
                examples = re.search(r"\(e\.g\.,? ([^)]+)\)", item.words.text)
                yield from ((code, item.words) for code in _CODE.findall(examples[1] if examples else ""))
            elif name and _KEPT_HERE.search(rest) and (_OF_PATHS.search(name) or _OF_GIT.search(rest)):
                yield name, item.words


def names_directories(table: Table) -> bool:
    """Whether the first column of a table names directories."""
    return bool(table.head and _DIRECTORY_HEAD.fullmatch(table.head[0].text.strip("* ")))


def names_files(table: Table) -> bool:
    """Whether the first column of a table names files."""
    return bool(table.head and _FILE_HEAD.fullmatch(table.head[0].text.strip("* ")))


def names_files_too(table: Table) -> bool:
    """Whether the heading of the first column names directories and files."""
    return bool(table.head and re.search(r"\bfiles?\b", table.head[0].text, re.IGNORECASE))


def names_key_files(context: Context) -> bool:
    """Whether the words right above a block announce key files."""
    return bool(_KEY_FILES.fullmatch(_NUMBERED.sub("", context.lead).strip())) or names_root_files(context)


def names_root_files(context: Context) -> bool:
    """Whether the words right above a block announce the files allowed in the root."""
    return _ROOT_FILES.search(context.lead) is not None


def unit_that_contains(context: Context) -> str:
    """The kind whose contents the words right above announce: "Each service should contain"."""
    match = _CONTAINS.search(context.lead)
    return match[1].lower() if match else ""
