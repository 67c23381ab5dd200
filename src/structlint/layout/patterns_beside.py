"""Combines the pattern lists of layouts that one file extends side by side.

An exception, such as `!*.tmp`, applies only to the patterns of its own layout and of the layouts that it
extends. Otherwise, it would cancel a prohibition of another layout, depending on the order of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from structlint.layout.entry import Layers
from structlint.layout.model import LayoutFile, PatternEntry

_AGAIN = "\0"  # ends a pattern in the key of its second entry


def pattern_of(key: str) -> str:
    """The pattern of a key in a combined mapping, where a pattern can have several keys."""
    return key.partition(_AGAIN)[0]


def with_layers(sheet: LayoutFile, inside: Callable[[Layers], frozenset[str]]) -> LayoutFile:
    """A layout file whose patterns are in layers: those that `inside` returns for their current layers."""

    def within(entry: PatternEntry) -> PatternEntry:
        return entry._replace(layers=inside(sheet.layers if entry.layers is None else entry.layers))

    return sheet._replace(
        belongs={key: entry and within(entry) for key, entry in sheet.belongs.items()},
        forbid={key: entry and within(entry) for key, entry in sheet.forbid.items()},
        local=tuple(map(within, sheet.local)),
        exclude=tuple(map(within, sheet.exclude)),
        together=tuple(map(within, sheet.together)),
    )


def combined_lists(far: Sequence[PatternEntry], near: Sequence[PatternEntry]) -> tuple[PatternEntry, ...]:
    """The patterns of two lists. Equal ones, as from a layout that both extend, are combined.

    With exceptions, the order counts. Then only equal patterns at the beginning of both lists are combined.
    """
    if any(entry.is_exception for entry in (*far, *near)):
        both = _common_beginning(far, near)
        return (*both, *far[len(both) :], *near[len(both) :])
    layers: dict[PatternEntry, frozenset[str]] = {}
    for entry in (*far, *near):
        bare = entry._replace(layers=None)
        layers[bare] = layers.get(bare, frozenset()) | _layers(entry)
    return tuple(entry._replace(layers=within) for entry, within in layers.items())


def combined_mappings(
    far: Mapping[str, PatternEntry | None], near: Mapping[str, PatternEntry | None]
) -> dict[str, PatternEntry | None]:
    """The patterns of two mappings, as in `combined_lists`. Files can be at home in the directories of both.

    A pattern that only one of the layouts removes remains.
    """
    ours = {key: entry for key, entry in far.items() if entry}
    theirs = {key: entry for key, entry in near.items() if entry}
    removed = {key: None for key in (*far, *near) if key not in ours and key not in theirs}
    if any(entry.is_exception for entry in (*ours.values(), *theirs.values())):
        both = len(_common_beginning([*ours.values()], [*theirs.values()]))
    else:
        both = len(theirs)
    merged: dict[str, PatternEntry | None] = {**ours}
    for number, (key, entry) in enumerate(theirs.items()):
        known = ours.get(key)
        if known is None:
            merged[key] = entry
        elif number < both:
            merged[key] = _of_both(known, entry)
        else:
            targets = _of_both(known, entry).targets
            merged[key] = known._replace(targets=targets)
            merged[f"{key}{_AGAIN}{len(merged)}"] = entry._replace(targets=targets)
    return merged | removed


def nearer(
    far: Mapping[str, PatternEntry | None], near: Mapping[str, PatternEntry | None]
) -> dict[str, PatternEntry | None]:
    """The patterns of a layout and of one that extends it, whose exceptions come after those of the other."""

    def is_repeated(key: str) -> bool:
        pattern = pattern_of(key)
        return pattern in near and (pattern != key or pattern.startswith("!"))

    return {**{key: entry for key, entry in far.items() if not is_repeated(key)}, **near}


def _common_beginning(far: Sequence[PatternEntry], near: Sequence[PatternEntry]) -> list[PatternEntry]:
    common = []
    for one, other in zip(far, near, strict=False):
        if one._replace(layers=None) != other._replace(layers=None):
            break
        common.append(_of_both(one, other))
    return common


def _of_both(one: PatternEntry, other: PatternEntry) -> PatternEntry:
    targets = tuple(dict.fromkeys((*one.targets, *other.targets)))
    return other._replace(targets=targets, layers=_layers(one) | _layers(other))


def _layers(entry: PatternEntry) -> frozenset[str]:
    return entry.layers or frozenset()
