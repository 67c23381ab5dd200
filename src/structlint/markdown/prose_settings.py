"""Converts statements in prose to keys of a layout with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from structlint.errors import Problem
from structlint.markdown import prose
from structlint.markdown.blocks import Block, Heading
from structlint.markdown.forbidden import pattern_in, patterns_of
from structlint.markdown.outline import Outline
from structlint.markdown.prose import port_in
from structlint.text.cases import stem
from structlint.text.quoting import quote
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode

if TYPE_CHECKING:
    from structlint.markdown.prose import StatedPort

Setting = tuple[TextNode, Node]


@dataclass
class Settings:
    """Reads the blocks of a document; contradictions are added to the problems of the outline.

    `place` has the keys of the directory that the document is about, if it is not the repository. `remarks`
    describes the statements that were read, each with its line.
    """

    blocks: Sequence[Block]
    sketch: Outline
    place: tuple[str, ...] = ()
    remarks: list[tuple[int, str]] = field(default_factory=list)

    def about(self) -> Iterator[Setting]:
        title = next((block.words for block in self.blocks if isinstance(block, Heading)), None)
        words = re.sub(r"^[^\w`@(]+", "", title.text).replace("`", "").strip() if title else ""
        if title and words:
            yield TextNode("about", False, title.line, 1), TextNode(words, False, title.line, 1)

    def all(self) -> Iterator[Setting]:
        """All keys except `about`."""
        yield from self.local()
        yield from self.ports()
        if not self.place:  # these two are about the root of a repository
            yield from self.belongs()
            yield from self.limits()

    def belongs(self) -> Iterator[Setting]:
        names = prose.in_root_only(self.blocks)
        items = [_item(name, TextNode("/", False, words.line, 1)) for name, words in names.items()]
        yield from self.mapping(
            "belongs", items, f"{count_noun(len(items), 'file')} that belong only in the root"
        )

    def local(self) -> Iterator[Setting]:
        stated_here = prose.kept_here(self.blocks)
        patterns = {pattern_in(self.place, pattern): words.line for pattern, words in stated_here}
        stated = {pattern.strip("/") for pattern in patterns}
        for above, spot in self.sketch.outermost(lambda spot: spot.local and not spot.gone):
            drawn = patterns_of(spot.key, above)
            patterns |= {pattern: spot.line for pattern in drawn if pattern.strip("/") not in stated}
        items = tuple(TextNode(pattern, False, line, 1) for pattern, line in patterns.items())
        if items:
            line = items[0].line
            self.remarks.append((line, f"{count_noun(len(items), 'pattern')} of files that git ignores"))
            yield TextNode("local", False, line, 1), ListNode(items, line, 1)

    def settle_local(self) -> None:
        """Makes a drawn entry local if a sentence in its line says that git ignores it."""
        stated = {(pattern.strip("/"), words.line) for pattern, words in prose.kept_here(self.blocks)}
        for keys, where in self.sketch.walk():
            for spot in where.inside.values():
                spot.local |= ("".join((*keys, spot.key)).strip("/"), spot.line) in stated

    def limits(self) -> Iterator[Setting]:
        limits = list(prose.stated_limits(self.blocks))
        for one, other in pairwise(limits):
            if one.number != other.number:
                message = f"at most {other.number} files in the root here, {one.number} in line {one.line}"
                self.sketch.problems.append(Problem(self.sketch.file, other.line, 1, message))
        items = [
            _item("root-files", TextNode(str(limit.number), True, limit.line, 1)) for limit in limits[:1]
        ]
        remark = f"at most {count_noun(limits[0].number, 'file')} in the root" if limits else ""
        yield from self.mapping("limits", items, remark)

    def ports(self) -> Iterator[Setting]:
        listeners = Listeners(self.sketch)
        for port in prose.stated_ports(self.blocks):
            listeners.add(port)
        items = [
            _item(name, TextNode(str(port), port.first == port.last, port.line, 1))
            for name, port in listeners.ports.items()
        ]
        yield from self.mapping("ports", items, count_noun(len(items), "port"))

    def mapping(self, key: str, items: Iterable[Setting], remark: str) -> Iterator[Setting]:
        """A key with a mapping, and the remark that it was read, unless it is empty."""
        if settings := tuple(items):
            line = min(name.line for name, _ in settings)
            self.remarks.append((line, remark))
            yield TextNode(key, False, line, 1), MapNode(settings, line, 1)


def _item(name: str, node: TextNode) -> Setting:
    return TextNode(name, False, node.line, 1), node


def count_noun(number: int, one: str, many: str = "") -> str:
    """A number with a noun: 1 file, 2 files."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


@dataclass
class Listeners:
    """The ports of a document by their names in the layout; names in the drawings come first."""

    sketch: Outline
    ports: dict[str, StatedPort] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _, where in self.sketch.walk():
            for spot in where.directories():
                self.named.setdefault(stem(spot.name), []).append(spot.name)
                if port := port_in(spot.about, spot.name, spot.line):
                    self.put(spot.name, port)

    def add(self, port: StatedPort) -> None:
        """Adds a port under the name of its owner."""
        candidates = self.named.get(stem(port.called), [])
        same = [name for name in candidates if name in self.ports and self.ports[name][1:3] == port[1:3]]
        free = [name for name in candidates if name not in self.ports]
        self.put(next(iter(same or free or candidates), _spelled(port.called)), port)

    def put(self, name: str, port: StatedPort) -> None:
        known = self.ports.setdefault(name, port)
        if known[1:3] != port[1:3]:
            message = f"{quote(name)} has port {port} here and {known} in line {known.line}; give it one"
            self.sketch.problems.append(Problem(self.sketch.file, port.line, 1, message))


def _spelled(called: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-")
