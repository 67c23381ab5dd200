"""Placeholders for paths: `<dir**>/` matches the directories below a directory at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from structlint.layout.entry import Entry, Unlisted
from structlint.matching.children import Assignment, Children, Outcome
from structlint.matching.lookup import Lookup
from structlint.matching.missing import Requirements
from structlint.matching.model import Assigned, EntryMatches, NameMatch, NameMatches
from structlint.matching.scope import Scope
from structlint.matching.scopes import Scopes
from structlint.matching.unseen import Unseen
from structlint.tree import Directory

Enter = Callable[[Directory, Entry, Scope, Unlisted | None], None]


class PathMatcher:
    """Matches `<dir**>/` with a directory and with those below it that no entry beside or in it governs."""

    def __init__(self, lookup: Lookup, scopes: Scopes, requirements: Requirements, unseen: Unseen) -> None:
        self._lookup = lookup
        self._scopes = scopes
        self._requirements = requirements
        self._unseen = unseen

    def match(self, assignment: Assignment, child: Entry, outcome: Outcome, enter: Enter) -> None:
        """Matches such a child of an entry. `enter` matches the content of one directory."""
        placeholder, scope = child.key.placeholders[0], assignment.scope
        defined = self._defined(assignment, child)
        entered: dict[str, Directory] = {}
        beside = [entry for entry in self._lookup.table(assignment.entry).in_turn if entry.key.directory]
        pending = [("", assignment.children.directory)]
        for path, directory in pending:  # grows as it goes
            entered[path] = directory
            before = outcome.children.get(directory.path)
            number = len(before.directories) if before else 0
            enter(directory, child, _inside(scope, placeholder, path), assignment.policy)
            children = outcome.children[directory.path]
            governed = children.directories[number:]
            governed += [] if path else map(assignment.names_of, beside)
            listed = []
            for name in children.directories_for_paths(governed):
                value = f"{path}/{name}" if path else name
                if defined is None or value in defined:
                    listed.append(NameMatch(name, child.key.members[0], {placeholder: value}))
                    inside = children.directory.directories[name]
                    if inside.opaque:
                        self._unseen.forbid_layout(inside, child, _inside(scope, placeholder, value), outcome)
                    else:
                        pending.append((value, inside))
            matches = EntryMatches(directory, child, NameMatches(listed), scope.values)
            children.add(child, matches.names)
            outcome.duplicates += self._scopes.define(matches, scope)
        if defined is not None:
            names = self._scopes.required_names(placeholder, scope)
            required = {name.values[placeholder] for name in names}
            self._require_in_absent(assignment, child, sorted(required - entered.keys()), entered, outcome)

    def _defined(self, assignment: Assignment, child: Entry) -> frozenset[str] | None:
        """The paths that the defining entry has; None if this entry defines them."""
        if not self._scopes.is_tied(child):
            return None
        placeholder = child.key.placeholders[0]
        names = self._scopes.defining_names(placeholder, assignment.scope)
        return frozenset(name.values[placeholder] for name in names)

    def _require_in_absent(
        self,
        assignment: Assignment,
        child: Entry,
        paths: Sequence[str],
        entered: Mapping[str, Directory],
        outcome: Outcome,
    ) -> None:
        """Records tied files that are missing because their directory exists only at the defining entry."""
        table = self._lookup.table(child)
        tied = any(self._scopes.is_tied(entry) for entry in table.in_turn)
        for path in _absent(paths, entered) if tied else ():
            directory = Directory(f"{assignment.children.directory.path}{path}/")
            children = outcome.children.setdefault(directory.path, Children(directory))
            inside = _inside(assignment.scope, child.key.placeholders[0], path)
            inside = self._scopes.entering(child, directory.path, inside)
            there = Assignment(children, child, inside, assignment.policy, Assigned({}, {}))
            self._requirements.check(there, table, outcome, tied_only=True)


def _inside(scope: Scope, placeholder: str, path: str) -> Scope:
    return Scope({**scope.values, placeholder: path}, scope.defined, {})


def _absent(paths: Sequence[str], entered: Mapping[str, Directory]) -> Iterator[str]:
    """The paths of directories that do not exist, except those below a directory that was not entered."""
    for path in paths:
        steps = path.split("/")
        number = len(steps)
        while number and "/".join(steps[:number]) not in entered:
            number -= 1
        if number < len(steps) and steps[number] not in entered["/".join(steps[:number])].directories:
            yield path
