"""The names of the reference: the entry for a name, and the names of a placeholder."""

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
    ignores,
    letters,
    precedence,
    spelled,
    words,
)
from reference_tree import Paths

Known: TypeAlias = "dict[tuple[str, ...], str]"  # names by their normalized form


class Undetermined(Exception):
    """The page does not define the result, for example for names that depend on themselves."""


class At(NamedTuple):
    """An entry in a directory, and the values of its placeholders."""

    path: str
    entry: Entry
    values: Values
    outer: At | None

    def of(self, entry: Entry) -> At:
        """The nearest directory, this one or above, that an entry governs."""
        return self if self.entry is entry or self.outer is None else self.outer.of(entry)

    @property
    def is_besides(self) -> bool:
        """Whether it applies in addition to the entries of a directory, because of a `**/`."""
        return self.entry.is_every or (self.outer is not None and self.outer.is_besides)


def by_precedence(governed: Governed) -> tuple[object, ...]:
    """The sort key if a name matches several entries."""
    return (*precedence(governed.form), not governed.entry.settings.get("if"), governed.entry.rank)


class Governed(NamedTuple):
    """The entry for a name, the matching form, and the values of its placeholders."""

    entry: Entry
    form: Form
    values: Values
    orphan: bool = False
    unseen: bool = False  # whether it depends on the contents of a directory that is not read
    respelled: bool = False  # whether an entry of the directory itself determines the case of the name
    spelled_by_orphan: bool = False  # whether such an entry exists, but does not know the value


