"""Tables of files and directories, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from structlint.markdown import prose
from structlint.markdown.blocks import Block, Table, Words
from structlint.markdown.drawings import DrawingReader
from structlint.markdown.endings import SURE_ENDINGS
from structlint.markdown.plausible import is_hinted, is_hinted_above, names_a_path
from structlint.markdown.purpose import shows_former
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.records import Record

_ROOT = re.compile(
    r"[(<]?(?:\.?/|\.|(?:project |repo |repository )?root(?: directory| folder)?/?)[)>]?", re.IGNORECASE
)
_CODE = re.compile(r"`([^`]+)`")
_PICTURES = re.compile(r"^[^\w\s`./<>\[\](){}*@~#$%&+=:;,'\"\\-]+\ufe0f?\s*(?=\S)")
_FOLDERS = "📁📂🗂"
_BETWEEN = re.compile(r"(?:[\s,/&+;、，]|and|or|<br ?/?>)*")  # noqa: RUF001


class PathTable(Record):
    """A table and the entries that its rows name."""

    table: Table
    rows: tuple[DrawnEntry, ...]


class TableReader:
    """Reads the tables of a document; skipped parts become notes of the drawings, with the reasons."""

    def __init__(self, file: str, drawings: DrawingReader) -> None:
        self.file = file
        self.drawings = drawings

    def read(self, blocks: Iterable[Block]) -> Iterator[PathTable]:
        """The tables that require or forbid the named paths."""
        for table in (block for block in blocks if isinstance(block, Table)):
            column = path_column(table)
            if table.head and shows_former(table.head[column or 0].text):
                self.drawings.note(table.line, "skipped a table that shows an earlier state")
            elif _is_headed(table):
                yield from self.read_table(table)
            elif column is None:
                continue
            elif is_hinted_above(table.context):
                yield from self.read_table(_with_first(table, column))
            elif table.context.mark != "ignore":
                self.drawings.unmarked.append(table)

    def read_table(self, table: Table) -> Iterator[PathTable]:
        """A table with its rows, unless no row names a path or the words above rule it out."""
        rows = tuple(self.rows(table))
        if rows and not self.drawings.skips("table", table):
            yield PathTable(table, rows)

    def rows(self, table: Table) -> Iterator[DrawnEntry]:
        directories = prose.names_directories(table) and not prose.names_files_too(table)
        for row in table.rows:
            if not row or _ROOT.fullmatch(row[0].text.replace("`", "").strip()):
                continue
            pictured = directories or row[0].text.lstrip().startswith(tuple(_FOLDERS))
            entries = [entry for name in _names(row[0].text) for entry in self.entries(name, row, pictured)]
            noted = any(note.line == row[0].line for note in self.drawings.notes)
            if not entries and not noted and _CODE.search(row[0].text):
                self.drawings.note(row[0].line, "skipped a row of a table; it names no file or directory")
            yield from entries

    def entries(self, name: str, row: Sequence[Words], directories: bool) -> Iterator[DrawnEntry]:
        """The entries that a name in the first cell of a row draws."""
        bare = name.strip().removeprefix("./").removeprefix("/")
        dotted = "." in bare.rstrip("/").rpartition("/")[2][1:]
        file = "/" in bare and SURE_ENDINGS.search(bare) is not None
        if not bare or " " in bare or (directories and dotted and not file):
            return
        written = bare if bare.endswith("/") or file or not directories else f"{bare}/"
        about = row[1].text.replace("`", "") if len(row) > 1 else ""
        about = about if re.search(r"\w", about) else ""  # a dash stands for nothing
        for top in self.drawings.read_lines([(row[0].line, written)]):
            yield replace(top, about=about, column=1)


def _is_headed(table: Table) -> bool:
    """Whether the heading of a table's first column means directories or files."""
    if prose.names_directories(table):
        return True
    return prose.names_files(table) and (is_hinted(table.context) or prose.names_key_files(table.context))


def _names(cell: str) -> list[str]:
    """The names in the cell of a table: several in code, or a single one."""
    cell = _PICTURES.sub("", cell.strip())
    codes = _CODE.findall(cell)
    if codes and _BETWEEN.fullmatch(_CODE.sub("", cell)):
        return [str(code) for code in codes]
    return [re.sub(r"\s*\(.*\)$", "", cell).replace("`", "")]


def path_column(table: Table) -> int | None:
    """The first column that contains only paths in code, including directories."""
    return next((at for at in range(len(table.head)) if names_paths(table, at)), None)


def _with_first(table: Table, column: int) -> Table:
    """A table with a column in front, followed by those on its right."""
    head, rows = table.head, table.rows
    return replace(table, head=_moved(head, column), rows=tuple(_moved(row, column) for row in rows))


def _moved(cells: tuple[Words, ...], column: int) -> tuple[Words, ...]:
    return (*cells[column:], *cells[:column])


def names_paths(table: Table, column: int = 0) -> bool:
    """Whether a column of a table contains only paths in code, including directories."""
    cells = [_PICTURES.sub("", row[column].text.strip()) for row in table.rows if len(row) > column]
    cells = [cell for cell in cells if not _ROOT.fullmatch(cell.replace("`", ""))]
    names = [name for cell in cells for name in _names(cell)]
    in_code = all(cell.startswith("`") for cell in cells)
    return in_code and any(name.endswith("/") for name in names) and all(map(_is_path, names))


def _is_path(name: str) -> bool:
    return names_a_path(name) and not name.startswith("/") and " " not in name
