"""Kubernetes objects as trees of texts, each with its place, because merged objects have several files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from structlint.finding import Place
from structlint.ports.files import text_of
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode, Node, TextNode


class Leaf(Record):
    """A text of a manifest ("" for null) and its place."""

    text: str
    place: Place


ObjectTree: TypeAlias = "dict[str, ObjectTree] | list[ObjectTree] | Leaf"
Identity: TypeAlias = "tuple[str, str, str]"


@dataclass(frozen=True)
class Object:
    """An object of a cluster. `known` has every namespace and name that it has had; patches may use any."""

    kind: str
    namespace: str
    name: str
    tree: ObjectTree
    known: frozenset[tuple[str, str]]

    @property
    def identity(self) -> Identity:
        """The identity of an object, unique in a cluster."""
        return self.kind, self.namespace or "default", self.name


Objects: TypeAlias = "dict[Identity, Object]"


def located(node: Node, file: str, above: int = 0) -> ObjectTree:
    """A node as a tree with places; `above` is the number of lines in the file before its text."""
    if isinstance(node, TextNode):
        return Leaf(text_of(node), Place(file, node.line + above, node.column))
    if isinstance(node, MapNode):
        return {key.text: located(child, file, above) for key, child in node.items}
    return [located(item, file, above) for item in node.items]


def down(tree: ObjectTree | None, *keys: str) -> ObjectTree | None:
    """The part of a tree at a sequence of keys."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def text_at(tree: ObjectTree | None, *keys: str) -> str:
    """The text at a sequence of keys; "" if there is none."""
    leaf = down(tree, *keys)
    return leaf.text if isinstance(leaf, Leaf) else ""


def items_at(tree: ObjectTree | None, *keys: str) -> list[ObjectTree]:
    """The items of the list at a sequence of keys."""
    items = down(tree, *keys)
    return items if isinstance(items, list) else []


def texts_of(tree: ObjectTree) -> Iterator[str]:
    """All texts in a tree."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Leaf):
            yield part.text
        else:
            waiting += part.values() if isinstance(part, dict) else part


def place_in(tree: ObjectTree | None) -> Place:
    """The place of the first text of a tree."""
    while isinstance(tree, dict | list) and tree:
        tree = next(iter(tree.values())) if isinstance(tree, dict) else tree[0]
    return tree.place if isinstance(tree, Leaf) else Place("", 1)


# --- Objects


def objects_of(tree: ObjectTree) -> Iterator[Object]:
    """The object in a document, or the objects in a `List`."""
    kind = text_at(tree, "kind")
    if not kind or down(tree, "apiVersion") is None:
        return
    if kind.endswith("List"):
        for item in items_at(tree, "items"):
            yield from objects_of(item)
        return
    if all(down(tree, key) is None for key in ("spec", "template", "data")):
        return
    namespace = text_at(tree, "metadata", "namespace")
    name = text_at(tree, "metadata", "name")
    # An object with a generated name is unique, wherever it is defined.
    own = name or str(place_in(tree))
    yield Object(kind, namespace, own, tree, frozenset({(namespace, name)}))


def object_name(resource: Object) -> str:
    """The name of an object as written in its file."""
    metadata = down(resource.tree, "metadata")
    return (
        text_at(metadata, "name")
        or text_at(metadata, "generateName")
        or min(resource.known)[1]
        or resource.kind
    )


def by_identity(objects: Iterable[Object]) -> Objects:
    """Objects by their identities."""
    return {resource.identity: resource for resource in objects}


def union(objects: Iterable[Objects]) -> Objects:
    """All objects; of several with one identity, the last one."""
    return {identity: resource for some in objects for identity, resource in some.items()}


def rename(objects: Objects, tree: ObjectTree) -> Objects:
    """The objects with the name prefix, name suffix and namespace of a kustomization."""
    before, after, given = (text_at(tree, key) for key in ("namePrefix", "nameSuffix", "namespace"))
    if not before + after + given:
        return objects
    renamed = []
    for resource in objects.values():
        namespace, name = given or resource.namespace, before + resource.name + after
        renamed.append(
            Object(resource.kind, namespace, name, resource.tree, resource.known | {(namespace, name)})
        )
    return by_identity(renamed)


def pod_of(tree: ObjectTree) -> ObjectTree | None:
    """The specification of a pod, or the one in the template of a workload."""
    pod = down(tree, "spec") or tree
    for step in ("jobTemplate", "spec", "template", "spec"):
        pod = down(pod, step) or pod
    return pod


def containers_of(pod: ObjectTree | None) -> tuple[list[ObjectTree], list[ObjectTree]]:
    """The containers of a pod that end before the others start, and the containers that keep running."""
    first = items_at(pod, "initContainers")
    staying = [container for container in first if text_at(container, "restartPolicy") == "Always"]
    return [container for container in first if container not in staying], staying + items_at(
        pod, "containers"
    )


def selects_nodes(pod: ObjectTree | None) -> bool:
    """Whether a pod selects nodes by more than their operating system."""
    selector = down(pod, "nodeSelector")
    keys = set(selector) if isinstance(selector, dict) else set()
    return bool(keys - {"kubernetes.io/os"}) or down(pod, "affinity", "nodeAffinity") is not None
