"""Opens the projects of a request: trees, each with its layout.

A project is a directory with a `structlint.yaml`. Layouts are read where the tree is read: from the disk,
the index or a revision.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.checking.checkout import checkouts, path_in, requested_directory
from structlint.checking.discovery import add_nested, add_opening, load_layout, nested_projects
from structlint.checking.request import BASELINE, NAMES, NOT_READ, refuse_contradictions
from structlint.errors import CannotCheck, Unread
from structlint.text.enumerations import either
from structlint.text.paths import name_of, parent, upwards
from structlint.text.quoting import in_backticks, quote, shell_word
from structlint.text.records import Record
from structlint.tree import Tree
from structlint.tree.scan import ignored_here

# The modules that read layouts and check are imported while git runs.
if TYPE_CHECKING:
    from structlint.checking.changed import Change
    from structlint.checking.checkout import Checkout
    from structlint.checking.discovery import Opening
    from structlint.checking.request import Request
    from structlint.finding import Finding
    from structlint.layout.model import Layout, PatternList
    from structlint.matching.survey import Survey
    from structlint.rules import engine


_OF_NESTED_PROJECTS = ("forbidden-path", "tracked-local", "unignored-local")


class _Project(Record):
    prefix: str
    tree: Tree
    layout: Layout | None
    shown: frozenset[str] = frozenset([""])
    own: frozenset[str] = frozenset()
    baseline: str = BASELINE
    change: Change | None = None
    origin: str = ""
    notes: tuple[str, ...] = ()
    root: Path = Path()
    on_disk: bool = False


class Project(_Project):
    """A directory, its tree and its layout.

    - `prefix` is the path of the project in output, usually from the root of the repository: "" or with a
      trailing "/". All other paths are relative to the project.
    - `tree` is without paths that the layout excludes, and with nested projects closed.
    - `shown` has the directories to report on ("" is all), and `change` is the change to report on.
    - `own` has structlint's own files; `baseline` is one of them, which no entry has to list.
    - `origin` describes the source of the tree. `root` is the directory of the project on disk, and `on_disk`
      is true if the tree is from there.
    """

    @property
    def whole(self) -> bool:
        """Whether all findings of the project are reported."""
        return "" in self.shown and self.change is None

    def files(self) -> Sequence[str]:
        """The files to report on."""
        return self.tree.files if "" in self.shown else [file for file in self.tree.files if self.shows(file)]

    def directories(self) -> int:
        """The number of directories to report on, without the project's root."""
        _, *inside = self.survey.directories
        return sum(self.shows(directory.path) for directory in inside)

    def open_directories(self) -> int:
        """The number of directories to report on that are open, so that nothing in them can be reported."""
        from structlint.matching.coverage import coverage

        return sum(map(self.shows, coverage(self.survey).open)) if self.layout else self.directories()

    def shows(self, path: str) -> bool:
        """Whether a path is in a directory to report on."""
        return "" in self.shown or any(path.startswith(directory) for directory in self.shown)

    def unopened(self) -> Iterator[str]:
        """The required files on disk that this user cannot open; for each entry, the first one.

        If one of them can be opened, the entry counts as fulfilled.
        """
        for matches in self.survey.entry_matches if self.on_disk else ():
            if matches.names and matches.entry.wanted and not matches.entry.key.directory:
                paths = map(matches.path, matches.names)
                shut = next(paths)
                if self._is_shut(shut) and all(map(self._is_shut, paths)):
                    yield shut

    def _is_shut(self, path: str) -> bool:
        place = f"{self.root}/{path}"
        shut = not os.access(place, os.R_OK) and os.path.lexists(place)
        return shut and path not in self.tree.links and path not in self.tree.absent

    @cached_property
    def survey(self) -> Survey:
        """The survey of the project's tree, matched against its layout."""
        from structlint.layout.model import Layout
        from structlint.matching import match

        return match(self.layout or Layout(""), self.tree, self.own, self.prefix, self.baseline)


def find_problems(
    project: Project, selected: Collection[str], today: date, *on_failure: engine.OnFailure
) -> list[Finding]:
    """The findings of the selected rules that the request covers; paths are relative to the project.

    Without a layout, only the rules that do not need one run. `on_failure` is passed to `engine.check`.
    """
    from structlint.rules import engine

    if project.layout is None:
        from structlint.rules import RULES, name_of

        selected = {name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT}.intersection(selected)
    findings = engine.check(project.survey, selected, today, *on_failure)
    if "" not in project.shown:
        findings = [
            finding for finding in findings if any(map(project.shows, (finding.path, *finding.related)))
        ]
    if project.change is None:
        return findings
    from structlint.checking.changed import related

    return related(findings, project.change, lambda: _at_base(project, selected, today))


