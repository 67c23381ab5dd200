"""Relaxes a learned layout until only outliers break it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from structlint.finding import Finding
from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import Draft, LearnedEntry, Sample
from structlint.suggest.thresholds import MOST_IN_ROOT, MOST_NAMED, MOST_OPTIONAL, NEARLY_ALL, ROUNDS
from structlint.suggest.to_nodes import nodes_of
from structlint.suggest.trial import FILE, Trial, relax_until_it_fits
from structlint.text.key_escapes import plain_key
from structlint.text.paths import split
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, Node, TextNode, parse


class LearnedFinding(NamedTuple):
    """A finding of a learned layout, and the entry that it comes from."""

    finding: Finding
    node: LearnedEntry | None


def _learned(draft: Draft, trial: Trial) -> list[LearnedFinding]:
    """The findings of a trial of the draft, each with the entry that it comes from."""
    layout, pairs = nodes_of(draft)
    known = {(key.line, key.column): entry for key, entry in pairs}
    by_place = {
        (read.line, read.column): known[written.line, written.column]
        for written, read in _keys(layout, parse(trial.text, FILE))
        if (written.line, written.column) in known
    }
    return [LearnedFinding(finding, by_place.get(_place(finding))) for finding in trial.findings]


def _place(finding: Finding) -> tuple[int, int]:
    asked = finding.origin
    return (asked.line, asked.column) if asked and asked.file == FILE else (0, 0)


def _keys(one: Node, other: Node) -> Iterator[tuple[TextNode, TextNode]]:
    """The keys of two equal mappings, in pairs."""
    if isinstance(one, MapNode) and isinstance(other, MapNode):
        for (here, inside), (there, inside_too) in zip(one.items, other.items, strict=True):
            yield here, there
            yield from _keys(inside, inside_too)


def relax(draft: Draft, tree: Tree, clean: Tree) -> list[LearnedFinding]:
    """Relaxes a draft until only few names of `tree` break it; returns the findings that remain.

    `tree` has the file of the layout, `clean` is without the paths that were not learned from.
    """
    existing = {directory.path for directory in clean.root.walk()}.union(clean.files)

    def loosen(trial: Trial) -> bool:
        changed = _loosen(draft, _learned(draft, trial), existing)
        if changed:
            _tidy(draft.root)
        return changed

    trial = relax_until_it_fits(lambda: nodes_of(draft)[0], loosen, tree, ROUNDS)
    return _learned(draft, trial)


def _tidy(node: LearnedEntry) -> None:
    """Removes the entries of directories that allow anything and require nothing."""
    for child in node.children.values():
        _tidy(child)
        if "*/" in child.children and not (child.law or any(_says(each) for each in child.children.values())):
            child.children.clear()


def _says(node: LearnedEntry) -> bool:
    return not node.optional or any(each.law for each in node.walk())


def breaks_ties(found: Sequence[LearnedFinding]) -> bool:
    """Whether a tie is broken more often than was learned, as its names are defined too late."""
    broken = Counter(node for _, node in found if node and node.tied)
    return any(number > node.of - node.have for node, number in broken.items())


def _loosen(draft: Draft, found: Sequence[LearnedFinding], there: set[str]) -> bool:
    """Lists or opens what too many names break; returns whether anything changed."""
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
    """Raises the limit of files in the root to their number."""
    before = dict(draft.limits)
    for finding, _ in found:
        if finding.rule == "too-many-files" and finding.path == "./":
            draft.limits["root-files"] = int(finding.message.split()[0])
    return draft.limits != before


def _few(number: int) -> float:
    """How many of a number may break what nearly all follow."""
    return (1 - NEARLY_ALL) * max(1, number) + 1e-9


def _let_in(node: LearnedEntry, names: Sequence[str]) -> bool:
    """Lists the unlisted names of one directory, or allows any if there are too many."""
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
    """Lists the names that several members of a family have; allows any if many have their own."""
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
