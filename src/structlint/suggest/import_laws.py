"""Adds to a draft the rules for imports that a repository follows without exception."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from structlint.imports.evidence import Direction, Kind, import_evidence
from structlint.layout.model import Layout
from structlint.suggest.draft import FILE, Draft, LearnedEntry, directory_at
from structlint.suggest.thresholds import ASIDE, FAMILY, OWN_CHOICE, SHARED_PACKAGES, USED_BY_ALL
from structlint.text.paths import name_of, parent, upwards
from structlint.tree import Tree

_CODE = (".py", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".go", ".csproj")


def add_import_laws(draft: Draft, tree: Tree, extended: Layout) -> None:
    """Adds layers, and kinds that do not import each other, unless the extended layout has such a rule."""
    paths = [path for path in tree.files if path not in tree.links]
    if not any(path.endswith(_CODE) for path in paths):
        return
    coded = {above for path in paths if path.endswith(_CODE) for above in upwards(parent(path))}
    kinds = [kind for kind in _kinds(draft.root, "") if _is_alone(kind, coded, tree)]
    evidence = import_evidence(paths, tree.read, kinds, _directions(tree, coded))
    has_layers = extended.imports is not None and bool(extended.imports.layers)
    layers = _parts(evidence.layers.directories, coded, tree) if evidence.layers else ()
    if evidence.layers and not has_layers and _is_architecture(layers):
        draft.layers = layers
        draft.imports_remark = f"{evidence.layers.imports} imports, none the other way"
        _list_layers(draft, tree)
    draft.apart = tuple(separate.key for separate in evidence.apart)
    in_layers = set(draft.layers)
    draft.directions = tuple(found for found in evidence.directions if not in_layers.issuperset(found))


def drop_unseen(draft: Draft, paths: Collection[str]) -> bool:
    """Removes the laws for `paths`, whose imports cannot be resolved; returns whether any existed."""
    before = draft.layers, draft.apart, draft.directions
    if any(path == FILE or path.startswith(draft.layers) for path in paths):
        draft.layers = ()
    draft.apart = tuple(
        key
        for key in draft.apart
        if not any(path == FILE or path.startswith(key.partition("<")[0]) for path in paths)
    )
    draft.directions = tuple(
        direction
        for direction in draft.directions
        if not any(path == FILE or path.startswith(direction.used) for path in paths)
    )
    return before != (draft.layers, draft.apart, draft.directions)


def _directions(tree: Tree, coded: Collection[str]) -> list[Direction]:
    """The directories of shared packages in a workspace, which applications may import."""
    if "apps/" not in coded:
        return []
    return [Direction("apps/", f"{name}/") for name in tree.root.directories if name in SHARED_PACKAGES]


def _is_alone(kind: Kind, coded: Collection[str], tree: Tree) -> bool:
    """Whether a kind has no other neighbors with code, which its placeholder would match too."""
    beside = directory_at(tree, parent(kind.directories[0].rstrip("/"))).directories.values()
    return not any(other.path in coded and other.path not in kind.directories for other in beside)


def _list_layers(draft: Draft, tree: Tree) -> None:
    """Lists the layers in the tree, unless the tree already allows directories of any name there.

    This way, a removed layer is a missing directory, not an error in the layout.
    """
    above = draft.entry_of(directory_at(tree, parent(draft.layers[0])), tree)
    if above is None or any(key.endswith("**>/") for key in above.children):
        return
    for path in draft.layers:
        if entry := draft.entry_of(directory_at(tree, path), tree):
            entry.optional, entry.law = False, True


def _parts(directories: Sequence[str], coded: Collection[str], tree: Tree) -> tuple[str, ...]:
    """The layers without those that all parts of the code use, and without the packages of a workspace.

    A directory that is only imported may be generated and therefore missing.
    """
    parts = tuple(path for path in directories if path in coded and name_of(path).lower() not in USED_BY_ALL)
    packages = len({f"{path}package.json" for path in parts}.intersection(tree.files))
    return () if packages > len(parts) / 2 else parts


def _is_architecture(directories: tuple[str, ...]) -> bool:
    """Whether layers are parts of the code, not tests, examples or tools that import it."""
    return len(directories) >= FAMILY and ASIDE.isdisjoint(
        step.lower() for path in directories for step in path.split("/")
    )


def _is_kind(entry: LearnedEntry) -> bool:
    """Whether a family has enough members, and they are not routes, whose tests use each other."""
    routed = sum(
        any(OWN_CHOICE.fullmatch(name) for inside in held.directory.walk() for name in inside.files)
        for held in entry.held
    )
    return len(entry.held) >= FAMILY and routed <= len(entry.held) / 2


def _kinds(entry: LearnedEntry, above: str) -> Iterator[Kind]:
    """The families of a draft at a plain path, with their directories."""
    for child in entry.children.values():
        if child.key.rstrip("/").lower() in ASIDE:
            continue
        if child.noun and child.directory and child.in_family and _is_kind(child):
            if " | " not in child.key:
                directories = tuple(held.directory.path for held in child.held)
                yield Kind(f"{above}{child.key}", directories)
        elif child.directory and child.held and not child.in_family and "\\" not in child.key:
            yield from _kinds(child, above + child.key)
