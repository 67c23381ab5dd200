"""Whether a path may exist, by which entry, and where it belongs if not; the tree is not walked for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from structlint.errors import CannotCheck
from structlint.finding import Finding, Place, Severity
from structlint.layout.entry import Entry, entries
from structlint.layout.keys import EVERYWHERE, Key, Name
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.matching.model import EntryMatches, NameMatches
from structlint.matching.survey import Survey
from structlint.rules import engine
from structlint.text.suggestions import nearest
from structlint.tree import Tree
from structlint.tree.sources import WorkTreeFiles

# What is said of a path itself. Of what is missing, of counts and of git's index others are asked.
_RULES = frozenset(
    [
        "bad-name",
        "forbidden-path",
        "long-path",
        "misplaced-file",
        "orphan",
        "stray-directory",
        "stray-file",
        "too-deep",
    ]
)
_TOLD = ("bad-name", "misplaced-file")  # which say themselves where it belongs
_STRAY = ("stray-directory", "stray-file")
# How a hint begins that speaks of what is there, and how it begins for what is not there yet.
_AHEAD = {
    "move it to where it belongs, remove it, or list it": "write it where it belongs, or list it",
    "remove it, or create": "first create",
    "remove it": "do without it",
    "move what it holds further up": "put it further up",
}
_INSIDE = "structlint-looks-here"  # stands for what is in a directory
_MOST_LISTED = 10_000  # names of directories that are looked at for ties


class PathReport(NamedTuple):
    """What a layout says of a path. `finding` is why it may not exist; `homes` are where it would belong.

    `entry` is the key of the nearest entry that governs it, with its line and what it is for, "" if none
    does. `besides` is a word on a path that is of no concern to the layout.
    """

    path: str
    finding: Finding | None = None
    entry: str = ""
    asked: Place | None = None
    about: str = ""
    homes: tuple[str, ...] = ()
    besides: str = ""

    @property
    def allowed(self) -> bool:
        return self.finding is None


def locate(root: Path, layout: Layout, path: str, own: Iterable[str] = (), prefix: str = "") -> PathReport:
    """What a layout says of a path, which need not exist; a directory's ends in "/".

    `root` is the directory of the project, `path` relative to it. Only the directories on the way to the
    path and those that define names tied to it are listed. Raises `CannotCheck` for no path in it.
    """
    if any(step in ("", ".", "..") for step in path.rstrip("/").split("/")):
        raise CannotCheck(f"{path} is no path within the project")
    if path in own:
        return PathReport(path, besides="structlint's own")
    if layout.exclude.match(path):
        return PathReport(path, besides="structlint does not look at it")
    tree = _around(root, layout, path)
    survey = match(layout, tree, own, prefix)
    # A rule would judge each neighbour, of which there may be thousands.
    on_the_way = [matches._replace(names=_on_the_way(matches, path)) for matches in survey.entry_matches]
    survey = survey._replace(entry_matches=on_the_way)
    found = [each for each in engine.check(survey, _RULES, date.today()) if _concerns(each, path)]
    local = layout.local.match(path) is not None
    if (found or local) and path in tree.source.would_ignore([path]):
        return PathReport(path, besides="git ignores it")
    chain, governing = _governing(survey, path)
    entry = "".join(str(each.key) for each in chain)
    named = PathReport(
        path,
        entry=entry,
        asked=governing.place if governing else None,
        about=governing.about if governing else "",
    )
    if not found:
        return named._replace(besides="stays on one machine, so git must ignore it" if local else "")
    finding = min(found, key=lambda each: (each.severity is Severity.WARNING, len(each.path)))
    if not os.path.lexists(root / path):
        finding = finding._replace(hint=_ahead(finding.hint))
    homes = tuple(_homes(layout, survey, path, finding))
    return named._replace(finding=finding, asked=finding.origin, about=finding.about, homes=homes)


def _on_the_way(matches: EntryMatches, path: str) -> NameMatches:
    """The names on the way to a path, without those beside it."""
    above = matches.directory.path
    name = path[len(above) :].partition("/")[0] if path.startswith(above) else ""
    return NameMatches(match for match in matches.names if match.name == name)


def _concerns(finding: Finding, path: str) -> bool:
    """Whether a finding is about a path, or a directory that it is in."""
    return path == finding.path or (finding.path.endswith("/") and path.startswith(finding.path))


def _ahead(hint: str) -> str:
    """A hint for what is not there yet, so that nothing can be moved or removed."""
    begun = next((each for each in _AHEAD if hint.startswith(each)), "")
    return _AHEAD.get(begun, "") + hint[len(begun) :]


# --- The tree as far as it matters


def _around(root: Path, layout: Layout, path: str) -> Tree:
    """A tree of the path, of its neighbours and those of the directories above it, and of what ties it."""
    above = ["", *(path[: at + 1] for at, letter in enumerate(path.rstrip("/")) if letter == "/")]
    near = [f"{way}{name}{'/' * is_dir}" for way in above for name, is_dir in _listed(root, way)]
    known = {*near, *_defining(root, layout)}
    inside = _enclosing((*known, path))
    opaque = frozenset(each for each in known if each.endswith("/") and each not in inside and each != path)
    files = {each for each in known if not each.endswith("/") and f"{each}/" not in inside}
    itself = f"{path}{_INSIDE}" if path.endswith("/") else path
    files = {*files - {path}, itself}
    source = WorkTreeFiles(root, [f"{directory}.gitignore" for directory in above])
    # It is taken for what is not in git yet, with all that lies in it.
    here = frozenset(each for each in files if each == itself or each.startswith(f"{path.rstrip('/')}/"))
    return Tree(tuple(sorted(files)), source, opaque=opaque, untracked=here)


def _enclosing(paths: Iterable[str]) -> set[str]:
    """The directories that some paths lie in."""
    found: set[str] = set()
    for path in paths:
        above = path[: path.rfind("/", 0, -1) + 1]
        while above and above not in found:
            found.add(above)
            above = above[: above.rfind("/", 0, -1) + 1]
    return found


def _listed(root: Path, path: str) -> Iterator[tuple[str, bool]]:
    """The names in a directory, and whether each is a directory; none if it cannot be read."""
    try:
        with os.scandir(root / path) as entries_there:
            for each in entries_there:
                if each.name != ".git":
                    plain = not each.is_symlink()
                    yield each.name, each.is_dir() if plain else _leads_inside(root, path + each.name)
    except OSError:
        return


def _leads_inside(root: Path, path: str) -> bool:
    """Whether a path is a directory of the project or, which counts for `check` too, a link to one."""
    real = Path(os.path.realpath(root / path))
    return real.is_relative_to(root) and real.is_dir()


def _defining(root: Path, layout: Layout) -> Iterator[str]:
    """The paths that define the names of tied placeholders, as far as they are on disk."""
    ties = layout.ties
    tied = {name for names in ties.tied.values() for name in names}
    listed = 0
    for placeholder in tied:
        ahead = [("", ties.defining[placeholder])]
        while ahead:
            path, way = ahead.pop()
            entry, rest = way[0], way[1:]
            if entry.key == EVERYWHERE:
                continue
            for name, is_directory in _candidates(root, path, entry.key):
                listed += 1
                if listed > _MOST_LISTED:
                    return
                if is_directory != entry.key.directory:
                    continue
                if not rest:
                    yield f"{path}{name}{'/' * is_directory}"
                elif not (root / path / name).is_symlink():  # as a tree has it, a link holds nothing
                    ahead.append((f"{path}{name}/", rest))


def _candidates(root: Path, path: str, key: Key) -> Iterator[tuple[str, bool]]:
    """The names in a directory that a key may mean, and whether each is a directory."""
    if all(member.exact is not None for member in key.members):
        for member in key.members:
            if member.exact and os.path.lexists(root / path / member.exact):
                yield member.exact, _leads_inside(root, path + member.exact)
        return
    for name, is_directory in _listed(root, path):
        if any(_fits(member, name) for member in key.members):
            yield name, is_directory


def _fits(member: Name, name: str) -> bool:
    return member.match(name, lambda slot, value: True) is not None


# --- What the layout says


def _governing(survey: Survey, path: str) -> tuple[tuple[Entry, ...], Entry | None]:
    """The entries on the way to a path, down to the nearest one that governs it or a directory above it."""
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


def _homes(layout: Layout, survey: Survey, path: str, finding: Finding) -> Iterator[str]:
    """Where a path would belong: as the finding says, where its name is listed, beside what it is like."""
    seen: set[str] = set()
    told = [each + path[len(finding.path) :] for each in finding.related] if finding.rule in _TOLD else []
    listed = (*_alike(survey, path), *_by_name(layout, survey, path)) if finding.rule in _STRAY else ()
    for home in (*told, *listed):
        if home not in seen and home != path:
            seen.add(home)
            yield home


def _by_name(layout: Layout, survey: Survey, path: str) -> Iterator[str]:
    """The places in the layout that list a file of this name, the plainest first."""
    name = path.rstrip("/").rpartition("/")[2]
    values: dict[str, str] = {}
    for governed in survey.path_matches:
        if path.startswith(governed.path):
            values |= governed.values
    found: list[tuple[int, str]] = []
    for above, entry in entries(layout.root):
        if entry.key.directory != path.endswith("/") or entry.forbidden:
            continue
        for member in entry.key.members:
            if member.literal_characters and _fits(member, name):
                way = "".join(f"{each.key.members[0].spelled(values)}/" for each in above[1:])
                found.append((-member.literal_characters, way + name + "/" * path.endswith("/")))
    return (home for _, home in sorted(found)[:3])


def _alike(survey: Survey, path: str) -> Iterator[str]:
    """The listed name beside it that was likely meant."""
    above, name = path[: path.rstrip("/").rfind("/") + 1], path.rstrip("/").rpartition("/")[2]
    slash = path.endswith("/")
    names = [each.rstrip("/") for each in survey.allowed(above) if each.endswith("/") == slash]
    if meant := nearest(name, names, alike=0.75):
        yield above + meant + "/" * slash
