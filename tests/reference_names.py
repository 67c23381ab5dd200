"""How the reference finds what governs a name, and which names a placeholder has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from reference_layout import (
    Entry,
    Form,
    Hole,
    Json,
    Values,
    above,
    fits,
    holes,
    letters,
    precedence,
    spelled,
    words,
)
from reference_tree import Paths

Known: TypeAlias = "dict[tuple[str, ...], str]"  # names, by what equal ones have in common


class Undetermined(Exception):
    """The page leaves open what this layout and tree come to, for example names that depend on themselves."""


class At(NamedTuple):
    """An entry at a place: the path of a directory that it governs, and what its placeholders stand for."""

    path: str
    entry: Entry
    values: Values
    outer: At | None

    def of(self, entry: Entry) -> At:
        """The nearest directory above, or this one, that an entry governs."""
        return self if self.entry is entry or self.outer is None else self.outer.of(entry)

    @property
    def is_besides(self) -> bool:
        """Whether it applies besides the entries of a directory, because of a `**/`."""
        return self.entry.is_every or (self.outer is not None and self.outer.is_besides)


def by_precedence(governed: Governed) -> tuple[object, ...]:
    """What comes first where a name fits several entries."""
    return (*precedence(governed.form), not governed.entry.settings.get("if"), governed.entry.rank)


class Governed(NamedTuple):
    """The entry that governs a name, the form that the name fits, and what its placeholders stand for."""

    entry: Entry
    form: Form
    values: Values
    orphan: bool = False
    unseen: bool = False  # whether that depends on what is in a directory that is not looked into
    respelled: bool = False  # whether an entry of the directory itself decides how the name is spelled
    spelled_by_orphan: bool = False  # whether one would that does not know the value


class Names:
    """A layout and a tree: what governs a name, and the names that placeholders have."""

    def __init__(self, layout: Json, paths: Paths) -> None:
        self.layout = layout
        self.paths = paths
        self.files, self.inside = paths.files, paths.inside
        self.owned: dict[str, set[str]] = {}  # by directory: the names that it lists without a wildcard
        self.owns_unlisted: dict[str, str | None] = {}  # by directory: its value of `unlisted`
        self.asking: list[object] = []
        self.answers: dict[Any, Any] = {}  # to the same questions, asked again and again
        self.places: dict[str, list[Entry]] = {}
        self.cased: set[str] = set()
        self._place(layout["tree"], frozenset())
        for places in self.places.values():
            places.sort(key=lambda place: place.order)

    def _place(self, entry: Entry, bound: frozenset[str]) -> None:
        """Notes where placeholders without a list are; twice in one path is no second place."""
        for child in entry.children.values():
            named = holes(child.key[0])
            self.cased |= {p.name for f in child.key[0] for p in f if isinstance(p, Hole) and p.case}
            for name in named:
                if name not in bound and self.values(name) is None:
                    self.places.setdefault(name, []).append(child)
            self._place(child, bound | set(named))

    def naming(self, name: str, what: str) -> Any:
        """The "case", "pattern", "values", "count" or another field that `names` has for a placeholder."""
        return self.layout["names"].get(name, {}).get(what)

    def values(self, name: str) -> list[str] | None:
        said = self.naming(name, "values")
        return None if said is None else list(said)

    def same(self, name: str, value: str) -> tuple[str, ...]:
        """What equal names have in common: their words if a case is asked for anywhere, else all of it."""
        return words(value) if name in self.cased or self.naming(name, "case") else (value,)

    def means(self, hole: Hole, value: str, other: str) -> bool:
        """Whether a value at a place is a name from elsewhere: by its words, or in the case of the place."""
        if self.same(hole.name, value) == self.same(hole.name, other):
            return True
        if hole.case == "lowercase":
            return letters(value) == letters(other)
        return hole.case is not None and spelled(other, hole.case) == value

    def is_known(self, name: str, at: At, governed: Governed) -> bool:
        """Whether the value of a tied placeholder is one of the names that it has here."""
        known = self.known(name, at, governed.values)
        hole = next(part for part in governed.form if isinstance(part, Hole) and part.name == name)
        value = governed.values[name]
        return self.same(name, value) in known or any(
            self.means(hole, value, each) for each in known.values()
        )

    def definers(self, name: str) -> list[Entry]:
        """The places with an `if`, else the first place, which may be a group of files and directories.

        One whose value is `false` defines nothing.
        """
        possible = [place for place in self.places[name] if not place.absent]
        first = [place for place in possible if place in (possible[0], possible[0].other)]
        return [place for place in possible if place.settings.get("if")] or first

    def contains(self, path: str, text: str, values: Values) -> bool:
        """Whether a directory contains one of the paths that an `if` or a `holds` lists."""
        return any(self._contains(path, each, values) for each in text.split(" | "))

    def _contains(self, path: str, text: str, values: Values) -> bool:
        known = re.sub(r"<([\w-]+)>", lambda found: values.get(found[1], found[0]), text)
        if "<" in known:
            raise Undetermined("which paths an `if` or a `holds` with a placeholder without a value means")
        table = {"**/": "(?:[^/]+/)*", "*": "[^/]*"}
        parts = re.split(r"(\*\*/|\*)", known)
        regex = re.escape(path) + "".join(table.get(part, re.escape(part)) for part in parts)
        there = self.paths.directories if text.endswith("/") else self.files
        if not self.paths.linked.keys().isdisjoint(above(path)):  # what is where a link leads to
            there = {at + name for at, names in self.inside.items() for name in names} - self.paths.broken
        return any(re.fullmatch(regex, each) for each in there)

    def is_member(self, entry: Entry, path: str, values: Values) -> bool:
        """Whether an entry may govern a path because of its `if`."""
        condition = entry.settings.get("if")
        return not condition or self.is_unseen(path) or self.contains(path, condition, values)

    def is_unseen(self, path: str) -> bool:
        return path in self.paths.opaque or path in self.paths.linked

    def tied(self, entry: Entry) -> list[str]:
        """The placeholders of an entry whose names are defined elsewhere."""
        mine = [name for name in holes(entry.key[0]) if entry in self.places.get(name, ())]
        return [name for name in mine if self.definers(name) and entry not in self.definers(name)]

    def readings(self, at: At, entry: Entry, name: str) -> list[Governed]:
        """The forms of an entry that a name fits, with what the placeholders then stand for."""
        found = []
        for each in entry.key[0]:
            ways: list[Values] = []
            for values in fits(each, name.rstrip("/")):
                if values not in ways and all(self._may(at, part, values) for part in each):
                    ways.append(values)
            found += [Governed(entry, each, {**at.values, **values}) for values in ways]
        return found

    def _may(self, at: At, part: str | Hole, values: Values) -> bool:
        """Whether a placeholder may stand for its value."""
        if isinstance(part, str) or not part.name:
            return True
        name, value = part.name, values[part.name]
        listed, pattern = self.values(name), self.naming(name, "pattern")
        if name in at.values:
            return self.means(part, value, at.values[name])
        if listed is not None:
            return value in [spelled(each, part.case) for each in listed]
        if value[0] == "." or (self.naming(name, "consecutive") and not re.fullmatch("[0-9]+", value)):
            return False
        return not pattern or bool(part.case) or re.fullmatch(pattern, value) is not None

    def candidates(self, at: At, name: str) -> list[Governed]:
        """What a name fits: exact names, then more literal characters, an `if`, what is earlier."""
        question = (at.path, at.entry, name, *at.values.items())
        if question not in self.answers:
            entries = [entry for entry in at.entry.listed if entry.key[1] == name.endswith("/")]
            every = [
                reading
                for entry in entries
                for reading in self.readings(at, entry, name)
                if self.is_member(entry, at.path + name, reading.values)
            ]
            self.answers[question] = sorted(every, key=by_precedence)
        answer: list[Governed] = self.answers[question]
        return answer

    def governor(self, at: At, name: str, defined: str = "") -> Governed | None:
        """What governs a name; with `defined`, only what defines that placeholder, whose names are sought."""
        orphan, barred, doubtful = None, set[str](), set[str]()
        for each in self.candidates(at, name):
            mine = holes([each.form])
            if barred & set(mine) and not (orphan and orphan.entry is each.entry):
                continue
            if doubtful & set(mine) and not (orphan and orphan.entry is each.entry):
                raise Undetermined("which placeholder an orphan is one of")
            tied = [x for x in self.tied(each.entry) if x != defined and x in mine]
            unknown = [x for x in tied if not self.is_known(x, at, each)]
            if not unknown and defined in mine and each.entry not in self.definers(defined):
                return None
            if not unknown:
                is_unseen = bool(each.entry.settings.get("if")) and self.is_unseen(at.path + name)
                return each._replace(unseen=is_unseen)
            beside = any(d.parent is each.entry.parent for x in unknown for d in self.definers(x))
            if each.entry.absent and beside:
                raise Undetermined("whether `false` beside the place that defines its names forbids one")
            if not each.entry.absent:  # of other names than the tied ones `false` says nothing
                orphan = orphan or each._replace(orphan=True)
                barred |= set(unknown) if len(unknown) == 1 else set()
                doubtful |= set(unknown)
        return orphan

    def is_governed(self, at: At, name: str) -> bool:
        """Whether something governs a name, be it as an orphan, of which the names need not be known."""
        first = next(iter(self.candidates(at, name)), None)
        return first is not None and (not first.entry.absent or self.governor(at, name) is not None)

    def begun(self, at: At, entry: Entry) -> At:
        """The first of the directories that a `<dir**>/` stands for: the one in which it is listed."""
        return At(at.path, entry, {**at.values, entry.path_hole: ""}, at)

    def spreading(self, at: At, name: str) -> Governed | None:
        """What may govern a directory in one for which a `<dir**>/` stands."""
        hole = at.entry.path_hole
        if not hole or not name.endswith("/"):
            return None
        value = f"{at.values[hole]}/{name}".strip("/")
        governed = Governed(at.entry, at.entry.key[0][0], {**at.values, hole: value})
        return governed if not self.tied(at.entry) or self.is_known(hole, at, governed) else None

    def spread_to(self, at: At, name: str) -> Governed | None:
        """What governs a directory in one for which a `<dir**>/` stands, if nothing beside or in it does."""
        governed = self.spreading(at, name)
        around = [at, at.outer] if governed and at.outer and at.outer.path == at.path else [at]
        return None if any(self.is_governed(view, name) for view in around) else governed

    def spread(self, at: At, entry: Entry) -> Iterator[At]:
        """The directories for which a `<dir**>/` stands."""
        pending = [self.begun(at, entry)]
        for each in pending:
            yield each
            names = self.ordered(each.path) if self.is_spread_in(each) else []
            found = ((name, governed) for name in names if (governed := self.spread_to(each, name)))
            pending.extend(At(each.path + name, entry, governed.values, each) for name, governed in found)

    def ordered(self, path: str) -> list[str]:
        """The names in a directory in alphabetical order."""
        return sorted(self.inside.get(path, ()), key=lambda name: name.rstrip("/"))

    def is_spread_in(self, at: At) -> bool:
        """Whether a `<dir**>/` applies in one of its directories: not in a link that it matches itself."""
        is_link = at.path in self.paths.linked and at.values[at.entry.path_hole] != ""
        return not (is_link or at.path in self.paths.opaque)

    def known(self, name: str, at: At, values: Values) -> Known:
        """The names that a tied placeholder has here."""
        return {each: found[name] for each, (found, _) in self.defined(name, at, values).items()}

    def defined(self, name: str, at: At, values: Values) -> dict[tuple[str, ...], tuple[Values, str]]:
        """What the placeholders stand for in the first path that defines each of the names, and this path."""
        lines = [place.line for place in self.places[name]]
        scope = next(entry for entry in lines[0][1:] if all(entry in line for line in lines))
        shared = set.intersection(*({x for e in line[1:] for x in e.always} for line in lines))
        start = at.of(scope)
        question = (name, start.path, *sorted((x, self.same(x, values[x])) for x in shared))
        if question in self.asking:
            raise Undetermined(f"the names of <{name}> depend on themselves")
        if question not in self.answers:
            self.asking.append(question)
            found: dict[tuple[str, ...], tuple[Values, str]] = {}
            for definer in self.definers(name):
                inwards = definer.line[: definer.line.index(scope)][::-1]
                names = self._names(start, inwards, name, {x: values[x] for x in shared})
                is_once = definer.settings.get("if")
                for each, path in sorted(names, key=lambda pair: pair[1]) if is_once else names:
                    if name in each:  # of alternatives, some may not have it
                        found.setdefault(self.same(name, each[name]), (each, path))
            self.answers[question] = found
            self.asking.pop()
        answer: dict[tuple[str, ...], tuple[Values, str]] = self.answers[question]
        return answer

    def _names(self, at: At, inwards: list[Entry], name: str, shared: Values) -> Iterator[tuple[Values, str]]:
        """The names that the defining entry governs, below directories that the entries around it govern.

        They come as what the placeholders stand for, with the path, in alphabetical order.
        """
        if inwards[0].is_every:
            raise Undetermined("the names that a `**/` in another defines")
        if inwards[0].path_hole:
            for each in self.spread(at, inwards[0]):
                is_shared = all(
                    self.same(x, each.values[x]) == self.same(x, shared[x])
                    for x in shared
                    if x in each.values
                )
                if len(inwards) == 1:
                    yield each.values, each.path
                elif is_shared and self.is_spread_in(each):
                    yield from self._names(each, inwards[1:], name, shared)
            return
        for inside in self.ordered(at.path):
            if at.path + inside in self.paths.broken:
                continue
            if at.entry.is_every and inside in self.owned.get(at.path, ()):
                continue
            if all(each.entry is not inwards[0] for each in self.candidates(at, inside)):
                continue
            governed = self.governor(at, inside, name if len(inwards) == 1 else "")
            if not governed or governed.entry is not inwards[0] or governed.orphan:
                continue
            if governed.unseen:
                raise Undetermined("which names directories have that are not looked into")
            values = governed.values
            if any(self.same(x, values[x]) != self.same(x, shared[x]) for x in shared if x in values):
                continue
            if len(inwards) == 1:
                yield values, at.path + inside
            else:
                yield from self._names(
                    At(at.path + inside, inwards[0], values, at), inwards[1:], name, shared
                )
