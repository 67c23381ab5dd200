"""Checks the requirements of entries: finds missing paths, and alternatives that exist too often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

from structlint.layout.entry import Entry
from structlint.layout.keys import Slot
from structlint.layout.model import Layout, PatternList
from structlint.matching.children import Assignment, Outcome
from structlint.matching.contents import ContentFinder
from structlint.matching.held import missing_in_matches
from structlint.matching.lookup import ChildTable, Lookup
from structlint.matching.model import Conflict, EntryMatches, Missing, NameMatch, PlaceholderCount, Stray
from structlint.matching.needs import Needs
from structlint.matching.scope import Scope
from structlint.matching.scopes import Scopes
from structlint.matching.values import PlaceholderValues
from structlint.text.paths import inherited, parent
from structlint.tree import Tree


class Requirements:
    """Checks the requirements that entries of a layout have for the directories of a tree."""

    def __init__(
        self,
        root: Entry,
        tree: Tree,
        values: PlaceholderValues,
        scopes: Scopes,
        contents: ContentFinder,
        lookup: Lookup,
    ) -> None:
        self._needs = Needs(root, tree, contents, lookup)
        self._tree = tree
        self._values = values
        self._scopes = scopes
        self._contents = contents
        self._requiring: dict[int, Sequence[tuple[Entry, bool]]] = {}

    def check(
        self, assignment: Assignment, table: ChildTable, outcome: Outcome, *, tied_only: bool = False
    ) -> None:
        """Records the missing paths of the children of an entry in a directory, and excess ones.

        With `tied_only`, only children whose names other entries define are checked.
        """
        for child, any_name_will_do in self._requiring_children(assignment.entry, table):
            if tied_only and not self._scopes.is_tied(child):
                continue
            if any_name_will_do and not self._tree.links and assignment.names_of(child):
                outcome.fulfilled += not assignment.is_lifted(child)
            else:
                self._check_child(assignment, child, outcome)

    def _requiring_children(self, entry: Entry, table: ChildTable) -> Sequence[tuple[Entry, bool]]:
        """The children with a requirement, and for each whether any one name satisfies it."""
        if entry.id not in self._requiring:
            requiring = [child for child in table.in_turn if not child.forbidden and self._requires(child)]
            self._requiring[entry.id] = [(child, self._any_name_will_do(child)) for child in requiring]
        return self._requiring[entry.id]

    def _requires(self, child: Entry) -> bool:
        """Whether an entry can cause a missing path, or one too many."""
        return (
            child.wanted
            or child.key.exclusive
            or bool(child.needs or child.without or child.holds or self._counted(child))
        )

    def _any_name_will_do(self, child: Entry) -> bool:
        if child.other or child.key.exclusive or child.needs or child.without or child.holds:
            return False
        tied = self._scopes.tied(child)
        every_value = any(name in tied or self._values.naming(name).values for name in child.key.placeholders)
        return not (every_value or self._counted(child))

    def _counted(self, child: Entry) -> list[str]:
        """The placeholders whose values are counted where an entry defines them."""
        return [name for name in self._scopes.defined_by(child) if self._values.naming(name).counted]

    def _check_child(self, assignment: Assignment, child: Entry, outcome: Outcome) -> None:
        children = assignment.children
        matches = assignment.matches(child, assignment.names_of(child))
        present = matches.present(self._tree)
        if (child.wanted or child.key.exclusive) and not assignment.is_lifted(child):
            self._check_names(assignment, matches, outcome)
        for name in present if child.needs else ():
            children.missing += self._needs.missing(assignment.entry, matches, name)
        for name in sorted(present, key=lambda name: name.name) if child.without else ():
            outcome.conflicts += self._needs.conflicts(assignment.entry, matches, name)
        for contents in child.holds:
            missing, undecided = missing_in_matches(self._contents, matches, present, contents)
            children.missing += missing
            outcome.undecided += undecided
        outcome.counts += self._counts(assignment, matches)

    def _check_names(self, assignment: Assignment, matches: EntryMatches, outcome: Outcome) -> None:
        """Records the missing required names of an entry, and exclusive alternatives that exist together.

        In a group of directories and files the entry of the directories is checked, with both.
        """
        child, scope = matches.entry, assignment.scope
        if child.other and not child.key.directory:
            return
        number = self._scopes.number_if_complete(child, matches.present(self._tree), scope)
        if number is not None:
            outcome.fulfilled += number
            return
        groups = self._halves(assignment, matches)
        required = self._required_values(child, scope)
        tied = self._scopes.tied(child)
        present = (self._by_values(required, group.present(self._tree), scope, tied) for group in groups)
        by_values = {values for by_group in present for values in by_group}
        if child.key.exclusive:
            self._check_alone(child, groups, [*required, *_common_placeholders(child)], scope, outcome)
        if not child.wanted:
            return
        wanted_values = self._combinations(required, scope)
        exists = _among(by_values)
        absent = [wanted for wanted in wanted_values if not exists(self._identities(wanted))]
        if child.id in assignment.undecided:
            absent = []  # an opaque directory may contain it
        for group in groups:
            absent = [row for row in absent if not self._is_there(group, {**scope.values, **row})]
        outcome.fulfilled += len(wanted_values) - len(absent)
        assignment.children.missing += (self._missing(groups, wanted, scope) for wanted in absent)

    def _halves(self, assignment: Assignment, matches: EntryMatches) -> list[EntryMatches]:
        """The names of an entry and, if it is one half of a group, those of the other half."""
        other = matches.entry.other and assignment.entry.children.get(matches.entry.other)
        return [matches, assignment.matches(other, assignment.names_of(other))] if other else [matches]

    def _check_alone(
        self,
        child: Entry,
        groups: Sequence[EntryMatches],
        placeholders: Iterable[str],
        scope: Scope,
        outcome: Outcome,
    ) -> None:
        """Records several alternatives of an entry with the same values of some placeholders."""
        placeholders, tied = dict.fromkeys(placeholders), self._scopes.tied(child)
        by_identity: dict[tuple[str, ...], list[tuple[EntryMatches, NameMatch]]] = {}
        for group in groups:
            by_values = self._by_values(placeholders, group.present(self._tree), scope, tied)
            for values, names in by_values.items():
                by_identity.setdefault(values, []).extend((group, name) for name in names)
        for pairs in by_identity.values():
            if len({(group.entry.id, name.member) for group, name in pairs}) > 1:
                paths = sorted((group.path(name) for group, name in pairs), key=lambda path: path.rstrip("/"))
                outcome.conflicts.append(Conflict(tuple(paths), child))

    def _required_values(self, child: Entry, scope: Scope) -> dict[str, list[str]]:
        """The placeholders of an entry whose values must all exist, with these values."""
        tied = self._scopes.tied(child)
        required = {}
        for placeholder in child.key.placeholders:
            if placeholder in scope.values:
                continue
            if values := self._values.naming(placeholder).values:
                required[placeholder] = list(values)
            elif placeholder in tied:
                required[placeholder] = self._scopes.required_values(placeholder, scope)
        return required

    def _combinations(self, required: Mapping[str, list[str]], scope: Scope) -> list[dict[str, str]]:
        """All combinations of the required values; for a unique placeholder, those of existing names."""
        unique = next((name for name in required if self._is_unique(name)), None)
        rows: list[dict[str, str]] = [{}]
        if unique:
            names = self._scopes.required_names(unique, scope)
            rows = [
                {
                    placeholder: name.values[placeholder]
                    for placeholder in required
                    if placeholder in name.values
                }
                for name in names
            ]
        combinations = []
        for row in rows:
            lists = [[row[name]] if name in row else values for name, values in required.items()]
            combinations += [dict(zip(required, row, strict=True)) for row in product(*lists)]
        return combinations

    def _is_unique(self, placeholder: str) -> bool:
        naming = self._values.naming(placeholder)
        return naming.unique and not naming.values

    def _by_values(
        self, placeholders: Collection[str], names: Sequence[NameMatch], scope: Scope, tied: Collection[str]
    ) -> Mapping[tuple[str, ...], Sequence[NameMatch]]:
        """Names by the identities of their values of some placeholders; "" where a name has no value."""
        if not placeholders:
            return {(): names} if names else {}
        by_values: dict[tuple[str, ...], list[NameMatch]] = {}

        def identity(placeholder: str, name: NameMatch) -> str:
            if placeholder not in name.values:
                return ""
            defined = self._scopes.identity(placeholder, name, scope) if placeholder in tied else None
            return defined or self._values.identity(placeholder, name.values[placeholder])

        for name in names:
            values = tuple([identity(slot, name) for slot in placeholders])
            by_values.setdefault(values, []).append(name)
        return by_values

    def _identities(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return tuple([self._values.identity(placeholder, value) for placeholder, value in values.items()])

    def _missing(self, groups: Sequence[EntryMatches], wanted: Mapping[str, str], scope: Scope) -> Missing:
        """The missing path of an entry, if no name has the required values."""
        matches = groups[0]
        child = matches.entry
        known = {**scope.values, **wanted}
        names = tuple(
            f"{self._values.spelled(member, known)}{'/' if matches.entry.key.directory else ''}"
            for matches in groups
            for member in matches.entry.key.members
        )
        return Missing(
            matches.directory.path + names[0],
            child,
            names,
            child.place,
            counterparts=tuple(self._scopes.counterparts(child, wanted, scope)),
            value=self._description(child, wanted),
        )

    def _is_there(self, matches: EntryMatches, values: Mapping[str, str]) -> bool:
        """Whether a required path exists although another entry governs it."""
        key, directory = matches.entry.key, matches.directory
        if matches.entry.condition or not (key.placeholders or matches.entry.other):
            return False  # an exact name that is required is governed by its own entry
        names: Collection[str] = directory.directories if key.directory else directory.files
        slash = "/" if key.directory else ""
        spelled = (self._values.spelled(member, values) for member in key.members)
        return any(
            name in names and not self._tree.is_broken_link(f"{directory.path}{name}{slash}")
            for name in spelled
        )

    def _description(self, child: Entry, wanted: Mapping[str, str]) -> str:
        """The description of the required value, if the name is only a placeholder."""
        parts = child.key.members[0].parts
        if len(parts) != 1 or not isinstance(parts[0], Slot) or parts[0].placeholder not in wanted:
            return ""
        placeholder = parts[0].placeholder
        return self._values.naming(placeholder).descriptions.get(wanted[placeholder], "")

    def _counts(self, assignment: Assignment, matches: EntryMatches) -> Iterator[PlaceholderCount]:
        """The number of values of the placeholders whose number is limited.

        Another alternative may exist instead. A group is counted once, with its directories.
        """
        entry = matches.entry
        halves = self._halves(assignment, matches)
        is_group = len(entry.key.members) > 1 or entry.other is not None
        for placeholder in self._counted(entry):
            counted = [half for half in halves if placeholder in self._scopes.defined_by(half.entry)]
            if len(counted) > 1 and not entry.key.directory:
                continue
            names = (name for half in counted for name in half.present(self._tree))
            spellings = {name.values[placeholder] for name in names if placeholder in name.values}
            number = len({self._values.identity(placeholder, spelling) for spelling in spellings})
            if number or not (entry.wanted or is_group):
                is_mixed = len(counted) > 1
                yield PlaceholderCount(matches.directory.path, entry, placeholder, number, is_mixed)


def _common_placeholders(entry: Entry) -> Iterator[str]:
    """The placeholders that each alternative of an entry has."""
    keys = [entry.key, *([entry.other] if entry.other else [])]
    return (name for name in entry.key.always if all(name in key.always for key in keys))


def _among(existing: Collection[tuple[str, ...]]) -> Callable[[tuple[str, ...]], bool]:
    """A function that tells whether values exist. An alternative without a placeholder has each value."""
    if not any("" in values for values in existing):
        return existing.__contains__
    lacking = {tuple(value == "" for value in values) for values in existing}

    def exists(wanted: tuple[str, ...]) -> bool:
        known = (tuple("" if no else own for own, no in zip(wanted, each, strict=True)) for each in lacking)
        return any(values in existing for values in known)

    return exists


def strictest(missing: Iterable[Missing]) -> list[Missing]:
    """The missing paths, each once: requirements go before recommendations, entries before `needs`.

    Entries also go before `holds`, and paths with a near miss before those without one. A directory can be
    empty for one entry and missing for another, which has an `if`.
    """

    def looseness(one: Missing) -> tuple[bool, bool, bool]:
        return one.recommended, bool(one.needed_by or one.within), not one.near_miss

    by_strictness = sorted(missing, key=looseness)
    return list({(one.path, one.empty): one for one in reversed(by_strictness)}.values())


def without_governed(missing: Iterable[Missing], strays: Iterable[Stray]) -> list[Missing]:
    """The missing paths, without those that a directory satisfies which another entry governs."""
    unlisted = {stray.path for stray in strays}
    return [one for one in missing if one.link or unlisted.issuperset(one.rejected)]


def without_forbidden(
    missing: Iterable[Missing], outcome: Outcome, forbid: PatternList, tree: Tree
) -> list[Missing]:
    """The missing paths, without those in a forbidden directory and those that a forbidden path needs.

    For a pattern, a link to a directory is a file, and what is below it is in the directory that it leads to.
    """
    tops = {
        matches.path(name)
        for matches in outcome.entry_matches
        if matches.entry.forbidden
        for name in matches.names
    }

    known = {"": False}

    def is_itself_forbidden(path: str) -> bool:
        return path in tops or forbid.match(tree.link_above(path).rstrip("/") or path) is not None

    def is_forbidden(path: str) -> bool:
        return inherited(path, known, lambda below, above: above or is_itself_forbidden(below))

    def real(path: str) -> str:
        link = tree.link_above(parent(path))
        leads = tree.links[link[:-1]].leads if link else ""
        return f"{leads}/{path.removeprefix(link)}".lstrip("/") if link else path

    def is_required(one: Missing) -> bool:
        requiring = one.within or (parent(one.path),)
        is_lost = all(directory and is_forbidden(directory) for directory in requiring)
        is_dropped = one.needed_by and any(map(is_forbidden, (one.needed_by, real(one.needed_by))))
        return not (is_lost or is_dropped)

    return [one for one in missing if is_required(one)] if tops or forbid.items else list(missing)


def without_ignored(
    missing: Sequence[Missing], layout: Layout, tree: Tree
) -> tuple[list[Missing], list[Missing]]:
    """The missing paths, and separately those that only a document draws and that git would ignore.

    Git would also not keep a directory if it ignores everything drawn in it.
    """
    drawn = {one.path: one for one in missing if one.origin.file in layout.documents}
    if not drawn:
        return list(missing), []
    inside = {path: list(_leaves(one.entry, path)) for path, one in drawn.items()}
    ignored = tree.source.would_ignore([*drawn, *(path for paths in inside.values() for path in paths)])
    kept_out = {path for path in drawn if path in ignored or ignored.issuperset(inside[path] or [path])}
    return (
        [one for one in missing if one.path not in kept_out],
        [one for path, one in drawn.items() if path in kept_out],
    )


def _leaves(entry: Entry, path: str) -> Iterator[str]:
    """The paths that the innermost entries in a directory require."""
    for child in entry.children.values():
        if child.wanted:
            slash = "/" if child.key.directory else ""
            inner = f"{path}{child.key.members[0].spelled({})}{slash}"
            yield from list(_leaves(child, inner)) or [inner]
