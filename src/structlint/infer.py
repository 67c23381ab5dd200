"""A layout learned from a repository: what it holds alike in many places, and what breaks that.

Siblings that hold the same become one entry with a placeholder, what nearly all of them have is required,
and names that come again elsewhere are tied. What is learned is then held against the repository, and
loosened until all that it finds is what few do otherwise: the outliers. Every step counts names and looks
them up; no two directories are compared with one another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, combinations, count
from typing import NamedTuple

from structlint import engine
from structlint.document import Mapping, Node, Scalar, parse
from structlint.errors import CannotCheck
from structlint.finding import Finding, Place
from structlint.layout.keys import BadKey, read_key
from structlint.layout.load import Shelf, bundled_layout, load
from structlint.layout.model import Layout, Reason, Reasons, entries
from structlint.naming import CASES, fits, key, spell, words
from structlint.quoting import quote
from structlint.rules import RULES, name_of
from structlint.survey import Survey
from structlint.tree import Directory, Tree
from structlint.written import write

LEAST_FILES = 3
_NEARLY_ALL = 0.9
_FAMILY = 3  # as many siblings make one
_ENOUGH = 5  # as many names make a law of their case, a tie, a pattern
_MOST_NAMED = 12  # directories side by side, below the root, that are listed by their names
_MOST_IN_ROOT = 60  # directories, or files, of the root that are
_DEEPEST = 5
_DEEPEST_IN_FAMILY = 3
_MOST_TIES = 6
_DEEPEST_TIE = 4
_MOST_REQUIRED, _MOST_OF_FEW = 8, 5  # files of a family that are worth a line; of a small one
_MOST_OPTIONAL = 6
_ROUNDS = 6
_FILE = "structlint.yaml"


@dataclass(frozen=True, slots=True)
class Outlier:
    """What breaks a learned rule: where, how, and how many keep it ("19 of 21 services have one")."""

    path: str
    words: str
    support: str = ""

    def __str__(self) -> str:
        return f"{quote(self.path)}: {self.words}" + (f" ({self.support})" if self.support else "")


class Passed(NamedTuple):
    """What is there and was not made law, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class Inferred:
    """A learned layout, as nodes, with `remarks` on its keys; what breaks it; what was not learned from."""

    layout: Mapping
    outliers: tuple[Outlier, ...]
    remarks: dict[Scalar, str]
    passed: tuple[Passed, ...]


def inferred(tree: Tree) -> Inferred:
    """The layout of a tree, which is without structlint's own files: that of the layout will be added to it.

    Raises `CannotCheck` where there is too little to learn from.
    """
    base = bundled_layout("base")
    survey = Survey(base, tree)
    passed, gone = _passed_over(survey)
    clean = tree.without(lambda path: path in gone)
    if len(clean.files) < LEAST_FILES:
        there = f"{len(clean.files)} {'file' if len(clean.files) == 1 else 'files'}"
        few = f"there is too little to learn a layout from: {there}, at least {LEAST_FILES} are needed"
        raise CannotCheck(f"{few}; `structlint init` without --infer takes a bundled layout")
    unknown = {each.path for each in survey.unlisted}
    to_be = replace(tree, files=tuple(sorted({*tree.files, _FILE})))
    draft = _draft(clean, base, unknown, ties=True)
    found = _loosened(draft, to_be, clean)
    if _breaks_ties(found):
        draft = _draft(clean, base, unknown, ties=False)
        found = _loosened(draft, to_be, clean)
    layout, pairs = _nodes(draft)
    remarks = {scalar: said for scalar, node in pairs if (said := node.remark())}
    remarks |= dict(_named_remarks(layout, draft))
    return Inferred(layout, tuple(_outliers(found, draft, passed)), remarks, passed)


def _list(text: str) -> list[str]:
    return text.split()


def _set(text: str) -> frozenset[str]:
    return frozenset(_list(text))


# --- What is never made law


_OWN_JUNK = {
    "tmp/": "for a while only",
    "temp/": "for a while only",
    "out/": "made by a build",
    "build/": "made by a build",
    "dist/": "made by a build",
    "coverage/": "made by a run",
    "logs/": "written by a run",
    "*.log": "written by a run",
    "*.tmp": "for a while only",
    "*.temp": "for a while only",
    "* copy": "a copy",
    "* copy.*": "a copy",
    "* copy [0-9]*": "a copy",
    "*([0-9])": "a copy",
    "*([0-9]).*": "a copy",
    "Copy of *": "a copy",
    "*.old": "what was before",
    "*.save": "what an editor has left behind",
    ".#*": "what an editor has left behind",
    r"\#*#": "what an editor has left behind",
}
# In these a `build/` or an `out/` has been written, as the ports of a hexagonal architecture are.
_SOURCES = _set("src lib app source internal pkg cmd main adapter docs test tests .github")


def _passed_over(survey: Survey) -> tuple[tuple[Passed, ...], frozenset[str]]:
    """What is not learned from, the topmost paths with the reason, and every path in it."""
    own = Reasons(tuple(Reason(pattern, Place("", 1), why) for pattern, why in _OWN_JUNK.items()))
    forbid, local = survey.layout.forbid, survey.layout.local
    found: dict[str, str] = {}
    gone: set[str] = set()
    for reasons, why in ((forbid, ""), (local, "stays on one machine"), (own, "")):
        for top, reason, files in survey.matched(reasons):
            if reasons is own and top.endswith("/") and not _SOURCES.isdisjoint(top.split("/")[:-2]):
                continue
            if gone.isdisjoint(files):
                found[top] = why or reason.why
            gone.update(files)
    for path in sorted(survey.tree.ignored - gone):
        found[path] = "git ignores it"
    gone |= survey.tree.ignored
    gone |= {path for path, link in survey.tree.links.items() if link.kind == "broken"}
    return tuple(Passed(path, found[path]) for path in sorted(found)), frozenset(gone)


# --- What is learned: entries, each with the directories that it stands for


@dataclass(slots=True, eq=False)
class _Node:
    """An entry that is being learned. `key` is without the `?` of `optional`.

    `held` are the directories that it stands for, each with the value of the innermost placeholder.
    `have` of the `of` places where it could be have it; `many` is what these are called ("services").
    `noun` is the placeholder of a family, or of a pattern of files. `late` entries come after the others,
    as other places define their names. `law` marks what is worth its line whatever it costs.
    """

    key: str
    held: tuple[_Held, ...] = ()
    optional: bool = False
    have: int = 1
    of: int = 1
    many: str = ""
    noun: str = ""
    in_family: bool = False
    law: bool = False
    late: bool = False
    tied: str = ""
    strays: str = ""
    children: dict[str, _Node] = field(default_factory=dict)

    @property
    def directory(self) -> bool:
        return self.key.endswith("/")

    def add(self, child: _Node) -> _Node:
        return self.children.setdefault(child.key, child)

    def remark(self) -> str:
        """How well it is supported, where that is not plain."""
        if self.tied:
            return f"{self.have} of {self.of}, as in {self.tied}"
        return f"{self.have} of {self.of}" if self.have < self.of else ""

    def walk(self) -> Iterator[_Node]:
        yield self
        for child in self.children.values():
            yield from child.walk()


