"""Compares the imports of a tree with the layout's `imports`. They are read once for all rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from structlint.errors import LayoutError, Problem, Unread
from structlint.finding import Place as LinePlace
from structlint.imports.endings import COMPONENTS, JAVASCRIPT
from structlint.imports.graph import Imports, has_imports, is_types_only
from structlint.imports.model import Confirmed, Import, Language, Target, Unseen, line_of
from structlint.layout.bundled import BUNDLED
from structlint.layout.entry import Entry
from structlint.layout.import_rules import Side
from structlint.matching.import_judge import Broken, Judge
from structlint.matching.import_sides import Places, Sides
from structlint.matching.survey import Survey
from structlint.text.quoting import quote, shortened
from structlint.text.suggestions import nearest

_MOST_COMPARED = 10_000  # directories to compare with a misspelled one


class WrongImport(NamedTuple):
    """An import that a rule of the layout forbids: where it is, what it leads to, and why it is wrong."""

    path: str
    line: int
    target: Target
    broken: Broken


class ImportCheck:
    """The imports of a survey's tree. `wrong` are those that break a rule, `unseen` what was not checked."""

    def __init__(self, survey: Survey) -> None:
        """Raises `LayoutError` for a path in the rules that does not exist."""
        self._survey = survey
        assert survey.layout.import_rules
        self._rules = survey.layout.import_rules
        self.sides = Sides(self._rules.sides, survey.layout.names)
        self.judge = Judge(self._rules)
        self._paths = [path for path in survey.tree.files if path not in survey.tree.links]
        roots = Sides(self._rules.roots, survey.layout.names)
        directories = (directory.path for directory in survey.directories) if self._rules.roots else ()
        self.imports = Imports(
            self._paths,
            survey.tree.read,
            [path for path in directories if any(place.prefix == path for place in roots.of(path))],
        )
        self.unseen: list[Unseen] = []
        self._aliases: dict[str, tuple[str, Import]] = {}
        self._seen = self._look()
        self.wrong = [wrong for path, language in self._seen for wrong in self._in_file(path, language)]
        self.unseen += [*self.imports.files.unseen, *self._unresolved()]
        assert self.blind is not None  # raises for a path that does not exist

    def refuse_unread(self) -> None:
        """Raises `Unread` if a file that is needed cannot be read."""
        if unread := self.imports.files.unread:
            raise Unread({self._survey.named(path): why for path, why in unread.items()})

    def _look(self) -> list[tuple[str, Language]]:
        """The files whose imports a rule restricts."""
        named = ((path, self.imports.language(path)) for path in self._paths)
        return [
            (path, target) for path, target in named if target and self.judge.restricts(self.sides.of(path))
        ]

    def _in_file(self, path: str, language: Language) -> Iterator[WrongImport]:
        """The wrong imports of a file, each target once."""
        data = self.imports.files.data(path)
        own = self.sides.of(path)
        wrong: list[tuple[Import, Target, Broken]] = []
        for imported in self.imports.scan(path, language, data):
            targets = language.resolve(path, imported)
            for target in targets:
                if target.alias:
                    self._aliases.setdefault(target.alias, (path, imported))
            broken = [self._broken(own, target, language.separator) for target in targets]
            if broken and all(broken) and (first := broken[0]):
                wrong.append((imported, targets[0], first))
        if wrong:
            yield from self._confirmed(path, language, data, wrong)

    def _broken(self, own: Places, target: Target, separator: str) -> Broken | None:
        if target.path:
            return self.judge.inside(own, self.sides.of(target.path))
        return self.judge.outside(own, target.module, separator) if target.module else None

    def _confirmed(
        self, path: str, language: Language, data: bytes, wrong: Sequence[tuple[Import, Target, Broken]]
    ) -> Iterator[WrongImport]:
        places = {imported.at for imported, _, _ in wrong}
        confirmed = language.confirm(path, data, sorted(places))
        if confirmed is None:
            message = "cannot be parsed; what looks like an import counts as one"
            self.unseen.append(Unseen(path, 1, message))
            confirmed = {at: Confirmed(line_of(data, at)) for at in places}
        without_types = self._rules.types == "allowed"
        reported: set[tuple[str, str]] = set()
        for imported, target, broken in wrong:
            known = confirmed.get(imported.at)
            if known is None or (without_types and (known.types_only or is_types_only(path))):
                continue
            which = target.path, broken.module
            if which not in reported:
                reported.add(which)
                yield WrongImport(path, known.line, target, broken)

    def _unresolved(self) -> Iterator[Unseen]:
        for alias, (path, imported) in self._aliases.items():
            line = line_of(self.imports.files.data(path), imported.at)
            message = f"`{shortened(alias)}` does not lead to a file; what is imported by it is not checked"
            hint = (
                "add it to `paths` of `tsconfig.json`"
                if path.endswith((*JAVASCRIPT, *COMPONENTS))
                else "write the path"
            )
            yield Unseen(path, line, message, hint)

    # --- Rules that see nothing

    @cached_property
    def blind(self) -> list[tuple[Side, str, str]]:
        """The sides of the user's own layout without readable imports: the side, a directory or "", and why.

        Layouts that are extended are left out: they cannot know which directories a repository has, nor the
        languages. Raises `LayoutError` for a plain path that does not exist.
        """
        unmatched = []
        missing = []
        name = self._survey.layout.name
        for side in self.sides.sides if name not in BUNDLED else ():
            if side.place.file != name:
                continue
            directories = self._matched.get(side, [])
            shut = [path for path in directories if path in self._survey.tree.opaque]
            if shut:
                unmatched.append((side, shut[0], "is not looked into"))
            elif directories and side not in self._readable:
                unmatched.append((side, directories[0], "has no file in a language whose imports are read"))
            elif not directories and side.is_plain and not self._is_listed(side):
                missing.append(self._missing(side))
            elif not directories:
                unmatched.append((side, "", "matches nothing"))
        if missing:
            raise LayoutError(missing)
        return unmatched

    @cached_property
    def _matched(self) -> dict[Side, list[str]]:
        """The directories and files that each side stands for."""
        by_side: dict[Side, list[str]] = {}
        for path in [
            *(directory.path for directory in self._survey.directories if directory.path),
            *self._files_alone,
        ]:
            for place in self.sides.of(path):
                if place.prefix == path:
                    by_side.setdefault(place.side, []).append(path)
        return by_side

    @property
    def _files_alone(self) -> list[str]:
        """All files, if one of the sides is a file."""
        alone = any(not path.steps[-1].directory for side in self.sides.sides for path in side.paths)
        return self._paths if alone else []

    @cached_property
    def _readable(self) -> set[Side]:
        """The sides with a file whose imports can be read."""
        places = {self.sides.of(path) for path in self._paths if has_imports(path)}
        return {place.side for own in places for place in own}

    def _is_listed(self, side: Side) -> bool:
        """Whether the layout's tree lists the path of a side; another rule reports it if it is missing."""
        listed = [self._survey.layout.root]
        for step in side.paths[0].steps:
            name = step.exact or ""
            children = (child for entry in listed for child in entry.children.values())
            listed = [
                child for child in children if child.key.directory == step.directory and _fits(child, name)
            ]
        return bool(listed)

    def _missing(self, side: Side) -> Problem:
        what = "directory" if side.paths[0].steps[-1].directory else "file"
        known = [directory.path for directory in self._survey.directories[:_MOST_COMPARED] if directory.path]
        meant = nearest(side.text, known if what == "directory" else self._paths[:_MOST_COMPARED])
        hint = f"did you mean `{quote(meant)}`?" if meant else "write a path from the root of the project"
        return _at(side.place, f"there is no {what} `{shortened(side.text)}`; {hint}")


def _fits(entry: Entry, name: str) -> bool:
    if entry.key.any_depth:
        return bool(entry.key.path_placeholder)  # it stands for any directory; a `**/` lists none
    return any(member.match(name, lambda slot, value: True) is not None for member in entry.key.members)


def _at(place: LinePlace, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, message)


def import_check(survey: Survey) -> ImportCheck:
    """The imports of a survey's tree."""
    return survey.once(ImportCheck)
