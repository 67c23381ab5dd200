"""Homes: the directories that contain all files of one form, such as `notebooks/` for `*.ipynb`."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from structlint.layout.gitignore import escape_pattern
from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import directory_at
from structlint.suggest.names import CODE, kind_of, singular_of
from structlint.suggest.thresholds import (
    ASIDE,
    ENOUGH,
    FAMILY,
    FEW_ODD,
    LEAST_IN_CODE_ROOT,
    LEAST_TESTED,
    MANIFESTS,
    MOST_HOMES,
    NEARLY_ALL,
    OWN_TESTS,
    SETTINGS_OF_TESTS,
    TEST_FORMS,
    TESTS,
)
from structlint.text.paths import name_of, parent, upwards
from structlint.text.records import Record
from structlint.tree import Tree

# Forms with the same meaning in every repository. If such files are in one place, this is not by chance.
# Data is not among them: new data of a kind is often elsewhere.
_FORMS = frozenset(TEST_FORMS) - {"*_test.go"} | {"*.ipynb"}  # Go requires tests beside the code
_SETTINGS = re.compile(r"(?:^|/)(?:test_)?settings(?:[.]py|/)")
_TEST_FORM = re.compile(r"(?i)test|spec|tst|IT[.]")
# Roles in names that determine where a file belongs; other words may be the subject of the file.
_ROLE = re.compile(r"(?:[.][a-z]+|(?<=[a-z0-9])(?:Controller|Middleware|Migration|Repository|Seeder))\Z")


class Home(Record):
    """A form of names, as a gitignore pattern, and the directories of its files: `have` of `of` are in them.

    `exempt` has patterns for other allowed places. If `among` has directories, as patterns, only the files in
    these must be in the home.
    """

    pattern: str
    directories: tuple[str, ...]
    have: int
    of: int
    exempt: tuple[str, ...] = ()
    among: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of the files that must be in the home."""
        return tuple(f"{place}**/{self.pattern}" for place in self.among) or (self.pattern,)


def homes(tree: Tree) -> Iterator[Home]:
    """The homes of the forms of names in a tree."""
    by_form: dict[str, list[str]] = {}
    for path in tree.files:
        for form in _forms_of(posixpath.basename(path)):
            by_form.setdefault(form, []).append(path)
    code = Counter(_extension(path) for path in tree.files)
    candidates = (
        _home_beside_examples(form, paths, tree, code) for form, paths in by_form.items() if is_writable(form)
    )
    known = sorted((home for home in candidates if home), key=lambda home: (-home.of, home.pattern))
    kept: list[Home] = []
    for home in known:
        if len(kept) < MOST_HOMES and not any(_covers(other, home) for other in kept):
            kept.append(home)
    return iter(sorted(kept, key=lambda home: home.pattern))


def _forms_of(name: str) -> Iterator[str]:
    if fnmatchcase(name, SETTINGS_OF_TESTS):
        return
    yield from (form for form in sorted(_FORMS) if fnmatchcase(name, form))
    stem, _, extension = name.rpartition(".")
    role = _ROLE.search(stem)
    if extension in CODE and role and role.start() > 0:
        yield f"*{role[0]}.{extension}"


def _covers(one: Home, other: Home) -> bool:
    return fnmatchcase(other.pattern, one.pattern) and one.directories == other.directories


def _extension(path: str) -> str:
    return path.rpartition(".")[2]


def _home_beside_examples(form: str, paths: Sequence[str], tree: Tree, code: Counter[str]) -> Home | None:
    """The directories of nearly all files of a form. Tests of examples and benchmarks do not count.

    If several modules have directories of tests, no test has to be in those of another module. Any directory
    that is named for tests may hold some. Only tests among the code that these test must be there: other
    directories, such as a new tool, may have their tests beside their code.
    """
    if form not in _FORMS or not _TEST_FORM.search(form):
        return _home(form, paths, tree, code)
    apart = {path: OWN_TESTS.intersection(path.split("/")[:-1]) for path in paths}
    counted = [path for path in paths if not apart[path]]
    home = _home(form, counted, tree, code)
    places = _directories_of_tests(counted)
    if home and len({_module_of(place, tree) for place in places}) > 1:
        home = _in_any_of(places, form, counted) or home
    if home is None or (home.of < 2 * ENOUGH and any("__" in place for place in home.directories)):
        return None
    named = _named_for_tests(home.directories)
    among = _tested(form, counted, tree)
    if not (named and among):
        return None  # these are the only modules that have tests
    names = sorted({name for names in apart.values() for name in names})
    has_settings = form == "test_*.py" and any(_SETTINGS.search(path) for path in tree.files)
    settings = [f"**/{SETTINGS_OF_TESTS}"] if has_settings else []
    exempt = (*home.exempt, *named, *settings, *(f"**/{name}/**" for name in names))
    return home._replace(exempt=tuple(dict.fromkeys(exempt)), among=among)


