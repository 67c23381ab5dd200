"""Bans: names that a directory must not contain, because all of its files follow another convention."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice

from structlint.layout.gitignore import escape_pattern
from structlint.layout.key_writer import is_writable
from structlint.suggest.affixes import Group, groups_of, is_exempt, numbering_of
from structlint.suggest.names import CODE
from structlint.suggest.place_bans import Ban, place_bans
from structlint.suggest.thresholds import ASIDE, ENOUGH, FAMILY, SETTINGS_OF_TESTS, VENDORED, set_of
from structlint.text.paths import name_of
from structlint.tree import Directory, Tree

_MOST = 4  # bans of one kind
_MOST_FORMS = 6
_SCRIPTS = ("ts", "tsx", "js", "jsx", "mjs")
# Forms of names of tests, of which a directory usually has only one
_TEST_NAMES = (
    ("test_*.py", "*_test.py", "*_tests.py"),
    *((f"*.test.{extension}", f"*.spec.{extension}") for extension in _SCRIPTS),
    ("*Test.java", "*Tests.java"),
    ("*Test.kt", "*Tests.kt"),
    ("*Tests.cs", "*Test.cs"),
    ("*Test.php", "*Tests.php"),
    ("*_spec.rb", "*_test.rb", "test_*.rb", "spec_*.rb"),
    ("*_test.rs", "*_tests.rs", "test_*.rs"),
    ("*Spec.scala", "*Test.scala", "*Suite.scala"),
    ("*Tests.swift", "*Test.swift"),
)
# Forms that other code has too, so they show a test only in a directory of tests
_PERHAPS_TESTS = (
    ("*Test.java", "Test[A-Z]*.java", "*Spec.java"),
    ("*Test.kt", "Test[A-Z]*.kt", "*Spec.kt"),
)
_OF_TESTS = re.compile(r"(?i).*tests?|.*specs?|__tests__|e2e")
_HEADERS = frozenset(("h", "hh", "hpp", "hxx"))
_COMPILED = ("c", "cc", "cpp", "cxx")
_PAGES = (".md", ".mdx", ".rst", ".adoc")
_OUTPUT = set_of("node_modules dist build static public assets") | VENDORED


def bans(tree: Tree, closed: Collection[str] = ()) -> Iterator[Ban]:
    """The bans that all files of a tree obey. Nothing is banned from `closed` directories."""
    directories = [
        directory
        for directory in tree.root.walk()
        if directory.path and _OUTPUT.isdisjoint(directory.path.lower().split("/"))
        if is_writable(directory.path)
    ]
    groups = [group for one in directories if one.path not in closed for group in groups_of(one)]
    yield from islice(_of_test_names(tree.files), _MOST_FORMS)
    yield from _of_test_roots(tree)
    yield from place_bans(tree)
    yield from islice(_of_headers(directories, tree), _MOST)
    yield from islice(_of_numbers(groups), _MOST)
    yield from islice(_of_capitals(groups), _MOST)


def _of_test_names(files: Iterable[str]) -> Iterator[Ban]:
    """Bans other forms of the names of tests from directories of tests with one form."""
    known = {form for forms in _TEST_NAMES + _PERHAPS_TESTS for form in forms}
    having: dict[str, Counter[str]] = {}
    with_settings: set[str] = set()
    for path in files:
        place, name = directory_of_tests(path), name_of(path)
        is_settings = fnmatchcase(name, SETTINGS_OF_TESTS)
        if is_settings:
            with_settings.add(place)
        elif place:
            fitting = (form for form in known if fnmatchcase(name, form))
            having.setdefault(place, Counter()).update(fitting)
    for place, counts in sorted(having.items(), key=lambda item: (-item[1].total(), item[0])):
        for forms in _TEST_NAMES + _PERHAPS_TESTS:
            found = [form for form in forms if counts[form]]
            if len(found) == 1 and counts[found[0]] >= FAMILY:
                others = [form for form in forms if form != found[0]]
                patterns = tuple(f"{place}**/{form}" for form in others)
                is_python = "test_*.py" in others
                kept = (f"!{place}**/{SETTINGS_OF_TESTS}",) if is_python and place in with_settings else ()
                yield Ban(patterns, f"Tests are named `{found[0]}`", kept)


def directory_of_tests(path: str) -> str:
    """The pattern for the topmost directory named for tests above a path; "" if there is none.

    All directories `__tests__/` count as one, because each part of the code has its own.
    """
    steps = path.split("/")[:-1]
    at = next((at for at, step in enumerate(steps) if _OF_TESTS.fullmatch(step)), None)
    if at is None or not is_writable("/".join(steps[: at + 1])):
        return ""
    return "**/__tests__/" if steps[at] == "__tests__" else f"/{escape_pattern('/'.join(steps[: at + 1]))}/"


def _of_test_roots(tree: Tree) -> Iterator[Ban]:
    """Bans a second directory of tests from the root if it has one, or if all tests are in one directory."""
    forms = [form for forms in _TEST_NAMES for form in forms]
    counts: Counter[str] = Counter()
    for path in tree.files:
        name = name_of(path)
        if any(fnmatchcase(name, form) for form in forms):
            counts[directory_of_tests(path)] += 1
    if counts.total() < ENOUGH:
        return
    roots = [place for place in counts if place in ("/test/", "/tests/")]
    if len(counts) != 1 and len(roots) != 1:
        return
    place = (roots or list(counts))[0]
    if place in ("", "**/__tests__/") or counts[place] < FAMILY:
        return
    top = place.split("/")[1]
    code = Counter(path.partition("/")[0] for path in tree.files if path.rpartition(".")[2] in CODE)
    is_main = place.count("/") == 2 or code[top] * 2 >= code.total()
    others = [name for name in ("test", "tests") if name not in tree.root.directories and name != top]
    if others and (is_main or roots):
        whole = "All tests are" if len(counts) == 1 else "Tests are"
        yield Ban(tuple(f"/{name}/" for name in others), f"{whole} in `{place[1:]}`")


def _of_headers(directories: Iterable[Directory], tree: Tree) -> Iterator[Ban]:
    """Bans compiled code from directories that have only headers."""
    known = {path.rpartition(".")[2] for path in tree.files}
    compiled = [extension for extension in _COMPILED if extension in known]
    done: list[str] = []
    for directory in directories:
        if not compiled or directory.path.startswith(tuple(done)):
            continue
        below = Counter(
            name.rpartition(".")[2].lower() for inside in directory.walk() for name in inside.files
        )
        code = [extension for extension in below if extension in CODE | _HEADERS]
        if code and _HEADERS.issuperset(code) and sum(below[extension] for extension in code) >= ENOUGH:
            done.append(directory.path)
            place = f"/{escape_pattern(directory.path)}"
            yield Ban(tuple(f"{place}**/*.{extension}" for extension in compiled), "Contains only headers")


def _of_numbers(groups: Iterable[Group]) -> Iterator[Ban]:
    """Bans names without a number from directories in which each name begins with one."""
    for group in groups:
        if numbering := numbering_of(group):
            name = "0" * numbering.digits + f"{numbering.separator}name{group.extension}"
            yield _without(group, "[A-Za-z]*", f"Names begin with a number, as in `{name}`")


def _of_capitals(groups: Iterable[Group]) -> Iterator[Ban]:
    """Bans pages in lowercase from directories whose pages are all capitalized."""
    for group in groups:
        stems = group.stems
        is_title = all(stem[:1].isupper() for stem in stems) and not all(map(str.isupper, stems))
        if group.extension in _PAGES and len(stems) >= ENOUGH and is_title:
            yield _without(group, "[a-z]*", "Names of pages are capitalized")


def _without(group: Group, beginning: str, why: str) -> Ban:
    """Bans files of a kind with such a beginning of their names, except those with a special role.

    The exceptions are single names, because a pattern would also cancel what other layouts forbid.
    """
    place = f"/{escape_pattern(group.directory.path)}"
    extensions = {group.extension}
    if extensions <= {".yml", ".yaml"}:
        extensions = {".yml", ".yaml"}
    patterns = tuple(f"{place}{beginning}{escape_pattern(extension)}" for extension in sorted(extensions))
    there = [name for name in group.directory.files if is_exempt(name) and is_writable(name)]
    usual = [f"index{group.extension}"] if group.extension[1:] in _SCRIPTS else []
    usual += [f"index{group.extension}", f"README{group.extension}"] if group.extension in _PAGES else []
    kept = [name for name in dict.fromkeys((*there, *usual)) if name.endswith(group.extension)]
    exceptions = (f"!{place}{escape_pattern(name)}" for name in kept if fnmatchcase(name, f"{beginning}*"))
    return Ban(patterns, why, tuple(exceptions))


def is_aside(directory: Directory) -> bool:
    """Whether a directory is in one for examples, pages or tools."""
    return not ASIDE.isdisjoint(directory.path.lower().split("/"))
