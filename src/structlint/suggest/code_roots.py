"""Code roots: directories that contain code of few kinds, at any depth, and the case of its file names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from structlint.layout.key_writer import is_writable
from structlint.suggest.names import CODE, is_odd, kind_of, stem_of
from structlint.suggest.thresholds import (
    ASIDE,
    CONVENTIONS,
    DATA,
    DATA_PLACES,
    ENOUGH,
    FAMILY,
    FEW_ODD,
    GENERATED,
    LEAST_IN_CODE_ROOT,
    MANIFESTS,
    MOST_KINDS,
    NEARLY_ALL,
    PERHAPS_CODE,
    TESTS,
)
from structlint.text.cases import CASES, fits
from structlint.text.key_escapes import escape_key, plain_key
from structlint.text.paths import name_of
from structlint.text.records import Record
from structlint.tree import Directory, Tree

_DEEPEST_ROOT = 4
_MOST_ODD_NAMES = 3
_MOST_LANGUAGES = 5
_SCRIPTS = {"js", "mjs", "cjs", "ts", "mts", "cts"}
_COMPONENTS = {"tsx", "jsx"}
# React requires the form of a hook's name, and a test is named after the tested file.
_HOOK = re.compile(r"use[A-Z]")
_TEST = re.compile(r"[.](?:test|spec|config)[.][a-z]+\Z")
_NAMED_FOR_ANOTHER = re.compile(r"use[A-Z]|.*[.](?:test|spec|config)[.][a-z]+\Z|App[.][jt]sx\Z")
_MARKUP = {"html", "css", "scss", "less"}


class FileKind(Record):
    """The files with one extension: `have` of the `of` names with a known case follow `case`.

    `odd` has the keys of names with a special role, such as `index.ts`, that do not follow it.
    """

    extension: str
    case: str = ""
    have: int = 0
    of: int = 0
    odd: tuple[str, ...] = ()


class CodeRoot(Record):
    """A directory with code, and the kinds of code in it whose names follow a case.

    `settled` means that it contains only a few kinds of files, and the main kind follows a case. `marked` is
    whether each directory with a Python module is a package.
    """

    directory: Directory
    kinds: tuple[FileKind, ...]
    settled: bool = False
    marked: bool = False


def code_roots(root: Directory) -> Iterator[CodeRoot]:
    """The code roots of a tree, from the top down. None is inside a settled one."""
    waiting = [subdirectory for subdirectory in root.directories.values() if _may_hold_code(subdirectory)]
    for directory in waiting:  # grows as it goes
        code_root = _code_root(directory)
        if code_root:
            yield code_root
        if directory.path.count("/") < _DEEPEST_ROOT and not (code_root and code_root.settled):
            waiting += [
                subdirectory
                for subdirectory in directory.directories.values()
                if _may_hold_code(subdirectory)
            ]


def cased_kinds(directories: Sequence[Directory]) -> tuple[FileKind, ...]:
    """The kinds of code in several directories whose names follow a case."""
    names = [name for directory in directories for inside in _walk(directory) for name in inside.files]
    kinds = Counter(map(_extension, names))
    file_kinds = (
        _kind(extension, names)
        for extension in sorted(kinds)
        if extension[1:] in CODE - _MARKUP and is_writable(extension)
    )
    return tuple(kind for kind in file_kinds if kind.case)


def _may_hold_code(directory: Directory) -> bool:
    name = name_of(directory.path)
    aside = ASIDE if directory.path.count("/") > 1 else ASIDE - TESTS
    if name.lower() in PERHAPS_CODE and _is_all_code(directory):
        return True
    return (
        not directory.opaque and name.lower() not in aside and not name.startswith(".") and is_writable(name)
    )


def _is_all_code(directory: Directory) -> bool:
    names = [name for below in _walk(directory) for name in below.files]
    return sum(_extension(name)[1:] in CODE - _MARKUP for name in names) >= NEARLY_ALL * len(names) > 0


def _code_root(directory: Directory) -> CodeRoot | None:
    names = [name for below in _walk(directory) for name in below.files]
    kinds = Counter(_extension(name) for name in names if not name.startswith("."))
    code = sum(number for extension, number in kinds.items() if extension[1:] in CODE)
    is_test = name_of(directory.path).lower() in TESTS
    is_project = any(name in MANIFESTS or kind_of(name) in MANIFESTS for name in directory.files)
    mostly_code = code >= max(FAMILY, len(names) / 2) and not (is_test or is_project)
    if len(names) < LEAST_IN_CODE_ROOT or not code:
        return CodeRoot(directory, ()) if mostly_code else None
    ordered = sorted(filter(is_writable, kinds), key=lambda extension: (-kinds[extension], extension))
    is_plain = not is_project and code >= len(names) / 2 and len(kinds) <= (FAMILY if is_test else MOST_KINDS)
    plain = is_plain and not (is_test and _has_fixtures(directory))
    spread = [
        extension
        for extension in ordered
        if extension and (plain or (not is_test and _is_spread(extension, directory)))
    ]
    found = [_kind(extension, names) for extension in spread]
    cased = tuple(kind for kind in found if kind.case)
    code_kinds = [kind for kind in found if kind.extension[1:] in CODE]
    settled = plain and bool(code_kinds) and _is_settled(code_kinds[0])
    if not (cased or mostly_code):
        return None
    return CodeRoot(directory, cased, settled, is_marked(directory, FAMILY))


def _is_settled(main: FileKind) -> bool:
    """Whether the names of the main kind of file follow one case, so nothing is left to learn below."""
    return bool(main.case) or main.of < LEAST_IN_CODE_ROOT


def _has_fixtures(directory: Directory) -> bool:
    """Whether a directory below is named for test data, which may be of any kind."""
    return any(name_of(below.path).lower() in DATA_PLACES - TESTS for below in _walk(directory)[1:])


def _is_spread(extension: str, directory: Directory) -> bool:
    """Whether several parts of a directory contain files with an extension of code other than pages."""
    if extension[1:] not in CODE - _MARKUP:
        return False
    having = [
        subdirectory
        for subdirectory in directory.directories.values()
        if any(name.endswith(extension) for inside in _walk(subdirectory) for name in inside.files)
    ]
    return len(having) != 1 or any(name.endswith(extension) for name in directory.files)


def _walk(directory: Directory) -> list[Directory]:
    directories = [directory]
    for parent in directories:  # grows as it goes
        directories += (inside for inside in parent.directories.values() if not inside.opaque)
    return directories


def _extension(name: str) -> str:
    if name.endswith(".d.ts"):
        return ".d.ts"
    at = name.rfind(".")
    return name[at:] if at > 0 else ""


def _kind(extension: str, names: Sequence[str]) -> FileKind:
    """The case that nearly all names with an extension follow; of several, the one of the language."""
    own = [name for name in names if _extension(name) == extension]
    known = [
        stem_of(name)[0]
        for name in own
        if not (is_odd(stem_of(name)[0]) or name[:1].isdigit() or GENERATED.search(name))
    ]
    if extension[1:] not in CODE | {"sql"} or extension == ".d.ts" or len(known) < ENOUGH + 1:
        return FileKind(extension)
    having = {case: sum(fits(stem, case) for stem in known) for case in CASES if case != "lowercase"}
    convention = CONVENTIONS.get(extension[1:], "")
    best = max(having, key=lambda case: (having[case], case == convention))
    if extension[1:] in _SCRIPTS | _COMPONENTS:
        apart = {stem_of(name)[0] for name in own if _NAMED_FOR_ANOTHER.match(name)}
        known = [stem for stem in known if fits(stem, best) or stem not in apart]
    alike = [case for case in having if having[case] == having[best] and case != best]
    have = having[best]
    several = sum(not stem.isalpha() or not stem.islower() for stem in known)
    distinctive = several >= FAMILY or (several == FAMILY - 1 and have == len(known) >= 2 * ENOUGH)
    if alike and best != convention and len(known) >= 2 * ENOUGH and all(map(str.islower, known)):
        best, have = "lowercase", len(known)  # which does not say how several words are written
    elif (best != convention and (alike or not distinctive)) or not _suffices(have, len(known)):
        return FileKind(extension)
    odd = _odd_names(extension, own, best, known)
    if extension == ".ts" and any(name.endswith(".d.ts") for name in names):
        odd.add("*.d.ts")  # named after the package that it declares
    left = [name for name in own if stem_of(name)[0] in known and not fits(stem_of(name)[0], best)]
    left = [name for name in left if not any(fnmatchcase(name, key) for key in odd)]
    is_vague = best != convention and len(left) > FEW_ODD * several  # names of one word fit several cases
    is_vague |= best == "camelCase" and extension[1:] in _COMPONENTS  # a component is capitalized
    if len(odd) > _MOST_ODD_NAMES or "" in odd or is_vague:
        return FileKind(extension)
    return FileKind(extension, best, have, len(known), tuple(sorted(odd)))


def _odd_names(extension: str, own: Sequence[str], case: str, known: Sequence[str]) -> set[str]:
    """The keys of files that are named differently, because a language or a tool requires it."""
    odd = {
        _as_pattern(name)
        for name in own
        if not fits(stem_of(name)[0], case) and stem_of(name)[0] not in known
    }
    if extension in (".scss", ".sass"):
        odd.add(f"_*{escape_key(extension)}")  # a partial
    if extension == ".rb":
        odd |= {plain_key(name) for name in own if "-" in name}  # a gem's own file, of the name of the gem
    if extension in (".cs", ".java") and sum("_" in name for name in own) >= FAMILY:
        odd.add(f"*_*{escape_key(extension)}")  # a suffix for a kind of file
    if extension == ".swift" and any("+" in name for name in own):
        odd.add("*+*.swift")  # an extension of a type
    if extension == ".php" and case == "PascalCase":
        odd |= {plain_key(name) for name in own if stem_of(name)[0].islower()}  # functions
    if extension == ".java":
        odd |= {
            "package-info.java",
            *(name for name in own if name == "module-info.java"),
        }  # required by Java
    if case == "camelCase" and extension[1:] in _SCRIPTS:
        odd |= {_as_class(name, extension) for name in own if fits(stem_of(name)[0], "PascalCase")}
    return odd


def _as_class(name: str, extension: str) -> str:
    """The key of a module named after its class, and of similar ones: `*Error.ts`."""
    kind = re.fullmatch(r"[A-Z].*[a-z0-9]([A-Z][a-z]+)", name.removesuffix(extension))
    return f"*{kind[1]}{escape_key(extension)}" if kind else plain_key(name)


def _as_pattern(name: str) -> str:
    """The key of a name with a special role, or a pattern for names defined by a tool: `[*.tsx`."""
    if _NAMED_FOR_ANOTHER.match(name) and (test := _TEST.search(name)):
        return f"*{escape_key(test[0])}"
    if _HOOK.match(name):
        return f"use*{escape_key(_extension(name))}"
    if mark := GENERATED.search(name):
        return f"*{escape_key(mark[0])}"
    if name[0] in "[($+":
        return f"{escape_key(name[0])}*{escape_key(_extension(name))}"
    return plain_key(name) if is_writable(name) else ""


def _suffices(have: int, of: int) -> bool:
    """Whether the numbers justify a law: nearly all of a few names, and all but a few of many."""
    return have >= NEARLY_ALL * of and of - have <= max(1, FEW_ODD * of)


def is_marked(directory: Directory, least: int = 1) -> bool:
    """Whether there are directories with Python modules, and all of them contain an `__init__.py`."""
    having = [below for below in _walk(directory) if any(name.endswith(".py") for name in below.files)]
    marked = sum("__init__.py" in below.files for below in having)
    return least <= marked == len(having)


def data_beside_code(tree: Tree) -> tuple[str, str]:
    """The keys of data and notes that are beside no code, and of the code; "" if there is little code."""
    kinds = Counter(kind_of(path).removeprefix("*.") for path in tree.files)
    common = sorted((kind for kind in CODE - _MARKUP if kinds[kind] >= FAMILY), key=lambda kind: -kinds[kind])
    languages = tuple(f".{kind}" for kind in sorted(common[:_MOST_LANGUAGES]))
    number = sum(kinds[language[1:]] for language in languages)
    with_code = [
        directory
        for directory in tree.root.walk()
        if directory.path and any(name.endswith(languages) for name in directory.files)
    ]
    names = [name for directory in with_code for name in directory.files]
    absent = [key for key in DATA if not any(fnmatchcase(name, key) for name in names)]
    if number < ENOUGH:
        return "", ""
    return " | ".join(absent), " | ".join(f"*{language}" for language in languages)
