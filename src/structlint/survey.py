"""A layout held against a tree: every directory matched, once, with the entries that govern it.

Directories are matched in the order in which the layout lists its entries. So the first occurrence of
a placeholder, which defines what names there are, is always matched before those tied to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from structlint.finding import Place
from structlint.layout.keys import EVERYWHERE, STAR, Admits, Key, Name, Slot
from structlint.layout.model import (
    Bound,
    Entry,
    Ignore,
    Layout,
    Level,
    Naming,
    Need,
    Reason,
    Reasons,
    Strays,
)
from structlint.layout.twins import Twins
from structlint.naming import key, spell
from structlint.ports import manifests
from structlint.quoting import quote
from structlint.tree import Directory, Tree

if TYPE_CHECKING:
    from structlint.ports.port import Sighted

NO_NAMING = Naming(Place("", 1))


class Held(NamedTuple):
    """A directory and an entry that governs it."""

    directory: Directory
    entry: Entry


class Unlisted(NamedTuple):
    """A file or directory that no entry lists, in a directory that lists what it holds."""

    path: str
    policy: Strays
    within: Entry


class Missing(NamedTuple):
    """What an entry, or a `needs`, asks for and is not there.

    `names` are the names that would do, the first being the one in `path`. `twin` is an unlisted name
    that was likely meant, `empty` a directory that is on disk but holds nothing git would keep,
    `counterparts` are the paths that define the names which are wanted here too. `value` is what is said
    of the value that is wanted, where the name is nothing but a placeholder.
    """

    path: str
    entry: Entry
    names: tuple[str, ...]
    asked: Place
    because: str = ""
    twin: str = ""
    empty: bool = False
    counterparts: tuple[str, ...] = ()
    value: str = ""

    @property
    def directory(self) -> bool:
        return self.path.endswith("/")

    @property
    def softly(self) -> bool:
        """Whether who asks for it only recommends."""
        return self.entry.level is Level.RECOMMENDED


class Orphan(NamedTuple):
    """A name at a tied place that its defining place does not have."""

    path: str
    entry: Entry
    placeholder: str
    expected: str


class Crowded(NamedTuple):
    """More than one of the alternatives of which exactly one may be there."""

    paths: tuple[str, ...]
    entry: Entry


class Counted(NamedTuple):
    """How many names a placeholder has in one directory."""

    path: str
    entry: Entry
    placeholder: str
    number: int


class Claim(NamedTuple):
    """A name with the member of an entry's key that it fits, and what its placeholders are.

    Directories that hold the same name and are governed by the same entry share one.
    """

    name: str
    member: Name
    values: Mapping[str, str]


class Governed(NamedTuple):
    """A path and the entry that governs it, where the entry says more than that it may be there.

    `above` are the values that the placeholders have in the directory it is in.
    """

    path: str
    entry: Entry
    claim: Claim
    above: Mapping[str, str]

    @property
    def values(self) -> Mapping[str, str]:
        """What the placeholders are, on the way to the path and in its name."""
        return {**self.above, **self.claim.values}


class Together(NamedTuple):
    """What one entry governs in one directory."""

    directory: Directory
    entry: Entry
    claims: Sequence[Claim]
    above: Mapping[str, str]

    def path(self, claim: Claim) -> str:
        """The path of one of the names."""
        return f"{self.directory.path}{claim.name}{'/' if self.entry.key.directory else ''}"

    def governed(self, claim: Claim) -> Governed:
        """One of the names by itself."""
        return Governed(self.path(claim), self.entry, claim, self.above)


# What has the names that a placeholder has in one place, by the identity of the name; and the same of one
# scope, by the values of those that the placeholder is tied within.
_Names = dict[str, tuple[Together, Claim]]
_Scope = dict[tuple[str, ...], _Names]


class _Surroundings(NamedTuple):
    """What is known on the way down: the placeholders' values, and the names defined in each scope.

    `names` remembers which of the names defined are those that the values lead to.
    """

    values: Mapping[str, str]
    defined: Mapping[str, _Scope]
    names: dict[str, _Names]


class _Listing:
    """What the entries that govern one directory list of it."""

    __slots__ = ("closed", "directories", "directory", "entries", "files", "missing", "policy")

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.entries: list[Entry] = []
        self.closed = False
        self.policy: Strays | None = None
        self.files: list[Sequence[Claim]] = []  # what is listed, as `directories`
        self.directories: list[Sequence[Claim]] = []
        self.missing: list[Missing] = []

    @property
    def effective(self) -> Strays:
        return self.policy or ("directories" if self.directory.path else "all")

    def unlisted_files(self) -> list[str]:
        return self._unlisted(self.directory.files, self.files)

    def unlisted_directories(self) -> list[str]:
        return self._unlisted(self.directory.directories, self.directories)

    def _unlisted(self, names: Collection[str], listed: list[Sequence[Claim]]) -> list[str]:
        if len(self.entries) == 1 and sum(map(len, listed)) == len(names):
            return []  # one entry lists a name once
        known = {claim.name for claims in listed for claim in claims}
        return [name for name in names if name not in known]


class _Match(NamedTuple):
    """One directory, one entry that governs it, and the names under the `id` of the child they fit.

    `settled` are the children, by their `id`, whose names have had their turn: from then on theirs are the
    names that have proved to be.
    """

    listing: _Listing
    entry: Entry
    known: _Surroundings
    policy: Strays | None
    claims: dict[int, Sequence[Claim]]
    settled: set[int]

    def add(self, child: Entry, *claims: Claim) -> None:
        """Adds names that fit a child. Directories that hold the same names share what they began with."""
        self.claims[id(child)] = [*self.claims.get(id(child), ()), *claims]


class Survey:
    """A layout held against a tree. `own` are structlint's own files, which are never stray.

    `prefix` is where the tree's root lies in the repository, "" or with a trailing "/". `baseline` is the
    path of structlint's own baseline, which counts for nothing. `fulfilled` counts what entries ask for and
    is there. `ignored` is what a document draws, is not there, and git would not keep: a build's output, or
    what one machine has, drawn to explain it. `unused_ignores` is filled by the engine, when all other rules
    have been asked.
    """

    missing: list[Missing]
    unused_ignores: tuple[Ignore, ...] = ()

    def __init__(
        self, layout: Layout, tree: Tree, own: Iterable[str] = (), prefix: str = "", baseline: str = ""
    ) -> None:
        self.layout = layout
        self.tree = tree
        self.prefix = prefix
        self._baseline = baseline
        self._own = frozenset(own)
        self._ties = layout.ties
        self._tables: dict[int, _Table] = {}
        self._scopes: dict[tuple[int, str, str], _Scope] = {}
        self._match()
        if self._ties.late:  # now all names are known
            self._match()
        for listing in self._listings.values():
            self._judge(listing)
        # Of two that ask for one path the stricter is told, and of two alike the entry's own words.
        first = sorted(self.missing, key=lambda each: (each.softly, bool(each.because)))
        self.missing = list({missing.path: missing for missing in reversed(first)}.values())
        self.ignored = self._drawn_and_ignored()
        paths = {each.path for each in self.ignored}
        self.missing = [missing for missing in self.missing if missing.path not in paths]

    def _drawn_and_ignored(self) -> list[Missing]:
        drawn = {each.path: each for each in self.missing if each.asked.file in self.layout.documents}
        ignored = self.tree.source.would_ignore(list(drawn)) if drawn else frozenset()
        return [each for path, each in drawn.items() if path in ignored]

    def _match(self) -> None:
        """Matches every directory that an entry governs, from the root down."""
        self.fulfilled = 0
        self.held: list[Held] = []
        self.together: list[Together] = []
        self.unlisted: list[Unlisted] = []
        self.missing = []
        self.orphans: list[Orphan] = []
        self.crowded: list[Crowded] = []
        self.counted: list[Counted] = []
        self._listings: dict[str, _Listing] = {}
        self._everywhere: dict[str, list[tuple[Entry, _Surroundings]]] = {}
        self._hold(self.tree.root, self.layout.root, _Surroundings({}, {}, {}), None)
        self._hold_everywhere()

    @property
    def governed(self) -> Iterator[Governed]:
        """The paths that an entry says more of than that they may be there."""
        return (
            each.governed(claim)
            for each in self.together
            for claim in each.claims
            if claim.values or each.entry.forbidden or each.entry.needs
        )

    @cached_property
    def at_home(self) -> frozenset[str]:
        """The paths that an entry lists by their very names, and structlint's own."""
        exact = (
            each.path(claim)
            for each in self.together
            for claim in each.claims
            if claim.member.exact is not None
        )
        return self._own.union(exact)

    def named(self, path: str) -> str:
        """A path of the tree as a user is to read it: from the repository's root, quoted where it must be."""
        return quote(self.prefix + path)

    def directory(self, path: str) -> Directory:
        """A directory that an entry governs, by its path."""
        return self._listings[path].directory

    def wanted_in(self, entry: Entry, known: frozenset[str]) -> int:
        """How many entries a directory is to hold, at all levels; `known` placeholders have a value."""
        number = 0
        for child in entry.children.values() if entry.key.directory else ():
            if child.wanted and child.key != EVERYWHERE:
                new = [name for name in child.key.placeholders if name not in known]
                times = prod(len(self.layout.names.get(name, NO_NAMING).values) or 1 for name in new)
                number += times * (1 + self.wanted_in(child, known.union(new)))
        return number

    def entry_of(self, path: str) -> Entry | None:
        """The entry that governs a path, None where none lists it."""
        above, name = path[: path.rstrip("/").rfind("/") + 1], path.rstrip("/").rpartition("/")[2]
        admits = self._admits(_Surroundings({}, {}, {}))
        listing = self._listings.get(above)
        for entry in listing.entries if listing else ():
            if found := self._first(self._table(entry).of(path.endswith("/")), name, admits):
                return found[0]
        return None

    def files_in(self, directory: Directory) -> int:
        """How many files a directory holds, without links that lead nowhere and structlint's own baseline."""
        broken = sum(self._broken(directory.path + name) for name in directory.files)
        return len(directory.files) - broken - self.has_baseline(directory)

    def files_below(self, path: str) -> int:
        """How many files are in a directory (a path with its "/") and in all that are in it.

        What is opaque counts for one.
        """
        return len(_below(path, self.tree.files)) + len(_below(path, self._opaque))

    @cached_property
    def _opaque(self) -> list[str]:
        return sorted(self.tree.opaque)

    def untracked_below(self, path: str) -> bool:
        """Whether all files in a directory, and all that is in it, are ones that git does not track."""
        inside = _below(path, self.tree.files)
        return bool(inside) and self.tree.untracked.issuperset(inside)

    def has_baseline(self, directory: Directory) -> bool:
        """Whether structlint's own baseline is in a directory: it counts for nothing."""
        above, _, name = self._baseline.rpartition("/")
        return directory.path == (above and f"{above}/") and name in directory.files

    def allowed(self, directory: str) -> list[str]:
        """The names that are listed in a directory, those of `names` too; a directory's ends in "/"."""
        listing = self._listings.get(directory)
        listed = (
            c.key
            for e in (listing.entries if listing else ())
            for c in e.children.values()
            if not c.forbidden
        )
        return [name + ("/" if key.directory else "") for key in listed for name in self._names(key)]

    def _names(self, key: Key) -> Iterator[str]:
        for member in key.members:
            values = [self.layout.names.get(slot.placeholder, NO_NAMING).values for slot in member.slots]
            for each in product(*values):
                filled = zip((slot.placeholder for slot in member.slots), each, strict=True)
                name = member.spelled(dict(filled))
                if member.exact or (each and STAR not in member.parts):
                    yield name

    @cached_property
    def directories(self) -> list[Directory]:
        """Every directory of the tree, the root first."""
        return self.tree.root.walk()

    @cached_property
    def manifests(self) -> tuple[str, ...]:
        """The files that may name ports on hosts; without one there is nothing in `published`."""
        likely = {*manifests(self.file_names)}
        directories = self.directories if likely else ()
        paths = (each.path + name for each in directories for name in each.files if name in likely)
        linked = manifests(path[:-1] for path in self.tree.linked_directories)
        return tuple(sorted(path for path in (*paths, *linked) if path not in self._own))

    @cached_property
    def file_names(self) -> frozenset[str]:
        """The names that files have, wherever they are."""
        return frozenset().union(*(each.files for each in self.directories))

    @cached_property
    def published(self) -> Sighted:
        """The ports on hosts that files of the tree name."""
        from structlint.ports.sight import published

        return published(self.tree.files, self.tree.read, self.manifests)

    @cached_property
    def said(self) -> Sighted:
        """The ports that files of the tree name for comparison only."""
        from structlint.ports.sight import said

        return said(self.tree.files, self.tree.read)

    def bounds(self, setting: str) -> dict[str, Bound]:
        """The limit that a setting such as `max-files` sets, by the path of the directory."""
        return {
            each.directory.path: each.entry.bounds[setting]
            for each in self._bound
            if setting in each.entry.bounds
        }

    @cached_property
    def _bound(self) -> list[Held]:
        return [held for held in self.held if held.entry.bounds]

    def matched(self, reasons: Reasons) -> Iterator[tuple[str, Reason, list[str]]]:
        """The topmost paths that patterns match, the pattern that decides, and the files each stands for."""
        found: dict[str, tuple[Reason, list[str]]] = {}
        paths = [*self.tree.files, *sorted(self.tree.opaque)] if reasons.items else []
        for path in paths:
            if reason := reasons.match(path):
                top, reason = _topmost(reasons, path) or (path, reason)
                found.setdefault(top, (reason, []))[1].append(path)
        return ((top, reason, files) for top, (reason, files) in found.items())

    def _hold(self, directory: Directory, entry: Entry, known: _Surroundings, policy: Strays | None) -> None:
        """Matches what is in a directory with the children of an entry that governs it."""
        policy = entry.strays or policy
        listing = self._listings.setdefault(directory.path, _Listing(directory))
        listing.entries.append(entry)
        listing.policy = policy or listing.policy
        self.held.append(Held(directory, entry))
        if not entry.children:
            return
        table = self._table(entry)
        listing.closed |= table.closed
        known = self._entering(entry, directory.path, known)
        match = _Match(listing, entry, known, policy, self._claims(directory, table, known), set())
        if table.everywhere:
            self._everywhere.setdefault(directory.path, []).extend((each, known) for each in table.everywhere)
        for child in table.in_turn:
            waiting = match.claims.get(id(child))
            match.settled.add(id(child))
            if waiting and id(child) in self._ties.tied:
                match.claims[id(child)] = ()
                self._settle(match, child, waiting)
            elif waiting:
                self._place(match, child, waiting)
        for child, plainly in table.asking:
            if plainly and not self.tree.links and match.claims.get(id(child)):
                self.fulfilled += 1
            else:
                self._want(match, child)

    def _entering(self, entry: Entry, path: str, known: _Surroundings) -> _Surroundings:
        """What is known inside a directory, with the names of the scopes that begin there."""
        begun = self._ties.scopes.get(id(entry))
        if not begun:
            return known
        scopes = {name: self._scopes.setdefault((id(entry), path, name), {}) for name in begun}
        return _Surroundings(known.values, {**known.defined, **scopes}, {})

    def _names_of(self, placeholder: str, known: _Surroundings) -> _Names:
        """The names that a placeholder has here, to look up or to add to."""
        names = known.names.get(placeholder)
        if names is None:
            # One of several alternatives may have no value for it.
            within = self._ties.within[placeholder]
            values = tuple(self._identity(name, known.values.get(name, "")) for name in within)
            names = known.names[placeholder] = known.defined[placeholder].setdefault(values, {})
        return names

    def _claims(
        self, directory: Directory, table: _Table, known: _Surroundings
    ) -> dict[int, Sequence[Claim]]:
        """The names in a directory under the `id` of the entry that governs each, exact names first."""
        files = self._claims_of(tuple(directory.files), table.files, known)
        return {**files, **self._claims_of(tuple(directory.directories), table.directories, known)}

    def _claims_of(
        self, names: tuple[str, ...], listed: _Children, known: _Surroundings
    ) -> Mapping[int, Sequence[Claim]]:
        """The files, or the directories, among them; of one directory for all that hold the same names."""
        if not known.values.keys().isdisjoint(listed.placeholders):
            return self._claims_anew(names, listed, {}, known)
        if names not in listed.alike:
            listed.alike[names] = self._claims_anew(names, listed, listed.remembered, known)
        return listed.alike[names]

    def _claims_anew(
        self,
        names: Iterable[str],
        listed: _Children,
        remembered: dict[str, tuple[Entry, Claim] | None],
        known: _Surroundings,
    ) -> Mapping[int, Sequence[Claim]]:
        """The same by looking at each name that is not `remembered` yet."""
        claims: dict[int, list[Claim]] = {}
        admits = self._admits(known)
        for name in names:
            if name not in remembered:
                remembered[name] = self._first(listed, name, admits)
            if found := remembered[name]:
                claims.setdefault(id(found[0]), []).append(found[1])
        return claims

    def _first(self, listed: _Children, name: str, admits: Admits) -> tuple[Entry, Claim] | None:
        """The entry that governs a name: one that says just this name, else the pattern that says most."""
        if exact := listed.exact.get(name):
            return exact[0], Claim(name, exact[1], {})
        for member, child in listed.patterns:
            values = member.match(name, admits)
            if values is not None:
                return child, Claim(name, member, values)
        return None

    def _table(self, entry: Entry) -> _Table:
        if id(entry) not in self._tables:
            self._tables[id(entry)] = table = _Table(entry)
            asking = [child for child in table.in_turn if not child.forbidden and self._asks(child)]
            table.asking = [(child, self._asks_plainly(child)) for child in asking]
        return self._tables[id(entry)]

    def _asks(self, child: Entry) -> bool:
        """Whether something may be missing, or there too often, where an entry is a child."""
        return child.wanted or child.key.exclusive or bool(child.needs or self._counting(child))

    def _asks_plainly(self, child: Entry) -> bool:
        """Whether nothing is wrong with an entry where any name fits it."""
        tied = self._ties.tied.get(id(child), ())
        several = any(
            each in tied or self.layout.names.get(each, NO_NAMING).values for each in child.key.placeholders
        )
        return not (several or child.key.exclusive or child.needs or self._counting(child))

    def _counting(self, child: Entry) -> list[str]:
        """The placeholders whose names are counted where an entry defines them."""
        names = self.layout.names
        defined = self._ties.defines.get(id(child), ())
        return [each for each in defined if each in names and names[each].counted]

    def _admits(self, known: _Surroundings) -> Admits:
        """What tells whether a placeholder may have a value, one that it has above or that `names` allows."""
        above, names = known.values, self.layout.names

        def admits(slot: Slot, value: str) -> bool:
            if (bound := above.get(slot.placeholder)) is not None:
                return self._identity(slot.placeholder, bound) == self._identity(slot.placeholder, value)
            return names.get(slot.placeholder, NO_NAMING).admits(slot, value)

        return admits

    def _settle(self, match: _Match, child: Entry, claims: Sequence[Claim]) -> None:
        """Lists names under their entry; those whose tied value nothing defines are another's, or orphans."""
        known: list[Claim] = []
        unknown: list[Claim] = []
        for claim in claims:
            (unknown if self._unknown(child, claim, match.known) else known).append(claim)
        if known:
            self._list(match, child, known)
        for claim in unknown:  # now that all are known that the others define
            placeholder = self._unknown(child, claim, match.known)
            if placeholder is None:
                self._list(match, child, [claim])
            elif other := self._elsewhere(match, child, claim, placeholder):
                if id(other[0]) in match.settled:
                    self._settle(match, other[0], [other[1]])
                else:
                    match.add(*other)
            elif not child.forbidden:
                match.add(child, claim)
                self._orphan(match, child, claim, placeholder)

    def _list(self, match: _Match, child: Entry, claims: Sequence[Claim]) -> None:
        match.add(child, *claims)
        self._place(match, child, claims)

    def _place(self, match: _Match, child: Entry, claims: Sequence[Claim]) -> None:
        """Lists names under their entry, and goes on inside those that are directories."""
        listing, known = match.listing, match.known
        together = Together(listing.directory, child, claims, known.values)
        self.together.append(together)
        (listing.directories if child.key.directory else listing.files).append(claims)
        if known.defined:
            self._define(together, known)
        if child.key.directory and not child.forbidden:
            directories = listing.directory.directories
            for claim in claims:
                if not directories[claim.name].opaque:
                    self._enter(match, child, claim)

    def _define(self, together: Together, known: _Surroundings) -> None:
        """Notes names as what defines what the placeholders of their entry stand for."""
        child = together.entry
        for placeholder in self._ties.defines.get(id(child), ()):
            if placeholder in known.defined:
                names = self._names_of(placeholder, known)
                for claim in self._there(together):
                    if placeholder in claim.values:
                        names.setdefault(
                            self._identity(placeholder, claim.values[placeholder]), (together, claim)
                        )

    def _there(self, together: Together) -> Sequence[Claim]:
        """The names that are not those of links that lead nowhere."""
        if not self.tree.links:
            return together.claims
        return [claim for claim in together.claims if not self._broken(together.path(claim))]

    def _enter(self, match: _Match, child: Entry, claim: Claim) -> None:
        known = match.known
        if claim.values:
            known = _Surroundings({**known.values, **claim.values}, known.defined, {})
        self._hold(match.listing.directory.directories[claim.name], child, known, match.policy)

    def _orphan(self, match: _Match, child: Entry, claim: Claim, unknown: str) -> None:
        listing = match.listing
        (listing.directories if child.key.directory else listing.files).append([claim])
        path = Together(listing.directory, child, [claim], match.known.values).path(claim)
        values = {**match.known.values, unknown: self._right(unknown, claim.values[unknown])}
        *above, defining = self._ties.defining[unknown]
        if above and above[-1].key == EVERYWHERE:
            expected = listing.directory.path  # tied within each directory, so beside it
        else:
            expected = "".join(f"{each.key.members[0].spelled(values)}/" for each in above)
        expected += defining.key.members[0].spelled(values) + ("/" if defining.key.directory else "")
        self.orphans.append(Orphan(path, child, unknown, expected))

    def _unknown(self, child: Entry, claim: Claim, known: _Surroundings) -> str | None:
        """The tied placeholder of a claim whose value its defining place does not have."""
        for placeholder in self._ties.tied.get(id(child), ()):
            value = claim.values.get(placeholder)
            if value is not None and self._identity(placeholder, value) not in self._names_of(
                placeholder, known
            ):
                return placeholder
        return None

    def _elsewhere(
        self, match: _Match, child: Entry, claim: Claim, unknown: str
    ) -> tuple[Entry, Claim] | None:
        """Another entry of the same directory that fits a name whose value is not among the tied ones."""
        admits = self._admits(match.known)
        for member, other in self._table(match.entry).of(child.key.directory).patterns:
            values = member.match(claim.name, admits)
            if values is not None and unknown not in other.key.placeholders:
                found = Claim(claim.name, member, values)
                if not self._unknown(other, found, match.known):
                    return other, found
        return None

    def _want(self, match: _Match, child: Entry) -> None:
        """Notes what an entry asks for and is not there, and what is there too often."""
        listing, known = match.listing, match.known
        path, slash = listing.directory.path, "/" if child.key.directory else ""
        together = Together(listing.directory, child, match.claims.get(id(child), ()), known.values)
        here = self._there(together)
        if child.wanted or child.key.exclusive:
            asked = self._asked(child, known)
            present = self._by_values(asked, here)
            for claims in present.values() if child.key.exclusive else ():
                if len({claim.member for claim in claims}) > 1:
                    self.crowded.append(Crowded(tuple(map(together.path, claims)), child))
            if child.wanted:
                listing.missing += self._missing(path, child, asked, present, known)
        for claim in here if child.needs else ():
            values = {**known.values, **claim.values}
            listing.missing += self._needed(listing.directory, f"{claim.name}{slash}", child, values)
        for placeholder in self._counting(child):
            spelled = {claim.values[placeholder] for claim in here if placeholder in claim.values}
            number = len({self._identity(placeholder, each) for each in spelled})
            if number or not child.wanted:
                self.counted.append(Counted(path, child, placeholder, number))

    def _asked(self, child: Entry, known: _Surroundings) -> dict[str, list[str]]:
        """The placeholders of an entry of which every value is asked for, with these values."""
        tied = self._ties.tied.get(id(child), ())
        asked = {}
        for placeholder in child.key.placeholders:
            if placeholder in known.values:
                continue
            if values := self.layout.names.get(placeholder, NO_NAMING).values:
                asked[placeholder] = list(values)
            elif placeholder in tied:
                defined = self._names_of(placeholder, known).values()
                asked[placeholder] = [
                    self._right(placeholder, claim.values[placeholder]) for _, claim in defined
                ]
        return asked

    def _by_values(
        self, asked: Collection[str], claims: Sequence[Claim]
    ) -> Mapping[tuple[str, ...], Sequence[Claim]]:
        """Names by the identities of the placeholders that are asked for; "" for one that a name has not."""
        if not asked:
            return {(): claims} if claims else {}
        found: dict[tuple[str, ...], list[Claim]] = {}
        for claim in claims:
            values = (
                self._identity(each, claim.values[each]) if each in claim.values else "" for each in asked
            )
            found.setdefault(tuple(values), []).append(claim)
        return found

    def _missing(
        self,
        path: str,
        child: Entry,
        asked: dict[str, list[str]],
        present: Mapping[tuple[str, ...], Sequence[Claim]],
        known: _Surroundings,
    ) -> Iterator[Missing]:
        slash = "/" if child.key.directory else ""
        for values in product(*asked.values()):
            wanted = dict(zip(asked, values, strict=True))
            if tuple(self._identity(name, value) for name, value in wanted.items()) in present:
                self.fulfilled += 1
                continue
            named = {**known.values, **wanted}
            names = tuple(f"{member.spelled(named)}{slash}" for member in child.key.members)
            counterparts = tuple(self._counterparts(child, wanted, known))
            value = self._value(child, wanted)
            yield Missing(path + names[0], child, names, child.place, counterparts=counterparts, value=value)

    def _value(self, child: Entry, wanted: Mapping[str, str]) -> str:
        """What is said of the value of an entry's placeholder, if its name is nothing else."""
        parts = child.key.members[0].parts
        if len(parts) != 1 or not isinstance(parts[0], Slot) or parts[0].placeholder not in wanted:
            return ""
        told = self.layout.names.get(parts[0].placeholder, NO_NAMING).told
        return told.get(wanted[parts[0].placeholder], "")

    def _counterparts(self, child: Entry, wanted: Mapping[str, str], known: _Surroundings) -> Iterator[str]:
        """The paths that define the values which a tied entry is asked for."""
        for placeholder in self._ties.tied.get(id(child), ()):
            if placeholder in wanted:
                names = self._names_of(placeholder, known)
                together, claim = names[self._identity(placeholder, wanted[placeholder])]
                yield together.path(claim)

    def _needed(
        self, directory: Directory, name: str, child: Entry, values: Mapping[str, str]
    ) -> Iterator[Missing]:
        for need in child.needs:
            start = self.tree.root if need.from_root else directory
            if not self._exists(start, need.path.steps, values):
                names = tuple(_written(need, member, values) for member in need.path.steps[-1].members)
                yield Missing(start.path + names[0], child, names, need.place, because=directory.path + name)

    def _exists(self, directory: Directory, steps: tuple[Key, ...], values: Mapping[str, str]) -> bool:
        """Whether a path that a `needs` writes is there; the inside of an opaque directory is trusted."""
        step, rest = steps[0], steps[1:]
        for name in directory.directories if step.directory else directory.files:
            path = f"{directory.path}{name}{'/' if step.directory else ''}"
            if self._broken(path) or not any(_fits(member, name, values) for member in step.members):
                continue
            if not rest or directory.directories[name].opaque:
                return True
            if self._exists(directory.directories[name], rest, values):
                return True
        return False

    def _hold_everywhere(self) -> None:
        """Applies each `**/` to the directories below its own that are not stray."""
        if not self._everywhere:
            return
        ahead: list[tuple[Directory, list[tuple[Entry, _Surroundings]], Strays | None]]
        ahead = [(self.tree.root, [], self.layout.root.strays)]
        while ahead:
            directory, active, policy = ahead.pop()
            for entry, known in active:
                self._hold(directory, entry, known, policy)
            listing = self._listings.get(directory.path)
            policy = (listing.policy if listing else None) or policy
            active = active + self._everywhere.get(directory.path, [])
            closed = listing and listing.closed and listing.effective != "none"
            strays = set(listing.unlisted_directories()) if listing and closed else ()
            for name, inside in directory.directories.items():
                if not inside.opaque and name not in strays:
                    ahead.append((inside, active, policy))

    def _judge(self, listing: _Listing) -> None:
        """Pairs what is missing in a directory with near twins; what is left unlisted is stray."""
        if not (listing.missing or listing.closed):
            return
        path = listing.directory.path
        files, directories = listing.unlisted_files(), listing.unlisted_directories()
        if not (listing.missing or files or directories):
            return
        twins = Twins(files, directories) if listing.missing else None
        for missing in listing.missing:
            if missing.path in self.tree.left_out:
                continue  # it is there: all that it holds is excluded
            twin = twins.take(missing.path[len(path) :]) if twins and missing.path.startswith(path) else ""
            here = missing.path[len(path) :].rstrip("/") in listing.directory.directories
            empty = missing.directory and not (twin or here) and self.tree.source.is_directory(missing.path)
            self.missing.append(missing._replace(twin=twin and path + twin, empty=empty))
        if not listing.closed:
            return
        taken = twins.taken if twins else frozenset()
        for name in (*files, *(f"{name}/" for name in directories)):
            if name not in taken and path + name not in self._own:
                self.unlisted.append(Unlisted(path + name, listing.effective, listing.entries[0]))

    def _broken(self, path: str) -> bool:
        link = self.tree.links.get(path.rstrip("/")) if self.tree.links else None
        return link is not None and link.kind == "broken"

    @cached_property
    def _spelled_variously(self) -> frozenset[str]:
        """The placeholders that have a case somewhere, so that their values are compared by words."""
        named = {name for name, naming in self.layout.names.items() if naming.case}
        return frozenset(named | set(_cased(self.layout.root)))

    def _identity(self, placeholder: str, value: str) -> str:
        """What two values of a placeholder have in common where they are one name."""
        if placeholder not in self._spelled_variously:
            return value
        return key(value) or value

    def _right(self, placeholder: str, value: str) -> str:
        """A value as it should be spelled where the layout has no other case for it."""
        case = self.layout.names.get(placeholder, NO_NAMING).case
        return spell(value, case) if case else value