def _at_base(project: Project, selected: Collection[str], today: date) -> list[Finding]:
    """The findings of the selected rules before the changes that are checked.

    If the changes include the baseline, these are the findings that the earlier baseline did not accept.
    A rule that cannot read the earlier contents of a file has no findings.
    """
    from structlint.checking.baseline import compare, read_baseline

    change = project.change
    if change is None or change.base is None:
        return []
    base = project._replace(tree=change.base(), change=None, shown=frozenset([""]), on_disk=False)
    findings = find_problems(base, selected, today, lambda *_: None)
    if project.baseline not in change.all:
        return findings
    try:
        earlier = base.tree.read(project.baseline)
        return list(compare(findings, read_baseline(earlier, project.baseline)).left)
    except FileNotFoundError:
        return findings
    except CannotCheck:  # with an invalid baseline, nothing was reported
        return []


class Repeated:
    """The findings of enclosing projects that nested projects may have too.

    `forbid` and `local` apply to nested projects too, and their own layouts may have the same patterns.
    """

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()

    def without(self, findings: Iterable[Finding], project: Project) -> list[Finding]:
        """The findings of a project that no enclosing project has."""
        return [one for one in findings if (one.rule, project.prefix + one.path) not in self._keys]

    def add(self, findings: Iterable[Finding], project: Project) -> None:
        """Adds the findings of a project, for the projects nested in it."""
        of_nested = (one for one in findings if one.rule in _OF_NESTED_PROJECTS)
        self._keys.update((one.rule, project.prefix + one.path) for one in of_nested)


def with_project_paths(finding: Finding, project: Project) -> Finding:
    """A finding with the prefix of its project before its paths. The path of a layout file has it already."""
    prefix, layouts = project.prefix, project.layout.files if project.layout else ()
    if not prefix or (finding.line is not None and finding.path in layouts):
        return finding
    path = prefix if finding.path == "./" else prefix + finding.path
    return finding._replace(path=path, related=tuple(prefix + path for path in finding.related))


def open_projects(request: Request, unread: dict[str, str] | None = None) -> list[Project]:
    """The projects of a request, with those nested in them, in the order of their paths.

    With `unread`, projects that cannot be read are skipped unless there are no others, and the reasons are
    added to `unread`. Raises `CannotCheck`, `LayoutError` for an invalid layout, and `TreeError` for an
    unreadable tree.
    """
    refuse_contradictions(request)
    places = sorted(requested_directory(path, request) for path in dict.fromkeys(request.paths))
    openings: dict[Path, Opening] = {}
    projects: dict[Path, tuple[Opening, Project]] = {}
    failed: dict[Path, Unread] = {}
    with ExitStack() as ends:
        opened = checkouts(places, request, ends)
        for needed in ("structlint.layout.load", "structlint.rules.engine"):
            import_module(needed)  # slow, so it runs while git does
        for place, checkout in zip(places, opened, strict=True):
            add_opening(openings, checkout, path_in(place, checkout), request)
        while waiting := openings.keys() - projects.keys() - failed.keys():
            place = min(waiting)  # outer projects first: they determine what is reported in inner ones
            opening = openings[place]
            try:
                projects[place] = opening, _opened(opening, openings, request)
            except Unread as error:
                failed[place] = error
    reasons = {name: why for error in failed.values() for name, why in error.reasons.items()}
    if reasons and (unread is None or not projects):
        raise Unread(reasons)
    if unread is not None:
        unread |= reasons
    named = [request.baseline, *[None] * len(projects)]  # it belongs to the first one
    return [
        _with_own_files(project, opening, name)
        for (opening, project), name in zip(projects.values(), named, strict=False)
    ]


# --- The tree of one project, without excluded paths and with nested projects closed


def _opened(opening: Opening, openings: dict[Path, Opening], request: Request) -> Project:
    """One project. Projects nested in the directories to report on are added to the openings."""
    checkout, prefix = opening.checkout, opening.prefix
    layout = load_layout(*opening.layout, request.exclude) if opening.layout else request.loaded
    if layout is None and not request.documents:
        _refuse_no_layout(checkout, prefix, request)
    everything = checkout.tree.below(prefix) if prefix else checkout.tree
    excluded = layout.exclude if layout else _excluded(request.exclude)
    tree = _without(excluded, everything)
    refused = request.own_exceptions == "refuse"
    layout = without_own_ignores(layout, request) if layout and refused else layout
    closes = not (request.documents or request.isolated or refused)
    misnamed: list[str] = []
    nested = nested_projects(tree, misnamed) if closes else []

    def at_base() -> Tree:
        base = _without(excluded, checkout.base.below(prefix) if prefix else checkout.base)
        return base.closing(nested_projects(base) if closes else [])

    project = Project(
        prefix=checkout.name + prefix,
        tree=tree.closing(nested),
        layout=layout,
        shown=frozenset([""] if "" in opening.shown else opening.shown),
        change=_change(opening, everything, layout, request, at_base),
        origin=_origin(checkout, request),
        root=checkout.root / prefix,
        on_disk=not checkout.stored,
    )
    shown_too = [prefix + directory for directory in nested if project.shows(directory)]
    for directory in shown_too:
        add_nested(openings, checkout, directory)
    return project._replace(notes=tuple(_notes(project, shown_too, misnamed)))


