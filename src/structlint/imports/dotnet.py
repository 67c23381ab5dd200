"""The references of .NET projects, see https://learn.microsoft.com/visualstudio/msbuild/common-msbuild-project-items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from posixpath import normpath

from structlint.imports.endings import DOTNET
from structlint.imports.files import SourceFiles
from structlint.imports.model import Confirmed, Import, Target, Targets, by_line
from structlint.text.paths import parent

_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCE = re.compile(
    rb"<(Project|Package)Reference\b[^<>]*?\bInclude\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')", re.IGNORECASE
)
_PACKAGE = "package"


class DotNet:
    """.NET projects, with references to projects and packages."""

    name = ".NET"
    separator = "."

    def __init__(self, files: SourceFiles) -> None:
        self._files = files

    def scan(self, data: bytes) -> Iterator[Import]:
        data = _COMMENT.sub(lambda comment: b" " * len(comment[0]), data)
        for match in _REFERENCE.finditer(data):
            written = match[2] if match[2] is not None else match[3]
            kind = _PACKAGE if match[1].lower() == b"package" else ""
            names = filter(None, map(str.strip, written.decode("utf-8", "replace").split(";")))
            yield from (Import(name, kind, match.start()) for name in names)

    def statements(self, data: bytes) -> None:
        return None

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed]:
        return by_line(data, places)

    def resolve(self, path: str, imported: Import) -> Targets:
        """The project or package that a reference names."""
        if imported.name == _PACKAGE:
            return (Target("", imported.module),)
        written = imported.module.replace("\\", "/")
        if written.startswith("$(MSBuildThisFileDirectory)"):
            written = written.removeprefix("$(MSBuildThisFileDirectory)")
        if "$(" in written or "*" in written:
            return (Target("", imported.module, alias=imported.module),)
        leads = normpath(parent(path) + written)
        if leads.startswith(("../", "/")):
            return ()
        return (Target(self._spelled(leads), imported.module),)

    def _spelled(self, path: str) -> str:
        """A path as the tree spells it, because Windows file systems ignore case."""
        if path in self._files.paths:
            return path
        return self._by_lower_case.get(path.lower(), path)

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        return {path.lower(): path for path in self._files.paths if path.endswith(DOTNET)}
