"""Finds common files of the directories of one entry."""

from __future__ import annotations

from collections import Counter

from structlint.layout.entry import Entry
from structlint.matching.survey import Survey


def usual_files(survey: Survey, entry: Entry) -> list[str]:
    """The files with which a new directory of an entry begins, judged by those that exist.

    For each required entry with alternatives, it is the alternative that most directories have. If no file
    is required, it is the one that more than half of several directories have, if there is one.
    """
    siblings = [
        matches.directory.directories[name.name]
        for matches in survey.entry_matches
        if matches.entry.id == entry.id
        for name in matches.names
        if name.name in matches.directory.directories
    ]
    counts = Counter(name for sibling in siblings for name in sibling.files)
    usual = {name for name, number in counts.items() if number * 2 > len(siblings)}
    files = [child for child in entry.children.values() if not child.key.directory and child.required]
    chosen = []
    for child in files:
        exact = [member.exact for member in child.key.members if member.exact in usual]
        if len(child.key.members) > 1 and exact:
            chosen.append(max(exact, key=lambda name: counts[name or ""]))
    if files or not usual or len(siblings) == 1:
        return [name for name in chosen if name]
    return [max(sorted(usual), key=lambda name: counts[name])]
