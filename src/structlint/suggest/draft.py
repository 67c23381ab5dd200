"""A layout under construction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from structlint.imports.evidence import Direction
from structlint.layout.key_writer import is_writable
from structlint.suggest.thresholds import (
    EDITORS,
    ENOUGH,
    ESSENTIAL,
    FAMILY,
    FEW_ODD,
    LICENSE,
    MANY,
    NOT_NEEDED,
    README,
    RECOMMENDED,
    REQUIRED,
    ROLES,
    SEVERAL,
    TESTS,
)
from structlint.text.key_escapes import plain_key
from structlint.text.paths import name_of, parent
from structlint.text.records import Record
from structlint.tree import Directory, Tree

FILE = "structlint.yaml"


@dataclass(slots=True, eq=False)
class LearnedEntry:
    """An entry under construction. `key` is without the `?` of `optional`.

    If a `recommended` one is missing, it is a warning; `forbidden` is `false` in the layout. `condition` has
    the contents that a directory must have for the entry to govern it, `holds` the paths of which it must
    contain one, `needs` the paths that are required beside each file, `without` those that are forbidden.
    `about` is its purpose.

    `held` has the directories that it represents, each with the value of the innermost placeholder.
    `have` of the `of` possible places have it; `many` is the plural for these places ("services").
    `noun` is the placeholder of a family, or of a pattern of files. `late` entries come after the others,
    because other places define their names. A `uniform` entry is a file of a family whose members consist of
    the same files. `law` marks entries that are always worth their line.
    """

    key: str
    held: tuple[Sample, ...] = ()
    optional: bool = False
    recommended: bool = False
    forbidden: bool = False
    condition: str = ""
    holds: str = ""
    needs: str = ""
    without: str = ""
    about: str = ""
    have: int = 1
    of: int = 1
    many: str = ""
    noun: str = ""
    in_family: bool = False
    uniform: bool = False
    law: bool = False
    late: bool = False
    tied: str = ""
    unlisted: str = ""
    children: dict[str, LearnedEntry] = field(default_factory=dict)

    @property
    def directory(self) -> bool:
        return self.key.endswith("/")

    def add(self, child: LearnedEntry) -> LearnedEntry:
        return self.children.setdefault(child.key, child)

    def remark(self) -> str:
        """The number of places that have it, if not all do; the meaning of a forbidden pattern."""
        if self.forbidden:
            return "none in the root"
        if self.holds:
            return "a new directory with code needs a page or a manifest"
        if self.tied:
            return f"{self.have} of {self.of}, as in {self.tied}"
        return f"{self.have} of {self.of}" if self.have < self.of else ""

    def relax(self) -> None:
        """Makes a required entry recommended, and a recommended one optional."""
        was_required = not (self.optional or self.recommended)
        self.recommended = was_required and self.in_family
        self.optional = not self.recommended

    def grade(self) -> None:
        """Sets the requirement level by the share of places that have it. A rule takes at least three places.

        A non-essential path is required only if all of several places have it, or all but a few of many; one
        without it does not need it. A few places are enough if they consist of the same files. Editor files
        are always optional.
        """
        if self.is_essential:
            alike = " | " not in self.key  # else it depends on the language, and one of them needs none
            nearly = self.have >= REQUIRED * self.of or self.of - self.have <= 1
            most = self.have >= FAMILY and (self.have == self.of or (alike and nearly))
            self.recommended = alike and not most and self.have >= max(FAMILY, RECOMMENDED * self.of)
        else:
            few = FEW_ODD * self.of if self.of >= MANY else 0
            named = not self.directory and bool(_OWN_NAME.fullmatch(self.key))
            telling = self.key.rstrip("/").lower() in ROLES or bool(_OWN_NAME.fullmatch(self.key))
            starts = bool(_ENTRY_POINT.fullmatch(self.key.partition(" ")[0]))
            least = ENOUGH if self.uniform or starts or (telling and not named) else SEVERAL
            most = self.have >= least and self.of - self.have <= few
            self.recommended = False
        self.optional = not (most or self.recommended)
        if self.key.rstrip("/").lower() in EDITORS | NOT_NEEDED:
            self.recommended, self.optional = False, True

    @property
    def is_essential(self) -> bool:
        """Whether directories of its kind need it: a manifest, tests, a README."""
        names = self.key.split(" | ")
        return any(
            name.rstrip("/") in TESTS if self.directory else _is_essential_file(name) for name in names
        )

    def walk(self) -> Iterator[LearnedEntry]:
        yield self
        for child in self.children.values():
            yield from child.walk()


# The file that starts a program, or that represents its directory
_ENTRY_POINT = re.compile(r"(?:main|index)\.(?:py|go|rs|js|mjs|ts|tsx|rb|java|kt|cs|dart)")
# The name of the parent directory, as in `<service>.yaml` or `<package:snake_case>/`
_OWN_NAME = re.compile(r"<[^>]+>(?:/|\.[a-z]+)")


def _is_essential_file(name: str) -> bool:
    kind = f"*{name[name.rfind('.') :]}" if "." in name else name
    return name in ESSENTIAL or kind in ESSENTIAL or bool(README.fullmatch(name) or LICENSE.fullmatch(name))


class Sample(Record):
    """A directory, and the value of the innermost placeholder above it."""

    directory: Directory
    value: str = ""


class Law(Record):
    """The common property of a placeholder's names: a case, or a pattern between slashes.

    If `pattern` is set, the law is a case and applies only to names that match the pattern. Numbers may be
    `unique`, and `consecutive`.
    """

    text: str
    have: int
    of: int
    pattern: str = ""
    unique: bool = False
    consecutive: bool = False


class Accepted(Record):
    """A finding that the layout accepts, and the reason."""

    rule: str
    path: str
    why: str


@dataclass
class Draft:
    """A layout under construction.

    It extends the bundled layouts in `extends`. `belongs` has the directories of a pattern, none for one with
    a `!`; `forbid` has the reason for a pattern. `layers`, `apart` and `directions` are what imports keep.
    `allowed_apart` and `allowed_imports` take back what an extended layout has in `apart` and `never`.
    `loosened` are sentences about what an extended layout requires and this one does not.
    """

    root: LearnedEntry
    extends: tuple[str, ...] = ()
    names: dict[str, Law] = field(default_factory=dict)
    belongs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forbid: dict[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    allowed_apart: dict[str, None] = field(default_factory=dict)
    allowed_imports: dict[str, dict[str, None]] = field(default_factory=dict)
    imports_remark: str = ""
    accepted: list[Accepted] = field(default_factory=list)
    loosened: dict[str, None] = field(default_factory=dict)

    def by_directory(self) -> dict[str, LearnedEntry]:
        """The entry of each directory, by its path."""
        return {held.directory.path: node for node in self.root.walk() for held in node.held}

    def entry_of(self, directory: Directory, tree: Tree) -> LearnedEntry | None:
        """The entry of a single directory, created if necessary; None if its entry represents several."""
        if not directory.path:
            return self.root
        known = self.by_directory().get(directory.path)
        if known:
            return None if known.in_family or directory.opaque else known
        above = self.entry_of(directory_at(tree, parent(directory.path)), tree)
        if above is None or not is_writable(own_name(directory)):
            return None
        kept_open(above)
        entry = LearnedEntry(f"{plain_key(own_name(directory))}/", (Sample(directory),), optional=True)
        return above.add(entry)


def directory_at(tree: Tree, path: str) -> Directory:
    """The directory of a tree at a path."""
    directory = tree.root
    for step in path.rstrip("/").split("/") if path else ():
        directory = directory.directories[step]
    return directory


PLACEHOLDER = re.compile(r"(?<!\\)<([A-Za-z][A-Za-z0-9_-]*)[:>]")


def own_name(directory: Directory) -> str:
    return name_of(directory.path)


def family_in(node: LearnedEntry) -> LearnedEntry | None:
    """The family in a directory; None if there is none."""
    families = (child for child in node.children.values() if child.noun and child.directory and child.law)
    return next(families, None)


def kept_open(node: LearnedEntry) -> None:
    """Keeps subdirectories allowed in a directory that does not list any yet."""
    lists = any(child.directory for child in node.children.values())
    if node.key != "/" and not lists and node.held[0].directory.directories:
        node.add(LearnedEntry("*/", optional=True))
