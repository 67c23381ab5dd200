"""Ties: names that recur elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import Draft, LearnedEntry, family_in, kept_open, own_name
from structlint.suggest.families import is_project
from structlint.suggest.learner import Learner
from structlint.suggest.names import CODE, between, common_case, is_odd, plural_of, stem_of
from structlint.suggest.thresholds import DEEPEST_LEARNED, DEEPEST_TIE, ENOUGH, MOST_TIES, NEARLY_ALL, PICTURE
from structlint.text.cases import CASES, caseless, spell
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.quoting import quote
from structlint.text.records import Record
from structlint.tree import Directory, Tree


class _Form(Record):
    """The names of one form in one directory: `start`, a value, `end`; by their letters and digits."""

    directory: Directory
    start: str
    end: str  # a directory's ends in "/"
    values: dict[str, str]
    family: bool = False  # it already has a placeholder
    projects: bool = False  # it is a family of directories with manifests

    @property
    def rank(self) -> tuple[bool, bool, bool, str, str, str]:
        """The sort key for the form that defines names: a family first, then plain names."""
        path = self.directory.path
        test = "test" in path or "spec" in path
        return not self.family, test, self.marked, path, self.start, self.end

    @property
    def tests(self) -> bool:
        """Whether these are names of tests."""
        return bool(_OF_TESTS.search(f"{self.directory.path}{self.start}{self.end}".lower()))

    @property
    def kind(self) -> tuple[str, str]:
        """The directory and extension of the files."""
        return self.directory.path, self.end[self.end.find(".") :]

    @property
    def marked(self) -> bool:
        """Whether the names have a prefix or suffix besides the extension."""
        return not self.family and (bool(self.start) or self.end.count(".") > 1 or self.end[:1] not in "./")


class TieFinder:
    """Finds names that recur elsewhere, and gives them one placeholder in the draft."""

    def __init__(self, draft: Draft, learner: Learner, tree: Tree) -> None:
        self.draft = draft
        self.learner = learner
        self.tree = tree
        self.known = draft.by_directory()

    def tie(self) -> None:
        """Ties forms with the same names to the first of them, the most similar first."""
        forms = sorted(self.forms(), key=lambda form: form.rank)
        nouns: dict[int, str] = {}
        tied: set[int] = set()
        claimed: dict[tuple[str, str], int] = {}  # files of one kind in one directory are tied as one form
        for one, other, same, of in _alike(forms):
            if len(tied) == MOST_TIES or one in tied or other in tied or other in nouns:
                continue
            case = _case_between(forms[one], forms[other])
            if case is None or not self.defines(forms[one]) or not self.node(forms[other].directory):
                continue
            if any(claimed.get(forms[index].kind, index) != index for index in (one, other)):
                continue
            claimed |= {forms[index].kind: index for index in (one, other)}
            if one not in nouns:
                nouns[one] = self.define(forms[one])
            node = self.place(forms[other], nouns[one], case)
            node.have, node.of, node.tied, node.law, node.late = same, of, _where(forms[one]), True, True
            tied.add(other)

    def forms(self) -> Iterator[_Form]:
        """The forms that enough names in one directory have, without members of families."""
        waiting = [self.tree.root]
        for directory in waiting:  # grows as it goes
            node = self.known.get(directory.path)
            if node and node.in_family:
                continue
            if directory.path.count("/") < DEEPEST_LEARNED:
                waiting += [
                    subdirectory for subdirectory in directory.directories.values() if not subdirectory.opaque
                ]
            family = family_in(node) if node else None
            if family:
                start, _, end = family.key.partition(f"<{family.noun}>")
                values = {caseless(sample.value): sample.value for sample in family.held}
                projects = sum(is_project(sample.directory) for sample in family.held)
                yield _Form(directory, start, end, values, True, 2 * projects > len(values))
            members = {own_name(held.directory) for held in family.held} if family else set()
            yield from _forms_of(directory, members)

    def node(self, directory: Directory) -> LearnedEntry | None:
        """The entry of one directory, created if necessary; None if the entry has several directories."""
        entry = None if directory.opaque else self.draft.entry_of(directory, self.tree)
        if entry:
            self.known[directory.path] = entry
        return entry

    def defines(self, form: _Form) -> bool:
        """Whether a form can define names. Directories can only do so if they are a family."""
        return (form.family or not form.end.endswith("/")) and self.node(form.directory) is not None

    def define(self, form: _Form) -> str:
        """The placeholder of the names that others are tied to."""
        node = self.node(form.directory)
        assert node
        if form.family and (family := family_in(node)):
            return family.noun
        noun = self.learner.noun(form.directory, code=form.end.rpartition(".")[2] in CODE)
        child = self.place(form, noun, "")
        child.noun, child.many, child.law = noun, plural_of(noun), True
        child.have = child.of = len(form.values)
        if law := common_case(list(form.values.values())):
            self.draft.names[noun] = law
        return noun

    def place(self, form: _Form, noun: str, case: str) -> LearnedEntry:
        """Replaces the single names of a form with one entry."""
        node = self.node(form.directory)
        assert node
        family = family_in(node) if form.family else None
        if family:
            self.rename(family, noun, case)
            del node.children[family.key]
            family.key = f"{form.start}<{noun}{case}>{form.end}"
            return node.add(family)
        if not node.children:
            kept_open(node)
        for value in form.values.values():
            node.children.pop(
                plain_key(f"{form.start}{value}{form.end.rstrip('/')}") + "/" * form.end.endswith("/"), None
            )
        for name in form.directory.files:
            stem, extension = stem_of(name)
            if is_odd(stem) and extension == form.end and not form.start and is_writable(name):
                node.add(LearnedEntry(plain_key(name), optional=True))
        pattern = node.children.pop(f"*{escape_key(form.end)}", None)
        text = f"{escape_key(form.start)}<{noun}{case}>{escape_key(form.end)}"
        child = node.add(LearnedEntry(text, many=plural_of(noun)))
        child.unlisted = "forbid" if pattern and pattern.unlisted else ""
        return child

    def rename(self, family: LearnedEntry, noun: str, case: str) -> None:
        """Gives a family, and the names with its placeholder in it, the placeholder that it is tied to."""
        old, family.noun = family.noun, ""
        self.draft.names.pop(old, None)
        for node in family.walk():
            for child in list(node.children.values()):
                if f"<{old}" in child.key:
                    del node.children[child.key]
                    child.key = re.sub(
                        rf"<{old}(:[A-Za-z_]+)?>", lambda m: f"<{noun}{m[1] or case}>", child.key
                    )
                    node.add(child)


_OF_TESTS = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|__tests__)(?:[/_.-]|$)|tests?[.]|spec[.]")


def _where(form: _Form) -> str:
    return quote(form.directory.path or "./")


def _forms_of(directory: Directory, members: set[str]) -> Iterator[_Form]:
    names = [name for name in directory.directories if name not in members and not is_odd(name)]
    if len(names) >= ENOUGH:
        yield _Form(directory, "", "/", {caseless(name): name for name in names})
    stems: dict[str, list[str]] = {}
    for name in directory.files:
        stem, extension = stem_of(name)
        if extension and not is_odd(stem) and not PICTURE.search(extension):
            stems.setdefault(extension, []).append(stem)
    for extension, extension_stems in stems.items():
        for start, end in _marks_of(extension_stems):
            values = [
                between(candidate, start, end)
                for candidate in extension_stems
                if candidate.startswith(start) and candidate.endswith(end)
            ]
            values = [value for value in values if value and not value.isdigit() and is_writable(value)]
            if len(values) >= ENOUGH and is_writable(start + end + extension):
                yield _Form(directory, start, end + extension, {caseless(value): value for value in values})


def _marks_of(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The prefix or suffix that enough stems share, up to a separator: ("test_", "")."""
    starts = Counter(
        stem[: stem.find(separator) + 1] for stem in stems for separator in "-_" if stem.find(separator) > 0
    )
    ends = Counter(
        stem[stem.rfind(separator) :] for stem in stems for separator in "-_" if stem.rfind(separator) > 0
    )
    capitals = Counter(match[0] for stem in stems if (match := re.search(r"(?:Tests?|Spec|IT)\Z", stem)))
    common = [("", "")]
    common += [(start, "") for start, number in starts.items() if number >= ENOUGH]
    common += [("", end) for end, number in (ends + capitals).items() if number >= ENOUGH]
    yield from sorted(common)


