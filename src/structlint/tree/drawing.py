"""Reads and draws trees in the notation of the examples in pages.

    .
    ├── README.md
    ├── docs -> documentation    a symbolic link
    ├── cache/                   on disk, but nothing is drawn in it: empty
    ├── lib/  (submodule)        a directory whose contents are not read
    ├── .env  # untracked        not tracked by git; `# ignored`: tracked although it is ignored
    └── "caf\\xe9\\n"              a quoted name, with Python's escapes; \\xNN is one byte of the name

Guides as `tree` prints them, or two spaces for each level and no root. A directory ends in "/", in its
quotes if it has any; its notes apply to everything in it. Several notes are separated by commas, and
other words are remarks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

from structlint.errors import CannotCheck
from structlint.text.records import Record
from structlint.tree.model import Link, Tree, resolve_links

NOTES = ("ignored", "untracked")  # the names of the fields of `Tree`
_LONGEST_LINE = 2_000

_Names: TypeAlias = "dict[str, _Names]"

_GUIDES = re.compile("((?:[│ ][ \xa0]{2} )*)[├└]── ")
_QUOTED = r'"(?:\\.|[^"\\])*"'
_ENTRY = re.compile(
    rf'(?P<name>{_QUOTED}|[^"]*?)(?: -> (?P<target>{_QUOTED}|[^"]*?))?'
    r"(?P<opaque>  \(submodule\))?(?:  +#(?P<notes>.*))?"
)
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_SIMPLE_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b'"': b'"', b"\\": b"\\"}
# An unquoted name must not contain these, so that a typing error does not become an oddly named file.
_NEEDS_QUOTES = re.compile(r'^$|"|^[│├└]|^\s|\s$|\s\s| #| -> ')


class Drawn(Record):
    """The source of a drawn tree: the contents of its files, and its directories, including empty ones."""

    contents: Mapping[str, bytes]
    directories: frozenset[str]
    root: Path = Path(os.devnull)

    def read(self, path: str) -> bytes:
        if path not in self.contents:
            raise FileNotFoundError(path)
        return self.contents[path]

    def expect(self, paths: Sequence[str]) -> None:
        """Nothing: all contents are known."""

    def is_directory(self, path: str) -> bool:
        return path.rstrip("/") + "/" in self.directories

    def would_ignore(self, paths: Collection[str]) -> frozenset[str]:
        from structlint.tree.gitignore import ignored_by_pathspec

        files = [path for path in self.contents if path.rpartition("/")[2] == ".gitignore"]
        return ignored_by_pathspec({path: self.contents[path] for path in files}, paths)


class _Entry(Record):
    path: str
    target: str | None
    opaque: bool
    notes: frozenset[str]


class _Sheet:
    """The entries that have been read from a drawing so far."""

    def __init__(self) -> None:
        self.entries: dict[str, _Entry] = {}
        self.open: list[_Entry] = []

    def add(self, depth: int, text: str) -> None:
        if depth > len(self.open):
            raise CannotCheck("indented too deep; no directory contains it")
        del self.open[depth:]
        above = self.open[-1] if self.open else _Entry("", None, False, frozenset())
        entry = _entry(text, above)
        if above.opaque:
            raise CannotCheck(f"{above.path} is opaque")
        if entry.path.rstrip("/") in self.entries:
            raise CannotCheck("drawn twice")
        self.entries[entry.path.rstrip("/")] = entry
        if entry.path.endswith("/"):
            self.open.append(entry)


def drawn(text: str, contents: Mapping[str, str] | None = None, *, in_git: bool = False) -> Tree:
    """The tree in a drawing, with the `contents` of its files by path; other files are empty.

    The tree is in git if `in_git` is true or a note concerns git. Raises `CannotCheck`, with
    the line number, for an invalid drawing, and for the content of a file that is not drawn.
    """
    sheet = _Sheet()
    for number, depth, line in _lines(text):
        try:
            sheet.add(depth, line)
        except CannotCheck as error:
            raise CannotCheck(f"line {number}: {line.strip()!r}: {error}") from None
    entries = sheet.entries.values()
    files = sorted(entry.path for entry in entries if not entry.path.endswith("/"))
    opaque = frozenset(entry.path for entry in entries if entry.opaque)
    directories = frozenset(entry.path for entry in entries if entry.path.endswith("/"))
    targets = {entry.path: entry.target for entry in entries if entry.target is not None}
    links = resolve_links(files, opaque, targets)
    return Tree(
        files=tuple(files),
        source=Drawn(_contents(files, links, contents or {}), directories),
        links=links,
        opaque=opaque,
        untracked=_noted(entries, "untracked"),
        ignored=_noted(entries, "ignored"),
        in_git=in_git or any(entry.notes for entry in entries),
    )


def draw(tree: Tree) -> str:
    """The drawing of a tree, which `drawn` reads again. Contents are not drawn."""
    empty = tree.source.directories if isinstance(tree.source, Drawn) else frozenset()
    root: _Names = {}
    for path in sorted({*tree.files, *tree.opaque, *empty}):
        at = root
        for name in re.findall("[^/]+/?", path):
            at = at.setdefault(name, {})
    return "\n".join([".", *_drawing(tree, root, "", "")]) + "\n"


def _drawing(tree: Tree, names: _Names, above: str, guides: str) -> Iterator[str]:
    for number, (name, inside) in enumerate(names.items(), 1):
        last = number == len(names)
        yield f"{guides}{'└── ' if last else '├── '}{_label(tree, above + name, name)}"
        yield from _drawing(tree, inside, above + name, guides + ("    " if last else "│   "))


def _label(tree: Tree, path: str, name: str) -> str:
    link = f" -> {_written(tree.links[path].target)}" if path in tree.links else ""
    notes = ", ".join(note for note in NOTES if path in getattr(tree, note))
    return _written(name) + link + "  (submodule)" * (path in tree.opaque) + (notes and f"  # {notes}")


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """The lines with entries: their number from 1, their depth from 0, and the text after the guides."""
    lines = [(number, line) for number, line in enumerate(dedent(text).split("\n"), 1) if line.strip()]
    guided = any(_GUIDES.match(line) for _, line in lines)
    if lines and (guided or lines[0][1] == "."):
        number, root = lines.pop(0)
        if root != "." and not re.fullmatch(r"[^\s│├└].*/", root):
            raise CannotCheck(f'line {number}: {root!r}: the first line is the root, "." or "name/"')
        guided = True
    for number, line in lines:
        guides = _GUIDES.match(line) if guided else re.match("((?:  )*)", line)
        if not guides:
            raise CannotCheck(f"line {number}: {line!r}: no guides before the name")
        yield number, len(guides[1]) // (4 if guided else 2), line[guides.end() :]


def _entry(text: str, above: _Entry) -> _Entry:
    parts = _ENTRY.fullmatch(text) if len(text) <= _LONGEST_LINE else None
    if not parts:
        raise CannotCheck("neither a name nor a quoted name")
    name = _read(parts["name"])
    target = None if parts["target"] is None else _read(parts["target"])
    if "/" in name[:-1] or name in ("/", ".", "..", "./", "../") or "\0" in name:
        raise CannotCheck("not a name")
    directory = name.endswith("/")
    if (parts["opaque"] and not directory) or (target is not None and directory):
        raise CannotCheck("a submodule ends in /, a link does not")
    notes = above.notes.union(word.strip() for word in (parts["notes"] or "").split(","))
    return _Entry(above.path + name, target, bool(parts["opaque"]), notes.intersection(NOTES))


def _read(name: str) -> str:
    """The actual name, from its notation."""
    if name.startswith('"'):
        return _ESCAPE.sub(_byte, name[1:-1].encode()).decode(errors="surrogateescape")
    if _NEEDS_QUOTES.search(name) or not name.isprintable():
        raise CannotCheck("a name like this needs quotes")
    return name


def _byte(escape: re.Match[bytes]) -> bytes:
    if escape[1]:
        return bytes([int(escape[1], 16)])
    if escape[2]:
        return chr(int(escape[2], 16)).encode()
    if escape[3] not in _SIMPLE_ESCAPES:
        raise CannotCheck(f"unknown escape {escape[0].decode()}")
    return _SIMPLE_ESCAPES[escape[3]]


def _written(name: str) -> str:
    if name.isprintable() and not _NEEDS_QUOTES.search(name):
        return name
    return '"' + "".join(map(_escaped, name)) + '"'


def _escaped(character: str) -> str:
    if character.isprintable() and character not in '"\\':
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogateescape"))


def _contents(files: Iterable[str], links: Mapping[str, Link], given: Mapping[str, str]) -> dict[str, bytes]:
    contents = {path: given.get(path, "").encode() for path in files if path not in links}
    if not_drawn := given.keys() - contents.keys():
        raise CannotCheck(f"the content of what is not drawn as a file: {', '.join(sorted(not_drawn))}")
    return contents


def _noted(entries: Iterable[_Entry], note: str) -> frozenset[str]:
    """The files and opaque directories with a note."""
    return frozenset(e.path for e in entries if note in e.notes and (e.opaque or not e.path.endswith("/")))
