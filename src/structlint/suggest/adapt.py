"""Extends a bundled layout so that it fits a repository."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from structlint.finding import Finding, Place
from structlint.layout.entry import Entry
from structlint.layout.key_writer import is_writable, key_text
from structlint.layout.keys import Key
from structlint.layout.model import Layout, ill_spelled
from structlint.matching.survey import Survey
from structlint.suggest.trial import FILE, Trial, relax_until_it_fits
from structlint.text.cases import CASES, fits
from structlint.text.key_escapes import plain_key
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, Node, TextNode

_FEW = 0.1  # of a kind that break a rule of it are mistakes; more of them have a rule of their own
_ROUNDS = 6
_Draft: TypeAlias = "dict[str, _Draft | str | int | None]"


# --- The lines that make a layout fit


@dataclass(frozen=True)
class AdaptedLayout:
    """A layout, as nodes, that extends a bundled one and fits a tree. `left` are the findings that remain."""

    layout: MapNode
    left: tuple[Finding, ...]


def adapt(name: str, tree: Tree) -> AdaptedLayout:
    """Extends the bundled layout `name` so that it fits a tree without structlint's own files.

    Unlisted names are listed, missing ones become optional, a case that most names do not follow is replaced
    by theirs, and a limit that is exceeded is raised. What only few names break, and what is never right,
    remains a finding.
    """
    change = _Change(name, tree)
    own = tree._replace(files=tuple(sorted({*tree.files, FILE})))
    trial = relax_until_it_fits(change.nodes, change.relax, own, _ROUNDS)
    return AdaptedLayout(change.nodes(), tuple(trial.findings))


@dataclass
class _Change:
    """What a layout has besides the one that it extends."""

    extends: str
    source: Tree
    tree: _Draft = field(default_factory=dict)
    names: _Draft = field(default_factory=dict)
    limits: _Draft = field(default_factory=dict)

    def nodes(self) -> MapNode:
        """The layout."""
        return _nodes(self.draft())

    def draft(self) -> _Draft:
        extends: _Draft = {"extends": self.extends}
        parts = {"names": self.names, "tree": _in_order(self.tree), "limits": self.limits}
        return extends | {name: part for name, part in parts.items() if part}

    def relax(self, trial: Trial) -> bool:
        """Adds what makes the findings of a trial disappear; returns whether anything was added."""
        before = repr(self.draft())
        for finding in trial.findings:
            self.list(finding)
            self.raise_limit(finding)
        self.make_optional(trial.layout, trial.survey)
        self.set_cases(trial.layout, trial.survey)
        return repr(self.draft()) != before

    def list(self, finding: Finding) -> None:
        """Lists a name in the root that is unlisted or misplaced."""
        rules = ("stray-file", "stray-directory", "misplaced-file")
        name = finding.path
        if finding.rule in rules and name.find("/") in (-1, len(name) - 1) and is_writable(name.rstrip("/")):
            key = plain_key(name.rstrip("/"))
            self.tree.setdefault(f"{key}/" if name.endswith("/") else f"{key}?", None)

    def raise_limit(self, finding: Finding) -> None:
        """Raises a limit to the current number."""
        name = _LIMITS.get((finding.rule, finding.path == "./")) or _LIMITS.get((finding.rule, False), "")
        if name == "path-length":
            self.limits[name] = max(map(len, self.source.files))
        elif name and (number := re.match(r"[0-9]+", finding.message)):
            known = self.limits.get(name)
            self.limits[name] = max(int(number[0]), known if isinstance(known, int) else 0)

    def make_optional(self, layout: Layout, survey: Survey) -> None:
        """Makes missing names optional, unless only few of many directories lack them."""
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

    def set_cases(self, layout: Layout, survey: Survey) -> None:
        """Gives placeholders the case of their names, if most of these break the current one."""
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
    """Files first, then directories, each by name."""
    return dict(sorted(tree.items(), key=lambda each: (each[0].rstrip("?").endswith("/"), each[0])))


_LIMITS = {
    ("too-many-files", True): "root-files",
    ("too-many-files", False): "files",
    ("too-deep", False): "depth",
    ("long-path", False): "path-length",
}


def _chains(entry: Entry, above: tuple[Entry, ...] = ()) -> Iterator[tuple[Place, tuple[Entry, ...]]]:
    """Each entry with those that enclose it, by its place in the layout."""
    for child in entry.children.values():
        yield child.place, (*above, entry, child)
        yield from _chains(child, (*above, entry))


def _into(inside: _Draft, entry: Entry) -> _Draft:
    """The draft of the contents of an entry, which stays as optional as it is."""
    text = key_text(entry.key)
    written = next((each for each in (text, f"{text}?") if each in inside), None)
    written = written or (text if entry.required else f"{text}?")
    deeper = inside.get(written)
    if not isinstance(deeper, dict):
        deeper = inside[written] = {}
    return deeper


def _case_of(values: Sequence[str]) -> str | None:
    """The case that most names follow; `lowercase`, the least specific, last."""
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
