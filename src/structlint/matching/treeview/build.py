"""Builds the tree view of a survey."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from structlint.layout.entry import Entry, entries
from structlint.layout.keys import Key, Name, Slot
from structlint.layout.model import same_name
from structlint.matching.model import EntryMatches, Missing, NameMatch
from structlint.matching.survey import Survey
from structlint.matching.treeview.folding import fold_below
from structlint.matching.treeview.model import Audience, Mark, Note, State, TreeNode
from structlint.text.paths import parent
from structlint.text.records import Record
from structlint.tree import Directory

# Layouts for any repository. Their descriptions and patterns contain no information about this one.
_FURNITURE = ("base", "usual")
_DEEPEST = 30  # below this depth the rest of a path is one name; a path may have thousands of steps


def build_tree(survey: Survey, depth: int | None = None, marks: Mapping[str, Mark] | None = None) -> TreeNode:
    """The tree view of a survey.

    Nodes deeper than `depth` directories are folded, unless they are missing, unlisted or wrong.
    `marks` has the findings of a check by path ("./" is the root). With them, the view is for a terminal, and
    only marked paths are missing or unlisted; without them the survey decides.
    """
    whole = _frozen(_Painter(survey, marks).painted())
    return whole if depth is None else fold_below(whole, depth)


@dataclass
class _Node:
    """A `TreeNode` under construction."""

    name: str
    state: State = "there"
    about: str = ""
    form: bool = False
    only: Audience = "all"
    more: int = 0
    notes: tuple[Note, ...] = ()
    inside: dict[str, _Node] = field(default_factory=dict)

    def put(self, node: _Node) -> _Node:
        """The child with the name of `node`, which is added if there is none."""
        return self.inside.setdefault(node.name, node)


class _Place(Record):
    """The position of the painter: a node, its directory, and the values of the placeholders above."""

    node: _Node
    directory: Directory
    values: Mapping[str, str]


class _Painter:
    def __init__(self, survey: Survey, marks: Mapping[str, Mark] | None) -> None:
        self.survey = survey
        self.marks = marks
        self.root = _Node("./")
        self.matches: dict[tuple[str, int], list[EntryMatches]] = {}  # by directory and entry
        self.missing: dict[int, list[Missing]] = {}
        for matches in survey.entry_matches:
            self.matches.setdefault((matches.directory.path, matches.entry.id), []).append(matches)
        for missing in (*survey.missing, *survey.ignored):
            if not missing.needed_by:
                self.missing.setdefault(missing.entry.id, []).append(missing)
        for of_one_entry in self.missing.values():
            of_one_entry.sort(key=lambda one: one.path)
        self.ignored = {missing.path for missing in survey.ignored}
        self.common_descriptions = (
            common_descriptions() if set(_FURNITURE).intersection(survey.layout.files) else frozenset()
        )
        self.marked = _marks_of(survey) if marks is None else marks
        self.painted_missing: set[str] = set()

    def painted(self) -> _Node:
        self.paint(_Place(self.root, self.survey.directory(""), {}), self.survey.layout.root)
        for path, mark in self.marked.items():
            if path not in self.painted_missing:
                self.mark(path, mark)
        return self.root

    def mark(self, path: str, mark: Mark) -> None:
        """Adds the marked paths, with the directories on the way."""
        node = self.root
        if path != "./":
            *above, name = re.findall("[^/]+/?", path)
            for step in above[:_DEEPEST]:
                node = node.put(_Node(step, only="terminal"))
            node = node.put(_Node("".join([*above[_DEEPEST:], name]), only="terminal"))
        _apply(mark, node)

    def paint(self, place: _Place, entry: Entry) -> None:
        """Adds the paths that an entry lists in a directory."""
        listed = self.paint_listed(place, entry)
        for child in entry.children.values():
            if child.key.path_placeholder:
                listed |= self.paint_path(place, child)
        self.count_others(place, listed)

    def count_others(self, place: _Place, listed: set[str]) -> None:
        """Counts the names in a directory that are neither listed nor wrong."""
        others = (name for name in _names(place.directory) if name not in listed)
        place.node.more += sum(not self.is_marked(place.directory.path + name) for name in others)

    def paint_path(self, place: _Place, child: Entry) -> set[str]:
        """Adds the paths that a `<dir**>/` lists in a directory and below it; returns the names here."""
        listed = self.paint_listed(place, child)
        for name in place.directory.directories:
            below = self.survey.children.get(f"{place.directory.path}{name}/")
            if below and any(entry.id == child.id for entry in below.entries):
                listed.add(f"{name}/")
                inner = _Place(place.node.put(_Node(f"{name}/")), below.directory, place.values)
                self.count_others(inner, self.paint_path(inner, child))
        return listed

    def paint_listed(self, place: _Place, entry: Entry) -> set[str]:
        """Adds the paths that the children of an entry list in a directory, except children for any depth."""
        listed: set[str] = set()
        for child in entry.children.values():
            if child.key.any_depth:
                continue
            names = self.names(place.directory, child)
            called = [f"{name.name}{'/' if child.key.directory else ''}" for name in names]
            listed.update(called)
            if child.forbidden:
                listed.difference_update(called)
            elif child.key.directory:
                self.paint_directories(place, child, names)
            else:
                self.paint_files(place, child, names)
            self.paint_missing(place, child, there=bool(names))
        return listed

    def is_marked(self, path: str) -> bool:
        """Whether a path is drawn by its own name because it has a finding."""
        return path in self.marked

    def names(self, directory: Directory, child: Entry) -> list[NameMatch]:
        """The names in a directory that an entry governs."""
        matches = self.matches.get((directory.path, child.id), ())
        names = (name for matched in matches for name in matched.names)
        if _is_furniture(child):  # it only allows structlint's own files, which are not part of this project
            names = (name for name in names if directory.path + name.name not in self.survey.own)
        return sorted(names, key=lambda name: name.name)

    def paint_directories(self, place: _Place, child: Entry, names: Iterable[NameMatch]) -> None:
        for name in names:
            known = {**place.values, **name.values}
            inner = place.node.put(_Node(f"{name.name}/", about=self.about(child, known)))
            if below := self.survey.children.get(f"{place.directory.path}{name.name}/"):
                self.paint(_Place(inner, below.directory, known), child)

    def paint_files(self, place: _Place, child: Entry, names: Iterable[NameMatch]) -> None:
        """Adds the files of an entry: by their names, or once as their form."""
        for name in names:
            form = _form(name.member, place.values) if not _is_furniture(child) else None
            about = self.about(child, place.values)
            if form and self.is_marked(place.directory.path + name.name):
                # A terminal shows it by its own name.
                place.node.put(_Node(form, about=about, form=True, only="document"))
                continue
            painted = place.node.put(_Node(form or name.name, about=about, form=form is not None))
            if form:
                painted.only = "all"
                painted.more += 1

    def paint_missing(self, place: _Place, child: Entry, *, there: bool) -> None:
        """Adds the missing paths of an entry; for a document, the form of its files if none exists."""
        for missing in self.missing.get(child.id, ()):
            if parent(missing.path) != place.directory.path:
                continue
            self.painted_missing.add(missing.path)
            mark = self.missing_mark(missing.path)
            if mark is None:
                continue
            state = mark.state
            audience: Audience = "all" if child.required else "terminal"
            name, form = _named(child.key, place.values, child.other)
            if len(missing.names) == 1 and (not form or missing.names[0] != name):
                if form and not child.key.directory:  # in documents the form represents the file
                    if not there and child.required:
                        place.node.put(_Node(name, state, self.about(child, place.values), True, "document"))
                    audience = "terminal"
                name, form = missing.names[0], False
            known = {**place.values, **_values_in(child.key, missing.names[0])}
            inner = place.node.put(_Node(name, state, self.about(child, known, missing), form, audience))
            _apply(mark, inner)  # a broken link has the name, but does not satisfy the requirement
            if child.key.directory:
                self.imagine(inner, child, known, state)

    def missing_mark(self, path: str) -> Mark | None:
        """The mark for a missing path; None if it is not drawn."""
        if path in self.ignored:
            return Mark("ignored")
        return self.marked.get(path) if self.marks is not None else Mark("missing")

    def imagine(self, node: _Node, entry: Entry, values: Mapping[str, str], state: State) -> None:
        """Adds the required contents of a directory that does not exist."""
        for child in entry.children.values():
            if child.key.any_depth or not child.required:
                continue
            for name, form, known in self.imagined(child, values):
                inner = node.put(_Node(name, state, self.about(child, known), form))
                if child.key.directory:
                    self.imagine(inner, child, known, state)

    def imagined(self, child: Entry, values: Mapping[str, str]) -> Iterator[tuple[str, bool, dict[str, str]]]:
        """The names of an entry in a directory that does not exist; for directories, each value of a list."""
        naming = self.survey.layout.names
        slots = [name for name in child.key.placeholders if name not in values] if child.key.directory else []
        lists = {name: naming[name].values for name in slots if name in naming and naming[name].values}
        for combination in product(*lists.values()):
            known = {**values, **dict(zip(lists, combination, strict=True))}
            yield *_named(child.key, known), known

    def about(self, child: Entry, values: Mapping[str, str], missing: Missing | None = None) -> str:
        """The description of an entry; one that most repositories share only if the path is missing."""
        if description := self.description(child, values):
            return description
        return child.about if missing or child.about not in self.common_descriptions else ""

    def description(self, child: Entry, values: Mapping[str, str]) -> str:
        """The description of the value of a placeholder, if the entry's name is only that placeholder."""
        parts = child.key.members[0].parts
        if len(parts) > 1 or not isinstance(parts[0], Slot) or parts[0].placeholder not in values:
            return ""
        naming, value = self.survey.layout.names.get(parts[0].placeholder), values[parts[0].placeholder]
        descriptions = naming.descriptions.items() if naming else ()
        return next((words for described, words in descriptions if same_name(described, value)), "")


