"""Decides whether a rule may find anything, without importing the rule.

Most checks need a third of the rules, and importing all of them takes a tenth of the time of a small check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlint.matching.survey import Survey


def may_find(rule: str, survey: Survey) -> bool:
    """Whether a rule may find anything in a survey; if not, its `find` yields nothing and raises nothing."""
    depends_on = _DEPENDS_ON.get(rule)
    return depends_on is None or bool(depends_on(survey))


def _placeholders(survey: Survey) -> bool:
    """Whether a matched entry has a placeholder."""
    return any(member.slots for matches in survey.entry_matches for member in matches.entry.key.members)


def _units(survey: Survey) -> object:
    """Whether a directory matches a placeholder, or the layout assigns ports."""
    return survey.layout.ports or any(
        name.values
        for matches in survey.entry_matches
        if matches.entry.key.directory
        for name in matches.names
    )


def _lists(survey: Survey) -> bool:
    return any(naming.listing for naming in survey.layout.names.values())


def _port_files(survey: Survey) -> object:
    from structlint.matching.port_files import port_files

    return port_files(survey).paths


def _forbidden(survey: Survey) -> object:
    return survey.layout.forbid.items or any(matches.entry.forbidden for matches in survey.entry_matches)


def _limits(survey: Survey) -> object:
    limits = survey.layout.limits
    return limits.get("files") or limits.get("root-files") or _bounds(survey)


def _bounds(survey: Survey) -> object:
    return survey.counts or survey.with_bounds


def _missing(survey: Survey) -> object:
    return survey.missing


def _strays(survey: Survey) -> object:
    return survey.strays


def _ports(survey: Survey) -> object:
    return survey.layout.ports


def _imports(survey: Survey) -> bool:
    return survey.layout.import_rules is not None


def _local(survey: Survey) -> object:
    return survey.tree.in_git and survey.layout.local.items


# The part of a survey that a rule looks at. A rule that is not in here always runs.
_DEPENDS_ON: Mapping[str, Callable[[Survey], object]] = MappingProxyType(
    {
        "bad-name": _placeholders,
        "conflicting-entries": lambda survey: survey.conflicts,
        "dangling-reference": lambda survey: survey.layout.references or _lists(survey),
        "duplicate-name": lambda survey: (
            survey.duplicates or any(naming.unique for naming in survey.layout.names.values())
        ),
        "empty-directory": _missing,
        "forbidden-path": _forbidden,
        "listen-conflict": _units,
        "long-path": lambda survey: survey.layout.limits.get("path-length"),
        "misplaced-file": lambda survey: survey.layout.belongs.items,
        "missing-directory": _missing,
        "missing-file": _missing,
        "orphan": lambda survey: survey.orphans or _lists(survey),
        "port-conflict": lambda survey: survey.layout.ports or _port_files(survey),
        "port-mismatch": _ports,
        "stray-directory": _strays,
        "stray-file": _strays,
        "too-deep": lambda survey: survey.layout.limits.get("depth"),
        "too-few-directories": _bounds,
        "too-few-files": _bounds,
        "too-many-directories": _bounds,
        "too-many-files": _limits,
        "tracked-ignored": lambda survey: survey.tree.ignored or survey.tree.unread,
        "tracked-local": _local,
        "unexposed-port": _port_files,
        "unignored-local": _local,
        "unknown-port": _ports,
        "unseen-imports": _imports,
        "unused-ignore": lambda survey: survey.layout.ignore or survey.layout.exclude.items,
        "wrong-import": _imports,
    }
)
