"""The trend as an SVG: one bar per run, with the number of repositories by result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlint.fleet.report import Point

_WIDTH, _HEIGHT = 520, 160
_TOP, _BOTTOM, _LEFT = 10, 24, 56  # margins
_MOST = 60  # runs
_WIDEST = 36  # of a bar
_KINDS = (
    ("passed", "good", "no errors"),
    ("failed", "bad", "errors"),
    ("unjudged", "unknown", "not checked"),
)


def trend_picture(trend: Sequence[Point]) -> str:
    """The chart of the last runs, as markup."""
    points = trend[-_MOST:]
    last = points[-1]
    about = (
        f"{last.passed:,} without errors, {last.failed:,} with, {last.unjudged:,} not checked in the last run"
    )
    body = "".join((*_axis(points), *_bars(points), *_legend()))
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT + 24}"'
    return f'<svg {size} role="img" aria-label="{escape(about)}">\n{body}</svg>\n'


def _total(point: Point) -> int:
    return point.passed + point.failed + point.unjudged


def _most(points: Sequence[Point]) -> int:
    return max(1, *map(_total, points))


def _axis(points: Sequence[Point]) -> Iterator[str]:
    bottom = _HEIGHT - _BOTTOM
    for y, number in ((bottom, 0), (_TOP, _most(points))):
        yield f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>\n'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{number:,}</text>\n'
    for x, point, anchor in ((_LEFT, points[0], "start"), (_WIDTH, points[-1], "end")):
        yield f'<text x="{x}" y="{_HEIGHT - 6}" text-anchor="{anchor}">{escape(point.day)}</text>\n'


def _bars(points: Sequence[Point]) -> Iterator[str]:
    step = (_WIDTH - _LEFT) / len(points)
    width, room = min(_WIDEST, step * 0.8), _HEIGHT - _BOTTOM - _TOP
    for at, point in enumerate(points):
        x, y = _LEFT + at * step + (step - width) / 2, float(_HEIGHT - _BOTTOM)
        for field, kind, text in _KINDS:
            number = getattr(point, field)
            height = room * number / _most(points)
            y -= height
            if number:
                title = f"<title>run {point.run}, {escape(point.day)}: {number:,} {text}</title>"
                place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
                yield f'<rect class="s-{kind}" {place}>{title}</rect>\n'


def _legend() -> Iterator[str]:
    for at, (_, kind, text) in enumerate(_KINDS):
        x, y = _LEFT + at * 120, _HEIGHT + 4
        yield f'<rect class="s-{kind}" x="{x}" y="{y}" width="12" height="12"/>\n'
        yield f'<text x="{x + 18}" y="{y + 10}">{text}</text>\n'
