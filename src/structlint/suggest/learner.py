"""Learns entries: paths that nearly all directories of a kind have are required or recommended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, count

from structlint.layout.entry import entries
from structlint.layout.key_writer import is_writable
from structlint.matching.survey import Survey
from structlint.suggest.draft import PLACEHOLDER, Law, LearnedEntry, Sample, directory_at, own_name
from structlint.suggest.families import (
    Family,
    consist_of,
    find_family,
    is_project,
    manifests_of,
    shared_names,
    without_subjects,
    worth_most,
)
from structlint.suggest.file_patterns import add_collections, add_pattern
from structlint.suggest.inherited_keys import (
    has_case,
    inherited_families,
    inherited_key,
    inherited_strays,
    is_wanted,
    is_wanted_in_root,
)
from structlint.suggest.names import (
    CODE,
    MARKS,
    as_key,
    between,
    called,
    common_case,
    is_loose,
    is_numbered,
    kind_of,
    marked_names,
    noun_of,
    variants_of,
)
from structlint.suggest.pruning import drop_lawless, group_files, only_laws
from structlint.suggest.thresholds import (
    DEEPEST_IN_FAMILY,
    DEEPEST_LEARNED,
    ENOUGH,
    FAMILY,
    KEEPERS,
    LICENSE,
    MANIFESTS,
    MOST_IN_ROOT,
    MOST_NAMED,
    MOST_OF_FEW,
    MOST_REQUIRED,
    NEARLY_ALL,
    OF_PAGES,
    OLD_MANIFESTS,
    README,
    RECOMMENDED,
    REQUIRED,
)
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.paths import parent
from structlint.tree import Directory, Tree


class Learner:
    """Learns entries from directories. It keeps the names of placeholders distinct.

    `survey` is the survey of the extended layout, whose entry for a family is used if there is one.
    """

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.taken = {name for _, entry in entries(survey.layout.root) for name in entry.key.placeholders}
        self.names: dict[str, Law] = {}
        self.strays = inherited_strays(survey)
        self.marks = any(re.search(r"(?:^|/)__[^/]+/", path) for path in survey.tree.files)

    def root(self, root: LearnedEntry, unknown: set[str]) -> None:
        """Learns the root. Names that the extended layout lists are listed only if they have a law."""
        directory = root.held[0].directory
        for name in directory.files:
            if is_writable(name):
                replaced = name in OLD_MANIFESTS and "pyproject.toml" in directory.files
                essential = name in MANIFESTS or README.fullmatch(name) or LICENSE.fullmatch(name)
                required = bool(essential) and not replaced
                required = required and not is_wanted_in_root(name, self.survey)
                if required or (name in unknown and not is_loose(name)):
                    root.add(LearnedEntry(plain_key(name), optional=not required))
        group_files(root)
        foreign = [
            subdirectory for name, subdirectory in directory.directories.items() if f"{name}/" in unknown
        ]
        self.one(root, foreign, 0)
        families = inherited_families(directory, self.survey)
        members = {own_name(member) for family in families for member in family.members}
        for family in families:
            if inherited_key(family, self.survey):
                self.add_family(root, family)
        for name, subdirectory in directory.directories.items():
            if (
                f"{name}/" not in unknown
                and name not in members
                and not name.startswith(".")
                and not subdirectory.opaque
                and is_writable(name)
            ):
                known = LearnedEntry(f"{plain_key(name)}/", (Sample(subdirectory),), optional=True)
                self.one(known, list(subdirectory.directories.values()), 1)
                if only_laws(known, 2, self.strays):
                    root.add(known)

    def one(self, node: LearnedEntry, inside: Sequence[Directory], depth: int) -> None:
        """Learns the contents of one directory: a family, and other directories by their names."""
        directory = node.held[0].directory
        pool = [
            subdirectory
            for subdirectory in inside
            if is_writable(own_name(subdirectory)) and subdirectory.path not in self.strays
        ]
        family = find_family(
            [subdirectory for subdirectory in pool if not subdirectory.opaque], own_name(directory)
        )
        if family and not depth and not _are_projects(family):
            family = None  # each directory of a root has its own role
        members = {member.path for member in family.members} if family else set()
        left = [subdirectory for subdirectory in pool if subdirectory.path not in members]
        most = max(MOST_NAMED, len(members))
        if family and depth and len(left) > most:
            family, left = None, pool
        if family:
            self.add_family(node, family)
        is_series = depth > 0 and is_numbered(list(map(own_name, left)))
        if len(left) > (most if depth else MOST_IN_ROOT) or is_series:
            self.nameless(node, left)
            return
        for subdirectory in left:
            child = node.add(
                LearnedEntry(f"{plain_key(own_name(subdirectory))}/", (Sample(subdirectory),), optional=True)
            )
            if depth + 1 < DEEPEST_LEARNED and not subdirectory.opaque:
                self.one(child, list(subdirectory.directories.values()), depth + 1)
        if depth:
            drop_lawless(node)
        if depth and not node.children:
            add_pattern(node, self)
        if depth and not node.children:
            add_collections(node, self)

    def nameless(self, node: LearnedEntry, pool: Sequence[Directory]) -> None:
        """Learns many directories that have at most the case of their names in common."""
        if node.key == "/":
            node.add(LearnedEntry("*/", optional=True))
            return
        values = [own_name(subdirectory) for subdirectory in pool]
        law = common_case(values)
        if law and law.text != "lowercase" and not any(value.startswith(".") for value in values):
            noun = self.noun(node.held[0].directory)
            self.names[noun] = law
            many = called(own_name(node.held[0].directory), noun)
            held = tuple(Sample(subdirectory, own_name(subdirectory)) for subdirectory in pool)
            node.add(LearnedEntry(f"<{noun}>/", held, many=many, noun=noun, in_family=True, law=True))
            self.marked(node)

    def add_family(self, node: LearnedEntry, family: Family) -> None:
        """Adds the entry of a family, with its learned contents."""
        known = inherited_key(family, self.survey)
        placeholder = PLACEHOLDER.search(known)
        noun = placeholder[1] if placeholder else "" if known else self.noun(node.held[0].directory)
        start, end = ("", "") if known else (family.prefix, family.suffix)
        held = tuple(Sample(member, between(own_name(member), start, end)) for member in family.members)
        siblings = len(family.members)
        many = called(own_name(node.held[0].directory), noun or "directory")
        key_ = known or f"{escape_key(start)}<{noun}>{escape_key(end)}/"
        child = LearnedEntry(key_, held, optional=known == "*/", many=many, noun=noun, law=True)
        child.in_family = True
        child.have = child.of = siblings
        node.add(child)
        capitals = sum(own_name(member)[:1].isupper() for member in family.members)
        if capitals > siblings / 2 and noun and not start + end:
            node.add(LearnedEntry("*Tests/", optional=True))  # it is about a member, but is not one
        self.marked(node)
        law = common_case([sample.value for sample in held])
        if noun and law and not has_case(noun, law, self.survey):
            self.names[noun] = law
        self.many(child, noun, many, 0)
        if node.key == "/" and not known:
            _recognize_by_manifest(child)

    def many(self, node: LearnedEntry, noun: str, many: str, depth: int) -> None:
        """Learns the common contents of similar directories."""
        total = len(node.held)
        variants = [variants_of(held.value) for held in node.held]
        self.shared_files(node, noun, variants, depth)
        inside = [held.directory.directories for held in node.held]
        listed: set[str] = set()
        for template, places in shared_names(inside, variants):
            have = len(places)
            if have < max(2, total / 2):
                break
            there = tuple(
                Sample(marked_names(inside[place], template, variants[place]), node.held[place].value)
                for place in places
            )
            child = LearnedEntry(f"{as_key(template, noun)}/", there, have=have, of=total, many=many)
            child.in_family = True
            child.grade()
            node.add(child)
            listed.update(sample.directory.path for sample in there)
            opaque = template.startswith(".") or any(sample.directory.opaque for sample in there)
            deepest = DEEPEST_IN_FAMILY if total >= ENOUGH else DEEPEST_IN_FAMILY - 1
            if depth + 1 < deepest and have >= ENOUGH and not opaque:
                self.many(child, noun, many, depth + 1)
        rest = [
            subdirectory
            for there_ in inside
            for subdirectory in there_.values()
            if subdirectory.path not in listed
        ]
        self.within(
            node, [subdirectory for subdirectory in rest if is_writable(own_name(subdirectory))], depth
        )
        if any(child.directory for child in node.children.values()):
            node.add(LearnedEntry("*/", optional=True))  # a new directory is not a mistake

    def shared_files(
        self, node: LearnedEntry, noun: str, variants: Sequence[list[tuple[str, str]]], depth: int
    ) -> None:
        """Learns the common files of directories. Different manifests count as one file with alternatives.

        Of images in several languages, one may install a program that is built elsewhere.
        """
        total = len(node.held)
        if not OF_PAGES.isdisjoint(node.held[0].directory.path.lower().split("/")):
            return  # the next page may be written in another form
        names = [[name for name in held.directory.files if name not in KEEPERS] for held in node.held]
        shared = [
            shared_name
            for shared_name in shared_names(names, variants)
            if len(shared_name.places) >= max(2, total / 2)
        ]
        required = without_subjects(
            shared_name
            for shared_name in shared
            if len(shared_name.places) >= max(FAMILY, RECOMMENDED * total)
            and not _is_own_choice(node, shared_name.template, self.survey.tree)
        )
        manifests = [manifests_of(held.directory) for held in node.held]
        having = sum(map(bool, manifests))
        covered = any(
            re.sub(r"[\0-\2]", "", shared_name.template) in MANIFESTS
            or kind_of(shared_name.template) in MANIFESTS
            for shared_name in required
        )
        counts = Counter(chain.from_iterable(manifests))
        images = len(counts) > 1 and any(shared_name.template == "Dockerfile" for shared_name in required)
        if having >= max(FAMILY, RECOMMENDED * total) and not (covered or images):
            text = " | ".join(sorted(counts, key=lambda manifest: (-counts[manifest], manifest)))
            self.file(node, text, having)
        most = MOST_REQUIRED if total >= ENOUGH else MOST_OF_FEW
        worth = worth_most(required, most // 2 if depth else most)
        uniform = not depth and consist_of(names, shared)
        for shared_name in worth:
            key_ = as_key(shared_name.template, noun)
            if not depth and key_ in ("index.js", "index.ts"):
                key_ = f"{key_} | {key_}x"  # the contents decide which of them exists
            self.file(node, key_, len(shared_name.places), uniform=uniform)

    def file(self, node: LearnedEntry, key_: str, have: int, *, uniform: bool = False) -> None:
        total = len(node.held)
        if is_wanted(node, key_, self.survey):
            return
        child = LearnedEntry(key_, have=have, of=total, many=node.many, uniform=uniform)
        child.in_family = True
        child.grade()
        if not child.optional:
            node.add(child)

    def within(self, node: LearnedEntry, pool: list[Directory], depth: int) -> None:
        """Learns a family whose members are in several similar directories."""
        names = {own_name(held.directory) for held in node.held}
        if len(pool) < ENOUGH or len(names) > 1 or depth + 1 >= DEEPEST_IN_FAMILY:
            return
        closed = [subdirectory for subdirectory in pool if not subdirectory.opaque]
        family = find_family(closed, own_name(node.held[0].directory))
        if not family or len(family.members) < NEARLY_ALL * len(pool):
            return
        before = len(node.children)
        self.add_family(node, family)
        if len(node.children) > before:
            child = list(node.children.values())[-1]
            having = {parent(member.path) for member in family.members}
            child.optional = len(having) < NEARLY_ALL * len(node.held)

    def marked(self, node: LearnedEntry) -> None:
        """Allows `__tests__/` and similar directories beside a family, in a repository that has any."""
        if self.marks and node.key != "/":
            node.add(LearnedEntry("__*__/", optional=True))

    def noun(self, directory: Directory, *, code: bool = False) -> str:
        """The name of a placeholder for the contents of a directory: its singular, made unique."""
        path = directory.path.rstrip("/").split("/")
        steps = [step for step in path if not re.fullmatch(r"@.*|v?[0-9.]+", step)]
        first = noun_of(steps[-1] if steps else "")
        if code and steps and first == steps[-1].lower():
            first = "module"
        longer = [f"{above}-{first}" for above in map(noun_of, steps[-2::-1]) if above != first]
        numbered = (f"{first}-{number}" for number in count(2))
        return self.free(chain([first], longer, numbered))

    def free(self, candidates: Iterable[str]) -> str:
        """The first unused one of some names for placeholders; it is marked as used."""
        noun = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(noun)
        return noun


def _are_projects(family: Family) -> bool:
    """Whether nearly all members of a family contain a manifest or the source of an image."""
    having = sum(map(is_project, family.members))
    return having >= RECOMMENDED * len(family.members)


def _recognize_by_manifest(entry: LearnedEntry) -> None:
    """Limits a family in the root to projects, because any other directory can be beside them."""
    manifests = dict.fromkeys(chain.from_iterable(manifests_of(held.directory) for held in entry.held))
    images = [held for held in entry.held if "Dockerfile" in held.directory.files]
    keys = [*manifests, *(["Dockerfile"] if not manifests and images else [])]
    entry.condition = " | ".join(keys)
    for key in [key for key in entry.children if set(key.split(" | ")) <= set(keys)]:
        del entry.children[key]


def _is_own_choice(node: LearnedEntry, template: str, tree: Tree) -> bool:
    """Whether a module has the name of its directory, but not in all directories of code beside it.

    What they have in common is this name, and they are a family only because of it.
    """
    extension = template.rpartition(".")[2]
    if extension not in CODE or not any(mark in template for mark in MARKS):
        return False
    above = {parent(held.directory.path) for held in node.held}
    beside = [inside for path in above for inside in directory_at(tree, path).directories.values()]
    alike = sum(any(name.endswith(f".{extension}") for name in inside.files) for inside in beside)
    return len(node.held) < REQUIRED * alike
