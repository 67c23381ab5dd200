"""Combines the findings of a bundled layout that many directories have in common."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

from structlint.matching.mentions import Mentions
from structlint.matching.survey import Survey
from structlint.text.paths import common_directory
from structlint.text.records import Record

T = TypeVar("T")

_MANY = 3  # directories, for which one finding replaces the individual ones
_MOST_SHOWN = 2


class Spread(Record):
    """Several directories: the path of the one that contains them, and the text that names some of them."""

    above: str
    number: int
    shown: str


def many_alike(survey: Survey, rule: str, items: Iterable[tuple[Hashable, str, T]]) -> list[list[T]]:
    """The items with an equal key, if there are many. Each item has its key and its path.

    Paths that the layout accepts for the rule remain on their own.
    """
    listed = list(items)
    conditional = [ignore for ignore in survey.layout.ignore if ignore.mentioned_in.items]
    mentions = Mentions(survey.tree, (path for _, path, _ in listed))
    alike: dict[Hashable, list[T]] = {}
    for key, path, item in listed:
        covering = [ignore for ignore in conditional if ignore.covers(rule, path)]
        if not survey.layout.accepts(rule, path) and not any(
            mentions.has(path, ignore.mentioned_in) for ignore in covering
        ):
            alike.setdefault(key, []).append(item)
    return [several for several in alike.values() if len(several) >= _MANY]


def spread(survey: Survey, directories: Iterable[str]) -> Spread:
    """The description of some directories, of which there is at least one."""
    ordered = sorted(set(directories))
    shown = " and ".join(map(survey.mentioned, ordered[:_MOST_SHOWN]))
    return Spread(common_directory(ordered) or "./", len(ordered), shown)