class _Children:
    """The files, or the directories, that an entry lists, arranged for finding the one that governs a name.

    While none of the `placeholders` has a value, `remembered` is what was found for a name, and `alike` for
    all the names of a directory.
    """

    def __init__(self, children: Iterable[Entry]) -> None:
        self.exact: dict[str, tuple[Entry, Name]] = {}
        self.patterns: list[tuple[Name, Entry]] = []
        self.remembered: dict[str, tuple[Entry, Claim] | None] = {}
        self.alike: dict[tuple[str, ...], Mapping[int, Sequence[Claim]]] = {}
        for child in children:
            for member in child.key.members:
                if member.exact is None:
                    self.patterns.append((member, child))
                else:
                    self.exact[member.exact] = (child, member)
        self.patterns.sort(key=lambda each: -each[0].literal_characters)
        self.placeholders = frozenset(slot.placeholder for name, _ in self.patterns for slot in name.slots)


class _Table:
    """The children of an entry, those that are `**/` apart, in the order in which they are matched.

    `asking` are those of which something may be missing, or there too often; with each, whether nothing is
    if any name fits it.
    """

    asking: Sequence[tuple[Entry, bool]] = ()

    def __init__(self, entry: Entry) -> None:
        self.in_turn = [child for child in entry.in_turn() if child.key != EVERYWHERE]
        self.everywhere = [child for child in entry.in_turn() if child.key == EVERYWHERE]
        self.closed = entry.closed and entry.key != EVERYWHERE
        # Of patterns that fit alike the one that is written earlier, in the nearer file, governs a name.
        written = [child for child in entry.children.values() if child.key != EVERYWHERE]
        self.files = _Children(child for child in written if not child.key.directory)
        self.directories = _Children(child for child in written if child.key.directory)

    def of(self, directory: bool) -> _Children:
        """The directories, or the files."""
        return self.directories if directory else self.files


