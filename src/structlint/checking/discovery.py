"""Finds the layout that applies to a directory: the one given with an option, or the nearest one."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.checking.checkout import OTHER_TOOL_KEYS, DiskCheckout, own_layout, read_layout, root_of
from structlint.checking.request import BASELINE, NAMES, NOT_READ, Request, refuse_contradictions
from structlint.errors import CannotCheck
from structlint.filesystem import place_of
from structlint.layout.bundled import BUNDLED
from structlint.markdown import is_document
from structlint.text.paths import parent, upwards
from structlint.text.quoting import in_backticks, quote
from structlint.text.records import Record
from structlint.text.suggestions import suggestion
from structlint.tree import holds
from structlint.tree.scan import repository_root

if TYPE_CHECKING:
    from structlint.checking.checkout import Checkout
    from structlint.layout.model import Layout
    from structlint.layout.source import LayoutSource
    from structlint.tree import Tree


class AppliedLayout(Record):
    """A layout and the directory that it applies to; `prefix` is the directory's path in the repository."""

    root: Path
    prefix: str
    layout: Layout
    own: frozenset[str]


def layouts_for(place: Path, config: str | None, layout: str | None) -> list[AppliedLayout]:
    """The layout that applies to a directory, and those of the enclosing projects, the nearest one first.

    A layout given with an option is the only one. Raises `CannotCheck` as `layout_for` does.
    """
    applied = [layout_for(place, config, layout)]
    while applied[-1].prefix and not (config or layout):
        above = _applied(applied[-1].root.parent, Request())
        if above is None:
            break
        applied.append(above)
    return applied


def layout_for(place: Path, config: str | None, layout: str | None) -> AppliedLayout:
    """The layout that applies to a directory, which need not exist. No tree is read.

    With `layout`, the root is the current directory, as for `check --layout`, regardless of the directory.
    Raises `CannotCheck` if no layout applies, and the same errors as `open_projects`.
    """
    request = Request(paths=(str(place),), config=config, layout=layout)
    refuse_contradictions(request)
    if layout:
        place, given = Path(os.path.realpath(".")), place
        if not given.is_relative_to(place):
            problem = (
                f"{in_backticks(str(given))} is not in the current directory, which --layout makes the root"
            )
            raise CannotCheck(f"{problem}; run structlint in the root of the project")
    there = next(parent for parent in (place, *place.parents) if parent.is_dir())
    if applied := _applied(there, request):
        return applied
    hint = "give a path in a project that has one"
    if there.is_relative_to(os.path.realpath(".")):
        hint = "create one with `structlint init`"
    raise CannotCheck(f"no structlint.yaml found for {in_backticks(str(place))}; {hint}")


def _applied(there: Path, request: Request) -> AppliedLayout | None:
    """The layout that applies to an existing directory; None if none does."""
    checkout = DiskCheckout(root_of(there, request))
    path = "" if there == checkout.root else there.relative_to(checkout.root).as_posix() + "/"
    prefix, file = _project_at(checkout, path, request)
    if file is None:
        return None
    prefix = path if prefix is None else prefix
    return AppliedLayout(checkout.root / prefix, prefix, load_layout(*file), frozenset({*NAMES, BASELINE}))


class Opening:
    """A project to check, with the file of its layout, if it has one, and the directories to report on."""

    def __init__(self, checkout: Checkout, prefix: str, layout: tuple[LayoutSource, str] | None) -> None:
        self.checkout = checkout
        self.prefix = prefix
        self.layout = layout
        self.shown: set[str] = set()


def add_opening(openings: dict[Path, Opening], checkout: Checkout, path: str, request: Request) -> None:
    """Adds the project that contains a path, and adds the path to the directories to report on."""
    prefix, layout = _project_at(checkout, path, request)
    if prefix is None:
        above = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
        prefix = next(
            (enclosing for enclosing in ("", *above) if checkout.root / enclosing in openings), path
        )
    opening = openings.setdefault(checkout.root / prefix, Opening(checkout, prefix, layout))
    opening.shown.add(path[len(prefix) :])


def _project_at(
    checkout: Checkout, path: str, request: Request
) -> tuple[str | None, tuple[LayoutSource, str] | None]:
    """The root of the project that contains a path (None: the path itself) and the file of its layout."""
    if request.documents or request.loaded:
        return None, None
    if request.layout in BUNDLED:
        from structlint.layout.source import BUNDLED_SOURCE

        return None, (BUNDLED_SOURCE, f"{request.layout}.yaml")
    if option := request.config or request.layout:
        source, file = _file(option, checkout)
        above = parent(file)
        encloses = request.config and source is checkout.layout_source and path.startswith(above)
        return (above if encloses else None), (source, file)
    if request.isolated:
        return None, None
    for directory in upwards(path):
        if name := _layout_in(checkout, directory):
            return directory, (checkout.layout_source, directory + name)
    from structlint.checking.pyproject import FILE, named_layout

    named = named_layout(checkout) if checkout.has(FILE) else None
    if request.paths_from and not named:
        _refuse_layout_above(checkout.root)
    return ("" if named else None), named


