"""The picture of a survey."""

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
from structlint.tree import Directory
from structlint.treeview.model import Audience, Mark, State, TreeNode, fold_below

# Layouts that say of many things no more than that they may be there: their words and patterns help nobody
# who wants to know this repository.
_FURNITURE = ("base", "usual")
_DEEPEST = 30  # of what lies deeper all is one name: a path may have thousands of steps


def build_tree(survey: Survey, depth: int | None = None, marks: Mapping[str, Mark] | None = None) -> TreeNode:
    """The picture of a survey.

    What lies deeper than `depth` directories is folded, except for what is missing, unlisted or wrong.
    `marks` has what a check reports, by path ("./" is the root). With them the picture is one for a
    terminal, and nothing is missing or unlisted that has no mark; without them the survey decides.
    """
    whole = _frozen(_Painter(survey, marks).painted())
    return whole if depth is None else fold_below(whole, depth)


@dataclass
class _Node:
    """What becomes a `TreeNode` when all is known of it."""

    name: str
    state: State = "there"
    about: str = ""
    form: bool = False
    only: Audience = "all"
    more: int = 0
    note: str = ""
    error: bool = True
    inside: dict[str, _Node] = field(default_factory=dict)

    def put(self, node: _Node) -> _Node:
        """The node of this name in a directory, this one if there is none."""
        return self.inside.setdefault(node.name, node)


class _Painter:
    def __init__(self, survey: Survey, marks: Mapping[str, Mark] | None) -> None:
        self.survey = survey
        self.marks = marks
        self.root = _Node("./")
        self.matches: dict[tuple[str, int], list[EntryMatches]] = {}  # by directory and entry
        self.missing: dict[int, list[Missing]] = {}
        for matches in survey.entry_matches:
            self.matches.setdefault((matches.directory.path, matches.entry.id), []).append(matches)
        for each in (*survey.missing, *survey.ignored):
            if not each.needed_by:
                self.missing.setdefault(each.entry.id, []).append(each)
        for found in self.missing.values():
            found.sort(key=lambda each: each.path)
        self.ignored = {each.path for each in survey.ignored}
        self.said_everywhere = (
            said_everywhere() if set(_FURNITURE).intersection(survey.layout.files) else frozenset()
        )
        self.marked = _marks_of(survey) if marks is None else marks
        self.painted_missing: set[str] = set()

    def painted(self) -> _Node:
        self.paint(self.root, self.survey.directory(""), self.survey.layout.root, {})
        for path, mark in self.marked.items():
            if path not in self.painted_missing:
                self.mark(path, mark)
        return self.root

    def mark(self, path: str, mark: Mark) -> None:
        """Paints for a terminal what is not as the layout lists it, with the directories on the way."""
        node = self.root
        if path != "./":
            *above, name = re.findall("[^/]+/?", path)
            for step in above[:_DEEPEST]:
                node = node.put(_Node(step, only="terminal"))
            node = node.put(_Node("".join([*above[_DEEPEST:], name]), only="terminal"))
        _apply(mark, node)

    def paint(self, node: _Node, directory: Directory, entry: Entry, values: Mapping[str, str]) -> None:
        """Paints what an entry lists of a directory; `values` are those of the placeholders above."""
        listed: set[str] = set()
        for child in entry.children.values():
            if child.key.any_depth:
                continue
            names = self.names(directory, child)
            called = [f"{name.name}{'/' if child.key.directory else ''}" for name in names]
            listed.update(called)
            if child.forbidden:
                listed.difference_update(called)
            elif child.key.directory:
                self.directories(node, directory, child, names, values)
            else:
                self.files(node, directory, child, names, values)
            self.paint_missing(node, directory, child, values, there=bool(names))
        others = (name for name in _names(directory) if name not in listed)
        node.more += sum(not self.is_marked(directory.path + name) for name in others)

    def is_marked(self, path: str) -> bool:
        """Whether a path is drawn by its own name because something is wrong with it."""
        return path in self.marked

    def names(self, directory: Directory, child: Entry) -> list[NameMatch]:
        """The names in a directory that an entry governs."""
        matches = self.matches.get((directory.path, child.id), ())
        return sorted((name for each in matches for name in each.names), key=lambda name: name.name)

    def directories(
        self,
        node: _Node,
        directory: Directory,
        child: Entry,
        names: Iterable[NameMatch],
        values: Mapping[str, str],
    ) -> None:
        for name in names:
            known = {**values, **name.values}
            inner = node.put(_Node(f"{name.name}/", about=self.about(child, known)))
            if below := self.survey.children.get(f"{directory.path}{name.name}/"):
                self.paint(inner, below.directory, child, known)

    def files(
        self,
        node: _Node,
        directory: Directory,
        child: Entry,
        names: Iterable[NameMatch],
        values: Mapping[str, str],
    ) -> None:
        """Paints the files of an entry: by their names, or as their form, once."""
        for name in names:
            form = _form(name.member, values) if not _is_furniture(child) else None
            about = self.about(child, values)
            if form and self.is_marked(directory.path + name.name):
                # A terminal shows it by its own name.
                node.put(_Node(form, about=about, form=True, only="document"))
                continue
            painted = node.put(_Node(form or name.name, about=about, form=form is not None))
            if form:
                painted.only = "all"
                painted.more += 1

    def paint_missing(
        self, node: _Node, directory: Directory, child: Entry, values: Mapping[str, str], *, there: bool
    ) -> None:
        """Paints what is missing of an entry; for a document, the form of its files, if none is there."""
        for each in self.missing.get(child.id, ()):
            if _above(each.path) != directory.path:
                continue
            self.painted_missing.add(each.path)
            mark = self.missing_mark(each.path)
            if mark is None:
                continue
            state = mark.state
            audience: Audience = "all" if child.required else "terminal"
            name, form = _named(child.key, values, child.other)
            if len(each.names) == 1 and (not form or each.names[0] != name):
                if form and not child.key.directory:  # a file of a form: in documents the form stands for it
                    if not there and child.required:
                        node.put(_Node(name, state, self.about(child, values), True, "document"))
                    audience = "terminal"
                name, form = each.names[0], False
            known = {**values, **_values_in(child.key, each.names[0])}
            inner = node.put(_Node(name, state, self.about(child, known, each), form, audience))
            _apply(mark, inner)  # a link that leads nowhere has the name, and is not what is required
            if child.key.directory:
                self.imagine(inner, child, known, state)

    def missing_mark(self, path: str) -> Mark | None:
        """How something missing is drawn; None if it is not."""
        if path in self.ignored:
            return Mark("ignored")
        return self.marked.get(path) if self.marks is not None else Mark("missing")

    def imagine(self, node: _Node, entry: Entry, values: Mapping[str, str], state: State) -> None:
        """Paints what is required in a directory that is not there."""
        for child in entry.children.values():
            if child.key.any_depth or not child.required:
                continue
            for name, form, known in self.imagined(child, values):
                inner = node.put(_Node(name, state, self.about(child, known), form))
                if child.key.directory:
                    self.imagine(inner, child, known, state)

    def imagined(self, child: Entry, values: Mapping[str, str]) -> Iterator[tuple[str, bool, dict[str, str]]]:
        """The names that an entry is to have where nothing is yet; each value of a list for directories."""
        naming = self.survey.layout.names
        slots = [name for name in child.key.placeholders if name not in values] if child.key.directory else []
        lists = {name: naming[name].values for name in slots if name in naming and naming[name].values}
        for each in product(*lists.values()):
            known = {**values, **dict(zip(lists, each, strict=True))}
            yield *_named(child.key, known), known

    def about(self, child: Entry, values: Mapping[str, str], missing: Missing | None = None) -> str:
        """What is said of an entry; what is said in nearly every repository only where it is missing."""
        if told := self.told(child, values):
            return told
        return child.about if missing or child.about not in self.said_everywhere else ""

    def told(self, child: Entry, values: Mapping[str, str]) -> str:
        """What the layout says of the value that an entry's name is, if it is nothing else."""
        parts = child.key.members[0].parts
        if len(parts) > 1 or not isinstance(parts[0], Slot) or parts[0].placeholder not in values:
            return ""
        naming, value = self.survey.layout.names.get(parts[0].placeholder), values[parts[0].placeholder]
        told = naming.descriptions.items() if naming else ()
        return next((words for each, words in told if same_name(each, value)), "")


