"""The parts of the trees that have findings, drawn; what has none is folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from structlint.finding import Finding
from structlint.report.terminal import Line, Span
from structlint.report.wording import count
from structlint.text.quoting import quote
from structlint.tree import Directory, Tree

if TYPE_CHECKING:
    from structlint.report import Report, Style

_MISSING = ("missing-file", "missing-directory", "empty-directory")
_TARGETED = ("misplaced-file", "bad-name")
_MOST_FINE = 3  # as many neighbours that are fine are named, more are counted
_MOST_MARKED = 12  # as many with findings are drawn in one directory, more are counted
_DEEPEST = 15  # what lies deeper is told of the directory that is drawn last
_WIDEST = 32  # notes are aligned behind names that are not longer


@dataclass
class _Node:
    """A file or directory in the picture; a directory's name ends in "/"."""

    name: str
    notes: list[str] = field(default_factory=list)
    style: str = "green"
    inside: dict[str, _Node] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return bool(self.notes) + sum(node.weight for node in self.inside.values())


class _Guides(NamedTuple):
    """What leads to a name: with others after it, as the last, and what stands before its inside."""

    before: str
    last: str
    beside: str
    dots: str
    arrow: str


_DRAWN = _Guides("├── ", "└── ", "│   ", "…", "→")
_TYPED = _Guides("|-- ", "`-- ", "|   ", "...", "->")


def draw_findings(report: Report, look: Style) -> Iterator[Line]:
    """The lines of the drawing, the root first."""
    guides = _TYPED if look.ascii else _DRAWN
    root = _Node(".")
    for finding in report.findings:
        _mark(root, finding, guides)
    _mention(root, report)
    yield _line(Span(""), root, 0)
    yield from _inside(root, "", "", report, guides)


def _mark(root: _Node, finding: Finding, guides: _Guides) -> None:
    node = _at(root, finding.path)
    node.notes.append(note(finding, guides.arrow))
    node.style = "red" if finding.rule in _MISSING else "yellow"


def note(finding: Finding, arrow: str) -> str:
    """What is drawn behind a path: the message, or where the path should be."""
    if finding.rule in _MISSING:
        return finding.message.partition(":")[0]
    if finding.rule in _TARGETED and finding.related:
        return f"{arrow} {quote(finding.related[0])}"
    return finding.message


def _mention(root: _Node, report: Report) -> None:
    """Names what lies beside a finding and has to do with it, so that it is not counted as fine."""
    related: dict[str, set[str]] = {}
    for finding in report.findings:
        for path in finding.related:
            if _parent(path) == _parent(finding.path):
                related.setdefault(_parent(path), set()).add(path)
    for parent, paths in related.items():
        there = _directory(report.trees, parent)
        for path in paths.intersection(parent + name for name in _names(there)) if there else ():
            node = _at(root, path)
            node.style = node.style if node.notes else "default"


def _at(root: _Node, path: str) -> _Node:
    """The node at a path, made where it is not there yet."""
    node = root
    for name in _steps(path):
        node = node.inside.setdefault(name, _Node(name))
    return node


def _steps(path: str) -> list[str]:
    """The names on the way, each directory's with its "/". The root itself is "./"."""
    names = path.split("/") if path != "./" else [""]
    steps = [f"{name}/" for name in names[:-1]] + [names[-1]] * bool(names[-1])
    return steps[:_DEEPEST]


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _directory(trees: Mapping[str, Tree], path: str) -> Directory | None:
    """The directory at a path, in the tree that holds its inside."""
    fitting = [prefix for prefix in trees if path.startswith(prefix)]
    if not fitting:
        return None
    prefix = max(fitting, key=len)
    found: Directory | None = trees[prefix].root
    for name in path[len(prefix) :].split("/")[:-1]:
        found = found.directories.get(name) if found else None
    return found


def _names(directory: Directory) -> list[str]:
    return [*(f"{name}/" for name in directory.directories), *directory.files]


def _inside(node: _Node, path: str, before: str, report: Report, guides: _Guides) -> Iterator[Line]:
    """The lines below a node: what has findings, a few neighbours, and how many more there are."""
    there = _directory(report.trees, path)
    neighbours = [name for name in _names(there) if name not in node.inside] if there else []
    drawn = sorted(node.inside.values(), key=lambda each: each.name)
    folded = drawn[_MOST_MARKED:]
    drawn = drawn[:_MOST_MARKED]
    if any(each.notes for each in drawn) and len(neighbours) <= _MOST_FINE and report.whole:
        drawn = sorted([*drawn, *map(_Node, neighbours)], key=lambda each: each.name)
        neighbours = []
    more = [*_folded(folded, guides), *_fine(neighbours, report, guides)]
    width = min(_WIDEST, max((len(quote(each.name)) for each in drawn if each.notes), default=0))
    for number, each in enumerate(drawn, 1):
        last = number == len(drawn) and not more
        yield _line(Span(before + (guides.last if last else guides.before), "dim"), each, width)
        indent = before + ("    " if last else guides.beside)
        yield from _inside(each, path + each.name, indent, report, guides) if each.inside else ()
    for number, text in enumerate(more, 1):
        yield (Span(f"{before}{guides.last if number == len(more) else guides.before}{text}", "dim"),)


def _line(lead: Span, node: _Node, width: int) -> Line:
    name = quote(node.name)
    if not node.notes:
        return lead, Span(name, node.style)
    return (
        lead,
        Span(name, node.style),
        Span(f"{name.ljust(width)[len(name) :]}  {'; '.join(node.notes)}", node.style),
    )


def _folded(nodes: list[_Node], guides: _Guides) -> Iterator[str]:
    if nodes:
        yield f"{guides.dots} {count(sum(node.weight for node in nodes), 'more finding')}"


def _fine(names: list[str], report: Report, guides: _Guides) -> Iterator[str]:
    if names:
        yield f"{guides.dots} {len(names):,} more{', fine' if report.whole else ''}"
