"""A name is probably a second one for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.text.misspellings import SHORTEST, is_word, misspellings
from structlint.text.paths import split
from structlint.tree import holds

ABOUT = "a name that is probably a second one for a file or directory beside it"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True

# Directories of which there is usually one in each place, named in the singular or in the plural
_ROLES = (
    "command component config constant contract controller decorator demo doc entity enum error event example"
    " exception factory fixture handler helper hook interface layout lib listener middleware mock model"
    " repository request resource response route router sample schema service store style template test type"
    " util validator view worker"
)
_FEWEST_LETTERS = 6  # of a misspelled name that is beside the right one
# The marks of copies. Some of them can also mean the version of a protocol, an action or an event, usually in
# compiled code, or if several names have them.
_COPIES = ("enhanced", "final", "fixed", "improved", "refactored")
_PERHAPS_COPIES = ("new", "updated", "v2", "v3", "v4", "v5")
_NAME = rf"(?i)(.+)[-_]({'|'.join(_COPIES + _PERHAPS_COPIES)})(\.[a-z0-9]+)"
_SCRIPTS = ".py .js .cjs .mjs .ts .cts .mts .jsx .tsx .vue .svelte .rb .php .sh .ps1 .lua .r .jl .ex .exs"
_COMPILED = ".c .cc .cpp .cs .dart .go .h .hpp .java .kt .m .rs .scala .swift"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds copies of code, and directories whose names differ in a plural, a separator or a typing error."""
    for path, original in sorted(_copies(survey)):
        first = survey.mentioned(original)
        yield Finding(
            path,
            f"probably another version of {first}",
            "keep one of them; git keeps the history",
            related=(original,),
        )
    pairs = sorted({*_plurals(survey), *_separated(survey), *_misspelled(survey)})
    reported = _reported(survey) if pairs else frozenset()
    for path, other in pairs:
        forbids = survey.layout.forbid.match
        if reported.isdisjoint((path, other)) and forbids(path) is None and forbids(other) is None:
            rival = survey.mentioned(other)
            yield Finding(
                path, f"probably the same as {rival}", f"move its files to {rival}", related=(other,)
            )


def _reported(survey: Survey) -> frozenset[str]:
    """The directories that other rules report: unlisted, forbidden and conflicting ones."""
    forbidden = (match.path for match in survey.path_matches if match.entry.forbidden)
    conflicts = (path for conflict in survey.conflicts for path in conflict.paths)
    return frozenset([*(stray.path for stray in survey.strays), *forbidden, *conflicts])


def _copies(survey: Survey) -> Iterator[tuple[str, str]]:
    """The copies of files that are beside them, each with the other file."""
    groups = survey.tree.file_groups
    marks = [mark for mark in _COPIES + _PERHAPS_COPIES if f"{mark}." in groups.files.folded]
    matches = {
        name: re.fullmatch(_NAME, name) for name in groups.files.holding(*(f"{mark}." for mark in marks))
    }
    parts = {name: match.groups() for name, match in matches.items() if match}
    scripts, compiled = _SCRIPTS.split(), _COMPILED.split()
    usual = Counter(mark.lower() for _, mark, _ in parts.values())
    copies = {
        name: stem + extension
        for name, (stem, mark, extension) in parts.items()
        if (extension in scripts and (mark.lower() in _COPIES or usual[mark.lower()] == 1))
        or (extension in compiled and mark.lower() in _COPIES)
    }
    for path in groups.named(copies):
        above, name = split(path)
        if holds(survey.tree.files, above + copies[name]):
            yield path, above + copies[name]


def _plurals(survey: Survey) -> Iterator[tuple[str, str]]:
    """Directories for one role in the singular and in the plural, the one with fewer files first."""
    known, roles = survey.tree.file_groups.steps.known, frozenset(_ROLES.split())
    plurals = {name: _plural(name) for name in known if name.lower() in roles}
    pairs = {name: [plural] for name, plural in plurals.items() if plural in known}
    for path, other in _beside(survey, pairs):
        less, more = sorted((path, other), key=survey.files_below)
        yield less, more


def _plural(name: str) -> str:
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _separated(survey: Survey) -> Iterator[tuple[str, str]]:
    """Directories whose names differ only in a dash or an underscore, the one with fewer files first."""
    known = survey.tree.file_groups.steps.known
    pairs: dict[str, list[str]] = {}
    for name in known:
        begin, *words = name.replace("-", "_").split("_")
        if begin and words and all(words):
            same = {separator.join((begin, *words)) for separator in ("", "-", "_")}
            pairs[name] = sorted((same & known) - {name})
    for path, other in _beside(survey, {name: others for name, others in pairs.items() if others}):
        less, more = sorted((path, other), key=lambda each: (survey.files_below(each), each))
        yield less, more


def _misspelled(survey: Survey) -> Iterator[tuple[str, str]]:
    """Directories whose name is that of a larger directory beside it with a typing error."""
    known = {name for name in survey.tree.file_groups.steps.known if len(name) >= _FEWEST_LETTERS}
    pairs: dict[str, list[str]] = {}
    for right in (name for name in known if name.isascii() and name.isalpha() and name[1:].islower()):
        for wrong in misspellings(right, known):
            if len(wrong) < SHORTEST or not is_word(wrong):
                pairs.setdefault(wrong, []).append(right)
    for path, other in _beside(survey, pairs):
        if survey.files_below(path) <= survey.files_below(other):
            yield path, other


def _beside(survey: Survey, pairs: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    """The directories with one of these names, each with one beside it that has another name."""
    groups = survey.tree.file_groups
    return (
        (path, f"{above}{other}/")
        for path, above, name in (groups.places if pairs else ())
        for other in pairs.get(name, ())
        if f"{above}{other}/" in groups.held
    )
