"""A file is unlisted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from structlint.finding import Finding, Plural, Severity
from structlint.matching.contents import alternatives
from structlint.matching.model import Stray
from structlint.matching.survey import Survey
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import nearest
from structlint.tree import holds

ABOUT = "a file that the layout does not list"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True

_Stems = Mapping[tuple[bool, str], dict[str, str]]


def find(survey: Survey) -> Iterator[Finding]:
    """Finds unlisted files in the root and wherever `unlisted: forbid` applies."""
    for stray in survey.strays:
        if stray.policy == "forbid" and not stray.path.endswith("/") and not is_local(survey, stray.path):
            yield finding_for(survey, stray, "unlisted file", "unlisted files")


def is_local(survey: Survey, path: str) -> bool:
    """Whether a path matches `local` and git does not track it; `unignored-local` reports it."""
    local = survey.layout.local
    if not local.items:
        return False
    if path.rstrip("/") in survey.tree.links:
        path = path.rstrip("/")
    if not path.endswith("/"):
        return path in survey.tree.untracked and local.match(path) is not None
    return survey.untracked_below(path) and (
        local.match(path) is not None or all(local.match(below) for below in survey.paths_below(path))
    )


def finding_for(survey: Survey, stray: Stray, noun: str, nouns: str) -> Finding:
    """The finding for an unlisted path, with the entry that was likely meant in the hint."""
    if stray.link:
        return _linked(survey, stray, noun, nouns)
    detail, plural_detail = _unmet(survey, stray.path)
    meant = _meant(survey, stray.path)
    hint, if_new = (
        "move it, remove it, or list it in the layout",
        "write it elsewhere, or list it in the layout",
    )
    if meant:
        hint, if_new = (f"{verb} {meant}, or list it in the layout" for verb in ("rename it to", "name it"))
    return Finding(
        stray.path,
        f"{noun}{detail}",
        hint,
        origin=stray.within.place,
        number=survey.files_below(stray.path) if stray.path.endswith("/") else None,
        detail=detail,
        hint_if_new=if_new,
        plural=None
        if meant
        else Plural(nouns, "move them, remove them, or list them in the layout", plural_detail),
    )


def _unmet(survey: Survey, path: str) -> tuple[str, str]:
    """The words, for one or several paths, for the reason why they do not match the entry for the name."""
    rejecting = survey.rejecting(path)
    if not (rejecting and rejecting.condition):
        return "", ""
    paths = alternatives(rejecting.condition)
    return (
        f"; not a `{rejecting.key}`, because it does not contain {paths}",
        f" that do not match `{rejecting.key}`, because they do not contain {paths}",
    )


def _linked(survey: Survey, stray: Stray, noun: str, nouns: str) -> Finding:
    """The finding for an unlisted path in a directory that is a link to another one."""
    link = stray.link.rstrip("/")
    target = in_backticks(f"{survey.tree.links[link].leads or '.'}/")
    detail = f"; {survey.mentioned(link)} is a link to {target}"
    return Finding(
        stray.path,
        f"{noun}{detail}",
        "replace the link, or list it in the layout",
        origin=stray.within.place,
        detail=detail,
        plural=Plural(nouns, "replace the link, or list them in the layout", detail),
    )


def _meant(survey: Survey, path: str) -> str:
    """The entry that was likely meant, in backticks, or ""."""
    above = parent(path)
    stray, extension = _parts(path[len(above) :])
    stems = survey.once(_stems)(above).get((path.endswith("/"), extension), {})
    begun = (stem for stem in stems if len(stray) > 2 and stem.startswith(stray))
    stem = next(begun, None) or nearest(stray, list(reversed(stems)), alike=0.85)
    return survey.mentioned(above + stems[stem]) if stem else ""


def _stems(survey: Survey) -> Callable[[str], _Stems]:
    """A function that returns the allowed names in a directory that an unlisted name may misspell.

    They are grouped by kind (file or directory) and extension, and are in the order of the layout. Existing
    names are not included, because a backup is not a misspelling of the file that it backs up.
    """

    @cache
    def stems_in(directory: str) -> _Stems:
        there, stems = survey.directory(directory).files, defaultdict[tuple[bool, str], dict[str, str]](dict)
        for name in survey.allowed(directory):
            stem, extension = _parts(name)
            if not holds(there, name):
                stems[name.endswith("/"), extension].setdefault(stem, name)
        return stems

    return stems_in


def _parts(name: str) -> tuple[str, str]:
    """A name without its extension, and the extension, in which typos are not detected."""
    stem, dot, extension = name.rstrip("/").rpartition(".")
    return (stem, extension) if stem else (dot + extension, "")
