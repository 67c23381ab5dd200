"""Finds the entries of the extended layout that govern the learned families."""

from __future__ import annotations

from structlint.layout.entry import entries
from structlint.layout.key_writer import is_writable, key_text
from structlint.matching.survey import Survey
from structlint.suggest.draft import Law, LearnedEntry
from structlint.suggest.families import Family
from structlint.suggest.thresholds import FAMILY
from structlint.text.paths import parent
from structlint.tree import Directory


def inherited_key(family: Family, survey: Survey) -> str:
    """The key of the entry of the extended layout that governs the members of a family, "" if none does.

    It has a placeholder, or is `*/` with an `if`, which takes precedence over a learned placeholder.
    """
    governing = [survey.entry_of(member.path) for member in family.members]
    entry = governing[0]
    if entry is None or any(other is not entry for other in governing):
        return ""
    above = survey.children[parent(family.members[0].path)]
    if not any(entry in outer.children.values() for outer in above.entries if not outer.key.everywhere):
        return ""  # a `**/` farther up governs them, in another place
    if str(entry.key) == "*/":
        return "*/" if entry.condition else ""
    if any(
        below is entry and any(outer.key.everywhere for outer in outers)
        for outers, below in entries(survey.layout.root)
    ):
        return ""  # its placeholder is for every directory below
    slots = [slot for member in entry.key.members for slot in member.slots]
    plain = len(entry.key.placeholders) == 1 and not any(slot.case for slot in slots)
    return key_text(entry.key) if plain and not entry.key.path_placeholder else ""


def inherited_families(directory: Directory, survey: Survey) -> list[Family]:
    """The families in a directory that entries with an `if` and a placeholder govern."""
    governed: dict[int, list[Directory]] = {}
    for name, subdirectory in directory.directories.items():
        entry = survey.entry_of(subdirectory.path)
        if (
            entry
            and entry.condition
            and entry.key.placeholders
            and not subdirectory.opaque
            and is_writable(name)
        ):
            governed.setdefault(entry.id, []).append(subdirectory)
    return [Family(tuple(members)) for members in governed.values() if len(members) >= FAMILY]


def inherited_strays(survey: Survey) -> frozenset[str]:
    """The unlisted paths below the root according to the extended layout alone."""
    return frozenset(
        stray.path
        for stray in survey.strays
        if parent(stray.path)
        and (stray.policy == "forbid" or (stray.policy != "allow" and stray.path[-1] == "/"))
    )


def has_case(noun: str, law: Law, survey: Survey) -> bool:
    """Whether the extended layout gives a placeholder this case, or one that is stricter than lower case."""
    naming = survey.layout.names.get(noun)
    return naming is not None and (
        naming.cases == (law.text,) or (bool(naming.cases) and law.text == "lowercase")
    )


def is_wanted(entry: LearnedEntry, key_: str, survey: Survey) -> bool:
    """Whether the extended layout already requires or recommends a file in directories of one kind."""
    governing = (survey.entry_of(f"{held.directory.path}{key_}") for held in entry.held)
    return any(governor is not None and governor.wanted for governor in governing)


def is_wanted_in_root(name: str, survey: Survey) -> bool:
    """Whether the extended layout requires or recommends a file of the root, which `name` may be."""
    wanted = (entry.key for entry in survey.layout.root.children.values() if entry.wanted)
    return any(key.match(name) for key in wanted if not key.directory)
