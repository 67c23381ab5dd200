"""The notes of `check`, including those for `--verbose`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from stat import S_ISDIR
from typing import TYPE_CHECKING

from structlint.checking.project import not_read
from structlint.checking.request import NAMES, NOT_READ
from structlint.report.wording import count
from structlint.text.paths import parents
from structlint.text.quoting import in_backticks, quote, shell_word
from structlint.tree import holds
from structlint.tree.scan import ignored_here

if TYPE_CHECKING:
    from pathlib import Path

    from structlint.checking.project import Project
    from structlint.cli.console import CommandConsole
    from structlint.layout.model import Layout
    from structlint.ports.model import PortScan

MOST_UNREAD = 5  # unreadable paths that notes list
_MOST_IGNORED = 5  # ignored paths that a note lists


def details_of(projects: list[Project]) -> Iterator[str]:
    for project in projects:
        where = quote(project.prefix or "./")
        layouts = ", ".join(project.layout.files) if project.layout else "none"
        yield f"{where}: {project.origin}; layouts read: {layouts}"
        for file, reading in project.layout.documents.items() if project.layout else ():
            yield from (f"{file}:{line}: {remark}" for line, remark in reading.remarks)


def notes_on(
    projects: Sequence[Project],
    rules: frozenset[str],
    console: CommandConsole,
    *,
    tracked: bool = False,
    isolated: bool = False,
) -> Iterator[str]:
    for project in projects:
        yield from project.notes
        if project.layout is None and isolated:
            yield f"--isolated without --layout ran only the rules that don't need one: {_without_need()}"
        elif project.layout is None:
            yield from _not_added(project) if tracked else ()
            yield from _without_layout(project, console)
        else:
            yield from _of_layout(project, project.layout)
            yield from _of_unopened(project)
            yield from _of_uncounted(project, tracked=tracked)
            yield from _of_undecided(project)
            yield from _of_unseen(project)
            if "dangling-reference" in rules:
                yield from _of_references(project)
        if "port-conflict" in rules:
            yield from _of_ports(project)
    if not rules:
        yield "No rule is selected"


def _not_added(project: Project) -> Iterator[str]:
    """Notes a layout that is on disk but not in git's index, if the index is checked."""
    for name in NAMES:
        if (project.root / name).is_file():
            path = project.prefix + name
            force = "-f " * bool(ignored_here(project.root, [name]))
            add = in_backticks(f"git add {force}{shell_word(path)}")
            yield f"{in_backticks(path)} is not in git's index; add it with {add}"


def _of_layout(project: Project, layout: Layout) -> Iterator[str]:
    """Notes on a layout, in addition to its findings."""
    for reading in layout.documents.values():
        yield from reading.notes
    if layout.is_silent:
        yield f"`{layout.name}` requires nothing; only rules that don't need a layout apply"
    if ignored := project.survey.ignored:
        shown = ", ".join(quote(project.prefix + one.path) for one in ignored[:_MOST_IGNORED])
        left = f" and {len(ignored) - _MOST_IGNORED} more" * (len(ignored) > _MOST_IGNORED)
        verb = "is" if len(ignored) == 1 else "are"
        file = ignored[0].origin.file
        yield f"{shown}{left} {verb} drawn in {file}, but ignored by git; not required"


def _of_unopened(project: Project) -> Iterator[str]:
    """Required files that exist but cannot be opened."""
    names = [quote(project.prefix + path) for path in project.unopened() if project.shows(path)]
    for name in names[:MOST_UNREAD]:
        yield f"{name} is required, but cannot be opened; make it readable"
    if len(names) > MOST_UNREAD:
        yield f"{len(names) - MOST_UNREAD:,} more required files cannot be opened"


def _of_uncounted(project: Project, *, tracked: bool) -> Iterator[str]:
    """Missing paths that exist on disk, but that git ignores or that are not in the checked index."""
    if not (project.on_disk or tracked):
        return
    there = [path for path in _missing_on_disk(project) if project.shows(path)]
    ignored = ignored_here(project.root, [path.rstrip("/") for path in there]) if there else ()
    notes = []
    for path in there:
        name = in_backticks(project.prefix + path)
        if path.rstrip("/") in ignored:
            notes.append(f"{name} exists, but git ignores it, so it counts as missing")
        elif tracked and (project.root / path).is_file():
            add = in_backticks(f"git add {shell_word(project.prefix + path)}")
            notes.append(f"{name} exists, but is not in git's index; add it with {add}")
    yield from notes[:_MOST_IGNORED]
    if len(notes) > _MOST_IGNORED:
        yield f"{len(notes) - _MOST_IGNORED:,} more missing paths exist on disk"


def _missing_on_disk(project: Project) -> Iterator[str]:
    """The missing paths that exist on disk. Paths below a symbolic link are left out."""
    for one in project.survey.missing:
        for path in one.alternatives if not (one.near_miss or one.link) else ():
            above = (project.root / directory for directory in parents(path) if directory)
            if _is_there(project.root / path, path.endswith("/")) and not any(map(os.path.islink, above)):
                yield path


