"""Learns a layout from a repository, on top of the bundled layouts that describe it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from structlint.layout.entry import Entry
from structlint.layout.key_writer import is_writable
from structlint.layout.keys import STAR, Part
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.matching.coverage import Coverage, coverage
from structlint.matching.survey import Survey
from structlint.suggest.accept import accept_exceptions, accept_output
from structlint.suggest.code_roots import data_beside_code
from structlint.suggest.conventions import add_conventions
from structlint.suggest.draft import FILE, PLACEHOLDER, Draft, LearnedEntry, Sample, family_in
from structlint.suggest.excluded import (
    ExcludedPaths,
    build_output,
    hashed_output,
    named_by_others,
    passed_over,
)
from structlint.suggest.import_laws import add_import_laws, drop_unseen
from structlint.suggest.inherited_keys import inherited_strays
from structlint.suggest.laws import SubtreeLaws
from structlint.suggest.learner import Learner
from structlint.suggest.names import CODE
from structlint.suggest.outliers import Outlier, outliers_in
from structlint.suggest.placeholders import TieFinder
from structlint.suggest.pruning import (
    drop_idle,
    make_optional,
    open_as_a_whole,
    prune,
    recognize_members,
)
from structlint.suggest.relax import breaks_ties, relax
from structlint.suggest.thresholds import (
    ASIDE,
    FAMILY,
    FEW_ODD,
    MANIFESTS,
    MOST_ROOTS,
    NOT_IN_ROOT,
    TEST_FORMS,
    TESTS,
)
from structlint.suggest.to_nodes import named_remarks, nodes_of
from structlint.suggest.trial import try_layout
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.paths import name_of
from structlint.tree import Directory, Tree
from structlint.yaml_nodes import ListNode, MapNode, TextNode
from structlint.yaml_nodes.writer import write

_MOST_LINES = 60
_PAGES = ("*.md", "*.rst")


@dataclass(frozen=True)
class InferredLayout:
    """A learned layout, as nodes, with `remarks` on its keys.

    `outliers` are left to the user, `passed` has the excluded paths, `tolerated` the paths in the root that
    the extended layout does not list. `loosened` has sentences about entries that it requires and this layout
    does not. `accepted` is the number of findings that the layout ignores. `unread` has the files that a rule
    needs and that cannot be read, and why.
    """

    layout: MapNode
    outliers: tuple[Outlier, ...]
    remarks: dict[TextNode, str]
    passed: tuple[ExcludedPaths, ...]
    tolerated: tuple[str, ...]
    loosened: tuple[str, ...]
    accepted: int
    coverage: Coverage
    unread: dict[str, str]


def infer(tree: Tree, extends: Sequence[str] = ("base",)) -> InferredLayout:
    """Learns the layout of a tree without structlint's own files, on top of the layouts in `extends`."""
    survey = match(_extended(extends), tree)
    general = survey if extends else match(bundled_layout("base"), tree)
    passed, gone = passed_over(general)
    hashed = hashed_output(tree.without(gone).root)
    clean = tree.without(gone).closing(hashed)
    unknown = _unknown(survey)
    with_layout = tree._replace(files=tuple(sorted({*tree.files, FILE})))
    draft = _draft(clean, survey, extends, unknown, ties=True)
    findings = relax(draft, with_layout, clean, inherited_strays(survey))
    if breaks_ties(findings):
        draft = _draft(clean, survey, extends, unknown, ties=False)
        findings = relax(draft, with_layout, clean, inherited_strays(survey))
    unseen = {finding.path for finding, _ in findings if finding.rule == "unseen-imports"}
    if drop_unseen(draft, unseen):
        findings = relax(draft, with_layout, clean, inherited_strays(survey))
    left = accept_exceptions(draft, accept_output(draft, findings, [*build_output(passed), *hashed]))
    open_as_a_whole(draft.root, survey)
    layout, pairs = nodes_of(draft)
    trial = try_layout(layout, with_layout)
    keys = {node: scalar for scalar, node in reversed(pairs)}
    remarks = dict(_remarks(keys, pairs)) | dict(named_remarks(layout, draft))
    skipped = gone.union(excluded.path for excluded in passed)
    tolerated = [path for path in unknown if path.count("/") == path.endswith("/") and path not in skipped]
    return InferredLayout(
        layout,
        tuple(dict.fromkeys(outliers_in(left, draft, passed))),
        remarks,
        passed,
        tuple(_listed(tolerated, trial.survey)),
        tuple(draft.loosened),
        len(findings) - len(left),
        coverage(trial.survey),
        trial.unread,
    )