_MOST_WITH_A_NAME = 50  # places; a name that occurs everywhere is no evidence for a tie


def _alike(forms: Sequence[_Form]) -> list[tuple[int, int, int, int]]:
    """The pairs of forms with nearly the same names, with the numbers of equal names and of all names."""
    having: dict[str, list[int]] = {}
    for index, form in enumerate(forms):
        for value in form.values:
            having.setdefault(value, []).append(index)
    same: Counter[tuple[int, int]] = Counter()
    for indices in having.values():
        if len(indices) <= _MOST_WITH_A_NAME:
            same.update(combinations(indices, 2))
    pairs = []
    for (one, other), number in same.items():
        of = len(forms[one].values) + len(forms[other].values) - number
        if number >= ENOUGH and number >= NEARLY_ALL * of and _may_tie(forms[one], forms[other], number):
            pairs.append((one, other, number, of))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _may_tie(one: _Form, other: _Form, number: int) -> bool:
    """Whether a tie is worthwhile: deeper in the tree, more common names are needed."""
    if not (one.projects or other.projects or one.tests != other.tests):
        return False  # of the names that recur, few others are the same for long
    if one.marked or (one.directory is other.directory and (one.family or one[1:3] == other[1:3])):
        return False
    if one[1:3] == other[1:3] and not one.family and number < 2 * ENOUGH:
        return False  # copies of a few files
    depth = max(form.directory.path.count("/") for form in (one, other))
    return depth <= (DEEPEST_TIE if number >= 2 * ENOUGH else DEEPEST_TIE - 1)


def _case_between(one: _Form, other: _Form) -> str | None:
    """The suffix of a placeholder for the case in which one form writes the names of another."""
    pairs = [(one.values[key], value) for key, value in other.values.items() if key in one.values]
    if all(here == there for here, there in pairs):
        return ""
    fitting = (case for case in CASES if all(spell(here, case) == there for here, there in pairs))
    return next((f":{case}" for case in fitting), None)