def without_own_ignores(layout: Layout, request: Request) -> Layout:
    """A layout without its `ignore`, unless the layout was given with an option."""
    return layout if request.layout or request.config else layout._replace(ignore=())


def _refuse_no_layout(checkout: Checkout, prefix: str, request: Request) -> None:
    """Raises `CannotCheck` if a layout is required, or the checked change removed it."""
    where = f" for `{quote(checkout.name + prefix)}`" if prefix else ""
    if request.require_layout:
        on_disk = (
            prefix + name for name in NAMES if request.tracked and (checkout.root / prefix / name).is_file()
        )
        if path := next(on_disk, None):
            force = "-f " * bool(ignored_here(checkout.root, [path]))
            raise CannotCheck(
                f"`{quote(path)}` is not in git's index; add it with `git add {force}{shell_word(path)}`"
            )
        hint = "create one with `structlint init`"
        if other := next(filter(checkout.has, (prefix + name for name in NOT_READ)), None):
            hint = f"rename `{checkout.label(other)}` to `structlint.yaml`"
        raise CannotCheck(f"no structlint.yaml found{where}; {hint}")
    removed = checkout.changes.other if checkout.changes else ()
    gone = (
        directory + name for directory in upwards(prefix) for name in NAMES if directory + name in removed
    )
    if path := next(gone, None):
        raise CannotCheck(
            f"`{checkout.label(path)}` was removed, and no other layout applies{where}; restore it"
        )
    from structlint.checking.pyproject import FILE, name_at_base

    if FILE in removed and name_at_base(checkout):
        problem = f"`{checkout.label(FILE)}` no longer names a layout, and no other layout applies{where}"
        raise CannotCheck(f"{problem}; restore it")


def _origin(checkout: Checkout, request: Request) -> str:
    if request.paths_from:
        return f"the paths listed in {request.paths_from[0]}"
    return checkout.stored or (
        "the files that git lists" if checkout.tree.in_git else "a directory outside git"
    )


def _excluded(patterns: Sequence[str]) -> PatternList:
    from structlint.finding import Place
    from structlint.layout.model import PatternEntry, PatternList

    return PatternList(tuple(PatternEntry(pattern, Place("--exclude", 1)) for pattern in patterns))


def _without(excluded: PatternList, tree: Tree) -> Tree:
    if not excluded.items or not (tree.files or tree.opaque):
        return tree
    return tree.without(path for path, _ in excluded.matching(tree.groups))


def _change(
    opening: Opening, everything: Tree, layout: Layout | None, request: Request, base: Callable[[], Tree]
) -> Change | None:
    """The changes in a project; None without `--changed`, or if its own layout was changed."""
    checkout, prefix = opening.checkout, opening.prefix
    if checkout.changes is None:
        return None
    changes = checkout.changes
    added, other = ({path.rstrip("/") for path in paths} for paths in (changes.added, changes.other))
    if layout and not checkout.passed(layout.files).isdisjoint(added | other):
        return None
    if layout and not (prefix or request.config or request.layout or request.isolated):
        from structlint.checking.pyproject import is_newly_named

        if is_newly_named(checkout, added | other):
            return None
    paths = frozenset(path.rstrip("/") for path in (*everything.files, *everything.opaque))
    for path in (added | other) & _layouts_in(added | other):
        inside = path[len(prefix) :]
        if path.startswith(prefix) and (path in added or inside not in paths):
            # A project was added or removed, so another layout applies to its files.
            directory = parent(inside)
            added |= {prefix + file for file in paths if file.startswith(directory)}
    from structlint.checking.changed import Change

    before = None if request.paths_from else base
    return Change(paths, _inside(added, prefix), _inside(other, prefix), before)


def _layouts_in(paths: Iterable[str]) -> set[str]:
    return {path for path in paths if name_of(path) in NAMES and parent(path)}


def _inside(paths: Collection[str], prefix: str) -> frozenset[str]:
    return frozenset(path[len(prefix) :] for path in paths if path.startswith(prefix))


def _notes(project: Project, nested: Collection[str], misnamed: Iterable[str]) -> Iterator[str]:
    yield from project.tree.notes
    yield from (not_read(project.prefix + path) for path in misnamed if project.shows(path))
    if not project.files() and not nested:
        where = either([quote(project.prefix + shown or "./") for shown in sorted(project.shown)])
        yield f"No files found in {where}"


def not_read(path: str) -> str:
    """The note on a file that is likely meant to be a layout."""
    return f"{in_backticks(path)} is not read; rename it to `structlint.yaml`"


def _with_own_files(project: Project, opening: Opening, named: str | None) -> Project:
    """The project with `own` and `baseline`: its baseline, its layouts and those of nested projects."""
    read = _inside(opening.checkout.read, opening.prefix)
    kept = project.root / BASELINE
    if named:
        kept = Path(os.path.realpath(Path(named).parent), Path(named).name)
    path = kept.relative_to(project.root).as_posix() if kept.is_relative_to(project.root) else ""
    return project._replace(own=frozenset({*read, *NAMES, BASELINE, path}), baseline=path)
