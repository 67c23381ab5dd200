"""Checks whether the layout allows the paths that hints are about to suggest.

Most contradictions in a layout are errors when it is loaded. Others depend on the tree: for example, the
value of a placeholder can result in a path that another line forbids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from structlint.edits.templates import EXAMPLE, KEPT
from structlint.finding import Finding, Place
from structlint.layout.entry import Entry
from structlint.layout.key_text import PLACEHOLDER
from structlint.layout.keys import Slot
from structlint.matching import match
from structlint.matching.contradictions import contradiction, is_required
from structlint.matching.model import Missing
from structlint.matching.survey import Survey
from structlint.rules.allowed import Allowed, directories
from structlint.text.cases import spell
from structlint.text.paths import ancestors, name_of, parent
from structlint.text.records import Record
from structlint.tree import Tree, holds

# The rules that report a path because of its own name or place.
PATH_RULES = frozenset(
    [
        "bad-name",
        "conflicting-entries",
        "duplicate-name",
        "forbidden-path",
        "long-path",
        "misplaced-file",
        "orphan",
        "stray-directory",
        "stray-file",
        "too-deep",
    ]
)
_PATH_LIMITS = frozenset(["depth", "path-length"])  # the limits of rules in `PATH_RULES`
_MOST_ALTERNATIVES = 8  # of one entry that are tried; the others are taken to be allowed


class _Refusal(Record):
    """The line that does not allow a path, and the path in the case that the line allows, if there is one."""

    place: Place
    respelled: str = ""


def refused(survey: Survey) -> Mapping[str, Place]:
    """The paths that would satisfy a requirement, but that the layout does not allow.

    Each has the line that does not allow it. For a path in a missing directory, the directory is created too.
    """
    if survey.imagined:
        return {}
    places: dict[str, Place] = {}
    doubtful = [one for one in survey.missing if _is_tried(survey, one)]
    lists = [[(path, one) for path in candidates(survey, one)] for one in doubtful]
    lists += [[(one.path + KEPT, one)] for one in doubtful if one.empty]
    for alternatives in zip_longest(*lists):  # those of one entry may exclude each other
        wanted = {
            path: one.near_miss if path == one.meant else "" for path, one in filter(None, alternatives)
        }
        places |= refusals(survey, wanted)
    return places


def refused_targets(
    survey: Survey, moves: Iterable[Sequence[tuple[str, str]]]
) -> tuple[Mapping[str, Place], Mapping[str, str]]:
    """The targets of moves that the layout does not allow, and those that it allows in another case.

    Each item of `moves` has the sources and targets for one path, the preferred ones first.
    """
    places: dict[str, Place] = {}
    respelled: dict[str, str] = {}
    for alternatives in zip_longest(*moves):
        wanted = {target: source for source, target in filter(None, alternatives)}
        for path, refusal in _refusals(survey, wanted).items():
            if refusal.respelled:
                respelled[path] = refusal.respelled
            else:
                places[path] = refusal.place
    return places, respelled


def refused_names(survey: Survey, named: Iterable[tuple[Entry, str, str]]) -> Mapping[str, Place]:
    """The paths that the layout does not allow, among those that hints would suggest.

    Each suggested path has the entry that lists it, and the path that would be renamed to it, or "".
    """
    if survey.imagined:
        return {}
    allowed = survey.once(Allowed)
    doubtful = {
        path: source for entry, source, path in named if not (is_form(path) or allowed.certainly(entry, path))
    }
    return refusals(survey, doubtful) if doubtful else {}


def corrected(survey: Survey, missing: Missing) -> str:
    """The hint if the layout requires a path that another line does not allow; otherwise ""."""
    if missing.entry.condition and not (missing.needed_by or missing.within):
        return ""
    places = survey.once(refused)
    concerned = [missing.meant] if missing.near_miss else missing.alternatives
    if not places or not all(path in places for path in concerned):
        return ""
    correction = f"correct {contradiction(missing.origin, places[concerned[0]])}"
    if not missing.needed_by or is_required(survey, missing.needed_by):
        return correction
    return f"remove {survey.mentioned(missing.needed_by)}, or {correction}"


def candidates(survey: Survey, missing: Missing) -> Iterator[str]:
    """The paths that would satisfy a requirement, the one to create first. A form results in an example."""
    if missing.empty:
        yield missing.path
        return
    first = None if missing.within else first_path(survey, missing)
    if first:
        yield first
    for path in missing.alternatives[:_MOST_ALTERNATIVES]:
        if not is_form(path) and path != first:
            yield path


def is_form(name: str) -> bool:
    """Whether a name or path has a placeholder or a wildcard."""
    return "<" in name or "*" in name


def refusals(survey: Survey, wanted: Mapping[str, str]) -> dict[str, Place]:
    """The lines that do not allow some paths, by the path.

    `wanted` has paths that do not exist, each with the path that would be renamed to it, or "". A path in the
    place of another listed path is not allowed either.
    """
    return {path: refusal.place for path, refusal in _refusals(survey, wanted).items()}


def _refusals(survey: Survey, wanted: Mapping[str, str]) -> dict[str, _Refusal]:
    if survey.imagined:
        return {}
    layout = survey.layout
    refused = {
        path: _Refusal(reason.place)
        for path in wanted
        for patterns in (layout.exclude, layout.local)
        if (reason := patterns.match(path))
    }
    allowed = survey.once(Allowed)
    taken = {path: allowed.taken_by(path) for path in wanted.keys() - refused.keys()}
    refused |= {path: _Refusal(place) for path, place in taken.items() if place}
    left = {
        path: source
        for path, source in wanted.items()
        if path not in refused and not _is_blocked(survey, path, source)
    }
    if not left:
        return refused
    created = {f"{path}{KEPT}" if path.endswith("/") else path for path, source in left.items() if not source}
    findings = _findings(survey, created, {source: path for path, source in left.items() if source})
    existing = directories(survey.tree.files)
    for path in left:
        new = _new(path, existing) if findings else ()
        if above := next((above for above in new if above in findings), None):
            refused[path] = findings[above] if above == path else _Refusal(findings[above].place)
    return refused


def first_path(survey: Survey, missing: Missing) -> str | None:
    """The path of the first possible name, an example if it is a form; None if there is none."""
    keys = filter(None, (missing.entry.key, missing.entry.other))
    members = [member for key in keys for member in key.members]
    above = missing.path[: len(missing.path) - len(missing.names[0])]
    name = next((name for name in missing.names if "<" not in name and "*" not in name), missing.names[0])
    if missing.needed_by or members[missing.names.index(name)].exact is not None:
        return above + name
    if any(letter in path for path in (above, *missing.counterparts) for letter in "<*"):
        return None  # an existing name that contains one would be read as a form here
    for placeholder, case in PLACEHOLDER.findall(name):
        naming = survey.layout.names.get(placeholder)
        value = spell(EXAMPLE, case or (naming.case if naming else None) or "lowercase")
        if naming and not naming.admits(Slot(placeholder, case or None), value):
            return None
        name = name.replace(f"<{placeholder}:{case}>" if case else f"<{placeholder}>", value)
    return above + name.replace("*", EXAMPLE)


def _is_blocked(survey: Survey, path: str, source: str) -> bool:
    """Whether a link, an opaque directory, or a file other than the one to rename blocks a path."""
    return any(above != source for above in survey.once(Allowed).blocking(parent(path)))


def _is_tried(survey: Survey, missing: Missing) -> bool:
    """Whether a missing path can be created, but the layout may not allow it."""
    if missing.empty:
        listed_by_entry = not (missing.needed_by or missing.within or missing.entry.children)
        return not (listed_by_entry and survey.once(Allowed).certainly(missing.entry, missing.path))
    if missing.link or (missing.entry.condition and not missing.within):
        return False
    if missing.within and (len(missing.within) > 1 or any(map(is_form, missing.names))):
        return False
    if any(f"{one}/" in survey.tree.opaque for one in ancestors(missing.path.rstrip("/"))):
        return False
    if missing.needed_by or missing.within or not _PATH_LIMITS.isdisjoint(survey.layout.limits):
        return True
    allowed = survey.once(Allowed)
    return not all(allowed.certainly(missing.entry, path) for path in candidates(survey, missing))


def _findings(survey: Survey, created: Collection[str], renamed: Mapping[str, str]) -> dict[str, _Refusal]:
    """The lines of the layout that do not allow paths in the tree with more files, by path."""
    from structlint.rules.engine import check

    tree = _changed(survey.tree, created, renamed)
    if survey.tree.whole:
        tree = tree._replace(whole=_changed(survey.tree.whole, created, renamed))
    trial = match(survey.layout, tree, survey.own, survey.prefix, survey.baseline)._replace(imagined=True)
    refused: dict[str, _Refusal] = {}
    for finding in check(trial, PATH_RULES, date.min):
        right = finding.related if finding.rule == "bad-name" else ()
        for path in _concerned(finding):
            if finding.origin:
                refusal = _Refusal(finding.origin, right[0] if len(right) == 1 else "")
                refused.setdefault(path, refusal)
    return refused


def _concerned(finding: Finding) -> Sequence[str]:
    """The paths that cannot exist without the finding."""
    return (finding.path, *finding.related) if finding.rule == "conflicting-entries" else (finding.path,)


def _changed(tree: Tree, created: Iterable[str], renamed: Mapping[str, str]) -> Tree:
    """A tree with more files, and some renamed."""
    files = {*tree.files}
    if any(path.endswith("/") for path in renamed):
        files = {_renamed(path, renamed) for path in files}
    elif renamed:
        files = {renamed.get(path, path) for path in files}
    new = sorted(created)
    files.update(path for path in new if files.isdisjoint(ancestors(path)))
    filled = {parent(path) for path in new if name_of(path) != KEPT}  # these need no `.gitkeep` any more
    files -= {above + KEPT for above in filled}
    beside = directories(files)
    kept = tuple(sorted(path for path in files if f"{path}/" not in beside))
    untracked = tree.untracked.union(new) if tree.in_git else tree.untracked
    links = {_renamed(path, renamed): link for path, link in tree.links.items()}
    links = {path: link for path, link in links.items() if holds(kept, path)}
    return tree._replace(files=kept, untracked=untracked, links=links)


def _renamed(path: str, renamed: Mapping[str, str]) -> str:
    for step in _way(path):
        if target := renamed.get(step):
            return target + path[len(step) :]
    return path


def _way(path: str) -> Iterator[str]:
    """The path and the directories that contain it, each with its "/"."""
    yield from (path[: at + 1] for at, letter in enumerate(path[:-1]) if letter == "/")
    yield path


def _new(path: str, existing: Collection[str]) -> list[str]:
    """The missing directories above a path, the topmost first, and the path itself if it does not exist."""
    new = []
    while path and path not in existing:
        new.append(path)
        path = parent(path)
    return new[::-1]
