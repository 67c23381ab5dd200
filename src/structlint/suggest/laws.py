"""Adds laws of whole subtrees to a draft: the files of code roots, and the homes of files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from structlint.layout.entry import Entry
from structlint.matching.survey import Survey
from structlint.suggest.code_roots import CodeRoot, FileKind, cased_kinds, code_roots, is_marked
from structlint.suggest.draft import Draft, Law, LearnedEntry, family_in, own_name
from structlint.suggest.families import is_project
from structlint.suggest.homes import homes
from structlint.suggest.names import CODE, stem_of
from structlint.suggest.thresholds import ASIDE, MOST_CODE_ROOTS
from structlint.text.cases import fits
from structlint.text.key_escapes import escape_key
from structlint.tree import Directory, Tree

_NOUNS = {
    **dict.fromkeys(("tsx", "jsx", "vue", "svelte"), "component"),
    **dict.fromkeys(("css", "scss", "less"), "style"),
    **dict.fromkeys(("html", "md"), "page"),
    **dict.fromkeys(("java", "kt", "cs", "scala"), "type"),
}


class SubtreeLaws:
    """Adds laws of subtrees to a draft. `taken` has the placeholders in use, `names` their laws."""

    def __init__(self, draft: Draft, tree: Tree, taken: set[str], names: dict[str, Law]) -> None:
        self._draft = draft
        self._names = names
        self._tree = tree
        self._taken = taken
        self._cased: list[tuple[str, str]] = []  # directories below which an extension has a case
        self._paths: dict[str, CodeRoot] = {}  # those with a `<dir**>/`, by their directories

    def add(self, survey: Survey, whole: Tree) -> None:
        """Adds code roots and homes that the extended layout does not cover.

        `whole` also contains test data and vendored code, which the laws of code roots apply to.
        """
        known_kinds = (_with_inherited(code_root, survey) for code_root in code_roots(whole.root))
        for code_root in islice((each for each in known_kinds if each.kinds), MOST_CODE_ROOTS):
            self._add_code_root(code_root, survey)
        for entry in list(self._draft.root.walk()):
            in_aside = any(
                step in ASIDE for held in entry.held[:1] for step in held.directory.path.split("/")
            )
            if entry.in_family and entry.directory and entry.noun and not in_aside:
                self._add_cases(entry, cased_kinds([held.directory for held in entry.held]))
        known = {item.pattern for item in survey.layout.belongs.items}
        new = [home for home in homes(self._tree) if home.pattern not in known]
        self._draft.belongs |= {pattern: home.directories for home in new for pattern in home.patterns}
        self._draft.belongs |= {f"!{place}": () for home in new for place in home.exempt}

    def _add_code_root(self, code_root: CodeRoot, survey: Survey) -> None:
        code_root, is_covered = self._with_path_above(code_root)
        if is_covered and code_root.directory.path not in self._draft.by_directory():
            return
        entry = self._draft.entry_of(code_root.directory, self._tree)
        if entry is None or entry.held[0].directory.path != code_root.directory.path:
            return  # one of several directories of a kind
        if family_in(entry):
            return
        kept = {
            key: child for key, child in entry.children.items() if any(below.law for below in child.walk())
        }
        if any(not child.directory for child in kept.values()):
            return  # its names are tied to others
        if kept or _is_described(code_root, survey):
            self._add_cases(entry, code_root.kinds, marked=code_root.marked)
            return
        path = self._placeholder("dir", code_root.directory, path=True)
        below = LearnedEntry(f"{path}/", law=True)
        cased = self._not_cased_above(code_root.directory.path, code_root.kinds)
        self._paths[code_root.directory.path] = code_root._replace(kinds=tuple(cased))
        self._add_kinds(below, cased, code_root.directory, marked=code_root.marked)
        if below.children:
            entry.children = {below.key: below}

    def _with_path_above(self, code_root: CodeRoot) -> tuple[CodeRoot, bool]:
        """The code root with the cases of a `<dir**>/` above it, and whether that says the same of it.

        A directory that is listed is no `<dir**>/`, so it needs these cases too.
        """
        path = code_root.directory.path
        above = max((other for other in self._paths if path.startswith(other)), key=len, default=None)
        if above is None:
            return code_root, False
        known = {kind.extension: kind.case for kind in code_root.kinds if kind.case}
        same = known.items() <= {(kind.extension, kind.case) for kind in self._paths[above].kinds}
        more = [kind for kind in self._paths[above].kinds if kind.extension not in known]
        return code_root._replace(kinds=(*code_root.kinds, *more)), same

    def _not_cased_above(self, path: str, kinds: Iterable[FileKind]) -> list[FileKind]:
        """The kinds that follow a case, without those whose case is already set farther up."""
        above = {extension for other, extension in self._cased if path.startswith(other)}
        return [kind for kind in kinds if kind.case and kind.extension not in above]

    def _add_cases(self, entry: LearnedEntry, kinds: Iterable[FileKind], *, marked: bool = False) -> None:
        """Adds the cases of names below an entry and in its own directory, without closing it."""
        directory = entry.held[0].directory
        cased = self._not_cased_above(directory.path, kinds)
        if not entry.noun:
            self._cased += [(directory.path, kind.extension) for kind in cased]
        names = [name for held in entry.held for name in held.directory.files]
        own = [key.partition(">")[2] for key in entry.children if key.startswith("<")]
        here = [
            kind
            for kind in cased
            if escape_key(kind.extension) not in own and any(name.endswith(kind.extension) for name in names)
        ]
        self._add_kinds(entry, here, directory, marked=marked)
        if cased:
            self._add_kinds(_below(entry), cased, directory, marked=marked)

    def _add_kinds(
        self, below: LearnedEntry, kinds: Iterable[FileKind], directory: Directory, *, marked: bool = False
    ) -> None:
        for kind in kinds:
            if kind.case:
                noun = _NOUNS.get(kind.extension[1:], "module" if kind.extension[1:] in CODE else "file")
                is_component = kind.extension in (".tsx", ".jsx") and kind.case == "PascalCase"
                if is_component or (below.key == "**/" and kind.case != "snake_case"):
                    # Migrations often do not follow snake case; `hooks.tsx` contains no component.
                    name = self._placeholder(noun, directory)
                    pattern = "[A-Z].*|.*[-_].*" if is_component else "[A-Za-z].*"
                    self._names[name[1:-1]] = Law(kind.case, kind.have, kind.of, pattern)
                else:
                    name = self._placeholder(noun, directory, kind.case)
                child = below.add(
                    LearnedEntry(f"{name}{escape_key(kind.extension)}", optional=True, law=True)
                )
                if f":{kind.case}>" in name:
                    child.have, child.of = kind.have, kind.of
                child.needs = "__init__.py" if marked and kind.extension == ".py" else ""
            for name in kind.odd:
                below.add(LearnedEntry(name, optional=True, law=True))

    def _placeholder(self, noun: str, directory: Directory, case: str = "", *, path: bool = False) -> str:
        """An unused placeholder, such as `<module:snake_case>` or `<dir**>`."""
        words = "".join(
            letter if letter.isascii() and letter.isalnum() else "-" for letter in own_name(directory)
        )
        longer = f"{words.strip('-').lower()}-{noun}"
        names = [noun, *([longer] if longer[0].isalpha() else []), *(f"{noun}-{n}" for n in range(2, 1000))]
        name = next(candidate for candidate in names if candidate not in self._taken)
        self._taken.add(name)
        return f"<{name}**>" if path else f"<{name}:{case}>" if case else f"<{name}>"


def _below(entry: LearnedEntry) -> LearnedEntry:
    """The entry for all directories below one. A new directory stays allowed, unless it joins others.

    It joins a family, or projects if there is nothing else.
    """
    below = entry.add(LearnedEntry("**/", law=True))
    beside = [inside for held in entry.held for inside in held.directory.directories.values()]
    if family_in(entry) is None and not (beside and all(map(is_project, beside))):
        entry.add(LearnedEntry("*/", optional=True))
    return below


def _with_inherited(code_root: CodeRoot, survey: Survey) -> CodeRoot:
    """The code root with the settings for a package in the extended layout, whose entry it replaces."""
    entry = survey.entry_of(code_root.directory.path)
    if entry is None or not entry.condition or not entry.key.placeholders:
        return code_root
    known = {kind.extension for kind in code_root.kinds}
    kinds = [
        kind
        for child in entry.children.values()
        if (kind := _inherited_kind(child, code_root.directory, survey)) and kind.extension not in known
    ]
    return code_root._replace(kinds=(*code_root.kinds, *kinds), marked=is_marked(code_root.directory))


def _inherited_kind(entry: Entry, directory: Directory, survey: Survey) -> FileKind | None:
    """The case of `<module>.py` in the extended layout, if all names in a directory follow it."""
    slots = [slot for member in entry.key.members for slot in member.slots]
    naming = survey.layout.names.get(slots[0].placeholder) if len(slots) == 1 else None
    extension = str(entry.key.members[0].parts[-1])
    if entry.key.directory or not (naming and naming.case) or not extension.startswith("."):
        return None
    names = [name for inside in directory.walk() for name in inside.files if name.endswith(extension)]
    stems = [stem_of(name)[0] for name in names if not name[:1].isdigit()]
    return FileKind(extension, naming.case) if all(fits(stem, naming.case) for stem in stems) else None


def _is_described(code_root: CodeRoot, survey: Survey) -> bool:
    """Whether the extended layout has entries for the contents of the directory."""
    entry = survey.entry_of(code_root.directory.path)
    if entry is None or not any(
        member.exact == own_name(code_root.directory) for member in entry.key.members
    ):
        return False
    return any(child.key.directory and not child.key.any_depth for child in entry.children.values())