def _apply(mark: Mark, node: _Node) -> None:
    node.state, node.notes = mark


def _marks_of(survey: Survey) -> dict[str, Mark]:
    """Marks for the missing and unlisted paths of a survey, whether or not rules report them."""
    unlisted = [orphan.path for orphan in survey.orphans]
    unlisted += [
        stray.path
        for stray in survey.strays
        if stray.policy == "forbid" or (stray.policy == "allow-files" and stray.path.endswith("/"))
    ]
    unlisted += [absent.near_miss for absent in survey.missing if absent.near_miss]
    forbidden = [matches for matches in survey.entry_matches if matches.entry.forbidden]
    unlisted += [matches.path(name) for matches in forbidden for name in matches.names]
    missing = [absent.path for absent in survey.missing]
    return {**dict.fromkeys(missing, Mark("missing")), **dict.fromkeys(unlisted, Mark("unlisted"))}


def _names(directory: Directory) -> list[str]:
    """The names in a directory: directories, each with its slash, and files."""
    return [*(f"{name}/" for name in directory.directories), *directory.files]


@cache
def common_descriptions() -> frozenset[str]:
    """The descriptions of files that are common in the root of any repository."""
    from structlint.layout.load import bundled_layout

    return frozenset(entry.about for _, entry in entries(bundled_layout(_FURNITURE[0]).root))


def _is_furniture(child: Entry) -> bool:
    return child.place.file in _FURNITURE


def _form(member: Name, values: Mapping[str, str]) -> str | None:
    """A pattern as it is written, the placeholders that have a value filled in; None if it is one name."""
    if all(isinstance(part, str) for part in member.filled(values)):
        return None
    return member.spelled(values)


def _named(key: Key, values: Mapping[str, str], other: Key | None = None) -> tuple[str, bool]:
    """The text for a key and the `other` key of its group, and whether it is a form instead of a name."""
    names = [
        f"{member.spelled(values)}{'/' if one_kind.directory else ''}"
        for one_kind in filter(None, (key, other))
        for member in one_kind.members
    ]
    return " | ".join(names), len(names) > 1 or _form(key.members[0], values) is not None


def _values_in(key: Key, name: str) -> dict[str, str]:
    """The values of a key's placeholders in a name that was created from it."""

    def accepts(slot: Slot, value: str) -> bool:
        return value != str(slot)

    return key.members[0].match(name.rstrip("/"), accepts) or {}


def _frozen(node: _Node) -> TreeNode:
    inside = tuple(map(_frozen, node.inside.values()))
    return TreeNode(node.name, node.state, node.about, inside, node.more, node.form, node.only, node.notes)
