"""Walks over a tree from the root down, and assigns each name to the entry that governs it.

The children of an entry are matched in the order in which the layout first names them. So an entry that
defines the values of a placeholder is matched before those that are tied to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from structlint.layout.entry import Entry, Level, Unlisted, share
from structlint.layout.model import Layout, PatternList
from structlint.matching.children import Assignment, Children, Outcome
from structlint.matching.contents import ContentFinder
from structlint.matching.held import missing_in_directory
from structlint.matching.lookup import ChildTable, Lookup
from structlint.matching.missing import Requirements
from structlint.matching.model import (
    Assigned,
    DirectoryMatch,
    EntryMatches,
    NameMatch,
    NameMatches,
    Undecided,
)
from structlint.matching.near_miss import with_near_misses
from structlint.matching.paths import PathMatcher
from structlint.matching.scope import Scope
from structlint.matching.scopes import Scopes
from structlint.matching.unseen import Unseen
from structlint.matching.values import PlaceholderValues
from structlint.text.paths import name_of, parent, upwards
from structlint.tree import Directory, Tree

_MOST_WALKS = 6


class Matcher:
    """Matches a tree with a layout. It is created for one match and keeps the state of its walks."""

    def __init__(self, layout: Layout, tree: Tree, assumed: Collection[str] = ()) -> None:
        """`assumed` are directories that do not exist yet and are assumed to meet any `if`."""
        self._values = values = PlaceholderValues(layout)
        self._emptied = _emptied(tree, layout.exclude)
        self._contents = ContentFinder(tree, self._emptied, assumed)
        self.lookup = Lookup(values, self._contents, layout.layers)
        self._layout = layout
        self._tree = tree
        self._scopes = Scopes(layout.ties, values, tree, layout.forbid)
        self._requirements = Requirements(
            layout.root, tree, values, self._scopes, self._contents, self.lookup
        )
        self._unseen = Unseen(tree, self.lookup, self._emptied)
        self._paths = PathMatcher(self.lookup, self._scopes, self._requirements, self._unseen)
        self._outcome = Outcome()
        self._applies_everywhere = False
        self._linking: list[Assignment] = []  # where broken links can be in place of directories
        self._everywhere: dict[str, list[tuple[Entry, Scope]]] = {}  # the `**/` of each directory

    def outcome(self) -> Outcome:
        """Matches every directory that an entry governs.

        Names that define placeholders stay known from one walk to the next. A second walk therefore settles
        names that the first one reached before their definitions. Names that depend on themselves may never
        settle.
        """
        outcome = self._walk()
        for _ in range(_MOST_WALKS - 1):
            if self._scopes.settled:
                break
            self._scopes.begin_walk()
            outcome = self._walk()
        return outcome

    def _walk(self) -> Outcome:
        self._outcome = Outcome()
        self._everywhere = {}
        self._linking = []
        self._applies_everywhere = False
        self._enter(self._tree.root, self._layout.root, Scope({}, {}, {}), None)
        self._apply_everywhere()
        self._unseen.require_of_broken_links(self._linking)
        _forget_unmatched(self._outcome.children)
        return self._outcome

    def _enter(self, directory: Directory, entry: Entry, scope: Scope, policy: Unlisted | None) -> None:
        """Matches the content of a directory with the children of an entry that governs it."""
        children = self._children(directory)
        children.entries.append(entry)
        children.values.append(scope.values)
        if is_everywhere := entry.key.everywhere:
            children.note_own(self._values.decides_spelling)
        elif not children.policy_is_own and (entry.unlisted or not self._applies_everywhere):
            children.apply_policy(entry, policy)
        children.inherited = children.inherited or policy
        policy = children.policy_below
        self._outcome.directory_matches.append(DirectoryMatch(directory, entry))
        if entry is self._layout.root or is_everywhere:
            children.missing += missing_in_directory(self._contents, directory, entry, scope.values)
        if not entry.children:
            return
        table = self.lookup.table(entry)
        is_shut = is_everywhere and children.shut
        if table.closed:
            children.closed_by = children.closed_by or entry
            children.shut = children.shut or is_everywhere
        if not is_everywhere:
            children.list_exact(table.exact)
            children.layered |= table.layered
        scope = self._scopes.entering(entry, directory.path, scope)
        assigned = self.lookup.assign(children.directory, table, scope.values)
        if is_everywhere and (children.exact or is_shut):
            assigned = _without_own(assigned, table, children, is_shut, self._scopes)
        assignment = Assignment(children, entry, scope, policy, assigned, is_shut)
        if table.everywhere:
            applying = self._everywhere.setdefault(directory.path, [])
            applying.extend((entry, scope) for entry in table.everywhere)
        self._leave_undecided(assignment)
        for child in table.in_turn:
            assignment.settled.add(child.id)
            if self._scopes.is_tied(child):
                self._settle(assignment, child, assignment.take(child))
            elif names := assignment.names_of(child):
                self._place(assignment, child, names)
        for child in table.paths:
            self._paths.match(assignment, child, self._outcome, self._enter)
        if self._tree.links:
            self._linking.append(assignment)
        self._requirements.check(assignment, table, self._outcome)

    def _leave_undecided(self, assignment: Assignment) -> None:
        """Records opaque directories whose `if` cannot be decided. They are neither governed nor unlisted."""
        for child in assignment.entry.children.values() if assignment.undecided else ():
            for name in assignment.undecided.get(child.id, ()):
                self._note_undecided(assignment, child, name)

    def _note_undecided(self, assignment: Assignment, child: Entry, name: NameMatch) -> None:
        children = assignment.children
        children.undecided.add(name.name)
        if child.condition:
            path = f"{children.directory.path}{name.name}/"
            self._outcome.undecided.append(Undecided(path, child.condition))
        self._scopes.allow(child, name, assignment.scope)

    def _children(self, directory: Directory) -> Children:
        children = self._outcome.children.get(directory.path)
        if children is None:
            names = [
                name for name in self._emptied.get(directory.path, ()) if name not in directory.directories
            ]
            held = _with_empty(directory, names) if names else directory
            children = self._outcome.children[directory.path] = Children(held, names)
        return children

    def _settle(self, assignment: Assignment, child: Entry, names: NameMatches) -> None:
        """Settles names of a tied entry: those with an undefined value go to another one, or are orphans."""
        scope = assignment.scope
        if self._scopes.are_defined(child, names, scope):
            self._place_again(assignment, child, names)
            return
        defined: list[NameMatch] = []
        undefined: list[NameMatch] = []
        for name in names:
            (undefined if self._scopes.undefined(child, name, scope) else defined).append(name)
        if defined:
            self._place_again(assignment, child, NameMatches(defined) if undefined else names)
        for name in undefined:  # again, because the names just placed may have defined its value
            if not self._scopes.undefined(child, name, scope):
                self._place_again(assignment, child, NameMatches([name]))
            elif governing := _governing(self.lookup, self._scopes, assignment, child, name):
                self._give(assignment, *governing)

    def _give(self, assignment: Assignment, entry: Entry, name: NameMatch, undefined: str | None) -> None:
        """Assigns a name to an entry, as an orphan if the value of a placeholder is not defined."""
        if assignment.merely_allows(entry, name):
            return
        inside = assignment.children.directory.directories[name.name] if entry.key.directory else None
        if self.lookup.is_member(entry, name, inside, assignment.scope.values) is None:
            assignment.undecided[entry.id] = [*assignment.undecided.get(entry.id, ()), name]
            self._note_undecided(assignment, entry, name)
        elif entry.id not in assignment.settled:
            assignment.add(entry, [name])
        elif undefined is None:
            self._place_again(assignment, entry, NameMatches([name]))
        else:
            self._orphan(assignment, entry, name, undefined)

    def _orphan(self, assignment: Assignment, child: Entry, name: NameMatch, placeholder: str) -> None:
        """Lists a name under the entry that it matches although a placeholder's value is not defined."""
        names = NameMatches([name])
        assignment.add(child, names)
        assignment.children.add(child, names)
        orphan = self._scopes.orphan(assignment.matches(child, names), name, placeholder)
        self._outcome.orphans.append(orphan)

    def _place_again(self, assignment: Assignment, child: Entry, names: NameMatches) -> None:
        """Returns names to the entry that they were taken from to be settled, and lists them."""
        if assignment.is_shut:
            names = NameMatches(name for name in names if not assignment.merely_allows(child, name))
        assignment.add(child, names)
        self._place(assignment, child, names)

    def _place(self, assignment: Assignment, child: Entry, names: NameMatches) -> None:
        """Lists names under the entry that governs them, and enters those that are directories."""
        children, scope = assignment.children, assignment.scope
        matches = assignment.matches(child, names)
        if children.own and assignment.entry.key.everywhere:
            self._outcome.entry_matches += _by_spelling(matches, children.own)
        else:
            self._outcome.entry_matches.append(matches)
        children.add(child, names)
        if scope.defined and self._scopes.defined_by(child):
            self._outcome.duplicates += self._scopes.define(matches, scope)
        if child.key.directory and not child.forbidden:
            directories = children.directory.directories
            for name in names:
                directory = directories[name.name]
                if not directory.opaque:
                    self._enter(directory, child, scope.inside(name), assignment.policy)
                    continue
                self._unseen.forbid_layout(directory, child, scope.inside(name), self._outcome)
                self._look_into(directory, assignment, child, name)

    def _look_into(self, directory: Directory, assignment: Assignment, child: Entry, name: NameMatch) -> None:
        """Matches the target of a link to another directory, and records opaque directories."""
        linked = self._unseen.look_into(directory, assignment, child, self._outcome)
        if linked is None:
            return
        around = map(self._outcome.children.get, upwards(assignment.children.directory.path))
        policy = next((children.policy for children in around if children and children.policy), None)
        outer, self._outcome = self._outcome, Outcome()
        linking, self._linking = self._linking, []
        self._enter(linked, child, assignment.scope.inside(name), policy)
        self._unseen.require_of_broken_links(self._linking)  # no `**/` applies here
        inner, self._outcome = self._outcome, outer
        self._linking = linking
        self._unseen.note_unlisted(directory.path, inner, self._everywhere, outer)
        outer.unseen += inner.unseen
        for children in inner.children.values():
            missing = with_near_misses(children)
            assignment.children.missing += [one._replace(link=directory.path) for one in missing]

    def _apply_everywhere(self) -> None:
        """Applies each `**/` to the directories below its own that are not stray."""
        self._applies_everywhere = bool(self._everywhere)
        if not self._applies_everywhere:
            return
        for assigned in self._outcome.children.values():
            assigned.policy_is_own = any(entry.unlisted for entry in assigned.entries)
        pending: list[tuple[Directory, list[tuple[Entry, Scope]], Unlisted | None]]
        pending = [(self._tree.root, [], self._layout.root.unlisted)]
        while pending:
            directory, applying, policy = pending.pop()
            children = self._outcome.children.get(directory.path)
            if children:
                children.inherited = policy
            for entry, scope in reversed(applying):  # a nearer one may close what a farther one opens
                if self.lookup.applies(entry, directory, scope.values):
                    self._enter(directory, entry, scope, policy)
            children = self._outcome.children.get(directory.path)
            policy = (children.policy_below if children else None) or policy
            declared = self._everywhere.get(directory.path, [])
            policy = next((entry.unlisted for entry, _ in declared if entry.unlisted), policy)
            applying = applying + declared
            closed = children and children.closed_by and children.effective_policy != "allow"
            strays = set(children.unlisted_directories()) if children and closed else ()
            for name, inside in directory.directories.items():
                if name in strays:
                    continue
                if inside.opaque:
                    for entry, scope in applying:
                        self._unseen.forbid_layout(inside, entry, scope, self._outcome)
                else:
                    pending.append((inside, applying, policy))
            for name in self._emptied.get(directory.path, ()):
                path = f"{directory.path}{name}/"
                if name not in directory.directories and (not closed or path in self._outcome.children):
                    pending.append((Directory(path), applying, policy))