def _below(directory: str, paths: Sequence[str]) -> Sequence[str]:
    """Those of some paths, which are sorted, that begin with a directory (with its "/")."""
    return paths[bisect_left(paths, directory) : bisect_left(paths, f"{directory[:-1]}0")]  # "0" follows "/"


def _topmost(reasons: Reasons, path: str) -> tuple[str, Reason] | None:
    """The topmost directory above `path` that a pattern matches."""
    at = path.find("/")
    while at >= 0:
        if reason := reasons.match(path[: at + 1]):
            return path[: at + 1], reason
        at = path.find("/", at + 1)
    return None


def _cased(entry: Entry) -> Iterator[str]:
    for child in entry.children.values():
        yield from (slot.placeholder for member in child.key.members for slot in member.slots if slot.case)
        yield from _cased(child)


def _written(need: Need, member: Name, values: Mapping[str, str]) -> str:
    steps = [step.members[0].spelled(values) for step in need.path.steps[:-1]]
    return "/".join([*steps, member.spelled(values)]) + ("/" if need.path.steps[-1].directory else "")


def _fits(member: Name, name: str, values: Mapping[str, str]) -> bool:
    filled = Name(_joined(member.filled(values)))
    return filled.match(name, lambda slot, value: True) is not None


def _joined(parts: Iterable[object]) -> tuple[str, ...]:
    """Parts with neighbouring texts made one."""
    joined: list[object] = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)  # type: ignore[arg-type]
