"""Adds to a draft the conventions of a few files: their names, numbers, pairs, and the places of tests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from structlint.layout.key_writer import is_writable
from structlint.matching.survey import Survey
from structlint.suggest.affixes import Group, case_of, groups_of, numbering_of
from structlint.suggest.bans import bans, is_aside
from structlint.suggest.draft import PLACEHOLDER, Draft, Law, LearnedEntry, directory_at
from structlint.suggest.learner import Learner
from structlint.suggest.mirrors import Mirror, mirrors
from structlint.suggest.names import CODE, stem_of
from structlint.suggest.place_bans import WORKFLOWS
from structlint.suggest.thresholds import ENOUGH, FAMILY, PICTURE
from structlint.text.cases import fits
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.paths import common_directory, parent, parents
from structlint.text.records import Record
from structlint.tree import Directory, Tree

_MOST = 4  # entries of one kind
_MOST_CASES = 8
_PAGES = (".md", ".mdx", ".rst", ".adoc", ".txt")
# The pages of a repository in capitals, such as `AGENTS.md`, follow no case.
_WITH_LOWERCASE = "[A-Za-z].*[a-z].*"
_WORDS = re.compile(r"[.A-Za-z_]+")
# A file of one of these kinds does not need one of another: tests, numbers, data
_NO_PAIR = re.compile(r"(?i).*(?:test|spec|stories|snap|e2e|[0-9]|[.]d[.]).*")


class Pair(Record):
    """Each file with one extension in a directory has a file with another beside it.

    If `below`, this applies to the directories below instead. If `numbered`, only names that begin with a
    digit have one.
    """

    directory: str
    extension: str
    other: str
    files: int
    numbered: bool = False
    below: bool = False


def add_conventions(draft: Draft, learner: Learner, survey: Survey, tree: Tree, own: Tree) -> None:
    """Adds the conventions. `own` is the tree without data of tests and code of others."""
    forbidden = survey.layout.forbid
    known = {item.pattern for item in forbidden.items}
    closed = {path for path, node in draft.by_directory().items() if node.unlisted}
    for ban in bans(tree, closed):
        if known.isdisjoint(ban.patterns):
            draft.forbid |= dict.fromkeys(ban.patterns, ban.why) | dict.fromkeys(ban.exceptions, "")
    for name in [key for key in draft.root.children if f"/{key}" in draft.forbid]:
        del draft.root.children[name]
    _Adder(draft, learner, own).add(tree)


class _Adder:
    """Adds entries for single directories to a draft, and leaves directories alone that have such entries."""

    def __init__(self, draft: Draft, learner: Learner, tree: Tree) -> None:
        self._draft = draft
        self._learner = learner
        self._tree = tree

    def add(self, whole: Tree) -> None:
        own = [directory for directory in self._tree.root.walk() if not directory.opaque and directory.path]
        groups = [group for directory in own for group in groups_of(directory)]
        for mirror in islice(mirrors(self._tree), _MOST):
            self._add_mirror(mirror)
        for pair in islice(pairs(whole), _MOST):
            self._add_pair(pair)
        groups.sort(key=lambda group: -len(group.stems))
        numbered = [group for group in groups if numbering_of(group)]
        _first(_MOST, (self._add_numbers(group) for group in numbered))
        aside = [group for group in groups if is_aside(group.directory) or group.directory.path == WORKFLOWS]
        _first(_MOST_CASES, map(self._add_case, aside))
        among = [group for group in groups if group not in aside and group.extension[1:] in CODE]
        _first(_MOST_CASES, map(self._add_case_of_code, among))

    def _node(self, directory: Directory, extension: str) -> LearnedEntry | None:
        """The entry of a directory; None if it has a pattern for the files with this extension."""
        node = self._draft.entry_of(directory, self._tree)
        if node is None or node.unlisted:
            return None
        ends = (escape_key(extension), f"{escape_key(extension)}?")
        places = [node, *(child for child in node.children.values() if child.key.endswith("**>/"))]
        keys = (key for place in places for key in place.children)
        return None if any(key.endswith(ends) and key[:1] in "<*" for key in keys) else node

    def _add_numbers(self, group: Group) -> bool:
        """Requires that no two files in a directory begin with the same number."""
        numbering = numbering_of(group)
        node = self._node(group.directory, group.extension) if numbering and numbering.unique else None
        if node is None or numbering is None:
            return False
        title = self._learner.noun(group.directory)
        number = self._learner.free([f"{title}-number", *(f"{title}-number-{n}" for n in range(2, 1000))])
        of = len(group.stems)
        pattern = f"[0-9]{{{numbering.digits}}}"
        self._learner.names[number] = Law("", of, of, pattern, unique=True)
        key = f"<{number}>{numbering.separator}<{title}>{escape_key(group.extension)}"
        node.add(LearnedEntry(key, optional=True, have=of, of=of, law=True))
        _open(node)
        return True

    def _add_case(self, group: Group) -> bool:
        """Sets the case of the names in a directory for examples, pages or tools."""
        if self._code_above(group.directory.path, "**>/"):
            return False  # it does not apply to directories that have an entry of their own
        is_workflows = group.directory.path == WORKFLOWS
        case = case_of(group, FAMILY, FAMILY) if is_workflows else case_of(group)
        node = self._node(group.directory, group.extension) if case else None
        if node is None:
            return False
        noun, of = self._learner.noun(group.directory), len(group.stems)
        suffix = f":{case}"
        if group.extension in _PAGES:
            self._learner.names[noun] = Law(case, of, of, _WITH_LOWERCASE)
            suffix = ""
        key = f"<{noun}{suffix}>{escape_key(group.extension)}"
        node.add(LearnedEntry(key, optional=True, have=of, of=of, law=True))
        _open(node)
        return True

    def _add_case_of_code(self, group: Group) -> bool:
        """Sets the case of the names in a directory of code, if none is set farther up."""
        case = case_of(group, ENOUGH + 1)
        path, end = group.directory.path, escape_key(group.extension)
        covered = any(key.endswith(end) for key in self._code_above(path, "**/"))
        if not case or covered or self._code_above(path, "**>/"):
            return False
        odd = _odd_names(group, case)
        node = self._node(group.directory, group.extension) if len(odd) <= FAMILY else None
        if node is None:
            return False
        of = len(group.stems)
        key = f"<{self._learner.noun(group.directory, code=True)}:{case}>{end}"
        node.add(LearnedEntry(key, optional=True, have=of, of=of, law=True))
        for name in odd:
            node.add(LearnedEntry(name, optional=True, law=True))
        _open(node)
        return True

    def _add_pair(self, pair: Pair) -> None:
        """Requires the other file of a pair."""
        directory = directory_at(self._tree, pair.directory)
        node = (
            self._draft.entry_of(directory, self._tree)
            if pair.below
            else self._node(directory, pair.extension)
        )
        if node is None:
            return
        inside = node.add(LearnedEntry("**/", law=True)) if pair.below else node
        noun = self._learner.free(["pair", *(f"pair-{n}" for n in range(2, 1000))])
        if pair.numbered:
            self._learner.names[noun] = Law("", pair.files, pair.files, "[0-9].*")
        longer = escape_key(pair.other)
        if longer.endswith(pair.extension) and not any(key.endswith(longer) for key in inside.children):
            inside.add(LearnedEntry(f"*{longer}", optional=True))
        key = f"<{noun}>{escape_key(pair.extension)}"
        entry = LearnedEntry(key, optional=True, have=pair.files, of=pair.files, law=True)
        entry.needs = f"<{noun}>{escape_key(pair.other)}"
        inside.add(entry)
        _open(node)

    def _add_mirror(self, mirror: Mirror) -> None:
        """Forbids a test in the directory of all tests if its subject is further down."""
        node = self._draft.entry_of(directory_at(self._tree, mirror.sources), self._tree)
        if node is None:
            return
        below = node.add(LearnedEntry("**/", law=True))
        _open(node)
        extension = escape_key(mirror.extension)
        alike = re.compile(f"<([^:>]+)(:[^>]+)?>{re.escape(extension)}")
        if not any(map(alike.fullmatch, below.children)):
            for child in self._code_above(mirror.sources, "**>/").values():  # the new entries replace these
                below.add(self._copy(child))
        if not (own := next(filter(alike.fullmatch, below.children), "")):
            noun = self._learner.free(["subject", *(f"subject-{n}" for n in range(2, 1000))])
            own = f"<{noun}>{extension}"
        entry = below.add(LearnedEntry(own, optional=True, law=True, have=mirror.number, of=mirror.number))
        subject, (start, end) = alike.sub(r"<\1>", own), mirror.affixes
        entry.without = f"/{escape_key(mirror.tests)}{start}{subject}{end}{extension}"

    def _copy(self, entry: LearnedEntry) -> LearnedEntry:
        """A copy of an entry, with a placeholder of its own, because one name in two places is a tie."""
        noun = next(iter(PLACEHOLDER.findall(entry.key)), "")
        if not noun:
            return replace(entry)
        other = self._learner.free(f"{noun}-{number}" for number in range(2, 1000))
        if noun in self._learner.names:
            self._learner.names[other] = self._learner.names[noun]
        return replace(entry, key=entry.key.replace(f"<{noun}", f"<{other}", 1))

    def _code_above(self, path: str, *ends: str) -> dict[str, LearnedEntry]:
        """The contents of the nearest entry of all code below a directory above a path."""
        known = self._draft.by_directory()
        above = (known[place] for place in parents(path) if place in known)
        entries = (child for node in above for child in node.children.values() if child.key.endswith(ends))
        return next((entry.children for entry in entries), {})


def _odd_names(group: Group, case: str) -> set[str]:
    """The keys of names in a directory that do not follow its case, because they have a special role."""
    names = [name for name in group.directory.files if name.endswith(group.extension)]
    stems = {name: name.removesuffix(group.extension) for name in names}
    return {
        f"*{escape_key(stem_of(name)[1])}" if "." in stem else plain_key(name)
        for name, stem in stems.items()
        if not fits(stem, case)
    }


def _first(number: int, added: Iterable[bool]) -> None:
    """Goes on until so many have been added."""
    for _ in islice(filter(None, added), number):
        pass


def _open(node: LearnedEntry) -> None:
    """Keeps directories allowed in a directory that lists only files."""
    keys = [key for key, child in node.children.items() if child.directory and key != "**/"]
    if node.key != "/" and not keys:
        node.add(LearnedEntry("*/", optional=True))


def pairs(tree: Tree) -> Iterator[Pair]:
    """The pairs that all files with an extension form, those of generated files everywhere first."""
    directories = [directory for directory in tree.root.walk() if not directory.opaque]
    known = [_stems(directory) for directory in directories]
    yield from _generated([(one.path, stems) for one, stems in zip(directories, known, strict=True)])
    for directory, stems in zip(directories, known, strict=True):
        if directory.path and is_writable(directory.path):
            yield from _in_directory(directory, stems)


def _stems(directory: Directory) -> dict[str, set[str]]:
    """The stems of the files in a directory, by their extensions."""
    stems: dict[str, set[str]] = {}
    for name in directory.files:
        stem, extension = stem_of(name)
        if extension and not PICTURE.search(extension) and is_writable(name):
            stems.setdefault(extension, set()).add(stem)
    return stems


def _generated(known: Sequence[tuple[str, dict[str, set[str]]]]) -> Iterator[Pair]:
    """The pairs in which one name is the other with a further extension: `a.pb.go` and `a.proto`."""
    counts: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    places: dict[str, list[str]] = {}
    for path, stems in known:
        for extension, names in stems.items():
            if extension.count(".") != 2 or not _WORDS.fullmatch(extension) or _NO_PAIR.fullmatch(extension):
                continue
            counts[extension] += len(names)
            places.setdefault(extension, []).append(path)
            for other, beside in stems.items():
                if other.count(".") == 1 and not _NO_PAIR.fullmatch(other):
                    both[extension, other] += len(names & beside)
    for (extension, other), number in sorted(both.items(), key=lambda item: (-item[1], item[0])):
        odd = counts[extension] - number
        if number < FAMILY + odd or odd > 1:
            continue
        above = common_directory(map(parent, places[extension]))
        yield Pair(above, extension, other, number, below=True)
        if extension.endswith(other) and (numbered := _numbered(known, extension, other)):
            yield Pair(above, other, extension, numbered, numbered=True, below=True)


def _numbered(known: Sequence[tuple[str, dict[str, set[str]]]], extension: str, other: str) -> int:
    """The number of files with `other` whose names begin with a digit; 0 if one has no `extension`."""
    pairs = [(stems.get(other, set()), stems.get(extension, set())) for _, stems in known]
    names = [(stem, stem in beside) for own, beside in pairs for stem in own if stem[:1].isdigit()]
    return len(names) if len(names) >= ENOUGH and all(has for _, has in names) else 0


def _in_directory(directory: Directory, stems: dict[str, set[str]]) -> Iterator[Pair]:
    """The pairs of enough files in a directory."""
    enough = {
        extension: names
        for extension, names in stems.items()
        if len(names) >= ENOUGH and not _NO_PAIR.fullmatch(extension)
    }
    for extension, names in enough.items():
        numbered = {name for name in names if name[:1].isdigit()}
        for other, beside in enough.items():
            if other == extension:
                continue
            some = numbered if numbered and not names <= beside else names
            if len(some) >= ENOUGH and some <= beside:
                yield Pair(directory.path, extension, other, len(some), numbered=some is not names)
                break
