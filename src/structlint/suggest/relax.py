"""Relaxes a learned layout until only outliers violate it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from structlint.errors import LayoutError, Problem
from structlint.finding import Finding
from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import FILE, Draft, LearnedEntry, Sample
from structlint.suggest.inherited import loosen_inherited
from structlint.suggest.names import is_loose, kind_of
from structlint.suggest.thresholds import ENOUGH, MOST_IN_ROOT, MOST_NAMED, MOST_OPTIONAL, NEARLY_ALL, ROUNDS
from structlint.suggest.to_nodes import nodes_of
from structlint.suggest.trial import Trial, try_layout
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.paths import split
from structlint.text.records import Record
from structlint.tree import Tree
from structlint.yaml_nodes import MapNode, Node, TextNode, parse
from structlint.yaml_nodes.writer import write

_MOST_REPAIRS = 12


class LearnedFinding(Record):
    """A finding of a learned layout, and the entry that it comes from."""

    finding: Finding
    node: LearnedEntry | None


def _learned(draft: Draft, trial: Trial) -> list[LearnedFinding]:
    """The findings of a trial of the draft, each with the entry that it comes from."""
    by_place = _by_place(draft, trial.text)
    holding = {line: entry for (line, _), entry in by_place.items() if entry.holds}  # at its value
    return [
        LearnedFinding(finding, by_place.get(place) or holding.get(place[0]))
        for finding in trial.findings
        for place in [_place(finding)]
    ]


def _by_place(draft: Draft, text: bytes) -> dict[tuple[int, int], LearnedEntry]:
    """The entries of a draft by their line and column in its text."""
    layout, pairs = nodes_of(draft)
    known = {(key.line, key.column): entry for key, entry in pairs}
    return {
        (read.line, read.column): known[written.line, written.column]
        for written, read in _keys(layout, parse(text, FILE))
        if (written.line, written.column) in known
    }


def _place(finding: Finding) -> tuple[int, int]:
    origin = finding.origin
    return (origin.line, origin.column) if origin and origin.file == FILE else (0, 0)


def _keys(one: Node, other: Node) -> Iterator[tuple[TextNode, TextNode]]:
    """The keys of two equal mappings, in pairs."""
    if isinstance(one, MapNode) and isinstance(other, MapNode):
        for (here, inside), (there, inside_too) in zip(one.items, other.items, strict=True):
            yield here, there
            yield from _keys(inside, inside_too)


def relax(draft: Draft, tree: Tree, clean: Tree, inherited: Collection[str]) -> list[LearnedFinding]:
    """Relaxes a draft until only few names in `tree` violate it; returns the remaining findings.

    `tree` contains the file of the layout; `clean` is the tree without the excluded paths. An `inherited`
    finding of the extended layout stays a finding. Entries that contradict the extended layout are removed.
    """
    existing = {directory.path for directory in clean.root.walk()}.union(clean.files).difference(inherited)
    trial = _repaired_trial(draft, tree)
    for _ in range(ROUNDS):
        if not _loosen(draft, _learned(draft, trial), existing) | loosen_inherited(draft, trial, tree):
            break
        _tidy(draft.root)
        trial = _repaired_trial(draft, tree)
    findings = _learned(draft, trial)
    if not any(node and node.holds for _, node in findings):
        return findings
    draft.root.children = {key: child for key, child in draft.root.children.items() if not child.holds}
    return _learned(draft, _repaired_trial(draft, tree))


def _repaired_trial(draft: Draft, tree: Tree) -> Trial:
    """The trial of a draft, without the entries that conflict with the layouts that it extends."""
    for _ in range(_MOST_REPAIRS):
        try:
            return try_layout(nodes_of(draft)[0], tree)
        except LayoutError as error:
            text = write(nodes_of(draft)[0]).encode()
            lines = {line for problem in error.problems for line in _lines_of(problem)}
            if not (_remove(draft, text, lines) or _remove_other_laws(draft)):
                raise
    return try_layout(nodes_of(draft)[0], tree)


def _remove_other_laws(draft: Draft) -> bool:
    """Removes all parts of a draft except its tree; returns whether there were any."""
    had_any = bool(draft.belongs or draft.forbid or draft.layers or draft.apart or draft.directions)
    draft.belongs, draft.forbid, draft.layers, draft.apart, draft.directions = {}, {}, (), (), ()
    return had_any


def _lines_of(problem: Problem) -> Iterator[int]:
    """The lines of the layout that a problem concerns: its own line, and those in its message."""
    if problem.file == FILE:
        yield problem.line
    yield from map(int, re.findall(rf"{re.escape(FILE)}:([0-9]+)", problem.message))


def _remove(draft: Draft, text: bytes, lines: set[int]) -> bool:
    """Removes the entries on some lines of the text of a draft; returns whether there were any."""
    wrong = {entry for place, entry in _by_place(draft, text).items() if place[0] in lines}
    for node in list(draft.root.walk()):
        node.children = {key: child for key, child in node.children.items() if child not in wrong}
    for node in draft.root.walk():
        node.children = {key: child for key, child in node.children.items() if not _is_empty_path(child)}
    used = " ".join(node.key for node in draft.root.walk())
    before = len(draft.names)
    draft.names = {noun: law for noun, law in draft.names.items() if f"<{noun}" in used}
    return bool(wrong) or len(draft.names) < before


def _is_empty_path(node: LearnedEntry) -> bool:
    """Whether an entry is for all directories below and lists nothing."""
    return node.key.endswith(("**/", "**>/")) and not node.children


def _tidy(node: LearnedEntry) -> None:
    """Removes the entries of directories that allow anything and require nothing."""
    is_open = "*/" in node.children and not any(child.holds for child in node.children.values())
    if is_open:  # it allows any directory
        node.children = {key: child for key, child in node.children.items() if not _is_plain_option(child)}
    for child in node.children.values():
        _tidy(child)
        if "*/" in child.children and not (
            child.law or any(_says(grandchild) for grandchild in child.children.values())
        ):
            child.children.clear()


def _is_plain_option(node: LearnedEntry) -> bool:
    """Whether an entry only allows a directory."""
    return node.directory and node.optional and not (node.children or node.unlisted or node.key == "*/")


def _says(node: LearnedEntry) -> bool:
    return not node.optional or any(below.law for below in node.walk())


def breaks_ties(findings: Sequence[LearnedFinding]) -> bool:
    """Whether a tie is violated more often than learned, because its names are defined too late."""
    broken = Counter(node for _, node in findings if node and node.tied)
    return any(number > node.of - node.have for node, number in broken.items())


def _loosen(draft: Draft, findings: Sequence[LearnedFinding], there: set[str]) -> bool:
    """Lists names or opens directories where too many violate the draft; returns whether it changed."""
    changed = False
    missing = Counter(node for lack, node in findings if lack.rule.startswith("missing-") and node)
    for node, times in missing.items():
        if not node.optional and times > max(node.of - node.have, _few(node.of)):
            node.relax()
            changed = True
    governs = draft.by_directory()
    strays: dict[str, list[str]] = {}
    kinds = Counter(
        (split(path)[0], kind_of(path)) for path in there
    )  # several of a kind are there on purpose
    for finding, origin in findings:
        above, name = split(finding.path)
        if origin and origin.holds:  # it is there already
            top = above.partition("/")[0]
            changed |= is_writable(top) and _let_in(draft.root, [f"{top}/"])
            continue
        stray = finding.rule.startswith("stray-") or (finding.rule == "misplaced-file" and not above)
        # Many files of one kind are there on purpose.
        if stray and is_loose(name) and kinds[above, kind_of(name)] >= ENOUGH and above in governs:
            node, before = governs[above], len(governs[above].children)
            node.add(LearnedEntry(f"*{escape_key(kind_of(name)[1:])}", optional=True))
            changed |= len(node.children) > before
            continue
        let_in = stray and (name.endswith("/") or not is_loose(name))
        if let_in and finding.path in there and above in governs and is_writable(name.rstrip("/")):
            strays.setdefault(above, []).append(name)
    by_node: dict[LearnedEntry, list[list[str]]] = {}
    for above, names in strays.items():
        by_node.setdefault(governs[above], []).append(names)
    for node, lists in by_node.items():
        changed |= _let_in_family(node, lists) if node.in_family else _let_in(node, lists[0])
    return changed


def _few(number: int) -> float:
    """The number of exceptions allowed in a rule that nearly all follow."""
    return (1 - NEARLY_ALL) * max(1, number) + 1e-9


def _let_in(node: LearnedEntry, names: Sequence[str]) -> bool:
    """Lists the unlisted names of one directory, or allows any if there are too many."""
    before = len(node.children)
    listed = sum(child.directory for child in node.children.values())
    if listed + len(names) > (MOST_NAMED if node.key != "/" else 2 * MOST_IN_ROOT):
        node.children.pop("*/", None)
        node.add(LearnedEntry("*/", optional=True))
        if node.key == "/":
            node.add(LearnedEntry("*", optional=True))
        return True
    for name in names:
        directory = node.held[0].directory.directories.get(name.rstrip("/")) if name.endswith("/") else None
        key_ = plain_key(name.rstrip("/")) + "/" * name.endswith("/")
        node.add(LearnedEntry(key_, (Sample(directory),) if directory else (), optional=True))
    return len(node.children) > before


def _let_in_family(node: LearnedEntry, lists: Sequence[Sequence[str]]) -> bool:
    """Lists names that several members of a family have; allows any if a member deliberately has its own."""
    counts = Counter(chain.from_iterable(lists))
    shared = [name for name, number in counts.items() if number > 1]
    odd = any(number == 1 and not is_loose(name.rstrip("/")) for name, number in counts.items())
    before = len(node.children)
    if odd or len(shared) > MOST_OPTIONAL or len(node.held) < ENOUGH:
        node.add(LearnedEntry("*/", optional=True))
        return len(node.children) > before
    for name in shared:
        child = node.add(
            LearnedEntry(
                plain_key(name.rstrip("/")) + "/" * name.endswith("/"),
                optional=True,
                have=counts[name],
                of=len(node.held),
                many=node.many,
            )
        )
        child.in_family = True
    return len(node.children) > before