def _apply(mark: Mark, node: _Node) -> None:
    node.state, node.note, node.error = mark


def _marks_of(survey: Survey) -> dict[str, Mark]:
    """What is missing and unlisted in a survey, whatever the rules report of it."""
    unlisted = [each.path for each in survey.orphans]
    unlisted += [
        each.path
        for each in survey.strays
        if each.policy == "forbid" or (each.policy == "allow-files" and each.path.endswith("/"))
    ]
    unlisted += [each.near_miss for each in survey.missing if each.near_miss]
    forbidden = [each for each in survey.entry_matches if each.entry.forbidden]
    unlisted += [each.path(name) for each in forbidden for name in each.names]
    missing = [each.path for each in survey.missing]
    return {**dict.fromkeys(missing, Mark("missing")), **dict.fromkeys(unlisted, Mark("unlisted"))}


def _names(directory: Directory) -> list[str]:
    """What is in a directory: directories, each with its slash, and files."""
    return [*(f"{name}/" for name in directory.directories), *directory.files]


@cache
def said_everywhere() -> frozenset[str]:
    """What is said of the furniture of a root."""
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
    """What stands for a key and the `other` one of its group, and whether it is a form and no name."""
    names = [
        f"{member.spelled(values)}{'/' if each.directory else ''}"
        for each in filter(None, (key, other))
        for member in each.members
    ]
    return " | ".join(names), len(names) > 1 or _form(key.members[0], values) is not None


def _values_in(key: Key, name: str) -> dict[str, str]:
    """The values of a key's placeholders in a name that was made from it."""

    def told(slot: Slot, value: str) -> bool:
        return value != str(slot)

    return key.members[0].match(name.rstrip("/"), told) or {}


def _above(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _frozen(node: _Node) -> TreeNode:
    inside = tuple(map(_frozen, node.inside.values()))
    return TreeNode(
        node.name, node.state, node.about, inside, node.more, node.form, node.only, node.note, node.error
    )
