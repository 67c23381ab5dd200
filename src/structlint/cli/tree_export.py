"""Writes a drawn tree as SVG or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from structlint.report.terminal import Line


def export(lines: Sequence[Line], kind: str, title: str) -> str:
    """The lines as SVG or HTML; the same lines result in the same bytes."""
    from html import escape

    from rich.cells import cell_len
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    width = max([60, *(cell_len("".join(span.text for span in line)) for line in lines)])
    console = _recorded(lines, width)
    if kind == "html":
        page = _HTML.replace("{title}", escape(title).replace("{", "{{").replace("}", "}}"))
        return console.export_html(theme=DEFAULT_TERMINAL_THEME, code_format=page)
    return console.export_svg(
        title=title, theme=DEFAULT_TERMINAL_THEME, code_format=_SVG, unique_id="structlint"
    )


def _recorded(lines: Sequence[Line], width: int) -> Console:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=StringIO(),
        width=width,
        record=True,
        force_terminal=True,
        force_jupyter=False,
        color_system="truecolor",
        legacy_windows=False,
        no_color=False,
        _environ={},
    )
    for line in lines:
        text = Text.assemble(*((span.text, span.style) for span in line))
        console.print(text, soft_wrap=True, highlight=False)
    return console


# Without the fonts that rich would load from the network.
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
_HTML = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<title>{title}</title>
<style>
body {{ color: {foreground}; background-color: {background}; }}
pre {{ font-family: monospace; line-height: 1.3; }}
{stylesheet}
</style>
</head>
<body>
<pre>{code}</pre>
</body>
</html>
"""