def _refuse_layout_above(directory: Path) -> None:
    """Raises `CannotCheck` if the directory of listed paths is in a project, but is not its root."""
    root = root_of(directory, Request())
    path = f"{directory.relative_to(root).as_posix()}/"
    prefix, file = _project_at(DiskCheckout(root), path, Request()) if directory != root else (None, None)
    if file:
        here, whole = (in_backticks(os.path.relpath(each)) for each in (directory, root / (prefix or "")))
        raise CannotCheck(
            f"{here} is in a project, but is not its root; with --paths-from, give {whole} as PATH, "
            "and list paths relative to it"
        )


def _layout_in(checkout: Checkout, directory: str) -> str | None:
    """The name of the layout file in a directory, if there is one. Raises `CannotCheck` if there are two."""
    there = [name for name in NAMES if checkout.has(directory + name)]
    ours = [name for name in there if len(there) == 1 or not _is_another_tools(checkout, directory + name)]
    if len(ours) > 1:
        both = " and ".join(checkout.label(directory + name) for name in ours)
        raise CannotCheck(f"{both} both exist; keep one of them")
    return next(iter(ours or there), None)


def _is_another_tools(checkout: Checkout, path: str) -> bool:
    try:
        return re.search(OTHER_TOOL_KEYS, checkout.content(path)) is not None
    except FileNotFoundError:
        return False


def _file(name: str, checkout: Checkout) -> tuple[LayoutSource, str]:
    """The source of the file given with an option: the checkout that contains it, or the disk."""
    _refuse_unknown_layout(name)
    if name in BUNDLED and not os.path.lexists(name):
        raise CannotCheck(
            f"no such file: {in_backticks(name)}; for the bundled layout, use `--layout {name}`"
        )
    file = Path(os.path.realpath(Path(name).parent)) / Path(name).name
    if file.is_relative_to(checkout.root):
        path = file.relative_to(checkout.root).as_posix()
        if checkout.stored and not checkout.has(path):
            raise CannotCheck(f"no such file in {checkout.stored}: {in_backticks(path)}")
        return checkout.layout_source, path
    if place_of(name, [checkout.root], reading=True)[0].guarded:
        raise CannotCheck(
            f"{quote(name)} is reached through a link that leads out of the repository; "
            "move the layout into the repository, or give its real path"
        )
    return outside_source(name, file)


def named_source(name: str) -> tuple[LayoutSource, str]:
    """The source of the layout given with an option. Raises `CannotCheck`."""
    if name in BUNDLED:
        from structlint.layout.source import BUNDLED_SOURCE

        return BUNDLED_SOURCE, f"{name}.yaml"
    _refuse_unknown_layout(name)
    return outside_source(name, Path(os.path.realpath(Path(name).parent)) / Path(name).name)


def outside_source(name: str, file: Path) -> tuple[LayoutSource, str]:
    """The source of a layout outside the checked repository."""
    top = repository_root(file.parent) or file.parent

    def label(path: str) -> str:
        return quote(os.path.normpath(Path(name).parent / os.path.relpath(top / path, file.parent)))

    from structlint.layout.source import LayoutSource

    def read(path: str) -> bytes:
        return own_layout(read_layout(top, path, label(path)), path, label(path))

    source = LayoutSource(read, label)
    return source, file.relative_to(top).as_posix()


def _refuse_unknown_layout(name: str) -> None:
    from structlint.layout import NAMED, is_layout

    looks_like_a_file = "/" in name or os.sep in name or name.lower().endswith((".yaml", ".yml"))
    looks_like_a_file |= is_document(name)
    if not looks_like_a_file and not os.path.lexists(name) and name not in BUNDLED:
        raise CannotCheck(f"unknown layout {in_backticks(name)}; {suggestion(name, BUNDLED)}")
    if Path(name).is_dir():
        raise CannotCheck(f"{in_backticks(name)} is a directory; give the layout file in it")
    if not is_layout(Path(name).name) and (name not in BUNDLED or os.path.lexists(name)):
        raise CannotCheck(f"{in_backticks(name)} does not have the name of a layout; {NAMED}")


def load_layout(source: LayoutSource, path: str, exclude: tuple[str, ...] = ()) -> Layout:
    from structlint.layout.load import load

    return load(source, path, exclude)


def nested_projects(tree: Tree, misnamed: list[str] | None = None) -> list[str]:
    """The topmost directories of a tree that have their own layout, each with a trailing "/".

    Files in other directories that are likely meant to be layouts are added to `misnamed`.
    """
    layouts, alike = {*NAMES}, {*NAMES, *NOT_READ}
    directories = [directory for directory in tree.root.walk() if not alike.isdisjoint(directory.files)]
    directories = sorted((one for one in directories if one.path), key=lambda one: one.path)
    topmost: list[str] = []
    for directory in directories:
        if topmost and directory.path.startswith(topmost[-1]):
            continue
        if not layouts.isdisjoint(directory.files):
            topmost.append(directory.path)
        elif misnamed is not None:
            misnamed += (directory.path + name for name in NOT_READ if holds(directory.files, name))
    return topmost


def add_nested(openings: dict[Path, Opening], checkout: Checkout, directory: str) -> None:
    """Adds a whole nested project. In a sparse checkout, its layout may be only in the index."""
    in_tree = (name for name in NAMES if holds(checkout.tree.files, directory + name))
    name = _layout_in(checkout, directory) or next(in_tree)
    opening = Opening(checkout, directory, (checkout.layout_source, directory + name))
    openings.setdefault(checkout.root / directory, opening).shown.add("")
