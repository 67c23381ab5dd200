"""Families: siblings with similar contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from structlint.layout.key_writer import is_writable
from structlint.suggest.draft import own_name
from structlint.suggest.names import MARKS, kind_of, singular_of, templates_of, variants_of
from structlint.suggest.thresholds import (
    ASIDE,
    ENOUGH,
    FAMILY,
    KEEPERS,
    MANIFESTS,
    NEARLY_ALL,
    NO_COLLECTIONS,
    OWN_CHOICE,
    PICTURE,
    README,
    RECOMMENDED,
    ROLES,
    WEAK,
)
from structlint.text.records import Record
from structlint.tree import Directory


class Family(Record):
    """Siblings with similar contents, and the common prefix and suffix of their names."""

    members: tuple[Directory, ...]
    prefix: str = ""
    suffix: str = ""


_MOST_ANCHORS = 8
_MANIFEST = "\3"  # represents any of the manifests


def find_family(pool: Sequence[Directory], parent: str) -> Family | None:
    """The siblings with similar contents, found by the names that many of them contain."""
    pool = _without_tests(pool)
    if len(pool) < FAMILY:
        return None
    held = [_features(directory) for directory in pool]
    counts = Counter(chain.from_iterable(held))
    often = [feature for feature, number in counts.items() if number >= FAMILY]
    anchors = sorted(often, key=lambda feature: (-_weight([feature]) * counts[feature], feature))[
        :_MOST_ANCHORS
    ]
    core: frozenset[str] = max(
        (_core([features for features in held if anchor in features]) for anchor in anchors),
        key=lambda weighted: weighted[0],
        default=(0.0, frozenset[str]()),
    )[1]
    collection = _is_collection(parent)
    enough = _weight(core) / 2
    members = [
        one
        for one, has in zip(pool, held, strict=True)
        if core and (_weight(core & has) >= enough or (collection and _is_odd_member(one, core & has)))
    ]
    members = _without_others(members)
    if len(members) < FAMILY or not _is_family(members, core, len(pool), parent):
        return None
    names = [own_name(member) for member in members]
    return Family(tuple(members), *_affixes(names))


_TEST_PROJECT = re.compile(r".*(?:[._-](?:[a-z]+[._-]?)?tests?|[.][A-Za-z]*Tests?|[a-z]Tests)")


def _without_tests(pool: Sequence[Directory]) -> Sequence[Directory]:
    """Siblings without those that contain the tests of others, such as `Billing.UnitTests/`."""
    tested = [one for one in pool if not _TEST_PROJECT.fullmatch(own_name(one))]
    return tested if len(tested) > len(pool) / 2 else pool


def _features(directory: Directory) -> frozenset[str]:
    variants = variants_of(own_name(directory))
    features = {
        template
        for name in directory.files
        if name not in KEEPERS
        for template in templates_of(name, variants)
    }
    features |= {
        f"{template}/" for name in directory.directories for template in templates_of(name, variants)
    }
    if manifests_of(directory):
        features.add(_MANIFEST)
    return frozenset(features)


def manifests_of(directory: Directory) -> list[str]:
    """The manifests in a directory, as keys of a layout."""
    there = {*directory.files, *map(kind_of, directory.files)}
    return [manifest for manifest in MANIFESTS if manifest in there]


def is_project(directory: Directory) -> bool:
    """Whether a directory contains a manifest or the source of an image."""
    return bool(manifests_of(directory) or "Dockerfile" in directory.files)


def _core(having: list[frozenset[str]]) -> tuple[float, frozenset[str]]:
    """The names that nearly all of the directories contain, and their weight."""
    counts = Counter(chain.from_iterable(having))
    core = frozenset(feature for feature, number in counts.items() if number >= NEARLY_ALL * len(having))
    return len(having) * _weight(core), core


def _weight(features: Iterable[str]) -> float:
    """The weight of a set of common names: more specific names weigh more."""
    return sum(map(_strength, {re.sub("[\1\2]", "\0", feature) for feature in features}))


def _strength(feature: str) -> float:
    if feature == _MANIFEST:
        return 3
    if PICTURE.search(feature) or OWN_CHOICE.fullmatch(feature):
        return 0
    if WEAK.fullmatch(feature):
        return 0.5
    if feature.endswith("/"):
        return 1.5
    return 0.5 if feature in MANIFESTS else 2


def _without_others(members: list[Directory]) -> list[Directory]:
    """The members without those of another kind, which lack most of the common names."""
    held = [_features(member) for member in members]
    counts = Counter(chain.from_iterable(held))
    shared = {
        feature for feature, number in counts.items() if number >= max(FAMILY, RECOMMENDED * len(members))
    }
    lacking = [len(shared - has) for has in held]
    return [
        member
        for member, number in zip(members, lacking, strict=True)
        if number < FAMILY or number <= len(shared) / 2
    ]


def _is_collection(parent: str) -> bool:
    return parent.endswith("s") and parent not in NO_COLLECTIONS and parent != singular_of(parent)


def _is_odd_member(directory: Directory, shared: frozenset[str]) -> bool:
    """Whether a directory in a collection is a member that lacks most of the common names."""
    return bool(shared) and own_name(directory).lower() not in ROLES | ASIDE


def _is_family(members: Sequence[Directory], core: frozenset[str], siblings: int, parent: str) -> bool:
    collection = _is_collection(parent)
    roles = sum(re.split(r"[.]", own_name(member).lower())[-1] in ROLES for member in members)
    if roles * 2 > len(members) and not (collection and _MANIFEST in core):
        return False
    weight = _weight(core)
    if not parent and weight < 4 and not core & {_MANIFEST, "Dockerfile"}:
        return False
    if weight >= (2 if collection or len(members) >= ENOUGH else 4):
        return True
    return weight > 0 and len(members) >= 8 and len(members) >= 0.8 * siblings


def _common(names: Sequence[str]) -> str:
    """The common prefix of names."""
    first, last = min(names), max(names)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _affixes(names: Sequence[str]) -> tuple[str, str]:
    """The common prefix of names up to a separator, and the common suffix from a separator on."""
    start = _common(names)
    start = start[: max(start.rfind(separator) for separator in "-_.") + 1]
    end = _common([name[len(start) :][::-1] for name in names])[::-1]
    cuts = [at for separator in "-_." if (at := end.find(separator)) >= 0]
    end = end[min(cuts) :] if cuts else ""
    start, end = (affix if len(affix) > 3 else "" for affix in (start, end))
    return (start, end) if all(len(name) > len(start) + len(end) for name in names) else ("", "")


class _Shared(Record):
    """A key that similar directories share, and the directories that have it."""

    template: str
    places: list[int]


def shared_names(
    names: Sequence[Iterable[str]], variants: Sequence[Iterable[tuple[str, str]]]
) -> list[_Shared]:
    """The names, with the placeholder's value marked, and the directories that contain each."""
    places: dict[str, list[int]] = {}
    for index, (there, spelled) in enumerate(zip(names, variants, strict=True)):
        for name in there:
            for template in templates_of(name, spelled) if is_writable(name) else ():
                places.setdefault(template, []).append(index)
    often = [_Shared(form, where) for form, where in places.items() if len(where) > 1]
    often.sort(key=lambda shared_name: (-len(shared_name.places), shared_name.template))
    by_form: dict[str, _Shared] = {}
    for shared_name in often:
        by_form.setdefault(re.sub("[\1\2]", "\0", shared_name.template), shared_name)
    return list(by_form.values())


