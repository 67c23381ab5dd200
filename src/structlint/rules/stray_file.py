"""A file is unlisted."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.contents import alternatives
from structlint.matching.model import Stray
from structlint.matching.survey import Survey
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import nearest
from structlint.tree import holds

ABOUT = "an unlisted file"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds unlisted files in the root and wherever `unlisted: forbid` applies."""
    for stray in survey.strays:
        if stray.policy == "forbid" and not stray.path.endswith("/") and not is_local(survey, stray.path):
            yield finding_for(survey, stray, "unlisted file")


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


def finding_for(survey: Survey, stray: Stray, message: str) -> Finding:
    """The finding for one stray, with the entry that was likely meant in the hint."""
    if stray.link:
        return _linked(survey, stray, message)
    hint = _meant(survey, stray.path) or "move it, remove it, or list it in the layout"
    rejecting = survey.rejecting(stray.path)
    if rejecting and rejecting.condition:
        paths = alternatives(rejecting.condition)
        message += f"; not a `{rejecting.key}`, because it does not contain {paths}"
    number = survey.files_below(stray.path) if stray.path.endswith("/") else None
    return Finding(stray.path, message, hint, origin=stray.within.place, number=number)


def _linked(survey: Survey, stray: Stray, message: str) -> Finding:
    """The finding for what is unlisted in a directory that is a link to another one."""
    link = stray.link.rstrip("/")
    target = in_backticks(f"{survey.tree.links[link].leads or '.'}/")
    return Finding(
        stray.path,
        f"{message}; {survey.mentioned(link)} is a link to {target}",
        "replace the link, or list it in the layout",
        origin=stray.within.place,
    )


def _meant(survey: Survey, path: str) -> str:
    above = parent(path)
    there = survey.directory(above).files  # a backup is not a misspelling of the file that it backs up
    alike = (name for name in survey.allowed(above) if name.endswith("/") == path.endswith("/"))
    names = [name for name in alike if not holds(there, name)]
    stray, extension = _parts(path[len(above) :])
    stems = {stem: name for name in reversed(names) for stem, other in [_parts(name)] if other == extension}
    begun = (stem for stem in reversed(stems) if len(stray) > 2 and stem.startswith(stray))
    stem = next(begun, None) or nearest(stray, list(stems), alike=0.85)
    return f"rename it to {survey.mentioned(above + stems[stem])}, or list it in the layout" if stem else ""


def _parts(name: str) -> tuple[str, str]:
    """A name without its extension, and the extension, in which typos are not looked for."""
    stem, dot, extension = name.rstrip("/").rpartition(".")
    return (stem, extension) if stem else (dot + extension, "")