def _is_there(place: Path, directory: bool) -> bool:
    """Whether a directory, or anything else, exists at a place; links are not followed."""
    try:
        return S_ISDIR(os.lstat(place).st_mode) is directory
    except (OSError, ValueError):
        return False


def _of_unseen(project: Project) -> Iterator[str]:
    """Nested repositories in which the layout requires paths."""
    paths = [path for path in dict.fromkeys(project.survey.unseen) if project.shows(path)]
    for path in paths[:MOST_UNREAD]:
        name = quote(project.prefix + path)
        if path in project.survey.tree.repositories:
            yield f"`{name}` is a separate repository and was not checked; check it separately"
        else:
            yield f"`{name}` is a link to a directory that was not checked; check it separately"
    if len(paths) > MOST_UNREAD:
        yield f"{len(paths) - MOST_UNREAD:,} more repositories were not checked"


def _of_undecided(project: Project) -> Iterator[str]:
    """Directories that are not read although a condition depends on their contents."""
    from structlint.matching.contents import alternatives

    undecided = {
        undecided.path: undecided.asked
        for undecided in project.survey.undecided
        if project.shows(undecided.path)
    }
    for path, asked in list(undecided.items())[:MOST_UNREAD]:
        yield (
            f"`{quote(project.prefix + path)}` was not read, "
            f"so it is unknown whether it contains {alternatives(asked)} ({asked.place})"
        )
    if len(undecided) > MOST_UNREAD:
        yield f"{len(undecided) - MOST_UNREAD:,} more directories were not read"


def _of_references(project: Project) -> Iterator[str]:
    """The Dockerfiles of `references` that were not checked."""
    if project.layout is None or not project.layout.references:
        return
    from structlint.matching.path_references import unknown_contexts

    unknown = unknown_contexts(project.survey) if project.layout and project.layout.references else ()
    for path in [path for path in unknown if project.shows(path)][:MOST_UNREAD]:
        name = in_backticks(project.prefix + path)
        yield f"The build context of {name} is unknown, so the paths that it copies were not checked"


def _of_ports(project: Project) -> Iterator[str]:
    """Ports that could not be read. A variable is noted only if its value could cause a conflict."""
    from structlint.matching.port_files import port_files

    files = port_files(project.survey)
    if not files.paths:
        return
    sighted = files.published
    assigned = project.layout is not None and bool(project.layout.ports)
    compared = assigned or len(sighted.on_hosts) + len(sighted.unresolved) > 1
    problems = [*sighted.problems, *(sighted.unresolved if compared else ())]
    for problem in sorted(problems):
        yield f"{quote(project.prefix + problem.file)}:{problem.line}: {problem.message}"
    if project.layout is not None and not project.layout.together.items:
        yield from _of_shared_ports(project, sighted)


def _of_shared_ports(project: Project, scan: PortScan) -> Iterator[str]:
    """The first port of compose projects in many directories, which conflict if they run on one machine."""
    from structlint.ports.together import shared_apart

    shared = {
        number: places
        for number, places in shared_apart(scan).items()
        if any(project.shows(place.file) for place in places)
    }
    for number, places in list(shared.items())[:1]:
        files = [in_backticks(project.prefix + place.file) for place in places[:2]]
        others = f" (and {count(len(shared) - 1, 'other port')})" if len(shared) > 1 else ""
        yield (
            f"Compose files in {len(places):,} directories publish port {number}{others}, such as "
            f"{' and '.join(files)}; if they run on one machine, list them under `together` in `ports`"
        )


def _without_layout(project: Project, console: CommandConsole) -> Iterator[str]:
    """Notes on a missing layout, with the bundled layouts that fit. Finding them takes a moment."""
    where = f" for {in_backticks(project.prefix)}" if project.prefix else ""
    yield f"No structlint.yaml found{where}; ran only the rules that don't need one: {_without_need()}"
    for other in NOT_READ:
        if holds(project.tree.files, other):
            yield not_read(project.prefix + other)
    if console.quiet or not project.files():
        return
    from structlint.suggest.choice import choose, described

    path = shell_word(project.prefix.rstrip("/") or ".")
    choices = choose(project.tree)
    if not choices:
        yield none_fits(path)
        yield f"To infer a layout from its files, run: structlint init {path}"
        return
    fits, one, all_ = ("layout fits", "it", "it") if len(choices) == 1 else ("layouts fit", "one", "them")
    yield f"These files show which bundled {fits}: {described(choices)}"
    yield f"To try {one}, run: structlint check {path} --layout {choices[-1].name}"
    yield f"To adopt {all_}, run: structlint init {path}"


def none_fits(path: str) -> str:
    """The sentence for a repository whose kind no bundled layout describes."""
    hint = f"To try `any`, run: structlint check {path} --layout any"
    return f"No bundled layout fits this kind of repository. {hint}"


def _without_need() -> str:
    """The rules that need no layout."""
    from structlint.rules import RULES, name_of

    return ", ".join(name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT)
