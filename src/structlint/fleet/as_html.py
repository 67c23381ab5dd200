"""The report as a self-contained HTML file, without scripts, fonts or external images."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, TextIO

from structlint.fleet.picture import trend_picture
from structlint.fleet.wording import (
    EXPLANATION,
    Table,
    aligned_right,
    cells,
    how_to_repeat,
    origin,
    share,
    summary,
    tables,
)

if TYPE_CHECKING:
    from structlint.fleet.report import FleetReport, Reader

_MOST = 500  # rows of a table
_SHOWN = 20  # rows that are visible without a click

_STYLE = """
:root { color-scheme: light dark; --text: #1d2329; --soft: #5b6670; --back: #fff; --card: #f4f6f8;
  --line: #d5dbe0; --good: #2a7d46; --bad: #c0392b; --unknown: #8a6d1d; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e8ec; --soft: #a2adb7; --back: #14181c;
  --card: #1e2429; --line: #363e46; --good: #57b877; --bad: #f0776a; --unknown: #d8b755; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; max-width: 46rem; } .soft { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem;
  margin: 1rem 0; }
.card { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; }
.card b { display: block; font-size: 1.7rem; line-height: 1.2; }
.good b { color: var(--good); } .bad b { color: var(--bad); } .unknown b { color: var(--unknown); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; } a { color: inherit; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--card); } td { overflow-wrap: break-word; min-width: 4.5rem;
  max-width: 28rem; }
details { margin: .5rem 0; } summary { cursor: pointer; padding: .25rem 0; color: var(--soft); }
.number { min-width: 0; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
svg { width: 100%; max-width: 40rem; height: auto; display: block; }
svg text { fill: var(--soft); font: 13px system-ui, sans-serif; }
.s-good { fill: var(--good); } .s-bad { fill: var(--bad); } .s-unknown { fill: var(--unknown); }
.axis { stroke: var(--line); }
@media (max-width: 40rem) { body { padding: 1rem; } .card b { font-size: 1.4rem; } }
"""


def render(report: FleetReport, reader: Reader, out: TextIO) -> None:
    """Writes the page."""
    out.writelines(_page(report))


def _page(report: FleetReport) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    # Nothing is loaded or executed, whatever a name in the report contains.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>structlint: {len(report.repositories):,} repositories</title>\n"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f"<h1>Structure of {len(report.repositories):,} repositories</h1>\n"
    yield f'<p class="soft">{_text(" ".join(origin(report)))}</p>\n'
    yield from _cards(report)
    yield "".join(f"<p>{escape(sentence)}</p>\n" for sentence in summary(report))
    parts = list(tables(report, _MOST))
    links = "".join(f'<a href="#{_anchor(table.title)}">{escape(table.title)}</a>\n' for table in parts)
    yield f'<nav aria-label="Contents">\n{links}</nav>\n'
    if len(report.trend) > 1:
        yield "<h2>Trend</h2>\n<p>The repositories of each run, by result.</p>\n"
        yield trend_picture(report.trend)
    for table in parts:
        yield from _table(table)
    yield '<h2 id="about">About this report</h2>\n'
    yield f"<p>{escape(EXPLANATION)}</p>\n"
    yield f"<p>To see the findings of one repository: <code>{escape(how_to_repeat(report))}</code></p>\n"
    yield "</body>\n</html>\n"


def _cards(report: FleetReport) -> Iterator[str]:
    total = max(len(report.repositories), 1)
    cards = [
        ("good", f"{report.passed:,}", f"no errors ({share(report.passed, total)})"),
        ("bad", f"{len(report.failed):,}", "with errors"),
        ("unknown", f"{len(report.unjudged):,}", "could not be checked"),
    ]
    if report.base:
        cards += [
            ("bad", f"{len(report.new):,}", "new findings"),
            ("good", f"{len(report.fixed):,}", "fixed"),
        ]
    cards.append(("", f"{sum(sum(one.hidden) for one in report.escapes):,}", "hidden by exceptions"))
    yield '<div class="cards">\n'
    for kind, number, text in cards:
        yield f'<div class="card {kind}"><b>{number}</b>{escape(text)}</div>\n'
    yield "</div>\n"


def _anchor(title: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in title.lower())


def _table(table: Table) -> Iterator[str]:
    yield f'<h2 id="{_anchor(table.title)}">{escape(table.title)}</h2>\n'
    if table.about:
        yield f"<p>{_text(table.about)}</p>\n"
    yield from _rows(table._replace(rows=table.rows[:_SHOWN]))
    if further := table.rows[_SHOWN:]:
        yield f"<details><summary>{len(further):,} more</summary>\n"
        yield from _rows(table._replace(rows=further))
        yield "</details>\n"
    if table.omitted:
        yield f'<p class="soft">{table.omitted:,} others are not listed here.</p>\n'


def _rows(table: Table) -> Iterator[str]:
    numbers = aligned_right(table)
    yield '<div class="wide"><table>\n<thead><tr>'
    for head, number in zip(table.heads, numbers, strict=True):
        yield f'<th scope="col"{_class(number)}>{escape(head)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        texts = zip(cells(row, _text), numbers, strict=True)
        yield f"<tr>{''.join(f'<td{_class(number)}>{text}</td>' for text, number in texts)}</tr>\n"
    yield "</tbody></table></div>\n"


def _text(text: str) -> str:
    """A text as markup; names in backticks are code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{escape(part)}</code>" if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def _class(number: bool) -> str:
    return ' class="number"' if number else ""
