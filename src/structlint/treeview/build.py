"""From a survey to its picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from types import MappingProxyType

from structlint.layout.entry import Entry, entries
from structlint.layout.keys import EVERYWHERE, Key, Name, Slot
from structlint.layout.model import same_name
from structlint.matching.model import EntryMatches, Missing, NameMatch
from structlint.matching.survey import Survey
from structlint.tree import Directory
from structlint.treeview.model import Audience, State, TreeNode, fold_below

# Layouts that say of many things no more than that they may be there: their words and patterns help nobody
# who wants to know this repository.
_FURNITURE = ("base", "usual")
_NO_NOTES: Mapping[str, str] = MappingProxyType({})
_DEEPEST = 30  # of what lies deeper all is one name: a path may have thousands of steps


def build_tree(survey: Survey, depth: int | None = None, notes: Mapping[str, str] = _NO_NOTES) -> TreeNode:
    """The picture of a survey.

    What lies deeper than `depth` directories is folded, but for what is missing, stray or wrong. `notes` says
    what is wrong, by path ("./" is the root): what rules report besides what is missing and what is stray. A
    picture with notes is one for a terminal.
    """
    whole = _frozen(_Painter(survey, notes).painted())
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
    inside: dict[str, _Node] = field(default_factory=dict)

    def put(self, node: _Node) -> _Node:
        """The node of this name in a directory, this one if there is none."""
        return self.inside.setdefault(node.name, node)


class _Painter:
    def __init__(self, survey: Survey, notes: Mapping[str, str]) -> None:
        self.survey = survey
        self.notes = notes
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
        self.strays = dict.fromkeys(_strays(survey))
        self.painted_missing: set[str] = set()

    def painted(self) -> _Node:
        self.paint(self.root, self.survey.directory(""), self.survey.layout.root, {})
        for each in self.survey.missing:
            if each.path not in self.painted_missing:
                self.mark(each.path, "missing", "" if each.needed_by else each.entry.about)
        for path in self.strays:
            self.mark(path, "stray")
        for path, note in self.notes.items():
            node = self.root if path == "./" else self.mark(path, "wrong")
            node.note = note
        return self.root

    def mark(self, path: str, state: State, about: str = "") -> _Node:
        """Paints for a terminal what is not as the layout lists it, with the directories on the way."""
        *above, name = re.findall("[^/]+/?", path)
        node = self.root
        for step in above[:_DEEPEST]:
            node = node.put(_Node(step, only="terminal"))
        marked = node.put(_Node("".join([*above[_DEEPEST:], name]), state, about, only="terminal"))
        if marked.state == "there":
            marked.state = state
        return marked

    def paint(self, node: _Node, directory: Directory, entry: Entry, values: Mapping[str, str]) -> None:
        """Paints what an entry lists of a directory; `values` are those of the placeholders above."""
        listed: set[str] = set()
        for child in entry.children.values():
            if child.key == EVERYWHERE:
                continue
            names = self.names(directory, child)
            called = [f"{name.name}{'/' if child.key.directory else ''}" for name in names]
            listed.update(called)
            if child.forbidden:
                for each in called:
                    node.put(_Node(each, "stray", "must not be there", only="terminal"))
            elif child.key.directory:
                self.directories(node, directory, child, names, values)
            else:
                self.files(node, directory, child, names, values)
            self.paint_missing(node, directory, child, values, there=bool(names))
        others = (name for name in _names(directory) if name not in listed)
        node.more += sum(not self.is_marked(directory.path + name) for name in others)

    def is_marked(self, path: str) -> bool:
        """Whether a path is drawn by its own name because something is wrong with it."""
        return path in self.strays or path in self.notes

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
            state: State = "ignored" if each.path in self.ignored else "missing"
            audience: Audience = "all" if child.required else "terminal"
            name, form = _named(child.key, values)
            if len(each.names) == 1 and (not form or each.names[0] != name):
                if form and not child.key.directory:  # a file of a form: in documents the form stands for it
                    if not there and child.required:
                        node.put(_Node(name, state, self.about(child, values), True, "document"))
                    audience = "terminal"
                name, form = each.names[0], False
            known = {**values, **_values_in(child.key, each.names[0])}
            inner = node.put(_Node(name, state, self.about(child, known, each), form, audience))
            inner.state = state  # a link that leads nowhere has the name, and is not what is asked for
            if child.key.directory:
                self.imagine(inner, child, known, state)

    def imagine(self, node: _Node, entry: Entry, values: Mapping[str, str], state: State) -> None:
        """Paints what is required in a directory that is not there."""
        for child in entry.children.values():
            if child.key == EVERYWHERE or not child.required:
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


def _strays(survey: Survey) -> Iterator[str]:
    """The paths that are where nothing lists them."""
    for each in survey.strays:
        if each.policy == "forbid" or (each.policy == "allow-files" and each.path.endswith("/")):
            yield each.path
    yield from (each.path for each in survey.orphans)
    yield from (each.near_miss for each in survey.missing if each.near_miss)


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


def _named(key: Key, values: Mapping[str, str]) -> tuple[str, bool]:
    """What stands for a key, and whether it is a form and no name."""
    slash = "/" if key.directory else ""
    names = [f"{member.spelled(values)}{slash}" for member in key.members]
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
    return TreeNode(node.name, node.state, node.about, inside, node.more, node.form, node.only, node.note)
