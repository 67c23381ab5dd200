"""Loads a layout by its name or file, with everything that it extends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from structlint.errors import CannotCheck, LayoutError, Problem
from structlint.finding import Place
from structlint.layout.merge import merge_layouts, with_turns
from structlint.layout.model import Layout, LayoutFile, PatternEntry
from structlint.layout.parse import parse_layout
from structlint.layout.settings import SETTINGS
from structlint.layout.source import BUNDLED_SOURCE, LayoutSource, find_layout
from structlint.markdown import is_document
from structlint.markdown.place import described_directory
from structlint.text.quoting import in_backticks, quote, short_name
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode, TextNode, parse

if TYPE_CHECKING:
    from structlint.markdown.document import Reading

_MOST_FILES = 100
_MOST_DOCUMENTS = 1_000


@cache
def bundled_layout(name: str) -> Layout:
    """A bundled layout by its name. Raises `LayoutError` for an unknown name."""
    return load(BUNDLED_SOURCE, f"{name}.yaml")


def load(source: LayoutSource, path: str, extra: tuple[str, ...] = ()) -> Layout:
    """The layout in a file of a source, with all that it extends; `extra` patterns are excluded too.

    Raises `LayoutError` with every problem, and `CannotCheck` if the file does not exist.
    """
    loader = _Loader()
    try:
        sheet = loader.sheet(source, path, ())
    except FileNotFoundError:
        raise CannotCheck(f"no such file: {in_backticks(source.label(path))}") from None
    layout = _layout(sheet, extra, loader)
    if extra or not loader.is_bundled_only():
        _refuse_contradictions(layout)
    return layout


def _refuse_contradictions(layout: Layout) -> None:
    from structlint.layout.validate import contradictions

    if wrong := contradictions(layout):
        raise LayoutError(wrong)


def layout_of_document(data: bytes, label: str) -> Layout:
    """The layout that a document draws, without anything else. Raises `LayoutError`."""
    from structlint.markdown.document import read_document

    loader = _Loader()
    reading = loader.documents[label] = read_document(data, label)
    items = tuple(item for item in reading.layout.items if item[0].text != "extends")
    layout = _layout(parse_layout(MapNode(items, 1, 1), label), (), loader)
    _refuse_contradictions(layout)
    return layout


def layout_of_tree(tree: MapNode, of: Layout) -> Layout:
    """The layout of a part of the tree that a document draws; `of` is the layout of the document."""
    loader = _Loader()
    loader.documents.update(of.documents)
    key = TextNode("tree", True, tree.line, tree.column)
    return _layout(parse_layout(MapNode(((key, tree),), 1, 1), of.name), (), loader)


def _layout(sheet: LayoutFile, extra: tuple[str, ...], loader: _Loader) -> Layout:
    files = tuple(known.label for known in loader.read)
    options = tuple(PatternEntry(pattern, Place("--exclude", 1)) for pattern in extra)
    sheet = sheet._replace(exclude=sheet.exclude + options)
    return Layout(
        name=sheet.file,
        root=with_turns(sheet.root, files),
        files=files,
        documents=loader.documents,
        layers=sheet.layers,
        **{field: setting.finish(getattr(sheet, field)) for field, setting in SETTINGS.items()},
    )


class _Known(Record):
    """The identity of a layout file, because `base` may be a bundled layout or a file in the repository."""

    bundled: bool
    label: str
    place: str = ""  # the directory that a document is about, from the layout that extends it


class _Loader:
    """Reads each file once, even if several others extend it.

    `read` has None for a bundled layout that is only part of another one. `by_pattern` are the labels of
    documents that a pattern selects. Those that draw nothing are skipped. `prepared` is false if bundled
    layouts are read from YAML.
    """

    def __init__(self, *, prepared: bool = True) -> None:
        self.prepared = prepared
        self.read: dict[_Known, LayoutFile | None] = {}
        self.failed: dict[_Known, list[Problem]] = {}
        self.documents: dict[str, Reading] = {}
        self.by_pattern: set[str] = set()
        self._first: LayoutFile | None = None

    def is_bundled_only(self) -> bool:
        """Whether the layout is bundled, so that tests have already checked it for contradictions.

        A file that extends it may decide how to report.
        """
        own = [known for known in self.read if not known.bundled]
        return not own or (len(own) == 1 and self._first is not None and _only_extends(self._first))

    def sheet(
        self, source: LayoutSource, path: str, chain: tuple[_Known, ...], place: str = ""
    ) -> LayoutFile:
        """The file at `path` with all that it extends; `chain` has the files that led to it."""
        label = source.label(path)
        known = _Known(source.bundled, label, place)
        if (sheet := self.read.get(known)) is not None:
            return sheet
        others = [other for other in (*self.read, *self.failed) if other.label not in self.by_pattern]
        if len(others) + len(chain) >= _MOST_FILES:
            raise CannotCheck(f"{label}: more than {_MOST_FILES} layouts extend one another")
        if source.bundled:
            names, sheet = bundled_sheet(path, prepared=self.prepared)
            for name in names:
                self.read.setdefault(_Known(True, name))
            self.read[known] = sheet
            return sheet
        try:
            sheet = self.read[known] = self.whole(source, path, (*chain, known))
        except LayoutError as error:
            if source.shows(path, not chain):
                raise
            raise LayoutError(_without_content(error.problems, label)) from None
        return sheet

    def whole(self, source: LayoutSource, path: str, chain: tuple[_Known, ...]) -> LayoutFile:
        """The file at `path`, the last of the chain, merged with all that it extends."""
        sheet = self.alone(source, path, source.label(path), chain[-1].place)
        self._first = self._first or sheet
        below: dict[str, LayoutFile] = {}
        wrong: list[Problem] = []
        for text, place in sheet.extends:
            try:
                names = self.named(source, path, text, place)
                files = [self.extended(source, path, name, place, chain) for name in names]
            except LayoutError as error:
                wrong += error.problems
                continue
            for extended in files:
                wrong += (p for other in below.values() for p in _port_contradictions(other, extended))
                below[extended.file] = extended
        if wrong:
            raise LayoutError(wrong)
        if len(below) < 2:
            return next((_laid_over(far, sheet) for far in below.values()), sheet)
        from structlint.layout.compose import compose

        return merge_layouts(compose(list(below.values()), sheet), sheet)

    def named(self, source: LayoutSource, path: str, text: str, place: Place) -> list[str]:
        """The files that a text in `extends` refers to: one, or the documents that a pattern matches."""
        if "*" not in text or not is_document(text):
            return [text]
        from structlint.layout.gitignore import Patterns

        above = path[: path.rfind("/") + 1]
        pattern = Patterns([f"/{text.removeprefix('./')}"])
        inside = (file[len(above) :] for file in source.files() if file.startswith(above))
        documents = sorted(file for file in inside if is_document(file) and pattern.match(file) is not None)
        self.by_pattern |= {source.label(above + file) for file in documents}
        if not documents or len(documents) > _MOST_DOCUMENTS:
            problem = (
                "matches no document" if not documents else f"matches more than {_MOST_DOCUMENTS:,} documents"
            )
            raise LayoutError(
                [Problem(place.file, place.line, place.column, f"{short_name(text)} {problem}")]
            )
        return documents

    def alone(self, source: LayoutSource, path: str, label: str, place: str) -> LayoutFile:
        """The file at `path` alone: a layout in YAML, or a document with a drawn tree."""
        data = source.read(path)
        if not is_document(path):
            return parse_layout(parse(data, label), label, trusted=source.bundled)
        from structlint.markdown.document import Reading, read_document
        from structlint.markdown.nothing_drawn import NothingDrawn

        try:
            reading = read_document(data, label, place)
        except NothingDrawn as error:
            if label not in self.by_pattern:
                raise
            reading = Reading(MapNode((), 1, 1), error.skipped or tuple(map(str, error.problems)), ())
        self.documents[label] = reading
        return parse_layout(reading.layout, label)

    def extended(
        self, source: LayoutSource, path: str, text: str, place: Place, chain: tuple[_Known, ...]
    ) -> LayoutFile:
        """The sheet that `text` in an `extends` refers to."""

        def wrong(message: str) -> LayoutError:
            return LayoutError([Problem(place.file, place.line, place.column, message)])

        extended, inside = find_layout(source, path, text, wrong)
        label = extended.label(inside)
        described = described_directory(inside) if is_document(inside) else ""
        above = path[: path.rfind("/") + 1]
        about = described[len(above) :] if described.startswith(above) and extended is source else ""
        known = _Known(extended.bundled, label, about)
        if known in chain:
            circle = " -> ".join(link.label for link in (*chain[chain.index(known) :], known))
            raise wrong(f"extends itself: {circle}")
        if known in self.failed:
            raise LayoutError(self.failed[known])
        try:
            return self.sheet(extended, inside, chain, about)
        except FileNotFoundError:
            raise wrong(f"no such file: {in_backticks(label)}") from None
        except LayoutError as error:
            self.failed[known] = [_led_to(problem, place) for problem in error.problems]
            raise LayoutError(self.failed[known]) from None
        except CannotCheck as error:
            raise wrong(str(error)) from None


@cache
def bundled_sheet(path: str, *, prepared: bool = True) -> tuple[tuple[str, ...], LayoutFile]:
    """A bundled layout, and the names of the layouts that it consists of, with its own as the last.

    A process reads it once. It is read from YAML unless `prepared` is true and it has a prepared form.
    """
    from structlint.layout.prepared import prepared_layout

    name = BUNDLED_SOURCE.label(path)
    if prepared and (found := prepared_layout(name)):
        return found
    loader = _Loader(prepared=prepared)
    known = _Known(True, name)
    sheet = loader.whole(BUNDLED_SOURCE, path, (known,))
    return (*(part.label for part in loader.read), name), sheet


def _only_extends(sheet: LayoutFile) -> bool:
    """Whether a file extends one layout and adds nothing that may contradict it."""
    root = sheet.root
    added = (getattr(sheet, field) for field, setting in SETTINGS.items() if not setting.inert)
    more = (root.children, root.bounds, root.holds, root.condition, root.unlisted, root.needs, root.without)
    return len(sheet.extends) == 1 and not any((*added, *more))


def _port_contradictions(one: LayoutFile, other: LayoutFile) -> Iterator[Problem]:
    """The names to which two documents assign different ports."""
    for name, ports in other.ports.items():
        before = one.ports.get(name)
        if ports and before and str(ports) != str(before):
            place = ports.place
            if is_document(place.file) and is_document(before.place.file):
                message = f"{quote(name)} has port {ports} here and {before} in {before.place}; give it one"
                yield Problem(place.file, place.line, place.column, message)


def _laid_over(far: LayoutFile, near: LayoutFile) -> LayoutFile:
    """A file merged with one that it extends.

    A document that draws directories forbids all others except hidden ones.
    """
    merged = merge_layouts(far, near)
    drawn = {member for key in near.root.children if key.directory for member in key.members}
    if not (is_document(near.file) and drawn):
        return merged
    kept = {
        key: entry
        for key, entry in merged.root.children.items()
        if not key.directory
        or not drawn.isdisjoint(key.members)
        or any(str(member).startswith(".") for member in key.members)
    }
    return merged._replace(root=merged.root._replace(children=kept))


def _without_content(problems: Sequence[Problem], label: str) -> list[Problem]:
    """The problems without quotations from the file `label`."""
    message = (
        "this is not valid in a layout; the text is not shown, because the file is not in the repository"
    )
    hidden = [problem._replace(message=message) if problem.file == label else problem for problem in problems]
    return list(dict.fromkeys(hidden))


def _led_to(problem: Problem, place: Place) -> Problem:
    if "(extended from " in problem.message or problem.file == place.file:
        return problem
    return problem._replace(message=f"{problem.message} (extended from {place})")
