"""Finds paths that one line of the layout requires and another does not allow.

To rename or remove such a path would lead to a missing path, and to create that, back to the first finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from structlint.finding import Finding, Place
from structlint.layout.keys import KeyPath
from structlint.matching.survey import Survey


def contradiction(requiring: Place, forbidding: Place) -> str:
    """The words for a path that one line of the layout requires and another does not allow."""
    return f"the layout, which contradicts itself: {requiring} requires it, {forbidding} does not allow it"


def corrected_layout(survey: Survey, findings: list[Finding], rules: Collection[str]) -> list[Finding]:
    """The findings; for those of some rules at a required path, the hint is to correct the layout."""
    return [_corrected(survey, finding) if finding.rule in rules else finding for finding in findings]


def _corrected(survey: Survey, finding: Finding) -> Finding:
    requiring = survey.once(_required).get(finding.path)
    if requiring is None or finding.origin is None:
        return finding
    hint = f"correct {contradiction(requiring, finding.origin)}"
    return finding._replace(hint=hint, hint_if_new="", related=(), fix=(), plural=None)


def _required(survey: Survey) -> Mapping[str, Place]:
    """The existing paths that an entry, a `needs` or a `holds` requires by their exact name."""
    return dict(_exactly_required(survey))


def is_required(survey: Survey, path: str) -> bool:
    """Whether an existing path cannot be removed without a missing path."""
    return path in survey.once(_required) or path in survey.once(_only_matches)


def _only_matches(survey: Survey) -> frozenset[str]:
    """The existing paths that alone satisfy a required entry with a pattern or alternatives."""
    return frozenset(
        matches.path(matches.names[0])
        for matches in survey.entry_matches
        if matches.entry.wanted and not matches.entry.forbidden and len(matches.names) == 1
    )


def _exactly_required(survey: Survey) -> Iterator[tuple[str, Place]]:
    for matches in survey.entry_matches:
        entry = matches.entry
        if entry.wanted and not entry.forbidden and entry.key.exact is not None and entry.other is None:
            yield from ((matches.path(name), entry.place) for name in matches.names)
        for name in matches.names if entry.needs or entry.holds else ():
            values = {**matches.above, **name.values}
            for need in entry.needs:
                start = "" if need.from_root else matches.directory.path
                yield from ((start + path, need.place) for path in _exact(need.path, values))
            for contents in entry.holds:
                paths = contents.paths if len(contents.paths) == 1 else ()
                exact = (path for wanted in paths for path in _exact(wanted, values))
                yield from ((matches.path(name) + path, contents.place) for path in exact)


def _exact(path: KeyPath, values: Mapping[str, str]) -> Iterator[str]:
    """A path without alternatives and patterns, with the values of its placeholders."""
    steps = [step.given(values) for step in path.steps]
    if all(step.exact is not None for step in steps):
        yield path.spelled(values)