def _remarks(
    keys: Mapping[LearnedEntry, TextNode], pairs: Sequence[tuple[TextNode, LearnedEntry]]
) -> Iterator[tuple[TextNode, str]]:
    """The remarks on entries; the meaning of a forbidden pattern only once."""
    known: set[tuple[str, str]] = set()
    for node in dict.fromkeys(node for _, node in pairs):
        remark = node.remark()
        if remark and not (node.forbidden and (node.key, remark) in known):
            yield keys[node], remark
            known.add((node.key, remark))


def _extended(names: Sequence[str]) -> Layout:
    """The bundled layouts of these names, merged."""
    listed = ListNode(tuple(TextNode(name, False, 1, 1) for name in names), 1, 1)
    items = ((TextNode("extends", False, 1, 1), listed),) if names else ()
    text = write(MapNode(items, 1, 1)).encode()
    return load(LayoutSource(lambda path: text), FILE)


def _unknown(survey: Survey) -> set[str]:
    """The unlisted paths, and those in the root that the layout allows only because it allows any name."""
    root = survey.tree.root
    names = [*root.files, *(f"{name}/" for name in root.directories)]
    opaque = {f"{name}/" for name, inside in root.directories.items() if inside.opaque}
    allowed = {name for name in names if name not in survey.listed_by_name and _is_by_the_way(name, survey)}
    return {stray.path for stray in survey.strays} | allowed | (opaque - survey.listed_by_name)


def _is_by_the_way(name: str, survey: Survey) -> bool:
    """Whether the entry that governs a name allows any name."""
    entry = survey.entry_of(name)
    return (
        entry is not None
        and entry.condition is None
        and any(member.parts == (STAR,) for member in entry.key.members)
    )


def _listed(paths: Sequence[str], survey: Survey) -> list[str]:
    """The paths that the layout lists."""
    unlisted = {stray.path for stray in survey.strays}
    return sorted(path for path in paths if path not in unlisted and survey.entry_of(path))


def _draft(tree: Tree, survey: Survey, extends: Sequence[str], unknown: set[str], *, ties: bool) -> Draft:
    learner = Learner(survey)
    own = tree.closing(named_by_others(tree.root))
    root = LearnedEntry("/", (Sample(own.root),))
    draft = Draft(root, tuple(extends), learner.names)
    learner.root(root, unknown)
    prune(root, _MOST_LINES)
    if ties:
        TieFinder(draft, learner, own).tie()
    SubtreeLaws(draft, own, learner.taken, learner.names).add(survey, tree)
    _keep_data_out(root, tree)
    add_conventions(draft, learner, survey, tree, own)
    recognize_members(root, survey)
    for child in root.children.values():
        make_optional(child)
    drop_idle(root)
    if extends:
        add_import_laws(draft, tree, survey.layout)
    root.children = {key: child for key, child in root.children.items() if not _is_inherited(child, unknown)}
    if extends:
        _close_root(draft, survey, composed=len(extends) > 1)
    used = {noun for node in root.walk() for noun in PLACEHOLDER.findall(node.key)}
    draft.names = {noun: law for noun, law in sorted(learner.names.items()) if noun in used}
    return draft


def _keep_data_out(root: LearnedEntry, tree: Tree) -> None:
    """Forbids data and notes beside code, if there are none."""
    data, code = data_beside_code(tree)
    if data:
        below = root.add(LearnedEntry("**/", law=True))
        below.add(LearnedEntry(data, optional=True, without=code, law=True, about="Data or notes"))


def _is_inherited(entry: LearnedEntry, unknown: set[str]) -> bool:
    """Whether the extended layout has the same entry for a directory of the root."""
    plain = entry.directory and bool(entry.held) and not entry.in_family
    return plain and not (entry.children or entry.unlisted or entry.held[0].directory.path in unknown)