def _forget_unmatched(known: Mapping[str, Children]) -> None:
    """Removes directories that contain only excluded files and match no entry."""
    for children in known.values():
        for name in children.emptied:
            is_matched = f"{children.directory.path}{name}/" in known or children.lists(name, directory=True)
            if not is_matched:
                del children.directory.directories[name]


def _governing(
    lookup: Lookup, scopes: Scopes, assignment: Assignment, child: Entry, name: NameMatch
) -> tuple[Entry, NameMatch, str | None] | None:
    """The entry that governs a name of `child` in which the value of a placeholder is not defined.

    It is the first one that matches the name with defined values, which may be another reading of the
    same entry. If there is none, the name is an orphan, and the placeholder is returned too. An entry
    that is `false` forbids only names that are defined.
    """
    scope = assignment.scope
    inside = assignment.children.directory.directories[name.name] if child.key.directory else None
    alternatives = lookup.alternatives(assignment.entry, name.name, inside, scope.values)
    fitting = [governing for governing in alternatives if share(governing[0].layers, child.layers)]
    # The name also matches the entry that defines these, so it may define them itself.
    own = {placeholder for entry, _ in fitting for placeholder in scopes.defined_by(entry)}
    orphan: tuple[Entry, NameMatch, str | None] | None = None
    barred: set[str] = set()
    for entry, match in fitting:
        if barred.intersection(match.values) and not (orphan and entry is orphan[0]):
            continue
        undefined = scopes.undefined(entry, match, scope)
        if not undefined:
            return entry, match, None
        if not entry.forbidden:
            lacking = [placeholder for placeholder in undefined if placeholder not in own] or undefined
            orphan = orphan or (entry, match, lacking[0])
            barred.update(lacking)
    return orphan


