"""Paths that nothing is learned from, such as editor files and build output."""

from __future__ import annotations

import re
from collections.abc import Iterable

from structlint.finding import Place
from structlint.layout.model import PatternEntry, PatternList
from structlint.matching.survey import Survey
from structlint.suggest.names import CODE
from structlint.suggest.thresholds import DATA_OF_TESTS, FAMILY, KEEPERS, NEARLY_ALL, VENDORED, set_of
from structlint.text.paths import name_of
from structlint.text.records import Record
from structlint.tree import Directory


class ExcludedPaths(Record):
    """Paths that nothing was learned from, and the reason."""

    path: str
    why: str


_OUTPUT = "build output"
_OWN_JUNK = {
    "tmp/": "temporary files",
    "temp/": "temporary files",
    "out/": _OUTPUT,
    "build/": _OUTPUT,
    "dist/": _OUTPUT,
    "coverage/": "coverage data",
    "logs/": "log files",
    "*.log": "a log file",
    "*.tmp": "temporary files",
    "*.temp": "temporary files",
    "* copy": "a copy",
    "* copy.*": "a copy",
    "* copy [0-9]*": "a copy",
    "*([0-9])": "a copy",
    "*([0-9]).*": "a copy",
    "Copy of *": "a copy",
    "*.old": "an old version; git keeps the history",
    "*.save": "left over from an editor",
    ".#*": "left over from an editor",
    r"\#*#": "left over from an editor",
}
# In these, `build/` or `out/` is source code, such as the ports of a hexagonal architecture.
_SOURCES = set_of("src lib app source internal pkg cmd main adapter docs test tests .github")


# The hash that a bundler adds to the name of a script or style: eight characters, or more hexadecimal digits.
_HASH = re.compile(r".+[-.]([A-Za-z0-9_-]{8}|[0-9a-f]{8,64})(?:[.](?:chunk|bundle|min))*[.](?:m?js|css)")


# The extensions of files that people write for a build; output has other ones too.
_BUILD_SCRIPTS = re.compile(
    r"(?:.*/)?(?:[^/.]+|.*\.(?:ya?ml|json|sh|bash|ps1|psm1|bat|cmd|py|md|txt|props|targets|cmake|mk|gradle|cs|tf))"
)


def _is_kept(directory: str, files: Iterable[str]) -> bool:
    """Whether a directory named for output is inside sources, or has handwritten contents."""
    in_sources = not _SOURCES.isdisjoint(directory.split("/")[:-2])
    if directory.endswith("build/") and all(map(_BUILD_SCRIPTS.fullmatch, files)):
        return True
    return in_sources or all(name_of(path) in KEEPERS for path in files)


def passed_over(survey: Survey) -> tuple[tuple[ExcludedPaths, ...], frozenset[str]]:
    """The excluded paths: the topmost ones with the reasons, and all of them."""
    own = PatternList(tuple(PatternEntry(pattern, Place("", 1), why) for pattern, why in _OWN_JUNK.items()))
    forbid, local = survey.layout.forbid, survey.layout.local
    reasons: dict[str, str] = {}
    gone: set[str] = set()
    for patterns, why in ((forbid, ""), (local, "a local file"), (own, "")):
        for top, reason, files in survey.matched(patterns):
            if patterns is own and top.endswith("/") and _is_kept(top, files):
                continue
            if gone.isdisjoint(files):
                reasons[top] = why or reason.why
            gone.update(files)
    for path in sorted(survey.tree.ignored - gone):
        reasons[path] = "ignored by git"
    gone |= survey.tree.ignored
    gone |= {path for path, link in survey.tree.links.items() if link.kind == "broken"}
    return tuple(ExcludedPaths(path, reasons[path]) for path in sorted(reasons)), frozenset(gone)


def build_output(passed: Iterable[ExcludedPaths]) -> list[str]:
    """The directories of build output among the excluded paths."""
    return [path for path, why in passed if why == _OUTPUT and path.endswith("/")]


def named_by_others(directory: Directory) -> list[str]:
    """The topmost directories below one that hold data of tests, or code of others: no rule names these."""
    found = []
    for name, inside in directory.directories.items():
        found += [inside.path] if name.lower() in DATA_OF_TESTS | VENDORED else named_by_others(inside)
    return found


def hashed_output(directory: Directory) -> list[str]:
    """The topmost directories in which nearly all code files have a hash in their names.

    A bundler adds the hash of the contents.
    """
    return [path for inside in directory.directories.values() for path in _hashed(inside)]


def _hashed(directory: Directory) -> list[str]:
    names = [name for inside in directory.walk() for name in inside.files]
    code = [name for name in names if name.rpartition(".")[2] in CODE]
    hashes = [found[1] for found in map(_HASH.fullmatch, code) if found]
    certain = sum(not (text.isalpha() or text.isdigit()) for text in hashes)
    if certain < FAMILY:
        return []
    likely = sum(not (text.islower() and text.isalpha()) for text in hashes)
    return [directory.path] if likely >= NEARLY_ALL * len(code) else hashed_output(directory)
