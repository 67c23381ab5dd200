"""What was learned, held against the repository and loosened until only outliers are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from structlint.finding import Finding
from structlint.layout.key_writer import is_writable
from structlint.layout.load import LayoutSource, load
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.draft import Draft, LearnedEntry, Sample
from structlint.suggest.thresholds import FILE, MOST_IN_ROOT, MOST_NAMED, MOST_OPTIONAL, NEARLY_ALL, ROUNDS
from structlint.suggest.to_nodes import nodes_of
from structlint.text.key_escapes import plain_key
from structlint.text.paths import split
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, Node, TextNode, parse
from structlint.yaml_nodes.writer import write


class LearnedFinding(NamedTuple):
    """A finding of the layout that was learned, and the entry that asked for what it misses."""

    finding: Finding
    node: LearnedEntry | None


def _checked(draft: Draft, tree: Tree) -> list[LearnedFinding]:
    """What the layout finds, written and read as it will be."""
    layout, pairs = nodes_of(draft)
    data = write(layout).encode()
    survey = match(load(LayoutSource(lambda path: data), FILE), tree, own=[FILE])
    known = {(each.line, each.column): node for each, node in pairs}
    by_place = {
        (there.line, there.column): known[here.line, here.column]
        for here, there in _keys(layout, parse(data, FILE))
        if (here.line, here.column) in known
    }
    found = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
    return [LearnedFinding(each, by_place.get(_place(each))) for each in found]


def _place(finding: Finding) -> tuple[int, int]:
    asked = finding.origin
    return (asked.line, asked.column) if asked and asked.file == FILE else (0, 0)


def _keys(one: Node, other: Node) -> Iterator[tuple[TextNode, TextNode]]:
    """The keys of two mappings that say the same, pair by pair."""
    if isinstance(one, MapNode) and isinstance(other, MapNode):
        for (here, inside), (there, inside_too) in zip(one.items, other.items, strict=True):
            yield here, there
            yield from _keys(inside, inside_too)


def relax(draft: Draft, tree: Tree, clean: Tree) -> list[LearnedFinding]:
    """What is still found when the draft has been loosened until only few break it."""
    there = {directory.path for directory in clean.root.walk()}.union(clean.files)
    found = _checked(draft, tree)
    for _ in range(ROUNDS):
        if not _loosen(draft, found, there):
            break
        _tidy(draft.root)
        found = _checked(draft, tree)
    return found


def _tidy(node: LearnedEntry) -> None:
    """Opens what says nothing any more: others may be in it, and nothing must."""
    for child in node.children.values():
        _tidy(child)
        if "*/" in child.children and not (child.law or any(_says(each) for each in child.children.values())):
            child.children.clear()


def _says(node: LearnedEntry) -> bool:
    return not node.optional or any(each.law for each in node.walk())


def breaks_ties(found: Sequence[LearnedFinding]) -> bool:
    """Whether a tie is broken more often than was learned: where its names are defined too late."""
    broken = Counter(node for _, node in found if node and node.tied)
    return any(number > node.of - node.have for node, number in broken.items())


def _loosen(draft: Draft, found: Sequence[LearnedFinding], there: set[str]) -> bool:
    """Lists or opens what too many break; False if there is nothing to be done."""
    changed = _raise_limit(draft, found)
    missing = Counter(node for each, node in found if each.rule.startswith("missing-") and node)
    for node, times in missing.items():
        if not node.optional and times > _few(node.of):
            node.optional = changed = True
    governs = draft.by_directory()
    strays: dict[str, list[str]] = {}
    for finding, _ in found:
        above, name = split(finding.path)
        stray = finding.rule.startswith("stray-") or (finding.rule == "misplaced-file" and not above)
        if stray and finding.path in there and above in governs and is_writable(name.rstrip("/")):
            strays.setdefault(above, []).append(name)
    by_node: dict[LearnedEntry, list[list[str]]] = {}
    for above, names in strays.items():
        by_node.setdefault(governs[above], []).append(names)
    for node, lists in by_node.items():
        changed |= _let_in_family(node, lists) if node.in_family else _let_in(node, lists[0])
    return changed


def _raise_limit(draft: Draft, found: Sequence[LearnedFinding]) -> bool:
    """Allows as many files in the root as there are."""
    before = dict(draft.limits)
    for finding, _ in found:
        if finding.rule == "too-many-files" and finding.path == "./":
            draft.limits["root-files"] = int(finding.message.split()[0])
    return draft.limits != before


def _few(number: int) -> float:
    """As many of a number may break what nearly all keep."""
    return (1 - NEARLY_ALL) * max(1, number) + 1e-9


def _let_in(node: LearnedEntry, names: Sequence[str]) -> bool:
    """Lists what is stray in one directory; in the root all of it, elsewhere as long as it is not much."""
    listed = sum(child.directory for child in node.children.values())
    if listed + len(names) > (MOST_NAMED if node.key != "/" else 2 * MOST_IN_ROOT):
        node.add(LearnedEntry("*/", optional=True))
        if node.key == "/":
            node.add(LearnedEntry("*", optional=True))
        return True
    for name in names:
        directory = node.held[0].directory.directories.get(name.rstrip("/")) if name.endswith("/") else None
        key_ = plain_key(name.rstrip("/")) + "/" * name.endswith("/")
        node.add(LearnedEntry(key_, (Sample(directory),) if directory else (), optional=directory is None))
    return True


def _let_in_family(node: LearnedEntry, lists: Sequence[Sequence[str]]) -> bool:
    """Lists what several members of a family have; opens them where many have what no other has."""
    counts = Counter(chain.from_iterable(lists))
    shared = [name for name, number in counts.items() if number > 1]
    odd = sum(any(counts[name] == 1 for name in names) for names in lists)
    if odd > _few(len(node.held)) or len(shared) > MOST_OPTIONAL:
        node.add(LearnedEntry("*/", optional=True))
        return True
    for name in shared:
        child = node.add(
            LearnedEntry(plain_key(name.rstrip("/")) + "/", (), True, counts[name], len(node.held), node.many)
        )
        child.in_family = True
    return bool(shared)
