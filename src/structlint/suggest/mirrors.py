"""Mirrors: directories of tests with the same subdirectories as the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from structlint.layout.key_writer import is_writable
from structlint.suggest.names import CODE
from structlint.suggest.thresholds import ENOUGH
from structlint.text.paths import common_directory, split
from structlint.text.records import Record
from structlint.tree import Tree

# The affixes that a test adds to the name of its subject
_MOST_SOURCES = 20  # of one name; with more, a test of this name has no certain subject
_AFFIXES = (("test_", ""), ("", "_test"), ("", "_tests"), ("", ".test"), ("", ".spec"), ("", "_spec"))
_WORDS = (("", "Tests"), ("", "Test"), ("", "Spec"))


class Mirror(Record):
    """`number` tests in subdirectories of `tests` have their subjects in the same ones of `sources`.

    No test directly in `tests` has its subject in a subdirectory. `affixes` are the prefix and suffix that a
    test adds to the name of its subject.
    """

    sources: str
    tests: str
    affixes: tuple[str, str]
    extension: str
    number: int


def mirrors(tree: Tree) -> Iterator[Mirror]:
    """The mirrors of a tree, those with most tests first."""
    sources: dict[str, list[str]] = {}
    for path in tree.files:
        sources.setdefault(split(path)[1], []).append(split(path)[0])
    sources = {name: places for name, places in sources.items() if len(places) <= _MOST_SOURCES}
    tests = [
        (above, split(subject)[1], affixes)
        for path in tree.files
        for above, name in [split(path)]
        for affixes, subject in [_subject_of(name)]
        if subject
    ]
    groups: dict[tuple[str, str, tuple[str, str], str], list[str]] = {}
    for above, subject, affixes in tests:
        for place in sources.get(subject, ()):
            if "test" not in place.lower():
                start, end, shared = _without_common_end(place, above)
                extension = subject[subject.rfind(".") :]
                if shared and start != end:
                    groups.setdefault((start, end, affixes, extension), []).append(shared)
    found = []
    for (start, end, affixes, extension), ways in groups.items():
        common = common_directory(ways)
        mirror = Mirror(start + common, end + common, affixes, extension, sum(way != common for way in ways))
        if _is_kept(mirror, tests, sources):
            found.append(mirror)
    return iter(sorted(found, key=lambda mirror: (-mirror.number, mirror.tests, mirror.extension)))


def _subject_of(name: str) -> tuple[tuple[str, str], str]:
    """The affixes of a test, and the name of its subject; "" if the file is not named for a test."""
    stem, dot, extension = name.rpartition(".")
    if not dot or extension not in CODE:
        return ("", ""), ""
    for start, end in (*_AFFIXES, *_WORDS):
        subject = stem.removeprefix(start).removesuffix(end)
        if stem == f"{start}{subject}{end}" and subject and stem != subject:
            return (start, end), f"{subject}.{extension}"
    return ("", ""), ""


def _without_common_end(one: str, other: str) -> tuple[str, str, str]:
    """Two paths of directories without the steps that both end with, and these steps."""
    here, there = one.split("/")[:-1], other.split("/")[:-1]
    number = 0
    while number < min(len(here), len(there)) and here[-1 - number] == there[-1 - number]:
        number += 1
    cut = ["/".join(steps[: len(steps) - number]) for steps in (here, there)]
    first, second = (f"{path}/" if path else "" for path in cut)
    return first, second, "".join(f"{step}/" for step in here[len(here) - number :])


def _is_kept(
    mirror: Mirror, tests: list[tuple[str, str, tuple[str, str]]], sources: dict[str, list[str]]
) -> bool:
    """Whether enough tests are in the subdirectories of their subjects, and none is above it."""
    if mirror.number < ENOUGH or not mirror.sources or not all(map(is_writable, mirror[:2])):
        return False
    places = Counter(
        place.startswith(mirror.sources) and place != mirror.sources
        for above, subject, affixes in tests
        if above == mirror.tests and affixes == mirror.affixes and subject.endswith(mirror.extension)
        for place in sources.get(subject, ())
    )
    return not places[True]
