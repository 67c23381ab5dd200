"""Replacements of kustomizations, which copy a value of one object to fields of others.

See https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from structlint.ports.kubernetes.objects import Leaf, Objects, ObjectTree, down, items_at, place_in, text_at
from structlint.ports.kubernetes.patches import Wanted, wanted_by

_STEP = re.compile(r"(?:\\.|\[[^\]]*\]|[^.\\\[])+")
_ITEM = re.compile(r"\[([^=\]]+)=([^\]]*)\]")
_NAME = "metadata.name"
_MOST_TRIED = 100_000  # targets on objects


def replaced(objects: Objects, replacement: ObjectTree) -> Objects | None:
    """The objects after a replacement; None if it uses unsupported options."""
    value = _value(objects, replacement)
    targets = items_at(replacement, "targets")
    if value is None or len(targets) * len(objects) > _MOST_TRIED:
        return None
    changed = dict(objects)
    for target in targets:
        selected = wanted_by(down(target, "select") or {})
        rejected = [wanted_by(entry) for entry in items_at(target, "reject")]
        if selected is None or None in rejected or down(target, "options", "delimiter"):
            return None
        paths = [steps_of(path.text) for path in items_at(target, "fieldPaths") if isinstance(path, Leaf)]
        for identity, resource in changed.items():
            if selected.selects(resource) and not any(
                wanted.selects(resource) for wanted in rejected if wanted
            ):
                tree = deepcopy(resource.tree)
                for path in paths or [steps_of(_NAME)]:
                    _write(tree, path, value)
                changed[identity] = replace(resource, tree=tree)
    return changed


def _value(objects: Objects, replacement: ObjectTree) -> str | None:
    """The value that a replacement copies; None if it is unknown."""
    if isinstance(text := down(replacement, "sourceValue"), Leaf):
        return text.text
    source = down(replacement, "source")
    wanted: Wanted | None = wanted_by(source) if source else None
    sources = [resource for resource in objects.values() if wanted and wanted.selects(resource)]
    if len(sources) != 1:
        return None
    field = _at(sources[0].tree, steps_of(text_at(source, "fieldPath") or _NAME))
    if field is None:
        return None
    delimiter, index = text_at(source, "options", "delimiter"), text_at(source, "options", "index") or "0"
    if not delimiter:
        return field.text
    parts = field.text.split(delimiter)
    return parts[int(index)] if index.isdecimal() and int(index) < len(parts) else None


def steps_of(path: str) -> list[str]:
    r"""The steps of a path such as `spec.ports.[name=http].nodePort`, where `\.` is a dot in a name."""
    return [step if step.startswith("[") else re.sub(r"\\(.)", r"\1", step) for step in _STEP.findall(path)]


def _at(tree: ObjectTree, steps: Sequence[str]) -> Leaf | None:
    """The text at a path; None if there is not exactly one."""
    trees = _all_at(tree, steps)
    return trees[0] if len(trees) == 1 and isinstance(trees[0], Leaf) else None


def _all_at(tree: ObjectTree, steps: Sequence[str]) -> list[ObjectTree]:
    trees = [tree]
    for step in steps:
        trees = [child for holder in trees for child in _children(holder, step)]
    return trees


def _children(holder: ObjectTree, step: str) -> list[ObjectTree]:
    """The children that a step selects."""
    if isinstance(holder, dict):
        return [child for key, child in holder.items() if step in ("*", key)]
    if isinstance(holder, list):
        return [child for index, child in enumerate(holder) if _is_meant(step, index, child)]
    return []


def _is_meant(step: str, index: int, child: ObjectTree) -> bool:
    """Whether a step such as `0`, `*` or `[name=http]` selects an item of a list."""
    item = _ITEM.fullmatch(step)
    return step in ("*", str(index)) or bool(item and text_at(child, item[1]) == item[2])


def _write(tree: ObjectTree, steps: Sequence[str], value: str) -> None:
    """Writes a value to each existing node at a path; the value keeps its place in the file."""
    *above, last = steps
    for holder in _all_at(tree, above):
        if isinstance(holder, dict):
            for key in [key for key in holder if last in ("*", key)]:
                holder[key] = Leaf(value, place_in(holder[key]))
        elif isinstance(holder, list):
            for index, child in enumerate(holder):
                if _is_meant(last, index, child):
                    holder[index] = Leaf(value, place_in(child))
