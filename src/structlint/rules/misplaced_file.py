"""A file is not in the directory where files of its kind belong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from structlint.finding import Finding, Place, Plural, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import PatternEntry, PatternList
from structlint.matching.survey import Survey
from structlint.text.enumerations import either
from structlint.text.paths import name_of, parent
from structlint.text.quoting import in_backticks
from structlint.tree import holds, holds_below

ABOUT = "a file outside the directory where files of its kind belong"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "unsafe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds files that belong in another directory, unless an exact entry lists them in their current place.

    Of the directories in a bundled layout, only those that exist count.
    """
    misplaced = list(_misplaced(survey))
    if not misplaced:
        return
    from structlint.rules.trial import refused_targets

    moves = [[(path, _target(path, home)) for home in homes] for path, _, homes in misplaced]
    refused, respelled = refused_targets(survey, moves)
    for path, reason, homes in misplaced:
        yield _finding(survey, path, reason, homes, refused, respelled)


def _misplaced(survey: Survey) -> Iterator[tuple[str, PatternEntry, Sequence[str]]]:
    belongs = survey.layout.belongs
    homes_of = _homes_of(belongs) if belongs.items else None
    for path, reason in belongs.matching(survey.tree.file_groups, homes_of) if belongs.items else ():
        if not reason.is_home_to(path) and path not in survey.listed_by_name:
            homes: Sequence[str] = reason.targets
            if reason.place.file in BUNDLED:
                homes = [home for home in homes if survey.tree.has_directory(home)]
            if homes:
                yield path, reason, homes


def _homes_of(belongs: PatternList) -> Callable[[str], Collection[int]]:
    """A function that returns the indices of the patterns whose files belong in a directory."""
    deepest = max(home.count("/") for item in belongs.items for home in item.targets or ("/",))
    known: dict[str, Collection[int]] = {}

    def homes_of(directory: str) -> Collection[int]:
        # Below the deepest home, a directory has the patterns of its parent.
        above = directory
        if directory.count("/") > deepest:
            above = "/".join(directory.split("/", deepest)[:deepest]) + "/"
        if above not in known:
            known[above] = frozenset(i for i, item in enumerate(belongs.items) if item.is_home_to(above))
        return known[above]

    return homes_of


def _target(path: str, home: str) -> str:
    return home.lstrip("/") + name_of(path)


def _exists(survey: Survey, path: str) -> bool:
    """Whether a file or directory has the path of a file."""
    return holds(survey.tree.files, path) or holds_below(survey.tree.files, f"{path}/")


def _finding(
    survey: Survey,
    path: str,
    reason: PatternEntry,
    targets: Sequence[str],
    refused: Mapping[str, Place],
    respelled: Mapping[str, str],
) -> Finding:
    from structlint.edits.steps import Move

    homes = either(["the root" if home == "/" else survey.mentioned(home) for home in targets])
    ways = [_target(path, home) for home in targets]
    allowed = [respelled.get(way, way) for way in ways if way not in refused]
    target = next((way for way in allowed if not _exists(survey, way)), "")
    detail = f"; {in_backticks(reason.pattern)} belongs in {homes}"
    message = f"misplaced file{detail}"
    if allowed and not target:
        home = survey.mentioned(parent(allowed[0])) if parent(allowed[0]) else "the root"
        step = f"to {home} under another name; {survey.mentioned(allowed[0])} already exists"
        hint, if_new = f"move it {step}", f"write it {step}"
        return Finding(path, message, hint, origin=reason.place, detail=detail, hint_if_new=if_new)
    if not target:
        from structlint.matching.contradictions import contradiction

        hint = f"{contradiction(reason.place, refused[ways[0]])} there"
        return Finding(path, message, f"correct {hint}", origin=reason.place, detail=detail)
    home = parent(target)
    return Finding(
        path,
        message,
        f"move it to {survey.mentioned(target)}",
        origin=reason.place,
        related=(target,),
        fix=(Move(path, target),),
        detail=detail,
        hint_if_new=f"write it to {survey.mentioned(target)}",
        plural=None
        if name_of(target) != name_of(path)
        else Plural(
            "misplaced files", f"move them to {survey.mentioned(home) if home else 'the root'}", detail
        ),
    )
