"""Several alternatives exist where the layout allows only one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename

from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.matching.alike import many_alike, spread
from structlint.matching.model import Conflict
from structlint.matching.survey import Survey
from structlint.text.enumerations import every
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks

ABOUT = "files or directories that must not exist together"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds several existing alternatives of a `^`, and files that the `without` of an entry excludes."""
    reported: set[frozenset[str]] = set()
    together = _alone_in_many(survey)
    combined = {one.paths[0] for alike in together for one in alike}
    for alike in together:
        yield _in_many(survey, alike)
    for conflict in survey.conflicts:
        first, *others = conflict.paths
        if frozenset(conflict.paths) in reported or first in combined:
            continue  # two files that exclude each other
        reported.add(frozenset(conflict.paths))
        rivals = every([survey.mentioned(path) for path in others])
        detail = "; not allowed beside it" if conflict.without else "; only one of them is allowed"
        yield Finding(
            first,
            f"conflicts with {rivals}{detail}",
            _hint(conflict),
            origin=conflict.without or conflict.entry.place,
            about=conflict.entry.about,
            related=tuple(others),
            discriminator=" ".join(others),
            detail=detail,
            hint_if_new="create only one of them",
        )


def _hint(conflict: Conflict) -> str:
    if not conflict.without:
        return "keep one and remove the other"
    # A bundled layout writes `without` at the file that the other ones have replaced.
    is_replaced = conflict.without.file in BUNDLED or _must_be_alone(conflict)
    return "remove it" if is_replaced else "remove one of them"


def _must_be_alone(conflict: Conflict) -> bool:
    """Whether no other name may be in the directory."""
    return str(conflict.entry.without[0].path.steps[-1]) == "*"


def _alone_in_many(survey: Survey) -> list[list[Conflict]]:
    """The conflicts of files that should be alone in their directories, if there are many, by entry."""
    alone = (
        one for one in survey.conflicts if one.without and one.without.file in BUNDLED and _must_be_alone(one)
    )
    items = (((one.entry.id, _severity(survey, one)), one.paths[0], one) for one in alone)
    return many_alike(survey, "conflicting-entries", items)


def _severity(survey: Survey, conflict: Conflict) -> Severity | None:
    return survey.layout.severity_at("conflicting-entries", conflict.paths[0], SEVERITY)


def _in_many(survey: Survey, alike: Sequence[Conflict]) -> Finding:
    """One finding for many such files, at the directory that contains all of them."""
    places = spread(survey, (parent(one.paths[0]) for one in alike))
    name = in_backticks(basename(alike[0].paths[0]))
    detail = f"; {name} is in {places.number:,} directories with other files, such as {places.shown}"
    return Finding(
        places.above,
        f"conflicts with other files{detail}",
        f"remove {name} from each of them",
        origin=alike[0].without,
        about=alike[0].entry.about,
        related=tuple(one.paths[0] for one in alike),
        severity=_severity(survey, alike[0]),
        number=places.number,
        discriminator=str(alike[0].entry.key),
        detail=detail,
    )
