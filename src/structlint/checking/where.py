"""Determines whether a path is allowed, by which entry, and otherwise where it belongs, without a scan."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.checking import on_disk
from structlint.checking.on_disk import INSIDE, fits
from structlint.errors import CannotCheck
from structlint.finding import Finding, Place, Severity
from structlint.layout.entry import Entry, entries
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.matching.contents import ContentFinder, alternatives
from structlint.matching.model import EntryMatches, NameMatches
from structlint.matching.survey import Survey
from structlint.rules import engine
from structlint.rules.trial import PATH_RULES
from structlint.text.cases import caseless
from structlint.text.enumerations import every
from structlint.text.paths import is_in, name_of, parent, way_to
from structlint.text.quoting import in_backticks
from structlint.text.records import Record
from structlint.text.suggestions import nearest
from structlint.tree import Tree, holds
from structlint.tree.sources import WorkTreeFiles

if TYPE_CHECKING:
    from structlint.checking.discovery import AppliedLayout

# The findings that two paths have together, at one of them.
_OF_TWO = frozenset({"conflicting-entries", "duplicate-name"})
_MOVED = ("bad-name", "misplaced-file")  # their findings name the right place
_STRAY = ("stray-directory", "stray-file")


class PathReport(Record):
    """The report on a path. `finding` is the reason why it is not allowed; `homes` are the right places.

    `entry` is the key of the nearest entry that governs it, with its line and description; "" if none does.
    `besides` is a note on a path that the layout does not apply to. `provided` has the paths that must also
    exist for the path to be allowed. `because` has the contents of a directory that meet an `if`.
    """

    path: str
    finding: Finding | None = None
    entry: str = ""
    asked: Place | None = None
    about: str = ""
    homes: tuple[str, ...] = ()
    besides: str = ""
    provided: str = ""
    because: str = ""

    @property
    def allowed(self) -> bool:
        return self.finding is None


def locate_in(
    projects: Sequence[AppliedLayout], place: Path, *, directory: bool
) -> tuple[AppliedLayout, PathReport]:
    """The report on a path in a project and those that enclose it, the nearest first, and its project.

    It is the report of the nearest project, unless only an enclosing one does not allow the path.
    """
    reports: list[PathReport] = []
    for number, project in enumerate(projects):
        path = place.relative_to(project.root).as_posix() + "/" * directory
        nested = projects[number - 1].root.relative_to(project.root).as_posix() + "/" if number else ""
        reports.append(locate(project.root, project.layout, path, project.own, project.prefix, nested))
        if path in project.own:
            break
    both = list(zip(projects, reports, strict=False))
    return next(
        (one for one in both if one[1].finding and one[1].finding.severity is not Severity.WARNING),
        next((one for one in both if one[1].finding), both[0]),
    )


def locate(
    root: Path,
    layout: Layout,
    path: str,
    own: Iterable[str] = (),
    prefix: str = "",
    nested: str = "",
) -> PathReport:
    """The report on a path, which need not exist; the path of a directory ends in "/".

    `root` is the directory of the project, and `path` is relative to it. Only the directories on the way to
    the path, and those that define values tied to it, are listed. `nested` is the nested project that
    contains the path, if there is one. Raises `CannotCheck` for a path outside the project.
    """
    if any(step in ("", ".", "..") for step in path.rstrip("/").split("/")):
        raise CannotCheck(f"{in_backticks(path)} is not a path in the project")
    report = _report(root, layout, path, own, prefix, nested)
    homes: dict[str, None] = {}
    for home in report.homes:
        within = nested if nested and home.startswith(nested) else ""
        there = _report(root, layout, home, own, prefix, within)
        if there.finding is None:
            homes[home] = None
        elif there.finding.rule == "bad-name" and there.finding.path == home:
            homes |= dict.fromkeys(there.finding.related)
    return report._replace(homes=tuple(homes))


def _report(
    root: Path, layout: Layout, path: str, own: Iterable[str], prefix: str, nested: str
) -> PathReport:
    """The report on a path, with similar places that may not be allowed either."""
    if path in own:
        return PathReport(path, besides="a file of structlint")
    if layout.exclude.match(path):
        return PathReport(path, besides="excluded from the check")
    tree = _around(root, layout, path).closing([nested] if nested else [])
    new = [directory for directory in way_to(nested or path)[1:] if not (root / directory).is_dir()]
    survey = match(layout, tree, own, prefix, assumed=new)
    # Otherwise the rules would check thousands of neighbors.
    on_the_way = [matches._replace(names=_on_the_way(matches, path)) for matches in survey.entry_matches]
    whole, survey = survey, survey._replace(entry_matches=on_the_way)
    rules = PATH_RULES - _OF_TWO
    findings = [finding for finding in engine.check(survey, rules, date.today()) if _concerns(finding, path)]
    is_new = not os.path.lexists(root / path)
    findings += _of_two(whole, path, is_new=is_new)
    local = layout.local.match(path) is not None
    if (findings or local) and path in tree.source.would_ignore([path]):
        return PathReport(path, besides="git ignores it")
    chain, governing = _governing(survey, path)
    entry = "".join(str(step.key) for step in chain)
    named = PathReport(
        path,
        entry=entry,
        asked=governing.place if governing else None,
        about=governing.about if governing else "",
    )
    if not findings:
        besides = "should stay local, so git must ignore it" if local else ""
        because, provided = _conditions(survey, chain, path, new)
        return named._replace(besides=besides, because=because, provided=provided)
    finding = min(findings, key=lambda one: (one.severity is Severity.WARNING, len(one.path)))
    if is_new:
        finding = finding._replace(hint=finding.hint_if_new or finding.hint)
    homes = tuple(_homes(layout, survey, path, finding))
    return named._replace(finding=finding, asked=finding.origin, about=finding.about, homes=homes)


def _on_the_way(matches: EntryMatches, path: str) -> NameMatches:
    """The names on the way to a path, without their siblings."""
    above = matches.directory.path
    name = path[len(above) :].partition("/")[0] if path.startswith(above) else ""
    return NameMatches(match for match in matches.names if match.name == name)


def _concerns(finding: Finding, path: str) -> bool:
    """Whether a finding is about a path or a directory that contains it."""
    return path == finding.path or (finding.path.endswith("/") and path.startswith(finding.path))


def _of_two(survey: Survey, path: str, *, is_new: bool) -> Iterator[Finding]:
    """The findings that involve a path and another one; for a new path, also those at the other one."""
    for finding in engine.check(survey, _OF_TWO, date.today()):
        if finding.path == path:
            yield finding
        elif is_new and path in finding.related:
            others = tuple(sorted({finding.path, *finding.related} - {path}))
            these, those = (every([*map(survey.mentioned, paths)]) for paths in (finding.related, others))
            message, detail = (text.replace(these, those, 1) for text in (finding.message, finding.detail))
            yield finding._replace(path=path, message=message, detail=detail, related=others)


# --- The relevant part of the tree


def _around(root: Path, layout: Layout, path: str) -> Tree:
    """A tree of the path, its siblings, those of the directories above it, and the paths it is tied to."""
    above = way_to(path.rstrip("/"))
    near = [f"{way}{name}{'/' * is_dir}" for way in above for name, is_dir in on_disk.listed(root, way)]
    known = {*near, *on_disk.defining(root, layout), *_contained(root, layout, path)}
    known = {one for one in known if not layout.exclude.match(one)}
    inside = _enclosing((*known, path))
    opaque = frozenset(one for one in known if one.endswith("/") and one not in inside and one != path)
    files = {one for one in known if not one.endswith("/") and f"{one}/" not in inside}
    itself = f"{path}{INSIDE}" if path.endswith("/") else path
    files = {*files - {path}, itself}
    source = WorkTreeFiles(root, [f"{directory}.gitignore" for directory in above])
    # It counts as untracked, with everything in it.
    here = frozenset(file for file in files if is_in(file, path))
    return Tree(tuple(sorted(files)), source, opaque=opaque, untracked=here)


def _contained(root: Path, layout: Layout, path: str) -> Iterator[str]:
    """The existing paths that an `if` lists in the directories on the way to a path."""
    for condition in on_disk.conditions(layout):
        for directory in way_to(path)[1:]:
            yield from on_disk.contained(root, directory, condition)


def _enclosing(paths: Iterable[str]) -> set[str]:
    """The directories that contain some paths."""
    directories: set[str] = set()
    for path in paths:
        above = path[: path.rfind("/", 0, -1) + 1]
        while above and above not in directories:
            directories.add(above)
            above = above[: above.rfind("/", 0, -1) + 1]
    return directories


# --- The layout


def _governing(survey: Survey, path: str) -> tuple[tuple[Entry, ...], Entry | None]:
    """The entries on the way to a path, down to the one that governs it or a directory above it."""
    chain: list[Entry] = []
    at = 0
    while at < len(path):
        end = path.find("/", at)
        end = len(path) if end < 0 else end + 1
        entry = survey.entry_of(path[:end])
        if entry is None:
            break
        chain.append(entry)
        at = end
    return tuple(chain), chain[-1] if chain else None


def _conditions(survey: Survey, chain: Sequence[Entry], path: str, new: Collection[str]) -> tuple[str, str]:
    """The contents of the directories above a path that meet an `if`, or that new ones require."""
    finder = ContentFinder(survey.tree, {})
    there, asked = [], []
    for entry, directory in zip(chain, way_to(path)[1:], strict=False):
        if entry.condition is None:
            continue
        it = "it" if directory == path else f"`{survey.named(directory)}`"
        inside = survey.inside(directory)
        met = [
            wanted for wanted in entry.condition.paths if inside and finder.contains_path(inside, wanted, {})
        ]
        if met:
            there.append(f"{it} contains {alternatives(entry.condition._replace(paths=(met[0],)))}")
        elif directory in new:
            asked.append(f"{it} contains {alternatives(entry.condition)}")
    return " and ".join(there), " and ".join(asked)


def _homes(layout: Layout, survey: Survey, path: str, finding: Finding) -> Iterator[str]:
    """The places for a path: from the finding, beside a similar name, and where its name is listed."""
    seen: set[str] = set()
    homes = [home + path[len(finding.path) :] for home in finding.related] if finding.rule in _MOVED else []
    listed = (*_alike(survey, path), *_by_name(layout, survey, path)) if finding.rule in _STRAY else ()
    for home in (*homes, *listed):
        if home not in seen and home != path:
            seen.add(home)
            yield home


def _by_name(layout: Layout, survey: Survey, path: str) -> Iterator[str]:
    """The places in the layout that list a file of this name, those without wildcards first."""
    name = name_of(path)
    values: dict[str, str] = {}
    for governed in survey.path_matches:
        if path.startswith(governed.path):
            values |= governed.values
    ranked: list[tuple[int, str]] = []
    for above, entry in entries(layout.root):
        unclear = any(ancestor.key.any_depth for ancestor in above)
        if entry.key.directory != path.endswith("/") or entry.forbidden or unclear:
            continue
        for member in entry.key.members:
            if member.literal_characters and fits(member, name):
                way = "".join(f"{ancestor.key.members[0].spelled(values)}/" for ancestor in above[1:])
                ranked.append((-member.literal_characters, way + name + "/" * path.endswith("/")))
    return (home for _, home in sorted(ranked)[:3])


def _alike(survey: Survey, path: str) -> Iterator[str]:
    """The most similar listed name in the directory; an existing file needs to have the same letters."""
    above, name = parent(path), name_of(path)
    slash = path.endswith("/")
    allowed = (other for other in survey.allowed(above) if other.endswith("/") == slash)
    names = [
        other.rstrip("/")
        for other in allowed
        if caseless(other) == caseless(name) or not holds(survey.tree.files, above + other)
    ]
    if meant := nearest(name, names, alike=0.75):
        yield above + meant + "/" * slash
