"""Finds the repositories, or plain directories, that contain the requested directories."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

from structlint.checking.request import NAMES, refuse_contradictions
from structlint.errors import CannotCheck, Unread
from structlint.markdown import is_document
from structlint.text.paths import ancestors
from structlint.text.quoting import in_backticks, quote
from structlint.text.system_paths import relative_to
from structlint.tree import Tree, holds
from structlint.tree.access import mode_at, real_place
from structlint.tree.scan import changes_below, repository_root, scan, start_scan
from structlint.tree.sources import WorkTreeFiles, read_file

if TYPE_CHECKING:
    from structlint.checking.request import Request
    from structlint.layout.source import LayoutSource
    from structlint.tree.git.diff import Changes


# Keys in the configuration of another tool called structlint.
OTHER_TOOL_KEYS = rb"""(?m)^(?:\xef\xbb\xbf)?["']?(dir_structure|file_naming_pattern)["']? *:"""

_MOST_LINKS = 40  # where Linux gives up


class Checkout:
    """A repository, or a directory outside git, from which a tree and its layouts are read.

    `name` is the name of its root in output, "" unless there are several. `stored` is the name of the tree
    if it is not the one on disk. `changed` returns the changes; it returns None without
    `--changed`. `read` collects the layouts that were read.
    """

    def __init__(
        self,
        root: Path,
        begun: Callable[[], Tree],
        name: str = "",
        stored: str = "",
        changed: Callable[[], Changes | None] = lambda: None,
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
        """The tree, computed once. Layouts on disk are read while git is still listing the files."""
        if self._unread:
            raise self._unread
        try:
            return self.begun()
        except Unread as error:
            self._unread = error
            raise

    @cached_property
    def changes(self) -> Changes | None:
        """The result of `changed`. The tree must be read first, because that shows that git works."""
        return self.changed()

    @cached_property
    def base(self) -> Tree:
        """The tree that the changes started from. Raises `TreeError`."""
        assert self.changes
        return scan(self.root, rev=self.changes.base)

    @cached_property
    def layout_source(self) -> LayoutSource:
        """The layouts in the tree."""
        from structlint.layout.source import LayoutSource

        return LayoutSource(self._content, self.label, self._shows, files=lambda: self.files)

    @property
    def files(self) -> Iterable[str]:
        """The paths of all files."""
        return self.tree.files

    def _content(self, path: str) -> bytes:
        data = own_layout(self.content(path), path, self.label(path))
        self.read.add(path)
        return data

    def content(self, path: str) -> bytes:
        """The content of a layout, in the tree or on disk. Raises `FileNotFoundError` or `TreeError`."""
        if not self.stored:
            try:
                return read_layout(self.root, path, self.label(path))
            except FileNotFoundError:
                pass  # a sparse checkout may omit it
        return self.tree.source.read(path)

    def file(self, path: str) -> bytes:
        """The content of a file, in the tree or on disk. Raises `FileNotFoundError` or `TreeError`."""
        return self.tree.source.read(path) if self.stored else read_file(self.root, path)

    def _shows(self, path: str, named: bool) -> bool:
        """Whether messages may quote a layout: it must be in git or, on disk, not ignored by git."""
        real = _real_path(self.root, path)
        if self.stored or (named and real == path):
            return True
        from structlint.tree.scan import ignored_here

        return not ignored_here(self.root, [real])

    def label(self, path: str) -> str:
        return quote(self.name + path)

    def passed(self, layouts: Collection[str]) -> frozenset[str]:
        """The paths of layouts with some labels, the links on the way to their files, and these files."""
        read = [path for path in self.read if self.label(path) in layouts]
        return frozenset(read if self.stored else (on for path in read for on in _passed(self.root, path)))

    def has(self, path: str) -> bool:
        """Whether a file exists at this path; on disk, an ignored one counts too."""
        return holds(self.tree.files, path) if self.stored else os.path.lexists(self.root / path)


def _real_path(root: Path, path: str) -> str:
    """A path below a root, with all links resolved."""
    return relative_to(os.path.realpath(root / path), os.path.realpath(root))


def _passed(root: Path, path: str) -> Iterator[str]:
    """A path below a root, the links on the way to what it stands for, and that path."""
    yield from (path, _real_path(root, path))
    for _ in range(_MOST_LINKS):
        link = next((on for on in (*ancestors(path), path) if (root / on).is_symlink()), None)
        if link is None:
            return
        yield link
        target = (root / link).parent / (root / link).readlink()
        path = relative_to(os.path.normpath(f"{target}/{path[len(link) :]}"), str(root))


def read_layout(root: Path, path: str, label: str) -> bytes:
    """The content of a layout on disk, as `read_file` returns it.

    Also raises `CannotCheck` if the name is not that of a layout, as in `.git/config` or a link to it.
    """
    from structlint.layout import is_layout

    content, real = read_file(root, path), _real_path(root, path)
    if not is_layout(real):
        link = f" is a link to {quote(real)}, which" if real != path else ""
        raise CannotCheck(f"{label}{link} does not have the name of a layout")
    return content


class DiskCheckout(Checkout):
    """A checkout on disk from which only the layouts are read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, lambda: Tree((), WorkTreeFiles(root, ())))

    @property
    def files(self) -> Iterable[str]:
        """The paths of all files, which are needed only for a pattern in `extends`."""
        return scan(self.root).files


def locate(path: str) -> tuple[Path, int]:
    """The real path of a path that a user gave, and its mode, which is 0 if the path does not exist.

    Raises `CannotCheck` for a path that cannot be resolved, and `FileNotFoundError` if the current directory
    no longer exists.
    """
    try:
        place = real_place(path)
        return place, mode_at(place)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise CannotCheck(f"{quote(path)}: {getattr(error, 'strerror', None) or error}") from None


def requested_directory(path: str, request: Request) -> Path:
    """The real path of a requested directory; with `--rev` it need not exist on disk."""
    if not path:
        raise CannotCheck("the name of the directory to check is empty")
    place, mode = locate(path)
    if mode and not S_ISDIR(mode):
        raise CannotCheck(f"{in_backticks(path)} is a file; give the directory that contains it")
    if not mode and request.rev is None:
        base = f"; to give --changed a base, write --changed={quote(path)}" if request.changed else ""
        raise CannotCheck(f"no such directory: {in_backticks(path)}{base}")
    return place


def checkouts(places: list[Path], request: Request, ends: ExitStack) -> list[Checkout]:
    """The checkout of each place; places in one repository share one."""
    if request.paths_from:
        from structlint.tree.path_list import listed_tree

        name, data = request.paths_from
        listed = listed_tree(data, places[0], name)
        return [Checkout(places[0], lambda: listed, changed=partial(_changes, places[0], request))]
    roots = [root_of(place, request) for place in places]
    stored = "the index" if request.tracked else f"the revision {quote(request.rev)}" if request.rev else ""
    known: dict[Path, Checkout] = {}
    for root in dict.fromkeys(roots):
        asked = _asked(root, request, ends, alone=len({*roots}) == 1)
        known[root] = Checkout(
            root, asked, _name(root, [*request.among, *roots]), stored, partial(_changes, root, request)
        )
    return [known[root] for root in roots]


def repositories_of(request: Request) -> list[Request]:
    """A request for each repository that contains paths of a request, in the order of their roots.

    Their reports use the same names as a report on the whole request. A repository that cannot be read has
    its own request. Raises `CannotCheck` for a path that is not a directory.
    """
    refuse_contradictions(request)
    roots: dict[Path, list[str]] = {}
    unknown: list[str] = []
    for path in dict.fromkeys(request.paths) if not request.paths_from else ():
        directory = requested_directory(path, request)
        try:
            roots.setdefault(root_of(directory, request), []).append(path)
        except CannotCheck:
            unknown.append(path)
    if len(roots) + len(unknown) < 2:
        return [request]
    groups = [*(tuple(paths) for _, paths in sorted(roots.items())), *((path,) for path in unknown)]
    return [request._replace(paths=paths, among=tuple(roots)) for paths in groups]


def _asked(root: Path, request: Request, ends: ExitStack, *, alone: bool) -> Callable[[], Tree]:
    """A function that returns the tree of a root."""
    tracked, rev, gitignore = request.tracked, request.rev, request.gitignore
    if alone:
        return start_scan(root, ends, tracked=tracked, rev=rev, gitignore=gitignore)
    # Several are read one after the other, because each keeps processes and files open.
    return partial(scan, root, tracked=tracked, rev=rev, gitignore=gitignore)


def _changes(root: Path, request: Request) -> Changes | None:
    return None if request.changed is None else changes_below(root, request.changed)


def root_of(place: Path, request: Request) -> Path:
    """The root of the repository that contains a place; outside git, the root of the project."""
    there = next(parent for parent in (place, *place.parents) if parent.is_dir())
    if root := repository_root(there):
        return root
    if request.config:
        above = Path(os.path.realpath(request.config)).parent
        return above if place.is_relative_to(above) else place
    if request.layout:
        return place
    return next((directory for directory in (place, *place.parents) if _has_layout(directory)), place)


def _has_layout(directory: Path) -> bool:
    return any(os.path.lexists(directory / name) for name in NAMES)


def _name(root: Path, roots: Sequence[Path]) -> str:
    """The name of a root if several are checked: its path relative to their common parent."""
    if len(set(roots)) == 1:
        return ""
    try:
        common = os.path.commonpath(roots)
    except ValueError:
        raise CannotCheck("these directories are on different drives; check them one by one") from None
    name = root.relative_to(common).as_posix()
    return "" if name == "." else f"{name}/"


def path_in(place: Path, checkout: Checkout) -> str:
    """The path of a place relative to the root of its checkout, "" or with a trailing "/"."""
    if place == checkout.root:
        return ""
    path = place.relative_to(checkout.root).as_posix() + "/"
    if checkout.stored and not any(
        file.startswith(path) for file in (*checkout.tree.files, *checkout.tree.opaque)
    ):
        raise CannotCheck(f"no such directory: {in_backticks(path)} in {checkout.stored}")
    return path


def own_layout(data: bytes, path: str, label: str) -> bytes:
    """The content of a layout. Raises `CannotCheck` for the configuration of another tool."""
    if not is_document(path) and (key := re.search(OTHER_TOOL_KEYS, data)):
        problem = f"is the configuration of another tool called structlint (it has the key {key[1].decode()})"
        raise CannotCheck(f"{label} {problem}; keep the layout in another file and name it with --config")
    return data