class Names:
    """A layout and a tree: the entry for a name, and the names of placeholders."""

    def __init__(self, layout: Json, paths: Paths) -> None:
        self.layout = layout
        self.paths = paths
        self.files, self.inside = paths.files, paths.inside
        self.owned: dict[str, set[str]] = {}  # by directory: its listed names without a wildcard
        self.owns_unlisted: dict[str, str | None] = {}  # by directory: its `unlisted`
        self.asking: list[object] = []
        self.answers: dict[Any, Any] = {}  # cached results
        self.requiring: dict[Any, set[tuple[str, ...]]] = {}  # the defined names that require counterparts
        self.places: dict[str, list[Entry]] = {}
        self.cased: set[str] = set()
        self._place(layout["tree"], frozenset())
        for places in self.places.values():
            places.sort(key=lambda place: place.order)

    def _place(self, entry: Entry, bound: frozenset[str]) -> None:
        """Records the places of placeholders without a list of values; repetitions in a path do not count."""
        for child in entry.children.values():
            named = holes(child.key[0])
            self.cased |= {p.name for f in child.key[0] for p in f if isinstance(p, Hole) and p.case}
            for name in named:
                if name not in bound and self.values(name) is None:
                    self.places.setdefault(name, []).append(child)
            self._place(child, bound | set(named))

    def naming(self, name: str, what: str) -> Any:
        """The field "case", "pattern", "values", "count" or another one of a placeholder in `names`."""
        return self.layout["names"].get(name, {}).get(what)

    def values(self, name: str) -> list[str] | None:
        said = self.naming(name, "values")
        return None if said is None else list(said)

    def same(self, name: str, value: str) -> tuple[str, ...]:
        """The normalized form of a name: its words if any case is required, otherwise the name itself."""
        return words(value) if name in self.cased or self.naming(name, "case") else (value,)

    def means(self, hole: Hole, value: str, other: str) -> bool:
        """Whether a value equals a name from another place: by its words, or in the case of this place."""
        if self.same(hole.name, value) == self.same(hole.name, other):
            return True
        if hole.case == "lowercase":
            return letters(value) == letters(other)
        return hole.case is not None and spelled(other, hole.case) == value

    def is_known(self, name: str, at: At, governed: Governed) -> bool:
        """Whether the value of a tied placeholder is one of its names here."""
        known = self.known(name, at, governed.values)
        hole = next(part for part in governed.form if isinstance(part, Hole) and part.name == name)
        value = governed.values[name]
        return self.same(name, value) in known or any(
            self.means(hole, value, each) for each in known.values()
        )

    def definers(self, name: str) -> list[Entry]:
        """The places with `if`, otherwise the first place, which can be a group of files and directories.

        A place with the value `false` defines nothing.
        """
        possible = [place for place in self.places[name] if not place.absent]
        first = [place for place in possible if place in (possible[0], possible[0].other)]
        return [place for place in possible if place.settings.get("if")] or first

    def contains(self, path: str, text: str, values: Values) -> bool:
        """Whether a directory contains one of the paths of an `if` or `holds`."""
        return any(self._contains(path, each, values) for each in text.split(" | "))

    def _contains(self, path: str, text: str, values: Values) -> bool:
        known = re.sub(r"<([\w-]+)>", lambda found: values.get(found[1], found[0]), text)
        if "<" in known:
            raise Undetermined("which paths an `if` or a `holds` with a placeholder without a value means")
        table = {"**/": "(?:[^/]+/)*", "*": "[^/]*"}
        parts = re.split(r"(\*\*/|\*)", known)
        regex = re.escape(path) + "".join(table.get(part, re.escape(part)) for part in parts)
        there = self.paths.directories if text.endswith("/") else self.files
        if not self.paths.linked.keys().isdisjoint(above(path)):  # the contents of the link's target
            there = {at + name for at, names in self.inside.items() for name in names} - self.paths.broken
        return any(re.fullmatch(regex, each) for each in there)

    def is_member(self, entry: Entry, path: str, values: Values) -> bool:
        """Whether the `if` of an entry allows it to govern a path."""
        condition = entry.settings.get("if")
        return not condition or self.is_unseen(path) or self.contains(path, condition, values)

    def is_unseen(self, path: str) -> bool:
        return path in self.paths.opaque or path in self.paths.linked

    def tied(self, entry: Entry) -> list[str]:
        """The placeholders of an entry whose names are defined in other places."""
        mine = [name for name in holes(entry.key[0]) if entry in self.places.get(name, ())]
        return [name for name in mine if self.definers(name) and entry not in self.definers(name)]

    def readings(self, at: At, entry: Entry, name: str) -> list[Governed]:
        """The forms of an entry that match a name, with the values of the placeholders."""
        found = []
        for each in entry.key[0]:
            ways: list[Values] = []
            for values in fits(each, name.rstrip("/")):
                if values not in ways and all(self._may(at, part, values) for part in each):
                    ways.append(values)
            found += [Governed(entry, each, {**at.values, **values}) for values in ways]
        return found

    def _may(self, at: At, part: str | Hole, values: Values) -> bool:
        """Whether a placeholder can have this value."""
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
        """The entries for a name: exact names first, then by literal characters, `if` and source order."""
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
        """The entry for a name. With `defined`, only entries that define this placeholder."""
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
            if not each.entry.absent:  # `false` applies only to the tied names
                orphan = orphan or each._replace(orphan=True)
                barred |= set(unknown) if len(unknown) == 1 else set()
                doubtful |= set(unknown)
        return orphan

    def is_governed(self, at: At, name: str) -> bool:
        """Whether there is an entry for a name, also as an orphan, for which the names need not be known."""
        first = next(iter(self.candidates(at, name)), None)
        return first is not None and (not first.entry.absent or self.governor(at, name) is not None)

    def begun(self, at: At, entry: Entry) -> At:
        """The first of the directories of a `<dir**>/`: the one that lists it."""
        return At(at.path, entry, {**at.values, entry.path_hole: ""}, at)

    def spreading(self, at: At, name: str) -> Governed | None:
        """The candidates for a directory below a `<dir**>/`."""
        hole = at.entry.path_hole
        if not hole or not name.endswith("/"):
            return None
        value = f"{at.values[hole]}/{name}".strip("/")
        governed = Governed(at.entry, at.entry.key[0][0], {**at.values, hole: value})
        return governed if not self.tied(at.entry) or self.is_known(hole, at, governed) else None

    def spread_to(self, at: At, name: str) -> Governed | None:
        """The entry for a directory below a `<dir**>/`, if no entry next to it or in it applies."""
        governed = self.spreading(at, name)
        around = [at, at.outer] if governed and at.outer and at.outer.path == at.path else [at]
        return None if any(self.is_governed(view, name) for view in around) else governed

    def spread(self, at: At, entry: Entry) -> Iterator[At]:
        """The directories of a `<dir**>/`."""
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
        """Whether a `<dir**>/` applies in one of its directories: not in links that it matches itself."""
        is_link = at.path in self.paths.linked and at.values[at.entry.path_hole] != ""
        return not (is_link or at.path in self.paths.opaque)

    def known(self, name: str, at: At, values: Values) -> Known:
        """The names of a tied placeholder here."""
        return {each: found[name] for each, (found, _) in self.defined(name, at, values).items()}

    def matches_forbid(self, path: str) -> bool:
        """Whether `forbid` matches a path or one of its parents. It treats links as files."""
        ways = above(path)
        link = next((at for at in ways if at in self.paths.linked), None)
        matched = [*ways[: ways.index(link)], link[:-1]] if link else ways
        return any(ignores(self.layout["forbid"], at) for at in matched)

    def required_names(self, name: str, at: At, values: Values) -> Known:
        """The names of a tied placeholder here that require counterparts."""
        found = self.defined(name, at, values, only_required=True)
        return {each: values[name] for each, (values, _) in found.items()}

    def defined(
        self, name: str, at: At, values: Values, *, only_required: bool = False
    ) -> dict[tuple[str, ...], tuple[Values, str]]:
        """The values of the placeholders in the first path that defines each name, and this path.

        With `only_required`, names of which every path is forbidden by a pattern are left out.
        """
        lines = [place.line for place in self.places[name]]
        scope = next(entry for entry in lines[0][1:] if all(entry in line for line in lines))
        shared = set.intersection(*({x for e in line[1:] for x in e.always} for line in lines))
        start = at.of(scope)
        question = (name, start.path, *sorted((x, self.same(x, values[x])) for x in shared))
        if only_required:
            every, kept = self.defined(name, at, values), self.requiring.get(question, ())
            return {each: every[each] for each in every if each in kept}
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
                    if name in each:  # not all alternatives may have it
                        found.setdefault(self.same(name, each[name]), (each, path))
                        if not self.matches_forbid(path):
                            self.requiring.setdefault(question, set()).add(self.same(name, each[name]))
            self.answers[question] = found
            self.asking.pop()
        answer: dict[tuple[str, ...], tuple[Values, str]] = self.answers[question]
        return answer

    def _names(self, at: At, inwards: list[Entry], name: str, shared: Values) -> Iterator[tuple[Values, str]]:
        """The names that the defining entry governs, below directories of its parent entries.

        Yields the values of the placeholders, with the path, in alphabetical order.
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
