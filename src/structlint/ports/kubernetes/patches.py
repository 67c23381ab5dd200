"""Patches of kustomizations: the objects that they select, and the changes that they make.

See https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise

from structlint.ports.kubernetes.objects import Leaf, Object, ObjectTree, down, text_at
from structlint.text.records import Record
from structlint.yaml_nodes import MOST_DEPTH

_LITERAL = re.compile(r"[\w.*|^$-]*", re.ASCII)  # characters of a pattern that selects objects
_MOST_STARS = 5


class Wanted(Record):
    """The properties of the objects that a patch selects; "" for any."""

    kind: str
    namespace: str
    name: str
    labels: tuple[tuple[str, str, str], ...] = ()  # mapping, key, value

    def selects(self, resource: Object) -> bool:
        return (
            _fits(self.kind, resource.kind)
            and any(_fits(self.namespace, space) and _fits(self.name, name) for space, name in resource.known)
            and all(text_at(resource.tree, "metadata", of, key) == value for of, key, value in self.labels)
        )

    def stand_in(self) -> Iterator[Object]:
        """A substitute for an object that is not in the tree, with only the data that the patch contains."""
        if self.kind and self.name and not re.search("[*|^$]", self.kind + self.name):
            known = frozenset({(self.namespace, self.name)})
            yield Object(self.kind, self.namespace, self.name, {}, known)


def wanted_by(patch: ObjectTree) -> Wanted | None:
    """The selector in a patch or its target; None if it is not supported."""
    metadata = down(patch, "metadata") or patch
    kind, namespace, name = (
        text_at(patch, "kind"),
        text_at(metadata, "namespace"),
        text_at(metadata, "name"),
    )
    labels: list[tuple[str, str, str]] = []
    for selector, of in (("labelSelector", "labels"), ("annotationSelector", "annotations")):
        for term in filter(None, text_at(patch, selector).split(",")):
            key, equals, value = term.replace("==", "=").partition("=")
            if not equals or key.endswith("!"):
                return None
            labels.append((of, key.strip(), value.strip()))
    patterns = (kind, namespace, name)
    if not all(_LITERAL.fullmatch(part) and part.count("*") <= _MOST_STARS for part in patterns):
        return None
    return Wanted(kind, namespace, name, tuple(labels))


def _fits(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern, where `.*` is any text and `|` separates alternatives."""
    for part in pattern.split("|"):
        parts = map(re.escape, part.removeprefix("^").removesuffix("$").split(".*"))
        if not pattern or re.fullmatch(".*".join(parts), text):
            return True
    return False


def change_of(patch: ObjectTree) -> ObjectTree:
    """The changes in a patch, without the identity of its object."""
    if not isinstance(patch, dict):
        return patch
    return {key: value for key, value in patch.items() if key not in ("apiVersion", "kind", "metadata")}


def strategic_merge(old: ObjectTree | None, new: ObjectTree, key: str = "") -> ObjectTree:
    """The strategic merge of two trees; `key` is the key of both."""
    if isinstance(new, dict):
        before = old if isinstance(old, dict) and text_at(new, "$patch") != "replace" else {}
        merged = dict(before)
        for name, value in new.items():
            if isinstance(value, Leaf) and not value.text:
                merged.pop(name, None)
            elif (name, text_at(value)) != ("$patch", "replace"):
                merged[name] = strategic_merge(before.get(name), value, name)
        return merged
    if isinstance(new, list) and isinstance(old, list) and key in ("ports", "containers", "initContainers"):
        return _merged_lists(old, new)
    return new


def _merged_lists(old: list[ObjectTree], new: list[ObjectTree]) -> list[ObjectTree]:
    directives = [text_at(item, "$patch") for item in new]
    replaces = any(
        directive == "replace" and len(item) == 1 for directive, item in zip(directives, new, strict=True)
    )
    merged = [] if replaces else list(old)
    for item, directive in zip(new, directives, strict=True):
        at = next((at for at, known in enumerate(merged) if _same_item(known, item)), None)
        if directive == "delete" and at is not None:
            del merged[at]
        elif not directive and at is not None:
            merged[at] = strategic_merge(merged[at], item)
        elif not directive:
            merged.append(item)
    return merged


def _same_item(one: ObjectTree, other: ObjectTree) -> bool:
    """Whether two items represent the same container, or the same port of a service or a container."""
    for key in ("containerPort", "port", "name"):
        if value := text_at(other, key):
            protocols = {text_at(item, "protocol") or "TCP" for item in (one, other)}
            return text_at(one, key) == value and len(protocols) == 1
    return False


def edit(tree: ObjectTree, operations: list[ObjectTree]) -> ObjectTree:
    """A tree after the operations of a JSON patch, https://datatracker.ietf.org/doc/html/rfc6902."""
    edited = deepcopy(tree)
    for operation in operations:
        steps = [
            step.replace("~1", "/").replace("~0", "~") for step in text_at(operation, "path").split("/")[1:]
        ]
        if not 0 < len(steps) <= MOST_DEPTH:
            continue
        holder: ObjectTree | None = edited
        for step, following in pairwise(steps):
            holder = _step(holder, step, [] if following.isdigit() or following == "-" else {})
        value = down(operation, "value")
        if text_at(operation, "op") == "remove":
            _remove(holder, steps[-1])
        elif text_at(operation, "op") in ("add", "replace") and value is not None:
            _put(holder, steps[-1], deepcopy(value), text_at(operation, "op") == "add")
    return edited


def _step(holder: ObjectTree | None, step: str, absent: ObjectTree) -> ObjectTree | None:
    """The value at a key or an index; if there is none, `absent` is stored there."""
    if isinstance(holder, dict):
        return holder.setdefault(step, absent)
    if isinstance(holder, list):
        if not _is_index(step, holder):
            holder.append(absent)
            return absent
        return holder[int(step)]
    return None


def _is_index(step: str, items: list[ObjectTree]) -> bool:
    return step.isdecimal() and len(step) < 9 and int(step) < len(items)


def _put(holder: ObjectTree | None, step: str, value: ObjectTree, is_added: bool) -> None:
    if isinstance(holder, dict):
        holder[step] = value
    elif isinstance(holder, list):
        at = int(step) if _is_index(step, holder) else len(holder)
        holder[at : at if is_added else at + 1] = [value]


def _remove(holder: ObjectTree | None, step: str) -> None:
    if isinstance(holder, dict):
        holder.pop(step, None)
    elif isinstance(holder, list) and _is_index(step, holder):
        del holder[int(step)]
