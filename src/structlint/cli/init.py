"""`structlint init`: a first structlint.yaml, from a bundled layout, the repository itself or a document."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

import click

from structlint.checking.checkout import locate
from structlint.checking.discovery import nested_projects
from structlint.checking.request import BASELINE, NAMES
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.init_changes import Proposals, show_changes
from structlint.cli.options import SETTINGS, Command, common_options
from structlint.cli.output import output_target, standard_output, tops_of
from structlint.errors import CannotCheck, LayoutError
from structlint.text.enumerations import every
from structlint.text.quoting import in_backticks, quote, shell_word
from structlint.tree import Tree
from structlint.tree.scan import Commit, last_commit_of
from structlint.yaml_nodes import MapNode

if TYPE_CHECKING:
    from structlint.matching.coverage import Coverage

_MOST_LISTED = 20
_MOST_PASSED = 5
_MOST_TO_DECIDE = 10


@dataclass(frozen=True)
class _Written:
    """The text of a layout, and the notes on it.

    `why` is also in the header of the text. `left` is the number of findings that need a decision.
    """

    text: str
    last: str
    more: tuple[str, ...] = ()
    left: int = 0
    why: tuple[str, ...] = ()


@click.command(
    "init",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Write a first structlint.yaml.",
)
@click.argument("path", default=".", required=False)
@click.option(
    "-l",
    "--layout",
    "layouts",
    multiple=True,
    metavar="NAME",
    help="Build on this bundled layout. Repeatable.",
)
@click.option("--bare", is_flag=True, help="Do not build on a bundled layout; list everything.")
@click.option("--infer", is_flag=True, hidden=True)
@click.option("--from", "document", metavar="DOC", help="Use the trees drawn in a document.")
@click.option(
    "-o",
    "--output-file",
    metavar="FILE|-",
    help="Write to FILE instead of PATH/structlint.yaml; - prints it.",
)
@common_options
@click.pass_context
def command(
    context: click.Context,
    path: str,
    layouts: tuple[str, ...],
    bare: bool,
    infer: bool,
    document: str | None,
    output_file: str | None,
) -> int:
    """Write a first structlint.yaml for the project in PATH.

    The layout extends the bundled layouts that fit the repository, and adds conventions learned from its
    files: what similar directories share, how files are named, and where they belong. With --from, the
    layout is the tree that a document draws. No file is ever overwritten: if a layout exists, the
    differences from it are printed.

    \b
    Examples:
      structlint init                           write structlint.yaml
      structlint init -o -                      print it only
      structlint init --layout microservices    build on this bundled layout
      structlint init --from docs/STRUCTURE.md  from a drawn tree
    """
    console = console_of(context)
    if sum((bool(layouts), bare, document is not None)) > 1:
        raise CannotCheck("--layout, --bare and --from cannot be used together; use one of them")
    if infer:
        console.say("note: --infer has no effect; `init` always learns from the repository")
    place = _directory(path)
    known = _known_layout(path) if output_file is None else None
    target = None if output_file == "-" or known else _free(output_file, path)
    if target is not None:
        with output_target(str(target), tops_of([place])):
            pass  # raises an error before the repository is analyzed
    if document is not None:
        written = _from_document(document, place, console)
    else:
        written = _learned(_tree(place), layouts, bare=bare)
    if known is not None:
        commit = None if document is not None else last_commit_of(place, known.name)
        proposals = _proposals(place, written.text, commit, layouts, bare=bare)
        return show_changes(known, proposals, console)
    if target is None:
        standard_output().write(written.text)
    else:
        _create(target, written.text, place)
    _say(console, written, target, path)
    return 0


def _learned(tree: Tree, layouts: Sequence[str], *, bare: bool) -> _Written:
    from structlint.layout.bundled import BUNDLED
    from structlint.suggest.choice import choose
    from structlint.text.suggestions import suggestion

    if not (tree.files or layouts):
        raise CannotCheck("no files found, so no layout can be chosen; name a bundled one with --layout")
    if bare:
        names, why = [], ["It does not build on a bundled layout."]
    elif layouts:
        if unknown := [name for name in layouts if name not in BUNDLED]:
            raise CannotCheck(f"unknown layout {in_backticks(unknown[0])}; {suggestion(unknown[0], BUNDLED)}")
        names, why = list(dict.fromkeys(layouts)), [f"It builds on {every(layouts)}, as requested."]
    elif choices := choose(tree):
        names, why = (
            [choice.name for choice in choices],
            ["It builds on", *(f"  {choice}" for choice in choices)],
        )
    else:
        names, why = ["base"], ["It builds on base; no other bundled layout describes this repository."]
    return _with_ports(_proposed(tree, names, why), tree)


def _proposals(
    place: Path, now: str, commit: Commit | None, layouts: Sequence[str], *, bare: bool
) -> Proposals:
    """The layout proposed now and, if a commit contains files, the one proposed for that commit."""
    if commit:
        with suppress(CannotCheck):
            return Proposals(now, _learned(_tree(place, commit.name), layouts, bare=bare).text, commit)
    return Proposals(now)


def _known_layout(path: str) -> Path | None:
    """The existing layout of a directory; None if there is none."""
    known = (Path(path) / name for name in NAMES)
    return next((file for file in known if file.is_file() and not file.is_symlink()), None)


def _say(console: CommandConsole, written: _Written, target: Path | None, path: str) -> None:
    if target is not None:
        console.say(f"wrote {quote(str(target))}")
    # A printed layout contains the reasons in its header.
    for line in (*(written.why if target is not None else ()), *written.more, written.last):
        console.say(line)
    if target is not None:
        config = "" if target.name in NAMES else f" --config {shell_word(str(target))}"
        command = f"structlint check {shell_word(path if config else str(target.parent))}{config}"
        if written.left > _MOST_TO_DECIDE:
            console.say(f"next: {command} --update-baseline, which accepts these {written.left:,} findings")
        else:
            console.say(f"next: {command}")


# --- Paths


def _directory(path: str) -> Path:
    """The directory of the new layout, with links resolved."""
    place, mode = locate(path)
    if path and S_ISDIR(mode):
        return place
    if path and mode:
        raise CannotCheck(f"{in_backticks(path)} is a file; give the directory of the project")
    raise CannotCheck(f"no such directory: {in_backticks(path)}")


def _free(output_file: str | None, path: str) -> Path:
    """The path of the new layout. Raises `CannotCheck` if a layout exists."""
    target = Path(path) / NAMES[0] if output_file is None else Path(output_file)
    taken = [target.parent / name for name in NAMES] if target.name in NAMES else [target]
    for file in taken:
        if _is_there(file):
            see = "; print it with `-o -`, or write it elsewhere with -o FILE"
            raise CannotCheck(
                f"{in_backticks(str(file))} already exists, and `init` never overwrites a file{see}"
            )
    return target


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError as error:
        raise CannotCheck(f"{quote(str(path))}: {error}") from None


def _tree(place: Path, rev: str | None = None) -> Tree:
    """The files of the project, now or in a revision, except structlint's own and nested projects' files."""
    from structlint.tree.scan import repository_root, scan

    root = repository_root(place) or place
    tree = scan(root, rev=rev)  # all of it: what is ignored here may be said above
    if place != root:
        tree = tree.below(place.relative_to(root).as_posix() + "/")
    own = {*NAMES, BASELINE}
    return tree.without(own).closing(nested_projects(tree))


def _create(target: Path, text: str, place: Path) -> None:
    """Writes a new file completely or not at all. It never replaces a file, even one created meanwhile."""
    with output_target(str(target), tops_of([place])) as (directory, path):
        directory.create(path, text.encode())


# --- Contents


def _proposed(tree: Tree, names: Sequence[str], why: Sequence[str]) -> _Written:
    """A layout that extends these bundled layouts, with the conventions of the repository."""
    from structlint.suggest.infer import infer
    from structlint.yaml_nodes.writer import write

    inferred = infer(tree, names)
    header = ["Written by `structlint init`. Edit it as needed.", *why]
    if any(" of " in remark for remark in inferred.remarks.values()):
        header.append("A comment such as `19 of 21` shows how many follow the entry below it.")
    unread = [f"{path}: {why}" for path, why in inferred.unread.items()]
    more = list(_list("warning: cannot read; `check` fails until these can be read", unread))
    if inferred.passed:
        shown = [f"{quote(path.path)} ({path.why})" for path in inferred.passed]
        more.append(f"skipped; not added to the layout: {_some(shown)}")
    if inferred.tolerated:
        added = _some(list(map(quote, inferred.tolerated)))
        more.append(f"added as optional, because no bundled layout lists them: {added}")
    more += _list("loosened", inferred.loosened)
    if inferred.accepted:
        more.append(f"exceptions to conventions, listed under `ignore`: {inferred.accepted}")
    more += _list("needs your decision", list(map(str, inferred.outliers)))
    text = write(inferred.layout, header, inferred.remarks)
    return _Written(text, _checked(inferred.coverage), tuple(more), len(inferred.outliers), tuple(why))


def _some(shown: Sequence[str]) -> str:
    """The first few strings, and the number of the others."""
    more = [f"and {len(shown) - _MOST_PASSED} more"] * (len(shown) > _MOST_PASSED)
    return ", ".join([*shown[:_MOST_PASSED], *more])


def _checked(result: Coverage) -> str:
    """The number of checked directories, and the open ones."""
    total = len(result.directories)
    if not total:
        return "checked: the root; there are no other directories"
    opened = [quote(path) for path in result.open_tops]
    shown = f"; any name is allowed in {_some(opened)}" if opened else ""
    return f"checked: {result.checked:,} of {total:,} {'directory' if total == 1 else 'directories'}{shown}"


def _with_ports(written: _Written, tree: Tree) -> _Written:
    """A layout with the published ports of the services in the tree."""
    from structlint.layout.edit import with_ports
    from structlint.layout.model import Layout
    from structlint.matching import match
    from structlint.matching.port_registry import port_registry

    added, left = port_registry(match(Layout(""), tree)).undeclared()
    if not added:
        return written
    if 2 * len(left) > len(added):  # examples or variants of a system, not parts of it
        number = f"{len(left)} of {len(added) + len(left)} services"
        message = f"{number} share a port with another: these are several systems, or variants of one"
        return replace(written, more=(*written.more, *_list("`ports` left out", [message])))
    text = with_ports(written.text.encode(), NAMES[0], added).decode()
    return replace(written, text=text, more=(*written.more, *_list("services left out of `ports`", left)))


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines[:_MOST_LISTED])
        if len(lines) > _MOST_LISTED:
            yield f"  and {len(lines) - _MOST_LISTED:,} more; list them with `structlint check`"


def _from_document(document: str, place: Path, console: CommandConsole) -> _Written:
    """The layout drawn in a document, with repeated parts combined."""
    from structlint.cli.tree_source import document_content
    from structlint.layout.load import load
    from structlint.layout.source import LayoutSource
    from structlint.suggest.fold import fold_siblings
    from structlint.yaml_nodes.writer import write

    data = document_content(document, place)
    label = quote(document)
    tree = _tree(place)
    reading = load(LayoutSource(lambda path: data, lambda path: label), document).documents[label]
    for remark in reading.remarks:
        console.detail(f"{label}:{remark.line}: {remark.text}")
    name = _named_from(document, place)
    header = [
        f"Written by `structlint init --from` from the tree in {name}.",
        "Edit it as needed.",
    ]
    text = write(fold_siblings(_here(reading.layout, tree, document, place)), header)
    _must_load(text)
    last = f"read from {label}; structlint now checks this layout, not the document"
    return _Written(text, last, tuple(f"note: {note}" for note in reading.notes))


def _here(layout: MapNode, tree: Tree, document: str, place: Path) -> MapNode:
    """The layout of a document, adapted: paths that git ignores are optional, and the document is listed."""
    from structlint.suggest.from_document import drawn_paths, optional_where, with_document

    drawn = layout.get("tree")
    assert isinstance(drawn, MapNode)
    adapted = optional_where(drawn, tree.source.would_ignore(list(drawn_paths(drawn))))
    file = Path(os.path.realpath(document))
    if file.parent == place:
        adapted = with_document(adapted, file.name)
    return layout._replace(
        items=tuple((key, adapted if node is drawn else node) for key, node in layout.items)
    )


def _named_from(document: str, place: Path) -> str:
    """The name of a document in the layout: its path in the repository, or its file name."""
    file = Path(os.path.realpath(document))
    return quote(file.relative_to(place).as_posix() if file.is_relative_to(place) else file.name)


def _must_load(text: str) -> None:
    """Makes sure that the text is a valid layout before it is written; an invalid one is a bug."""
    from structlint.layout.load import load
    from structlint.layout.source import LayoutSource

    data = text.encode()
    try:
        load(LayoutSource(lambda path: data), NAMES[0])
    except LayoutError as error:
        raise AssertionError(f"what was read does not load as YAML: {error}\n{text}") from None
