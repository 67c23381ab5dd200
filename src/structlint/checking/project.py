"""From what a user asks for to the projects that are checked: which tree is held against which layout.

A project is a directory with a `structlint.yaml`. Layouts are read where the tree is read: from the disk,
the index or a revision.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from structlint.errors import CannotCheck, Unread
from structlint.layout.bundled import BUNDLED
from structlint.markdown import is_document
from structlint.text.quoting import quote
from structlint.text.suggestions import suggestion
from structlint.tree import Tree, holds
from structlint.tree.scan import begun, changed, repository_root, scan
from structlint.tree.sources import WorkTreeFiles, read_file

# What reads layouts and checks is imported when git has been asked, and while it answers.
if TYPE_CHECKING:
    from structlint.checking.changed import Change
    from structlint.finding import Finding
    from structlint.layout.load import Shelf
    from structlint.layout.model import Layout, Reasons
    from structlint.matching.survey import Survey
    from structlint.rules import engine

NAMES = ("structlint.yaml", ".structlint.yaml")
BASELINE = "structlint-baseline.json"
# The configuration of another tool that is called structlint too has these keys.
_ANOTHER_TOOLS = re.compile(rb"""(?m)^(?:\xef\xbb\xbf)?["']?(dir_structure|file_naming_pattern)["']? *:""")


class Request(NamedTuple):
    """What a user asks to be checked. Names of files and directories are as they were given.

    `paths_from` is the name and the content of a list of paths, which stands for what is in the one
    directory of `paths`.
    """

    paths: tuple[str, ...] = (".",)
    config: str | None = None
    layout: str | None = None
    tracked: bool = False
    rev: str | None = None
    changed: str | None = None
    paths_from: tuple[str, bytes] | None = None
    gitignore: bool = True
    exclude: tuple[str, ...] = ()
    baseline: str | None = None


class _Project(NamedTuple):
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
    """A directory and what it is held against.

    `prefix` is its path from where paths are named from, the root of the repository as a rule: "" or with
    a trailing "/". `tree` is without what the layout excludes and with nested projects closed. Of its
    findings those in one of the directories `shown` are asked for ("" is all), and with `change` those
    that concern it. `own` are structlint's own files in it, `baseline` the one of them that counts for
    nothing. All paths but `prefix` are relative to the project. `origin` says in words where the tree was
    read, `root` is the directory of the project on disk, `on_disk` whether that is what was read.
    """

    @property
    def whole(self) -> bool:
        """Whether all findings of the project are asked for."""
        return "" in self.shown and self.change is None

    def files(self) -> Sequence[str]:
        """The files looked at, as far as they are shown."""
        return self.tree.files if "" in self.shown else [each for each in self.tree.files if self.shows(each)]

    def directories(self) -> int:
        """How many directories are shown, the project's own not counted."""
        _, *inside = self.survey.directories
        return sum(self.shows(directory.path) for directory in inside)

    def shows(self, path: str) -> bool:
        """Whether a path of the tree is, or lies in, one of the directories asked for."""
        return "" in self.shown or any(path.startswith(directory) for directory in self.shown)

    def unopened(self) -> Iterator[str]:
        """The files on disk that entries ask for and this user cannot open; of several that fit, the first.

        Nothing is missing where one of them is there, whatever is in it.
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
        """The project's tree held against its layout."""
        from structlint.layout.model import Layout
        from structlint.matching import match

        return match(self.layout or Layout(""), self.tree, self.own, self.prefix, self.baseline)


def findings(project: Project, selected: Collection[str], today: date, *more: engine.Broken) -> list[Finding]:
    """What the selected rules find in a project and is asked for; `named` makes of it what a user is to read.

    Without a layout only those rules are asked that need none. `more` is for `engine.check`.
    """
    from structlint.rules import RULES, engine, name_of

    if project.layout is None:
        selected = {name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT}.intersection(selected)
    found = engine.check(project.survey, selected, today, *more)
    return found if project.whole else [each for each in found if _asked_for(each, project)]


def _asked_for(finding: Finding, project: Project) -> bool:
    if not any(map(project.shows, (finding.path, *finding.related))):
        return False
    if project.change is None:
        return True
    from structlint.checking.changed import concerns

    return concerns(finding, project.change)


def named(finding: Finding, project: Project) -> Finding:
    """A finding with its paths from where paths are named from; the file of a layout is named so already."""
    prefix, layouts = project.prefix, project.layout.files if project.layout else ()
    if not prefix or (finding.line is not None and finding.path in layouts):
        return finding
    path = prefix if finding.path == "./" else prefix + finding.path
    return finding._replace(path=path, related=tuple(prefix + path for path in finding.related))


def open_projects(request: Request, unread: dict[str, str] | None = None) -> list[Project]:
    """The projects that a request is about, with those nested in them, in the order of their paths.

    With `unread`, a project that cannot be read is left out and why is added there, if there is another.
    Raises `CannotCheck`, `LayoutError` for a layout that is wrong, `TreeError` for what cannot be read.
    """
    _refuse_what_does_not_go_together(request)
    places = sorted(_place(path, request) for path in dict.fromkeys(request.paths))
    openings: dict[Path, _Opening] = {}
    projects: dict[Path, tuple[_Opening, Project]] = {}
    failed: dict[Path, Unread] = {}
    with ExitStack() as ends:
        grounds = _grounds(places, request, ends)
        for needed in ("structlint.layout.load", "structlint.rules.engine"):
            import_module(needed)  # takes its time, in which git answers
        for place, ground in zip(places, grounds, strict=True):
            _add(openings, ground, _path(place, ground), request)
        while waiting := openings.keys() - projects.keys() - failed.keys():
            place = min(waiting)  # a project before those in it, which learn from it what is shown of them
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
    named = [request.baseline, *[None] * len(projects)]  # it is that of the first
    return [
        _with_own_files(project, opening, name)
        for (opening, project), name in zip(projects.values(), named, strict=False)
    ]


class Opened(NamedTuple):
    """A layout and the directory that it speaks of; `prefix` is that directory's path in the repository."""

    root: Path
    prefix: str
    layout: Layout
    own: frozenset[str]


def opened_layout(place: Path, config: str | None, layout: str | None) -> Opened:
    """The layout that speaks of a directory, which need not exist; no tree is read for it.

    Raises `CannotCheck` where there is none, and as `open_projects` does.
    """
    request = Request(paths=(str(place),), config=config, layout=layout)
    _refuse_what_does_not_go_together(request)
    there = next(each for each in (place, *place.parents) if each.is_dir())
    ground = _Bare(_root(there, request))
    path = "" if there == ground.root else there.relative_to(ground.root).as_posix() + "/"
    prefix, found = _project_at(ground, path, request)
    if found is None:
        raise CannotCheck(f"no structlint.yaml speaks of {quote(str(place))}; `structlint init` writes one")
    prefix = path if prefix is None else prefix
    return Opened(ground.root / prefix, prefix, _loaded(*found), frozenset({*NAMES, BASELINE}))


def _refuse_what_does_not_go_together(request: Request) -> None:
    if request.tracked and request.rev is not None:
        raise CannotCheck("--tracked is the index and --rev a revision; take one of them")
    if request.rev is not None and request.changed is not None:
        raise CannotCheck("--changed speaks of the work tree, so it cannot go with --rev")
    if request.config and request.layout:
        raise CannotCheck("--config and --layout both name a layout; take one of them")
    if request.paths_from and (request.tracked or request.rev is not None):
        raise CannotCheck("--paths-from is a list of its own; it cannot go with --tracked or --rev")
    if request.paths_from and len(request.paths) > 1:
        raise CannotCheck("--paths-from takes one PATH, the directory that its paths are relative to")
    if request.exclude:
        _refuse_what_is_no_pattern(request.exclude)


def _refuse_what_is_no_pattern(exclude: Sequence[str]) -> None:
    from structlint.layout.gitignore import PatternError, Patterns

    try:
        Patterns(exclude)
    except PatternError as error:
        raise CannotCheck(f"--exclude {quote(exclude[error.index])}: {error}") from None


# --- Where: the directories that were named, and the trees they are in


class _Ground:
    """Where a tree is read, and where layouts are read from: a repository, or a directory outside git.

    `name` is what its root is called in all that is printed: "", unless there are several. `stored` is
    what the tree is called where it is not the one on disk. `changed` gives the paths that were added, and
    those changed or removed, None if that is not asked. `read` collects the layouts that were read.
    """

    def __init__(
        self,
        root: Path,
        begun: Callable[[], Tree],
        name: str = "",
        stored: str = "",
        changed: Callable[[], tuple[frozenset[str], frozenset[str]] | None] = lambda: None,
    ) -> None:
        self.root = root
        self.begun = begun
        self.name = name
        self.stored = stored
        self.changed = changed
        self.read: set[str] = set()
        self._unread: Unread | None = None

    @cached_property
    def tree(self) -> Tree:
        """The tree; layouts on disk are read while git is still asked for it, once."""
        if self._unread:
            raise self._unread
        try:
            return self.begun()
        except Unread as error:
            self._unread = error
            raise

    @cached_property
    def changes(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """What `changed` gives; asked after the tree, by which it is known that git will answer."""
        return self.changed()

    @cached_property
    def shelf(self) -> Shelf:
        """The layouts in the tree."""
        from structlint.layout.load import Shelf

        return Shelf(self._content, self.label, self._holds, self._shows)

    def _content(self, path: str) -> bytes:
        data = _ours(self.content(path), path, self.label(path))
        self.read.add(path)
        return data

    def content(self, path: str) -> bytes:
        """What is in a layout, of the tree or on disk. Raises `FileNotFoundError` or `TreeError`."""
        if not self.stored:
            try:
                return _read_layout(self.root, path, self.label(path))
            except FileNotFoundError:
                pass  # a sparse checkout may leave it out
        return self.tree.source.read(path)

    def _holds(self, path: str) -> bool:
        return any(file.startswith(path) for file in self.tree.files)

    def _shows(self, path: str, named: bool) -> bool:
        """Whether messages may quote a layout: one in git, and on disk one that git does not ignore."""
        real = _real_path(self.root, path)
        if self.stored or (named and real == path):
            return True
        from structlint.tree.scan import ignored_here

        return not ignored_here(self.root, [real])

    def label(self, path: str) -> str:
        return quote(self.name + path)

    def has(self, path: str) -> bool:
        """Whether there is a file of this path; on disk an ignored one too."""
        return holds(self.tree.files, path) if self.stored else os.path.lexists(self.root / path)


def _real_path(root: Path, path: str) -> str:
    """The path below a root that one is when its links are followed."""
    return os.path.relpath(os.path.realpath(root / path), os.path.realpath(root)).replace(os.sep, "/")


def _read_layout(root: Path, path: str, label: str) -> bytes:
    """The content of a layout on disk, as `read_file` gives it.

    Raises `CannotCheck` too, for what is not a layout by its name, such as `.git/config`, or a link to it.
    """
    from structlint.layout import is_layout

    content, real = read_file(root, path), _real_path(root, path)
    if not is_layout(real):
        link = f" is a link to {quote(real)}, which" if real != path else ""
        raise CannotCheck(f"{label}{link} is not a layout by its name")
    return content


class _Bare(_Ground):
    """A ground of which only the layouts are read, from disk."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, lambda: Tree((), WorkTreeFiles(root, ())))

    def _holds(self, path: str) -> bool:
        return (self.root / path).is_dir()


def _place(path: str, request: Request) -> Path:
    """A directory that was named, without links on the way; with a revision it need not be on disk."""
    if not path:
        raise CannotCheck("the name of the directory to check is empty")
    try:
        place = Path(os.path.realpath(path))
        is_directory = place.is_dir()
        is_file = not is_directory and place.exists()
    except FileNotFoundError:
        raise  # the current directory is gone
    except (OSError, ValueError) as error:
        raise CannotCheck(f"{quote(path)}: {getattr(error, 'strerror', None) or error}") from None
    if is_file:
        raise CannotCheck(f"{quote(path)} is a file; name the directory that it is in")
    if not is_directory and request.rev is None:
        base = f"; to give --changed a base, write --changed={quote(path)}" if request.changed else ""
        raise CannotCheck(f"there is no directory {quote(path)}{base}")
    return place


def _grounds(places: list[Path], request: Request, ends: ExitStack) -> list[_Ground]:
    """Where the tree of each place is read; places in one repository share theirs."""
    if request.paths_from:
        from structlint.tree.path_list import listed_tree

        name, data = request.paths_from
        listed = listed_tree(data, places[0], name)
        return [_Ground(places[0], lambda: listed, changed=partial(_changes, places[0], request))]
    roots = [_root(place, request) for place in places]
    stored = "the index" if request.tracked else f"the revision {quote(request.rev)}" if request.rev else ""
    known: dict[Path, _Ground] = {}
    for root in dict.fromkeys(roots):
        asked = _asked(root, request, ends, alone=len({*roots}) == 1)
        known[root] = _Ground(root, asked, _name(root, roots), stored, partial(_changes, root, request))
    return [known[root] for root in roots]


def _asked(root: Path, request: Request, ends: ExitStack, *, alone: bool) -> Callable[[], Tree]:
    """What gives the tree of a root."""
    tracked, rev, gitignore = request.tracked, request.rev, request.gitignore
    if alone:
        return begun(root, ends, tracked=tracked, rev=rev, gitignore=gitignore)
    # Of several one after the other: each holds processes and files open.
    return partial(scan, root, tracked=tracked, rev=rev, gitignore=gitignore)


def _changes(root: Path, request: Request) -> tuple[frozenset[str], frozenset[str]] | None:
    if request.changed is None:
        return None
    changes = changed(root, request.changed)
    return changes.added, changes.other


def _root(place: Path, request: Request) -> Path:
    """The root of the repository that a place is in; outside git, of the project."""
    there = next(each for each in (place, *place.parents) if each.is_dir())
    if root := repository_root(there):
        return root
    if request.config:
        above = Path(os.path.realpath(request.config)).parent
        return above if place.is_relative_to(above) else place
    if request.layout:
        return place
    return next((each for each in (place, *place.parents) if _has_layout(each)), place)


def _has_layout(directory: Path) -> bool:
    return any(os.path.lexists(directory / name) for name in NAMES)


def _name(root: Path, roots: Sequence[Path]) -> str:
    """What a root is called where several are checked at once: its path from the directory above them all."""
    if len(set(roots)) == 1:
        return ""
    try:
        common = os.path.commonpath(roots)
    except ValueError:
        raise CannotCheck("these directories lie on different drives; check them one by one") from None
    name = root.relative_to(common).as_posix()
    return "" if name == "." else f"{name}/"


def _path(place: Path, ground: _Ground) -> str:
    """A place's path from the root of its ground, "" or with a trailing "/"."""
    if place == ground.root:
        return ""
    path = place.relative_to(ground.root).as_posix() + "/"
    if ground.stored and not any(each.startswith(path) for each in (*ground.tree.files, *ground.tree.opaque)):
        raise CannotCheck(f"there is no directory {quote(path)} in {ground.stored}")
    return path


# --- Which layout: the one that an option names, or the nearest


class _Opening:
    """A project that is asked for, with the file of its layout, if it has one, and what is shown of it."""

    def __init__(self, ground: _Ground, prefix: str, layout: tuple[Shelf, str] | None) -> None:
        self.ground = ground
        self.prefix = prefix
        self.layout = layout
        self.shown: set[str] = set()


def _add(openings: dict[Path, _Opening], ground: _Ground, path: str, request: Request) -> None:
    """Adds the project that a path is in, and the path to what is shown of it."""
    prefix, layout = _project_at(ground, path, request)
    if prefix is None:
        above = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
        prefix = next((each for each in ("", *above) if ground.root / each in openings), path)
    opening = openings.setdefault(ground.root / prefix, _Opening(ground, prefix, layout))
    opening.shown.add(path[len(prefix) :])


def _project_at(ground: _Ground, path: str, request: Request) -> tuple[str | None, tuple[Shelf, str] | None]:
    """The root of the project that a path is in, None for the path itself, and where its layout is."""
    if request.layout in BUNDLED:
        from structlint.layout.load import BUNDLED_SHELF

        return None, (BUNDLED_SHELF, f"{request.layout}.yaml")
    if named := request.config or request.layout:
        shelf, file = _file(named, ground)
        above = file[: file.rfind("/") + 1]
        encloses = request.config and shelf is ground.shelf and path.startswith(above)
        return (above if encloses else None), (shelf, file)
    for directory in _upwards(path):
        if name := _layout_in(ground, directory):
            return directory, (ground.shelf, directory + name)
    return None, None


def _upwards(path: str) -> Iterator[str]:
    """A directory and those above it, the root last."""
    yield path
    while path:
        path = path[: path.rstrip("/").rfind("/") + 1]
        yield path


def _layout_in(ground: _Ground, directory: str) -> str | None:
    """The name of the layout's file in a directory, if it has one. Raises `CannotCheck` if it has two."""
    there = [name for name in NAMES if ground.has(directory + name)]
    ours = [name for name in there if len(there) == 1 or not _is_another_tools(ground, directory + name)]
    if len(ours) > 1:
        both = " and ".join(ground.label(directory + name) for name in ours)
        raise CannotCheck(f"{both} are both there; keep one of them")
    return next(iter(ours or there), None)


def _is_another_tools(ground: _Ground, path: str) -> bool:
    try:
        return _ANOTHER_TOOLS.search(ground.content(path)) is not None
    except FileNotFoundError:
        return False


def _ours(data: bytes, path: str, label: str) -> bytes:
    """The content of a layout's file, unless it is another tool's."""
    if not is_document(path) and (found := _ANOTHER_TOOLS.search(data)):
        told = f"is the configuration of another tool called structlint (it has the key {found[1].decode()})"
        raise CannotCheck(f"{label} {told}; keep the layout in another file and name it with --config")
    return data


def _file(name: str, ground: _Ground) -> tuple[Shelf, str]:
    """Where the file that an option names is read from: from the ground if it lies there, else from disk."""
    _refuse_what_is_no_layout(name)
    if name in BUNDLED and not os.path.lexists(name):
        raise CannotCheck(f"there is no file {quote(name)}; the bundled layout is --layout {name}")
    file = Path(os.path.realpath(Path(name).parent)) / Path(name).name
    if file.is_relative_to(ground.root):
        path = file.relative_to(ground.root).as_posix()
        if ground.stored and not ground.has(path):
            raise CannotCheck(f"there is no {quote(path)} in {ground.stored}, where the layout is read from")
        return ground.shelf, path
    top = repository_root(file.parent) or file.parent

    def label(path: str) -> str:
        return quote(os.path.normpath(Path(name).parent / os.path.relpath(top / path, file.parent)))

    from structlint.layout.load import Shelf

    def read(path: str) -> bytes:
        return _ours(_read_layout(top, path, label(path)), path, label(path))

    shelf = Shelf(read, label, ground.shelf.holds)
    return shelf, file.relative_to(top).as_posix()


def _refuse_what_is_no_layout(name: str) -> None:
    from structlint.layout import NAMED, is_layout

    looks_like_a_file = "/" in name or os.sep in name or name.lower().endswith((".yaml", ".yml"))
    looks_like_a_file |= is_document(name)
    if not looks_like_a_file and not os.path.lexists(name) and name not in BUNDLED:
        raise CannotCheck(f"there is no layout {quote(name)}; {suggestion(name, BUNDLED)}")
    if Path(name).is_dir():
        raise CannotCheck(f"{quote(name)} is a directory; name the layout's file in it")
    if not is_layout(Path(name).name) and (name not in BUNDLED or os.path.lexists(name)):
        raise CannotCheck(f"{quote(name)} is not a layout by its name; {NAMED}")


# --- What: the tree of one project, without what is excluded and with the projects in it closed


def _opened(opening: _Opening, openings: dict[Path, _Opening], request: Request) -> Project:
    """One project; those nested in what is shown of it are added to the openings."""
    ground, prefix = opening.ground, opening.prefix
    layout = _loaded(*opening.layout, request.exclude) if opening.layout else None
    everything = ground.tree.below(prefix) if prefix else ground.tree
    tree = _without(layout.exclude if layout else _excluded(request.exclude), everything)
    nested = nested_projects(tree)
    project = Project(
        prefix=ground.name + prefix,
        tree=tree.closing(nested),
        layout=layout,
        shown=frozenset([""] if "" in opening.shown else opening.shown),
        change=_change(ground, prefix, everything, layout),
        origin=_origin(ground, request),
        root=ground.root / prefix,
        on_disk=not ground.stored,
    )
    shown_too = [prefix + directory for directory in nested if project.shows(directory)]
    absent = [directory for directory in shown_too if not _add_nested(openings, ground, directory)]
    return project._replace(notes=tuple(_notes(project, shown_too, [ground.label(each) for each in absent])))


def _origin(ground: _Ground, request: Request) -> str:
    if request.paths_from:
        return f"the paths listed in {request.paths_from[0]}"
    return ground.stored or (
        "the work tree as git sees it" if ground.tree.in_git else "a directory outside git"
    )


def _loaded(shelf: Shelf, path: str, exclude: tuple[str, ...] = ()) -> Layout:
    from structlint.layout.load import load

    return load(shelf, path, exclude)


def _excluded(patterns: Sequence[str]) -> Reasons:
    from structlint.finding import Place
    from structlint.layout.model import Reason, Reasons

    return Reasons(tuple(Reason(pattern, Place("--exclude", 1)) for pattern in patterns))


def _without(excluded: Reasons, tree: Tree) -> Tree:
    return tree.without(lambda path: excluded.match(path) is not None) if excluded.items else tree


def nested_projects(tree: Tree) -> list[str]:
    """The topmost directories of a tree, each with its "/", that hold a layout of their own."""
    layouts = {*NAMES}
    directories = [each.path for each in tree.root.walk() if not layouts.isdisjoint(each.files)]
    topmost: list[str] = []
    for directory in sorted(filter(None, directories)):
        if not topmost or not directory.startswith(topmost[-1]):
            topmost.append(directory)
    return topmost


def _add_nested(openings: dict[Path, _Opening], ground: _Ground, directory: str) -> bool:
    """Adds a nested project, all of it; False where its layout is not on disk, as in a sparse checkout."""
    name = _layout_in(ground, directory)
    if name is None:
        return False
    opening = _Opening(ground, directory, (ground.shelf, directory + name))
    openings.setdefault(ground.root / directory, opening).shown.add("")
    return True


def _change(ground: _Ground, prefix: str, everything: Tree, layout: Layout | None) -> Change | None:
    """What was changed in a project; None if that is not asked, or if its own layout was."""
    if ground.changes is None:
        return None
    added, other = ({path.rstrip("/") for path in paths} for paths in ground.changes)
    if layout and any(ground.label(path) in layout.files for path in added | other):
        return None
    paths = frozenset(path.rstrip("/") for path in (*everything.files, *everything.opaque))
    from structlint.checking.changed import Change

    return Change(paths, _inside(added, prefix), _inside(other, prefix))


def _inside(paths: Collection[str], prefix: str) -> frozenset[str]:
    return frozenset(path[len(prefix) :] for path in paths if path.startswith(prefix))


def _notes(project: Project, nested: Collection[str], absent: Iterable[str]) -> Iterator[str]:
    yield from project.tree.notes
    for name in absent:
        yield f"{name} has a layout that is not on disk here, so it was not checked"
    if not project.files() and not nested:
        where = " or ".join(quote(project.prefix + shown or "./") for shown in sorted(project.shown))
        yield f"there is no file to look at in {where}"


def _with_own_files(project: Project, opening: _Opening, named: str | None) -> Project:
    """A project that knows which of its files are layouts, of whatever project, and which its baseline."""
    read = _inside(opening.ground.read, opening.prefix)
    kept = project.root / BASELINE
    if named:
        kept = Path(os.path.realpath(Path(named).parent), Path(named).name)
    path = kept.relative_to(project.root).as_posix() if kept.is_relative_to(project.root) else ""
    return project._replace(own=frozenset({*read, *NAMES, BASELINE, path}), baseline=path)