def _by_spelling(matches: EntryMatches, own: Collection[str]) -> Iterator[EntryMatches]:
    """The names that one entry governs, separated by whether another entry decides their spelling."""
    slash = "/" if matches.entry.key.directory else ""
    if any(f"{name.name}{slash}" in own for name in matches.names):
        for respelled in (True, False):
            names = (name for name in matches.names if (f"{name.name}{slash}" in own) == respelled)
            yield matches._replace(names=NameMatches(names), respelled=respelled)
    else:
        yield matches


def _without_own(
    assigned: Assigned, table: ChildTable, children: Children, is_shut: bool, scopes: Scopes
) -> Assigned:
    """The names assigned to the children of a `**/`, without those that the directory itself decides on.

    These are the names that it lists without a wildcard. Where a nearer `**/` has closed the directory (it
    `is_shut`), they are also those that this one would only allow. A tied name may still go to another entry.
    """
    by_id = {child.id: child for child in table.in_turn}

    def is_left(child: Entry, name: str) -> bool:
        slash = "/" if child.key.directory else ""
        if children.lifts(f"{name}{slash}", child):
            return False
        merely_allowed = is_shut and child.level is Level.OPTIONAL and not scopes.is_tied(child)
        return not merely_allowed or children.lists(name, child.key.directory)

    def left(names: Mapping[int, Sequence[NameMatch]]) -> Iterator[tuple[int, list[NameMatch]]]:
        for number, matches in names.items():
            if kept := [match for match in matches if is_left(by_id[number], match.name)]:
                yield number, kept

    return Assigned(
        {number: NameMatches(names) for number, names in left(assigned.names)},
        dict(left(assigned.undecided)),
    )


def _emptied(tree: Tree, exclude: PatternList) -> dict[str, list[str]]:
    """By the path of a directory: the subdirectories with excluded files that are not excluded themselves."""
    emptied: dict[str, list[str]] = {}
    excluded = {path for path, _ in exclude.matching(tree.left_out_groups)} if tree.left_out else ()
    for path in sorted(tree.left_out):
        if path not in excluded:
            emptied.setdefault(parent(path), []).append(name_of(path))
    return emptied


def _with_empty(directory: Directory, names: Sequence[str]) -> Directory:
    """A directory with more subdirectories, which are empty."""
    copy = Directory(directory.path)
    copy.files = directory.files
    empty = {name: Directory(f"{directory.path}{name}/") for name in names}
    copy.directories = dict(sorted({**directory.directories, **empty}.items()))
    return copy
