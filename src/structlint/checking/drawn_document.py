"""A document of a repository, and the directories with which its drawings are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from structlint.checking.compared import Background, Compared, as_drawn, below, part_of
from structlint.checking.drawn_places import directory_with, places_of
from structlint.finding import Finding, Severity
from structlint.layout.load import layout_of_document, layout_of_tree
from structlint.layout.model import Layout
from structlint.markdown.decoding import read_text
from structlint.markdown.document_names import describes_structure, is_advice
from structlint.markdown.known_names import is_usual, is_written
from structlint.markdown.place import described_directory
from structlint.markdown.plain_paths import Drawn, paths_in_alternatives, plain_paths
from structlint.markdown.purpose import shows_change
from structlint.matching import match
from structlint.matching.near_miss import elsewhere
from structlint.text.enumerations import either
from structlint.text.paths import common_directory, name_of, parent, resolve
from structlint.text.quoting import in_backticks, quote
from structlint.yaml_nodes import MapNode

if TYPE_CHECKING:
    from structlint.markdown.blocks import Words
    from structlint.markdown.document import Reading
    from structlint.matching.model import Missing
    from structlint.yaml_nodes import Node

_TARGET = re.compile(r"\]\(([^()\s#]+)")
_BEGINNING = 4_000  # bytes at the start of a document that can contain its status


class Document:
    """A document and the tree that it is in."""

    def __init__(self, background: Background, path: str, data: bytes) -> None:
        self.background = background
        self.path = path
        self.named = quote(background.prefix + path)
        self.data = data

    @property
    def beginning(self) -> str:
        return self.data[:_BEGINNING].decode(errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        return read_text(self.data, self.named).text.split("\n")

    @cached_property
    def layout(self) -> Layout:
        return layout_of_document(self.data, self.named)

    @property
    def reading(self) -> Reading:
        """The parsed document. Raises `LayoutError` if it cannot be read."""
        return self.layout.documents[self.named]

    @property
    def notes(self) -> tuple[str, ...]:
        """The skipped parts of the document. Raises `LayoutError` if it cannot be read."""
        return self.reading.notes

    def drawings(self) -> Iterator[tuple[int, Compared]]:
        """The first line of each drawing, and the directory in which most of the drawing exists.

        Raises `NothingDrawn`, and `LayoutError` if the document cannot be read.
        """
        for begin in self.reading.first_lines:
            yield begin, self.likeliest(begin)

    def likeliest(self, begin: int) -> Compared:
        """The comparison with the directory that is shown in the drawing that begins at a line."""
        own = self.compared[0]
        if self.names_own_directory(begin) or (self.is_readme and own.is_of(begin)):
            return own
        near = {own.place, described_directory(self.path)}
        fitting = [at for at in self.compared if at.place in near or self.may_show(begin, at)]
        likeliest = max(fitting, key=lambda at: at.share(begin))  # the first of equal ones
        return likeliest if likeliest.is_of(begin) else self.anywhere(begin) or likeliest

    def may_show(self, begin: int, at: Compared) -> bool:
        """Whether a drawing may show a directory further up; a whole project has the directory's name."""
        first, name = self.reading.begins[begin][0].rstrip("/"), at.place.rstrip("/").rpartition("/")[2]
        is_part = not {first, f"{first}/"}.isdisjoint(self.paths[begin])
        return at.telling[begin] > 0 and (is_part or name in ("", first))

    @cached_property
    def paths(self) -> dict[int, list[str]]:
        """The drawn paths by the first lines of their drawings."""
        paths: dict[int, list[str]] = {begin: [] for begin in (0, *self.reading.first_lines)}
        for line in self.drawn:
            paths[self.reading.begin_of(line.line)].append(line.path)
        return paths

    def anywhere(self, begin: int) -> Compared | None:
        """The comparison of a drawing with the only directory in which most of it exists, if any."""
        paths = self.paths[begin]
        base = common_directory(paths)
        inside = list(dict.fromkeys(path[len(base) :] for path in paths if path != base))
        if self.reading.begins[begin][0] == "./" or (
            base and self.background.has(self.compared[0].place + base)
        ):
            return None  # a whole project, or the directory of this name beside the document
        place = directory_with(inside, base, self.background)
        return None if place is None else self.compare(place, base, begin)

    @property
    def is_readme(self) -> bool:
        return self.path.rpartition("/")[2].lower().startswith("readme")

    def names_own_directory(self, begin: int) -> bool:
        """Whether the first line of a drawing is the name of the document's own directory."""
        own = self.compared[0].place.rstrip("/").rpartition("/")[2]
        first = self.reading.begins[begin][0].rstrip("/")
        is_root = {first, f"{first}/"}.isdisjoint(self.paths[begin])
        return bool(own) and first.lower() == own.lower() and is_root

    def headings_of(self, begin: int) -> tuple[Words, ...]:
        """The heading of a drawing, after those above it."""
        return self.reading.begins[begin][1].headings

    def is_about_structure(self, begin: int) -> bool:
        """Whether the words above a drawing, or the title or name of the document, refer to a structure."""
        context = self.reading.begins[begin][1]
        above = [str(words) for words in (*self.title, *context.headings, context.lead)]
        return describes_structure(self.path, above, str(context.headings[-1]) if context.headings else "")

    @property
    def is_of_structure(self) -> bool:
        """Whether the title or the name of the document refers to a structure."""
        return describes_structure(self.path, [str(words) for words in self.title], "")

    def is_marked(self, begin: int) -> bool:
        """Whether the comment `<!-- structlint: layout -->` is before a drawing."""
        return self.reading.begins[begin][1].mark == "layout"

    @property
    def title(self) -> tuple[Words, ...]:
        return self.reading.headings[0] if self.reading.headings else ()

    def is_advice(self, begin: int) -> bool:
        """Whether the title, or a heading above a drawing, shows that it is only a design."""
        above = self.headings_of(begin)
        title = self.title if above else ()
        return any(is_advice(heading.text) for heading in (*title, *above))

    def is_of_change(self, begin: int) -> bool:
        """Whether a drawing shows a state after a change, such as "After", beside the former one."""
        own = self.headings_of(begin)
        if not own:
            return False
        beside = [headings[-1].text for headings in self.reading.headings if headings[:-1] == own[:-1]]
        return shows_change(own[-1].text, beside)

    def begins_as_template(self, begin: int) -> bool:
        """Whether a placeholder stands for the directory in the first line of a drawing."""
        return self.reading.begins[begin][0].startswith("<")

    @property
    def tree(self) -> Node | None:
        return self.reading.layout.get("tree")

    @cached_property
    def drawn(self) -> list[Drawn]:
        return list(plain_paths(self.tree)) if isinstance(self.tree, MapNode) else []

    def drawn_in(self, begin: int) -> Iterator[Drawn]:
        """The drawn paths of the drawing that begins at a line."""
        return (line for line in self.drawn if self.reading.begin_of(line.line) == begin)

    @cached_property
    def plain(self) -> frozenset[str]:
        """The drawn paths that contain no placeholder."""
        return frozenset([*(line.path for line in self.drawn), *paths_in_alternatives(self.tree)])

    @cached_property
    def templates(self) -> frozenset[int]:
        """The lines that apply to several directories because they show the contents of each."""
        above: dict[int, set[str]] = {}
        for drawn in self.drawn:
            path = drawn.path.rstrip("/")
            above.setdefault(drawn.line, set()).add(f"{path.count('/')} {parent(path)}")
        several = {line: [place.split(" ")[0] for place in places] for line, places in above.items()}
        return frozenset(line for line, depths in several.items() if len(set(depths)) < len(depths))

    @cached_property
    def compared(self) -> list[Compared]:
        """The comparisons with the possible directories, up to the first in which every path exists."""
        compared = list[Compared]()
        for place in places_of(self.path):
            compared.append(self.compare(place))
            if all(compared[-1].share(begin) >= 1 for begin in self.reading.first_lines):
                break
        return compared

    def compare(self, place: str, base: str = "", begin: int = 0) -> Compared:
        """The comparison of all drawings with one directory, or of one drawing of the directory `base`."""
        drawn, layout = self.drawn, self.layout
        if begin:
            drawn = [line for line in self.drawn_in(begin) if line.path != base]
            layout = layout_of_tree(part_of(self.tree, base, {line.line for line in drawn}), layout)
        at = Compared(place, base, Counter(), Counter(), Counter(), self.missing(layout, place, base))
        for line in drawn:
            begin = self.reading.begin_of(line.line)
            exists = self.background.has(at.located(line.path))
            at.drawn[begin] += 1
            at.exist[begin] += exists
            at.telling[begin] += exists and not is_usual(line.path.rstrip("/").rpartition("/")[2])
        at.exist.update(begin for begin, absent in at.missing if absent.near_miss)  # under another name
        return at

    def missing(self, layout: Layout, place: str, base: str) -> tuple[tuple[int, Missing], ...]:
        """The paths in the layout of a drawn directory that do not exist in one of the repository.

        Each has the first line of its drawing.
        """
        background = self.background
        tree = background.tree.below(place) if place else background.tree
        survey = match(layout, tree, frozenset(), background.prefix + place)
        asked = (
            below(base, as_drawn(absent))
            for absent in survey.missing
            if absent.origin.file == self.named and not absent.empty
        )
        return tuple(
            (self.reading.begin_of(absent.origin.line), absent)
            for absent in asked
            if absent.origin.line not in self.templates
            and not is_written(absent.path)
            and (absent.path in self.plain or len(absent.names) > 1)
            and not background.is_unlikely(absent.path)
            and not self.is_linked(absent)
            and (place + absent.path[len(base) :]).rstrip("/") not in background.tree.links
        )

    def is_linked(self, missing: Missing) -> bool:
        """Whether the name of a missing path links to a file relative to the document: ``[`a.md`](a.md)``."""
        name = name_of(missing.path)
        targets = _TARGET.findall(self.lines[missing.origin.line - 1])
        linked = (resolve(parent(self.path), target) for target in targets if name_of(target) == name)
        return any(self.background.has(path or "") for path in linked)

    def findings(self, at: Compared, begin: int) -> Iterator[Finding]:
        for group, missing in at.missing:
            if group == begin:
                path = at.located(missing.path)
                yield Finding(
                    self.path,
                    f"draws {self.drawn_names(at, missing)}",
                    self.hint(at, missing),
                    line=missing.origin.line,
                    related=(path,),
                    severity=Severity.ERROR,
                    rule="stale-document",
                    discriminator=path,
                )

    def drawn_names(self, at: Compared, missing: Missing) -> str:
        """The missing path in words, or its first few alternatives."""
        path = self.background.prefix + at.located(missing.path)
        above = path[: len(path) - len(missing.names[0])]
        names = either([in_backticks(above + name) for name in missing.names[:3]])
        return (
            f"{names}, none of which exists" if len(missing.names) > 1 else f"{names}, which does not exist"
        )

    def near(self, at: Compared, missing: Missing) -> str:
        """The path that was probably meant instead of a missing one; "" if none is known."""
        if missing.near_miss:
            return at.located(missing.near_miss)
        return elsewhere(at.located(missing.path), self.background.index)

    def hint(self, at: Compared, missing: Missing) -> str:
        if near := self.near(at, missing):
            return f"{in_backticks(self.background.prefix + near)} exists; correct the document"
        return "remove it from the document, or create it"
