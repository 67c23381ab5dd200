"""Objects of Kubernetes as trees of texts, each with its place: what is merged comes from several files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from structlint.finding import Place
from structlint.ports.files import text_of
from structlint.yaml_nodes import MapNode, Node, TextNode


class Leaf(NamedTuple):
    """A text of a manifest, "" for nothing, and where it stands: what is merged comes from several files."""

    text: str
    place: Place


ObjectTree: TypeAlias = "dict[str, ObjectTree] | list[ObjectTree] | Leaf"
Identity: TypeAlias = "tuple[str, str, str]"


@dataclass(frozen=True)
class Object:
    """An object of a cluster. `known`: each namespace and name that it has had; patches may use any."""

    kind: str
    namespace: str
    name: str
    tree: ObjectTree
    known: frozenset[tuple[str, str]]

    @property
    def identity(self) -> Identity:
        """What no two objects of a cluster share."""
        return self.kind, self.namespace or "default", self.name


Objects: TypeAlias = "dict[Identity, Object]"


def located(node: Node, file: str, above: int = 0) -> ObjectTree:
    """A node with its places; `above` lines of the file come before its text."""
    if isinstance(node, TextNode):
        return Leaf(text_of(node), Place(file, node.line + above, node.column))
    if isinstance(node, MapNode):
        return {key.text: located(child, file, above) for key, child in node.items}
    return [located(item, file, above) for item in node.items]


def down(tree: ObjectTree | None, *keys: str) -> ObjectTree | None:
    """What stands in a tree under a key, and in that under the next one."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def text_at(tree: ObjectTree | None, *keys: str) -> str:
    """The text there, "" if there is none."""
    leaf = down(tree, *keys)
    return leaf.text if isinstance(leaf, Leaf) else ""


def items_at(tree: ObjectTree | None, *keys: str) -> list[ObjectTree]:
    """The items of the list there."""
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
    """Where the first text of a tree stands."""
    while isinstance(tree, dict | list) and tree:
        tree = next(iter(tree.values())) if isinstance(tree, dict) else tree[0]
    return tree.place if isinstance(tree, Leaf) else Place("", 1)


# --- Objects


def objects_of(tree: ObjectTree) -> Iterator[Object]:
    """The object of a document, or those of a list."""
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
    # What gets its name only later is an object of its own, wherever it stands.
    own = name or str(place_in(tree))
    yield Object(kind, namespace, own, tree, frozenset({(namespace, name)}))


def object_name(resource: Object) -> str:
    """The name of an object as its file has it."""
    metadata = down(resource.tree, "metadata")
    return (
        text_at(metadata, "name")
        or text_at(metadata, "generateName")
        or min(resource.known)[1]
        or resource.kind
    )


def by_identity(objects: Iterable[Object]) -> Objects:
    """Objects by what no two of a cluster share."""
    return {resource.identity: resource for resource in objects}


def union(objects: Iterable[Objects]) -> Objects:
    """All objects; the last of an identity."""
    return {identity: resource for some in objects for identity, resource in some.items()}


def rename(objects: Objects, tree: ObjectTree) -> Objects:
    """The objects with the names and the namespace that a kustomization gives to all of them."""
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
    """The specification of a pod, or the one in the template of what makes pods."""
    pod = down(tree, "spec") or tree
    for step in ("jobTemplate", "spec", "template", "spec"):
        pod = down(pod, step) or pod
    return pod


def containers_of(pod: ObjectTree | None) -> tuple[list[ObjectTree], list[ObjectTree]]:
    """The containers of a pod that end before the others start, and those that stay."""
    first = items_at(pod, "initContainers")
    staying = [container for container in first if text_at(container, "restartPolicy") == "Always"]
    return [container for container in first if container not in staying], staying + items_at(
        pod, "containers"
    )


def selects_nodes(pod: ObjectTree | None) -> bool:
    """Whether a pod runs on some nodes only, other than those of one system."""
    selector = down(pod, "nodeSelector")
    keys = set(selector) if isinstance(selector, dict) else set()
    return bool(keys - {"kubernetes.io/os"}) or down(pod, "affinity", "nodeAffinity") is not None
