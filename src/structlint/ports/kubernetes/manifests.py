"""Host ports in Kubernetes manifests: `nodePort` of services, `hostPort` and `hostNetwork` of pods.

See https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport,
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports and, of what is built of
them, https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from structlint.errors import LayoutError
from structlint.finding import Place
from structlint.ports.files import KUSTOMIZATIONS, is_kustomization, is_manifest, resolve_path
from structlint.ports.kubernetes.objects import (
    Leaf,
    Object,
    Objects,
    ObjectTree,
    by_identity,
    down,
    items_at,
    located,
    objects_of,
    place_in,
    rename,
    text_at,
    texts_of,
    union,
)
from structlint.ports.kubernetes.patches import change_of, edit, strategic_merge, wanted_by
from structlint.ports.kubernetes.ports import PortReader
from structlint.ports.kubernetes.replacements import replaced
from structlint.ports.model import MANIFESTS, Port, PortRange
from structlint.yaml_nodes import MOST_YAML_BYTES, parse_foreign

_SETS_PORT = re.compile(r"\b(?:nodePort|hostPort|hostNetwork|healthCheckNodePort)\b")
_DEFINITION = b"CustomResourceDefinition"

_BUILT_FROM = ("resources", "bases")
_PATCHES = ("patchesStrategicMerge", "patches", "patchesJson6902")
_MOST_DEEP = 20  # the longest chain of kustomizations
_MOST_BUILT = 50_000  # objects of all kustomizations together, counted each time


@dataclass
class Kubernetes(PortReader):
    """Reads the manifests of a tree. Those of a kustomization, or of a directory, form one cluster."""

    named: set[str] = field(default_factory=set)  # files that kustomizations are built from
    trees: dict[str, tuple[ObjectTree, ...]] = field(default_factory=dict)
    built: dict[str, Objects] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)  # kustomizations that are not completely in the tree
    steps: int = 0

    def ports(self) -> Iterator[Port]:
        """The ports of every cluster."""
        reached = {path: self._reached(path) for path in filter(is_kustomization, self.files.yaml)}
        parts = {file for path, files in reached.items() for file in files if file != path}
        for path, files in reached.items():
            # A component is not a cluster on its own.
            if any(map(self._speaks, files)) and not (path in parts and self._is_component(path)):
                name = f"kustomization {path}"
                self.files.scan.stacks[name] = (path, *sorted(files - {path}))
                yield from self._listeners(self._built(path, ()), name)
        grouped = parts.union(reached)
        directories: dict[str, list[str]] = {}
        for path in self.files.yaml:
            if path.endswith((".yaml", ".yml", ".json")) and path not in grouped and self._speaks(path):
                directories.setdefault(_directory(path), []).append(path)
        for directory, paths in directories.items():
            yield from self._of_directory(paths, f"{MANIFESTS}{directory or './'}")

    def _of_directory(self, paths: list[str], name: str) -> Iterator[Port]:
        """The ports of all objects, and of files that define an object again with other ports.

        The last file that defines an object counts. Each other one may be meant to replace it, so it is
        compared with the files that are not such alternatives.
        """
        objects = {path: by_identity(self._objects(path)) for path in paths}
        last = union(objects.values())
        often = Counter(identity for of_file in objects.values() for identity in of_file)
        alternatives = {
            path: None for path in paths if any(often[identity] > 1 for identity in objects[path])
        }
        common = union(objects[path] for path in paths if path not in alternatives)
        yield from self._listeners(last, name)
        for path in alternatives:
            if any(
                self._forms(resource) != self._forms(last[identity])
                for identity, resource in objects[path].items()
            ):
                yield from self._listeners(common | objects[path], f"{name} with {path}")

    def _forms(self, resource: Object) -> set[tuple[PortRange, str]]:
        return {(port.numbers, port.address) for port in self._listening(resource)}

    def _speaks(self, path: str) -> bool:
        """Whether a file contains a host port, so that reading it is worthwhile."""
        speaks = self.files.speaks(path)
        if not speaks and path in self.named and not self.files.peek(path):
            self.files.data(path)  # adds a note with the reason
        return speaks

    def _all(self, path: str) -> tuple[ObjectTree, ...]:
        """The documents of a file."""
        if path not in self.trees:
            self.trees[path] = tuple(located(node, path) for node in self.files.nodes(path))
        return self.trees[path]

    def _objects(self, path: str) -> Iterator[Object]:
        for tree in self._all(path):
            yield from objects_of(tree)

    # --- Kustomizations

    def _reached(self, path: str) -> set[str]:
        """All files that a kustomization is built from, including itself."""
        reached: set[str] = set()
        left = [path]
        while left:
            if (member := left.pop()) not in reached:
                reached.add(member)
                left += self._members(member) if is_kustomization(member) else ()
        self.named |= reached
        return reached

    def _is_component(self, path: str) -> bool:
        return any(text_at(tree, "kind") == "Component" for tree in self._all(path)[:1])

    def _members(self, path: str) -> Iterator[str]:
        for tree in self._all(path)[:1]:
            for key in (*_BUILT_FROM, "components", *_PATCHES):
                for entry in items_at(tree, key):
                    if member := self._member(path, text_at(entry) or text_at(entry, "path")):
                        yield member

    def _member(self, path: str, text: str) -> str | None:
        """The file that a kustomization names, or the kustomization in the named directory."""
        resolved = resolve_path(_directory(path), text)
        if resolved is None or resolved in self.files.paths:
            return resolved
        below = resolved and f"{resolved}/"
        return next((below + name for name in KUSTOMIZATIONS if below + name in self.files.paths), None)

    def _built(self, path: str, chain: tuple[str, ...]) -> Objects:
        if path not in self.built:
            self.built[path] = {}  # the result inside a cycle of kustomizations
            self.built[path] = self._build(path, {}, chain)
        return self.built[path]

    def _build(self, path: str, objects: Objects, chain: tuple[str, ...]) -> Objects:
        """`objects` after the additions and changes of a kustomization."""
        if path in chain or not self._goes_on(path, chain):
            return objects
        chain = (*chain, path)
        for tree in self._all(path)[:1]:
            for entry in (entry for key in _BUILT_FROM for entry in items_at(tree, key)):
                objects = objects | self._resource(path, text_at(entry), chain)
            for entry in items_at(tree, "components"):
                if component := self._member(path, text_at(entry)):
                    objects = self._build(component, objects, chain)
            for patch, target in self._patches(path, tree):
                objects = self._patched(objects, patch, target, path)
            for replacement, place in self._replacements(path, tree):
                objects = self._replaced(objects, replacement, place)
            objects = rename(objects, tree)
        self.steps += len(objects)
        return objects

    def _replacements(self, path: str, tree: ObjectTree) -> Iterator[tuple[ObjectTree, Place]]:
        """The replacements of a kustomization, each with the place that names it."""
        for entry in items_at(tree, "replacements"):
            named = self._member(path, text_at(entry, "path"))
            for document in self._all(named) if named else (entry,):
                for replacement in document if isinstance(document, list) else [document]:
                    yield replacement, place_in(entry)

    def _replaced(self, objects: Objects, replacement: ObjectTree, place: Place) -> Objects:
        """The objects after a replacement. A note is added if it changes a port and is not evaluated."""
        changed = replaced(objects, replacement)
        if changed is None and any(_SETS_PORT.search(text) for text in texts_of(replacement)):
            self.files.note(place.file, place.line, "this replacement of a port is not evaluated")
        return objects if changed is None else changed

    def _goes_on(self, path: str, chain: tuple[str, ...]) -> bool:
        self.steps += 1
        if len(chain) >= _MOST_DEEP:
            message = f"kustomizations are nested more than {_MOST_DEEP} deep; no more are read"
        elif self.steps > _MOST_BUILT:
            message = f"the kustomizations have more than {_MOST_BUILT:,} objects; no more are read"
        else:
            return True
        self.files.note(path, 1, message)
        return False

    def _resource(self, path: str, text: str, chain: tuple[str, ...]) -> Objects:
        member = self._member(path, text)
        if member is None:
            self.partial.add(path)
            return {}
        if not is_kustomization(member):
            return by_identity(self._objects(member)) if self._is_read(member) else {}
        objects = self._built(member, chain)
        if member in self.partial:
            self.partial.add(path)
        return objects

    def _is_read(self, path: str) -> bool:
        """Whether a file of a kustomization contains ports, or objects that a patch may add ports to."""
        data = self.files.peek(path)
        small = len(data) <= MOST_YAML_BYTES and is_manifest(data) and _DEFINITION not in data
        return small or self._speaks(path)

    def _patches(self, path: str, tree: ObjectTree) -> Iterator[tuple[ObjectTree, ObjectTree | None]]:
        """The patches of a kustomization, each with the selector of its objects."""
        for entry in (entry for key in _PATCHES for entry in items_at(tree, key)):
            target = down(entry, "target")
            inside = down(entry, "patch") or entry
            named = self._member(path, text_at(entry) or text_at(entry, "path"))
            if named and not is_kustomization(named):
                trees: Iterable[ObjectTree] = self._all(named)
            elif isinstance(inside, Leaf) and (inside is not entry or "\n" in inside.text):
                trees = self._inline(inside)
            else:
                continue
            for patch in trees:
                yield patch, target

    def _inline(self, leaf: Leaf) -> Iterator[ObjectTree]:
        """The YAML documents in a block text, which begins in the line after its indicator."""
        file, line, _ = leaf.place.file, leaf.place.line, leaf.place.column
        above = line if "\n" in leaf.text else line - 1
        try:
            nodes = parse_foreign(leaf.text.encode("utf-8", "replace"), file)
        except LayoutError as error:
            first = error.problems[0]
            self.files.note(file, above + first.line, f"{first.message}; this patch is skipped")
            return
        yield from (located(node, file, above) for node in nodes)

    def _patched(self, objects: Objects, patch: ObjectTree, target: ObjectTree | None, path: str) -> Objects:
        wanted = wanted_by(patch if target is None else target)
        if wanted is None:
            place = place_in(target)
            self.files.note(place.file, place.line, "unsupported selector; this patch is skipped")
            return objects
        hit = [resource for resource in objects.values() if wanted.selects(resource)]
        if not hit and (target is None or path in self.partial):
            hit = list(wanted.stand_in())
        changed = dict(objects)
        for resource in hit:
            tree = (
                edit(resource.tree, patch)
                if isinstance(patch, list)
                else strategic_merge(resource.tree, change_of(patch))
            )
            if text_at(tree, "$patch") == "delete":
                changed.pop(resource.identity, None)
            else:
                changed[resource.identity] = replace(resource, tree=tree)
        return changed

    # --- Ports


def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]
