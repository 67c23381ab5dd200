"""Defines the rules for imports between directories: the key `imports` of a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from structlint.finding import Place
from structlint.layout.keys import KeyPath
from structlint.text.records import Record

T = TypeVar("T")


class _Side(Record):
    text: str
    place: Place
    paths: tuple[KeyPath, ...]


class Side(_Side):
    """Directories or files in `imports`, as paths with wildcards from the root of the repository.

    `text` is the text in the layout, and `paths` has its alternatives.
    """

    @property
    def is_plain(self) -> bool:
        """Whether it is one path without wildcards."""
        return len(self.paths) == 1 and all(step.exact is not None for step in self.paths[0].steps)

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """The placeholders in any of its paths."""
        steps = (step for path in self.paths for step in path.steps if not step.everywhere)
        return tuple(dict.fromkeys(name for step in steps for name in step.placeholders))


class Apart(Record):
    """Directories of one kind that must not import each other, except for the paths in `through`."""

    side: Side
    why: str = ""
    through: tuple[Side, ...] = ()


class Target(Record):
    """A forbidden import: a `side` of the repository, or an external module of this name."""

    name: str
    place: Place
    side: Side | None
    why: str = ""


class Never(Record):
    """The forbidden imports of a side."""

    side: Side
    targets: Mapping[str, Target | None]


class ImportRules(Record):
    """The `imports` of a layout. A value of None removes an inherited value.

    `layers` begins with the outermost layer; layers on one line do not import each other.
    """

    layers: tuple[tuple[Side, ...], ...] | None = ()
    apart: Mapping[str, Apart | None] = MappingProxyType({})
    never: Mapping[str, Never | None] = MappingProxyType({})
    types: str = ""
    roots: tuple[Side, ...] = ()

    @property
    def sides(self) -> list[Side]:
        """All sides of its rules, including imported ones, in the order of the kinds of rules."""
        sides = [side for line in self.layers or () for side in line]
        sides += [side for group in self.apart.values() if group for side in (group.side, *group.through)]
        for forbidden in self.never.values():
            if forbidden:
                targets = [target.side for target in forbidden.targets.values() if target and target.side]
                sides += [forbidden.side, *targets]
        return sides

    @property
    def is_empty(self) -> bool:
        """Whether it has no rule."""
        return not (self.layers or any(self.apart.values()) or any(self.never.values()))


def merge_imports(far: ImportRules, near: ImportRules) -> ImportRules:
    """The rules of a layout merged with those of one that it extends. `layers` is replaced as a whole."""
    never = {**far.never, **near.never}
    for name, forbidden in near.never.items():
        below = far.never.get(name)
        if forbidden and below:
            never[name] = forbidden._replace(targets={**below.targets, **forbidden.targets})
    return ImportRules(
        layers=far.layers if near.layers == () else near.layers,
        apart={**far.apart, **near.apart},
        never=never,
        types=near.types or far.types,
        roots=tuple(dict.fromkeys((*far.roots, *near.roots))),
    )


def with_sides(rules: ImportRules, changed: Callable[[Side], Side]) -> ImportRules:
    """The rules with each side changed."""
    apart = {
        name: group and group._replace(side=changed(group.side), through=tuple(map(changed, group.through)))
        for name, group in rules.apart.items()
    }
    never = {
        name: forbidden
        and forbidden._replace(
            side=changed(forbidden.side),
            targets={
                text: target and target._replace(side=target.side and changed(target.side))
                for text, target in forbidden.targets.items()
            },
        )
        for name, forbidden in rules.never.items()
    }
    layers = rules.layers and tuple(tuple(map(changed, line)) for line in rules.layers)
    return rules._replace(layers=layers, apart=apart, never=never, roots=tuple(map(changed, rules.roots)))
