"""The imports of the files of a tree, in all languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from structlint.imports.endings import COMPONENTS, DOTNET, GO, JAVASCRIPT, PYTHON
from structlint.imports.files import SourceFiles
from structlint.imports.model import Import, Intricate, Language, Read

MOST_IMPORTS = 20_000  # in a file; only a text made to slow structlint down has more

_MANIFEST = "/package.json"


class Imports:
    """The files of a tree, each with its language. A language is loaded when its first file is read."""

    def __init__(self, paths: Collection[str], read: Read, roots: Sequence[str] = ()) -> None:
        """`read` returns the content of a path. Absolute Python imports also start in `roots`."""
        self.files = SourceFiles(paths, read)
        self._roots = roots

    def language(self, path: str) -> Language | None:
        """The language of a file by its name; None if its imports cannot be read."""
        if path.endswith(PYTHON):
            return self._python
        if path.endswith(JAVASCRIPT):
            return self._javascript[0]
        if path.endswith(COMPONENTS):
            return self._javascript[2]
        if path.endswith(GO):
            return self._go
        if path.endswith(DOTNET):
            return self._dotnet
        return self._javascript[1] if f"/{path}".endswith(_MANIFEST) else None

    def scan(self, path: str, language: Language, data: bytes) -> Iterator[Import]:
        """The possible imports in a file. If it is not read completely, `files.unseen` has a note."""
        try:
            for number, imported in enumerate(language.scan(data)):
                if number == MOST_IMPORTS:
                    self.files.note(path, f"it has more than {MOST_IMPORTS:,} imports", "some imports")
                    return
                yield imported
        except Intricate:
            self.files.note(path, "it takes too long to read", "some imports")

    @cached_property
    def _python(self) -> Language:
        from structlint.imports.python import Python
        from structlint.imports.python_modules import PythonModules

        return Python(PythonModules(self.files, self._roots))

    @cached_property
    def _javascript(self) -> tuple[Language, Language, Language]:
        """The languages of source files, manifests and components, which share their data."""
        from structlint.imports.components import Components
        from structlint.imports.javascript import JavaScript
        from structlint.imports.javascript_modules import JavaScriptModules
        from structlint.imports.packages import PackageManifest, Packages
        from structlint.imports.paths import Paths

        paths = Paths(self.files)
        packages = Packages(self.files, paths)
        modules = JavaScriptModules(self.files, packages, paths)
        return JavaScript(modules), PackageManifest(packages), Components(modules)

    @cached_property
    def _go(self) -> Language:
        from structlint.imports.golang import Go

        return Go(self.files)

    @cached_property
    def _dotnet(self) -> Language:
        from structlint.imports.dotnet import DotNet

        return DotNet(self.files)


def is_types_only(path: str) -> bool:
    """Whether the name of a file is that of a type declaration file."""
    return path.endswith((".pyi", ".d.ts", ".d.mts", ".d.cts"))


def has_imports(path: str) -> bool:
    """Whether the name of a file is that of source code; an npm manifest only has dependencies."""
    return path.endswith((*PYTHON, GO, *JAVASCRIPT, *COMPONENTS, *DOTNET))