def _tested(form: str, tests: Sequence[str], tree: Tree) -> tuple[str, ...]:
    """Patterns for the directories with much of the code that tests of a form are for."""
    in_maven = sum("/src/test/" in f"/{path}" for path in tests)
    if in_maven >= NEARLY_ALL * len(tests):
        return ("**/src/main/",)
    extension = _extension(form)
    tops = Counter(
        path.partition("/")[0]
        for path in tree.files
        if "/" in path and _extension(path) == extension and not _directory_of_tests(path)
    )
    within = {path.partition("/")[0] for path in tests if _directory_of_tests(path)}
    files = set(tree.files)
    shipped = {top for top in tops if f"{top}/__init__.py" in files and tops[top] >= LEAST_IN_CODE_ROOT}
    return tuple(
        f"/{escape_pattern(top)}/"
        for top, number in sorted(tops.items())
        if number >= max(FAMILY, LEAST_TESTED * tops.total())
        or (top in within and number >= FAMILY)
        or top in shipped
        if top not in ASIDE and is_writable(top)
    )


def _home(form: str, paths: Sequence[str], tree: Tree, code: Counter[str]) -> Home | None:
    """The directories of nearly all files of a form; None if there are few, or all such code is there."""
    known = form in _FORMS
    if known and _TEST_FORM.search(form) and (home := _home_of_tests(form, paths)):
        return home
    if len(paths) < (FAMILY if known else ENOUGH):
        return None
    is_data = known and _extension(form) not in CODE
    directories, inside = _common_homes(paths, known, exact=is_data)
    directories = _as_deep_as_meant(directories, form, known)
    alike = _alike(directories) if not known else ()
    if not known and not all(_is_in(path, directories) for path in paths):
        return None  # a role in a name adds nothing to the name of the directory
    odd = len(paths) - len(inside) if known else 0
    if not directories or odd > max(1, FEW_ODD * len(paths)):
        return None
    extension = _extension(form)
    there = sum(path.startswith(directories) for path in tree.files if _extension(path) == extension)
    others = code[extension] - there
    if is_data:  # it is a home if it contains little else
        return Home(form, directories, len(inside), len(paths))
    if others < FAMILY:
        return None  # it contains all code of the language
    share = len(inside) / max(1, there)
    return (
        Home(form, directories, len(inside), len(paths), alike) if share >= (0.2 if known else 0.6) else None
    )


def _alike(directories: Sequence[str]) -> tuple[str, ...]:
    """Patterns for all directories named like homes, because each part of the code may have its own."""
    return tuple(f"**/{name}/**" for name in sorted({name_of(directory) for directory in directories}))


def _is_in(path: str, directories: Sequence[str]) -> bool:
    """Whether a path is below a home, or below a directory of the same name."""
    return any(name_of(directory) in path.split("/")[:-1] for directory in directories)


def _home_of_tests(form: str, paths: Sequence[str]) -> Home | None:
    """The home of tests in several test directories; None if some tests are elsewhere."""
    places = _directories_of_tests(paths)
    if len(places) < FAMILY or places.total() < ENOUGH:
        return None
    return _in_any_of(places, form, paths)


def _in_any_of(places: Counter[str], form: str, paths: Sequence[str]) -> Home | None:
    """The home of tests in any test directory; None if some tests are elsewhere."""
    number = places.total()
    if len(paths) - number > FEW_ODD * len(paths):
        return None
    most = tuple(sorted(place for place, _ in places.most_common(2)))
    return Home(form, most, number, len(paths), _named_for_tests(places))


