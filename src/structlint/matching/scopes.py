"""Placeholders that tie entries together: the defined values, and the places that define them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from structlint.layout.entry import Entry
from structlint.layout.model import PatternList
from structlint.layout.placeholders import PlaceholderScopes
from structlint.matching.model import Duplicate, EntryMatches, NameMatch, Orphan
from structlint.matching.scope import DefiningNames, Definition, Scope, ScopeNames
from structlint.matching.values import PlaceholderValues, in_case
from structlint.text.paths import steps
from structlint.tree import Directory, Tree

_NOTHING = Directory("")


class Scopes:
    """The names that define the values of tied placeholders, in each scope of the tree.

    Names from one walk over the tree stay known until the end of the next.
    """

    def __init__(
        self, ties: PlaceholderScopes, values: PlaceholderValues, tree: Tree, forbid: PatternList
    ) -> None:
        self._ties = ties
        self._forbid = forbid
        self._values = values
        self._tree = tree
        self._names: dict[tuple[int, str, str], ScopeNames] = {}

    def begin_walk(self) -> None:
        """Starts another walk, which knows the names from the previous one."""
        for names in self._all():
            names.begin_walk()

    @property
    def settled(self) -> bool:
        """Whether the last walk had the right names whenever it used them."""
        return not any(names.late or names.stale for names in self._all())

    def _all(self) -> Iterator[DefiningNames]:
        return (names for scope in self._names.values() for names in scope.values())

    def entering(self, entry: Entry, path: str, scope: Scope) -> Scope:
        """The scope inside a directory that an entry governs, with new counts where they start there."""
        placeholders = self._ties.scopes.get(entry.id)
        if not placeholders:
            return scope
        begun = {
            placeholder: self._names.setdefault((entry.id, path, placeholder), {})
            for placeholder in placeholders
        }
        return Scope(scope.values, {**scope.defined, **begun}, {})

    def is_tied(self, entry: Entry) -> bool:
        """Whether the values of one of its placeholders are defined by another entry."""
        return entry.id in self._ties.tied

    def tied(self, entry: Entry) -> tuple[str, ...]:
        """The placeholders of an entry whose values another entry defines."""
        return self._ties.tied.get(entry.id, ())

    def defined_by(self, entry: Entry) -> tuple[str, ...]:
        """The placeholders whose values an entry defines."""
        return self._ties.defines.get(entry.id, ())

    def define(self, matches: EntryMatches, scope: Scope) -> Iterator[Duplicate]:
        """Records the values in names, if their entry defines the values.

        Yields the names whose unique value another path has already defined.
        """
        for placeholder in self.defined_by(matches.entry) if scope.defined else ():
            if placeholder in scope.defined:
                defining = self._defining_names(placeholder, scope)
                is_unique = placeholder in self._ties.once
                may_forbid = self._may_forbid(matches)
                names = [name for name in matches.present(self._tree) if placeholder in name.values]
                values = [name.values[placeholder] for name in names]
                for name, identity in zip(names, self._values.identities(placeholder, values), strict=True):
                    first, known = defining.add(identity, (matches, name))
                    if not (may_forbid and self._is_forbidden(matches, name)):
                        defining.required.add(identity)
                    if not is_unique or (path := matches.path(name)) == (other := first.path(known)):
                        continue
                    if matches.entry is first.entry and path < other:  # a tied name may come late
                        path, other = other, path
                        defining.replace(identity, (matches, name))
                    yield Duplicate(path, matches.entry, placeholder, other)

    def allow(self, entry: Entry, name: NameMatch, scope: Scope) -> None:
        """Records the values in the name of an opaque directory, which may define them."""
        for placeholder in self.defined_by(entry):
            if placeholder in scope.defined and placeholder in name.values:
                identity = self._values.identity(placeholder, name.values[placeholder])
                self._defining_names(placeholder, scope).possible.add(identity)

    def _may_forbid(self, matches: EntryMatches) -> bool:
        """Whether `forbid` may match the path of a name."""
        if not self._forbid.items:
            return False
        return matches.entry.key.directory or bool(self._tree.links or self._forbidden_files)

    def _is_forbidden(self, matches: EntryMatches, name: NameMatch) -> bool:
        """Whether `forbid` matches the path of a name; for it, a link is a file."""
        path = matches.path(name)
        if path.endswith("/") or self._tree.links:
            return self._forbid.match(self._tree.link_above(path).rstrip("/") or path) is not None
        return path in self._forbidden_files

    @cached_property
    def _forbidden_files(self) -> frozenset[str]:
        return frozenset(path for path, _ in self._forbid.matching(self._tree.file_groups))

    def defining_names(self, placeholder: str, scope: Scope) -> list[NameMatch]:
        """The names that define the values of a tied placeholder."""
        return [name for _, name in self._defining_names(placeholder, scope).known().values()]

    def required_names(self, placeholder: str, scope: Scope) -> list[NameMatch]:
        """The names that require counterparts: not those whose value only forbidden paths define."""
        names = self._defining_names(placeholder, scope)
        return [name for identity, (_, name) in names.known().items() if identity in names.required]

    def required_values(self, placeholder: str, scope: Scope) -> list[str]:
        """The values of `required_names`, each in the placeholder's own case."""
        return [name.values[placeholder] for name in self.required_names(placeholder, scope)]

    def undefined(self, entry: Entry, name: NameMatch, scope: Scope) -> list[str]:
        """The tied placeholders whose values in a name are not defined."""
        return [
            placeholder
            for placeholder in self.tied(entry)
            if placeholder in name.values and self.identity(placeholder, name, scope) is None
        ]

    def are_defined(self, entry: Entry, names: Sequence[NameMatch], scope: Scope) -> bool:
        """Whether the values in all of the names of a tied entry are certainly defined."""
        if len(entry.key.members) > 1 or not names:
            return False
        return all(
            self._defining_names(placeholder, scope).holds(self._identities(placeholder, names))
            for placeholder in self.tied(entry)
        )

    def number_if_complete(self, entry: Entry, names: Sequence[NameMatch], scope: Scope) -> int | None:
        """The number of names that an entry requires, if it has one tied placeholder and all of them exist.

        None if some do not exist, or if it is uncertain.
        """
        key, tied = entry.key, self.tied(entry)
        if len(key.members) > 1 or entry.other or len(tied) != 1 or key.placeholders != tied:
            return None
        placeholder = tied[0]
        if placeholder in scope.values or self._values.naming(placeholder).values:
            return None
        defining = self._defining_names(placeholder, scope)
        required = defining.required & defining.known().keys()
        return len(required) if required <= self._identities(placeholder, names) else None

    def _identities(self, placeholder: str, names: Sequence[NameMatch]) -> set[str]:
        """The identities of the values in the names of an entry without alternatives."""
        return {*self._values.identities(placeholder, [name.values[placeholder] for name in names])}

    def identity(self, placeholder: str, name: NameMatch, scope: Scope) -> str | None:
        """The identity of the value of a tied placeholder in a name, None if it is not defined."""
        value = name.values[placeholder]
        identity = self._values.identity(placeholder, value)
        names = scope.here.get(placeholder) or self._defining_names(placeholder, scope)
        if identity in names.possible or names.get(identity):
            return identity
        case = next(slot.case for slot in name.member.slots if slot.placeholder == placeholder)
        if case is None:
            return None

        def spelled(definition: Definition) -> str:
            return in_case(definition[1].values[placeholder], case)

        return names.spelled(case, spelled).get(in_case(value, case, value))

    def counterparts(self, entry: Entry, wanted: Mapping[str, str], scope: Scope) -> Iterator[str]:
        """The paths that define the values which a tied entry must have too."""
        for placeholder in self.tied(entry):
            if placeholder in wanted:
                identity = self._values.identity(placeholder, wanted[placeholder])
                if definition := self._defining_names(placeholder, scope).get(identity):
                    yield definition[0].path(definition[1])

    def orphan(self, matches: EntryMatches, name: NameMatch, placeholder: str) -> Orphan:
        """The orphan for a name whose value of a placeholder is not defined."""
        value = self._values.in_own_case(placeholder, name.values[placeholder])
        values = {**matches.above, placeholder: value}
        *above, defining = self._ties.defining[placeholder][0]
        if above and above[-1].key.everywhere and not defining.condition:
            expected = matches.directory.path  # tied within each directory, so beside it
        else:
            expected = self._directory_of(above, values)
        members = defining.key.members
        having = (one for one in members if any(slot.placeholder == placeholder for slot in one.slots))
        expected += next(having, members[0]).spelled(values) + ("/" if defining.key.directory else "")
        return Orphan(matches.path(name), matches.entry, placeholder, expected, defining)

    def _directory_of(self, entries: Sequence[Entry], values: Mapping[str, str]) -> str:
        """The directory that entries lead to; for alternatives, the first that exists, else the first."""
        path, directory = "", self._tree.root
        for entry in entries:
            names = [member.spelled(values) for member in entry.key.members]
            name = next((name for name in names if name in directory.directories), names[0])
            for step in steps(name):  # the value of a `<dir**>/` may be empty
                path += f"{step}/"
                directory = directory.directories.get(step, _NOTHING)
        return path

    def _defining_names(self, placeholder: str, scope: Scope) -> DefiningNames:
        """The names that define a placeholder's values here, to look up in or to add to."""
        names = scope.here.get(placeholder)
        if names is None:
            # An alternative may not contain the placeholder.
            within = self._ties.within[placeholder]
            values = tuple(self._values.identity(name, scope.values.get(name, "")) for name in within)
            names = scope.here[placeholder] = scope.defined[placeholder].setdefault(values, DefiningNames())
        return names
