"""A file or directory exists that the layout forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from structlint.finding import Finding, Plural, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import STRICTEST_FIRST, PatternEntry, SeverityByPath
from structlint.matching.near_miss import is_one_typo
from structlint.matching.survey import Survey, deciding
from structlint.text.cases import caseless
from structlint.text.paths import ancestors, name_of, parent, split, way_to
from structlint.tree import holds

ABOUT = "a file or directory that the layout forbids"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True

_IF_NEW = "do not create it"
_PLACEHOLDERS = frozenset([".gitkeep", ".keep", ".gitignore"])  # git tracks a directory because of them
_PLURAL = Plural("paths", "remove them", " that the layout forbids")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds the topmost paths that match `forbid` or an entry with the value `false`.

    A path in a forbidden directory is found too if it is more severe, because a warning does not hide an
    error. If a path is forbidden for several reasons, the finding mentions the pattern of `forbid`, or else
    the nearest entry. For a pattern, a link counts as a file, even if it leads to a directory.
    """
    findings: dict[str, Finding] = {}
    is_by_path = isinstance(survey.layout.severity.get("forbidden-path"), SeverityByPath)
    inside = _inside(survey) if is_by_path else ()
    for finding in (*_matched(survey), *inside, *_listed(survey)):
        findings.setdefault(finding.path.rstrip("/"), finding)

    def lightness(path: str) -> int:
        severity = survey.layout.severity_at("forbidden-path", findings[path].path, SEVERITY)
        return STRICTEST_FIRST.index(severity)

    for path, finding in findings.items():
        tops = [top for top in ancestors(path) if top in findings]
        if all(lightness(path) < lightness(top) for top in tops):
            yield finding


def _matched(survey: Survey) -> Iterator[Finding]:
    """The topmost paths that `forbid` matches.

    A pattern of a bundled layout does not forbid a directory that is kept, but empty.
    """
    for path, reason, files in survey.matched(survey.layout.forbid, empty=True):
        if reason.place.file in BUNDLED and files and _PLACEHOLDERS.issuperset(map(name_of, files)):
            continue
        yield _forbidden(survey, path, reason, files)


def _inside(survey: Survey) -> Iterator[Finding]:
    """The paths in forbidden directories that `forbid` matches, which may be more severe."""
    forbid = survey.layout.forbid
    for top, _, files in survey.matched(forbid):
        inside: dict[str, list[str]] = {}
        for file in files:
            for path in dict.fromkeys((*way_to(file), file)):
                if path.startswith(top) and path != top:
                    inside.setdefault(path, []).append(file)
        for path, below in inside.items():
            if reason := forbid.match_itself(path):
                yield _forbidden(survey, path, reason, below)


def _forbidden(survey: Survey, path: str, reason: PatternEntry, files: Sequence[str]) -> Finding:
    hint, hint_if_new = "remove it", _IF_NEW
    right = _right_spelling(survey, path, reason) or _respelled(survey, path, reason)
    home = "" if right else _home(survey, path, reason)
    if right:
        hint, hint_if_new = (f"{verb} {survey.mentioned(right)}" for verb in ("rename it to", "name it"))
    elif home:
        moved = "its files" if path.endswith("/") else "it"
        hint, hint_if_new = (f"{step} {survey.mentioned(home)}" for step in (f"move {moved} to", "use"))
    return Finding(
        path,
        "forbidden by the layout",
        hint,
        origin=reason.place,
        about=reason.why,
        number=len(files) if path.endswith("/") else None,
        hint_if_new=hint_if_new,
        plural=None if right or home else _PLURAL,
        discriminator=f"forbid {deciding(survey.layout.forbid, reason, files)}",
    )


def _right_spelling(survey: Survey, path: str, reason: PatternEntry) -> str:
    """The path of a misspelled name as the reason spells it, or without spaces before the extension.

    "" if it is not misspelled, or if this path exists or is forbidden too.
    """
    above, name = split(path)
    name = name.rstrip("/")
    named: list[str] = re.findall(r"`([^`/]+)`", reason.why)
    if path.endswith("/"):
        beside = (each for each in _directories_in(reason.why) if parent(each) == above)
        named += (name_of(each) for each in beside if not survey.tree.has_directory(each))
    right = [each for each in named if caseless(each) == caseless(name) or is_one_typo(each, name)]
    right.append(re.sub(r" +(?=[.][^.]*\Z)", "", name))
    slash = "/" * path.endswith("/")
    paths = [f"{above}{each}{slash}" for each in right if each != name]
    files, forbid = survey.tree.files, survey.layout.forbid
    return next((way for way in paths if not (holds(files, way) or forbid.match(way))), "")


def _directories_in(reason: str) -> list[str]:
    return re.findall(r"`([^`*]+/)`", reason)


def _respelled(survey: Survey, path: str, reason: PatternEntry) -> str:
    """The path as the only pattern in the reason spells its name, such as "Tests are named `test_*.py`".

    "" if the reason has no such pattern, or if the path in its spelling exists or is forbidden.
    """
    above, name = split(path)
    forms: list[str] = re.findall(r"`([^`/*]*\*[^`/*]*)`", reason.why)
    start, star, end = name_of(reason.pattern).partition("*")
    if len(forms) != 1 or not star or re.search(r"[*?\[\\]", start + end):
        return ""
    varying = re.fullmatch(f"{re.escape(start)}(.+){re.escape(end)}", name)
    way = above + forms[0].replace("*", varying[1]) if varying else path
    is_free = not (holds(survey.tree.files, way) or survey.layout.forbid.match(way))
    return way if way != path and is_free else ""


def _home(survey: Survey, path: str, reason: PatternEntry) -> str:
    """The only directory in the reason, such as "All tests are in `tests/`"; "" if the path is in it."""
    named = _directories_in(reason.why)
    if len(named) != 1 or path.startswith(named[0]) or not survey.tree.has_directory(named[0]):
        return ""
    return "" if survey.layout.forbid.match(named[0] + name_of(path)) else named[0]


def _listed(survey: Survey) -> Iterator[Finding]:
    """The paths that match an entry with the value `false`."""
    for matches in survey.entry_matches:
        for name in matches.names if matches.entry.forbidden else ():
            path, place = matches.path(name), matches.entry.place
            number = survey.files_below(path) if path.endswith("/") else None
            yield Finding(
                path,
                "forbidden by the layout",
                "remove it",
                origin=place,
                number=number,
                hint_if_new=_IF_NEW,
                plural=_PLURAL,
            )