class _Held(NamedTuple):
    """A directory, and the value that the innermost placeholder above it has."""

    directory: Directory
    value: str = ""


class _Law(NamedTuple):
    """What a placeholder's names have in common: a case, or a pattern between slashes."""

    text: str
    have: int
    of: int


@dataclass
class _Draft:
    """The layout that is being learned."""

    root: _Node
    names: dict[str, _Law] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    def by_directory(self) -> dict[str, _Node]:
        """The entry that governs each directory."""
        return {held.directory.path: node for node in self.root.walk() for held in node.held}


def _draft(tree: Tree, base: Layout, unknown: set[str], *, ties: bool) -> _Draft:
    learner = _Learner(base)
    root = _Node("/", (_Held(tree.root),))
    draft = _Draft(root, learner.names)
    learner.root(root, unknown)
    _prune(root, min(60, max(20, len(tree.files) // 8)))
    if ties:
        _Ties(draft, learner, tree).tie()
    used = {noun for node in root.walk() for noun in _PLACEHOLDER.findall(node.key)}
    draft.names = {noun: law for noun, law in sorted(learner.names.items()) if noun in used}
    return draft


# What is at the heart of a project: where one is, it is required.
_MANIFESTS = tuple(
    _list(
        "package.json pyproject.toml requirements.txt setup.py go.mod Cargo.toml pom.xml build.gradle"
        " build.gradle.kts composer.json Gemfile mix.exs Package.swift CMakeLists.txt build.sbt pubspec.yaml"
        " deno.json Chart.yaml *.csproj *.fsproj *.vbproj"
    )
)
_LICENSE = re.compile(r"(?i)(?:licen[cs]e|copying)(?:\.(?:md|txt|rst))?")
_README = re.compile(r"(?i)readme(?:\.(?:md|rst|adoc|txt))?")
_WEAK = re.compile(r"(?i)readme.*|__init__\.py|index\..*|mod\.rs|package-info\.java|doc\.go|\.[^/]*")
_PICTURE = re.compile(r"(?i)\.(?:png|jpe?g|gif|svg|ico|webp|avif|bmp|ttf|otf|woff2?|mp[34]|webm|pdf)\Z")
_KEEPERS = _set(".gitkeep .keep .gitignore .npmignore")
# Directories that each have a part of their own: what they share does not make them a family.
_ROLES = _set(
    "api app application applications assets adapter adapters bin client cli cmd common components config"
    " configs constants contracts controllers core crud css data database db decorators deps docs domain"
    " dto e2e entities entrypoints errors events exceptions fixtures frontend backend functional handlers"
    " helpers hooks http i18n images infra infrastructure integration interfaces internal js layouts lib"
    " libs logging middleware middlewares migrations models pages pkg ports presentation providers"
    " public queries repositories resources routers routes schemas scripts security server services"
    " shared src static store storage styles templates test testing tests tools types ui unit"
    " usecases utils validators vendor views web webui worker workers"
)
_NO_COLLECTIONS = _set("tests docs utils tools assets sources resources scripts")
_NOUNS = {
    "": "module",
    "src": "module",
    "source": "module",
    "sources": "module",
    "lib": "module",
    "pkg": "package",
    "internal": "package",
    "cmd": "command",
    "libs": "lib",
    "tests": "suite",
    "docs": "page",
}
_SETTINGS = _set("about level needs strays")
_SPECIAL = re.compile(r"[\\*<]|(?<= )[|^](?= )|\?\Z")
_PLACEHOLDER = re.compile(r"(?<!\\)<([A-Za-z][A-Za-z0-9_-]*)[:>]")
_UNWRITABLE = re.compile(r"[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _plain(name: str) -> str:
    """A name as a key writes it."""
    text = _escaped(name)
    return "\\" + text if text in _SETTINGS or text.startswith(("min-", "max-")) else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _writable(name: str) -> bool:
    """Whether a layout can list this name; one with a line break, for one, it cannot."""
    if _UNWRITABLE.search(name):
        return False
    try:
        read_key(_plain(name))
    except BadKey:
        return False
    return True


def _name(directory: Directory) -> str:
    return directory.path.rstrip("/").rpartition("/")[2]


class _Learner:
    """Learns entries from directories. Keeps the placeholders' names apart."""

    def __init__(self, base: Layout) -> None:
        self.taken = {name for _, entry in entries(base.root) for name in entry.key.placeholders}
        self.names: dict[str, _Law] = {}

    def root(self, root: _Node, unknown: set[str]) -> None:
        """Learns the root: of what `base` allows there only what has a law of its own."""
        directory = root.held[0].directory
        for name in directory.files:
            if _writable(name):
                required = name in _MANIFESTS or _README.fullmatch(name) or _LICENSE.fullmatch(name)
                if required or name in unknown:
                    root.add(_Node(_plain(name), optional=not required))
        _group_files(root)
        foreign = [each for name, each in directory.directories.items() if f"{name}/" in unknown]
        self.one(root, foreign, 0)
        for name, each in directory.directories.items():
            if f"{name}/" not in unknown and not name.startswith(".") and not each.opaque and _writable(name):
                known = _Node(f"{_plain(name)}/", (_Held(each),))
                self.one(known, list(each.directories.values()), 1)
                if _only_laws(known, 2):
                    root.add(known)

    def one(self, node: _Node, inside: Sequence[Directory], depth: int) -> None:
        """Learns what one directory holds: a family of directories, others by their names."""
        directory = node.held[0].directory
        pool = [each for each in inside if _writable(_name(each))]
        family = _find_family([each for each in pool if not each.opaque], _name(directory))
        members = {each.path for each in family.members} if family else set()
        left = [each for each in pool if each.path not in members]
        most = max(_MOST_NAMED, len(members))
        if family and depth and len(left) > most:
            family, left = None, pool
        if family:
            self.found(node, family)
        if len(left) > (most if depth else _MOST_IN_ROOT):
            self.nameless(node, left)
            return
        for each in left:
            child = node.add(_Node(f"{_plain(_name(each))}/", (_Held(each),)))
            if depth + 1 < _DEEPEST and not each.opaque:
                self.one(child, list(each.directories.values()), depth + 1)
        single = len(node.children) == 1 and not any(each.law for each in node.walk())
        if single and (depth > 1 or (depth and directory.files)):
            node.children.clear()  # a way through single directories is not worth its length
        if depth and not node.children:
            self.files(node)

    def nameless(self, node: _Node, pool: Sequence[Directory]) -> None:
        """Many directories that have nothing in common but, perhaps, the case of their names."""
        if node.key == "/":
            node.add(_Node("*/", optional=True))
            return
        values = [_name(each) for each in pool]
        law = _case_of(values)
        if law and law.text != "lowercase" and not any(value.startswith(".") for value in values):
            noun = self.noun(node.held[0].directory)
            self.names[noun] = law
            many = _called(_name(node.held[0].directory), noun)
            held = tuple(_Held(each, _name(each)) for each in pool)
            node.add(_Node(f"<{noun}>/", held, many=many, noun=noun, in_family=True, law=True))

    def files(self, node: _Node) -> None:
        """Learns a pattern of files, where all that a directory holds has it."""
        directory = node.held[0].directory
        odd = [name for name in directory.files if _is_odd(_stem(name)[0])]
        parts = [_stem(name) for name in directory.files if not _is_odd(_stem(name)[0])]
        kind = {extension for _, extension in parts}
        if len(parts) < _ENOUGH or len(kind) > 1 or directory.directories or not all(kind):
            return
        number = len(parts)
        extension = kind.pop()
        if not _writable(extension):
            return
        numbers = [re.match(r"[0-9]{2,}(?=[-_.])", stem) for stem, _ in parts]
        digits = {len(found[0]) for found in numbers if found}
        if all(numbers) and len(digits) == 1:
            noun = self.noun(directory)
            self.names[noun] = _Law(f"/[0-9]{{{digits.pop()}}}[-_.].+/", number, number)
            node.add(_Node(f"<{noun}>{_escaped(extension)}", have=number, of=number, noun=noun, law=True))
            node.strays = "all"
            for name in odd:
                node.add(_Node(_plain(name), optional=True))
        elif extension.rpartition(".")[2] not in _CODE:
            node.add(_Node(f"*{_escaped(extension)}", have=number, of=number))

    def found(self, node: _Node, family: _Family) -> None:
        """Adds the entry of a family, with what is learned of its inside."""
        noun = self.noun(node.held[0].directory)
        start, end = family.prefix, family.suffix
        held = tuple(_Held(each, _between(_name(each), start, end)) for each in family.members)
        siblings = len(family.members)
        many = _called(_name(node.held[0].directory), noun)
        child = _Node(f"{_escaped(start)}<{noun}>{_escaped(end)}/", held, many=many, noun=noun, law=True)
        child.in_family = True
        child.have = child.of = siblings
        node.add(child)
        if law := _case_of([each.value for each in held]):
            self.names[noun] = law
        self.many(child, noun, many, 0)

    def many(self, node: _Node, noun: str, many: str, depth: int) -> None:
        """Learns what directories that stand for one another have in common."""
        total = len(node.held)
        variants = [_variants(held.value) for held in node.held]
        self.shared_files(node, noun, variants, depth)
        inside = [held.directory.directories for held in node.held]
        listed: set[str] = set()
        for template, places in _shared(inside, variants):
            have = len(places)
            if have < max(2, total / 2):
                break
            there = tuple(
                _Held(_marked(inside[each], template, variants[each]), node.held[each].value)
                for each in places
            )
            child = _Node(f"{_as_key(template, noun)}/", there, have < _NEARLY_ALL * total, have, total, many)
            child.in_family = True
            node.add(child)
            listed.update(each.directory.path for each in there)
            opaque = template.startswith(".") or any(each.directory.opaque for each in there)
            deepest = _DEEPEST_IN_FAMILY if total >= _ENOUGH else _DEEPEST_IN_FAMILY - 1
            if depth + 1 < deepest and have >= _FAMILY and not opaque:
                self.many(child, noun, many, depth + 1)
        rest = [each for there_ in inside for each in there_.values() if each.path not in listed]
        self.within(node, [each for each in rest if _writable(_name(each))], depth)

    def shared_files(
        self, node: _Node, noun: str, variants: Sequence[list[tuple[str, str]]], depth: int
    ) -> None:
        """Learns the files that directories have in common; where each has another manifest, that is one."""
        total = len(node.held)
        names = [[name for name in held.directory.files if name not in _KEEPERS] for held in node.held]
        shared = [each for each in _shared(names, variants) if len(each.places) >= max(2, total / 2)]
        required = [each for each in shared if len(each.places) >= _NEARLY_ALL * total]
        manifests = [_manifests(held.directory) for held in node.held]
        having = sum(map(bool, manifests))
        told = any(
            re.sub(r"[\0-\2]", "", each.template) in _MANIFESTS or _kind(each.template) in _MANIFESTS
            for each in required
        )
        optional = [each for each in shared if len(each.places) < _NEARLY_ALL * total]
        if having >= max(_FAMILY, _NEARLY_ALL * total) and not told:
            found = Counter(chain.from_iterable(manifests))
            text = " | ".join(sorted(found, key=lambda each: (-found[each], each)))
            self.file(node, text, having)
            optional = [each for each in optional if not {each.template, _kind(each.template)} & found.keys()]
        most = _MOST_REQUIRED if total >= _ENOUGH else _MOST_OF_FEW
        worth = _worth_most(required, most // 2 if depth else most)
        for each in worth if depth else worth + _worth_most(optional, most // 2):
            self.file(node, _as_key(each.template, noun), len(each.places))

    def file(self, node: _Node, key_: str, have: int) -> None:
        total = len(node.held)
        child = _Node(key_, optional=have < _NEARLY_ALL * total, have=have, of=total, many=node.many)
        child.in_family = True
        node.add(child)

    def within(self, node: _Node, pool: list[Directory], depth: int) -> None:
        """Learns a family whose members lie in several directories that stand for one another."""
        names = {_name(held.directory) for held in node.held}
        if len(pool) < _ENOUGH or len(names) > 1 or depth + 1 >= _DEEPEST_IN_FAMILY:
            return
        closed = [each for each in pool if not each.opaque]
        family = _find_family(closed, _name(node.held[0].directory))
        if not family or len(family.members) < _NEARLY_ALL * len(pool):
            return
        before = len(node.children)
        self.found(node, family)
        if len(node.children) > before:
            child = list(node.children.values())[-1]
            having = {each.path[: each.path.rstrip("/").rfind("/") + 1] for each in family.members}
            child.optional = len(having) < _NEARLY_ALL * len(node.held)

    def noun(self, directory: Directory, *, code: bool = False) -> str:
        """A placeholder's name for what lies in a directory: the singular of its name, told from others."""
        path = directory.path.rstrip("/").split("/")
        steps = [step for step in path if not re.fullmatch(r"@.*|v?[0-9.]+", step)]
        first = _noun(steps[-1] if steps else "")
        if code and steps and first == steps[-1].lower():
            first = "module"
        longer = [f"{above}-{first}" for above in map(_noun, steps[-2::-1]) if above != first]
        numbered = (f"{first}-{number}" for number in count(2))
        noun = next(each for each in chain([first], longer, numbered) if each not in self.taken)
        self.taken.add(noun)
        return noun


# --- Names


_CODE = _set(
    "py js mjs cjs ts tsx jsx go rs java kt kts cs fs vb rb php c h cc cpp hpp swift scala ex exs vue"
    " svelte css scss less html dart m lua r jl clj elm hs ml"
)
_ODD = re.compile(
    r"(?i)_.*|\..*|readme|index|main|mod|lib|conftest|kustomization|namespace|ingress|template|changelog|all|common"
)


def _is_odd(stem: str) -> bool:
    """Whether a file has a part of its own beside the others of its directory."""
    return _ODD.fullmatch(stem) is not None


def _stem(name: str) -> tuple[str, str]:
    """A file's name up to its first dot, and the rest: ("user", ".test.ts")."""
    at = name.find(".", 1)
    return (name, "") if at < 0 else (name[:at], name[at:])


def _noun(name: str) -> str:
    """The singular of a directory's name, as a placeholder's name."""
    if name in _NOUNS:
        return _NOUNS[name]
    split = [word for word in words(name) if word.isascii()] or ["entry"]
    noun = "-".join([*split[:-1], _singular(split[-1])])
    return noun if noun[0].isalpha() else f"n{noun}"


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "kubernetes")):
        return word[:-1]
    return word


def _called(parent: str, noun: str) -> str:
    """What the members of a family are called together: "services", in `services/`."""
    return parent if _noun(parent) == noun != parent and parent not in _NOUNS else f"{noun}s"


def _between(name: str, start: str, end: str) -> str:
    return name[len(start) : len(name) - len(end)]


def _case_of(values: Sequence[str]) -> _Law | None:
    """The case that nearly all of enough names have. Without a name of two words it cannot be told which."""
    fitting = {case: sum(fits(value, case) for value in values) for case in CASES}
    told = {case: have for case, have in fitting.items() if case != "lowercase"}
    most = max(told.values())
    best = [case for case, have in told.items() if have == most]
    case = best[0] if len(best) == 1 else "lowercase"
    law = _Law(case, fitting[case], len(values))
    return law if law.of >= _ENOUGH and law.have >= _NEARLY_ALL * law.of else None


def _kind(name: str) -> str:
    return f"*{name[name.rfind('.') :]}" if "." in name else name


def _marked(
    directories: dict[str, Directory], template: str, variants: Sequence[tuple[str, str]]
) -> Directory:
    """The directory that a template stands for."""
    name = template
    for mark, text in variants:
        name = name.replace(mark, text)
    return directories[name]


# A placeholder's value within another name, as it is or in another case, is marked by one of these.
_MARKS = ("\0", "\1", "\2")
_MARKED_CASES = ("", ":snake_case", ":PascalCase")


def _variants(value: str) -> list[tuple[str, str]]:
    """The spellings of a value that are looked for in the names of files, with their marks."""
    if len(value) < 2:
        return []
    texts = (value, spell(value, "snake_case"), spell(value, "PascalCase"))
    return list(zip(_MARKS, texts, strict=True))


def _templates(name: str, variants: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A name, and with the placeholder's value in it replaced by its mark."""
    yield name
    for mark, text in variants:
        at = name.find(text)
        end = at + len(text)
        if at >= 0 and not name[:at][-1:].isalnum() and not name[end : end + 1].isalnum():
            yield name[:at] + mark + name[end:]


def _as_key(template: str, noun: str) -> str:
    """A template as a key writes it."""
    found = re.split(r"([\0-\2])", template)
    slots = {mark: f"<{noun}{case}>" for mark, case in zip(_MARKS, _MARKED_CASES, strict=True)}
    if len(found) == 1:
        return _plain(template)
    return "".join(slots.get(part) or _escaped(part) for part in found)


# --- Families: siblings that hold alike


class _Family(NamedTuple):
    """Siblings that hold alike, and what all of their names begin and end with."""

    members: tuple[Directory, ...]
    prefix: str = ""
    suffix: str = ""


_MOST_ANCHORS = 8
_MANIFEST = "\3"  # any of the manifests


def _find_family(pool: Sequence[Directory], parent: str) -> _Family | None:
    """The siblings in a pool that hold alike, found by what many of them hold."""
    if len(pool) < _FAMILY:
        return None
    held = [_features(each) for each in pool]
    counts = Counter(chain.from_iterable(held))
    often = [each for each, number in counts.items() if number >= _FAMILY]
    anchors = sorted(often, key=lambda each: (-_weight([each]) * counts[each], each))[:_MOST_ANCHORS]
    core: frozenset[str] = max(
        (_core([each for each in held if anchor in each]) for anchor in anchors),
        key=lambda found: found[0],
        default=(0.0, frozenset[str]()),
    )[1]
    enough = _weight(core) / 2
    members = [one for one, has in zip(pool, held, strict=True) if core and _weight(core & has) >= enough]
    if len(members) < _FAMILY or not _is_family(members, core, len(pool), parent):
        return None
    names = [_name(each) for each in members]
    return _Family(tuple(members), *_affixes(names))


def _features(directory: Directory) -> frozenset[str]:
    variants = _variants(_name(directory))
    found = {each for name in directory.files if name not in _KEEPERS for each in _templates(name, variants)}
    found |= {f"{each}/" for name in directory.directories for each in _templates(name, variants)}
    if _manifests(directory):
        found.add(_MANIFEST)
    return frozenset(found)


def _manifests(directory: Directory) -> list[str]:
    """The manifests that a directory holds, as a layout names them."""
    there = {*directory.files, *map(_kind, directory.files)}
    return [each for each in _MANIFESTS if each in there]


def _core(having: list[frozenset[str]]) -> tuple[float, frozenset[str]]:
    """What nearly all of some directories hold, and how much that says."""
    counts = Counter(chain.from_iterable(having))
    core = frozenset(each for each, number in counts.items() if number >= _NEARLY_ALL * len(having))
    return len(having) * _weight(core), core


def _weight(features: Iterable[str]) -> float:
    """How much it says of directories that all of them hold these."""
    return sum(map(_strength, {re.sub("[\1\2]", "\0", each) for each in features}))


def _strength(feature: str) -> float:
    if feature == _MANIFEST:
        return 3
    if _PICTURE.search(feature):
        return 0
    if _WEAK.fullmatch(feature):
        return 0.5
    if feature.endswith("/"):
        return 1.5
    return 0.5 if feature in _MANIFESTS else 2


def _is_family(members: Sequence[Directory], core: frozenset[str], siblings: int, parent: str) -> bool:
    collection = parent.endswith("s") and parent not in _NO_COLLECTIONS and parent != _singular(parent)
    roles = sum(re.split(r"[.]", _name(each).lower())[-1] in _ROLES for each in members)
    if roles * 2 > len(members) and not (collection and _MANIFEST in core):
        return False
    weight = _weight(core)
    if weight >= (2 if collection or len(members) >= _ENOUGH else 4):
        return True
    return weight > 0 and len(members) >= 8 and len(members) >= 0.8 * siblings


def _common(names: Sequence[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _affixes(names: Sequence[str]) -> tuple[str, str]:
    """What all names begin with, up to a separator, and what all end with from one on."""
    start = _common(names)
    start = start[: max(start.rfind(each) for each in "-_.") + 1]
    end = _common([name[len(start) :][::-1] for name in names])[::-1]
    cuts = [at for each in "-_." if (at := end.find(each)) >= 0]
    end = end[min(cuts) :] if cuts else ""
    start, end = (each if len(each) > 3 else "" for each in (start, end))
    return (start, end) if all(len(name) > len(start) + len(end) for name in names) else ("", "")


class _Shared(NamedTuple):
    """What directories that stand for one another share: a key, and in which of them it is."""

    template: str
    places: list[int]


def _shared(names: Sequence[Iterable[str]], variants: Sequence[Iterable[tuple[str, str]]]) -> list[_Shared]:
    """The names, with the placeholder's value marked, by how many of the directories have them."""
    places: dict[str, list[int]] = {}
    for index, (there, spelled) in enumerate(zip(names, variants, strict=True)):
        for name in there:
            for template in _templates(name, spelled) if _writable(name) else ():
                places.setdefault(template, []).append(index)
    often = [_Shared(each, where) for each, where in places.items() if len(where) > 1]
    often.sort(key=lambda each: (-len(each.places), each.template))
    found: dict[str, _Shared] = {}
    for each in often:
        found.setdefault(re.sub("[\1\2]", "\0", each.template), each)
    return list(found.values())


def _worth_most(shared: Sequence[_Shared], most: int) -> list[_Shared]:
    """Those files that say most of what a directory is, in their order."""
    worth = sorted(shared, key=lambda each: -_worth(each.template))[:most]
    return [each for each in shared if each in worth and _worth(each.template)]


def _worth(template: str) -> float:
    if template in _MANIFESTS or _kind(template) in _MANIFESTS or template == "Dockerfile":
        return 4
    if _README.fullmatch(template) or any(mark in template for mark in _MARKS):
        return 3
    if _PICTURE.search(template):
        return 0
    return 1 if template.startswith(".") else 2


# --- Few enough lines to read


def _collapses(node: _Node) -> bool:
    """Whether a directory and the only thing in it are written as one path."""
    if len(node.children) != 1 or node.strays or node.noun or node.key == "/":
        return False
    child = next(iter(node.children.values()))
    plain = not child.noun or not child.directory
    return (
        plain
        and child.optional == node.optional
        and child.key != "*/"
        and not (node.remark() or child.remark())
    )


def _lines(node: _Node) -> int:
    inside = sum(map(_lines, node.children.values()))
    return inside + (not _collapses(node)) + bool(node.strays) + bool(node.remark())


def _prune(root: _Node, most: int) -> None:
    """Opens directories, the deepest first, until the layout is short enough; what is a law stays."""
    for least in (_FAMILY, _ENOUGH, 2 * _ENOUGH, 4 * _ENOUGH, 1_000_000):
        for depth in range(_DEEPEST + _DEEPEST_IN_FAMILY, 1 if least == _FAMILY else 2, -1):
            if _lines(root) <= most:
                return
            _cut(root, 0, depth, least)


def _cut(node: _Node, level: int, depth: int, least: int) -> None:
    """Opens what is `depth` levels down, unless it holds a law that as many as `least` keep."""
    for child in node.children.values():
        _cut(child, level + 1, depth, least)
    if level >= depth and not any(each.law and each.of >= least for each in node.walk()):
        node.children.clear()
        node.strays = ""


def _only_laws(node: _Node, depth: int) -> bool:
    """Leaves of what is in a node only what leads to a law that is not far down; False if nothing does."""
    if node.law or not depth:
        return node.law and node.of >= _ENOUGH
    family = _family_in(node)
    led = {}
    for key_, child in node.children.items():
        if _only_laws(child, depth - 1):
            led[key_] = child
        elif family and child.directory:  # what is named here is no member of the family
            led[key_] = child
            child.children.clear()
    if not any(each.law for child in led.values() for each in child.walk()):
        led = {}
    elif any(child.law and not child.directory for child in led.values()):
        led |= {key_: child for key_, child in node.children.items() if not child.directory}
    if led and _leaves_out(node, led):
        led["*/"] = _Node("*/", optional=True)
    node.children = led
    return bool(led)


def _leaves_out(node: _Node, led: dict[str, _Node]) -> bool:
    """Whether a directory holds others than those that are listed."""
    listed = {held.directory.path for child in led.values() for held in child.held}
    return any(each.path not in listed for each in node.held[0].directory.directories.values())


def _group_files(root: _Node) -> None:
    """Many odd files of one kind in the root become one pattern."""
    kinds: dict[str, list[str]] = {}
    for key_, node in root.children.items():
        if node.optional and not key_.startswith((".", "\\")) and "." in key_:
            kinds.setdefault(key_[key_.rfind(".") :], []).append(key_)
    for extension, keys in kinds.items():
        if len(keys) >= _ENOUGH:
            for each in keys:
                del root.children[each]
            root.add(_Node(f"*{extension}", optional=True))
    if len(root.children) > _MOST_IN_ROOT:
        root.children = {key_: node for key_, node in root.children.items() if not node.optional}
        root.add(_Node("*", optional=True))


# --- Ties: names that come again elsewhere


class _Form(NamedTuple):
    """The names of one form in one directory: `start`, a value, `end`; by their letters and digits."""

    directory: Directory
    start: str
    end: str  # a directory's ends in "/"
    values: dict[str, str]
    family: bool = False  # it has a placeholder already

    @property
    def rank(self) -> tuple[bool, bool, bool, str, str, str]:
        """What defines the names comes first: a family, then plain names."""
        path = self.directory.path
        test = "test" in path or "spec" in path
        return not self.family, test, self.marked, path, self.start, self.end

    @property
    def kind(self) -> tuple[str, str]:
        """The files that the form is of: where they are, and their extension."""
        return self.directory.path, self.end[self.end.find(".") :]

    @property
    def marked(self) -> bool:
        """Whether there is more round the names than an extension."""
        return not self.family and (bool(self.start) or self.end.count(".") > 1 or self.end[:1] not in "./")


class _Ties:
    """Finds names that come again elsewhere, and puts them into the draft under one placeholder."""

    def __init__(self, draft: _Draft, learner: _Learner, tree: Tree) -> None:
        self.draft = draft
        self.learner = learner
        self.tree = tree
        self.known = draft.by_directory()

    def tie(self) -> None:
        """Ties the forms of one set of names to the first of them, those of which most is the same first."""
        forms = sorted(self.forms(), key=lambda form: form.rank)
        nouns: dict[int, str] = {}
        tied: set[int] = set()
        claimed: dict[tuple[str, str], int] = {}  # files of one kind in one directory are tied as one form
        for one, other, same, of in _alike(forms):
            if len(tied) == _MOST_TIES or one in tied or other in tied or other in nouns:
                continue
            case = _case_between(forms[one], forms[other])
            if case is None or not self.defines(forms[one]) or not self.node(forms[other].directory):
                continue
            if any(claimed.get(forms[each].kind, each) != each for each in (one, other)):
                continue
            claimed |= {forms[each].kind: each for each in (one, other)}
            if one not in nouns:
                nouns[one] = self.define(forms[one])
            node = self.place(forms[other], nouns[one], case)
            node.have, node.of, node.tied, node.law, node.late = same, of, _where(forms[one]), True, True
            tied.add(other)

    def forms(self) -> Iterator[_Form]:
        """Every form that enough names of one directory have; not in the members of a family."""
        waiting = [self.tree.root]
        for directory in waiting:  # grows as it goes
            node = self.known.get(directory.path)
            if node and node.in_family:
                continue
            if directory.path.count("/") < _DEEPEST:
                waiting += [each for each in directory.directories.values() if not each.opaque]
            family = _family_in(node) if node else None
            if family:
                start, _, end = family.key.partition(f"<{family.noun}>")
                values = {key(each.value): each.value for each in family.held}
                yield _Form(directory, start, end, values, True)
            members = {_name(held.directory) for held in family.held} if family else set()
            yield from _forms_of(directory, members)

    def node(self, directory: Directory) -> _Node | None:
        """The entry of one directory, made if it has none yet; None for those that share an entry."""
        if directory.path in self.known:
            node = self.known[directory.path]
            return None if node.in_family or directory.opaque else node
        above = self.known.get(directory.path[: directory.path.rstrip("/").rfind("/") + 1])
        if above is None:
            above = self.node(_above(self.tree, directory))
        if above is None or above.in_family or not _writable(_name(directory)):
            return None
        _open(above)
        node = above.add(_Node(f"{_plain(_name(directory))}/", (_Held(directory),)))
        self.known[directory.path] = node
        return node

    def defines(self, form: _Form) -> bool:
        """Whether a form can define names: directories only where they are a family."""
        return (form.family or not form.end.endswith("/")) and self.node(form.directory) is not None

    def define(self, form: _Form) -> str:
        """The placeholder of the names that others are tied to."""
        node = self.node(form.directory)
        assert node
        if form.family and (family := _family_in(node)):
            return family.noun
        noun = self.learner.noun(form.directory, code=form.end.rpartition(".")[2] in _CODE)
        child = self.place(form, noun, "")
        child.noun, child.many = noun, f"{noun}s"
        child.have = child.of = len(form.values)
        if law := _case_of(list(form.values.values())):
            self.draft.names[noun] = law
        return noun

    def place(self, form: _Form, noun: str, case: str) -> _Node:
        """The entry for the names of a form, with these names no longer listed one by one."""
        node = self.node(form.directory)
        assert node
        family = _family_in(node) if form.family else None
        if family:
            self.rename(family, noun, case)
            del node.children[family.key]
            family.key = f"{form.start}<{noun}{case}>{form.end}"
            return node.add(family)
        if not node.children:
            _open(node)
        for value in form.values.values():
            node.children.pop(
                _plain(f"{form.start}{value}{form.end.rstrip('/')}") + "/" * form.end.endswith("/"), None
            )
        for name in form.directory.files:
            stem, extension = _stem(name)
            if _is_odd(stem) and extension == form.end and not form.start and _writable(name):
                node.add(_Node(_plain(name), optional=True))
        pattern = node.children.pop(f"*{_escaped(form.end)}", None)
        text = f"{_escaped(form.start)}<{noun}{case}>{_escaped(form.end)}"
        child = node.add(_Node(text, many=f"{noun}s"))
        child.strays = "all" if pattern and pattern.strays else ""
        return child

    def rename(self, family: _Node, noun: str, case: str) -> None:
        """Gives a family, and what is named after it inside, the placeholder that it is tied to."""
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


def _family_in(node: _Node) -> _Node | None:
    """The family that lies in a directory."""
    found = (each for each in node.children.values() if each.noun and each.directory and each.law)
    return next(found, None)


def _above(tree: Tree, directory: Directory) -> Directory:
    at = tree.root
    for step in directory.path.rstrip("/").split("/")[:-1]:
        at = at.directories[step]
    return at


def _open(node: _Node) -> None:
    """Lets a directory that has listed nothing hold other directories still, before it lists something."""
    lists = any(child.directory for child in node.children.values())
    if node.key != "/" and not lists and node.held[0].directory.directories:
        node.add(_Node("*/", optional=True))


def _where(form: _Form) -> str:
    return quote(form.directory.path or "./")


def _forms_of(directory: Directory, members: set[str]) -> Iterator[_Form]:
    names = [name for name in directory.directories if name not in members and not _is_odd(name)]
    if len(names) >= _ENOUGH:
        yield _Form(directory, "", "/", {key(name): name for name in names})
    stems: dict[str, list[str]] = {}
    for name in directory.files:
        stem, extension = _stem(name)
        if extension and not _is_odd(stem) and not _PICTURE.search(extension):
            stems.setdefault(extension, []).append(stem)
    for extension, found in stems.items():
        for start, end in _marks_of(found):
            values = [
                _between(each, start, end) for each in found if each.startswith(start) and each.endswith(end)
            ]
            values = [value for value in values if value and not value.isdigit() and _writable(value)]
            if len(values) >= _ENOUGH and _writable(start + end + extension):
                yield _Form(directory, start, end + extension, {key(value): value for value in values})


def _marks_of(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What enough of the stems begin or end with, up to a separator: ("test_", "")."""
    starts = Counter(stem[: stem.find(each) + 1] for stem in stems for each in "-_" if stem.find(each) > 0)
    ends = Counter(stem[stem.rfind(each) :] for stem in stems for each in "-_" if stem.rfind(each) > 0)
    capitals = Counter(found[0] for stem in stems if (found := re.search(r"(?:Tests?|Spec|IT)\Z", stem)))
    common = [("", "")]
    common += [(start, "") for start, number in starts.items() if number >= _ENOUGH]
    common += [("", end) for end, number in (ends + capitals).items() if number >= _ENOUGH]
    yield from sorted(common)


_MOST_WITH_A_NAME = 50  # places; a name that is everywhere ties nothing


def _alike(forms: Sequence[_Form]) -> list[tuple[int, int, int, int]]:
    """Pairs of forms that have nearly the same names, with how many are the same, and of how many."""
    having: dict[str, list[int]] = {}
    for index, form in enumerate(forms):
        for value in form.values:
            having.setdefault(value, []).append(index)
    same: Counter[tuple[int, int]] = Counter()
    for indices in having.values():
        if len(indices) <= _MOST_WITH_A_NAME:
            same.update(combinations(indices, 2))
    found = []
    for (one, other), number in same.items():
        of = len(forms[one].values) + len(forms[other].values) - number
        if number >= _ENOUGH and number >= _NEARLY_ALL * of and _may_tie(forms[one], forms[other], number):
            found.append((one, other, number, of))
    return sorted(found, key=lambda each: (-each[2], each[0], each[1]))


def _may_tie(one: _Form, other: _Form, number: int) -> bool:
    """Whether it is worth a tie: not the same names seen twice, and the fewer, the nearer the root."""
    if one.marked or (one.directory is other.directory and (one.family or one[1:3] == other[1:3])):
        return False
    depth = max(form.directory.path.count("/") for form in (one, other))
    return depth <= (_DEEPEST_TIE if number >= 2 * _ENOUGH else _DEEPEST_TIE - 1)


def _case_between(one: _Form, other: _Form) -> str | None:
    """The case in which the names of one form are written in another, as a placeholder says it."""
    pairs = [(one.values[each], value) for each, value in other.values.items() if each in one.values]
    if all(here == there for here, there in pairs):
        return ""
    fitting = (case for case in CASES if all(spell(here, case) == there for here, there in pairs))
    return next((f":{case}" for case in fitting), None)


# --- The layout as nodes, and what it finds


def _nodes(draft: _Draft) -> tuple[Mapping, list[tuple[Scalar, _Node]]]:
    """The layout as nodes, each text with a line of its own; and the keys of the tree with their entries."""
    lines = count(1)
    pairs: list[tuple[Scalar, _Node]] = []

    def text(said: str) -> Scalar:
        return Scalar(said, False, next(lines), 1)

    def plain(said: str) -> Scalar:
        return Scalar(said, True, next(lines), 1)

    def mapping(items: Iterable[tuple[Scalar, Node]]) -> Mapping:
        return Mapping(tuple(items), next(lines), 1)

    def entry(node: _Node, before: str = "") -> tuple[Scalar, Node]:
        if _collapses(node):
            return entry(next(iter(node.children.values())), before + node.key)
        written = text(before + node.key + "?" * node.optional)
        pairs.append((written, node))
        return written, inside(node) if node.children or node.strays else plain("")

    def inside(node: _Node) -> Mapping:
        itself = [(text("."), mapping([(text("strays"), text(node.strays))]))] if node.strays else []
        return mapping([*itself, *map(entry, _in_order(node))])

    items: list[tuple[Scalar, Node]] = [(text("extends"), text("base"))]
    if draft.names:
        names = [(text(noun), text(law.text)) for noun, law in draft.names.items()]
        items.append((text("names"), mapping(names)))
    items.append((text("tree"), inside(draft.root)))
    if draft.limits:
        limits = [(text(name), plain(str(number))) for name, number in draft.limits.items()]
        items.append((text("limits"), mapping(limits)))
    return mapping(items), pairs


def _in_order(node: _Node) -> list[_Node]:
    """As a person would list them; what is tied to other places after these."""

    def turn(child: _Node) -> tuple[bool, bool, bool, bool, str]:
        nodes = list(child.walk())
        late = any(each.late for each in nodes) and not any(each.noun and not each.late for each in nodes)
        return late, child.directory, child.key == "*/", child.optional, child.key.lower()

    return sorted(node.children.values(), key=turn)


def _named_remarks(layout: Mapping, draft: _Draft) -> Iterator[tuple[Scalar, str]]:
    """How well the case of names is supported, where some have another."""
    names = layout.get("names")
    for scalar, _ in names.items if isinstance(names, Mapping) else ():
        law = draft.names[scalar.text]
        if law.have < law.of:
            yield scalar, f"{law.have} of {law.of}"


class _Found(NamedTuple):
    """A finding of the layout that was learned, and the entry that asked for what it misses."""

    finding: Finding
    node: _Node | None


def _checked(draft: _Draft, tree: Tree) -> list[_Found]:
    """What the layout finds, written and read as it will be."""
    layout, pairs = _nodes(draft)
    data = write(layout).encode()
    survey = Survey(load(Shelf(lambda path: data), _FILE), tree, own=[_FILE])
    known = {(each.line, each.column): node for each, node in pairs}
    by_place = {
        (there.line, there.column): known[here.line, here.column]
        for here, there in _keys(layout, parse(data, _FILE))
        if (here.line, here.column) in known
    }
    found = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
    return [_Found(each, by_place.get(_place(each))) for each in found]


def _place(finding: Finding) -> tuple[int, int]:
    asked = finding.asked
    return (asked.line, asked.column) if asked and asked.file == _FILE else (0, 0)


def _keys(one: Node, other: Node) -> Iterator[tuple[Scalar, Scalar]]:
    """The keys of two mappings that say the same, pair by pair."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for (here, inside), (there, inside_too) in zip(one.items, other.items, strict=True):
            yield here, there
            yield from _keys(inside, inside_too)


def _loosened(draft: _Draft, tree: Tree, clean: Tree) -> list[_Found]:
    """What is still found when the draft has been loosened until only few break it."""
    there = {directory.path for directory in _directories(clean.root)}.union(clean.files)
    found = _checked(draft, tree)
    for _ in range(_ROUNDS):
        if not _loosen(draft, found, there):
            break
        _tidy(draft.root)
        found = _checked(draft, tree)
    return found


def _tidy(node: _Node) -> None:
    """Opens what says nothing any more: others may be in it, and nothing must."""
    for child in node.children.values():
        _tidy(child)
        if "*/" in child.children and not (child.law or any(_says(each) for each in child.children.values())):
            child.children.clear()


def _says(node: _Node) -> bool:
    return not node.optional or any(each.law for each in node.walk())


def _breaks_ties(found: Sequence[_Found]) -> bool:
    """Whether a tie is broken more often than was learned: where its names are defined too late."""
    broken = Counter(node for _, node in found if node and node.tied)
    return any(number > node.of - node.have for node, number in broken.items())


def _directories(root: Directory) -> list[Directory]:
    found = [root]
    for directory in found:  # grows as it goes
        found += directory.directories.values()
    return found


def _loosen(draft: _Draft, found: Sequence[_Found], there: set[str]) -> bool:
    """Lists or opens what too many break; False if there is nothing to be done."""
    changed = _raise_limit(draft, found)
    missing = Counter(node for each, node in found if each.rule.startswith("missing-") and node)
    for node, times in missing.items():
        if not node.optional and times > _few(node.of):
            node.optional = changed = True
    governs = draft.by_directory()
    strays: dict[str, list[str]] = {}
    for finding, _ in found:
        above, name = _split(finding.path)
        stray = finding.rule.startswith("stray-") or (finding.rule == "misplaced-file" and not above)
        if stray and finding.path in there and above in governs and _writable(name.rstrip("/")):
            strays.setdefault(above, []).append(name)
    by_node: dict[_Node, list[list[str]]] = {}
    for above, names in strays.items():
        by_node.setdefault(governs[above], []).append(names)
    for node, lists in by_node.items():
        changed |= _let_in_family(node, lists) if node.in_family else _let_in(node, lists[0])
    return changed


def _raise_limit(draft: _Draft, found: Sequence[_Found]) -> bool:
    """Allows as many files in the root as there are."""
    before = dict(draft.limits)
    for finding, _ in found:
        if finding.rule == "too-many-files" and finding.path == "./":
            draft.limits["root-files"] = int(finding.message.split()[0])
    return draft.limits != before


def _few(number: int) -> float:
    """As many of a number may break what nearly all keep."""
    return (1 - _NEARLY_ALL) * max(1, number) + 1e-9


def _split(path: str) -> tuple[str, str]:
    """The directory that a path lies in, and its name there, each with its "/"."""
    at = path.rstrip("/").rfind("/") + 1
    return path[:at], path[at:]


def _let_in(node: _Node, names: Sequence[str]) -> bool:
    """Lists what is stray in one directory; in the root all of it, elsewhere as long as it is not much."""
    listed = sum(child.directory for child in node.children.values())
    if listed + len(names) > (_MOST_NAMED if node.key != "/" else 2 * _MOST_IN_ROOT):
        node.add(_Node("*/", optional=True))
        if node.key == "/":
            node.add(_Node("*", optional=True))
        return True
    for name in names:
        directory = node.held[0].directory.directories.get(name.rstrip("/")) if name.endswith("/") else None
        key_ = _plain(name.rstrip("/")) + "/" * name.endswith("/")
        node.add(_Node(key_, (_Held(directory),) if directory else (), optional=directory is None))
    return True


def _let_in_family(node: _Node, lists: Sequence[Sequence[str]]) -> bool:
    """Lists what several members of a family have; opens them where many have what no other has."""
    counts = Counter(chain.from_iterable(lists))
    shared = [name for name, number in counts.items() if number > 1]
    odd = sum(any(counts[name] == 1 for name in names) for names in lists)
    if odd > _few(len(node.held)) or len(shared) > _MOST_OPTIONAL:
        node.add(_Node("*/", optional=True))
        return True
    for name in shared:
        child = node.add(
            _Node(_plain(name.rstrip("/")) + "/", (), True, counts[name], len(node.held), node.many)
        )
        child.in_family = True
    return bool(shared)


# --- What breaks it


_GRAVE = ("tracked-local", "forbidden-path", "tracked-ignored")


def _outliers(found: Sequence[_Found], draft: _Draft, passed: Sequence[Passed]) -> Iterator[Outlier]:
    """What is left, the gravest and then the most telling first."""
    governs = draft.by_directory()
    whys = dict(passed)
    told = [(_telling(each), _outlier(each, draft, governs, whys)) for each in found]
    return (outlier for _, outlier in sorted(told, key=lambda each: (each[0], each[1].path, each[1].words)))


def _telling(found: _Found) -> tuple[int, float]:
    """What is told first is least: by how grave it is, then by how few break what many keep."""
    if found.finding.rule in _GRAVE:
        return _GRAVE.index(found.finding.rule), 0.0
    node = found.node
    if node is None or node.of < _FAMILY:
        return len(_GRAVE), 0.0
    have = node.of - 1 if found.finding.rule.startswith("stray-") else node.have
    return len(_GRAVE), -have / node.of * (1 - 1 / node.of)


def _outlier(found: _Found, draft: _Draft, governs: dict[str, _Node], whys: dict[str, str]) -> Outlier:
    finding, node = found
    if finding.path in whys and finding.rule.startswith("stray-"):
        return Outlier(finding.path, f"{whys[finding.path]}, so not in the layout")
    above, name = _split(finding.path)
    if finding.rule == "bad-name" and node and (law := _law_of(node, draft)):
        return Outlier(
            finding.path, finding.message.removeprefix("bad name: "), f"{law.have} of {law.of} are"
        )
    if finding.rule.startswith("missing-") and node and node.tied:
        support = f"{node.have} of {node.of} are there, as in {node.tied}"
        return Outlier(finding.path, "missing", support)
    if finding.rule.startswith("missing-") and node and node.many and not finding.path.endswith(">"):
        return Outlier(above, f"no {quote(name)}", f"{node.have} of {node.of} {node.many} have one")
    family = governs.get(above)
    if finding.rule == "stray-directory" and family and family.in_family and family.many:
        return Outlier(finding.path, f"no other of the {len(family.held)} {family.many} has one")
    about = f": {finding.about}" if finding.about else ""
    return Outlier(finding.path, finding.message + about)


def _law_of(node: _Node, draft: _Draft) -> _Law | None:
    return next((draft.names[noun] for noun in _PLACEHOLDER.findall(node.key) if noun in draft.names), None)
