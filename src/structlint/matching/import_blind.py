"""Finds rules in a layout's `imports` that cannot apply to any import, so that they would have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from structlint.errors import LayoutError, Problem
from structlint.finding import Place as LinePlace
from structlint.imports.graph import has_imports
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import Entry
from structlint.layout.import_rules import ImportRules, Side, Target
from structlint.matching.import_sides import Place, Sides
from structlint.matching.survey import Survey
from structlint.text.quoting import quote, shortened
from structlint.text.records import Record
from structlint.text.suggestions import nearest

_MOST_COMPARED = 10_000  # directories to search for a suggestion


class BlindSpot(Record):
    """A name in `imports` without effect: the reason, the hint and the place."""

    text: str
    place: LinePlace
    message: str
    hint: str = "correct the path, or remove it from `imports`"
    directory: str = ""


def blind_spots(survey: Survey, sides: Sides, roots: Sides) -> list[BlindSpot]:
    """The blind spots in the rules of the user's own layout.

    Extended layouts are left out, because they cannot know the directories of a repository or its
    languages. Raises `LayoutError` for a path that does not exist, and for a directory in two layers.
    """
    rules = survey.layout.import_rules
    if rules is None or survey.layout.name in BUNDLED:
        return []
    search = _Search(survey, rules, sides, roots)
    spots = list(search.spots())
    if problems := [*search.missing, *search.in_two_layers()]:
        raise LayoutError(problems)
    return spots


class _Search:
    """The search for blind spots. `missing` are the paths that do not exist."""

    def __init__(self, survey: Survey, rules: ImportRules, sides: Sides, roots: Sides) -> None:
        self._survey = survey
        self._rules = rules
        self._sides = sides
        self._roots = roots
        self._paths = [path for path in survey.tree.files if path not in survey.tree.links]
        self.missing: list[Problem] = []

    def spots(self) -> Iterator[BlindSpot]:
        for side in filter(self._is_own, self._sides.sides):
            paths = [place.prefix for place in self._matched.get(side, ())]
            shut = next((path for path in paths if path in self._survey.tree.opaque), "")
            if shut:
                yield _blind(side, "is not read", shut)
            elif paths and side not in self._readable:
                yield _blind(side, "contains no files in a supported language", paths[0])
            elif not paths and not self._notes_missing(side):
                yield _blind(side, "matches nothing")
        for side in filter(self._is_own, self._roots.sides):
            known = (directory.path for directory in self._survey.directories)
            matched = (place.side for path in known for place in self._roots.of(path))
            if side not in matched and not self._notes_missing(side):
                yield BlindSpot(
                    side.text, side.place, f"{_name(side)} matches nothing; no import begins there"
                )
        for rule in filter(None, self._rules.never.values()):
            for target in filter(None, rule.targets.values()):
                yield from self._directory_as_module(target)

    def in_two_layers(self) -> Iterator[Problem]:
        """The directories that match two layers equally well, so that the order is contradictory."""
        layers = [side for line in self._rules.layers or () for side in line]
        reported: set[Side] = set()
        first: dict[str, Side] = {}
        for side in layers:
            for place in self._matched.get(side, ()):
                other = first.setdefault(place.prefix, side)
                if other != side and side not in reported and self._is_own(side):
                    reported.add(side)
                    where = f"{_name(other)}, line {other.place.line}, and {_name(side)}"
                    yield _at(
                        side.place, f"`{quote(place.prefix)}` is in two layers: {where}; keep one of them"
                    )

    def _is_own(self, side: Side) -> bool:
        return side.place.file == self._survey.layout.name

    @cached_property
    def _matched(self) -> dict[Side, list[Place]]:
        """The directories and files that each side matches."""
        by_side: dict[Side, list[Place]] = {}
        directories = (directory.path for directory in self._survey.directories if directory.path)
        for path in [*directories, *self._files_alone]:
            for place in self._sides.of(path):
                if place.prefix == path:
                    by_side.setdefault(place.side, []).append(place)
        return by_side

    @property
    def _files_alone(self) -> list[str]:
        """All files, if one of the sides is a file."""
        alone = any(not path.steps[-1].directory for side in self._sides.sides for path in side.paths)
        return self._paths if alone else []

    @cached_property
    def _readable(self) -> set[Side]:
        """The sides with a file whose imports can be read."""
        places = {self._sides.of(path) for path in self._paths if has_imports(path)}
        return {place.side for own in places for place in own}

    def _notes_missing(self, side: Side) -> bool:
        """Records the directory in which a side begins, or its file, if it does not exist.

        A path that the tree of the layout lists is not recorded, because another rule reports it.
        """
        steps = side.paths[0].steps if len(side.paths) == 1 else ()
        plain = next((number for number, step in enumerate(steps) if step.exact is None), len(steps))
        path = "".join(f"{step.exact}/" if step.directory else f"{step.exact}" for step in steps[:plain])
        known = (
            {directory.path for directory in self._survey.directories} if path.endswith("/") else self._paths
        )
        if not path or path in known or self._is_listed(side, plain):
            return False
        what = "directory" if path.endswith("/") else "file"
        meant = nearest(path, [other for other in sorted(known)[:_MOST_COMPARED] if other])
        hint = f"did you mean `{quote(meant)}`?" if meant else "write a path from the root of the project"
        self.missing.append(_at(side.place, f"no such {what}: `{shortened(path)}`; {hint}"))
        return True

    def _is_listed(self, side: Side, count: int) -> bool:
        """Whether the layout's tree lists the first steps of a side."""
        listed = [self._survey.layout.root]
        for step in side.paths[0].steps[:count]:
            children = (child for entry in listed for child in entry.children.values())
            listed = [
                child
                for child in children
                if child.key.directory == step.directory and _fits(child, step.exact or "")
            ]
        return bool(listed)

    def _directory_as_module(self, target: Target) -> Iterator[BlindSpot]:
        """An external module with the name of a directory with source files, or of a file."""
        if target.side is not None or target.place.file != self._survey.layout.name:
            return
        message = f"`{shortened(target.name)}` is read as an external module"
        slashed = target.name.replace(".", "/")
        directory = next(
            (f"{path}/" for path in (target.name, slashed) if f"{path}/" in self._with_source), ""
        )
        file = next((self._stems[path] for path in (target.name, slashed) if path in self._stems), "")
        if directory:
            hint = f"write `{quote(directory)}` for the directory"
            yield BlindSpot(target.name, target.place, message, hint)
        elif file:
            hint = f"write `{quote(file)}` for the file"
            yield BlindSpot(target.name, target.place, message, hint)
        elif has_imports(target.name) and target.name in self._paths:
            yield BlindSpot(target.name, target.place, message, "move the file into a directory")

    @cached_property
    def _stems(self) -> dict[str, str]:
        """The source files by their paths without the extension; not `chart.js`, which could be a module."""
        sources = (
            path for path in self._paths if has_imports(path) and ("/" in path or path.endswith(".py"))
        )
        return {path.rpartition(".")[0]: path for path in sources}

    @cached_property
    def _with_source(self) -> set[str]:
        """The directories with source files at any depth."""
        return {
            path[: at + 1]
            for path in self._paths
            if has_imports(path)
            for at, letter in enumerate(path)
            if letter == "/"
        }


def _blind(side: Side, why: str, directory: str = "") -> BlindSpot:
    message = f"{_name(side)} {why}, so its imports are not checked"
    return BlindSpot(side.text, side.place, message, directory=directory)


def _name(side: Side) -> str:
    return f"`{shortened(side.text)}`"


def _fits(entry: Entry, name: str) -> bool:
    if entry.key.any_depth:
        return bool(entry.key.path_placeholder)  # it matches any directory; a `**/` lists none
    return any(member.match(name, lambda slot, value: True) is not None for member in entry.key.members)


def _at(place: LinePlace, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, message)