_SUBJECT = re.compile(r"([A-Za-z0-9]+)[-_.]?(?=[\0-\2])")


def without_subjects(shared: Iterable[_Shared]) -> list[_Shared]:
    """The names without those that differ by subject, such as `user_<layer>.go`.

    All layers contain them today, but a new one may have another subject.
    """
    kept = list(shared)
    rests = Counter(_SUBJECT.sub("", name.template) for name in kept if _SUBJECT.match(name.template))
    return [
        name
        for name in kept
        if not _SUBJECT.match(name.template) or rests[_SUBJECT.sub("", name.template)] == 1
    ]


def consist_of(names: Sequence[Sequence[str]], shared: Sequence[_Shared]) -> bool:
    """Whether several directories have several files each, and all have the same ones."""
    everywhere = sum(len(shared_name.places) == len(names) for shared_name in shared)
    return everywhere > 1 and all(len(there) == everywhere for there in names)


def worth_most(shared: Sequence[_Shared], most: int) -> list[_Shared]:
    """The most specific files, in their order."""
    worth = sorted(shared, key=lambda shared_name: -_worth(shared_name.template))[:most]
    return [shared_name for shared_name in shared if shared_name in worth and _worth(shared_name.template)]


def _worth(template: str) -> float:
    if template in MANIFESTS or kind_of(template) in MANIFESTS or template == "Dockerfile":
        return 4
    if README.fullmatch(template) or any(mark in template for mark in MARKS):
        return 3
    if PICTURE.search(template) or OWN_CHOICE.fullmatch(template) or template == "mod.rs":
        return 0  # the compiler reports a directory that needs a `mod.rs`
    return 1 if template.startswith(".") else 2
