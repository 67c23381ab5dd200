"""Which bundled layout fits a repository that has none of its own, and the lines that make it fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TypeAlias

from structlint.finding import Finding, Place
from structlint.layout.entry import Entry
from structlint.layout.key_writer import is_writable, key_text
from structlint.layout.keys import Key
from structlint.layout.load import LayoutSource, load
from structlint.layout.model import Layout, ill_spelled
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.rules import RULES, engine, name_of
from structlint.text.cases import CASES, fits
from structlint.text.key_escapes import plain_key
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, Node, TextNode
from structlint.yaml_nodes.writer import write

_FEW = 0.1  # of a kind that break a rule of it are mistakes; more of them have a rule of their own
_ROUNDS = 6
_FILE = "structlint.yaml"
_Draft: TypeAlias = "dict[str, _Draft | str | int | None]"


# --- The lines that make a layout fit


@dataclass(frozen=True)
class AdaptedLayout:
    """A layout, as nodes, that extends a bundled one and fits a tree; `left` is what it still finds there."""

    layout: MapNode
    left: tuple[Finding, ...]


def adapt(name: str, tree: Tree) -> AdaptedLayout:
    """What makes the bundled layout `name` fit a tree, which is without structlint's own files; that of the
    layout will be added to it.

    What is there and not in the layout is listed, what is asked for and not there becomes optional, a
    case that most names break gives way to theirs, a limit that is passed is raised. What only few break,
    and what is never right, stays a finding.
    """
    change = _Change(name, tree._replace(files=tuple(sorted({*tree.files, _FILE}))))
    for _ in range(_ROUNDS):
        if not change.mend():
            break
    return AdaptedLayout(_nodes(change.draft()), tuple(change.found))


@dataclass
class _Change:
    """What is said besides the layout that is extended."""

    extends: str
    source: Tree
    tree: _Draft = field(default_factory=dict)
    names: _Draft = field(default_factory=dict)
    limits: _Draft = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def draft(self) -> _Draft:
        said: _Draft = {"extends": self.extends}
        parts = {"names": self.names, "tree": _in_order(self.tree), "limits": self.limits}
        return said | {name: part for name, part in parts.items() if part}

    def mend(self) -> bool:
        """Adds what the findings ask for; False if nothing is left to be said."""
        before = repr(self.draft())
        data = write(_nodes(self.draft())).encode()
        layout = load(LayoutSource(lambda path: data), _FILE)
        survey = match(layout, self.source, own=[_FILE])
        self.found = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
        for finding in self.found:
            self.list(finding)
            self.raise_limit(finding)
        self.relax(layout, survey)
        self.set_right(layout, survey)
        return repr(self.draft()) != before

    def list(self, finding: Finding) -> None:
        """Lists what is stray in the root, or lies there though it belongs elsewhere."""
        rules = ("stray-file", "stray-directory", "misplaced-file")
        name = finding.path
        if finding.rule in rules and name.find("/") in (-1, len(name) - 1) and is_writable(name.rstrip("/")):
            key = plain_key(name.rstrip("/"))
            self.tree.setdefault(f"{key}/" if name.endswith("/") else f"{key}?", None)

    def raise_limit(self, finding: Finding) -> None:
        """Raises a limit to what is there."""
        name = _LIMITS.get((finding.rule, finding.path == "./")) or _LIMITS.get((finding.rule, False), "")
        if name == "path-length":
            self.limits[name] = max(map(len, self.source.files))
        elif name and (number := re.match(r"[0-9]+", finding.message)):
            known = self.limits.get(name)
            self.limits[name] = max(int(number[0]), known if isinstance(known, int) else 0)

    def relax(self, layout: Layout, survey: Survey) -> None:
        """Makes optional what is asked for and is missing, unless only few of many lack it."""
        chains = dict(_chains(layout.root))
        asked = Counter(each.origin for each in survey.missing if not each.needed_by and not each.near_miss)
        places = Counter(each.entry.place for each in survey.directory_matches)
        for place, missing in asked.items():
            if place not in chains:
                continue
            above, entry = chains[place][:-1], chains[place][-1]
            of = places[above[-1].place] if above else 1
            if of == 1 or missing > _FEW * of:
                inside = self.tree
                for each in above[1:]:
                    inside = _into(inside, each)
                # Where none of several is there one stands for all; where some are, they are named again.
                key = Key(entry.key.members[:1], entry.key.directory) if of == 1 else entry.key
                inside.setdefault(f"{key_text(key)}?", inside.pop(key_text(key), None))

    def set_right(self, layout: Layout, survey: Survey) -> None:
        """Gives placeholders the case that their names have, where most of these break the one they had."""
        values: dict[str, list[str]] = {}
        broken: Counter[str] = Counter()
        for each in survey.path_matches:
            for slot in each.name.member.slots if not each.entry.forbidden else ():
                naming = layout.names.get(slot.placeholder)
                if naming and naming.case and not slot.case and not naming.pattern and not naming.values:
                    value = each.values[slot.placeholder]
                    values.setdefault(slot.placeholder, []).append(value)
                    wrong = ill_spelled(slot, value, naming, each.entry.key.directory)
                    broken[slot.placeholder] += bool(wrong)
        for placeholder, number in broken.items():
            if number * 2 > len(values[placeholder]):
                case = _case_of(values[placeholder])
                self.names[placeholder] = case or {"pattern": ".*"}


def _in_order(tree: _Draft) -> _Draft:
    """As a person would list it: files, then directories."""
    return dict(sorted(tree.items(), key=lambda each: (each[0].rstrip("?").endswith("/"), each[0])))


_LIMITS = {
    ("too-many-files", True): "root-files",
    ("too-many-files", False): "files",
    ("too-deep", False): "depth",
    ("long-path", False): "path-length",
}


def _chains(entry: Entry, above: tuple[Entry, ...] = ()) -> Iterator[tuple[Place, tuple[Entry, ...]]]:
    """Every entry with those that enclose it, under the place that asks for it."""
    for child in entry.children.values():
        yield child.place, (*above, entry, child)
        yield from _chains(child, (*above, entry))


def _into(inside: _Draft, entry: Entry) -> _Draft:
    """What is said of the inside of an entry; it stays as optional as it is."""
    text = key_text(entry.key)
    written = next((each for each in (text, f"{text}?") if each in inside), None)
    written = written or (text if entry.required else f"{text}?")
    deeper = inside.get(written)
    if not isinstance(deeper, dict):
        deeper = inside[written] = {}
    return deeper


def _case_of(values: Sequence[str]) -> str | None:
    """The case that most names have; `lowercase` last, which says least."""
    having = {case: sum(fits(value.partition(".")[0], case) for value in values) for case in CASES}
    best = max(having, key=lambda case: (having[case], case != "lowercase"))
    return best if having[best] > (1 - 2 * _FEW) * len(values) else None


def _nodes(draft: _Draft) -> MapNode:
    """A draft as the nodes of a layout, each with a line of its own."""
    lines = count(1)

    def node(said: _Draft | str | int | None) -> Node:
        if isinstance(said, dict):
            return mapping(said.items())
        return TextNode("" if said is None else str(said), not isinstance(said, str), next(lines), 1)

    def mapping(items: Iterable[tuple[str, _Draft | str | int | None]]) -> MapNode:
        return MapNode(tuple((TextNode(key, False, next(lines), 1), node(said)) for key, said in items), 1, 1)

    return mapping(draft.items())
