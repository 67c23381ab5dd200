"""A required file does not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from unicodedata import normalize

from structlint.edits.hollow import for_several, why_hollow
from structlint.edits.templates import KEPT, starter
from structlint.finding import Finding, Plural, Severity
from structlint.layout.bundled import BUNDLED
from structlint.matching.alike import many_alike, spread
from structlint.matching.contents import alternatives
from structlint.matching.contradictions import is_required
from structlint.matching.model import Missing
from structlint.matching.required import first_required_in, required_in
from structlint.matching.survey import Survey
from structlint.rules.trial import candidates, corrected, is_form, refused
from structlint.text.enumerations import either, every
from structlint.text.paths import parent
from structlint.text.quoting import in_backticks, spelled_out
from structlint.text.records import Record
from structlint.tree import holds

if TYPE_CHECKING:
    from structlint.edits.steps import Step
    from structlint.layout.entry import Contents

ABOUT = "a required file that does not exist"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True
FIX = "safe"

_MOST_NAMES = 4
_FEWEST_IN_MOST = 5  # directories that lack a path
_MOVED = "move it, or correct the document"


class _Words(Record):
    """The rest of the message after `missing file`, and the hint, also for several files."""

    detail: str
    hint: str
    several: str = ""
    several_detail: str = ""

    def plural(self, nouns: str) -> Plural | None:
        """The words for several missing paths."""
        return Plural(nouns, self.several, self.several_detail or self.detail) if self.several else None


def find(survey: Survey) -> Iterator[Finding]:
    """Finds every missing file."""
    return missing_of_kind(survey, "file")


def missing_of_kind(survey: Survey, kind: str) -> Iterator[Finding]:
    """The missing paths of a kind, `file` or `directory`, without directories that are only empty."""
    of_kind = [one for one in survey.missing if one.directory == (kind == "directory") and not one.empty]
    together = _missing_in_many(survey, of_kind, kind)
    combined = {one.path for alike in together for one in alike}
    mostly = _missing_in_most(survey, of_kind)
    for alike in together:
        yield _in_many(survey, alike, kind)
    for missing in of_kind:
        if missing.path not in combined:
            words = _wording(survey, missing, kind)
            nouns = "missing files" if kind == "file" else "missing directories"
            correction = corrected(survey, missing)
            related = (missing.near_miss, missing.needed_by, survey.elsewhere(missing), *missing.counterparts)
            yield Finding(
                missing.path,
                f"missing {kind}{words.detail}",
                correction or words.hint,
                origin=missing.origin,
                about="" if missing.needed_by else missing.value or missing.entry.about,
                related=tuple(filter(None, related)),
                severity=Severity.WARNING if missing.recommended else None,
                fix=_fix(survey, missing),
                number=survey.files_below(missing.near_miss) if missing.near_miss.endswith("/") else None,
                discriminator=missing.near_miss,
                detail=words.detail,
                plural=None if correction else mostly.get(missing.entry.id, words).plural(nouns),
            )


def _missing_in_many(survey: Survey, of_kind: Sequence[Missing], kind: str) -> list[list[Missing]]:
    """The paths that a bundled layout asks of each directory and many lack, by layout and name.

    Paths that an `ignore` of the layout names remain on their own.
    """
    rule = f"missing-{kind}"
    items = (
        ((one.origin.file, one.names, survey.layout.severity_at(rule, one.path, SEVERITY)), one.path, one)
        for one in filter(_is_one_of_many, of_kind)
    )
    return many_alike(survey, rule, items)


def _is_one_of_many(missing: Missing) -> bool:
    """Whether a bundled layout only recommends a missing path, or requires it with `holds`."""
    return (
        (missing.recommended or bool(missing.within))
        and missing.origin.file in BUNDLED
        and not (missing.needed_by or missing.near_miss)
    )


def _missing_in_most(survey: Survey, of_kind: Sequence[Missing]) -> Mapping[int, _Words]:
    """The words for the paths that most directories with an entry lack, by the entry that requires them.

    Probably the directories have been reorganized, so the layout is outdated.
    """
    lacking = Counter(one.entry.id for one in of_kind if not (one.needed_by or one.within))
    often = {number for number, times in lacking.items() if times >= _FEWEST_IN_MOST}
    matches = survey.directory_matches if often else ()
    governed = Counter(child.id for match in matches for child in match.entry.children.values())
    hint = "make them optional in the layout, or create them"
    return {
        number: _Words("", "", hint, f"; {lacking[number]:,} of {governed[number]:,} directories lack one")
        for number in often
        if 2 * lacking[number] > governed[number] > 0
    }


def _in_many(survey: Survey, alike: Sequence[Missing], kind: str) -> Finding:
    """One finding for a path that many directories lack, at the directory that contains all of them."""
    places = spread(survey, (parent(one.path) for one in alike))
    name, remedy = in_backticks(alike[0].names[0]), ", or make it optional in the layout"
    if alike[0].within:
        name, remedy = _alternatives(alike[0].names), ""
    step = _added("create", alike[0].names[:1])
    severity = survey.layout.severity_at(f"missing-{kind}", alike[0].path, SEVERITY)
    detail = f"; {places.number:,} directories lack {name}, such as {places.shown}"
    return Finding(
        places.above,
        f"missing {kind}{detail}",
        f"{step} in each of them{remedy}",
        origin=alike[0].origin,
        about=alike[0].entry.about,
        related=tuple(one.path for one in alike),
        severity=Severity.WARNING if alike[0].recommended else severity,
        number=places.number,
        discriminator=alike[0].names[0],
        detail=detail,
    )


def _wording(survey: Survey, missing: Missing, kind: str) -> _Words:
    """The words for a missing path."""
    return (
        _obstacle(survey, missing, kind) or _similar(survey, missing, kind) or _absence(survey, missing, kind)
    )


def _obstacle(survey: Survey, missing: Missing, kind: str) -> _Words | None:
    """The words if creating the path is not enough: another path blocks it, or its contents matter."""
    is_in_place = missing.near_miss and missing.near_miss.rstrip("/") == missing.meant.rstrip("/")
    there = missing.near_miss if is_in_place else missing.path  # of alternatives, another may exist
    if link := survey.tree.links.get(there.rstrip("/")):
        name = f" {survey.mentioned(there)}" if there.rstrip("/") != missing.path.rstrip("/") else ""
        problem = f"; the symbolic link{name} leads to {in_backticks(link.target)}, not to a {kind}"
        return _Words(
            f"{problem} of the repository", f"point the link at a {kind} of the repository, or replace it"
        )
    if missing.path in survey.tree.undeclared:
        problem = "; this is a submodule that `.gitmodules` does not declare"
        return _Words(problem, f"declare it in `.gitmodules`, or replace it with a {kind}")
    if missing.link:
        return _linked(survey, missing)
    if missing.within:
        return _not_held(survey, missing)
    if missing.entry.condition and not missing.needed_by:
        return _not_met(survey, missing, missing.entry.condition)
    return None


def _similar(survey: Survey, missing: Missing, kind: str) -> _Words | None:
    """The words if a similar path exists."""
    if missing.needed_by and (rejecting := survey.rejecting(missing.path)) and rejecting.condition:
        problem, hint = _unmet(rejecting.condition)
        return _Words(f", required by {survey.mentioned(missing.needed_by)}; {problem}", hint)
    if not missing.near_miss:
        return None
    near_miss = survey.mentioned(missing.near_miss)
    if missing.near_miss.rstrip("/") != missing.meant.rstrip("/"):
        looks_same = normalize("NFC", missing.near_miss) == normalize("NFC", missing.meant)
        shown = spelled_out if looks_same else in_backticks
        near_miss, meant = (shown(survey.prefix + path) for path in (missing.near_miss, missing.meant))
        detail, hint = f"; {near_miss} exists", f"rename {near_miss} to {meant}"
        above = parent(missing.meant)
        if looks_same or parent(missing.near_miss) != above:
            return _Words(detail, hint)
        name, meant = (in_backticks(path.removeprefix(above)) for path in (missing.near_miss, missing.meant))
        return _Words(detail, hint, f"in each directory, rename {name} to {meant}", f"; {name} exists")
    if missing.near_miss == missing.meant:  # of a pattern
        return _Words(
            f"; {near_miss} matches an entry that takes precedence", f"create another {kind} that matches"
        )
    other = "directory" if kind == "file" else "file"
    return _Words(
        f"; {near_miss} is a {other}", f"replace it with a {kind}, or list {near_miss} instead in the layout"
    )


def _absence(survey: Survey, missing: Missing, kind: str) -> _Words:
    """The words if no similar path exists, unless a document draws it in another place."""
    if missing.needed_by:
        return _needed(survey, missing, kind)
    because = ""
    if missing.counterparts:
        because = f"; required because {survey.mentioned(missing.counterparts[0])} exists"
    name, *others = missing.names
    moved = survey.elsewhere(missing)
    if others:
        problem = f"{because}; expected {_alternatives(missing.names)}"
        if moved:
            return _Words(f"{problem}; {survey.mentioned(moved)} exists", _MOVED)
        if allowed := _allowed_alternatives(survey, missing):
            return _Words(problem, allowed)
        return _Words(problem, "create one of them", "create one of them in each directory")
    if is_form(name):
        step = f"create a {kind} that matches"
        return _Words(f"{because}; nothing matches {in_backticks(name)}", step, f"{step} in each directory")
    if moved:
        return _Words(f"; {survey.mentioned(moved)} exists", _MOVED)
    hint = why_hollow(name)
    return _Words(because + _inside(survey, missing), hint or "create it", for_several(hint) or "create them")


def _needed(survey: Survey, missing: Missing, kind: str) -> _Words:
    """The words for a path that a `needs` requires."""
    needed_by = survey.mentioned(missing.needed_by)
    problem, step, several = f", required by {needed_by}", "create it", "create them"
    if len(missing.names) > 1:
        problem, step = f"{problem}; expected {_alternatives(missing.names)}", "create one of them"
        several = "create one of them in each directory"
    elif is_form(missing.names[0]):
        problem = f"{problem}; nothing matches {in_backticks(missing.names[0])}"
        step = several = f"create a {kind} that matches"
    remedy = "" if is_required(survey, missing.needed_by) else f", or remove {needed_by}"
    return _Words(problem, step + remedy, several + remedy)


def _linked(survey: Survey, missing: Missing) -> _Words:
    """The words for a path that is missing in the target directory of a link."""
    link = missing.link.rstrip("/")
    target = in_backticks(f"{survey.tree.links[link].leads or '.'}/")
    problem, step = f"; {survey.mentioned(link)} is a link to {target}", _added("create", missing.names)
    if missing.near_miss:
        name = in_backticks(missing.near_miss.removeprefix(missing.link))
        problem, step = f"{problem}, which contains {name}", f"rename {name}"
    return _Words(problem, f"{step} in {target}, or replace the link")


def _allowed_alternatives(survey: Survey, missing: Missing) -> str:
    """The hint if the layout allows only some of the alternatives; "" if it allows all or none."""
    places = survey.once(refused)
    paths = zip(missing.names, missing.alternatives, strict=True)
    allowed = [name for name, path in paths if path not in places]
    if not places or not 0 < len(allowed) < len(missing.names):
        return ""
    return f"create {_alternatives(allowed)}"


def _inside(survey: Survey, missing: Missing) -> str:
    """The required contents of a missing directory: the first file, and the number of other entries."""
    number = required_in(survey, missing)
    if not number:
        return ""
    first = first_required_in(survey, missing)
    left = number - first.rstrip("/").count("/") - 1
    more = f" and {left:,} more {'entry' if left == 1 else 'entries'}" if left else ""
    return f"; it must contain {in_backticks(first)}{more}"


def _not_held(survey: Survey, missing: Missing) -> _Words:
    """The words for a path that a `holds` requires in one of several directories; a description suffices."""
    if missing.value:
        return _Words("", why_hollow(missing.names[0]) or _added("create", missing.names[:1]))
    directories = every([survey.mentioned(path or "./") for path in missing.within])
    verb = "does" if len(missing.within) == 1 else "do"
    detail = f"; {directories} {verb} not contain {_alternatives(missing.names)}"
    return _Words(detail, _added("create", missing.names))


def _not_met(survey: Survey, missing: Missing, condition: Contents) -> _Words:
    """The words for a directory that is missing because no directory meets its `if`."""
    paths = alternatives(condition)
    if missing.near_miss and missing.near_miss == missing.meant:
        it = "this directory" if missing.near_miss == missing.path else survey.mentioned(missing.near_miss)
        problem, hint = _unmet(condition, it)
        return _Words(f"; {problem}", hint)
    if len(missing.names) > 1 or is_form(missing.names[0]):
        names = _alternatives(missing.names)
        return _Words(f"; no {names} contains {paths}", f"create a directory with {paths}")
    return _Words(f" with {paths}", f"create it with {paths}", f"create them with {paths}")


def _unmet(condition: Contents, it: str = "this directory") -> tuple[str, str]:
    """The words for a directory that does not meet its `if`."""
    paths = [path.spelled({}) for path in condition.paths]
    return f"{it} does not contain {alternatives(condition)}", _added("add", paths)


def _added(verb: str, paths: Sequence[str]) -> str:
    """The hint to add one of some paths to a directory; a path may be a pattern or begin with `**/`."""
    path = paths[0]
    if len(paths) > 1:
        return f"{verb} one of them"
    if not is_form(path):
        return f"{verb} it"
    if not is_form(name := path.removeprefix("**/")):
        return f"{verb} {in_backticks(name)} at any depth"
    return f"{verb} a {'directory' if path.endswith('/') else 'file'} that matches"


def _fix(survey: Survey, missing: Missing) -> tuple[Step, ...]:
    """The step that creates the file or directory; none if the right step is unclear."""
    from structlint.edits.steps import Create, Move

    if missing.entry.condition or _obstacle(survey, missing, ""):
        return ()
    places = survey.once(refused)
    if missing.near_miss:
        alike = missing.near_miss.endswith("/") == missing.meant.endswith("/")
        return (Move(missing.near_miss, missing.meant),) if alike and missing.meant not in places else ()
    path = next((path for path in candidates(survey, missing) if path not in places), None)
    # A document that draws a path does not mean a second one elsewhere.
    if path is None or survey.elsewhere(missing) or holds(survey.tree.files, path.rstrip("/")):
        return ()
    doubtful = _why_doubtful(survey, missing)
    if missing.directory:
        return (Create(path + KEPT, doubtful=doubtful),)
    about = "" if missing.needed_by else missing.value or missing.entry.about
    local = [reason.pattern for reason in survey.layout.local.items if not reason.pattern.startswith("!")]
    return (Create(path, starter(path, about, local), doubtful=doubtful),)


def _why_doubtful(survey: Survey, missing: Missing) -> str:
    if missing.origin.file not in survey.layout.documents:
        return ""
    from structlint.matching.doubtful_drawing import why_doubtful

    return why_doubtful(survey, missing)


def _alternatives(names: Sequence[str]) -> str:
    """The possible names, or the first few of many."""
    return either(list(map(in_backticks, names)), _MOST_NAMES)
