"""Decides whether a file on sides of a layout's `imports` may import another file or a package."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Place as LinePlace
from structlint.layout.import_rules import Apart, ImportRules, Never, Side, Target
from structlint.matching.import_sides import Place, Places
from structlint.text.quoting import quote, shortened
from structlint.text.records import Record


class Broken(Record):
    """A rule that an import violates: the problem, the reason given in the layout, and the line.

    `instead` is the hint. `module` is the name by which the rule forbids an external module.
    """

    message: str
    place: LinePlace
    why: str = ""
    instead: str = "remove it"
    module: str = ""


class Permission(Record):
    """A permission or prohibition for the imports of a file: the side, the reason, and the line."""

    allowed: bool
    what: str
    place: LinePlace
    why: str = ""


class Judge:
    """Decides on imports by the places of both files. Decisions are cached by pairs of places."""

    def __init__(self, rules: ImportRules) -> None:
        self._apart = [group for group in rules.apart.values() if group]
        self._never = [forbidden for forbidden in rules.never.values() if forbidden]
        self._rows = {side: row for row, line in enumerate(rules.layers or ()) for side in line}
        self._layers = rules.layers or ()
        # Keyed by the identity of places, because hashing them is too slow for a hundred thousand imports.
        self._inside: dict[tuple[int, int], Broken | None] = {}
        self._outside: dict[tuple[int, str], Broken | None] = {}
        self._restricts: dict[int, bool] = {}

    def restricts(self, own: Places) -> bool:
        """Whether a file in these places may not import everything."""
        known = self._restricts.get(id(own))
        if known is None:
            layer = self.layer(own)
            below = layer is not None and (self._rows[layer.side] > 0 or len(self._layers[0]) > 1)
            sides = {place.side for place in own}
            others = [*(group.side for group in self._apart), *(forbidden.side for forbidden in self._never)]
            self._restricts[id(own)] = known = below or not sides.isdisjoint(others)
        return known

    def layer(self, own: Places) -> Place | None:
        """The innermost of the places that is in a layer, None if none is."""
        layers = [place for place in own if place.side in self._rows]
        return max(layers, key=lambda place: len(place.prefix)) if layers else None

    def permissions(self, own: Places) -> Iterator[Permission]:
        """The imports that the rules allow and forbid for a file in these places."""
        forbidden = self._forbidden(own)
        if layer := self.layer(own):
            row = self._rows[layer.side]
            for other, line in enumerate(self._layers):
                for side in line:
                    if side != layer.side and side.text not in forbidden:
                        yield Permission(other > row, _named(side), side.place)
        for kind in self._apart:
            if one := _on(kind.side, own):
                through = listed([_named(side) for side in kind.through])
                what = f"any other {_named(kind.side)} than {_shown(one)}"
                yield Permission(
                    False, f"{what}, except {through}" if through else what, kind.side.place, kind.why
                )
        for rule, _ in self._sources(own):
            for target in filter(None, rule.targets.values()):
                yield Permission(False, f"`{shortened(target.name)}`", target.place, target.why)

    def inside(self, own: Places, target: Places) -> Broken | None:
        """The rule that an import of a file of the tree violates."""
        key = id(own), id(target)
        if key not in self._inside:
            self._inside[key] = next(self._all_broken(own, target), None)
        return self._inside[key]

    def outside(self, own: Places, module: str, separator: str) -> Broken | None:
        """The rule that an import of an external module violates."""
        key = id(own), module
        if key not in self._outside:
            self._outside[key] = self._of_module(own, module, separator)
        return self._outside[key]

    def _of_module(self, own: Places, module: str, separator: str) -> Broken | None:
        for rule, place in self._sources(own):
            for target in rule.targets.values():
                if target and target.side is None and is_module(target.name, module, separator):
                    return _never(place, target, f"`{shortened(target.name)}`")
        return None

    def _forbidden(self, own: Places) -> set[str]:
        """The sides that `never` forbids for a file in these places, as written in the layout."""
        return {name for rule, _ in self._sources(own) for name, target in rule.targets.items() if target}

    def _sources(self, own: Places) -> Iterator[tuple[Never, Place]]:
        for rule in self._never:
            for place in own:
                if place.side == rule.side:
                    yield rule, place

    def _all_broken(self, own: Places, target: Places) -> Iterator[Broken]:
        for rule, place in self._sources(own):
            for forbidden in rule.targets.values():
                for path in target if forbidden else ():
                    if forbidden and _is_forbidden(place, path, forbidden, own):
                        yield _never(place, forbidden, _shown(path))
        yield from self._by_layers(own, target)
        for kind in self._apart:
            yield from self._by_kind(kind, own, target)

    def _by_layers(self, own: Places, target: Places) -> Iterator[Broken]:
        one, other = self.layer(own), self.layer(target)
        if one is None or other is None or one.side == other.side:
            return
        row, aim = self._rows[one.side], self._rows[other.side]
        if aim < row:
            forbidden = self._forbidden(own)
            lower = (side for line in self._layers[row + 1 :] for side in line)
            below = [_named(side) for side in lower if side.text not in forbidden]
            instead = f"remove it; {_shown(one)} may import {listed(below) if below else 'no other layer'}"
            message = f"{_shown(one)} must not import {_shown(other)}, a layer above it"
            yield Broken(message, one.side.place, "", instead)
        elif aim == row:
            message = f"{_shown(one)} must not import {_shown(other)}, a layer at the same level"
            yield Broken(message, one.side.place, "", "move shared code into a layer below, or remove it")

    def _by_kind(self, kind: Apart, own: Places, target: Places) -> Iterator[Broken]:
        one, other = _on(kind.side, own), _on(kind.side, target)
        if one is None or other is None or one.prefix == other.prefix:
            return
        if one.values == other.values and one.values:
            return
        if one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix):
            return
        through = [place for side in kind.through if (place := _on(side, target))]
        if any(_agree(place, other) for place in through):
            return
        allowed = listed([f"`{shortened(filled(side, dict(other.values)))}`" for side in kind.through])
        instead = f"import from {allowed}" if kind.through else "move shared code out of both, or remove it"
        message = f"{_shown(one)} must not import {_shown(other)}, a directory of the same kind"
        yield Broken(message, kind.side.place, kind.why, instead)


def is_module(name: str, module: str, separator: str) -> bool:
    """Whether an external module has this name, or is part of the package of this name."""
    return module == name or module.startswith(name + separator)


def filled(side: Side, values: dict[str, str]) -> str:
    """The text of a side with its placeholders filled in."""
    text = side.text
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


def listed(names: list[str]) -> str:
    """Names in a sentence, such as `a`, `b` or `c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _named(side: Side) -> str:
    return f"`{shortened(side.text)}`"


def _shown(place: Place) -> str:
    """The directory or file of a place, or the side if the place is the whole tree."""
    return f"`{quote(place.prefix)}`" if place.prefix else _named(place.side)


def _on(side: Side, places: Places) -> Place | None:
    return next((place for place in places if place.side == side), None)


def _agree(one: Place, other: Place) -> bool:
    """Whether the placeholders that two places share have the same values."""
    values = dict(other.values)
    return all(values.get(name, value) == value for name, value in one.values)


def _is_forbidden(source: Place, place: Place, target: Target, own: Places) -> bool:
    """Whether a place is the target of a rule, and the importing file is not in it."""
    if place.side != target.side or not _agree(place, source):
        return False
    return place not in own


def _never(place: Place, target: Target, what: str) -> Broken:
    message = f"{_shown(place)} must not import {what}"
    return Broken(message, target.place, target.why, module="" if target.side else target.name)