def _named_for_tests(places: Collection[str]) -> tuple[str, ...]:
    """Patterns for all directories that are named for tests as some places are; none if one is not."""
    named = [_directory_of_tests(f"{place}*").lower() for place in places]
    words = {"**/*[tT]est*/**": "test", "**/*[sS]pec*/**": "spec"}
    return (
        tuple(key for key, word in words.items() if any(word in name for name in named)) if all(named) else ()
    )


def _directories_of_tests(paths: Sequence[str]) -> Counter[str]:
    """The topmost directories named for tests, with the number of tests in each."""
    return Counter(filter(None, map(_directory_of_tests, paths)))


def _module_of(path: str, tree: Tree) -> str:
    """The nearest directory above a path with a manifest; the root if there is none."""
    having = (
        above
        for above in upwards(parent(path))
        if any(name in MANIFESTS or kind_of(name) in MANIFESTS for name in directory_at(tree, above).files)
    )
    return next(having, "")


def _directory_of_tests(path: str) -> str:
    """The topmost directory named for tests on the way to a path; "" if there is none."""
    steps = path.split("/")[:-1]
    at = next((at for at, step in enumerate(steps) if re.search("(?i)tests?$|specs?$", step)), None)
    return "" if at is None else "/".join(steps[: at + 1]) + "/"


def _common_homes(paths: Sequence[str], known: bool, *, exact: bool) -> tuple[tuple[str, ...], Sequence[str]]:
    """The directories, at most two, that contain nearly all paths, and these paths.

    If `exact`, they are no deeper than necessary for all paths in a directory of the root.
    """
    tops = Counter(path.partition("/")[0] for path in paths if "/" in path)
    most = [top for top, number in tops.most_common(2) if number >= FAMILY]
    for number in (1, 2) if known else (1,):
        chosen = most[:number]
        inside = [path for path in paths if path.partition("/")[0] in chosen and "/" in path]
        odd = len(paths) - len(inside)
        if len(chosen) == number and odd <= max(1, FEW_ODD * len(paths)):
            deepest = (
                _deepest(
                    [path for path in inside if path.startswith(f"{top}/")], allow=odd == 0 and not exact
                )
                for top in chosen
            )
            directories = tuple(sorted(deepest))
            return directories, [path for path in inside if path.startswith(directories)]
    return (), ()


def _as_deep_as_meant(directories: tuple[str, ...], form: str, known: bool) -> tuple[str, ...]:
    """The homes, cut to the part that is specific to the form; none for a role that is there by chance.

    Tests belong anywhere in the test directory. A file with a role belongs in a directory of the
    same name, such as `*Controller.java` in `controllers/`.
    """
    if known and _TEST_FORM.search(form):
        return tuple(sorted({_up_to(directory, TESTS) for directory in directories}))
    if known:
        return directories
    role = form.removeprefix("*").rpartition(".")[0].strip("._-").lower()
    plurals = {role, singular_of(role), f"{role}s", f"{role}es", f"{role[:-1]}ies"}
    named = tuple(_up_to(directory, plurals) for directory in directories)
    return named if all(name_of(directory).lower() in plurals for directory in named) else ()


def _up_to(directory: str, names: Collection[str]) -> str:
    """A directory up to the first step with one of these names."""
    steps = directory.rstrip("/").split("/")
    at = next((number for number, step in enumerate(steps) if step.lower() in names), len(steps) - 1)
    return "/".join(steps[: at + 1]) + "/" if directory else ""


def _deepest(paths: Sequence[str], *, allow: bool) -> str:
    """The deepest directory that contains all paths, or all but one if `allow`."""
    current = ""
    while True:
        steps = Counter(
            path[len(current) :].partition("/")[0] for path in paths if "/" in path[len(current) :]
        )
        if not steps:
            return current
        step, number = steps.most_common(1)[0]
        least = len(paths) - (1 if allow and len(paths) > 2 * ENOUGH else 0)
        if number < least or not is_writable(step):
            return current
        current += f"{step}/"
        paths = [path for path in paths if path.startswith(current)]
