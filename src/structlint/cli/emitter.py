"""Writes the output of a command: styled lines for people, plain lines such as Markdown, or JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from structlint.cli.output import standard_output, style_of
from structlint.report import Style
from structlint.report.terminal import Line, LineWriter


class Emitter:
    """Writes to `out`; `look` is the style of the lines for people."""

    def __init__(self, out: TextIO, look: Style) -> None:
        self.out = out
        self.look = look
        self._writer = LineWriter(out, look)

    @property
    def width(self) -> int | None:
        """The width of the terminal that lines are wrapped to, None for a file or a pipe."""
        return self._writer.width

    def line(self, line: Line, *, indent: int = 0, cut: bool = False) -> None:
        """Writes a styled line. On a terminal, it is wrapped and indented or, with `cut`, cropped."""
        self._writer.write(line, indent=indent, cut=cut)

    def lines(self, lines: Iterable[Line], *, indent: int = 0, cut: bool = False) -> None:
        """Writes styled lines."""
        for line in lines:
            self.line(line, indent=indent, cut=cut)

    def rows(self, line: Line, indent: int) -> list[Line]:
        """The rows that a line takes on a terminal, those after the first indented."""
        return self._writer.rows(line, indent)

    def plain(self, lines: Iterable[str]) -> None:
        """Writes lines without styles, as they are."""
        self.out.writelines(f"{line}\n" for line in lines)

    def json(self, data: object) -> None:
        """Writes data as JSON, in ASCII."""
        from structlint.report.locations import to_json

        self.out.write(to_json(data, indent=2) + "\n")


def emitter(color: str) -> Emitter:
    """An emitter to standard output; `color` is the value of `--color`."""
    out = standard_output()
    return Emitter(out, style_of(out, color))
