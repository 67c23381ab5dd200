"""Checks whether the layout allows the paths that hints are about to suggest.

Most contradictions in a layout are errors when it is loaded. Others depend on the tree: for example, the
value of a placeholder can result in a path that another line forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import zip_longest

from structlint.edits.templates import EXAMPLE, KEPT
from structlint.finding import Finding, Place
from structlint.layout.entry import Entry, Limit, entries
from structlint.layout.key_text import PLACEHOLDER
from structlint.layout.keys import Slot
from structlint.layout.model import ill_spelled
from structlint.matching import match
from structlint.matching.children import Children
from structlint.matching.contradictions import contradiction, is_required
from structlint.matching.model import Missing
from structlint.matching.survey import Survey
from structlint.text.cases import spell
from structlint.text.paths import ancestors, name_of, parent, upwards
from structlint.text.records import Record
from structlint.tree import Tree, holds, holds_below

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
    doubtful = {
        path: source
        for entry, source, path in named
        if not (is_form(path) or _is_allowed(survey, entry, path))
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
    taken = {path: _taken(survey, path) for path in wanted.keys() - refused.keys()}
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
    existing = _directories(survey.tree.files)
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


def _taken(survey: Survey, path: str) -> Place | None:
    """The line that lists a file in place of a directory, or the other way around; None if there is none."""
    files = survey.once(_files)
    there = next((above for above in survey.once(_blocking)(parent(path)) if above in files), "")
    if not there and path.endswith("/") and path[:-1] in files:
        there = path[:-1]
    if not there and not path.endswith("/") and holds_below(survey.tree.files, f"{path}/"):
        there = f"{path}/"
    if there.rstrip("/") in survey.tree.links:
        return None
    entry = survey.once(_governing).get(there) if there else None
    # A name that only a pattern matches can be removed without a missing path.
    return entry.place if entry and entry.key.exact and not entry.forbidden else None


def _is_blocked(survey: Survey, path: str, source: str) -> bool:
    """Whether a link, an opaque directory, or a file other than the one to rename blocks a path."""
    return any(above != source for above in survey.once(_blocking)(parent(path)))


def _blocking(survey: Survey) -> Callable[[str], tuple[str, ...]]:
    """A cached function that returns the files, links and opaque directories that block paths in a directory.

    The paths do not end in "/".
    """
    files, opaque = survey.once(_files), survey.tree.opaque

    @cache
    def blocking(directory: str) -> tuple[str, ...]:
        way = (above[:-1] for above in upwards(directory)[-2::-1])
        return tuple(above for above in way if above in files or f"{above}/" in opaque)

    return blocking


def _files(survey: Survey) -> frozenset[str]:
    return frozenset(survey.tree.files)


def _governing(survey: Survey) -> Mapping[str, Entry]:
    """The entries that govern the paths of the tree."""
    return {matches.path(name): matches.entry for matches in survey.entry_matches for name in matches.names}


def _is_tried(survey: Survey, missing: Missing) -> bool:
    """Whether a missing path can be created, but the layout may not allow it."""
    if missing.empty:
        listed_by_entry = not (missing.needed_by or missing.within or missing.entry.children)
        return not (listed_by_entry and _is_allowed(survey, missing.entry, missing.path))
    if missing.link or (missing.entry.condition and not missing.within):
        return False
    if missing.within and (len(missing.within) > 1 or any(map(is_form, missing.names))):
        return False
    if any(f"{one}/" in survey.tree.opaque for one in ancestors(missing.path.rstrip("/"))):
        return False
    if missing.needed_by or missing.within or not _PATH_LIMITS.isdisjoint(survey.layout.limits):
        return True
    return not all(_is_allowed(survey, missing.entry, path) for path in candidates(survey, missing))


def _is_allowed(survey: Survey, entry: Entry, path: str) -> bool:
    """Whether a path is certainly allowed without a trial, which is nearly always so."""
    layout = survey.layout
    if survey.once(_has_without) or layout.layers or not _is_within(layout.limits, path):
        return False
    lists = (layout.exclude, layout.local, layout.forbid, layout.belongs)
    patterns = [one for one in lists if one.items]
    if patterns and any(one.match(step) for one in patterns for step in _way(path)):
        return False
    if _taken(survey, path):
        return False
    name = name_of(path)
    if any(member.exact == name for member in entry.key.members) and not _is_of_everywhere(survey, entry):
        return True
    return _is_plain(survey, entry, parent(path), name)


def _is_of_everywhere(survey: Survey, entry: Entry) -> bool:
    """Whether a `**/` lists an entry, so that an entry of the directory may not allow the name."""
    return entry.id in survey.once(_ids_of_everywhere)


def _ids_of_everywhere(survey: Survey) -> frozenset[int]:
    above = (one for _, one in entries(survey.layout.root) if one.key.everywhere)
    return frozenset(child.id for one in above for child in one.children.values())


def _is_within(limits: Mapping[str, Limit], path: str) -> bool:
    """Whether a path is within the limits of the rules in `PATH_RULES`."""
    depth, length = limits.get("depth"), limits.get("path-length")
    is_too_deep = depth is not None and path.count("/") > depth.number
    return not (is_too_deep or (length is not None and len(path) > length.number))


def _is_plain(survey: Survey, entry: Entry, above: str, name: str) -> bool:
    """Whether only the entry that requires a name matches it, in one way and in the right case."""
    members, children = entry.key.members, survey.children.get(above)
    if children is None or len(members) > 1:
        return False
    directory = entry.key.directory
    values = members[0].match(name, lambda slot, value: True) or {}
    for slot in members[0].slots:
        naming = survey.layout.names.get(slot.placeholder)
        value = values.get(slot.placeholder)
        if not value or (naming and naming.unique) or ill_spelled(slot, value, naming, directory):
            return False
    return len(values) <= 1 and all(child is entry for child in _fitting(survey, children, name, directory))


def _fitting(survey: Survey, children: Children, name: str, directory: bool) -> Iterator[Entry]:
    """The entries that a name matches with any values of the placeholders."""
    for entry in children.entries:
        table = survey.lookup.table(entry).of(directory)
        for child, _ in table.fitting(name, lambda slot, value: True, lambda match: True):
            yield child


def _has_without(survey: Survey) -> bool:
    """Whether an entry of the layout has a `without`."""
    return any(entry.without for _, entry in entries(survey.layout.root))


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
    beside = _directories(files)
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


def _directories(files: Iterable[str]) -> set[str]:
    """The directories that contain the files, each with its "/"."""
    directories = {""}
    for above in {parent(path) for path in files}:
        while above not in directories:
            directories.add(above)
            above = parent(above)
    return directories - {""}
