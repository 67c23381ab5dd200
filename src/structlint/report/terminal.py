"""Lines of text with styles, and how they get onto a terminal or into a file. Names in them are quoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from structlint.report import Style


class Span(NamedTuple):
    """A piece of a line and how it looks: a style as rich names it."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


def writer(out: TextIO, look: Style) -> Callable[..., None]:
    """What writes a line: `write(line)`, or `write(line, cut=True)` to cut it at the edge of a terminal.

    Text is never wrapped by us, never read as markup, and without colour rich is not needed.
    """
    if not (look.drawn or look.coloured):

        def write_plain(line: Line, *, cut: bool = False) -> None:
            out.write("".join(span.text for span in line).rstrip() + "\n")

        return write_plain
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, force_terminal=True, color_system="standard" if look.coloured else None)
    console.width = max(console.width, 1)  # with COLUMNS=0 it would print nothing

    def write(line: Line, *, cut: bool = False) -> None:
        text = Text.assemble(*((span.text, span.style) for span in line))
        if cut and out.isatty():  # in a file or a log there is no edge, and what is cut off is lost
            console.print(text, no_wrap=True, overflow="crop" if look.ascii else "ellipsis", highlight=False)
        else:
            console.print(text, soft_wrap=True, highlight=False)

    return write