def _close_root(draft: Draft, survey: Survey, *, composed: bool) -> None:
    """Allows only the existing code in the root, and in a new directory only code with a page or a manifest.

    If many directories of the root contain code and are not a family, a further one is normal.
    """
    root = draft.root
    is_flat = family_in(root) is None and len(_with_code(survey.tree.root)) > MOST_ROOTS
    if "*/" not in root.children and not is_flat:
        _require_pages(root, survey, tests="/tests/" not in draft.forbid)
    if not any(_is_open(entry) for entry in survey.layout.root.children.values()):
        root.add(LearnedEntry("*/", optional=True))
    forbidden = list(_close_to_code(root, survey, composed=composed))
    forbidden += [ending for ending in NOT_IN_ROOT if _is_only_elsewhere(ending, survey)]
    if forbidden:
        key = " | ".join(f"*{escape_key(ending)}" for ending in dict.fromkeys(forbidden))
        root.add(LearnedEntry(key, forbidden=True))


def _is_only_elsewhere(ending: str, survey: Survey) -> bool:
    """Whether several files have an ending, and none of them is in the root."""
    having = [path for path in survey.tree.files if path.endswith(ending)]
    return len(having) >= FAMILY and all("/" in path for path in having)


def _require_pages(root: LearnedEntry, survey: Survey, *, tests: bool) -> None:
    """Requires a page or a manifest in a new directory of the root with code in a language that is there.

    A directory with `tests` needs none.
    """
    names = Counter(name_of(path) for path in survey.tree.files)
    kinds = Counter(name.rpartition(".")[2] for name in names.elements())
    number = sum(kinds[kind] for kind in CODE)
    code = sorted(kind for kind in CODE if kinds[kind] >= max(FAMILY, FEW_ODD * number))
    if code:
        needed = [key for key in (*MANIFESTS, *TEST_FORMS) if any(fnmatchcase(name, key) for name in names)]
        if tests and not (TESTS & survey.tree.root.directories.keys() or set(needed) & set(TEST_FORMS)):
            root.add(LearnedEntry("tests/", optional=True))
        condition = " | ".join(f"**/*.{kind}" for kind in code)
        holds = " | ".join([*_PAGES, *(f"**/{key}" for key in needed)])
        root.add(LearnedEntry("<addition>/", optional=True, condition=condition, holds=holds))


def _is_open(entry: Entry) -> bool:
    """Whether an entry allows any directory."""
    anything = entry.key.directory and [member.parts for member in entry.key.members] == [(STAR,)]
    return anything and not (entry.condition or entry.forbidden)


def _with_code(root: Directory) -> list[str]:
    """The directories in the root with code of the repository itself."""
    return [
        name
        for name, subdirectory in root.directories.items()
        if name.lower() not in ASIDE
        and not name.startswith(".")
        and any(name.rpartition(".")[2] in CODE for inside in subdirectory.walk() for name in inside.files)
    ]


def _close_to_code(root: LearnedEntry, survey: Survey, *, composed: bool) -> Iterator[str]:
    """Lists the code in the root, and returns the endings of further code, if there is more in directories.

    In a composition, a name that only one of the layouts lists is forbidden by the others, so it must be
    listed.
    """
    endings = [
        (str(member.parts[1]), member.parts)
        for entry in survey.layout.root.children.values()
        for member in entry.key.members
        if not (entry.condition or entry.forbidden or entry.key.directory)
        if len(member.parts) == 2 and member.parts[0] == STAR
    ]
    for ending, pattern in endings:
        if ending.removeprefix(".") not in CODE:
            continue
        code = [name for name in survey.tree.root.files if name.endswith(ending)]
        names = [name for name in code if _is_allowed_by(pattern, name, survey)]
        deeper = sum(path.endswith(ending) for path in survey.tree.files) - len(names)
        is_package = bool(names) and ending == ".go"  # in Go, the root is a normal directory of code
        if deeper >= FAMILY >= len(names) and all(map(is_writable, names)) and not is_package:
            for name in filter(is_writable, code if composed else names):
                root.add(LearnedEntry(plain_key(name), optional=True))
            yield ending


def _is_allowed_by(pattern: tuple[Part, ...], name: str, survey: Survey) -> bool:
    """Whether the entry that governs a name allows it by a pattern, alone or among others."""
    entry = survey.entry_of(name)
    return (
        entry is not None
        and name.endswith(str(pattern[-1]))
        and any(member.parts == pattern for member in entry.key.members)
    )
