"""Finds limits on numbers, depths and lengths that the entries of a layout contradict.

The numbers of files and directories that entries require or allow are compared only if they are certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product
from typing import Literal

from structlint.errors import Problem
from structlint.finding import Place, Severity
from structlint.layout.entry import Entry, Limit, entries, share
from structlint.layout.keys import STAR
from structlint.layout.model import Layout
from structlint.text.quoting import short_name

Kind = Literal["files", "directories"]
Above = tuple[Entry, ...]
Required = tuple[str, Place]  # a name that must exist in a directory, and the line that requires it

_LAYOUT_FILES = 2  # `structlint.yaml` and `.structlint.yaml`, which are never unlisted


def contradicted_limits(layout: Layout) -> Iterator[Problem]:
    """The required entries that a limit does not allow, and the minimum numbers out of reach."""
    for above, entry in [((), layout.root), *entries(layout.root)]:
        if any(step.forbidden for step in (*above, entry)):
            continue
        yield from _out_of_reach(layout, above, entry)
        if entry.key.directory:
            for kind in ("files", "directories"):
                yield from _too_many(layout, above, entry, kind)
                yield from _too_few(layout, above, entry, kind)


def _too_many(layout: Layout, above: Above, entry: Entry, kind: Kind) -> Iterator[Problem]:
    """The first of the required files or directories of a directory that exceeds its maximum."""
    maximum = _maximum(layout, above, entry, kind)
    if maximum is None or _is_off(layout, f"too-many-{kind}"):
        return
    name, limit = maximum
    for required in _required(layout, above, entry, kind):
        if len(required) > limit.number:
            shown, place = required[limit.number]
            path = short_name(_path((*above, entry)) + shown)
            allowed = f"`{name}` allows at most {limit.number:,} ({limit.place})"
            yield _at(place, f"{path} is required here, but {allowed}")
            return


def _maximum(layout: Layout, above: Above, entry: Entry, kind: Kind) -> tuple[str, Limit] | None:
    """The setting that limits the number of files or directories in a directory, and its value."""
    names = (
        [f"max-{kind}"] if kind == "directories" else ["max-files", *["root-files"] * (not above), "files"]
    )
    limits = {**layout.limits, **entry.bounds}
    return next(((name, limits[name]) for name in names if name in limits), None)


def _required(layout: Layout, above: Above, entry: Entry, kind: Kind) -> Iterator[list[Required]]:
    """Different names that must all exist in a directory: the exact ones, then those of each layer."""
    children = [child for child in entry.children.values() if _is_of(child, kind)]
    exact: dict[str, Place] = {}
    for child in children:
        if child.wanted and len(child.key.members) == 1 and not (child.other or child.key.any_depth):
            exact |= dict.fromkeys(_all_names(layout, (*above, entry), child) or (), child.place)
    exact |= _needed(entry, kind)
    listed = {child.key.exact for child in children}
    for table in (child for step in above for child in step.children.values() if child.key.everywhere):
        if not table.condition:
            inherited = (child for child in table.children.values() if _is_of(child, kind) and child.required)
            exact |= {
                child.key.exact: child.place
                for child in inherited
                if child.key.exact is not None and child.key.exact not in listed
            }
    slash = "/" * (kind == "directories")
    yield sorted(((name + slash, place) for name, place in exact.items()), key=_by_line)
    for layer in sorted({layer for child in children for layer in child.layers or ()}) or [""]:
        of_layer = [child for child in children if share(child.layers, frozenset([layer]))]
        yield sorted(chain.from_iterable(_names(layout, above, child) for child in of_layer), key=_by_line)


def _names(layout: Layout, above: Above, child: Entry) -> Iterator[Required]:
    """The names that an entry requires in addition to those of its siblings, as written."""
    if child.key.any_depth or child.other or child.id in layout.ties.tied:
        return
    slots = [slot.placeholder for name in child.key.members for slot in name.slots]
    namings = [layout.names[slot] for slot in slots if slot in layout.names]
    if any(naming.values for naming in namings):
        return  # an entry with the exact name of a listed value may satisfy both
    least = 1 if child.required else 0
    if child.wanted and child.key.exact is not None:
        least = 1
    elif len(slots) == 1 and child.id in layout.ties.defines and not child.forbidden:
        least = max([least, *(naming.min for naming in namings)])
    yield from [(str(child.key), child.place)] * least


def _all_names(layout: Layout, above: Above, entry: Entry) -> list[str] | None:
    """The names that an entry matches, if these are exact names or from lists of values; otherwise None."""
    bound = {placeholder for step in above for placeholder in step.key.placeholders}
    names: list[str] = []
    for member in entry.key.members:
        placeholders = list(dict.fromkeys(slot.placeholder for slot in member.slots))
        lists = [layout.names[name].values for name in placeholders if name in layout.names]
        if len(list(filter(None, lists))) < len(placeholders) or not bound.isdisjoint(placeholders):
            return None
        given = (member.given(dict(zip(placeholders, values, strict=True))) for values in product(*lists))
        names += [name.exact for name in given if name.exact is not None]
        if STAR in member.parts:
            return None
    return names


def _needed(entry: Entry, kind: Kind) -> dict[str, Place]:
    """The exact names in a directory that its required entries need, or that it must hold itself."""
    needed: dict[str, Place] = {}
    for child in entry.children.values():
        for need in child.needs if child.required and not child.key.any_depth else ():
            step = need.path.steps[0]
            if not need.from_root and step.exact is not None and step.directory == (kind == "directories"):
                needed[step.exact] = need.place
    for contents in (*([entry.condition] if entry.condition else ()), *entry.holds):
        first = contents.paths[0].steps[0] if len(contents.paths) == 1 else None
        if first and first.exact is not None and first.directory == (kind == "directories"):
            needed[first.exact] = contents.place
    return needed


def _too_few(layout: Layout, above: Above, entry: Entry, kind: Kind) -> Iterator[Problem]:
    least, most = entry.bounds.get(f"min-{kind}"), entry.bounds.get(f"max-{kind}")
    if not least or _is_off(layout, f"too-few-{kind}"):
        return
    if most and least.number > most.number:
        yield _at(least.place, f"`min-{kind}` is more than `max-{kind}` ({most.number}, {most.place})")
        return
    number = _allowed(layout, above, entry, kind)
    if number is not None and least.number > number:
        where = short_name(_path((*above, entry)) or "./")
        yield _at(
            least.place,
            f"`min-{kind}` requires {least.number:,} in {where}, "
            f"but its entries allow at most {number:,} ({entry.place})",
        )


def _allowed(layout: Layout, above: Above, entry: Entry, kind: Kind) -> int | None:
    """The number of names that a directory may contain; None if it is not limited, or not certain."""
    inherited = (child.key.any_depth for step in above for child in step.children.values())
    children = [child for child in entry.children.values() if _is_of(child, kind)]
    if entry.key.any_depth or any(inherited) or any(child.layers for child in children):
        return None
    allowing = [child for child in children if not child.forbidden]
    policy = next((step.unlisted for step in (entry, *reversed(above)) if step.unlisted), None)
    policy = policy or ("allow-files" if above else "forbid")
    closed = entry.closed and (policy == "forbid" or (policy == "allow-files" and kind == "directories"))
    if not closed and not any(
        child.forbidden and any(name.parts == (STAR,) for name in child.key.members) for child in children
    ):
        return None
    names = [_all_names(layout, (*above, entry), child) for child in allowing]
    if any(listed is None for listed in names):
        return None
    return len({*chain.from_iterable(filter(None, names))}) + (
        _LAYOUT_FILES if not above and kind == "files" else 0
    )


def _out_of_reach(layout: Layout, above: Above, entry: Entry) -> Iterator[Problem]:
    """A required entry that is nested too deep, or whose path is too long."""
    steps = (*above, entry)
    if not (layout.limits and entry.wanted) or any(step.key.any_depth for step in steps):
        return
    path, depth = _path(steps), len(above) - (not entry.key.directory)
    exact = all(step.key.exact is not None for step in steps[1:])
    limit = layout.limits.get("depth")
    if limit and depth == limit.number + 1 and entry.key.directory and not _is_off(layout, "too-deep"):
        allowed = f"`depth` allows at most {limit.number:,} ({limit.place})"
        yield _at(entry.place, f"{short_name(path)} is required here, but {allowed}")
    limit = layout.limits.get("path-length")
    if (
        limit
        and exact
        and len(path) > limit.number
        and not (entry.key.directory or _is_off(layout, "long-path"))
    ):
        allowed = f"`path-length` allows at most {limit.number:,} ({limit.place})"
        yield _at(entry.place, f"{short_name(path)} is required here, but {allowed}")


def _is_off(layout: Layout, rule: str) -> bool:
    """Whether findings of a rule may be off or accepted somewhere."""
    severity = layout.severity.get(rule, Severity.ERROR)
    return not isinstance(severity, Severity) or any(accepted.rule == rule for accepted in layout.ignore)


def _is_of(entry: Entry, kind: Kind) -> bool:
    return entry.key.directory == (kind == "directories")


def _path(steps: Above) -> str:
    """The path of the last of some entries from the root, as written."""
    return "".join(str(step.key) for step in steps[1:])


def _by_line(required: Required) -> tuple[str, int]:
    return required[1].file, required[1].line


def _at(place: Place, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, message)
