"""Compares the imports of a tree with the layout's `imports`. They are read once for all rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.errors import Unread
from structlint.imports.endings import COMPONENTS, JAVASCRIPT
from structlint.imports.graph import Imports, is_types_only
from structlint.imports.model import Confirmed, Import, Language, Target, Targets, Unseen, line_of
from structlint.matching.import_blind import blind_spots
from structlint.matching.import_judge import Broken, Judge
from structlint.matching.import_sides import Places, Sides
from structlint.matching.survey import Survey
from structlint.text.paths import parent
from structlint.text.quoting import shortened
from structlint.text.records import Record

_MOST_STATEMENTS = 1_000  # of a file that is read statement by statement
_MOST_KNOWN = 100_000  # cached statements


class WrongImport(Record):
    """An import that a rule of the layout forbids: its place, its target and the reason."""

    path: str
    line: int
    target: Target
    broken: Broken


class ImportCheck:
    """The imports of a survey's tree. `wrong` has those that violate a rule, `unseen` the unchecked ones."""

    def __init__(self, survey: Survey) -> None:
        """Raises `LayoutError` for a path that does not exist, and for a directory in two layers."""
        self._survey = survey
        assert survey.layout.import_rules
        self._rules = survey.layout.import_rules
        self.sides = Sides(self._rules.sides, survey.layout.names)
        self.judge = Judge(self._rules)
        files, links = survey.tree.files, survey.tree.links
        self._paths = [path for path in files if path not in links] if links else files
        roots = Sides(self._rules.roots, survey.layout.names)
        directories = (directory.path for directory in survey.directories) if self._rules.roots else ()
        self.imports = Imports(
            self._paths,
            survey.tree.read,
            [path for path in directories if any(place.prefix == path for place in roots.of(path))],
        )
        self.unseen: list[Unseen] = []
        self._aliases: dict[str, list[tuple[str, Import]]] = {}
        self._statements: dict[tuple[str, bytes], Sequence[Import]] = {}
        self._context: tuple[str, Places] = "", ()  # a directory where `_harmless` is valid
        self._harmless: set[bytes] = set()
        self._seen = self._look()
        survey.tree.source.expect(self.restricted)
        self.wrong = [wrong for path, language in self._seen for wrong in self._in_file(path, language)]
        self.unseen += [*self.imports.files.unseen, *self._unresolved()]
        self.blind = blind_spots(survey, self.sides, roots)

    @property
    def restricted(self) -> list[str]:
        """The paths of the files whose imports a rule restricts."""
        return [path for path, _ in self._seen]

    def refuse_unread(self) -> None:
        """Raises `Unread` if a file that is needed cannot be read."""
        if unread := self.imports.files.unread:
            raise Unread({self._survey.named(path): why for path, why in unread.items()})

    def _look(self) -> list[tuple[str, Language]]:
        """The files whose imports a rule restricts.

        A file is in the same places as its directory, unless a side is a file.
        """
        restricts, of = self.judge.restricts, self.sides.of
        if self.sides.with_files:
            paths = [path for path in self._paths if restricts(of(path))]
        else:
            above = [path[: path.rfind("/") + 1] for path in self._paths]
            inside = {directory for directory in {*above} if restricts(of(directory))}
            both = zip(self._paths, above, strict=True)
            paths = [path for path, directory in both if directory in inside]
        named = ((path, self.imports.language(path)) for path in paths)
        return [(path, language) for path, language in named if language]

    def _in_file(self, path: str, language: Language) -> Iterator[WrongImport]:
        """The wrong imports of a file, each target once."""
        data = self.imports.files.data(path)
        if not data or self._is_harmless(path, language, data):
            return
        wrong: list[tuple[Import, Target, Broken]] = []
        for imported in self.imports.scan(path, language, data):
            targets = language.resolve(path, imported)
            for target in targets:
                if target.alias:
                    self._aliases.setdefault(target.alias, []).append((path, imported))
            if first := self._wrong(path, language, targets):
                wrong.append((imported, targets[0], first))
        if wrong:
            yield from self._confirmed(path, language, data, wrong)

    def _is_harmless(self, path: str, language: Language, data: bytes) -> bool:
        """Whether no statement of a file violates a rule. False if the file must be read as a whole."""
        statements = language.statements(data)
        if statements is None or len(statements) > _MOST_STATEMENTS:
            return False
        context = parent(path), self.sides.of(path)
        if context != self._context:
            self._context, self._harmless = context, set()
        for statement in statements:
            if statement in self._harmless:
                continue
            for imported in self._imports_of(language, statement):
                targets = language.resolve(path, imported)
                if self._wrong(path, language, targets) or any(target.alias for target in targets):
                    return False
            self._harmless.add(statement)
        return True

    def _imports_of(self, language: Language, statement: bytes) -> Sequence[Import]:
        """The possible imports in a statement, which may occur in several files."""
        key = language.name, statement
        known = self._statements.get(key)
        if known is None:
            if len(self._statements) > _MOST_KNOWN:
                self._statements.clear()
            known = self._statements[key] = tuple(language.scan(statement))
        return known

    def _wrong(self, path: str, language: Language, targets: Targets) -> Broken | None:
        """The violated rule, if an import violates one with each of its possible targets."""
        own = self.sides.of(path)
        first = None
        for target in targets:
            broken = self._broken(own, target, language.separator)
            if broken is None:
                return None
            first = first or broken
        return first

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
            message = "cannot be parsed; lines that look like imports count as imports"
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
        """The aliases that cannot be resolved, each with the first import that uses it."""
        for alias, imports in self._aliases.items():
            lines = ((path, self._line(path, imported)) for path, imported in imports)
            path, line = next((place for place in lines if place[1]), ("", 0))
            if line:
                message = (
                    f"`{shortened(alias)}` does not resolve to a file; imports through it are not checked"
                )
                is_script = path.endswith((*JAVASCRIPT, *COMPONENTS))
                hint = "add it to `paths` of `tsconfig.json`" if is_script else "write the path"
                yield Unseen(path, line, message, hint, alias)

    def _line(self, path: str, imported: Import) -> int:
        """The line of an import, 0 if it only looks like one."""
        data = self.imports.files.data(path)
        language = self.imports.language(path)
        confirmed = language.confirm(path, data, [imported.at]) if language else None
        if confirmed is None:
            return line_of(data, imported.at)
        return confirmed[imported.at].line if imported.at in confirmed else 0


def import_check(survey: Survey) -> ImportCheck:
    """The imports of a survey's tree."""
    return survey.once(ImportCheck)
